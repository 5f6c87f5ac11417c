"""Which kind of income a row is of, where a column says it: 财政拨款, 事业收入, 其他收入."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from xltool.entry.importing.collected import Target
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.questions.answers import choices
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import bare

INCOME, FISCAL_INCOME = "收入表", "财政拨款收入"


class IncomeKinds:
    """The kinds of income of one list. `column`: that which says them, if any."""

    def __init__(self, taking: Taking, block: Block) -> None:
        self.taking, self.block = taking, block
        self.column = next(iter(block.of("income")), None)

    def targets(self, row: int, code: str) -> Iterator[Target]:
        """What an amount of the row fills: its row of 收入表, and the income of the fund of its kind or code."""
        assert self.column is not None
        value = str(self.block.at(row, self.column) or "")
        label = bare(value)
        known = self.taking.words.labels.get(label)
        if label in self.taking.words.unwanted or not code:
            return
        if known is None or "支出" in known:
            self._ask(row, value)
            return
        name = known[-1]
        fiscal = name.endswith(FISCAL_INCOME)
        if not fiscal and name not in self._columns:
            yield known  # 年初结转: of no code
            return
        if fiscal:
            fund, named = self.taking.fund_of(code), known[0] != INCOME
            if named and self.taking.words.fund(name) != fund:
                self._contradiction(row, value, code, fund)
                return
            if of_fund := known if named else self._funds.get(fund):
                yield of_fund
        yield INCOME, code, FISCAL_INCOME if fiscal else name

    def carried(self, row: int) -> Target | None:
        """The field of a kind that has no code, 上年结转; None for any other."""
        value = self.block.at(row, self.column) if self.column is not None else None
        known = self.taking.words.labels.get(bare(value)) if value is not None else None
        income = known is None or known[-1].endswith(FISCAL_INCOME) or known[-1] in self._columns
        return None if income else known

    @cached_property
    def _columns(self) -> set[str]:
        return {path[-1] for path in self.taking.fields.get(INCOME, ()) if path[0] == "合计"}

    @cached_property
    def _funds(self) -> dict[str, Target]:
        """The income of each fund in 总表: a code tells its fund where the kind says 财政拨款 alone."""
        paths = (("总表", *path) for path in self.taking.fields.get("总表", ()))
        fiscal = (path for path in paths if path[1] == "收入" and path[-1].endswith(FISCAL_INCOME))
        return {self.taking.words.fund(path[-1]): path for path in fiscal}

    def _contradiction(self, row: int, value: str, code: str, fund: str) -> None:
        where = self.block.grid.where(row, self.column)
        told = f"收入类别是“{value}”，科目 {code} 却是“{fund}”的"
        self.taking.ask(where, told, "哪一个对，在来源里改了再导入", "contradiction")

    def _ask(self, row: int, value: str) -> None:
        where = self.block.grid.where(row, self.column)
        if not value:
            hint = "写上收入类别（财政拨款、事业收入、其他收入……），再导入"
            self.taking.ask(where, "这一行有数，没有写收入类别", hint, "missing-value")
            return
        kinds = sorted(self._columns - {"本年收入合计", FISCAL_INCOME})
        answers = choices(bare(value), "不要", *(f"总表.收入.{kind}" for kind in kinds))
        hint = f"是哪一种，回答 {answers[-1]}（或别的栏）；不要的，回答 {answers[0]}"
        self.taking.ask(
            where, f"“{value}”是哪一种收入，看不出来", hint, "unknown-name", value, answers
        )
