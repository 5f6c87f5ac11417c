"""The criteria of SUMIF, COUNTIF and their kin: `5`, `">5"`, `"201??"`, `"<>甲"`, `""`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from .calcvalues import CalculationError, Plain
from .values import CellError

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_CRITERION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.S)
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class Criterion(NamedTuple):
    """`operator` is "" when none is written; `number` is what `text` reads as, if a number."""

    operator: str
    text: str
    number: float | None

    def matches(self, value: Plain) -> bool:
        """True for a cell that is counted; None is a blank cell."""
        if self.operator == "<>":
            return not self._equals(value)
        if self.operator in ("", "="):
            return self._equals(value)
        if self.number is None:
            raise CalculationError("条件比较文本的先后，各软件结果不同")
        return type(value) is float and _ORDER[self.operator](value, self.number)

    def shows(self, number: float) -> bool:
        """True for a number that reads as this text with wildcards: to some programs that is a match."""
        return bool(_pattern(self.text).fullmatch(f"{number:.15g}".casefold()))

    def _equals(self, value: Plain) -> bool:
        if self.number is not None:
            return value == (self.number if type(value) is float else self.text)
        if not self.text:
            return value is None
        return isinstance(value, str) and bool(_pattern(self.text).fullmatch(value.casefold()))


def criterion(value: Plain) -> Criterion:
    """A criterion by the value that a formula gives for it. Raises CalculationError."""
    if type(value) is float:
        return Criterion("", f"{value:.15g}", value)
    if not isinstance(value, str) or isinstance(value, CellError):
        raise CalculationError("条件是空白、逻辑值或错误值")
    return _written(value)


@lru_cache(maxsize=1024)
def _written(text: str) -> Criterion:
    match = _CRITERION.fullmatch(text)
    assert match is not None  # the second part takes everything
    rest = match[2]
    return Criterion(match[1] or "", rest, float(rest) if _NUMBER.fullmatch(rest) else None)


def reads_as_number(text: str) -> bool:
    """True for a text that everybody reads as a number in a criterion."""
    return _NUMBER.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    """A text with wildcards: `?` one character, `*` any, `~` makes the next one plain."""
    parts, plain = [], False
    for char in text.casefold():
        if plain or char not in "~?*":
            parts.append(re.escape(char))
            plain = False
        elif char == "~":
            plain = True
        else:
            parts.append("." if char == "?" else ".*")
    return re.compile("".join(parts), re.S)
