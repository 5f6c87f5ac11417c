"""A value as its number format prints it: what a reader of the form sees in the cell.

Covered are the formats that forms use: digits with thousands separators, percent, literals, sections for negative,
zero and text, dates. A format with conditions, fractions or exponents shows the number plainly.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from xltool.core.amounts import plain
from xltool.ooxml import Value

_GENERAL_WIDTH = 11
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|'
    r"\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)|(?P<ampm>AM/PM|上午/下午)|"
    r"(?P<digits>[0#?.,]*[0#?][0#?.,]*)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)|(?P<other>.)",
    re.DOTALL,
)
_COLOURS = frozenset(
    {"black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"}
    | {"黑色", "蓝色", "青色", "绿色", "洋红", "红色", "白色", "黄色"}
)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_465
_LEAP_1900 = 60  # Excel counts a 29 February 1900 that never was
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Section(NamedTuple):
    """One section of a format: its tokens as (kind, text).

    `plain`: it says General, or something in it is not covered here.
    """

    tokens: tuple[tuple[str, str], ...]
    plain: bool
    is_date: bool


_WIDE = Context(prec=400)
"""Room for every digit of any number that a cell can hold."""


def shown(value: Value, code: str, *, date1904: bool = False) -> str:
    """The text that a cell with this value and number format shows; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not isinstance(value, Decimal):
        return str(value)
    sections = _sections(code)
    section, number = _choose(sections, value)
    if section.plain:
        return _general(value)
    if section.is_date:
        return _date(section, value, date1904=date1904)
    return _number(section, number)


def _choose(sections: tuple[_Section, ...], value: Decimal) -> tuple[_Section, Decimal]:
    """The section for a value, and the value as that section shows it (without sign where it has its own)."""
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    if value == 0 and len(sections) > 2:
        return sections[2], value
    return sections[0], value


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    is_plain = False
    for match in (*_TOKEN.finditer(code), None):
        kind = "end" if match is None else match.lastgroup or "skip"
        text = match[kind] if match and match.lastgroup else ""
        if kind == "end" or (kind == "other" and text == ";"):
            sections.append(_section(tokens, plain=is_plain))
            tokens, is_plain = [], False
        elif kind == "bracket":
            is_plain |= text.lower() not in _COLOURS
        elif kind == "general" or (kind == "other" and text in "E@"):
            is_plain = True
        elif kind in ("quoted", "escaped", "currency"):
            tokens.append(("literal", text))
        elif kind != "skip":
            tokens.append((kind, text))
    return tuple(sections)


def _section(tokens: list[tuple[str, str]], *, plain: bool) -> _Section:
    is_date = any(kind == "date" for kind, _ in tokens)
    fraction = ("other", "/") in tokens and not is_date
    return _Section(tuple(tokens), plain or fraction, is_date)


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
    parts: list[str] = []
    done = False
    for kind, text in section.tokens:
        if kind == "digits":
            parts.append("" if done else _digits(text, abs(value.scaleb(2 * percent))))
            done = True
        else:
            parts.append(text)
    sign = "-" if value < 0 and any(c.isdigit() and c != "0" for c in "".join(parts)) else ""
    return sign + "".join(parts).strip()


def _digits(pattern: str, value: Decimal) -> str:
    """A number that is not negative, in placeholders such as `#,##0.00`."""
    whole, _, fraction = pattern.partition(".")
    scaled = len(whole) - len(whole.rstrip(","))
    value = value.scaleb(-3 * scaled)
    places = len(fraction.replace(",", ""))
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
