"""Amounts in 分 -> the numbers of a document: 元 or 万元, exact or printed, zeros blank or written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Raw = dict[str, Any]

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """A ratio of two amounts of the same row, by their names; blank when either is blank or nothing."""

    part: str
    whole: str


@dataclass(frozen=True)
class Score:
    """Points for carrying out a budget: full marks times the ratio, at most full marks."""

    full: Decimal
    part: str
    whole: str


@dataclass(frozen=True)
class ScoreSum:
    """The sum of the points of a project: those for its budget and those of its indicators."""

    budget: Score
    others: Decimal


@dataclass(frozen=True)
class Renderer:
    """Turns tables with amounts in 分 (`int`) into raw document tables.

    Ratios and points (`Share`, `Score`, `ScoreSum`) follow from the amounts as they are printed. The “三公” table
    prints its zeros always: there a blank would leave open whether an item was forgotten.
    """

    unit: str
    printed: bool
    zeros: bool

    def whole(self, number: int) -> Decimal:
        """A number that is no amount."""
        return Decimal(number)

    def amount(self, cents: int) -> Decimal:
        """An amount in the document's unit."""
        yuan = Decimal(cents).scaleb(-2)
        if self.unit == "元":
            return yuan
        exact = yuan.scaleb(-4)
        return exact.quantize(CENT, ROUND_HALF_UP) if self.printed else exact

    def tables(self, content: Raw) -> Raw:
        """Every table that has content."""
        rendered = {}
        for name, table in content.items():
            zeros = self.zeros or "“三公”" in name
            if isinstance(table, list):
                copies = [self._object(one, zeros) for one in table]
                rendered[name] = copies[0] if len(copies) == 1 else copies
            elif table is not None:
                rendered[name] = self._object(table, zeros)
        return {name: table for name, table in rendered.items() if table}

    def _object(self, raw: Raw, zeros: bool, context: Raw | None = None) -> Raw:
        context = raw if context is None else context
        found: Raw = {}
        for key, value in raw.items():
            rendered = self._value(value, raw, context, zeros)
            if rendered is not None:
                found[key] = rendered
        return found

    def _value(self, value: object, row: Raw, table: Raw, zeros: bool) -> object:
        match value:
            case dict():
                return self._object(value, zeros, table) or None
            case list():
                rows = [self._object(item, zeros, table) for item in value]
                if "金额" in (value[0] if value else {}):
                    rows = [item for item in rows if "金额" in item]
                return rows or None
            case int():
                return self.amount(value) if value or zeros else None
            case Share(part, whole):
                return self._share(row, part, whole)
            case Score():
                return self._points(value, row)
            case ScoreSum(budget, others):
                return others + (self._points(budget, table["项目资金"]["年度资金总额"]) or 0)
        return value

    def _ratio(self, row: Raw, part: str, whole: str) -> Decimal | None:
        """The ratio of two amounts as they stand in the document, or None where a form leaves it blank."""
        if not row[whole] or (not row[part] and not self.zeros):
            return None
        base = self.amount(row[whole])
        return self.amount(row[part]) / base if base else None

    def _share(self, row: Raw, part: str, whole: str) -> Decimal | None:
        ratio = self._ratio(row, part, whole)
        return None if ratio is None else ratio.quantize(Decimal("0.0001"), ROUND_HALF_UP)

    def _points(self, score: Score, row: Raw) -> Decimal | None:
        ratio = self._ratio(row, score.part, score.whole)
        if ratio is None:
            return None
        return (min(Decimal(1), ratio) * score.full).quantize(CENT, ROUND_HALF_UP)
