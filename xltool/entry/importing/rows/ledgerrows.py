"""Account ledgers: 余额表 with one row for an account, 明细账 with one row for a voucher."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from xltool.entry.importing.collected import Target
from xltool.entry.importing.layout.block import ENDS, Block, label_of
from xltool.entry.importing.questions.answers import (
    ECONOMIC,
    FISCAL_BASIC,
    LESS,
    NOT_FILLED,
    TAKEN_AWAY,
    choices,
)
from xltool.entry.importing.rows.accountnames import AccountNames
from xltool.entry.importing.rows.accountrows import PARTS, AccountRows
from xltool.entry.importing.rows.accounttotals import AccountTotals
from xltool.entry.importing.rows.ledgernatures import LedgerNatures
from xltool.entry.importing.rows.parallel import NO_FLOW, ParallelAccounts
from xltool.entry.importing.rows.totals import ask_about_parent
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import bare

_UNWANTED = "不要"


class LedgerRows:
    """Takes the rows of one ledger."""

    def __init__(self, taking: Taking, block: Block) -> None:
        self.taking, self.block, self.words = taking, block, taking.words
        self.rows = AccountRows(block, taking.found.names)
        names = AccountNames(taking, block, self.rows)
        self.rows.by_name, self.asked = names.find(), names.asked
        self.accounts, self.held, self.named = self.rows.codes, self.rows.held, self.rows.named
        self.parallel = ParallelAccounts(taking, block, self.accounts.values())
        self.whole: list[tuple[int, int]] = []
        """Rows (and the column of the figure) of an account of spending without 功能分类."""
        self.totals: list[int] = []
        self.natures = LedgerNatures(taking, block, self.rows)
        self.above_economic: set[int] = set()
        """Rows by 经济分类 301 whose 30101 … have rows of their own."""

    def take(self) -> None:
        """Take every row."""
        known = set(self.named)
        above = {code[:length] for code in known for length in range(4, len(code))}
        holders = set(self.held.values())
        if not self.block.dated:
            self._find_above_economic()
        for row in self.block.rows:
            code = self.accounts[row]
            texts = [v for v in self.block.grid.cells[row].values() if isinstance(v, str)]
            if self._ends(row) or any(bare(text) in self.words.subtotals for text in texts):
                self.taking.subtotal(self.block, row)
                self.totals.append(row)
            elif row in holders:
                self.taking.subtotal(self.block, row, f"{code} 的辅助核算在下面")
            elif row in self.above_economic:
                self.taking.subtotal(self.block, row, "下级的经济分类在表里")
            elif code and code in above:
                self.taking.subtotal(self.block, row, f"{code} 的明细科目在表里")
            else:
                self._row(row, code, "/".join(texts))
        self._add_up()
        self.natures.ask()
        if self.block.of("side"):
            self._compare_totals()

    def _ends(self, row: int) -> bool:
        """Whether a row of a list of balances is one such as 支出合计; a memo of a day book may say 工资合计."""
        none = not (self.block.dated or self.accounts[row] or self.rows.kinds(row))
        return none and label_of(self.block, row).endswith(ENDS)

    def _compare_totals(self) -> None:
        whole = {*self.held.values(), *self.above_economic, *(row for row, _ in self.whole)}
        totals = AccountTotals(self.taking, self.block, self.accounts, whole)
        for column in sorted({c for side in ("借方", "贷方") if (c := self._side(side))}):
            if not self.block.dated:
                totals.compare(column, self.totals)
            totals.ask_about_rows_below(column, self.totals)

    def _find_above_economic(self) -> None:
        """In a list of balances; a row that is not the sum of those below it is asked about."""
        rows: dict[tuple[str, ...], dict[int, str]] = {}
        for row, code in self.accounts.items():
            kinds = self.rows.kinds(row)
            if {"功能", "经济"} <= kinds.keys():
                key = (
                    code,
                    kinds["功能"],
                    kinds["经济"][:3],
                    self.rows.words(row) if not code else "",
                )
                rows.setdefault(key, {})[row] = kinds["经济"]
        for (_, _, economic, _), alike in rows.items():
            lower = [row for row, code in alike.items() if len(code) > 3]
            for row in set(alike) - set(lower) if lower else ():
                self.above_economic.add(row)
                for column in self.block.of("side"):
                    self._compare_economic(row, column, economic, lower)

    def _compare_economic(self, row: int, column: int, code: str, lower: list[int]) -> None:
        shown = self.taking.numbers
        stated = shown(self.block, row, [column]).get(column, Decimal(0))
        real = sum(
            (shown(self.block, r, [column]).get(column, Decimal(0)) for r in lower), Decimal(0)
        )
        if stated != real:
            ask_about_parent(self.taking, self.block, (row, column), code, stated, real)

    def _add_up(self) -> None:
        """A figure without 功能分类 is the sum of the rows of its account that have one, or is asked about."""
        parts: dict[tuple[str, int], Decimal] = {}
        for row, column in {cell for cells in self.taking.placed.values() for cell in cells}:
            key, number = (self.accounts[row], column), self.taking.amount(self.block, row, column)
            parts[key] = parts.get(key, Decimal(0)) + (number or 0)
        for row, column in self.whole:
            whole = self.taking.amount(self.block, row, column)
            self.taking.subtotal(self.block, row, "没有功能分类，当作上级科目")
            if row in self.asked:
                continue
            if whole and whole != parts.get((self.accounts[row], column)):
                where = self.block.grid.where(row, column)
                hint = "写上功能分类，再导入"
                message = "这一行有数，没有功能分类，也不是别的行的合计"
                self.taking.ask(where, message, hint, "missing-value")

    def _row(self, row: int, code: str, text: str) -> None:
        own = [self.rows.caption, *(self.rows.words(r) for r in (self.held.get(row), row) if r)]
        words = "/".join((*self.rows.above(row), *own))
        known = (a for a in self.words.accounts if any(w in words for w in a["words"]))
        account = next(known, None) or self.natures.account(row, words)
        if account is None or not account.get("own"):
            if why := self.parallel.left_out(code):
                self.taking.left(self.block, row, why)
                return
            if self.parallel.ask_about_costs(row, words):
                self.taking.left(self.block, row, "财务会计的科目")
                return
        if account is None:
            self._no_account(row, text, words)
        elif account.get("column") == _UNWANTED:
            self.taking.left(self.block, row, "导入映射里写着不要")
        else:
            self._account(row, account, words, text)

    def _no_account(self, row: int, text: str, words: str) -> None:
        """A row of another account: told, and asked about where it has a figure."""
        cells = self.block.grid.cells[row]
        numbers = [c for c in self.block.of("side", "single") if c in cells]
        if any(word in text for word in self.words.carried):
            self.taking.left(self.block, row, "结转，不是发生额")
            return
        code = self.accounts[row]
        named = not code and words.lstrip("/").startswith(self.words.other_names)
        if named or code.startswith(self.words.other_accounts):
            self.taking.left(self.block, row, NO_FLOW)
            return
        filled = [c for c in numbers if self.taking.amount(self.block, row, c)]
        self.taking.left(self.block, row, "不是收入、支出科目" if numbers else "没有数")
        code = self.rows.kinds(row).get("功能", "")
        spent = self.accounts[row].startswith(self.words.parallel["budget"]) or "支出" in words
        if filled and code and spent:
            self.natures.unknown[code] = words
        elif filled:
            hint = "不是收入、支出的科目不用导入，删去这一行；是的话在导入映射里写明（会计科目：）"
            message = "不知道这个会计科目填到哪里"
            self.taking.ask(self.block.grid.where(row), message, hint, "unknown-name")

    def _side(self, side: str) -> int | None:
        """The column of the whole year's 借方 or 贷方; where several may be it, it is asked."""
        block = self.block
        found = [c for c in block.of("side") if block.columns[c].target == side]
        whole = [c for c in found if "年" in block.heads[c] or "累计" in block.heads[c]]
        if len(found) > 1 and len(whole) != 1:
            heads = "、".join(block.heads[c] for c in found)
            where = block.grid.where(block.head, found[0])
            message = f"有几列{side}：{heads}，不知道哪一列是全年的"
            hint = "全年的一列写成“本年累计”，别的删去"
            self.taking.ask(where, message, hint, "contradiction", (id(block), "side"))
        return next(iter(whole or found), None)

    def _columns(self, row: int, side: str) -> tuple[int | None, int | None]:
        """The columns of a side and of the other one in a row; one column of amounts has its side beside it."""
        against = "贷方" if side == "借方" else "借方"
        if self.block.of("side"):
            return self._side(side), self._side(against)
        (direction, *_), (column, *_) = self.block.of("direction"), self.block.of("single")
        said = bare(self.block.grid.cells[row].get(direction, ""))
        if said and said[0] == against[0]:
            return None, column
        return (column if said and said[0] == side[0] else None), None

    def _figure(
        self, row: int, side: str, words: str, text: str
    ) -> tuple[int | None, Decimal | None]:
        """The column and the amount of a row on the side of its account; a reversal counts below zero."""
        column, other = self._columns(row, side)
        number = self.taking.amount(self.block, row, column) if column else None
        against = self.taking.amount(self.block, row, other) if other else None
        if not against or against == number or "结转" in text:
            return column, number
        where = self.block.grid.where(row, other)
        if self.block.dated and not number and any(word in text for word in self.words.reversals):
            if self.taking.said.get(LESS) == TAKEN_AWAY:
                self.taking.note(f"{where} 的{against:f}，照所说的，从{side}里减去")
            else:
                message = f"摘要写着退、冲、红字，{against:f}从{side}里减去，对不对"
                hint = f"对的，回答 {LESS}={TAKEN_AWAY}；不对的，清空这一格，再导入"
                told, answers = (id(self.block), "less"), choices(LESS)
                self.taking.ask(where, message, hint, "contradiction", told, answers)
            return other, -against
        message = f"{side}是{number or 0:f}，另一方是{against:f}：是冲销还是结转，看不出来"
        hint = "冲销的从发生额里减去，结转的清空，再导入"
        self.taking.ask(where, message, hint, "contradiction")
        return column, number

    def _account(self, row: int, account: dict[str, Any], words: str, text: str) -> None:
        column, number = self._figure(row, str(account["side"]), words, text)
        if number is None or column is None:
            self.taking.left(self.block, row, "没有发生额，或是结转")
            return
        if isinstance(account.get("to"), list):
            self.taking.put(tuple(account["to"]), self.block, row, column, number)
            self.taking.used(self.block, row)
            return
        kinds = self.rows.kinds(row)
        self.taking.found.seen.update(kinds.values())
        if "功能" not in kinds:
            self.whole.append((row, column))
            return
        for target in self._targets(kinds, str(account["column"]), words):
            self.taking.put(target, self.block, row, column, number)
        self.taking.used(self.block, row)

    def _targets(self, kinds: dict[str, str], name: str, words: str) -> Iterator[Target]:
        yield "支出表", kinds["功能"], name
        fund = self.words.fund(*PARTS.split(words))
        if not fund and any(word in words for word in self.words.fiscal):
            fund = self.taking.fund_of(kinds["功能"])
            self.taking.note("会计科目写着财政拨款、没有写哪一种的，按功能分类编码分是哪一种")
        if not fund and name == "基本支出" and "经济" in kinds:
            fund = self._fund_said()
        if fund in ("一般公共", "基金", "国资") and name in ("基本支出", "项目支出"):
            yield fund, kinds["功能"], name
            if fund == "一般公共" and name == "基本支出" and "经济" in kinds:
                yield "基本支出", kinds["经济"], "金额"

    def _fund_said(self) -> str:
        """Whether 基本支出 of an account that names no fund is of 一般公共预算, as the person says."""
        said = self.taking.said.get(ECONOMIC, "")
        if said == NOT_FILLED:
            self.taking.note("按经济分类的数，照所说的，没有填进基本支出决算表")
        elif said != FISCAL_BASIC:
            where = self.block.grid.where(self.block.head)
            message = "会计科目没有写财政拨款：按经济分类的数填不填基本支出决算表，看不出来"
            hint = (
                f"都是一般公共预算财政拨款的，回答 {ECONOMIC}={FISCAL_BASIC}；"
                f"不填的，回答 {ECONOMIC}={NOT_FILLED}"
            )
            told, answers = (id(self.block), "fund"), choices(ECONOMIC)
            self.taking.ask(where, message, hint, "unknown-name", told, answers)
        return "一般公共" if said == FISCAL_BASIC else ""
