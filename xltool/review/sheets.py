"""A table on a sheet of the summary: its columns, how its cells look, how it prints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Literal, NamedTuple

from xltool.batch.sinks.streamed import forget_row
from xltool.ooxml.edit.measure import lines, width

_ROWS = 1_048_576
_TEXT = 32_767
_LINKS = 65_000
"""Excel takes 65,530 links on a sheet."""

_FONT = "微软雅黑"
_LINE, _TALLEST = 14, 12
"""Points of a line; so many lines a row shows at most."""

_BUTTON = 4
"""Characters beside a title that the button of the filter covers."""

_A3, _A4, _WIDEST_ON_A4 = 8, 9, 190
"""Paper, and the characters that one line of A4 takes without becoming too small to read."""

_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
_CELL = re.compile(r"(.*?[A-Z]{1,3}\d{1,7})(?:、|$)")


class SheetColumn(NamedTuple):
    """A column: its title, its width, whether it holds texts, long texts or numbers; whether it is on paper."""

    title: str
    width: int
    kind: Literal["text", "long", "number"] = "text"
    printed: bool = True


def numbers(*titles: str, least: int = 9) -> tuple[SheetColumn, ...]:
    """Columns of numbers, wide enough for their titles."""
    return tuple(SheetColumn(t, max(least, width(t) + _BUTTON), "number") for t in titles)


def some_cells(listed: str | None, shown: int = 6) -> str | None:
    """A list of cells, shortened: the first ones and how many there are."""
    cells = _CELL.findall(listed or "")
    if len(cells) <= shown:
        return listed
    return f"{'、'.join(islice(cells, shown))} 等{len(cells)}处"


class SheetLink(str):
    """A path inside the folder of the review, with the text that stands for it."""

    text: str

    def __new__(cls, path: str, text: str) -> SheetLink:
        link = super().__new__(cls, path)
        link.text = text
        return link


def looks(book: Any) -> dict[str, Any]:
    """The formats by name. Texts stand at the top of their rows, numbers clear of the texts beside them."""
    base = {"font_name": _FONT, "font_size": 10, "valign": "top"}
    head = {**base, "bold": True, "bg_color": "#E8EEF5", "bottom": 1, "valign": "vcenter"}
    right = {**base, "align": "right", "indent": 1}
    colours = {"red": "#A3161C", "ochre": "#7A4B00", "green": "#1D6B40"}
    return {
        "": book.add_format(base),
        "number": book.add_format({**right, "num_format": "#,##0.00####"}),
        "rate": book.add_format({**right, "num_format": "#,##0.0"}),
        "count": book.add_format({**right, "num_format": "0;-0;;@"}),
        "wrapped": book.add_format({**base, "text_wrap": True}),
        "head": book.add_format(head),
        "number head": book.add_format({**head, "align": "right", "indent": 2}),
        "link": book.add_format({**base, "font_color": "#1D4F86", "underline": 1}),
        **{n: book.add_format({**base, "font_color": c, "bold": True}) for n, c in colours.items()},
    }


class ReviewSheet:
    """A table with a head that stays in view. `fixed`: columns that stay in view."""

    def __init__(
        self,
        book: Any,
        looks: dict[str, Any],
        title: str,
        columns: Sequence[SheetColumn],
        fixed: int,
    ) -> None:
        self._sheet, self._looks, self._columns = book.add_worksheet(title), looks, columns
        self._next, self._links = 1, 0
        for n, column in enumerate(columns):
            look = looks["number head" if column.kind == "number" else "head"]
            self._sheet.set_column(n, n, column.width, looks[""])
            self._sheet.write_string(0, n, column.title, look)
        self._sheet.freeze_panes(1, fixed)
        self._printed = [column for column in columns if column.printed]
        self._print_setup()

    def _print_setup(self) -> None:
        """One page wide, on paper on which that can be read; the columns that are not printed are the last."""
        room = sum(column.width for column in self._printed)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4 if room <= _WIDEST_ON_A4 else _A3)
        self._sheet.set_margins(**_MARGINS)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_footer("&C&A　第 &P 页，共 &N 页")

    def row(self, values: Mapping[str, object], looks: Mapping[str, str] | None = None) -> None:
        """Add a row, of the values by the titles of their columns. What Excel cannot hold is said in the last."""
        if self._next >= _ROWS - 1:
            if self._next == _ROWS - 1:
                self._sheet.write_string(self._next, 0, "放不下了，其余见 审核.duckdb")
                self._next += 1
            return
        given = [values.get(column.title) for column in self._columns]
        if (needed := self._lines(given)) > 1:
            self._sheet.set_row(self._next, _LINE * needed + 2)
        for n, (column, value) in enumerate(zip(self._columns, given, strict=True)):
            self._cell(n, value, column.kind, (looks or {}).get(column.title, ""))
        forget_row(self._sheet, self._next - 1)
        self._next += 1

    def _lines(self, values: Sequence[object]) -> int:
        """How many lines the longest text of a row takes; not all programs find that out by themselves."""
        wrapped = [
            lines(value, column.width)
            for value, column in zip(values, self._columns, strict=True)
            if column.kind == "long" and isinstance(value, str)
        ]
        return min(_TALLEST, max(wrapped, default=1))

    def _cell(self, column: int, value: object, kind: str, look: str) -> None:
        row, sheet = self._next, self._sheet
        if isinstance(value, SheetLink):
            self._links += 1
            if self._links <= _LINKS:
                sheet.write_url(row, column, f"external:{value}", self._looks["link"], value.text)
            else:
                sheet.write_string(row, column, value, self._looks[""])
        elif isinstance(value, str):
            plain = {"long": "wrapped", "number": "count"}.get(kind, "")
            sheet.write_string(row, column, value[:_TEXT], self._looks[look or plain])
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, value, self._looks["number"])
        elif isinstance(value, float):
            sheet.write_number(row, column, value, self._looks["rate"])
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self._looks[look or "count"])

    def finish(self) -> None:
        """The filter over all rows; the area that is printed."""
        last = max(1, self._next - 1)
        self._sheet.autofilter(0, 0, last, len(self._columns) - 1)
        self._sheet.print_area(0, 0, last, len(self._printed) - 1)
