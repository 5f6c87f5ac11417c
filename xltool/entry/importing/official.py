"""Workbooks that are an edition's official form already: their figures go where another edition has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from xltool.core.model import CODE
from xltool.core.places import FieldPlace, Place
from xltool.core.problems import InputError
from xltool.core.suffixes import WORKBOOKS
from xltool.documents.grids import SourceGrid
from xltool.entry.importing.collected import ImportSource, Target
from xltool.entry.importing.taking import Taking
from xltool.ooxml import split_ref
from xltool.reading import Reading, examine
from xltool.rules.load import load_rules


def official(path: Path) -> Reading | None:
    """The reading of a workbook that is an edition's own form, wholly read; None for any other file."""
    if path.suffix.lower() not in WORKBOOKS:
        return None
    try:
        reading = examine(path)
    except InputError:
        return None
    whole = not (reading.problems or reading.faults or reading.recognised)
    return reading if whole and reading.found_tables else None


def heads_said(readings: Iterable[Reading]) -> Iterator[tuple[str, str]]:
    """单位名称, 年度, 金额单位 as official workbooks say them."""
    for reading in readings:
        report = reading.report
        for head, value in (
            ("单位名称", report.unit_name),
            ("年度", report.year),
            ("金额单位", report.unit),
        ):
            if value:
                yield head, str(value)


def take_official(taking: Taking, path: Path, reading: Reading) -> None:
    """Take every figure of an official workbook, with its cell."""
    short = {table: alias for alias, table in load_rules(reading.edition).tables.items()}
    unit = str(reading.report.unit or "")
    grids: dict[str, SourceGrid] = {}
    for place, at in reading.places.items():
        value, target = _figure(reading, place, short)
        if value is None:
            continue
        grid = grids.setdefault(at.sheet, SourceGrid(path.name, at.sheet, {}))
        row, column = split_ref(at.ref)
        amount = taking.converted(value, unit)
        taking.found.figures[target].append(ImportSource(grid, row, column, value, amount))
    taking.note(f"{path.name} 是 {reading.edition.id} 的官方工作簿，每格的数照搬到同名的格")


def _figure(reading: Reading, place: Place, short: dict[str, str]) -> tuple[Decimal | None, Target]:
    value = place.value_in(reading.report)
    figure = value if isinstance(value, Decimal) else None
    table = short.get(place.table, place.table)
    if isinstance(place, FieldPlace):
        return figure, (table, *place.path)
    code = place.row_in(reading.report).get(CODE)
    return (figure if code else None), (table, str(code), place.column)
