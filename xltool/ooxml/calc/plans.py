"""What the text of a formula alone tells about its recalculation, worked out once for all books alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from xltool.ooxml.calc.expression import Node, UnsupportedError, parse_expression
from xltool.ooxml.calc.guards import Check, checks, require_shape
from xltool.ooxml.read.refs import Range
from xltool.ooxml.read.workbook import DefinedName

_BOOKS, _FORMULAS = 16, 1 << 13
"""How many sets of sheet names, and formulas of each, are remembered."""


class Plan(NamedTuple):
    """A formula that can be recalculated: its tree, the ranges it needs, what to look at afterwards."""

    tree: Node
    areas: tuple[tuple[str, Range], ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Names:
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


@lru_cache(maxsize=_BOOKS)
def _by_lower(sheets: tuple[str, ...]) -> dict[str, str]:
    return {name.lower(): name for name in sheets}


@lru_cache(maxsize=_BOOKS)
def planner(names: Names) -> Callable[[str, str], Plan | str]:
    """A function of (formula, its sheet) that gives the plan, or why there is none."""

    @lru_cache(maxsize=_FORMULAS)
    def plan(formula: str, sheet: str) -> Plan | str:
        try:
            tree = parse_expression(formula, sheet, names)
            require_shape(tree)
            areas = dict.fromkeys((n.sheet, n.area) for n in tree.walk() if n.kind == "ref")
            return Plan(tree, tuple(areas), checks(tree))
        except UnsupportedError as error:
            return str(error)
        except RecursionError:
            return "公式过长或过于复杂"

    return plan
