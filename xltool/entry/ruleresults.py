"""What the rules say of a report while figures are put into it: only what reads a changed cell is evaluated again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from xltool.core.model import Path, Report, block_column
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.editions import Edition
from xltool.rules.env import Env
from xltool.rules.evaluate import evaluate_instance
from xltool.rules.instances import Instance
from xltool.rules.keys import RowKey
from xltool.rules.load import RuleSet
from xltool.rules.lookup import Lookup
from xltool.rules.model import Result
from xltool.rules.values import Quantity

_Read = tuple[object, ...]
"""A place; ("empty", table, instance); or ("column", table, instance, block, column), whether any row has a figure."""


class _Reads(Lookup):
    """A lookup that notes what is read of it. Rows, codes and names stand as they are: of these it notes nothing."""

    def __init__(self, report: Report, edition: Edition) -> None:
        super().__init__(report, edition.specs, declared_empty=report.no_data)
        self.reads: set[_Read] = set()

    def field(self, table: str, instance: int, path: Path) -> Quantity:
        self.reads |= {FieldPlace(table, instance, path), ("empty", table, instance)}
        if self._is_unplaced(table, instance, path):
            return self._field(table, instance, path)  # the sum of cells, which are noted
        return super().field(table, instance, path)

    def cell(self, row: RowKey, column: str) -> Quantity:
        self.reads.add(RowPlace(row.table, row.instance, row.list, row.position, column))
        return super().cell(row, column)

    def text(self, place: Place) -> str | None:
        self.reads.add(place)
        return super().text(place)

    def column_filled(self, table: str, instance: int, block: str, column: str) -> bool:
        self.reads.add(("column", table, instance, block, column))
        return super().column_filled(table, instance, block, column)


class RuleResults:
    """The results of all rules of level error. The report may be changed by `put` alone."""

    def __init__(self, rule_sets: Iterable[RuleSet], report: Report, edition: Edition) -> None:
        self.report, self._edition = report, edition
        self._instances = list(_instances(rule_sets, report.year))
        self._results: list[list[Result]] = [[] for _ in self._instances]
        self._readers: dict[_Read, set[int]] = defaultdict(set)
        self._old = set(range(len(self._instances)))
        """Of which instances the results no longer hold."""
        self._touching: dict[Place, set[int]] = defaultdict(set)
        self._fresh = set(self._old)
        """Of which instances the results may say more than when they were looked at."""

    def put(self, place: Place, value: Decimal) -> None:
        """Enter a figure in the report."""
        table = self.report.tables[place.table][place.instance]
        changed: list[_Read] = [place, *self._columns(place)]
        if table.empty:
            changed.append(("empty", place.table, place.instance))
        place.put(self.report, value)
        for read in changed:
            self._old |= self._readers.get(read, set())

    def known(self, places: Iterable[Place]) -> None:
        """Take note that more is known of places than the report says."""
        for place in places:
            self._fresh |= self._touching.get(place, set())

    def all(self) -> Iterator[Result]:
        """Every result, as the report stands."""
        self._evaluate()
        for results in self._results:
            yield from results

    def fresh(self) -> Iterator[Result]:
        """The results as the report stands now, those alone of which more is known than when they were given here."""
        self._evaluate()
        for number, results in enumerate(self._results):
            if number in self._fresh:
                self._fresh.discard(number)
                yield from results

    def _evaluate(self) -> None:
        lookup = _Reads(self.report, self._edition)
        env = Env(lookup, None, self.report.heads)
        for number in sorted(self._old):
            lookup.reads = set()
            results = self._results[number] = list(evaluate_instance(self._instances[number], env))
            for read in lookup.reads:
                self._readers[read].add(number)
            for result in results:
                for side in (result.left, result.right):
                    for leaf in side.leaves if side is not None else ():
                        self._touching[leaf.place].add(number)
        self._fresh |= self._old
        self._old = set()

    def _columns(self, place: Place) -> Sequence[_Read]:
        """What may be read of the column of a place."""
        if isinstance(place, FieldPlace):
            at = block_column(place.path)
            blocks = [at.block] if at else []
            column = place.path[-1]
        else:
            total = self._edition.specs[place.table].lists[place.list].total
            blocks, column = [place.list, *([total] if total else [])], place.column
        return [("column", place.table, place.instance, block, column) for block in blocks]


def _instances(rule_sets: Iterable[RuleSet], year: int) -> Iterator[Instance]:
    for rules in rule_sets:
        for rule_id, rule in rules.rules.items():
            if not rule.check and rule.level == "error" and rule.out_of_force(year) is None:
                yield from rules.instances[rule_id]
