"""A block that slipped is told as one cause: its rows or columns, and that it is to be put back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from benchmarks.mutations.books import Book, books, with_prior
from tests.support.documents import make
from tests.support.editing import edited, recalculated_in_place
from xltool.checks import Validation, validate
from xltool.checks.diagnosis.grid import AmountGrid, At
from xltool.checks.diagnosis.moved import _Table
from xltool.checks.findings import Finding
from xltool.core.model import Report, Row, Table
from xltool.core.places import Place
from xltool.editions import find_edition
from xltool.filling import fill
from xltool.ooxml import Editor, make_ref, split_ref

SPENDING, INCOME = "支出决算表", "收入决算表"
GENERAL, OVERVIEW = "一般公共预算财政拨款支出决算表", "收入支出决算总表"
TABLES = pytest.mark.parametrize("table", [SPENDING, GENERAL, INCOME])
STYLES = pytest.mark.parametrize("live", [True, False], ids=["公式", "数值"])
Change = Callable[[AmountGrid, dict[At, Decimal | None]], dict[At, Decimal | None]]


@pytest.fixture(scope="module")
def right_books() -> dict[bool, Book]:
    """A right workbook with formulas, and one of plain figures."""
    raw = make(2, "2023-national", details=9, unit="万元")
    return {live: books(raw, "公式簿" if live else "数值簿")[0] for live in (True, False)}


def grid_of(validation: Validation, table: str) -> AmountGrid:
    (found_table,) = (s for s in validation.reading.found_tables if s.mapping.table == table)
    return AmountGrid(validation.context, found_table)


def after(book: Book, table: str, change: Change, **more: object) -> Validation:
    """What validating gives after figures of a table were moved, as Excel leaves the book."""
    grid = grid_of(book.clean, table)
    sheet = book.clean.reading.workbook.sheet(cell_of(book.clean, next(iter(grid.at)))[0])
    stands = {at: grid.figure(at) for at in grid.places}

    def paste(editor: Editor) -> None:
        for at, value in change(grid, stands).items():
            editor.set(sheet.name, make_ref(*at), value, over_formula=True)
        if book.style != "数值簿":
            recalculated_in_place(editor)

    return validate(edited(book.data, paste), prior=book.prior)


def cell_of(validation: Validation, place: Place) -> tuple[str, str]:
    cell = validation.context.cell(place)
    assert cell is not None
    return cell


def rows_of(grid: AmountGrid) -> list[int]:
    """The rows of the table's list."""
    return sorted({at[0] for place, at in grid.at.items() if len(place) == 5})


def moved(step: At, first: int = 0, short: int = 0) -> Change:
    """The list's figures from its n-th row on, each in the next cell of a direction; `short`: without the last."""

    def change(grid: AmountGrid, stands: dict[At, Decimal | None]) -> dict[At, Decimal | None]:
        rows = rows_of(grid)
        block = [at for at in stands if rows[first] <= at[0] <= rows[-1 - short]]
        new: dict[At, Decimal | None] = dict.fromkeys(block)
        new |= {grid.beside(at, step): stands[at] for at in block}
        return new

    return change


def told(validation: Validation, table: str, words: str) -> Finding:
    """The first finding that tells the slip; all that fails in the table is told under it, and no cell blamed."""
    failed = [f for f in validation.findings if f.outcome == "不符" and f.level == "error"]
    rules = [f for f in failed if f.left is not None]
    found = [f for f in rules if words in f.hint]
    assert found, {f.hint for f in rules}
    assert all(f"“{table}”" in f.hint for f in found)
    assert len(found) > 0.8 * len(rules)
    assert not [f for f in rules if f.expected is not None]
    assert {f.group for f in found} == {found[0].group}
    assert found[0].suspect is None
    return found[0]


def area(validation: Validation, table: str, first: int, last: int) -> str:
    """The typed cells of rows of a table's list, as in C7:E12."""
    grid = grid_of(validation, table)
    rows = rows_of(grid)
    return f"{make_ref(rows[first], grid.columns[0])}:{make_ref(rows[last], grid.columns[-1])}"


@STYLES
@TABLES
@pytest.mark.parametrize(
    ("step", "words"),
    [((1, 0), "整块下移了一行"), ((0, 1), "整块右移了一栏"), ((0, -1), "整块左移了一栏")],
)
def test_a_block_a_row_or_a_column_off(
    right_books: dict[bool, Book], live: bool, table: str, step: At, words: str
) -> None:
    short = 1 if step == (1, 0) else 0  # below the list is the note
    validation = after(right_books[live], table, moved(step, short=short))
    finding = told(validation, table, words)
    assert area(validation, table, 0, -1) in finding.hint


@STYLES
@TABLES
def test_a_block_pasted_one_row_up(right_books: dict[bool, Book], live: bool, table: str) -> None:
    validation = after(right_books[live], table, moved((-1, 0), first=1))
    finding = told(validation, table, "整块上移了一行")
    assert "整块下移一行放回去" in finding.hint


@STYLES
@TABLES
def test_a_part_of_the_list_pasted_one_row_down(
    right_books: dict[bool, Book], live: bool, table: str
) -> None:
    validation = after(right_books[live], table, moved((1, 0), first=10, short=1))
    finding = told(validation, table, "整块下移了一行")
    assert area(validation, table, 10, -1) in finding.hint


