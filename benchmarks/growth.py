"""How filling and validating grow with the length of a list, against openpyxl writing the same rows.

    python benchmarks/growth.py [--rows 1000 5000 10000]

Every length is filled, validated and written by openpyxl in a process of its own; processor time, and the ratio
to openpyxl in the same run. A length of ten times the rows should take about ten times as long.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
EDITION, TABLE, FIRST_ROW = "2021-national", "支出决算表", 9
CLASSES = [
    "201",
    "204",
    "205",
    "206",
    "207",
    "208",
    "210",
    "211",
    "212",
    "213",
    "214",
    "215",
    "216",
    "217",
    "219",
    "220",
    "221",
    "222",
    "224",
]
COLUMNS = ("科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出")


def document(count: int) -> dict[str, Any]:
    """A document whose list has `count` 项 rows, and the 款 above them."""
    chance, rows, above = random.Random(1), [], set()
    codes = (f"{c}{k:02}{n:02}" for c in CLASSES for k in range(1, 100) for n in range(1, 41))
    for _, code in zip(range(count), codes, strict=False):
        if code[:5] not in above:
            above.add(code[:5])
            rows.append({"科目编码": code[:5], "科目名称": f"款{code[:5]}"})
        one, other = (Decimal(chance.randrange(1, 10**7)) / 100 for _ in range(2))
        names = {"科目编码": code, "科目名称": f"项{code}"}
        rows.append({**names, "本年支出合计": one + other, "基本支出": one, "项目支出": other})
    heads = {"版本": EDITION, "单位名称": "长表单位", "年度": 2021, "金额单位": "元"}
    return {**heads, "表": {TABLE: {"明细": rows}}}


def fill(count: int, book: Path) -> None:
    """Fill the form."""
    from xltool.documents.load import from_raw
    from xltool.filling import fill

    fill(*from_raw(document(count)), book)


def validate(count: int, book: Path) -> None:
    """Validate what was filled."""
    from xltool.checks import validate

    validate(book)


def openpyxl(count: int, book: Path) -> None:
    """Write the same values into the same form, with the formats of its first row."""
    import openpyxl

    form = openpyxl.load_workbook(next((ROOT / "workbook_templates" / EDITION).glob("部门*.xlsx")))
    sheet = form.worksheets[2]
    for merge in list(sheet.merged_cells.ranges):
        if merge.min_row >= FIRST_ROW - 1:
            sheet.unmerge_cells(str(merge))
    for number, row in enumerate(document(count)["表"][TABLE]["明细"], FIRST_ROW):
        for column, name in enumerate(COLUMNS, 1):
            cell, value = sheet.cell(number, column), row.get(name)
            cell.value = float(value) if isinstance(value, Decimal) else value
            cell._style = sheet.cell(FIRST_ROW, column)._style
    form.save(book.with_name("openpyxl.xlsx"))


WAYS = {"openpyxl": openpyxl, "fill": fill, "validate": validate}


def main() -> None:
    """Measure every length, print seconds and ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[1000, 5000, 10_000])
    with tempfile.TemporaryDirectory() as folder:
        for count in parser.parse_args().rows:
            book = Path(folder) / f"{count}.xlsx"
            took = {}
            for name in WAYS:
                line = [sys.executable, __file__, "--way", name, str(count), str(book)]
                done = subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE)
                took[name] = float(done.stdout.split()[-1])
            for name, seconds in took.items():
                ratio = seconds / took["openpyxl"]
                sys.stdout.write(f"{count:>7} {name:<10}{seconds:7.2f} s{ratio:7.1f} × openpyxl\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        _, _, way, rows, target = sys.argv
        begun = time.process_time()
        WAYS[way](int(rows), Path(target))
        sys.stdout.write(f"{time.process_time() - begun}\n")
    else:
        main()
