"""Questions about what was collected: figures out of proportion for their unit, rows that are in one doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from xltool.core.codes import CodeList
from xltool.core.hints import ADD_SHEETS, Way
from xltool.core.problems import Problem
from xltool.documents.grids import NumberedRow
from xltool.editions import Edition
from xltool.entry.importing.collected import (
    Collected,
    ImportSource,
    SheetBlock,
    block_names,
)
from xltool.entry.importing.questions.answers import ADDED, ECONOMIC, SHEETS, choices
from xltool.entry.importing.vocabulary import bare

_SHOWN = 12
_PLACES = 3
_OTHER_INCOME = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
_HUGE = Decimal(1_000_000)
"""In 万元: a hundred times a hundred million 元 for one line."""
_TINY = Decimal(10_000)
"""In 元: less than this for the largest line of a whole year."""


def doubtful_unit(collected: Collected, unit: str) -> Iterator[Problem]:
    """Ask where the largest figure is out of all proportion for the unit that the files state."""
    values = {t: collected.value(t) for t in collected.figures if t[0] != "三公"}
    if not values:
        return
    target = max(values, key=lambda t: abs(values[t]))
    largest, source = abs(values[target]), collected.figures[target][0]
    broken = any(value != value.to_integral_value() for value in values.values())
    other = ""
    if unit == "万元" and largest >= _HUGE:
        other = "元"
    elif unit == "元" and largest < _TINY and broken:
        other = "万元"
    if other:
        where = source.grid.where(source.row, source.column)
        message = f"表里写的单位是{unit}，最大的数是{largest:f}{unit}，像是{other}的"
        so = Way(f"加 --unit {unit}（回答 金额单位={unit}）", f"在下面“金额单位”里选{unit}")
        hint = so.within(f"写错了的，把表里的单位改成{other}；没有错的，{{}}")
        answers = choices("金额单位", unit)
        yield Problem(where, message, hint, code="odd-unit", answers=answers)


def misnamed(collected: Collected, edition: Edition) -> Iterator[Problem]:
    """Codes that the files call by the name of a neighbour, or by one that has nothing of their own.

    The document keeps no name of a code that the code list knows: a slip in a code is seen here or never.
    """
    known = [s.codes for t in edition.specs.values() for s in t.lists.values() if s.codes]
    seen: set[str] = set()
    for target, sources in collected.figures.items():
        code = target[1] if len(target) > 2 and target[1].isdigit() else ""
        said, official = collected.names.get(code, ""), _official(known, code)
        if code in seen or not said or not official or bare(said) == official:
            continue
        seen.add(code)
        own = next(codes for codes in known if codes.name(code))
        if bare(said) in map(bare, own.names(len(code))) or not set(bare(said)) & set(official):
            where = sources[0].grid.where(sources[0].row)
            message = f"编码{code}是“{official}”，名称写的是“{said}”"
            hint = "改编码，或改名称；名称不用的，名称这一列写成“不要”"
            yield Problem(where, message, hint, code="contradiction")


def _official(known: list[CodeList], code: str) -> str:
    return next((bare(name) for codes in known if (name := codes.name(code))), "") if code else ""


def unsaid_basic(collected: Collected) -> Iterator[Problem]:
    """Figures by 经济分类 that may be of other funds, or 项目支出: sure only where they add up to what is known.

    That is 一般公共预算基本支出 of the files; or all 基本支出, in rows of their own, where no other income is.
    """
    other = any(
        collected.value(target)
        for target in collected.figures
        if target[0] in ("收入表", "总表") and target[-1] in _OTHER_INCOME
    )
    for block, where in collected.unsaid.items():
        total = _sum(collected, "基本支出", "金额", only=block)
        known = {_sum(collected, "一般公共", "基本支出")}
        if not other:
            known.add(_sum(collected, "支出表", "基本支出", without=block))
        if total and total not in known:
            message = "按经济分类的数没有写明是不是一般公共预算财政拨款的基本支出"
            answers = choices(ECONOMIC)
            hint = f"是的，回答 {answers[0]}；不是的、不全是的，回答 {answers[1]}"
            yield Problem(where, message, hint, code="unknown-name", answers=answers)


def _sum(
    collected: Collected,
    table: str,
    column: str,
    *,
    only: SheetBlock | None = None,
    without: SheetBlock | None = None,
) -> Decimal:
    """The sum of a column of a table, of the sources in one block or of all but those."""
    return sum(
        (
            source.amount
            for target, sources in collected.figures.items()
            if target[0] == table and target[-1] == column
            for source in sources
            if only is None or source.place == only
            if source.place != without
        ),
        Decimal(0),
    )


def split_lists(collected: Collected) -> Iterator[Problem]:
    """Sheets or blocks that each fill other rows of one column, as those of two units do: they may be no unit's."""
    rows: dict[tuple[str, str], dict[SheetBlock, set[str]]] = defaultdict(lambda: defaultdict(set))
    seen: dict[SheetBlock, ImportSource] = {}
    for target, sources in collected.figures.items():
        added = collected.added or collected.of_funds(target)
        if len(target) == 3 and target[1].isdigit() and not added:
            for source in sources:
                seen[source.place] = source
                rows[target[0], target[2]][source.place].add(target[1])
    asked: set[frozenset[SheetBlock]] = set()
    for (table, column), sheets in rows.items():
        alone = [
            label
            for label, codes in sheets.items()
            if all(not codes & other for name, other in sheets.items() if name != label)
        ]
        if len(sheets) > 1 and alone and frozenset(sheets) not in asked:
            asked.add(frozenset(sheets))
            said = "、".join(block_names(seen[place] for place in sheets).values())
            message = f"几张表各有一部分{table}·{column}，科目不同：{said}"
            hint = ADD_SHEETS.within("是一个单位的几部分、要合起来的，{}；不是的，只导入一张")
            answers = choices(SHEETS, ADDED)
            yield Problem(alone[0][0], message, hint, code="contradiction", answers=answers)


def grouped(problems: Iterable[Problem]) -> Iterator[Problem]:
    """One and the same question about several rows or sheets is one question: 第5、6、9行."""
    kept: dict[tuple[str, str], list[Problem]] = {}
    for problem in _rows_grouped(problems):
        kept.setdefault((problem.message, problem.hint), []).append(problem)
    for alike in kept.values():
        places = list(dict.fromkeys(problem.where for problem in alike))
        shown = "、".join(places[:_PLACES])
        more = f" 等{len(places)}处" if len(places) > _PLACES else ""
        yield replace(alike[0], where=shown + more) if len(places) > 1 else alike[0]


def _rows_grouped(problems: Iterable[Problem]) -> Iterator[Problem]:
    kept: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        at = problem.where
        key = (at.sheet, problem.message, problem.hint) if isinstance(at, NumberedRow) else number
        kept.setdefault(key, []).append(problem)
    for alike in kept.values():
        rows = [p.where for p in alike if isinstance(p.where, NumberedRow)]
        if len(rows) < 2:
            yield from alike
            continue
        shown = "、".join(str(at.row) for at in rows[:_SHOWN]) + ("…" if len(rows) > _SHOWN else "")
        count = f"（共{len(rows)}行）" if len(rows) > _SHOWN else ""
        yield replace(alike[0], where=f"{rows[0].sheet}第{shown}行{count}")
