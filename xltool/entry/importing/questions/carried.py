"""What was carried over, in columns beside the spending: told, because an assumption may be offered that denies it."""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.core.amounts import money
from xltool.core.texts import norm
from xltool.entry.importing.questions.placed import Placed

_CARRIED = re.compile("结转(?!.*(?:支出|支付|执行|使用))")
_FIELDS = {
    "总表.收入.年初结转和结余": re.compile("上年|年初|期初"),
    "总表.支出.年末结转和结余": re.compile("年末|期末|下年|结转"),
}
"""What a column of 结转 adds up to, by words of its head; the former first."""


def tell_carried(placed: Placed) -> None:
    """Say of each such column that is not used what it comes to, and how that is filled in."""
    block, taking = placed.block, placed.taking
    for column in block.of("aside"):
        head = norm(block.heads.get(column, ""))
        if not _CARRIED.search(head) or placed.is_said(column):
            continue
        shown = (taking.numbers(block, row, [column]).get(column) for row in placed.rows)
        total = sum((number for number in shown if number), Decimal(0))
        if total:
            field = next(name for name, words in _FIELDS.items() if words.search(head))
            unit = taking.unit_of(block, column)
            total = taking.converted(total, unit)
            where = block.grid.where(block.head, column)
            taking.note(
                f"{where} “{block.heads[column]}”合起来是{money(total)}，没有填；"
                f"要填的，另填 {field}={total:f}，不用“没有结转”的前提"
            )
