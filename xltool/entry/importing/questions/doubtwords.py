"""Words in and around the rows of a block by which a figure may be none of this year's, this unit's, this money's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.core.texts import norm
from xltool.entry.importing.layout.block import ENDS, label_of
from xltool.entry.importing.layout.headrows import is_figure
from xltool.entry.importing.layout.heads import is_unit_name, units_in
from xltool.entry.importing.layout.periods import years_named
from xltool.entry.importing.questions.answers import SAY_FINAL, choices
from xltool.entry.importing.questions.placed import Placed

REVERSED = "冲减的"
"""The kind of telling words that is looked for in memos, too."""
RECOVERED = "收回以前年度的"
"""The kind that is no spending of this year taken away, whatever its sign: looked for in memos and whole names."""
_UNIT_LINE = re.compile(r"^\W*(?:编制|填报|核算|预算|报送)?(?:单位|部门)(?:名称)?[:：]")
_REMARK = re.compile(r"[(\[【（](?!含)[^()（）]*[)\]】）]")
_MORE = re.compile(r"[(\[【（]|以[前往]年|[上去]年")
"""What a name of a code alone does not have."""
_LIMITED = re.compile(
    "(?:不|未|没有)(?:含|包括|包含|计入|纳入|列入|并入)|扣除|剔除|除外|[仅只][含指为是]"
)
_UNFINISHED = ("不到全年", "没有定稿")
_SHORT_UNIT = re.compile(
    r"^(?!全部|各部|总部)[\u4e00-\u9fff]{0,8}(?:机关|本级|单位|[局委办院校所部站馆厅署队镇乡场])$"
)
_TOTAL = re.compile(f"(?:{'|'.join(ENDS)})$")
_MONEY = re.compile(r"^(?:人民币)?[十百千]?[万亿]?元$")


def ask_about_words(placed: Placed) -> None:
    """Put every question."""
    _money(placed)
    _limited_heads(placed)
    if placed.block.kind != "ledger":
        _names(placed)
    if placed.block.kind != "labels":
        _telling(placed)
    if placed.block.kind == "list":
        _lines_between(placed)
        _notes(placed)
        _totals_of_units(placed)


def _money(placed: Placed) -> None:
    """A row that names another money unit than its sheet."""
    taking, grid = placed.taking, placed.block.grid
    unit = taking.units.get(grid.label, taking.unit)
    for row in placed.rows:
        for column, value in placed.line(row).items():
            if not isinstance(value, str) or "元" not in value:
                continue
            text = norm(value)
            said = {text} if _MONEY.match(text) else units_in(text)
            if said - {unit}:
                message = f"写着“{text}”，这张表的金额单位是{unit}"
                hint = "换算成一个单位，再导入"
                placed.ask(row, column, message, hint, ("money", column))


def _limited_heads(placed: Placed) -> None:
    """基本支出（不含结转） is a part of 基本支出."""
    for column in placed.columns:
        remarks = "".join(_REMARK.findall(norm(placed.head(column))))
        if placed.is_said(column) or not _LIMITED.search(remarks):
            continue
        message = f"“{placed.head(column)}”像是只有一部分"
        hint = "就是这一栏全部的数的，写明是哪一栏（列：）；不是的，写成“不要”"
        placed.ask(placed.block.head, column, message, hint, ("limited", column))


def _telling(placed: Placed) -> None:
    """Words in columns that nobody knows; those of a reversal in memos, too."""
    memos = placed.block.of("memo")
    for row in placed.rows:
        for column in (*placed.unread, *memos):
            text = placed.block.at(row, column)
            if not isinstance(text, str):
                continue
            why, word = placed.words.telling(text)
            if why == REVERSED and row not in placed.positive:
                continue
            if column in memos and why not in (REVERSED, RECOVERED):
                continue
            if not why and column not in memos and (fund := placed.words.fund(text)):
                why, word = fund, fund
            if why:
                message = f"写着“{word}”，这一行的数算进去了"
                answers = choices(placed.block.answer(column), "不要")
                # what earlier years get back is none of this year's spending taken away
                less = "" if why == RECOVERED else "，或把数改成负数"
                hint = f"不算的行删去{less}；都要算的，回答 {answers[0]}"
                placed.ask(row, column, message, hint, ("telling", column), answers)


def _names(placed: Placed) -> None:
    """行政运行（上年） beside 行政运行（本年）, or any name with such a remark; 收回以前年度支出."""
    codes = placed.block.of("code")
    for row, column, text in _named(placed):
        remarks = "".join(_REMARK.findall(norm(text)))
        why, word = placed.words.telling(text)
        if why != RECOVERED:
            why, word = placed.words.telling(remarks)
        if why == REVERSED and row not in placed.positive:
            continue
        if not why:
            word = _other_year(placed, remarks)
        if word:
            message = f"名称里写着“{word}”，这一行的数算进去了"
            known = codes and column not in codes
            said = f"回答 {placed.block.answer(column)}=不要" if known else "去掉名称里的话"
            placed.ask(row, column, message, f"不算的行删去；要算的，{said}", "names")


def _named(placed: Placed) -> Iterator[tuple[int, int, str]]:
    """Names that say more than a name, and where they stand."""
    for row in placed.rows:
        for column in placed.block.of("name", "code"):
            text = placed.block.at(row, column)
            if isinstance(text, str) and _MORE.search(text):
                yield row, column, text


def _other_year(placed: Placed, text: str) -> str:
    """A year that a text names and that is not that of the document."""
    year = placed.block.topic.year
    return min(years_named(text) - {year}, default="") if year else ""


def _is_unit(text: str) -> bool:
    return is_unit_name(text) or bool(_SHORT_UNIT.match(text))


def _totals_of_units(placed: Placed) -> None:
    """局机关小计, 林场小计: the rows are of several units."""
    rows = set(placed.block.rows)
    labels = {
        fate.row: label_of(placed.block, fate.row)
        for fate in placed.taking.found.fates
        if fate.grid is placed.block.grid and fate.fate == "小计" and fate.row in rows
    }
    units = {row: _TOTAL.sub("", label) for row, label in labels.items()}
    shown = {row: name for row, name in units.items() if _is_unit(name)}
    if len(set(shown.values())) > 1:
        message = f"有几个单位的小计：{'、'.join(sorted(set(shown.values()))[:3])}"
        hint = "一次导入一个单位的：别的单位的行另存一份；是本单位内部的部门，把小计行删去"
        placed.ask(min(shown), None, message, hint, "units")


def _notes(placed: Placed) -> None:
    """A note below the rows: 不含下属单位, 以上为1—6月的数."""
    for row in placed.block.rows:
        line = placed.line(row)
        if row <= placed.rows[-1] or placed.taking.final or any(map(is_figure, line.values())):
            continue
        text = norm(" ".join(map(str, line.values())))
        if _LIMITED.search(text) or placed.words.odd_title(text) in _UNFINISHED:
            message = f"“{text[:30]}”像是说这些数只有一部分，或没有定"
            hint = SAY_FINAL.within("就是全部的决算数的，{}")
            placed.ask(row, None, message, hint, ("note", row))


def _lines_between(placed: Placed) -> None:
    """A line without figures, among the rows, that says something of those below it."""
    used = set(placed.rows)
    for row in placed.block.rows:
        line = placed.line(row)
        if row > placed.rows[-1] or row in used or any(map(is_figure, line.values())):
            continue
        text = norm(" ".join(map(str, line.values())))
        why, _ = placed.words.telling(text)
        own = placed.words.fund(text) or _UNIT_LINE.match(text) or _is_unit(text)
        part = "" if placed.taking.final else placed.words.odd_title(text)
        if why or own or part or _other_year(placed, text):
            message = f"“{text[:20]}”一行说的是下面哪些行，看不出来"
            hint = "另起一张表，或在各行写明（资金性质、单位各一列），再导入"
            placed.ask(row, None, message, hint, ("line", row))
