"""An after-check on a block that was taken: what would change a figure and is not certain is asked."""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.core.codes import CODE_LEVELS
from xltool.core.texts import norm
from xltool.entry.importing.layout.block import Block, label_of
from xltool.entry.importing.layout.headrows import code_of, is_economic, is_functional
from xltool.entry.importing.layout.heads import is_carried_spending
from xltool.entry.importing.layout.periods import has_periods
from xltool.entry.importing.questions.answers import (
    ALIKE,
    ALL_COUNTED,
    AS_CODE,
    COUNTED,
    SAY_FINAL,
    choices,
)
from xltool.entry.importing.questions.carried import tell_carried
from xltool.entry.importing.questions.doubtwords import ask_about_words
from xltool.entry.importing.questions.placed import Placed
from xltool.entry.importing.questions.unseen import ask_about_sight
from xltool.entry.importing.rows.totals import columns_added
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import PART, bare

_FEW = 6
"""A column with more different texts, none of them twice, tells no kinds of rows apart."""
_CODE = re.compile(r"(?<!\d)[23]\d{2,6}(?!\d)")
_PERIODS = re.compile(
    r"(?P<month>1[0-2]|[1-9])月|(?P<quarter>[1-4一二三四])季度|(?P<half>[上下])半年"
)


def doubts(taking: Taking, block: Block) -> None:
    """Ask about what the figures of a block leave open. To be called when all its rows were taken."""
    if not taking.placed:
        return
    placed = Placed(taking, block)
    ask_about_sight(placed)
    _parts_of_a_year(placed)
    _carried_spending(placed)
    _given_back(placed)
    _all_below_zero(placed)
    _parts_of_a_whole(placed)
    _running_totals(placed)
    ask_about_words(placed)
    if block.kind != "labels":
        _kinds_of_rows(placed)
        _one_unit(placed)
        _own_codes(placed)
    if block.kind == "labels" and not (block.dated or any(map(has_periods, block.heads.values()))):
        _named_twice(placed)
    if block.kind == "list":
        tell_carried(placed)
        _unplaced(placed)
        _two_codes(placed)
    if block.kind == "list" or not block.dated:  # two lines of a voucher may well be the same
        _alike(placed)


def _parts_of_a_year(placed: Placed) -> None:
    """Months or quarters that are added up make a whole year, or are asked about."""
    block = placed.block
    shown: dict[str, set[int]] = {}
    used = [c for c in block.of("month") if c in placed.columns]
    for column in block.of("month") if used else ():
        shown.setdefault(block.columns[column].target, set()).update(_months(placed.head(column)))
    for covered in shown.values():
        if covered and len(covered) < 12 and not placed.taking.final:
            message = f"各月、各季度的列只到{len(covered)}个月，不是全年的"
            hint = SAY_FINAL.within("就是全年决算数的，{}")
            placed.ask(block.head, used[0], message, hint, "months")


def _months(head: str) -> set[int]:
    """The months that a head names."""
    found = _PERIODS.search(norm(head.rpartition("/")[2]))
    if found is None:
        return set()
    if found["month"]:
        return {int(found["month"])}
    if found["half"]:
        return set(range(1, 7) if found["half"] == "上" else range(7, 13))
    quarter = "1234一二三四".index(found["quarter"]) % 4
    return set(range(quarter * 3 + 1, quarter * 3 + 4))


def _carried_spending(placed: Placed) -> None:
    """结转资金支出 is spending of this year, though its head says 结转."""
    for column in placed.block.of("aside"):
        head = placed.head(column)
        if not is_carried_spending(head) or placed.is_said(column):
            continue
        if any(column in placed.line(row) for row in placed.rows):
            message = f"“{head}”像是用结转、结余资金的本年支出，没有算"
            nature = "项目支出" if "项目" in head else "基本支出"
            answers = choices(placed.block.answer(column), nature, "不要")
            hint = f"算的，回答 {answers[0]}（或别的栏；当年的另有一栏的，相加）；不算的，回答 {answers[1]}"
            placed.ask(placed.block.head, column, message, hint, column, answers)


