"""What was found in a workbook, table by table: where values stand, and cells that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xltool.core.amounts import UNITS
from xltool.core.model import Path
from xltool.core.places import ListPlace, Place, TableCopy
from xltool.core.problems import Problem
from xltool.mapping.located import Located
from xltool.mapping.model import TableMapping

UNIT_HEAD = "金额单位"

RowNumbers = dict[ListPlace, list[int]]
"""Of each list: the sheet rows of its filled rows, in order."""


class ValueCells(NamedTuple):
    """Where values of one table instance stand: those of single cells, or of a list's filled rows."""

    table: str
    instance: int
    sheet: str
    fields: Mapping[Path, str]
    list: str = ""
    rows: Sequence[Mapping[str, str]] = ()
    """For each row of `list`, in order: column -> address."""
    start: int = 0
    """How many rows of `list` stand before these: on the sheet that it begins on."""


class Fault(NamedTuple):
    """A bound cell whose content is not of its kind, or cannot be known; it was read as blank."""

    place: Place
    sheet: str
    ref: str
    message: str
    hint: str = ""

    @property
    def problem(self) -> Problem:
        """The fault for people."""
        what = self.place.label
        return Problem(
            f"工作表“{self.sheet}”{self.ref}（{what}）", self.message, self.hint, code="bad-cell"
        )


class UnitFault(NamedTuple):
    """A money unit on a sheet that its figures cannot be read in."""

    table: str
    sheet: str
    ref: str
    message: str
    hint: str

    @property
    def problem(self) -> Problem:
        """The fault for people."""
        return Problem(
            f"工作表“{self.sheet}”{self.ref}（{self.table}）",
            self.message,
            self.hint,
            code="odd-unit",
            table=self.table,
        )


@dataclass(slots=True)
class FoundTable:
    """One instance of a table in a workbook: where it stands and the heads printed on its sheet."""

    mapping: TableMapping
    instance: int
    located: Located
    heads: dict[str, str]
    unit_fault: UnitFault | None = None

    @property
    def copy(self) -> TableCopy:
        """Which table it is, and which copy of it."""
        return TableCopy(self.mapping.table, self.instance)

    @property
    def unit(self) -> str | None:
        """The money unit of the sheet: printed on it, or fixed by the form. None: unknown."""
        if self.odd_unit:
            return None
        return self.heads.get(UNIT_HEAD) or self.mapping.unit

    @property
    def odd_unit(self) -> str:
        """The words that stand for a money unit and are none that is known."""
        words = self.heads.get(UNIT_HEAD, "")
        return "" if words in UNITS else words
