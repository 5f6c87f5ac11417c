"""Formulas against those of the edition's template, and stored values against recalculated ones.

A formula is compared by the fields that it refers to, not by addresses: rows that were added or columns that
were moved change no formula.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from xltool.checks.context import Context
from xltool.editions import Edition
from xltool.findings import CellRef, Finding
from xltool.hierarchy import parent_formula
from xltool.mapping.locate import locate
from xltool.mapping.located import Located
from xltool.mapping.model import TableMapping
from xltool.mapping.titles import Titles
from xltool.model import CODE
from xltool.ooxml import Sheet, column_letter, make_ref, open_workbook, split_ref
from xltool.ooxml.formula import MAX_LENGTH, corners, tokens
from xltool.ooxml.refs import column_number
from xltool.ooxml.values import Value
from xltool.reading import Sighting
from xltool.resultsheet import own_sheets
from xltool.rules.model import Outcome

Field = tuple[str, ...]
"""A bound cell that may hold a formula: ("field", *path), ("code", block, code), ("row", list, column)."""

_ALL = ("F-01", "F-02", "F-03", "F-04", "F-05", "F-06", "F-07")
_WORDS = {
    "F-01": "公式被数值代替",
    "F-02": "公式被删除",
    "F-03": "公式与表样不同",
    "F-04": "填报单元格里有自加的公式",
}
_SHOWN = 6
_CLOSE = Decimal("0.000001")


class Bound(NamedTuple):
    """Where the bound cells of a located table are, both ways, and the rows of its lists."""

    cells: dict[Field, list[str]]
    names: dict[tuple[int, int], str]
    lists: dict[int, tuple[str, int, int]]
    """For each sheet row inside a list: the list's name, first and last row."""


def check(context: Context) -> Iterator[Finding]:
    """Replaced, deleted, changed, added formulas; links; values that were not recalculated."""
    workbook = context.reading.workbook
    if workbook.kind == "xls":
        _unchecked(context, _ALL, "未执行", ".xls 里读不出公式，另存为 .xlsx 再校验")
        return
    if not any(sheet.formulas() for sheet in _sheets(context)):
        message = "全簿没有公式，是数值版"
        yield replace(context.finding("F-01", message, "全簿"), level="info")
        _unchecked(context, _ALL, "不适用", message)
        return
    confirmed = cache(lambda: _confirmed(context))
    for sighting in context.reading.sightings:
        if sighting.located.problems:
            _unchecked(context, _ALL[:4], "未执行", f"“{sighting.mapping.table}”没能读出")
        else:
            yield from _against_template(context, sighting, confirmed)
    yield from _links(context)
    yield from _stored(context)


def _sheets(context: Context) -> list[Sheet]:
    """The sheets of the workbook but for those that xltool added."""
    workbook = context.reading.workbook
    own = own_sheets(workbook)
    return [sheet for sheet in workbook.sheets if sheet.name not in own]


def _unchecked(context: Context, rules: tuple[str, ...], outcome: Outcome, reason: str) -> None:
    context.unchecked.update(dict.fromkeys(rules, (outcome, reason)))


# ── against the template ──


def _against_template(
    context: Context, sighting: Sighting, confirmed: Callable[[], Set[CellRef]]
) -> Iterator[Finding]:
    expected = _template_formulas(context.reading.edition, sighting.mapping)
    located = sighting.located
    bound, sheet = _bound(located), located.sheet
    faults: dict[str, list[CellRef]] = defaultdict(list)
    for field, refs in bound.cells.items():
        for ref in refs:
            rule = _fault(located, bound, field, ref, expected.get(field))
            if rule is not None:
                faults[rule].append((sheet.name, ref))
    same = [cell for cell in faults["F-01"] if cell in confirmed()]
    faults["F-01"] = [cell for cell in faults["F-01"] if cell not in confirmed()]
    for rule, words in _WORDS.items():
        if faults[rule]:
            yield _told(context, sighting, rule, words, faults[rule])
    if same:
        words = "公式换成了数值，数与公式算得的相符"
        yield replace(_told(context, sighting, "F-01", words, same), level="info")


