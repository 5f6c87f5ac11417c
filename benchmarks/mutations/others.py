"""Slips in cells, formulas, sheets and heads."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from benchmarks.mutations.books import Book, Spot
from benchmarks.mutations.slip import Make, Slip
from tests.support.editing import hide_row
from xltool.ooxml import Editor, make_ref, split_ref

# ── cells ──


def in_a_cell(text: Callable[[str, Random], str]) -> Make:
    """A figure replaced by a text made from it."""

    def make(book: Book, rng: Random) -> Slip | None:
        spot = rng.choice(book.inputs)
        written = text(f"{spot.value:f}", rng)
        return Slip(lambda e: e.set(*spot.cell, written), (spot.cell,))

    return make


def same(text: str, rng: Random) -> str:
    return text


def remark(text: str, rng: Random) -> str:
    return rng.choice(["无", f"约{text}", "见说明"])


def full_width(text: str, rng: Random) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"})


def error_value(book: Book, rng: Random) -> Slip | None:
    """A cell that shows an error, from a formula that lost its cells."""
    spot = rng.choice(book.inputs)
    return Slip(lambda e: e.set_formula(*spot.cell, rng.choice(["1/0", "#REF!+1"])), (spot.cell,))


# ── formulas ──


def _formulas(book: Book) -> list[Spot]:
    return [spot for spot in book.spots if spot.formula]


def external_link(book: Book, rng: Random) -> Slip | None:
    """A figure fetched from another workbook."""
    spot = rng.choice(book.inputs)

    def edit(editor: Editor) -> None:
        editor.set_formula(*spot.cell, "[1]Sheet1!$B$3")
        editor.set_cached(*spot.cell, spot.value)

    return Slip(edit, (spot.cell,), recalculated=False)


def stale(book: Book, rng: Random) -> Slip | None:
    """A formula whose stored value is not what it computes: the book was not recalculated."""
    spots = _formulas(book)
    if not spots:
        return None
    spot = rng.choice(spots)
    wrong = spot.value + Decimal(rng.randint(1, 99999)) / 100
    return Slip(lambda e: e.set_cached(*spot.cell, wrong), (spot.cell,), recalculated=False)


def short_sum(book: Book, rng: Random) -> Slip | None:
    """A sum that leaves out the last row or column that it should add."""
    workbook = book.clean.reading.workbook
    found = []
    for spot in _formulas(book):
        sheet, ref = spot.cell
        formula = workbook.sheet(sheet).formula(ref) or ""
        start = formula.rfind("SUM(")
        inner = formula[start + 4 :].partition(")")[0]
        if start >= 0 and inner.count(":") == 1 and "," not in inner:
            last = inner.partition(":")[2]
            row, column = split_ref(last)
            first_row, first_column = split_ref(inner.partition(":")[0])
            shorter = (row - 1, column) if first_column == column else (row, column - 1)
            if (sheet, row, column) in book.by_position and shorter >= (first_row, first_column):
                found.append((spot, f"SUM({inner.partition(':')[0]}:{make_ref(*shorter)})"))
    if not found:
        return None
    spot, formula = rng.choice(found)
    return Slip(lambda e: e.set_formula(*spot.cell, formula), (spot.cell,))


# ── sheets and heads ──


def hidden_row(book: Book, rng: Random) -> Slip | None:
    """A row with figures that nobody sees."""
    sheet, ref = rng.choice(book.spots).cell
    row, _ = split_ref(ref)
    return Slip(lambda e: hide_row(e, sheet, row), ((sheet, ref),))


def head(head: str, change: Callable[[str, str], str]) -> Make:
    """A head that is written otherwise on one sheet."""

    def make(book: Book, rng: Random) -> Slip | None:
        found_tables = [s for s in book.clean.reading.found_tables if head in s.heads]
        if len(found_tables) < 3:
            return None
        found_table = rng.choice(found_tables)
        sheet = found_table.located.sheet
        refs = [r for r, what in found_table.located.labels.items() if "{" + head + "}" in what]
        refs = [r for r in refs if isinstance(sheet.value(r), str)]
        if not refs:
            return None
        text = str(sheet.value(refs[0]))
        new = change(text, found_table.heads[head])
        return Slip(lambda e: e.set(sheet.name, refs[0], new), ((sheet.name, refs[0]),))

    return make


def other_year(text: str, year: str) -> str:
    return text.replace(year, str(int(year) - 1))


def other_name(text: str, name: str) -> str:
    return text.replace(name, f"{name[:-1]}办公室")


def said_empty(book: Book, rng: Random) -> Slip | None:
    """A table with figures that says that it has none."""
    filled = {spot.place[0] for spot in book.spots}
    found_tables = [
        s
        for s in book.clean.reading.found_tables
        if s.mapping.empty is not None and s.mapping.table in filled
    ]
    if not found_tables:
        return None
    found_table = rng.choice(found_tables)
    located, line = found_table.located, found_table.mapping.empty
    assert line is not None
    ref = make_ref(located.moved(line.range.top), line.range.left)
    sheet, text = located.sheet.name, "说明：本单位没有这项收支，故本表无数据。"
    return Slip(lambda e: e.set(sheet, ref, text), ((sheet, ref),))
