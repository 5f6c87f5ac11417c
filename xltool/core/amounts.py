"""Amounts: read from text or numbers, scaled between 元 and 万元, printed. Always `Decimal`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from xltool.core.caches import remembered
from xltool.core.texts import half_width, visible

UNITS = {"元": Decimal(1), "万元": Decimal(10000)}
PERCENT = "%"
"""The unit of a column of ratios whose head says （%）: 95 is 0.95."""
CENT = Decimal("0.01")
SCALE, DIGITS = 18, 38
"""Decimals and digits of a number in tables: what Excel can hold with 15 digits, from 0.0001 to 10^20, fits exactly."""

_BOUND = Decimal(10) ** (DIGITS - SCALE)
MOST = Decimal(10) ** 15
"""Figures from here on Excel does not keep exactly."""
_LEAST = -20
"""A figure that begins behind so many decimals is no trace of a sum of doubles."""
_DIGITS = 15
"""How many significant digits Excel keeps."""
_ZEROS = re.compile("0{2,}")
_FINEST = 8
"""Decimals that a figure may mean; further ones may be the trace of a sum of doubles."""
_NOISE = Decimal("1E-12")
_FEN = {"元": 2, "万元": 6}
"""The decimals of 分 in each unit; what is within a millionth of it is meant to be it."""

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,8})?")
_NUMBER = re.compile(
    r"(?P<open>\()? *(?P<sign>[+-])? *¥? *(?P<second>[+-])? *"
    r"(?P<digits>(?:[0-9]{1,3}(?:(?P<gap>[, ])[0-9]{3})(?:(?P=gap)[0-9]{3})*|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
    r" *(?P<inner>万?元)? *(?P<close>\))? *(?P<trailing>-)? *(?P<outer>万?元)?"
)
_BLANK = frozenset("-‐‑‒–—―─ ")
_TWINS = str.maketrans(
    dict.fromkeys("−‐‑‒–﹣", "-") | {"﹢": "+", "﹐": ",", "﹒": ".", "﹙": "(", "﹚": ")"}
)
_SPACE = re.compile(r"\s")
_KNOWN = frozenset("0123456789+-,.()¥元万 ")


class NotANumber(ValueError):
    """A text that is no number; `str()` is a clause that names the sign, to stand behind the quoted text, or ""."""


class OtherMoneyUnit(ValueError):
    """A number that is written with another money unit than that of its place."""


def parse_number(value: object, unit: str | None = None) -> Decimal | None:
    """A number as people write it; None for blank or a dash. Every door takes figures through here.

    Understood are 1234.5, "1,234.56", "￥ 1 234.56", full-width digits and signs, "(5)" and "5-" for -5, 元 or 万元
    behind it where that is the `unit` of the figure, and all of it with invisible characters. Raises ValueError
    for anything else, with a Chinese clause to stand behind the quoted value: `NotANumber` when it is none.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise NotANumber
    number = _from_text(value, unit) if isinstance(value, str) else Decimal(value)
    return None if number is None else _bounded(number)


def parse_amount(value: object, unit: str | None = None) -> Decimal | None:
    """As `parse_number`, for an amount of money in `unit`, without the trace that sums of doubles leave."""
    number = parse_number(value, unit)
    if number is None:
        return None
    amount = figure(number)
    if unit is not None and decimals(amount) > _FEN[unit]:
        fen = round(amount, _FEN[unit])
        if abs(number - fen) <= Decimal(1).scaleb(-_FEN[unit] - 6) or (
            _digits(number) > _DIGITS and _rounded(number) == fen
        ):
            amount = trim(fen)
    if _digits(amount) > _DIGITS:
        raise ValueError(f"有{_digits(amount)}位有效数字，Excel 只存得下{_DIGITS}位")
    return amount


