"""Changes against last year: N1-02 (rate), N1-03 (amount), and rates on a base of zero."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checks.findings import Side
from xltool.narrative.checks.amounts import figure_of
from xltool.narrative.document import Document, TextFinding, percent, printed_as
from xltool.narrative.ratios import HUNDRED, judge_ratio
from xltool.narrative.statements import Statement


def check(document: Document) -> Iterator[TextFinding]:
    """Hold changes against last year's tables, rates against changes."""
    for statement in document.statements:
        if statement.role == "change":
            yield from _change(document, statement)
        elif statement.role == "rate":
            yield from _rate(document, statement)
        elif statement.role in ("budget-change", "budget-rate"):
            yield from _against_budget(document, statement)


def _change(document: Document, statement: Statement) -> Iterator[TextFinding]:
    subject = statement.subject
    if subject is None or subject.item is None or not statement.sure:
        return
    prior = document.tables.figure(subject.item.figure, prior=True)
    this = document.tables.figure(subject.item.figure)
    if prior is None or this is None or prior.value is None or this.value is None:
        return
    statement.checked = True
    real = this.value - prior.value
    said = statement.value * (statement.direction or 1)
    if abs(real - said) <= 3 * statement.grain:
        return
    words = "增加" if real > 0 else "减少"
    should = f"{words}{printed_as(abs(real), statement)}"
    yield document.say(
        "N1-03",
        document.at(statement),
        f"文中{subject.name}比上年{'增加' if said > 0 else '减少'}{statement.words}，按两年的表是{should}",
        left=Side("文中增减额", said),
        right=Side("本年减上年", real, this.cells),
        cells=this.cells,
        table=this.table,
        difference=said - real,
        hint=f"应为{should}",
    )


def _bases(document: Document, rate: Statement) -> list[tuple[Decimal, Decimal]]:
    """(this year's figure in 元, its grain) in the text and in the tables."""
    found = []
    figure = rate.figure
    if figure is not None:
        found.append((figure.value, figure.grain))
    subject = rate.subject
    if subject is not None:
        like = figure or rate.change
        known = document.tables.figure(subject.item.figure) if subject.item else None
        if subject.row is not None and figure is not None:
            known = figure_of(document, figure)
        if known is not None and known.value is not None and like is not None:
            found.append((known.value, like.grain))
    return found


def _rate(document: Document, rate: Statement) -> Iterator[TextFinding]:
    change = rate.change
    if change is None or change.direction is None or change.paragraph is not rate.paragraph:
        return
    bases = _bases(document, rate)
    if not bases:
        return
    rate.checked = change.checked = True
    if rate.direction not in (None, change.direction):
        yield document.say(
            "N5-02",
            document.at(rate),
            f"前面说{_word(change.direction)}{change.words}，后面说{_word(rate.direction or 0)}{rate.words}",
            hint="两处的增减方向要一致",
        )
        return
    judged = []
    for value, grain in bases:
        prior = value - change.value * change.direction
        if abs(prior) <= grain + change.grain:
            yield from _zero_base(document, rate, change)
            return
        judged.append(
            judge_ratio(rate, change.value, abs(prior), change.grain, grain + change.grain)
        )
    if "通过" in judged:
        return
    value = bases[0][0]
    exact = change.value / abs(value - change.value * change.direction) * HUNDRED
    residue = "尾差" in judged
    yield document.say(
        "N1-02",
        document.at(rate),
        f"文中{_word(change.direction)}{rate.words}，按{change.words}和本年数算是{percent(exact)}",
        outcome="尾差" if residue else "不符",
        level="info" if residue else "",
        left=Side("文中增减率", rate.value),
        right=Side("增减额÷上年数", exact.quantize(Decimal("0.01"))),
        difference=rate.value - exact,
        hint=f"应为{percent(exact)}",
    )


def _zero_base(document: Document, rate: Statement, change: Statement) -> Iterator[TextFinding]:
    """Last year there was nothing: there is no rate."""
    if change.value == 0 and rate.value == 0:
        return
    yield document.say(
        "N1-02",
        document.at(rate),
        f"上年数是0，不能算{_word(change.direction or 0)}率（文中写{rate.words}）",
        hint="删去这个百分数，写“上年无此项”或“无可比性”",
    )


def _against_budget(document: Document, statement: Statement) -> Iterator[TextFinding]:
    """A difference from the budget, where the text gives both figures."""
    figure = statement.figure
    budgets = list(statement.budgets.values())
    if figure is None or len(budgets) != 1 or budgets[0].value == 0:
        return
    real = figure.value - budgets[0].value
    room = figure.grain + budgets[0].grain + statement.grain
    if statement.role == "budget-change":
        statement.checked = True
        said = statement.value * (statement.direction or 1)
        if abs(real - said) > room:
            yield document.say(
                "N1-03",
                document.at(statement),
                f"文中比预算{_word(statement.direction or 0)}{statement.words}，按文中两个数是"
                f"{_word(1 if real > 0 else -1)}{printed_as(abs(real), statement)}",
                left=Side("文中差额", said),
                right=Side("决算减预算", real),
                difference=said - real,
            )
        return
    statement.checked = True
    judged = judge_ratio(statement, abs(real), budgets[0].value, figure.grain + budgets[0].grain)
    if judged == "不符":
        exact = abs(real) / budgets[0].value * HUNDRED
        yield document.say(
            "N1-02",
            document.at(statement),
            f"文中比预算{_word(statement.direction or 0)}{statement.words}，按文中两个数是{percent(exact)}",
            hint=f"应为{percent(exact)}",
        )


def _word(direction: int) -> str:
    return {1: "增加", -1: "减少"}.get(direction, "持平")
