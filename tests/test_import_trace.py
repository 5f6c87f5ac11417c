"""Where imported figures come from: every figure of the document has its sources, and they add up to it."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from tests.test_import import GIVEN, run
from tests.test_import_shapes import FIRST, PENSION, SECOND, Rows, book
from xltool.entry.importing.trace import lines, trace

LIST: Rows = [
    ["2024年支出（单位：元）"],
    ["科目编码", "科目名称", "项目名称", "基本支出", "项目支出"],
    [FIRST, "行政运行", None, 5000, None],
    [SECOND, "一般行政管理事务", "甲", None, 700.5],
    [SECOND, "一般行政管理事务", "乙", None, 300],
    ["2012604", "档案馆", None, 40, None],
    ["合计", None, None, 5040, 1000.5],
]
AGAIN: Rows = [
    ["2024年支出（单位：万元）"],
    ["科目编码", "基本支出", "项目支出"],
    [FIRST, 0.5, None],
]
INCOME: Rows = [["2024年收入（单位：元）"], ["收入", "金额"], ["其他收入", 12]]
TYPED = (f"支出表.明细[{PENSION}].基本支出=30", f"支出表.明细[{FIRST}].基本支出=5001")
NAMED = ("收入表.明细[2012604].其他收入=12",)


def figures_of(node: Any) -> Iterator[Decimal]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("科目编码", "科目名称"):
                yield from figures_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from figures_of(value)
    elif node is not None:
        yield Decimal(str(node))


def traced(imported: Any) -> dict[str, list[tuple[Any, ...]]]:
    found = defaultdict(list)
    sheet = openpyxl.load_workbook(io.BytesIO(trace(imported))).active
    for row in sheet.iter_rows(min_row=2, values_only=True):
        found[row[0]].append(row)
    return found


def check(imported: Any) -> dict[str, list[tuple[Any, ...]]]:
    found = traced(imported)
    for rows in found.values():
        assert sum(Decimal(str(row[6])) for row in rows) == Decimal(str(rows[0][1])), rows
    values = sorted(Decimal(str(rows[0][1])) for rows in found.values())
    assert values == sorted(figures_of(imported.raw["表"]))
    return found


def test_the_sources_of_every_figure_add_up_to_it(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"支出": LIST, "再说一遍": AGAIN, "收入": INCOME})
    found = check(run(path, given={**GIVEN, "金额单位": "元"}))
    twice = found[f"支出决算表 {FIRST}·基本支出"]
    assert [(row[3], row[4], row[5], row[6]) for row in twice] == [
        ("支出", "D3", 5000, 5000),
        ("再说一遍", "B3", 0.5, 0),  # the same once more, in 万元: it is not added
    ]
    assert len(found[f"支出决算表 {SECOND}·项目支出"]) == 2


def test_figures_that_were_typed_are_told_and_traced(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"支出": LIST})
    imported = run(path, settings=(*TYPED, *NAMED))
    found = check(imported)
    assert found[f"支出决算表 {FIRST}·基本支出"] == [
        (f"支出决算表 {FIRST}·基本支出", 5001, "另填的（--set、--table）", None, None, None, 5001)
    ]
    told = list(lines(imported))
    assert "另填3个数：" in told
    assert f"  支出决算表 {FIRST}·基本支出 = 5000（表.xlsx 支出!D3，另填的代替了它）" in told
    row = next(r for r in imported.raw["表"]["收入决算表"]["明细"])
    assert row["科目名称"] == "档案馆"  # as the file calls a code that no list knows
