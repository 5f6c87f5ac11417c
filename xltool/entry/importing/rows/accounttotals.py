"""Totals in a list of balances: accounts above others and rows of totals are compared with what they add up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal

from xltool.entry.importing.layout.block import Block, label_of
from xltool.entry.importing.rows.totals import (
    WHOLES,
    ask_about_below,
    ask_about_parent,
    ask_about_total,
)
from xltool.entry.importing.taking import Taking

_ONE = Decimal(1)
_DIGITS = re.compile(r"\d{4,}")


class AccountTotals:
    """The rows of one list of balances. `accounts`: the code of each row; `whole`: rows that others split up."""

    def __init__(
        self, taking: Taking, block: Block, accounts: Mapping[int, str], whole: Collection[int]
    ) -> None:
        self.taking, self.block, self.accounts = taking, block, accounts
        known = {code for code in accounts.values() if code}
        self.above = {code[:length] for code in known for length in range(1, len(code))} & known
        self.placed = {row for row, _ in taking.signed}
        self.leaves = [
            row
            for row, code in accounts.items()
            if (code or row in self.placed) and code not in self.above and row not in whole
        ]

    def compare(self, column: int, totals: Collection[int]) -> None:
        """Ask where a column of an account, or of a row of `totals`, is not the sum of the rows below it."""
        shown = self.taking.numbers
        found = {
            row: shown(self.block, row, [column]).get(column) or Decimal(0) for row in self.leaves
        }
        stated: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
        for row, code in self.accounts.items():
            if code in self.above and (n := shown(self.block, row, [column]).get(column)):
                stated[code].append((row, n))
        below = self._below(found)
        own = self._below(dict.fromkeys(self.placed & found.keys(), _ONE))
        for code, rows in stated.items():
            real, numbers = below[code], [number for _, number in rows]
            if own[code] and real not in (numbers[0], sum(numbers)):
                cell = rows[0][0], column
                ask_about_parent(self.taking, self.block, cell, code, numbers[0], real)
        before = 0
        for row in sorted(totals):
            number = shown(self.block, row, [column]).get(column)
            spans = [
                found,
                *({r: n for r, n in found.items() if low < r < row} for low in (0, before)),
                {r: n for r, n in found.items() if r in self.placed},
            ]
            sums = {sum(span.values(), Decimal(0)) for span in spans}
            if match := _DIGITS.search(label_of(self.block, row)):
                sums.add(below[match[0]])
            if number and number not in sums:
                real = sum(found.values(), Decimal(0))
                ask_about_total(self.taking, self.block, (row, column), number, real)
            before = row

    def ask_about_rows_below(self, column: int, totals: Collection[int]) -> None:
        """Ask about rows with a figure below the last total, which adds up all rows above it and no other."""
        last = max(totals, default=None)
        if last is None or label_of(self.block, last) not in WHOLES:
            return
        shown = self.taking.numbers
        numbers = {row: shown(self.block, row, [column]).get(column) for row in self.leaves}
        above = sum((n for row, n in numbers.items() if n and row < last), Decimal(0))
        below = [row for row in sorted(self.placed) if row > last and numbers.get(row)]
        if below and above and shown(self.block, last, [column]).get(column) == above:
            ask_about_below(self.taking, self.block, last, below)

    def _below(self, found: Mapping[int, Decimal]) -> dict[str, Decimal]:
        """The sum of the leaves under every beginning of a code."""
        below: dict[str, Decimal] = defaultdict(Decimal)
        for row, number in found.items():
            code = self.accounts[row]
            for length in range(1, len(code) + 1):
                below[code[:length]] += number
        return below
