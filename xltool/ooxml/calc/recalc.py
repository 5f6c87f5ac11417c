"""Recalculating formulas, with certainty or not at all.

`evaluation` computes; it is believed only inside what `guards` vouches for. Every other formula,
and every formula that depends on one, comes back as uncertain with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from xltool.ooxml.calc.calcinputs import Cell, Inputs
from xltool.ooxml.calc.calcvalues import CalculationError, Plain
from xltool.ooxml.calc.columns import ColumnCells
from xltool.ooxml.calc.criteriaguards import Differs
from xltool.ooxml.calc.evaluation import Evaluator
from xltool.ooxml.calc.guards import fault
from xltool.ooxml.calc.plans import CalcPlan, Names, planner
from xltool.ooxml.read.values import NUMBERS, Value, from_float
from xltool.ooxml.read.workbook import Sheet

__all__ = ["Recalculation", "recalculate"]

_NOISE = 2.0**-46
"""What may be left of a sum that should be zero, relative to the numbers in it."""
_NOISY_DIGITS = 12
"""With fewer significant digits a result shows no noise."""
_CIRCLE = "公式循环引用，或依赖循环引用的单元格"
_BEYOND = "公式嵌套太深，或算出的数超出范围"
_SCALING = {"*", "/", "^", "%", "AVERAGE"}


@dataclass
class Recalculation:
    """`values` of the formulas that are certain, and for the others the reason (in Chinese)."""

    values: dict[Cell, Value] = field(default_factory=dict)
    uncertain: dict[Cell, str] = field(default_factory=dict)
    differing: dict[Cell, str] = field(default_factory=dict)
    """Formulas whose values are Excel's and not LibreOffice's, with what differs (in Chinese)."""


def recalculate(
    sheets: Mapping[str, Sheet],
    given: Mapping[Cell, Decimal] | None = None,
    agrees: Callable[[Cell, Value], bool] | None = None,
) -> Recalculation:
    """Recalculate the formulas of the sheets of one workbook, given by name.

    Formulas that need a cell of `given` take the value given for it, whatever the cell's own
    formula makes; what that makes is in `values` all the same. A result that `agrees` with what another
    program has made of the formula is certain without a further look. Numbers come back with 15
    significant digits. A formula that cannot be trusted is no error: it is in `uncertain`. Raises
    WorkbookError when a cell cannot be decoded.
    """
    names = tuple(sheets)
    defined = next((sheet.workbook.defined_names for sheet in sheets.values()), ())
    # print areas differ from book to book and stand in no formula: without them, books of one
    # form share what is known of their formulas
    own = tuple(name for name in defined if not name.name.startswith("_xlnm."))
    run = _Run(Inputs(sheets, given or {}), agrees)
    run.parse(Names(names, own))
    run.settle_all()
    return run.recalculation()


class _Formula:
    """A formula that is to be worked out."""

    __slots__ = ("cell", "column", "done", "entered", "plan", "row")

    def __init__(self, cell: Cell, plan: CalcPlan, column: ColumnCells, row: int) -> None:
        self.cell, self.plan, self.column, self.row = cell, plan, column, row
        self.entered = self.done = False


class _Run:
    """One recalculation."""

    def __init__(self, inputs: Inputs, agrees: Callable[[Cell, Value], bool] | None) -> None:
        self._inputs = inputs
        self._agrees = agrees
        self._evaluator = Evaluator(inputs)
        self._formulas: dict[Cell, _Formula] = {}
        self._reasons: dict[Cell, str] = {}
        self._values: dict[Cell, Value] = {}
        self._scales: dict[Cell, float] = {}
        self._differing: dict[Cell, str] = {}

    def parse(self, names: Names) -> None:
        """Read all formulas; those that cannot be trusted get their reason."""
        plan_of, inputs = planner(names), self._inputs
        reasons: dict[Cell, str] = {}
        plans: dict[Cell, CalcPlan] = {}
        for cell, text in inputs.formulas.items():
            plan = plan_of(text, cell[0])
            if isinstance(plan, str):
                reasons[cell] = plan
            else:
                plans[cell] = plan
        inputs.read({place.sheet for plan in plans.values() for place in plan.needed})
        for cell, plan in plans.items():
            self._formulas[cell] = _Formula(cell, plan, *inputs.column(cell))
        for cell, reason in chain(inputs.blocked.items(), reasons.items()):
            column, row = inputs.column(cell)
            column.waiting.close(row)
            self._give_up(cell, reason)

    def _give_up(self, cell: Cell, reason: str) -> None:
        """Note why the value of a cell is not certain."""
        self._reasons[cell] = reason
        self._inputs.spoil(cell)

    def settle_all(self) -> None:
        """Work every formula out, each after all that it needs."""
        for formula in self._formulas.values():
            if not formula.entered:
                self._settle_with_precedents(formula)

    def _settle_with_precedents(self, first: _Formula) -> None:
        """Depth first, with a path of its own: formulas may lean on each other by the thousand."""
        path = [(first, self._waiting(first))]
        while path:
            formula, needed = path[-1]
            for other in needed:
                if not other.entered:
                    path.append((other, self._waiting(other)))
                    break
                if not other.done:
                    self._give_up_circle(path, other)
            else:
                path.pop()
                formula.done = True
                formula.column.waiting.close(formula.row)
                if formula.cell not in self._reasons and not self._blocked_by(formula):
                    self.settle(formula)

    def _give_up_circle(
        self, path: list[tuple[_Formula, Iterator[_Formula]]], first: _Formula
    ) -> None:
        """Formulas that lean on each other all round, from one on the path to its end."""
        for formula, _ in reversed(path):
            self._give_up(formula.cell, _CIRCLE)
            if formula is first:
                break

    def _waiting(self, formula: _Formula) -> Iterator[_Formula]:
        """The formulas that one needs and that are still to be worked out."""
        formula.entered = True
        return map(self._formulas.__getitem__, self._inputs.waiting(formula.plan.needed))

    def _blocked_by(self, formula: _Formula) -> bool:
        """True, with the reason noted, when a formula needs a cell that is uncertain."""
        if not self._reasons:
            return False
        for place in formula.plan.needed:
            if needed := self._inputs.spoilt(*place):
                circular = self._reasons[needed] == _CIRCLE
                told = f"依赖不能复算的单元格 {needed[0]}!{needed[1]}"
                self._give_up(formula.cell, _CIRCLE if circular else told)
                return True
        return False

    def settle(self, formula: _Formula) -> None:
        """Work a formula out, or note why its value is not certain."""
        cell, plan = formula.cell, formula.plan
        self._evaluator.begin(plan.places)
        try:
            raw = self._evaluator.of(plan.tree)
            raw = 0.0 if raw is None else raw  # a formula that shows a blank cell is zero
            value = self._value(formula, raw)
            certain = self._agrees is not None and self._agrees(cell, value)
            reason = None if certain else fault(plan.checks, self._evaluator)
        except (CalculationError, ArithmeticError, ValueError, RecursionError) as error:
            reason = self._why(plan, error)
        if isinstance(reason, Differs):
            self._differing[cell] = str(reason)
        elif reason is not None:
            self._give_up(cell, reason)
            return
        self._values[cell] = value
        if cell not in self._inputs.given:
            formula.column.settle(formula.row, raw)

    def _why(self, plan: CalcPlan, error: Exception) -> str:
        """Why a formula has no value: what the guards say is more to the point."""
        told = str(error) if isinstance(error, CalculationError) else _BEYOND
        try:
            return fault(plan.checks, self._evaluator) or told
        except (CalculationError, ArithmeticError, ValueError, RecursionError):
            return told

    def _value(self, formula: _Formula, raw: Plain) -> Value:
        """What a formula shows.

        Where large terms cancel out, the noise of doubles comes to the front: 100.02 - 100.03 is
        -0.01000000000000512. Such a result of adding and subtracting is the round number within
        the noise, and so zero when nothing is left.
        """
        if not isinstance(raw, float):
            return raw
        text = f"{raw:.15g}"
        if len(text) < _NOISY_DIGITS and "e" not in text:
            return NUMBERS[text]
        value = from_float(raw)
        if len(value.as_tuple().digits) < _NOISY_DIGITS:
            return value
        scale = self._scale(formula.plan)
        noise = Decimal(scale * _NOISE)
        rounded = round(value, -noise.adjusted() - 1) if noise else value
        if abs(rounded - value) > noise:
            return value
        self._scales[formula.cell] = scale
        return from_float(float(rounded))

    def _scale(self, plan: CalcPlan) -> float:
        """The size of the largest number that a formula adds or subtracts; 0 if it does more."""
        nodes = list(plan.tree.walk())
        if any(node.name in _SCALING for node in nodes):
            return 0.0
        sizes = [node.constant for node in nodes if node.kind == "number"]
        for place in plan.needed:
            for cell in self._inputs.used(*place):
                sizes.append(self._scales.get(cell, self._inputs.value(cell)))
        return max((abs(size) for size in sizes if isinstance(size, float)), default=0.0)

    def recalculation(self) -> Recalculation:
        """What came of it."""
        inputs = self._inputs
        formulas = {*inputs.formulas, *inputs.array_formulas, *inputs.unread}
        return Recalculation(
            self._values,
            {cell: reason for cell, reason in self._reasons.items() if cell in formulas},
            self._differing,
        )
