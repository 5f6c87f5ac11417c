"""The values of one table instance, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.core.codes import join_code, pieces_of
from xltool.core.model import CODE, NAME, NUMERIC, FieldSpec, Kind, Path, Row, Table
from xltool.core.namedcodes import codes_of
from xltool.core.places import FieldPlace, ListPlace, Place, RowPlace
from xltool.core.texts import half_width, norm, visible
from xltool.documents.values import code_fault
from xltool.mapping.blocks import Codes, Column, Form, ListBlock
from xltool.mapping.formtexts import form_texts, is_form_text
from xltool.mapping.headlines import match_line
from xltool.mapping.located import ColumnSpan, LocatedList
from xltool.ooxml import column_letter
from xltool.reading.cellvalues import CellFault, Content, date_fault, read_value
from xltool.reading.errorvalues import advice
from xltool.reading.found import Fault, FoundTable, ValueCells
from xltool.reading.model import Reading
from xltool.reading.recalculated import Recalculated

_NAMED = re.compile(r"[\[【〔（(]?([0-9０-９]+)[]】〕）)]?[\s.、:：_－—-]*(.*)", re.DOTALL)


class _ReadRow(NamedTuple):
    """A filled row: its number in the sheet, the values, and the address of each."""

    number: int
    values: Row
    refs: dict[str, str]


class _ReadColumn(NamedTuple):
    """A column of a list as its rows are read: its letters, and those of all columns that a code in `pieces` takes;
    `wide` where more than the cell there has to be seen."""

    column: Column
    name: str
    kind: Kind
    letters: str
    wide: bool
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, column: Column, spot: ColumnSpan) -> _ReadColumn:
        """A located column; codes with their names and groups are wide."""
        letters = tuple(map(column_letter, spot.columns))
        split = column.kind == "code" and column.code != "named" and len(letters) > 1
        wide = column.group or column.code == "named"
        return cls(column, column.name, column.kind, letters[0], wide, letters if split else ())


class TableReader:
    """Reads one table instance and notes in `reading` where each value stands.

    `recalculated`: values of formula cells that store none. `begun`: what was read of it on the sheets before this.
    """

    def __init__(
        self,
        reading: Reading,
        found_table: FoundTable,
        recalculated: Recalculated,
        begun: Table | None = None,
    ) -> None:
        self.reading, self.table, self.begun = reading, begun or Table(), begun is not None
        self.located, self.sheet = found_table.located, found_table.located.sheet
        self.name, self.instance = found_table.mapping.table, found_table.instance
        self.mapping, self.spec = found_table.mapping, found_table.mapping.spec
        self.stored, self.value = self.sheet.lookup(), recalculated.lookup(self.sheet)
        self.unit = found_table.unit or reading.report.unit or None
        self.dates = self.sheet.workbook.may_show_dates

    def read(self) -> Table:
        """Every block of the table."""
        for block in self.mapping.blocks:
            match block:
                case Form():
                    self._fields(block.fields)
                case ListBlock() if block.name in self.located.lists:
                    self._rows(self.located.lists[block.name])
                    self._fields(block.fields)
                case Codes() if block.name in self.located.codes:
                    self._codes(block)
        return self.table

    def _value(self, ref: str, kind: Kind, place: Place) -> Decimal | str | None:
        """One cell by its kind; a fault is noted and read as blank."""
        raw = self.value(ref)
        if raw is None:
            return None
        try:
            return read_value(self.sheet, ref, raw, kind, self.unit)
        except CellFault as fault:
            self._refuse(place, ref, raw, fault)
            return None

    def _refuse(self, place: Place, ref: str, raw: Content, fault: CellFault) -> None:
        """Note why the content of a cell is not of its kind."""
        hint = fault.hint or advice(self.sheet, ref, raw) or "改成数字或清空"
        self._fault(place, ref, str(fault), hint)

    def _is_date(self, ref: str, kind: Kind, place: Place) -> bool:
        """Whether a figure is a date for whoever looks at the cell; then a fault is noted."""
        message = date_fault(self.sheet, ref) if self.dates and kind in NUMERIC else None
        if message is not None:
            self._fault(place, ref, message, "改成数值格式，核对这个数是不是要填的金额")
        return message is not None

    def _fault(self, place: Place, ref: str, message: str, hint: str = "") -> None:
        self.reading.faults.append(Fault(place, self.sheet.name, ref, message, hint))

    def _fields(self, fields: Iterable[FieldSpec]) -> None:
        known, values, value_of = self.located.fields, self.table.fields, self.value
        found: dict[Path, str] = {}
        for path, _, _, kind in fields:
            ref = known.get(path)
            if ref is None or (raw := value_of(ref)) is None:
                continue
            try:
                value = read_value(self.sheet, ref, raw, kind, self.unit)
            except CellFault as fault:
                self._refuse(FieldPlace(self.name, self.instance, path), ref, raw, fault)
                continue
            if value is None:
                continue
            if self.dates and self._is_date(ref, kind, FieldPlace(self.name, self.instance, path)):
                continue
            values[path] = value
            found[path] = ref
        self.reading.found.append(ValueCells(self.name, self.instance, self.sheet.name, found))

    def _rows(self, found: LocatedList) -> None:
        name = found.block.name
        rows = self.table.lists.setdefault(name, [])
        start, known = len(rows), self.reading.row_numbers
        at = ListPlace(self.name, self.instance, name)
        numbers = [] if self.begun else known.setdefault(at, [])
        refs_of: list[dict[str, str]] = []
        for number, row, refs in self._filled(found, rows):
            for column in [] if not self.dates else found.block.columns:
                place = RowPlace(*at, len(rows), column.name)
                if column.name in row and self._is_date(refs[column.name], column.kind, place):
                    del row[column.name], refs[column.name]
            self._check_code(found, number, row, at, len(rows))
            refs_of.append(refs)
            rows.append(row)
            numbers.append(number)
        where = ValueCells(self.name, self.instance, self.sheet.name, {}, name, refs_of, start)
        self.reading.found.append(where)

    def _filled(self, found: LocatedList, rows: Sequence[Row]) -> Iterator[_ReadRow]:
        """The filled rows of a list, cell by cell. `rows`: those that were taken so far."""
        at, noted = ListPlace(self.name, self.instance, found.block.name), self.reading.faults
        value_of, sheet, unit = self.value, self.sheet, self.unit
        above = pieces_of(str(rows[-1].get(CODE, ""))) if rows else []
        columns = [_ReadColumn.of(c, found.columns[c.name]) for c in found.block.columns]
        every = [column.letters for column in columns]
        told = self._codes_told_by_names(found)
        for number in found.rows:
            if self._repeats_head(found, number, every):
                continue
            row: Row = {}
            refs: dict[str, str] = {}
            faults, own = len(noted), False
            for column, title, kind, letters, wide, pieces in columns:
                ref, here = f"{letters}{number}", True
                value: Decimal | str | None = None
                if title == CODE and number in told:
                    value = told[number]
                elif pieces:
                    place = RowPlace(*at, len(rows), title)
                    value = self._split_code([f"{each}{number}" for each in pieces], place, above)
                elif wide:
                    place = RowPlace(*at, len(rows), title)
                    value, ref, here = self._wide_value(column, ref, number, place)
                elif (raw := value_of(ref)) is not None:
                    try:
                        value = read_value(sheet, ref, raw, kind, unit)
                    except CellFault as fault:
                        self._refuse(RowPlace(*at, len(rows), title), ref, raw, fault)
                if value is not None:
                    row[title], refs[title] = value, ref
                    own = own or here
            # a value that only reaches down into the row from a merged cell fills no row
            if own or len(noted) > faults:
                yield _ReadRow(number, row, refs)

    def _repeats_head(self, found: LocatedList, row: int, letters: Sequence[str]) -> bool:
        """Whether a row in the midst of a list repeats the title, a line or the heads above it, as a new page does."""
        first = self.stored(f"{letters[0]}{row}")
        if not isinstance(first, str) or first.strip()[:1].isdigit() or found.block.codes is None:
            return False
        total = found.block.total
        if total is not None and norm(first) in map(norm, total.label.texts):
            return False
        texts = [text for each in letters if (text := self.stored(f"{each}{row}")) is not None]
        printed, lines = form_texts(self.mapping), self.mapping.lines
        return all(
            isinstance(text, str)
            and (is_form_text(text, printed) or any(match_line(x.pattern, text) for x in lines))
            for text in texts
        )

    def _check_code(
        self, found: LocatedList, number: int, row: Row, at: ListPlace, place: int
    ) -> None:
        if found.block.codes is None:
            return
        code = row.get(CODE)
        fault = "没有科目编码" if code is None else code_fault(str(code), found.block.codes)
        if code is None and found.block.by_name[CODE].code == "unprinted":
            fault = "只印名称，看不出是哪个科目：科目表里没有这个名称，或者有几个"
        if fault:
            self._fault(RowPlace(*at, place, CODE), found.ref(number, CODE), fault)

    def _wide_value(
        self, column: Column, ref: str, row: int, place: Place
    ) -> tuple[Decimal | str | None, str, bool]:
        """The value of a column, its cell, and whether that cell stands in the row itself."""
        if column.code == "named":
            return self._half(ref, column.kind, place), ref, True
        here = True
        if column.group and (merge := self.sheet.merge_of(ref)):
            ref, here = merge.anchor, merge.top == row
        return self._value(ref, column.kind, place), ref, here

    def _codes_told_by_names(self, found: LocatedList) -> dict[int, str | None]:
        """The codes of the rows of a list that prints their names alone."""
        codes = found.block.codes
        if codes is None or found.block.by_name[CODE].code != "unprinted":
            return {}
        letters = column_letter(found.columns[CODE].left)
        names = [str(self.stored(f"{letters}{row}") or "") for row in found.rows]
        return dict(zip(found.rows, codes_of(names, codes), strict=True))

    def _half(self, ref: str, kind: Kind, place: Place) -> Decimal | str | None:
        """The code or the name in a cell that holds both."""
        text = self._value(ref, "name", place)
        return None if text is None else split_named(str(text))[kind == "name"]

    def _split_code(self, refs: Sequence[str], place: Place, above: list[str]) -> str | None:
        """A code in one of its cells, or in pieces: 类 | 款 | 项. `above`: the pieces of the row before."""
        pieces = [str(self._value(ref, "code", place) or "") for ref in refs]
        code = join_code(pieces, above)
        if code is not None:
            above[:] = pieces_of(code)
        return code

    def _codes(self, block: Codes) -> None:
        rows = self.table.lists.setdefault(block.name, [])
        kinds = self.spec.lists[block.name].columns
        amount = next(name for name in kinds if name not in (CODE, NAME))
        found: list[dict[str, str]] = []
        for code, ref in self.located.codes[block.name].items():
            if self.value(ref) is None:
                continue
            place = RowPlace(self.name, self.instance, block.name, len(rows), amount)
            faults = len(self.reading.faults)
            value = self._value(ref, kinds[amount], place)
            if value is not None and self._is_date(ref, kinds[amount], place):
                value = None
            if value is None and len(self.reading.faults) == faults:
                continue
            name = block.codes.name(code)
            row: Row = {CODE: code, **({NAME: name} if name else {})}
            if value is not None:
                row[amount] = value
            found.append({amount: ref} if value is not None else {})
            # an unreadable figure has its row too: the fault names it by the row's place
            rows.append(row)
        where = ValueCells(self.name, self.instance, self.sheet.name, {}, block.name, found)
        self.reading.found.append(where)


def split_named(text: str) -> tuple[str | None, str | None]:
    """A 科目编码 and its name, out of a text that has the one before the other."""
    found = _NAMED.fullmatch(visible(text).strip())
    if found is None:
        return None, text
    return half_width(found[1]), found[2] or None
