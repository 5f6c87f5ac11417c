"""Changing figures of a filled workbook by their names, as a patch: `支出决算表.明细[2013901].基本支出=51.32`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.checks import Validation, validate
from xltool.core.csvfile import csv_rows
from xltool.core.model import CODE
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.core.problems import InputError, Problem, raise_if
from xltool.editions import EditionLike
from xltool.entry.addresses import HINT, Setting, parse_setting
from xltool.filling.totals import choose_totals
from xltool.ooxml import Editor, WorkbookError
from xltool.ooxml import Value as CellValue
from xltool.ooxml.package.errors import workbook_problem


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
    unsigned: bool = False
    """Whether it has lost its digital signature."""


def read_changes(path: Path) -> list[str]:
    """Changes of a CSV with two columns, address and value; a head line is passed over. Raises `InputError`."""
    rows = [row for _, row in csv_rows(path) if row and row[0].strip()]
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
        problems.append(Problem(str(book), "没有要改的数", HINT, code="nothing-to-do"))
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
        choose_totals(editor, {}, "formula", [])
        followed = [
            Change("", sheet, ref, old, new)
            for (sheet, ref), old in shown.items()
            if (new := editor.sheet(sheet).value(ref)) != old
        ]
        data, unsigned = editor.content(), editor.unsigned
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(book))) from error
    return Changed(data, found, followed, validate(data, before.reading.edition), unsigned)


def told(done: Changed) -> Iterator[str]:
    """What was changed, what follows, what the check says: a line each."""
    for one in done.changes:
        place = f"{one.sheet} {one.ref}"
        yield f"{one.address}（{place}）：{shown(one.before)} → {shown(one.after)}"
    for one in done.followed:
        yield f"公式跟着变：{one.sheet} {one.ref}：{shown(one.before)} → {shown(one.after)}"


class _Targets:
    """Settings -> cells of one workbook."""

    def __init__(self, validation: Validation) -> None:
        self.context = validation.context
        self.reading = validation.reading

    def find(self, text: str, problems: list[Problem]) -> Change | None:
        """The cell of one setting; what is wrong with it goes to `problems`."""
        try:
            setting = parse_setting(text, self.reading.edition, self._unit)
            return self._change(setting, self._place(setting))
        except InputError as error:
            problems += error.problems
            return None

    def _unit(self, table: str) -> str | None:
        found_table = self.context.found_table(table, 0)
        return found_table.unit if found_table else None

    def _place(self, setting: Setting) -> Place:
        if not setting.list:
            return FieldPlace(setting.table, 0, setting.path)
        return RowPlace(setting.table, 0, setting.list, self._position(setting), setting.path[0])

    def _position(self, setting: Setting) -> int:
        """The row of a 科目编码, or the row of a number in a list without codes."""
        found = self.reading.report.table(setting.table)
        rows = found.lists.get(setting.list, []) if found else []
        codes = [str(row.get(CODE, "")) for row in rows]
        if setting.key in codes:
            return codes.index(setting.key)
        if setting.key.isdigit() and not any(codes) and 0 < int(setting.key) <= len(rows):
            return int(setting.key) - 1
        hint = "加一行要重新填报（fill）；这里只改已有的行"
        raise InputError(
            Problem(setting.address, f"明细里没有 {setting.key}", hint, code="unknown-name")
        )

    def _change(self, setting: Setting, place: Place) -> Change:
        cell = self.context.cell(place)
        if cell is None:
            raise InputError(Problem(setting.address, "工作簿里找不到这一格", code="unknown-name"))
        sheet, ref = cell
        if ref in self.reading.workbook.sheet(sheet).formulas():
            message = f"“{sheet}”{ref} 是公式，由别的格算出来"
            raise InputError(
                Problem(
                    setting.address, message, "改它的组成部分，公式会跟着变", code="unknown-name"
                )
            )
        before = self.reading.workbook.sheet(sheet).value(ref)
        return Change(setting.address, sheet, ref, before, setting.value)


def shown(value: object) -> str:
    """A value for a message."""
    if value is None or value == "":
        return "空白"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
