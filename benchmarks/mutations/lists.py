"""Slips in the rows and codes of a list."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random

from benchmarks.mutations.books import Book, books
from benchmarks.mutations.slip import Edit, Make, Slip
from tests.support.documents import leaves
from xltool.core.model import CODE
from xltool.mapping.located import LocatedList
from xltool.ooxml import Editor
from xltool.ooxml.read.values import Value

_ATTEMPTS = 10


def list_of(book: Book, rng: Random, least: int) -> tuple[str, LocatedList, list[int]] | None:
    """A list of codes with so many rows at least: its sheet, the list, its sheet rows."""
    found = []
    for (table, instance), located in book.clean.context.located.items():
        for name, rows in located.lists.items():
            numbers = book.clean.reading.row_numbers.get((table, instance, name), [])
            if rows.block.codes is not None and len(numbers) >= least:
                found.append((located.sheet.name, rows, numbers))
    return rng.choice(found) if found else None


def codes_of(book: Book, sheet: str, found: LocatedList, numbers: Sequence[int]) -> dict[int, str]:
    view = book.clean.reading.workbook.sheet(sheet)
    return {row: str(view.value(found.ref(row, CODE))) for row in numbers}


def _rewritten(sheet: str, found: LocatedList, numbers: list[int], rows: list[list[Value]]) -> Edit:
    """A list whose rows are written anew; it becomes as long as they are."""

    def edit(editor: Editor) -> None:
        if len(rows) != len(numbers):
            editor.resize_rows(sheet, numbers[0], len(numbers), len(rows))
        for n, row in enumerate(rows):
            for column, value in zip(found.columns, row, strict=True):
                assert value is None or isinstance(value, (Decimal, str))
                editor.set(sheet, found.ref(numbers[0] + n, column), value)

    return edit


def in_rows(change: Callable[[list[list[Value]], list[str], Random], int | None]) -> Make:
    """A slip in the rows of a list; `change` alters them in place and gives the row where it did."""

    def make(book: Book, rng: Random) -> Slip | None:
        for _ in range(_ATTEMPTS):
            chosen = list_of(book, rng, 3)
            if chosen is None:
                return None
            sheet, found, numbers = chosen
            view = book.clean.reading.workbook.sheet(sheet)
            rows = [[view.value(found.ref(row, name)) for name in found.columns] for row in numbers]
            codes = list(codes_of(book, sheet, found, numbers).values())
            at = change(rows, codes, rng)
            if at is not None:
                cell = (sheet, found.ref(numbers[0] + min(at, len(rows) - 1), CODE))
                return Slip(_rewritten(sheet, found, numbers, rows), (cell,))
        return None

    return make


def deleted(rows: list[list[Value]], codes: list[str], rng: Random) -> int | None:
    """A 项 row that has sisters is taken out."""
    deep = [n for n, code in enumerate(codes) if len(code) == 7]
    alone = {code[:5] for code in codes if sum(c[:5] == code[:5] for c in codes) <= 2}
    deep = [n for n in deep if codes[n][:5] not in alone]
    if not deep:
        return None
    at = rng.choice(deep)
    del rows[at]
    return at


def row_left_out(book: Book, rng: Random) -> Slip | None:
    """A 项 row is not there at all: every total above it follows."""
    tables = [t for t in book.raw["表"].values() if isinstance(t, dict)]
    lists = [t["明细"] for t in tables if any(len(r["科目编码"]) == 7 for r in t.get("明细", ()))]
    rows = [row for row in rng.choice(lists) if len(row["科目编码"]) == 7]
    if len(rows) < 2:
        return None
    gone = rng.choice(rows)
    raw = copy.deepcopy(leaves(book.raw))
    for name, table in book.raw["表"].items():
        if isinstance(table, dict) and any(row is gone for row in table.get("明细", ())):
            kept = raw["表"][name]["明细"]
            raw["表"][name]["明细"] = [r for r in kept if r["科目编码"] != gone["科目编码"]]
            sheet = book.clean.context.located[name, 0].sheet.name
            return Slip(books(raw, book.style)[0].data, ((sheet, "A1"),))
    return None


def repeated(rows: list[list[Value]], codes: list[str], rng: Random) -> int | None:
    at = rng.randrange(len(rows))
    rows.insert(at + 1, list(rows[at]))
    return at + 1


def without_parent(rows: list[list[Value]], codes: list[str], rng: Random) -> int | None:
    parents = [n for n, code in enumerate(codes) if len(code) < 7]
    at = rng.choice(parents)
    del rows[at]
    return at


def out_of_order(rows: list[list[Value]], codes: list[str], rng: Random) -> int | None:
    deep = [n for n in range(len(codes) - 1) if len(codes[n]) == len(codes[n + 1]) == 7]
    if not deep:
        return None
    at = rng.choice(deep)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return at + 1


def other_code(new: Callable[[str, Random], str]) -> Make:
    """A 项 row gets another code."""

    def make(book: Book, rng: Random) -> Slip | None:
        chosen = list_of(book, rng, 3)
        if chosen is None:
            return None
        sheet, found, numbers = chosen
        codes = codes_of(book, sheet, found, numbers)
        row = rng.choice([row for row, code in codes.items() if len(code) == 7])
        code = new(codes[row], rng)
        if code in codes.values():
            return None
        ref = found.ref(row, CODE)
        return Slip(lambda e: e.set(sheet, ref, code), ((sheet, ref),))

    return make


def malformed(code: str, rng: Random) -> str:
    return rng.choice([code[:6], code + "1", code[:4]])


def unknown(code: str, rng: Random) -> str:
    return f"{code[:5]}{rng.choice(['77', '78', '88'])}"


def other_class(code: str, rng: Random) -> str:
    return f"{rng.choice([c for c in ('202', '203', '215', '217') if c != code[:3]])}{code[3:]}"


def wrong_table(book: Book, rng: Random) -> Slip | None:
    """A 科目 of the government funds stands in the table of the general budget."""
    located = book.located("一般公共预算财政拨款支出决算表")
    if located is None or not located.lists["明细"].rows:
        return None
    found, sheet = located.lists["明细"], located.sheet.name
    codes = codes_of(book, sheet, found, found.rows)
    deep = [row for row, code in codes.items() if len(code) == 7]
    if not deep:
        return None
    ref = found.ref(rng.choice(deep), CODE)
    return Slip(lambda e: e.set(sheet, ref, "2120801"), ((sheet, ref),))
