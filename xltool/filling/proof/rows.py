"""Which sheet and row of the blank form each of the finished workbook comes from: lists may have grown or shrunk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xltool.filling.rowplan import RowMoves
from xltool.mapping.ownsheets import own_sheets
from xltool.ooxml import Range, Sheet
from xltool.ooxml.edit.rowedit import RowEdit, follow
from xltool.ooxml.read.rewriting import rename_sheet
from xltool.reading import FoundTable, Reading


@dataclass(eq=False)
class Pair:
    """A sheet of the blank form and the one that was made of it. `copy`: it is a further one of its table.

    `moves`: how its lists were made longer or shorter. A wrong one shows: the labels are then elsewhere.
    """

    blank: Sheet
    finished: Sheet
    before: Sequence[FoundTable]
    after: Sequence[FoundTable]
    moves: RowMoves
    copy: bool = False

    def merges(self) -> set[Range]:
        """The merged ranges that the finished sheet must have, those of lists' groups apart."""
        areas = list(self.blank.merges)
        for edit in self.moves.edits:
            areas = [new for old in areas for new in _moved_merge(old, edit)]
        return set(areas)


def _moved_merge(area: Range, edit: RowEdit) -> Iterator[Range]:
    new = edit.area(area, grow=area.top < area.bottom)
    if new is not None and (new == area or not new.is_cell):
        yield new
        if area.top == area.bottom == edit.last:
            yield from (area._replace(top=row, bottom=row) for row in edit.new_rows)


class Pairs:
    """The sheets of a finished workbook with those of its blank form; `missing` and `extra` are alone."""

    def __init__(self, before: Reading, after: Reading, moves: Mapping[str, RowMoves]) -> None:
        blanks: dict[str, list[str]] = {}
        for found_table in before.found_tables:
            blanks.setdefault(found_table.mapping.table, []).append(found_table.located.sheet.name)
        own = own_sheets(before.workbook) | own_sheets(after.workbook)
        olds = {s.name: s for s in before.workbook.sheets if s.name not in own}
        self.found: list[Pair] = []
        self.extra: list[str] = []
        for sheet in after.workbook.sheets:
            if sheet.name in own:
                continue
            found_tables = [s for s in after.found_tables if s.located.sheet.name == sheet.name]
            source = sheet.name
            if source not in olds and found_tables:
                # a form may have several sheets of a table; further ones are copies of the last
                mapping, n = found_tables[0].mapping, found_tables[0].instance
                same = blanks.get(mapping.table, [""])
                source = same[min(n, len(same) - 1)]
            if source not in olds:
                self.extra.append(sheet.name)
                continue
            tables = [s for s in before.found_tables if s.located.sheet.name == source]
            copy = any(pair.blank.name == source for pair in self.found)
            made = moves.get(sheet.name, RowMoves())
            self.found.append(Pair(olds[source], sheet, tables, found_tables, made, copy))
        self.missing = sorted(olds.keys() - {pair.blank.name for pair in self.found})

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Sheets that have another name now."""
        names = {p.blank.name: p.finished.name for p in self.found if not p.copy}
        return {old: new for old, new in names.items() if old != new}

    def formula(self, formula: str, pair: Pair, row: int) -> str:
        """A formula of the blank form, in a cell of `row`, as it must read in the finished sheet."""
        for other in self.found:
            mentioned = not other.copy and other.blank is not pair.blank and "!" in formula
            if other is pair or mentioned:
                for edit in other.moves.edits:
                    formula = follow(formula, edit, pair.blank.name, row=row)
        if pair.copy:
            formula = rename_sheet(formula, pair.blank.name, pair.finished.name)
        for old, new in self.renamed.items():
            formula = rename_sheet(formula, old, new)
        return formula
