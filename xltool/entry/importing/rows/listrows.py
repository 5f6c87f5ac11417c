"""Lists of 科目编码: rows with a code, in columns of a table or with their nature and fund in cells of their own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.entry.importing.collected import Target
from xltool.entry.importing.layout.block import ENDS, Block, label_of
from xltool.entry.importing.questions.answers import (
    ECONOMIC,
    NOT_FILLED,
    choices,
)
from xltool.entry.importing.rows.bothcodes import BothCodes
from xltool.entry.importing.rows.listtargets import BASIC, ListTargets
from xltool.entry.importing.rows.namedcodes import NamedCodes
from xltool.entry.importing.rows.rowcodes import outline, places_above, row_codes
from xltool.entry.importing.rows.rowmoney import WHOLE, RowMoney
from xltool.entry.importing.rows.totals import (
    ask_about_rows_below,
    carry_on,
    columns_added,
    compare_across,
    compare_parents,
    compare_rows,
    subtotals_of_codes,
)
from xltool.entry.importing.taking import Figures, Taking
from xltool.entry.importing.vocabulary import unmarked


class ListRows:
    """Takes the rows of one list."""

    def __init__(self, taking: Taking, block: Block) -> None:
        self.taking, self.block, self.words = taking, block, taking.words
        self.section = ""
        """The nature that a line 一、基本支出 gives to the rows below it."""
        self.above: int | None = None
        """The row of which rows 其中：… are parts."""
        self.parted: dict[int, Decimal] = {}
        self.leaves: Figures = {}
        self.marks: list[int] = []
        self.unwanted: Figures = {}
        """Rows that a person did not want: a printed total may hold them."""
        self.uncoded = False
        """The code of a name was asked for: no total can agree before it is said."""
        self.kinds = row_codes(block, taking.found.names)
        self.named = NamedCodes(taking, block, self.kinds)
        self.both = BothCodes(taking, block, self.kinds)
        self.money = RowMoney(taking, block, self.kinds)
        self.targets = ListTargets(taking, block, self.kinds, self.money)

    def take(self) -> None:
        """Take every row; then compare what adds up others."""
        codes = outline(self.block, self.kinds)
        above = {place for code in codes.values() for place in places_above(code)}
        blank = self.both.ask_about_blanks()
        self.uncoded = blank or self.uncoded
        sums = set() if blank else self.both.sums()
        parents = {row: code for row, code in codes.items() if code in above}
        subtotals = subtotals_of_codes(self.block, codes, self.words)
        for row in self.block.rows:
            if label_of(self.block, row) in self.words.unwanted:
                self.unwanted[row] = self._stated(row)
                self.taking.left(self.block, row, "导入映射里写着不要")
            elif state := self.money.unpaid(row):
                self.taking.left(self.block, row, f"{state}，照所说的不算")
            elif row in sums:
                self.taking.subtotal(self.block, row, f"{codes[row]} 的经济分类在表里")
            elif row in subtotals:
                self.marks.append(row)
            elif not codes[row]:
                self._without_code(row)
            elif row not in parents:
                self._row(row)
        if self.uncoded:
            return
        compare_parents(self.taking, self.block, parents, codes, self.leaves)
        economic = {row: k.get("经济", "") for row, k in self.kinds.items()}
        compare_rows(self.taking, self.block, self.marks, self.leaves, economic, self.unwanted)
        ask_about_rows_below(self.taking, self.block, self.marks, self.leaves)
        compare_across(self.taking, self.block, self.leaves)
        carry_on(self.block, self.leaves)

    # ── rows without a code ──

    def _without_code(self, row: int) -> None:
        block, label = self.block, label_of(self.block, row)
        figures = self._stated(row)
        text = unmarked(label)
        if label in self.words.subtotals or label.endswith(ENDS):
            self.above = None
            self.marks.append(row)
        elif figures and (carried := self.targets.income.carried(row)):
            self._said(row, carried, figures)
            self.leaves[row] = figures
        elif label in self.words.own_labels and figures:
            self._said(row, self.words.labels[label], figures)
        elif self._is_section(row, label):
            meaning = self.words.heads[label]
            self.section = meaning.target.partition(".")[2]
            self.marks.append(row)
        elif (label != text or self.parted) and self.above is not None and figures:
            self._part(row, figures)
        elif self._adds_up(row, figures, certain="计" in label):
            self.marks.append(row)
        elif figures:
            self.taking.left(block, row, "没有科目编码")
            where = block.grid.where(row)
            self.uncoded, hint = self.uncoded or self.named.asks(row), self.named.hint(row)
            message, answers = "这一行有数，没有科目编码", self.named.answers(row)
            self.taking.ask(where, message, hint, "missing-value", None, answers)
        else:
            self.taking.left(block, row, "没有科目编码")

    def _is_section(self, row: int, label: str) -> bool:
        """Whether a row is a line 一、基本支出 of a group, not a row of that nature whose code is blank."""
        meaning = self.words.heads.get(label)
        known = meaning is not None and meaning.target.startswith(f"{WHOLE}.")
        return known and not any(self.block.at(row, c) for c in self.block.of("nature"))

    def _adds_up(self, row: int, figures: dict[int, Decimal], *, certain: bool) -> bool:
        """Whether a row is the sum of all rows above it, or of those since the last total, in every column.

        One row alone above it is no sum, unless the words say that it is (`certain`).
        """
        stated = {column: number for column, number in figures.items() if number}
        for begin in (0, max(self.marks, default=0)):
            above = [leaf for r, leaf in self.leaves.items() if begin < r < row]
            if (
                stated
                and (certain or len(above) > 1)
                and all(
                    number == sum((f.get(column, Decimal(0)) for f in above), Decimal(0))
                    for column, number in stated.items()
                )
            ):
                return True
        return False

    def _part(self, row: int, figures: dict[int, Decimal]) -> None:
        """其中：… below a row with a code is a part of it, as long as the parts are no more than the whole."""
        assert self.above is not None
        whole = self.leaves.get(self.above, {})
        for column, number in figures.items():
            self.parted[column] = self.parted.get(column, Decimal(0)) + number
        over = [c for c in figures if abs(self.parted[c]) > abs(whole.get(c, Decimal(0)))]
        self.taking.left(self.block, row, f"是第{self.above}行的其中数")
        if over:
            where = self.block.grid.where(row, over[0])
            message = f"其中数合起来比第{self.above}行的数大"
            self.taking.ask(where, message, "核对这一行属于哪一行", "contradiction")

    def _said(self, row: int, target: Target, figures: dict[int, Decimal]) -> None:
        """A row that a person gave to a field: 年初结转 below the list, in one column or in several of one table.

        What stands in columns of several tables, which may be one within the other, is asked about.
        """
        months, wholes = self.block.of("month"), [c for c in self.block.of("total") if c in figures]
        filled = [c for c in columns_added(self.block) if figures.get(c)]
        filled = [c for c in filled if c not in months] or filled
        if len({self.block.columns[c].target.partition(".")[0] for c in filled}) > 1:
            message = "这一行在几张表的栏目里都有数，看不出哪一栏包括哪一栏"
            where = self.block.grid.where(row, filled[-1])
            self.taking.ask(where, message, "只留一栏的数，再导入", "contradiction")
        for column in filled or wholes[:1]:
            self.taking.put(target, self.block, row, column, figures[column])
        if filled and wholes:
            compare_across(self.taking, self.block, {row: figures})
        self.taking.used(self.block, row)

    def _stated(self, row: int) -> dict[int, Decimal]:
        """The numbers of a row that may be none of the list."""
        columns = [*columns_added(self.block), *self.block.of("total")]
        return self.taking.numbers(self.block, row, columns)

    # ── rows with a code ──

    def _figures(self, row: int) -> dict[int, Decimal]:
        found = {}
        for column in columns_added(self.block):
            number = self.taking.amount(self.block, row, column)
            if number is not None:
                found[column] = number
        return found

    def _row(self, row: int) -> None:
        block, figures = self.block, self._figures(row)
        self.money.ask_if_paid(row, figures)
        self.above, self.parted = row, {}
        self.leaves[row] = {
            **self.taking.numbers(block, row, block.of("total")),
            **figures,
        }
        if any(figures.values()):
            self.taking.found.seen.update(self.kinds[row].values())
        economic = (c for c in self.block.of("economic") if figures.get(c))
        self.taking.found.seen.update(self.block.columns[c].target for c in economic)
        used = False
        filled: dict[Target, int] = {}
        wholes = self._wholes(row, figures)
        for column, number in figures.items():
            meaning = block.columns[column]
            if meaning.what == "month" and (block.of("single") or block.has_year(column)):
                continue
            targets = list(self._targets(column, row))
            for target in targets:
                if meaning.what == "economic" and target in wholes:
                    continue
                self._alone(target, column, filled)
                self.taking.put(target, block, row, column, number)
            used = used or bool(targets)
            if not targets and number and not self._is_other(row):
                self._unplaced(row, column)
        if used:
            self.taking.used(block, row)
        else:
            self.taking.left(block, row, "没有数" if not any(figures.values()) else "不填的数")

    def _targets(self, column: int, row: int) -> Iterator[Target]:
        return self.targets.of(self.block.columns[column], row, self.section)

    def _wholes(self, row: int, figures: dict[int, Decimal]) -> set[Target]:
        """What 基本支出 fills beside its columns by 经济分类: these are its parts, and are compared with it."""
        block = self.block
        parts = [c for c in block.of("economic") if c in figures]
        found: set[Target] = set()
        for column in (c for c in block.of("amount") if parts and c in figures):
            targets = set(self._targets(column, row))
            within = [c for c in parts if targets & set(self._targets(c, row))]
            split = sum((figures[c] for c in within), Decimal(0))
            if within and split != figures[column]:
                head, where = block.heads.get(column, ""), block.grid.where(row, column)
                message = f"“{head}”是{figures[column]:f}，各经济分类合起来是{split:f}"
                self.taking.ask(where, message, "核对是不是漏了一栏", "contradiction")
            found |= targets
        return found

    def _alone(self, target: Target, column: int, filled: dict[Target, int]) -> None:
        """Two columns of a row that fill one cell, neither a part of it: adding them up would be a guess."""
        other = filled.setdefault(target, column)
        kinds = {self.block.columns[c].what for c in (column, other)}
        tables = {self.block.columns[c].target.partition(".")[0] for c in (column, other)}
        if other != column and not kinds & {"month", "part", "economic"} and len(tables - {""}) < 2:
            self.taking.one_of(self.block, *sorted((other, column)))

    def _is_other(self, row: int) -> bool:
        """A figure that no table asks for: 项目支出 by 经济分类, funds of others where not all funds are listed."""
        by_economic = "功能" not in self.kinds[row] and (
            self.money.nature(row, self.section) not in ("", BASIC)
            or self.taking.said.get(ECONOMIC) == NOT_FILLED
        )
        return by_economic or (self.money.fund(row) == "其他" and not self.money.whole)

    def _unplaced(self, row: int, column: int) -> None:
        head, where = self.block.heads.get(column, ""), self.block.grid.where(row, column)
        if any(self.block.at(row, c) in self.taking.asked for c in self.block.of("nature")):
            return  # of which nature it is was asked by the word of the row
        if self.block.columns[column].what == "economic":
            self._unplaced_economic(row, where)
            return
        hint = "加一列支出性质，写明各行是基本支出还是项目支出"
        answers: tuple[str, ...] = ()
        if self.block.columns[column].what != "month":
            said = self.block.answer(column)
            answers = choices(said, "基本支出", "项目支出", "不要")
            kinds = f"都是一种的，回答 {said}=基本支出（或项目支出、财政拨款收入……）"
            hint = f"{kinds}；几种都有的，{hint}；不填的，回答 {said}=不要"
        told = id(self.block), column
        message = f"不知道“{head}”填到哪里"
        self.taking.ask(where, message, hint, "unknown-name", told, answers)

    def _unplaced_economic(self, row: int, where: str) -> None:
        if self.money.nature(row, self.section) not in ("", BASIC):
            return  # 项目支出 has no table by 经济分类
        message = "各列是经济分类，看不出是不是一般公共预算财政拨款的基本支出"
        (yes, *_) = choices(ECONOMIC)
        hint = f"是的，回答 {yes}；不是的、不全是的，加一列支出性质，写明各行是基本支出还是项目支出"
        told = id(self.block), "economic"
        self.taking.ask(where, message, hint, "unknown-name", told, (yes,))
