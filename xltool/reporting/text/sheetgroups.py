"""The findings of a validation sheet by sheet, for reports that are read from top to bottom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from xltool.checks import Validation
from xltool.checks.findings import Finding
from xltool.core.model import Value
from xltool.reading import FoundTable
from xltool.reporting.issues import Issue, arrange
from xltool.rules.model import LEVELS

_WHOLE = "全簿"


@dataclass(slots=True)
class SheetGroup:
    """What was found on one sheet, the worst first. `table` is the table on it, "" for none.

    A `Issue` among the failures is a cause with all that follows from it, on whatever sheet that is.
    """

    heading: str
    table: str
    place: int
    failures: list[Issue | Finding] = field(default_factory=list)
    residuals: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    """By rule."""
    rest: list[Finding] = field(default_factory=list)
    """What could not be compared or recalculated."""

    @property
    def order(self) -> tuple[int, int]:
        """The worst failures first, then as in the workbook."""
        return min((list(LEVELS).index(f.level) for f in self.failures), default=9), self.place


def sheet_groups(validation: Validation) -> list[SheetGroup]:
    """One group per sheet that something was found on, and one for what belongs to no sheet."""
    groups = _Groups(validation)
    arranged = arrange(validation)
    for problem in arranged.problems:
        first = problem.findings[0][1]
        if first.group:
            sheet = problem.suspect[0] if problem.suspect else first.sheet
            groups.of(sheet, first.table).failures.append(problem)
        else:
            for _, finding in problem.findings:
                groups.of(finding.sheet, finding.table).failures.append(finding)
    for _, finding in arranged.explained:
        groups.of(finding.sheet, finding.table).rest.append(finding)
    for _, finding in arranged.residuals:
        groups.of(finding.sheet, finding.table).residuals[finding.rule].append(finding)
    for _, finding in (*arranged.insufficient, *arranged.uncalculated):
        groups.of(finding.sheet, finding.table).rest.append(finding)
    return sorted(groups, key=lambda group: group.order)


class _Groups:
    """The groups, made when something is put into them."""

    def __init__(self, validation: Validation) -> None:
        self._report = validation.reading.report
        self._found_tables = {s.located.sheet.name: s for s in validation.reading.found_tables}
        self._sheets = {sheet.name: n for n, sheet in enumerate(validation.reading.workbook.sheets)}
        self._counts = Counter(s.mapping.table for s in self._found_tables.values())
        self._made: dict[str, SheetGroup] = {}

    def __iter__(self) -> Iterator[SheetGroup]:
        return iter(self._made.values())

    def of(self, sheet: str, table: str) -> SheetGroup:
        """The group of a sheet; where no sheet is named, of the only one that the table is on."""
        if not sheet and self._counts[table] == 1:
            sheet = next(n for n, s in self._found_tables.items() if s.mapping.table == table)
        key = sheet or f"/{table}"
        if key not in self._made:
            found_table = self._found_tables.get(sheet)
            own = found_table.mapping.table if found_table else ""
            heading = self._heading(found_table) if found_table else sheet or table or _WHOLE
            self._made[key] = SheetGroup(heading, own, self._sheets.get(sheet, -1))
        return self._made[key]

    def _heading(self, found_table: FoundTable) -> str:
        """The table; with the sheet, and what the sheet is of, where several sheets hold that table."""
        table, sheet = found_table.mapping.table, found_table.located.sheet.name
        if self._counts[table] == 1:
            return table
        name: Value | None = None
        if found_table.mapping.many:
            instance = self._report.tables[table][found_table.instance]
            name = instance.fields.get((found_table.mapping.many,))
        more = f"　{name}" if name and str(name) != sheet else ""
        return f"{table}　工作表“{sheet}”{more}"
