#!/usr/bin/env python3
"""Our evidence checked by tools that are not ours. One check a call:

  evidence.py sumdb    --bin DIR --verifier FILE   Go's sumdb accepts tiles and proofs, and rejects altered ones
  evidence.py openssl  --bin DIR                   openssl verifies the raw signatures of a checkpoint and a rotation
  evidence.py witness  --bin DIR                   a witness made with openssl cosigns; the ledger takes it or refuses it
"""
import argparse
import base64
import hashlib
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile

SEED = 20211125
ALTERATIONS = 150


def run(*command, accept=True, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False, **more)
    if accept is not None and (done.returncode == 0) != accept:
        raise SystemExit(f"{' '.join(map(str, command))}: exit {done.returncode}\n"
                         f"{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


class Ledger:
    """A ledger under test, in a folder of its own."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder, self.data = binaries, folder, folder / "ledger"
        self("init", "--district", "示例区", "--origin", "ledger.example/test")

    def __call__(self, *arguments, accept=True):
        return run(self.binaries / "bihuan", *arguments, "--data", self.data, accept=accept)

    def generate(self, cases):
        """The lines of a generated district's history."""
        history = self.folder / "history.jsonl"
        run(self.binaries / "bihuan-bench", "generate", "--seed", SEED, "--cases", cases, "--bad", 0,
            "--out", history)
        return history.read_text().splitlines(keepends=True)

    def grow(self, lines):
        part = self.folder / "part.jsonl"
        part.write_text("".join(lines))
        self("import", part)

    def key(self):
        return self("checkpoint", "--vkey").strip()


def alterations(path, rng, count):
    """(what, bytes) of changed copies of a file; the bits of base64 that say nothing are left alone."""
    whole = path.read_bytes()
    for _ in range(count):
        at = rng.randrange(len(whole))
        if whole[at + 1:at + 2] == b"=":
            continue
        changed = bytearray(whole)
        changed[at] ^= 1 << rng.randrange(7)
        yield f"byte {at}", bytes(changed)
    yield "cut", whole[:-1]
    yield "empty", b""


def sumdb(binaries, verifier, folder):
    ledger = Ledger(binaries, folder)
    lines = ledger.generate(40)
    ledger.grow(lines[:len(lines) // 2])
    tiles, older = folder / "tiles", folder / "older"
    ledger("tiles", tiles)
    shutil.copytree(tiles, older)
    old_size = int((tiles / "checkpoint").read_text().splitlines()[1])
    ledger.grow(lines[len(lines) // 2:])
    ledger("tiles", tiles)  # onto the older ones
    size = int((tiles / "checkpoint").read_text().splitlines()[1])
    assert 256 < old_size < size, (old_size, size)
    key = ledger.key()
    run(verifier, key, older)
    run(verifier, key, tiles)
    rng = random.Random(SEED)
    proofs = []
    for seq in [1, 256, 257, old_size, size] + [rng.randint(1, size) for _ in range(5)]:
        proofs.append(("inclusion", folder / f"{seq}.tlog-proof"))
        ledger("prove", seq, "--out", proofs[-1][1])
    proofs.append(("inclusion", folder / "then.tlog-proof"))  # under the checkpoint of that time
    ledger("prove", 7, "--size", old_size, "--out", proofs[-1][1])
    for old in [1, 2, 255, 256, 257, old_size, size]:
        proofs.append(("consistency", folder / f"{old}.consistency"))
        ledger("prove", "--consistency", old, "--out", proofs[-1][1])
    for kind, proof in proofs:
        run(verifier, key, tiles, kind, proof)
    # What was altered is rejected: any byte of any file of the directory, and of the proofs.
    rejected = 0
    files = sorted(path for path in tiles.rglob("*") if path.is_file())
    live = [path for path in files if ".p" not in str(path) or f".p/{size % 256}" in str(path)
            or f".p/{size // 256}" in str(path)]
    for _ in range(ALTERATIONS // 3):
        path = rng.choice(live)
        whole = path.read_bytes()
        for what, changed in alterations(path, rng, 1):
            path.write_bytes(changed)
            if run(verifier, key, tiles, accept=None):
                raise SystemExit(f"accepted: {path} with {what} (seed {SEED})")
            rejected += 1
        path.write_bytes(whole)
    for kind, proof in proofs[:2] + proofs[-4:-2]:
        for what, changed in alterations(proof, rng, ALTERATIONS // 6):
            altered = folder / "altered"
            altered.write_bytes(changed)
            if run(verifier, key, tiles, kind, altered, accept=None):
                raise SystemExit(f"accepted: {proof} with {what} (seed {SEED})")
            rejected += 1
    other = Ledger(binaries, folder / "other")
    run(verifier, other.key(), tiles, accept=False)
    run(verifier, key, tiles)
    print(f"{len(proofs)} proofs of {size} entries hold, {rejected} alterations rejected")


def parts(note):
    """Text and [(name, key id, signature)] of a note, by hand."""
    text, _, lines = note.rpartition("\n\n")
    signatures = []
    for line in lines.splitlines():
        dash, name, encoded = line.split(" ")
        assert dash == "—"
        raw = base64.b64decode(encoded)
        signatures.append((name, raw[:4], raw[4:]))
    return text + "\n", signatures


def key_parts(vkey):
    name, number, encoded = vkey.split("+", 2)
    raw = base64.b64decode(encoded)
    assert hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() == number
    return name, bytes.fromhex(number), raw[1:]


def openssl_verifies(folder, public_key, message, signature):
    prefix = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of an Ed25519 key, RFC 8410
    for name, content in (("key", prefix + public_key), ("message", message), ("signature", signature)):
        (folder / name).write_bytes(content)
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey",
                           folder / "key", "-in", folder / "message", "-sigfile", folder / "signature"],
                          capture_output=True, check=False)
    return done.returncode == 0


def openssl(binaries, folder):
    ledger = Ledger(binaries, folder)
    ledger.grow(ledger.generate(5))
    first = key_parts(ledger.key())
    checkpoint = ledger("checkpoint")
    text, signatures = parts(checkpoint)
    assert [(name, number) for name, number, _ in signatures] == [first[:2]]
    assert openssl_verifies(folder, first[2], text.encode(), signatures[0][2])
    assert not openssl_verifies(folder, first[2], text.encode() + b"\n", signatures[0][2])
    rotation = ledger("key", "rotate")
    second = key_parts(ledger.key())
    assert second[0] == first[0] and second[2] != first[2]
    text, signatures = parts(rotation)
    for key, (name, number, signature) in zip((first, second), signatures, strict=True):
        assert (name, number) == key[:2]
        assert openssl_verifies(folder, key[2], text.encode(), signature)
    print("3 signatures verified by openssl")


class Witness:
    """A witness as tlog-cosignature describes it, its key made and used by openssl."""

    def __init__(self, name, folder):
        self.name, self.folder, self.pem = name, folder, folder / f"{name}.pem"
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.pem)
        der = subprocess.run(["openssl", "pkey", "-in", self.pem, "-pubout", "-outform", "DER"],
                             capture_output=True, check=True).stdout
        self.key = b"\x04" + der[-32:]
        self.number = hashlib.sha256(name.encode() + b"\n" + self.key).digest()[:4]
        self.vkey = f"{name}+{self.number.hex()}+{base64.b64encode(self.key).decode()}"

    def line(self, text, second):
        message = self.folder / "message"
        message.write_bytes(f"cosignature/v1\ntime {second}\n{text}".encode())
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.pem, "-in", message],
                                   capture_output=True, check=True).stdout
        raw = self.number + struct.pack(">Q", second) + signature
        return f"— {self.name} {base64.b64encode(raw).decode()}\n"


def witness(binaries, folder):
    ledger = Ledger(binaries, folder)
    ledger.grow(ledger.generate(5))
    one, two = Witness("witness.example", folder), Witness("stranger.example", folder)
    checkpoint = ledger("checkpoint")
    text, _ = parts(checkpoint)
    note = folder / "note"
    note.write_text(checkpoint + two.line(text, 1))
    ledger("cosign", note, "--witness", one.vkey, accept=False)
    note.write_text(checkpoint + one.line(text + "more\n", 1))
    ledger("cosign", note, "--witness", one.vkey, accept=False)
    assert ledger("checkpoint") == checkpoint
    note.write_text(checkpoint + one.line(text, 1700000000))
    ledger("cosign", note, "--witness", one.vkey)
    assert ledger("checkpoint") == note.read_text()
    note.write_text(checkpoint + two.line(text, 1700000001))
    ledger("cosign", note, "--witness", two.vkey)
    assert {name for name, _, _ in parts(ledger("checkpoint"))[1]} == {
        "ledger.example/test", "witness.example", "stranger.example"}
    assert "CheckpointCosigned" in ledger("history", "access/checkpoint")
    print("2 cosignatures taken, 2 refused")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=["sumdb", "openssl", "witness"])
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--verifier", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.check == "sumdb":
            (pathlib.Path(folder) / "other").mkdir()
            sumdb(args.bin, args.verifier, pathlib.Path(folder))
        else:
            {"openssl": openssl, "witness": witness}[args.check](args.bin, pathlib.Path(folder))


if __name__ == "__main__":
    main()
