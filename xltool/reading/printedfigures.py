"""Which cells of a sheet print a figure, and which print a number that is none: a year, a page, a code.

A number is taken for something else only with a named reason; what has no reason is a figure that must be audited.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from decimal import Decimal
from functools import cache, cached_property
from typing import TypeVar

from xltool.core.caches import remembered
from xltool.core.texts import half_width, norm, visible
from xltool.ooxml import Sheet, Value, make_ref, split_ref
from xltool.ooxml.read.numberformat import shown
from xltool.ooxml.read.styles import shows_date
from xltool.reading.counting import as_count, runs
from xltool.reading.numbertexts import ascii_digits, whole_number

_YEARS = (1990, 2099)
_CONTENTS = ("目录", "目次")
_HEAD_ROWS = 6

_ANY, _FEW = 10**20, 1000
_LABELS: tuple[tuple[str, int, int], ...] = (
    ("编码|代码|编号|号码|邮编|电话|传真|手机|证号|账号|表号", 0, _ANY),
    ("序号|页码|页次|页数", 0, _FEW),
    ("月份", 1, 12),
)
"""What a number stands for whose label ends so, and between which bounds it then is."""
_LABELLED = [
    (re.compile(rf"(?:{words})(?:\([^()]*\))?$"), least, most) for words, least, most in _LABELS
]
_YEAR_LABEL = re.compile(r"(?:会计|决算|报告|报表|预算|填报|所属)?年[度份]:?")

_MONEY = re.compile("金额|元|[预决概]算数|经费|收入|支出|结转|结余|合计|小计")
"""What says in the head of a column that it holds amounts."""

_MONEY_LABEL = re.compile("(?:金额|元|[预决概]算数|经费|收入|支出|结转|结余|合计|小计|余额|总额)$")
"""How a label ends that an amount stands beside."""

_IN_TEXT = re.compile(
    r"(?<![\d.,])(?:"
    r"(?:[¥￥$]|人民币)\s*(?P<sign>\d[\d,]*(?:\.\d+)?)|"
    r"(?:支出|收入|金额|合计|结余|经费|拨款|款项)(?:为|是|共|计|:|\s)*"
    r"(?P<end>(?!(?:19|20)\d\d(?![\d.]))(?:\d{3,}|\d+\.\d+))(?=\s*(?:[,;。，；、)]|$))|"
    r"(?P<unit>\d[\d,]*(?:\.\d+)?)\s*[十百千万亿]*(?:元|亿(?!元)|万(?!元))(?!/|[)）]?及?\s*(?:\([^()]*\))?以[上下])"
    r"|(?P<comma>\d{1,3}(?:,\d{3})+(?:\.\d+)?)(?![\d.%])"
    r"|(?P<cents>(?!(?:19|20)\d\d\.(?:0[1-9]|1[0-2])(?!\d))\d+\.\d\d)(?![\d.%])"
    r")"
)
_CHINESE = re.compile(
    r"[一二三四五六七八九壹贰叁肆伍陆柒捌玖两][零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟点]*"
    r"[百千万亿佰仟][圆元](?![^\s,;.。，；、)])|"
    r"[零一二三四五六七八九壹贰叁肆伍陆柒捌玖两][零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]*[圆元](?:整|正|[零一二三四五六七八九壹贰叁肆伍陆柒捌玖]角)"
)


@remembered(1 << 14)
def text_figure(text: str) -> bool:
    """Whether a text is a number other than zero, with or without a unit, or holds an amount of money."""
    plain = ascii_digits(half_width(visible(text)).strip())
    if not any(char.isdecimal() for char in plain):
        return _CHINESE.search(plain) is not None
    if number := whole_number(plain):
        return number != 0
    return any(_amount(match) for match in _IN_TEXT.finditer(plain))


def figure_of_text(value: Decimal | str, code: str) -> str:
    """The figure that a format prints for a blank, a text or a zero that is none itself; "" without."""
    seen = shown(value, code) if code.count(";") > 1 else ""
    own = isinstance(value, str) and text_figure(value)
    return seen if seen and not own and text_figure(seen) else ""


def _amount(match: re.Match[str]) -> bool:
    """Whether what was found in a text is an amount other than zero."""
    digits = next(group for group in match.groups() if group is not None)
    return any(char in "123456789" for char in digits)


_Line = dict[int, Value]
_Lines = dict[int, _Line]
"""The values of rows by column, or of columns by row."""
_Told = TypeVar("_Told")


class PrintedNumbers:
    """The numbers of one sheet, and what those that are no figures stand for. `read`: the cells of values that
    are known: they count nothing.
    """

    def __init__(self, sheet: Sheet, read: Set[str]) -> None:
        self.sheet, self._read = sheet, read

    def is_figure(self, ref: str, value: Value) -> bool:
        """Whether a cell prints a figure other than zero that has no reason to be no part of a table."""
        if isinstance(value, bool) or not isinstance(value, (Decimal, str)):
            return False
        if not value:
            return bool(figure_of_text(value, self.sheet.number_format(ref)))
        if isinstance(value, str) and not text_figure(value):
            return False
        return self.reason(ref, value) is None

    def reason(self, ref: str, value: Decimal | str) -> str | None:
        """What a number is that is no figure: 日期, 年度, 页码, 行次, what its label says; None for a figure."""
        if isinstance(value, Decimal) and shows_date(self.sheet.number_format(ref)):
            return "日期"
        number = value if isinstance(value, Decimal) else whole_number(value)
        if number is None or number < 0 or number != number.to_integral_value():
            return None
        row, column = split_ref(ref)
        beside = self._beside(row, column)
        if _YEARS[0] <= number <= _YEARS[1] and self._of_year(row, column, beside):
            return "年度"
        for text in beside:
            for label, least, most in _LABELLED:
                if least <= number <= most and (found := label.search(norm(text))):
                    return found[0]
        if self._of_money(ref, row, column):
            return None
        if beside and self._is_contents and self._is_page(column, beside[0]):
            return "页码"
        return "行次" if self._counts(row, column) else None

    def _of_money(self, ref: str, row: int, column: int) -> bool:
        """Whether a number that counts is an amount all the same: by its decimals, or by the head of its column."""
        if ".0" in self.sheet.number_format(ref):
            return True
        if column in self._runs_along(row):
            return False
        return any(_MONEY.search(norm(head)) for r, head in self._words_of(column) if r < row)

    def _of_year(self, row: int, column: int, beside: list[str]) -> bool:
        """Whether a number is the year in 2024 年度, or under or beside 年度."""
        after = self._rows.get(row, {}).get(column + 1)
        if isinstance(after, str) and norm(after).startswith("年"):
            return True
        return any(_YEAR_LABEL.fullmatch(norm(text)) for text in beside)

    @cached_property
    def _rows(self) -> _Lines:
        return _filled_rows(self.sheet.items())

    @cached_property
    def _columns(self) -> _Lines:
        return _columns_of(self._rows)

    @cached_property
    def _words_of(self) -> Callable[[int], list[tuple[int, str]]]:
        """The words of a column, with their rows."""
        return _once(_words, self._columns)

    @cached_property
    def _unread_rows(self) -> _Lines:
        """The cells that nothing has read."""
        return _filled_rows((r, v) for r, v in self.sheet.items() if r not in self._read)

    @cached_property
    def _runs_along(self) -> Callable[[int], set[int]]:
        """The columns in which numbers that nothing has read count up along a row."""
        return _once(runs, self._unread_rows)

    @cached_property
    def _runs_down(self) -> Callable[[int], set[int]]:
        """The rows in which they count up down a column."""
        return _once(runs, _columns_of(self._unread_rows))

    @cached_property
    def _is_contents(self) -> bool:
        """Whether the sheet is a table of contents: it says so, and no number on it is more than a page's."""
        heads = [v for _, v in self.sheet.head(_HEAD_ROWS) if isinstance(v, str)]
        if all(norm(text) not in _CONTENTS for text in (*heads, self.sheet.name)):
            return False
        numbers = [v for _, v in self.sheet.items() if isinstance(v, Decimal)]
        return all((count := as_count(v)) is not None and count < _FEW for v in numbers)

    def _is_page(self, column: int, label: str) -> bool:
        """Whether a number is the page of what stands beside it: pages do not go back, and money has none."""
        pages = [
            count
            for _, value in sorted(self._columns.get(column, {}).items())
            if (count := as_count(value)) is not None
        ]
        return pages == sorted(pages) and not _MONEY_LABEL.search(norm(label))

    def _beside(self, row: int, column: int) -> list[str]:
        """The labels of a number: the nearest text to the left, and the words above it where it is an item's."""
        cells = self._rows.get(row, {})
        left = next((cells[c] for c in sorted(cells, reverse=True) if c < column), None)
        heads = [(r, text) for r, text in self._words_of(column) if r < row]
        if not self._of_item(row, column):
            # alone in its row: below an item's last row it is a figure, below a label of a cover what that asks for
            heads = [(r, text) for r, text in heads if r == row - 1 and not self._read]
        return [text for text in (left, *(head for _, head in heads)) if isinstance(text, str)]

    def _of_item(self, row: int, column: int) -> bool:
        """Whether words stand next to a number that it may be the code or the number of: 201 01 一般公共服务支出."""
        cells = self._rows.get(row, {})
        behind = self._span(row, column)[1] + 1
        while as_count(cells.get(behind)) is not None:
            behind = self._span(row, behind)[1] + 1
        before = self._span(row, column - 1)[0] if column > 1 else 0
        return _is_words(cells.get(behind)) or _is_words(cells.get(before))

    def _span(self, row: int, column: int) -> tuple[int, int]:
        """The first and last column of a cell with those it is merged with."""
        merge = self.sheet.merge_of(make_ref(row, column))
        return (merge.left, merge.right) if merge else (column, column)

    def _counts(self, row: int, column: int) -> bool:
        """Whether a number is one of a run 1, 2, 3 … along its row or down its column."""
        return column in self._runs_along(row) or row in self._runs_down(column)


def _filled_rows(cells: Iterable[tuple[str, Value]]) -> _Lines:
    rows: _Lines = defaultdict(dict)
    for ref, value in cells:
        if value not in (None, ""):
            row, column = split_ref(ref)
            rows[row][column] = value
    return rows


def _columns_of(rows: _Lines) -> _Lines:
    columns: _Lines = defaultdict(dict)
    for row, cells in rows.items():
        for column, value in cells.items():
            columns[column][row] = value
    return columns


def _once(tell: Callable[[_Line], _Told], lines: _Lines) -> Callable[[int], _Told]:
    """What there is to tell of a line: the numbers of a long one all ask the same."""
    return cache(lambda at: tell(lines.get(at, {})))


def _is_words(value: Value) -> bool:
    return isinstance(value, str) and whole_number(value) is None


def _words(line: _Line) -> list[tuple[int, str]]:
    return [(at, str(value)) for at, value in line.items() if _is_words(value)]
