"""The cells of a worksheet, found in its text by one pattern.

A pattern that misses something would drop a value without a word. So nothing may be left between two
matches; when something is, the text is brought into canonical form and read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import lt

from xltool.core.caches import register, remembered
from xltool.ooxml.package.errors import corrupt
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.read.refs import split_ref
from xltool.ooxml.read.xlsx.canonical import canonical
from xltool.ooxml.read.xlsx.cellsource import Columns, RawCell
from xltool.ooxml.read.xlsx.strings import is_plain, root_pattern, too_many

STORED = (
    r'<v(?: xml:space="preserve")?>([^<]+)</v></c>'
    r'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>'
)
"""Pattern of a value or a plain inline string, and the end of its cell."""

CELL = re.compile(
    r'<c r="([A-Z0-9]+)"([^<>/]*)(?:/>|>'
    r'(?:<f((?: [a-zA-Z0-9:]+="[^"<>]*")*(?:/>|>[^<]*</f>)))?'
    rf"(?:{STORED}|</c>"
    r"|(<v ?/>|<v></v>|<is>[^<]*(?:<(?!/is>)/?[a-zA-Z]+(?: (?!xmlns)|[>/])[^<]*)*</is>)</c>))"
    r"(</row>(?:<row[^<>]*>)?)?"
)
"""A cell and the end of its row with the start of the next: ref, other attributes, formula, value,
text, rest, row tags."""

STEP = CELL.groups + 1
_ROW = re.compile(r'<row r="([1-9][0-9]{0,6})"((?: [a-zA-Z0-9_.:-]+="[^"<>]*")*) ?(?:/>|></row>)')
_LOOK = re.compile(
    r'(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: cm="[0-9]+")?(?: vm="[0-9]+")?(?: ph="[a-z0-9]+")? ?'
)
_ATTRIBUTE_NAME = re.compile(r' ([^= "]+)="')
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|]]>|&(?!(?:lt|gt|amp|quot|apos);)")
_DATA = re.compile(r"<sheetData ?(/?)>")


_ROOT = root_pattern("worksheet")


class _Places(dict[str, int]):
    """Addresses as numbers that grow row by row, from left to right. Raises ValueError."""

    def __missing__(self, ref: str) -> int:
        row, column = split_ref(ref)
        place = row << 15 | column
        if len(self) < 1 << 16:
            self[ref] = place
        return place


places = _Places()
register(f"{__name__}.places", 1 << 16, places.clear, places.__len__)


@remembered(4096)
def look(raw: str) -> tuple[str, str]:
    """(style, type) from the attributes of a cell after its address. Raises ValueError."""
    match = _LOOK.fullmatch(raw)
    if match is None:
        raise ValueError(raw)
    return match[1] or "", match[2] or ""


@remembered(4096)
def different(raw: str) -> bool:
    """True when no two of the attributes have one name."""
    names = _ATTRIBUTE_NAME.findall(raw)
    return len(names) == len(set(names)) and "r" not in names


class SheetScan:
    """What the scan found, column by column. `shell` is the part without its rows.

    Raises ValueError when `region`, the rows, is not spelled as the patterns read it.
    """

    def __init__(self, shell: str, region: str) -> None:
        self.shell = shell
        # a gap and the groups of a cell, again and again, and a gap: split is the pattern's
        # quickest use, and no tuple of a cell is made that nobody asks for
        flat = CELL.split(region)
        gaps, self._refs, self._attributes = flat[0::STEP], flat[1::STEP], flat[2::STEP]
        self._formulas: list[str | None] = flat[3::STEP]
        self._raws: list[str | None] = flat[4::STEP]
        self._texts: list[str | None] = flat[5::STEP]
        self._rests: list[str | None] = flat[6::STEP]
        tags = [gaps[0], *flat[7::STEP]]
        if any(gaps[1:]):
            tags[1:] = [(tag or "") + gap for tag, gap in zip(tags[1:], gaps[1:], strict=True)]
        check_tags(tags)
        self._rows = row_elements("".join(filter(None, tags)))
        self._looks = {raw: look(raw) for raw in set(self._attributes)}
        numbers = list(map(places.__getitem__, self._refs))
        self.in_order = all(map(lt, numbers, numbers[1:]))
        if not self.in_order:
            self._sort(numbers)

    def _sort(self, numbers: list[int]) -> None:
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        columns = (self._refs, self._attributes, self._formulas)
        for column in (*columns, self._raws, self._texts, self._rests):
            column[:] = [column[n] for n in order]

    def repeated(self) -> str:
        """The address that two cells have, or ''."""
        pairs = zip(self._refs, self._refs[1:], strict=False)
        return "" if self.in_order else next((one for one, two in pairs if one == two), "")

    @cached_property
    def _index(self) -> dict[str, int]:
        return dict(zip(self._refs, range(len(self._refs)), strict=True))

    def _raw(self, place: int) -> RawCell:
        style, kind = self._looks[self._attributes[place]]
        text = self._texts[place]
        rest = f"<is><t>{text}</t></is>" if text is not None else self._rests[place] or ""
        formula, raw = self._formulas[place], self._raws[place]
        return self._refs[place], style, kind, formula or "", raw or "", rest

    def cell(self, ref: str) -> RawCell | None:
        """The cell `ref`, written as in `A1`, or None."""
        place = self._index.get(ref)
        return None if place is None else self._raw(place)

    def style(self, ref: str) -> str | None:
        """The format of the cell `ref` as written ('' when it states none), None without the cell."""
        place = self._index.get(ref)
        return None if place is None else self._looks[self._attributes[place]][0]

    @property
    def may_have_arrays(self) -> bool:
        """True: the text is gone, the formulas tell."""
        return True

    def refs(self) -> list[str]:
        """The addresses of all cells, in the order of `ordered`."""
        return list(self._refs)

    def row_attributes(self) -> list[tuple[int, str]]:
        """(row number, attributes as written) of every row element, in document order."""
        return self._rows

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right."""
        return list(map(self._raw, range(len(self._refs))))

    def columns(self) -> Columns:
        """As `ordered`, by columns."""
        kinds = {raw: kind for raw, (_, kind) in self._looks.items()}
        return Columns(
            self._refs,
            list(map(kinds.__getitem__, self._attributes)),
            self._formulas,
            self._raws,
            self._texts,
            self._rests,
        )


