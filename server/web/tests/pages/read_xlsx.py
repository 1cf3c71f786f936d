# Reads a workbook with a library that is not ours: prints {sheet: rows} as JSON, each cell as [type, value].
import datetime
import json
import sys

import openpyxl


def cell(value):
    if isinstance(value, datetime.datetime):
        return ["time", value.isoformat()]
    return [type(value).__name__, value]


book = openpyxl.load_workbook(open(sys.argv[1], "rb"))
print(json.dumps({sheet.title: [[cell(value) for value in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}))
