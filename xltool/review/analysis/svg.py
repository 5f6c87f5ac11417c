"""Charts as inline SVG: plain shapes and texts that need no script and print as they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from xltool.core.amounts import money
from xltool.reporting.html.template import printable
from xltool.review.analysis.asking import Answer

MOST = 12
"""So many bars are drawn."""
STRIKING = 3.5
_YEAR = "年度"
"""Told of a bar where there are several: a unit may stand there twice."""
_WIDTH, _NAMES, _ROW = 860, 300, 26
_BLUE, _GREY, _RED = "#1d4f86", "#b9c3ce", "#a3161c"


def chart(answer: Answer) -> Markup:
    """The chart of an answer; nothing when there is nothing to draw."""
    plan = answer.question.chart
    values = enumerate(answer.column(plan.value))
    pairs = [(n, float(value)) for n, value in values if value is not None]
    if not pairs:
        return Markup("")
    if plan.kind == "dots":
        return _dots(answer, pairs)
    return _bars(answer, pairs[:MOST] if plan.kind == "bars" else pairs[-MOST:])


def shown(value: object) -> str:
    """A figure as people write it: amounts (of the database exact) as everywhere, shares and scores with a decimal."""
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, float):
        return f"{value:,.1f}"
    return "" if value is None else str(printable(str(value)))


def _label(answer: Answer, n: int) -> str:
    plan = answer.question.chart
    years = set(answer.column(_YEAR)) if _YEAR in answer.columns and plan.label != _YEAR else ()
    names = (plan.label, _YEAR if len(years) > 1 else "", plan.more)
    return " ".join(shown(answer.column(name)[n]) for name in names if name)


def _bars(answer: Answer, pairs: Sequence[tuple[int, float]]) -> Markup:
    """A bar for each row, that of `other` behind it as a thin one."""
    plan = answer.question.chart
    others = answer.column(plan.other)
    second = {n: float(others[n]) for n, _ in pairs if others and others[n] is not None}
    most = max([value for _, value in pairs] + list(second.values()) + [0.01])
    space = _WIDTH - _NAMES - 110
    parts = []
    for place, (n, value) in enumerate(pairs):
        top = place * _ROW + 4
        label = _label(answer, n)
        parts.append(_text(_NAMES - 8, top + 13, _short(label), "end", label))
        parts.append(_rect(top, space * max(0.0, value) / most, 12, _BLUE))
        if n in second:
            parts.append(_rect(top + 13, space * max(0.0, second[n]) / most, 5, _GREY))
        told = shown(answer.column(plan.value)[n]) + plan.unit
        parts.append(_text(_NAMES + space * max(0.0, value) / most + 6, top + 11, told, "start"))
    if plan.other:
        told = f"蓝：{plan.value}　灰：{plan.other}"
        parts.append(_text(_NAMES, len(pairs) * _ROW + 16, told, "start"))
    return _svg(answer, len(pairs) * _ROW + 24, parts)


def _dots(answer: Answer, pairs: Sequence[tuple[int, float]]) -> Markup:
    """A dot for each row on one line; those that stand out are red and named."""
    plan = answer.question.chart
    marks = answer.column(plan.mark)
    values = dict(pairs)
    usual = sorted(v for n, v in values.items() if not _striking(marks[n])) or [0.0]
    low, high = usual[0], usual[-1]
    margin = max(10.0, high - low)
    low, high = low - margin, high + margin  # what lies further out is drawn at the edge
    space = _WIDTH - 80
    parts = [
        Markup('<line x1="40" y1="60" x2="{}" y2="60" stroke="{}"/>').format(_WIDTH - 40, _GREY)
    ]
    level = 0
    for n, value in values.items():
        x = 40 + space * (min(max(value, low), high) - low) / (high - low)
        striking = _striking(marks[n])
        told = f"{_label(answer, n)} {shown(value)}{plan.unit}"
        parts.append(
            Markup(
                '<circle cx="{:.1f}" cy="60" r="{}" fill="{}" fill-opacity="0.6"><title>{}</title></circle>'
            ).format(x, 5 if striking else 4, _RED if striking else _BLUE, told)
        )
        if striking and level < MOST:
            anchor = "end" if x > _WIDTH / 2 else "start"
            parts.append(_text(x, 84 + 16 * level, told, anchor))
            level += 1
    for value in (low, (low + high) / 2, high):
        x = 40 + space * (value - low) / (high - low)
        parts.append(_text(x, 46, f"{value:,.0f}{plan.unit}", "middle"))
    return _svg(answer, 84 + 16 * max(level, 1), parts)


def _striking(mark: object) -> bool:
    return mark is not None and abs(float(str(mark))) > STRIKING


def _short(text: str) -> str:
    return text if len(text) <= 22 else f"{text[:21]}…"


def _rect(top: float, width: float, height: int, colour: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{:.1f}" height="{}" fill="{}"/>').format(
        _NAMES, top, width, height, colour
    )


def _text(x: float, y: float, text: str, anchor: str, title: str = "") -> Markup:
    told = Markup("<title>{}</title>").format(title) if title else Markup("")
    return Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{}{}</text>').format(
        x, y, anchor, told, text
    )


def _svg(answer: Answer, height: float, parts: Sequence[Markup]) -> Markup:
    head = Markup('<svg viewBox="0 0 {} {:.0f}" width="{}" role="img" aria-label="{}">').format(
        _WIDTH, height, _WIDTH, answer.question.title
    )
    return Markup("").join([head, *parts, escape(""), Markup("</svg>")])
