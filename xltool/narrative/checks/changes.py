"""Changes against last year: N1-02 (rate), N1-03 (amount), and rates on a base of zero."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltool.checks.findings import Side
from xltool.narrative.document import Document, TextFinding, percent, printed_as
from xltool.narrative.known import budget, last_year, this_year
from xltool.narrative.ratios import HUNDRED, Judgement, judge_ratio
from xltool.narrative.statements import Statement

_COMPARED = re.compile(
    r"(?P<other>(?:比|较|与|和|同)(?:(?P<year>20\d\d)年|年初(?!预算|批复|安排)))|上年|上一年|去年"
)
_GOVERNED = re.compile(r"[^，；：]*|[^，；：]*(?:相比|相较|比较)，[^；]*")
"""The words between a comparison and what it governs: of one clause, or behind 与2021年相比，."""


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
    if statement.subject is None or not statement.sure or _since_earlier(document, statement):
        return
    this = this_year(document, statement.subject)
    prior = _prior(document, statement)
    if prior is None or this is None or this.value is None:
        return
    statement.checked = True
    real = this.value - prior
    said = statement.value * (statement.direction or 1)
    if abs(real - said) <= 3 * statement.grain:
        return
    words = "增加" if real > 0 else "减少"
    should = f"{words}{printed_as(abs(real), statement)}"
    name = statement.subject.name
    yield document.say(
        "N1-03",
        document.at(statement),
        f"文中{name}比上年{'增加' if said > 0 else '减少'}{statement.words}，按两年的数是{should}",
        left=Side("文中增减额", said),
        right=Side("本年减上年", real, this.cells),
        cells=this.cells,
        table=this.table,
        difference=said - real,
        hint=f"应为{should}",
    )


def _since_earlier(document: Document, statement: Statement) -> bool:
    """Whether it is a change since another time than last year: 较2021年度增加 in a text on 2023, 比年初减少."""
    before = statement.paragraph.squeezed.text[statement.sentence[0] : statement.token.start]
    *_, last = None, *_COMPARED.finditer(before)
    if last is None or not last["other"] or not _GOVERNED.fullmatch(before, last.end()):
        return False
    return not last["year"] or int(last["year"]) != document.year - 1


def _prior(document: Document, statement: Statement) -> Decimal | None:
    """Last year's figure: of the tables, else as the text itself gives it."""
    known = last_year(document, statement.subject)
    if known is not None and known.value is not None:
        return known.value
    return statement.prior.value if statement.prior is not None else None


def _bases(document: Document, rate: Statement) -> list[tuple[Decimal, Decimal]]:
    """(this year's figure in 元, its grain) in the text and in the tables."""
    found = []
    figure = rate.figure
    if figure is not None:
        found.append((figure.value, figure.grain))
    like = figure or rate.change
    known = this_year(document, rate.subject)
    if known is not None and known.value is not None and like is not None:
        found.append((known.value, like.grain))
    return found


def _rate(document: Document, rate: Statement) -> Iterator[TextFinding]:
    change = rate.change
    if _since_earlier(document, rate) and not (change and _since_earlier(document, change)):
        return
    if change is None or change.direction is None or change.paragraph is not rate.paragraph:
        yield from _alone(document, rate)
        return
    bases = _bases(document, rate)
    if not bases:
        return
    rate.checked = change.checked = True
    if rate.direction not in (None, change.direction):
        yield _contrary(document, rate, change)
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
    value = bases[0][0]
    exact = change.value / abs(value - change.value * change.direction) * HUNDRED
    yield from _told(document, rate, judged, exact, f"{change.words}和本年数", change.direction)


def _contrary(document: Document, rate: Statement, change: Statement) -> TextFinding:
    """A rate goes the other way than the amount that it belongs to."""
    said = f"{_word(change.direction or 0)}{change.words}"
    message = f"前面说{said}，后面说{_word(rate.direction or 0)}{rate.words}"
    return document.say("N5-02", document.at(rate), message, hint="两处的增减方向要一致")


def _alone(document: Document, rate: Statement) -> Iterator[TextFinding]:
    """A rate without an amount of change: from the figures of both years."""
    this, prior = this_year(document, rate.subject), _prior(document, rate)
    if this is None or this.value is None or prior is None or not rate.sure:
        return
    rate.checked = True
    real = this.value - prior
    if prior == 0:
        yield from _zero_base(document, rate, None)
        return
    sign = 1 if real > 0 else -1
    exact = abs(real) / abs(prior) * HUNDRED
    if real and rate.direction not in (None, sign):
        yield document.say(
            "N5-02",
            document.at(rate),
            f"文中{_word(rate.direction or 0)}，按两年的数是{_word(sign)}",
        )
    else:
        judged = [judge_ratio(rate, abs(real), abs(prior))]
        yield from _told(document, rate, judged, exact, "两年的数", sign)


