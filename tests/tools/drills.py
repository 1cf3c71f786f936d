#!/usr/bin/env python3
"""Runs the commands of a page (docs/KEYS.md, docs/OPERATIONS.md) as they stand, in one folder, and looks for what the
page says is seen.

  drills.py --bin DIR --least N PAGE
"""
import argparse
import os
import pathlib
import subprocess
import tempfile


def history(command, number):
    return ('{"at":"2021-09-16T09:00:0%d+08:00","actor":{"id":"a","role":"office_lead"},"command":"%s",'
            '"stream":"department/D0%d","id":"d%d","data":{"name":"D0%d"}}\n' % (number, command, number, number, number))


ENTERPRISE = "enterprise/91512081MA62K0260E"


def asked(second, command, data):
    return ('{"at":"2021-09-17T09:00:0%d+08:00","actor":{"id":"a","role":"office_lead"},"command":"%s",'
            '"stream":"%s","id":"e%d","data":%s}\n' % (second, command, ENTERPRISE, second, data))


FILES = {
    "history.jsonl": history("CreateDepartment", 1),
    "more.jsonl": history("CreateDepartment", 2),
    "contact.jsonl": asked(1, "RegisterEnterprise", '{"name":"示例有限公司"}')
                     + asked(2, "SetContact", '{"name":"王工","phone":"13800000000"}'),
    "erasure.jsonl": asked(3, "ErasePersonalData", '{"reason":"企业要求","approver":"b"}'),
}


def steps(page):
    """(command, what must be seen or None), in order."""
    lines = [line[4:] for line in page.read_text().splitlines() if line.startswith("    ")]
    for line, after in zip(lines, lines[1:] + [""]):
        if not line.startswith("#= "):
            yield line, after[3:] if after.startswith("#= ") else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--least", type=int, required=True, help="a page with fewer commands has lost some")
    parser.add_argument("page", type=pathlib.Path)
    args = parser.parse_args()
    environment = dict(os.environ, PATH=f"{args.bin.resolve()}:{os.environ['PATH']}")
    page, count = args.page.resolve(), 0
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            pathlib.Path(folder, name).write_text(text)
        for command, seen in steps(page):
            done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True,
                                  text=True, check=False)
            if done.returncode != 0 or (seen is not None and seen not in done.stdout):
                raise SystemExit(f"{command}\nexit {done.returncode}, expected: {seen}\n{done.stdout}{done.stderr}")
            count += 1
    print(f"{count} commands did what the page says")
    assert count >= args.least


if __name__ == "__main__":
    main()
