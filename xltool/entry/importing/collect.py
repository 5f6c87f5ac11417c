"""The rows of blocks -> figures with the cells they come from; every row is accounted for."""

from __future__ import annotations

from xltool.entry.importing.blocks import Block
from xltool.entry.importing.labelrows import take_labels
from xltool.entry.importing.ledgerrows import LedgerRows
from xltool.entry.importing.listrows import ListRows
from xltool.entry.importing.taking import Taking


def take(taking: Taking, block: Block) -> None:
    """Take the figures of one block."""
    if block.topic.aside:
        for row in block.rows:
            taking.left(block, row, block.topic.aside)
        return
    if block.topic.odd:
        where = block.grid.where(block.head)
        taking.note(f"{where} 的标题或文件名像是{block.topic.odd}的，不像全年的决算数，请核对")
    for column, head in block.unknown.items():
        where = block.grid.where(block.head, column)
        hint = "在导入映射里写明是什么（列：），或写进“不要”"
        message = f"不认识列名“{head or '（没有列名）'}”，这一列有数"
        taking.ask(where, message, hint, "unknown-name")
    match block.kind:
        case "list":
            _twins(taking, block)
            ListRows(taking, block).take()
        case "labels":
            take_labels(taking, block)
        case "ledger":
            LedgerRows(taking, block).take()


def _twins(taking: Taking, block: Block) -> None:
    """Two columns of one meaning: adding them up would be a guess, taking one too."""
    seen: dict[str, int] = {}
    for column in block.of("amount", "single"):
        target = block.columns[column].target
        if target in seen:
            other = block.grid.where(block.head, seen[target])
            message = f"“{block.heads[column]}”与 {other} 像是同一栏"
            hint = "把列名写全（如“财政拨款基本支出”），或删去一列"
            taking.ask(block.grid.where(block.head, column), message, hint, "contradiction")
        seen.setdefault(target, column)
