"""Lists of 科目: the columns of code and name, the columns of figures, the rows and the total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from xltool.core.model import CODE, NAME
from xltool.mapping.blocks import Anchor, CodeStyle, Column, ListBlock, Total
from xltool.mapping.cells import Cells
from xltool.mapping.recognition.header import CODE as CODE_SHAPE
from xltool.mapping.recognition.header import NAMED_CODE, plain
from xltool.mapping.recognition.layouts.blankrows import drawn, is_blank, is_sample
from xltool.mapping.recognition.layouts.headed import Headed, anchors
from xltool.mapping.recognition.layouts.listkeys import (
    Keys,
    keys_by_shape,
    last_piece,
    names_alone,
    share,
)
from xltool.mapping.recognition.layouts.matching import Match, unique
from xltool.mapping.recognition.layouts.underheads import RowKind, under_heads
from xltool.mapping.recognition.vocabulary.blockwords import BlockWords
from xltool.mapping.recognition.vocabulary.keys import bare, header_key
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.ooxml import Range, Value

_PIECE = 3


def _key_columns(keys: Keys, style: CodeStyle) -> Iterator[Column]:
    """The columns of the codes and, where it has one of its own, of the names."""
    yield Column(CODE, *keys.code, "code", header=anchors(keys.header), code=style)
    if keys.name is not None:
        how: CodeStyle = style if style in ("named", "unprinted") else "whole"
        header = anchors(keys.name_header)
        yield Column(NAME, keys.name, keys.name, "name", header=header, code=how)


def list_block(headed: Headed, block: BlockWords) -> tuple[ListBlock, list[int]] | None:
    """The list under a head and its rows of the sheet; None when its codes or figures are not found."""
    return list_of(headed, block, headed.meanings(headed.header.own_columns, [block]))


def list_of(
    headed: Headed, block: BlockWords, found: dict[int, Match]
) -> tuple[ListBlock, list[int]] | None:
    """The list whose columns mean what was found, those of codes and names aside; and its rows."""
    money = {column for column, match in found.items() if match.column.kind == "amount"}
    keys = _keys(headed, block, money)
    if keys is None:
        return None
    own = {*range(keys.code[0], keys.code[1] + 1), keys.name}
    columns, _ = unique({column: match for column, match in found.items() if column not in own})
    if len(columns) < block.least:
        return None
    body = _body(headed, keys)
    total = None if body.total is None else _total(headed, keys, columns, body.total)
    header = headed.header
    first = body.rows[0] if body.rows else max(header.body, (header.numbers or 0) + 1)
    bound = [headed.bound(column, match.column, first) for column, match in columns.items()]
    style = _style(headed.cells, keys, body.rows)
    until = (bare(body.end),) if body.end else ()
    return (
        ListBlock(
            block.name,
            first,
            len(body.rows),
            (*_key_columns(keys, style), *bound),
            None if block.flat else block.codes,
            total,
            until,
        ),
        body.rows,
    )


def _keys(headed: Headed, block: BlockWords, money: Set[int]) -> Keys | None:
    header = headed.header
    codes: list[int] = []
    named: list[int] = []
    names: list[int] = []
    for column, path in header.paths.items():
        kind = _kind([header_key(word.text) for word in path], headed.words)
        if kind == "code":
            codes.append(column)
        elif kind == "named":
            named.append(column)
        elif kind == "name" and path[-1].at.left == column:
            names.append(column)
    if not codes and not named:
        return keys_by_shape(headed, names, money) or names_alone(headed, block, names)
    if codes and codes == list(range(codes[0], codes[-1] + 1)) and len(codes) <= _PIECE:
        name = next((column for column in names if column > codes[-1]), next(iter(names), None))
        style: CodeStyle = "whole"
        at = (codes[0], last_piece(headed, codes[-1], name))
        if name is None and share(headed, codes[0], NAMED_CODE.fullmatch) > 0:
            name, style = codes[0], "named"
        return Keys(at, name, style, header.paths[codes[0]], header.paths.get(name or 0, ()))
    if not codes and len(named) >= 1:
        at = (named[0], named[0])
        name = next((column for column in names if column > named[0]), None)
        if name is not None and share(headed, named[0], CODE_SHAPE.fullmatch) > 0:
            return Keys(at, name, "whole", header.paths[named[0]], header.paths[name])
        return Keys(at, named[0], "named", header.paths[named[0]], header.paths[named[0]])
    return None


def _kind(heads: Sequence[str], words: Vocabulary) -> str:
    """What the heads above a column say of it: code, name, named (both in one cell); "" for another column."""
    for head in (heads[-1], *heads):
        if head in words.code or head in words.parts:
            return "code"
        if head in words.name:
            return "name"
    return "named" if any(head in words.named for head in heads) else ""


@dataclass(frozen=True, slots=True)
class _Body:
    rows: list[int]
    total: int | None
    end: str


def _body(headed: Headed, keys: Keys) -> _Body:
    """The rows of a list from the first to the last, its total row, the text that ends it."""
    cells, area, header, words = headed.cells, headed.area, headed.header, headed.words
    right = max(keys.code[1], keys.name or 0)

    def kind(row: int) -> RowKind:
        above_numbers = row < (header.numbers or 0) and row not in cells.rows
        if row == header.numbers or above_numbers:
            return "aside"
        texts = [text for _, text in cells.texts(row, area.left, right)]
        if texts and words.is_note(texts[0]) and not _is_row(cells, row, keys):
            return "end"
        return "total" if any(header_key(text) in words.total for text in texts) else "row"

    found = under_heads(headed.body, kind)
    if any(_figures(cells, row) != _figures(cells, found.totals[0]) for row in found.totals):
        return _Body([], None, "")
    total = found.totals[0] if found.totals else header.total_on_head
    end = next(cells.texts(found.end, area.left, right))[1] if found.end else ""
    counted = {column for column, key in headed.leaves.items() if key in words.ordinals}
    rows = _contiguous(cells, found.rows, keys, counted)
    return _Body(drawn(cells, area, _beside_total(cells, rows, total)), total, end)


def _beside_total(cells: Cells, rows: list[int], total: int | None) -> list[int]:
    """The rows of a list without the blank ones beyond its total: a list stands below it, or above it."""
    above = [row for row in rows if total is None or row < total]
    below = rows[len(above) :]
    holding, alone = (any(row in cells.rows for row in side) for side in (above, below))
    if above and below and not (holding and alone):
        return below if alone or (not holding and len(below) > len(above)) else above
    return rows


def _figures(cells: Cells, row: int) -> dict[int, Value]:
    return {column: cells.values[row, column] for column in cells.figures(row)}


def totals_again(cells: Cells, total: int, area: Range, words: Vocabulary) -> list[int]:
    """The rows below a list's total that say the same of every column once more: 合计 above, 总计 below."""
    own = _figures(cells, total)
    return [
        row
        for row in range(total + 1, area.bottom + 1 if own else total)
        if _figures(cells, row) == own
        and any(header_key(text) in words.total for _, text in cells.texts(row, area.left))
    ]


