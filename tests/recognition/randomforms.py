"""Random forms: layouts drawn from the vocabulary, with what every cell of them means.

A form is drawn by one seed: which tables, in which order, how titled and headed, how codes stand, what else is
printed beside, under and among them. `Form.truth` says of every figure which field it is; `Form.planted` are
figures that are no field at all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.editing import saved
from xltool.core.codes import CodeList
from xltool.core.resources import MAPPINGS
from xltool.mapping.files import read_raw
from xltool.mapping.recognition.vocabulary.wordfiles import VOCABULARY

Cell = tuple[str, str]
Meaning = tuple[str, tuple[str, ...]]
"""Table, and the path of a field, or list, code and column."""

FUNCTIONAL = CodeList.load(MAPPINGS / "codes" / "functional.csv")
ECONOMIC = CodeList.load(MAPPINGS / "codes" / "economic.csv")
_SEVEN = [code for code in FUNCTIONAL._codes if len(code) == 7]
_ORDINALS = "一二三四五六七八九十"


def words_of(table: str) -> dict[str, Any]:
    """The vocabulary of a table, as it is written."""
    return read_raw(VOCABULARY / f"{table}.yaml")


@dataclass
class Style:
    """What the tables of one form have in common."""

    codes: str
    numbers: bool
    ordinals: bool
    total: str
    merged: bool
    heads: str
    title: str
    stacked: bool
    unit: str
    extra: bool
    breaks: bool
    blank_left: int
    texts: bool
    over: bool
    shuffled: bool
    untitled: bool


@dataclass
class Form:
    """A drawn form."""

    seed: int
    year: int
    style: Style
    book: openpyxl.Workbook
    truth: dict[Cell, tuple[Meaning, Decimal]] = field(default_factory=dict)
    planted: set[Cell] = field(default_factory=set)
    entries: set[Cell] = field(default_factory=set)
    """What else a unit writes: codes and names in lists, texts of cards."""

    @property
    def content(self) -> bytes:
        """The workbook as a file."""
        return saved(self.book)

    @property
    def blank(self) -> bytes:
        """The form as a bureau hands it out: nothing that a unit writes is in it but its name and the year."""
        book = openpyxl.load_workbook(BytesIO(self.content))
        for sheet, ref in (*self.truth, *self.planted, *self.entries):
            book[sheet][ref].value = None
        return saved(book)


def draw(seed: int, **style: Any) -> Form:
    """The form of a seed; with some of its style otherwise, the same form moved."""
    drawing = _Drawing(seed)
    for name, value in style.items():
        setattr(drawing.style, name, value)
    return drawing.run()


class _Drawing:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        choose = self.rng.choice
        self.style = Style(
            codes=choose(["whole", "number", "parts", "own", "merged", "named"]),
            numbers=choose([True, False]),
            ordinals=choose([True, False]),
            total=choose(["first", "last", "none"]),
            merged=choose([True, True, False]),
            heads=choose(["line", "split", "bracket", "title", "one", "cover"]),
            title=choose(["plain", "year", "number", "annex", "unit"]),
            stacked=self.rng.random() < 0.25,
            unit=choose(["元", "万元"]),
            extra=self.rng.random() < 0.4,
            breaks=choose([True, False]),
            blank_left=choose([0, 0, 0, 1]),
            texts=self.rng.random() < 0.15,
            over=choose([True, False]),
            shuffled=self.rng.random() < 0.2,
            untitled=self.rng.random() < 0.1,
        )
        self.year = self.rng.randint(2019, 2025)
        self.form = Form(seed, self.year, self.style, openpyxl.Workbook())
        self.used: set[Decimal] = set()
        self.ws: Worksheet
        self.top = 1

    # ── the workbook ──

    def run(self) -> Form:
        book, rng = self.form.book, self.rng
        book.remove(book.worksheets[0])
        if rng.random() < 0.3 or self.style.heads == "cover":
            self._cover()
        tables = [
            "收入支出决算总表",
            "收入决算表",
            "支出决算表",
            "财政拨款收入支出决算总表",
            "一般公共预算财政拨款支出决算表",
            "一般公共预算财政拨款基本支出决算表",
            "财政拨款三公经费支出决算表"
            if self.year >= 2022
            else "一般公共预算财政拨款三公经费支出决算表",
            "政府性基金预算财政拨款收入支出决算表",
            rng.choice(
                ["国有资本经营预算财政拨款支出决算表", "国有资本经营预算财政拨款收入支出决算表"]
            ),
            "项目支出绩效自评表",
        ]
        chosen = [table for table in tables if rng.random() < 0.6] or tables[:2]
        rng.shuffle(chosen)
        for n, table in enumerate(chosen, 1):
            if n == 1 or not self.style.stacked or self.style.untitled or rng.random() < 0.5:
                self.ws = book.create_sheet(rng.choice([f"表{n}", f"GK{n:02}", f"公开{n:02}表"]))
                self.top = 1
            else:
                self.top = self.ws.max_row + rng.randint(2, 4)
            self._table(table)
        return self.form

    def _cover(self) -> None:
        ws = self.form.book.create_sheet("封面")
        ws["A3"], ws["A6"] = f"{self.year}年度部门决算公开", "编制单位：某县水务局"

    def _table(self, table: str) -> None:
        words = words_of(table)
        kind = next(iter(words["blocks"].values()))
        self.table = words["table"]
        start = self.top
        if "stop" in words:
            self._card(words)
        elif "rows" in kind:
            self._sides(words)
        elif kind.get("single"):
            self._single(words)
        elif kind["shape"] == "codes":
            self._panes(words)
        else:
            self._list(words)
        self._under(start)

    # ── small things ──

    def put(self, row: int, column: int, value: object) -> None:
        if value is not None:
            self.ws.cell(row, column + self.style.blank_left, value)

    def enter(self, row: int, column: int, value: object) -> None:
        """Put what a unit writes, and no form prints."""
        self.put(row, column, value)
        if value is not None:
            self.form.entries.add(self.ref(row, column))

    def ref(self, row: int, column: int) -> Cell:
        return self.ws.title, f"{get_column_letter(column + self.style.blank_left)}{row}"

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            by = self.style.blank_left
            self.ws.merge_cells(
                start_row=top, start_column=left + by, end_row=bottom, end_column=right + by
            )

    def figure(self) -> Decimal:
        while (value := Decimal(self.rng.randint(101, 99_999_999)) / 100) in self.used:
            pass
        self.used.add(value)
        return value

    def amount(self, row: int, column: int, *path: str) -> None:
        """A figure (or a blank, or a zero) that means a field."""
        chance = self.rng.random()
        if chance < 0.15:
            if chance < 0.03:
                self.enter(row, column, "—")
            return
        value = Decimal(0) if chance < 0.2 else self.figure()
        self.put(row, column, f"{value:,.2f}" if self.style.texts else value)
        self.form.truth[self.ref(row, column)] = ((self.table, path), value)

    def plant(self, row: int, column: int) -> None:
        """A figure that means nothing."""
        self.put(row, column, self.figure())
        self.form.planted.add(self.ref(row, column))

    def spelled(self, text: str) -> str:
        """A text as some form prints it: with spaces, line breaks, other signs."""
        chance = self.rng.random()
        if chance < 0.1:
            return " ".join(text)
        if chance < 0.2 and self.style.breaks and len(text) > 4:
            return text[:3] + "\n" + text[3:]
        return text.replace("（", "(").replace("）", ")") if chance < 0.3 else text

    def word(self, words: dict[str, Any], word: str) -> str:
        """One of the spellings of a head."""
        if self.rng.random() < 0.6:
            return word
        return str(self.rng.choice([word, *words.get("words", {}).get(word, [])]))

    # ── title and heads of the document ──

    def _title(self, words: dict[str, Any], width: int) -> int:
        """Title and lines; the first row of the table's own head."""
        title, row = str(self.rng.choice(words["titles"])), self.top
        if "三公" in title:
            title = title.replace("三公", self.rng.choice(["“三公”", "三公", '"三公"', "‘三公’"]))
        style = self.style.title
        if style == "year" or self.style.heads == "title":
            title = f"{self.year}年度{title}"
        elif style == "number":
            title += f"（公开{self.rng.randint(1, 12):02}表）"
        elif style == "annex":
            title = f"附件{self.rng.randint(1, 9)}：{title}"
        elif style == "unit":
            title = f"某县水务局{self.year}年度{title}"
        if self.rng.random() < 0.2:
            self.put(row, 1, f"附表{self.rng.randint(1, 9)}")
            row += 1
        if self.style.untitled and self.top == 1 and len(title) < 31:
            # the title stands in the name of the sheet
            self.ws.title = title.replace("：", " ").replace(":", " ")
            row -= 1
        else:
            self.put(row, 1, title)
            if self.style.merged:
                self.merge(row, 1, row, width)
        row += 1
        return self._lines(row, max(width, 5))

    def _lines(self, row: int, last: int) -> int:
        """The lines under a title; the first row of the table's own head."""
        unit = self.style.unit
        match self.style.heads:
            case "split":
                self.put(row, 1, "编制单位：")
                self.put(row, 2, "某县水务局")
                self.put(row, 3, f"{self.year}年度")
                self.put(row, last, f"单位：{unit}")
            case "bracket":
                self.put(row, 1, f"（{self.year}年度）")
                self.put(row + 1, 1, "部门：某县水务局")
                self.put(row + 1, last, f"（单位：{unit}）")
                row += 1
            case "cover":
                self.put(row, last, f"单位：{unit}")
            case "one":
                self.put(row, 1, f"编制单位：某县水务局          金额单位：{unit}")
                self.put(row, 3, self.year)
            case "title":
                self.put(row, 1, "单位名称：某县水务局")
                self.put(row, last, f"金额单位：{unit}")
            case _:
                self.put(row, 1, "部门：某县水务局")
                self.put(row, 3, f"{self.year}年度")
                self.put(row, last, f"金额单位：{unit}")
        return row + 1

    def _under(self, start: int) -> None:
        """What stands under or beside a table: notes, further figures."""
        row = self.ws.max_row + 1
        if self.rng.random() < 0.7:
            self.put(row, 1, "注：本表反映本年度有关情况。")
            row += 1
        if self.style.extra and self.rng.random() < 0.5:
            self.put(row + 1, 1, "补充资料：")
            self.put(row + 2, 1, "年末在编人数")
            self.plant(row + 2, 2)

    # ── the shapes ──

    def _numbers(self, row: int, left: int, right: int) -> int:
        """A 栏次 row, when the form has such."""
        if not self.style.numbers:
            return row
        self.put(row, 1, "栏次")
        for number, column in enumerate(range(left, right + 1), 1):
            self.put(row, column, number)
        return row + 1

    def _list(self, words: dict[str, Any]) -> None:
        (block,) = words["blocks"].values()
        style, rng = self.style, self.rng
        wide = 3 if style.codes in ("parts", "own", "merged") else 1
        name = 0 if style.codes == "named" else wide + 1
        left = max(name, wide) + 1
        columns = [(n, a) for n, a in block["columns"].items() if rng.random() < 0.9]
        columns = columns or list(block["columns"].items())
        if style.shuffled:
            rng.shuffle(columns)
        width = left + len(columns)
        row = self._title(words, width)
        depth = self._list_head(words, row, wide, name, left, columns)
        row = self._numbers(row + depth, left, left + len(columns) - 1)
        codes = self._codes()
        if style.total == "first":
            row = self._total(row, left, columns)
        for code in codes:
            self._code(row, code, wide, name)
            for n, (column, _) in enumerate(columns):
                self.amount(row, left + n, "明细", code, column)
            if style.extra and rng.random() < 0.1:
                self.plant(row, left + len(columns))
            row += 2 if rng.random() < 0.05 else 1
        if style.extra and rng.random() < 0.3:
            self.enter(row, left - 1, "其中：上年结转")
            self.plant(row, left)
            row += 1
        if style.total == "last":
            self._total(row, left, columns)

    def _list_head(
        self,
        words: dict[str, Any],
        row: int,
        wide: int,
        name: int,
        left: int,
        columns: Sequence[tuple[str, Sequence[str]]],
    ) -> int:
        """The head of a list, in one to three rows; how many."""
        paths = [str(self.rng.choice(alternatives)).split("/") for _, alternatives in columns]
        grouped = any(len(path) > 1 for path in paths)
        pieces = self.style.codes in ("parts", "own")
        depth = max(2 if grouped else 1, 2 if pieces else 1)
        code = "科目编码及名称" if self.style.codes == "named" else "功能分类科目编码"
        self.put(row, 1, self.spelled(code))
        self.merge(row, 1, row + depth - 1 - (1 if pieces else 0), wide)
        if pieces:
            for n, piece in enumerate("类款项"):
                self.put(row + depth - 1, 1 + n, piece)
        if name:
            self.put(row, name, "科目名称")
            self.merge(row, name, row + depth - 1, name)
        start = 0
        while start < len(paths):
            path = paths[start]
            end = start + 1
            if len(path) > 1:
                while end < len(paths) and len(paths[end]) > 1 and paths[end][0] == path[0]:
                    end += 1
                self.put(row, left + start, self.spelled(path[0]))
                if self.style.merged or end - start == 1:
                    self.merge(row, left + start, row, left + end - 1)
                for n in range(start, end):
                    self.put(row + 1, left + n, self.spelled(self.word(words, paths[n][1])))
                    self.merge(row + 1, left + n, row + depth - 1, left + n)
            else:
                self.put(row, left + start, self.spelled(self.word(words, path[0])))
                self.merge(row, left + start, row + depth - 1, left + start)
            start = end
        if self.style.extra:
            self.put(row, left + len(columns), "备注")
            self.merge(row, left + len(columns), row + depth - 1, left + len(columns))
        return depth

    def _codes(self) -> list[str]:
        items = self.rng.sample(_SEVEN, self.rng.randint(0, 6))
        return sorted({code[:n] for code in items for n in (3, 5, 7)})

    def _code(self, row: int, code: str, wide: int, name: int) -> None:
        title = FUNCTIONAL.name(code) or "某科目"
        pieces = [code[:3], code[3:5] or None, code[5:7] or None]
        match self.style.codes:
            case "number":
                self.enter(row, 1, int(code))
            case "named":
                self.enter(row, 1, f"{code}{self.rng.choice([' ', '　', ''])}{title}")
            case "parts":
                for n, piece in enumerate(pieces):
                    self.enter(row, 1 + n, piece)
            case "own":
                level = (len(code) - 3) // 2
                self.enter(row, 1 + level, pieces[level])
            case _:
                self.enter(row, 1, code)
                self.merge(row, 1, row, wide)
        if name:
            self.enter(row, name, self.rng.choice(["", "  "]) + title)

    def _total(self, row: int, left: int, columns: Sequence[tuple[str, object]]) -> int:
        self.put(row, 1, self.rng.choice(["合计", "合  计", "总计"]))
        if self.style.merged:
            self.merge(row, 1, row, left - 1)
        for n, (column, _) in enumerate(columns):
            self.amount(row, left + n, "合计", column)
        return row + 1

    def _sides(self, words: dict[str, Any]) -> None:
        """Two sides, each with labels, 行次 and columns."""
        ordinal = 1 if self.style.ordinals else 0
        blocks = list(words["blocks"].items())
        paths = [
            [
                str(a[0] if len(b["columns"]) > 1 else self.word(words, a[0]))
                for a in b["columns"].values()
            ]
            for _, b in blocks
        ]
        width = sum(1 + ordinal + len(p) for p in paths)
        row = self._title(words, width)
        row += self.rng.choice([0, 0, 1])
        left = 1
        for (name, block), heads in zip(blocks, paths, strict=True):
            right = left + ordinal + len(heads)
            self.put(row, left, name)
            if self.style.merged:
                self.merge(row, left, row, right)
            self.put(row + 1, left, "项目")
            if ordinal:
                self.put(row + 1, left + 1, "行次")
            for n, head in enumerate(heads):
                self.put(row + 1, left + ordinal + 1 + n, self.spelled(head))
            self._side(row + 2, left, ordinal, name, block)
            left = right + 1

    def _side(self, row: int, left: int, ordinal: int, name: str, block: dict[str, Any]) -> None:
        columns = list(block["columns"])
        number = 0
        for spec in block["rows"]:
            spellings = (spec if isinstance(spec, str) else spec["labels"]).split("|")
            field_name = spellings[0] if isinstance(spec, str) else spec["name"]
            if self.rng.random() < 0.06:
                continue
            label = self.rng.choice(spellings) if self.rng.random() < 0.2 else spellings[0]
            mark = f"{_ORDINALS[number % 10]}、" if self.rng.random() < 0.8 else "  "
            number += 1
            self.put(row, left, mark + label)
            if ordinal:
                self.put(row, left + 1, number)
            for n, column in enumerate(columns):
                path = (name, field_name) if len(columns) == 1 else (name, field_name, column)
                self.amount(row, left + ordinal + 1 + n, *path)
            row += 1
            if self.style.extra and self.rng.random() < 0.04:
                self.put(row, left, "其中：专项收支")
                self.plant(row, left + ordinal + 1)
                row += 1

    def _classed(self, words: dict[str, Any]) -> None:
        """The economic codes in one list, 人员 and 公用 in a column each, and a column that repeats them."""
        codes = [c for c in ECONOMIC._codes if c[:3] in ("301", "302", "303", "310")]
        row = self._title(words, 5)
        for n, text in enumerate(("经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费")):
            self.put(row, 1 + n, self.spelled(text))
        sums = row + 1 if self.style.total != "last" else row + 1 + len(codes)
        self.put(sums, 1, "合计")
        self.amount(sums, 4, "合计", "人员经费合计")
        self.amount(sums, 5, "合计", "公用经费合计")
        both = [
            self.form.truth.get(self.ref(sums, column), (None, Decimal(0)))[1] for column in (4, 5)
        ]
        self.enter(sums, 3, sum(both, Decimal(0)))
        row += 2 if sums == row + 1 else 1
        for m, code in enumerate(sorted(codes)):
            self.put(row + m, 1, int(code) if self.style.codes == "number" else code)
            self.put(row + m, 2, ECONOMIC.name(code))
            column = 4 if code[:3] in ("301", "303") else 5
            self.amount(row + m, column, "明细", code, "金额")
            self.enter(row + m, 3, self.ws.cell(row + m, column + self.style.blank_left).value)

    def _panes(self, words: dict[str, Any]) -> None:
        if self.rng.random() < 0.3:
            self._classed(words)
            return
        codes = sorted(code for code in ECONOMIC._codes if code[:3] in ("301", "302", "303", "310"))
        groups = [
            [c for c in codes if c[:3] in heads and (len(c) == 3 or self.rng.random() < 0.8)]
            for heads in (("301", "303"), ("302",), ("310",))
        ]
        row = self._title(words, 9)
        self.put(row, 1, "人员经费")
        self.put(row, 4, "公用经费")
        if self.style.merged:
            self.merge(row, 1, row, 3)
            self.merge(row, 4, row, 9)
        head = self.word(words, "金额")
        for n, group in enumerate(groups):
            left = 1 + 3 * n
            for m, text in enumerate(("经济分类科目编码", "科目名称", head)):
                self.put(row + 1, left + m, self.spelled(text))
            for m, code in enumerate(group):
                at = row + 2 + m
                self.put(at, left, int(code) if self.style.codes == "number" else code)
                self.put(at, left + 1, ECONOMIC.name(code))
                self.amount(at, left + 2, "明细", code, "金额")
        last = row + 2 + max(map(len, groups))
        self.put(last, 1, "人员经费合计")
        self.merge(last, 1, last, 2)
        self.amount(last, 3, "合计", "人员经费合计")
        self.put(last, 4, "公用经费合计")
        self.merge(last, 4, last, 8)
        self.amount(last, 9, "合计", "公用经费合计")

    def _single(self, words: dict[str, Any]) -> None:
        """三公经费: by 预算数 and 决算数 first, or by kind first."""
        items = [
            "合计",
            "因公出国（境）费",
            "公务用车购置及运行费",
            "公务用车购置费",
            "公务用车运行费",
            "公务接待费",
        ]
        row = self._title(words, 12)
        by_kind = self.rng.random() < 0.4
        places: Iterator[tuple[str, str]] = iter(
            [(n, i) for i in items for n in ("预算数", "决算数")]
            if by_kind
            else [(n, i) for n in ("预算数", "决算数") for i in items]
        )
        for column, (number, item) in enumerate(places, 1):
            at = row
            first = number == "预算数" if by_kind else item == "合计"
            if not by_kind:
                if first:
                    self.put(at, column, self.spelled(number))
                    self.merge(at, column, at, column + 5)
                at += 1
            span = 2 if by_kind else 1
            car = item.startswith("公务用车")
            if car and item == "公务用车购置及运行费" and (first or not by_kind):
                self.put(at, column, self.word(words, item))
                self.merge(at, column, at, column + 3 * span - 1)
            if first or not by_kind:
                text = "小计" if item == "公务用车购置及运行费" else self.word(words, item)
                if car:
                    self.put(at + 1, column, self.spelled(text))
                    self.merge(at + 1, column, at + 1, column + span - 1)
                else:
                    self.put(at, column, self.spelled(text))
                    self.merge(at, column, at + 1, column + span - 1)
            if by_kind:
                self.put(row + 2, column, number)
        down = 3
        if self.style.numbers:
            for column in range(1, 13):
                self.put(row + down, column, column)
            down += 1
        places = iter(
            [(n, i) for i in items for n in ("预算数", "决算数")]
            if by_kind
            else [(n, i) for n in ("预算数", "决算数") for i in items]
        )
        for column, (number, item) in enumerate(places, 1):
            self.amount(row + down, column, number, item)

    def _crossed(self, words: dict[str, Any], items: Sequence[str], *, down: bool) -> None:
        """三公经费 with the kinds as labels of rows (`down`), or 预算数 and 决算数 as such."""
        numbers = ["预算数", "决算数"]
        across, along = (numbers, items) if down else (items, numbers)
        row = self._title(words, 1 + len(across))
        self.put(row, 1, "项目")
        for n, text in enumerate(across):
            self.put(row, 2 + n, self.spelled(self.word(words, text)))
        row += 1
        if self.style.numbers:
            row = self._numbers(row, 2, 1 + len(across))
        if down:
            self.put(row, 1, "一、“三公”经费支出")
            for column in range(2, 4):
                self.put(row, column, "—")
            row += 1
        for m, label in enumerate(along):
            mark = self.rng.choice(["", f"{m}．", "（1）"])
            self.put(row + m, 1, mark + self.word(words, label))
            for n, text in enumerate(across):
                number, item = (text, label) if down else (label, text)
                self.amount(row + m, 2 + n, number, item)

    def _card(self, words: dict[str, Any]) -> None:
        """项目支出绩效自评表: funds with labelled rows, indicators."""
        blocks, rng = words["blocks"], self.rng
        row = self._title(words, 8)
        self.put(row, 1, "项目名称")
        self.enter(row, 2, f"某项目{rng.randint(1, 999)}")
        self.put(row + 1, 1, "主管部门")
        self.enter(row + 1, 2, "某县水务局")
        self.put(row + 1, 4, "实施单位")
        self.enter(row + 1, 5, "某县水务局")
        row += 2
        funds = blocks["项目资金"]
        columns = list(funds["columns"].items())
        self.put(row, 1, f"项目资金（{self.style.unit}）")
        for n, (_, spec) in enumerate(columns):
            options = spec if isinstance(spec, list) else spec["words"]
            self.put(row, 3 + n, rng.choice(options[:2]))
        for m, text in enumerate(funds["rows"], 1):
            spellings = text.split("|")
            self.put(row + m, 2, rng.choice(spellings[:2]))
            for n, (column, spec) in enumerate(columns):
                only = spec.get("rows") if isinstance(spec, dict) else None
                if only is None or spellings[0] in only:
                    self.amount(row + m, 3 + n, "项目资金", spellings[0], column)
        row += len(funds["rows"]) + 1
        indicators = list(blocks["绩效指标"]["columns"].items())
        for n, (_, spec) in enumerate(indicators):
            self.put(row, 1 + n, rng.choice(spec["words"][:2]))
        for m in range(1, rng.randint(2, 5)):
            for n, (column, spec) in enumerate(indicators):
                if spec["kind"] == "text":
                    self.enter(row + m, 1 + n, f"{column[:2]}{m}")
                else:
                    self.amount(row + m, 1 + n, "绩效指标", str(m - 1), column)
        row = self.ws.max_row + 1
        self.put(row, 1, "总分")
        for n, (column, _) in enumerate(indicators):
            if column in ("分值", "得分"):
                self.amount(row, 1 + n, "总分", column)
