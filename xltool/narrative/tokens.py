"""The numbers of a text: amounts, percentages, counts, years, and what is only a number of order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

TokenKind = Literal["amount", "percent", "count", "score", "year", "structure", "bare"]

MONEY = {"亿元": Decimal(10) ** 8, "万元": Decimal(10) ** 4, "元": Decimal(1)}
_COUNTS = "辆|台（套）|台|套|批次|人次|人|批|个|次|家|项|户|名|条|宗|幢|处|平方米"
_NUMBER = re.compile(
    r"(?<![\dA-Za-z.])(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    rf"(?P<unit>亿元|万元|元|%|‰|个百分点|年|月|日|号|分(?!别|为|布|管)|{_COUNTS})?"
)
_ORDER = re.compile(r"(?:^|(?<=[。；：]))（?\d+[、.）](?!\d)")
_STRUCTURE_BEFORE = re.compile(r"(公开|附件|附表|表|第|GK|Z|单价|单位价值|价值|（)$")
_THRESHOLD_AFTER = re.compile(r"^(（含）)?(以上|以下|及以上)|^（含）")


@dataclass(frozen=True, slots=True)
class TextToken:
    """One number of a squeezed text, from `start` to `end` (its unit included).

    `value` is as printed; `money` is it in 元 for amounts. `places` counts the decimals that are printed.
    """

    kind: TokenKind
    value: Decimal
    unit: str
    start: int
    end: int
    places: int

    @property
    def money(self) -> Decimal:
        """The amount in 元."""
        return self.value * MONEY[self.unit]


def tokens(text: str) -> list[TextToken]:
    """Every number of a squeezed text, in order."""
    order = {
        match.start() + len(match[0]) - len(match[0].lstrip("（"))
        for match in _ORDER.finditer(text)
    }
    return [_token(text, match, order) for match in _NUMBER.finditer(text)]


def _token(text: str, match: re.Match[str], order: set[int]) -> TextToken:
    digits, unit = match["number"], match["unit"] or ""
    value = Decimal(digits.replace(",", ""))
    places = len(digits.partition(".")[2])
    kind = _kind(text, match, unit, value)
    if match.start() in order:
        kind = "structure"
    return TextToken(kind, value, unit, match.start(), match.end(), places)


def _kind(text: str, match: re.Match[str], unit: str, value: Decimal) -> TokenKind:
    before, after = text[: match.start()], text[match.end() :]
    if _THRESHOLD_AFTER.match(after) or unit in ("月", "日", "号"):
        return "structure"
    if unit in MONEY:
        return "amount"
    if unit in ("%", "个百分点", "‰"):
        return "percent"
    if unit == "年":
        return (
            "year" if 1949 <= value <= 2100 and value == value.to_integral_value() else "structure"
        )
    if unit == "分":
        return "score"
    if unit:
        return "count"
    if _STRUCTURE_BEFORE.search(before) or after[:1] in ("表", "号", "-", "：", "）"):
        return "structure"
    return "bare"
