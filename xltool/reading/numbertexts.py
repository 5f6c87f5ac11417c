"""Texts that are numbers: 1,234.5, (12), ￥3元, 95%, in the digits of any script."""

from __future__ import annotations

import re
from decimal import Decimal
from unicodedata import decimal

from xltool.core.amounts import parse_number
from xltool.core.caches import remembered
from xltool.core.texts import half_width, visible

_SPACED = re.compile(r"[\d.,]+(?:\s+[\d.,]+)+")
_POWER = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,2}")
_WHOLE = re.compile(r"[$€]?(.*?)\s*(?:%|[十百千万亿]*元|[万亿]|)整?")


@remembered(1 << 14)
def whole_number(text: str) -> Decimal | None:
    """The number that a text is as a whole: 1,234.5, (12), ￥3元, 95%; None for another text."""
    plain = ascii_digits(half_width(visible(text)).strip())
    if _SPACED.fullmatch(plain):
        plain = "".join(plain.split())
    found = _WHOLE.fullmatch(plain)
    try:
        if _POWER.fullmatch(plain):
            return Decimal(plain)
        return parse_number(found[1]) if found else None
    except ValueError:
        return None


def ascii_digits(text: str) -> str:
    """A text with the digits of other scripts and alphabets as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(decimal(char)) if char.isdecimal() else char for char in text)
