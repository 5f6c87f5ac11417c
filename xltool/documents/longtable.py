"""Long tables (CSV or XLSX), a line per value: 表, 行, 科目编码, 列, 值 -> Report.

A line whose 行 is 无数据 makes the statement 本表无数据 for its table.
The columns 版本, 单位名称, 年度, 金额单位, 份, 科目名称 and 文本 are read when they are there; others are passed
over, so that the facts that `convert` writes can be filled again. Problems name the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.core.amounts import UNITS
from xltool.core.hints import NAME_EDITION
from xltool.core.model import (
    CODE,
    HEADS,
    NAME,
    Kind,
    Path,
    Report,
    Row,
    Table,
    TableSpec,
    table_key,
    table_names,
)
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.suffixes import WORKBOOKS
from xltool.core.texts import did_you_mean, half_width, norm, visible
from xltool.documents.document import NO_DATA, Raw, stated_tables, to_report
from xltool.documents.longrows import LongRow, as_text, heading, long_rows
from xltool.documents.values import code_fault, parse_value, value_fault
from xltool.editions import Edition, EditionLike, edition_ids, find_edition

INSTANCE = "份"
"""Which of several instances of a table; also written behind its name, as in 项目支出绩效自评表#2."""
VALUE, TEXT = "值", "文本"
NEEDED = ("表", "行", CODE, "列", VALUE)
_HEADS = ("版本", "单位名称", "年度", "金额单位", *HEADS)
_KNOWN = frozenset((*NEEDED, *_HEADS, INSTANCE, NAME, TEXT))
_SUFFIXES = (".csv", ".tsv", *WORKBOOKS)


class NumberedLine(NamedTuple):
    """A line's number in the file and its cells by column name. `sound`: all of them are known."""

    number: int
    cells: Mapping[str, str]
    sound: bool


def is_long_table(path: FilePath) -> bool:
    """Whether a file is to be read as a long table, by its suffix."""
    return path.suffix.lower() in _SUFFIXES


def read_long_table(path: FilePath, edition: EditionLike | None = None) -> tuple[Report, Edition]:
    """The Report in a long table. Raises `InputError` with every problem found."""
    return from_rows(long_rows(path), path.name, edition)


def from_rows(
    rows: Iterable[LongRow], file: str, edition: EditionLike | None = None
) -> tuple[Report, Edition]:
    """As `read_long_table`, for rows of which one is the head; `file` is what messages call them."""
    problems: list[Problem] = []
    lines = list(_lines(rows, file, problems))
    heads = _heads(lines, file, problems)
    name = edition or heads.get("版本")
    if name is None:
        hint = NAME_EDITION.within(f"加一列“版本”，或{{}}：{'、'.join(edition_ids())}")
        raise InputError([*problems, Problem(file, "没有版本", hint, code="missing-value")])
    found = find_edition(name)
    builder = _Builder(found.specs, heads.get("金额单位"))
    for line in lines:
        if line.sound:
            builder.line(f"{file} 第{line.number}行", line.cells)
    tables = builder.tables()
    problems += builder.problems
    raw: Raw = {**heads, "版本": found.id, "表": {}}
    try:
        report = to_report(raw, found.specs, found.id)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from None
    report.tables = tables
    report.no_data += stated_tables(builder.no_data, report, found.specs, problems)
    raise_if(problems)
    return report, found


_OTHER_SHEETS = (
    f"长表的表头一行应有：{'、'.join(NEEDED)}；清单、余额表一类先用 xltool import；"
    "官方工作簿不当作数据：填好的用 xltool read，要填数的用 xltool new --kind 填数表"
)


def _lines(rows: Iterable[LongRow], file: str, problems: list[Problem]) -> Iterator[NumberedLine]:
    header: list[str] | None = None
    heads = False
    """Whether a formula stands for a head: then nothing else can be told for certain."""
    for row in rows:
        if header is None:
            header = heading(row)
            missing = [name for name in NEEDED if header is not None and name not in header]
            if missing:
                raise InputError(
                    Problem(file, f"长表缺少列：{'、'.join(missing)}", code="bad-syntax")
                )
            continue
        cells = dict(zip(header, row.texts, strict=False))
        faults = list(_formulas(f"{file} 第{row.number}行", header, row, cells))
        problems += faults
        heads = heads or any(name in _HEADS for name in _named(header, row))
        if any(visible(text).strip() for text in cells.values()):
            yield NumberedLine(row.number, cells, not faults)
    if heads:
        raise InputError(problems)
    if header is None:
        raise InputError(Problem(file, "不是长表：找不到表头", _OTHER_SHEETS, code="bad-syntax"))


def _named(header: list[str], row: LongRow) -> Iterator[str]:
    """The column names of the cells with formulas."""
    columns = (column for column, made in row.formulas.items() if not made.told)
    return (header[column] for column in columns if column < len(header))


