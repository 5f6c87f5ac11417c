"""Completion rates: N5-01."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from xltool.checks.findings import Side
from xltool.narrative.document import Document, TextFinding, percent
from xltool.narrative.known import budget, this_year
from xltool.narrative.ratios import HUNDRED, judge_ratio
from xltool.narrative.statements import Statement
from xltool.narrative.tables import Figure

_TABLE_GRAIN = Decimal(50)
"""Half of the last decimal of tables in 万元, in 元."""


class _Base(NamedTuple):
    name: str
    value: Decimal
    grain: Decimal
    said: bool
    """The text itself gives it."""


def check(document: Document) -> Iterator[TextFinding]:
    """Hold every completion rate against the final figure and the budget that it names."""
    for statement in document.statements:
        if statement.role == "completion":
            yield from _completion(document, statement)


def _completion(document: Document, rate: Statement) -> Iterator[TextFinding]:
    final = _final(document, rate)
    base = _base(document, rate)
    if final is None or base is None:
        return
    rate.checked = True
    value, grain = final
    if base.value == 0:
        yield from _zero(document, rate, base, value)
        return
    judged = judge_ratio(rate, value, base.value, grain, base.grain)
    if judged == "通过":
        return
    exact = value / base.value * HUNDRED
    yield document.say(
        "N5-01",
        document.at(rate),
        f"文中完成{base.name}的{rate.words}，算出来是{percent(exact)}",
        outcome=judged,
        level="info" if judged == "尾差" else "" if rate.sure else "warning",
        left=Side("文中完成率", rate.value),
        right=Side(f"决算数÷{base.name}", exact.quantize(Decimal("0.01"))),
        difference=rate.value - exact,
        hint=f"应为{percent(exact)}",
    )


def _final(document: Document, rate: Statement) -> tuple[Decimal, Decimal] | None:
    figure = this_year(document, rate.subject)
    if rate.figure is not None:
        return rate.figure.value, _grain(rate.figure, figure)
    return None if figure is None or figure.value is None else (figure.value, Decimal(0))


def _base(document: Document, rate: Statement) -> _Base | None:
    """The budget that a rate is of: the one it names, else the only one the text gives, else the tables'.

    One of another kind than it names is not taken for it.
    """
    budgets = rate.budgets
    chosen = budgets.get(rate.basis)
    if chosen is None and len(budgets) == 1 and not (rate.basis and all(budgets)):
        (chosen,) = budgets.values()
    if chosen is not None:
        chosen.checked = True
        held = budget(document, rate.subject, chosen.basis)
        return _Base(f"{chosen.basis}预算", chosen.value, _grain(chosen, held), True)
    if budgets:
        return None
    figure = budget(document, rate.subject, rate.basis)
    if figure is None or figure.value is None:
        return None
    return _Base("预算", figure.value, Decimal(0), False)


def _grain(printed: Statement, held: Figure | None) -> Decimal:
    """How far a figure may be from what it was: 2万元 is not 2.4万元 where the table has 2.00."""
    same = held is not None and held.value == printed.value
    return min(printed.grain, _TABLE_GRAIN) if same else printed.grain


def _zero(
    document: Document, rate: Statement, base: _Base, final: Decimal
) -> Iterator[TextFinding]:
    """A rate of nothing. What is printed as 0 in the text itself is a plain fault; else it is worth a look."""
    others = [
        b for b in rate.budgets.values() if b.value and judge_ratio(rate, final, b.value) != "不符"
    ]
    hint = f"{rate.words}是占{others[0].basis}预算的" if others else "删去这个百分数"
    yield document.say(
        "N5-01",
        document.at(rate),
        f"{base.name}是0，不能算完成率（文中写{rate.words}）",
        level="" if base.said else "warning",
        hint=hint,
    )
