"""What a check accuses: the right table and cell, and nothing that follows from another fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest

from tests.support.documents import make
from tests.support.editing import edited, hide_row, recalculated_in_place, saved
from tests.support.terminal import xltool
from xltool.checks import Validation, validate
from xltool.checks.context import Context
from xltool.checks.explaining import unused
from xltool.checks.explanations import COLUMNS, Explanation
from xltool.checks.findings import Finding
from xltool.checks.validation import settle
from xltool.core.cellref import CellRef
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.documents.load import from_raw
from xltool.filling import filled_workbooks
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import Editor, open_workbook
from xltool.reading.facts import facts
from xltool.reporting.html import render
from xltool.reporting.summary import headline
from xltool.reporting.text.terminal import lines as told
from xltool.reporting.workbook.annotate import annotate
from xltool.rules.judging import judge
from xltool.rules.values import Quantity

INCOME, SPENDING = "收入决算表", "支出决算表"
REVIEW = "部门整体绩效自评表"


@lru_cache(maxsize=2)
def book() -> bytes:
    """A right workbook in 万元 with two decimals; totals that do not add up are figures."""
    raw = make(20, "2023-national", details=10, unit="万元", printed=True)
    editor = filled_workbooks(*from_raw(raw), totals="given")[0]
    return edited(saved(editor), recalculated_in_place)


def after(edit: Callable[[Editor], object]) -> Validation:
    return validate(edited(book(), edit))


@lru_cache(maxsize=1)
def clean() -> Context:
    return validate(book()).context


def head_cells(unit_of: Callable[[str], bool]) -> list[tuple[str, str, str]]:
    """Sheet, address and text of the cells in which the sheets print 万元, of some tables."""
    found = []
    for found_table in clean().reading.found_tables:
        if "金额单位" not in found_table.heads or not unit_of(found_table.mapping.table):
            continue
        sheet = found_table.located.sheet
        for ref, text in found_table.located.labels.items():
            if "{金额单位}" in text:
                found.append((sheet.name, ref, str(sheet.value(ref))))
    return found


def printing(unit: str, unit_of: Callable[[str], bool]) -> Validation:
    def edit(editor: Editor) -> None:
        for sheet, ref, text in head_cells(unit_of):
            editor.set(sheet, ref, text.replace("金额单位：万元", unit))

    return after(edit)


def printing_yuan(unit_of: Callable[[str], bool]) -> Validation:
    return printing("金额单位：元", unit_of)


def item_cell(column: str = "基本支出", table: str = SPENDING) -> CellRef:
    rows = clean().report.tables[table][0].lists["明细"]
    place: Place = next(
        RowPlace(table, 0, "明细", n, column)
        for n, row in enumerate(rows)
        if len(str(row["科目编码"])) == 7 and row.get(column)
    )
    cell = clean().cell(place)
    assert cell is not None
    return cell


def test_a_sheet_that_prints_another_unit_is_the_cause_and_no_other_table_is_accused() -> None:
    validation = printing_yuan(lambda table: table == SPENDING)
    assert not [f for f in validation.findings if f.rule == "C-04"]
    first = validation.findings[0]
    assert (first.rule, first.table) == ("ALL-05", SPENDING)
    grouped = {f.rule for f in validation.findings if f.group == first.group}
    assert {"X-02", "X-05"} <= grouped


def test_the_table_whose_form_fixes_its_unit_is_not_to_blame_for_what_all_others_print() -> None:
    validation = printing_yuan(lambda table: table != REVIEW)
    accused = [f.message for f in validation.findings if f.rule == "C-04"]
    assert len(accused) == 1
    assert accused[0].startswith("各表印的金额单位是“元”")
    assert "本表单位是元" not in accused[0]


def read_tables(validation: Validation) -> set[str]:
    """The tables that have facts."""
    return {block.table for block in facts(validation.reading).blocks if block.size}


@pytest.mark.parametrize("unit", ["千元", "百万元", "亿元", "美元"])
def test_an_unknown_unit_is_told_at_its_cell_and_nothing_is_read_in_it(unit: str) -> None:
    validation = printing(f"金额单位：{unit}", lambda table: table != REVIEW)
    assert validation.verdict == "不合格"
    told = [f for f in validation.findings if f.rule == "ALL-05"]
    heads = head_cells(lambda table: table != REVIEW)
    assert [f.cells for f in told] == [((sheet, ref),) for sheet, ref, _ in heads]
    assert {f.message for f in told} == {f"金额单位写作“{unit}”，本工具只认元、万元"}
    assert {f.rule for f in slips(validation)} == {"ALL-05"}
    assert validation.context.report.unit == ""
    assert not [f for f in read_tables(validation) if f != REVIEW]
    assert validation.ledger.lines["C-04"].outcome == "未执行"
    assert "万元" not in headline(validation)
    assert render(validation, file="账.xlsx").count("不知道金额单位，没有参加审核") == len(heads)


def test_an_unknown_unit_on_one_sheet_leaves_the_others_as_they_are() -> None:
    validation = printing("单位：千元", lambda table: table == SPENDING)
    assert validation.verdict == "不合格"
    assert [(f.rule, f.table) for f in slips(validation)] == [("ALL-05", SPENDING)]
    assert validation.context.report.unit == "万元"
    assert SPENDING not in read_tables(validation)
    assert validation.ledger.lines["X-02"].outcome == "未执行"


def test_a_sheet_without_a_unit_is_read_as_the_others_and_told() -> None:
    validation = printing("", lambda table: table == SPENDING)
    (told,) = slips(validation)
    assert (told.rule, told.level, told.sheet) == ("S-02", "warning", sheet_of(SPENDING))
    assert "现按其他表的“万元”读" in told.message


def test_a_unit_printed_nowhere_is_not_taken_from_the_table_whose_form_fixes_it() -> None:
    validation = printing("", lambda table: table != REVIEW)
    assert validation.verdict == "不合格"
    (told,) = slips(validation)
    assert "找不到金额单位" in told.message
    assert validation.context.report.unit == ""


def without_year(editor: Editor) -> None:
    for sheet in editor.workbook.sheets:
        for ref, text in list(sheet.items()):
            if isinstance(text, str) and re.search(r"20\d\d年度", text):
                editor.set(sheet.name, ref, re.sub(r"20\d\d", "", text))


def test_without_a_year_no_check_of_years_is_made_and_no_heading_has_one(tmp_path: Path) -> None:
    validation = after(without_year)
    assert ["找不到年度" in f.message for f in slips(validation)] == [True]
    lines = validation.ledger.lines
    for rule in ("ALL-02", "S-05", "T04-01", "SOE-01"):
        assert (lines[rule].outcome, lines[rule].reason) == ("未执行", "没有年度"), rule
    marked = tmp_path / "标注.xlsx"
    annotate(validation, marked)
    result = result_sheet(open_workbook(marked))
    assert result is not None
    texts = [headline(validation), render(validation, file="账.xlsx"), *told(validation)]
    texts += [str(value) for _, value in result.items()]
    assert not [text for text in texts if "0年度" in text]


def test_names_are_checked_without_a_year_too() -> None:
    table, sheet = SPENDING, sheet_of(SPENDING)
    code, ref = item_cell("科目编码"), item_cell("科目名称")[1]

    def edit(editor: Editor) -> None:
        without_year(editor)
        editor.set(sheet, ref, "小学教肓")

    (wrong,) = [f for f in after(edit).findings if f.rule == "ALL-02"]
    assert (wrong.table, wrong.cells) == (table, (code,))


def slips(validation: Validation) -> list[Finding]:
    """What fails, hints aside: totals that are figures stand in the right book too."""
    return [f for f in validation.findings if f.failed and f.level != "info"]


def sheet_of(table: str) -> str:
    return next(
        s.located.sheet.name for s in clean().reading.found_tables if s.mapping.table == table
    )


def test_what_is_finer_than_a_cent_on_a_sheet_of_the_wrong_unit_goes_with_it() -> None:
    cell = item_cell()

    def edit(editor: Editor) -> None:
        for sheet, ref, text in head_cells(lambda table: table == SPENDING):
            editor.set(sheet, ref, text.replace("万元", "元"))
        editor.set(*cell, Decimal("1.234"))

    validation = after(edit)
    (fine,) = [f for f in validation.findings if f.rule == "C-02"]
    assert fine.cells == (cell,)
    assert fine.group == validation.findings[0].group != 0


def test_a_table_filled_in_yuan_takes_its_own_failures_along() -> None:
    def edit(editor: Editor) -> None:
        for place, (sheet, ref) in clean().reading.places.items():
            value = clean().value(place)
            if place[0] == SPENDING and isinstance(value, Decimal):
                editor.set(sheet, ref, value * 10000, over_formula=True)

    validation = after(edit)
    (cause,) = [f for f in validation.findings if f.rule == "C-04"]
    assert f"“{SPENDING}”" in cause.message and "像是以元填列；本表单位是万元" in cause.message
    failed = [f for f in validation.findings if f.outcome == "不符" and f.left]
    assert failed and {f.group for f in failed if f.table == SPENDING} == {cause.group}


@pytest.mark.parametrize("content", ["无", "1.2.3"])
def test_no_slip_is_guessed_where_a_cell_cannot_be_read(content: str) -> None:
    cell = item_cell()
    validation = after(lambda e: (e.set(*cell, content), recalculated_in_place(e)))
    assert not [f for f in validation.findings if f.expected is not None]
    assert {f.suspect for f in validation.findings} <= {None, cell}
    assert not [f for f in validation.findings if "很可能" in f.hint or "（空）" in f.message]


def test_a_stale_total_is_the_cause_and_is_recalculated_not_overwritten() -> None:
    cell = clean().cell(FieldPlace(SPENDING, 0, ("合计", "基本支出")))
    assert cell is not None
    old = clean().value(FieldPlace(SPENDING, 0, ("合计", "基本支出")))
    assert isinstance(old, Decimal)
    validation = after(lambda e: e.set_cached(*cell, old + 5))
    first = validation.findings[0]
    assert (first.rule, first.cells) == ("F-06", (cell,))
    assert (first.table, first.where) == (SPENDING, f"{SPENDING} 合计·基本支出"), "not an address"
    mates = [f for f in validation.findings if f.group == first.group]
    assert len(mates) > 1
    assert not [f for f in validation.findings if f.expected is not None or "改为" in f.hint]
    assert "F9" in first.hint


def test_an_explanation_of_a_pasted_value_is_void_when_the_value_changes(tmp_path: Path) -> None:
    cell = clean().cell(FieldPlace(SPENDING, 0, ("合计", "基本支出")))
    assert cell is not None
    one = after(lambda e: e.set(*cell, Decimal("1.23"), over_formula=True))
    two = after(lambda e: e.set(*cell, Decimal("4.56"), over_formula=True))
    told = next(f for f in one.findings if f.rule == "F-01" and cell in f.cells)
    written = Explanation(told.rule, told.where, "", "", "系统导出", told.message)
    assert not unused(one.findings, [written])
    assert unused(two.findings, [written]) == [written]
    settle(two, [written])
    assert not [f for f in two.findings if f.rule == "F-01" and f.settled]


def test_explanations_that_match_nothing_are_named(tmp_path: Path) -> None:
    file, table = tmp_path / "表.xlsx", tmp_path / "说明.csv"
    file.write_bytes(book())
    table.write_text(f"{','.join(COLUMNS)}\nP-04,没有这个位置,1,2,已核实\n", encoding="utf-8")
    result = xltool("validate", file, "--explanations", table, folder=tmp_path)
    assert "P-04 没有这个位置“已核实”没有对应的问题，或数已变、作废" in result.err


def test_quotients_that_differ_in_the_last_digit_of_a_cell_are_the_same() -> None:
    one, three = Decimal(1), Decimal(3)
    left = Quantity(Decimal("0.333333333333333"), False, False)
    assert judge(left, "=", Quantity(one / three, False, False), Decimal("0.0001")) == "通过"
    cents = Quantity(Decimal("1234567890123.45"), False, False)
    more = Quantity(Decimal("1234567890123.46"), False, False)
    assert judge(cents, "=", more, Decimal(0)) == "不符"


def test_a_ratio_is_told_in_percent() -> None:
    place = FieldPlace(REVIEW, 0, ("预算情况", "部门预算总额", "执行率"))
    cell = clean().cell(place)
    assert cell is not None
    validation = after(lambda e: e.set(*cell, Decimal("0.5"), over_formula=True))
    told = [f.message for f in validation.findings if f.rule == "X-18" and f.outcome == "不符"]
    assert len(told) == 1
    assert "执行率 50%" in told[0] and told[0].endswith("%")


def test_a_project_review_with_a_single_indicator_is_as_its_form() -> None:
    raw = make(5, "2023-national", details=3)
    raw["表"] |= {
        "项目支出绩效自评表": [
            {
                "项目名称": "平台运维",
                "绩效指标": [{"一级指标": "产出指标", "三级指标": "数量", "分值": 90, "得分": 90}],
            }
        ]
    }
    books = filled_workbooks(*from_raw(raw), totals="formula")
    told = [f.rule for b in books for f in validate(saved(b)).findings]
    assert "F-03" not in told


def test_a_book_of_values_has_no_formulas_that_could_have_passed() -> None:
    def paste(editor: Editor) -> None:
        for sheet in editor.sheets().values():
            for ref in sheet.formulas():
                editor.set(sheet.name, ref, sheet.value(ref) or None, over_formula=True)

    validation = after(paste)
    line = validation.ledger.lines["F-01"]
    assert (line.outcome, line.reason) == ("不适用", "全簿没有公式，是数值版")
    assert validation.ledger.lines["F-08"].outcome == "不符"


def test_numbers_of_the_columns_are_no_hidden_figures() -> None:
    found_table = next(s for s in clean().reading.found_tables if s.mapping.table == INCOME)
    numbers = found_table.located.mapping.numbers
    assert numbers is not None
    row = found_table.located.moved(numbers.row)
    validation = after(lambda e: hide_row(e, found_table.located.sheet.name, row))
    assert open_workbook(book()).sheet(found_table.located.sheet.name).value(f"E{row}") is not None
    assert not [f for f in validation.findings if f.rule == "S-03"]


def test_a_code_in_full_width_digits_is_the_fault_that_sums_by_code_stumble_over() -> None:
    sheet, ref = item_cell("科目编码")
    code = str(open_workbook(book()).sheet(sheet).value(ref))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    found = [f for f in after(lambda e: e.set(sheet, ref, wide)).findings if f.rule == "ALL-01"]
    assert [(f.cells, f.outcome, code in f.hint) for f in found] == [
        (((sheet, ref),), "不符", True)
    ]


@pytest.mark.parametrize("odd", [" {} ", "{} ", "\u3000{}", "\u00a0{}", "{}\n"])
def test_spaces_around_a_code_are_a_fault_where_formulas_sum_by_it(odd: str) -> None:
    sheet, ref = item_cell("科目编码")
    code = str(open_workbook(book()).sheet(sheet).value(ref))
    validation = after(lambda e: e.set(sheet, ref, odd.format(code)))
    (found,) = [f for f in validation.findings if f.rule == "ALL-01"]
    assert (found.cells, found.level, code in found.hint) == (((sheet, ref),), "error", True)


def test_spaces_before_a_code_are_how_published_tables_indent() -> None:
    sheet, ref = item_cell("科目编码")
    code = str(open_workbook(book()).sheet(sheet).value(ref))

    def edit(editor: Editor) -> None:
        for name in [s.name for s in editor.workbook.sheets]:
            for cell in list(editor.sheet(name).formulas()):
                editor.set(name, cell, editor.sheet(name).value(cell), over_formula=True)
        editor.set(sheet, ref, f"  {code}")

    assert not [f for f in after(edit).findings if f.rule == "ALL-01"]


@pytest.mark.parametrize("char", ["\u200b", "\ufeff", "\u200e", "\u00ad", " "])
def test_a_code_with_something_invisible_in_it_is_told_without_it(char: str) -> None:
    sheet, ref = item_cell("科目编码")
    code = str(open_workbook(book()).sheet(sheet).value(ref))
    validation = after(lambda e: e.set(sheet, ref, f"{code[:5]}{char}{code[5:]}"))
    (found,) = [f for f in validation.findings if f.rule == "ALL-01" and f.cells == ((sheet, ref),)]
    assert found.message == f"科目编码 {code} 里夹着空格或看不见的字符，重新录入"


def test_a_total_that_was_emptied_is_no_reason_to_wipe_its_parts() -> None:
    table = "一般公共预算财政拨款基本支出决算表"
    located = clean().located[table, 0]
    sheet, codes = located.sheet, located.codes["明细"]
    parent = next(
        code
        for code in codes
        if len(code) == 3 and sum(bool(sheet.value(codes[c])) for c in codes if c[:3] == code) > 2
    )
    found = after(lambda e: e.set(sheet.name, codes[parent], None, over_formula=True)).findings
    parts = [f for f in found if f.rule == "T06-01" and f.outcome == "不符"]
    assert parts
    assert not any("改为 0.00" in f.hint for f in found)
    assert all(f.suspect in (None, (sheet.name, codes[parent])) for f in parts)


def test_a_cent_in_a_thousand_million_is_a_stale_value() -> None:
    from xltool.checks.storedvalues import same_value

    assert not same_value(Decimal("123456789.10"), Decimal("123456789.01"))
    assert same_value(Decimal("99999999999.00"), Decimal("99999999999.000002"))
    assert not same_value(True, Decimal(1))


def test_a_formula_that_stores_no_value_is_not_called_blank() -> None:
    sheet, ref = item_cell("本年支出合计")
    (found,) = [
        f
        for f in after(lambda e: e.set_formula(sheet, ref, "1+1")).findings
        if f.rule in ("F-03", "F-04")
    ]
    assert f"{ref} 2.00" in found.message  # what it recalculates to
