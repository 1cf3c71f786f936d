#!/usr/bin/env python3
"""The committed SQL of the bench's peers over the milestone tables, run by SQLite: its answers must be the
product's at every moment asked. The whole comparison, with PostgreSQL and DuckDB, is tools/bench --peers.

  peers_sql.py --bin DIR --sql DIR [--cases N] [--moments N]
"""
import argparse
import csv
import json
import pathlib
import sqlite3
import subprocess
import tempfile


def bench(directory, *arguments):
    subprocess.run([directory / "bihuan-bench", *map(str, arguments)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def value(text):
    """As the databases load it: numbers are numbers, an empty field is null."""
    if text == "":
        return None
    return int(text) if text.lstrip("-").isdigit() else text


def load(database, path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        columns = next(rows)
        database.execute(f"create table {path.stem} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        database.executemany(f"insert into {path.stem} values ({marks})",
                             ([value(cell) for cell in row] for row in rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--sql", type=pathlib.Path, required=True)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--moments", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-") as temporary:
        directory = pathlib.Path(temporary)
        ledger, files = directory / f"ledger-{options.cases}", directory / "files"
        bench(options.bin, "measure", "--cases", options.cases, "--only", "appends", "--runs", 1,
              "--limit-seconds", 0.02, "--keep", "--dir", directory)
        bench(options.bin, "export-peers", "--ledger", ledger, "--out", files)
        bench(options.bin, "answers", "--ledger", ledger, "--out", files / "questions.json",
              "--moments", options.moments)
        database = sqlite3.connect(":memory:")
        database.create_function("least", 2, min, deterministic=True)
        for path in files.glob("*.csv"):
            load(database, path)
        database.execute("alter table assignments add column settled_at")
        database.execute("update assignments set settled_at = max(dispatched_at, ended_at, contact_due, "
                         "completion_due)")
        check(database, options.sql, json.loads((files / "questions.json").read_text()))


def check(database, sql, questions):
    wrong = compared = rows = 0
    for form, question in (("milestones", "weekly"), ("milestones", "ratings"), ("milestones", "red"),
                           ("events", "case")):
        query = (sql / form / f"{question}.sql").read_text()
        for moment in questions["moments"]:
            found = database.execute(query, moment["parameters"][question]).fetchall()
            theirs = [["" if cell is None else str(cell) for cell in row] for row in found]
            ours = moment["answers"][question]
            compared, rows = compared + 1, rows + len(ours)
            if theirs != ours:
                wrong += 1
                print(f"{form}/{question} at {moment['seq']}: SQL {theirs[:5]}, ours {ours[:5]}")
    for line in (sql / "events" / "rebuild.sql").read_text().split(";"):
        database.execute(line)
    totals = database.execute((sql / "events" / "rebuild_check.sql").read_text()).fetchall()
    if [[str(cell) for cell in row] for row in totals] != questions["rebuild"]:
        wrong += 1
        print(f"rebuild: SQL {totals}, ours {questions['rebuild']}")
    print(f"{compared} answers with {rows} rows compared, {wrong} differ")
    if wrong or rows == 0:
        raise SystemExit(1)


main()
