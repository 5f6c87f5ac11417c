"""Conditions that can never hold, as far as that can be told without a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.core.amounts import UNITS
from xltool.core.model import HEADS
from xltool.rules.describe import Words
from xltool.rules.syntax import Call, Comparison, Logic, Node, Number, Reference, Text
from xltool.rules.values import holds

_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_MONEY_UNIT = "金额单位"


class _Claim(NamedTuple):
    """What a condition says of one thing: an operator and a number or a text. `words`: the condition."""

    operator: str
    value: Decimal | str
    words: str


def contradiction(conditions: Sequence[Node]) -> str:
    """Why conditions can never hold all at once; "" when they may."""
    parts = [part for condition in conditions for part in _conjuncts(condition)]
    for part in parts:
        if why := _alone(part):
            return why
    claims: defaultdict[str, list[_Claim]] = defaultdict(list)
    said: dict[str, str] = {}
    for part in parts:
        if claim := _claim(part):
            claims[claim[0]].append(claim[1])
        for key, words in _yes_or_no(part):
            if (other := said.get(_opposite(key))) is not None:
                return f"“{other}”与“{words}”不能同时成立"
            said[key] = words
    return next(filter(None, map(_incompatible, claims.values())), "")


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, Logic) and node.kind == "and":
        for item in node.items:
            yield from _conjuncts(item)
    else:
        yield node


def _alone(node: Node) -> str:
    """Why one condition can never hold."""
    match node:
        case Logic("or", items):
            reasons = [contradiction([item]) for item in items]
            return reasons[0] if all(reasons) else ""
        case Comparison(Number(left), ((operator, Number(right)),)) if not holds(
            operator, left - right
        ):
            return f"“{_words(node)}”不成立"
        case Comparison(Call(function="head", arguments=(Reference() as head,)), (("=", Text()),)):
            return _of_head(head.head.text, node)
    return ""


def _of_head(name: str, node: Comparison) -> str:
    (_, right), *_ = node.rest
    assert isinstance(right, Text)
    if name == _MONEY_UNIT:
        return (
            "" if right.value in UNITS else f"金额单位只有{'、'.join(UNITS)}，没有“{right.value}”"
        )
    known = (*HEADS, _MONEY_UNIT)
    return "" if name in known else f"没有“{name}”这一项表头，可用：{'、'.join(known)}"


def _claim(node: Node) -> tuple[str, _Claim] | None:
    match node:
        case Comparison(first, ((operator, Number(value)),)):
            return _words(first), _Claim(operator, value, _words(node))
        case Comparison(Number(value), ((operator, other),)):
            return _words(other), _Claim(_TURNED.get(operator, operator), value, _words(node))
        case Comparison(first, (("=" | "<>" as operator, Text(value)),)):
            return _words(first), _Claim(operator, value, _words(node))
    return None


def _yes_or_no(node: Node) -> Iterator[tuple[str, str]]:
    """What a condition claims or denies, as a key that its opposite is made from."""
    match node:
        case Logic("not", (item,)):
            yield f"not {_words(item)}", _words(node)
        case Call(function="blank", arguments=(argument,)):
            yield f"not filled {_words(argument)}", _words(node)
            yield _words(node), _words(node)
        case Call(function="filled", arguments=(argument,)):
            yield f"filled {_words(argument)}", _words(node)
            yield _words(node), _words(node)
        case Call() | Comparison():
            yield _words(node), _words(node)


def _opposite(key: str) -> str:
    return key.removeprefix("not ") if key.startswith("not ") else f"not {key}"


def _incompatible(claims: Sequence[_Claim]) -> str:
    """Two claims of one thing that exclude each other."""
    for n, one in enumerate(claims):
        for other in claims[n + 1 :]:
            if not _compatible(one, other):
                return f"“{one.words}”与“{other.words}”不能同时成立"
    return ""


def _compatible(one: _Claim, other: _Claim) -> bool:
    if isinstance(one.value, str) or isinstance(other.value, str):
        operators = {one.operator, other.operator}
        if operators == {"="}:
            return one.value == other.value
        return operators == {"<>"} or one.value != other.value
    if one.operator == "=":
        return holds(other.operator, one.value - other.value)
    if other.operator == "=":
        return holds(one.operator, other.value - one.value)
    lower, upper = (one, other) if one.operator in (">", ">=") else (other, one)
    if lower.operator not in (">", ">=") or upper.operator not in ("<", "<="):
        return True
    strict = lower.operator == ">" or upper.operator == "<"
    assert isinstance(lower.value, Decimal) and isinstance(upper.value, Decimal)
    return lower.value < upper.value or (lower.value == upper.value and not strict)


def _words(node: Node) -> str:
    return Words({}).of(node)