@STYLES
@pytest.mark.parametrize("table", [SPENDING, GENERAL])
def test_two_columns_exchanged(right_books: dict[bool, Book], live: bool, table: str) -> None:
    def change(grid: AmountGrid, stands: dict[At, Decimal | None]) -> dict[At, Decimal | None]:
        one, other = grid.columns[1:3]
        swapped = {one: other, other: one}
        return {
            (row, swapped[column]): value
            for (row, column), value in stands.items()
            if column in swapped
        }

    finding = told(after(right_books[live], table, change), table, "两栏的数很可能互换了")
    assert "“基本支出”、“项目支出”" in finding.hint


@STYLES
@pytest.mark.parametrize("table", [SPENDING, GENERAL])
def test_a_column_pasted_into_its_neighbour(
    right_books: dict[bool, Book], live: bool, table: str
) -> None:
    def change(grid: AmountGrid, stands: dict[At, Decimal | None]) -> dict[At, Decimal | None]:
        one, other = grid.columns[1:3]
        rows = rows_of(grid)
        return {(row, other): stands[row, one] for row in rows}

    finding = told(after(right_books[live], table, change), table, "逐行相同")
    assert "“项目支出”栏与“基本支出”栏" in finding.hint


def doubled(rows: int, blank: bool) -> Change:
    """The first rows of a list with 项目支出 as 基本支出, the others without both; or one of these without the one."""

    def change(grid: AmountGrid, stands: dict[At, Decimal | None]) -> dict[At, Decimal | None]:
        one, other = grid.columns[1:3]
        lines = rows_of(grid)
        new: dict[At, Decimal | None] = {(row, c): None for row in lines for c in (one, other)}
        alike = [row for row in lines if stands[row, one]][:rows]
        new |= {(row, column): stands[row, one] for row in alike for column in (one, other)}
        if blank:
            left = next(row for row in lines if row not in alike and stands[row, one])
            new[left, one] = stands[left, one]
        return new

    return change


@pytest.mark.parametrize(
    ("rows", "blank", "doubled_"), [(3, False, True), (2, False, False), (4, True, False)]
)
def test_a_column_is_pasted_only_where_all_rows_are_alike_and_three_show_it(
    right_books: dict[bool, Book], rows: int, blank: bool, doubled_: bool
) -> None:
    validation = after(right_books[False], SPENDING, doubled(rows, blank))
    assert any("逐行相同" in finding.hint for finding in validation.findings) == doubled_


@STYLES
def test_a_stretch_of_one_column_of_a_form(right_books: dict[bool, Book], live: bool) -> None:
    def change(grid: AmountGrid, stands: dict[At, Decimal | None]) -> dict[At, Decimal | None]:
        column = grid.columns[-1]
        rows = [row for row, c in sorted(stands) if c == column][:20]
        new: dict[At, Decimal | None] = {(rows[0], column): None}
        new |= {(low, column): stands[up, column] for up, low in pairwise(rows)}
        return new

    told(after(right_books[live], OVERVIEW, change), OVERVIEW, "整块下移了一行")


@STYLES
@TABLES
def test_last_years_table(right_books: dict[bool, Book], live: bool, table: str) -> None:
    book = with_prior(right_books[live], Random(1))
    prior = book.prior
    assert prior is not None

    past = prior.report.tables[table][0]
    for row in [past.fields, *past.lists["明细"]]:
        row |= {k: round(v, 6) for k, v in row.items() if isinstance(v, Decimal)}  # type: ignore[operator, arg-type]

    def change(grid: AmountGrid, stands: dict[At, Decimal | None]) -> dict[At, Decimal | None]:
        new: dict[At, Decimal | None] = {}
        for place, at in grid.at.items():
            match place:
                case (_, _, str(name), int(n), column):
                    value = past.lists[name][n].get(column)
                case (_, _, path):
                    value = past.fields.get(path)
            if isinstance(value, Decimal) and stands[at] is not None:
                new[at] = value
        return new

    validation = after(book, table, change)
    finding = told(validation, table, "很可能贴成了上年的表")
    assert split_ref(finding.cells[0][1])


@STYLES
def test_where_only_a_few_rules_fail_no_block_is_blamed(
    right_books: dict[bool, Book], live: bool
) -> None:
    book = right_books[live]
    spot = next(s for s in book.inputs if s.place[0] == SPENDING)
    validation = validate(book.edited(lambda e: e.set(*spot.cell, spot.value * 10)))
    hints = [f.hint for f in validation.findings if f.outcome == "不符"]
    assert hints
    assert not [hint for hint in hints if "整块" in hint or "互换" in hint or "逐行相同" in hint]


def test_a_wide_table_that_is_wrong_all_over_costs_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a table of economic kinds single columns are no guess where most of it fails."""
    edition, table = find_edition("2020-caijue"), "支出决算明细表"
    names = [
        c for c, kind in edition.specs[table].lists["明细"].columns.items() if kind == "amount"
    ]
    rows: list[Row] = [
        {"科目编码": code, **{c: Decimal((7 * n + k * k) % 97 + 1) for k, c in enumerate(names)}}
        for n, code in enumerate(("201", "20103", "2010301", "2010302", "205", "20501", "2050101"))
    ]
    given = Report(
        edition.id, "某单位", 2020, "万元", tables={table: [Table(lists={"明细": rows})]}
    )
    fill(given, edition, tmp_path / "乱.xlsx", totals="given")
    weighed = []
    plain = _Table._gain
    monkeypatch.setattr(_Table, "_gain", lambda own, guess: weighed.append(1) or plain(own, guess))
    validate(tmp_path / "乱.xlsx", edition)
    assert 0 < len(weighed) < 2_000 < len(names) ** 2 / 2
