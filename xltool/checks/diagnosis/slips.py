"""The likeliest slip of the pen: what could have turned the right figure into the one that stands there."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

from xltool.core.amounts import decimals, money, plain

_CENT = Decimal("0.01")
_PRINTED = 2
_FACTORS = (10, 100, 1000, 10000)

SlipKind = Literal["blank", "zero", "sign", "point", "neighbour", "swapped", "length", "digit"]
"""Of the digits: two changed places, one is missing or twice, one is another."""


class Slip(NamedTuple):
    """A slip of the pen: which kind, and in words."""

    kind: SlipKind
    words: str

    @property
    def telling(self) -> bool:
        """Whether it hardly ever fits by chance: any two figures of one length may differ in one digit."""
        return self.kind not in ("blank", "zero", "digit")


def name_slip(
    value: Decimal | None,
    right: Decimal,
    tolerance: Decimal,
    neighbours: Iterable[tuple[str, Decimal]] = (),
) -> Slip | None:
    """The slip that leads from `right` (known within `tolerance`) to `value`, or None.

    `neighbours`: figures that may have been taken by mistake, with their names (上一行, 上年 …).
    """
    if value is None:
        return Slip("blank", "漏填")
    if abs(value - right) <= tolerance:
        return None
    if value == 0:
        return Slip("zero", "填成了0")
    if abs(value + right) <= tolerance:
        return Slip("sign", "正负号反了")
    return (
        _point(value, right, tolerance)
        or _neighbour(value, neighbours)
        or _digits(value, right, tolerance)
    )


def _neighbour(value: Decimal, neighbours: Iterable[tuple[str, Decimal]]) -> Slip | None:
    for words, other in neighbours:
        if other == value:
            return Slip("neighbour", f"填成了{words}的数")
    return None


def _point(value: Decimal, right: Decimal, tolerance: Decimal) -> Slip | None:
    """A decimal point in the wrong place, or the wrong unit; what fell below the last digit is unknown."""
    lost = Decimal(5).scaleb(-max(_PRINTED, decimals(value)) - 1)
    for factor in _FACTORS:
        unit = factor == _FACTORS[-1]
        if abs(value - right * factor) <= tolerance * factor <= abs(value) / 10:
            return Slip("point", f"大了{factor}倍，{'把元填进了万元表' if unit else '小数点错位'}")
        if abs(value * factor - right) <= tolerance + lost * factor and abs(value) >= lost * 20:
            return Slip("point", f"小了{factor}倍，{'单位弄错' if unit else '小数点错位'}")
    return None


def _digits(value: Decimal, right: Decimal, tolerance: Decimal) -> Slip | None:
    """Slips among the digits: transposed, dropped, doubled, mistyped."""
    for guess in _guesses(right, tolerance):
        places = max(_PRINTED, decimals(value), decimals(guess))
        have, want = _key(value, places), _key(guess, places)
        wrong = [i for i, (a, b) in enumerate(zip(have, want, strict=False)) if a != b]
        if len(have) == len(want) and len(wrong) == 2 and _swapped(have, want, wrong):
            return Slip("swapped", "有两位数字颠倒")
        if len(have) == len(want) and len(wrong) == 1:
            return Slip("digit", "有一位数字输错")
        # 12.34 without its 3 is shown as 12.40, but was typed as 12.4
        if any(_one_less(_key(guess, n), _key(value, n)) for n in (_PRINTED, 0)):
            return Slip("length", "漏了一位数字")
        if any(_one_less(_key(value, n), _key(guess, n)) for n in (_PRINTED, 0)):
            return Slip("length", "多了一位数字")
    return None


def _guesses(right: Decimal, tolerance: Decimal) -> Iterable[Decimal]:
    """The right figure, and those as near to it as rounding leaves open (a few cents at most)."""
    yield right
    if decimals(right) > _PRINTED:
        right = right.quantize(_CENT)
        yield right
    for step in range(1, min(5, int(tolerance / _CENT)) + 1):
        yield right + step * _CENT
        yield right - step * _CENT


def _key(value: Decimal, places: int) -> str:
    """The digits as typed, so many decimals at least, without sign and point."""
    whole, _, fraction = plain(abs(value)).partition(".")
    return whole + fraction.ljust(places, "0")


def _swapped(have: str, want: str, wrong: list[int]) -> bool:
    first, second = wrong
    return second == first + 1 and have[first] == want[second] and have[second] == want[first]


def _one_less(longer: str, shorter: str) -> bool:
    """Whether `shorter` is `longer` without one digit."""
    return len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    )


def hint_by_difference(difference: Decimal, addends: Iterable[tuple[str, Decimal]]) -> str:
    """What a difference alone suggests, when no single cell can be named."""
    listed = list(addends)
    for words, value in listed:
        if value != 0 and abs(difference) == abs(value):
            return f"差额正好等于“{words}”的 {money(value)}，可能漏加或重加"
    for words, value in listed:
        if value != 0 and abs(difference) == 2 * abs(value):
            return f"差额正好是“{words}”的 {money(value)} 的两倍，可能正负号反了"
    cents = difference * 100
    if cents == cents.to_integral_value() and abs(cents) >= 9 and cents % 9 == 0:
        return "差额能被9整除，常见于数字颠倒或小数点错位"
    return ""
