"""The likeliest slip of the pen: what could have turned the right figure into the one that stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from xltool.amounts import money, plain

NEAR = Decimal("0.005")


def name_slip(
    value: Decimal | None,
    right: Decimal,
    tolerance: Decimal,
    neighbours: Iterable[tuple[str, Decimal]] = (),
) -> str | None:
    """The slip that leads from `right` (known within `tolerance`) to `value`, in words, or None.

    `neighbours`: figures that may have been taken by mistake, with their names (上一行, 上年 …).
    """
    if value is None:
        return "漏填"
    near: Callable[[Decimal], bool] = lambda guess: abs(guess - right) <= tolerance  # noqa: E731
    if value != 0 and near(-value):
        return "正负号反了"
    for factor, words in (
        (10000, "10000倍，把元填进了万元表"),
        (1000, "1000倍"),
        (100, "100倍"),
        (10, "10倍"),
    ):
        if value != 0 and near(value / factor):
            return f"大了{words}"
        if value != 0 and near(value * factor):
            return f"小了{factor}倍，小数点错位" if factor < 10000 else "小了10000倍，单位弄错"
    for words, other in neighbours:
        if other == value and not near(value):
            return f"填成了{words}的数"
    return _digits(value, right, tolerance)


def _digits(value: Decimal, right: Decimal, tolerance: Decimal) -> str | None:
    """Slips among the digits: transposed, dropped, doubled, mistyped."""
    places = 2 if tolerance < NEAR * 400 else 0
    for guess in _candidates(right, tolerance, places):
        have, want = _key(value), _key(guess)
        if len(have) == len(want) and have != want:
            wrong = [i for i, (a, b) in enumerate(zip(have, want, strict=True)) if a != b]
            if len(wrong) == 2 and _swapped(have, want, wrong):
                return "有两位数字颠倒"
            if len(wrong) == 1:
                return "有一位数字输错"
        if len(have) + 1 == len(want) and _one_less(want, have):
            return "漏了一位数字"
        if len(have) == len(want) + 1 and _one_less(have, want):
            return "多了一位数字"
    return None


def _candidates(right: Decimal, tolerance: Decimal, places: int) -> Iterable[Decimal]:
    """The right figure, and those as near to it as rounding leaves open (a few cents at most)."""
    cent = Decimal("0.01")
    steps = min(5, int(tolerance / cent))
    base = right.quantize(cent) if right == right.quantize(cent) or places else right
    yield base
    for step in range(1, steps + 1):
        yield base + step * cent
        yield base - step * cent


def _key(value: Decimal) -> str:
    """The digits as typed: two decimals at least, no sign, no point."""
    text = plain(abs(value))
    whole, _, fraction = text.partition(".")
    return whole + fraction.ljust(2, "0")


def _swapped(have: str, want: str, wrong: list[int]) -> bool:
    first, second = wrong
    return second == first + 1 and have[first] == want[second] and have[second] == want[first]


def _one_less(longer: str, shorter: str) -> bool:
    """Whether `shorter` is `longer` without one digit."""
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


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
