"""What is asked of the cells of a worksheet, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeAlias

RawCell: TypeAlias = tuple[str, str, str, str, str, str]
"""A cell as written: ref, style, type, formula, value, rest.

`formula` runs from the attributes of `<f` to its end ('' without one); `rest` is an empty `<v>`,
or `<is>` with its content, or ''.
"""


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


def by_columns(cells: Iterable[RawCell]) -> Columns:
    """Cells by columns."""
    refs, _, kinds, formulas, raws, rests = map(list, tuple(zip(*cells, strict=True)) or [()] * 6)
    return Columns(refs, kinds, formulas, raws, [None] * len(refs), rests)


class CellSource(Protocol):
    """Where the cells of a worksheet come from: a scan of its text, or the text while edited."""

    @property
    def shell(self) -> str:
        """The part without its rows."""

    def cell(self, ref: str) -> RawCell | None:
        """The cell `ref`, written as in `A1`, or None."""

    def style(self, ref: str) -> str | None:
        """The format of the cell `ref` as written ('' when it states none), None without the cell."""

    @property
    def may_have_arrays(self) -> bool:
        """False when no formula of the sheet fills a range."""

    def refs(self) -> list[str]:
        """The addresses of all cells, in the order of `ordered`. Raises ValueError for a bad one."""

    def ordered(self) -> list[RawCell]:
        """All cells, row by row and from left to right. Raises ValueError for a bad address."""

    def row_attributes(self) -> list[tuple[int, str]]:
        """(row number, attributes as ` name="value"`…) of every row element."""
