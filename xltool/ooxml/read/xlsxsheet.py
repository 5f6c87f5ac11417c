"""A worksheet of an .xlsx package, decoded cell by cell when asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING

from xltool.core.caches import remembered
from xltool.ooxml.package.errors import WorkbookError, corrupt
from xltool.ooxml.package.xmltext import cell_text, is_true, whole
from xltool.ooxml.package.xmltree import Node, parse
from xltool.ooxml.read.beside import box_texts, header_texts
from xltool.ooxml.read.cells import CellSource, Columns, RawCell, SheetScan, by_columns
from xltool.ooxml.read.notetexts import note_texts
from xltool.ooxml.read.refs import MAX_COLUMN, Range, split_ref
from xltool.ooxml.read.shared import SharedFormulas, StoredFormula, stored_formula
from xltool.ooxml.read.sheet import Sheet, extent_of, plain_ref
from xltool.ooxml.read.sheetpart import SheetPart
from xltool.ooxml.read.stretches import StretchScan
from xltool.ooxml.read.strings import rich_text
from xltool.ooxml.read.styles import Format
from xltool.ooxml.read.values import NUMBERS, TEXTS, Value, number, stored

if TYPE_CHECKING:
    from xltool.ooxml.read.workbook import Tab, XlsxWorkbook

_HIDDEN_ROW = re.compile(r' hidden="(?:1|true)"| ht="[01]?(?:\.[0-9]*)?"')
"""Rows that are hidden, or lower than two points: nothing in them can be read."""
_NARROW = re.compile(r"\s*0*(?:\.[0-4][0-9]*|\.?)\s*")
"""A width of less than half a character."""
_HEIGHT = re.compile(r' ht="([^"]+)"')
_SCANS = (SheetScan, StretchScan)
_OF_CELLS = ("_ordered", "_cells", "_values", "_extent")
_OF_FORMULAS = ("stored_formulas", "_formulas", "_shared", "_arrays")
_OF_SHELL = (
    "_shell",
    "_merges",
    "_columns",
    "_column_styles",
    "_row_styles",
    "_heights",
    "_hidden_rows",
    "_hidden_cols",
    "_visible_rows",
    "_notes",
)
_BLANK_TEXT: dict[tuple[str, str | None], str] = {("str", "<v></v>"): ""}
"""What a formula stores whose value is an empty text: kind, what the cell holds, value."""

_MERGE = re.compile(r'<mergeCell ref="([A-Z0-9:]+)"/>')
"""As it is nearly always written: then the tree of the part, which rows move, is not needed."""

_ROW_STYLE = re.compile(r' s="([0-9]+)"')


@remembered(1 << 12)
def _style_number(written: str) -> int:
    return whole(written) or 0


def _is_narrow(width: str | None) -> bool:
    return width is not None and _NARROW.fullmatch(width) is not None


def _formula_of(cell: RawCell) -> StoredFormula | None:
    formula = stored_formula(cell[3]) if cell[3] else None
    return formula if formula and formula.exists else None


def _without_raw(kind: str, rest: str | None) -> Value:
    """The value of a cell that has no `<v>` with something in it."""
    if rest and rest.startswith("<is>"):
        return rich_text(rest)
    return "" if rest and kind == "str" else None


class XlsxSheet(Sheet):
    """A worksheet part.

    `open_source` is called on first use and gives its cells. Until then `unread` tells what it can without.
    """

    def __init__(
        self,
        book: XlsxWorkbook,
        tab: Tab,
        index: int,
        open_source: Callable[[], CellSource],
        unread: SheetPart | None = None,
    ) -> None:
        super().__init__(book, tab.name, tab.state, index)
        self.part = tab.part
        self._book = book
        self._open_source = open_source
        self._unread = unread

    # --- what the part holds ---------------------------------------------------------------

    @cached_property
    def _source(self) -> CellSource:
        try:
            source = self._open_source()
        except WorkbookError as error:
            error.file = self._book.file
            raise
        del self._open_source  # it may hold the text, which is not needed any more
        self._unread = None
        return source

    @cached_property
    def _ordered(self) -> list[RawCell]:
        try:
            return [cell for cell in self._source.ordered() if cell[3] or cell[4] or cell[5]]
        except ValueError as error:
            raise self._bad("", str(error)) from None

    @cached_property
    def _cells(self) -> Columns:
        source = self._source
        return source.columns() if isinstance(source, _SCANS) else by_columns(self._ordered)

    @property
    def _shell_text(self) -> str:
        shell = self._unread.shell if self._unread else None
        return self._source.shell if shell is None else shell

    @cached_property
    def _shell(self) -> Node:
        return parse(self._shell_text, self.part)

    def _row_attributes(self) -> list[tuple[int, str]]:
        rows = self._unread.rows if self._unread else None
        return self._source.row_attributes() if rows is None else rows

    @property
    def _has_no_formula(self) -> bool:
        """True when that is to be seen without reading the cells."""
        return self._unread is not None and not self._unread.may_have_formulas

    def forget(self, *, formulas: bool = True, shell: bool = True) -> None:
        """Drop what was derived from cells, and from formulas and the rest when they changed."""
        known = [*_OF_CELLS, *(_OF_FORMULAS if formulas else ()), *(_OF_SHELL if shell else ())]
        for name in known:
            self.__dict__.pop(name, None)
        if shell:
            self.forget_merges()

    def _bad(self, ref: str, what: str) -> WorkbookError:
        cell = f"单元格 {ref}" if ref else ""
        error = corrupt(f"工作表“{self.name}”{cell}", f"的内容有误（{what}）")
        error.file = self._book.file
        return error

    def _cell(self, ref: str) -> RawCell | None:
        return self._source.cell(ref) or self._source.cell(plain_ref(ref))

    def _top(self, local: str) -> Node | None:
        """The child `local` of the worksheet element."""
        name = self._shell.prefix + local
        return next((node for node in self._shell.children if node.name == name), None)

    # --- values and formulas ---------------------------------------------------------------

    @cached_property
    def _values(self) -> dict[str, Value]:
        """All cells of `items`, decoded at once: most sheets are read as a whole."""
        known: dict[str, Mapping[str, Value]] = {
            "": NUMBERS,
            "n": NUMBERS,
            "str": TEXTS,
            "s": self._book.lookups.by_index,
            "inlineStr": TEXTS,
        }
        source = self._source
        if isinstance(source, StretchScan):
            usual = zip(*source.contents(), strict=True)
        else:
            cells = self._cells
            usual = zip(cells.refs, cells.kinds, cells.raws, cells.rests, strict=True)
        try:
            return {
                ref: known[kind][raw] if raw else _BLANK_TEXT[kind, rest]
                for ref, kind, raw, rest in usual
            }
        except (KeyError, ValueError):
            return self._looked_at()

    def _looked_at(self) -> dict[str, Value]:
        """As `_values`, for cells of any kind."""
        found: dict[str, Value] = {}
        ref = ""
        try:
            for ref, kind, formula, raw, text, rest in zip(*self._cells, strict=True):
                if raw:
                    value = self._stored(kind, raw)
                else:
                    value = _without_raw(kind, rest) if text is None else cell_text(text)
                if value is not None or formula:
                    found[ref] = value
        except ValueError as error:
            raise self._bad(ref, str(error)) from None
        return found

    def value(self, ref: str) -> Value:
        known: dict[str, Value] | None = self.__dict__.get("_values")
        if known is None and isinstance(self._source, _SCANS):
            known = self._values
        if known is not None:
            found = known.get(ref)
            return known.get(plain_ref(ref)) if found is None else found
        cell = self._cell(ref)
        if cell is None or not (cell[4] or cell[5]):
            return None
        return self._decoded(cell)

    def lookup(self) -> Callable[[str], Value]:
        return self._values.get if isinstance(self._source, _SCANS) else self.value

    def content(self, ref: str) -> tuple[Value, StoredFormula | None]:
        """The value of a cell, and its formula as stored if it has one."""
        cell = self._cell(ref)
        return (None, None) if cell is None else (self._decoded(cell), _formula_of(cell))

    def _decoded(self, cell: RawCell) -> Value:
        ref, _, kind, _, raw, rest = cell
        try:
            return self._stored(kind, raw) if raw else _without_raw(kind, rest)
        except ValueError as error:
            raise self._bad(ref, str(error)) from None

    def _stored(self, kind: str, raw: str) -> Value:
        return stored(kind, raw, self._book.lookups.strings, self._book.date1904)

    @cached_property
    def stored_formulas(self) -> dict[str, StoredFormula]:
        cells = self._cells
        found = {ref: raw for ref, raw in zip(cells.refs, cells.formulas, strict=True) if raw}
        return {
            ref: formula for ref, raw in found.items() if (formula := stored_formula(raw)).exists
        }

    @cached_property
    def _shared(self) -> SharedFormulas:
        shared = SharedFormulas()
        for ref, formula in self.stored_formulas.items():
            try:
                shared.add(ref, formula)
            except ValueError as error:
                raise self._bad(ref, str(error)) from None
        return shared

    def stored_formula(self, ref: str) -> StoredFormula | None:
        """The formula of a cell as stored, None without one."""
        cell = self._cell(ref)
        return None if cell is None else _formula_of(cell)

    def formula(self, ref: str) -> str | None:
        formula = self.stored_formula(ref)
        return None if formula is None else self._expanded(plain_ref(ref), formula)

    def _expanded(self, ref: str, formula: StoredFormula) -> str | None:
        if formula.kind != "shared" or formula.text:
            return None if formula.kind == "dataTable" else formula.text
        text = self._shared.text(ref, formula)
        if text is None:
            raise self._bad(ref, f"共享公式 {formula.group} 没有主公式")
        return text

    def formulas(self) -> Mapping[str, str]:
        return {} if self._has_no_formula else self._formulas

    @cached_property
    def _formulas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        room = self._book.limits.max_formula_text
        for ref, formula in self.stored_formulas.items():
            text = self._expanded(ref, formula)
            if text is not None:
                found[ref] = text
                room -= len(text)
            if room < 0:
                raise self._too_much()
        return found

    def _too_much(self) -> WorkbookError:
        return WorkbookError(
            "too-large", f"工作表“{self.name}”的公式过多过长，已拒绝读取。", file=self._book.file
        )

    @cached_property
    def _arrays(self) -> dict[str, Range]:
        if self._has_no_formula or not self._source.may_have_arrays:
            return {}
        try:
            return {
                ref: Range.parse(formula.area or ref)
                for ref, formula in self.stored_formulas.items()
                if formula.kind in ("array", "dataTable")
            }
        except ValueError as error:
            raise self._bad("", str(error)) from None

    @property
    def array_formulas(self) -> dict[str, Range]:
        return self._arrays

    def has_cached(self, ref: str) -> bool:
        cell = self._cell(ref)
        if cell is None or self.stored_formula(ref) is None:
            return False
        return bool(cell[4]) or (cell[2] == "str" and bool(cell[5]))

    def uncached(self) -> frozenset[str]:
        if self._has_no_formula:
            return frozenset()
        source = self._source
        cells = source.without_value() if isinstance(source, StretchScan) else self._cells
        return frozenset(
            ref
            for ref, kind, formula, raw, text, rest in zip(*cells, strict=True)
            if formula
            and not raw
            and not (kind == "str" and (rest or text is not None))
            and stored_formula(formula).exists
        )

    def formula_values(self) -> Iterator[str]:
        if self._has_no_formula:
            return iter(())
        source = self._source
        if isinstance(source, StretchScan):
            return source.formula_values()
        return (raw or "" for raw in compress(self._cells.raws, self._cells.formulas))

    def cells(self) -> Iterable[str]:
        return self._source.refs()

    def items(self) -> Iterator[tuple[str, Value]]:
        return iter(self._values.items())

    def head(self, rows: int) -> Iterator[tuple[str, Value]]:
        cells = self._unread.head(rows) if self._unread else None
        if cells is None:
            yield from super().head(rows)
            return
        for cell in cells:
            value = self._decoded(cell)
            if value is not None or cell[3]:
                yield cell[0], value

    def numeric_refs(self) -> list[str]:
        refs = self._unread.numeric_refs() if self._unread else None
        return super().numeric_refs() if refs is None else refs

    def refs(self) -> Iterable[str]:
        return list(self._values)

    @property
    def last_row(self) -> int:
        last = next(reversed(self._values), None)
        return split_ref(last)[0] if last else 0

    @cached_property
    def _extent(self) -> Range | None:
        return extent_of(self.refs())

    @property
    def extent(self) -> Range | None:
        return self._extent

    # --- formats ---------------------------------------------------------------------------

    def _style(self, ref: str) -> int | None:
        """The format of a cell, None without the cell."""
        written = self._source.style(ref)
        if written is None:
            written = self._source.style(plain_ref(ref))
        return None if written is None else _style_number(written)

    def style(self, ref: str) -> int:
        return self._style(ref) or 0

    def inherited_style(self, ref: str) -> int:
        """The format that a new cell takes from its row or else its column."""
        row, column = split_ref(ref)
        return self._row_styles.get(row, self._column_styles.get(column, 0))

    def _format(self, ref: str) -> Format:
        own = self._style(ref)
        index = self.inherited_style(ref) if own is None else own
        return self._book.lookups.styles.format(index)

    def number_format(self, ref: str) -> str:
        return self._format(ref).number_format

    def unseen(self, ref: str) -> bool:
        return self._format(ref).unseen

    def locked(self, ref: str) -> bool:
        return self._format(ref).locked

    def wrapped(self, ref: str) -> bool:
        return self._format(ref).wrapped

    @cached_property
    def _row_styles(self) -> dict[int, int]:
        return {
            number: whole(match[1]) or 0
            for number, raw in self._row_attributes()
            if 'customFormat="1"' in raw or 'customFormat="true"' in raw
            for match in [_ROW_STYLE.search(raw)]
            if match
        }

    @cached_property
    def _column_styles(self) -> dict[int, int]:
        return {
            column: style
            for first, last, known in self._columns
            if (style := whole(known.get("style"))) is not None
            for column in range(first, last + 1)
        }

    @cached_property
    def _columns(self) -> list[tuple[int, int, dict[str, str]]]:
        top = self._top("cols")
        found = []
        for node in top.children if top else ():
            first, last = whole(node.get("min")), whole(node.get("max"))
            if first is None or last is None:
                raise self._bad("", f"列设置 {node.get('min')}:{node.get('max')} 无效")
            found.append((first, min(last, MAX_COLUMN), node.attributes))
        return found

    @cached_property
    def _heights(self) -> dict[int, str]:
        """The height of each row that states one, as written."""
        rows = self._source.row_attributes()
        return {n: match[1] for n, raw in rows for match in [_HEIGHT.search(raw)] if match}

    def row_height(self, row: int) -> Decimal | None:
        own = self._heights.get(row)
        return number(own) if own else self._default_size("defaultRowHeight")

    def column_width(self, column: int) -> Decimal | None:
        for first, last, known in self._columns:
            if first <= column <= last and known.get("width"):
                return number(known["width"])
        return self._default_size("defaultColWidth")

    def _default_size(self, name: str) -> Decimal | None:
        top = self._top("sheetFormatPr")
        stated = top.get(name) if top else None
        return number(stated) if stated else None

    def conditional_prints(self) -> list[tuple[Range, str]]:
        if "conditionalFormatting" not in self._source.shell:
            return []
        found: list[tuple[Range, str]] = []
        for node in self._shell.children:
            if node.local != "conditionalFormatting":
                continue
            codes = [code for rule in node.children if (code := self._conditional_code(rule))]
            areas = (node.get("sqref") or "").split()
            found += [(Range.parse(area), code) for area in areas for code in codes]
        return found

    def texts_beside(self) -> list[tuple[str, str]]:
        printed = "headerFooter" in self._source.shell
        heads = header_texts(self._top("headerFooter") if printed else None)
        return [*heads, *box_texts(self._book.package, self.part)]

    def _conditional_code(self, rule: Node) -> str | None:
        """The number format that a rule gives to cells."""
        if any(child.get("showValue") in ("0", "false") for child in rule.children):
            return ";;;"
        index, known = whole(rule.get("dxfId")), self._book.lookups.styles.conditional
        return known[index] if index is not None and index < len(known) else None

    # --- the sheet as a whole --------------------------------------------------------------

    @cached_property
    def _merges(self) -> tuple[Range, ...]:
        shell = self._shell_text
        refs = _MERGE.findall(shell) if "<!" not in shell else []
        if len(refs) != shell.count("mergeCell") - shell.count("mergeCells"):
            top = self._top("mergeCells")
            refs = [node.get("ref") or "" for node in (top.children if top else ())]
        try:
            return tuple(map(Range.parse, refs))
        except ValueError as error:
            raise self._bad("", f"合并区域：{error}") from None

    @property
    def merges(self) -> tuple[Range, ...]:
        return self._merges

    @cached_property
    def _hidden_rows(self) -> frozenset[int]:
        rows = self._row_attributes()
        return frozenset(number for number, raw in rows if _HIDDEN_ROW.search(raw))

    @property
    def hidden_rows(self) -> frozenset[int]:
        return self._hidden_rows

    @cached_property
    def _hidden_cols(self) -> frozenset[int]:
        return frozenset(
            column
            for first, last, known in self._columns
            if is_true(known.get("hidden")) or _is_narrow(known.get("width"))
            for column in range(first, last + 1)
        )

    @property
    def hidden_cols(self) -> frozenset[int]:
        return self._hidden_cols

    @cached_property
    def _visible_rows(self) -> frozenset[int] | None:
        """The rows that can be visible when all others are hidden by default, else None."""
        top = self._top("sheetFormatPr")
        if top is None or not is_true(top.get("zeroHeight")):
            return None
        return frozenset(number for number, _ in self._row_attributes())

    def hidden(self, ref: str) -> bool:
        by_default = self._visible_rows is not None and split_ref(ref)[0] not in self._visible_rows
        return by_default or super().hidden(ref)

    @property
    def protected(self) -> bool:
        top = self._top("sheetProtection")
        return top is not None and is_true(top.get("sheet"))

    @property
    def has_password(self) -> bool:
        top = self._top("sheetProtection")
        return top is not None and bool(top.get("password") or top.get("hashValue"))

    @cached_property
    def _notes(self) -> dict[str, str]:
        return note_texts(self._book.package, self.part)

    @property
    def notes(self) -> dict[str, str]:
        return self._notes
