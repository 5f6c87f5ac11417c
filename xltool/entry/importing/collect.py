"""The rows of blocks -> figures with the cells they come from; every row is accounted for."""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.core.amounts import UNITS, convert
from xltool.core.problems import Problem
from xltool.entry.importing.collected import MonthSheet
from xltool.entry.importing.layout.block import BALANCES, Block
from xltool.entry.importing.layout.periods import has_dates, has_periods, years_in, years_within
from xltool.entry.importing.layout.titles import month_of
from xltool.entry.importing.questions.answers import (
    ADDED,
    COUNTED,
    FINAL,
    NOT_COUNTED,
    OTHER_YEARS,
    SAY_FINAL,
    SHEETS,
    choices,
)
from xltool.entry.importing.questions.doubts import doubts
from xltool.entry.importing.rows.labelrows import take_labels
from xltool.entry.importing.rows.ledgerrows import LedgerRows
from xltool.entry.importing.rows.listrows import ListRows
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import RESTATED, Meaning, bare

_DAY = re.compile(
    r"\s*(?:20\d\d[-./年]\d{1,2}[月期]?[-—–－~～至到](?=20\d\d))?(?:(?P<year>20\d\d)[-./年]?(?=\d))?"
    r"(?:\d{1,2}月?[-—–－~～至到](?=\d{1,2}[月期]))?"
    r"(?P<month>1[0-2]|0?[1-9])(?!\d)(?:月|期|[-./]\d|\s*$)"
)
"""A day, or the last month of a span: 2024-12-31, 12月, 1-12月."""
_CUMULATIVE = re.compile("累计|全年|本年|年|余额")


def take(taking: Taking, block: Block) -> None:
    """Take the figures of one block."""
    if block.topic.aside:
        for row in block.rows:
            taking.left(block, row, block.topic.aside)
        return
    years = {year for head in block.heads.values() for year in years_in(head)}
    if not block.topic.year and len(years) > 1:
        return  # which columns are of the year is known when that is
    if block.topic.odd:
        _whole_year(taking, block)
    _dates(taking, block)
    for column, head in block.unknown.items():
        where = block.grid.where(block.head, column)
        said = block.answer(column)
        uses = ("财政拨款收入", "其他收入") if "收入" in head else ("基本支出", "项目支出")
        hint = f"是哪一栏，回答 {said}={uses[0]}（或别的栏）；不用的，回答 {said}=不要"
        message = f"不认识列名“{head or '（没有列名）'}”，这一列有数"
        answers = choices(said, *uses, "不要")
        if bare(head) in BALANCES:
            message = "只有余额，没有本年发生额"
            answers = choices(said, "金额", "不要")
            hint = f"结账前的余额就是全年发生额的，回答 {answers[0]}；不是的，换有发生额的余额表"
        taking.ask(where, message, hint, "unknown-name", None, answers)
    _other_years(taking, block)
    taking.placed, taking.signed, taking.proven = {}, {}, set()
    match block.kind:
        case "list":
            _twins(taking, block)
            ListRows(taking, block).take()
        case "labels":
            take_labels(taking, block)
        case "ledger":
            LedgerRows(taking, block).take()
    doubts(taking, block)


def _other_years(taking: Taking, block: Block) -> None:
    """Rows whose cell of the year names another one: left out or counted as the person says."""
    year, said = block.topic.year, taking.said.get(OTHER_YEARS, "")
    others: dict[int, str] = {}
    for column in block.of("year") if year else ():
        for row in block.rows:
            found = years_within(str(block.at(row, column) or ""))
            if found and found[0] != year:
                others[row] = found[0]
    for row, other in others.items():
        if said == NOT_COUNTED:
            taking.left(block, row, f"{other}年的，照所说的不算")
            block.skipped.add(row)
        elif said == COUNTED:
            taking.note(f"{block.grid.where(row)} 是{other}年的，照所说的算进去了")
        else:
            hint = f"不算的，回答 {OTHER_YEARS}={NOT_COUNTED}；算的，回答 {OTHER_YEARS}={COUNTED}"
            message = f"年度是{other}，不是{year}：算不算"
            answers = choices(OTHER_YEARS, NOT_COUNTED, COUNTED)
            taking.ask(block.grid.where(row), message, hint, "wrong-year", None, answers)


