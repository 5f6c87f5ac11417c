"""Figures that nobody sees, or that no table has a place for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from xltool.checks.context import Context
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.core.model import Unread
from xltool.core.texts import norm, quoted
from xltool.mapping.cells import cells_of
from xltool.ooxml import Sheet, split_ref
from xltool.reading.accounting import figures_beside, unaccounted

_SHOWN = 5
_HEADS = 3
"""So many heads of columns are named."""
FOR_THE_OFFICE = "，或列入版本的 ignore（见 docs/mapping-format.md）"
"""What of the hint a unit cannot do: the edition is not its own."""
_UNACCOUNTED = f"属于决算的，填到表样的表里；不属于的，写明说明{FOR_THE_OFFICE}"


def check(context: Context) -> Iterator[Finding]:
    """Hidden figures, those of no table, and those in headers and text boxes."""
    yield from _hidden(context)
    yield from _unaccounted(context)
    yield from _beside(context)


def _hidden(context: Context) -> Iterator[Finding]:
    """Figures that were audited and that nobody sees. Those of no table are told by S-04."""
    hidden: dict[Sheet, list[CellRef]] = defaultdict(list)
    hiding = {s.name: s for s in context.sheets.values() if s.state != "visible" or s.hides}
    for cell in context.reading.places.values() if hiding else ():
        sheet = hiding.get(cell.sheet)
        if sheet is None or not _out_of_sight(sheet, cell.ref):
            continue
        if context.reading.value(*cell) not in (None, "", 0):
            hidden[sheet].append(cell)
    tables = context.reading.table_on
    for sheet, cells in hidden.items():
        what = "隐藏的工作表" if sheet.state != "visible" else "隐藏的行或列"
        message = f"{what}里有{len(cells)}个数：{context.listed(cells, _SHOWN)}"
        hint = "取消隐藏，核对这些数；确实要隐藏的，写明说明"
        yield context.finding(
            "S-03",
            message,
            sheet.name,
            table=tables[sheet.name],
            sheet=sheet.name,
            cells=tuple(cells),
            hint=hint,
            names_cells=True,
        )


def _out_of_sight(sheet: Sheet, ref: str) -> bool:
    return sheet.state != "visible" or sheet.hidden(ref)


def _beside(context: Context) -> Iterator[Finding]:
    """Figures in headers, footers and text boxes: nobody has audited them either."""
    for sheet, where, text in figures_beside(context.reading):
        message = f"{where}里写着{quoted(text.strip())}，其中的数没有参加审核"
        place = f"{sheet.name} {where}"
        yield context.finding("S-04", message, place, sheet=sheet.name, hint=_UNACCOUNTED)


def _headed(context: Context, sheet: Sheet, refs: Sequence[str]) -> str:
    """The heads of the columns that figures stand in, as far as they are printed where the table has them."""
    tables = (f for f in context.reading.found_tables if f.located.sheet.name == sheet.name)
    heads = [anchor for found in tables for anchor in found.mapping.header]
    cells = cells_of(sheet)
    texts: list[str] = []
    for row, column in map(split_ref, refs):
        over = [
            a for a in heads if a.range.bottom < row and a.range.left <= column <= a.range.right
        ]
        if over:
            head = max(over, key=lambda anchor: anchor.range.top)
            _, printed = cells.seen(head.range.top, column) or (None, "")
            texts += [norm(printed)] if norm(printed) == norm(head.text) else []
    named = [*dict.fromkeys(texts)][:_HEADS]
    return f"{'、'.join(map(quoted, named))}栏的" if named else ""


def _unaccounted(context: Context) -> Iterator[Finding]:
    """Figures that no table of the edition has a place for: nobody has audited them."""
    tables = context.reading.table_on
    unread = {u.sheet: u for u in context.report.unread}
    told: set[str] = set()
    for block in unaccounted(context.reading):
        told.add(block.sheet)
        sheet = context.sheets[block.sheet]
        cells = [CellRef(block.sheet, ref) for ref in block.refs]
        table = "" if block.title else tables.get(block.sheet, "")
        shown = context.listed(cells, _SHOWN)
        unseen = all(_out_of_sight(sheet, ref) for ref in block.refs)
        of_block = f"“{block.title}”的" if block.title else _headed(context, sheet, block.refs)
        if block.sheet in unread and block.sheet not in tables:
            of_block = f"{_not_read(unread[block.sheet])}："
        message = (
            f"{of_block}{shown}，{'隐藏着，' if unseen else ''}填了数，"
            f"但不属于表样的任何一{'栏' if table else '张表'}，没有参加审核"
        )
        where = " ".join(filter(None, (block.sheet, block.title)))
        yield context.finding(
            "S-04",
            message,
            where,
            table=table,
            sheet=block.sheet,
            cells=tuple(cells),
            hint=_UNACCOUNTED,
            names_cells=True,
        )
    yield from _unread(context, told)


def _unread(context: Context, told: Set[str]) -> Iterator[Finding]:
    """Official tables that were not read, on sheets of which nothing else tells: they show no figure."""
    failed = {f.located.sheet.name for f in context.reading.found_tables if f.located.problems}
    for unread in context.report.unread:
        if unread.known and unread.sheet not in told | failed:
            yield context.finding(
                "S-01",
                f"{_not_read(unread)}，没有审核",
                unread.sheet,
                sheet=unread.sheet,
                hint="照官方表样改好标题和栏目；确实没有数的，写明说明",
                confirm=True,
                code="not-located",
            )


def _not_read(unread: Unread) -> str:
    return f"“{unread.table}”没有读（{unread.reason}）"
