"""The cells of a workbook that print another figure than they store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xltool.core.model import NUMERIC, Kind
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.core.problems import Problem
from xltool.reading.found import ValueCells
from xltool.reading.printedfigures import figure_of_text
from xltool.reading.printing import Misprint, doubtful, harmless, misprint
from xltool.reading.readworkbook import ReadWorkbook


def misprints(reading: ReadWorkbook) -> Iterator[Misprint]:
    """Every cell with a number whose print is another figure, or none."""
    units = {
        (s.mapping.table, s.instance): s.unit or reading.report.unit for s in reading.found_tables
    }
    formats = reading.workbook.formats
    # as nearly always: whatever the cells hold, these formats print it
    plain = formats is not None and all(
        harmless(known.number_format) and not known.unseen for known in formats
    )
    sheets = {sheet.name: (sheet, doubtful(sheet, plain)) for sheet in reading.workbook.sheets}
    for found in reading.found:
        sheet, is_doubtful = sheets[found.sheet]
        for place, ref, kind in number_cells(reading, found, is_doubtful):
            value = reading.value(sheet.name, ref)
            if isinstance(value, Decimal):
                unit = units[found.table, found.instance]
                if (seen := misprint(sheet, ref, value, kind, unit)) is not None:
                    yield Misprint(place, found.sheet, ref, value, *seen)
    if formats is not None and any(figure_of_text("", known.number_format) for known in formats):
        yield from _of_blanks(reading)


def _of_blanks(reading: ReadWorkbook) -> Iterator[Misprint]:
    """Cells without a figure, as a formula that makes a blank, whose format prints one all the same."""
    for found_table in reading.found_tables:
        sheet = found_table.located.sheet
        for ref in (*sheet.refs(), *sheet.formulas()):
            code, value = sheet.number_format(ref), reading.value(sheet.name, ref)
            if isinstance(value, str) and (seen := figure_of_text(value, code)):
                place = FieldPlace(found_table.mapping.table, found_table.instance, ())
                yield Misprint(place, sheet.name, ref, None, seen, "format", f"数字格式是 {code}")


def number_cells(
    reading: ReadWorkbook, found: ValueCells, wanted: Callable[[str], bool]
) -> Iterator[tuple[Place, str, Kind]]:
    """The filled cells of a block that hold numbers by their kind and are wanted, by their address: few are."""
    spec = reading.edition.specs[found.table]
    for path, ref in found.fields.items():
        kind = spec.fields[path].kind
        if kind in NUMERIC and wanted(ref):
            yield FieldPlace(found.table, found.instance, path), ref, kind
    columns = spec.lists[found.list].columns if found.list else {}
    kinds = {column: kind for column, kind in columns.items() if kind in NUMERIC}
    for number, row in enumerate(found.rows, found.start):
        for column, ref in row.items():
            if column in kinds and wanted(ref):
                place = RowPlace(found.table, found.instance, found.list, number, column)
                yield place, ref, kinds[column]


@dataclass(repr=False)
class PrintedBook(ReadWorkbook):
    """What was read, and how it is printed."""

    @cached_property
    def misprints(self) -> Sequence[Misprint]:
        """Cells that print another figure than they store. Made once reading is over."""
        return list(misprints(self))


def misprint_problems(reading: PrintedBook) -> Iterator[Problem]:
    """What to say of a workbook whose cells print other figures: one for each sheet and reason."""
    groups: dict[tuple[str, str], list[Misprint]] = {}
    for found in reading.misprints:
        groups.setdefault((found.sheet, found.why), []).append(found)
    for (sheet, why), group in groups.items():
        first, more = group[0], f" 等{len(group)}格" if len(group) > 1 else ""
        message = f"{first.words}{more}（{why}），不知道哪个是要报的数"
        yield Problem(
            f"工作表“{sheet}”{first.ref}", message, "改正数字格式或所存的数", code="bad-cell"
        )
