"""What formulas store against what they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from xltool.checks.context import Context
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.ooxml import Sheet
from xltool.ooxml.read.values import Value

if TYPE_CHECKING:
    from xltool.ooxml.calc.recalc import Recalculation

_SHOWN = 6
_CLOSE = Decimal("0.000001")
_NOISE = Decimal("5E-14")
"""What programs may differ by: in absolute terms, and relative to large figures. A cent of 10^11 is more."""


def stored_values(context: Context, of: Iterable[Sheet]) -> Iterator[Finding]:
    """Every formula of the sheets `of` that stores something else than it makes, or that cannot be recalculated."""
    from xltool.ooxml.calc.recalc import recalculate

    sheets = {sheet.name: sheet for sheet in of}
    stored = {
        (name, ref): value
        for name, sheet in sheets.items()
        for refs in [
            {*sheet.formulas(), *sheet.array_formulas, *sheet.unread_formulas} - sheet.uncached()
        ]
        for ref, value in sheet.items()
        if ref in refs
    }

    def agrees(cell: tuple[str, str], value: Value) -> bool:
        return cell in stored and same_value(stored[cell], value)

    # where nothing is stored, nothing agrees: what reading has worked out is all there is to know
    result = recalculate(sheets, agrees=agrees) if stored else context.reading.recalculation
    if context.reading.never_calculated:
        yield _never_calculated(context, stored, result.values)
    else:
        yield from _stale(context, stored, result)
    reasons: dict[str, list[CellRef]] = defaultdict(list)
    for cell, reason in result.uncertain.items():
        reasons[reason].append(CellRef(*cell))
    for reason, cells in reasons.items():
        shown = "、".join(ref for _, ref in cells[:_SHOWN])
        believed = "以存储值为准" if all(cell in stored for cell in cells) else "有的没有存储值"
        more = " 等" if len(cells) > _SHOWN else ""
        message = f"无法复算（{reason}）：{shown}{more}，{believed}"
        yield context.finding(
            "F-07",
            message,
            f"{cells[0][0]} 无法复算",
            sheet=cells[0][0],
            cells=tuple(cells),
            names_cells=True,
        )


def _stale(
    context: Context, stored: Mapping[tuple[str, str], Value], result: Recalculation
) -> Iterator[Finding]:
    """Formulas that store something else than they make, with what LibreOffice makes otherwise."""
    stale = [
        (name, ref, value)
        for (name, ref), value in result.values.items()
        if (name, ref) in stored and not same_value(stored[name, ref], value)
    ]
    for name, ref, value in stale:
        place = context.reading.map.filled((name, ref))
        other = result.differing.get((name, ref))
        remark = f"（按 Excel 的算法：{other}）" if other else ""
        was = _shown(stored[name, ref])
        message = f"{ref} 存的是 {was}，按公式复算是 {_shown(value)}{remark}"
        hint = "在 Excel 中按 F9 重算后保存"
        yield context.finding(
            "F-06",
            message,
            context.where(place) if place else f"{name} {ref}",
            table=place.table if place else "",
            sheet=name,
            cells=(CellRef(name, ref),),
            hint=hint,
            names_cells=True,
            code="stale",
        )


def _never_calculated(
    context: Context, stored: Mapping[tuple[str, str], Value], made: Mapping[tuple[str, str], Value]
) -> Finding:
    """One sentence for all formulas of a book that no program has calculated."""
    wrong = [
        CellRef(*cell)
        for cell, value in made.items()
        if cell in stored and value not in (None, "", 0)
    ]
    sheet, ref = next(cell for cell in wrong if isinstance(made[cell], Decimal))
    message = (
        f"公式从来没有计算过：{len(stored)}个公式存的都是 0，复算后有{len(wrong)}个不是 0"
        f"（如“{sheet}”{ref} 是 {_shown(made[sheet, ref])}）；其余检查按复算的数做"
    )
    hint = "用 Excel 或 WPS 打开，按 F9 重算后保存"
    return context.finding(
        "F-06",
        message,
        "全簿公式没有计算",
        sheet=sheet,
        cells=tuple(wrong),
        hint=hint,
        code="never-calculated",
    )


def same_value(stored: Value, computed: Value) -> bool:
    """Whether what a formula cell stores is what its formula makes, noise of doubles apart."""
    if type(stored) is type(computed) and stored == computed:
        return True  # as it is nearly always
    if stored in (None, "") and computed in (None, ""):
        return True
    if isinstance(stored, Decimal) and isinstance(computed, Decimal):
        return abs(stored - computed) <= max(_CLOSE, abs(computed) * _NOISE)
    return False


def _shown(value: Value) -> str:
    return "空白" if value in (None, "") else str(value)
