"""Random formulas of the functions that are recalculated, over the cells of tests/ooxml/test_recalc.py."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")

_NUMBERS = ("A1", "A2", "A8", "A9", "A12", "A16", "C1", "C3", "C7", "A3", "F8", "1", "2.5", "-3")
_TEXTS = ("B1", "B3", "E1", "E3", "G1", "D4", "D6", '"甲"', '""', '"201"', "F3")
_RANGES = ("A8:A16", "C1:C9", "A1:A16", "A1:C7", "E1:E7", "C:C", "D1:D7", "F3:F8", "Z900:Z905")
_CRITERIA = (
    '">10"', '"<>10"', '">=1.1"', '"201??"', '"???"', '"201*"', 'B1&"??"', '"甲"', '"<>甲"', '""', '"<>"',
    "10", "C3", '">"&C3', '"<>201??"', '"abc"', '"甲*"', '"=20"', '"~?"', '">-1E+300"',
)  # fmt: skip
_LOOKED_AT = ("B1:B7", "C1:C7", "E1:E7", "G1:G5", "D1:D7")


class Formulas:
    """Formulas by a seed; `depth` is how deep parts stand within parts."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def formula(self, depth: int = 3) -> str:
        """A formula that gives a number, a text or a truth value."""
        return self._one([self.number, self.number, self.number, self.text, self.condition])(depth)

    def _one(self, choices: Sequence[_T]) -> _T:
        return self._chance.choice(choices)

    def _number(self, depth: int) -> str:
        deeper = depth > 0 and self._chance.random() < 0.25
        return self.number(depth - 1) if deeper else self._one(_NUMBERS)

    def _text(self, depth: int) -> str:
        deeper = depth > 0 and self._chance.random() < 0.2
        return self.text(depth - 1) if deeper else self._one(_TEXTS)

    def number(self, depth: int) -> str:
        """A formula that gives a number."""
        n, one = lambda: self._number(depth), self._one
        forms = [
            lambda: f"({n()}{one('+-*/')}{n()})",
            lambda: f"{n()}{one(['%', '+1', '^2'])}",
            lambda: f"SUM({one(_RANGES)},{n()})",
            lambda: f"{one(['SUM', 'COUNT', 'COUNTA', 'MAX', 'MIN', 'AVERAGE'])}({one(_RANGES)})",
            lambda: f"ROUND({n()},{one(['0', '1', '2', '3', '-1'])})",
            lambda: f"{one(['ABS', '-', 'N'])}({n()})",
            lambda: f"IF({self.condition(depth - 1)},{n()},{n()})",
            lambda: f"IFERROR({n()},{n()})",
            lambda: f"LEN({self._text(depth)})",
            lambda: f"SUMIF(B1:B7,{one(_CRITERIA)},{one(['C1:C7', 'C2:C7', 'C1'])})",
            lambda: f"COUNTIF({one(_LOOKED_AT)},{one(_CRITERIA)})",
            lambda: (
                f"SUMIFS(C1:C7,B1:B7,{one(_CRITERIA)},{one(['C1:C7', 'E1:E7'])},{one(_CRITERIA)})"
            ),
            lambda: f"SUMPRODUCT({self.at_place(depth)}*{one(['C1:C7', 'A8:A14', n()])})",
            lambda: f"SUMPRODUCT(--{self.at_place(depth)},{one(['C1:C7', 'E1:E7', 'A1:A7'])})",
            lambda: f"COUNTIFS(B1:B7,{one(_CRITERIA)},{one(['C1:C7', 'G1:G7'])},{one(_CRITERIA)})",
        ]
        return self._one(forms)()

    def at_place(self, depth: int) -> str:
        """A condition that holds at some places of a range."""
        one, area = self._one, self._one(_LOOKED_AT[:3])
        forms = [
            lambda: f"({area}{one(['=', '<>'])}{self._text(depth)})",
            lambda: f"(LEN({area}){one(['=', '<', '>='])}{one('0235')})",
            lambda: f"({one(['LEFT', 'RIGHT'])}({area},{one('123')})={self._text(depth)})",
            lambda: f"(C1:C7{one(['=', '<>', '<', '>', '<=', '>='])}{one(_NUMBERS)})",
            lambda: f"{one(['ISNUMBER', 'ISTEXT', 'ISBLANK'])}({area})",
        ]
        return self._one(forms)()

    def text(self, depth: int) -> str:
        """A formula that gives a text."""
        t, one = lambda: self._text(depth), self._one
        forms = [
            lambda: f"{t()}&{t()}",
            lambda: f"{one(['LEFT', 'RIGHT'])}({t()},{one('0123')})",
            lambda: f"MID({t()},{one('123')},{one('0123')})",
            lambda: f"IF({self.condition(depth - 1)},{t()},{t()})",
            lambda: f"CONCATENATE({t()},{one(['C1', 'A2', 'B1'])})",
        ]
        return self._one(forms)()

    def condition(self, depth: int) -> str:
        """A formula that gives a truth value."""
        n, one = lambda: self._number(depth), self._one
        forms = [
            lambda: f"{n()}{one(['=', '<>', '<', '>', '<=', '>='])}{n()}",
            lambda: f"{self._text(depth)}{one(['=', '<>'])}{self._text(depth)}",
            lambda: f'{n()}=""',
            lambda: f"{one(['ISNUMBER', 'ISTEXT', 'ISERROR', 'ISBLANK'])}({one([n(), 'A3'])})",
            lambda: f"EXACT({self._text(depth)},{self._text(depth)})",
            lambda: f"COUNT({one(_RANGES)})=0",
        ]
        if depth > 0:
            both = f"{self.condition(depth - 1)},{self.condition(depth - 1)}"
            forms += [
                lambda: f"{one(['AND', 'OR'])}({both})",
                lambda: f"NOT({self.condition(depth - 1)})",
            ]
        return self._one(forms)()
