"""Names with amounts: 收入 | 金额, both sides of a 总表 beside each other, a list of “三公”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xltool.core.texts import norm
from xltool.entry.importing.collected import Target
from xltool.entry.importing.layout.block import ENDS, Block, is_total
from xltool.entry.importing.questions.answers import choices
from xltool.entry.importing.rows.totals import ask_about_total, slack
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import bare, unmarked

_SIDES = ("收入", "支出")
_COUNTS = re.compile(r"\((?:辆|个|批|人|次|台|套|团|批次|人次|团组)[^()]*\)$")
_NATURE = re.compile("性质|经济")
_BUDGET, _FINAL = "预算数", "决算数"
_BY_NATURE = "性质"
_SHOWN = 12
"""So many rows are named from which one may be chosen."""


class Segment(NamedTuple):
    """A column of names with its columns of amounts. `side`: 收入, 支出, 性质, or "" where no head says it."""

    name: int
    final: int
    budget: int | None
    side: str


def take_labels(taking: Taking, block: Block) -> None:
    """Take every row of a block of names with amounts."""
    if block.of("amount") and not block.of("single"):
        hint = "补一列科目编码（行政运行等在许多科目下都有，只有名称分不清）"
        where = block.grid.where(block.head)
        taking.ask(where, "有金额列，没有科目编码列", hint, "missing-value")
        return
    segments = list(_segments(taking, block))
    spending = _is_spending(taking, block, segments)
    marks: list[int] = []
    for row in block.rows:
        used, whys = False, []
        for segment in segments:
            label = _label(block, row, segment)
            if not label:
                continue
            number = taking.amount(block, row, segment.final)
            targets = list(_targets(taking, block, row, segment, label, spending))
            for target, column, figure in targets:
                taking.put(target, block, row, column, figure)
            used = used or bool(targets)
            if not targets and _is_total(taking, label):
                marks.append(row)
            elif not targets and number is not None:
                whys.append(_unknown(taking, block, row, segment, label, number != 0))
        if used:
            taking.used(block, row)
        elif row not in marks:
            taking.left(block, row, next((why for why in whys if why), "没有名称或没有数"))
    for row in marks:
        taking.subtotal(block, row)
    compared = [] if spending else [s for s in segments if s.side != _BY_NATURE]
    for segment in compared:
        _compare_totals(taking, block, segment)


def _compare_totals(taking: Taking, block: Block, segment: Segment) -> None:
    """合计, 总计 are the sum of the rows above, or of those since the total before, or are asked about.

    Rows that a person did not want may be in a total or not.
    """
    unwanted = taking.words.unwanted
    rows = [
        (row, label, number)
        for row in block.rows
        if (label := _label(block, row, segment))
        if (number := taking.numbers(block, row, [segment.final]).get(segment.final)) is not None
        if not (_is_total(taking, label) and bare(label) in unwanted)
    ]
    if any(_is_part(label) for _, label, _ in rows if bare(label) not in unwanted):
        return  # parts of other rows: which ones, nothing says
    found: list[tuple[str, Decimal]] = []
    begin = 0
    for row, label, number in rows:
        if not _is_total(taking, label):
            found.append((label, number))
            continue
        every = [found, found[begin:], [x for x in found if not taking.words.fund(x[0])]]
        spans = [[x for x in span if bare(x[0]) not in unwanted] for span in every] + every
        sums = [sum((n for _, n in span), Decimal(0)) for span in spans]
        most = slack(taking, block, len(found))
        if found and number and all(abs(number - total) > most for total in sums):
            ask_about_total(taking, block, (row, segment.final), number, sums[0])
        begin = len(found)


def _label(block: Block, row: int, segment: Segment) -> str:
    """The name of a row; 合计 may stand under the day or the number of the vouchers above it."""
    label = block.grid.cells[row].get(segment.name)
    if isinstance(label, str):
        return label
    before = (v for c, v in sorted(block.grid.cells[row].items()) if c < segment.name)
    return next((str(value) for value in before if label is None and is_total(value)), "")


def _is_part(label: str) -> bool:
    """Whether a name is marked or set in as a part of another row."""
    plain = norm(label)
    return plain != unmarked(plain) or label[0].isspace()


def _segments(taking: Taking, block: Block) -> Iterator[Segment]:
    names = block.of("name")
    for number, name in enumerate(names):
        end = names[number + 1] if number + 1 < len(names) else max(block.heads) + 1
        own = range(name + 1, end) if name < max(block.heads) else range(1, name)
        finals = [c for c in block.of("single", "amount") if c in own]
        budgets = [c for c in own if block.columns.get(c) and block.columns[c].target == "预算"]
        if len(finals) > 1:
            message = (
                f"“{block.heads[finals[1]]}”与 {block.grid.where(block.head, finals[0])} 像是同一栏"
            )
            hint = "留下本年决算数的一列，别的在导入映射里写成“不要”"
            where = block.grid.where(block.head, finals[1])
            taking.ask(where, message, hint, "contradiction")
        elif finals:
            budget = budgets[-1] if budgets else None
            yield Segment(name, finals[0], budget, _side(block, name, finals[0], len(names)))


def _side(block: Block, name: int, final: int, names: int) -> str:
    heads = norm(block.heads.get(name, ""))
    if names > 1 and _NATURE.search(heads):
        return _BY_NATURE
    for text in (heads, norm(block.heads.get(final, ""))):
        said = [side for side in _SIDES if side in text]
        if len(said) == 1:
            return said[0]
    return ""


def _is_spending(taking: Taking, block: Block, segments: list[Segment]) -> bool:
    """Whether the block is one of “三公”: two of its names are fields of that table."""
    own = {path[-1] for path in taking.fields.get("三公", ())} - {"合计"}
    shown = {
        label
        for row in block.rows
        for s in segments
        if isinstance(label := block.grid.cells[row].get(s.name), str)
    }
    named = [n for n in own if any(taking.words.same(n, unmarked(bare(x))) for x in shown)]
    return len(named) > 1


def _targets(
    taking: Taking, block: Block, row: int, segment: Segment, label: str, spending: bool
) -> Iterator[tuple[Target, int, Decimal]]:
    """Where the amounts of one name go, with the column and the amount of each."""
    columns = [(_FINAL, segment.final)]
    if spending and segment.budget is not None:
        columns.append((_BUDGET, segment.budget))
    for head, column in columns:
        number = taking.amount(block, row, column)
        target = (
            _target(taking, segment, label, head if spending else "")
            if number is not None
            else None
        )
        if target is not None and number is not None:
            yield target, column, number


def _target(taking: Taking, segment: Segment, label: str, spending: str) -> Target | None:
    words, plain = taking.words, bare(label)
    if plain in words.unwanted:
        return None
    if plain in words.own_labels:
        return words.labels[plain]
    if spending:
        text = unmarked(plain)
        for path in taking.fields.get("三公", ()):
            if path[0] == spending and words.same(path[-1], text):
                return ("三公", *path)
        return None
    if segment.side == _BY_NATURE:
        return ("支出表", "合计", plain) if plain in ("基本支出", "项目支出") else None
    known = words.labels.get(plain)
    if known is not None and (known[0] != "总表" or segment.side in ("", known[1])):
        return known
    found = [
        ("总表", *path)
        for path in taking.fields.get("总表", ())
        if segment.side in ("", path[0]) and len(path) == 2 and words.same(path[1], plain)
    ]
    return found[0] if len(found) == 1 else None


def _is_total(taking: Taking, label: str) -> bool:
    plain = bare(label)
    return plain in taking.words.subtotals or plain.endswith(ENDS)


def _unknown(
    taking: Taking, block: Block, row: int, segment: Segment, label: str, filled: bool
) -> str:
    """Why a name with an amount is not used; asked about where that is not plain."""
    if bare(label) in taking.words.unwanted:
        return "导入映射里写着不要"
    if _COUNTS.search(norm(label)):
        return "不是金额"
    if segment.side == _BY_NATURE:
        return "按支出性质和经济分类的，不从这里填"
    if filled:
        side = segment.side or "收入"
        paths = [path for path in taking.fields.get("总表", ()) if path[:-1] == (side,)]
        names = [name for *_, name in paths if not _is_total(taking, name)]
        rows = (f"总表.{side}.{name}" for name in names)
        answers = choices(bare(label), "不要", *rows)
        (open_,) = choices(bare(label), f"总表.{side}.行名")
        which = f"（行名：{'、'.join(names[:_SHOWN])}{'等' if names[_SHOWN:] else ''}）"
        hint = f"不要的，回答 {answers[0]}；是表里哪一行，回答 {open_}{which if names else ''}"
        message = f"不认识“{label.strip()}”，它有数"
        taking.ask(block.grid.where(row), message, hint, "unknown-name", None, answers)
    return "不认识这一行"
