"""Details of checks that no other test depends on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.editing import edited, recalculated_in_place, saved
from tests.support.statements import stated
from tests.test_slips import GENERAL, OVERVIEW, SPENDING, book, errors, item, suspects
from xltool.checks import Validation, validate
from xltool.checks.diagnosis.computed import BookCells
from xltool.core.amounts import money
from xltool.core.model import CODE
from xltool.core.places import FieldPlace, RowPlace
from xltool.documents.load import from_raw
from xltool.filling import filled_workbooks
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
    place = RowPlace(SPENDING, 0, "明细", first, "本年支出合计")
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
    cell = live.clean.context.cell(RowPlace(SPENDING, 0, "明细", parent, "基本支出"))
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
    assert cells.last_year(FieldPlace(OVERVIEW, 0, filled)) == fields[filled]
    assert cells.last_year(FieldPlace(OVERVIEW, 0, blank)) is None
    assert cells.last_year(RowPlace(SPENDING, 0, "明细", 0, column)) == first[column]
    assert cells.last_year(RowPlace(SPENDING, 0, "明细", len(rows(SPENDING)) - 1, column)) is None


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


def test_a_figure_that_is_subtracted_is_put_right_as_much_as_one_that_is_added() -> None:
    table = "政府性基金预算财政拨款收入支出决算表"
    figures = {
        "年初结转和结余": 2,
        "本年收入": 10,
        "本年支出": 8,
        "项目支出": 8,
        "年末结转和结余": 4,
    }
    rows = [{"科目编码": code, **figures} for code in ("212", "21208", "2120801")]
    heads = {"版本": "2023-national", "单位名称": "某局", "年度": 2023, "金额单位": "万元"}
    report, edition = from_raw({**heads, "表": {table: {"合计": figures, "明细": rows}}})
    (book, *_) = map(saved, filled_workbooks(report, edition, totals="given"))
    sheet = f"公开07 {table}"

    def slip(editor: Editor) -> None:
        editor.set(sheet, "G10", Decimal(9), over_formula=True)
        editor.set(sheet, "J10", Decimal(4), over_formula=True)
        recalculated_in_place(editor)

    failed = [f for f in validate(edited(book, slip)).findings if f.rule == "FUND-01" and f.suspect]
    assert failed and {(f.suspect, f.expected) for f in failed} == {((sheet, "G10"), Decimal(8))}


SPENT = {"本年支出合计": 10, "基本支出": 10}


def checked(tables: dict[str, object], folder: Path, rules: str = "") -> Validation:
    """What is said of a book with these tables, by some rules of one's own too."""
    heads = {"版本": "2023-national", "单位名称": "某局", "年度": 2023, "金额单位": "万元"}
    report, edition = from_raw(stated({**heads, "表": tables}))
    (book, *_) = map(saved, filled_workbooks(report, edition, totals="given"))
    own = folder / "本地.yaml"
    own.write_text(f"rules:\n  B-01:\n    name: 本地\n    {rules}\n", encoding="utf-8")
    return validate(book, rules=[own] if rules else [])


def test_each_level_is_compared_with_the_one_below_it_alone(tmp_path: Path) -> None:
    nine = {"本年支出合计": 9, "基本支出": 9}
    rows = [{"科目编码": code, **SPENT} for code in ("205", "20502")]
    table = {"合计": SPENT, "明细": [*rows, {"科目编码": "2050201", **nine}]}
    found = [f for f in checked({SPENDING: table}, tmp_path).findings if f.rule == "T03-02"]
    assert len(found) == 2 and all(f.left and f.left.text.startswith("20502 ") for f in found)


def test_what_the_lowest_rows_are_made_of_nobody_knows(tmp_path: Path) -> None:
    rows = [{"科目编码": code, **SPENT} for code in ("205", "20502", "2050201")]
    rule = "each: {行: rows(支出表.明细)}\n    expr: $行.基本支出 = sum(children($行).基本支出)"
    validation = checked({SPENDING: {"合计": SPENT, "明细": rows}}, tmp_path, rule)
    assert validation.ledger.lines["B-01"].outcome == "数据不足"


def test_a_sum_of_blanks_in_a_table_that_says_it_is_empty_is_zero(tmp_path: Path) -> None:
    rule = "expr: 总表.收入.其他收入 = 基金.合计.基本支出 + 基金.合计.项目支出"
    income = {OVERVIEW: {"收入": {"其他收入": 1, "本年收入合计": 1, "总计": 1}}}
    validation = checked(income, tmp_path, rule)
    assert validation.ledger.lines["B-01"].outcome == "不符"


def test_a_blank_table_that_a_condition_asks_is_named_once_not_row_by_row() -> None:
    heads = {"版本": "2021-national", "单位名称": "某局", "年度": 2021, "金额单位": "万元"}
    listed = [{"科目编码": f"205020{n}", "本年支出合计": n, "基本支出": n} for n in range(1, 6)]
    report, edition = from_raw({**heads, "表": {SPENDING: {"明细": listed}}})
    (made, *_) = map(saved, filled_workbooks(report, edition, totals="given"))
    (lack,) = (f for f in validate(made).findings if f.rule == "X-26")
    assert lack.outcome == "数据不足"
    assert lack.message.startswith(
        "前提所需的数没有填（《政府性基金预算财政拨款收入支出决算表》《国有"
    )
    assert lack.message.endswith("空着），205 教育支出、20502 普通教育 等7处不能核对")
