"""Writing is a patch: of a book with every feature, only what was asked for changes."""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.compare import (
    MAIN,
    assert_only_cells_changed,
    assert_untouched,
    contents,
)
from tests.support.editing import edited, saved
from tests.support.feature_book import (
    ANNEX,
    ARRAY_CHILD,
    CALC_CHAIN,
    CODES,
    COVERED,
    DETAIL,
    FORM,
    FORMULA,
    INPUTS,
    LOCKED,
    SETTINGS,
    SHEET_PARTS,
    VBA,
    WITHOUT_CHAIN,
    build,
    package,
)
from tests.support.libreoffice import recalculated
from xltool.ooxml import CellError, EditError, Editor, open_workbook

BOOK = package()
PARTS = contents(BOOK)

Value = Decimal | int | str | bool | None

TEXTS: dict[str, str] = {
    "text": "甲单位",
    "formula-like": "=SUM(C6:C8)",
    "plus": "+1",
    "minus": "-1",
    "at": "@引用",
    "number-like": "001",
    "spaced": "  前后有空格 ",
    "lines": "第一行\n第二行\t止",
    "markup": '<a href="x">&amp;\'</a>]]>',
    "escape-like": "_x0041_",
    "astral": "𠮷野家",
    "long": "长" * 32_767,
}
VALUES: dict[str, Value] = {
    **TEXTS,
    "amount": Decimal("1234.56"),
    "negative": Decimal("-0.01"),
    "zero": Decimal(0),
    "integer": 307,
    "true": True,
    "false": False,
    "blank": None,
    "returns": "甲\r\n乙",
}


def cell(package: bytes, sheet: str, ref: str) -> ET.Element | None:
    root = ET.fromstring(contents(package)[SHEET_PARTS[sheet]])
    return next((c for c in root.iter(f"{MAIN}c") if c.get("r") == ref), None)


def same(read: object, value: Value | CellError) -> bool:
    """Equal and of one kind: 1 is not True, and "1" is not 1."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    return type(read) is type(value) and read == value


def test_saving_without_an_edit_copies_every_member() -> None:
    assert_untouched(BOOK, edited(BOOK, lambda editor: None))


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("sheet", INPUTS)
def test_filling_changes_the_cells_and_nothing_else(sheet: str, value: Value) -> None:
    refs, part = INPUTS[sheet], SHEET_PARTS[sheet]
    original = open_workbook(BOOK).sheet(sheet)

    def fill(editor: Editor) -> None:
        for ref in refs:
            editor.set(sheet, ref, value)

    after = edited(BOOK, fill)
    assert_untouched(BOOK, after, touched={part})
    assert_only_cells_changed(PARTS[part], contents(after)[part], refs)
    filled = open_workbook(after).sheet(sheet)
    for ref in refs:
        assert same(filled.value(ref), value), ref
        assert filled.formula(ref) is None
        if cell(BOOK, sheet, ref) is not None:
            assert filled.style(ref) == original.style(ref)


@pytest.mark.parametrize(
    ("ref", "style"),
    [("I1", 1), ("B20", 12), ("D10", 0), ("J9", 0), ("A20", 3)],
    ids=["row style", "column style, new row", "none", "beyond the columns", "column of labels"],
)
def test_a_new_cell_takes_the_style_of_its_row_or_column(ref: str, style: int) -> None:
    after = edited(BOOK, lambda editor: editor.set(FORM, ref, "新"))
    assert open_workbook(after).sheet(FORM).style(ref) == style


def test_the_dimension_holds_a_cell_put_outside() -> None:
    after = edited(BOOK, lambda editor: editor.set(CODES, "D9", 1))
    assert b'<dimension ref="A1:D9"/>' in contents(after)[SHEET_PARTS[CODES]]


@pytest.mark.parametrize("value", TEXTS.values(), ids=TEXTS)
def test_a_text_is_stored_as_text_for_other_readers(tmp_path: Path, value: str) -> None:
    path = tmp_path / "填好.xlsm"
    path.write_bytes(edited(BOOK, lambda editor: editor.set(FORM, "B7", value)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl names what it cannot keep
        found = openpyxl.load_workbook(path)[FORM]["B7"]
    assert found.data_type == "s"
    stored = found.value
    assert stored == value.replace("_x0041_", "_x005F_x0041_")


def test_a_text_with_outer_spaces_says_that_they_count() -> None:
    element = cell(edited(BOOK, lambda editor: editor.set(FORM, "B7", " 甲 ")), FORM, "B7")
    assert element is not None
    text = next(element.iter(f"{MAIN}t"))
    assert text.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"


def test_blanking_keeps_the_cell_and_its_style() -> None:
    element = cell(edited(BOOK, lambda editor: editor.set(FORM, "B7", None)), FORM, "B7")
    assert element is not None
    assert element.attrib == {"r": "B7", "s": "4"}
    assert len(element) == 0


def test_one_save_may_touch_every_sheet() -> None:
    def fill(editor: Editor) -> None:
        for sheet, refs in INPUTS.items():
            editor.set(sheet, refs[0], Decimal("0.5"))

    after = edited(BOOK, fill)
    assert_untouched(BOOK, after, touched=set(SHEET_PARTS.values()))
    for sheet, part in SHEET_PARTS.items():
        assert_only_cells_changed(PARTS[part], contents(after)[part], INPUTS[sheet][:1])


def test_a_second_edit_of_a_saved_book_starts_from_what_was_saved() -> None:
    first = edited(BOOK, lambda editor: editor.set(FORM, "C7", 1))
    second = edited(first, lambda editor: editor.set(FORM, "D7", 2))
    assert_untouched(first, second, touched={SHEET_PARTS[FORM]})
    part = SHEET_PARTS[FORM]
    assert_only_cells_changed(contents(first)[part], contents(second)[part], ["D7"])


class OneWay(io.RawIOBase):
    """A stream that cannot go back: zip writers then put sizes and checksums behind the data."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.written += memoryview(data)  # type: ignore[arg-type]
        return len(memoryview(data))  # type: ignore[arg-type]


