"""The proof of an own edition: a trial is filled into its form, read back, and read once more by openpyxl."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.checks import validate
from xltool.core.hints import Hint
from xltool.core.model import CODE, NAME, Report, Row, Table, Value
from xltool.core.places import FieldPlace, instance_name, places
from xltool.core.problems import InputError, Problem
from xltool.editions import Edition
from xltool.filling import fill
from xltool.filling.forms import BlankForm
from xltool.forms.secondreader import second_reading
from xltool.livechecks import add_checks_sheet
from xltool.mapping.blocks import Codes, Form, ListBlock
from xltool.mapping.located import LocatedList
from xltool.mapping.recognition.vocabulary.keys import header_year
from xltool.ooxml import Editor, Sheet, open_workbook
from xltool.reading import Reading, examine

_TRIAL_CODES = {2: ("30101", "30201"), 3: ("2010301", "2080505")}
"""Two lowest codes by the number of levels of their list: the economic one, the functional one."""
_TRIAL_YEAR = 2022


class Proved(NamedTuple):
    """How many values of a trial were read back equal, and the lists in which nothing could be tried.

    `seconded`: how many cells openpyxl, which shares nothing with our reader, saw alike; None where it is missing.
    """

    figures: int
    without: tuple[str, ...]
    seconded: int | None
    heads: tuple[Problem, ...] = ()
    """That the form has no place for the unit's name."""


def prove(edition: Edition, form: Path) -> Proved:
    """Fill a trial into the form of an edition, read it back, validate it, add a 审核表. Raises `InputError`."""
    blank = BlankForm(open_workbook(form), edition).reading
    trial = _trial(blank, edition)
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / f"试填{form.suffix}"
        fill(trial, edition, out)
        reading = examine(out, edition)
        validate(reading)
        add_checks_sheet(Editor(reading.workbook), reading)
        seconded, otherwise = second_reading(out, form, blank, reading)
    wrong = [*_differences(trial, reading.report), *otherwise]
    if wrong:
        hint = Hint("这份表样暂时绑不了；用 fill --template 填，或写映射文件", "这份表样暂时绑不了")
        raise InputError([Problem("试填", text, hint, code="bad-mapping") for text in wrong])
    figures = sum(1 for _ in _values(trial))
    heads = tuple(_without_head(reading, form.name))
    return Proved(figures, tuple(without_rows(blank)), seconded, heads)


def _without_head(reading: Reading, form: str) -> Iterator[Problem]:
    """That the unit's name is said nowhere in the filled form, and where to print it; of the year it is asked."""
    if any(problem.code == "no-unit-name" for problem in reading.problems):
        told = "表样哪里都没有写单位名称的地方，填了读不回来"
        yield Problem(form, told, "在表头或封面印上“单位名称：”", code="bad-edition")


def without_rows(blank: Reading) -> Iterator[str]:
    """The lists of a blank form that have no row to begin with."""
    for found_table in blank.found_tables:
        for name, found in found_table.located.lists.items():
            if not found.rows:
                yield f"工作表“{found_table.located.sheet.name}”的“{name}”"


def _trial(blank: Reading, edition: Edition) -> Report:
    """A document with a figure in every cell of the form that takes one."""
    first, last = edition.years
    year = blank.report.year or _year_of_heads(blank) or min(max(_TRIAL_YEAR, first), last)
    report = Report(edition.id, "样本县试填局", year, blank.report.unit or "万元")
    number = 0
    for found_table in blank.found_tables:
        mapping = found_table.mapping
        cells = found_table.located.sheet
        table = Table()
        for block in mapping.blocks:
            if isinstance(block, Form):
                for field in block.fields:
                    ref = found_table.located.fields.get(field.path)
                    if field.kind == "amount" and ref and cells.formula(ref) is None:
                        number += 1
                        table.fields[field.path] = Decimal(number) / 100 + 1
            elif isinstance(block, ListBlock):
                found = found_table.located.lists.get(block.name)
                if found is None or not found.rows:
                    continue
                taken = _formula_columns(found, cells)
                coded = block.codes is not None
                table.lists[block.name] = (_rows if coded else _texts)(block, taken, number)
                number += 20
            elif isinstance(block, Codes):
                places = found_table.located.codes.get(block.name, {})
                taken = {code for code in block.listed if cells.formula(places[code]) is not None}
                table.lists[block.name] = rows = _coded(block, taken, number)
                number += len(rows)
        if not table.empty:
            if (own := (mapping.unit_name or "",)) in found_table.located.fields:
                table.fields[own] = report.unit_name
            report.tables.setdefault(mapping.table, []).append(table)
    return report


