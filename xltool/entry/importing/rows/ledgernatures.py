"""Whether the spending of a ledger is 基本支出 or 项目支出, where the accounts do not say it."""

from __future__ import annotations

import re
from typing import Any

from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.questions.answers import choices
from xltool.entry.importing.rows.accountrows import AccountRows
from xltool.entry.importing.taking import Taking

_SPENDING = re.compile(r"[\u4e00-\u9fff]{2}支出")
_BASIC, _PROJECT = "基本支出", "项目支出"


class LedgerNatures:
    """The natures of the rows of one ledger whose accounts name none."""

    def __init__(self, taking: Taking, block: Block, rows: AccountRows) -> None:
        self.taking, self.block, self.rows, self.words = taking, block, rows, taking.words
        self.unknown: dict[str, str] = {}
        """功能分类 codes of rows of which nothing says their nature, and what the row says."""

    def account(self, row: int, words: str) -> dict[str, Any] | None:
        """As an account, what a column of natures or else a person says of a row whose account says `words`."""
        nature = self._of_column(row) or self._said(row, words)
        return {"side": "借方", "column": nature} if nature else None

    def _of_column(self, row: int) -> str:
        cells = (str(self.block.at(row, c) or "") for c in self.block.of("nature"))
        nature = next(filter(None, map(self.words.nature, cells)), "")
        return nature if self.rows.kinds(row) else ""

    def _said(self, row: int, words: str) -> str:
        """What was answered for the 功能分类 of a row, else for its account; of no account of 资产 or 负债."""
        if self.rows.codes[row].startswith(self.words.other_accounts):
            return ""
        costs = [cost for cost in self.words.parallel["costs"] if cost in words]
        named = [self.rows.kinds(row).get("功能", ""), _account_of(words), *costs]
        said = self.words.said_natures
        return next((said[name] for name in named if name in said), "")

    def ask(self) -> None:
        """Ask once of all spending whose account names no nature: 行政支出 by 功能分类 and 经济分类 alone."""
        if not self.unknown:
            return
        codes = sorted(self.unknown)
        account = next(filter(None, map(_account_of, self.unknown.values())), "")
        every = choices(account or codes[0], _BASIC, _PROJECT)
        if account:
            some = [f"{code}={_PROJECT}" for code in codes]
            hint = (
                f"都是一种的，回答 {' 或 '.join(every)}；"
                f"两种都有的，先答项目支出的科目（如 {some[0]}），再答其余的（{every[0]}）"
            )
            answers = (*every, *some)
        else:
            hint = f"逐个功能分类回答，如 {' 或 '.join(every)}"
            answers = tuple(a for code in codes for a in choices(code, _BASIC, _PROJECT))
        names = self.taking.found.names
        listed = "、".join(f"{code} {names.get(code, '')}".rstrip() for code in codes)
        message = f"会计科目没有写是基本支出还是项目支出（功能分类 {listed}）"
        where = self.block.grid.where(self.block.head)
        self.taking.ask(where, message, hint, "unknown-name", None, answers)


def _account_of(words: str) -> str:
    """The account of spending that a row names first: 行政支出, 事业支出; ""."""
    return next(iter(_SPENDING.findall(words)), "")
