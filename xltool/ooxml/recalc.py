"""Recalculating formulas, with certainty or not at all.

A fast engine computes; it is believed only inside what `guards` vouches for. Every other formula,
and every formula that depends on one, comes back as uncertain with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .calcinputs import Cell, Inputs
from .engine import CalculationError, Engine
from .expression import Node
from .guards import CERTIFIED, Plain, fault
from .plans import Names, Plan, planner
from .refs import Range
from .sheet import Sheet
from .values import CellError, Value, from_float

__all__ = ["CERTIFIED", "Recalculation", "recalculate"]

_NOISE = 2.0**-46
"""What may be left of a sum that should be zero, relative to the numbers in it."""
_NOISY_DIGITS = 12
"""With fewer significant digits a result shows no noise."""
_SCALING = {"*", "/", "^", "%", "AVERAGE"}


@dataclass
class Recalculation:
    """`values` of the formulas that are certain, and for the others the reason (in Chinese)."""

    values: dict[Cell, Value] = field(default_factory=dict)
    uncertain: dict[Cell, str] = field(default_factory=dict)


def recalculate(
    sheets: Mapping[str, Sheet], given: Mapping[Cell, Decimal] | None = None
) -> Recalculation:
    """Recalculate the formulas of the sheets of one workbook, given by name.

    Formulas that need a cell of `given` take the value given for it, whatever the cell's own
    formula makes; what that makes is in `values` all the same. Numbers come back with 15
    significant digits. A formula that cannot be trusted is no error: it is in `uncertain`. Raises
    WorkbookError when a cell cannot be decoded.
    """
    names = tuple(sheets)
    defined = next((sheet.workbook.defined_names for sheet in sheets.values()), ())
    run = _Run(Inputs(sheets, given or {}), Engine(names))
    run.parse(Names(names, tuple(defined)))
    order = run.order()
    run.calculate(order)
    for cell in order:
        run.settle(cell)
    return run.recalculation()


class _Run:
    """One recalculation; also the Results that the guards look at."""

    def __init__(self, inputs: Inputs, engine: Engine) -> None:
        self._inputs = inputs
        self._engine = engine
        self._plans: dict[Cell, Plan] = {}
        self._reasons = dict(inputs.blocked)
        self._raw: dict[Cell, Plain] = {}
        self._values: dict[Cell, Value] = {}
        self._precedents: dict[Cell, set[Cell]] = {}
        self._scales: dict[Cell, float] = {}
        self._inside: dict[tuple[str, Range], list[Plain]] = {}

    def parse(self, names: Names) -> None:
        """Read all formulas; those that cannot be trusted get their reason."""
        plan_of = planner(names)
        for cell, text in self._inputs.formulas.items():
            plan = plan_of(text, cell[0])
            if isinstance(plan, str):
                self._reasons[cell] = plan
                continue
            self._plans[cell] = plan
            self._precedents[cell] = {
                precedent
                for sheet, area in plan.areas
                for precedent in self._inputs.computed(sheet, area)
            }

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

    def calculate(self, order: list[Cell]) -> None:
        """Have the engine calculate the formulas in `order` and the parts that guards look at."""
        for cell, value in self._inputs.constants.items():
            self._engine.put(*cell, value)
        for cell in order:
            if cell in self._inputs.given:
                self._engine.put_part(self._plans[cell].text)
            else:
                self._engine.put_formula(*cell, self._plans[cell].text)
            for part in self._plans[cell].probes:
                self._engine.put_part(part)
        try:
            self._engine.calculate()
        except CalculationError:
            self._reasons.update(dict.fromkeys(order, "复算引擎出错"))

    def settle(self, cell: Cell) -> None:
        """Take the engine's value of a formula, or note why it is not certain."""
        if cell in self._reasons or self._blocked_by(cell):
            return
        try:
            self._raw[cell] = self._result(cell)
            reason = fault(self._plans[cell].checks, self)
            if reason is None:
                self._values[cell] = self._value(cell, self._raw[cell])
        except (CalculationError, ValueError):
            reason = "复算引擎给不出结果"
        if reason:
            self._reasons[cell] = reason

    def _result(self, cell: Cell) -> Plain:
        if cell in self._inputs.given:
            return self._engine.part(self._plans[cell].text)
        return self._engine.value(*cell)

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
        sizes = [abs(float(node.text)) for node in tree.walk() if node.kind == "number"]
        for node in tree.walk():
            for cell in self._inputs.used(node.sheet, node.area) if node.kind == "ref" else ():
                value = self._scales.get(cell, self._plain(cell))
                sizes.append(abs(value) if isinstance(value, float) else 0.0)
        return max(sizes, default=0.0)

    # --- Results -------------------------------------------------------------------------------

    def of(self, node: Node) -> Plain:
        """The value of a part of a formula. Raises CalculationError."""
        if node.kind == "number":
            return float(node.text)
        if node.kind == "text":
            return node.text[1:-1].replace('""', '"')
        if node.kind == "bool":
            return node.text == "TRUE"
        if node.kind == "error":
            return CellError(node.text)
        if node.kind == "blank":
            return None
        if node.kind == "ref":
            return next(iter(self.inside(node.sheet, node.area)), None)
        return self._engine.part(node.text)

    def inside(self, sheet: str, area: Range) -> list[Plain]:
        """The values of the cells of a range that are not blank."""
        key = sheet, area
        if key not in self._inside:
            cells = self._inputs.used(sheet, area)
            self._inside[key] = [self._plain(cell) for cell in cells]
        return self._inside[key]

    def _plain(self, cell: Cell) -> Plain:
        if cell in self._raw and cell not in self._inputs.given:
            return self._raw[cell]
        value = self._inputs.constants.get(cell)
        return float(value) if isinstance(value, Decimal) else value

    def recalculation(self) -> Recalculation:
        """What came of it."""
        formulas = {*self._inputs.formulas, *self._inputs.array_formulas}
        return Recalculation(
            self._values,
            {cell: reason for cell, reason in self._reasons.items() if cell in formulas},
        )
