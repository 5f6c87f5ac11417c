"""What the columns of a block hold: codes, natures, funds, figures; it says more than a head that is not known."""

from __future__ import annotations

import re
from itertools import takewhile

from xltool.core.codes import CODE_LEVELS
from xltool.documents.grids import Cell, SourceGrid
from xltool.entry.importing.layout.block import Block, is_total
from xltool.entry.importing.layout.headrows import code_of, is_budget_code, is_figure
from xltool.entry.importing.rows.namedcodes import heads_groups
from xltool.entry.importing.vocabulary import ImportWords, Meaning, bare

_CODES = re.compile("编码|代码|编号")
_NATURES = frozenset(("基本", "项目", "基本支出", "项目支出", "经营支出"))
_LOOK = 40
"""How many rows below the heads show what a column holds."""


def by_content(block: Block) -> None:
    """A column of names, or without a known head, that holds codes is the column of codes.

    辅助编码 beside a column of accounts is one, too; 支出功能分类 over nothing but words holds names.
    """
    for column in sorted(block.heads.keys() - block.columns.keys()):
        if _CODES.search(block.heads[column]) and holds_codes(block.grid, block.head, column):
            block.columns[column] = Meaning("code", "功能")
    coded = [c for c in block.of("code") if block.columns[c].target not in CODE_LEVELS]
    if not any(is_figure(v) for c in block.of("code") for v in _shown(block.grid, block.head, c)):
        for column in coded if not block.of("side", "direction") else ():
            block.columns[column] = Meaning("name")
    if block.of("code"):
        return
    for column in range(1, max(block.heads, default=0) + 1):
        known = block.columns.get(column, Meaning("name")).what == "name"
        headed = block.of("amount") and column in block.columns and heads_groups(block, column)
        if known and (headed or holds_codes(block.grid, block.head, column)):
            block.columns[column] = Meaning("code", "功能")
            return


def names_beside(block: Block) -> None:
    """A column without a head, next to the codes, that holds nothing but names of codes holds their names."""
    for column in {c + 1 for c in block.of("code")} - block.heads.keys():
        texts = [v for v in _shown(block.grid, block.head, column) if not is_total(v)]
        if texts and all(isinstance(v, str) and bare(v) in block.topic.codes for v in texts):
            block.columns[column] = Meaning("name")


def named_by_content(block: Block, words: ImportWords) -> None:
    """A column of nothing but 基本支出, 项目支出, or of funds, says that of its rows, whatever its head."""
    if not block.of("code"):
        return
    for column in block.heads:
        if block.columns.get(column, Meaning("name")).what not in ("name", "memo"):
            continue
        shown = [v for v in _shown(block.grid, block.head, column) if not is_total(v)]
        texts = [v for v in shown if isinstance(v, str) and not code_of(v)[0]]
        if not texts or len(texts) < len(shown):
            continue
        open_nature = block.of("single", "month") and not block.of("nature")
        if open_nature and _NATURES.issuperset(map(bare, texts)):
            block.columns[column] = Meaning("nature")
        elif not block.of("fund") and column not in block.columns and all(map(words.fund, texts)):
            block.columns[column] = Meaning("fund")


def not_names(block: Block, words: ImportWords) -> None:
    """当年支出 over nothing but figures, beside the codes, names nothing: it is asked what it is.

    项目 beside 基本 is 项目支出.
    """
    basic = {block.columns[c].target for c in block.of("amount")}
    for column in block.of("name") if block.of("code") else ():
        shown = _shown(block.grid, block.head, column)
        if shown and all(is_figure(v) and not _is_word(v) for v in shown):
            del block.columns[column]
            nature = words.nature(bare(block.heads[column]))
            if nature and basic == {"支出表.基本支出"}:
                block.columns[column] = Meaning("amount", f"支出表.{nature}")


def holds_codes(grid: SourceGrid, head: int, column: int) -> bool:
    shown = _shown(grid, head, column)
    codes = [code for value in shown if is_budget_code(code := code_of(value)[0])]
    return len(codes) > len(shown) // 2 and bool(codes)


def holds_figures(grid: SourceGrid, head: int, column: int) -> bool:
    return any(is_figure(v) and not _is_word(v) for v in _shown(grid, head, column))


def number_columns(block: Block) -> list[int]:
    """Columns that hold numbers below the heads, also as text."""
    found: set[int] = set()
    for row in block.rows:
        for column, value in block.grid.cells[row].items():
            figure = column not in found and is_figure(value) and not _is_word(value)
            if figure and not block.tells_other(row, column):
                found.add(column)
    return sorted(found)


def _shown(grid: SourceGrid, head: int, column: int) -> list[Cell]:
    """What a column holds below its heads, down to the first blank row."""
    rows = takewhile(grid.cells.__contains__, range(head + 1, head + _LOOK))
    return [value for row in rows if (value := grid.cells[row].get(column)) is not None]


def _is_word(value: object) -> bool:
    """A code with its name, a number of a document: text that is no amount."""
    return isinstance(value, str) and bool(code_of(value)[1])


def years_of_months(block: Block, words: ImportWords) -> None:
    """基本支出 over 一季度 … 四季度 | 全年合计: one of them is filled, the others are compared with it."""
    months, columns = block.of("month"), block.columns
    for column in block.of("amount") if months else ():
        known = words.heads.get(bare(block.heads.get(column, "").rpartition("/")[2]))
        targets = {columns[column].target}
        if known is not None and known.what == "single":
            targets.add("")  # a person said of what the year is, and of the months nothing
        if within := [c for c in months if columns[c].target in targets]:
            block.years[column] = within