def _told(
    document: Document,
    rate: Statement,
    judged: list[Judgement],
    exact: Decimal,
    by: str,
    direction: int,
) -> Iterator[TextFinding]:
    if "通过" in judged:
        return
    residue = "尾差" in judged
    yield document.say(
        "N1-02",
        document.at(rate),
        f"文中{_word(direction)}{rate.words}，按{by}算是{percent(exact)}",
        outcome="尾差" if residue else "不符",
        level="info" if residue else "",
        left=Side("文中增减率", rate.value),
        right=Side("增减额÷上年数", exact.quantize(Decimal("0.01"))),
        difference=rate.value - exact,
        hint=f"应为{percent(exact)}",
    )


def _zero_base(
    document: Document, rate: Statement, change: Statement | None
) -> Iterator[TextFinding]:
    """Last year there was nothing: there is no rate."""
    if change is not None and change.value == 0 and rate.value == 0:
        return
    yield document.say(
        "N1-02",
        document.at(rate),
        f"上年数是0，不能算{_word((change or rate).direction or 0)}率（文中写{rate.words}）",
        hint="删去这个百分数，写“上年无此项”或“无可比性”",
    )


def _against_budget(document: Document, statement: Statement) -> Iterator[TextFinding]:
    """A difference from the budget: of the text, else of the facts or the tables."""
    final, plan = _final(document, statement), _plan(document, statement)
    if final is None:
        return
    value, grain = final
    if plan is None:
        yield from _implied(document, statement, value, grain)
        return
    if plan[0] == 0:
        return
    statement.checked = True
    real, room = value - plan[0], grain + plan[1]
    if statement.role == "budget-change":
        yield from _difference(document, statement, real, room + statement.grain)
    elif real and statement.direction not in (None, 1 if real > 0 else -1):
        word = _word(1 if real > 0 else -1)
        message = f"文中比预算{_word(statement.direction or 0)}，按两个数是{word}"
        yield document.say("N5-02", document.at(statement), message)
    elif judge_ratio(statement, abs(real), plan[0], room) == "不符":
        exact = percent(abs(real) / plan[0] * HUNDRED)
        message = f"文中比预算{_word(statement.direction or 0)}{statement.words}，按两个数是{exact}"
        yield document.say("N1-02", document.at(statement), message, hint=f"应为{exact}")


def _implied(
    document: Document, rate: Statement, value: Decimal, grain: Decimal
) -> Iterator[TextFinding]:
    """A rate against a budget that the text tells by its difference only."""
    change = rate.change
    if rate.role != "budget-rate" or change is None or change.direction is None:
        return
    base = value - change.value * change.direction
    if base <= 0:
        return
    rate.checked = change.checked = True
    if rate.direction not in (None, change.direction):
        yield _contrary(document, rate, change)
    elif judge_ratio(rate, change.value, base, change.grain, grain + change.grain) == "不符":
        exact = percent(change.value / base * HUNDRED)
        message = (
            f"文中比预算{_word(change.direction)}{rate.words}，按{change.words}和决算数算是{exact}"
        )
        yield document.say("N1-02", document.at(rate), message, hint=f"应为{exact}")


def _difference(
    document: Document, statement: Statement, real: Decimal, room: Decimal
) -> Iterator[TextFinding]:
    said = statement.value * (statement.direction or 1)
    if abs(real - said) <= room:
        return
    word = _word(1 if real > 0 else -1)
    yield document.say(
        "N1-03",
        document.at(statement),
        f"文中比预算{_word(statement.direction or 0)}{statement.words}，按两个数是{word}"
        f"{printed_as(abs(real), statement)}",
        left=Side("文中差额", said),
        right=Side("决算减预算", real),
        difference=said - real,
    )


def _final(document: Document, statement: Statement) -> tuple[Decimal, Decimal] | None:
    """The final figure with its grain: of the text, else of the tables."""
    if statement.figure is not None:
        return statement.figure.value, statement.figure.grain
    known = this_year(document, statement.subject)
    return None if known is None or known.value is None else (known.value, statement.grain)


def _plan(document: Document, statement: Statement) -> tuple[Decimal, Decimal] | None:
    """The budget in question with its grain."""
    budgets = list(statement.budgets.values())
    if len(budgets) == 1:
        return budgets[0].value, budgets[0].grain
    figure = None if budgets else budget(document, statement.subject, "")
    return None if figure is None or figure.value is None else (figure.value, Decimal(0))


def _word(direction: int) -> str:
    return {1: "增加", -1: "减少"}.get(direction, "持平")
