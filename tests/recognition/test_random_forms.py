"""Of forms drawn at random: whatever is read is right, and whatever is not bound is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recognition.randomforms import Cell, Form, Meaning, draw
from xltool.core.model import CODE
from xltool.filling import fill
from xltool.forms.init import make_edition
from xltool.reading import Reading, examine
from xltool.reading.accounting import unaccounted

SEEDS = 120
BLANKS = 30


def bound(reading: Reading) -> Iterator[tuple[Cell, Meaning, object]]:
    """Every figure that was read: its cell, what it was taken for, its value."""
    for place, cell in reading.places.items():
        table = reading.report.tables[place[0]][place[1]]
        match place:
            case (name, _, str(block), int(row), column):
                values = table.lists[block][row]
                key = str(values.get(CODE, row))
                yield cell, (name, (block, key, column)), values[column]
            case (name, _, path):
                yield cell, (name, path), table.fields[path]


def named(reading: Reading) -> set[Cell]:
    """The cells that reading says it has not taken for anything, or could not read."""
    left = {(block.sheet, ref) for block in unaccounted(reading) for ref in block.refs}
    return left | {(fault.sheet, fault.ref) for fault in reading.faults}


def faults(form: Form, reading: Reading) -> Iterator[str]:
    """How what was read differs from the truth, and what of it nobody names."""
    taken: set[Cell] = set()
    for cell, meaning, value in bound(reading):
        if isinstance(value, str):
            continue
        taken.add(cell)
        if cell in form.planted:
            yield f"{cell}: {meaning} read, but it is nobody's"
        elif form.truth.get(cell) != (meaning, value):
            yield f"{cell}: {meaning} = {value} read, but it is {form.truth.get(cell)}"
    if reading.report.unit_name != "某县水务局" or reading.report.year != form.year:
        yield f"{reading.report.unit_name} {reading.report.year}"
    told = named(reading)
    for cell, (meaning, value) in form.truth.items():
        if value != 0 and cell not in taken and cell not in told:
            yield f"{cell}: {meaning} = {value} neither read nor named"
    for cell in form.planted - told:
        yield f"{cell}: planted and not named"


@pytest.mark.parametrize("first", range(0, SEEDS, 10))
def test_whatever_is_read_is_right_and_the_rest_is_named(first: int) -> None:
    told = []
    read = known = 0
    for seed in range(first, first + 10):
        form = draw(seed)
        reading = examine(form.content)
        told += [f"seed {seed}: {fault}" for fault in faults(form, reading)]
        cells = {cell for cell, _, value in bound(reading) if not isinstance(value, str)}
        known += len(form.truth)
        read += len(cells & form.truth.keys())
    assert told == []
    assert read >= 0.95 * known


def values(reading: Reading) -> dict[Meaning, object]:
    """What was read, by what it means."""
    return {
        (meaning[0], tuple(map(str, meaning[1]))): value for _, meaning, value in bound(reading)
    }


def other_year(year: int) -> int:
    """Another year in which the titles mean the same."""
    return year - 1 if year in (2021, 2025) else year + 1


@pytest.mark.parametrize("first", range(0, BLANKS, 10))
def test_a_blank_form_is_known_by_its_labels_and_takes_what_the_filled_one_holds(
    first: int, tmp_path: Path
) -> None:
    told = []
    for seed in range(first, first + 10):
        form = draw(seed)
        filled, blank = examine(form.content), examine(form.blank)
        lost = {s.mapping.table for s in filled.found_tables} - {
            s.mapping.table for s in blank.found_tables
        }
        told += [f"seed {seed}: {table} is not known without figures" for table in lost]
        report = filled.report
        report.unit_name, report.year = "某市教育局", other_year(report.year)
        given, out = tmp_path / f"{seed}.xlsx", tmp_path / f"{seed} filled.xlsx"
        given.write_bytes(form.blank)
        fill(report, filled.edition, out, template=given, totals="given")
        again = examine(out)
        heads = (again.report.unit_name, again.report.year)
        # a sheet that is named by a year keeps its name
        if heads != ("某市教育局", report.year) and not form.style.untitled:
            told.append(f"seed {seed}: {again.report.unit_name} {again.report.year}")
        wanted, found = values(filled), values(again)
        told += [
            f"seed {seed}: {meaning} = {value}, filled as {found.get(meaning)}"
            for meaning, value in wanted.items()
            if found.get(meaning) != value
        ]
    assert told == []


@pytest.mark.parametrize("seed", range(8))
def test_every_form_becomes_an_edition_of_ones_own(seed: int, tmp_path: Path) -> None:
    form = draw(seed)
    book = tmp_path / "表样.xlsx"
    for content in (form.blank, form.content):
        book.write_bytes(content)
        made = make_edition(book, "本局")
        tables = {s.mapping.table for s in examine(content).found_tables}
        assert {table.mapping.table for table in made.tables} == tables and made.proved
