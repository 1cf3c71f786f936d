#!/usr/bin/env python3
"""S15: what the released programs are built with, read from the programs themselves.

  tests/tools/hardening.py build/release
  tests/tools/hardening.py build/trained -O3        (tools/train; the release is built with -O2)

checksec reads the ELF files; the compiler's own record says with which options each of our files was compiled, for
what leaves no trace in a file that is linked; objdump shows that the marks of CET are there where a program begins.
(A program as a whole is not marked for CET: Debian 12's static libraries in it are not built so.)"""
import json
import os
import subprocess
import sys

PROGRAMS = ("bihuan", "bihuand", "bihuan-verify", "bihuan-bench")
WANTED = {"relro": "full", "canary": "yes", "nx": "yes", "pie": "yes", "rpath": "no", "runpath": "no"}
OPTIONS = ("-D_FORTIFY_SOURCE=3", "-D_GLIBCXX_ASSERTIONS", "-fstack-protector-strong", "-fstack-clash-protection",
           "-fcf-protection=full", "-ftrivial-auto-var-init=zero", "-fPIE")


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def faults_of(build, name):
    program = os.path.join(build, "bin", name)
    found = json.loads(said("checksec", "--format=json", f"--file={program}"))[program]
    for what, wanted in WANTED.items():
        if found[what] != wanted:
            yield f"{name}: {what} is {found[what]}, not {wanted}"
    begins = said("objdump", "-d", "--no-show-raw-insn", "--disassemble=main", program)
    if "<main>:" not in begins or "endbr64" not in begins.split("<main>:")[1].split("\n")[1]:
        yield f"{name}: main begins without the mark of CET"
    if "_chk@" not in said("nm", "-D", "--undefined-only", program):
        yield f"{name}: no fortified call"
    needed = said("ldd", program)
    # RocksDB is inside the released programs, so its functions are looked for, too.
    has_store = "rocksdb" in needed or "7rocksdb" in said("nm", program)
    if has_store != (name != "bihuan-verify"):
        yield f"{name}: {'links the store' if has_store else 'no store is found where one must be'}"
    if "not found" in needed:
        yield f"{name}: a library is missing"


def faults_of_compile(build, level):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    ours = [one for one in commands if "-Wold-style-cast" in one["command"]]  # what links bihuan_options
    if len(ours) < 10:
        yield f"only {len(ours)} files of ours are compiled"
    for one in ours:
        words = one["command"].split()
        missing = [option for option in (*OPTIONS, level) if option not in words]
        if missing:
            yield f"{one['file']}: compiled without {' '.join(missing)}"


def main():
    build, level = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "-O2"
    faults = [fault for name in PROGRAMS for fault in faults_of(build, name)] + list(faults_of_compile(build, level))
    print("\n".join(faults) if faults else f"hardened: {', '.join(PROGRAMS)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
