"""The cells of a worksheet and the shared strings, found in their text by one pattern each.

A pattern that misses something would drop a value without a word. So each pattern has a last
alternative that takes any tag it does not know; when that one matches anything, or the text has
constructs that the pattern cannot see, the text is brought into canonical form and read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeAlias

from .canonical import MAIN, canonical
from .errors import WorkbookError, corrupt
from .limits import Limits
from .refs import MAX_ROW, split_ref
from .xmltext import ATTRIBUTES, cell_text

RawCell: TypeAlias = tuple[str, str, str, str, str, str, str, str]
"""A cell as written: ref, style, type, formula, value, rest, '', ''.

`formula` runs from the attributes of `<f` to its end ('' without one); `rest` is an empty `<v>`,
or `<is>` with its content, or ''.
"""

_SCAN = re.compile(
    r'<(?:c r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r'(?:/>|(?: cm="[0-9]+")?(?: vm="[0-9]+")?(?: ph="[a-z0-9]+")?>'
    r'(?:<f((?: [a-zA-Z0-9:]+="[^"<>]*")*(?:/>|>[^<]*</f>)))?'
    r'(?:<v(?: xml:space="preserve")?>([^<]+)</v>)?'
    r"(?:</c>|(<v/>|<v></v>|<is>[^<]*(?:<(?!/is>)/?[a-zA-Z]+(?: (?!xmlns)|[>/])[^<]*)*</is>)"
    r"</c>))"
    r'|row((?: [a-zA-Z0-9_.:-]+="[^"<>]*")*) ?/?>'
    r"|(?!/row>)(.))",
    re.S,
)
_STRINGS = re.compile(
    r'<(?:si>(?:<t(?: xml:space="preserve")?>([^<]*)</t></si>'
    r"|([^<]*(?:<(?!/si>)/?[a-zA-Z]+[ >/][^<]*)*)</si>)"
    r"|si/>|(?!/sst>)(.))",
    re.S,
)
_PHONETIC = re.compile(r"<rPh[ >].*?</rPh>", re.S)
_TEXT = re.compile(rf"<t{ATTRIBUTES}(?:/>|>([^<]*)</t\s*>)")
_DATA = re.compile(r"<sheetData ?(/?)>")
_ROW_NUMBER = re.compile(r' r="([1-9][0-9]{0,6})"')


class CellSource(Protocol):
    """Where the cells of a worksheet come from: a scan of its text, or the text while edited."""

    @property
    def shell(self) -> str:
        """The part without its rows."""

    def cell(self, ref: str) -> RawCell | None:
        """The cell `ref`, written as in `A1`, or None."""

    @property
    def may_have_arrays(self) -> bool:
        """False when no formula of the sheet fills a range."""

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right. Raises ValueError for a bad address."""

    def row_attributes(self) -> list[tuple[int, str]]:
        """(row number, attributes as ` name="value"`…) of every row element."""


def _root(name: str) -> re.Pattern[str]:
    return re.compile(rf'<{name}(?: [a-zA-Z0-9_.:-]+="[^"<>]*")*? xmlns="{re.escape(MAIN)}"[^<>]*>')


_SHEET_ROOT = _root("worksheet")
_STRINGS_ROOT = _root("sst")


def _is_plain(text: str) -> bool:
    """True when the text has no comment, CDATA section or processing instruction."""
    return "<!" not in text and text.find("<?", text.find("?>") + 1) < 0


