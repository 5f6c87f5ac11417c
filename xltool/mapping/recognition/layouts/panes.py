"""Fixed lists of codes in column groups side by side: 一般公共预算财政拨款基本支出决算表."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from xltool.core.codes import CodeList, join_code
from xltool.mapping.blocks import Anchor, Cell, Codes, CodeStyle, Column, Form, Pane
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.header import NAMED_CODE
from xltool.mapping.recognition.layouts.headed import Headed
from xltool.mapping.recognition.layouts.matching import unique
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords
from xltool.mapping.recognition.vocabulary.keys import bare, header_key, row_key
from xltool.ooxml import Range

_FEWEST = 2
"""So many codes make a column of codes."""


@dataclass(frozen=True, slots=True)
class CodeColumn:
    """A column of codes: the row of each, and the text that it prints."""

    column: int
    right: int
    style: CodeStyle
    rows: dict[str, int]
    printed: dict[str, str | None]


def code_panes(headed: Headed, block: BlockWords) -> Codes | None:
    """The column groups of a fixed list; None when no group is found, or a code stands in two of them."""
    assert block.codes is not None
    found = code_columns(headed, block.codes)
    seen = [code for group in found for code in group.rows]
    if not found or len(seen) != len(set(seen)):
        return None
    panes = []
    for n, group in enumerate(found):
        end = found[n + 1].column if n + 1 < len(found) else headed.area.right + 1
        good, _ = unique(headed.meanings(range(group.right + 1, end), [block]))
        if len(good) != 1:
            continue
        ((column, match),) = good.items()
        amount = headed.bound(column, match.column, min(group.rows.values()))
        panes.append(pane(headed, group, f"第{n + 1}栏", amount, group.rows))
    return Codes(block.name, block.codes, tuple(panes)) if panes else None


def pane(
    headed: Headed, group: CodeColumn, name: str, amount: Column, codes: Collection[str]
) -> Pane:
    """The pane of a column of codes: those of `codes`, in the order of their rows, with the column `amount`."""
    title = _name_column(headed, group.right + 1, amount.left)
    listed = sorted(codes, key=group.rows.__getitem__)
    return Pane(
        name,
        group.column,
        group.column if group.style == "named" else title,
        amount,
        tuple(group.rows[code] for code in listed),
        tuple(listed),
        group.right,
        group.style,
        tuple(group.printed[code] for code in listed),
    )


def _name_column(headed: Headed, left: int, right: int) -> int:
    """The column of names between codes and amounts; the first of them when no head says so."""
    for column in range(left, right):
        path = headed.header.paths.get(column, ())
        if any(header_key(word.text) in headed.words.name for word in path):
            return column
    return min(left, right - 1)


def code_columns(headed: Headed, known: CodeList) -> list[CodeColumn]:
    """The columns of codes, from left to right; 类 and 款 in columns of their own are one."""
    cells = headed.cells
    found = []
    for left, right in _spans(headed):
        rows: dict[str, int] = {}
        printed: dict[str, str | None] = {}
        style: CodeStyle = "whole"
        twice = False
        above: list[str] = []
        for row in headed.body:
            found_code = _pieces_at(cells, row, left, right, known, above)
            if found_code is None:
                continue
            code, text, how = found_code
            style = style if how == "whole" else how
            if code[: known.levels[0]] in known:
                twice = twice or code in rows
                rows[code], printed[code] = row, text
        if len(rows) >= _FEWEST and not twice:
            if style == "parts" and None in printed.values():
                style = "own"
            right = max(right, *(cells.extent(row, left).right for row in rows.values()))
            found.append(CodeColumn(left, right, style, rows, printed))
    return found


def _spans(headed: Headed) -> list[tuple[int, int]]:
    """The first and the last column of each place for codes, as the heads say; every column where none does."""
    area, header, words = headed.area, headed.header, headed.words
    coded = words.code | words.named
    spans: list[tuple[int, int]] = []
    leaf = headed.leaves
    for column, path in sorted(header.paths.items()):
        if not any(header_key(word.text) in coded for word in path):
            continue
        if (
            spans
            and spans[-1][1] == column - 1
            and {leaf[column - 1], leaf[column]} <= {*words.parts}
        ):
            spans[-1] = (spans[-1][0], column)
        else:
            spans.append((column, column))
    return spans or [(column, column) for column in range(area.left, area.right + 1)]


def _pieces_at(
    cells: Cells, row: int, left: int, right: int, known: CodeList, above: list[str]
) -> tuple[str, str | None, CodeStyle] | None:
    """The code of a row, what its first cell prints, and how it stands. `above`: the pieces of the row before."""
    pieces = [_piece(cells, row, column) for column in range(left, right + 1)]
    if not any(pieces[1:]):
        if (whole := code_at(cells, row, left, known)) is None:
            return None
        above[:] = [whole[0]]
        return whole[0], whole[1], "named" if whole[2] else "whole"
    code = join_code(pieces, above) if all(not p or p.isdecimal() for p in pieces) else None
    if code is None or not known.well_formed(code):
        return None
    return code, pieces[0] or None, "parts"


def _piece(cells: Cells, row: int, column: int) -> str:
    whole = cells.whole(row, column)
    return str(whole) if whole is not None else bare(cells.text(row, column) or "")


def code_at(cells: Cells, row: int, column: int, known: CodeList) -> tuple[str, str, bool] | None:
    """The code in a cell, with what the cell prints and whether a name follows the code; None for anything else."""
    value = cells.values.get((row, column))
    if value is None:
        return None
    whole = cells.whole(row, column)
    text = str(whole) if whole is not None else str(value).strip()
    if known.well_formed(code := bare(text)):
        return code, text, False
    named = NAMED_CODE.fullmatch(text) if isinstance(value, str) else None
    if named and known.well_formed(code := bare(named[1])):
        return code, text, True
    return None


def pane_totals(headed: Headed, block: BlockWords, amounts: Sequence[Column]) -> Form | None:
    """人员经费合计 and 公用经费合计: each under the amounts of its columns."""
    cells = headed.cells
    places = []
    for words in block.cells:
        hits = [
            (row, column)
            for row in headed.body
            for column, text in headed.texts(row)
            if row_key(text) in words.keys
        ]
        if len(hits) != 1:
            continue
        row, column = hits[0]
        label = cells.extent(row, column)
        if (at := _amount(cells, row, label, amounts)) is not None:
            anchor = Anchor(label, (cells.text(row, column) or "",))
            target, path = cells.extent(row, at), (*block.path, words.name)
            unit = next((amount.unit for amount in amounts if amount.left == at), None)
            places.append(Cell(words.name, path, target, anchor, words.kind, unit=unit))
    return Form(block.name, block.path, cells=tuple(places)) if places else None


def _amount(cells: Cells, row: int, label: Range, amounts: Sequence[Column]) -> int | None:
    """The column of a total: the amounts right of its label, the last of them where the label is wide or
    nothing is filled, the filled one where one is."""
    texts = [column for column, _ in cells.texts(row, label.right + 1)]
    stop = min(
        (c for c in texts if cells.text(row, c) and _is_label(cells, row, c)), default=1 << 14
    )
    right = [amount.left for amount in amounts if label.right < amount.left < stop]
    if not right:
        return None
    filled = [column for column in right if (row, column) in cells.values]
    if len(filled) > 1:
        return None
    return filled[0] if filled else right[-1]


def _is_label(cells: Cells, row: int, column: int) -> bool:
    text = bare(cells.text(row, column) or "")
    return bool(text) and not text[0].isdigit() and text[0] not in "-—+.,"