def _given_back(placed: Placed) -> None:
    """退款金额 beside 支付金额: the difference was paid."""
    net = any(re.search("实际|净", placed.head(column)) for column in placed.columns)
    for column in () if net else placed.block.of("aside"):
        if placed.block.columns[column].target != "退款":
            continue
        rows = [
            r for r in placed.rows if placed.taking.numbers(placed.block, r, [column]).get(column)
        ]
        if rows:
            message = f"“{placed.head(column)}”有数，没有减去"
            answers = choices(placed.block.answer(column), "不要")
            hint = f"加一列减去以后的（实际支付金额），再导入；不用减的，回答 {answers[0]}"
            placed.ask(rows[0], column, message, hint, column, answers)


def _all_below_zero(placed: Placed) -> None:
    """A program that shows the credit side below zero: a year's figures of a column are not all negative."""
    both = placed.block.kind == "ledger" and bool(placed.positive)  # credits are taken away
    for column in placed.columns:
        shown = [n for (_, at), n in placed.numbers.items() if at == column and n]
        if both or len(shown) < 2 or max(shown) > 0 or placed.is_said(column):
            continue
        message = f"“{placed.head(column)}”全是负数，像是正负号反了"
        hint = "改成正数，再导入；就是负数的，写明是哪一栏（列：）"
        placed.ask(placed.block.head, column, message, hint, ("below", column))


def _parts_of_a_whole(placed: Placed) -> None:
    """人员经费 and 公用经费 beside 基本支出 add up to it."""
    block, numbers = placed.block, placed.taking.numbers
    parts = [c for c in block.of("aside") if block.columns[c].target == PART]
    wholes = [c for c in block.of("amount") if block.columns[c].target.endswith(".基本支出")]
    for row in placed.rows if len(parts) == 2 and len(wholes) == 1 else ():
        shown = numbers(block, row, [*parts, *wholes])
        whole, split = shown.pop(wholes[0], Decimal(0)), sum(shown.values(), Decimal(0))
        if shown and whole != split:
            message = f"{placed.head(wholes[0])}是{whole:f}，{'、'.join(map(placed.head, parts))}合起来是{split:f}"
            placed.ask(row, wholes[0], message, "核对是不是漏了一栏", ("parts", row))


def _running_totals(placed: Placed) -> None:
    """Rows of months whose figures are totals up to that month are not to be added up."""
    whens = [c for c in placed.block.heads if has_periods(placed.head(c))]
    for cells in placed.taking.placed.values() if whens else ():
        told = {str(placed.block.at(row, whens[0])) for row, _ in cells}
        column = cells[0][1]
        if len(told) > 1 and re.search("累计|全年", placed.head(column)):
            message = f"“{placed.head(column)}”像是累计数，各月的行加在了一起"
            hint = "只留最后一个月的行，或写明是各月的发生额（列：金额），再导入"
            placed.ask(cells[0][0], column, message, hint, ("running", column))


def _kinds_of_rows(placed: Placed) -> None:
    """A column that nobody knows tells rows apart, or those that are added up: 红字 and 蓝字, 本级 and 下属."""
    for column in placed.unread:
        shown = {row: bare(placed.block.at(row, column) or "") for row in placed.rows}
        if any(map(_CODE.search, shown.values())):
            continue  # auxiliary items of an account
        if _FEW < len(set(shown.values())) == len(placed.rows):
            continue
        added = any(
            len({shown[row] for row, _ in cells}) > 1 for cells in placed.taking.placed.values()
        )
        kinds = sorted(set(shown.values()) - {""})
        if added or 1 < len(set(shown.values())) <= _FEW:
            listed = "、".join(kinds[:3])
            message = f"“{placed.head(column) or '没有列名'}”一列写着{listed}，哪些行算，看不出来"
            answers = choices(placed.block.answer(column), "不要")
            hint = f"都算的，回答 {answers[0]}；有不算的，把那些行删去，再导入"
            placed.ask(placed.rows[0], column, message, hint, column, answers)


