"""`xltool analyze`: who stands out among units and years, as a page and as a workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pytest

from tests.reporting.browser import printed
from tests.support.terminal import assert_refused, xltool
from xltool.batch.schemas import BOOK, DETAILS, full
from xltool.review.analysis import analyse

HOSTILE = "<script>alert(1)</script>丁局"
Row = dict[str, Any]


def _rows(units: dict[str, tuple[int, int]]) -> Iterator[tuple[str, Row]]:
    """The tables of a database: 本年支出 of each unit in two years, its 三公, one class, one rule."""
    for unit, spent in units.items():
        for year, value in zip((2023, 2024), spent, strict=True):
            book = {"文件": f"{year}/{unit}.xlsx", "状态": "成功", "单位名称": unit, "年度": year}
            book |= {"版本": "全国", "表": "总表", "金额单位": "万元"}
            yield "books", book
            money = {**book, "份": 1, "类型": "金额", "值": Decimal(value)}
            yield "facts", money | {"表": "收入支出决算总表", "行": "本年支出合计", "列": "支出"}
            for line, part in (("预算数", value // 10), ("决算数", value // 20)):
                table = {"表": "一般公共预算财政拨款“三公”经费支出决算表", "列": "合计"}
                yield "facts", money | table | {"行": line, "值": Decimal(part)}
            for code, part in (("205", value * 3 // 4), ("229", value // 4)):
                row = {"表": "支出决算表", "行": "明细", "列": "本年支出合计", "科目编码": code}
                yield "facts", money | row | {"科目名称": f"{code}类", "值": Decimal(part)}
            for rule, outcome in (("R1", "通过"), ("R2", "未执行"), ("R3", "不适用")):
                yield "outcomes", {**book, "规则": rule, "规则名称": rule, "结论": outcome}


def make(path: Path, units: dict[str, tuple[int, int]]) -> Path:
    """A database of a batch, of the tables only: views of analysis are not needed in it."""
    tables: dict[str, list[Row]] = {"books": [], **{name: [] for name in DETAILS}}
    for name, row in _rows(units):
        tables[name].append(row)
    with duckdb.connect(str(path)) as db:
        for name, found in tables.items():
            schema = BOOK if name == "books" else full(DETAILS[name])
            columns = {field.name: [row.get(field.name) for row in found] for field in schema}
            db.register("rows", pa.table(columns, schema=schema))
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")
            db.unregister("rows")
        db.execute("CREATE VIEW amounts AS SELECT *, 值 AS 万元 FROM facts WHERE 类型 = '金额'")
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    units = {f"单位{n}": (1000, 1000 + 10 * n) for n in range(1, 10)}
    return make(tmp_path / "两年.duckdb", units | {HOSTILE: (1000, 6000)})


def test_the_unit_that_leaps_is_first(database: Path) -> None:
    growth, structure, three, more, other, coverage = analyse(database)
    assert growth.column("单位名称")[0] == HOSTILE
    assert growth.column("增减百分比")[0] == 500
    assert [abs(score) > 3.5 for score in growth.column("离群度")] == [True] + [False] * 9
    assert structure.rows == [], "all have the same shares"
    assert three.column("决算数") == [500, sum_of(1, 10) + 300]
    assert more.column("单位名称")[0] == HOSTILE
    assert set(other.column("百分比")) == {25}
    assert coverage.rows == [("R2", "R2", None, 20, 0, 0, 20, 0)]


def sum_of(first: int, last: int) -> int:
    """三公 of the plain units in the second year."""
    return sum((1000 + 10 * n) // 20 for n in range(first, last))


def test_the_page_has_charts_and_holds_against_names(database: Path) -> None:
    answer = xltool("analyze", database, "-o", "分析.html", folder=database.parent)
    assert answer.code == 0, answer.err
    page = (database.parent / "分析.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 5
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "&lt;script&gt;" in page
    assert ">单位1 2023<" in page, "of two years each bar says which"


def test_amounts_have_two_decimals_and_shares_one(tmp_path: Path) -> None:
    units = {f"单位{n}": (4000, 4000 + 2 * n) for n in range(1, 9)}
    make(tmp_path / "两年.duckdb", units | {"丁局": (1000, 5026)})
    xltool("analyze", "两年.duckdb", "-o", "分析.html", folder=tmp_path)
    page = (tmp_path / "分析.html").read_text(encoding="utf-8")
    for told in (">1,000.00<", ">402.6<", ">251.00万元<", ">25.0%<"):
        assert told in page, told
    assert ">丁局 402.6%<" in page


def test_the_workbook_has_a_sheet_and_a_chart_for_each_question(database: Path) -> None:
    answer = xltool("analyze", database, "-o", "分析.xlsx", folder=database.parent)
    assert answer.code == 0, answer.err
    out = database.parent / "分析.xlsx"
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == 6
    first = book.worksheets[0]
    assert [cell.value for cell in first[1]][:2] == ["单位名称", "年度"]
    assert first["A2"].value == HOSTILE
    assert first.max_row == 11
    figures = [(cell.value, cell.number_format) for cell in first[2][2:6]]
    assert figures == [(n, "#,##0.00####") for n in (1000, 6000, 5000)] + [(500, "#,##0.0")]
    with zipfile.ZipFile(out) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 5
    line = ("analyze", database, "-o", "分析.xlsx")
    assert xltool(*line, folder=database.parent).code == 2
    assert xltool(*line, "--force", folder=database.parent).code == 0


def test_one_year_and_few_units_are_said_to_be_too_little(tmp_path: Path) -> None:
    found = analyse(make(tmp_path / "少.duckdb", {"甲": (5, 6), "乙": (7, 8)}))
    assert found[0].column("离群度") == [None, None]
    assert found[1].rows == []


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "不是.duckdb").write_text("x", encoding="utf-8")
    (tmp_path / "空").mkdir()
    for name, said in (
        ("不是.duckdb", "读不了"),
        ("空", "审核.duckdb"),
        ("没有.duckdb", "没有这个文件"),
    ):
        assert_refused(tmp_path, "analyze", name, "-o", "分析.html", said=(said,))
    make(tmp_path / "好.duckdb", {"甲": (5, 6)})
    assert_refused(tmp_path, "analyze", "好.duckdb", "-o", "分析.pdf", said=(".html 或 .xlsx",))


def test_it_prints(browser: str, poppler: str, database: Path, tmp_path: Path) -> None:
    xltool("analyze", database, "-o", "分析.html", folder=tmp_path)
    text = "".join(
        printed(browser, poppler, (tmp_path / "分析.html").read_text(encoding="utf-8"), tmp_path)
    )
    assert "“三公”经费：各年合计" in text
    assert "单位9" in text
