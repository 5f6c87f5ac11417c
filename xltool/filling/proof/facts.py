"""Every value of the document against what is read in the finished workbook, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Set
from decimal import Decimal

from xltool.core.amounts import convert, plain
from xltool.core.model import FieldKey, Report, Row, RowField, Table, Value
from xltool.core.places import ListPlace, instance_name
from xltool.core.problems import Problem
from xltool.filling.repeats import by_key, repeated
from xltool.filling.supply import list_rows
from xltool.filling.totals import Given, agrees, precision
from xltool.mapping.blocks import Codes, ListBlock
from xltool.mapping.model import TableMapping
from xltool.ooxml import Value as CellValue
from xltool.reading import FoundTable, Reading
from xltool.reading.itemlists import lowest_alone

Values = dict[FieldKey, Value]
"""Values by path, by list, row and column, or (fixed codes) by list, code and column."""


def fact_differences(report: Report, before: Reading, after: Reading) -> Iterator[Problem]:
    """Values that are not in their cells, and values that nobody gave."""
    for mapping in after.book.tables:
        tables = report.tables.get(mapping.table, [])
        found_tables = [s for s in after.found_tables if s.mapping.table == mapping.table]
        if len(found_tables) < len(tables) and not all(table.empty for table in tables):
            told = f"要填{len(tables)}张，写好后读到{len(found_tables)}张"
            yield Problem(f"“{mapping.table}”", told, code="not-proved")
            continue
        blank = next(iter(before.report.tables.get(mapping.table, [])), Table())
        lowest = {
            name
            for form in before.found_tables
            if form.mapping.table == mapping.table
            for name in form.located.lists
            if lowest_alone(before, form, name)
        }
        for n, found_table in enumerate(found_tables):
            yield from found_table.located.problems
            table = tables[n] if n < len(tables) else Table()
            held = _Held(report, after, found_table, table, lowest)
            yield from held.faults()
            yield from held.differences(_flat(blank, mapping))


class _Held:
    """One table of the document, held against what was read on one sheet."""

    def __init__(
        self,
        report: Report,
        after: Reading,
        found_table: FoundTable,
        table: Table,
        lowest: Set[str],
    ) -> None:
        self._after, self._found_table = after, found_table
        self._mapping, self._sheet = found_table.mapping, found_table.located.sheet
        self._converted = report.unit != after.report.unit
        self._expected = _flat(_completed(table, self._mapping, lowest), self._mapping)
        for key, value in self._expected.items():
            if isinstance(value, Decimal) and self._mapping.spec.kind(key) == "amount":
                self._expected[key] = convert(value, report.unit, after.report.unit)

    def faults(self) -> Iterator[Problem]:
        """Cells that cannot be read, but for formulas that nobody here can calculate."""
        for fault in self._after.faults:
            if fault.place[:2] != (self._mapping.table, self._found_table.instance):
                continue
            if self._sheet.formula(fault.ref) is None:
                yield fault.problem

    def differences(self, blank: Values) -> Iterator[Problem]:
        """Expected values that are not there, and others that are. `blank`: what the form prints itself."""
        after = self._after.report.tables[self._mapping.table][self._found_table.instance]
        read = _flat(after, self._mapping)
        for key, value in self._expected.items():
            found = read.get(key)
            if found != value and not self._by_formula(key, found, value):
                yield self._problem(key, f"应是 {_shown(value)}，写成了 {_shown(found)}")
        for key, value in read.items():
            if key in self._expected or blank.get(key) == value:
                continue
            ref = self._ref(key)
            if ref is None or self._sheet.formula(ref) is None:
                yield self._problem(key, f"数据里没有，却写了 {_shown(value)}")
        for repeat in self._mapping.repeats:
            at, wanted = repeat.range.anchor, repeated(repeat, self._expected)
            if self._sheet.formula(at) is None and self._sheet.value(at) != wanted:
                told = f"应是 {_shown(wanted)}，写成了 {_shown(self._sheet.value(at))}"
                yield Problem(f"工作表“{self._sheet.name}”{at}", told, code="not-proved")

    def _by_formula(self, key: FieldKey, found: Value | None, value: Value) -> bool:
        """Whether a formula of the form makes the value, at the precision that is meant."""
        ref = self._ref(key)
        if ref is None or self._sheet.formula(ref) is None:
            return False
        if not isinstance(found, Decimal) or not isinstance(value, Decimal):
            return False
        decimals = precision(value, self._mapping.spec.kind(key), converted=self._converted)
        return agrees(found, Given("", value, decimals))

    def _ref(self, key: FieldKey) -> str | None:
        """The cell of a value; None when the sheet has none for it."""
        located = self._found_table.located
        if not isinstance(key, RowField):
            return located.fields.get(tuple(map(str, key)))
        if key.list in located.codes:
            return located.codes[key.list].get(str(key.row))
        if key.list not in located.lists or not isinstance(key.row, int):
            return None
        rows = located.lists[key.list]
        at = ListPlace(self._mapping.table, self._found_table.instance, key.list)
        numbers = self._after.row_numbers.get(at, [])
        if key.row >= len(numbers) or key.column not in rows.columns:
            return None
        return rows.ref(numbers[key.row], key.column)

    def _problem(self, key: FieldKey, message: str) -> Problem:
        ref = self._ref(key) or ""
        words = "·".join(f"第{k + 1}行" if isinstance(k, int) else k for k in key)
        table = instance_name(self._mapping.table, self._found_table.instance)
        return Problem(
            f"工作表“{self._sheet.name}”{ref}（{table}·{words}）", message, code="not-proved"
        )


def _completed(table: Table, mapping: TableMapping, lowest: Set[str]) -> Table:
    """A table with the 类, 款 and names that its lists are filled up with, without empty rows and totals that
    have no place.

    `lowest`: lists that have rows for the lowest codes alone.
    """
    lists: dict[str, list[Row]] = {}
    for block in mapping.blocks:
        if isinstance(block, ListBlock):
            lists[block.name] = list_rows(block, table, "", [], lowest=block.name in lowest)
        elif isinstance(block, Codes):
            lists[block.name] = table.lists.get(block.name, [])
    placed = {path: v for path, v in table.fields.items() if path not in mapping.unplaced}
    return Table(placed, {name: [r for r in rows if r] for name, rows in lists.items()})


def _flat(table: Table, mapping: TableMapping) -> Values:
    """The values of a table by key; names of fixed codes are the form's and no values."""
    return by_key(table, {block.name for block in mapping.blocks if isinstance(block, Codes)})


def _shown(value: CellValue | None) -> str:
    if value is None:
        return "空白"
    return plain(value) if isinstance(value, Decimal) else f"“{value}”"