@dataclass
class SheetScan:
    """What the scan found. `shell` is the part without its rows."""

    shell: str
    cells: dict[str, RawCell]
    _found: list[RawCell]
    _rows: list[tuple[int, int]]
    """(row number, place in `_found`) of every row element."""

    def cell(self, ref: str) -> RawCell | None:
        """The cell `ref`, written as in `A1`, or None."""
        return self.cells.get(ref)

    @property
    def may_have_arrays(self) -> bool:
        """True: the text is gone, the formulas tell."""
        return True

    def row_attributes(self) -> list[tuple[int, str]]:
        """(row number, attributes as written) of every row element, in document order."""
        return [(number, self._found[place][6]) for number, place in self._rows]

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right. Raises ValueError for a bad address."""
        cells: list[RawCell] = []
        last = 0
        ends = [place for _, place in self._rows[1:]] + [len(self._found)]
        for (number, place), end in zip(self._rows, ends, strict=False):
            row = self._found[place + 1 : end]
            if number <= last or not in_order(row, number):
                break
            last = number
            cells += row
        if len(cells) == len(self.cells) and last <= MAX_ROW:
            return cells
        return sorted(self.cells.values(), key=lambda cell: split_ref(cell[0]))


def in_order(cells: list[RawCell], row: int) -> bool:
    """True when the cells all stand in `row`, from left to right, inside the sheet."""
    letters = "".join([cell[0] for cell in cells]).split(str(row))
    return not letters.pop() and len(letters) == len(cells) and _ascending(tuple(letters))


@lru_cache(maxsize=1024)
def _ascending(letters: tuple[str, ...]) -> bool:
    """True for columns from left to right; most rows of a sheet have the same."""
    if not letters:
        return True
    plain = "".join(letters).isalpha()
    beyond = len(letters[-1]) == 3 and letters[-1] > "XFD"
    return plain and not beyond and list(letters) == sorted(sorted(letters), key=len)


def _region(text: str) -> tuple[int, int] | None:
    """Where the rows of a sheet begin and end, or None when that is not plain to see.

    A comment among the rows need not be looked for: its `<!` is a tag that the scan does not know.
    """
    root = _SHEET_ROOT.search(text)
    data = _DATA.search(text, root.end()) if root else None
    if data is None or not _is_plain(text[: data.end()]):
        return None
    start = data.end()
    end = start if data[1] else text.rfind("</sheetData>")
    if end < start or text.find("<sheetData", end) >= 0:
        return None
    return start, end


def _scan(text: str, where: str, limits: Limits) -> SheetScan | None:
    """The cells of a sheet, or None when the text is not spelled as the pattern reads it."""
    region = _region(text)
    if region is None:
        return None
    start, end = region
    if end - start > limits.max_cells * len("<c/>"):
        tags = text.count("<c", start, end) + text.count("<row", start, end)
        if tags > limits.max_cells:
            raise _too_many(where, limits)
    found: list[RawCell] = _SCAN.findall(text, start, end)
    rows: list[tuple[int, int]] = []
    for place, item in enumerate(found):
        if not item[0]:
            number = None if item[7] else _ROW_NUMBER.search(item[6])
            if number is None:
                return None
            rows.append((int(number[1]), place))
    cells = {item[0]: item for item in found}
    cells.pop("", None)
    if len(cells) + len(rows) != len(found):
        raise corrupt(where, f"中单元格 {_repeated(found)} 出现了两次")
    return SheetScan(text[:start] + text[end:], cells, found, rows)


def _too_many(where: str, limits: Limits) -> WorkbookError:
    return WorkbookError(
        "too-large",
        f"{where}的内容超过 {limits.max_cells} 个单元格，已拒绝读取。请核实文件，或拆分后再试。",
    )


def scan_row(text: str) -> list[RawCell] | None:
    """The cells of one row element, or None when it is not spelled as the pattern reads it."""
    found: list[RawCell] = _SCAN.findall(text)
    if any(item[7] or (not item[0]) != (index == 0) for index, item in enumerate(found)):
        return None
    return found[1:]


def scan_cell(text: str) -> RawCell | None:
    """One cell element, or None when it is not spelled as the pattern reads it."""
    match = _SCAN.fullmatch(text)
    if match is None or not match[1]:
        return None
    cell: RawCell = match.groups("")  # type: ignore[assignment]
    return cell


def _repeated(found: list[RawCell]) -> str:
    seen: set[str] = set()
    for item in found:
        if item[0] in seen:
            return item[0]
        if item[0]:
            seen.add(item[0])
    return ""


def scan_sheet(text: str, where: str, limits: Limits) -> SheetScan:
    """The cells of a well-formed worksheet part. Raises WorkbookError (corrupt, too-large)."""
    scan = _scan(text, where, limits)
    if scan is None:
        if text.count("<") > 12 * limits.max_cells:
            raise _too_many(where, limits)
        formal = canonical(text, where)
        scan = _scan(formal, where, limits)
        if scan is None:
            lacks = "<sheetData" not in formal
            raise corrupt(where, "缺少 sheetData" if lacks else "含有无法识别的单元格写法")
    return scan


def rich_text(raw: str) -> str:
    """The text of the content of `<si>` or `<is>`: all runs, without phonetic ones."""
    if "<rPh" in raw:
        raw = _PHONETIC.sub("", raw)
    return "".join([cell_text(text) for text in _TEXT.findall(raw)])


def _strings(text: str) -> list[str] | None:
    root = _STRINGS_ROOT.search(text) if _is_plain(text) else None
    if root is None or text.find("xmlns", root.end()) >= 0:
        return None
    if text[root.end() - 2] == "/":
        return []
    found = _STRINGS.findall(text, root.end())
    if any(item[2] for item in found):
        return None
    escaped = "&" in text or "_x" in text or "\r" in text
    return [
        rich_text(rich) if rich else cell_text(plain) if escaped else plain
        for plain, rich, _ in found
    ]


def scan_strings(text: str, where: str, limits: Limits) -> list[str]:
    """The shared strings of a well-formed part. Raises WorkbookError (corrupt, too-large)."""
    if text.count("<") > 12 * limits.max_cells:
        raise _too_many(where, limits)
    strings = _strings(text)
    if strings is None:
        strings = _strings(canonical(text, where))
    if strings is None:
        raise corrupt(where, "含有无法识别的写法")
    return strings