def test_a_package_that_was_streamed_keeps_its_members_too() -> None:
    stream = OneWay()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            archive.writestr(name, data)
    book = bytes(stream.written)
    after = edited(book, lambda editor: editor.set(FORM, "C7", 1))
    assert_untouched(book, after, touched={SHEET_PARTS[FORM]})
    assert same(open_workbook(after).sheet(FORM).value("C7"), 1)


REFUSED: dict[str, tuple[str, Callable[[Editor], object]]] = {
    "covered by a merge": (COVERED[1], lambda editor: editor.set(*COVERED, "甲")),
    "covered, blanked": (COVERED[1], lambda editor: editor.set(*COVERED, None)),
    "formula": (FORMULA[1], lambda editor: editor.set(*FORMULA, 1)),
    "shared formula, first": ("E6", lambda editor: editor.set(FORM, "E6", 1)),
    "shared formula, child": ("E7", lambda editor: editor.set(FORM, "E7", 1)),
    "array formula": ("C15", lambda editor: editor.set(FORM, "C15", 1)),
    "part of an array": (ARRAY_CHILD[1], lambda editor: editor.set(*ARRAY_CHILD, 1)),
    "dynamic array": ("A4", lambda editor: editor.set(ANNEX, "A4", 1)),
    "locked": (LOCKED[1], lambda editor: editor.set(*LOCKED, "甲", unlocked_only=True)),
    "locked, absent": ("D20", lambda editor: editor.set(FORM, "D20", 1, unlocked_only=True)),
    "too fine": ("C7", lambda editor: editor.set(FORM, "C7", Decimal("0.1234567890123456789"))),
    "not a number": ("C7", lambda editor: editor.set(FORM, "C7", Decimal("NaN"))),
    "endless": ("C7", lambda editor: editor.set(FORM, "C7", Decimal("Infinity"))),
}


@pytest.mark.parametrize(("ref", "edit"), REFUSED.values(), ids=REFUSED)
def test_a_refused_edit_names_the_cell_and_changes_nothing(
    ref: str, edit: Callable[[Editor], object]
) -> None:
    editor = Editor(open_workbook(BOOK))
    with pytest.raises(EditError) as refusal:
        edit(editor)
    assert refusal.value.kind == "edit"
    assert ref in str(refusal.value)
    assert_untouched(BOOK, saved(editor))


