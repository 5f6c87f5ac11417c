"""The data document, as read from a file, <-> Report.

Everything that is wrong with a document is collected and raised at once as `InputError`; each problem
names the field by its path in the document, e.g. `表 › 支出决算表 › 明细 › 第3行 › 基本支出`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xltool.core.amounts import UNITS
from xltool.core.model import (
    CODE,
    HEADS,
    Kind,
    ListSpec,
    Path,
    Report,
    Row,
    Table,
    TableSpec,
    Value,
    table_key,
    table_names,
)
from xltool.core.problems import Problem, raise_if
from xltool.core.texts import did_you_mean, norm, quoted, visible
from xltool.core.years import year_of
from xltool.documents.values import KINDS, code_fault, parse_value, value_fault

Raw = dict[str, Any]

ASIDE = "附表"
"""Where a document has the tables whose layout no source gives; `to_report` takes them under 表 as well."""

NO_DATA = "无数据"
"""The key of the tables of which the statement 本表无数据 is made."""

STATE = "版本信息"
"""Which state of an edition of one's own a workbook was read by."""

ABSENT = "没有的版本"
"""The edition that a workbook said it was of and that was not there when it was read."""

UNREAD = ("$schema", "表样", "未读", STATE, ABSENT)
"""Keys that filling takes no notice of: $schema tells an editor which JSON Schema to check against, the others
how a workbook was read."""


def to_report(raw: Raw, specs: Mapping[str, TableSpec], edition: str) -> Report:
    """Check a raw document against the shapes of its edition's tables and make it a Report.

    Amounts stay in the document's unit. Raises `InputError` with every problem found.
    """
    reader = _Reader()
    raw = reader.seen(raw)
    report = reader.heads(raw, edition)
    tables = raw.get("表")
    if not isinstance(tables, dict):
        reader.problem("表", "缺少“表”，或它不是“表名: 内容”的对象")
        tables = {}
    aside = raw.get(ASIDE)
    if aside is not None and not isinstance(aside, dict):
        reader.problem(ASIDE, "应是“表名: 内容”的对象")
    for part, named in (("表", tables), (ASIDE, aside if isinstance(aside, dict) else {})):
        reader.tables(report, specs, part, named)
    report.no_data += reader.no_data(raw.get(NO_DATA), specs, report)
    raise_if(reader.problems)
    return report


def stated_tables(
    given: Iterable[str],
    report: Report,
    specs: Mapping[str, TableSpec],
    problems: list[Problem],
) -> list[str]:
    """The tables of these names, in the order of `specs`; unknown ones and those with figures are problems."""
    names = table_names(specs)
    stated = set()
    for written in given:
        name = names.get(table_key(written))
        where = f"{NO_DATA} › {name or written}"
        if name is None:
            hint = did_you_mean(written, specs)
            problems.append(Problem(where, "本版本没有这张表", hint, code="bad-value"))
        elif any(table.has_figures for table in report.tables.get(name, [])):
            hint = "去掉这个表名，或去掉表里的数"
            problems.append(Problem(where, "这张表有数", hint, code="bad-value"))
        else:
            stated.add(name)
    return [name for name in specs if name in stated]


