"""What the text of a formula alone tells about its recalculation, worked out once for all books alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .engine import aliases
from .expression import Node, UnsupportedError, parse_expression
from .guards import Check, checks, probes, require_shape
from .refs import Range
from .workbook import DefinedName

_BOOKS, _FORMULAS = 16, 1 << 13
"""How many sets of sheet names, and formulas of each, are remembered."""


class Plan(NamedTuple):
    """A formula that can be recalculated: its tree, the ranges it needs, what to look at afterwards.

    `text` and `probes` name every cell as the engine does.
    """

    tree: Node
    areas: tuple[tuple[str, Range], ...]
    checks: tuple[Check, ...]
    probes: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.tree.text


@dataclass(frozen=True)
class Names:
    """The names that formulas of a workbook may use: the Scope in which they are read."""

    sheets: tuple[str, ...]
    defined: tuple[DefinedName, ...]

    def sheet(self, name: str) -> tuple[str, str] | None:
        """(name as the workbook writes it, name for the engine) of a sheet, if it exists."""
        known = aliases(self.sheets).get(name.lower())
        own = next((own for own in self.sheets if own.lower() == name.lower()), None)
        return (own, known) if own and known else None

    def name(self, name: str, sheet: str) -> str | None:
        """The text that a defined name stands for when used on `sheet`, if it exists."""
        same = [found for found in self.defined if found.name.lower() == name.lower()]
        local = [found.text for found in same if found.sheet == sheet]
        overall = [found.text for found in same if found.sheet is None]
        return next(iter(local + overall), None)


@lru_cache(maxsize=_BOOKS)
def planner(names: Names) -> Callable[[str, str], Plan | str]:
    """A function of (formula, its sheet) that gives the plan, or why there is none."""

    @lru_cache(maxsize=_FORMULAS)
    def plan(formula: str, sheet: str) -> Plan | str:
        try:
            tree = parse_expression(formula, sheet, names)
            require_shape(tree)
        except UnsupportedError as error:
            return str(error)
        areas = tuple((node.sheet, node.area) for node in tree.walk() if node.kind == "ref")
        found = checks(tree)
        return Plan(tree, areas, found, tuple(probes(found)))

    return plan