def _dates(taking: Taking, block: Block) -> None:
    """Entries of another year, or none of the last month: no figures of a whole year."""
    columns = [c for c, head in block.heads.items() if has_dates(head) or has_periods(head)]
    figures = block.of("side", "single", "amount")
    years: set[str] = set()
    months: set[int] = set()
    for row in block.rows:
        cells = block.grid.cells[row]
        text = "".join(str(v) for v in cells.values() if isinstance(v, str))
        for match in (_DAY.match(str(block.at(row, c) or "")) for c in columns):
            if match and any(c in cells for c in figures):
                months.add(int(match["month"]))
                if match["year"] and not any(word in text for word in taking.words.carried):
                    years.add(match["year"])
    message = ""
    if block.topic.year and (others := sorted(years - {block.topic.year})):
        message = f"有{'、'.join(others)}年的日期，不是{block.topic.year}年度的"
    elif months and max(months) < 12:
        message = f"最后一笔是{max(months)}月的，不像全年的"
    if message and taking.final:
        taking.note(f"{block.grid.where(block.head)} {message}，照所说的，当作全年的决算数")
    elif message:
        hint = SAY_FINAL.within("不是本年的行删去；就是全年决算数的，{}")
        where = block.grid.where(block.head)
        taking.ask(where, message, hint, "contradiction", None, choices(FINAL))


def _whole_year(taking: Taking, block: Block) -> None:
    """A table whose title says budget, half a year, one month is asked about, once for all of them."""
    odd = block.topic.odd
    columns = block.of("amount", "single", "side") or block.unknown
    used = [block.heads.get(c, "") for c in columns]
    enough = any if block.kind == "ledger" else all  # a ledger takes the columns of the whole year
    if odd == "十二月" and used and enough(_CUMULATIVE.search(head) for head in used):
        taking.found.monthly.append(MonthSheet(12, block.grid, None))
        return
    if odd == "一部分支出" and taking.said.get(SHEETS) == ADDED:
        return
    where = block.grid.where(block.head)
    why = {"预算": "预算", "十二月": "十二月一个月"}.get(odd, odd)
    if taking.final:
        taking.note(f"{where} 的标题或文件名像是{why}的，照所说的，当作全年的决算数")
        return
    message = f"标题或文件名像是{why}的，不像全年的决算数"
    hint = SAY_FINAL.within("不是全年决算数的不要导入；是的，{}")
    if odd in ("一个月", "十二月") and (month := month_of(block.grid, block.first)):
        question = Problem(where, message, hint, code="contradiction", answers=choices(FINAL))
        taking.found.monthly.append(MonthSheet(month, block.grid, question))
        return
    taking.ask(where, message, hint, "contradiction", None, choices(FINAL))


def _twins(taking: Taking, block: Block) -> None:
    """Two columns of one meaning: adding them up would be a guess, taking one too, unless they say the same."""
    seen: dict[str, int] = {}
    for column in block.of("amount", "single"):
        target = block.columns[column].target
        other = seen.setdefault(target, column)
        if other != column and (rounded := _restated(taking, block, other, column)) is not None:
            block.columns[rounded] = Meaning("aside", RESTATED)
            seen[target] = other if rounded == column else column
        elif other != column:
            taking.one_of(block, other, column)


def _restated(taking: Taking, block: Block, one: int, other: int) -> int | None:
    """Of two columns the one in 万元 that rounds the one in 元 in every row; None where they differ."""
    units = {taking.unit_of(block, column): column for column in (one, other)}
    if units.keys() != UNITS.keys():
        return None
    exact, rounded = (units[unit] for unit in UNITS)
    for row in block.rows:
        shown = taking.numbers(block, row, [exact, rounded])
        if not shown:
            continue
        if len(shown) < 2:
            return None
        digit = Decimal(1).scaleb(int(shown[rounded].as_tuple().exponent))
        if abs(convert(shown[exact], "元", "万元") - shown[rounded]) > digit / 2:
            return None
    return rounded