def _year_of_heads(blank: Reading) -> int:
    """The year that the heads of columns print (2023年决算数); 0 when they print none: they are good for that one."""
    heads = (a.text for found in blank.found_tables for a in found.mapping.header)
    return max(map(header_year, heads), default=0)


def _lowest(codes: Sequence[str]) -> Iterator[str]:
    """The codes that no other one is a part of."""
    for code in codes:
        if not any(other != code and other.startswith(code) for other in codes):
            yield code


def _texts(block: ListBlock, computed: set[str], number: int) -> list[Row]:
    """A row of a list without codes, with something of its kind in every column."""
    row: Row = {}
    for n, column in enumerate(block.columns, 1):
        if column.name not in computed:
            figure = column.kind not in ("text", "name", "code")
            row[column.name] = Decimal(number + n) / 100 + 1 if figure else f"试填{number + n}"
    if CODE in block.by_name:
        row[CODE] = _TRIAL_CODES[3][0]
    return [row]


def _formula_columns(rows: LocatedList, sheet: Sheet) -> set[str]:
    """The columns of a list that the form computes."""
    return {
        column
        for column in rows.columns
        for row in rows.rows
        if sheet.formula(rows.ref(row, column)) is not None
    }


def _rows(block: ListBlock, computed: set[str], number: int) -> list[Row]:
    """Two rows of the lowest level, with a figure in every column but the first (the total) and computed ones."""
    columns = [c.name for c in block.columns if c.kind == "amount"]
    parts = [c for c in columns[1:] or columns if c not in computed]
    rows: list[Row] = []
    assert block.codes is not None
    for n, code in enumerate(_TRIAL_CODES[len(block.codes.levels)]):
        row: Row = {CODE: code}
        row |= {c: Decimal(number + n * 10 + k) / 100 + 1 for k, c in enumerate(parts)}
        rows.append(row)
    return rows


def _coded(block: Codes, computed: set[str], number: int) -> list[Row]:
    """Rows for a fixed list of codes: figures for the lowest, and what they come to for those above them.

    Rows of 类 that hold no formula of their own may be what the form's totals add up.
    """
    lowest = [code for code in _lowest(block.listed) if code not in computed]
    figures = {code: Decimal(number + n) / 100 + 1 for n, code in enumerate(lowest, 1)}
    for code in block.listed:
        parts = [figures[part] for part in lowest if part.startswith(code)]
        if parts and code not in computed:
            figures[code] = sum(parts, Decimal(0))
    return [{CODE: code, "金额": value} for code, value in figures.items()]


def _values(report: Report) -> Iterator[tuple[tuple[str, ...], Value]]:
    for place, value in places(report):
        shown = instance_name(place.table, place.instance)
        if isinstance(place, FieldPlace):
            yield (shown, *place.path), value
        elif place.column not in (CODE, NAME):
            key = str(place.row_in(report).get(CODE) or f"第{place.row + 1}行")
            yield (shown, place.list, key, place.column), value


def _differences(trial: Report, read: Report) -> Iterator[str]:
    back = dict(_values(read))
    for place, value in _values(trial):
        if back.get(place) != value:
            yield f"{'·'.join(place)} 填的是{value}，读回来是{back.get(place, '空白')}"
