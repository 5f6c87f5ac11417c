"""Tables that go on below their own title and heads, printed again where a page ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xltool.mapping.cells import Cells
from xltool.mapping.recognition.keys import bare, header_key, row_key
from xltool.mapping.recognition.titles import Titled
from xltool.mapping.recognition.words import Vocabulary
from xltool.ooxml import Range

_HEADS = 2
"""So many texts at least stand side by side in a row of heads."""


def joined(parts: list[Titled], words: Vocabulary) -> list[Titled]:
    """The parts of a sheet, each with those right below it that only go on with the same table."""
    found: list[Titled] = []
    for part in parts:
        if found and (body := _goes_on(found[-1], part, words)):
            whole = found[-1].area._replace(bottom=part.area.bottom)
            again = (*found[-1].again, range(part.title.at.top, body))
            found[-1] = replace(found[-1], area=whole, again=again)
        else:
            found.append(part)
    return found


def _goes_on(upper: Titled, part: Titled, words: Vocabulary) -> int | None:
    """Where a part goes on with the table above it: it has its title and heads, no row and no total of it again."""
    area, above, title = part.area, upper.area, part.title
    if title.name != upper.title.name or (title.other_version and "续" not in title.text):
        return None
    if "续" not in title.text and any(table.is_card for table in title.tables):
        return None  # another project, not more of the one above
    if area != above._replace(top=above.bottom + 1, bottom=area.bottom):
        return None
    body = _below_same_heads(upper, part, words)
    if body is None:
        return None
    own, rest = range(above.top, above.bottom + 1), range(body, area.bottom + 1)
    totals = sum(_is_total(part.cells, row, area, words) for row in (*own, *rest))
    known, new = ({*_names(part, rows)} for rows in (own, rest))
    return body if totals <= 1 and new and known.isdisjoint(new) else None


def _below_same_heads(upper: Titled, part: Titled, words: Vocabulary) -> int | None:
    """The first row under heads that all stand above, too; None when none does."""
    printed = {_line(part.cells, r) for r in range(upper.area.top, upper.area.bottom + 1)}
    heads = 0
    for row in range(part.title.at.bottom + 1, part.area.bottom + 1):
        line = _line(part.cells, row)
        if line and (line not in printed or _is_total(part.cells, row, part.area, words)):
            return row if heads else None
        heads += len([*part.cells.texts(row)]) >= _HEADS
    return None


def _line(cells: Cells, row: int) -> tuple[tuple[int, str], ...]:
    return tuple(
        (column, bare(str(cells.values[row, column]))) for column in cells.rows.get(row, ())
    )


def _is_total(cells: Cells, row: int, area: Range, words: Vocabulary) -> bool:
    first = next(cells.texts(row, area.left, area.right), None)
    return first is not None and header_key(first[1]) in words.total


def _names(part: Titled, rows: range) -> Iterator[str]:
    """What rows are called: the codes that stand whole in their first cells, the labels that the table has."""
    cells, area = part.cells, part.area
    labels = {key for table in part.title.tables if not table.is_card for key in table.row_keys}
    for row in rows:
        column = next((c for c in cells.rows.get(row, ()) if c >= area.left), 0)
        code = cells.whole(row, column)
        if code is not None and len(str(code)) in (3, 5, 7):
            yield str(code)
        yield from labels & {row_key(text) for _, text in cells.texts(row, area.left, area.right)}
