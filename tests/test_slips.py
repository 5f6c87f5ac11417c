"""The likeliest slip in words, and the cell that most likely holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.support.documents import make
from tests.support.editing import edited, recalculated_in_place, saved
from tests.support.paper import paper_of
from xltool.checks import Validation, validate
from xltool.checks.diagnosis.slips import Slip, hint_by_difference, name_slip
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.documents.load import from_raw
from xltool.filling import filled_workbooks
from xltool.ooxml import Editor

OVERVIEW, INCOME, SPENDING = "收入支出决算总表", "收入决算表", "支出决算表"
FISCAL, GENERAL = "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表"
BASIC = "一般公共预算财政拨款基本支出决算表"


def _named(
    value: Decimal | None,
    right: Decimal,
    tolerance: Decimal,
    beside: Iterable[tuple[str, Decimal]] = (),
) -> str | None:
    slip = name_slip(value, right, tolerance, beside)
    return None if slip is None else slip.words


@pytest.mark.parametrize(
    ("stands", "right", "slip"),
    [
        ("1234.56", "1234.65", "有两位数字颠倒"),
        ("1324.56", "1234.56", "有两位数字颠倒"),
        ("124.56", "1234.56", "漏了一位数字"),
        ("12.4", "12.34", "漏了一位数字"),
        ("12334.56", "1234.56", "多了一位数字"),
        ("1234.56", "1239.56", "有一位数字输错"),
        ("28.4149534", "28.219534", None),
        ("28.2195534", "28.219534", "多了一位数字"),
        ("28.21953", "28.219534", "有一位数字输错"),
        ("-12.5", "12.5", "正负号反了"),
        ("123.4", "12.34", "大了10倍，小数点错位"),
        ("1.23", "12.34", "小了10倍，小数点错位"),
        ("123400", "12.34", "大了10000倍，把元填进了万元表"),
        ("0.12", "1234.56", "小了10000倍，单位弄错"),
        ("0", "12.34", "填成了0"),
        ("77.31", "12.34", None),
        ("12.34", "12.34", None),
    ],
)
def test_slips_are_named(stands: str, right: str, slip: str | None) -> None:
    assert _named(Decimal(stands), Decimal(right), Decimal(0)) == slip


def test_a_blank_is_a_figure_left_out() -> None:
    assert _named(None, Decimal("12.34"), Decimal(0)) == "漏填"


def test_a_figure_of_another_cell_is_recognised_before_its_digits_are_compared() -> None:
    beside = [("上一行", Decimal("12.35")), ("上年", Decimal("99.00"))]
    assert _named(Decimal("12.35"), Decimal("12.34"), Decimal(0), beside) == "填成了上一行的数"
    assert _named(Decimal("99.00"), Decimal("12.34"), Decimal(0), beside) == "填成了上年的数"


def test_rounding_leaves_a_few_cents_open_and_no_more() -> None:
    assert _named(Decimal("124.56"), Decimal("1234.58"), Decimal("0.02")) == "漏了一位数字"
    assert _named(Decimal("124.56"), Decimal("1234.58"), Decimal("0.01")) is None
    for near in ("1234.55", "1234.57"):
        assert _named(Decimal("124.56"), Decimal(near), Decimal("0.01")) == "漏了一位数字"
        assert _named(Decimal("124.56"), Decimal(near), Decimal(0)) is None
    assert _named(Decimal("12.36"), Decimal("12.34"), Decimal("0.02")) is None


def test_what_nearly_any_two_figures_share_tells_nothing() -> None:
    right = Decimal("1234.56")
    slips = [
        name_slip(value, right, Decimal(0), [("上年", Decimal(99))])
        for value in (Decimal("1234.65"), Decimal(99), Decimal("1234.57"), None, Decimal(0))
    ]
    assert [isinstance(slip, Slip) and slip.telling for slip in slips] == [True] * 2 + [False] * 3


def test_a_difference_alone_suggests_an_addend_or_swapped_digits() -> None:
    addends = [("2010101 行政运行·基本支出", Decimal("12.34")), ("20101 人大事务", Decimal("5"))]
    assert "漏加或重加" in hint_by_difference(Decimal("-12.34"), addends)
    assert "正负号反了" in hint_by_difference(Decimal("24.68"), addends)
    assert "被9整除" in hint_by_difference(Decimal("0.27"), addends)
    assert hint_by_difference(Decimal("0.05"), addends) == ""


# ── the suspect cell, in books ──


@dataclass(frozen=True)
class Book:
    """A right workbook whose totals are formulas (`live`), or plain figures."""

    data: bytes
    live: bool
    clean: Validation

    def at(self, table: str, *path: str) -> CellRef:
        """A cell by its table and path; a list's row by its code."""
        place: Place = FieldPlace(table, 0, path)
        if path[0][0].isdigit():
            rows = self.clean.reading.report.tables[table][0].lists["明细"]
            row = next(n for n, row in enumerate(rows) if row["科目编码"] == path[0])
            place = RowPlace(table, 0, "明细", row, path[1])
        cell = self.clean.context.cell(place)
        assert cell is not None, path
        return cell

    def value(self, cell: CellRef) -> Decimal:
        """The figure of a cell."""
        value = self.clean.reading.workbook.sheet(cell[0]).value(cell[1])
        assert isinstance(value, Decimal), cell
        return value

    def after(self, edit: Callable[[Editor], object], *, recalculated: bool = True) -> Validation:
        """What validating gives after an edit, with recalculation as Excel does it."""

        def whole(editor: Editor) -> None:
            edit(editor)
            if self.live and recalculated:
                recalculated_in_place(editor)

        return validate(edited(self.data, whole))

    def after_typing(self, cells: dict[CellRef, Decimal | str | None]) -> Validation:
        """After typing over cells."""

        def typed(editor: Editor) -> None:
            for (sheet, ref), value in cells.items():
                editor.set(sheet, ref, value, over_formula=True)

        return self.after(typed)


