"""An after-check on a block that was taken: what would change a figure and is not certain is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltool.core.texts import norm
from xltool.entry.importing.answers import ALIKE, ALL_COUNTED, COUNTED, HIDDEN, NOT_COUNTED
from xltool.entry.importing.block import Block
from xltool.entry.importing.headrows import code_of, is_economic, is_figure, is_functional
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.totals import columns_added
from xltool.entry.importing.vocabulary import bare
from xltool.ooxml import column_letter

REVERSED = "冲减的"
"""The kind of telling words that is looked for in memos, too."""
_LEVELS = ("类", "款", "项")
_FEW = 6
"""A column with more different texts, none of them twice, tells no kinds of rows apart."""
_WHEN = re.compile("日期|时间")
_CODE = re.compile(r"(?<!\d)[23]\d{2,6}(?!\d)")
_YEARS = re.compile(r"(?<!\d)20\d\d(?!\d)")
_CARRIED_SPENT = re.compile(r"(?:结转|结余)(?!.*(?:结转|结余|余额)$).*(?:支出|支付|执行|使用)")
_UNIT_LINE = re.compile(r"^\W*(?:编制|填报|核算|预算|报送)?(?:单位|部门)(?:名称)?[:：]")
_REMARK = re.compile(r"[(\[【（](?!含)[^()（）]*[)\]】）]")
_PERIODS = re.compile(
    r"(?P<month>1[0-2]|[1-9])月|(?P<quarter>[1-4一二三四])季度|(?P<half>[上下])半年"
)


def doubts(taking: Taking, block: Block) -> None:
    """Ask about what the figures of a block leave open. To be called when all its rows were taken."""
    if taking.placed:
        _Doubts(taking, block).ask_all()


class _Doubts:
    def __init__(self, taking: Taking, block: Block) -> None:
        self.taking, self.block, self.words = taking, block, taking.words
        self.placed = {cell for cells in taking.placed.values() for cell in cells}
        self.rows = sorted({row for row, _ in self.placed})
        numbers = {cell: taking.amount(block, *cell) or Decimal(0) for cell in self.placed}
        self.filled = {row for (row, _), number in numbers.items() if number}
        self.positive = {row for (row, _), number in numbers.items() if number > 0}
        self.unread = [
            column
            for column in sorted(set(block.heads) | self._text_columns())
            if column not in block.columns and column not in block.unknown
            if not _WHEN.search(block.heads.get(column, ""))
        ]
        """Columns that nobody knows the use of and that hold no numbers."""

    def ask_all(self) -> None:
        """Put every question."""
        self._not_shown()
        self._parts_of_a_year()
        self._carried_spending()
        if self.block.kind != "labels":
            self._kinds_of_rows()
        if self.block.kind == "list":
            self._unplaced()
            self._one_unit()
            self._two_codes()
            self._telling()
            self._names()
            self._lines_between()
            self._alike()

    def _ask(self, row: int, column: int | None, message: str, hint: str, once: object) -> None:
        told = id(self.block), once
        where = self.block.grid.where(row, column)
        self.taking.ask(where, message, hint, "contradiction", told)

    def _text_columns(self) -> set[int]:
        cells = self.block.grid.cells
        return {
            c
            for row in self.rows
            for c, v in cells[row].items()
            if isinstance(v, str) and not is_figure(v)
        }

    # ── cells that do not show ──

    def _not_shown(self) -> None:
        grid = self.block.grid
        hidden = [row for row in self.rows if row in grid.hidden]
        for row in [row for row in hidden if row in self.taking.proven]:
            self.taking.note(f"{grid.where(row)} 是隐藏的，合计里有它，算进去了")
        places = [grid.where(row) for row in hidden if row not in self.taking.proven]
        for column in sorted({c for _, c in self.placed} & grid.hidden_columns):
            if not self.words.own_use(*self._place(column)):
                places.append(grid.where(self.block.head, column))
        if grid.concealed:
            places = [f"工作表 {grid.label}"]
        for where in places:
            if self.taking.said.get(HIDDEN) == COUNTED:
                self.taking.note(f"{where} 是隐藏的，照所说的算进去了")
            else:
                hint = f"算的，回答 {HIDDEN}={COUNTED}；不算的，回答 {HIDDEN}={NOT_COUNTED}"
                self.taking.ask(where, "是隐藏的，有数，算不算", hint, "contradiction")

    def _place(self, column: int) -> tuple[str, str, str]:
        head = self.block.heads.get(column, "")
        return self.block.grid.sheet, column_letter(column), head

    # ── columns ──

    def _parts_of_a_year(self) -> None:
        """Months or quarters that are added up make a whole year, or are asked about."""
        months = [
            c for c in self.block.of("month") if any(c == column for _, column in self.placed)
        ]
        shown: dict[str, set[int]] = {}
        for column in self.block.of("month") if months else ():
            covered = shown.setdefault(self.block.columns[column].target, set())
            covered |= _months(self.block.heads.get(column, ""))
        for covered in shown.values():
            if covered and len(covered) < 12 and not self.taking.final:
                message = f"各月、各季度的列只到{len(covered)}个月，不是全年的"
                hint = "就是全年决算数的，命令加 --final，或回答 口径=全年决算"
                self._ask(self.block.head, months[0], message, hint, "months")

    def _carried_spending(self) -> None:
        """结转资金支出 is spending of this year, though its head says 结转."""
        for column in self.block.of("aside"):
            head = norm(self.block.heads.get(column, "").replace("/", ""))
            if not _CARRIED_SPENT.search(head) or self.words.own_use(*self._place(column)):
                continue
            if any(column in self.block.grid.cells[row] for row in self.rows):
                message = f"“{self.block.heads[column]}”像是用结转、结余资金的本年支出，没有算"
                hint = "算的，写明是哪一栏（列：），或与别的列加在一起再导入；不算的，写成“不要”"
                self._ask(self.block.head, column, message, hint, column)

    def _unplaced(self) -> None:
        """Every number in a column of figures, in a row that is used, went somewhere."""
        for row in self.rows:
            for column in columns_added(self.block):
                if (row, column) in self.placed or self.block.columns[column].what == "month":
                    continue
                if self.taking.amount(self.block, row, column):
                    message = "这一格的数没有填到哪里"
                    hint = "写明这一列是什么（列：），或写成“不要”"
                    self._ask(row, column, message, hint, ("unplaced", column))

    def _one_unit(self) -> None:
        """Rows of several units: their figures are no unit's."""
        for column in self.block.of("unit"):
            shown = (self.block.at(row, column) for row in self.rows)
            names = sorted({bare(value) for value in shown if isinstance(value, str)})
            if len(names) > 1:
                message = f"有{len(names)}个单位：{'、'.join(names[:3])}"
                hint = (
                    "一次导入一个单位的：别的单位的行另存一份；"
                    "是本单位内部的部门，在导入映射里把这一列写成“不要”"
                )
                self._ask(self.block.head, column, message, hint, ("units", column))

    def _two_codes(self) -> None:
        """A row with two codes of one classification belongs to none of them."""
        columns = [c for c in self.block.of("code") if self.block.columns[c].target not in _LEVELS]
        for row in self.rows if len(columns) > 1 else ():
            codes = [code for c in columns if (code := code_of(self.block.at(row, c))[0])]
            for kind in (is_functional, is_economic):
                same = sorted(set(filter(kind, codes)))
                if len(same) > 1:
                    message = f"一行有两个科目编码：{'、'.join(same)}"
                    hint = "左右两张表分成两张，再导入；不用的一列写成“不要”"
                    self._ask(row, None, message, hint, "codes")

    # ── words in rows ──

    def _kinds_of_rows(self) -> None:
        """Rows that are added up differ in a column that nobody knows: 红字 and 蓝字, this year and the last."""
        for column in self.unread:
            shown = {row: bare(self.block.at(row, column) or "") for row in self.rows}
            if any(map(_CODE.search, shown.values())):
                continue  # auxiliary items of an account
            if len(set(shown.values())) > _FEW and len(set(shown.values())) == len(self.rows):
                continue
            for cells in self.taking.placed.values():
                kinds = sorted({shown[row] for row, _ in cells} - {""})
                if kinds and len({shown[row] for row, _ in cells}) > 1:
                    listed = "、".join(kinds[:3])
                    head = self.block.heads.get(column, "没有列名")
                    message = f"“{head}”一列写着{listed}，这些行的数加在了一起"
                    hint = "都要加的，这一列写成“不要”；不要的行删去，再导入"
                    self._ask(cells[0][0], column, message, hint, column)
                    break

    def _telling(self) -> None:
        """Words by which a figure may be none of this year's: in columns nobody knows; 冲销 also in memos."""
        memos = self.block.of("memo")
        for row in self.rows:
            for column in (*self.unread, *memos):
                text = self.block.at(row, column)
                if not isinstance(text, str):
                    continue
                why, word = self.words.telling(text)
                if why == REVERSED and row not in self.positive:
                    continue
                if column in memos and why != REVERSED:
                    continue
                if not why and column not in memos and (fund := self.words.fund(text)):
                    why, word = f"{fund}的", fund
                if why:
                    message = f"写着“{word}”，这一行的数算进去了"
                    hint = "不算的行删去，或把数改成负数；都要算的，这一列写成“不要”"
                    self._ask(row, column, message, hint, ("telling", column))

    def _names(self) -> None:
        """行政运行（上年） beside 行政运行（本年）, or any name with such a remark."""
        for row, text in self._named():
            remarks = "".join(_REMARK.findall(norm(text)))
            why, word = self.words.telling(remarks)
            if why == REVERSED and row not in self.positive:
                continue
            if not why and self.block.topic.year:
                years = set(_YEARS.findall(remarks)) - {self.block.topic.year}
                why, word = ("别的年度的", min(years)) if years else ("", "")
            if why:
                message = f"名称里写着“{word}”，这一行的数算进去了"
                hint = "不算的行删去；要算的，去掉名称里的话，或把名称一列写成“不要”"
                self._ask(row, None, message, hint, "names")

    def _named(self) -> Iterator[tuple[int, str]]:
        for row in self.rows:
            for column in (*self.block.of("name"), *self.block.of("code")):
                text = self.block.at(row, column)
                if isinstance(text, str):
                    yield row, text

    def _lines_between(self) -> None:
        """A line without figures, among the rows, that says something of those below it."""
        cells = self.block.grid.cells
        for row in self.block.rows:
            line = cells[row]
            if row > self.rows[-1] or row in self.rows or any(map(is_figure, line.values())):
                continue
            text = norm(" ".join(map(str, line.values())))
            why, _ = self.words.telling(text)
            if why or self.words.fund(text) or _UNIT_LINE.match(text):
                message = f"“{text[:20]}”一行说的是下面哪些行，看不出来"
                hint = "另起一张表，或在各行写明（资金性质、单位各一列），再导入"
                self._ask(row, None, message, hint, ("line", row))

    def _alike(self) -> None:
        """Two rows that are the same in every cell may be one row that was copied."""
        seen: dict[tuple[tuple[int, object], ...], int] = {}
        for row in self.rows:
            key = tuple(sorted(self.block.grid.cells[row].items()))
            first = seen.setdefault(key, row)
            if first != row and row in self.filled:
                if self.taking.said.get(ALIKE) == ALL_COUNTED:
                    self.taking.note(
                        f"{self.block.grid.where(row)} 与第{first}行相同，照所说的都算"
                    )
                    continue
                message = f"与第{first}行每一格都相同，加在了一起"
                hint = f"多写的行删去；都要算的，回答 {ALIKE}={ALL_COUNTED}"
                self._ask(row, None, message, hint, ("alike", row))


def _months(head: str) -> set[int]:
    """The months that a head names."""
    found = _PERIODS.search(norm(head.rpartition("/")[2]))
    if found is None:
        return set()
    if found["month"]:
        return {int(found["month"])}
    if found["half"]:
        return set(range(1, 7) if found["half"] == "上" else range(7, 13))
    quarter = "1234一二三四".index(found["quarter"]) % 4
    return set(range(quarter * 3 + 1, quarter * 3 + 4))
