"""Of which fund and nature the figures of a row in a list are, and whether they are paid, by cells, columns, title."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.documents.grids import Cell
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.questions.answers import (
    ALL_SPENDING,
    ANSWERS,
    AS_ABOVE,
    COUNTED,
    FISCAL,
    NO_NATURE,
    NOT_COUNTED,
    SOME_SPENDING,
    choices,
)
from xltool.entry.importing.rows.rowcodes import Kinds
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import FISCAL_MONEY, FISCAL_NAMES, OTHER_MONEY, bare

WHOLE, _OTHER = "支出表", OTHER_MONEY
_FUNDS = {"一般公共", "基金", "国资", FISCAL_MONEY, _OTHER}
_OF_FUNDS = ("基本支出", "项目支出")
"""Columns that the tables of funds have, too; 经营支出 is of no fund."""


class RowMoney:
    """The funds and natures of one list. `kinds`: the codes of each row."""

    def __init__(self, taking: Taking, block: Block, kinds: Mapping[int, Kinds]) -> None:
        self.taking, self.block, self.kinds, self.words = taking, block, kinds, taking.words
        self.by_code = False
        """All money is fiscal: the 支出功能分类 codes say of which fund."""
        self.whole = self._is_whole()
        """The list shows the spending of all funds, so that 支出决算表 is their sum."""
        self._above: dict[int, dict[int, int | None]] = {}
        self._fiscal_title()

    def nature(self, row: int, section: str) -> str:
        """基本支出, 项目支出 …, "" where nothing says it. `section`: what a line above the row says."""
        for column in self.block.of("nature"):
            value = self.block.at(row, column)
            if value is None:
                value = self._nature_above(row, column)
            if value is None:
                continue
            if nature := self.words.nature(str(value)):
                return nature
            where = self.block.grid.where(row, column)
            message = f"“{value}”是基本支出还是项目支出，看不出来"
            answers = choices(str(value), "基本支出", "项目支出")
            hint = f"回答 {' 或 '.join(answers)}"
            self.taking.ask(where, message, hint, "unknown-name", value, answers)
        return section or self.block.topic.nature

    def _nature_above(self, row: int, column: int) -> Cell | None:
        """What the next row above that says a nature says: a pivot table prints it once; a person confirms it."""
        above = self._said_above(column)[row]
        if above is None or not self.kinds[above]:
            return None
        if self.taking.said.get(NO_NATURE) == AS_ABOVE:
            return self.block.at(above, column)
        answers = choices(NO_NATURE)
        hint = f"与第{above}行相同的，回答 {answers[0]}；不同的，写上支出性质，再导入"
        message, told = "这一行有数，没有写支出性质", (id(self.block), "nature")
        self.taking.ask(self.block.grid.where(row), message, hint, "missing-value", told, answers)
        return None

    def _said_above(self, column: int) -> dict[int, int | None]:
        """For each row the next one above it with something in the column."""
        if column not in self._above:
            said, found = None, self._above.setdefault(column, {})
            for row in self.block.rows:
                found[row] = said
                said = row if self.block.at(row, column) else said
        return self._above[column]

    def unpaid(self, row: int) -> str:
        """The state of a payment that does not count, as a person said; ""."""
        states = (str(self.block.at(row, c) or "").strip() for c in self.block.of("status"))
        return next((state for state in states if state in self.words.unpaid), "")

    def ask_if_paid(self, row: int, figures: dict[int, Decimal]) -> None:
        """Ask about what is not said to be paid (void, given back, waiting), unless it stands below zero."""
        for column in self.block.of("status"):
            status = str(self.block.grid.cells[row].get(column, ""))
            said = not status.strip() or status.strip() in self.words.counted
            paid = said or bool(self.words.paid.search(status))
            if not paid and any(number > 0 for number in figures.values()):
                where = self.block.grid.where(row, column)
                answers = choices(status.strip(), NOT_COUNTED, COUNTED)
                hint = f"不算的，回答 {answers[0]}；算的，回答 {answers[1]}"
                told, message = (id(self.block), status), f"“{status}”的金额算不算"
                self.taking.ask(where, message, hint, "contradiction", told, answers)

    def fund(self, row: int) -> str:
        """一般公共, 基金, 国资, 其他, "" where nothing says it."""
        for column in self.block.of("fund"):
            value = self.block.at(row, column)
            if value is None:
                if not self.block.topic.fund:
                    self._no_fund(row)
                continue
            if fund := self.words.fund(str(value)):
                return fund
            if bare(value) in FISCAL_NAMES and (code := self.kinds[row].get("功能")):
                return self.taking.fund_of(code)
            where = self.block.grid.where(row, column)
            answers = choices(str(value), "一般公共", "基金", "国资", _OTHER)
            hint = f"回答 {' 或 '.join(answers)}"
            message = f"“{value}”是哪一种资金，看不出来"
            self.taking.ask(where, message, hint, "unknown-name", value, answers)
        if self.by_code and (code := self.kinds[row].get("功能")):
            return self.taking.fund_of(code)
        return self.block.topic.fund

    def _no_fund(self, row: int) -> None:
        """A blank in a column of funds: it may be as above, or no fiscal money."""
        where = self.block.grid.where(row)
        hint = "写上资金性质（与上一行相同的也写上），再导入"
        self.taking.ask(where, "这一行有数，没有写资金性质", hint, "missing-value")

    def _is_whole(self) -> bool:
        if self.taking.of_all and self.block.topic.fund:
            return True
        columns = [self.block.columns[c].target for c in self.block.of("amount")]
        tables = {to.partition(".")[0] for to in columns if to.endswith(_OF_FUNDS)}
        said = {
            self._said_fund(row, column)
            for column in self.block.of("fund")
            for row in self.block.rows
        } - {""}
        if WHOLE in tables and not said:
            return False
        funds = (tables & _FUNDS) | said
        if funds == {_OTHER}:
            self._other_money()
            return False
        return _OTHER in funds or (len(tables & _FUNDS) > 1 and bool(self.block.of("total")))

    def _said_fund(self, row: int, column: int) -> str:
        """The fund that a cell names; 财政拨款 is that of the code."""
        value, code = self.block.at(row, column) or "", self.kinds[row].get("功能", "")
        fiscal = bare(value) in FISCAL_NAMES and bool(code)
        return self.words.fund(str(value)) or (self.taking.fund_of(code) if fiscal else "")

    def _other_money(self) -> None:
        """支出决算表 is of all money together; a list of 单位资金 alone fills nothing of it."""
        where = self.block.grid.where(self.block.head)
        message = "只有财政拨款以外的资金，支出决算表要各种资金合起来的"
        hint = "各种资金的支出合成一张表，写一列资金性质，再导入"
        self.taking.ask(where, message, hint, "missing-value")

    def _fiscal_title(self) -> None:
        """A title of 财政拨款 over columns of spending: all spending of the unit, or only that part of it?"""
        spending = [c for c in self.block.of("amount") if self._table(c) == WHOLE]
        if not self.block.topic.fiscal or self.block.of("fund"):
            return
        if not (spending or self.block.of("single")):
            return
        where, said = self.block.grid.where(self.block.head), self.taking.said.get(FISCAL, "")
        if said in ANSWERS[FISCAL]:
            self.by_code, self.whole = True, said == ALL_SPENDING
            self.taking.note(
                f"{where} 标题写着财政拨款或国库支付，照所说的，{said}；按功能分类编码分资金"
            )
            return
        hint = (
            f"单位没有别的支出的，回答 {FISCAL}={ALL_SPENDING}；"
            f"还有别的支出的，回答 {FISCAL}={SOME_SPENDING}"
        )
        message = "标题写着财政拨款或国库支付：这些数是不是单位的全部支出，看不出来"
        self.taking.ask(where, message, hint, "unknown-name", None, choices(FISCAL))

    def _table(self, column: int) -> str:
        return self.block.columns[column].target.partition(".")[0]
