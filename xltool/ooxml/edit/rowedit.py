"""What rows, ranges and references become when a block of rows grows or shrinks."""

from __future__ import annotations

from dataclasses import dataclass

from xltool.ooxml.package.errors import EditError
from xltool.ooxml.read.formula import REF_ERROR, Token, corners, sheet_names
from xltool.ooxml.read.refs import MAX_ROW, Range, make_ref, split_ref
from xltool.ooxml.read.rewriting import rewrite


@dataclass(frozen=True)
class RowEdit:
    """`count` rows inserted after row `last` of a block, or taken from its end when negative.

    The block is `first`…`last` on the sheet `sheet`, as numbered before the edit. The new rows are copies of `last`.
    """

    sheet: str
    first: int
    last: int
    count: int

    @classmethod
    def of_block(cls, sheet: str, first: int, have: int, want: int) -> RowEdit:
        """The edit that makes a block of `have` rows `want` rows long. Raises EditError."""
        if first < 1 or have < 1 or want < 1:
            raise EditError(f"工作表“{sheet}”调整行数：起始行、原行数和新行数都至少为 1。")
        return cls(sheet, first, first + have - 1, want - have)

    @property
    def at(self) -> int:
        """The row that moves first, or the first one removed."""
        return self.last + 1 + min(self.count, 0)

    @property
    def new_rows(self) -> range:
        """The numbers of the rows inserted."""
        return range(self.last + 1, self.last + 1 + max(self.count, 0))

    def names(self, sheet: str) -> bool:
        """True when `sheet` is the name of the edited sheet."""
        return sheet.lower() == self.sheet.lower()

    def row(self, row: int) -> int | None:
        """Where a row stands afterwards, None when it is removed or pushed off the sheet."""
        if row > self.last:
            moved = row + self.count
            return moved if moved <= MAX_ROW else None
        return row if row < self.at or self.count > 0 else None

    def cell(self, ref: str) -> str | None:
        """The address of a cell afterwards, None when it is removed or pushed off the sheet."""
        row, column = split_ref(ref)
        moved = self.row(row)
        if moved is None:
            return None
        return ref if moved == row else make_ref(moved, column)

    def row_or_next(self, row: int) -> int:
        """Where a row stands afterwards; of a removed one, where the row after it stands."""
        moved = self.row(row)
        return self.at if moved is None else moved

    def span(self, top: int, bottom: int, *, grow: bool) -> tuple[int, int] | None:
        """What the rows `top`…`bottom` become, None when none of them is left.

        A span that holds the rows on both sides of the insertion grows as in Excel; one that ends
        with the block does when `grow` says so, for the new rows belong to the block.
        """
        if top == 1 and bottom == MAX_ROW:
            return top, bottom
        if self.count > 0:
            end = bottom + self.count if bottom > self.last - grow else bottom
            start = top + self.count if top > self.last else top
        else:
            end = max(bottom + self.count, self.at - 1) if bottom >= self.at else bottom
            start = max(top + self.count, self.at) if top >= self.at else top
        return (start, min(end, MAX_ROW)) if start <= min(end, MAX_ROW) else None

    def area(self, area: Range, *, grow: bool) -> Range | None:
        """What a range becomes; see `span`."""
        rows = self.span(area.top, area.bottom, grow=grow)
        return area._replace(top=rows[0], bottom=rows[1]) if rows else None

    def list_area(self, area: Range) -> Range | None:
        """What a range of data (print area, filter, table, chart series) becomes."""
        return self.area(area, grow=area.top < area.bottom)

    def members(self, areas: list[Range]) -> list[Range]:
        """What a set of ranges becomes in which the new rows are what the block's last row is."""
        moved = (self.area(area, grow=True) for area in areas)
        return [area for area in moved if area is not None]


def follow(
    formula: str, edit: RowEdit, own_sheet: str, *, row: int = 0, fixed_only: bool = False
) -> str:
    """The formula, standing on `own_sheet` (in `row` if it is a cell's), after the edit.

    References into the edited sheet move with their rows; ranges that hold the block's last row
    at their end take in the new ones; what was removed becomes #REF!. With `fixed_only` rows
    without `$` stay, as in defined names, where they count from the cell that uses the name.
    """

    def changed(token: Token) -> str:
        names = sheet_names(token.sheet) if token.sheet else (own_sheet,)
        if len(names) != 1 or not edit.names(names[0]):
            return token.text
        inside = edit.names(own_sheet) and edit.first <= row <= edit.last
        return _moved(token, edit, row if inside else 0, fixed_only)

    return rewrite(formula, changed)


def _moved(token: Token, edit: RowEdit, row: int, fixed_only: bool) -> str:
    ends = corners(token.area)
    if not ends[0].row or (fixed_only and not all(end.fixed_row for end in ends)):
        return token.text
    low, high = min(end.row for end in ends), max(end.row for end in ends)
    if len(ends) == 1:
        new = edit.row(low)
        span = (new, new) if new else None
    else:
        one_column = ends[0].letters == ends[1].letters != ""
        is_list = low < high or (one_column and edit.first == edit.last)
        running = row == high and not max(ends, key=lambda end: end.row).fixed_row
        span = edit.span(low, high, grow=is_list and not running)
    if span is None:
        return token.sheet + REF_ERROR
    new_rows = span if ends[0].row <= ends[-1].row else span[::-1]
    moved = [str(end._replace(row=new)) for end, new in zip(ends, new_rows, strict=False)]
    return token.sheet + ":".join(moved)
