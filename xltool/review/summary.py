"""审核汇总.xlsx: the books, their findings, the rules, what could not be read, what changed since last time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

import xlsxwriter

from xltool.batch.parts import Batch
from xltool.batch.passed import Passed
from xltool.ooxml.measure import lines
from xltool.review.collect import BookLine, Collected, RuleHead
from xltool.review.compare import STATES, Absent, Changes

_ROWS = 1_048_576
_TEXT = 32_767
_LINKS = 65_000
"""Excel takes 65,530 links on a sheet."""

_FONT = "微软雅黑"
_LINE, _TALLEST = 14, 12
"""Points of a line; so many lines a row shows at most."""


class Column(NamedTuple):
    """A column: its title, its width, and whether it holds texts, long texts or numbers."""

    title: str
    width: int
    kind: Literal["text", "long", "number"] = "text"


def _numbers(*titles: str, width: int = 9) -> tuple[Column, ...]:
    return tuple(Column(title, width, "number") for title in titles)


_BOOKS = (
    *_numbers("序号", width=6),
    Column("单位名称", 30),
    Column("结论", 12),
    *_numbers("不符", "需核实"),
    *_numbers("必须相符未审", width=13),
    *_numbers("提示", "尾差"),
)
_BOOKS_TOO = (
    *_numbers("适用规则", "已审规则"),
    Column("读取", 7),
    *_numbers("漂移", "未匹配"),
    Column("版本", 15),
    *_numbers("年度"),
    Column("金额单位", 9),
    Column("报告", 9),
    Column("标注本", 9),
    Column("文件", 44),
)
_CHANGES = _numbers(*STATES)
_FINDINGS = (
    Column("单位名称", 28),
    Column("规则", 10),
    Column("规则名称", 34, "long"),
    Column("级别", 10),
    Column("结论", 10),
    Column("表", 30, "long"),
    Column("工作表", 24, "long"),
    Column("单元格", 16, "long"),
    Column("说明", 70, "long"),
    *_numbers("左值", "右值", "差额", width=15),
    Column("提示", 46, "long"),
    Column("疑似单元格", 12),
    Column("文件", 44),
)
_OUTCOMES = ("不符", "未执行", "数据不足", "尾差", "通过", "不适用")
_RULES = (
    Column("规则", 10),
    Column("规则名称", 60, "long"),
    Column("级别", 10),
    *_numbers(*(f"{outcome}（份）" for outcome in _OUTCOMES), "不符（处）", width=12),
)
_UNREAD = (Column("文件", 50), Column("原因", 100, "long"))
_PASSED = (Column("没有处理的", 40), Column("哪些", 100, "long"))
_COMPARED = (
    Column("单位名称", 28),
    Column("变化", 12),
    Column("规则", 10),
    Column("表", 30, "long"),
    Column("位置", 44, "long"),
    Column("说明", 80, "long"),
    Column("文件", 44),
)
_TOLD = ("不符", "数据不足")


class Summary:
    """Writes the workbook while the review goes on: findings as they come, the rest at the end."""

    def __init__(self, path: Path, *, compared: bool) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._looks = _looks(self._book)
        more = _CHANGES if compared else ()
        self._books = _Sheet(self._book, self._looks, "单位清单", (*_BOOKS, *more, *_BOOKS_TOO), 2)
        self._findings = _Sheet(self._book, self._looks, "问题清单", _FINDINGS, 2)
        self._rules = _Sheet(self._book, self._looks, "规则统计", _RULES, 2)
        self._unread = _Sheet(self._book, self._looks, "未能读取", _UNREAD, 1)
        self._compared = (
            _Sheet(self._book, self._looks, "与上次比较", _COMPARED, 1) if compared else None
        )

    def findings(self, batch: Batch) -> None:
        """Enter what failed, or could not be checked, in the books of a batch. Residues stay in the database."""
        titles = [column.title for column in _FINDINGS]
        for row in batch.detail("findings").select(titles).to_pylist():
            if row["结论"] in _TOLD:
                look = {"必须相符": "red", "需核实": "ochre"}.get(row["级别"], "")
                self._findings.row([row[title] for title in titles], {3: look} if look else {})

    def finish(
        self, collected: Collected, changes: Changes | None, passed: Iterable[Passed]
    ) -> None:
        """Enter the rest, and close."""
        for number, line in enumerate(collected.ranked, 1):
            self._book_row(number, line, changes)
        for head in sorted(collected.rules.values(), key=_by_failures):
            counts = [head.books[outcome] for outcome in _OUTCOMES]
            self._rules.row([head.id, head.name, head.level, *counts, head.places])
        for absent in changes.absent if changes else ():
            if absent.open:
                self._absent_row(absent)
        for line in collected.unread:
            self._unread.row([line.name, line.book["原因"]])
        self._passed(passed)
        if self._compared is not None and changes is not None:
            self._changes(self._compared, changes)
        for sheet in (self._books, self._findings, self._rules, self._unread, self._compared):
            if sheet is not None:
                sheet.finish()
        self.abandon()

    def _book_row(self, number: int, line: BookLine, changes: Changes | None) -> None:
        book, files = line.book, line.files
        states = changes.of(line.name) if changes else None
        more: list[object] = []
        if changes is not None:
            more = [states[s] if states is not None else "上次没有" for s in STATES]
        marked = (
            _Link(files.marked, "打开") if files.marked else "不能标注" if files.unmarked else None
        )
        self._books.row(
            [
                number,
                line.unit,
                book["结论"],
                book["不符"],
                book["需核实"],
                line.open_rules,
                book["提示"],
                book["尾差"],
                *more,
                book["适用规则"],
                book["已审规则"],
                book["状态"],
                book["漂移"],
                book["未匹配"],
                book["版本"],
                book["年度"],
                book["金额单位"],
                _Link(files.report, "打开") if files.report else None,
                marked,
                line.name,
            ],
            {2: {"不合格": "red", "未完成审核": "ochre", "合格": "green"}[book["结论"]]},
        )

    def _passed(self, passed: Iterable[Passed]) -> None:
        """What nobody looked at, on a sheet of its own: it is no book that could not be read."""
        rows = [(what, name) for what, which in passed for name in which]
        if rows:
            sheet = _Sheet(self._book, self._looks, "没有处理", _PASSED, 1)
            for row in rows:
                sheet.row(row)
            sheet.finish()

    def _absent_row(self, absent: Absent) -> None:
        """A book of last time that nobody could look at: its findings belong to the totals."""
        start = len(_BOOKS)
        row: list[object] = [None] * (start + len(_CHANGES) + len(_BOOKS_TOO))
        row[1:3] = absent.unit, absent.why
        row[start + STATES.index("未能核对")] = absent.open
        row[-1] = absent.file
        self._books.row(row, {2: "ochre"})

    def _changes(self, sheet: _Sheet, changes: Changes) -> None:
        ordered = sorted(changes.lines, key=lambda c: (c.unit, STATES.index(c.state), c.place))
        for change in ordered:
            look = {"新增": "red", "仍未改正": "ochre", "已改正": "green"}.get(change.state, "")
            place = change.place
            words = [place.rule, place.table, place.where, change.message]
            sheet.row([change.unit, change.state, *words, change.file], {1: look} if look else {})
        for name, count in changes.missing.items():
            told = f"上次审核有这个单位，当时有 {count} 处"
            sheet.row([name, "本次没有交", None, None, None, told, None])
        for book in changes.not_handed_in:
            told = f"上次的这份工作簿，本次没有，当时有 {book.open} 处"
            sheet.row([book.unit, "本次没有交", None, None, None, told, book.file])
        for name in changes.added:
            sheet.row([name, "上次没有", None, None, None, "上次审核没有这个单位", None])

    def abandon(self) -> None:
        """Close the file, whatever it holds."""
        if not self._book.fileclosed:
            self._book.close()


def _by_failures(head: RuleHead) -> tuple[int, int, str]:
    return -head.books["不符"], -head.places, head.id


class _Link(str):
    """A path inside the folder of the review, with the text that stands for it."""

    text: str

    def __new__(cls, path: str, text: str) -> _Link:
        link = super().__new__(cls, path)
        link.text = text
        return link


def _looks(book: Any) -> dict[str, Any]:
    base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
    head = {**base, "bold": True, "bg_color": "#E8EEF5", "bottom": 1}
    colours = {"red": "#A3161C", "ochre": "#7A4B00", "green": "#1D6B40"}
    return {
        "": book.add_format(base),
        "number": book.add_format({**base, "num_format": "#,##0.00####"}),
        "count": book.add_format({**base, "num_format": "0;-0;;@"}),
        "wrapped": book.add_format({**base, "text_wrap": True}),
        "head": book.add_format(head),
        "number head": book.add_format({**head, "align": "right"}),
        "link": book.add_format({**base, "font_color": "#1D4F86", "underline": 1}),
        **{n: book.add_format({**base, "font_color": c, "bold": True}) for n, c in colours.items()},
    }


class _Sheet:
    """A table with a head that stays in view. `fixed`: columns that stay in view."""

    def __init__(
        self, book: Any, looks: dict[str, Any], title: str, columns: Sequence[Column], fixed: int
    ) -> None:
        self._sheet, self._looks, self._columns = book.add_worksheet(title), looks, columns
        self._next, self._links = 1, 0
        for n, column in enumerate(columns):
            look = looks["number head" if column.kind == "number" else "head"]
            self._sheet.set_column(n, n, column.width, looks[""])
            self._sheet.write_string(0, n, column.title, look)
        self._sheet.freeze_panes(1, fixed)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)

    def row(self, values: Iterable[object], looks: dict[int, str] | None = None) -> None:
        """Add a row; what Excel cannot hold is said in the last one."""
        if self._next >= _ROWS - 1:
            if self._next == _ROWS - 1:
                self._sheet.write_string(self._next, 0, "放不下了，其余见 审核.duckdb")
                self._next += 1
            return
        given = list(values)
        if (needed := self._lines(given)) > 1:
            self._sheet.set_row(self._next, _LINE * needed + 2)
        for n, value in enumerate(given):
            self._cell(n, value, (looks or {}).get(n, ""))
        self._next += 1

    def _lines(self, values: Sequence[object]) -> int:
        """How many lines the longest text of a row takes; not all programs find that out by themselves."""
        wrapped = [
            lines(value, column.width)
            for value, column in zip(values, self._columns, strict=True)
            if column.kind == "long" and isinstance(value, str)
        ]
        return min(_TALLEST, max(wrapped, default=1))

    def _cell(self, column: int, value: object, look: str) -> None:
        row, sheet = self._next, self._sheet
        if isinstance(value, _Link):
            self._links += 1
            if self._links <= _LINKS:
                sheet.write_url(row, column, f"external:{value}", self._looks["link"], value.text)
            else:
                sheet.write_string(row, column, value, self._looks[""])
        elif isinstance(value, str):
            plain = "wrapped" if self._columns[column].kind == "long" else ""
            sheet.write_string(row, column, value[:_TEXT], self._looks[look or plain])
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, value, self._looks["number"])
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self._looks[look or "count"])

    def finish(self) -> None:
        """The filter over all rows."""
        self._sheet.autofilter(0, 0, max(1, self._next - 1), len(self._columns) - 1)
