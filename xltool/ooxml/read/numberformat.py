"""A value as its number format prints it: what a reader of the form sees in the cell.

Covered are the formats that forms use: digits with thousands separators, percent, literals, sections for negative,
zero and text, conditions, dates. A format with fractions or exponents shows the number plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import accumulate
from typing import NamedTuple

from xltool.core.amounts import plain
from xltool.core.caches import remembered
from xltool.ooxml.read.values import Value

_GENERAL_WIDTH = 11
_FILLED = 3
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|!(?P<banged>.)|_.|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|'
    r"\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)|(?P<ampm>AM/PM|上午/下午)|"
    r"(?P<digits>[0#?.,]*[0#?][0#?.,]*)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)|(?P<other>.)",
    re.DOTALL,
)
_COLOURS = frozenset(
    {"black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"}
    | {"黑色", "蓝色", "青色", "绿色", "洋红", "红色", "白色", "黄色"}
)
_WHITE = frozenset({"white", "白色"})
_CONDITION = re.compile(r"\s*(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\s*")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_465
_LEAP_1900 = 60  # Excel counts a 29 February 1900 that never was
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Section(NamedTuple):
    """One section of a format: its tokens as (kind, text).

    `plain`: it says General, or something in it is not covered here; `general`: it says General and nothing else.
    `condition`: the numbers that it is for, where it says so.
    """

    tokens: tuple[tuple[str, str], ...]
    plain: bool
    is_date: bool
    general: bool = False
    coloured: bool = False
    white: bool = False
    condition: tuple[str, Decimal] | None = None


_WIDE = Context(prec=400)
"""Room for every digit of any number that a cell can hold."""


class Shown(NamedTuple):
    """What a cell shows. `sure`: the whole format is covered here; `coloured`: in a colour of the section's own."""

    text: str
    sure: bool = True
    coloured: bool = False


