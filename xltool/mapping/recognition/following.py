"""An edition's table where its addresses do not hold: block by block, by the words of its own mapping.

The sheet is gone through as for a form that no edition has (`recognition`); only the words are those of one table,
and what is found is compared with what the edition says: what moved, is missing or is new is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xltool.core.texts import norm
from xltool.mapping.blocks import Anchor, Cell, Codes, Column, Form, ListBlock, Pane
from xltool.mapping.cells import Cells, cells_of
from xltool.mapping.formtexts import form_texts, is_form_text
from xltool.mapping.located import ColumnSpan, Drift, DriftKind, Located, summed_up
from xltool.mapping.model import Numbers, TableMapping
from xltool.mapping.recognition.anchored import (
    MOST_OF,
    FoundColumns,
    NotFound,
    find_columns,
    find_labels,
)
from xltool.mapping.recognition.layouts.panes import code_at
from xltool.mapping.recognition.layouts.underheads import RowKind, count_up, under_heads
from xltool.ooxml import Range, Sheet, column_letter, make_ref


def followed(mapping: TableMapping, sheet: Sheet) -> Located:
    """Where everything stands by the mapping's own words; its addresses only tell what moved."""
    located = Located(mapping, sheet)
    _blocks(located, cells_of(sheet))
    located.drift = summed_up(located.drift)
    return located


def _blocks(located: Located, cells: Cells) -> None:
    for block in located.mapping.blocks:
        try:
            match block:
                case Form():
                    _form(located, cells, block)
                case ListBlock():
                    _list(located, cells, block)
                case Codes():
                    _codes(located, cells, block)
        except NotFound as error:
            located.problem(
                str(error), "表样上的字改过的，改回来；本地就这样印的，写进自己的 用语.yaml"
            )


def _note(located: Located, kind: DriftKind, what: str, expected: str, found: str) -> None:
    if expected != found:
        located.drift.append(Drift(kind, what, expected, found))


def _note_row(located: Located, what: str, expected: int, found: int) -> None:
    if expected != found:
        located.drift.append(Drift.of_row(what, expected, found))


def _header(located: Located, cells: Cells, columns: Sequence[Column]) -> FoundColumns:
    header = find_columns(cells, columns)
    for column in columns:
        found = header.columns[column.name]
        located.columns[column.left] = found.left
        expected = column_letter(column.left)
        _note(located, "栏", column.name, f"{expected}列", f"{column_letter(found.left)}列")
    return header


def _counts_columns(
    cells: Cells, row: int, columns: Mapping[str, ColumnSpan], numbers: Numbers | None
) -> bool:
    """Whether a row is the 栏次 row: it says 栏次, or it holds ascending column numbers and no more."""
    if numbers is None:
        return False
    if any(norm(text) == "栏次" for text in cells.row_texts(row)):
        return True
    filled = [spot.left for spot in columns.values() if (row, spot.left) in cells.printed]
    return count_up((cells.whole(row, column) for column in filled), len(numbers.columns))


def _form(located: Located, cells: Cells, form: Form) -> None:
    for cell in form.cells:
        _cell(located, cells, cell)
    if not form.columns:
        return
    header = _header(located, cells, form.columns)
    if form.single is not None:
        _single_row(located, cells, form, header)
        return
    left_of = min(spot.left for spot in header.columns.values())
    labels = find_labels(cells, form.rows, left_of, header.bottom, form_texts(located.mapping))
    by_name = {row.name: row for row in form.rows}
    for name, row in labels.rows.items():
        expected, label = by_name[name].row, make_ref(row, labels.column)
        printed, found = by_name[name].texts, cells.printed[row, labels.column]
        located.labels[label] = printed[0]
        if found not in printed:
            located.drift.append(Drift("文字", label, printed[0], found))
        if expected is None:
            located.drift.append(Drift("多出", name, "", label))
        else:
            _note_row(located, name, located.moved(expected), row)
        for column in form.columns_of(expected):
            at = make_ref(row, header.columns[column.name].left)
            located.fields[form.path_of(name, column.name)] = at
    for missing in labels.missing:
        located.drift.append(Drift("缺少", missing.texts[0], f"第{missing.row}行", ""))
    for row, text in labels.strangers:
        located.drift.append(Drift("多出", text.strip(), "", make_ref(row, labels.column)))


