"""What a worksheet is besides its cells: formats of rows and columns, merges, sizes, what is hidden, notes."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property

from xltool.core.caches import remembered
from xltool.ooxml.package.xmltext import is_true, whole
from xltool.ooxml.package.xmltree import Node, parse
from xltool.ooxml.read.refs import MAX_COLUMN, Range, plain_ref, split_ref
from xltool.ooxml.read.styles import Format
from xltool.ooxml.read.values import number
from xltool.ooxml.read.xlsx.beside import box_texts, header_texts
from xltool.ooxml.read.xlsx.notetexts import note_texts
from xltool.ooxml.read.xlsx.part import XlsxPart

_HIDDEN_ROW = re.compile(r' hidden="(?:1|true)"| ht="[01]?(?:\.[0-9]*)?"')
"""Rows that are hidden, or lower than two points: nothing in them can be read."""
_NARROW = re.compile(r"\s*0*(?:\.[0-4][0-9]*|\.?)\s*")
"""A width of less than half a character."""
_HEIGHT = re.compile(r' ht="([^"]+)"')
_MERGE = re.compile(r'<mergeCell ref="([A-Z0-9:]+)"/>')
"""As it is nearly always written: then the tree of the part, which rows move, is not needed."""

_COLS = re.compile("<cols>.*?</cols>", re.S)
"""As they are nearly always written."""
_ROW_STYLE = re.compile(r' s="([0-9]+)"')


@remembered(1 << 12)
def _style_number(written: str) -> int:
    return whole(written) or 0


def _is_narrow(width: str | None) -> bool:
    return width is not None and _NARROW.fullmatch(width) is not None


class XlsxFrame:
    """The frame of one state of a sheet: made anew when it changed. Its methods are those of `Sheet`."""

    def __init__(self, part: XlsxPart) -> None:
        self._part = part

    @cached_property
    def _shell(self) -> Node:
        return parse(self._part.shell, self._part.part)

    def _top(self, local: str) -> Node | None:
        """The child `local` of the worksheet element."""
        name = self._shell.prefix + local
        return next((node for node in self._shell.children if node.name == name), None)

    def _style(self, ref: str) -> int | None:
        """The format of a cell, None without the cell."""
        written = self._part.source.style(ref)
        if written is None:
            written = self._part.source.style(plain_ref(ref))
        return None if written is None else _style_number(written)

    def style(self, ref: str) -> int:
        return self._style(ref) or 0

    def inherited_style(self, ref: str) -> int:
        """The format that a new cell takes from its row or else its column."""
        row, column = split_ref(ref)
        return self._row_styles.get(row, self._column_styles.get(column, 0))

    def format(self, ref: str) -> Format:
        """The format of a cell, that of its row or column when the cell is absent."""
        own = self._style(ref)
        index = self.inherited_style(ref) if own is None else own
        return self._part.book.lookups.styles.format(index)

    @cached_property
    def _row_styles(self) -> dict[int, int]:
        return {
            number: whole(match[1]) or 0
            for number, raw in self._part.row_attributes()
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
        written = _COLS.findall(shell := self._part.shell)
        if len(written) == shell.count("cols>") - shell.count("</cols>") == 1 and "<!" not in shell:
            top: Node | None = parse(written[0], self._part.part)  # alike in all books of a form
        else:
            top = self._top("cols")
        found = []
        for node in top.children if top else ():
            first, last = whole(node.get("min")), whole(node.get("max"))
            if first is None or last is None:
                raise self._part.bad("", f"列设置 {node.get('min')}:{node.get('max')} 无效")
            found.append((first, min(last, MAX_COLUMN), node.attributes))
        return found

    @cached_property
    def _heights(self) -> dict[int, str]:
        """The height of each row that states one, as written."""
        rows = self._part.source.row_attributes()
        return {n: match[1] for n, raw in rows for match in [_HEIGHT.search(raw)] if match}

    def row_height(self, row: int) -> Decimal | None:
        own = self._heights.get(row)
        return self._size(own) if own else self._default_size("defaultRowHeight")

    def column_width(self, column: int) -> Decimal | None:
        for first, last, known in self._columns:
            if first <= column <= last and known.get("width"):
                return self._size(known["width"])
        return self._default_size("defaultColWidth")

    def _default_size(self, name: str) -> Decimal | None:
        top = self._top("sheetFormatPr")
        stated = top.get(name) if top else None
        return self._size(stated) if stated else None

    def _size(self, stated: str) -> Decimal:
        try:
            return number(stated)
        except ValueError as error:
            raise self._part.bad("", f"行高或列宽有误（{error}）") from None

    def conditional_prints(self) -> list[tuple[Range, str]]:
        if "conditionalFormatting" not in self._part.source.shell:
            return []
        found: list[tuple[Range, str]] = []
        for node in self._shell.children:
            if node.local != "conditionalFormatting":
                continue
            codes = [code for rule in node.children if (code := self._conditional_code(rule))]
            areas = (node.get("sqref") or "").split()
            try:
                found += [(Range.parse(area), code) for area in areas for code in codes]
            except ValueError as error:
                raise self._part.bad("", f"条件格式的区域有误（{error}）") from None
        return found

    def texts_beside(self) -> list[tuple[str, str]]:
        printed = "headerFooter" in self._part.source.shell
        heads = header_texts(self._top("headerFooter") if printed else None)
        return [*heads, *box_texts(self._part.book.package, self._part.part)]

    def _conditional_code(self, rule: Node) -> str | None:
        """The number format that a rule gives to cells."""
        if any(child.get("showValue") in ("0", "false") for child in rule.children):
            return ";;;"
        index, known = whole(rule.get("dxfId")), self._part.book.lookups.styles.conditional
        return known[index] if index is not None and index < len(known) else None

    @cached_property
    def merges(self) -> tuple[Range, ...]:
        shell = self._part.shell
        refs = _MERGE.findall(shell) if "<!" not in shell else []
        if len(refs) != shell.count("mergeCell") - shell.count("mergeCells"):
            top = self._top("mergeCells")
            refs = [node.get("ref") or "" for node in (top.children if top else ())]
        try:
            return tuple(map(Range.parse, refs))
        except ValueError as error:
            raise self._part.bad("", f"合并区域：{error}") from None

    @cached_property
    def hidden_rows(self) -> frozenset[int]:
        rows = self._part.row_attributes()
        return frozenset(number for number, raw in rows if _HIDDEN_ROW.search(raw))

    @cached_property
    def hidden_cols(self) -> frozenset[int]:
        return frozenset(
            column
            for first, last, known in self._columns
            if is_true(known.get("hidden")) or _is_narrow(known.get("width"))
            for column in range(first, last + 1)
        )

    @cached_property
    def _visible_rows(self) -> frozenset[int] | None:
        """The rows that can be visible when all others are hidden by default, else None."""
        if "zeroHeight" not in self._part.shell:
            return None
        top = self._top("sheetFormatPr")
        if top is None or not is_true(top.get("zeroHeight")):
            return None
        return frozenset(number for number, _ in self._part.row_attributes())

    @property
    def hides_by_default(self) -> bool:
        """True when all rows are hidden but some."""
        return self._visible_rows is not None

    def hidden_by_default(self, ref: str) -> bool:
        """True when all rows are hidden but some, and that of the cell is none of those."""
        return self._visible_rows is not None and split_ref(ref)[0] not in self._visible_rows

    @property
    def protected(self) -> bool:
        top = self._top("sheetProtection")
        return top is not None and is_true(top.get("sheet"))

    @property
    def shows_formulas(self) -> bool:
        top = self._top("sheetViews")
        return top is not None and any(is_true(view.get("showFormulas")) for view in top.children)

    @property
    def has_password(self) -> bool:
        top = self._top("sheetProtection")
        return top is not None and bool(top.get("password") or top.get("hashValue"))

    @cached_property
    def notes(self) -> dict[str, str]:
        return note_texts(self._part.book.package, self._part.part)
