"""Numbers that only the facts file has: procurement, performance, assets. What is equal to one of them is checked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.narrative.document import Document, TextFinding
from xltool.narrative.statements import Statement

_TOPICS = {
    "绩效": ("绩效",),
    "采购": ("政府采购",),
    "车辆": ("国有资产",),
    "设备": ("国有资产",),
    "三公": ("三公", "三公总体", "三公具体"),
}
"""In which sections the numbers of a group of facts may stand."""
_TEN_THOUSAND = Decimal(10) ** 4


def check(document: Document) -> Iterator[TextFinding]:
    """Mark the numbers that the facts have; this check finds no faults."""
    numbers = document.facts.numbers()
    for group, topics in _TOPICS.items():
        known = {value for path, value in numbers if path[0] == group}
        for statement in document.of_topic(*topics):
            if not statement.checked and _value(statement) in known:
                statement.checked = True
    yield from ()


def _value(statement: Statement) -> Decimal:
    """The number in the unit of the facts: 万元 for amounts."""
    is_amount = statement.token.kind == "amount"
    return statement.value / _TEN_THOUSAND if is_amount else statement.value
