"""What every check works on: the reading of one workbook, its rules, and words for places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xltool.checks.fieldwords import Neighbour, neighbours
from xltool.checks.findings import Finding
from xltool.checks.numbercodes import NumberCodes, number_codes
from xltool.checks.unreadrests import unread_rests, without_rest
from xltool.core.amounts import UNITS, money
from xltool.core.cellref import CellRef
from xltool.core.model import CODE, Kind, Report, Row, Value, titled
from xltool.core.places import FieldPlace, Place, RowPlace, TableCopy, instance_name
from xltool.mapping.located import Located
from xltool.ooxml import Sheet, split_ref
from xltool.reading import FoundTable, Reading
from xltool.reading.statements import stated_empty
from xltool.rules.env import Env, Roundings
from xltool.rules.evaluate import evaluate
from xltool.rules.keys import RowKey
from xltool.rules.load import RuleSet
from xltool.rules.lookup import Lookup
from xltool.rules.model import Outcome, Result, Rule
from xltool.rules.values import Leaf

if TYPE_CHECKING:
    from xltool.checks.together import Together
    from xltool.rules.external import ExternalTables

_FEW = 0.2
"""The share of addends that may have no place on a form and count as zero."""


@dataclass
class Context:
    """One workbook under validation."""

    reading: Reading
    rules: RuleSet
    prior: Lookup | None = None
    summed: int = 1
    roundings: Roundings | None = None
    external: ExternalTables | None = None
    together: Together | None = None
    located: dict[tuple[str, int], Located] = field(init=False)
    unchecked: dict[str, tuple[Outcome, str]] = field(default_factory=dict)
    """Registered checks that could not be made on this workbook: outcome and reason."""

    def __post_init__(self) -> None:
        self.located = {(s.mapping.table, s.instance): s.located for s in self.reading.found_tables}

    @property
    def report(self) -> Report:
        """The report that was read."""
        return self.reading.report

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The sheets of the workbook by name."""
        return {sheet.name: sheet for sheet in self.reading.workbook.sheets}

    @cached_property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """The tables of the workbook as its formulas see them."""
        return neighbours(self.located)

    @cached_property
    def lookup(self) -> Lookup:
        """The report as rules see it."""
        return self._lookup_of(self.report)

    def _lookup_of(self, report: Report) -> Lookup:
        seen = {s.mapping.table for s in self.reading.found_tables}
        required = {m.table for m in self.reading.tables if not m.optional}
        unread = {s.mapping.table for s in self.reading.found_tables if s.located.problems}
        return Lookup(
            report,
            self.reading.edition.specs,
            declared_empty=self.declared_empty,
            unread=unread | (required - seen),
            outside=set(self.reading.edition.tables) - required - seen,
            faulty=(fault.place for fault in self.reading.faults),
            unplaced=(
                (s.mapping.table, s.instance, path)
                for s in self.reading.found_tables
                for path in s.mapping.unplaced
            ),
            printed_in={
                s.mapping.table: s.unit
                for s in self.reading.found_tables
                if s.unit in UNITS and s.unit != report.unit and not s.mapping.own_units
            },
        )

    def holding(self, key: RowKey) -> Lookup:
        """The report that a row of this year is in: this workbook's, or that of another one of the unit."""
        if self.together is not None and key.table in self.together.books:
            return self._joined
        return self.lookup

    @cached_property
    def _joined(self) -> Lookup:
        assert self.together is not None
        return self.together.lookup(self.lookup, strict=False)

    @property
    def heads(self) -> dict[str, str]:
        """The heads that rules may ask for: those of the report, and its money unit."""
        return {**self.report.heads, "金额单位": self.report.unit}

    @cached_property
    def results(self) -> list[Result]:
        """Every instance of every rule, with its outcome."""
        return self._judged(self.lookup)

    def judged(self, report: Report) -> list[Result]:
        """The same rules on another state of the report: instance by instance in the same order."""
        return self._judged(self._lookup_of(report))

    def _judged(self, lookup: Lookup) -> list[Result]:
        env = Env(
            lookup,
            self.prior,
            self.heads,
            summed=self.summed,
            roundings=self.roundings,
            external=self.external.of(self.report) if self.external else None,
        )
        joined = self.together.joined(env) if self.together else None
        found = evaluate(self.rules, env, joined=joined)
        return [self._readable(one) if one.outcome == "不符" else one for one in found]

    @cached_property
    def unreadable(self) -> frozenset[Place]:
        """Cells that hold no figure, and formulas that show nothing because of them."""
        from xltool.checks.diagnosis.unreadable import unreadable

        return frozenset(unreadable(self.reading))

    @cached_property
    def _rests(self) -> dict[str, str]:
        return unread_rests(self.report)

    @cached_property
    def number_codes(self) -> NumberCodes | None:
        """Codes that are numbers where formulas look for texts."""
        return number_codes(self.reading)

    def _readable(self, result: Result) -> Result:
        """A failure against a side that shows nothing only because a cell cannot be read is none."""
        if self.reading.recognised:
            result = self._placed(result)
        result = without_rest(result, self._rests, self.rules.tables)
        if result.outcome != "不符" or not self.reading.faults:
            return result
        blank = [side.leaves for side in (result.left, result.right) if side and side.blank]
        lost = any(leaf.place in self.unreadable for leaves in blank for leaf in leaves)
        return (
            replace(result, outcome="数据不足", reason="算这个数的单元格读不出数")
            if lost
            else result
        )

    def _placed(self, result: Result) -> Result:
        """A failure for want of a field that a recognised form has no place for is none.

        Where a few of many addends have no place, they are zero; where many have none, or a figure beside the others
        is read by no field, the sum is not known.
        """
        for side in (result.left, result.right):
            leaves = side.leaves if side else ()
            absent = [leaf for leaf in leaves if not leaf.prior and not self.has_place(leaf.place)]
            if not absent:
                continue
            reason = f"表上没有“{self.label(absent[0].place)}”"
            if len(leaves) == 1:
                return replace(result, outcome="不适用", reason=reason)
            if len(absent) > _FEW * len(leaves) or self._beside_unread(leaves):
                return replace(result, outcome="数据不足", reason=reason)
        return result

    def _beside_unread(self, leaves: Sequence[Leaf]) -> bool:
        """Whether in a row of these figures stands one that no field reads."""
        cells = (self.cell(leaf.place) for leaf in leaves if not leaf.prior)
        return any((at.sheet, split_ref(at.ref)[0]) in self._unread_rows for at in cells if at)

    @cached_property
    def _unread_rows(self) -> frozenset[tuple[str, int]]:
        """Sheets and rows with figures that no field reads."""
        return frozenset(
            (sheet, split_ref(ref)[0])
            for sheet, ref, value in self.reading.unmatched
            if isinstance(value, Decimal)
        )

    def has_place(self, place: Place) -> bool:
        """Whether the sheet of a table has a cell for what stands at a place."""
        copy = TableCopy(place.table, place.instance)
        located = self.located.get(copy)
        if located is None:
            return True
        if isinstance(place, FieldPlace):
            rests = (rest.located for rest in self.reading.rests_of(copy))
            return any(place.path in part.fields for part in (located, *rests))
        rows = located.lists.get(place.list)
        return rows is None or place.column in rows.columns

    @property
    def statements(self) -> Mapping[tuple[str, int], str]:
        """Of each table that carries a 故本表无数据 line: where it stands."""
        return self.reading.statements

    @cached_property
    def declared_empty(self) -> frozenset[str]:
        """Tables that say they have no data, and have none (or only zeros)."""
        return frozenset(stated_empty(self.report, self.statements))

    def found_table(self, table: str, instance: int) -> FoundTable | None:
        """Where a table instance was found."""
        for found_table in self.reading.found_tables:
            if (found_table.mapping.table, found_table.instance) == (table, instance):
                return found_table
        return None

    def cell(self, place: Place) -> CellRef | None:
        """The sheet and address of a place, filled or not; None when the sheet has no such cell."""
        return self.reading.map.cell(place)

    def row(self, place: Place) -> Row | None:
        """The list row that a place is in; None when it is in no list."""
        if isinstance(place, FieldPlace):
            return None
        return place.row_in(self.report)

    def label(self, place: Place) -> str:
        """A place in the words of the form, without its table: 本年支出合计·合计, 2010101 行政运行·基本支出."""
        row = self.row(place) or {}
        if not isinstance(place, RowPlace) or not row.get(CODE):
            return place.label
        return f"{titled(row)}·{place.column}"

    def where(self, place: Place) -> str:
        """Table and place in words: stable when rows move."""
        return f"{instance_name(place.table, place.instance)} {self.label(place)}"

    def value(self, place: Place) -> Value | None:
        """The value at a place."""
        return place.value_in(self.report)

    def kind(self, place: Place) -> Kind:
        """What kind of value the form has at a place."""
        return place.kind_in(self.reading.edition.specs[place.table])

    def amounts(self) -> Iterator[tuple[Place, CellRef, Decimal]]:
        """Every filled amount with its place and its cell."""
        specs = self.reading.edition.specs
        for place, cell in self.reading.places.items():
            value = place.value_in(self.report)
            if isinstance(value, Decimal) and place.kind_in(specs[place.table]) == "amount":
                yield place, cell, value

    def rule(self, rule_id: str) -> Rule:
        """A rule by id."""
        return self.rules.rules[rule_id]

    def listed(self, cells: Sequence[CellRef], shown: int) -> str:
        """Cells with what stands in them: so many of them, then how many there are and their sum.

        An explanation of a message that holds such a list is void as soon as a figure has changed.
        """
        values = [self.reading.value(*cell) for cell in cells]
        texts = [
            f"{ref} {money(v) if isinstance(v, Decimal) else v or self._lack(sheet, ref)}"
            for (sheet, ref), v in zip(cells[:shown], values, strict=False)
        ]
        if len(cells) <= shown:
            return "、".join(texts)
        if any(isinstance(value, str) for value in values):
            return f"{'、'.join(texts)} 等{len(cells)}处"
        total = sum((v for v in values if isinstance(v, Decimal)), Decimal(0))
        return f"{'、'.join(texts)} 等{len(cells)}处，合计 {money(total)}"

    def _lack(self, sheet: str, ref: str) -> str:
        uncached = ref in self.reading.workbook.sheet(sheet).uncached()
        return "没有存储值" if uncached else "空白"

    def finding(self, rule_id: str, message: str, where: str, **more: Any) -> Finding:
        """A failure of a registered check, at the level that the rule file gives it."""
        rule = self.rule(rule_id)
        more.setdefault("confirm", rule.confirm)
        return Finding(rule_id, rule.level, "不符", message, where, **more)

    def at_place(self, rule_id: str, place: Place, message: str, **more: Any) -> Finding:
        """A failure at one cell."""
        cell = self.cell(place)
        sheet = cell[0] if cell else ""
        cells = (cell,) if cell else ()
        return self.finding(
            rule_id, message, self.where(place), table=place.table, sheet=sheet, cells=cells, **more
        )
