"""The criteria of SUMIF, COUNTIF and their kin: `5`, `">5"`, `"201??"`, `"<>甲"`, `""`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.ooxml.calc.calcvalues import COMPARE, CalculationError, Plain

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_CRITERION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.S)
_LONGEST = 255
_WILD = frozenset("~?*")
_SOMEHOW = re.compile(r"[0-9,.%/:年月日 -]+")


class Criterion(NamedTuple):
    """`operator` is "" when none is written; `number` is what `text` reads as, if a number."""

    operator: str
    text: str
    number: float | None

    def matcher(self) -> Callable[[Plain], bool]:
        """A function that is true for a cell that is counted; None is a blank cell. Raises
        CalculationError."""
        return _matcher(self)

    @property
    def prefix(self) -> tuple[str, int] | None:
        """What a text begins with that is meant by this one, as in `201??`, and how long it is; None for
        other patterns. Small letters stand for capitals too."""
        text = self.text.casefold()
        prefix = text.rstrip("?")
        return None if _WILD.intersection(prefix) else (prefix, len(text))

    def shows(self, number: float) -> bool:
        """True for a number that reads as this text with wildcards: to LibreOffice that is a match."""
        return _pattern(self.text).fits(f"{number:.15g}".casefold())


def criterion(value: Plain) -> Criterion:
    """A criterion by the value that a formula gives for it. Raises CalculationError."""
    if type(value) is float:
        return Criterion("", f"{value:.15g}", value)
    if type(value) is not str:
        raise CalculationError("条件是空白、逻辑值或错误值")
    if len(value) > _LONGEST:
        raise CalculationError(f"条件超过 {_LONGEST} 个字符")
    return _written(value)


@remembered(1024)
def _written(text: str) -> Criterion:
    match = _CRITERION.fullmatch(text)
    assert match is not None  # the second part takes everything
    rest = match[2]
    return Criterion(match[1] or "", rest, float(rest) if _NUMBER.fullmatch(rest) else None)


def _equals(wanted: Criterion) -> Callable[[Plain], bool]:
    """Excel holds a text equal to the number that it reads as, and wildcards fit texts only."""
    number, text = wanted.number, wanted.text
    if number is not None:
        return lambda value: (
            value == number
            if type(value) is float
            else value == text
            or (isinstance(value, str) and reads_as_number(value) and float(value) == number)
        )
    if not text:
        return lambda value: value is None
    if (prefix := wanted.prefix) is not None:  # as codes are asked for: no pattern for each of them
        head, size = prefix
        return lambda value: (
            isinstance(value, str)
            and len(folded := value.casefold()) == size
            and folded.startswith(head)
        )
    fits = _pattern(text).fits
    return lambda value: isinstance(value, str) and fits(value.casefold())


def matcher(value: Plain) -> Callable[[Plain], bool]:
    """The matcher of the criterion that a formula gives. Raises CalculationError."""
    return _matcher_of(value) if type(value) is str else criterion(value).matcher()


@remembered(1024)
def _matcher_of(text: str) -> Callable[[Plain], bool]:
    return criterion(text).matcher()


@remembered(1024)
def _matcher(wanted: Criterion) -> Callable[[Plain], bool]:
    """Made once: formulas have few criteria, and ask each of them of column after column."""
    if wanted.operator == "<>":
        equals = _equals(wanted)
        return lambda value: not equals(value)
    if wanted.operator in ("", "="):
        return _equals(wanted)
    if wanted.number is None:
        raise CalculationError("条件比较文本的先后，各软件结果不同")
    holds, number = COMPARE[wanted.operator], wanted.number
    return lambda value: type(value) is float and holds(value, number)


def reads_as_number(text: str) -> bool:
    """True for a text that everybody reads as a number in a criterion."""
    return _NUMBER.fullmatch(text) is not None


def reads_somehow(text: str) -> bool:
    """True for a text, other than a plain number, that some program might read as one: amounts, dates, percents."""
    return text[:1].isdigit() and _SOMEHOW.fullmatch(text) is not None


class _Pattern(NamedTuple):
    """What stands between the stars of a text with wildcards, each piece with its length.

    One regular expression for all of it would try every way to share a text out among the stars.
    """

    pieces: tuple[tuple[re.Pattern[str], int], ...]

    def fits(self, text: str) -> bool:
        """True when the whole text is what the pattern says."""
        (first, _), *middle = self.pieces
        if not middle:
            return first.fullmatch(text) is not None
        last, size = middle.pop()
        at, end = first.match(text), len(text) - size
        if at is None or at.end() > end or not last.fullmatch(text, end):
            return False
        for piece, _ in middle:
            at = piece.search(text, at.end(), end)
            if at is None:
                return False
        return True


@remembered(1024)
def _pattern(text: str) -> _Pattern:
    """A text with wildcards: `?` one character, `*` any, `~` makes the next one plain."""
    pieces: list[list[str]] = [[]]
    plain = False
    for char in text.casefold():
        if plain or char not in "~?*":
            pieces[-1].append(re.escape(char))
            plain = False
        elif char == "~":
            plain = True
        elif char == "?":
            pieces[-1].append(".")
        else:
            pieces.append([])
    return _Pattern(tuple((re.compile("".join(p), re.S), len(p)) for p in pieces))