def shown(value: Value, code: str, *, date1904: bool = False) -> str:
    """The text that a cell with this value and number format shows; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not isinstance(value, Decimal):
        return shown_text(str(value), code)
    return shown_number(value, code, date1904=date1904).text


def shown_number(value: Decimal, code: str, *, date1904: bool = False) -> Shown:
    """As `shown`, with how much is known of it."""
    section, number = _choose(_sections(code), value)
    if section is None:
        return Shown("#")  # Excel fills the cell with it where no condition holds
    if section.plain:
        return Shown(_general(value), section.general)
    text = _date(section, value, date1904=date1904) if section.is_date else _number(section, number)
    return Shown("" if section.white else text, True, section.coloured)


def shown_text(text: str, code: str) -> str:
    """What a cell shows that holds a text: a format may have a fourth section for it."""
    sections = _sections(code) if code.count(";") > 2 else ()
    if len(sections) < 4:
        return text
    return "".join(text if kind == "general" else part for kind, part in sections[3].tokens)


def picks_figures(code: str) -> bool:
    """Whether a format has sections for figures of its own choice, not only for signs and zero."""
    return any(section.condition and section.condition[1] for section in _sections(code))


def _choose(sections: tuple[_Section, ...], value: Decimal) -> tuple[_Section | None, Decimal]:
    """The section for a value, and the value as that section shows it (without sign where it has its own)."""
    if any(section.condition for section in sections[:2]):
        return _by_condition(sections, value)
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


def _by_condition(
    sections: tuple[_Section, ...], value: Decimal
) -> tuple[_Section | None, Decimal]:
    """As `_choose`, where a section says for which numbers it is; the next one without is for all others."""
    for section in sections[:3]:
        if section.condition is None or _holds(section.condition, value):
            # a section for negative numbers alone shows them without their sign
            own = section.condition is not None and section.condition[0].startswith("<")
            return section, abs(value) if value < 0 and own else value
    return None, value


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    sign, bound = condition
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


@remembered(512)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    marks: list[str] = []
    for match in (*_TOKEN.finditer(code), None):
        kind = "end" if match is None else match.lastgroup or "skip"
        text = match[kind] if match and match.lastgroup else ""
        if kind == "end" or (kind == "other" and text == ";"):
            sections.append(_section(tokens, marks))
            tokens, marks = [], []
        elif kind == "bracket":
            marks.append(text.lower())
        elif kind == "general" or (kind == "other" and text in "E@"):
            tokens.append(("general", text))
        elif kind == "fill":
            # it is printed as often as there is room for it
            tokens += [("literal", text * _FILLED)] if text.isdigit() else []
        elif kind in ("quoted", "escaped", "banged", "currency"):
            tokens.append(("literal", text))
        elif kind != "skip":
            tokens.append((kind, text))
    return tuple(sections)


def _section(tokens: list[tuple[str, str]], marks: list[str]) -> _Section:
    is_date = any(kind == "date" for kind, _ in tokens)
    fraction = ("other", "/") in tokens and not is_date
    conditions = [found for mark in marks if (found := _condition(mark)) is not None]
    coloured = any(mark in _COLOURS or mark.startswith(("color", "颜色")) for mark in marks)
    known = len(conditions) + sum(m in _COLOURS or m.startswith(("color", "颜色")) for m in marks)
    general = [text for kind, text in tokens if kind == "general"]
    odd = fraction or known < len(marks) or "E" in general
    plain_only = bool(general) and all(kind == "general" for kind, _ in tokens)
    return _Section(
        tuple(tokens),
        bool(general) or odd,
        is_date,
        general=plain_only and not odd,
        coloured=coloured,
        white=not _WHITE.isdisjoint(marks),
        condition=conditions[0] if conditions else None,
    )


def _condition(mark: str) -> tuple[str, Decimal] | None:
    found = _CONDITION.fullmatch(mark)
    return (found[1], Decimal(found[2])) if found else None


def _general(value: Decimal) -> str:
    """As the General format: eleven characters at most."""
    text = plain(value)
    whole, point, _ = text.partition(".")
    if not point or len(text) <= _GENERAL_WIDTH:
        return text
    room = max(0, _GENERAL_WIDTH - len(whole) - 1)
    return plain(value.quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP))


def _number(section: _Section, value: Decimal) -> str:
    percent = sum(text.count("%") for kind, text in section.tokens if kind == "other")
    places = [text for kind, text in section.tokens if kind == "digits"]
    # what stands between placeholders is printed between digits: 0!.0000 shows 123456 as 12.3456
    pattern, cuts = "".join(places), list(accumulate(map(_holders, places)))
    digits = _digits(pattern, abs(value.scaleb(2 * percent))) if places else ""
    pieces = iter(_pieces(digits, cuts))
    parts = [next(pieces) if kind == "digits" else text for kind, text in section.tokens]
    sign = "-" if value < 0 and any(c in "123456789" for c in digits) else ""
    return sign + "".join(parts).strip()


def _holders(pattern: str) -> int:
    """How many digits a run of placeholders holds."""
    return sum(char in "0#?" for char in pattern)


def _pieces(digits: str, cuts: Sequence[int]) -> Iterator[str]:
    """The digits of a number, given to its runs of placeholders from the right; the first takes all that is left."""
    if len(cuts) < 2:
        yield digits
        return
    places = [n for n, char in enumerate(digits) if char.isdigit()]
    start = 0
    for cut in cuts[:-1]:
        after = cuts[-1] - cut
        end = places[-after] if 0 < after <= len(places) else (len(digits) if not after else start)
        yield digits[start:end]
        start = end
    yield digits[start:]


def _digits(pattern: str, value: Decimal) -> str:
    """A number that is not negative, in placeholders such as `#,##0.00`."""
    whole, _, fraction = pattern.partition(".")
    scaled = len(whole) - len(whole.rstrip(","))
    if not fraction.strip(","):
        scaled += len(fraction)  # 0., as well
    elif (after := len(fraction) - len(fraction.rstrip(","))) > 0:
        scaled += after  # 0.00, scales too
    value = value.scaleb(-3 * scaled)
    places = _holders(fraction)
    text = format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE), "f")
    digits, _, decimals = text.partition(".")
    least = whole.count("0")
    digits = "" if digits == "0" and not least else digits.zfill(least)
    if "," in whole.rstrip(",") and digits:
        head = len(digits) % 3 or 3
        digits = ",".join(
            [digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))]
        )
    required = fraction.count("0")
    kept = decimals[:required] + decimals[required:].rstrip("0")
    return digits + ("." + kept if kept else "")


def _date(section: _Section, value: Decimal, *, date1904: bool) -> str:
    if not 0 <= value <= _LAST_DAY:
        return _general(value)
    seconds = int((value * 86_400).quantize(Decimal(1), ROUND_HALF_UP))
    epoch = _EPOCH_1904 if date1904 else _EPOCH
    if not date1904 and value < _LEAP_1900:
        epoch += timedelta(days=1)
    moment = epoch + timedelta(seconds=seconds)
    half_day = any(kind == "ampm" for kind, _ in section.tokens)
    parts: list[str] = []
    before = ""
    for n, (kind, text) in enumerate(section.tokens):
        if kind == "date":
            letter = text[0].lower()
            after = next((t[0].lower() for k, t in section.tokens[n + 1 :] if k == "date"), "")
            minutes = letter == "m" and (before == "h" or after == "s")
            parts.append(_date_part(moment, "i" if minutes else letter, len(text), half_day))
            before = letter
        elif kind == "ampm":
            words = text.split("/")
            parts.append(words[moment.hour >= 12])
        else:
            parts.append(text)
    return "".join(parts).strip()


def _date_part(moment: datetime, letter: str, width: int, half_day: bool) -> str:
    if letter == "y":
        return f"{moment.year:04}" if width > 2 else f"{moment.year % 100:02}"
    if letter == "m" and width > 2:
        return _MONTHS[moment.month - 1]
    hour = (moment.hour % 12 or 12) if half_day else moment.hour
    number = {
        "m": moment.month,
        "d": moment.day,
        "h": hour,
        "i": moment.minute,
        "s": moment.second,
    }[letter]
    return f"{number:02}" if width > 1 else str(number)
