"""Figures of the tables as a text prints them: amounts, shares, changes, always from the same cells as the check."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from xltool.core.amounts import convert
from xltool.core.problems import InputError, Problem
from xltool.narrative.tables import TableRow, Tables
from xltool.narrative.vocabulary import Item, NarrativeVocabulary

CENT = Decimal("0.01")
ZERO = Decimal(0)


class YearChange(NamedTuple):
    """This year against last year, as printed: `amount` without sign, `rate` None where there is no base."""

    direction: int
    amount: Decimal
    rate: Decimal | None


class NarrativeFigures:
    """Printed figures by the names of the vocabulary. Amounts are in 万元 with two decimals."""

    def __init__(self, vocabulary: NarrativeVocabulary, tables: Tables, topic: str = "") -> None:
        self.vocabulary, self.tables = vocabulary, tables
        self.topic = topic

    def item(self, name: str) -> Item:
        """The item of that name in the topic at hand. Raises `InputError`."""
        found = self.vocabulary.item(self.vocabulary.topics.get(self.topic), name)
        if found is None:
            raise InputError(
                Problem(f"{self.topic}·{name}", "用语文件里没有这个数", code="unknown-name")
            )
        return found

    def amount(self, name: str, *, prior: bool = False) -> Decimal | None:
        """An amount in 万元 as printed; None when the tables do not have it."""
        return self._printed(self.tables.figure(self.item(name).figure, prior=prior))

    def budget(self, name: str) -> Decimal | None:
        """A budget that the tables print, in 万元."""
        return self._printed(self.tables.figure(self.item(name).budget))

    def of_row(self, row: TableRow) -> Decimal:
        """The amount of a row in 万元; a blank in a filled table is 0."""
        return self._printed(self.tables.of_row(row)) or ZERO

    def _printed(self, figure: object) -> Decimal | None:
        value = getattr(figure, "value", None)
        if not isinstance(value, Decimal):
            return None
        return convert(value, "元", "万元").quantize(CENT, ROUND_HALF_UP)

    def change(self, name: str) -> YearChange | None:
        """The change since last year, or None when there is no last year."""
        this, prior = self.amount(name), self.amount(name, prior=True)
        if this is None or prior is None:
            return None
        difference = this - prior
        rate = None
        if prior:
            rate = (abs(difference) / abs(prior) * 100).quantize(CENT, ROUND_HALF_UP)
        return YearChange((difference > 0) - (difference < 0), abs(difference), rate)


def money(value: Decimal) -> str:
    """12.30万元."""
    return f"{value:.2f}万元"


def ratio(part: Decimal, whole: Decimal) -> str:
    """12.30%; "" on a base of zero."""
    if not whole:
        return ""
    return f"{(part / whole * 100).quantize(CENT, ROUND_HALF_UP):.2f}%"
