"""What reading a workbook gave, as data: the report, where its values stand, what did not match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xltool.core.cellref import CellRef
from xltool.core.model import Report
from xltool.core.places import FieldPlace, Place, RowPlace, TableCopy
from xltool.core.problems import Problem
from xltool.editions import Edition, WorkbookSpec
from xltool.mapping.located import Drift, Located
from xltool.mapping.model import TableMapping
from xltool.mapping.ownsheets import own_sheets
from xltool.ooxml import Value, Workbook
from xltool.reading.found import Fault, FoundTable, RowNumbers, ValueCells
from xltool.reading.leftovers import leftovers
from xltool.reading.placemap import PlaceMap
from xltool.reading.statements import statements

if TYPE_CHECKING:
    from xltool.ooxml.calc.recalc import Recalculation


def in_words(value: Value | None) -> str:
    """What stands in a cell that was not read; a formula may have no stored value."""
    return "公式，没有存储值" if value is None else str(value)


@dataclass(repr=False)
class ReadWorkbook:
    """The report of a workbook and all that is known of how it was read. Users get a `Reading`.

    `faults` are bound cells whose content is not of their kind; `problems` is what could not be located;
    with either, the report is incomplete.
    """

    edition: Edition
    book: WorkbookSpec
    """The workbook of the edition that this one is: the first, where it holds tables of several."""
    workbook: Workbook
    report: Report
    found_tables: list[FoundTable] = field(default_factory=list)
    rests: list[FoundTable] = field(default_factory=list)
    """Parts in which a table of `found_tables` goes on: on another sheet, in the same columns."""
    found: list[ValueCells] = field(default_factory=list)
    """Where the values of the report stand, block by block."""
    row_numbers: RowNumbers = field(default_factory=dict)
    recognised: bool = False
    """Tables were found by their words, all or some: the workbook is no edition's form."""
    alike: list[str] = field(default_factory=list)
    """Installed editions that fit the workbook alike, so that it was read by none of them."""
    absent: str = ""
    """The edition that the workbook says it is of and that is not here; it was read otherwise."""
    faults: list[Fault] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    never_calculated: bool = False
    """Every formula stores 0 though it makes something else: what they make was read."""
    made: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    """What bound formulas make that store no value, or a zero that nobody has calculated."""
    claims: dict[str, dict[str, str]] = field(default_factory=dict)
    """By sheet: cells that are accounted for although no mapping binds them, and why."""
    refused: set[str] = field(default_factory=set)
    """Sheets that were not read, and of which `problems` tell."""

    def claim(self, sheet: str, refs: Iterable[str], reason: str) -> None:
        """Enter cells as accounted for: read by other means than a mapping, or told of."""
        self.claims.setdefault(sheet, {}).update(dict.fromkeys(refs, reason))

    def value(self, sheet: str, ref: str) -> Value:
        """What a cell shows: its value, or what its formula makes where none is stored."""
        made = self.made.get((sheet, ref))
        return self.workbook.sheet(sheet).value(ref) if made is None else made

    @cached_property
    def recalculation(self) -> Recalculation:
        """What the formulas of the workbook make, whatever they store; not those of sheets that xltool added."""
        from xltool.ooxml.calc.recalc import recalculate

        own = own_sheets(self.workbook)
        return recalculate({s.name: s for s in self.workbook.sheets if s.name not in own})

    @cached_property
    def statements(self) -> Mapping[tuple[str, int], str]:
        """Of each table that carries a 故本表无数据 line: where it stands. Made once reading is over."""
        return statements(self.report, self.found_tables)

    @cached_property
    def places(self) -> Mapping[Place, CellRef]:
        """Where each value of the report stands: sheet name and address. Made once reading is over."""
        places: dict[Place, CellRef] = {}
        for table, instance, sheet, fields, name, rows, start in self.found:
            for path, ref in fields.items():
                places[FieldPlace(table, instance, path)] = CellRef(sheet, ref)
            for number, row in enumerate(rows, start):
                for column, ref in row.items():
                    places[RowPlace(table, instance, name, number, column)] = CellRef(sheet, ref)
        return places

    @cached_property
    def map(self) -> PlaceMap:
        """Places and cells, both ways, blank ones too. Made once reading is over."""
        return PlaceMap(self.report, self.found_tables, self.places, self.row_numbers)

    @property
    def books(self) -> tuple[WorkbookSpec, ...]:
        """The workbooks of the edition whose tables this one holds."""
        seen = {found_table.mapping.table for found_table in self.found_tables}
        others = (b for b in self.edition.workbooks if b.name != self.book.name)
        return (self.book, *(b for b in others if any(m.table in seen for m in b.tables)))

    @property
    def tables(self) -> tuple[TableMapping, ...]:
        """The tables that belong into the workbook, optional ones too."""
        return tuple(mapping for book in self.books for mapping in book.tables)

    @property
    def file(self) -> str:
        """The workbook's file name, for messages."""
        return self.workbook.title

    @property
    def table_on(self) -> dict[str, str]:
        """The table that each sheet holds, by the sheet's name; of several the last."""
        return {found.located.sheet.name: found.mapping.table for found in self.parts}

    @property
    def parts(self) -> list[FoundTable]:
        """The tables that were found, and the parts in which they go on."""
        return [*self.found_tables, *self.rests]

    def rests_of(self, copy: TableCopy) -> list[FoundTable]:
        """The parts in which a table goes on."""
        return [rest for rest in self.rests if rest.copy == copy]

    @property
    def drift(self) -> Iterator[tuple[str, Drift]]:
        """Every difference from the edition's form that reading could follow, with its sheet."""
        for found_table in self.found_tables:
            sheet = found_table.located.sheet.name
            for drift in found_table.located.drift:
                yield sheet, drift

    @property
    def unmatched(self) -> Iterator[tuple[str, str, Value]]:
        """Filled cells that are no field, no text of the form, and that nothing has claimed: sheet, address, value."""
        known: dict[str, list[Located]] = {}
        for found_table in self.parts:
            known.setdefault(found_table.located.sheet.name, []).append(found_table.located)
        own = own_sheets(self.workbook)
        for sheet in self.workbook.sheets:
            if sheet.name in own:
                continue
            first, *others = (
                map(leftovers, known[sheet.name]) if sheet.name in known else [sheet.items()]
            )
            # of several tables on a sheet, each passes over what the others hold
            left = [{ref for ref, _ in cells} for cells in others]
            for ref, value in first:
                claimed = ref in self.claims.get(sheet.name, ())
                if not claimed and all(ref in refs for refs in left):
                    yield sheet.name, ref, value
