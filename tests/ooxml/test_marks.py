"""Marking cells by tagged conditional formats, and taking the marks off."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.support.additions import BOOKS, LISTS, left_behind, parts_that_differ, with_styles
from tests.support.compare import assert_untouched, contents
from tests.support.editing import edited, saved
from tests.support.feature_book import ANNEX, DETAIL, FORM, SHEET_PARTS
from tests.support.feature_book import package as feature_package
from tests.support.packages import SHEET1
from xltool.ooxml import EditError, Editor, Look, open_workbook

RED = Look(bold=True, colour="9C0006", fill="FFC7CE", border="C00000")
YELLOW = Look(fill="FFEB9C")
TAG = "审核:error"
RULE = re.compile(
    r'<conditionalFormatting sqref="([^"]*)"><cfRule type="(\w+)" dxfId="(\d+)" priority="(\d+)">'
    r"<formula>([^<]*)</formula></cfRule></conditionalFormatting>"
)


def mark(editor: Editor) -> None:
    for name in editor.sheets():
        editor.mark(name, {RED: ["B2", "C2"], YELLOW: ["D9"]}, TAG)


def text(book: bytes, part: str = SHEET1) -> str:
    return contents(book)[part].decode()


def priorities(sheet: str) -> list[str]:
    return re.findall(r'priority="(\d+)"', sheet)


@pytest.mark.parametrize("book", BOOKS.values(), ids=BOOKS.keys())
def test_marks_come_off_without_a_trace(book: Callable[[], bytes]) -> None:
    assert left_behind(book(), mark, lambda editor: editor.unmark(TAG)) == []


def test_a_mark_is_a_rule_that_always_holds_with_a_format_of_its_own() -> None:
    marked = edited(with_styles(f"{LISTS}<dxfs><dxf/></dxfs>"), mark)
    rules = RULE.findall(text(marked))
    assert rules == [
        ("B2 C2", "expression", "1", "1", f'N("{TAG}")=0'),
        ("D9", "expression", "2", "2", f'N("{TAG}")=0'),
    ]
    formats = re.findall(r"<dxf(?:/|>.*?</dxf)>", text(marked, "xl/styles.xml"))
    assert formats[0] == "<dxf/>"
    assert "FFFFC7CE" in formats[1]
    assert '<left style="thin"><color rgb="FFC00000"/>' in formats[1]
    assert "FFFFEB9C" in formats[2]


def test_only_the_sheet_and_the_styles_change_and_no_cell() -> None:
    book = feature_package()
    marked = edited(book, lambda editor: editor.mark(FORM, {RED: ["C7", "E5"]}, TAG))
    assert_untouched(book, marked, touched=[SHEET_PARTS[FORM], "xl/styles.xml"])
    sheet = text(marked, SHEET_PARTS[FORM])
    own = [match[0] for match in RULE.finditer(sheet) if TAG in match[0]]
    assert len(own) == 1
    assert sheet.replace(own[0], "") == text(book, SHEET_PARTS[FORM])
    view = open_workbook(marked).sheet(FORM)
    assert view.protected
    assert view.style("C7") == open_workbook(book).sheet(FORM).style("C7")


def test_formats_that_cells_and_rules_use_keep_their_numbers() -> None:
    book = feature_package()
    marked = edited(book, mark)
    before, after = text(book, "xl/styles.xml"), text(marked, "xl/styles.xml")
    start, end = before.index("<dxfs"), before.index("</dxfs>")
    grown = before[start:end].replace('count="4"', 'count="6"')
    assert after.startswith(before[:start] + grown.rstrip(" "))
    assert after.endswith(before[end:])


def test_the_same_look_on_several_sheets_is_one_format() -> None:
    marked = edited(feature_package(), mark)
    assert (
        text(marked, "xl/styles.xml").count('<color rgb="FF9C0006"/></font><fill><patternFill ')
        == 1
    )
    ids = {
        match[3]
        for name in (FORM, DETAIL, ANNEX)
        for match in RULE.finditer(text(marked, SHEET_PARTS[name]))
        if TAG in match[5] and match[1] != "D9"
    }
    assert len(ids) == 1


def test_merged_cells_are_marked_whole_and_neighbours_together() -> None:
    book = feature_package()
    marked = edited(
        book, lambda e: e.mark(FORM, {RED: ["A1", "C7", "C8", "$c$9", "F6", "E7"]}, TAG)
    )
    ours = [m[1] for m in RULE.finditer(text(marked, SHEET_PARTS[FORM])) if TAG in m[5]]
    assert ours == ["A1:H1 C7:C9 E7 F6:G6"]


@pytest.mark.parametrize(
    ("present", "ours"),
    [([], [1, 2]), ([1, 2], [3, 4]), ([3, 7], [1, 2]), ([2, 3], [4, 5]), ([12], [10, 11])],
)
def test_the_order_of_other_rules_stays_and_no_priority_is_used_twice(
    present: list[int], ours: list[int]
) -> None:
    rules = "".join(
        f'<conditionalFormatting sqref="A{n}"><cfRule type="expression" priority="{n}"><formula>1'
        "</formula></cfRule></conditionalFormatting>"
        for n in present
    )
    marked = text(edited(with_styles(LISTS, after=rules), mark))
    assert rules in marked
    assert priorities(marked) == [str(n) for n in [*present, *ours]]


def test_priorities_of_rules_in_extensions_count_too() -> None:
    marked = edited(feature_package(), mark)
    found = priorities(text(marked, SHEET_PARTS[FORM]))
    assert len(found) == len(set(found))


def test_the_rule_stands_where_the_schema_wants_it() -> None:
    after = '<mergeCells count="1"><mergeCell ref="F1:G1"/></mergeCells><pageMargins left="1"/>'
    marked = text(edited(with_styles(LISTS, after=after), mark))
    order = ["</sheetData>", "</mergeCells>", "<conditionalFormatting", "<pageMargins"]
    places = [marked.index(piece) for piece in order]
    assert places == sorted(places)


def test_other_tags_and_other_rules_of_the_same_cells_stay() -> None:
    rule = '<cfRule type="cellIs" dxfId="0" priority="4" operator="equal"><formula>1</formula></cfRule>'
    ours = f'<cfRule type="expression" dxfId="1" priority="9"><formula>N( "{TAG}" ) = 0</formula></cfRule>'
    shared = f'<conditionalFormatting sqref="B2">{rule}{ours}</conditionalFormatting>'
    book = with_styles(f"{LISTS}<dxfs><dxf/><dxf><font/></dxf></dxfs>", after=shared)
    other = edited(book, lambda editor: editor.mark("表", {YELLOW: ["B2"]}, "别的"))
    cleaned = edited(other, lambda editor: editor.unmark(TAG))
    assert text(cleaned) == text(other).replace(ours, "")
    assert parts_that_differ(other, cleaned) == [SHEET1]


def test_a_format_that_others_use_stays() -> None:
    book = edited(with_styles(LISTS), mark)
    rule = '<conditionalFormatting sqref="Z1"><cfRule type="expression" dxfId="1" priority="9">'
    editor = Editor(open_workbook(book))
    shell = editor.text_of(SHEET1).shell
    tail = f"{rule}<formula>1</formula></cfRule></conditionalFormatting></worksheet>"
    editor.text_of(SHEET1).set_shell(shell.replace("</worksheet>", tail))
    editor.unmark(TAG)
    left = text(saved(editor), "xl/styles.xml")
    assert "FFFFEB9C" in left
    assert "FFFFC7CE" in left, "a format before one that is used must keep its place"
    assert "<dxfs><dxf><font>" in left


def test_a_bad_reference_marks_nothing() -> None:
    book = with_styles(LISTS)
    editor = Editor(open_workbook(book))
    with pytest.raises(EditError, match="无法识别"):
        editor.mark("表", {RED: ["B2"], YELLOW: ["2B"]}, TAG)
    assert_untouched(book, saved(editor))


def test_nothing_to_mark_changes_nothing() -> None:
    book = feature_package()
    editor = Editor(open_workbook(book))
    editor.mark(FORM, {RED: []}, TAG)
    editor.unmark(TAG)
    assert not editor.changed
    assert_untouched(book, saved(editor))
