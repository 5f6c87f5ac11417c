"""Resizing a block of rows in a book with every feature: all that stands below moves, exactly.

The expected book is not computed from the edited one: it is the feature book as it would be, had
its block been made with so many rows.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.compare import (
    assert_only_cells_changed,
    assert_same_meaning,
    assert_untouched,
    contents,
)
from tests.support.editing import edited, saved
from tests.support.feature_book import (
    ANNEX,
    BLOCK_FIRST,
    BLOCK_ROWS,
    CALC_CHAIN,
    DETAIL,
    FORM,
    WITHOUT_CHAIN,
    package,
    parts,
)
from tests.support.feature_book.resized import (
    COMMENTS,
    DETAIL_FORMULAS,
    DETAILS,
    FORM_FORMULAS,
    LISTS,
    MERGES,
    NAMES,
    SHEET,
    TABLE,
    WORKBOOK,
)
from xltool.ooxml import EditError, Editor, open_workbook

BOOK = package()
PARTS = parts()
# What knows row numbers of the form sheet, found by making the book in two sizes.
MOVED = {name for name, data in parts(BLOCK_ROWS + 2).items() if data != PARTS[name]}
MAY_CHANGE = MOVED | {CALC_CHAIN, *WITHOUT_CHAIN}

PREFIXES = {
    "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "vml": "urn:schemas-microsoft-com:office:excel",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "tc": "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments",
}


def resized(want: int, book: bytes = BOOK, have: int = BLOCK_ROWS) -> bytes:
    return edited(book, lambda editor: editor.resize_rows(FORM, BLOCK_FIRST, have, want))


def listed(package: bytes, part: str, what: str) -> list[str]:
    """The values of `what` in document order: `prefix:tag@attribute`, or `prefix:tag` for texts."""
    tag, _, attribute = what.partition("@")
    prefix, _, name = tag.partition(":")
    elements = ET.fromstring(contents(package)[part]).iter(f"{{{PREFIXES[prefix]}}}{name}")
    values = (
        e.get(attribute) if attribute else (e.text or "").replace(", ", ",") for e in elements
    )
    return [value for value in values if value]


@pytest.mark.parametrize("want", [1, 2, 4, 5, 9, 60])
def test_a_resized_book_is_the_book_made_in_that_size(want: int) -> None:
    after = resized(want)
    assert_untouched(BOOK, after, touched=MAY_CHANGE)
    assert_same_meaning(parts(want, chain=False), contents(after))


@pytest.mark.parametrize("want", [5, 2])
@pytest.mark.parametrize(("part", "what", "five", "two"), LISTS.values(), ids=LISTS)
def test_each_feature_below_moves(part: str, what: str, five: str, two: str, want: int) -> None:
    expected = five if want == 5 else two
    values = [value for value in re.split(r"\|" if "|" in expected else " ", expected) if value]
    assert listed(resized(want), part, what) == values


@pytest.mark.parametrize("want", [5, 2])
def test_merges_move_grow_and_are_copied_with_the_rows(want: int) -> None:
    after = resized(want)
    assert sorted(listed(after, SHEET, "x:mergeCell@ref")) == sorted(MERGES[want].split())
    merges = {str(merge) for merge in open_workbook(after).sheet(FORM).merges}
    assert merges == set(MERGES[want].split())


@pytest.mark.parametrize("want", [5, 2])
def test_names_follow(want: int) -> None:
    found = {
        name.name: name.text
        for name in open_workbook(resized(want)).defined_names
        if name.sheet in (None, FORM)
    }
    assert {name: found[name] for name in NAMES} == {
        name: texts[want == 2] for name, texts in NAMES.items()
    }


@pytest.mark.parametrize("want", [5, 2])
def test_formulas_of_every_sheet_follow(want: int) -> None:
    workbook = open_workbook(resized(want))
    expected = open_workbook(package(want))
    for sheet, formulas in ((FORM, FORM_FORMULAS), (DETAIL, DETAIL_FORMULAS)):
        found = workbook.sheet(sheet).formulas()
        named = formulas.get(want, {})
        assert {ref: found.get(ref) for ref in named} == named
        assert found.keys() == expected.sheet(sheet).formulas().keys()
    spilled = workbook.sheet(ANNEX).formulas()
    assert spilled == {"A4": f"'收支 总表'!C6:C{BLOCK_FIRST + want - 1}*1"}


@pytest.mark.parametrize("want", [1, 2, 5, 9])
def test_values_styles_and_locks_move_with_their_rows(want: int) -> None:
    editor = Editor(open_workbook(BOOK))
    editor.resize_rows(FORM, BLOCK_FIRST, BLOCK_ROWS, want)
    expected = open_workbook(package(want))
    for found in (open_workbook(saved(editor)).sheet(FORM), editor.sheet(FORM)):
        made = expected.sheet(FORM)
        assert dict(found.items()) == dict(made.items())
        for ref in [*made.refs(), f"B{BLOCK_FIRST + want - 1}", f"F{BLOCK_FIRST + want - 1}"]:
            assert found.style(ref) == made.style(ref), ref
            assert found.locked(ref) == made.locked(ref), ref
            assert found.has_cached(ref) == made.has_cached(ref), ref


@pytest.mark.parametrize("want", [2, 5])
def test_rows_above_keep_their_bytes(want: int) -> None:
    before, after = PARTS[SHEET].decode(), contents(resized(want))[SHEET].decode()
    assert _rows(after, 1, 5) == _rows(before, 1, 5)


def _rows(xml: str, first: int, last: int) -> str:
    return xml[xml.index(f'<row r="{first}"') : xml.index(f'<row r="{last + 1}"')]


def test_the_same_size_changes_nothing() -> None:
    assert_untouched(BOOK, resized(BLOCK_ROWS))


@settings(max_examples=12, deadline=None)
@given(more=st.integers(1, 40), saved_between=st.booleans())
def test_growing_and_shrinking_gives_the_book_back(more: int, saved_between: bool) -> None:
    large = BLOCK_ROWS + more
    if saved_between:
        after = resized(BLOCK_ROWS, resized(large), have=large)
    else:

        def there_and_back(editor: Editor) -> None:
            editor.resize_rows(FORM, BLOCK_FIRST, BLOCK_ROWS, large)
            editor.resize_rows(FORM, BLOCK_FIRST, large, BLOCK_ROWS)

        after = edited(BOOK, there_and_back)
    assert_untouched(BOOK, after, touched=MAY_CHANGE)
    assert_same_meaning(parts(chain=False), contents(after))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(BLOCK_ROWS, 20), min_size=1, max_size=4))
def test_several_steps_end_where_one_would(sizes: list[int]) -> None:
    def walk(editor: Editor) -> None:
        have = BLOCK_ROWS
        for want in sizes:
            editor.resize_rows(FORM, BLOCK_FIRST, have, want)
            have = want

    chain = all(size == BLOCK_ROWS for size in sizes)
    assert_same_meaning(parts(sizes[-1], chain=chain), contents(edited(BOOK, walk)))


def test_cells_are_filled_where_they_stand_before_and_after() -> None:
    def fill(editor: Editor) -> None:
        editor.set(FORM, "C16", Decimal("11.5"))
        editor.resize_rows(FORM, BLOCK_FIRST, BLOCK_ROWS, 5)
        editor.set(FORM, "B9", "2010350")
        editor.set(FORM, "C10", Decimal("7.77"))
        editor.set(FORM, "D18", Decimal("12.5"))
        editor.set_cached(FORM, "C11", Decimal("45.81"))

    found = open_workbook(edited(BOOK, fill)).sheet(FORM)
    read = {ref: found.value(ref) for ref in ("B9", "C10", "C11", "C18", "D18", "C16")}
    assert read == {
        "B9": "2010350",
        "C10": Decimal("7.77"),
        "C11": Decimal("45.81"),
        "C18": Decimal("11.5"),
        "D18": Decimal("12.5"),
        "C16": Decimal(7),
    }
    assert found.formula("C11") == "SUM(C6:C10)"


def test_resizing_one_sheet_leaves_the_same_rows_of_another() -> None:
    after = edited(BOOK, lambda editor: editor.resize_rows(DETAIL, 4, 3, 5))
    assert_untouched(BOOK, after, touched={SHEET, DETAILS, WORKBOOK, CALC_CHAIN, *WITHOUT_CHAIN})
    assert_only_cells_changed(PARTS[SHEET], contents(after)[SHEET], ["G19"])
    workbook, before = open_workbook(after), open_workbook(BOOK)
    form = before.sheet(FORM).formulas()
    assert workbook.sheet(FORM).formulas() == {**form, "G19": "'支出''s 明细'!C14"}
    found = workbook.sheet(DETAIL).formulas()
    moved = {ref: found[ref] for ref in ("E4", "F6", "F8", "G6", "E12", "E15")}
    assert moved == {
        "E4": "'收支 总表'!C9",
        "F6": "'收支 总表'!C9",
        "F8": "'收支 总表'!C11",
        "G6": "C11+'收支 总表'!C9",
        "E12": "SUM(C4:C14)",
        "E15": "\"'收支 总表'!C9\"&C14",
    }
    assert listed(after, DETAILS, "x:conditionalFormatting@sqref") == ["C4:C14"]
    assert listed(after, DETAILS, "x:formula") == ["'收支 总表'!$C$9"]
    assert listed(after, DETAILS, "x:autoFilter@ref") == ["B3:E14"]
    assert "'支出''s 明细'!$B$3:$E$14" in listed(after, WORKBOOK, "x:definedName")


def test_totals_over_a_block_of_one_row_take_in_the_rows_it_grows() -> None:
    workbook = open_workbook(resized(BLOCK_ROWS, resized(1), have=1))
    form = workbook.sheet(FORM).formulas()
    assert {ref: form[ref] for ref in ("C9", "D9", "H9", "E8")} == {
        "C9": "SUM(C6:C8)",
        "D9": "SUM(D6:D8)",
        "H9": "SUM($C$6:$C$8)/2",
        "E8": "C8-D8",
    }
    assert workbook.sheet(DETAIL).formula("E5") == "SUM('收支 总表'!C6:C8)"
    names = {name.name: name.text for name in workbook.defined_names}
    assert names["明细金额"] == "'收支 总表'!$C$6:$C$8"


def test_a_block_inside_a_table_takes_the_table_along() -> None:
    after = edited(BOOK, lambda editor: editor.resize_rows(FORM, 22, 3, 5))
    assert listed(after, TABLE, "x:table@ref") == ["A21:C26"]
    assert listed(after, TABLE, "x:autoFilter@ref") == ["A21:C26"]
    found = open_workbook(after).sheet(FORM)
    assert [found.value(f"C{row}") for row in (24, 25, 26)] == [Decimal(300), None, None]
    assert found.value("A27") == "单位负责人："
    assert listed(after, COMMENTS, "x:comment@ref") == ["B2", "C6", "C7", "C17", "C18"]


@pytest.mark.parametrize(
    ("sheet", "first", "have", "want"),
    [
        (FORM, 6, 0, 2),
        (FORM, 6, 3, 0),
        (FORM, 6, 3, -1),
        (FORM, 0, 3, 4),
        (FORM, 20, 3, 1),
        (ANNEX, 4, 2, 4),
        (ANNEX, 5, 1, 2),
        (FORM, 6, 3, 1_048_576),
    ],
    ids=[
        "no row",
        "none wanted",
        "fewer than none",
        "above the sheet",
        "head of a table",
        "across an array",
        "inside an array",
        "beyond the sheet",
    ],
)
def test_what_would_break_the_sheet_is_refused(
    sheet: str, first: int, have: int, want: int
) -> None:
    editor = Editor(open_workbook(BOOK))
    with pytest.raises(EditError) as refusal:
        editor.resize_rows(sheet, first, have, want)
    assert sheet in str(refusal.value)
    assert_untouched(BOOK, saved(editor))
