"""What a reader of the print does not see, and a year that the rules do not know."""

from __future__ import annotations

import pytest
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook

from tests.support.books import fill_raw
from tests.support.documents import make
from tests.unearned.books import (
    BASIC,
    FISCAL,
    FUNDS,
    INCOME,
    OVERVIEW,
    SHEETS,
    SPENDING,
    THREE,
    sound,
)
from tests.unearned.edits import Edit, changed, part_of, parts, place, put
from tests.unearned.trial import unearned


def hidden_row(sheet: str, ref: str, **how: object) -> Edit:
    def edit(book: Workbook) -> None:
        row = book[sheet][place(book, sheet, ref)].row
        for name, value in (how or {"hidden": True}).items():
            setattr(book[sheet].row_dimensions[row], name, value)

    return edit


def hidden_column(sheet: str, column: str, **how: object) -> Edit:
    def edit(book: Workbook) -> None:
        for name, value in (how or {"hidden": True}).items():
            setattr(book[sheet].column_dimensions[column], name, value)

    return edit


def state(sheet: str, how: str) -> Edit:
    return lambda book: setattr(book[sheet], "sheet_state", how)


def collapsed(book: Workbook) -> None:
    for row in range(9, 12):
        book[SPENDING].row_dimensions[row].outlineLevel = 1
        book[SPENDING].row_dimensions[row].hidden = True
    book[SPENDING].row_dimensions[12].collapsed = True


def filtered(book: Workbook) -> None:
    book[SPENDING].auto_filter.ref = "A6:J26"
    book[SPENDING].auto_filter.add_filter_column(0, ["201"])
    for row in range(9, 14):
        book[SPENDING].row_dimensions[row].hidden = True


def white(sheet: str, *refs: str) -> Edit:
    def edit(book: Workbook) -> None:
        for ref in refs:
            book[sheet][place(book, sheet, ref)].font = Font(color="FFFFFFFF")

    return edit


def as_its_ground(book: Workbook) -> None:
    cell = book[SPENDING][place(book, SPENDING, "G@2010302")]
    cell.font = Font(color="FFFFC000")
    cell.fill = PatternFill("solid", fgColor="FFFFC000")


def struck(book: Workbook) -> None:
    book[SPENDING][place(book, SPENDING, "G@2010302")].font = Font(strike=True)


def repeated(book: Workbook) -> None:
    cell = book[SPENDING][place(book, SPENDING, "G@2010302")]
    cell.alignment = Alignment(horizontal="fill")


def in_pictures(book: Workbook) -> None:
    book[SPENDING][place(book, SPENDING, "G@2010302")].font = Font(name="Wingdings 2")


def as_formulas(sheet: str) -> Edit:
    """The view in which Excel shows and prints what totals are made of, not the totals."""

    def edit(book: Workbook) -> None:
        book[sheet].sheet_view.showFormulas = True

    return edit


HIDDEN: dict[str, tuple[Edit, str]] = {
    "隐藏一张表": (state(SPENDING, "hidden"), "公开03"),
    "深藏一张表": (state(FUNDS, "veryHidden"), "公开07"),
    "隐藏项的行": (hidden_row(SPENDING, "G@2010302"), "公开03"),
    "隐藏类的行": (hidden_row(INCOME, "E@201"), "公开02"),
    "隐藏合计行": (hidden_row(SPENDING, "E7"), "公开03"),
    "隐藏总计行": (hidden_row(OVERVIEW, "C37"), "公开01"),
    "隐藏三公的数": (hidden_row(THREE, "G8"), "公开09"),
    "隐藏一栏": (hidden_column(INCOME, "F"), "公开02"),
    "隐藏合计栏": (hidden_column(FISCAL, "F"), "公开04"),
    "折叠的组": (collapsed, "公开03"),
    "筛选掉的行": (filtered, "公开03"),
    "一磅高的行": (hidden_row(SPENDING, "G@2010302", height=0.75), "公开03"),
    "一丝宽的栏": (hidden_column(INCOME, "H", width=0.1), "公开02"),
    "划掉的金额": (struck, "公开03"),
    "重复填满的金额": (repeated, "公开03"),
    "白字的金额": (white(SPENDING, "G@2010302"), "公开03"),
    "字与底同色的金额": (as_its_ground, "公开03"),
    "印成图形的字体": (in_pictures, "公开03"),
    "显示公式的表": (as_formulas(SPENDING), "公开03"),
}  # fmt: skip


@pytest.mark.parametrize("attempt", HIDDEN)
def test_hidden_figures_are_named(attempt: str) -> None:
    edit, naming = HIDDEN[attempt]
    unearned(changed(sound(), edit), naming=naming)


OUT_OF_SIZE = {
    "没有高度的行": (
        SPENDING,
        '<row r="11" spans="1:10" ht="18"',
        '<row r="11" spans="1:10" ht="0"',
    ),
    "没有宽度的栏": (INCOME, 'max="11" width="13.7109375"', 'max="11" width="0"'),
}


@pytest.mark.parametrize("attempt", OUT_OF_SIZE)
def test_a_row_or_column_without_size(attempt: str) -> None:
    sheet, old, new = OUT_OF_SIZE[attempt]
    book = sound()
    unearned(parts(book, {part_of(book, sheet): lambda text: text.replace(old, new)}), naming=sheet)


def years(text: object, *sheets: str) -> Edit:
    def edit(book: Workbook) -> None:
        for name in sheets or SHEETS:
            ref = {OVERVIEW: "C3", FISCAL: "D3", BASIC: "D3"}.get(name, "E3")
            assert "2024" in str(book[name][ref].value)
            book[name][ref].value = text

    return edit


YEARS: dict[str, Edit] = {
    "版本以前的年度": years("2019年度"),
    "更早的年度": years("2015年度"),
    "版本以后的年度": years("2026年度"),
    "2030": years("2030年度"),
    "没有年度": years(None),
    "只有年度两个字": years("年度"),
    "中文数字的早年": years("二〇一九年度"),
    "全角的早年": years("２０１９年度"),
    "数字的早年": years(2019),
    "两位的年度": years("24年度"),
    "五位的年度": years("20244年度"),
    "期间": years("2023—2024年度"),
    "一张表是上年": years("2023年度", SPENDING),
    "一张表是早年": years("2019年度", THREE),
    "一张表的标题是上年": put(SPENDING, {"A1": "2023年度支出决算表"}),
    "一张表的标题是汉字的上年": put(SPENDING, {"A1": "二〇二三年度支出决算表"}),
}


@pytest.mark.parametrize("attempt", YEARS)
def test_another_year_is_named(attempt: str) -> None:
    unearned(changed(sound(), YEARS[attempt]), naming="年度")


def test_a_year_by_formula_that_changes_with_the_day() -> None:
    unearned(changed(sound(), years('=YEAR(TODAY())&"年度"')))


def test_a_blank_review_that_belongs_to_the_return(tmp_path) -> None:  # type: ignore[no-untyped-def]
    raw = make(0, "2021-national", details=8)
    fill_raw(raw, tmp_path / "决算.xlsx")
    unearned(tmp_path / "决算.xlsx", naming="自评表")
