"""The rows of a long table as texts: of a CSV or TSV file, or of the sheet of a workbook that has its head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from xltool.core.amounts import parse_amount, plain
from xltool.core.csvfile import csv_rows
from xltool.core.problems import InputError
from xltool.core.texts import visible
from xltool.ooxml import Sheet, Value, Workbook, WorkbookError, open_workbook, split_ref
from xltool.ooxml.package.errors import workbook_problem
from xltool.ooxml.read.numberformat import shown_number
from xltool.ooxml.read.styles import shows_date, shows_day
from xltool.ooxml.read.values import day_of

_TEXT_FILES = (".csv", ".tsv")
_FIRST = 5
"""In how many rows of a sheet the head of the table may stand."""


class CellFormula(NamedTuple):
    """A formula that stores no value: what it makes, or why that is not certain.

    `told`: not that, but a figure that is printed as another, in words.
    """

    value: Value = None
    reason: str = ""
    told: str = ""


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
        for number, texts in csv_rows(path):
            yield LongRow(number, texts)
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


def _sheet_rows(workbook: Workbook, sheet: Sheet) -> Iterator[LongRow]:
    made = _made(workbook, sheet)
    for number, items in groupby(sheet.items(), lambda item: split_ref(item[0])[0]):
        texts: list[str] = []
        formulas: dict[int, CellFormula] = {}
        for ref, value in items:
            column = split_ref(ref)[1] - 1
            texts += [""] * (column + 1 - len(texts))
            texts[column] = as_text(shown := without_date(sheet, ref, value))
            if told := printed_otherwise(sheet, ref, shown):
                formulas[column] = CellFormula(told=told)
            if ref in made:
                formulas[column] = made[ref]
        yield LongRow(number, texts, formulas)


def without_date(sheet: Sheet, ref: str, value: Value) -> Value:
    """The value of a cell; a date or time as text, so that it is never taken for a figure."""
    if not isinstance(value, Decimal) or not shows_date(code := sheet.number_format(ref)):
        return value
    day = day_of(value, sheet.workbook.date1904) if shows_day(code) else None
    moment = shown_number(value, code)
    return day.isoformat() if day is not None else moment.text + ("" if moment.sure else "天")


def printed_otherwise(sheet: Sheet, ref: str, value: Value) -> str:
    """Of a figure that its format prints as another one, or not at all, what is to be said; "" of others.

    Nothing is known yet of its kind and unit: `reading.printing` looks closer where they are.
    """
    if (
        not isinstance(value, Decimal)
        or not value
        or (code := sheet.number_format(ref)) == "General"
    ):
        return ""
    text = shown_number(value, code).text.strip()
    if text and _prints(text, value):
        return ""
    return f"印出来是“{text}”，存的是 {plain(value)}（数字格式是 {code}）"


def _prints(text: str, value: Decimal) -> bool:
    """Whether a printed text is a value, rounded to its decimals, or no figure at all."""
    percent = 2 if text.endswith("%") else 0
    bare = text.rstrip("%元万 ")
    try:
        number = parse_amount(bare)
    except ValueError:
        return True
    places = len(bare.rpartition(".")[2].rstrip(")-")) if "." in bare else 0
    half = Decimal(5).scaleb(-places - percent - 1)
    return number is not None and abs(number.scaleb(-percent) - value) <= half


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
