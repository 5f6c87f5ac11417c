"""Last year's report rolled forward: what was left at its end is there at the beginning of this year."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from xltool.core.caches import remembered
from xltool.core.model import CODE, Path, Report, Row, Table, Value
from xltool.core.paths import AnyPath
from xltool.core.problems import raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.documents.load import load
from xltool.editions import Edition
from xltool.mapping.files import read_yaml
from xltool.reading import read
from xltool.rules.load import load_rules

FILE = MAPPINGS / "entry" / "rollover.yaml"
SCHEMA = MAPPINGS / "entry" / "rollover.schema.json"


@remembered(1)
def _pairs() -> dict[str, str]:
    raw: dict[str, Any] = read_yaml(FILE)
    raise_if(schema_problems(raw, SCHEMA, FILE.name))
    pairs: dict[str, str] = raw["opening"]
    return pairs


class Opening:
    """What a new year begins with, by last year's report of the same edition or of another one."""

    def __init__(self, prior: Report | None, edition: Edition) -> None:
        self.prior = prior
        self.year = prior.year + 1 if prior is not None and prior.year else edition.years[1]
        self.unit_name = prior.unit_name if prior is not None else ""
        self.unit = prior.unit if prior is not None and prior.unit else "元"
        """Of last year's amounts, and so of those that are carried over."""
        self.short: dict[str, str] = {}
        self.tables: dict[str, Table] = {}
        for short, names in load_rules(edition).scope.aliases.items():
            self.short |= dict.fromkeys(names, short)
            last = next((t for n in names if prior and (t := prior.table(n))), None)
            if last is not None:
                self.tables[short] = last

    def field(self, table: str, path: Path) -> Value | None:
        """The value of a field: last year's at its end; None for all that does not begin a year."""
        short, closing = self._closing(table, path)
        return self.tables[short].fields.get(closing) if short in self.tables else None

    def cell(self, table: str, list_name: str, code: str, column: str) -> Value | None:
        """The value of a row's column."""
        short, closing = self._closing(table, (list_name, column))
        if short not in self.tables or not closing:
            return None
        row = self._row(self.tables[short], closing[0], code)
        return row.get(closing[-1]) if row is not None else None

    def _closing(self, table: str, path: Path) -> tuple[str, Path]:
        address = ".".join((self.short.get(table, table), *path))
        short, *closing = _pairs().get(address, "").split(".")
        return short, tuple(closing)

    @staticmethod
    def _row(table: Table, list_name: str, code: str) -> Row | None:
        rows = table.lists.get(list_name, [])
        return next((row for row in rows if row.get(CODE) == code), None)

    def last(self, table: str) -> Table | None:
        """Last year's table, also where it had the other of its names."""
        return self.tables.get(self.short.get(table, table)) or (
            self.prior.table(table) if self.prior is not None else None
        )


def last_year(file: AnyPath) -> Report:
    """Last year's report, of a workbook or a data document. Raises `InputError`."""
    path = FilePath(file)
    if path.suffix.lower() in (".json", ".yaml", ".yml", ".csv"):
        return load(path)[0]
    return read(path).report
