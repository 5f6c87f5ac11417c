"""Adjustments (抵销、差额): ordinary data documents of the same edition, added to the sum; negative amounts allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xltool.core.model import CODE, NAME, Report
from xltool.core.places import each_table
from xltool.core.problems import InputError, Problem, raise_if
from xltool.documents.load import load
from xltool.editions import Edition
from xltool.reading import read
from xltool.sums.addend import Addend, make_addend
from xltool.sums.cells import Names, additive
from xltool.sums.units import DOCUMENTS, as_filled, in_file


def load_adjustments(files: Iterable[Path], units: Sequence[Addend], unit: str) -> list[Addend]:
    """The adjustments in `files`, with their 类, 款 and totals, in the money unit `unit`.

    Names that neither the document nor the code list has are those of the units. Raises `InputError` for an
    unreadable file, another edition or year, and for figures in tables that are not added.
    """
    names: Names = {}
    for source in reversed(units):
        names |= {key: name for key, name in source.names.items() if name}
    return [_load(path, units[0], unit, names) for path in files]


def _load(path: Path, first: Addend, unit: str, names: Names) -> Addend:
    try:
        if path.suffix.lower() in DOCUMENTS:
            report, edition = load(path)
            raise_if(_unfit(report, edition, first))
            _name_rows(report, edition, names)
            report = as_filled(report, edition)
        else:
            reading = read(path)
            report, edition = reading.report, reading.edition
            raise_if(_unfit(report, edition, first))
    except InputError as error:
        raise InputError(in_file(f"调整表 {path.name}", path, error.problems)) from error
    return make_addend(path.name, report, edition, unit)


def _unfit(report: Report, edition: Edition, first: Addend) -> Iterator[Problem]:
    if (edition.id, report.year) != (first.edition.id, first.year):
        message = f"是 {edition.id} 版、{report.year}年度，各单位是 {first.edition.id} 版、{first.year}年度"
        yield Problem("", message, "调整表要与各单位的表同版本、同年度", code="not-alike")
    for name, tables in report.tables.items():
        if not additive(edition.specs[name]) and any(not table.empty for table in tables):
            yield Problem(name, "这张表不相加，不能调整", "从调整表里去掉", code="not-additive")


def _name_rows(report: Report, edition: Edition, names: Mapping[tuple[str, str, str], str]) -> None:
    """Rows without a name take the code list's, or what the units call them."""
    for table_name, _, table in each_table(report):
        for list_name, rows in table.lists.items():
            codes = edition.specs[table_name].lists[list_name].codes
            for row in rows:
                code = str(row.get(CODE, ""))
                known = codes.name(code) if codes else None
                name = known or names.get((table_name, list_name, code))
                if NAME not in row and name:
                    row[NAME] = name
