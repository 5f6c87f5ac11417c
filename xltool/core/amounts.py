"""Amounts: read from text or numbers, scaled between 元 and 万元, printed. Always `Decimal`."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

UNITS = {"元": Decimal(1), "万元": Decimal(10000)}
CENT = Decimal("0.01")
SCALE, DIGITS = 18, 38
"""Decimals and digits of a number in tables: what Excel can hold with 15 digits, from 0.0001 to 10^20, fits exactly."""

_BOUND = Decimal(10) ** (DIGITS - SCALE)
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DASHES = frozenset("-‐‑‒–—―─－")


def parse_number(value: object) -> Decimal | None:
    """A number as people write it: 1234.5, "1,234.56", full-width digits; None for blank or a dash.

    Raises ValueError (with no text: the caller knows where the value stands) for anything else.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise ValueError
    if not isinstance(value, str):
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError
        return number
    text = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
    if not text or set(text) <= _DASHES:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return Decimal(text.replace(",", ""))


def convert(value: Decimal, source: str, target: str) -> Decimal:
    """`value` in unit `source` as an exact amount in unit `target` (both 元 or 万元)."""
    if source == target:
        return value
    exact = value.scaleb(-4) if target == "万元" else value.scaleb(4)
    return trim(exact)


def trim(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: 1.500 -> 1.5, 1E+2 -> 100."""
    if value == value.to_integral_value():
        # 29 digits and more are beyond quantize
        return value.quantize(Decimal(1)) if value.adjusted() < 28 else Decimal(int(value))
    return value.normalize()


def plain(value: Decimal) -> str:
    """Digits only, no exponent, no trailing zeros: what goes into JSON and messages."""
    return format(trim(value), "f")


def printed(value: Decimal) -> Decimal:
    """`value` as a form prints it: two decimals, halves away from zero."""
    return value.quantize(CENT, ROUND_HALF_UP)


def money(value: Decimal | None, places: int = 2) -> str:
    """`value` for people: thousands separators, at least `places` decimals; （空） for a blank."""
    if value is None:
        return "（空）"
    return f"{value:,.{max(places, decimals(value))}f}"


@lru_cache(maxsize=1 << 14)
def decimals(value: Decimal) -> int:
    """How many decimals `value` really has (28.20 -> 1)."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@lru_cache(maxsize=1 << 14)
def fits(value: Decimal) -> bool:
    """Whether a column of numbers holds `value` exactly."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not abs(value) < _BOUND:
        return False
    return exponent >= -SCALE or decimals(value) <= SCALE


def exact(value: Decimal | None) -> Decimal | None:
    """`value`, or None when a column of numbers can't hold it."""
    return value if value is not None and fits(value) else None
