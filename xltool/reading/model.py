"""What reading a workbook gives to those who ask for it: the data, and what can be made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xltool.core.cellref import CellRef
from xltool.core.hints import Hint
from xltool.core.model import FieldKey
from xltool.core.problems import Problem
from xltool.reading.misprints import PrintedBook

if TYPE_CHECKING:
    import pandas


@dataclass(repr=False)
class Reading(PrintedBook):
    """What reading a workbook gave, with ways to look at it."""

    def __repr__(self) -> str:
        return f"<Reading {self.file} {self.report!r} {len(self.places)} 个值>"

    def _repr_html_(self) -> str:
        """For notebooks: the heads and how many values of which tables were read."""
        from xltool.reading.frame import overview

        return overview(self)

    def to_frame(self) -> pandas.DataFrame:
        """Every filled value as a row of a DataFrame; the columns are those of `xltool.frame`. Needs pandas."""
        from xltool.reading.frame import to_frame

        return to_frame(self)

    @property
    def without_edition(self) -> Iterator[Problem]:
        """That the edition which the workbook says it is of is not here, and what to do."""
        if self.absent:
            as_ = "表里的用语" if self.report.form else f"版本 {self.edition.id} "
            told = f"写着版本“{self.absent}”，这台电脑上没有，照{as_}读的"
            hint = Hint("向发表样的人要来，xltool editions add 文件夹", "向发表样的人要来，先装上")
            yield Problem(self.file, told, hint, code="unknown-edition")

    def cells(self, table: str, instance: int = 0) -> dict[FieldKey, CellRef]:
        """Where the fields of a table stand in this workbook, blank ones too. See `table_cells`."""
        from xltool.reading.cells import table_cells

        return table_cells(self, table, instance)
