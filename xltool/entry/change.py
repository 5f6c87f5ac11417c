"""Changing figures of a filled workbook by their names, as a patch: `支出决算表.明细[2013901].基本支出=51.32`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.checks import Validation, validate
from xltool.core.model import CODE, NUMERIC, Kind, Place, Value
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import did_you_mean
from xltool.documents.values import KINDS, parse_value, value_fault
from xltool.editions import EditionLike
from xltool.filling.totals import settle
from xltool.ooxml import Editor, WorkbookError
from xltool.ooxml import Value as CellValue
from xltool.ooxml.package.errors import workbook_problem
from xltool.rules.load import load_rules

_CHANGE = re.compile(r"^(?P<table>[^.=]+)\.(?P<rest>[^=]+)=(?P<value>.*)$", re.S)
_ROW = re.compile(r"^(?P<list>[^\[\].]+)\[(?P<key>[^\]]+)\]\.(?P<column>.+)$")
_HINT = "写成 表.行.列=数 或 表.明细[科目编码].列=数"


class Change(NamedTuple):
    """One change: its address in words, its cell, the value before and after."""

    address: str
    sheet: str
    ref: str
    before: CellValue
    after: CellValue

    @property
    def wanted(self) -> Decimal | str | None:
        """The value that is put into the cell."""
        return self.after if isinstance(self.after, (Decimal, str)) else None


class Changed(NamedTuple):
    """The changed workbook, what was changed, what formulas follow differently, what its check says."""

    data: bytes
    changes: list[Change]
    followed: list[Change]
    validation: Validation


def read_changes(path: Path) -> list[str]:
    """Changes of a CSV with two columns, address and value; a head line is passed over. Raises `InputError`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row and row[0].strip()]
    except FileNotFoundError:
        raise InputError(Problem(str(path), "没有这个文件")) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(Problem(str(path), "读不了这个文件", "要用 UTF-8 的 CSV")) from error
    return [f"{row[0].strip()}={row[1].strip()}" for row in rows if len(row) > 1 and "." in row[0]]


def change(book: Path, wanted: Iterable[str], edition: EditionLike | None = None) -> Changed:
    """Change cells of a workbook; nothing else in it changes but the values of formulas that follow.

    Values are in the unit that the sheet prints. Raises `InputError` with every address that cannot be changed.
    """
    before = validate(book, edition)
    targets = _Targets(before)
    problems: list[Problem] = []
    found = [target for text in wanted if (target := targets.find(text, problems)) is not None]
    if not found and not problems:
        problems.append(Problem(str(book), "没有要改的数", _HINT))
    raise_if(problems)
    try:
        editor = Editor(before.reading.workbook)
        shown = {
            (sheet, ref): cells.value(ref)
            for sheet, cells in editor.sheets().items()
            for ref in cells.formulas()
        }
        for one in found:
            editor.set(one.sheet, one.ref, one.wanted)
        settle(editor, {}, "formula", [])
        followed = [
            Change("", sheet, ref, old, new)
            for (sheet, ref), old in shown.items()
            if (new := editor.sheet(sheet).value(ref)) != old
        ]
        data = editor.content()
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(book))) from error
    return Changed(data, found, followed, validate(data, before.reading.edition))


class _Targets:
    """Addresses of one workbook -> its cells."""

    def __init__(self, validation: Validation) -> None:
        self.context = validation.context
        self.reading = validation.reading
        self.aliases = dict(self._names(load_rules(self.reading.edition).scope.aliases))

    def _names(self, aliases: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
        """Tables by name, name without quotes, and short name of the rules."""
        specs = self.reading.edition.specs
        for short, names in aliases.items():
            if table := next((name for name in names if name in specs), None):
                yield short, table
        for name in specs:
            yield name, name
            yield re.sub('[“”"]', "", name), name

    def find(self, text: str, problems: list[Problem]) -> Change | None:
        """The cell of one change; what is wrong with it goes to `problems`."""
        match = _CHANGE.match(text.strip())
        if match is None:
            problems.append(Problem(text, "看不懂这个改动", _HINT))
            return None
        address = f"{match['table'].strip()}.{match['rest'].strip()}"
        table = self.aliases.get(match["table"].strip())
        if table is None:
            hint = did_you_mean(match["table"], self.aliases)
            problems.append(Problem(address, "没有这张表", hint))
            return None
        try:
            place, kind = self._place(table, match["rest"].strip())
            after = self._value(match["value"].strip(), kind, table)
            return self._change(address, place, after)
        except InputError as error:
            problems += [Problem(address, p.message, p.hint) for p in error.problems]
            return None

    def _value(self, text: str, kind: Kind, table: str) -> Value | None:
        sighting = self.context.sighting(table, 0)
        try:
            return parse_value(kind, text, sighting.unit if sighting else None)
        except ValueError as error:
            wanted = "数字" if kind in NUMERIC else KINDS[kind]
            raise InputError(Problem("", value_fault(text, error, wanted))) from None

    def _place(self, table: str, rest: str) -> tuple[Place, Kind]:
        spec = self.reading.edition.specs[table]
        if (row := _ROW.match(rest)) is not None:
            listed = spec.lists.get(row["list"])
            if listed is None or row["column"] not in listed.columns:
                names = [f"{name}[…].{c}" for name, own in spec.lists.items() for c in own.columns]
                raise InputError(Problem("", "表里没有这一栏", did_you_mean(rest, names)))
            position = self._position(table, row["list"], row["key"].strip())
            return (table, 0, row["list"], position, row["column"]), listed.columns[row["column"]]
        path = tuple(part.strip() for part in rest.split("."))
        path = spec.synonyms.get(path, path)
        if path not in spec.fields:
            names = [".".join(known) for known in spec.fields]
            raise InputError(Problem("", "表里没有这一格", did_you_mean(rest, names)))
        return (table, 0, path), spec.fields[path].kind

    def _position(self, table: str, list_name: str, key: str) -> int:
        """The row of a 科目编码, or the row of a number in a list without codes."""
        found = self.reading.report.table(table)
        rows = found.lists.get(list_name, []) if found else []
        codes = [str(row.get(CODE, "")) for row in rows]
        if key in codes:
            return codes.index(key)
        if key.isdigit() and not any(codes) and 0 < int(key) <= len(rows):
            return int(key) - 1
        hint = "加一行要重新填报（fill）；这里只改已有的行"
        raise InputError(Problem("", f"明细里没有 {key}", hint))

    def _change(self, address: str, place: Place, after: Value | None) -> Change:
        cell = self.context.cell(place)
        if cell is None:
            raise InputError(Problem("", "工作簿里找不到这一格"))
        sheet, ref = cell
        if ref in self.reading.workbook.sheet(sheet).formulas():
            message = f"“{sheet}”{ref} 是公式，由别的格算出来"
            raise InputError(Problem("", message, "改它的组成部分，公式会跟着变"))
        before = self.reading.workbook.sheet(sheet).value(ref)
        return Change(address, sheet, ref, before, after)


def shown(value: object) -> str:
    """A value for a message."""
    if value is None or value == "":
        return "空白"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