def _bounded(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise NotANumber
    if number and number.adjusted() >= MOST.adjusted():
        raise ValueError("数额过大，Excel 存不准")
    if number and number.adjusted() < _LEAST:
        raise ValueError("小得没有意义，不是 0 也不是金额")
    return number if number else Decimal(0)


def _digits(number: Decimal) -> int:
    return len(trim(number).as_tuple().digits)


def _rounded(number: Decimal) -> Decimal:
    """The number with as many digits as Excel keeps."""
    return round(number, _DIGITS - 1 - number.adjusted())


def _from_text(text: str, unit: str | None) -> Decimal | None:
    if _PLAIN.fullmatch(text):
        return Decimal(text)  # as nearly all are
    text = _SPACE.sub(" ", half_width(visible(text))).strip()
    if _BLANK.issuperset(text):
        return None
    text = text.translate(_TWINS)
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise NotANumber(_fault(text))
    signs = [sign for name in ("open", "sign", "second", "trailing") if (sign := found[name])]
    if len(signs) > 1 or (found["open"] is None) != (found["close"] is None):
        raise NotANumber("里的正负号、括号写法不对")
    for written in filter(None, (found["inner"], found["outer"])):
        if written != unit:
            here = f"这里的金额单位是{unit}" if unit else "这里不能带单位"
            raise OtherMoneyUnit(f"写着“{written}”，{here}")
    number = Decimal(found["digits"].replace(found["gap"] or ",", ""))
    return -number if signs and signs[0] != "+" else number


def _fault(text: str) -> str:
    """What keeps a text from being a number, or "" when it has nothing of one."""
    if not any(char in "0123456789" for char in text):
        return ""
    for char in text:
        if char not in _KNOWN:
            return f"里有“{char}”" if char.isprintable() else f"里有 U+{ord(char):04X}"
    if "万" in text.replace("万元", ""):
        return "里有“万”"
    if text.count(".") > 1:
        return "有两个小数点"
    if "," in text:
        return "里逗号的位置不对"
    return "中间夹着空格" if " " in text else ""


@remembered(1 << 14)
def figure(value: Decimal) -> Decimal:
    """The figure that was meant, where sums of binary floats left a trace: 0.922496000000002 -> 0.922496.

    Raises ValueError for one that Excel does not keep exactly.
    """
    if value.adjusted() >= MOST.adjusted():
        raise ValueError("数额过大，Excel 存不准")
    whole, _, places = str(value).partition(".")
    if len(places) <= _FINEST and places[-1:] != "0" and "E" not in (places or whole):
        return value  # as it is written nearly always
    if decimals(value) > _FINEST:
        short = round(value, _FINEST)
        if abs(value - short) <= _NOISE * max(Decimal(1), abs(value)):
            return trim(short)
    return trim(value)


def is_whole_fen(value: Decimal, unit: str) -> bool:
    """Whether an amount in 元 or 万元 is a whole number of 分."""
    return decimals(value) <= _FEN[unit]


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


def filled_up(value: Decimal, number_format: str) -> str:
    """A whole number as a number format of zeros alone shows it, 1 as 001: a code. "" under any other format."""
    if not _ZEROS.fullmatch(number_format) or value < 0 or value % 1:
        return ""
    return plain(value).zfill(len(number_format))


def printed(value: Decimal) -> Decimal:
    """`value` as a form prints it: two decimals, halves away from zero."""
    return value.quantize(CENT, ROUND_HALF_UP)


def money(value: Decimal | None, places: int = 2) -> str:
    """`value` for people: thousands separators, at least `places` decimals; （空） for a blank."""
    if value is None:
        return "（空）"
    return f"{value:,.{max(places, decimals(value))}f}"


@remembered(1 << 14)
def decimals(value: Decimal) -> int:
    """How many decimals `value` really has (28.20 -> 1)."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@remembered(1 << 14)
def fits(value: Decimal) -> bool:
    """Whether a column of numbers holds `value` exactly."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not abs(value) < _BOUND:
        return False
    return exponent >= -SCALE or decimals(value) <= SCALE


def exact(value: Decimal | None) -> Decimal | None:
    """`value`, or None when a column of numbers can't hold it."""
    return value if value is not None and fits(value) else None