@cache
def book(live: bool) -> Book:
    raw = make(2, "2023-national", details=9, unit="万元", printed=not live)
    report, edition = from_raw(raw)
    editor = filled_workbooks(report, edition, totals="formula" if live else "given")[0]
    if not live:
        for name, sheet in editor.sheets().items():
            for ref in sheet.formulas():
                value = sheet.value(ref)
                assert value is None or isinstance(value, (Decimal, str))
                editor.set(name, ref, value or None, over_formula=True)
    data = saved(editor)
    clean = validate(data)
    assert not suspects(clean)
    return Book(data, live, clean)


def suspects(validation: Validation) -> dict[CellRef, str]:
    """The suspect cells with their hints."""
    return {f.suspect: f.hint for f in validation.findings if f.suspect is not None}


def errors(validation: Validation) -> list[Finding]:
    return [f for f in validation.findings if f.outcome == "不符" and f.level == "error"]


def some_class(live: bool) -> str:
    """The first 类 of the 财政拨款总表 that has an amount."""
    fields = book(live).clean.reading.report.tables[FISCAL][0].fields
    wanted = "一般公共预算财政拨款"
    return next(p[1] for p in fields if p[0] == "支出" and p[2] == wanted and fields[p])


def test_among_plain_figures_the_cell_where_broken_sums_cross_is_named() -> None:
    plain = book(live=False)
    cell = plain.at(SPENDING, item(), "基本支出")
    found = suspects(plain.after_typing({cell: plain.value(cell) * 10}))
    assert list(found) == [cell]
    assert "大了10倍" in found[cell]


def item() -> str:
    """A 项 with 基本支出."""
    rows = book(live=False).clean.reading.report.tables[SPENDING][0].lists["明细"]
    return next(
        str(r["科目编码"]) for r in rows if len(str(r["科目编码"])) == 7 and r.get("基本支出")
    )


def test_where_formulas_follow_the_typed_cell_is_named_and_no_total() -> None:
    live = book(live=True)
    cell = live.at(FISCAL, "支出", some_class(live=True), "一般公共预算财政拨款")
    validation = live.after_typing({cell: live.value(cell) + Decimal("3.33")})
    broken = errors(validation)
    assert {"T04-03", "X-06"} <= {f.rule for f in broken}
    assert list(suspects(validation)) == [cell]


def test_an_intact_formula_is_never_the_suspect() -> None:
    live = book(live=True)
    for cell in [
        live.at(SPENDING, item(), "基本支出"),
        live.at(OVERVIEW, "收入", "年初结转和结余"),
    ]:
        found = suspects(live.after_typing({cell: live.value(cell) + Decimal("7.77")}))
        formulas = live.clean.reading.workbook
        assert not [s for s in found if formulas.sheet(s[0]).formula(s[1]) is not None]


def test_of_two_cells_in_one_equation_none_is_called_likely() -> None:
    live = book(live=True)
    cell = live.at(BASIC, "30101", "金额")
    validation = live.after_typing({cell: live.value(cell) + Decimal("7.77")})
    assert "X-09" in {f.rule for f in errors(validation)}
    assert not suspects(validation)
    assert not [f for f in validation.findings if "很可能" in f.hint]


