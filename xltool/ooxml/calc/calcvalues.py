"""Values while formulas are worked out: plain doubles, and what one kind becomes in place of another."""

from __future__ import annotations

import operator as op
import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from xltool.ooxml.read.values import MAX_TEXT, CellError

Plain: TypeAlias = float | str | bool | CellError | None
"""A value in a calculation; None is a blank cell. A bool is not a number."""

ERROR_CODES = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""The errors that every program knows."""


Offset: TypeAlias = tuple[int, int]
"""A place in a range: rows and columns from its first cell."""


_CLOSE, _FAR = 1e-9, 1e-6
_SIMPLE_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")


class CalculationError(Exception):
    """What a formula makes is not told here; the text says why, in Chinese."""


class Failed(Exception):
    """A formula makes an error value."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.error = CellError(code)


def settled_text(text: str) -> bool:
    """True for a text that is plainly a number, or plainly none, in arithmetic."""
    return bool(_SIMPLE_NUMBER.fullmatch(text)) or not any(char.isdigit() for char in text)


def close_to(left: float, right: float) -> bool:
    """True for numbers that differ, but less than the noise of a calculation might."""
    return left != right and abs(left - right) <= _CLOSE * max(1.0, abs(left), abs(right))


def far_from(number: float, low: float, high: float) -> bool:
    """True for a number that is smaller or larger than all from `low` to `high` by far more than noise."""
    room = _FAR * max(1.0, number, -number, -low, high)
    return not low - room <= number <= high + room


def as_number(value: Plain) -> float:
    """A value in arithmetic. Raises Failed."""
    if isinstance(value, str):
        if not _SIMPLE_NUMBER.fullmatch(value):
            raise Failed("#VALUE!")
        return float(value)
    if isinstance(value, CellError):
        raise Failed(value.code)
    return float(value or 0)


def as_text(value: Plain) -> str:
    """A value joined to a text. Raises Failed."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, CellError):
        raise Failed(value.code)
    return ""


def joined(texts: Iterable[str]) -> str:
    """Texts one behind the other. Raises CalculationError for more than a cell holds."""
    whole = "".join(texts)
    if len(whole) > MAX_TEXT:
        raise CalculationError("文本超过单元格的上限")
    return whole


def as_truth(value: Plain) -> bool:
    """A value as a condition. Raises Failed."""
    if type(value) is bool:
        return value
    if isinstance(value, str):
        raise Failed("#VALUE!")
    if isinstance(value, CellError):
        raise Failed(value.code)
    return bool(value)


COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": op.eq,
    "<>": op.ne,
    "<": op.lt,
    ">": op.gt,
    "<=": op.le,
    ">=": op.ge,
}
"""Comparisons of two numbers."""


def compare(left: Plain, operator: str, right: Plain) -> bool:
    """Excel's comparison: numbers before texts before truth values, a blank is what the other is."""
    if type(left) is float and type(right) is float:
        return COMPARE[operator](left, right)
    one, other = _key(left, right), _key(right, left)
    if operator == "=":
        return one == other
    if operator == "<>":
        return one != other
    if one[0] != other[0]:
        return (one[0] < other[0]) == (operator in ("<", "<="))
    if one[1] == other[1]:
        return operator in ("<=", ">=")
    return bool(one[1] < other[1]) == (operator in ("<", "<="))  # type: ignore[operator]


def _key(value: Plain, beside: Plain) -> tuple[int, float | str | bool]:
    if value is None:
        value = "" if isinstance(beside, str) else False if isinstance(beside, bool) else 0.0
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    if isinstance(value, CellError):
        raise Failed(value.code)
    return 0, value