@pytest.mark.parametrize(
    ("sheet", "ref"),
    [(FORM, "C7"), (FORM, "B20"), (DETAIL, "A1")],
    ids=["unlocked", "unlocked by its column", "locked, sheet not protected"],
)
def test_unlocked_only_lets_inputs_through(sheet: str, ref: str) -> None:
    after = edited(BOOK, lambda editor: editor.set(sheet, ref, 5, unlocked_only=True))
    assert same(open_workbook(after).sheet(sheet).value(ref), 5)


def test_a_formula_gives_way_only_when_told_and_takes_the_chain_with_it() -> None:
    after = edited(BOOK, lambda editor: editor.set(*FORMULA, Decimal("38.05"), over_formula=True))
    part = SHEET_PARTS[FORM]
    assert_untouched(BOOK, after, touched={part, CALC_CHAIN, *WITHOUT_CHAIN})
    assert_only_cells_changed(PARTS[part], contents(after)[part], [FORMULA[1]])
    found = open_workbook(after).sheet(FORM)
    assert found.formula(FORMULA[1]) is None
    assert same(found.value(FORMULA[1]), Decimal("38.05"))
    assert CALC_CHAIN not in contents(after)
    for name in WITHOUT_CHAIN:
        rest = re.sub(
            r"\s*<(?:Override|Relationship) [^>]*calcChain[^>]*/>", "", PARTS[name].decode()
        )
        assert re.sub(r"\s+", "", contents(after)[name].decode()) == re.sub(r"\s+", "", rest)


def test_overwriting_the_first_of_a_shared_formula_leaves_it_to_the_others() -> None:
    original = open_workbook(BOOK).sheet(FORM)
    after = edited(BOOK, lambda editor: editor.set(FORM, "E6", 1, over_formula=True))
    found = open_workbook(after).sheet(FORM)
    expected = {ref: text for ref, text in original.formulas().items() if ref != "E6"}
    assert expected["E8"] == "C8-D8"
    assert found.formulas() == expected
    assert all(found.value(ref) == original.value(ref) for ref in expected)


def test_setting_a_formula_keeps_the_style_and_drops_the_chain() -> None:
    after = edited(
        BOOK, lambda editor: editor.set_formula(FORM, "C7", "C6&\"<\"&'支出''s 明细'!C12")
    )
    part = SHEET_PARTS[FORM]
    assert_untouched(BOOK, after, touched={part, CALC_CHAIN, *WITHOUT_CHAIN})
    assert_only_cells_changed(PARTS[part], contents(after)[part], ["C7"])
    found = open_workbook(after).sheet(FORM)
    assert found.formula("C7") == "C6&\"<\"&'支出''s 明细'!C12"
    assert found.style("C7") == 5
    assert CALC_CHAIN not in contents(after)


CACHED = {
    "plain": (FORM, "C9", "<f>SUM(C6:C8)</f>"),
    "shared, first": (FORM, "E6", '<f t="shared" ref="E6:E8" si="0">C6-D6</f>'),
    "shared, child": (FORM, "E8", '<f t="shared" si="0"/>'),
    "array": (FORM, "C15", '<f t="array" ref="C15:D15">C12:D12*2</f>'),
    "dynamic array": (ANNEX, "A4", """<f t="array" ref="A4:A6">'收支 总表'!C6:C8*1</f>"""),
}


@pytest.mark.parametrize(("sheet", "ref", "formula"), CACHED.values(), ids=CACHED)
def test_a_cached_number_is_all_that_changes(sheet: str, ref: str, formula: str) -> None:
    after = edited(BOOK, lambda editor: editor.set_cached(sheet, ref, Decimal("-99.05")))
    part = SHEET_PARTS[sheet]
    assert_untouched(BOOK, after, touched={part})
    pattern = rf'(r="{ref}"[^>]*>{re.escape(formula)}<v>)[^<]*(</v>)'
    expected, count = re.subn(pattern, r"\g<1>-99.05\g<2>", PARTS[part].decode())
    assert count == 1
    assert contents(after)[part].decode() == expected


