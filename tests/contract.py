#!/usr/bin/env python3
"""Holds the READMEs' durability contract to its committed words, and each line to tests that exist.

  contract.py --root DIR
"""
import argparse
import pathlib
import re

READMES = (("README.md", "## What it promises\n", "contract.txt"), ("README.zh-CN.md", "## 承诺\n", "contract.zh-CN.txt"))
LINK = re.compile(r"^- (.*) \(\[\w+\]\(docs/RELIABILITY\.md#contract-(\d)\)\)$")


def check_words(root, readme, heading, golden):
    text = (root / readme).read_text()
    section = text.split(heading, 1)[1].split("\n\n", 1)[0].strip("\n").split("\n")
    words = (root / "tests/golden" / golden).read_text().splitlines()
    assert len(words) == 9, golden
    found = [LINK.match(line) for line in section]
    for number, (line, match, expected) in enumerate(zip(section, found, words, strict=True), 1):
        assert match, f"{readme}: this line leads to no test group: {line}"
        assert match[1] == expected, f"{readme}: the contract says something else:\n{match[1]}\n{expected}"
        assert int(match[2]) == number, f"{readme}: line {number} leads to group {match[2]}"


def cases_of(path):
    """The names of a file's doctest cases; adjacent literals are one."""
    source = path.read_text()
    for match in re.finditer(r'TEST_CASE(?:_TEMPLATE)?\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', source):
        yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match[1]))


def ctests(root):
    source = (root / "tests/CMakeLists.txt").read_text()
    for name in re.findall(r"add_test\(NAME (\S+)", source):
        yield re.compile(re.sub(r"\\\$\\\{\w+\\\}", r"\\w+", re.escape(name)))


def check_groups(root):
    page = (root / "docs/RELIABILITY.md").read_text()
    count = 0
    for number in range(1, 10):
        heading = f"### contract {number}\n"
        assert page.count(heading) == 1, f"docs/RELIABILITY.md has no group {heading}"
        group = re.split(r"^#", page.split(heading)[1], maxsplit=1, flags=re.MULTILINE)[0]
        tests = re.findall(r"^- `([^`]+)`: (.+)$", group, re.MULTILINE)
        named = re.findall(r"^- ctest `([^`]+)`$", group, re.MULTILINE)
        assert tests or named, f"group {number} names no test"
        assert len(tests) + len(named) == len(re.findall(r"^- ", group, re.MULTILINE)), f"group {number}: a line of another form"
        for file, sentence in tests:
            path = root / file
            assert path.exists(), f"group {number}: {file} is not there"
            assert any(case.startswith(sentence) for case in cases_of(path)), f"group {number}: {file} has no test \"{sentence}\""
        for name in named:
            assert any(known.fullmatch(name) for known in ctests(root)), f"group {number}: no ctest {name}"
        count += len(tests) + len(named)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    root = parser.parse_args().root
    for readme in READMES:
        check_words(root, *readme)
    print(f"9 lines in two languages, {check_groups(root)} tests behind them")


if __name__ == "__main__":
    main()
