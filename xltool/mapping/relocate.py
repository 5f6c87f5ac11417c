"""Locating a table block by block where its anchors are not at the expected addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.core.texts import norm
from xltool.mapping.formtexts import form_texts, is_form_text
from xltool.mapping.grid import Grid
from xltool.mapping.located import ColumnSpan, Drift, DriftKind, Located, summed_up
from xltool.mapping.model import Anchor, Cell, Codes, Column, Form, ListBlock, Pane
from xltool.mapping.search import FoundColumns, NotFound, find_columns, find_labels, is_number_row
from xltool.ooxml import Range, column_letter, make_ref


def relocate(located: Located, grid: Grid) -> None:
    """Search every block of the mapping in the sheet; fill `located` with what is found, or with problems."""
    _blocks(located, grid)
    located.drift = summed_up(located.drift)


def _blocks(located: Located, grid: Grid) -> None:
    for block in located.mapping.blocks:
        try:
            match block:
                case Form():
                    _form(located, grid, block)
                case ListBlock():
                    _list(located, grid, block)
                case Codes():
                    _codes(located, grid, block)
        except NotFound as error:
            located.problem(str(error), "请对照表样核对；表样确有变化的，修改映射文件")


def _note(located: Located, kind: DriftKind, what: str, expected: str, found: str) -> None:
    if expected != found:
        located.drift.append(Drift(kind, what, expected, found))


def _note_row(located: Located, what: str, expected: int, found: int) -> None:
    if expected != found:
        located.drift.append(Drift.of_row(what, expected, found))


def _header(located: Located, grid: Grid, columns: Sequence[Column]) -> FoundColumns:
    header = find_columns(grid, columns)
    for column in columns:
        found = header.columns[column.name]
        located.columns[column.left] = found.left
        expected = column_letter(column.left)
        _note(located, "栏", column.name, f"{expected}列", f"{column_letter(found.left)}列")
    return header


def _body_rows(located: Located, grid: Grid, header: FoundColumns) -> Iterator[int]:
    """The rows under the headers, without the 栏次 row, down to the next text of the form."""
    printed = form_texts(located.mapping)
    spots = list(header.columns.values())
    for row in range(header.bottom + 1, grid.bottom + 1):
        if is_number_row(grid, row, spots, located.mapping.numbers):
            continue
        if any(is_form_text(text, printed) for text in grid.row_texts(row)):
            return
        yield row


def _form(located: Located, grid: Grid, form: Form) -> None:
    for cell in form.cells:
        _cell(located, grid, cell)
    if not form.columns:
        return
    header = _header(located, grid, form.columns)
    if form.single is not None:
        _single_row(located, grid, form, header)
        return
    left_of = min(spot.left for spot in header.columns.values())
    labels = find_labels(grid, form.rows, left_of, header.bottom, form_texts(located.mapping))
    by_name = {row.name: row for row in form.rows}
    for name, row in labels.rows.items():
        expected, label = by_name[name].row, make_ref(row, labels.column)
        printed, found = by_name[name].texts, grid.printed[row, labels.column]
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


def _single_row(located: Located, grid: Grid, form: Form, header: FoundColumns) -> None:
    """The one row of figures under the headers; a second one would leave it open which is meant."""
    assert form.single is not None
    rows = list(_body_rows(located, grid, header))
    columns = [spot.left for spot in header.columns.values()]
    filled = [row for row in rows if any((row, column) in grid.printed for column in columns)]
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


def _cell(located: Located, grid: Grid, cell: Cell) -> None:
    hits = list(grid.find(cell.label))
    if len(hits) != 1:
        state = "找不到" if not hits else "有多处，分不清是哪一处："
        raise NotFound(f"{state}“{cell.label.text}”")
    ((row, column),) = hits
    label = grid.extent(row, column)
    row += cell.range.top - cell.label.range.top
    at = make_ref(row, _value_column(located, grid, cell, row, label))
    located.labels[make_ref(label.top, label.left)] = cell.label.text
    expected = make_ref(located.moved(cell.range.top), cell.range.left)
    _note(located, "栏", cell.name, expected, at)
    if cell.head:
        located.heads[cell.name] = at
    else:
        located.fields[cell.path] = at


def _value_column(located: Located, grid: Grid, cell: Cell, row: int, label: Range) -> int:
    """Where the value beside a label stands: under the column heads it shares with other blocks, else
    next to its label, a blank column or two apart at the most."""
    if (shared := located.columns.get(cell.range.left)) is not None:
        return shared
    gap = cell.range.left - cell.label.range.right
    if gap != 1 or row != label.top:
        return label.right + gap
    wide = cell.range.right > cell.range.left
    for column in range(label.right + 1, label.right + 4):
        text, extent = grid.printed.get((row, column)), grid.extent(row, column)
        if text is not None or (wide and extent.right > extent.left):
            return column
    return label.right + gap


def _list(located: Located, grid: Grid, block: ListBlock) -> None:
    header = _header(located, grid, block.columns)
    keys = [header.columns[column.name] for column in block.columns[:2]]
    until = tuple(map(norm, block.until))
    rows: list[int] = []
    total: int | None = None
    for row in range(header.bottom + 1, grid.bottom + 1):
        texts = [grid.printed.get((row, c)) for c in range(1, keys[-1].right + 1)]
        if any(text is not None and norm(text).startswith(until) for text in texts):
            break
        if is_number_row(grid, row, header.columns.values(), located.mapping.numbers):
            continue
        if block.total and _is_total(grid, row, keys, block.total.label):
            if total is not None:
                raise NotFound(f"“{block.total.label.text}”行有多处：第{total}行、第{row}行")
            total = row
            located.labels[_label_ref(grid, row, keys)] = block.total.label.text
            continue
        rows.append(row)
    if block.total and total is None:
        raise NotFound(f"找不到“{block.total.label.text}”行")
    expected_first = located.moved(block.first)
    found_first = rows[0] if rows else header.bottom + 1
    _note_row(located, f"{block.name}首行", expected_first, found_first)
    located.growth.append((block.last, len(rows) - block.rows + found_first - expected_first))
    located.add_list(block, header.columns, rows, total)


def _is_total(grid: Grid, row: int, keys: Sequence[ColumnSpan], label: Anchor) -> bool:
    """Whether one of the key columns of a row holds the total's label."""
    return any(
        label.matches(text)
        for spot in keys
        for column in range(spot.left, spot.right + 1)
        if (text := grid.printed.get((row, column))) is not None
    )


