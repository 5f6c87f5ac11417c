"""A typed 填数表 -> a raw data document, with the assumptions that were chosen. Every fault names its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.core.amounts import UNITS, plain
from xltool.core.hints import Hint
from xltool.core.model import CODE, NAME
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.suffixes import PATCHED
from xltool.core.texts import quoted, visible
from xltool.documents.longrows import printed_otherwise, without_date
from xltool.editions import Edition, EditionLike, find_edition
from xltool.entry.addresses import Setting, parse_setting
from xltool.entry.sheet import keys
from xltool.ooxml import CellError, Sheet, WorkbookError, make_ref, open_workbook, split_ref
from xltool.ooxml.package.errors import workbook_problem


@dataclass
class Taken:
    """What was typed: the raw document, the edition, the assumptions."""

    raw: dict[str, Any]
    edition: Edition
    assume: tuple[str, ...]


def is_entry_sheet(path: Path) -> bool:
    """Whether a file is a 填数表."""
    if path.suffix.lower() not in PATCHED:
        return False
    try:
        return _sheet(path) is not None
    except WorkbookError:
        return False


def take(path: Path, edition: EditionLike | None = None) -> Taken:
    """Read a 填数表. Raises `InputError` with every cell that is wrong."""
    try:
        sheet = _sheet(path)
        if sheet is None:
            hint = Hint("用 xltool new --kind 填数表 做一份", "按上方“空表、填数表…”做一份")
            raise InputError(Problem(path.name, "不是填数表", hint, code="not-ours"))
        return _Taker(sheet, path.name, edition).run()
    except WorkbookError as error:
        raise InputError(workbook_problem(error, path.name)) from error


def _sheet(path: Path) -> Sheet | None:
    for sheet in open_workbook(path).sheets:
        if sheet.value("A1") == keys.MARK:
            return sheet
    return None


@dataclass
class _Typed:
    """What stands in the cells of one line: by column, texts and numbers; blanks are not there."""

    row: int
    cells: dict[int, Decimal | str] = field(default_factory=dict)


class _Taker:
    def __init__(self, sheet: Sheet, file: str, edition: EditionLike | None) -> None:
        self.sheet, self.file = sheet, file
        self.problems: list[Problem] = []
        self.raw: dict[str, Any] = {}
        self.assume: list[str] = []
        self.given = edition
        self.stated: list[str] = []
        self.uncached = set(sheet.uncached())
        self.seen: dict[str, str] = {}
        """The codes of the block that is being read, with their cells."""

    def run(self) -> Taken:
        lines = list(self._lines())
        for kind, what, line in lines:
            if kind == keys.HEAD:
                self.raw[what] = self._first(line)
        edition = find_edition(self.given or str(self.raw.get("版本") or ""))
        self.raw["版本"] = edition.id
        self.tables: dict[str, dict[int, dict[str, Any]]] = {}
        columns: dict[int, str] = {}
        for kind, what, line in lines:
            if kind == keys.COLUMNS:
                columns = {column: str(key) for column, key in line.cells.items()}
                self.seen.clear()
            elif kind == keys.ROW:
                self._row(columns, line, edition)
            else:
                self._nothing_else(line, {keys.FIRST, *keys.BESIDE} if kind else ())
                self._single(kind, what, line, edition)
        raise_if(self.problems)
        if self.stated:
            self.raw["无数据"] = self.stated
        self.raw["表"] = {table: self._several(table) for table in self.tables}
        return Taken(self.raw, edition, tuple(self.assume))

    def _lines(self) -> Iterator[tuple[str, str, _Typed]]:
        """The lines, in order: kind and what of their key, and what stands in them."""
        lines: dict[int, _Typed] = {}
        for ref, stored in self.sheet.items():
            row, column = split_ref(ref)
            value = without_date(self.sheet, ref, stored)
            told = printed_otherwise(self.sheet, ref, value)
            if told and self.sheet.formula(ref) is None:
                self._fault(row, column, told, "核对是多少，数字格式改成常规")
            if isinstance(value, str):
                value = visible(value).strip()
            elif isinstance(value, CellError):
                value = str(value)
            if isinstance(value, (Decimal, str)) and value != "":
                lines.setdefault(row, _Typed(row)).cells[column] = value
        for _, line in sorted(lines.items()):
            kind, _, what = str(line.cells.pop(1, "")).partition("|")
            yield kind, what, line

    def _first(self, line: _Typed) -> Decimal | str | None:
        """What is typed in a line with one cell for it."""
        self._calculated(line, keys.FIRST)
        return line.cells.get(keys.FIRST)

    def _calculated(self, line: _Typed, column: int) -> None:
        """A formula is taken by its value; one without is refused."""
        if make_ref(line.row, column) in self.uncached:
            hint = "用 Excel 或 WPS 打开，保存一次"
            self._fault(line.row, column, "公式没有存储值，不知道是多少", hint)

    def _nothing_else(self, line: _Typed, known: Iterable[int]) -> None:
        """A figure where nothing is asked for would be lost in silence."""
        for column, value in line.cells.items():
            ref = make_ref(line.row, column)
            stray = isinstance(value, Decimal) and column not in known
            if stray and self.sheet.formula(ref) is None:
                hint = "填在黄色的格子里；取消保护后自己加的行、列不认"
                self._fault(line.row, column, "这里不是填数的地方", hint)

    def _single(self, kind: str, what: str, line: _Typed, edition: Edition) -> None:
        if kind in (keys.ASSUME, keys.STATE):
            answer = self._first(line)
            if answer == "是":
                (self.assume if kind == keys.ASSUME else self.stated).append(what)
            elif answer not in (None, "否"):
                self._fault(line.row, keys.FIRST, f"应是“是”或空着，现为{quoted(answer)}")
        elif kind == keys.FIELD and (value := self._first(line)) is not None:
            address, copy = keys.copy_of(what)
            found = self._setting(address, value, line.row, keys.FIRST, edition)
            if found is not None and found.value is not None:
                place = self._table(found.table, copy)
                for step in found.path[:-1]:
                    place = place.setdefault(step, {})
                place[found.path[-1]] = found.value

    # ── rows ──

    def _row(self, columns: dict[int, str], line: _Typed, edition: Edition) -> None:
        self._nothing_else(line, columns)
        typed = {
            column: key
            for column, key in columns.items()
            if column in line.cells and key not in (CODE, keys.LAST)
        }
        for column, key in columns.items():
            if key != keys.LAST:
                self._calculated(line, column)
        coded = CODE in columns.values()
        code, name = self._code(columns, line) if coded else (str(self._ordinal(line)), "")
        if not typed or not code:
            if typed:
                self._fault(line.row, keys.CODE_COLUMN, "填了数，没有选科目")
            return
        for column, key in typed.items():
            key, copy = keys.copy_of(key)
            table, _, rest = key.partition(".")
            list_name, _, own = rest.partition(".")
            address = f"{table}.{list_name}[{code}].{own}"
            found = self._setting(address, line.cells[column], line.row, column, edition)
            if found is not None and found.value is not None:
                self._put(found, name, edition, copy)

    def _code(self, columns: dict[int, str], line: _Typed) -> tuple[str, str]:
        """科目编码 and the name written behind it."""
        column = next(column for column, key in columns.items() if key == CODE)
        value = line.cells.get(column)
        if value is None:
            return "", ""
        text = plain(value) if isinstance(value, Decimal) else value
        code, _, name = text.partition(" ")
        ref = make_ref(line.row, column)
        if not code.isascii() or not code.isdigit():
            self._fault(line.row, column, f"{quoted(text)}不是科目", "选一个，或写成：编码 名称")
            return "", ""
        if code in self.seen:
            message = f"科目 {code} 与 {self.seen[code]} 重复"
            self._fault(line.row, column, message, "并成一行")
        self.seen.setdefault(code, ref)
        return code, name.strip()

    def _ordinal(self, line: _Typed) -> int:
        """The number of a row in a list without codes: one more than those before it that are not blank."""
        if line.cells:
            self.seen[str(len(self.seen) + 1)] = ""
        return len(self.seen)

    def _setting(
        self, address: str, value: Decimal | str, row: int, column: int, edition: Edition
    ) -> Setting | None:
        text = plain(value) if isinstance(value, Decimal) else value
        unit = str(self.raw.get("金额单位"))
        try:
            return parse_setting(
                f"{address}={text}", edition, lambda _: unit if unit in UNITS else None
            )
        except InputError as error:
            for problem in error.problems:
                self._fault(row, column, problem.message, problem.hint)
            return None

    def _table(self, name: str, copy: int) -> dict[str, Any]:
        return self.tables.setdefault(name, {}).setdefault(copy, {})

    def _several(self, name: str) -> Any:
        """A table as the document has it: one, or a list of those that were filled in."""
        instances = [table for _, table in sorted(self.tables[name].items())]
        return instances if len(instances) > 1 else instances[0]

    def _put(self, found: Setting, name: str, edition: Edition, copy: int) -> None:
        spec = edition.specs[found.table].lists[found.list]
        rows = self._table(found.table, copy).setdefault(found.list, [])
        if spec.codes is None:
            while len(rows) < int(found.key):
                rows.append({})
            rows[int(found.key) - 1][found.path[0]] = found.value
            return
        row = next((row for row in rows if row[CODE] == found.key), None)
        if row is None:
            row = {CODE: found.key}
            if name and spec.codes.name(found.key) is None:
                row[NAME] = name
            rows.append(row)
        row[found.path[0]] = found.value

    def _fault(self, row: int, column: int, message: str, hint: str = "") -> None:
        where = f"{self.file} {self.sheet.name}!{make_ref(row, column)}"
        self.problems.append(Problem(where, message, hint, code="bad-value"))
