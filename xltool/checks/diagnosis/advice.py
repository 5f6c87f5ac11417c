"""What is to be done about the cause of failures, in words."""

from __future__ import annotations

from decimal import Decimal

from xltool.checks.context import Context
from xltool.checks.diagnosis.computed import BookCells
from xltool.checks.diagnosis.model import (
    Area,
    Cause,
    EmptyList,
    MissingFigure,
    MissingRow,
    Moved,
    WrongCell,
)
from xltool.checks.diagnosis.slips import name_slip
from xltool.core.amounts import money
from xltool.core.cellref import CellRef
from xltool.core.places import Place, RowPlace, instance_name

_SHOWN = 4
_BACK = {
    "下移": ("上移", "一行"),
    "上移": ("下移", "一行"),
    "右移": ("左移", "一栏"),
    "左移": ("右移", "一栏"),
}
"""How a block that was moved is put back, and by how much."""


class Advice:
    """Sentences about causes, with the cells of one workbook."""

    def __init__(self, context: Context, cells: BookCells) -> None:
        self._context, self._cells = context, cells

    def suspect(self, cause: Cause) -> CellRef | None:
        """The cell that is likely wrong, where it is one cell."""
        if isinstance(cause, (WrongCell, MissingFigure)):
            return self._context.cell(cause.place)
        return None

    def expected(self, cause: Cause) -> Decimal | None:
        """The figure that makes all well where it alone is typed."""
        return cause.right if isinstance(cause, WrongCell) else None

    def of(self, cause: Cause) -> str:
        """What is likely wrong, and what to do."""
        match cause:
            case WrongCell():
                return self._wrong_cell(cause)
            case MissingFigure():
                return self._missing_figure(cause)
            case MissingRow():
                row = f"{cause.code} {cause.name}".strip()
                return (
                    f"“{cause.table}”很可能漏了一行 {row}："
                    f"{self._there(cause.there)} 有 {money(cause.value)}，正好是差额"
                )
            case EmptyList():
                table = instance_name(cause.table, cause.instance)
                return f"“{table}”的“{cause.list}”一行也没有填：先补上各行，别改其他的数"
            case Moved():
                return self._moved(cause.area)

    def _wrong_cell(self, cause: WrongCell) -> str:
        what = self._at(cause.place)
        if cause.as_text:
            return (
                f"{what} 的 {money(cause.value)} 是文字，合计没有把它算进去：转换为数字，重算后保存"
            )
        beside = self._cells.neighbours(cause.place)
        slip = name_slip(cause.value, cause.right, cause.tolerance, beside)
        many = f"，改后{len(cause.mends)}条规则相符" if len(cause.mends) > 1 else ""
        right = f"改为 {money(cause.right)}{many}"
        return f"很可能是 {what} 错了（现为 {money(cause.value)}）：{slip.words + '，' if slip else ''}{right}"

    def _missing_figure(self, cause: MissingFigure) -> str:
        totals = [place for place in cause.changes if place != cause.place]
        listed = "、".join(f"{self._at(p)} {money(cause.changes[p])}" for p in totals[:_SHOWN])
        more = f" 等{len(totals)}格" if len(totals) > _SHOWN else ""
        figure = money(cause.changes[cause.place])
        after = f"，合计随之改为：{listed}{more}" if totals else ""
        return (
            f"很可能是 {self._at(cause.place)} 漏填了 {figure}（{self._there(cause.there)} 有这个数），"
            f"合计也没有算它：填上{after}"
        )

    def _moved(self, area: Area) -> str:
        table = f"“{instance_name(*area.table)}”"
        cells = [self._context.cell(place) for place in (area.first, area.last)]
        where = ":".join(dict.fromkeys(cell[1] for cell in cells if cell))
        one, other = (self._column(p) for p in (area.first, area.onto or area.first))
        match area.kind:
            case "互换":
                return f"{table}{one}、{other}两栏的数很可能互换了：换回来"
            case "重复":
                return f"{table}{one}栏与{other}栏的数逐行相同，很可能有一栏是照抄过来的：按原数重填那一栏"
            case "上年":
                return f"{table}的数与上年的几乎全部相同，很可能贴成了上年的表：换成本年的数"
        back, unit = _BACK[area.kind]
        return (
            f"{table}{where} 的数很可能整块{area.kind}了{unit}：整块{back}{unit}放回去，"
            f"再核对首尾、补填被盖住的数"
        )

    def _column(self, place: Place) -> str:
        """The name of the column that a cell is in."""
        column = place.column if isinstance(place, RowPlace) else place.path[-1]
        return f"“{column}”"

    def _at(self, place: Place) -> str:
        """A cell of the table that is spoken of: its address and its label."""
        cell = self._context.cell(place)
        return f"{cell[1]} {self._context.label(place)}" if cell else self._context.label(place)

    def _there(self, place: Place) -> str:
        """A cell of another table."""
        cell = self._context.cell(place)
        at = f"（{cell[1]}）" if cell else ""
        return f"“{instance_name(place.table, place.instance)}”{self._context.label(place)}{at}"