def check_tags(tags: Sequence[str | None]) -> None:
    """See that what stands before, between and behind cells is whole tags, and that a row is open
    wherever a cell follows and closed at last. Raises ValueError.

    Whether rows nest is for `row_elements` to see.
    """
    *inner, last = tags
    known = [tag for tag in tags if tag]
    closing = [tag for tag in inner if tag and tag.endswith(("/>", "</row>"))]
    if closing or (inner and not last) or not all(t[0] == "<" and t[-1] == ">" for t in known):
        raise ValueError("row")


def row_elements(tags: str) -> list[tuple[int, str]]:
    """(row number, attributes as written) of the row elements that tags make. Raises ValueError."""
    found = _ROW.split(tags)
    if any(found[0::3]):
        raise ValueError("row")
    return list(zip(map(int, found[1::3]), found[2::3], strict=True))


def is_plain_text(text: str) -> bool:
    """True when it has no reference but the five usual ones, and nothing that no text may hold."""
    if text.isprintable() and "&" not in text and "]]>" not in text:
        return True  # quick to see, and so nearly always
    return _ODD.search(text) is None


def _region(text: str) -> tuple[int, int] | None:
    """Where the rows of a sheet begin and end, or None when that is not plain to see.

    A comment among the rows need not be looked for: its `<!` is a tag that the scan does not know.
    """
    root = _ROOT.search(text)
    data = _DATA.search(text, root.end()) if root else None
    if data is None or not is_plain(text[: data.end()]):
        return None
    start = data.end()
    end = start if data[1] else text.rfind("</sheetData>")
    if end < start or text.find("<sheetData", end) >= 0:
        return None
    return start, end


def cut(text: str, where: str, limits: Limits) -> tuple[str, str] | None:
    """A part without its rows, and the rows; None when the patterns can't tell. Raises WorkbookError."""
    region = _region(text)
    if region is None:
        return None
    start, end = region
    if end - start > limits.max_cells * len("<c/>"):
        tags = text.count("<c", start, end) + text.count("<row", start, end)
        if tags > limits.max_cells:
            raise too_many(where, limits)
    return text[:start] + text[end:], text[start:end]


def scan(pieces: tuple[str, str] | None) -> SheetScan | None:
    """The cells of what `cut` gives, or None when it is not spelled as the pattern reads it."""
    try:
        return SheetScan(*pieces) if pieces else None
    except ValueError:
        return None


def scan_rows(texts: Iterable[str]) -> list[RawCell] | None:
    """The cells of row elements, or None when they are not spelled as the pattern reads them."""
    try:
        return SheetScan("", "".join(texts)).ordered()
    except ValueError:
        return None


def scan_cell(text: str) -> RawCell | None:
    """One cell element, or None when it is not spelled as the pattern reads it."""
    match = CELL.fullmatch(text)
    if match is None or match[7]:
        return None
    ref, attributes, formula, raw, plain, rest, _ = match.groups()
    try:
        style, kind = look(attributes)
        places[ref]  # raises for what is no address
    except ValueError:
        return None
    inline = f"<is><t>{plain}</t></is>" if plain is not None else rest or ""
    return ref, style, kind, formula or "", raw or "", inline


def scan_sheet(text: str, where: str, limits: Limits) -> SheetScan:
    """The cells of a well-formed worksheet part. Raises WorkbookError (corrupt, too-large)."""
    found = scan(cut(text, where, limits))
    if found is None:
        if text.count("<") > 12 * limits.max_cells:
            raise too_many(where, limits)
        formal = canonical(text, where)
        found = scan(cut(formal, where, limits))
        if found is None:
            lacks = "<sheetData" not in formal
            raise corrupt(where, "缺少 sheetData" if lacks else "含有无法识别的单元格写法")
    if ref := found.repeated():
        raise corrupt(where, f"中单元格 {ref} 出现了两次")
    return found