class _Reader:
    """Walks a raw document along its shape and collects problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unit: str | None = None
        """The money unit of the document; None: unknown."""

    def problem(self, where: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(where, message, hint, code="bad-value"))

    def seen(self, raw: Raw) -> Raw:
        """The top of a document by its keys as people see them."""
        result: Raw = {}
        for key, value in raw.items():
            name = visible(str(key)).strip()
            if name in result:
                self.problem(name, "写了两次")
            result.setdefault(name, value)
        return result

    def heads(self, raw: Raw, edition: str) -> Report:
        known = ("版本", "单位名称", "年度", "金额单位", *HEADS, NO_DATA, "表")
        for key in raw:
            if key not in (*known, ASIDE, *UNREAD):
                self.problem(key, "不认识的项目", did_you_mean(key, known))
        name = self.scalar("text", raw.get("单位名称"), "单位名称")
        if name is None:
            self.problem("单位名称", "没有填")
        year = raw.get("年度")
        year_number = year_of(year, dates=True)
        if year_number is None:
            told = "没有填" if year is None else f"应是四位年份，现为{quoted(year)}"
            self.problem("年度", told)
        unit = raw.get("金额单位")
        unit = visible(unit).strip() if isinstance(unit, str) else unit
        if isinstance(unit, str) and unit in UNITS:
            self.unit = unit
        else:
            shown = "没有填" if unit is None else f"不认识{quoted(unit)}"
            self.problem("金额单位", shown, "只能是“元”或“万元”")
        report = Report(
            edition, visible(str(name or "")).strip(), year_number or 0, self.unit or "元"
        )
        for key in HEADS:
            value = self.scalar("text", raw.get(key), key)
            if value is not None:
                report.heads[key] = visible(str(value))
        return report

    def tables(self, report: Report, specs: Mapping[str, TableSpec], part: str, named: Raw) -> None:
        """The tables under 表 or 附表."""
        names = table_names(specs)
        for key, value in named.items():
            name = names.get(table_key(key))
            if name is None:
                self.problem(f"{part} › {key}", "本版本没有这张表", did_you_mean(key, specs))
                continue
            instances = value if isinstance(value, list) else [value]
            if len(instances) > 1 and not specs[name].many:
                self.problem(f"{part} › {key}", "这张表只能有一份")
                continue
            if name in report.tables:
                self.problem(f"{part} › {key}", f"前面已有“{name}”，是同一张表，只能写一处")
                continue
            report.tables[name] = [
                self.table(specs[name], item, f"{part} › {name}" + (f" › 第{i}份" if i > 1 else ""))
                for i, item in enumerate(instances, 1)
            ]
            if specs[name].likely:
                report.likely.add(name)

    def no_data(self, raw: object, specs: Mapping[str, TableSpec], report: Report) -> list[str]:
        """The tables that are stated to have no data, in the order of the edition."""
        if raw is None:
            return []
        if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
            self.problem(NO_DATA, "应是表名的列表", "如 [政府性基金预算财政拨款收入支出决算表]")
            return []
        return stated_tables(raw, report, specs, self.problems)

    def table(self, spec: TableSpec, raw: object, where: str) -> Table:
        table = Table()
        if raw is None:
            return table
        if not isinstance(raw, dict):
            self.problem(where, "应是“栏目: 内容”的对象")
            return table
        tree = _tree(spec)
        self._object(spec, tree, raw, (), where, table)
        return table

    def _object(
        self, spec: TableSpec, tree: Raw, raw: Raw, head: Path, where: str, table: Table
    ) -> None:
        keys = {norm(key): key for key in tree}
        for written, value in raw.items():
            key = visible(str(written)).strip()
            here = f"{where} › {key}"
            path = (*head, key)
            path = spec.synonyms.get(path, (*head, keys.get(norm(key), key)))
            name = path[-1]
            if name not in tree:
                self.problem(here, "本表没有这一项", did_you_mean(key, tree))
            elif isinstance(tree[name], ListSpec):
                table.lists[name] = self.rows(tree[name], value, here)
            elif isinstance(tree[name], dict):
                if isinstance(value, dict):
                    self._object(spec, tree[name], value, path, here, table)
                elif value is not None:
                    inner = "、".join(tree[name])
                    self.problem(here, "应是“栏目: 金额”的对象", f"栏目有：{inner}")
            else:
                self._field(spec, path, value, here, table)

    def _field(self, spec: TableSpec, path: Path, value: object, where: str, table: Table) -> None:
        parsed = self.scalar(spec.fields[path].kind, value, where)
        if parsed is None:
            return
        if path in table.fields:
            self.problem(where, "与前面一项指的是同一个单元格，只能写一处")
        table.fields[path] = parsed

    def rows(self, spec: ListSpec, raw: object, where: str) -> list[Row]:
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.problem(where, "应是若干行的列表")
            return []
        rows = []
        seen: dict[str, int] = {}
        for n, item in enumerate(raw, 1):
            here = f"{where} › 第{n}行"
            if not isinstance(item, dict):
                self.problem(here, "应是“栏目: 内容”的对象")
                continue
            row = self.row(spec, item, here)
            if spec.codes is not None:
                self.check_code(spec, row, here, seen, n)
            if row:
                rows.append(row)
        return rows

    def row(self, spec: ListSpec, raw: Raw, where: str) -> Row:
        row: Row = {}
        names = {norm(key): key for key in spec.columns}
        for key, value in raw.items():
            name = names.get(norm(str(key)))
            here = f"{where} › {key}"
            if name is None:
                self.problem(here, "没有这一栏", did_you_mean(str(key), spec.columns))
                continue
            parsed = self.scalar(spec.columns[name], value, here)
            if parsed is not None:
                if name in row:
                    self.problem(here, "这一栏写了两次")
                row[name] = parsed
        return row

    def check_code(
        self, spec: ListSpec, row: Row, where: str, seen: dict[str, int], n: int
    ) -> None:
        assert spec.codes is not None
        code = row.get(CODE)
        if code is None:
            self.problem(where, "没有科目编码")
            return
        code = str(code)
        if message := code_fault(code, spec.codes):
            self.problem(f"{where} › {CODE}", message)
        elif spec.listed and code not in spec.listed:
            self.problem(f"{where} › {CODE}", f"本版表样没有“{code}”这一行")
        if code in seen:
            self.problem(f"{where} › {CODE}", f"“{code}”与第{seen[code]}行重复")
        seen.setdefault(code, n)

    def scalar(self, kind: Kind, value: object, where: str) -> Value | None:
        """One value by its kind, or None for a blank (or for a fault, which is then noted)."""
        if value is None:
            return None
        try:
            return parse_value(kind, value, self.unit)
        except ValueError as error:
            self.problem(where, value_fault(value, error, KINDS[kind]))
            return None


def _tree(spec: TableSpec) -> Raw:
    """The shape of a table's object: nested dicts, FieldSpec at the leaves, ListSpec for lists."""
    tree: Raw = {}
    for path, field in spec.fields.items():
        node = tree
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = field
    for name, rows in spec.lists.items():
        tree[name] = rows
    return tree