def _label_ref(grid: Grid, row: int, keys: Sequence[ColumnSpan]) -> str:
    """The cell of a row's label: its first text."""
    start = min(spot.left for spot in keys)
    columns = range(1, keys[-1].right + 1)
    return make_ref(row, next((c for c in columns if (row, c) in grid.printed), start))


def _codes(located: Located, grid: Grid, block: Codes) -> None:
    places: dict[str, str] = {}
    panes = [(pane, *_pane_rows(grid, block, pane)) for pane in block.panes]
    starts = sorted(column for _, column, _ in panes)
    for pane, column, rows in panes:
        before = next((start for start in starts if start > column), grid.right + 1)
        amount = _amount_column(grid, pane, column, before)
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


def _pane_rows(grid: Grid, block: Codes, pane: Pane) -> tuple[int, list[tuple[int, str]]]:
    """The column that has most of a pane's codes, and all codes in it with their rows."""
    counts = {
        column: sum(grid.printed[row, column].strip() in pane.listed for row in rows)
        for column, rows in grid.by_column.items()
    }
    column = max(counts, key=lambda c: (counts[c], -c), default=0)
    if not counts or counts[column] < 0.6 * len(pane.listed):
        raise NotFound(f"找不到“{pane.name}”的科目编码栏（{'、'.join(pane.listed[:2])}等）")
    cells = ((row, grid.printed[row, column].strip()) for row in grid.by_column[column])
    return column, [(row, text) for row, text in cells if block.codes.well_formed(text)]


def _amount_column(grid: Grid, pane: Pane, code_column: int, before: int) -> int:
    """The column between a pane's codes and the next pane's whose header is the amount's."""
    header = pane.amount.header[-1]
    hits = {column for _, column in grid.find(header) if code_column < column < before}
    if len(hits) != 1:
        state = "找不到" if not hits else "有几个，分不清是哪一个："
        raise NotFound(f"{state}“{pane.name}”的“{header.text}”栏")
    return hits.pop()