def test_a_formula_that_breaks_its_own_rule_is_the_suspect() -> None:
    live = book(live=True)
    cell = live.at(OVERVIEW, "支出", "本年支出合计")
    validation = live.after(lambda e: e.set_formula(*cell, "SUM(F7:F8)"))
    assert list(suspects(validation)) == [cell]


def test_a_total_that_was_not_recalculated_is_the_suspect() -> None:
    live = book(live=True)
    cell = live.at(GENERAL, "合计", "项目支出")
    wrong = live.value(cell) + 5
    validation = live.after(lambda e: e.set_cached(*cell, wrong), recalculated=False)
    assert list(suspects(validation)) == [cell]


@pytest.mark.parametrize("written", [str, lambda v: str(v).translate({46: 0xFF0E})])
def test_a_figure_stored_as_text_that_sums_leave_out_is_right_but_text(
    written: Callable[[Decimal], str],
) -> None:
    live = book(live=True)
    cell = live.at(FISCAL, "支出", some_class(live=True), "一般公共预算财政拨款")
    found = suspects(live.after_typing({cell: written(live.value(cell))}))
    assert list(found) == [cell]
    assert "是文字，合计没有把它算进去" in found[cell]
    assert "改为" not in found[cell]


@pytest.mark.parametrize("level", [3, 5, 7])
@pytest.mark.parametrize("table", [SPENDING, GENERAL])
def test_text_in_a_book_whose_formulas_cannot_be_seen_is_told_as_text_too(
    table: str, level: int, tmp_path: Path
) -> None:
    """An .xls: totals that leave the text out must not be typed over."""
    live = book(live=True)
    rows = live.clean.reading.report.tables[table][0].lists["明细"]
    row = next(r for r in rows if len(str(r["科目编码"])) == level and r.get("项目支出"))
    cell = live.at(table, str(row["科目编码"]), "项目支出")
    validation = live.after_typing({cell: str(live.value(cell))})
    old = validate(as_xls(validation, tmp_path))
    assert list(suspects(validation)) == list(suspects(old)) == [cell]
    (hint,) = suspects(old).values()
    assert "是文字，合计没有把它算进去" in hint
    assert not [f for f in old.findings if "改为" in f.hint]


def test_among_texts_and_slips_no_total_of_unseen_formulas_is_to_be_typed_over(
    tmp_path: Path,
) -> None:
    live = book(live=True)
    cell = live.at(SPENDING, item(), "基本支出")
    total = live.at(SPENDING, "合计", "基本支出")
    validation = live.after_typing({cell: str(live.value(cell)), total: live.value(total) + 1})
    found = suspects(validate(as_xls(validation, tmp_path)))
    assert total not in found


def test_a_wrong_total_of_an_xls_is_still_the_suspect(tmp_path: Path) -> None:
    live = book(live=True)
    total = live.at(SPENDING, "合计", "基本支出")
    validation = live.after_typing({total: live.value(total) + 9})
    assert list(suspects(validate(as_xls(validation, tmp_path)))) == [total]


def as_xls(validation: Validation, folder: Path) -> Path:
    """The workbook of a validation as an .xls, formulas as the values that they gave."""
    (folder / "账.xlsx").write_bytes(saved(Editor(validation.reading.workbook)))
    return paper_of(folder / "账.xlsx").save(folder / "账.xls")


def test_text_that_is_wrong_too_is_told_by_the_figure_that_should_stand_there() -> None:
    plain = book(live=False)
    cell = plain.at(SPENDING, item(), "基本支出")
    found = suspects(plain.after_typing({cell: str(plain.value(cell) * 10)}))
    assert "大了10倍" in found[cell]
    assert "合计没有" not in found[cell]


def test_two_slips_in_one_column_are_told_apart() -> None:
    plain = book(live=False)
    rows = plain.clean.reading.report.tables[INCOME][0].lists["明细"]
    codes = [str(r["科目编码"]) for r in rows if len(str(r["科目编码"])) == 7]
    cells = [plain.at(INCOME, code, "财政拨款收入") for code in (codes[0], codes[-1])]
    new = {cell: plain.value(cell) * 100 for cell in cells}
    assert set(suspects(plain.after_typing(dict(new)))) == set(cells)


def test_rows_under_wrong_codes_cast_no_suspicion_on_figures() -> None:
    for style in (book(live=True), book(live=False)):
        sheet, ref = style.at(SPENDING, item(), "基本支出")
        row = ref.lstrip("ABCDEFGH")
        validation = style.after_typing({(sheet, f"A{row}"): "2159977"})
        assert "ALL-01" in {f.rule for f in errors(validation)}
        assert not suspects(validation)