def _single_row(located: Located, cells: Cells, form: Form, header: FoundColumns) -> None:
    """The one row of figures under the headers; a second one would leave it open which is meant."""
    assert form.single is not None
    printed, numbers = form_texts(located.mapping), located.mapping.numbers
    columns = [spot.left for spot in header.columns.values()]

    def kind(row: int) -> RowKind:
        if _counts_columns(cells, row, header.columns, numbers):
            return "aside"
        if any(is_form_text(text, printed) for text in cells.row_texts(row)):
            return "end"
        return "row" if any((row, column) in cells.values for column in columns) else "blank"

    rows, filled, _, _ = under_heads(range(header.bottom + 1, cells.bottom + 1), kind)
    if len(filled) > 1:
        shown = "、".join(f"第{row}行" for row in filled)
        raise NotFound(f"“{form.name}”下面有几行数（{shown}），分不清是哪一行")
    if not rows:
        raise NotFound(f"“{form.name}”的栏目下面没有填数的行")
    expected = located.moved(form.single)
    row = filled[0] if filled else expected if expected in rows else rows[0]
    _note_row(located, form.name, expected, row)
    for column in form.columns:
        at = make_ref(row, header.columns[column.name].left)
        located.fields[form.path_of(None, column.name)] = at


def _cell(located: Located, cells: Cells, cell: Cell) -> None:
    hits = cells.find(cell.label.texts)
    if len(hits) != 1:
        state = "找不到" if not hits else "有多处，分不清是哪一处："
        raise NotFound(f"{state}“{cell.label.text}”")
    ((row, column),) = hits
    label = cells.extent(row, column)
    row += cell.range.top - cell.label.range.top
    at = make_ref(row, _value_column(located, cells, cell, row, label))
    located.labels[make_ref(label.top, label.left)] = cell.label.text
    expected = make_ref(located.moved(cell.range.top), cell.range.left)
    _note(located, "栏", cell.name, expected, at)
    if cell.head:
        located.heads[cell.name] = at
    else:
        located.fields[cell.path] = at


def _value_column(located: Located, cells: Cells, cell: Cell, row: int, label: Range) -> int:
    """Where the value beside a label stands: under the column heads it shares with other blocks, else
    next to its label, a blank column or two apart at the most."""
    if (shared := located.columns.get(cell.range.left)) is not None:
        return shared
    gap = cell.range.left - cell.label.range.right
    if gap != 1 or row != label.top:
        return label.right + gap
    wide = cell.range.right > cell.range.left
    for column in range(label.right + 1, label.right + 4):
        text, extent = cells.printed.get((row, column)), cells.extent(row, column)
        if text is not None or (wide and extent.right > extent.left):
            return column
    return label.right + gap


def _list(located: Located, cells: Cells, block: ListBlock) -> None:
    header = _header(located, cells, block.columns)
    keys = [header.columns[column.name] for column in block.columns[:2]]
    until = tuple(map(norm, block.until))
    numbers = located.mapping.numbers

    def kind(row: int) -> RowKind:
        texts = (cells.printed.get((row, c)) for c in range(1, keys[-1].right + 1))
        if any(text is not None and norm(text).startswith(until) for text in texts):
            return "end"
        if _counts_columns(cells, row, header.columns, numbers):
            return "aside"
        is_total = block.total and _is_total(cells, row, keys, block.total.label)
        return "total" if is_total else "row"

    rows, _, totals, _ = under_heads(range(header.bottom + 1, cells.bottom + 1), kind)
    total = _only_total(located, cells, block, keys, totals)
    expected_first = located.moved(block.first)
    found_first = rows[0] if rows else header.bottom + 1
    _note_row(located, f"{block.name}首行", expected_first, found_first)
    located.growth.append((block.last, len(rows) - block.rows + found_first - expected_first))
    located.add_list(block, header.columns, rows, total)


