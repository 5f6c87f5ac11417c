"""The rows of a long table as texts: of a CSV or TSV file, or of the sheet of a workbook that has its head."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from xltool.core.amounts import plain
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.texts import visible
from xltool.ooxml import Sheet, Value, Workbook, WorkbookError, open_workbook, split_ref
from xltool.ooxml.package.errors import workbook_problem
from xltool.ooxml.read.styles import shows_day
from xltool.ooxml.read.values import day_of

_TEXT_FILES = (".csv", ".tsv")
_FIRST = 5
"""In how many rows of a sheet the head of the table may stand."""


class CellFormula(NamedTuple):
    """A formula that stores no value: what it makes, or why that is not certain."""

    value: Value = None
    reason: str = ""


class LongRow(NamedTuple):
    """A row of the file: its number, the texts of its cells, and by column those that are `CellFormula`."""

    number: int
    texts: list[str]
    formulas: Mapping[int, CellFormula] = {}


def heading(row: LongRow) -> list[str] | None:
    """The column names of a row when it is the head of a long table, or None."""
    names = [visible(text).strip() for text in row.texts]
    return names if "表" in names and "值" in names else None


def long_rows(path: Path) -> Iterator[LongRow]:
    """The rows of a file; of a workbook, those of the first sheet with a long table. Raises `InputError`."""
    if path.suffix.lower() in _TEXT_FILES:
        yield from _csv_rows(path)
        return
    try:
        workbook = open_workbook(path)
        for sheet in workbook.sheets:
            rows = list(_sheet_rows(workbook, sheet))
            if any(map(heading, rows[:_FIRST])):
                yield from rows
                return
    except WorkbookError as error:
        raise InputError(workbook_problem(error, path.name)) from error


def as_text(value: Value) -> str:
    """A value as a CSV file would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return plain(value) if isinstance(value, Decimal) else str(value)


def _csv_rows(path: Path) -> Iterator[LongRow]:
    text = _decoded(path)
    first = text.partition("\n")[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield LongRow(reader.line_num, row)
    except csv.Error as error:
        where = f"{path.name} 第{reader.line_num}行"
        raise InputError(Problem(where, f"CSV 不合格式：{error}", code="bad-syntax")) from None


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(Problem(str(path), "没有这个文件", code="missing")) from None
    except OSError as error:
        raise InputError(
            Problem(str(path), f"读不了：{system_reason(error)}", code="unreadable")
        ) from None
    try:
        # Excel's “Unicode 文本” is UTF-16 with tabs
        utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            message = "既不是 UTF-8 也不是 GBK 编码的文本"
            raise InputError(
                Problem(path.name, message, "另存为 CSV UTF-8", code="unreadable")
            ) from None


def _sheet_rows(workbook: Workbook, sheet: Sheet) -> Iterator[LongRow]:
    made = _made(workbook, sheet)
    for number, items in groupby(sheet.items(), lambda item: split_ref(item[0])[0]):
        texts: list[str] = []
        formulas: dict[int, CellFormula] = {}
        for ref, value in items:
            column = split_ref(ref)[1] - 1
            texts += [""] * (column + 1 - len(texts))
            texts[column] = as_text(without_date(sheet, ref, value))
            if ref in made:
                formulas[column] = made[ref]
        yield LongRow(number, texts, formulas)


def without_date(sheet: Sheet, ref: str, value: Value) -> Value:
    """The value of a cell; a date as text, so that it is never taken for a figure."""
    if isinstance(value, Decimal) and shows_day(sheet.number_format(ref)):
        day = day_of(value, sheet.workbook.date1904)
        return day.isoformat() if day is not None else value
    return value


def _made(workbook: Workbook, sheet: Sheet) -> Mapping[str, CellFormula]:
    """What the formulas make that store no value."""
    refs = sheet.uncached()
    if not refs:
        return {}
    from xltool.ooxml.calc.recalc import recalculate

    result = recalculate({s.name: s for s in workbook.sheets})
    cells = {ref: (sheet.name, ref) for ref in refs}
    return {
        ref: CellFormula(result.values[cell])
        if cell in result.values
        else CellFormula(reason=result.uncertain.get(cell, "算不出来"))
        for ref, cell in cells.items()
    }
