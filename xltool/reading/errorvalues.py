"""What to do about an error value: a formula of the form is mended where it reads from, never overwritten."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.ooxml import CellError, Range, Sheet, make_ref, split_ref
from xltool.ooxml.read.formula import MAX_LENGTH, references
from xltool.reading.cellvalues import Content

_BROKEN = "#REF!"
_SHOWN = 60
_MANY = 4096
"""Up to so many cells of an area are looked at."""


def advice(sheet: Sheet, ref: str, value: Content) -> str | None:
    """What to do about the error value of a formula, or None where the cell holds none."""
    formula = sheet.formula(ref) if isinstance(value, CellError) else None
    if formula is None:
        return None
    shown = formula if len(formula) <= _SHOWN else formula[:_SHOWN] + "…"
    if _BROKEN in formula:
        return (
            f"公式 ={shown} 里的 {_BROKEN} 原来引用的单元格已被删掉：照表样恢复公式，不要改成数字"
        )
    source = next(_errors(sheet, formula), None)
    if source is not None:
        return f"公式 ={shown} 引用的 {source} 也是错误值：先改那里，公式不动"
    return f"公式 ={shown} 算不出数：查它引用的单元格，公式不动"


def _errors(sheet: Sheet, formula: str) -> Iterator[str]:
    """The cells with error values that a formula reads."""
    if len(formula) > MAX_LENGTH:
        return
    known = {other.name.casefold(): other for other in sheet.workbook.sheets}
    for name, area in references(formula):
        other = known.get((name or sheet.name).casefold())
        if other is None:
            continue
        for at in _cells(other, area):
            if isinstance(other.value(at), CellError):
                yield at if other is sheet else f"“{other.name}”{at}"


def _cells(sheet: Sheet, area: Range) -> Iterator[str]:
    if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _MANY:
        yield from (ref for ref in sheet.refs() if area.holds(*split_ref(ref)))
        return
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield make_ref(row, column)