def changed_cells(context: Context) -> frozenset[CellRef]:
    """Bound cells with another formula than the form has there, or with one where it has none."""
    found: set[CellRef] = set()
    for sighting in context.reading.sightings:
        located = sighting.located
        if located.problems:
            continue
        expected = _template_formulas(context.reading.edition, sighting.mapping)
        bound = _bound(located)
        for field, refs in bound.cells.items():
            found.update(
                (located.sheet.name, ref)
                for ref in refs
                if _fault(located, bound, field, ref, expected.get(field)) in ("F-03", "F-04")
            )
    return frozenset(found)


def _told(
    context: Context, sighting: Sighting, rule: str, words: str, cells: list[CellRef]
) -> Finding:
    """One finding for all cells of a sheet with the same fault."""
    table, sheet = sighting.mapping.table, sighting.located.sheet.name
    message, where = f"{words}：{context.listed(cells, _SHOWN)}", f"{table} {words}"
    return context.finding(rule, message, where, table=table, sheet=sheet, cells=tuple(cells))


def _confirmed(context: Context) -> Set[CellRef]:
    """Cells that stand alone on one side of an equality, and every such equality holds."""
    good: set[CellRef] = set()
    bad: set[CellRef] = set()
    for result in context.results:
        if result.operator != "=" or result.left is None or result.right is None:
            continue
        for side in (result.left, result.right):
            if len(side.leaves) == 1 and (cell := context.cell(side.leaves[0].place)):
                (good if result.outcome in ("通过", "尾差") else bad).add(cell)
    return good - bad


def _fault(
    located: Located, bound: Bound, field: Field, ref: str, expected: str | None
) -> str | None:
    """The rule that a bound cell's formula breaks, or None."""
    sheet = located.sheet
    formula, value = sheet.formula(ref), sheet.value(ref)
    if formula is None:
        if expected is None or (field[0] == "row" and not _row_filled(located, field[1], ref)):
            return None
        return "F-01" if value not in (None, "") else "F-02"
    own = canonical(formula, located, bound, ref)
    if own == expected or (
        field[0] == "row" and own == _parent_formula(located, bound, field[1], ref)
    ):
        return None
    return "F-03" if expected is not None else "F-04"


def _row_filled(located: Located, list_name: str, ref: str) -> bool:
    found = located.lists[list_name]
    row, _ = split_ref(ref)
    return any(
        located.sheet.value(found.ref(row, name)) not in (None, "") for name in found.columns
    )


def _parent_formula(located: Located, bound: Bound, list_name: str, ref: str) -> str | None:
    """What `fill` writes for a 类 or 款: the sum of the rows one level below."""
    found = located.lists[list_name]
    if found.block.codes is None:
        return None
    row, column = split_ref(ref)
    code = column_letter(found.columns[CODE].left)
    formula = parent_formula(code, column_letter(column), row, found.rows[-1])
    return canonical(formula, located, bound, ref)


@lru_cache(maxsize=128)
def _template_formulas(edition: Edition, mapping: TableMapping) -> dict[Field, str]:
    """The canonical formulas of a table's template, by field."""
    book = next(b for b in edition.workbooks if mapping in b.tables)
    workbook = open_workbook(book.template)
    ((sheet, _),) = Titles(workbook).find(mapping)
    located = locate(mapping, sheet)
    bound = _bound(located)
    return {
        field: canonical(formula, located, bound, refs[0])
        for field, refs in bound.cells.items()
        if (formula := sheet.formula(refs[0])) is not None
    }


def _bound(located: Located) -> Bound:
    cells: dict[Field, list[str]] = {}
    names: dict[tuple[int, int], str] = {}
    lists: dict[int, tuple[str, int, int]] = {}
    for path, ref in located.fields.items():
        cells[_field(path)] = [ref]
        names[split_ref(ref)] = "·".join(path)
    for block, places in located.codes.items():
        for code, ref in places.items():
            cells["code", block, code] = [ref]
            names[split_ref(ref)] = f"{block}[{code}]"
    for name, found in located.lists.items():
        kinds = {column.name: column.kind for column in found.block.columns}
        for row in found.rows:
            lists[row] = (name, found.rows[0], found.rows[-1])
            for column, spot in found.columns.items():
                names[row, spot.left] = column
        for column, spot in found.columns.items():
            if kinds[column] not in ("code", "name"):
                cells["row", name, column] = [make_ref(row, spot.left) for row in found.rows]
    return Bound(cells, names, lists)


