"""One row of a worksheet as written, cut into cells where an edit needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xltool.ooxml.package.errors import EditError, corrupt
from xltool.ooxml.package.xmltext import ATTRIBUTES, attributes, set_attribute
from xltool.ooxml.read.refs import column_letter, column_number, make_ref, split_ref
from xltool.ooxml.read.xlsx.cellsource import RawCell

_PLAIN_REF = re.compile(r' r="([A-Z]{1,3})([0-9]+)"')
_PLAIN_START = re.compile(r' r="(?P<r>[A-Z]+[0-9]+)" s="(?P<s>[0-9]+)"')
_PLAIN_BLANK = re.compile(r' r="([A-Z]+[0-9]+)"(?: s="([0-9]+)")?')


class Dialect:
    """How a sheet is written: the patterns for its elements under their prefix.

    `where` names the sheet in messages.
    """

    def __init__(self, prefix: str, where: str) -> None:
        self.prefix = prefix
        self.where = where
        p = re.escape(prefix)
        self.row_end = f"</{prefix}row"
        self.row_start = re.compile(rf'<{p}row((?:\s+r="([0-9]+)")?{ATTRIBUTES})(/?)>')
        self.cell = re.compile(rf"<{p}c({ATTRIBUTES})(?:/>|>(.*?)</{p}c\s*>)", re.S)
        self.formula = re.compile(rf"<{p}f({ATTRIBUTES})(?:/>|>(.*?)</{p}f\s*>)", re.S)
        self.value = re.compile(
            rf"<{p}v{ATTRIBUTES}(?:/>|>.*?</{p}v\s*>)|<{p}is{ATTRIBUTES}(?:/>|>.*?</{p}is\s*>)",
            re.S,
        )


@dataclass(slots=True)
class CellText:
    """One cell as written. `lead` stands before it, `content` is None for `<c/>`."""

    lead: str
    column: int
    attributes: str
    content: str | None

    def text(self, prefix: str) -> str:
        """The cell with what stands before it."""
        if self.content is None:
            return f"{self.lead}<{prefix}c{self.attributes}/>"
        return f"{self.lead}<{prefix}c{self.attributes}>{self.content}</{prefix}c>"

    @property
    def blank(self) -> RawCell | None:
        """The cell as reading gives it, when it is plainly blank."""
        match = _PLAIN_BLANK.fullmatch(self.attributes) if self.content is None else None
        return (match[1], match[2] or "", "", "", "", "") if match else None

    def get(self, name: str) -> str | None:
        """An attribute of the cell, or None."""
        if (match := _PLAIN_START.match(self.attributes)) and name in ("r", "s"):
            return match[name]
        return attributes(self.attributes).get(name)

    def set(self, name: str, value: str | None) -> None:
        """Set an attribute of the cell; None removes it."""
        self.attributes = set_attribute(self.attributes, name, value)


class RowText:
    """One row as written. `lead` stands before it; `touch` must follow a change of a cell."""

    def __init__(
        self, dialect: Dialect, lead: str, number: int, attributes: str, text: str | None
    ) -> None:
        self.dialect = dialect
        self.lead = lead
        self.number = number
        self.attributes = attributes
        self.raw: list[RawCell] | None = None
        self._text = text
        self._cells: list[CellText] | None = None if text else []
        self._by_column: dict[int, CellText] | None = None
        self._trail = ""

    @property
    def cells(self) -> list[CellText]:
        """The cells in document order. Raises EditError when other elements stand among them."""
        if self._cells is None:
            self._cells = list(self._cut())
        return self._cells

    @property
    def is_cut(self) -> bool:
        """True once the cells were asked for."""
        return self._cells is not None

    def _cut(self) -> Iterator[CellText]:
        body = self._body()
        done = column = 0
        for found in self.dialect.cell.finditer(body):
            lead = body[done : found.start()]
            column = self._column(found[1], column)
            if "<" in lead:
                raise self._unpatchable()
            yield CellText(lead, column, found[1], found[2])
            done = found.end()
        self._trail = body[done:]
        if "<" in self._trail:
            raise self._unpatchable()

    def _body(self) -> str:
        """What stands between the tags of the row."""
        text = self._text or ""
        start = len(self.dialect.prefix) + len("<row") + len(self.attributes)
        return "" if text[start] == "/" else text[start + 1 : text.rindex("</")]

    def _column(self, raw: str, before: int) -> int:
        plain = _PLAIN_REF.match(raw)
        if plain and plain[2] == str(self.number):
            return column_number(plain[1])
        ref = attributes(raw).get("r")
        if ref is None:
            return before + 1
        try:
            row, column = split_ref(ref)
        except ValueError as error:
            where = f"{self.dialect.where}第 {self.number} 行"
            raise corrupt(where, f"的内容有误（{error}）") from None
        if row != self.number:
            where = f"{self.dialect.where}单元格 {ref}"
            raise corrupt(where, f"写在第 {self.number} 行里")
        return column

    def _unpatchable(self) -> EditError:
        return unpatchable(f"{self.dialect.where}第 {self.number} 行")

    def touch(self) -> None:
        """Note that the row differs from its original text."""
        self._text = self.raw = None

    def cell(self, column: int) -> CellText | None:
        """The cell in a column, or None."""
        if self._by_column is None:
            self._by_column = {cell.column: cell for cell in reversed(self.cells)}
        return self._by_column.get(column)

    def add(self, cell: CellText) -> None:
        """Put a cell in its place among the others; widen `spans` to hold it."""
        cells = self.cells
        index = next((i for i, c in enumerate(cells) if c.column > cell.column), len(cells))
        cells.insert(index, cell)
        self._by_column = None
        first, _, last = (attributes(self.attributes).get("spans") or "").partition(":")
        if first.isdigit() and last.isdigit():
            wide = f"{min(int(first), cell.column)}:{max(int(last), cell.column)}"
            self.attributes = set_attribute(self.attributes, "spans", wide)
        self.touch()

    def renumber(self, number: int) -> None:
        """Move the row with its cells to another number; formulas stay as they are."""
        for cell in self.cells:
            if cell.get("r") is not None:
                cell.set("r", make_ref(number, cell.column))
        self.number = number
        self.attributes = set_attribute(self.attributes, "r", str(number))
        self.touch()

    def text(self) -> str:
        """The row without what stands before it."""
        if self._text is not None:
            return self._text
        prefix = self.dialect.prefix
        body = "".join([cell.text(prefix) for cell in self.cells]) + self._trail
        if not body:
            return f"<{prefix}row{self.attributes}/>"
        return f"<{prefix}row{self.attributes}>{body}</{prefix}row>"


def unpatchable(where: str) -> EditError:
    """The error for a sheet whose rows hold elements that an edit might break."""
    return EditError(
        f"{where}的内部写法特殊，修改可能破坏它。请用 Excel 打开另存后重试。",
        kind="unsupported",
    )


def ref_of(row: RowText, cell: CellText) -> str:
    """The reference of a cell in a row."""
    return f"{column_letter(cell.column)}{row.number}"
