"""The calculation engine, fed with the cells and formulas of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from .guards import Plain
from .refs import split_ref
from .values import CellError, Value

_KINDS = {
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
_CODES = {code: kind for kind, code in _KINDS.items()}
_PARTS = "Parts"

Columns: TypeAlias = dict[int, dict[int, str]]
"""Formulas by column and row."""


class CalculationError(Exception):
    """The engine could not calculate, or gave what is no value of a cell."""


@lru_cache(maxsize=16)
def aliases(sheets: tuple[str, ...]) -> dict[str, str]:
    """The engine's names of the sheets by their own in lower case."""
    return {name.lower(): f"Book_{number}" for number, name in enumerate(sheets)}


class Engine:
    """A workbook in the engine. Its sheets have plain names of its own; see `aliases`.

    Formulas come without "=" and with every reference qualified by an alias.
    """

    def __init__(self, sheets: tuple[str, ...]) -> None:
        import formualizer

        self._native: Any = formualizer.Workbook()
        self._literal: Any = formualizer.LiteralValue
        self._native.set_temporal_egress("serial")
        self._aliases = aliases(sheets)
        for name in (*self._aliases.values(), _PARTS):
            self._native.add_sheet(name)
        self._formulas: dict[str, Columns] = {}
        self._parts: dict[str, int] = {}

    def put(self, sheet: str, ref: str, value: Value) -> None:
        """Put a constant into a cell."""
        row, column = split_ref(ref)
        self._native.set_value(self._aliases[sheet.lower()], row, column, self._given(value))

    def _given(self, value: Value) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, str):
            return self._literal.text(value)
        if isinstance(value, CellError):
            return self._literal.error(_CODES[value.code], None)
        return value

    def put_formula(self, sheet: str, ref: str, formula: str) -> None:
        """Put a formula into a cell."""
        row, column = split_ref(ref)
        columns = self._formulas.setdefault(self._aliases[sheet.lower()], {})
        columns.setdefault(column, {})[row] = formula

    def put_part(self, formula: str) -> None:
        """Have part of a formula calculated on its own."""
        if formula not in self._parts:
            self._parts[formula] = len(self._parts) + 1

    def calculate(self) -> None:
        """Calculate everything. Raises CalculationError."""
        parts: Columns = {1: {row: formula for formula, row in self._parts.items()}}
        try:
            for alias, columns in {**self._formulas, _PARTS: parts}.items():
                for column, formulas in columns.items():
                    for first, run in _runs(formulas):
                        self._native.set_formulas_batch(alias, first, column, run)
            self._native.evaluate_all()
        except Exception as error:
            # The engine's exceptions have no common base but Exception.
            raise CalculationError(str(error)) from error

    def value(self, sheet: str, ref: str) -> Plain:
        """The value of a formula cell. Raises CalculationError for what no cell can hold."""
        row, column = split_ref(ref)
        return _plain(self._native.get_value(self._aliases[sheet.lower()], row, column))

    def part(self, formula: str) -> Plain:
        """The value of a part put in before. Raises CalculationError."""
        return _plain(self._native.get_value(_PARTS, self._parts[formula], 1))


def _runs(formulas: Mapping[int, str]) -> Iterator[tuple[int, list[list[str]]]]:
    """(first row, formulas one below the other) of each unbroken run in a column."""
    run: list[list[str]] = []
    first = 0
    for row in sorted(formulas):
        if run and row != first + len(run):
            yield first, run
            run = []
        if not run:
            first = row
        run.append([f"={formulas[row]}"])
    if run:
        yield first, run


def _plain(value: Any) -> Plain:
    if isinstance(value, (str, bool, float)):
        return value
    if isinstance(value, int):
        return float(value)
    code = _KINDS.get(value.get("kind", "")) if isinstance(value, dict) else None
    if code is None:
        raise CalculationError(f"no value of a cell: {value!r}")
    return CellError(code)


def holds(value: Value) -> bool:
    """False for an error value that the engine does not know."""
    return not isinstance(value, CellError) or value.code in _CODES
