"""Checks the outside model, and with --bin the product too, against figures worked out by hand (expected/*.json).

An expected file names its history, its report and the cells that a person verified; cells it leaves out
are not checked, a list it gives must be the whole list. README.md shows the reasoning of the first one.
"""
import argparse
import json
import pathlib
import sys
import tempfile

from compare import Product, differences
from ledger import Ledger
from outside_model import Question, draw

FLAGS = {"week": "--week", "first": "--from", "last": "--to"}
HERE = pathlib.Path(__file__).resolve().parent


def only_named(expected, answer):
    """The answer, cut down to the cells that the expected file names."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        return {key: only_named(expected[key], answer[key]) for key in expected if key in answer}
    if isinstance(expected, list) and isinstance(answer, list) and len(expected) == len(answer):
        return [only_named(e, a) for e, a in zip(expected, answer)]
    return answer


def check(who, case, answer):
    found = list(differences(case["report"], case["expected"], only_named(case["expected"], answer)))
    for cell, by_hand, drawn in found:
        print(f"  {cell}: by hand {by_hand}, {who} {drawn}")
    return len(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", help="the folder with bihuan: checks the product as well")
    args = parser.parse_args()
    wrong = 0
    for path in sorted(HERE.glob("expected/*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        history = HERE / "histories" / case["history"]
        print(path.name)
        with open(history, encoding="utf-8") as file:
            wrong += check("the model", case, draw(Question(Ledger(file)), case["report"], **case["options"]))
        if args.bin:
            flags = [part for key, value in case["options"].items()
                     for part in (FLAGS[key], value)]
            with tempfile.TemporaryDirectory() as folder:
                product = Product(args.bin, history, folder)
                wrong += len(product.refusals)
                wrong += check("the product", case, product.report(case["report"], *flags))
    print(f"{wrong} cells differ from what was worked out by hand")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