def _only_total(
    located: Located,
    cells: Cells,
    block: ListBlock,
    keys: Sequence[ColumnSpan],
    totals: Sequence[int],
) -> int | None:
    """The one row of the total; None for a list without any."""
    if block.total is None:
        return None
    label = block.total.label.text
    if not totals:
        raise NotFound(f"找不到“{label}”行")
    if len(totals) > 1:
        raise NotFound(f"“{label}”行有多处：第{totals[0]}行、第{totals[1]}行")
    located.labels[_label_ref(cells, totals[0], keys)] = label
    return totals[0]


def _is_total(cells: Cells, row: int, keys: Sequence[ColumnSpan], label: Anchor) -> bool:
    """Whether one of the key columns of a row holds the total's label."""
    return any(
        label.matches(text)
        for spot in keys
        for column in spot.columns
        if (text := cells.printed.get((row, column))) is not None
    )


def _label_ref(cells: Cells, row: int, keys: Sequence[ColumnSpan]) -> str:
    """The cell of a row's label: its first text."""
    start = min(spot.left for spot in keys)
    columns = range(1, keys[-1].right + 1)
    return make_ref(row, next((c for c in columns if (row, c) in cells.printed), start))


def _codes(located: Located, cells: Cells, block: Codes) -> None:
    places: dict[str, str] = {}
    printed = {
        column: [(r, seen[0]) for r in rows if (seen := code_at(cells, r, column, block.codes))]
        for column, rows in cells.by_column.items()
    }
    panes = [(pane, *_pane_rows(printed, pane)) for pane in block.panes]
    starts = sorted(column for _, column, _ in panes)
    for pane, column, rows in panes:
        before = next((start for start in starts if start > column), cells.right + 1)
        amount = _amount_column(cells, pane, column, before)
        located.columns[pane.amount.left] = amount
        expected, found = f"{column_letter(pane.code)}列", f"{column_letter(column)}列"
        _note(located, "栏", pane.name, expected, found)
        for row, code in rows:
            if code in places:
                raise NotFound(f"科目编码“{code}”有两处：{places[code]}、第{row}行")
            places[code] = make_ref(row, amount)
            located.labels[make_ref(row, column)] = code
            if code not in block.listed:
                located.drift.append(Drift("多出", code, "", make_ref(row, column)))
            elif code in pane.listed:
                expected_row = located.moved(pane.rows[pane.listed.index(code)])
                _note_row(located, code, expected_row, row)
    for code in block.listed:
        if code not in places:
            located.drift.append(Drift("缺少", code, "固定科目清单", ""))
    located.codes[block.name] = places


def _pane_rows(
    printed: Mapping[int, list[tuple[int, str]]], pane: Pane
) -> tuple[int, list[tuple[int, str]]]:
    """The column that has most of a pane's codes, and all codes in it with their rows."""
    counts = {c: sum(code in pane.listed for _, code in found) for c, found in printed.items()}
    column = max(counts, key=lambda c: (counts[c], -c), default=0)
    if not counts or counts[column] < MOST_OF * len(pane.listed):
        raise NotFound(f"找不到“{pane.name}”的科目编码栏（{'、'.join(pane.listed[:2])}等）")
    return column, printed[column]


def _amount_column(cells: Cells, pane: Pane, code_column: int, before: int) -> int:
    """The column between a pane's codes and the next pane's whose header is the amount's."""
    header = pane.amount.header[-1]
    hits = {column for _, column in cells.find(header.texts) if code_column < column < before}
    if len(hits) != 1:
        state = "找不到" if not hits else "有几个，分不清是哪一个："
        raise NotFound(f"{state}“{pane.name}”的“{header.text}”栏")
    return hits.pop()
