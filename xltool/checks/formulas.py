"""Formulas against those of the edition's template, and stored values against recalculated ones.

A formula is compared by the fields that it refers to, not by addresses: rows that were added or columns that
were moved change no formula.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from functools import cache

from xltool.checks.context import Context
from xltool.checks.fieldwords import Field, Layout, in_words, layout, parent_text
from xltool.checks.findings import Finding
from xltool.checks.formformulas import formulas_of_form, has_form
from xltool.checks.storedvalues import stored_values
from xltool.core.cellref import CellRef
from xltool.core.model import CODE, RECOGNISED
from xltool.mapping.located import Located
from xltool.mapping.ownsheets import own_sheets
from xltool.ooxml import Sheet, split_ref
from xltool.ooxml.read.formula import MAX_LENGTH, tokens
from xltool.reading import FoundTable
from xltool.rules.model import Outcome, not_read

_AGAINST_TEMPLATE = ("F-01", "F-02", "F-03", "F-04", "F-08")
_ALL = (*_AGAINST_TEMPLATE, "F-05", "F-06", "F-07")
_WORDS = {
    "F-01": "公式被数值代替",
    "F-02": "公式被删除",
    "F-03": "公式与表样不同",
    "F-04": "填报单元格里有自加的公式",
    "F-08": "公式换成了数值，数与公式算得的相符，或只差尾差",
}
_SHOWN = 6
_SUM = re.compile(r'IF\(COUNT\(((?:[A-Z]+\d+[:,]?)+)\)=0,"",SUM\(\1\)\)')


def check(context: Context) -> Iterator[Finding]:
    """Replaced, deleted, changed, added formulas; links; values that were not recalculated."""
    sheets = _sheets(context)
    if not any(sheet.formulas() or sheet.unread_formulas for sheet in sheets):
        if _form_has_none(context):
            _unchecked(context, _ALL, "不适用", "表样没有公式")
            return
        message = "全簿没有公式，是数值版"
        yield context.finding("F-08", message, "全簿", code="numbers-only")
        _unchecked(context, tuple(rule for rule in _ALL if rule != "F-08"), "不适用", message)
        return
    confirmed = cache(lambda: _confirmed(context))
    for found_table in context.reading.found_tables:
        if found_table.mapping.source == RECOGNISED and not has_form(
            context.reading.edition, found_table.mapping.table
        ):
            _unchecked(context, _AGAINST_TEMPLATE, "不适用", "识别的表样没有官方空表可以对照")
        elif found_table.located.problems:
            _unchecked(context, _AGAINST_TEMPLATE, "未执行", not_read(found_table.mapping.table))
        else:
            yield from _against_template(context, found_table, confirmed)
    yield from _links(context)
    yield from stored_values(context, sheets)
    if unread := [f"{sheet.name} {ref}" for sheet in sheets for ref in sheet.unread_formulas]:
        named = "、".join(unread[:_SHOWN]) + (" 等" if len(unread) > _SHOWN else "")
        reason = f"有公式读不出来：{named}，另存为 .xlsx 再校验"
        _unchecked(context, tuple(rule for rule in _ALL if rule != "F-08"), "未执行", reason)


def _sheets(context: Context) -> list[Sheet]:
    """The sheets of the workbook but for those that xltool added."""
    workbook = context.reading.workbook
    own = own_sheets(workbook)
    return [sheet for sheet in workbook.sheets if sheet.name not in own]


def _form_has_none(context: Context) -> bool:
    """Whether the very form of the book has no formula either."""
    edition = context.reading.edition
    tables = {one.mapping.table: one.mapping.source for one in context.reading.found_tables}
    if any(source == RECOGNISED and not has_form(edition, t) for t, source in tables.items()):
        return False
    books = [b for b in edition.workbooks if any(m.table in tables for m in b.tables)]
    return not any(any(formulas_of_form(edition, book).values()) for book in books)


def _unchecked(context: Context, rules: tuple[str, ...], outcome: Outcome, reason: str) -> None:
    context.unchecked.update(dict.fromkeys(rules, (outcome, reason)))


# ── against the template ──


def _against_template(
    context: Context, found_table: FoundTable, confirmed: Callable[[], Set[CellRef]]
) -> Iterator[Finding]:
    faults: dict[str, list[CellRef]] = defaultdict(list)
    for rule, cell in _faults(context, found_table):
        same = rule == "F-01" and cell in confirmed()
        faults["F-08" if same else rule].append(cell)
    for rule, words in _WORDS.items():
        if faults[rule]:
            yield _told(context, found_table, rule, words, faults[rule])


def changed_cells(context: Context) -> frozenset[CellRef]:
    """Bound cells with another formula than the form has there, or with one where it has none."""
    return frozenset(
        cell
        for found_table in context.reading.found_tables
        if not found_table.located.problems
        for rule, cell in _faults(context, found_table)
        if rule in ("F-03", "F-04")
    )


def _told(
    context: Context, found_table: FoundTable, rule: str, words: str, cells: list[CellRef]
) -> Finding:
    """One finding for all cells of a sheet with the same fault."""
    table, sheet = found_table.mapping.table, found_table.located.sheet.name
    message, where = f"{words}：{context.listed(cells, _SHOWN)}", f"{table} {words}"
    return context.finding(
        rule, message, where, table=table, sheet=sheet, cells=tuple(cells), names_cells=True
    )


def _confirmed(context: Context) -> Set[CellRef]:
    """Filled cells that stand alone on one side of an equality, and every such equality holds."""
    cells = context.reading.places
    good: set[CellRef] = set()
    bad: set[CellRef] = set()
    for result in context.results:
        if result.operator != "=" or result.left is None or result.right is None:
            continue
        for side in (result.left, result.right):
            if len(side.leaves) != 1 or side.leaves[0].prior:
                continue
            if cell := cells.get(side.leaves[0].place):
                (good if result.outcome in ("通过", "尾差") else bad).add(cell)
    return good - bad


def _faults(context: Context, found_table: FoundTable) -> Iterator[tuple[str, CellRef]]:
    """(rule, cell) of every bound cell of a table whose formula is not the form's."""
    table = found_table.mapping.table
    book = next(b for b in context.reading.books if any(m.table == table for m in b.tables))
    edition = context.reading.edition
    expected = formulas_of_form(edition, book).get(table, {})
    located = found_table.located
    sheet, place = located.sheet, layout(located)
    formulas, unread = sheet.formulas(), sheet.unread_formulas
    for field, refs in place.cells.items():
        wanted = expected.get(field)
        for ref in refs:
            formula = formulas.get(ref)
            if ref in unread or (formula is None and wanted is None):
                continue
            if formula is None:
                rule = _lost(located, field, ref)
            elif field[0] == "row" and (
                formula == parent_text(place, ref) or _sums_up(located, field[1], ref, formula)
            ):
                continue  # letter for letter what `fill` writes, as it is nearly always
            else:
                rule = _differs(place, field, CellRef(sheet.name, ref), formula, wanted, context)
            if rule is not None:
                yield rule, CellRef(sheet.name, ref)


