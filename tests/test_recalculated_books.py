"""Books whose stored values are not what Excel makes: codes that are numbers, formulas never calculated, errors."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.support.editing import edited, recalculated_in_place
from xltool.checks import Validation, validate
from xltool.core.resources import SAMPLES
from xltool.ooxml import CellError, Editor, open_workbook
from xltool.reading import examine, read

BOOK = (SAMPLES / "sgb-2024.xlsx").read_bytes()
SPENDING, FIRST = "支出决算表", "收入支出决算总表"


def code_cells(*tables: str) -> list[tuple[str, str]]:
    """The codes of the lists of some tables."""
    located = {s.mapping.table: s.located for s in examine(BOOK).found_tables}
    return [
        (located[table].sheet.name, rows.ref(row, "科目编码"))
        for table in tables
        for rows in located[table].lists.values()
        for row in rows.rows
        if located[table].sheet.value(rows.ref(row, "科目编码"))
    ]


def numbered(*tables: str, recalculate: bool = False) -> bytes:
    """The book with the codes of some tables as numbers, as it stands or as Excel makes it."""

    def edit(editor: Editor) -> None:
        for sheet, ref in code_cells(*tables):
            editor.set(sheet, ref, Decimal(str(editor.sheet(sheet).value(ref))))
        if recalculate:
            recalculated_in_place(editor)

    return edited(BOOK, edit)


def of_codes(validation: Validation) -> list[tuple[str, ...]]:
    return [f.cells for f in validation.findings if f.rule == "ALL-01"]


@pytest.mark.parametrize("recalculate", [False, True])
@pytest.mark.parametrize("tables", [(SPENDING,), ("收入决算表", SPENDING)])
def test_codes_that_are_numbers_are_the_one_cause(
    tables: tuple[str, ...], recalculate: bool
) -> None:
    validation = validate(numbered(*tables, recalculate=recalculate))
    assert validation.verdict == "不合格"
    (cells,) = of_codes(validation)
    assert set(cells) == set(code_cells(*tables))
    failed = [f for f in validation.findings if f.failed and f.level == "error"]
    assert len(failed) > 10
    assert {(f.group, f.suspect) for f in failed} == {(1, cells[0])}
    assert {"F-06"} <= {f.rule for f in failed} or recalculate


def test_where_libreoffice_makes_something_else_is_said() -> None:
    stale = [f for f in validate(numbered(SPENDING)).findings if f.rule == "F-06"]
    assert any("按 Excel 的算法" in f.message and "不找数字" in f.message for f in stale)


def test_a_single_code_that_is_a_number_is_named() -> None:
    (cell, *_) = [c for c in code_cells(SPENDING) if c[1] == "A8"]

    def edit(editor: Editor) -> None:
        editor.set(*cell, Decimal(str(editor.sheet(cell[0]).value(cell[1]))))

    validation = validate(edited(BOOK, edit))
    assert of_codes(validation) == [(cell,)]
    assert validation.verdict == "不合格"


def test_codes_that_no_formula_looks_for_may_be_numbers() -> None:
    def edit(editor: Editor) -> None:
        for sheet in editor.workbook.sheets:
            for ref in list(editor.sheet(sheet.name).formulas()):
                editor.set(sheet.name, ref, editor.sheet(sheet.name).value(ref), over_formula=True)
        for sheet_name, ref in code_cells(SPENDING):
            editor.set(sheet_name, ref, Decimal(str(editor.sheet(sheet_name).value(ref))))

    validation = validate(edited(BOOK, edit))
    assert not of_codes(validation)
    assert validation.verdict == "合格"


def zeroed(but: Callable[[str, str], bool] = lambda sheet, ref: False) -> bytes:
    """The book as programs write it that do not calculate: every formula stores 0."""

    def edit(editor: Editor) -> None:
        for sheet in editor.workbook.sheets:
            for ref in list(editor.sheet(sheet.name).formulas()):
                if not but(sheet.name, ref):
                    editor.set_cached(sheet.name, ref, Decimal(0))

    return edited(BOOK, edit)


def test_formulas_that_nobody_calculated_are_one_sentence() -> None:
    sound = validate(BOOK)
    validation = validate(zeroed())
    own = [f for f in validation.findings if f not in sound.findings]
    assert [(f.rule, "从来没有计算过" in f.message) for f in own] == [("F-06", True)]
    assert validation.verdict == "不合格"
    assert read(zeroed()).report == read(BOOK).report


def test_one_formula_that_was_calculated_tells_the_others_to_be_wrong() -> None:
    book = zeroed(lambda sheet, ref: (sheet, ref) == (FIRST, "B30"))
    found = [f for f in validate(book).findings if f.rule == "F-06"]
    assert len(found) > 10
    assert not examine(book).never_calculated


def test_the_formula_with_a_broken_reference_is_kept() -> None:
    def edit(editor: Editor) -> None:
        editor.set_formula(FIRST, "B30", "SUM(#REF!)")
        editor.set_cached(FIRST, "B30", CellError("#REF!"))
        editor.set_cached(FIRST, "B33", CellError("#REF!"))

    book = edited(BOOK, edit)
    told = {f.ref: f.hint for f in examine(book).faults}
    assert "=SUM(#REF!)" in told["B30"] and "恢复公式" in told["B30"]
    assert "引用的 B30 也是错误值" in told["B33"] and "公式不动" in told["B33"]
    hints = [f.hint for f in validate(book).findings if f.rule == "ALL-06"]
    assert hints and not any("改成数字或清空" in hint for hint in hints)


def with_label(sheet: str, ref: str, text: str) -> bytes:
    return edited(BOOK, lambda editor: editor.set(sheet, ref, text))


def test_a_part_is_not_taken_for_the_row_whose_place_it_has() -> None:
    book = with_label(FIRST, "A7", "其中：政府性基金预算财政拨款收入")
    assert validate(book).verdict == "不合格"
    (problem,) = examine(book).problems
    assert "没有“二、政府性基金预算财政拨款收入”行" in problem.message
    assert "其中：政府性基金预算财政拨款收入" in problem.message


def test_a_row_that_the_form_has_not_is_told_with_its_title() -> None:
    def edit(editor: Editor) -> None:
        editor.set(FIRST, "A14", "其中：专项收入")
        editor.set(FIRST, "B14", Decimal("7.82"))

    assert open_workbook(io.BytesIO(BOOK).getvalue()).sheet(FIRST).value("A14") is None
    (problem,) = examine(edited(BOOK, edit)).problems
    assert "它的行写的是“其中：专项收入”" in problem.message
