"""Where the fields of a table stand: for people who go on with openpyxl, pandas or Excel itself."""

from __future__ import annotations

from xltool.core.cellref import CellRef
from xltool.core.model import CODE, FieldKey, RowField
from xltool.core.places import ListPlace, RowPlace
from xltool.core.problems import InputError, Problem
from xltool.core.texts import did_you_mean
from xltool.editions.cells import amount_column, cell_of, single_cells
from xltool.reading.readworkbook import ReadWorkbook


def table_cells(reading: ReadWorkbook, table: str, instance: int = 0) -> dict[FieldKey, CellRef]:
    """Field -> cell of one table of a workbook that was read, wherever rows and columns have gone.

    Keys are those by which a report gives the values: `("收入", "总计")`, and for the filled rows of lists
    `("明细", 0, "基本支出")`. Raises `InputError` when the workbook does not have the table.
    """
    for found_table in reading.found_tables:
        if (found_table.mapping.table, found_table.instance) == (table, instance):
            break
    else:
        known = dict.fromkeys(s.mapping.table for s in reading.found_tables)
        raise InputError(
            Problem(
                reading.file, f"没有“{table}”", did_you_mean(table, known), code="missing-table"
            )
        )
    located = found_table.located
    cells = single_cells(located)
    for rest in reading.rests_of(found_table.copy):
        cells |= single_cells(rest.located)
    for name, rows in located.lists.items():
        numbers = reading.row_numbers.get(ListPlace(table, instance, name), [])
        for position, number in enumerate(numbers):
            for column in rows.columns:
                cells[RowField(name, position, column)] = cell_of(located, rows.ref(number, column))
        filled = reading.report.tables[table][instance].lists.get(name, ())
        for position in range(len(numbers), len(filled)):  # on the sheets where the table goes on
            for column in rows.columns:
                cell = reading.map.cell(RowPlace(table, instance, name, position, column))
                if cell is not None:
                    cells[RowField(name, position, column)] = cell
    for name, refs in located.codes.items():
        for position, row in enumerate(reading.report.tables[table][instance].lists[name]):
            amount = amount_column(found_table.mapping, name)
            cells[RowField(name, position, amount)] = cell_of(located, refs[str(row[CODE])])
    return cells
