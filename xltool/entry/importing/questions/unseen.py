"""What a person sees of the cells of a block: figures that do not show, or that show as other ones, are asked about."""

from __future__ import annotations

from decimal import Decimal

from xltool.entry.importing.questions.answers import COUNTED, HIDDEN, NOT_COUNTED, choices
from xltool.entry.importing.questions.placed import Placed
from xltool.entry.importing.rows.totals import columns_added
from xltool.reading.printing import prints

_HALF = Decimal("0.5")


def ask_about_sight(placed: Placed) -> None:
    """Put every question."""
    _hidden(placed)
    _struck(placed)
    _printed(placed)
    _merged(placed)


def _hidden(placed: Placed) -> None:
    """Hidden rows count where a printed total has them; else a person says it."""
    grid, taking = placed.block.grid, placed.taking
    hidden = [row for row in placed.rows if row in grid.hidden]
    for row in [row for row in hidden if row in taking.proven]:
        taking.note(f"{grid.where(row)} 是隐藏的，合计里有它，算进去了")
    places = [grid.where(row) for row in hidden if row not in taking.proven]
    for column in placed.columns:
        if column in grid.hidden_columns and not placed.is_said(column):
            places.append(grid.where(placed.block.head, column))
    if grid.concealed:
        places = [f"工作表 {grid.label}"]
    for where in places:
        if taking.said.get(HIDDEN) == COUNTED:
            taking.note(f"{where} 是隐藏的，照所说的算进去了")
        else:
            hint = f"算的，回答 {HIDDEN}={COUNTED}；不算的，回答 {HIDDEN}={NOT_COUNTED}"
            message = "是隐藏的，有数，算不算"
            taking.ask(where, message, hint, "contradiction", None, choices(HIDDEN))


def _struck(placed: Placed) -> None:
    """A figure that is struck out, or of the colour of its ground, may be none."""
    grid, taking = placed.block.grid, placed.taking
    rows = {row for row, column in placed.cells & grid.unseen if placed.numbers[row, column]}
    for row in sorted(rows):
        if taking.said.get(HIDDEN) == COUNTED:
            taking.note(f"{grid.where(row)} 的数划掉了或看不见，照所说的算进去了")
        else:
            hint = f"算的，回答 {HIDDEN}={COUNTED}；不算的行删去，再导入"
            message = "数划掉了，或字的颜色与底色相同，算不算"
            answers = choices(HIDDEN, COUNTED)
            taking.ask(grid.where(row), message, hint, "contradiction", None, answers)


def _printed(placed: Placed) -> None:
    """A format may print another figure than the cell stores: 元 shown as 万元, 0.85 as 85%."""
    grid, taking = placed.block.grid, placed.taking
    unit = taking.units.get(grid.label, taking.unit)
    for row, column in sorted(placed.cells & grid.formats.keys()):
        code, number = grid.formats[row, column], taking.amount(placed.block, row, column)
        if not number or any(prints(number, code, kind, unit) for kind in ("amount", "number")):
            continue
        message = f"存的是{number:f}，数字格式 {code} 印出来是另一个数"
        hint = "把格式改成常规，核对这一列的单位，再导入"
        placed.ask(row, column, message, hint, ("printed", column))


def _merged(placed: Placed) -> None:
    """A figure in a merged cell may be of several rows, or of several columns."""
    figures = set(columns_added(placed.block))
    for merge in placed.block.grid.merges:
        if (merge.top, merge.left) not in placed.cells:
            continue
        others = figures & set(range(merge.left + 1, merge.right + 1))
        if merge.bottom > merge.top or others:
            message = "这个数所在的格与别的行或列合并了，是不是几行、几栏合起来的，看不出来"
            hint = "取消合并，各行、各栏写各的数，再导入"
            placed.ask(merge.top, merge.left, message, hint, ("merged", merge))
