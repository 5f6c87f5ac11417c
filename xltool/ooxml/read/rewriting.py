"""Formulas copied elsewhere, and after sheets got other names: only their references change."""

from __future__ import annotations

from collections.abc import Callable

from xltool.ooxml.read.formula import (
    REF_ERROR,
    Corner,
    Token,
    corners,
    quote_sheet,
    sheet_names,
    sheet_prefix,
    tokens,
)
from xltool.ooxml.read.refs import (
    MAX_COLUMN,
    MAX_ROW,
    column_letter,
    column_number,
)


def rewrite(formula: str, change: Callable[[Token], str]) -> str:
    """The formula with each reference replaced by what `change` makes of it."""
    return "".join(
        [change(token) if token.kind == "ref" else token.text for token in tokens(formula)]
    )


def _moved(corner: Corner, rows: int, columns: int) -> str | None:
    """An end of a reference so far off, or None when that is outside the sheet."""
    row, letters = corner.row, corner.letters
    if row and not corner.fixed_row:
        row += rows
        if not 1 <= row <= MAX_ROW:
            return None
    if letters and not corner.fixed_column and columns:
        column = column_number(letters) + columns
        if not 1 <= column <= MAX_COLUMN:
            return None
        letters = column_letter(column)
    return str(corner._replace(row=row, letters=letters))


def _shifted(token: Token, rows: int, columns: int) -> str:
    ends = [_moved(corner, rows, columns) for corner in corners(token.area)]
    texts = [end for end in ends if end is not None]
    return token.sheet + (":".join(texts) if len(texts) == len(ends) else REF_ERROR)


def shift(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads when its cell is copied `rows` down and `columns` to the right.

    A relative reference that leaves the sheet becomes #REF!.
    """
    if not rows and not columns:
        return formula
    return rewrite(formula, lambda token: _shifted(token, rows, columns))


def copier(formula: str) -> Callable[[int], str]:
    """As `shift` by so many rows down, for a formula that is copied again and again."""
    pieces: list[tuple[str, int]] = []
    for token in tokens(formula):
        ends = corners(token.area) if token.kind == "ref" else ()
        if not any(end.row and not end.fixed_row for end in ends):
            pieces.append((token.text, 0))
            continue
        for n, end in enumerate(ends):
            fixed = not end.row or end.fixed_row
            text = str(end) if fixed else str(end._replace(row=0))
            pieces.append(((":" if n else token.sheet) + text, 0 if fixed else end.row))
    lowest = min((row for _, row in pieces if row), default=1)
    highest = max((row for _, row in pieces if row), default=1)

    def copied(rows: int) -> str:
        if lowest + rows < 1 or highest + rows > MAX_ROW:
            return shift(formula, rows, 0)
        return "".join([f"{text}{row + rows}" if row else text for text, row in pieces])

    return copied


def rename_sheet(formula: str, old: str, new: str) -> str:
    """The formula with prefixes that name the sheet `old` naming `new`."""
    if old.lower().replace("'", "''") not in formula.lower():
        return formula
    pieces = []
    for token in tokens(formula):
        prefix, mark, rest = sheet_prefix(token)
        names = sheet_names(prefix) if mark else ()
        if old.lower() not in [name.lower() for name in names]:
            pieces.append(token.text)
            continue
        renamed = [new if name.lower() == old.lower() else name for name in names]
        quoted = [quote_sheet(name)[:-1] for name in renamed]
        if any(name.startswith("'") for name in quoted):
            joined = ":".join(renamed).replace("'", "''")
            pieces.append(f"'{joined}'!{rest}")
        else:
            pieces.append(f"{':'.join(quoted)}!{rest}")
    return "".join(pieces)
