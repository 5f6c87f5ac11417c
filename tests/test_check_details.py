"""Details of checks that no other test depends on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.editing import edited
from tests.test_slips import GENERAL, OVERVIEW, SPENDING, book, errors, item, suspects
from xltool.checks import validate
from xltool.checks.diagnosis.computed import BookCells
from xltool.core.amounts import money
from xltool.core.model import CODE, Place
from xltool.ooxml import Editor, make_ref, split_ref


def rows(table: str) -> list[dict[str, object]]:
    """The rows of a table's list in the plain book."""
    return list(book(live=False).clean.reading.report.tables[table][0].lists["明细"])


def levels(table: str) -> list[int]:
    return [len(str(row[CODE])) for row in rows(table)]


def test_only_rows_of_its_own_level_may_have_been_copied_by_mistake() -> None:
    cells = BookCells(book(live=False).clean.context)
    found = levels(SPENDING)
    first = next(n for n in range(1, len(found)) if found[n - 1 : n + 2] == [5, 7, 7])
    place: Place = (SPENDING, 0, "明细", first, "本年支出合计")
    peers = dict(cells.neighbours(place, peers=True))
    assert set(peers) == {"下一行"}
    assert peers["下一行"] == rows(SPENDING)[first + 1]["本年支出合计"]
    everything = dict(cells.neighbours(place))
    assert {"上一行", "下一行", "“基本支出”栏"} <= set(everything)


def test_a_name_that_is_not_the_codes_casts_no_doubt_on_the_table() -> None:
    plain = book(live=False)
    sheet, ref = plain.at(SPENDING, item(), "基本支出")
    row, _ = split_ref(ref)
    name = next(
        make_ref(row, column)
        for column in range(1, 6)
        if isinstance(plain.clean.reading.workbook.sheet(sheet).value(make_ref(row, column)), str)
        and not str(
            plain.clean.reading.workbook.sheet(sheet).value(make_ref(row, column))
        ).isdigit()
    )
    wrong = plain.value((sheet, ref)) * 10
    validation = plain.after_typing({(sheet, name): "别的名称", (sheet, ref): wrong})
    assert "ALL-02" in {f.rule for f in validation.findings if f.outcome == "不符"}
    assert list(suspects(validation)) == [(sheet, ref)]


def test_a_row_of_which_nothing_can_be_read_is_named_by_its_number() -> None:
    plain = book(live=False)
    sheet, ref = plain.at(GENERAL, "合计", "合计")
    cells = [cell for s, cell in plain.clean.reading.places.values() if s == sheet]
    last = max(split_ref(cell)[0] for cell in cells)
    column = split_ref(ref)[1]
    blank = {(sheet, make_ref(last, n)): None for n in range(1, column + 4) if n not in (2, 3)}
    validation = plain.after_typing(blank | {(sheet, make_ref(last, column)): "约三万"})
    (finding,) = [f for f in errors(validation) if f.rule == "ALL-06"]
    assert finding.cells == ((sheet, make_ref(last, column)),)
    assert f"明细第{len(rows(GENERAL))}行·合计" in finding.where


@pytest.mark.parametrize(
    ("formula", "stored", "told"),
    [
        ('IF(1=1,"",1)', Decimal("7.5"), "存的是 7.5，按公式复算是 空白"),
        ("3+4", "", "存的是 空白，按公式复算是 7"),
        ("3+4", Decimal(8), "存的是 8，按公式复算是 7"),
    ],
)
def test_a_stale_value_is_told_with_what_it_is_and_should_be(
    formula: str, stored: Decimal | str, told: str
) -> None:
    live = book(live=True)
    cell = live.at(OVERVIEW, "收入", "其他收入")

    def edit(editor: Editor) -> None:
        editor.set_formula(*cell, formula)
        editor.set_cached(*cell, stored)

    found = [f.message for f in validate(edited(live.data, edit)).findings if f.rule == "F-06"]
    assert [message for message in found if told in message] == [f"{cell[1]} {told}"]


def other_formulas(cell: tuple[str, str], formula: str) -> bool:
    """Whether the formula of a cell is told as another than the form's, or as the clerk's own."""
    validation = book(live=True).after(lambda editor: editor.set_formula(*cell, formula))
    return any(f.rule in ("F-03", "F-04") and cell in f.cells for f in validation.findings)


def test_blanks_make_no_other_formula_and_all_of_it_is_compared() -> None:
    live = book(live=True)
    total = live.at(OVERVIEW, "收入", "总计")
    formula = live.clean.reading.workbook.sheet(total[0]).formula(total[1])
    assert formula is not None
    assert formula.count(":") == 2
    spaced = formula.replace("(", "( ").replace(",", " , ")
    assert not other_formulas(total, spaced)
    assert not other_formulas(total, formula.replace("SUM", "sum").replace("IF", "If"))
    first, last = spaced.rsplit(":", 1)
    assert other_formulas(total, f"{first}:{last.replace('5', '4')}")


def test_a_subtotal_that_leaves_out_a_row_is_another_formula() -> None:
    live = book(live=True)
    found = levels(SPENDING)
    parent = next(n for n in range(len(found)) if found[n : n + 3] == [5, 7, 7])
    cell = live.clean.context.cell((SPENDING, 0, "明细", parent, "基本支出"))
    assert cell is not None
    row = split_ref(cell[1])[0]
    formula = live.clean.reading.workbook.sheet(cell[0]).formula(cell[1])
    assert formula is not None
    assert str(row + 1) in formula
    assert not other_formulas(cell, formula.replace(",", ", "))
    assert other_formulas(cell, formula.replace(str(row + 1), str(row + 2)))


def test_what_was_blank_or_not_there_last_year_is_no_figure_of_last_year() -> None:
    plain = book(live=False)
    report = plain.clean.reading.report
    fields = report.tables[OVERVIEW][0].fields
    filled, blank, *_ = (path for path, value in fields.items() if isinstance(value, Decimal))
    first, column = rows(SPENDING)[0], "本年支出合计"
    overview = {path: value for path, value in fields.items() if path != blank}
    before = {
        **report.tables,
        OVERVIEW: [replace(report.tables[OVERVIEW][0], fields=overview)],
        SPENDING: [replace(report.tables[SPENDING][0], lists={"明细": [first]})],
    }
    past = replace(report, year=report.year - 1, tables=before)
    cells = BookCells(validate(plain.data, prior=past).context)
    assert cells.last_year((OVERVIEW, 0, filled)) == fields[filled]
    assert cells.last_year((OVERVIEW, 0, blank)) is None
    assert cells.last_year((SPENDING, 0, "明细", 0, column)) == first[column]
    assert cells.last_year((SPENDING, 0, "明细", len(rows(SPENDING)) - 1, column)) is None


@pytest.mark.parametrize(("times", "word"), [("0.5", "增长100%"), ("2", "减少50%")])
def test_growth_is_told_in_percent_with_the_figures_of_both_years(times: str, word: str) -> None:
    plain = book(live=False)
    report = plain.clean.reading.report
    table = report.tables[OVERVIEW][0]
    path = ("收入", "总计")
    now = table.fields[path]
    assert isinstance(now, Decimal)
    then = round(now * Decimal(times), 6)
    before = {**report.tables, OVERVIEW: [replace(table, fields={**table.fields, path: then})]}
    past = replace(report, year=report.year - 1, tables=before)
    told = [f.message for f in validate(plain.data, prior=past).findings if f.rule == "P-04"]
    years = f"上年 {money(then)}，本年 {money(now)}"
    assert [text for text in told if f"收入·总计 比上年{word}（{years}），说明原因" in text], told
