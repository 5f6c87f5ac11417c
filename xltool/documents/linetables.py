"""The lines of a long table -> the tables of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.core.amounts import UNITS
from xltool.core.model import CODE, NAME, Kind, Path, Row, Table, TableSpec, table_key, table_names
from xltool.core.problems import Problem
from xltool.core.texts import did_you_mean, half_width, norm, visible
from xltool.documents.document import NO_DATA
from xltool.documents.values import code_fault, parse_value, value_fault

INSTANCE = "份"
"""Which of several instances of a table; also written behind its name, as in 项目支出绩效自评表#2."""
VALUE, TEXT = "值", "文本"
NEEDED = ("表", "行", CODE, "列", VALUE)


@dataclass(slots=True)
class _Draft:
    """One table instance while its lines come in. `seen`: where each value was given."""

    spec: TableSpec
    table: Table = field(default_factory=Table)
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    seen: dict[tuple[str, ...], str] = field(default_factory=dict)


class TableBuilder:
    """Takes line by line; what is wrong with one is added to `problems`."""

    def __init__(self, specs: Mapping[str, TableSpec], unit: str | None) -> None:
        self.specs, self.unit = specs, unit if unit in UNITS else None
        self.names = table_names(specs)
        self.drafts: dict[str, dict[int, _Draft]] = {}
        self.problems: list[Problem] = []
        self.no_data: list[str] = []
        """Tables with a line that says 无数据 in place of a row."""
        self.indexes: dict[str, dict[str, list[Path]]] = {}

    def _problem(self, where: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(where, message, hint, code="bad-value"))

    def tables(self) -> dict[str, list[Table]]:
        """The finished tables, in the order of the edition."""
        result: dict[str, list[Table]] = {}
        for name in self.specs:
            for _, draft in sorted(self.drafts.get(name, {}).items()):
                for list_name, rows in draft.rows.items():
                    coded = draft.spec.lists[list_name].codes is not None
                    keys = rows if coded else sorted(rows)
                    draft.table.lists[list_name] = [rows[key] for key in keys]
                result.setdefault(name, []).append(draft.table)
        return result

    def line(self, where: str, cells: Mapping[str, str]) -> None:
        """Take the cells of a line by the names of their columns; `where` is what messages call it."""
        keys = {name: visible(cells.get(name, "")).strip() for name in (*NEEDED, INSTANCE, NAME)}
        label, _, ordinal = keys["表"].partition("#")
        ordinal = keys[INSTANCE] or ordinal
        name = self.names.get(table_key(label))
        if name is None:
            self._problem(where, f"本版本没有“{label}”这张表", did_you_mean(label, self.specs))
            return
        if keys["行"] == NO_DATA:
            self.no_data.append(name)
            return
        spec = self.specs[name]
        instance = int(ordinal) if ordinal.isascii() and ordinal.isdigit() else 1
        if instance > 1 and not spec.many:
            self._problem(where, f"“{name}”只能有一份")
            return
        draft = self.drafts.setdefault(name, {}).setdefault(instance, _Draft(spec))
        text = cells.get(VALUE) or _bare(cells.get(TEXT) or "")
        column, row = keys["列"], keys["行"]
        if code := half_width(keys[CODE]):
            self._coded(where, draft, code, keys[NAME], column, text)
        elif "#" in row:
            self._ordinal(where, draft, row, column, text)
        else:
            self._field(where, draft, row, column, text)

    def _once(self, where: str, draft: _Draft, key: tuple[str, ...]) -> None:
        if key in draft.seen:
            self._problem(where, f"与{draft.seen[key]}是同一个单元格，只能写一处")
        draft.seen.setdefault(key, where)

    def _parse(self, where: str, kind: Kind, text: str) -> Decimal | str | None:
        try:
            return parse_value(kind, text, self.unit)
        except ValueError as error:
            wanted = "数字" if kind not in ("text", "name") else "文字"
            self._problem(where, value_fault(text, error, wanted))
            return None

    def _coded(
        self, where: str, draft: _Draft, code: str, title: str, column: str, text: str
    ) -> None:
        spec = next((s for s in draft.spec.lists.values() if s.codes is not None), None)
        if spec is None or spec.codes is None:
            self._problem(where, f"“{draft.spec.name}”没有按科目编码的明细")
            return
        if fault := code_fault(code, spec.codes):
            self._problem(where, fault)
            return
        if spec.listed and code not in spec.listed:
            self._problem(where, f"本版表样没有“{code}”这一行")
        row = draft.rows.setdefault(spec.name, {}).setdefault(code, {CODE: code})
        if title:
            row[NAME] = title
        self._cell(where, draft, row, spec.columns, (spec.name, code), column, text)

    def _ordinal(self, where: str, draft: _Draft, row: str, column: str, text: str) -> None:
        label, _, ordinal = row.partition("#")
        spec = draft.spec.lists.get(label)
        if spec is None or not (ordinal.isascii() and ordinal.isdigit()):
            names = [name for name, s in draft.spec.lists.items() if s.codes is None]
            self._problem(where, f"没有“{row}”这样的行", did_you_mean(label, names))
            return
        rows = draft.rows.setdefault(label, {})
        self._cell(
            where,
            draft,
            rows.setdefault(ordinal.zfill(6), {}),
            spec.columns,
            (label, ordinal),
            column,
            text,
        )

    def _cell(
        self,
        where: str,
        draft: _Draft,
        row: Row,
        columns: Mapping[str, Kind],
        key: tuple[str, ...],
        column: str,
        text: str,
    ) -> None:
        name = {norm(c): c for c in columns}.get(norm(column))
        if name is None:
            self._problem(where, f"没有“{column}”这一栏", did_you_mean(column, columns))
            return
        self._once(where, draft, (*key, name))
        value = self._parse(where, columns[name], text)
        if value is not None:
            row[name] = value

    def _field(self, where: str, draft: _Draft, row: str, column: str, text: str) -> None:
        index = self.indexes.setdefault(draft.spec.name, _index(draft.spec))
        paths = index.get(norm(row), [])
        if not paths:
            rows = {f.row for f in draft.spec.fields.values()}
            self._problem(where, f"“{draft.spec.name}”没有“{row}”这一行", did_you_mean(row, rows))
            return
        fitting = [p for p in paths if norm(draft.spec.fields[p].column) == norm(column)]
        if not column and len(paths) == 1:
            fitting = paths
        if len(fitting) != 1:
            columns = [draft.spec.fields[p].column for p in paths]
            self._problem(where, f"“{row}”行没有“{column}”这一栏", did_you_mean(column, columns))
            return
        (path,) = fitting
        self._once(where, draft, path)
        value = self._parse(where, draft.spec.fields[path].kind, text)
        if value is not None:
            draft.table.fields[path] = value


def _bare(text: str) -> str:
    """The text without the sign that keeps Excel from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _index(spec: TableSpec) -> dict[str, list[Path]]:
    """Paths by row name and by every other spelling of it."""
    index: dict[str, list[Path]] = {}
    for path, at in spec.fields.items():
        index.setdefault(norm(at.row), []).append(path)
    for synonym, target in spec.synonyms.items():
        under = [path for path in spec.fields if path[: len(target)] == target]
        known = index.setdefault(norm(synonym[-1]), [])
        known += [path for path in under if path not in known]
    return index
