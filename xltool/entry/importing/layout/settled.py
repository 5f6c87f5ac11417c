"""What a column is by those beside it: parts of a whole, income beside spending, a lone total."""

from __future__ import annotations

from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.vocabulary import PART, ImportWords, Meaning, bare


def named_by_kind(block: Block) -> None:
    """Vouchers of income without codes are what their kind says: other names beside it are those of payers."""
    for column in block.of("name") if block.of("income") else ():
        block.columns[column] = Meaning("memo")
    for column in block.of("income"):
        block.columns[column] = Meaning("name")


def not_income(block: Block, words: ImportWords) -> None:
    """其中：财政拨款 beside columns of spending may be spending as well as income: it is asked."""
    around = "".join(block.heads.values()) + block.grid.sheet
    spending = block.of("total") or any(
        "支出" in block.columns[c].target for c in block.of("amount")
    )
    for column in [c for c in block.of("amount") if bare(block.heads[c]).endswith("财政拨款")]:
        own = words.own_use(block.grid.sheet, block.grid.letter(column), block.heads[column])
        if spending and "收入" not in around and not own and "收入" in block.columns[column].target:
            del block.columns[column]
            block.unknown[column] = block.heads[column]


def settle(block: Block) -> None:
    """What depends on the other columns: parts beside their whole, months beside the year, a lone total."""
    columns = block.columns
    whole = {columns[c].target for c in block.of("amount")}
    for column in block.of("part"):
        if columns[column].target in whole:
            columns[column] = Meaning("aside", PART)
    _income_apart(block)
    singles, months = block.of("single"), block.of("month")
    for column in singles if not months else ():
        if _is_whole(block, column, alone=len(singles) == 1):
            columns[column] = Meaning("total")
    if len(months) > 1 and not block.of("single") and len(block.of("total")) == 1:
        columns[block.of("total")[0]] = Meaning("single")
    if not block.of("amount", "single", "month", "part", "side", "economic"):
        for column in block.of("total")[:1] if len(block.of("total")) == 1 else []:
            columns[column] = Meaning("single")


def _income_apart(block: Block) -> None:
    """本年收入 beside 本年支出 is no second column of spending: what income it is is asked."""
    heads = {column: block.heads.get(column, "") for column in block.of("single")}
    income = [c for c, head in heads.items() if "收入" in head and "支出" not in head]
    if block.of("nature") and any("支出" in head for head in heads.values()):
        for column in income:
            del block.columns[column]
            block.unknown[column] = heads[column]


def _is_whole(block: Block, column: int, *, alone: bool) -> bool:
    """本年收入 beside 财政拨款收入 and 其他收入: it is compared with their sum, and asked about where it differs.

    `alone`: no other column may be it; else its head has to say of what it is.
    """
    tables = [block.columns[c].target.partition(".")[0] for c in block.of("amount")]
    own, other = ("收入", "支出") if tables[:1] == ["收入表"] else ("支出", "收入")
    head = block.heads.get(column, "")
    return (
        len(tables) > 1
        and len(set(tables)) == 1
        and not block.of("nature", "total", "part", "economic", "side", "direction")
        and other not in head
        and (alone or own in head)
    )
