"""平行记账: accounts of 财务会计 beside those of 预算会计, of which alone the final accounts are made."""

from __future__ import annotations

from collections.abc import Iterable

from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.questions.answers import choices
from xltool.entry.importing.taking import Taking

NO_FLOW = "资产、负债、结存、结余科目，不是收入、支出"


class ParallelAccounts:
    """The accounts of one ledger, by the codes of its rows."""

    def __init__(self, taking: Taking, block: Block, codes: Iterable[str]) -> None:
        self.taking, self.block = taking, block
        self.words, self.said = taking.words.parallel, taking.words.said_natures
        self.both = any(code.startswith(self.words["budget"]) for code in codes)

    def left_out(self, code: str) -> str:
        """Why an account is none of the income and spending of the budget, whatever its name says; ""."""
        if code.startswith(self.words["balances"]):
            return NO_FLOW
        financial = self.both and code.startswith(self.words["financial"])
        return "财务会计的科目，决算取预算会计的" if financial else ""

    def ask_about_costs(self, row: int, words: str) -> bool:
        """业务活动费用 alone are what was used up, not what was paid. Whether this is asked."""
        cost = next((word for word in self.words["costs"] if word in words), "")
        if not cost or cost in self.said:
            return False
        message = f"“{cost}”是财务会计的科目，决算的支出取预算会计的"
        answers = choices(cost, "基本支出", "项目支出")
        hint = f"导入有预算会计科目的账；就用它的，回答 {' 或 '.join(answers)}"
        told = id(self.block), "costs"
        where = self.block.grid.where(row)
        self.taking.ask(where, message, hint, "unknown-name", told, answers)
        return True
