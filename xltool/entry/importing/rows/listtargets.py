"""Where the figures of a list belong: the cells of the tables that they fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.entry.importing.collected import Target
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.questions.answers import ECONOMIC, FISCAL, FISCAL_BASIC, NOT_FILLED
from xltool.entry.importing.rows.incomekinds import FISCAL_INCOME, INCOME, IncomeKinds
from xltool.entry.importing.rows.rowcodes import Kinds
from xltool.entry.importing.rows.rowmoney import WHOLE, RowMoney
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import FISCAL_MONEY, OTHER_MONEY, Meaning

BASIC = "基本支出"


class ListTargets:
    """The targets of one list. `kinds`: the codes of each row."""

    def __init__(
        self, taking: Taking, block: Block, kinds: Mapping[int, Kinds], money: RowMoney
    ) -> None:
        self.taking, self.block, self.kinds, self.money = taking, block, kinds, money
        self.income = IncomeKinds(taking, block)

    def of(self, meaning: Meaning, row: int, section: str) -> Iterator[Target]:
        """Where the figure of a row in a column belongs; `section`: what a line above the row says of its nature."""
        if meaning.what in ("single", "month") and self.income.column is not None:
            yield from self.income.targets(row, self.kinds[row].get("功能", ""))
        elif meaning.what == "economic":
            yield from self._of_economic(meaning.target, row, section)
        else:
            yield from self._of_spending(meaning, row, section)

    def _of_economic(self, code: str, row: int, section: str) -> Iterator[Target]:
        """A figure under a 经济分类 in a head."""
        kinds, fund = self.kinds[row], self.money.fund(row)
        nature = self.money.nature(row, section)
        if not nature and self.taking.said.get(ECONOMIC) == FISCAL_BASIC:
            nature, fund = BASIC, fund or "一般公共"
        if nature and "功能" in kinds and fund != OTHER_MONEY:
            yield fund or WHOLE, kinds["功能"], nature
        if nature == BASIC and fund in ("", "一般公共"):
            yield from self._by_economic({**kinds, "经济": code}, fund or WHOLE, BASIC)

    def _of_spending(self, meaning: Meaning, row: int, section: str) -> Iterator[Target]:
        """A figure of a column of a table, or of one whose rows say what they are of."""
        kinds, fund = self.kinds[row], self.money.fund(row)
        table, _, column = meaning.target.partition(".")
        if meaning.what == "single" or (meaning.what == "month" and not column):
            table, column = fund or WHOLE, self.money.nature(row, section)
            if not column and "功能" not in kinds and "经济" in kinds:
                table, column = BASIC, "金额" if fund == "一般公共" else ""
        elif table == WHOLE and fund:
            table = fund
        elif table == FISCAL_MONEY:
            table = self.taking.fund_of(kinds.get("功能", ""))
        if column and "功能" in kinds and table != BASIC:
            if table != OTHER_MONEY and not (column == FISCAL_INCOME and fund == OTHER_MONEY):
                yield table, kinds["功能"], column
            if self.money.whole and table not in (WHOLE, INCOME):
                yield WHOLE, kinds["功能"], column
        if "经济" in kinds:
            yield from self._by_economic(kinds, table, column)

    def _by_economic(self, kinds: dict[str, str], table: str, column: str) -> Iterator[Target]:
        """A figure of 基本支出决算表; noted as such where only the code says so."""
        if table != BASIC and not (column == BASIC and table in (WHOLE, "一般公共")):
            return
        if not column or (table == WHOLE and "功能" in kinds):
            if self.taking.said.get(ECONOMIC) == NOT_FILLED:
                self.taking.note("按经济分类的数，照所说的，没有填进基本支出决算表")
                return
            self._unsaid()
        yield BASIC, kinds["经济"], "金额"

    def _unsaid(self) -> None:
        """Figures by 经济分类 fill 基本支出决算表 and nothing here says that they are of that fund and nature."""
        block = self.block
        if block.topic.fiscal and FISCAL not in self.taking.said:
            return  # whose the figures are is asked of the title
        place = block.grid.where(block.head)
        self.taking.found.unsaid.setdefault((block.grid.label, block.place), place)
