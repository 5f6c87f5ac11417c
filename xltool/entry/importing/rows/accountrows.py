"""The accounts of the rows of a ledger: their codes, what they are called, codes of the budget beside or in them."""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.layout.headrows import (
    code_of,
    codes_in,
    is_budget_code,
    is_economic,
    is_functional,
)
from xltool.entry.importing.vocabulary import bare

_ACCOUNT = re.compile(r"\s*(\d{4,})(?:\s|$|[^\d])")
_COMPOSED = re.compile(r"\s*(\d{4,}(?:[.\-_/\\]\d+)+)(?!\d)")
"""An account with its lower ones, also codes of the budget: 7101-2130201-30101."""
_TAIL = re.compile(r"\d{4,10}(2\d{6})(3\d{4})$")
"""The same without anything between; the names of the row tell whether it is so."""
PARTS = re.compile(r"([/\\_\-—–>])")
"""Between the names of an account and those below it; split by it a text keeps them, so that no words run together."""
_CAPTION = re.compile(r"(?:^|会计)科目[^:：]{0,4}?[:：]\s*(\d{4,}.*|[^\d\s].*)")
"""The account of a whole 明细账, over its heads."""


class AccountRows:
    """The rows of one ledger. `names`: what codes of the budget are called, to be added to."""

    def __init__(self, block: Block, names: dict[str, str]) -> None:
        self.block, self.names = block, names
        self.caption = self._caption()
        """The account of a whole 明细账."""
        self.said = codes_in(" ".join(t for t in block.captions if not _CAPTION.search(t)))
        """Codes of the budget that the lines over the heads say of all rows."""
        self.by_name: dict[int, dict[str, str]] = {}
        """Codes of the budget that nothing but the names of an account says; to be filled in."""
        self.codes = {row: self._code(row) for row in block.rows}
        self.held: dict[int, int] = {}
        """Rows of auxiliary items, each with the row of its account above it."""
        self._hold_items()
        self.named = {
            code: self.words(self.held.get(row, row)) for row, code in self.codes.items() if code
        }
        """What accounts are called, by their codes."""

    def _hold_items(self) -> None:
        """Rows without an account that name 功能分类 are items of the account above them."""
        holder: int | None = None
        for row in () if self.block.of("direction") else self.block.rows:
            if self.codes[row]:
                holder = row
            elif holder and self.kinds(row).get("功能") and "功能" not in self.kinds(holder):
                self.codes[row] = self.codes[holder]
                self.held[row] = holder

    def _code(self, row: int) -> str:
        """The code of the account of a row: digits that are no 科目编码 of the budget."""
        for column in self.block.of("code"):
            value = self.block.grid.cells[row].get(column)
            text = f"{value:f}" if isinstance(value, Decimal) else value or ""
            if composed := _COMPOSED.match(text):
                first, *lower = re.split(r"\D", composed[1])
                if not is_budget_code(first):
                    # 7101.1 is not above 7101.10
                    return first + "".join(part.zfill(3) for part in lower)
            found = _ACCOUNT.match(f"{text} ")
            if found and not is_budget_code(found[1]):
                return found[1]
        found = _ACCOUNT.match(f"{self.caption} ") if self.kinds(row) else None
        return found[1] if found else ""

    def _caption(self) -> str:
        """What stands for the account of all rows in the lines over the heads."""
        found = (_CAPTION.search(text) for text in self.block.captions)
        return next((match[1] for match in found if match), "")

    def above(self, row: int) -> list[str]:
        """What the accounts above that of the row are called, from the top."""
        code = self.codes[row]
        return [self.named[code[:n]] for n in range(4, len(code)) if code[:n] in self.named]

    def words(self, row: int) -> str:
        """What the row says of its account, its memo aside."""
        memos = self.block.of("memo")
        cells = self.block.grid.cells[row].items()
        return "/".join(v for c, v in cells if isinstance(v, str) and c not in memos)

    def kinds(self, row: int) -> dict[str, str]:
        """The codes of a row: in columns of their own, else within the name of the account."""
        cells, found = self.block.grid.cells[row], {}
        for column in self.block.of("code"):
            code, name = code_of(cells.get(column))
            kind = "经济" if is_economic(code) else "功能" if is_functional(code) else ""
            if kind:
                found[kind] = code
                if name:
                    self.names.setdefault(code, name)
        if not found and (
            tail := _TAIL.match(str(cells.get(next(iter(self.block.of("code")), 0), "")))
        ):
            known = self.block.topic.codes
            said = {
                code for part in PARTS.split(self.words(row)) for code in known.get(bare(part), ())
            }
            found = (
                dict(zip(("功能", "经济"), tail.groups(), strict=True))
                if said.issuperset(tail.groups())
                else {}
            )
        if not found:
            found = codes_in(self.words(row)) or self.by_name.get(row, {})
        return {**self.said, **found} if self.said and self._is_voucher(row) else found

    def _is_voucher(self, row: int) -> bool:
        return any(column in self.block.grid.cells[row] for column in self.block.of("code", "memo"))
