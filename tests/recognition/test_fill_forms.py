"""Blank forms of kinds that provinces print, filled with `--template`."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Side

from tests.recognition.test_recognition import Rows, blank_income, book
from tests.support.editing import saved
from tests.support.filling import UNIT, fill_form
from xltool.checks import validate
from xltool.core.model import CODE, Report, Row, Table
from xltool.editions import find_edition
from xltool.filling import fill
from xltool.reading import examine

CARS = "财政拨款“三公”经费支出决算表"


@pytest.mark.parametrize("year", [2021, 2023])
def test_the_year_of_the_data_tells_what_a_form_without_one_leaves_open(
    year: int, tmp_path: Path
) -> None:
    """Until 2021 the title without more means what 一般公共预算 pays, then all that 财政拨款 does."""
    costs = ["合计", "公务用车购置及运行费", None, None, "公务接待费"]
    parts = [None, "小计", "其中：公务用车购置费", "其中：公务用车运行维护费"]
    blank: Rows = [
        ["“三公”经费支出决算表"],
        ["部门：", "    年度", None, "单位：万元"],
        ["预算数", *[None] * 4, "决算数"],
        costs * 2,
        [*parts, None, *parts],
        [],
        ["注：本表反映“三公”经费支出情况。"],
    ]
    name = CARS if year > 2021 else f"一般公共预算{CARS}"
    figures = {"合计": 9, "公务用车购置及运行费": 7, "公务用车购置费": 4, "公务用车运行费": 3}
    tables = {name: {"决算数": figures}}
    answer = fill_form(tmp_path, book(表9=blank), tables, year=year, unit="万元")
    assert (tmp_path / "出.xlsx").exists(), answer.err
    report = examine(tmp_path / "出.xlsx").report
    assert (list(report.tables), report.year) == ([name], year)
    assert report.tables[name][0].fields == {("决算数", n): v for n, v in figures.items()}


def test_so_it_does_in_the_further_forms_of_an_edition(tmp_path: Path) -> None:
    """One form of an own edition is given; the other, which the edition has, prints no year."""
    income = blank_income(["合计"], *[[]] * 4, year=2021, unit="万元")
    costs: Rows = [
        ["“三公”经费支出决算表"],
        ["部门：", "    年度", None, "单位：万元"],
        ["预算数", None, None, "决算数"],
        ["合计", "公务用车购置及运行费", "公务接待费"] * 2,
        [],
        ["注：本表反映“三公”经费支出情况。"],
    ]
    name = f"一般公共预算{CARS}"
    own = tmp_path / "本局"
    own.mkdir()
    for file, form in (("收入", book(表2=income)), ("三公", book(表9=costs))):
        (own / f"{file}.xlsx").write_bytes(form)
    bundled = "".join(f"  {spec.name}: null\n" for spec in find_edition("2021-national").workbooks)
    (own / "edition.yaml").write_text(
        "extends: 2021-national\nedition: 本局\nname: 本局\nyears: [2016, 2023]\nrecognise: true\n"
        f"workbooks:\n{bundled}"
        "  收入:\n    template: 收入.xlsx\n    tables: [收入决算表]\n"
        f"  三公:\n    template: 三公.xlsx\n    tables: [{name}]\n",
        encoding="utf-8",
    )
    rows: list[Row] = [{CODE: "2130301", "本年收入合计": Decimal(5), "财政拨款收入": Decimal(5)}]
    fields = {("决算数", "合计"): Decimal(2), ("决算数", "公务接待费"): Decimal(2)}
    tables = {"收入决算表": [Table({}, {"明细": rows})], name: [Table(fields)]}
    report = Report("本局", UNIT, 2021, "万元", tables=tables)
    fill(report, find_edition(own), tmp_path / "出.xlsx", template=own / "收入.xlsx")
    filled = examine(tmp_path / "出-三公.xlsx", find_edition(own)).report
    assert (filled.year, filled.tables[name][0].fields) == (2021, fields)


@pytest.mark.parametrize("codes", [("2130301",), ("2130301", "2130305", "2130306", "2130314")])
def test_a_row_that_keeps_a_note_apart_is_none_of_the_list_above(
    codes: tuple[str, ...], tmp_path: Path
) -> None:
    """Rows that are added look as those of the list; the empty one stays, however many rows there are."""
    form = openpyxl.load_workbook(BytesIO(book(表2=blank_income(*[[]] * 7))))
    for row in form["表2"].iter_rows(min_row=3, max_row=9, max_col=4):
        for cell in row:
            cell.border = Border(bottom=Side("thin"))
    table = {"明细": [{CODE: code, "本年收入合计": 5, "财政拨款收入": 5} for code in codes]}
    answer = fill_form(tmp_path, saved(form), {"收入决算表": table})
    assert (tmp_path / "出.xlsx").exists(), answer.err
    sheet = openpyxl.load_workbook(tmp_path / "出.xlsx")["表2"]
    note = next(row for row in range(4, 30) if str(sheet.cell(row, 1).value).startswith("注"))
    last = max(row for row in range(4, note) if sheet.cell(row, 1).value)
    assert last == 3 + 2 + len(codes)
    drawn = [bool(sheet.cell(row, 3).border.bottom.style) for row in range(4, note)]
    assert drawn == [*[True] * (last - 3), *[True] * (note - 2 - last), False]


@pytest.mark.parametrize(
    ("name", "said"), [(None, None), ("行政运行", None), ("水利工程建设", "没有科目名称一栏")]
)
def test_a_list_of_codes_without_their_names(
    name: str | None, said: str | None, tmp_path: Path
) -> None:
    """The codes say what the names would; a name that says something else is nowhere to be written."""
    rows = blank_income(["合计"], *[[]] * 3, named=False)
    row = {CODE: "2130301", "科目名称": name, "本年收入合计": 5, "财政拨款收入": 5}
    answer = fill_form(tmp_path, book(表2=rows), {"收入决算表": {"明细": [row]}})
    assert (tmp_path / "出.xlsx").exists() == (said is None), answer.err
    if said is not None:
        assert said in answer.err
        return
    reading = examine(tmp_path / "出.xlsx")
    assert not [f for f in validate(reading).findings if f.code == "name-missing"]
    (table,) = reading.report.tables["收入决算表"]
    assert [r[CODE] for r in table.lists["明细"]] == ["213", "21303", "2130301"]
    assert {r["财政拨款收入"] for r in table.lists["明细"]} == {5}
