"""A list that lies on its side (科目 in columns, 基本支出 and 项目支出 in rows), set upright to be read as others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.documents.grids import Cell, SourceGrid
from xltool.entry.importing.layout.block import is_total
from xltool.entry.importing.layout.headrows import (
    LOWEST,
    code_of,
    is_budget_code,
    is_economic,
    is_figure,
    is_item,
)
from xltool.entry.importing.layout.meanings import GridTopic
from xltool.entry.importing.vocabulary import ImportWords, bare
from xltool.ooxml import Range

_KIND = re.compile("预算|决算|实际支出|支出数")
_LEAST = 3
"""So many of the outlays of “三公” stand in a line of heads."""
_FIGURES = ("amount", "single")


def upright(grid: SourceGrid, words: ImportWords, topic: GridTopic) -> SourceGrid:
    """A sheet whose list lies on its side, with rows and columns exchanged below its titles; any other as it is."""
    outlays = _outlays(grid, words) or _crossed(grid, words)
    grid, first = outlays or (grid, next(_beginnings(grid, words, topic), None))
    if first is None:
        return grid
    shift = max(first - 1, 1)
    cells: dict[int, dict[int, Cell]] = {r: line for r, line in grid.cells.items() if r < first}
    last = max(row for row, line in grid.cells.items() if len(line) > 1)
    for row in range(first, last + 1):
        for column, value in grid.cells.get(row, {}).items():
            cells.setdefault(column + shift, {})[row] = value
    below = max(cells) + 1
    notes = (line for row, line in sorted(grid.cells.items()) if row > last)
    cells.update(enumerate(notes, below))
    return grid._replace(
        cells=dict(sorted(cells.items())),
        merges=tuple(_exchanged(merge, first, shift) for merge in grid.merges),
        hidden=frozenset(column + shift for column in grid.hidden_columns),
        hidden_columns=frozenset(row for row in grid.hidden if row >= first),
        formats={(c + shift, r): f for (r, c), f in grid.formats.items() if r >= first},
        unseen=frozenset((c + shift, r) for r, c in grid.unseen if r >= first),
        turned=shift,
    )


def _outlays(grid: SourceGrid, words: ImportWords) -> tuple[SourceGrid, int] | None:
    """“三公” in columns, 预算数 and 决算数 in rows: the sheet with its heads in one line, and the row of that."""
    for row, line in sorted(grid.cells.items()):
        if not any(_is_outlay(v, words) for v in line.values()):
            continue
        lower = grid.cells.get(row + 1, {})
        two = all(isinstance(v, str) and not is_figure(v) for v in lower.values())
        more = {c: v for c, v in lower.items() if two and bare(v) not in words.subtotals}
        heads = {**line, **more}
        if len({bare(v) for v in heads.values() if _is_outlay(v, words)}) < _LEAST:
            continue
        below = [r for r in grid.cells if r > row + bool(lower and two) and _says_kind(grid, r)]
        if not below:
            continue
        key = min(min(grid.cells[r]) for r in below)
        heads[key] = heads.get(key) or "项目"
        kept = {r: v for r, v in grid.cells.items() if not (two and r == row + 1)}
        merges = tuple(m for m in grid.merges if m.bottom < row or m.top > row + 1)
        return grid._replace(cells={**kept, row: heads}, merges=merges), row
    return None


def _crossed(grid: SourceGrid, words: ImportWords) -> tuple[SourceGrid, int] | None:
    """功能分类 in columns and 经济分类 in rows: with the names of the rows behind their codes, and where it begins."""
    for row, line in sorted(grid.cells.items()):
        head = min(line)
        if not _is_key(line[head], words):
            continue
        items = [c for c, v in line.items() if is_item(code_of(v)[0])]
        if len(items) < 2:
            continue
        # all rows below are looked at for rows of heads only: for every row it would be the square of them
        below = [r for r in grid.cells if r > row and is_economic(_code(grid, r, head))]
        if len(below) < 2:
            continue
        cells = {r: _named(own, min(items)) if r >= row else own for r, own in grid.cells.items()}
        names = cells.get(row + 1, {})
        if names and row + 1 not in below and not any(map(is_figure, names.values())):
            cells[row + 1] = {min(items) - 1: "科目名称", **names}
        return grid._replace(cells=cells), row
    return None


def _code(grid: SourceGrid, row: int, column: int) -> str:
    return code_of(grid.cells[row].get(column))[0]


def _named(line: dict[int, Cell], first: int) -> dict[int, Cell]:
    """A line with the words before its figures in the cell beside these: 30101 基本工资."""
    words = [f"{v:f}" if not isinstance(v, str) else v for c, v in line.items() if c < first]
    if not words:
        return line
    said = words[:1] if not is_budget_code(code_of(words[0])[0]) else words
    return {first - 1: " ".join(said), **{c: v for c, v in line.items() if c >= first}}


def _is_outlay(value: Cell, words: ImportWords) -> bool:
    """Whether a text is the name of one of the outlays of “三公”."""
    name = bare(value)
    return any(name in alike for alike in words.aliases)


def _says_kind(grid: SourceGrid, row: int) -> bool:
    """A row of figures that says that they are 预算数 or 决算数."""
    label, *figures = (value for _, value in sorted(grid.cells[row].items()))
    return (
        bool(figures)
        and isinstance(label, str)
        and bool(_KIND.search(label))
        and all(map(is_figure, figures))
    )


def _exchanged(merge: Range, first: int, shift: int) -> Range:
    if merge.top < first:
        return merge
    return Range(merge.left + shift, merge.top, merge.right + shift, merge.bottom)


def _beginnings(grid: SourceGrid, words: ImportWords, topic: GridTopic) -> Iterator[int]:
    """Rows of codes or their names, over rows that begin with the name of a column of figures."""
    for row, line in sorted(grid.cells.items()):
        head = min(line)
        shown = [value for column, value in line.items() if column > head]
        named = [v for v in shown if not is_total(v)]
        coded = sum(_is_code(value, topic) for value in named)
        if coded < 2 or 2 * coded <= len(named) or not _is_key(line[head], words):
            continue
        if any(is_figure(value) and not _is_code(value, topic) for value in named):
            continue
        if any(_is_figures(grid.cells[r], head, words) for r in grid.cells if r > row):
            yield row


def _is_key(label: Cell, words: ImportWords) -> bool:
    """Whether a label says that codes or names follow: an amount such as 2005000 looks like a code."""
    known = words.heads.get(bare(label)) if isinstance(label, str) else None
    return known is not None and known.what in ("code", "name")


def _is_code(value: Cell, topic: GridTopic) -> bool:
    """A code with figures of its own, or the name of one."""
    code, _ = code_of(value)
    if is_budget_code(code):
        return len(code) in LOWEST.values()
    return isinstance(value, str) and any(
        len(known) in LOWEST.values() for known in topic.codes.get(bare(value), ())
    )


def _is_figures(line: dict[int, Cell], head: int, words: ImportWords) -> bool:
    label = line.get(head)
    known = words.heads.get(bare(label)) if isinstance(label, str) else None
    figures = any(is_figure(value) for column, value in line.items() if column > head)
    return known is not None and known.what in _FIGURES and figures