def _lost(located: Located, field: Field, ref: str) -> str | None:
    """The rule that a cell without its formula breaks; None in a row of a list that is not filled."""
    if field[0] == "row" and not _row_filled(located, field[1], ref):
        return None
    return "F-02" if located.sheet.value(ref) in (None, "") else "F-01"


def _differs(
    place: Layout, field: Field, cell: CellRef, formula: str, wanted: str | None, context: Context
) -> str | None:
    """The rule that a formula breaks, or None."""
    sheet, ref = cell
    adds_up = parent_text(place, ref) if field[0] == "row" else None

    def words(text: str) -> str:
        return in_words(place, text, ref, sheet, context.neighbours)

    own = words(formula)
    if own == wanted or (adds_up is not None and own == words(adds_up)):
        return None
    return "F-04" if wanted is None else "F-03"


def _sums_up(located: Located, list_name: str, ref: str, formula: str) -> bool:
    """Whether a formula is what `fill` writes for a 类 or 款 of a list whose codes stand in pieces or with names.

    It names the rows one by one; that they are the right ones, the figures say.
    """
    found = located.lists[list_name]
    code = found.block.by_name.get(CODE)
    summed = _SUM.fullmatch(formula)
    if summed is None or code is None or code.code == "whole":
        return False
    own_row, own_column = split_ref(ref)
    ends = [split_ref(end) for part in summed[1].split(",") for end in part.split(":")]
    below = range(own_row + 1, found.rows[-1] + 1)
    return all(column == own_column and row in below for row, column in ends)


def _row_filled(located: Located, list_name: str, ref: str) -> bool:
    found = located.lists[list_name]
    row, _ = split_ref(ref)
    return any(
        located.sheet.value(found.ref(row, name)) not in (None, "") for name in found.columns
    )


# ── links and stored values ──


def _links(context: Context) -> Iterator[Finding]:
    for sheet in _sheets(context):
        cells = tuple(
            CellRef(sheet.name, ref) for ref, f in sheet.formulas().items() if _external(f)
        )
        if cells:
            shown = "、".join(ref for _, ref in cells[:_SHOWN])
            message = f"公式引用了其他工作簿：{shown}，换一台电脑就取不到数"
            hint = "改为本簿的数，断开链接"
            yield context.finding(
                "F-05",
                message,
                sheet.name,
                sheet=sheet.name,
                cells=cells,
                hint=hint,
                names_cells=True,
            )


def _external(formula: str) -> bool:
    fits = "[" in formula and len(formula) <= MAX_LENGTH
    return fits and any(t.kind in ("ref", "name") and "[" in t.text for t in tokens(formula))
