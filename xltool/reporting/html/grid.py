"""A sheet as a picture of itself: its cells with their merges, what they show, and the marks on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from xltool.core.amounts import decimals, plain
from xltool.mapping.located import Located
from xltool.ooxml import CellError, Sheet, Value, column_letter, split_ref
from xltool.ooxml.read.numberformat import shown
from xltool.reporting.html.gridlayout import AROUND, BRIDGE, Widths, drawn

_TALL, _WIDE = 1500, 60
"""A sheet with more filled rows or columns is drawn around its head and its marked cells only."""
_PAGE, _HEAD, _FOOT = 80, 12, 3
"""Of a longer sheet only the head, the foot and what lies around marked cells are printed on paper."""
_LONG = 300


class Mark(NamedTuple):
    """What a cell has to do with a problem. `kind`: suspect, part, warning or info; `sign` says it in print."""

    number: int
    kind: str
    sign: str
    title: str


class Marked(NamedTuple):
    """A cell that findings point to: its id in the page, its tooltip, its marks (worst first)."""

    id: str
    title: str
    marks: Sequence[Mark]


class GridCell(NamedTuple):
    """One drawn cell. `css`: classes; `scope`: of a header cell, else ""."""

    text: str
    css: str
    scope: str
    rowspan: int
    colspan: int
    title: str
    marked: Marked | None


class GridRow(NamedTuple):
    """One drawn row; with `gap`, rows were left out before it. `far`: not for paper; `skipped` says which are not."""

    number: int
    hidden: bool
    gap: str
    cells: list[GridCell]
    far: bool = False
    skipped: str = ""


class GridColumn(NamedTuple):
    """One drawn column; its width in percent; with `gap`, columns were left out before it."""

    letter: str
    width: float
    hidden: bool
    gap: bool


@dataclass(frozen=True, slots=True)
class ReportGrid:
    """A drawn sheet. `units`: its width in half-width characters."""

    columns: list[GridColumn]
    rows: list[GridRow]
    units: int


_BLANK = GridCell("", "", "", 1, 1, "", None)
_OUTER = _BLANK._replace(css="loose")
"""Blank cells inside the frame of the table, and above it."""


class _Look:
    """Which cells of a sheet are titles, headers, row labels: from where its table was located."""

    def __init__(self, located: Located | None) -> None:
        self.kinds: dict[str, str] = {}
        self.body = 0
        """The first row of the table proper; above it stand the title and the lines under it."""
        if located is None:
            return
        mapping = located.mapping
        headers = {anchor.text for anchor in mapping.header}
        lines = {line.pattern for line in mapping.lines}
        last = max((located.moved(a.range.bottom) for a in mapping.header), default=0)
        self.body = min((located.moved(a.range.top) for a in mapping.header), default=0)
        for ref, text in located.labels.items():
            if text == mapping.title.text:
                self.kinds[ref] = "title"
            elif text in lines:
                self.kinds[ref] = _side(text)
            elif text in headers and split_ref(ref)[0] <= last:
                self.kinds[ref] = "head"
            else:
                self.kinds[ref] = "label"


def _side(pattern: str) -> str:
    """Where a line under the title stands: the unit at the left, the year in the middle, the rest at the right."""
    if "{单位名称}" in pattern:
        return "left"
    return "middle" if "{年度}" in pattern else "right"


class _Painter:
    """Draws one sheet."""

    def __init__(self, sheet: Sheet, located: Located | None, marked: Mapping[str, Marked]) -> None:
        self.sheet, self.marked = sheet, marked
        self.look = _Look(located)
        self.bound = _bound(located) if located else frozenset()
        self.values = {ref: value for ref, value in sheet.items() if value != ""}
        self.date1904 = sheet.workbook.date1904
        self.merges = {merge.anchor: merge for merge in sheet.merges}

    def grid(self) -> ReportGrid:
        row_runs, column_runs = self._runs()
        columns = [(c, column_letter(c)) for run in column_runs for c in run]
        spans, covered = self._spans(row_runs, column_runs)
        widths = Widths(c for c, _ in columns)
        rows: list[GridRow] = []
        before = 0
        for row in (r for run in row_runs for r in run):
            cells = []
            outer = row < self.look.body
            for column, letter in columns:
                if (row, column) in covered:
                    continue
                down, across = spans.get((row, column), (1, 1))
                loose = outer or across == len(columns)
                cell = self._cell(f"{letter}{row}", down, across, loose=loose)
                if cell.text and not loose:
                    marks = len(cell.marked.marks) if cell.marked else 0
                    head = cell.scope.startswith("col")
                    widths.take(column, across, cell.text, head=head, marks=marks)
                cells.append(cell)
            gap = f"第 {before + 1}–{row - 1} 行略" if row > before + 1 else ""
            rows.append(GridRow(row, row in self.sheet.hidden_rows, gap, cells))
            before = row
        weights = widths.settled()
        return ReportGrid(self._columns(columns, weights), _for_paper(rows), sum(weights.values()))

    def _runs(self) -> tuple[list[range], list[range]]:
        rows: set[int] = set()
        columns: set[int] = set()
        for ref in [*self.values, *self.marked]:
            merge = self.merges.get(ref)
            row, column = split_ref(ref)
            rows.update(range(row, min(merge.bottom, row + BRIDGE) + 1) if merge else (row,))
            columns.update(
                range(column, min(merge.right, column + _WIDE) + 1) if merge else (column,)
            )
        places = [split_ref(ref) for ref in self.marked]
        return (
            drawn(rows, {row for row, _ in places}, _TALL),
            drawn(columns, {column for _, column in places}, _WIDE),
        )

    def _spans(
        self, row_runs: Sequence[range], column_runs: Sequence[range]
    ) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
        """Rows and columns that merged ranges take, and the cells that they cover, clipped to what is drawn."""
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        covered: set[tuple[int, int]] = set()
        for merge in self.sheet.merges:
            down = next((run for run in row_runs if merge.top in run), None)
            across = next((run for run in column_runs if merge.left in run), None)
            if down is None or across is None or (merge.top, merge.left) in covered:
                continue
            bottom, right = min(merge.bottom, down[-1]), min(merge.right, across[-1])
            area = [
                (row, column)
                for row in range(merge.top, bottom + 1)
                for column in range(merge.left, right + 1)
            ]
            if covered.isdisjoint(area):
                spans[area[0]] = (bottom - merge.top + 1, right - merge.left + 1)
                covered.update(area[1:])
        return spans, covered

    def _cell(self, ref: str, down: int, across: int, *, loose: bool) -> GridCell:
        value, marked = self.values.get(ref), self.marked.get(ref)
        if value is None and marked is None and (down, across) == (1, 1):
            return _OUTER if loose else _BLANK
        code = self.sheet.number_format(ref) if isinstance(value, Decimal) else ""
        text = shown(value, code, date1904=self.date1904)
        kind = self.look.kinds.get(ref) or self._kind(ref, value)
        title = ""
        if isinstance(value, Decimal) and kind == "amount" and decimals(value) > 2:
            title = f"存储值 {plain(value)}"
        if len(text) > _LONG:
            text = f"{text[:_LONG]}……（共{len(text)}字）"
        scope = {"head": "colgroup" if across > 1 else "col", "label": "row"}.get(kind, "")
        css = f"{kind} loose" if loose else kind
        return GridCell(text, css, scope, down, across, title, marked)

    def _kind(self, ref: str, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, CellError):
            return "fault"
        if isinstance(value, Decimal):
            return "amount" if ref in self.bound or value % 1 else "ordinal"
        return "text"

    def _columns(
        self, columns: Sequence[tuple[int, str]], weights: Mapping[int, int]
    ) -> list[GridColumn]:
        total = sum(weights.values())
        before = 0
        found = []
        for column, letter in columns:
            width = round(100 * weights[column] / total, 2)
            hidden = column in self.sheet.hidden_cols
            found.append(GridColumn(letter, width, hidden, column > before + 1))
            before = column
        return found


def draw(sheet: Sheet, located: Located | None, marked: Mapping[str, Marked]) -> ReportGrid:
    """The sheet as it stands. `marked`: by address (of the top left cell of merges), all cells of findings."""
    return _Painter(sheet, located, marked).grid()


def _bound(located: Located) -> frozenset[str]:
    refs = set(located.fields.values())
    for places in located.codes.values():
        refs.update(places.values())
    for rows in located.lists.values():
        for row in rows.rows:
            refs.update(rows.ref(row, column) for column in rows.columns)
    return frozenset(refs)


def _for_paper(rows: list[GridRow]) -> list[GridRow]:
    """The rows, those far from any mark noted as such."""
    if len(rows) <= _PAGE:
        return rows
    near = {*range(_HEAD), *range(len(rows) - _FOOT, len(rows))}
    for n, row in enumerate(rows):
        down = max((cell.rowspan for cell in row.cells), default=1)
        near.update(range(n, n + down) if down > 1 else ())
        if any(cell.marked and cell.marked.marks for cell in row.cells):
            near.update(range(n - AROUND, n + AROUND + 1))
    found = []
    for n, row in enumerate(rows):
        skipped = ""
        if n not in near and n - 1 in near:
            last = next(m for m in range(n, len(rows)) if m + 1 in near)
            skipped = f"第 {row.number}–{rows[last].number} 行没有问题，打印时略去"
        found.append(row._replace(far=n not in near, skipped=skipped))
    return found
