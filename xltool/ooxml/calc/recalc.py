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
from xltool.ooxml.calc.criteriaguards import Differs
from xltool.ooxml.calc.evaluation import Evaluator
from xltool.ooxml.calc.guards import fault
from xltool.ooxml.calc.plans import CalcPlan, Names, planner
from xltool.ooxml.read.values import Value, from_float
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
    run = _Run(Inputs(sheets, given or {}), agrees or (lambda cell, value: False))
    run.parse(Names(names, own))
    run.settle_all()
    return run.recalculation()


class _Run:
    """One recalculation."""

    def __init__(self, inputs: Inputs, agrees: Callable[[Cell, Value], bool]) -> None:
        self._inputs = inputs
        self._agrees = agrees
        self._evaluator = Evaluator(inputs)
        self._plans: dict[Cell, CalcPlan] = {}
        self._reasons: dict[Cell, str] = {}
        self._values: dict[Cell, Value] = {}
        self._seen: dict[Cell, bool] = {}
        """True once a formula has been worked out, or cannot be."""
        self._scales: dict[Cell, float] = {}
        self._differing: dict[Cell, str] = {}

    def parse(self, names: Names) -> None:
        """Read all formulas; those that cannot be trusted get their reason."""
        plan_of, inputs = planner(names), self._inputs
        reasons: dict[Cell, str] = {}
        for cell, text in inputs.formulas.items():
            plan = plan_of(text, cell[0])
            if isinstance(plan, str):
                reasons[cell] = plan
            else:
                self._plans[cell] = plan
        inputs.read({place.sheet for plan in self._plans.values() for place in plan.needed})
        for cell, reason in chain(inputs.blocked.items(), reasons.items()):
            inputs.close(cell)
            self._give_up(cell, reason)

    def _give_up(self, cell: Cell, reason: str) -> None:
        """Note why the value of a cell is not certain."""
        self._reasons[cell] = reason
        self._inputs.spoil(cell)

    def settle_all(self) -> None:
        """Work every formula out, each after all that it needs."""
        for cell in self._plans:
            if cell not in self._seen:
                self._settle_with_precedents(cell)

    def _settle_with_precedents(self, first: Cell) -> None:
        """Depth first, with a path of its own: formulas may lean on each other by the thousand."""
        path = [(first, self._needed(first))]
        self._seen[first] = False
        while path:
            cell, needed = path[-1]
            waiting = next((c for c in needed if not self._is_settled(c, path)), None)
            if waiting is not None:
                self._seen[waiting] = False
                path.append((waiting, self._needed(waiting)))
                continue
            path.pop()
            self._seen[cell] = True
            self._inputs.close(cell)
            if cell not in self._reasons and not self._blocked_by(cell):
                self.settle(cell)

    def _is_settled(self, cell: Cell, path: list[tuple[Cell, Iterator[Cell]]]) -> bool:
        """True for a cell that need not be waited for; a circle gets its reason, all round."""
        if cell not in self._plans or self._seen.get(cell):
            return True
        if cell not in self._seen:
            return False
        for other, _ in reversed(path):
            self._give_up(other, _CIRCLE)
            if other == cell:
                break
        return True

    def _needed(self, cell: Cell) -> Iterator[Cell]:
        """The formulas that a formula needs and that are still to be worked out."""
        return self._inputs.waiting(self._plans[cell].needed)

    def _blocked_by(self, cell: Cell) -> bool:
        """True, with the reason noted, when the cell needs one that is uncertain."""
        if not self._reasons:
            return False
        for place in self._plans[cell].needed:
            if needed := self._inputs.spoilt(*place):
                circular = self._reasons[needed] == _CIRCLE
                told = f"依赖不能复算的单元格 {needed[0]}!{needed[1]}"
                self._give_up(cell, _CIRCLE if circular else told)
                return True
        return False

    def settle(self, cell: Cell) -> None:
        """Work a formula out, or note why its value is not certain."""
        plan = self._plans[cell]
        self._evaluator.begin(plan.places)
        try:
            raw = self._evaluator.of(plan.tree)
            raw = 0.0 if raw is None else raw  # a formula that shows a blank cell is zero
            value = self._value(cell, raw)
            reason = None if self._agrees(cell, value) else fault(plan.checks, self._evaluator)
        except (CalculationError, ArithmeticError, ValueError, RecursionError) as error:
            reason = self._why(plan, error)
        if isinstance(reason, Differs):
            self._differing[cell] = str(reason)
        elif reason is not None:
            self._give_up(cell, reason)
            return
        self._values[cell] = value
        self._inputs.settle(cell, raw)

    def _why(self, plan: CalcPlan, error: Exception) -> str:
        """Why a formula has no value: what the guards say is more to the point."""
        told = str(error) if isinstance(error, CalculationError) else _BEYOND
        try:
            return fault(plan.checks, self._evaluator) or told
        except (CalculationError, ArithmeticError, ValueError, RecursionError):
            return told

    def _value(self, cell: Cell, raw: Plain) -> Value:
        """What a formula shows.

        Where large terms cancel out, the noise of doubles comes to the front: 100.02 - 100.03 is
        -0.01000000000000512. Such a result of adding and subtracting is the round number within
        the noise, and so zero when nothing is left.
        """
        if not isinstance(raw, float):
            return raw
        value = from_float(raw)
        if not raw or len(value.as_tuple().digits) < _NOISY_DIGITS:
            return value
        scale = self._scale(self._plans[cell])
        noise = Decimal(scale * _NOISE)
        rounded = round(value, -noise.adjusted() - 1) if noise else value
        if abs(rounded - value) > noise:
            return value
        self._scales[cell] = scale
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
