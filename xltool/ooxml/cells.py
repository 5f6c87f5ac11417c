"""The cells of a worksheet, found in its text by one pattern.

A pattern that misses something would drop a value without a word. So nothing may be left between two
matches; when something is, the text is brought into canonical form and read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from operator import lt
from typing import NamedTuple, Protocol, TypeAlias

from .canonical import canonical
from .errors import corrupt
from .limits import Limits
from .refs import split_ref
from .strings import is_plain, root_pattern, too_many
from .xmltext import check_shell, checked_text, codec_of, decode

RawCell: TypeAlias = tuple[str, str, str, str, str, str]
"""A cell as written: ref, style, type, formula, value, rest.

`formula` runs from the attributes of `<f` to its end ('' without one); `rest` is an empty `<v>`,
or `<is>` with its content, or ''.
"""

_CELL = re.compile(
    r'<c r="([A-Z0-9]+)"([^<>/]*)(?:/>|>'
    r'(?:<f((?: [a-zA-Z0-9:]+="[^"<>]*")*(?:/>|>[^<]*</f>)))?'
    r'(?:<v(?: xml:space="preserve")?>([^<]+)</v></c>'
    r'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>|</c>'
    r"|(<v/>|<v></v>|<is>[^<]*(?:<(?!/is>)/?[a-zA-Z]+(?: (?!xmlns)|[>/])[^<]*)*</is>)</c>))"
    r"(</row>(?:<row[^<>]*>)?)?"
)
"""A cell and the end of its row with the start of the next: ref, other attributes, formula, value,
text, rest, row tags."""

_STEP = _CELL.groups + 1
_ROW = re.compile(r'<row r="([1-9][0-9]{0,6})"((?: [a-zA-Z0-9_.:-]+="[^"<>]*")*) ?(?:/>|></row>)')
_LOOK = re.compile(
    r'(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: cm="[0-9]+")?(?: vm="[0-9]+")?(?: ph="[a-z0-9]+")?'
)
_ATTRIBUTE_NAME = re.compile(r' ([^= "]+)="')
_ODD_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)")
_NO_CONTROLS = bytes(n if n >= 32 or n in b"\t\n\r" else 32 for n in range(256))
_AT_ONCE = 1 << 22
"""Up to this size (bytes) a part is scanned when its workbook is opened."""

_DATA = re.compile(r"<sheetData ?(/?)>")


class Columns(NamedTuple):
    """Cells in order, column by column; None where a cell lacks the item.

    `texts` are the contents of plain inline strings, `rests` empty values and other `<is>`.
    """

    refs: list[str]
    kinds: list[str]
    formulas: list[str | None]
    raws: list[str | None]
    texts: list[str | None]
    rests: list[str | None]


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


_ROOT = root_pattern("worksheet")


class _Places(dict[str, int]):
    """Addresses as numbers that grow row by row, from left to right. Raises ValueError."""

    def __missing__(self, ref: str) -> int:
        row, column = split_ref(ref)
        place = row << 15 | column
        if len(self) < 1 << 16:
            self[ref] = place
        return place


_places = _Places()


@lru_cache(maxsize=4096)
def _look(raw: str) -> tuple[str, str]:
    """(style, type) from the attributes of a cell after its address. Raises ValueError."""
    match = _LOOK.fullmatch(raw)
    if match is None:
        raise ValueError(raw)
    return match[1] or "", match[2] or ""


@lru_cache(maxsize=4096)
def _different(raw: str) -> bool:
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
        flat = _CELL.split(region)
        gaps, self._refs, self._attributes = flat[0::_STEP], flat[1::_STEP], flat[2::_STEP]
        self._formulas: list[str | None] = flat[3::_STEP]
        self._raws: list[str | None] = flat[4::_STEP]
        self._texts: list[str | None] = flat[5::_STEP]
        self._rests: list[str | None] = flat[6::_STEP]
        tags = [gaps[0], *flat[7::_STEP]]
        if any(gaps[1:]):
            tags[1:] = [(tag or "") + gap for tag, gap in zip(tags[1:], gaps[1:], strict=True)]
        rows = _ROW.split("".join(filter(None, tags)))
        # rows nest when their tags alone do, and a row is open wherever a cell follows
        if (
            any(rows[0::3])
            or any(map(_closes, filter(None, tags[:-1])))
            or bool(tags[-1]) < bool(gaps[1:])
        ):
            raise ValueError("row")
        self._rows = list(zip(map(int, rows[1::3]), rows[2::3], strict=True))
        self._looks = {raw: _look(raw) for raw in set(self._attributes)}
        places = list(map(_places.__getitem__, self._refs))
        self.in_order = all(map(lt, places, places[1:]))
        if not self.in_order:
            self._sort(places)
        self._region_is_plain = _is_plain_region(region)

    def _sort(self, places: list[int]) -> None:
        order = sorted(range(len(places)), key=places.__getitem__)
        columns = (self._refs, self._attributes, self._formulas)
        for column in (*columns, self._raws, self._texts, self._rests):
            column[:] = [column[n] for n in order]

    @property
    def proved(self) -> bool:
        """True when nothing in the rows can be ill-formed; the shell is not looked at."""
        heads = {formula.partition(">")[0] for formula in self._formulas if formula}
        return (
            self.in_order
            and self._region_is_plain
            and all(map(_different, {raw for _, raw in self._rows} | heads))
            and not any(rest.startswith("<is>") for rest in self._rests if rest)
        )

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

    @property
    def may_have_arrays(self) -> bool:
        """True: the text is gone, the formulas tell."""
        return True

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


def by_columns(cells: Iterable[RawCell]) -> Columns:
    """Cells by columns."""
    refs, _, kinds, formulas, raws, rests = map(list, tuple(zip(*cells, strict=True)) or [()] * 6)
    return Columns(refs, kinds, formulas, raws, [None] * len(refs), rests)


def _closes(tags: str) -> bool:
    """True when no row is open after the tags."""
    return tags.endswith(("/>", "</row>"))


def _is_plain_region(region: str) -> bool:
    """True when it has no reference but the five usual ones, and nothing that no text may hold."""
    if "]]>" in region or "\ufffe" in region or "\uffff" in region:
        return False
    return "&" not in region or _ODD_ENTITY.search(region) is None


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


def _scan(text: str, where: str, limits: Limits) -> SheetScan | None:
    """The cells of a sheet, or None when the text is not spelled as the pattern reads it."""
    region = _region(text)
    if region is None:
        return None
    start, end = region
    if end - start > limits.max_cells * len("<c/>"):
        tags = text.count("<c", start, end) + text.count("<row", start, end)
        if tags > limits.max_cells:
            raise too_many(where, limits)
    try:
        return SheetScan(text[:start] + text[end:], text[start:end])
    except ValueError:
        return None


def scan_row(text: str) -> list[RawCell] | None:
    """The cells of one row element, or None when it is not spelled as the pattern reads it."""
    try:
        return SheetScan("", text).ordered()
    except ValueError:
        return None


def scan_cell(text: str) -> RawCell | None:
    """One cell element, or None when it is not spelled as the pattern reads it."""
    cells = scan_row(f'<row r="1">{text}</row>')
    return cells[0] if cells and len(cells) == 1 else None


def scan_sheet(text: str, where: str, limits: Limits) -> SheetScan:
    """The cells of a well-formed worksheet part. Raises WorkbookError (corrupt, too-large)."""
    scan = _scan(text, where, limits)
    if scan is None:
        if text.count("<") > 12 * limits.max_cells:
            raise too_many(where, limits)
        formal = canonical(text, where)
        scan = _scan(formal, where, limits)
        if scan is None:
            lacks = "<sheetData" not in formal
            raise corrupt(where, "缺少 sheetData" if lacks else "含有无法识别的单元格写法")
    if ref := scan.repeated():
        raise corrupt(where, f"中单元格 {ref} 出现了两次")
    return scan


def open_sheet(data: bytes, part: str, where: str, limits: Limits) -> Callable[[], SheetScan]:
    """Prove that a worksheet part is well-formed; what it returns scans it. Raises WorkbookError.

    Where the scan takes every character of the rows there is no need to parse them as well: rows
    that it takes are well-formed, and so is the part when what is left without them is.
    """
    clean = len(data) <= _AT_ONCE and data.translate(_NO_CONTROLS) == data
    if clean and codec_of(data, part) == "utf-8":
        scan = _scan(decode(data, part), where, limits)
        if scan is not None and scan.proved:
            check_shell(scan.shell, part)
            return lambda: scan
    text = checked_text(data, part)
    return lambda: scan_sheet(text, where, limits)
