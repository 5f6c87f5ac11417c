"""A filled workbook -> Report, with what drifted and what matched no field."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.collector import collecting_nothing
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import visible
from xltool.editions import Edition, EditionLike, find_edition, is_here
from xltool.editions.recognised import own_editions
from xltool.mapping.ownsheets import named_edition
from xltool.mapping.titles import Titles
from xltool.ooxml import Sheet, Workbook, WorkbookError
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading.forms import as_asked, by_words, decided
from xltool.reading.found import FoundTable
from xltool.reading.heads import take_heads
from xltool.reading.model import Reading
from xltool.reading.partial import set_aside, shortcomings
from xltool.reading.placing import Placing, placing
from xltool.reading.recalculated import missing_values
from xltool.reading.source import Source, open_source, source_name
from xltool.reading.statements import stated_empty
from xltool.reading.tables import TableReader
from xltool.reading.units import convert_table, level_columns, to_unit

__all__ = ["FoundTable", "Reading", "Source", "examine", "read", "shortcomings", "to_unit"]


def read(
    source: Source,
    edition: EditionLike | None = None,
    *,
    unit: str | None = None,
    complete: bool = True,
) -> Reading:
    """Read a workbook completely: raises `InputError` for anything that cannot be read for certain.

    Without `complete`, what can be read is given, and what cannot is in the reading's `faults` and `problems`
    and in the report's `unread`; then `InputError` is raised only where nothing can be read.

    `source` is a path, the bytes of a workbook, an open file or an openpyxl workbook; `edition` an id, a folder
    or an `Edition`, recognised when it is not given.
    `unit` (元 or 万元) converts the amounts exactly; without it they stay in the printed unit.
    """
    reading = examine(source, edition)
    if complete:
        raise_if(shortcomings(reading))
    else:
        set_aside(reading)
    if unit is not None:
        to_unit(reading.report, unit, reading.edition.specs)
    return reading


@collecting_nothing()
def examine(source: Source, edition: EditionLike | None = None, *, form_of: int = 0) -> Reading:
    """As `read`, but faults and problems are collected in the result.

    `form_of`: the year of which a blank form will be that prints none; it tells tables of one title apart.
    Raises `InputError` when the file is no readable workbook or not of a known edition.
    """
    asked = None if edition is None else find_edition(edition)
    workbook = open_source(source)
    try:
        titles = Titles(workbook)
        reading = _located(workbook, titles, asked, form_of)
        if asked is None and (named := named_edition(workbook)) and not is_here(named):
            reading.absent = named
        take_heads(reading)
        _values(reading)
        reading.report.no_data += stated_empty(reading.report, reading.statements)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, source_name(source))) from error
    return reading


def _located(workbook: Workbook, titles: Titles, asked: Edition | None, year: int) -> Reading:
    """Where the tables of a workbook stand: as its edition has them, else as its words say."""
    if asked is not None:
        if asked.recognise:
            return by_words(workbook, asked, year)
        return as_asked(placing(workbook, titles, asked))
    try:
        by_edition: Placing | InputError = placing(workbook, titles, None)
    except InputError as error:
        by_edition = error
    if isinstance(by_edition, Placing) and by_edition.edition.recognise:
        own = own_editions(workbook, titles.years())
        return by_words(workbook, own[0] if len(own) == 1 else by_edition.edition, year)
    return decided(workbook, titles, by_edition, year)


def _values(reading: Reading) -> None:
    report = reading.report
    recalculated = missing_values(reading, _bound(reading))
    reading.never_calculated = bool(recalculated.zeros)
    reading.made = recalculated.values
    for found_table in reading.found_tables:
        table = TableReader(reading, found_table, recalculated).read()
        for rest in reading.rests_of(found_table.copy):
            TableReader(reading, rest, recalculated, table).read()
        report.tables.setdefault(found_table.mapping.table, []).append(table)
        level_columns(table, found_table.mapping, found_table.unit or report.unit or "元")
        field = found_table.mapping.unit_name
        if field and not report.unit_name:
            report.unit_name = visible(str(table.fields.get((field,), ""))).strip()
        if found_table.unit and report.unit and found_table.unit != report.unit:
            convert_table(table, found_table.mapping.spec, found_table.unit, report.unit)
    if not report.unit_name:
        reading.problems.append(Problem(reading.file, "找不到单位名称", code="no-unit-name"))


def _bound(reading: Reading) -> Iterator[tuple[Sheet, str]]:
    """Every bound cell."""
    for found_table in reading.parts:
        located = found_table.located
        for ref in located.fields.values():
            yield located.sheet, ref
        for codes in located.codes.values():
            for ref in codes.values():
                yield located.sheet, ref
        for rows in located.lists.values():
            for row in rows.rows:
                for column in rows.columns:
                    yield located.sheet, rows.ref(row, column)
