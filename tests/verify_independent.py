"""A second verifier of inspection packages, written from docs/FORMAT.md alone with Python's standard library;
Ed25519 is openssl's. It checks signatures, files, leaves, tree, completeness, payloads and consistency; rules and
reports are bihuan-verify's.

    verify_independent.py PACKAGE.zip VKEY         one verdict
    verify_independent.py --test --bin DIR         makes packages, accepts them, and rejects 100 altered ones each
"""
import argparse
import base64
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile

READS = {"weekly": {"appeal", "enterprise", "supervisor", "supervisor-report", "plan", "task"},
         "closed-loop": {"appeal", "enterprise"}, "ratings": {"appeal", "enterprise"},
         "supervision": {"supervisor", "supervisor-report"}, "plan": {"plan", "task"}}
WIDTH = 256


class Wrong(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Wrong(why)


def sha(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha(b"\1" + left + right)


def root_of(hashes):
    """RFC 6962: split at the largest power of two below the size."""
    if not hashes:
        return sha(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(root_of(hashes[:split]), root_of(hashes[split:]))


# --- Signed notes ---

def ed25519(public_key, message, signature):
    """openssl reads from files only: the key as DER, RFC 8410."""
    with tempfile.TemporaryDirectory() as where:
        paths = {}
        for name, data in (("key", bytes.fromhex("302a300506032b6570032100") + public_key),
                           ("message", message), ("signature", signature)):
            paths[name] = os.path.join(where, name)
            with open(paths[name], "wb") as file:
                file.write(data)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", paths["key"], "-rawin",
             "-in", paths["message"], "-sigfile", paths["signature"]], capture_output=True, check=False).returncode == 0


class Key:
    def __init__(self, vkey):
        self.name, self.id, key = vkey.split("+", 2)
        raw = base64.b64decode(key, validate=True)
        need(raw[0] == 1 and len(raw) == 33, "the verifier key is not of type 1")
        self.public = raw[1:]
        need(sha(self.name.encode() + b"\n" + raw)[:4].hex() == self.id, "the verifier key has another id")


def open_note(data, key):
    """The text of a note that the key signed."""
    split = data.rfind(b"\n\n")
    need(split >= 0 and data.endswith(b"\n"), "a note has no signatures")
    text, lines = data[:split + 1], data[split + 2:-1].decode().split("\n")
    signed = False
    for line in lines:
        mark, name, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        need(mark == "\u2014" and base64.b64encode(raw).decode() == signature, "a signature line is not of the form")
        if name == key.name and raw[:4].hex() == key.id:
            need(ed25519(key.public, text, raw[4:]), "the signature does not hold")
            signed = True
    need(signed, "the key has not signed the note")
    return text.decode()


def open_checkpoint(data, key):
    origin, size, root, rest = open_note(data, key).split("\n")
    need(rest == "" and origin == key.name and str(int(size)) == size, "the checkpoint is not of the form")
    return int(size), base64.b64decode(root, validate=True)


# --- The tree ---

def tile_name(level, number, width):
    digits = f"{number:03d}"
    while len(digits) % 3:
        digits = "0" + digits
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    path = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + ("" if width == WIDTH else f".p/{width}")


def width_of(level, number, size):
    """Of tile `number` in a tree of `size` leaves; 0: there is none."""
    hashes = size >> 8 * level
    return max(0, min(WIDTH, hashes - number * WIDTH))


def tree_root(size, tile):
    """From the partial tiles at the right edge; tile(level, number) gives hashes."""
    def full(start, count):  # the root of a subtree whose size is a power of two
        level = (count.bit_length() - 1) // 8
        per = 256 ** level
        hashes = tile(level, start // per // WIDTH)
        first = start // per % WIDTH
        need(first + count // per <= len(hashes), "a tile at the right edge is cut")
        return root_of(hashes[first:first + count // per])

    def walk(start, count):
        if count & (count - 1) == 0:
            return full(start, count)
        split = 1 << (count - 1).bit_length() - 1
        return node(full(start, split), walk(start + split, count - split))
    return walk(0, size)


def check_consistency(old, new, old_root, new_root, path):
    need(0 < old <= new, "the older tree is the larger one")
    if old == new:
        return need(not path and old_root == new_root, "one size has two roots")
    if old & (old - 1) == 0:
        path = [old_root] + path
    need(path, "the proof is empty")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for one in path[1:]:
        need(sn != 0, "the proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node(one, fr), node(one, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, one)
        fn, sn = fn >> 1, sn >> 1
    need(fr == old_root and sr == new_root and sn == 0, "the newer tree does not continue the older one")


# --- Records ---

def header(entry):
    """seq, stream and payload of a record's header."""
    need(len(entry) >= 78 and entry[0] == 1, "a header has another format")
    texts, at = [], 72
    for _ in range(6):
        need(at < len(entry), "a header is cut")
        end = at + 1 + entry[at]
        texts.append(entry[at + 1:end].decode())
        at = end
    need(at == len(entry), "a header does not end with its texts")
    return {"seq": int.from_bytes(entry[8:16], "little"), "kind": texts[0], "stream": f"{texts[0]}/{texts[1]}",
            "version": int.from_bytes(entry[32:36], "little"),
            "length": int.from_bytes(entry[36:40], "little"), "hash": entry[40:72]}


def entries_of(bundle):
    out, at = [], 0
    while at < len(bundle):
        need(at + 2 <= len(bundle), "a bundle is cut")
        end = at + 2 + int.from_bytes(bundle[at:at + 2], "big")
        need(end <= len(bundle), "a bundle is cut")
        out.append(bundle[at + 2:end])
        at = end
    return out


def payloads_of(data):
    """(mark, payload or None) of each record."""
    out, at = [], 0
    while at < len(data):
        need(at + 8 <= len(data), "a payload file is cut")
        length, mark, payload = int.from_bytes(data[at:at + 4], "little"), data[at + 4:at + 8], None
        at += 8
        if length != 0xFFFFFFFF:
            end = at + length
            payload, padding = data[at:end], data[end:end + -length % 8]
            need(len(payload) == length and padding == bytes(-length % 8), "a payload is cut or badly padded")
            at = end + -length % 8
        out.append((mark, payload))
    return out


def carried(manifest, record):
    if record["stream"] in manifest["withheld"]:
        return False
    if record["kind"] in ("calendar", "rules"):
        return True
    about = manifest["about"]
    if "report" in about:
        return record["kind"] == "department" or record["kind"] in READS[about["report"]["name"]]
    asked = (record["stream"] == about["stream"] if "stream" in about
             else about["range"][0] <= record["seq"] <= about["range"][1])
    return asked or record["stream"] in manifest["whole"]


# --- The package ---

def read_archive(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        need(len(set(names)) == len(names), "a name is there twice")
        return {name: archive.read(name) for name in names}


def check_files(files, key):
    manifest_bytes = files.get("MANIFEST.json", b"")
    text = open_note(files.get("MANIFEST.note", b""), key)
    digest = base64.b64encode(sha(manifest_bytes)).decode()
    need(text == f"bihuan-package 1\n{key.name}\n{digest}\n", "the manifest is not the one that was signed")
    manifest = json.loads(manifest_bytes)
    need(manifest["format"] == "bihuan-package 1" and manifest["origin"] == key.name, "another format or ledger")
    listed = {line["name"]: line for line in manifest["files"]}
    need(len(listed) == len(manifest["files"]), "the manifest lists a file twice")
    need(set(files) == set(listed) | {"MANIFEST.json", "MANIFEST.note"}, "files are missing or were added")
    for name, line in listed.items():
        need(len(files[name]) == line["size"] and sha(files[name]).hex() == line["sha256"], f"{name} was changed")
    return manifest


def check_bundle(manifest, files, number, width):
    """Leaves of one bundle; every header in its place, every payload the one that its header names."""
    name = tile_name("entries", number, width)
    entries = entries_of(files[name])
    payloads = payloads_of(files[name.replace("tile/entries/", "payloads/", 1)])
    need(len(entries) == len(payloads) == width, f"{name} has another number of records")
    leaves = []
    for place, (entry, (mark, payload)) in enumerate(zip(entries, payloads)):
        record = header(entry)
        leaves.append(sha(b"\0" + entry))
        need(record["seq"] == number * WIDTH + place + 1, f"{name}: a header is out of its place")
        need(mark == leaves[-1][:4], f"{name}: the mark of a payload is another")
        need(carried(manifest, record) == (payload is not None), f"{name}: a payload is missing or too many")
        if payload is not None:
            need(sha(payload) == record["hash"] and len(payload) == record["length"], f"{name}: a payload was changed")
    return leaves


def check_growth(files, name, size, root, key):
    """The consistency file leads from the first records to the package's checkpoint."""
    new_size, new_root = open_checkpoint(files["checkpoint"], key)
    hashes, note = files[name].split(b"\n\n", 1) if b"\n\n" in files[name] else (b"", b"")
    lines = hashes.decode().split("\n")
    need(lines[0] == f"old {size}" and note == files["checkpoint"], f"{name} is about something else")
    check_consistency(size, new_size, root, new_root,
                      [base64.b64decode(line, validate=True) for line in lines[1:] if line])


def open_loss(note, ledger):
    """Size and root of what the loss kept, the last record lost, and who accepted it."""
    lines = note[:note.rfind(b"\n\n") + 1].decode().split("\n")
    need(lines[0] == "bihuan-loss/v1" and lines[-1] == "" and len(lines) >= 11, "a loss is not of the form")
    need(all(line.startswith("by ") for line in lines[1:3]), "a loss does not name two keys")
    people = [Key(line[3:]) for line in lines[1:3]]
    need(len({key.public for key in people} | {ledger.public}) == 3, "a loss is not by two people")
    for key in people:
        open_note(note, key)
    need(all(line.startswith("damaged ") for line in lines[4:-7]), "a loss is not of the form")
    size, root = int(lines[-6]), base64.b64decode(lines[-5], validate=True)
    first, last = map(int, lines[3].removeprefix("lost ").split(".."))
    need(first == size + 1 <= last, "a loss does not say what is lost")
    return size, root, last, [key.name for key in people]


def check_losses(files, key):
    names = sorted(name for name in files if name.startswith("loss-") and "." not in name)
    need(names == [f"loss-{number + 1:04d}" for number in range(len(names))], "a loss is left out")
    losses = [open_loss(files[name], key) for name in names]
    proofs = {name for name in files if name.startswith("loss-")} - set(names)
    for place, (size, root, _, _) in enumerate(losses):
        if size and all(size <= later[0] for later in losses[place:]):
            proofs.remove(names[place] + ".consistency")
            check_growth(files, names[place] + ".consistency", size, root, key)
    need(not proofs, "a loss has a file too many")
    return losses


def verify(data, vkey):
    key = Key(vkey)
    files = read_archive(data)
    manifest = check_files(files, key)
    size, root = manifest["seq"], base64.b64decode(manifest["root"], validate=True)
    numbers = range((size + WIDTH - 1) // WIDTH)
    bundles = {}
    for number in numbers:
        width = width_of(0, number, size)
        if tile_name("entries", number, width) in files:
            bundles[number] = check_bundle(manifest, files, number, width)
    about = manifest["about"]
    wanted = numbers if "report" in about else []
    if "range" in about:
        wanted = range((about["range"][0] - 1) // WIDTH, (about["range"][1] - 1) // WIDTH + 1)
    need(set(wanted) <= set(bundles) and bundles, "bundles are missing")

    def tile(level, number):
        if level == 0 and number in bundles:
            return bundles[number]
        data = files[tile_name(level, number, width_of(level, number, size))]
        return [data[i:i + 32] for i in range(0, len(data), 32)]

    for number, leaves in bundles.items():
        level, below = 0, leaves
        while len(below) == WIDTH:  # a full tile is a hash of the one above it
            level, place, number = level + 1, number % WIDTH, number // WIDTH
            above = tile(level, number)
            need(above[place] == root_of(below), "a bundle or tile is not in the tree")
            below = above
    need(tree_root(size, tile) == root, "the tree has another root than the manifest")

    check_growth(files, "consistency", size, root, key)
    check_losses(files, key)
    return manifest


def holds(data, vkey):
    try:
        verify(data, vkey)
        return True
    except (Wrong, ValueError, KeyError, IndexError, TypeError, AssertionError, zipfile.BadZipFile, EOFError):
        return False


# --- The test ---

def archive_of(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def altered(files, numbers):
    """One byte of one file changed, cut or added; or a file gone, or two swapped. Never the same package."""
    files = dict(files)
    name = numbers.choice(sorted(files))
    how = numbers.choice(["flip", "flip", "flip", "cut", "add", "gone", "swap"])
    content = bytearray(files[name])
    if how == "flip":
        content[numbers.randrange(len(content))] ^= 1 << numbers.randrange(8)
    elif how == "cut":
        del content[numbers.randrange(len(content))]
    elif how == "add":
        content.insert(numbers.randrange(len(content) + 1), numbers.randrange(256))
    if how == "gone":
        del files[name]
    elif how == "swap":
        other = numbers.choice(sorted(set(files) - {name}))
        files[name], files[other] = files[other], files[name]
    else:
        files[name] = bytes(content)
    return how, name, archive_of(files)


def lose(run, where, data):
    """The ledger goes on from an older copy, and two people accept what that lacks."""
    def act(number):
        path = os.path.join(where, "act.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"at": f"2025-06-0{number}T09:00:00+08:00", "actor": {"id": "a", "role": "office_lead"},
                       "command": "CreateDepartment", "stream": f"department/X{number}", "id": f"lost-{number}",
                       "data": {"name": f"X{number}"}}, file)
            file.write("\n")
        run("bihuan", "import", "--data", data, path)
    backup, gone = os.path.join(where, "backup"), os.path.join(where, "gone")
    run("bihuan", "backup", "--data", data, backup)
    act(1)
    run("bihuan", "checkpoint", "--data", data)
    os.rename(data, gone)
    run("bihuan", "restore", "--from", backup, "--data", data, "--damaged", gone, expect=3)
    people = [os.path.join(where, name) for name in ("a.pem", "b.pem")]
    for pem in people:
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", pem], check=True)
        os.chmod(pem, 0o600)
    by = [("--key", pem, "--name", os.path.basename(pem)) for pem in people]
    vkeys = [run("bihuan", "loss", "key", *one).decode().strip() for one in by]
    note = run("bihuan", "loss", "state", "--data", data, "--by", *vkeys)
    path = os.path.join(where, "loss")
    for one in by:
        with open(path, "wb") as file:
            file.write(note)
        note = run("bihuan", "loss", "sign", *one, path)
    with open(path, "wb") as file:
        file.write(note)
    run("bihuan", "loss", "accept", "--data", data, path)
    act(2)


def test(binaries):
    def run(*arguments, expect=0):
        done = subprocess.run([os.path.join(binaries, arguments[0]), *arguments[1:]], capture_output=True, check=False)
        need(done.returncode == expect, f"{' '.join(arguments)}: {done.returncode} {done.stderr.decode()}")
        return done.stdout

    def libraries(name):
        return subprocess.run(["ldd", os.path.join(binaries, name)], capture_output=True, check=True, text=True).stdout

    need("librocksdb" in libraries("bihuan") and "librocksdb" not in libraries("bihuan-verify"),
         "bihuan-verify links the store")
    with tempfile.TemporaryDirectory() as where:
        data, history = os.path.join(where, "ledger"), os.path.join(where, "district.jsonl")
        run("bihuan", "init", "--data", data, "--district", "示例区")
        run("bihuan-bench", "generate", "--cases", "40", "--out", history)
        run("bihuan", "import", "--data", data, history)
        lose(run, where, data)
        vkey = run("bihuan", "checkpoint", "--data", data, "--vkey").decode().strip()
        size = int(run("bihuan", "checkpoint", "--data", data).decode().split("\n")[1])
        for question in (["--report", "weekly", "--week", "2021-W30"],
                         ["--report", "plan", "--seq", str(size // 2)],
                         ["--report", "supervision"],
                         ["--stream", "calendar/2021"],
                         ["--range", f"{size // 2}..{size // 2 + 300}"]):
            out = os.path.join(where, "package.zip")
            run("bihuan", "pack", "--data", data, *question, "--out", out)
            with open(out, "rb") as file:
                package = file.read()
            verify(package, vkey)
            files = read_archive(package)
            need(holds(archive_of(files), vkey), "packed again, it must hold")
            numbers = random.Random(1)
            for _ in range(100):
                how, name, other = altered(files, numbers)
                need(other is not None and not holds(other, vkey), f"{question}: {how} {name} was not seen")
            losses = check_losses(files, Key(vkey))
            need(len(losses) == 1 and losses[0][3] == ["a.pem", "b.pem"], "the package does not tell of the loss")
            print(f"{' '.join(question)}: {size} events, {len(files)} files: holds; 100 altered ones do not")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", nargs="?")
    parser.add_argument("vkey", nargs="?")
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--bin")
    arguments = parser.parse_args()
    if arguments.test:
        test(arguments.bin)
        return 0
    with open(arguments.package, "rb") as file:
        package = file.read()
    try:
        manifest = verify(package, arguments.vkey)
    except (Wrong, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile) as wrong:
        print(f"不成立 does not hold: {wrong}")
        return 1
    print(f"成立 holds: {manifest['origin']}, {manifest['seq']} events, {json.dumps(manifest['about'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