def _is_row(cells: Cells, row: int, keys: Keys) -> bool:
    """Whether a row bears a code, in one of the shapes that codes have."""
    texts = [plain(cells, row, column) for column in range(keys.code[0], keys.code[1] + 1)]
    if keys.style == "unprinted":
        return bool(texts[0])
    if keys.style == "named":
        return bool(NAMED_CODE.fullmatch(texts[0]) or CODE_SHAPE.fullmatch(texts[0]))
    filled = [text for text in texts if text]
    if not filled or not all(text.isdecimal() for text in filled):
        return False
    lengths = [3, 5, 7] if len(texts) == 1 else [1, 2, 3, 5, 7]
    return all(len(text) in lengths for text in filled)


def _contiguous(cells: Cells, rows: list[int], keys: Keys, counted: Set[int]) -> list[int]:
    """The rows with codes and the blank ones between and after them; others are none of the list.

    A row whose first cell reaches over figures takes a statement and not a code. `counted`: the columns that only
    number the rows; a blank form may have them printed.
    """
    right = max(keys.code[1], keys.name or 0)
    return [
        row
        for row in rows
        if cells.extent(row, keys.code[0]).right <= right
        and (_is_row(cells, row, keys) or is_blank(cells, row, counted) or is_sample(cells, row))
    ]


def rows_of(cells: Cells, rows: range, code: Column, name: Column | None) -> list[int]:
    """The rows that bear a code in the cells where a list has its codes."""
    keys = Keys((code.left, code.right), name.left if name else None, code.code, (), ())
    filled = [row for row in rows if row in cells.rows]
    return [row for row in _contiguous(cells, filled, keys, set()) if _is_row(cells, row, keys)]


def total_in(cells: Cells, rows: range, columns: range, words: Vocabulary) -> Total | None:
    """The row of the total of a list of which no more than this part is on a sheet; its label stands in `columns`."""
    for row in rows:
        for column, text in cells.texts(row, columns.start, columns.stop - 1):
            if header_key(text) in words.total:
                return Total(row, Anchor(cells.extent(row, column), ("合计", text)))
    return None


def _total(headed: Headed, keys: Keys, columns: dict[int, Match], row: int) -> Total:
    cells = headed.cells
    texts = list(cells.texts(row, headed.area.left, max(keys.code[1], keys.name or 0)))
    at = cells.extent(row, texts[0][0])
    # what the label covers, as a text column between the names and the figures, has no total
    without = frozenset(m.column.name for c, m in columns.items() if at.left <= c <= at.right)
    if row == headed.header.total_on_head:
        without |= frozenset(
            match.column.name for column, match in columns.items() if (row, column) in cells.values
            and isinstance(cells.values[row, column], str)
        )  # fmt: skip
    return Total(row, Anchor(at, ("合计", texts[0][1])), without)


def _style(cells: Cells, keys: Keys, rows: Sequence[int]) -> CodeStyle:
    """How codes in several cells stand: whole in merged ones, or each with its own part."""
    left, right = keys.code
    if keys.style == "named" or left == right:
        return keys.style
    own = False
    for row in rows:
        if cells.extent(row, left).right > left:
            return "whole"
        pieces = [plain(cells, row, column) for column in range(left, right + 1)]
        if len(pieces[0]) > _PIECE:
            return "whole"
        if any(pieces[1:]):
            own = own or not pieces[0]
    return "own" if own else "parts"
