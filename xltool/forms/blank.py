"""The blank form of a workbook that somebody filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltool.core.model import CODE, NAME
from xltool.mapping.located import LocatedList
from xltool.mapping.recognition.workbook import Recognised, Recognition
from xltool.ooxml import Editor, Sheet, Value, Workbook, make_ref, split_ref

_ROWS = re.compile(r"(?<![A-Za-z0-9_.])\$?[A-Z]{1,3}\$?(\d+)(?![\d(])")


def blanked(workbook: Workbook, found: Recognition) -> tuple[bytes, int]:
    """The workbook without the figures and rows that somebody filled in, and how many cells were; formulas stay."""
    editor = Editor(workbook)
    cleared = 0
    for table in found.tables:
        sheet = table.mapping.sheet
        for ref in _figures(table):
            formula = table.cells.sheet.formula(ref)
            if formula is not None and _of_the_form(formula, ref, table):
                continue
            if formula is not None or table.cells.sheet.value(ref) is not None:
                editor.set(sheet, ref, None, over_formula=True)
                cleared += 1
    if cleared:
        # what formulas made of the figures goes with them
        editor.forget_results(
            (name, ref) for name, sheet in editor.sheets().items() for ref in [*sheet.formulas()]
        )
    return editor.content(), cleared


def _of_the_form(formula: str, ref: str, table: Recognised) -> bool:
    """Whether a formula is the form's own: outside lists all are; in a list's row those that add up the row."""
    row = split_ref(ref)[0]
    rows = {row for found in table.located().lists.values() for row in found.rows}
    return row not in rows or {int(n) for n in _ROWS.findall(formula)} <= {row}


def _figures(table: Recognised) -> Iterator[str]:
    """The cells that take what a unit fills in: amounts, texts of a 自评表, and rows of lists."""
    located = table.located()
    sheet = table.cells.sheet
    for ref in located.fields.values():
        if isinstance(sheet.value(ref), Decimal):
            yield ref
    yield from _texts(table)
    for places in located.codes.values():
        yield from places.values()
    for rows in located.lists.values():
        kept = (CODE, NAME) if _shows_style(sheet, rows) else ()
        cleared = [spot for name, spot in rows.columns.items() if name not in kept]
        for row in rows.rows:
            for spot in cleared:
                yield from (make_ref(row, c) for c in spot.columns)


def _shows_style(sheet: Sheet, rows: LocatedList) -> bool:
    """Whether the rows of a list are an official blank's samples that show which rows it has, and how codes stand.

    Without them a form does not tell whether each row repeats 类 and 款, or whether there are rows for those at
    all; they go when it is filled.
    """
    if CODE not in rows.columns or rows.block.codes is None:
        return False
    spot, digits = rows.columns[CODE], rows.block.codes.levels[-1]
    codes = [
        "".join(_digits(sheet.value(make_ref(row, c))) for c in spot.columns) for row in rows.rows
    ]
    lowest = any(codes) and all(len(code) == digits for code in codes if code)
    if rows.block.by_name[CODE].code != "own" and not lowest:
        return False
    amounts = [c.left for c in rows.block.columns if c.kind not in ("code", "name")]
    return all(sheet.value(make_ref(row, c)) is None for row in rows.rows for c in amounts)


def _digits(value: Value) -> str:
    """The code that a cell begins with: 2010301, 2010301 行政运行; "" for none."""
    found = re.match(r"\s*(\d+)", "" if value is None else str(value))
    return found[1] if found else ""


def _texts(table: Recognised) -> Iterator[str]:
    """The texts that somebody wrote into a 自评表: all of them where it has a project or a unit, else none.

    What an official blank prints there tells how to fill it in.
    """
    words, sheet, places = table.words, table.cells.sheet, table.located().fields
    whose = [
        places[(name,)] for name in (words.many, words.unit_name) if name and (name,) in places
    ]
    if any(isinstance(sheet.value(ref), str) for ref in whose):
        for path, ref in places.items():
            if words.spec.fields[path].kind == "text" and isinstance(sheet.value(ref), str):
                yield ref
