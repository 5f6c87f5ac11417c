"""Values of cells: what a stored text stands for, and how a value is stored."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from xltool.core.caches import register, remembered
from xltool.ooxml.package.xmltext import cell_text, whole

MAX_TEXT = 32_767
"""The longest text of a cell, in UTF-16 code units."""

_PLAIN = re.compile(r"(?:-(?=[0.]*[1-9]))?[0-9]{1,13}(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SHORT, _MOST = 64, 1 << 14
"""Characters of a stored text that is remembered, and how many are."""

_EXACT = Decimal(10) ** 13
NUMERIC = frozenset({"", "n", "d"})
"""The types of the cells whose value is a number."""


@dataclass(frozen=True)
class CellError:
    """An error value such as `#REF!`; never a text, never a blank."""

    code: str

    def __str__(self) -> str:
        return self.code


Value: TypeAlias = Decimal | str | bool | CellError | None
"""What a cell holds; None is a blank cell. A bool is not a number."""


@remembered(16384)
def number(raw: str) -> Decimal:
    """The decimal that the stored text of a number stands for.

    Excel shows at most 15 significant digits and stores 29.54 as 29.539999999999999; both come
    back as 29.54. Raises ValueError when `raw` is no finite number.
    """
    digits = raw.replace(".", "", 1)
    if len(raw) <= 13 and raw.isascii() and digits.isdecimal():
        return Decimal(raw)  # as nearly all are: quicker to see than by a pattern
    if len(raw) <= 16 and _PLAIN.fullmatch(raw):
        return Decimal(raw)
    raw = raw.strip()
    if not _NUMBER.fullmatch(raw):
        raise ValueError(f"“{raw}”不是数值")
    return from_float(float(raw))


def from_float(value: float) -> Decimal:
    """The decimal that a double of a workbook stands for. Raises ValueError for NaN, infinity."""
    if not math.isfinite(value):
        raise ValueError("数值超出范围")
    if value == 0:
        return Decimal(0)
    if abs(value) < _EXACT:
        return Decimal(f"{value:.15g}")
    text = format(Decimal(repr(value)), "f")
    return Decimal(text.removesuffix(".0"))


def number_text(value: Decimal | int) -> str:
    """The shortest text whose double is `value`.

    Raises ValueError when a cell cannot hold it: NaN, infinity, or more than 15 significant
    digits.
    """
    decimal = Decimal(value)
    if not decimal.is_finite():
        raise ValueError("不是有限的数")
    try:
        double = float(decimal)
        exact = from_float(double) == decimal
    except (OverflowError, ValueError):
        raise ValueError(f"数值 {decimal} 超出 Excel 的范围") from None
    if not exact:
        raise ValueError(f"数值 {decimal} 超过 15 位有效数字，Excel 存不下")
    return repr(double).removesuffix(".0") if double else "0"


def date_serial(raw: str, date1904: bool) -> Decimal:
    """The serial number of an ISO 8601 date or time. Raises ValueError."""
    text = raw.strip().removesuffix("Z")
    if re.fullmatch(r"[0-9:.]+", text):
        moment = datetime.fromisoformat(f"1899-12-31T{text}")
        base = datetime(1899, 12, 31)
    else:
        moment = datetime.fromisoformat(text)
        base = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
        if not date1904 and moment < datetime(1900, 3, 1):
            # Excel counts a 29 February 1900 that never was.
            base = datetime(1899, 12, 31)
    if moment.tzinfo is not None:
        raise ValueError(f"“{raw}”带时区")
    gap = moment - base
    return from_float(gap.days + (gap.seconds + gap.microseconds / 1e6) / 86_400)


def day_of(serial: Decimal, date1904: bool) -> date | None:
    """The day that a serial number stands for, or None when it is none."""
    if serial < 0:
        return None
    try:
        return (date(1904, 1, 1) if date1904 else date(1899, 12, 30)) + timedelta(days=int(serial))
    except OverflowError:
        return None


def boolean(raw: str) -> bool:
    """The truth value of a stored boolean. Raises ValueError."""
    known = {"1": True, "true": True, "0": False, "false": False}.get(raw.strip().lower())
    if known is None:
        raise ValueError(f"“{raw}”不是逻辑值")
    return known


def shared_string(raw: str, strings: Sequence[str]) -> str:
    """The shared string of index `raw`. Raises ValueError when there is none."""
    index = whole(raw)
    if index is not None and index < len(strings):
        return strings[index]
    raise ValueError(f"共享字符串序号 {raw[:20]} 不存在")


class Remembered(dict[str, Value]):
    """What stored texts stand for, each worked out once: books have most of their numbers and labels in common.

    Looked up like a dict, which takes half the time of calling a function that remembers. Long texts are not
    kept, and nothing when there is too much. Raises what `decode` raises.
    """

    def __init__(self, decode: Callable[[str], Value]) -> None:
        self._decode = decode

    def __missing__(self, raw: str) -> Value:
        found = self._decode(raw)
        if len(raw) <= _SHORT:
            if len(self) >= _MOST:
                self.clear()
            self[raw] = found
        return found


NUMBERS, TEXTS = Remembered(number), Remembered(cell_text)
register(f"{__name__}.NUMBERS", _MOST, NUMBERS.clear, NUMBERS.__len__)
register(f"{__name__}.TEXTS", _MOST, TEXTS.clear, TEXTS.__len__)


def stored(kind: str, raw: str, strings: Sequence[str], date1904: bool) -> Value:
    """The value of a cell of type `kind` that stores the text `raw`. Raises ValueError."""
    if kind in ("", "n"):
        return number(raw) if raw.strip() else None
    if kind == "s":
        return shared_string(raw, strings)
    if kind in ("str", "inlineStr"):
        return cell_text(raw)
    if kind == "b":
        return boolean(raw)
    if kind == "e":
        return CellError(cell_text(raw).strip())
    if kind == "d":
        return date_serial(raw, date1904)
    raise ValueError(f"单元格类型“{kind}”不存在")