def _field(path: tuple[str, ...]) -> Field:
    return ("field", *path)


def canonical(formula: str, located: Located, bound: Bound, ref: str) -> str:
    """A formula in terms of fields: each reference by the name of the cell it means.

    One that is longer than Excel's limit stays as it is.
    """
    if len(formula) > MAX_LENGTH:
        return formula
    own_row, own_column = split_ref(ref)
    parts = []
    for token in tokens(formula):
        if token.kind == "space":
            continue
        if token.kind != "ref" or token.sheet:
            parts.append(token.text if token.kind == "string" else token.text.lower())
            continue
        ends = [
            _name(
                bound, (corner.row, column_number(corner.letters)), (own_row, own_column), end=n > 0
            )
            if corner.letters and corner.row
            else str(corner)
            for n, corner in enumerate(corners(token.area))
        ]
        parts.append(":".join(ends))
    return "".join(parts)


def _name(bound: Bound, at: tuple[int, int], own: tuple[int, int], *, end: bool) -> str:
    """A reference by the field that it means; `end`: it ends a range, which in a list of one row is the last."""
    (row, column), (own_row, own_column) = at, own
    name = bound.names.get((row, column))
    if row not in bound.lists:
        return name or f"[{row - own_row:+d},{column - own_column:+d}]"
    list_name, first, last = bound.lists[row]
    shown = name or f"[{column - own_column:+d}]"
    if bound.lists.get(own_row, ("",))[0] == list_name:
        if row == last and row != own_row + 1 and row != own_row:
            return f"末行·{shown}"
        return f"行{row - own_row:+d}·{shown}"
    if row == last and (end or row != first):
        return f"末行·{shown}"
    where = "首行" if row == first else f"第{row - first + 1}行"
    return f"{where}·{shown}"


# ── links and stored values ──


def _links(context: Context) -> Iterator[Finding]:
    for sheet in _sheets(context):
        cells = tuple((sheet.name, ref) for ref, f in sheet.formulas().items() if _external(f))
        if cells:
            shown = "、".join(ref for _, ref in cells[:_SHOWN])
            message = f"公式引用了其他工作簿：{shown}，换一台电脑就取不到数"
            hint = "改为本簿的数，断开链接"
            yield context.finding(
                "F-05", message, sheet.name, sheet=sheet.name, cells=cells, hint=hint
            )


def _external(formula: str) -> bool:
    fits = "[" in formula and len(formula) <= MAX_LENGTH
    return fits and any(t.kind in ("ref", "name") and "[" in t.text for t in tokens(formula))


def _stored(context: Context) -> Iterator[Finding]:
    from xltool.ooxml.recalc import recalculate

    sheets = {sheet.name: sheet for sheet in _sheets(context)}
    result = recalculate(sheets)
    for (name, ref), value in result.values.items():
        sheet = sheets[name]
        if sheet.has_cached(ref) and not _same(sheet.value(ref), value):
            message = f"{ref} 存的是 {_shown(sheet.value(ref))}，按公式复算是 {_shown(value)}"
            hint = "在 Excel 中按 F9 重算后保存"
            yield context.finding(
                "F-06", message, f"{name} {ref}", sheet=name, cells=((name, ref),), hint=hint
            )
    reasons: dict[str, list[CellRef]] = defaultdict(list)
    for cell, reason in result.uncertain.items():
        reasons[reason].append(cell)
    for reason, cells in reasons.items():
        shown = "、".join(ref for _, ref in cells[:_SHOWN])
        message = (
            f"无法复算（{reason}）：{shown}{' 等' if len(cells) > _SHOWN else ''}，以存储值为准"
        )
        yield context.finding(
            "F-07", message, f"{cells[0][0]} 无法复算", sheet=cells[0][0], cells=tuple(cells)
        )


def _same(stored: Value, computed: Value) -> bool:
    if stored in (None, "") and computed in (None, ""):
        return True
    if isinstance(stored, Decimal) and isinstance(computed, Decimal):
        return abs(stored - computed) <= max(_CLOSE, abs(computed) * _CLOSE / 1000)
    return stored == computed


def _shown(value: Value) -> str:
    return "空白" if value in (None, "") else str(value)
