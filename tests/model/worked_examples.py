"""Checks the outside model itself against figures that were worked out by hand (expected/*.json).

An expected file names its history, its report and the cells that a person verified; cells it leaves out
are not checked, a list it gives must be the whole list. README.md shows the reasoning of the first one.
"""
import json
import pathlib
import sys

from compare import differences
from ledger import Ledger
from outside_model import Question, draw

HERE = pathlib.Path(__file__).resolve().parent


def only_named(expected, answer):
    """The answer, cut down to the cells that the expected file names."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        return {key: only_named(expected[key], answer[key]) for key in expected if key in answer}
    if isinstance(expected, list) and isinstance(answer, list) and len(expected) == len(answer):
        return [only_named(e, a) for e, a in zip(expected, answer)]
    return answer


def main():
    wrong = 0
    for path in sorted(HERE.glob("expected/*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        with open(HERE / "histories" / case["history"], encoding="utf-8") as file:
            ledger = Ledger(file)
        answer = draw(Question(ledger), case["report"], **case["options"])
        found = list(differences(case["report"], case["expected"], only_named(case["expected"], answer)))
        for cell, by_hand, by_model in found:
            print(f"{path.name}: {cell}: by hand {by_hand}, by the model {by_model}")
        wrong += len(found)
        print(f"{path.name}: {'ok' if not found else f'{len(found)} cells differ'}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
