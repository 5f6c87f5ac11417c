"""The formulas of one line of the 审核表, and the values that they show now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from xltool.core.amounts import decimals, plain
from xltool.livechecks.lines import AuditLine
from xltool.livechecks.terms import Term
from xltool.livechecks.translate import ALWAYS, allowance, counted
from xltool.ooxml import Formula
from xltool.rules.describe import RELATION
from xltool.rules.judging import allowance as allowance_now
from xltool.rules.values import PRINTED_DECIMALS, Quantity

RULE, NAME, LEVEL, WHERE, LEFT, RELATED, RIGHT, DIFFERENCE, TOLERANCE, OUTCOME = "ABCDEFGHIJ"
PREMISE, LEFT_STATE, RIGHT_STATE, ROUNDED, OTHERS, ROW = "LMNOPQ"
"""The columns of the sheet. Those from `PREMISE` on hold what the others are worked out from."""

Cells = dict[str, Formula | Decimal | str]
Shown = Decimal | str | None

_CELL = Context(prec=15)
"""A cell holds 15 digits."""
_TINY_PLACES = 8
"""Decimals to which sums are shown, and differences compared with tolerances."""
_CELL_VALUE = re.compile(r"N\('[^()]*'![A-Z]+[0-9]+\)")


class LineCells:
    """What stands in the row of a line, by column, but for its rule and its words."""

    def __init__(self, line: AuditLine, row: int, unit: str) -> None:
        self.line, self.row, self.unit = line, row, unit
        self.cells: Cells = {}
        self.on = line.now.premise in ("", "是")
        self.premised = bool(line.alive) or line.premise != ALWAYS
        if self.premised:
            self._put(PREMISE, self._premise(), line.now.premise)
        if line.test is not None:
            self._test()
        else:
            self._sides()

    def _at(self, column: str) -> str:
        return f"{column}{self.row}"

    def _put(self, column: str, formula: str, shown: Shown) -> None:
        value = _CELL.plus(shown) if isinstance(shown, Decimal) else shown
        self.cells[column] = Formula(formula, "" if value is None else value)

    def _if_premise(self, column: str, formula: str, shown: Shown) -> None:
        """A formula that gives "" where the premise does not hold."""
        if self.premised:
            formula = f'IF({self._at(PREMISE)}="是",{formula},"")'
        self._put(column, formula, shown if self.on else None)

    def _premise(self) -> str:
        """是; 否; 缺 when a figure is missing that it needs. Rows that are gone make it 否."""
        premise = self.line.premise
        answer = '"是"'
        if premise != ALWAYS:
            answer = f'IF({premise.yes},"是","否")'
            if premise.lacking:
                answer = f'IF({premise.lacking},"缺",{answer})'
            answer = f'IFERROR({answer},"缺")'
        if self.line.alive:
            answer = f'IF(IFERROR({self.line.alive},FALSE),{answer},"否")'
        return answer

    def _unless_premise_fails(self, outcome: str) -> str:
        if not self.premised:
            return outcome
        at = self._at(PREMISE)
        return f'IF({at}="否","不适用",IF({at}="缺","数据不足",{outcome}))'

    # ── a condition ──

    def _test(self) -> None:
        test, at = self.line.test, self._at(LEFT_STATE)
        assert test is not None
        answer = f'IF({test.yes},"是","否")'
        if test.lacking:
            answer = f'IF({test.lacking},"缺",{answer})'
        shown = {"通过": "是", "不符": "否"}.get(self.line.now.outcome, "缺")
        self._if_premise(LEFT_STATE, f'IFERROR({answer},"缺")', shown)
        outcome = f'IF({at}="是","通过",IF({at}="缺","数据不足","不符"))'
        self._put(OUTCOME, self._unless_premise_fails(outcome), self.line.now.outcome)

    # ── two sides ──

    def _sides(self) -> None:
        line, now = self.line, self.line.now
        assert line.left is not None
        assert line.right is not None
        self.cells[RELATED] = RELATION[line.operator]
        self._side(LEFT, LEFT_STATE, line.left, now.left)
        self._side(RIGHT, RIGHT_STATE, line.right, now.right)
        left, right = self._at(LEFT_STATE), self._at(RIGHT_STATE)
        states = f"{left}:{right}"
        known = f'AND(COUNTIF({states},"有")>0,COUNTIF({states},"?缺")=0)'
        gap = f"ROUND(N({self._at(LEFT)})-N({self._at(RIGHT)}),{line.places})"
        self._put(DIFFERENCE, f'IF({known},{gap},"")', self._difference())
        self._tolerance(line.left, line.right, states)
        self._put(OUTCOME, self._judged(states), now.outcome)

    def _side(self, column: str, state: str, term: Term, quantity: Quantity | None) -> None:
        self._if_premise(state, term.state, _state(quantity))
        value = None if quantity is None or quantity.blank else quantity.value
        shown = term.value
        if not _CELL_VALUE.fullmatch(shown):
            shown = f"ROUND({shown},{_TINY_PLACES})"
            value = None if value is None else _rounded(value, _TINY_PLACES)
        at = self._at(state)
        self._put(column, f'IF(LEFT({at},1)="有",IFERROR({shown},""),"")', value)

    def _difference(self) -> Decimal | None:
        left, right = self.line.now.left, self.line.now.right
        if left is None or right is None or left.missing or right.missing:
            return None
        if left.blank and right.blank:
            return None
        return _rounded(left.value - right.value, self.line.places)

    def _tolerance(self, left: Term, right: Term, states: str) -> None:
        tolerance, now = self.line.tolerance, self.line.now
        allowed = allowance(self._at(ROUNDED), self._at(OTHERS), tolerance, self.unit)
        if isinstance(allowed, str):
            rounded, others = counted(left, right, tolerance)
            sides = [side for side in (now.left, now.right) if side is not None]
            exact = tolerance == "exact"
            if not exact:
                others = f'{others}+COUNTIF({states},"空*")'
            shown = _counts(sides, exact=exact)
            for column, formula, value in zip(
                (ROUNDED, OTHERS), (rounded, others), shown, strict=True
            ):
                self._if_premise(column, formula, Decimal(value))
        else:
            allowed = plain(allowed)
        now_allowed: Decimal | None = None
        if self._difference() is not None and now.left is not None and now.right is not None:
            now_allowed = allowance_now(now.left, now.right, tolerance, self.unit)
        difference = self._at(DIFFERENCE)
        self._put(TOLERANCE, f'IF(ISNUMBER({difference}),{allowed},"")', now_allowed)

    def _judged(self, states: str) -> str:
        """As `evaluate.judge`: what is missing agrees with a zero cell, and with a figure it is 数据不足."""
        line, difference = self.line, self._at(DIFFERENCE)
        failed = '"不符"'
        if line.operator != "<>":
            excess = f"ROUND(ABS({difference})-{self._at(TOLERANCE)},{_TINY_PLACES})"
            failed = f'IF({excess}<=0,"尾差","不符")'
        compared = f'IF({difference}{line.operator}0,"通过",{failed})'
        missing = self._at(LEFT_STATE)
        known = f'IF(RIGHT({missing},1)="缺",N({self._at(RIGHT)}),N({self._at(LEFT)}))'
        constant = not (line.left and line.left.areas and line.right and line.right.areas)
        agreed = "不适用" if constant else "通过"
        lacking = (
            f'IF(COUNTIF({states},"?缺")=2,"数据不足",'
            f'IF(ROUND({known},{line.places})=0,"{agreed}","数据不足"))'
        )
        blank = f'COUNTIF({states},"空*")=2'
        outcome = f'IF(ISNUMBER({difference}),{compared},IF({blank},"不适用",{lacking}))'
        return f'IFERROR({self._unless_premise_fails(outcome)},"数据不足")'


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _state(quantity: Quantity | None) -> str | None:
    if quantity is None:
        return None
    return ("空" if quantity.blank else "有") + ("缺" if quantity.missing else "")


def _counts(sides: Sequence[Quantity], *, exact: bool) -> tuple[int, int]:
    """How many figures were rounded, and how many zeros (with `exact`: exact figures) there are."""
    values = [leaf.value for side in sides for leaf in side.leaves if leaf.value is not None]
    fine = sum(decimals(value) > PRINTED_DECIMALS for value in values)
    zeros = sum(value == 0 for value in values)
    blanks = sum(side.blank for side in sides)
    return len(values) - fine - zeros, fine if exact else zeros + blanks
