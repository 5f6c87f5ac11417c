"""A cell's content as a value of the document, by the kind of its field."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, TypeAlias

from xltool.core.amounts import figure, plain
from xltool.core.caches import remembered
from xltool.core.model import NUMERIC, Kind, Value
from xltool.core.texts import visible
from xltool.documents.values import parse_value, value_fault
from xltool.ooxml import CellError, Sheet
from xltool.ooxml import Value as CellValue
from xltool.ooxml.read.styles import bare, shows_date, shows_day
from xltool.ooxml.read.values import day_of

_SHORT = 32
"""The longest text whose meaning is remembered, in characters."""


class Unmade(NamedTuple):
    """In place of the value of a formula that stores none, and of which nobody can tell what it makes."""

    reason: str


Content: TypeAlias = CellValue | Unmade
"""What is read in a cell."""


class CellFault(Exception):
    """A cell whose content is not of the kind its field needs; `str()` is the Chinese reason.

    `hint`: what to do about it, where that follows from the reason.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def read_value(
    sheet: Sheet, ref: str, value: Content, kind: Kind, unit: str | None
) -> Value | None:
    """The document value of a cell's `value`; None for a blank. `unit`: that of the sheet's amounts.

    Raises `CellFault`.
    """
    if isinstance(value, Decimal) and kind in NUMERIC:
        try:
            return figure(value)
        except ValueError as error:
            raise CellFault(str(error)) from None
    if value is None or value == "":
        return None
    if isinstance(value, Unmade):
        message = f"公式没有存储值，也无法复算：{value.reason}"
        raise CellFault(message, "在 Excel 中打开并保存一次")
    if isinstance(value, CellError):
        raise CellFault(f"是错误值 {value}")
    if isinstance(value, bool):
        raise CellFault(f"是逻辑值 {str(value).upper()}")
    if isinstance(value, Decimal):
        return plain(value) if kind in ("code", "name") else shown(sheet, ref, value)
    if kind in ("text", "name"):
        return _text(value, kind)
    return _known(value, kind, unit) if len(value) <= _SHORT else _parsed(value, kind, unit)


def _text(value: str, kind: Kind) -> str | None:
    """A text as it is written; of a name what is seen of it. None when nothing is."""
    seen = visible(value)
    if not seen.strip():
        return None
    return seen if kind == "name" else value


def date_fault(sheet: Sheet, ref: str) -> str | None:
    """Why a number cell is no figure when its format shows a date, or None."""
    if not shows_date(sheet.number_format(ref)):
        return None
    value = sheet.value(ref)
    if not isinstance(value, Decimal):
        return None
    return f"单元格是日期格式，显示 {shown(sheet, ref, value)}，不是数字"


def _parsed(value: str, kind: Kind, unit: str | None) -> Value | None:
    """A code or a figure that is written as text. Raises `CellFault`."""
    try:
        return parse_value(kind, value, unit)
    except ValueError as error:
        raise CellFault(value_fault(value, error, "数字")) from None


_known = remembered(1 << 13)(_parsed)
"""Most books have the same codes."""


def shown(sheet: Sheet, ref: str, value: Decimal) -> str:
    """A number in a text field as the cell shows it: percents, dates; other formats as plain digits."""
    code = bare(sheet.number_format(ref).split(";")[0])
    if "%" in code:
        places = len(code.partition(".")[2].rstrip("%").strip())
        return f"{value.scaleb(2):.{places}f}%"
    day = day_of(value, sheet.workbook.date1904) if shows_day(code) else None
    return day.isoformat() if day is not None else plain(value)
