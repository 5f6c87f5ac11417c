"""A cell's content as a value of the document, by the kind of its field."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from xltool.core.amounts import decimals, plain, trim
from xltool.core.model import NUMERIC, Kind, Value
from xltool.documents.document import LIMIT, parse_value
from xltool.ooxml import CellError, Sheet
from xltool.ooxml import Value as CellValue

_DATE_FORMAT = re.compile(r"[yd年月日]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_FINEST = 8
_TOO_LARGE = LIMIT.adjusted()

_SHORT = 32
"""The longest text whose meaning is remembered, in characters."""

_USUAL = frozenset({Decimal, str, type(None)})
_BLANK = {type(None)}
_NOISE = Decimal("1E-12")
_EPOCH_1900, _EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)


class CellFault(Exception):
    """A cell whose content is not of the kind its field needs; `str()` is the Chinese reason."""


def read_value(sheet: Sheet, ref: str, value: CellValue, kind: Kind) -> Value | None:
    """The document value of a cell's `value`; None for a blank. Raises `CellFault`."""
    if isinstance(value, Decimal) and kind in NUMERIC:
        return figure(value)
    if value is None or value == "":
        return None
    if isinstance(value, CellError):
        raise CellFault(f"是错误值 {value}")
    if isinstance(value, bool):
        raise CellFault(f"是逻辑值 {str(value).upper()}")
    if isinstance(value, Decimal):
        return plain(value) if kind in ("code", "name") else shown(sheet, ref, value)
    if kind not in NUMERIC and kind != "code":
        return value if value.strip() else None
    return _known(value, kind) if len(value) <= _SHORT else _parsed(value, kind)


def plain_values(cells: Sequence[CellValue], kind: Kind) -> Sequence[Value | None] | None:
    """What `read_value` makes of many cells, when all are as they are nearly always: blanks, and figures
    where figures belong or texts where texts do. Otherwise None: each has to be looked at."""
    types = set(map(type, cells))
    if types == _BLANK:
        return [None] * len(cells)
    texts = [cell for cell in cells if isinstance(cell, str)] if str in types else []
    if not types <= _USUAL or (kind == "code" and max(map(len, texts), default=0) > _SHORT):
        return None
    if any(texts) if kind in NUMERIC else Decimal in types or not all(map(str.strip, texts)):
        return None
    try:
        match kind:
            case "text" | "name":
                return [cell if isinstance(cell, str) else None for cell in cells]
            case "code":
                return [_known(cell, kind) if isinstance(cell, str) else None for cell in cells]
            case _:
                return [figure(cell) if isinstance(cell, Decimal) else None for cell in cells]
    except CellFault:
        return None


def _parsed(value: str, kind: Kind) -> Value | None:
    """A code or a figure that is written as text. Raises `CellFault`."""
    try:
        return parse_value(kind, value)
    except ValueError:
        raise CellFault(f"“{value}”不是数字") from None


_known = lru_cache(maxsize=1 << 13)(_parsed)
"""Most books have the same codes."""


@lru_cache(maxsize=1 << 14)
def figure(value: Decimal) -> Decimal:
    """The figure that was meant, where sums of binary floats left a trace: 0.922496000000002 -> 0.922496.

    Raises `CellFault` for one that is too large, as it is in a document.
    """
    if value.adjusted() >= _TOO_LARGE:
        raise CellFault("数额过大，Excel 存不准")
    whole, _, places = str(value).partition(".")
    if len(places) <= _FINEST and places[-1:] != "0" and "E" not in (places or whole):
        return value  # as it is written nearly always
    if decimals(value) > _FINEST:
        short = round(value, _FINEST)
        if abs(value - short) <= _NOISE * max(Decimal(1), abs(value)):
            return trim(short)
    return trim(value)


def shown(sheet: Sheet, ref: str, value: Decimal) -> str:
    """A number in a text field as the cell shows it: percents, dates; other formats as plain digits."""
    code = _QUOTED.sub("", sheet.number_format(ref).split(";")[0])
    if "%" in code:
        places = len(code.partition(".")[2].rstrip("%").strip())
        return f"{value.scaleb(2):.{places}f}%"
    if _DATE_FORMAT.search(code) and value >= 0:
        epoch = _EPOCH_1904 if sheet.workbook.date1904 else _EPOCH_1900
        try:
            return (epoch + datetime.timedelta(days=int(value))).isoformat()
        except OverflowError:
            return plain(value)
    return plain(value)
