"""The XML text of a worksheet, cut into rows and cells where an edit needs it.

Joined again, the pieces give the text back: what no edit touched is as it was. Rows are cut into
cells only when one of their cells is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.ooxml.edit.rowtext import Dialect, RowText, unpatchable
from xltool.ooxml.package.errors import corrupt
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.splice import Splice
from xltool.ooxml.package.xmltext import ATTRIBUTES, MARKUP, attributes, plain_markup, set_attribute
from xltool.ooxml.package.xmltree import parse
from xltool.ooxml.read.refs import MAX_ROW, Range, make_ref, split_ref
from xltool.ooxml.read.xlsx.cells import scan_cell, scan_rows, scan_sheet
from xltool.ooxml.read.xlsx.cellsource import RawCell

_NAME = r"(?:([^\s<>/:!?]+):)?"
_PLAIN_ATTRIBUTES = re.compile(r'(?: [a-zA-Z0-9_.:-]+="[^"<>]*")*')


class SheetText:
    """The text of a worksheet part, for reading (as a CellSource) and patching.

    After a change of a row, `changed` must be set.
    """

    def __init__(self, text: str, part: str, where: str, limits: Limits) -> None:
        self.part = part
        self.changed = False
        self._limits = limits
        self._may_have_arrays = "array" in text or "dataTable" in text
        self._grown: Range | None = None
        prefix, start, end, is_empty = _rows_region(text, part)
        self.dialect = Dialect(f"{prefix}:" if prefix else "", where)
        self._head, self._tail = text[:start], text[end:]
        if is_empty:
            self._head = self._head[:-2].rstrip() + ">"
            self._tail = f"</{self.dialect.prefix}sheetData>{self._tail}"
        self._trail = ""
        self.rows = list(self._cut(plain_markup(text[start:end])))
        self._by_number = {row.number: row for row in self.rows}

    def _cut(self, region: str) -> Iterator[RowText]:
        done = number = 0
        while match := self.dialect.row_start.search(region, done):
            raw = match[1]
            given = match[2] or attributes(raw).get("r")
            number = self._row_number(given) if given else number + 1
            start, end = match.span()
            if not match[3]:
                end = region.index(">", region.index(self.dialect.row_end, end)) + 1
            lead = region[done:start]
            if "<" in lead:
                raise unpatchable(f"{self.dialect.where}第 {number} 行之前")
            yield RowText(self.dialect, lead, number, raw, region[start:end])
            done = end
        self._trail = region[done:]
        if "<" in self._trail:
            raise unpatchable(f"{self.dialect.where}末尾")

    def _row_number(self, given: str) -> int:
        if given.strip().isdecimal() and 1 <= int(given) <= MAX_ROW:
            return int(given)
        raise corrupt(self.dialect.where, f"的行号“{given}”无效")

    # --- reading: what a CellSource gives ------------------------------------------------------

    @property
    def shell(self) -> str:
        """The part without its rows."""
        return self._head + self._tail

    def cell(self, ref: str) -> RawCell | None:
        """The cell `ref` as written, or None."""
        number, column = split_ref(ref)
        row = self._by_number.get(number)
        if row is None:
            return None
        if row.raw is None and row.is_cut and not self.dialect.prefix:
            cell = row.cell(column)
            if cell is None:
                return None
            found = cell.blank or scan_cell(cell.text("")[len(cell.lead) :])
            if found is not None:
                return found
        wanted = make_ref(number, column)
        return next((cell for cell in self._raw(row) if cell[0] == wanted), None)

    def style(self, ref: str) -> str | None:
        """As of `SheetScan`."""
        number, column = split_ref(ref)
        row = self._by_number.get(number)
        if row is None or not row.is_cut or self.dialect.prefix:
            raw = self.cell(ref)
            return None if raw is None else raw[1]
        cell = row.cell(column)
        return None if cell is None else cell.get("s") or ""

    @property
    def may_have_arrays(self) -> bool:
        """False when no formula of the sheet fills a range."""
        return self._may_have_arrays

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right."""
        rows = sorted(self.rows, key=lambda row: row.number)
        if not self.dialect.prefix and 2 * sum(row.raw is None for row in rows) > len(rows):
            cells = scan_rows(row.text() for row in rows)
            if cells is not None:
                return cells
        return [cell for row in rows for cell in self._raw(row)]

    def _raw(self, row: RowText) -> list[RawCell]:
        if row.raw is None:
            row.raw = None if self.dialect.prefix else scan_rows([row.text()])
        if row.raw is None:
            row.raw = self._scanned(row)
        return row.raw

    def _scanned(self, row: RowText) -> list[RawCell]:
        """The cells of a row that is not spelled as the scan reads it."""
        prefix = self.dialect.prefix
        body = row.text().removeprefix(f"<{prefix}row{row.attributes}")
        numbered = set_attribute(row.attributes, "r", str(row.number))
        root = parse(self.shell, self.part)
        start = self.shell[root.start : root.open_end]
        data = f"<{prefix}sheetData><{prefix}row{numbered}{body}</{prefix}sheetData>"
        return scan_sheet(
            f"{start}{data}</{root.name}>", self.dialect.where, self._limits
        ).ordered()

    def refs(self) -> list[str]:
        """As of `SheetScan`."""
        return [cell[0] for cell in self.ordered()]

    def is_blank(self, row: int, column: int) -> bool:
        """True for a cell that plainly holds nothing, and for one that is not there."""
        found = self._by_number.get(row)
        if found is None:
            return True
        cell = found.cell(column) if found.is_cut else None
        return cell is not None and cell.content is None

    def row_attributes(self) -> list[tuple[int, str]]:
        """(row number, attributes as ` name="value"`…) of every row element."""
        return [(row.number, _plain(row.attributes)) for row in self.rows]

    # --- patching ------------------------------------------------------------------------------

    def row(self, number: int) -> RowText | None:
        """The row of a number, or None."""
        return self._by_number.get(number)

    def new_row(self, number: int) -> RowText:
        """A new empty row in its place among the others."""
        row = RowText(self.dialect, "", number, f' r="{number}"', None)
        later = (i for i, other in enumerate(self.rows) if other.number > number)
        self.rows.insert(next(later, len(self.rows)), row)
        self._by_number[number] = row
        self.changed = True
        return row

    def replace_rows(self, rows: list[RowText]) -> None:
        """Put other rows in place of all that there are."""
        self.rows = rows
        self._by_number = {row.number: row for row in rows}
        self.changed = True

    def set_shell(self, shell: str) -> None:
        """Put other text around the rows."""
        if shell != self.shell:
            _, start, _, _ = _rows_region(shell, self.part)
            self._head, self._tail = shell[:start], shell[start:]
            self.changed = True

    def grow(self, row: int, column: int) -> None:
        """Note a new cell; the stated dimension will hold it."""
        cell = Range(row, column, row, column)
        self._grown = self._grown.union(cell) if self._grown else cell

    def text(self) -> str:
        """The whole part."""
        self._state_dimension()
        pieces = [self._head]
        for row in self.rows:
            pieces += (row.lead, row.text())
        return "".join([*pieces, self._trail, self._tail])

    def _state_dimension(self) -> None:
        grown, self._grown = self._grown, None
        node = parse(self.shell, self.part).find("dimension") if grown else None
        if grown is None or node is None:
            return
        stated = Range.parse(node.get("ref") or "A1")
        if stated.union(grown) != stated:
            splice = Splice(self.shell)
            splice.set(node, "ref", str(stated.union(grown)))
            self.set_shell(splice.result())


def _plain(raw: str) -> str:
    """Row attributes in the spelling that the scan gives."""
    if _PLAIN_ATTRIBUTES.fullmatch(raw):
        return raw
    return "".join(f' {name}="{value}"' for name, value in attributes(raw).items())


def _rows_region(text: str, part: str) -> tuple[str, int, int, bool]:
    """(prefix, start of the rows, their end, whether the tag is `<sheetData/>`)."""
    opening = re.compile(rf"{MARKUP.pattern}|<{_NAME}sheetData{ATTRIBUTES}(/?)>", re.S)
    for match in opening.finditer(text):
        if match[3] is None:
            continue
        prefix, start = match[2] or "", match.end()
        if match[3]:
            return prefix, start, start, True
        name = f"{prefix}:sheetData" if prefix else "sheetData"
        closing = re.compile(rf"{MARKUP.pattern}|</{re.escape(name)}\s*>()", re.S)
        for found in closing.finditer(text, start):
            if found[2] is not None:
                return prefix, start, found.start(), False
    raise corrupt(f"部件 {part}", "缺少 sheetData")
