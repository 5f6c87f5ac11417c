"""Locating a table's fields in a sheet: by anchor, with the address as expectation.

First every anchor is looked up where the edition expects it (lists above may have moved it); when all of
them are there, the addresses hold. Otherwise the table is recognised by the mapping's own words
(`recognition.following`), and what is found elsewhere is reported as drift.
"""

from __future__ import annotations

from xltool.core.texts import norm
from xltool.mapping.blocks import Form, ListBlock
from xltool.mapping.formtexts import form_texts, is_form_text
from xltool.mapping.located import Drift, Located, as_text, spot, text_at
from xltool.mapping.model import TableMapping
from xltool.mapping.plan import Plan, plan
from xltool.mapping.titles import is_title
from xltool.ooxml import Sheet, column_letter


def locate(mapping: TableMapping, sheet: Sheet) -> Located:
    """Where everything that `mapping` binds stands in `sheet`.

    What cannot be located without doubt is in the result's `problems`; differences from the edition that
    could be followed are in its `drift`.
    """
    return planned(mapping, sheet) or moved(mapping, sheet)


def moved(mapping: TableMapping, sheet: Sheet) -> Located:
    """Where everything stands by the words of the mapping."""
    # few books need it, and with it all that recognises labels
    from xltool.mapping.recognition.following import followed

    return followed(mapping, sheet)


def planned(mapping: TableMapping, sheet: Sheet) -> Located | None:
    """Where everything stands, when every anchor is where the edition has it; else None."""
    located = Located(mapping, sheet)
    if _measure_lists(located):
        expected = plan(mapping, tuple(located.growth))
        if _anchors_hold(located, expected) and _rows_hold(located):
            located.take(expected)
            return located
    return None


def _measure_lists(located: Located) -> bool:
    """Find each list's last row by what follows it; note by how much it grew. False: no end found."""
    for block in located.mapping.blocks:
        if not isinstance(block, ListBlock):
            continue
        start = located.moved(block.first)
        end = _list_end(located, block, start)
        if end is None:
            return False
        located.growth.append((block.last, end - start - block.rows))
        columns = {column.name: spot(column) for column in block.columns}
        total = located.moved(block.total.row) if block.total else None
        located.add_list(block, columns, list(range(start, end)), total)
    return True


def _list_end(located: Located, block: ListBlock, start: int) -> int | None:
    """The first row after the list, or None when what ends it is not found."""
    bottom = located.sheet.last_row
    value = located.sheet.lookup()
    first = {located.mapping.title.range.left, block.columns[0].left}
    columns = [column_letter(column) for column in first]
    closing = block.total.label if block.total and block.total.row > block.last else None
    ends = frozenset(map(norm, closing.texts)) if closing else frozenset()
    until = tuple(map(norm, block.until))
    for row in range(start, bottom + 1):
        for column in columns:
            if (found := value(column + str(row))) is None:
                continue
            text = norm(str(found))
            if text in ends if closing else text.startswith(until):
                return row
    return None if closing or block.codes is None else max(bottom + 1, start)


def _anchors_hold(located: Located, planned: Plan) -> bool:
    """Whether every anchor stands where it is expected; wordings that differ are noted as drift."""
    sheet, mapping = located.sheet, located.mapping
    at = mapping.title.range
    title = text_at(sheet, at.top, at.left)
    if title is None or not is_title(title, mapping.title):
        return False
    value = sheet.lookup()
    if tuple(map(value, planned.refs)) != planned.wording:
        for ref, anchor in planned.anchors:
            text = as_text(value(ref))
            if text is None or not anchor.matches(text):
                return False
            if text not in anchor.texts:
                located.drift.append(Drift("文字", ref, anchor.text, text))
        if any(as_text(value(ref)) != code for ref, code in planned.code_cells):
            return False
    return not any(as_text(value(ref)) in block.codes for ref, block in planned.after)


def _rows_hold(located: Located) -> bool:
    """Whether rows that have no label of their own are where they are expected: the 栏次 row, single rows,
    and nothing but notes after a list that ends with its total."""
    sheet, mapping = located.sheet, located.mapping
    if mapping.numbers is not None:
        row = located.moved(mapping.numbers.row)
        if any(
            text_at(sheet, row, column) != str(n)
            for n, column in enumerate(mapping.numbers.columns, 1)
        ):
            return False
    printed = form_texts(mapping)
    for block in mapping.blocks:
        if isinstance(block, Form) and block.single is not None:
            row = located.moved(block.single)
            here = [text_at(sheet, row, column.left) for column in block.columns]
            below = [text_at(sheet, row + 1, column.left) for column in block.columns]
            if any(text and is_form_text(text, printed) for text in here):
                return False
            if any(text and not is_form_text(text, printed) for text in below):
                return False
        elif isinstance(block, ListBlock) and block.total and block.total.row > block.last:
            below = [
                text_at(sheet, located.moved(block.total.row) + 1, c.left) for c in block.columns
            ]
            if any(text and not is_form_text(text, printed) for text in below):
                return False
    return True
