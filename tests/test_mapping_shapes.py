"""What forms of provinces need beside the national one's: codes in pieces or with names, units per column."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from textwrap import dedent

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from xltool.editions import Edition, find_edition
from xltool.reading import read

EDITION = """
edition: own
name: 本局的表样
years: [2020, 2030]
codes: {functional: functional.csv, economic: economic.csv}
workbooks:
  簿: {template: 簿.xlsx, tables: [表]}
"""
LIST = """
table: 支出决算表
sheet: 表
title: {A1: 支出决算表}
lines:
  A2: 部门：{单位名称}
  C2: "{年度}年度"
  E2: 金额单位：{金额单位}
header: {A3:C3: 科目编码, D3: 科目名称, E3: 基本支出, F3: 项目支出（元）}
blocks:
  明细:
    shape: list
    codes: functional
    first: 5
    rows: 3
    columns:
      科目编码: {at: "A:C", code: %s}
      科目名称: D
      基本支出: E
      项目支出: {at: F, unit: 元}
    total: {at: 4, label: 合计, cells: "D4", without: [项目支出]}
"""


@pytest.fixture
def own_edition(tmp_path: Path) -> Callable[[str], Edition]:
    def make(mapping: str) -> Edition:
        (tmp_path / "edition.yaml").write_text(dedent(EDITION), encoding="utf-8")
        (tmp_path / "表.yaml").write_text(dedent(mapping), encoding="utf-8")
        return find_edition(str(tmp_path))

    return make


def sheet(rows: list[list[object]]) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    ws = book.active
    assert isinstance(ws, Worksheet)
    ws.title = "表"
    for row in rows:
        ws.append(row)
    return book, ws


def content(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


HEAD: list[list[object]] = [
    ["支出决算表"],
    ["部门：某单位", None, "2022年度", None, "金额单位：万元"],
]


@pytest.mark.parametrize(
    "rows",
    [
        [["205", None, None], ["205", "02", None], ["205", "02", "05"]],
        [["205", None, None], [None, "02", None], [None, None, "05"]],
        [["205", None, None], ["20502", None, None], ["2050205", None, None]],
    ],
)
@pytest.mark.parametrize("style", ["parts", "own", "whole"])
def test_codes_in_pieces(
    rows: list[list[object]], style: str, own_edition: Callable[[str], Edition]
) -> None:
    body = [[*codes, f"名{n}", n, 10000 * n] for n, codes in enumerate(rows, 1)]
    head = ["科目编码", None, None, "科目名称", "基本支出", "项目支出（元）"]
    book, _ = sheet([*HEAD, head, [None, None, None, "合计", 6, "项目支出"], *body])
    table = read(content(book), own_edition(LIST % style)).report.tables["支出决算表"][0]
    assert [str(row["科目编码"]) for row in table.lists["明细"]] == ["205", "20502", "2050205"]
    # a column in 元 on a sheet in 万元 is read in 万元
    assert [row["项目支出"] for row in table.lists["明细"]] == [1, 2, 3]
    assert table.fields == {("合计", "基本支出"): 6}


def test_code_and_name_in_one_cell(own_edition: Callable[[str], Edition]) -> None:
    mapping = (
        LIST.replace("A3:C3: 科目编码, D3: 科目名称", "A3: 科目编码及名称")
        .replace('{at: "A:C", code: %s}', "{at: A, code: named}")
        .replace("科目名称: D", "科目名称: {at: A, code: named}")
        .replace("D4", "A4")
    )
    head = ["科目编码及名称", None, None, None, "基本支出", "项目支出（元）"]
    body: list[list[object]] = [
        ["205 教育支出", None, None, None, 1, None],
        ["20502　普通教育（含幼儿园）", None, None, None, 1, None],
        ["2050205高等教育", None, None, None, 1, None],
    ]
    book, _ = sheet([*HEAD, head, ["合计", None, None, None, 1, "项目支出"], *body])
    rows = read(content(book), own_edition(mapping)).report.tables["支出决算表"][0].lists["明细"]
    assert [(row["科目编码"], row["科目名称"]) for row in rows] == [
        ("205", "教育支出"),
        ("20502", "普通教育（含幼儿园）"),
        ("2050205", "高等教育"),
    ]