@pytest.mark.parametrize(
    "value",
    ["通过", "", "=1", True, CellError("#DIV/0!"), Decimal("0")],
    ids=["text", "empty text", "formula-like", "true", "error", "zero"],
)
@pytest.mark.parametrize(("sheet", "ref"), [(FORM, "C9"), (FORM, "F19"), (DETAIL, "F5")])
def test_a_cached_value_of_any_kind_keeps_formula_and_style(
    sheet: str, ref: str, value: Decimal | str | bool | CellError
) -> None:
    original = open_workbook(BOOK).sheet(sheet)
    after = edited(BOOK, lambda editor: editor.set_cached(sheet, ref, value))
    part = SHEET_PARTS[sheet]
    assert_untouched(BOOK, after, touched={part})
    assert_only_cells_changed(PARTS[part], contents(after)[part], [ref])
    found = open_workbook(after).sheet(sheet)
    assert same(found.value(ref), value)
    assert found.has_cached(ref)
    assert found.formulas() == original.formulas()
    assert found.style(ref) == original.style(ref)


def test_another_program_reads_the_same_values_and_calculates_what_was_meant(
    soffice: str,
    tmp_path: Path,
) -> None:
    filled, resized = tmp_path / "填好.xlsm", tmp_path / "增行.xlsm"
    filled.write_bytes(edited(BOOK, _fill_every_kind))
    resized.write_bytes(edited(BOOK, lambda editor: editor.resize_rows(FORM, 6, 3, 5)))
    for path, resaved in zip(
        (filled, resized), recalculated(soffice, [filled, resized], tmp_path), strict=True
    ):
        theirs = open_workbook(resaved)
        for sheet in open_workbook(path).sheets:
            found = theirs.sheet(sheet.name)
            # No filled cell feeds a formula, and blank rows change no sum: every value stays.
            expected = {ref: value for ref, value in sheet.items() if value is not None}
            assert {ref: found.value(ref) for ref in expected} == expected
            # It stores a boolean as the formula TRUE(), so it may have more of them.
            assert found.formulas().keys() >= sheet.formulas().keys()
            assert set(found.merges) == set(sheet.merges)


def _fill_every_kind(editor: Editor) -> None:
    for row, value in enumerate(TEXTS.values(), 4):
        editor.set(DETAIL, f"A{row}", value)
    editor.set(FORM, "B25", "张三")
    editor.set(FORM, "E25", Decimal("45353"))
    editor.set(DETAIL, "D4", Decimal("307.82"))
    editor.set(ANNEX, "C6", Decimal("-0.01"))
    editor.set(CODES, "B3", True)
    editor.set(SETTINGS, "B1", None)


def test_a_macro_book_stays_one(tmp_path: Path) -> None:
    source, target = tmp_path / "表.xlsm", tmp_path / "填好.xlsm"
    build(source)
    editor = Editor(open_workbook(source))
    editor.set(FORM, "C7", Decimal("1.5"))
    editor.resize_rows(FORM, 6, 3, 4)
    editor.save(target)
    found = contents(target.read_bytes())
    assert open_workbook(target).kind == "xlsm"
    assert found[VBA] == PARTS[VBA]
    assert b"sheet.macroEnabled.main+xml" in found["[Content_Types].xml"]
    assert b"vbaProject.bin" in found["xl/_rels/workbook.xml.rels"]
    assert source.read_bytes() == BOOK


def test_the_reader_sees_the_features_that_it_names() -> None:
    workbook = open_workbook(BOOK)
    states = {sheet.name: sheet.state for sheet in workbook.sheets}
    form, annex = workbook.sheet(FORM), workbook.sheet(ANNEX)
    assert workbook.kind == "xlsm"
    assert states == {
        FORM: "visible",
        DETAIL: "visible",
        ANNEX: "visible",
        CODES: "hidden",
        SETTINGS: "veryHidden",
    }
    assert workbook.protected
    assert workbook.external_links == 1
    assert form.protected
    assert form.value("B2") == "东京办事处"
    assert form.value("A1") == "收入支出决算总表"
    assert form.value("A15") == "  其中：本级 "
    assert form.value("C6") == Decimal("29.54")
    assert form.value("I3") == "备\n注"
    assert form.notes["C17"] == "财政局：与年报核对"
    assert form.number_format("C7") == "#,##0.00"
    assert not form.locked("C7")
    assert form.locked("A9")
    assert annex.hidden_rows == {6}
    assert annex.hidden_cols == {4, 5}
    assert workbook.sheet(SETTINGS).value("B2") == CellError("#N/A")
