"""What the text of a formula alone tells about its recalculation, worked out once for all books alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.ooxml.calc.evaluation import prepare
from xltool.ooxml.calc.expression import Expression, UnsupportedError, parse_expression
from xltool.ooxml.calc.guards import Check, checks
from xltool.ooxml.calc.shapes import require_shape
from xltool.ooxml.calc.tree import ExpressionNode, SheetArea
from xltool.ooxml.read.formula import outline_of, shape
from xltool.ooxml.read.workbook import DefinedName

_BOOKS, _FORMULAS, _SHAPES = 16, 1 << 15, 1 << 13
"""How many sets of sheet names, and formulas and shapes of formulas of all of them, are remembered.

A list of another length has other formulas: those of a form with lists of 3 to 40 rows are some 20,000.
"""

_TOO_LONG = "公式过长或过于复杂"


class CalcPlan(NamedTuple):
    """A formula that can be recalculated: its tree, where its references lead, what to look at afterwards.

    `places` are by the number of the reference, `needed` are those of them that differ.
    """

    tree: ExpressionNode
    places: tuple[SheetArea, ...]
    needed: tuple[SheetArea, ...]
    checks: tuple[Check, ...]


class Names(NamedTuple):
    """The names that formulas of a workbook may use: the Scope in which they are read."""

    sheets: tuple[str, ...]
    defined: tuple[DefinedName, ...]

    def sheet(self, name: str) -> str | None:
        """The name as the workbook writes it of a sheet, if it exists."""
        return _by_lower(self.sheets).get(name.lower())

    def name(self, name: str, sheet: str) -> str | None:
        """The text that a defined name stands for when used on `sheet`, if it exists."""
        same = [found for found in self.defined if found.name.lower() == name.lower()]
        local = [found.text for found in same if found.sheet == sheet]
        overall = [found.text for found in same if found.sheet is None]
        return next(iter(local + overall), None)


@remembered(_BOOKS)
def _by_lower(sheets: tuple[str, ...]) -> dict[str, str]:
    return {name.lower(): name for name in sheets}


class _Common:
    """What the formulas of one shape on a sheet have in common that repeat their cells alike: all but the places
    they refer to."""

    def __init__(self, expression: Expression) -> None:
        self._expression = expression
        self._checks = checks(expression.tree)
        self._sound: set[tuple[bool, ...]] = set()
        """Which references may be single cells, as far as formulas have been seen."""

    def plan(self, cells: Sequence[str]) -> CalcPlan:
        """The plan of the one that names these cells. Raises UnsupportedError."""
        tree, places = self._expression.tree, self._expression.places(cells)
        single = tuple([a.top == a.bottom and a.left == a.right for _, a in places])
        if single not in self._sound:
            require_shape(tree, single)
            if not self._sound:
                prepare(tree, {part for check in self._checks for part in check.parts})
            self._sound.add(single)
        needed = tuple(dict.fromkeys(places))
        return CalcPlan(tree, places, places if needed == places else needed, self._checks)


class _Form:
    """The names that the formulas of books of one form may use; no other is equal to it."""

    def __init__(self, names: Names) -> None:
        self.names = names


@remembered(_BOOKS)
def planner(names: Names) -> Callable[[str, str], CalcPlan | str]:
    """A function of (formula, its sheet) that gives the plan, or why there is none."""
    return partial(_plan, _Form(names))


@remembered(_FORMULAS)
def _plan(form: _Form, formula: str, sheet: str) -> CalcPlan | str:
    try:
        texts, cells, _ = shape(formula)
        found = _common(form, texts, tuple(map(cells.index, cells)), sheet)
        return found if isinstance(found, str) else found.plan(cells)
    except UnsupportedError as error:
        return str(error)
    except (ValueError, RecursionError):
        return _TOO_LONG


@remembered(_SHAPES)
def _common(
    form: _Form, texts: tuple[str, ...], same: tuple[int, ...], sheet: str
) -> _Common | str:
    try:
        outline = outline_of(texts)
        assert outline is not None  # as `shape` has found it
        return _Common(parse_expression(outline, same, sheet, form.names))
    except UnsupportedError as error:
        return str(error)
