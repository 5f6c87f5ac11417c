"""Recalculating formulas, with certainty or not at all.

`evaluation` computes; it is believed only inside what `guards` vouches for. Every other formula,
and every formula that depends on one, comes back as uncertain with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .calcinputs import Cell, Inputs
from .calcvalues import CalculationError, Plain
from .evaluation import Evaluator
from .expression import Node
from .guards import fault
from .plans import Names, Plan, planner
from .sheet import Sheet
from .values import Value, from_float

__all__ = ["Recalculation", "recalculate"]

_NOISE = 2.0**-46
"""What may be left of a sum that should be zero, relative to the numbers in it."""
_NOISY_DIGITS = 12
"""With fewer significant digits a result shows no noise."""
_BEYOND = "公式用到的地方超出工作表，或嵌套太深"
_SCALING = {"*", "/", "^", "%", "AVERAGE"}


@dataclass
class Recalculation:
    """`values` of the formulas that are certain, and for the others the reason (in Chinese)."""

    values: dict[Cell, Value] = field(default_factory=dict)
    uncertain: dict[Cell, str] = field(default_factory=dict)


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
    for cell in run.order():
        run.settle(cell)
    return run.recalculation()


class _Run:
    """One recalculation."""

    def __init__(self, inputs: Inputs, agrees: Callable[[Cell, Value], bool]) -> None:
        self._inputs = inputs
        self._agrees = agrees
        self._evaluator = Evaluator(inputs)
        self._plans: dict[Cell, Plan] = {}
        self._reasons = dict(inputs.blocked)
        self._values: dict[Cell, Value] = {}
        self._precedents: dict[Cell, set[Cell]] = {}
        self._scales: dict[Cell, float] = {}

    def parse(self, names: Names) -> None:
        """Read all formulas; those that cannot be trusted get their reason."""
        plan_of = planner(names)
        for cell, text in self._inputs.formulas.items():
            plan = plan_of(text, cell[0])
            if isinstance(plan, str):
                self._reasons[cell] = plan
                continue
            try:
                needed = set[Cell]().union(*(self._inputs.computed(*area) for area in plan.areas))
            except CalculationError as error:
                self._reasons[cell] = str(error)
                continue
            self._plans[cell] = plan
            self._precedents[cell] = needed

    def order(self) -> list[Cell]:
        """The formulas, each after all that it needs; those that cannot be get their reason."""
        waiting = {cell: len(precedents) for cell, precedents in self._precedents.items()}
        dependents: dict[Cell, list[Cell]] = {}
        for cell, precedents in self._precedents.items():
            for precedent in precedents:
                dependents.setdefault(precedent, []).append(cell)
        ready = [*self._reasons, *(cell for cell, count in waiting.items() if not count)]
        order: list[Cell] = []
        for cell in ready:
            if cell in self._plans and not self._blocked_by(cell):
                order.append(cell)
            for dependent in dependents.get(cell, ()):
                waiting[dependent] -= 1
                if not waiting[dependent]:
                    ready.append(dependent)
        for cell, count in waiting.items():
            if count:
                self._reasons[cell] = "公式循环引用，或依赖循环引用的单元格"
        return order

    def _blocked_by(self, cell: Cell) -> bool:
        """True, with the reason noted, when the cell needs one that is uncertain."""
        needed = next((c for c in self._precedents[cell] if c in self._reasons), None)
        if needed is not None:
            self._reasons[cell] = f"依赖不能复算的单元格 {needed[0]}!{needed[1]}"
        return needed is not None

    def settle(self, cell: Cell) -> None:
        """Work a formula out, or note why its value is not certain."""
        if self._blocked_by(cell):
            return
        plan = self._plans[cell]
        try:
            raw = self._evaluator.of(plan.tree)
            raw = 0.0 if raw is None else raw  # a formula that shows a blank cell is zero
            value = self._value(cell, raw)
            reason = None if self._agrees(cell, value) else fault(plan.checks, self._evaluator)
        except (CalculationError, ValueError, RecursionError) as error:
            reason = self._why(plan, error)
        if reason is not None:
            self._reasons[cell] = reason
            return
        self._values[cell] = value
        self._inputs.settle(cell, raw)

    def _why(self, plan: Plan, error: Exception) -> str:
        """Why a formula has no value: what the guards say is more to the point."""
        told = str(error) if isinstance(error, CalculationError) else _BEYOND
        try:
            return fault(plan.checks, self._evaluator) or told
        except (CalculationError, ValueError, RecursionError):
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
        scale = self._scale(self._plans[cell].tree)
        noise = Decimal(scale * _NOISE)
        rounded = round(value, -noise.adjusted() - 1) if noise else value
        if abs(rounded - value) > noise:
            return value
        self._scales[cell] = scale
        return from_float(float(rounded))

    def _scale(self, tree: Node) -> float:
        """The size of the largest number that a formula adds or subtracts; 0 if it does more."""
        if any(node.name in _SCALING for node in tree.walk()):
            return 0.0
        sizes = [node.constant for node in tree.walk() if node.kind == "number"]
        for node in tree.walk():
            for cell in self._inputs.used(node.sheet, node.area) if node.kind == "ref" else ():
                sizes.append(self._scales.get(cell, self._inputs.values[cell]))
        return max((abs(size) for size in sizes if isinstance(size, float)), default=0.0)

    def recalculation(self) -> Recalculation:
        """What came of it."""
        formulas = {*self._inputs.formulas, *self._inputs.array_formulas}
        return Recalculation(
            self._values,
            {cell: reason for cell, reason in self._reasons.items() if cell in formulas},
        )
