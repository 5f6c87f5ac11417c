"""Given totals against formulas, the values that formulas store, and rows that are high enough for their texts."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment

from tests.support.books import fill_raw
from tests.support.documents import make
from tests.support.editing import edited
from tests.support.packages import book, packed, worksheet
from xltool.core.problems import InputError
from xltool.filling.heights import fit_rows
from xltool.filling.totals import Given, choose_totals
from xltool.ooxml import Editor, open_workbook
from xltool.reading import examine

REVIEW = "项目支出绩效自评表"
RATE = ("项目资金", "年度资金总额", "执行率")


def rated(rate: str, tmp_path: Path) -> tuple[Decimal, bool]:
    """What the cell of a rate holds that is given with 34.57 of 35 spent, and whether it is a formula."""
    raw = make(2, "2023-national", details=3, unit="万元")
    money = raw["表"][REVIEW][0]["项目资金"]
    for name in ("年度资金总额", "当年财政拨款"):
        money[name] |= {"全年预算数": Decimal(35), "全年执行数": Decimal("34.57")}
    money["当年财政拨款"].pop("执行率")
    money["年度资金总额"] |= {"执行率": rate, "得分": Decimal("9.88")}
    raw["表"][REVIEW] = raw["表"][REVIEW][:1]
    raw["表"][REVIEW][0].pop("总分", None)
    filled = fill_raw(raw, tmp_path / "表.xlsx")
    reading = examine(filled.files[1])
    sheet, ref = reading.places[REVIEW, 0, RATE]
    value = reading.workbook.sheet(sheet).value(ref)
    assert isinstance(value, Decimal)
    return value, reading.workbook.sheet(sheet).formula(ref) is not None


def test_a_rate_is_given_to_four_decimals(tmp_path: Path) -> None:
    value, formula = rated("98.77%", tmp_path)
    assert formula
    assert round(value, 8) == Decimal("0.98771429")


@pytest.mark.parametrize("rate", ["98.78%", "99%", "98.7%", "98.7714%"])
def test_a_rate_that_differs_at_four_decimals_or_at_those_it_has_is_told(
    rate: str, tmp_path: Path
) -> None:
    if rate == "98.7714%":  # its six decimals are those of the quotient
        assert rated(rate, tmp_path)[1]
        return
    with pytest.raises(InputError, match="执行率：文档给的是"):
        rated(rate, tmp_path)


@pytest.mark.parametrize(("more", "told"), [(0, False), (-30, True)])
def test_a_total_that_prints_alike_is_told_where_it_differs_in_yuan(
    more: int, told: bool, tmp_path: Path
) -> None:
    raw = make(2, "2023-national", details=3, unit="元")
    total = raw["表"]["支出决算表"]["合计"]
    total["本年支出合计"] += more
    notes = fill_raw(raw, tmp_path / "表.xlsx").notes
    found = [note for note in notes if "印出来相同" in note]
    assert len(found) == told
    if told:
        assert f"支出决算表 › 合计 › 本年支出合计 给的 {total['本年支出合计']:,}元" in found[0]
        assert "；" not in found[0].split("：", 1)[1]


def cached(*values: str) -> bytes:
    """A sum of two figures, with what the file says that it is."""
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><f>A{n}*2</f><v>{value}</v></c></row>'
        for n, value in enumerate(values, 1)
    )
    return packed(book({"表": worksheet(cells)}))


def test_what_formulas_store_is_made_right_and_what_is_right_is_not_touched() -> None:
    stale = edited(cached("99", "4"), lambda editor: choose_totals(editor, {}, "formula", []))
    sheet = open_workbook(stale).sheet("表")
    assert [sheet.value("B1"), sheet.value("B2")] == [2, 4]
    right = cached("2", "4")
    assert edited(right, lambda editor: choose_totals(editor, {}, "formula", [])) == right


@pytest.mark.parametrize(("count", "named"), [(5, "表!B5，"), (6, "表!B5 等6处，")])
def test_formulas_that_nobody_here_can_calculate_are_named(count: int, named: str) -> None:
    cells = "".join(
        f'<row r="{n}"><c r="B{n}"><f>YEAR(NOW())</f><v>1999</v></c></row>'
        for n in range(1, count + 1)
    )
    notes: list[str] = []
    data = packed(book({"表": worksheet(cells)}))
    left = edited(data, lambda editor: choose_totals(editor, {}, "formula", notes))
    assert not open_workbook(left).sheet("表").has_cached("B1")
    (note,) = notes
    assert note.startswith("公式不能在这里复算：表!B1、") and named in note


def test_what_follows_from_a_total_that_nobody_can_calculate_is_judged_by_the_given_one() -> None:
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>YEAR(A1)*5</f></c></row>'
        '<row r="2"><c r="B2"><f>B1+A1</f></c></row><row r="3"><c r="B3"><f>A1*2</f></c></row>'
    )
    given = {("表", ref): Given(ref, Decimal(v), 2) for ref, v in [("B1", 5), ("B2", 6), ("B3", 3)]}
    found: list[str] = []

    def choose(editor: Editor) -> None:
        found.extend(problem.where for problem in choose_totals(editor, given, "formula", []))

    left = open_workbook(edited(packed(book({"表": worksheet(cells)})), choose)).sheet("表")
    assert found == ["B3"]
    assert [left.value("B1"), left.value("B2")] == [5, 6]


def wrapped(text: str, height: float | None, merged: str = "") -> bytes:
    """One cell whose text wraps."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "表"
    sheet.column_dimensions["A"].width = 20
    sheet["A1"] = text
    sheet["A1"].alignment = Alignment(wrap_text=True)
    if height is not None:
        sheet.row_dimensions[1].height = height
    if merged:
        sheet.merge_cells(merged)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def fitted(data: bytes, row: int = 1) -> Decimal | None:
    """The height of a row after fitting."""

    def fit(editor: Editor) -> None:
        fit_rows(editor, "表", {"A1": str(editor.sheet("表").value("A1"))})

    return open_workbook(edited(data, fit)).sheet("表").row_height(row)


def test_a_row_is_as_high_as_its_lines_and_a_margin() -> None:
    assert fitted(wrapped("一\n二\n三", None)) == 3 * 14 + 4
    assert fitted(wrapped("一" * 28, None)) == 3 * 14 + 4  # 56 halves, nineteen to a line
    assert fitted(wrapped("一" * 29, None)) == 4 * 14 + 4
    assert fitted(wrapped("一\n二", 30)) == 2 * 14 + 4
    assert fitted(wrapped("一\n二", 32)) == 32
    assert fitted(wrapped("一\n" * 99, None)) == 409


def test_a_merged_area_grows_at_its_last_row() -> None:
    data = wrapped("一\n二\n三\n四", 20, "A1:A2")
    assert fitted(data) == 20
    assert fitted(data, 2) == 4 * 14 + 4 - 20
