"""Where the fields of a table stand in an edition's blank form."""

from __future__ import annotations

from pathlib import Path

from xltool.core.cellref import CellRef
from xltool.core.model import CODE, NAME, FieldKey, RowField
from xltool.core.problems import InputError, Problem
from xltool.mapping.locate import locate
from xltool.mapping.located import Located
from xltool.mapping.model import TableMapping
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.mapping.titles import Titles
from xltool.ooxml import open_workbook


def form_cells(
    template: Path, mapping: TableMapping, words: Vocabulary | None
) -> dict[FieldKey, CellRef]:
    """Field -> cell of one table of a blank form.

    Keys are those by which a report gives the values: `("收入", "总计")`; for the blank rows of lists
    `("明细", 0, "基本支出")`, for fixed rows of codes `("明细", "30101", "金额")`.
    `words`: the vocabulary, where the edition's tables are found by their words.
    """
    located = _located(template, mapping, words)
    cells = single_cells(located)
    for name, rows in located.lists.items():
        for position, number in enumerate(rows.rows):
            for column in rows.columns:
                cells[RowField(name, position, column)] = cell_of(located, rows.ref(number, column))
    for name, refs in located.codes.items():
        for code, ref in refs.items():
            cells[RowField(name, code, amount_column(mapping, name))] = cell_of(located, ref)
    return cells


def _located(template: Path, mapping: TableMapping, words: Vocabulary | None) -> Located:
    """Where a table stands in its blank form. Raises `InputError` where it is not found."""
    workbook = open_workbook(template)
    if words is not None:
        from xltool.mapping.recognition.workbook import recognise  # for few editions

        found = recognise(workbook, words=words).tables
        places = [table.located() for table in found if table.mapping.table == mapping.table]
    else:
        places = [locate(mapping, sheet) for sheet, _ in Titles(workbook).find(mapping)[:1]]
    if not places:
        told = f"表样里没有“{mapping.table}”"
        raise InputError(Problem(str(template), told, code="missing-table"))
    return places[0]


def single_cells(located: Located) -> dict[FieldKey, CellRef]:
    """The fields that are no rows of a list."""
    return {path: cell_of(located, ref) for path, ref in located.fields.items()}


def cell_of(located: Located, ref: str) -> CellRef:
    """A cell of the sheet of a table."""
    return CellRef(located.sheet.name, ref)


def amount_column(mapping: TableMapping, name: str) -> str:
    """The only column of a fixed list of codes that is not printed."""
    return next(column for column in mapping.spec.lists[name].columns if column not in (CODE, NAME))
