"""Books to add marks, notes and sheets to, and the test that nothing of it is left."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.compare import contents
from tests.support.editing import edited, saved
from tests.support.feature_book import package as feature_package
from tests.support.packages import DECLARATION, MAIN, book, one_sheet, packed, worksheet
from xltool.ooxml import Editor, open_workbook

ROWS = '<row r="2"><c r="B2" s="0"><v>1</v></c><c r="C2"><v>2</v></c></row>'
VIEW = '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'


def styles(lists: str) -> str:
    """A style part with these lists."""
    return f'{DECLARATION}<styleSheet xmlns="{MAIN}">{lists}</styleSheet>'


LISTS = (
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)


def with_styles(lists: str, after: str = "") -> bytes:
    """A book of one sheet with a style part of these lists."""
    return one_sheet(ROWS, before=VIEW, after=after, parts={"xl/styles.xml": styles(lists)})


def prefixed() -> bytes:
    """A book whose sheet and styles write every element under a prefix."""
    sheet = (
        f'{DECLARATION}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2"><x:v>1'
        "</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    lists = LISTS.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    look = f'{DECLARATION}<x:styleSheet xmlns:x="{MAIN}">{lists}</x:styleSheet>'
    return packed(book({"表": sheet}, parts={"xl/styles.xml": look}))


def local_names() -> bytes:
    """A book with a second sheet and names local to both."""
    names = (
        '<definedName name="_xlnm.Print_Area" localSheetId="0">表!$A$1:$C$9</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="1">乙!$A$1:$C$9</definedName>'
    )
    sheets = {"表": worksheet(ROWS, before=VIEW), "乙": worksheet(ROWS)}
    return packed(book(sheets, names=names, parts={"xl/styles.xml": styles(LISTS)}))


BOOKS: dict[str, Callable[[], bytes]] = {
    "feature book": feature_package,
    "no styles": lambda: one_sheet(ROWS),
    "no lists of rules": lambda: with_styles(LISTS),
    "empty lists": lambda: with_styles(f'<numFmts count="0"/>{LISTS}<dxfs count="0" />'),
    "rules before": lambda: with_styles(f"{LISTS}<dxfs><dxf/><dxf/></dxfs>"),
    "prefixes": prefixed,
    "local names": local_names,
}
"""Books that write their lists in different ways."""


def parts_that_differ(before: bytes, after: bytes) -> list[str]:
    """The parts that one of two packages lacks or that differ in any byte."""
    old, new = contents(before), contents(after)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def left_behind(
    book: bytes, add: Callable[[Editor], object], take_off: Callable[[Editor], object]
) -> list[str]:
    """The parts that differ after both edits: done at once, and with the file saved in between."""
    at_once = edited(book, lambda editor: (add(editor), take_off(editor)))
    between = edited(book, add)
    assert parts_that_differ(book, between)
    return parts_that_differ(book, at_once) + parts_that_differ(book, edited(between, take_off))


def reopened(editor: Editor) -> Editor:
    """An editor of the file that `editor` saves."""
    return Editor(open_workbook(saved(editor)))