def _named_twice(placed: Placed) -> None:
    """Two rows of one name: 其他收入, 其他收入. Adding them up would be a guess, unless a person put rows there."""
    for target, cells in placed.taking.placed.items():
        labels = {label_of(placed.block, row) for row, _ in cells}
        said = placed.words.own_labels & labels
        if len(cells) > 1 and not (len(labels) == len(cells) and len(said) >= len(cells) - 1):
            message = f"第{'、'.join(str(row) for row, _ in cells)}行都填到{'·'.join(target)}"
            hint = "合成一行；有一行不要的，删去，或写成“不要”"
            placed.ask(*cells[1], message, hint, target)


def _unplaced(placed: Placed) -> None:
    """Every number in a column of figures, in a row that is used, went somewhere."""
    columns = [c for c in columns_added(placed.block) if placed.block.columns[c].what != "month"]
    for row in placed.rows:
        for column in columns:
            known = (row, column) in placed.cells or (
                id(placed.block),
                column,
            ) in placed.taking.asked
            if not known and placed.taking.amount(placed.block, row, column):
                hint = "写明这一列是什么（列：），或写成“不要”"
                placed.ask(row, column, "这一格的数没有填到哪里", hint, ("unplaced", column))


def _one_unit(placed: Placed) -> None:
    """Rows of several units: their figures are no unit's."""
    for column in placed.block.of("unit"):
        shown = (placed.block.at(row, column) for row in placed.rows)
        names = sorted({bare(value) for value in shown if isinstance(value, str)})
        if len(names) > 1:
            message = f"有{len(names)}个单位：{'、'.join(names[:3])}"
            answers = choices(placed.block.answer(column), "不要")
            hint = (
                f"一次导入一个单位的：别的单位的行另存一份；是本单位内部的部门，回答 {answers[0]}"
            )
            placed.ask(placed.block.head, column, message, hint, ("units", column), answers)


def _two_codes(placed: Placed) -> None:
    """A row with two codes of one classification belongs to none of them."""
    block = placed.block
    columns = [c for c in block.of("code") if block.columns[c].target not in CODE_LEVELS]
    for row in placed.rows if len(columns) > 1 else ():
        codes = [code for c in columns if (code := code_of(block.at(row, c))[0])]
        for kind in (is_functional, is_economic):
            same = sorted(set(filter(kind, codes)))
            if len(same) > 1:
                message = f"一行有两个科目编码：{'、'.join(same)}"
                hint = "左右两张表分成两张，再导入；不用的一列写成“不要”"
                placed.ask(row, None, message, hint, "codes")


def _own_codes(placed: Placed) -> None:
    """An amount that is the code of its row, digit for digit, is likely a code in the wrong column."""
    block = placed.block
    for (row, column), number in placed.numbers.items():
        codes = {code for c in block.of("code") if (code := code_of(block.at(row, c))[0])}
        if f"{abs(number):f}" not in codes:
            continue
        if placed.taking.said.get(AS_CODE) == COUNTED:
            where = block.grid.where(row, column)
            placed.taking.note(f"{where} 的数与科目编码相同，照所说的算")
            continue
        hint = f"写错的改成金额；就是这个数的，回答 {AS_CODE}={COUNTED}"
        message = f"数{number:f}与这一行的科目编码相同"
        placed.ask(row, column, message, hint, ("code", row), choices(AS_CODE))


def _alike(placed: Placed) -> None:
    """Two rows that are the same in every cell may be one row that was copied."""
    seen: dict[tuple[tuple[int, object], ...], int] = {}
    for row in sorted(placed.filled):
        first = seen.setdefault(tuple(sorted(placed.line(row).items())), row)
        if first == row:
            continue
        if placed.taking.said.get(ALIKE) == ALL_COUNTED:
            where = placed.block.grid.where(row)
            placed.taking.note(f"{where} 与第{first}行相同，照所说的都算")
            continue
        hint = f"多写的行删去；都要算的，回答 {ALIKE}={ALL_COUNTED}"
        message = f"与第{first}行每一格都相同，加在了一起"
        placed.ask(row, None, message, hint, ("alike", row), choices(ALIKE))
