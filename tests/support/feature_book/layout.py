"""How many rows the block of the form sheet has, and the XML of cells and rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FORM = "收支 总表"
DETAIL = "支出's 明细"
ANNEX = "附表(一)"
CODES = "字典"
SETTINGS = "_参数"
SHEET_PARTS = {
    name: f"xl/worksheets/sheet{i}.xml"
    for i, name in enumerate((FORM, DETAIL, ANNEX, CODES, SETTINGS), 1)
}

BLOCK_FIRST = 6
BLOCK_ROWS = 3
BLOCK_LAST = BLOCK_FIRST + BLOCK_ROWS - 1

LOST = "#REF!"


@dataclass(frozen=True)
class Layout:
    """The form sheet with `rows` rows in its block, where the plain book has BLOCK_ROWS.

    Row numbers given to its methods are those of the plain book.
    """

    rows: int = BLOCK_ROWS

    @property
    def last(self) -> int:
        return BLOCK_FIRST + self.rows - 1

    @property
    def kept(self) -> range:
        """The rows of the block that exist in the plain book too."""
        return range(BLOCK_FIRST, min(self.last, BLOCK_LAST) + 1)

    @property
    def added(self) -> range:
        return range(BLOCK_LAST + 1, self.last + 1)

    def row(self, number: int) -> int:
        return number if number <= BLOCK_LAST else number + self.rows - BLOCK_ROWS

    def has(self, number: int) -> bool:
        return number > BLOCK_LAST or number <= self.last

    def ref(self, column: str, number: int, *, absolute: bool = False) -> str:
        """The address of one cell as formulas see it: LOST when its row was cut off."""
        if not self.has(number):
            return LOST
        return f"${column}${self.row(number)}" if absolute else f"{column}{self.row(number)}"

    def span(self, start: str, first: int, stop: str, last: int) -> str:
        """A range that is the block or ends outside it. Of one cell: its address."""
        top, bottom = self._ends(first, last)
        one = f"{start}{top}"
        return one if (start, top) == (stop, bottom) else f"{one}:{stop}{bottom}"

    def block(self, start: str, stop: str) -> str:
        return self.span(start, BLOCK_FIRST, stop, BLOCK_LAST)

    def absolute(self, start: str, first: int, stop: str, last: int) -> str:
        top, bottom = self._ends(first, last)
        return f"${start}${top}:${stop}${bottom}"

    def _ends(self, first: int, last: int) -> tuple[int, int]:
        return self.row(first), self.last if last == BLOCK_LAST else self.row(last)


def compact(xml: str) -> str:
    """`xml` without its indentation: one line, as Excel writes its parts."""
    out = ""
    for line in xml.strip().splitlines():
        text = line.strip()
        glue = "" if not out or out.endswith(">") or text.startswith("<") else " "
        out += glue + text
    return out


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blank(ref: str, style: int) -> str:
    return f'<c r="{ref}" s="{style}"/>'


def number(ref: str, raw: str, style: int) -> str:
    return f'<c r="{ref}" s="{style}"><v>{raw}</v></c>'


def formula(ref: str, text: str, cached: str | None, style: int, attributes: str = "") -> str:
    """A formula cell, its cached value a number or absent. Without text: child of a shared one."""
    body = f"<f{attributes}>{escaped(text)}</f>" if text else f"<f{attributes}/>"
    value = "" if cached is None else f"<v>{cached}</v>"
    return f'<c r="{ref}" s="{style}">{body}{value}</c>'


def text_formula(ref: str, text: str, cached: str, style: int) -> str:
    return f'<c r="{ref}" s="{style}" t="str"><f>{escaped(text)}</f><v>{escaped(cached)}</v></c>'


def row(index: int, cells: Iterable[str], attributes: str = "") -> str:
    body = "".join(cells)
    head = f'<row r="{index}" spans="1:9"{attributes} x14ac:dyDescent="0.2"'
    return f"{head}>{body}</row>" if body else f"{head}/>"
