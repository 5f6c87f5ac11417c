"""What belongs to a sheet as a whole: merges, widths, heights, what is hidden, protection."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.problems import Problem
from xltool.filling.proof.rows import Pair
from xltool.ooxml import Range

_WIDE = 256
"""Columns beyond that have no width that matters."""


def sheet_differences(pair: Pair) -> Iterator[Problem]:
    """What of a sheet is not as its blank form has it, cells apart."""
    old, new = pair.blank, pair.finished
    where = f"工作表“{new.name}”"
    if (old.protected, old.has_password) != (new.protected, new.has_password):
        yield Problem(where, "工作表保护变了", code="not-proved")
    if old.state != new.state:
        yield Problem(where, "隐藏状态变了", code="not-proved")
    last = min(_WIDE, max((s.extent.right for s in (old, new) if s.extent), default=0) + 1)
    for column in range(1, last + 1):
        if old.column_width(column) != new.column_width(column):
            yield Problem(where, f"第{column}列的列宽变了", code="not-proved")
    if old.hidden_cols != new.hidden_cols:
        yield Problem(where, "隐藏的列变了", code="not-proved")
    copies = {at for at, model in pair.moves.added() if model in old.hidden_rows}
    if {pair.moves.row(row) for row in old.hidden_rows} - {None} | copies != new.hidden_rows:
        yield Problem(where, "隐藏的行变了", code="not-proved")
    yield from _heights(pair, where)
    yield from _merges(pair, where)


def _heights(pair: Pair, where: str) -> Iterator[Problem]:
    """A row may become higher for a long text, never lower."""
    for row in range(1, pair.blank.last_row + 1):
        at = pair.moves.row(row)
        old = pair.blank.row_height(row)
        new = pair.finished.row_height(at) if at else None
        if at and old is not None and (new is None or new < old):
            yield Problem(where, f"第{at}行比表样矮了", code="not-proved")


def _merges(pair: Pair, where: str) -> Iterator[Problem]:
    """Merged cells; those of groups in lists follow the data, and those of sample codes go with the samples."""
    wanted, found = pair.merges(), set(pair.finished.merges)
    groups, samples = list(_areas(pair, of_codes=False)), list(_areas(pair, of_codes=True))
    for area in sorted(wanted ^ found):
        gone = samples if area in wanted and area.top < area.bottom else []
        if not any(group.union(area) == group for group in (*groups, *gone)):
            told = "表样的合并没有了" if area in wanted else "表样里没有的合并"
            yield Problem(f"{where}{area}", told, code="not-proved")


def _areas(pair: Pair, *, of_codes: bool) -> Iterator[Range]:
    """The columns of lists in which equal values are merged, or those of codes and their names."""
    for found_table in pair.after:
        for rows in found_table.located.lists.values():
            for column in rows.block.columns:
                wanted = column.kind in ("code", "name") if of_codes else column.group
                if wanted and rows.rows:
                    spot = rows.columns[column.name]
                    yield Range(rows.rows[0], spot.left, rows.rows[-1], spot.right)