def _formulas(
    where: str, header: list[str], row: LongRow, cells: dict[str, str]
) -> Iterator[Problem]:
    """Put what formulas without a stored value make into `cells`; a problem where that must not be relied on.

    What a figure is may be worked out here; where it belongs must be written.
    """
    for column, formula in row.formulas.items():
        name = header[column] if column < len(header) else ""
        if formula.told:
            if name == VALUE:
                hint = "核对是多少，数字格式改成常规"
                yield Problem(where, f"“{name}”{formula.told}", hint, code="bad-cell")
        elif name == VALUE and not formula.reason:
            cells[name] = as_text(formula.value)
        elif name in _KNOWN:
            more = f"，也无法复算：{formula.reason}" if formula.reason else ""
            told = f"“{name}”是公式，没有存储值{more}"
            yield Problem(
                where, told, "在 Excel 中打开并保存一次，或改成数值、文字", code="bad-cell"
            )


def _heads(lines: list[NumberedLine], where: str, problems: list[Problem]) -> dict[str, str]:
    """Heads that stand as columns: the same in every line, or a problem."""
    heads: dict[str, str] = {}
    for name in _HEADS:
        values = {text for line in lines if (text := visible(line.cells.get(name, "")).strip())}
        if len(values) > 1:
            shown = "、".join(sorted(values)[:3])
            problems.append(
                Problem(
                    where,
                    f"“{name}”一列有不同的值：{shown}",
                    "一份长表只放一个单位",
                    code="contradiction",
                )
            )
        if values:
            heads[name] = min(values)
    return heads


@dataclass(slots=True)
class _Draft:
    """One table instance while its lines come in. `seen`: where each value was given."""

    spec: TableSpec
    table: Table = field(default_factory=Table)
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    seen: dict[tuple[str, ...], str] = field(default_factory=dict)


class _Builder:
    def __init__(self, specs: Mapping[str, TableSpec], unit: str | None) -> None:
        self.specs, self.unit = specs, unit if unit in UNITS else None
        self.names = table_names(specs)
        self.drafts: dict[str, dict[int, _Draft]] = {}
        self.problems: list[Problem] = []
        self.no_data: list[str] = []
        """Tables with a line that says 无数据 in place of a row."""
        self.indexes: dict[str, dict[str, list[Path]]] = {}

    def problem(self, where: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(where, message, hint, code="bad-value"))

    def tables(self) -> dict[str, list[Table]]:
        """The finished tables, in the order of the edition."""
        result: dict[str, list[Table]] = {}
        for name in self.specs:
            for _, draft in sorted(self.drafts.get(name, {}).items()):
                for list_name, rows in draft.rows.items():
                    draft.table.lists[list_name] = list(rows.values())
                result.setdefault(name, []).append(draft.table)
        return result

    def line(self, where: str, cells: Mapping[str, str]) -> None:
        keys = {name: visible(cells.get(name, "")).strip() for name in (*NEEDED, INSTANCE, NAME)}
        label, _, ordinal = keys["表"].partition("#")
        ordinal = keys[INSTANCE] or ordinal
        name = self.names.get(table_key(label))
        if name is None:
            self.problem(where, f"本版本没有“{label}”这张表", did_you_mean(label, self.specs))
            return
        if keys["行"] == NO_DATA:
            self.no_data.append(name)
            return
        spec = self.specs[name]
        instance = int(ordinal) if ordinal.isascii() and ordinal.isdigit() else 1
        if instance > 1 and not spec.many:
            self.problem(where, f"“{name}”只能有一份")
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
            self.problem(where, f"与{draft.seen[key]}是同一个单元格，只能写一处")
        draft.seen.setdefault(key, where)

    def _parse(self, where: str, kind: Kind, text: str) -> Decimal | str | None:
        try:
            return parse_value(kind, text, self.unit)
        except ValueError as error:
            wanted = "数字" if kind not in ("text", "name") else "文字"
            self.problem(where, value_fault(text, error, wanted))
            return None

    def _coded(
        self, where: str, draft: _Draft, code: str, title: str, column: str, text: str
    ) -> None:
        spec = next((s for s in draft.spec.lists.values() if s.codes is not None), None)
        if spec is None or spec.codes is None:
            self.problem(where, f"“{draft.spec.name}”没有按科目编码的明细")
            return
        if fault := code_fault(code, spec.codes):
            self.problem(where, fault)
            return
        if spec.listed and code not in spec.listed:
            self.problem(where, f"本版表样没有“{code}”这一行")
        row = draft.rows.setdefault(spec.name, {}).setdefault(code, {CODE: code})
        if title:
            row[NAME] = title
        self._cell(where, draft, row, spec.columns, (spec.name, code), column, text)

    def _ordinal(self, where: str, draft: _Draft, row: str, column: str, text: str) -> None:
        label, _, ordinal = row.partition("#")
        spec = draft.spec.lists.get(label)
        if spec is None or not (ordinal.isascii() and ordinal.isdigit()):
            names = [name for name, s in draft.spec.lists.items() if s.codes is None]
            self.problem(where, f"没有“{row}”这样的行", did_you_mean(label, names))
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
        draft.rows[label] = dict(sorted(rows.items()))

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
            self.problem(where, f"没有“{column}”这一栏", did_you_mean(column, columns))
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
            self.problem(where, f"“{draft.spec.name}”没有“{row}”这一行", did_you_mean(row, rows))
            return
        fitting = [p for p in paths if norm(draft.spec.fields[p].column) == norm(column)]
        if not column and len(paths) == 1:
            fitting = paths
        if len(fitting) != 1:
            columns = [draft.spec.fields[p].column for p in paths]
            self.problem(where, f"“{row}”行没有“{column}”这一栏", did_you_mean(column, columns))
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
