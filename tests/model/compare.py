"""Draws every report with the product and with the outside model, and compares them cell by cell.

    compare.py --bin build/dev/bin --history F.jsonl [--moments 15] [--seed 1]
    compare.py --bin build/dev/bin --generate 300 --seed 7 [--moments 15]

Imports the history into a new ledger in a temporary folder, asks for each report at random moments
(a seq, or a time between two events) and prints the first cells that differ. Exit 1 on any difference.
The model is told only which lines were refused; everything else it works out from the history file.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from ledger import Ledger
from outside_model import Question, draw
from workdays import day_of, day_text, monday_of, time_text, week_text

ONLY_OURS = {"root", "district"}  # not the model's business: hashes and the name given to init


def run(command, ok=(0,)):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in ok:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()[:2000]}")
    return done


class Product:
    """The command line of interfaces.md section 3."""

    def __init__(self, bin_dir, history, folder):
        self.bihuan, self.data = pathlib.Path(bin_dir) / "bihuan", pathlib.Path(folder) / "ledger"
        run([self.bihuan, "init", "--data", self.data, "--district", "示例区"])
        done = run([self.bihuan, "import", "--data", self.data, history, "--format", "json", "--verbose"], ok=(0, 1))
        self.receipt = json.loads(done.stdout)
        self.refusals = self.receipt.get("refusals", [])
        refused = sum(self.receipt["refused"].values())
        if len(self.refusals) != refused:
            sys.exit(f"import counts {refused} refusals and lists {len(self.refusals)}")

    def report(self, name, *options):
        done = run([self.bihuan, "report", name, "--data", self.data, *options, "--format", "json"])
        return json.loads(done.stdout)


def differences(path, theirs, ours):
    """(cell, product's value, model's value) for every cell that is not the same in both."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in list(theirs) + [k for k in ours if k not in theirs]:
            if key not in ONLY_OURS:
                yield from differences(f"{path}/{key}", theirs.get(key, "(no such cell)"),
                                       ours.get(key, "(no such cell)"))
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{path} (number of rows)", len(theirs), len(ours)
            yield from lost_rows(path, theirs, ours)
        else:
            for number, (left, right) in enumerate(zip(theirs, ours)):
                yield from differences(f"{path}/{number}", left, right)
    elif theirs != ours or isinstance(theirs, bool) != isinstance(ours, bool):
        yield path, theirs, ours


def lost_rows(path, theirs, ours):
    """Where the lists have different lengths: the rows that only one side has."""
    def keyed(rows):
        return {json.dumps(row, ensure_ascii=False, sort_keys=True): row for row in rows}

    left, right = keyed(theirs), keyed(ours)
    for key in left.keys() - right.keys():
        yield f"{path} (row)", left[key], "(no such row)"
    for key in right.keys() - left.keys():
        yield f"{path} (row)", "(no such row)", right[key]


def moments(ledger, count, rng):
    """Half of them a seq, half a time between two events, and always the end of the history."""
    last = len(ledger.events)
    yield ["--seq", str(last)], {"seq": last}
    for number in range(count):
        seq = rng.randint(1, last)
        if number % 2 == 0:
            yield ["--seq", str(seq)], {"seq": seq}
        else:
            at, end = ledger.events[seq - 1].at, ledger.events[min(seq, last - 1)].at
            as_of = rng.randint(at, max(at, end))
            yield ["--as-of", time_text(as_of)], {"as_of": as_of}


def questions(ledger, question, rng):
    """The reports of one moment: the running week, the week before, any other, and the rest."""
    first, now = monday_of(day_of(ledger.events[0].at)), monday_of(day_of(question.now))
    weeks = {now, now - 7, rng.randrange(first, now + 1, 7), rng.randrange(first, now + 1, 7)}
    for monday in sorted(weeks):
        yield "weekly", {"week": week_text(monday)}, ["--week", week_text(monday)]
    yield "closed-loop", {}, []
    start = rng.randint(first, now)
    days = {"first": day_text(start), "last": day_text(start + rng.choice([6, 30, 120]))}
    flags = ["--from", days["first"], "--to", days["last"]]
    by = rng.choice(["department", "channel", "category", "week"])
    yield "ratings", days, flags
    yield "ratings", {**days, "by": [by]}, [*flags, "--by", by]
    yield "plan", {}, []
    yield "supervision", {}, []


def compare(product, ledger, count, seed, limit):
    rng = random.Random(seed)
    found = compared = 0
    for flags, moment in sorted(moments(ledger, count, rng), key=str):
        question = Question(ledger, **moment)
        for name, options, more in questions(ledger, question, rng):
            theirs = product.report(name, *more, *flags)
            ours = json.loads(json.dumps(draw(question, name, **options)))
            compared += 1
            wrong = list(differences(name, theirs, ours))
            if wrong:
                print(f"report {name} {' '.join(more + flags)}: {len(wrong)} cells differ")
                for path, left, right in wrong[:limit]:
                    print(f"  {path}\n    product {json.dumps(left, ensure_ascii=False)}\n"
                          f"    model   {json.dumps(right, ensure_ascii=False)}")
            found += len(wrong)
    return compared, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", required=True, help="the folder with bihuan and bihuan-bench")
    parser.add_argument("--history", action="append", default=[])
    parser.add_argument("--generate", type=int, help="compare a generated district of so many cases")
    parser.add_argument("--bad", type=int, default=0, help="per cent of commands that must be refused")
    parser.add_argument("--moments", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=8, help="differing cells to print a report")
    args = parser.parse_args()
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        histories = [pathlib.Path(h) for h in args.history]
        if args.generate:
            generated = pathlib.Path(folder) / "generated.jsonl"
            run([pathlib.Path(args.bin) / "bihuan-bench", "generate", "--seed", args.seed, "--cases", args.generate,
                 "--bad", args.bad, "--out", generated])
            histories.append(generated)
        for number, history in enumerate(histories):
            product = Product(args.bin, history, pathlib.Path(folder) / str(number))
            refused = {refusal["line"] for refusal in product.refusals}
            with open(history, encoding="utf-8") as file:
                ledger = Ledger(file, refused)
            if len(ledger.events) != product.receipt["events"]:
                print(f"{history.name}: product recorded {product.receipt['events']} events, "
                      f"the model {len(ledger.events)}")
                total += 1
            compared, found = compare(product, ledger, args.moments, args.seed, args.limit)
            total += found
            print(f"{history.name}: {len(ledger.events)} events, {len(refused)} refused, {compared} reports compared, "
                  f"{found} cells differ")
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
