"""Checking a report by its rules: every instance gets an outcome, none is passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from itertools import islice

from xltool.core.amounts import convert, decimals
from xltool.core.places import Place
from xltool.rules.env import Env, Missing, NoPrior, Roundings, Scalar
from xltool.rules.external import AbsentValue, NoExternal, UnknownUnit
from xltool.rules.instances import Instance, Keys, Operand
from xltool.rules.keys import Outside, TableUnread, Wanting
from xltool.rules.load import RuleSet
from xltool.rules.model import (
    NO_PRIOR,
    NO_UNIT,
    Outcome,
    Result,
    Rule,
    Tolerance,
    Variables,
    not_given,
    not_read,
)
from xltool.rules.values import ZERO, Quantity, holds

Loops = tuple[tuple[str, Keys], ...]
_MOST = 100_000
"""Results of one rule in one book; the official ones have some hundreds."""
UNABLE = (NoPrior, NoExternal, UnknownUnit, Wanting, Outside, TableUnread)
"""Why an instance cannot be evaluated."""
HALF_CENT = Decimal("0.005")
PRINTED_DECIMALS = 2
HIDDEN_ZEROS = 2
CELL_PRECISION = Decimal("1E-14")
FINEST_DECIMALS = 10
"""More than any amount has: what differs below is a quotient."""


Joined = Callable[[Instance], Env | None]
"""What an instance reads that spans several workbooks of the unit; None for all others."""


def evaluate(
    rules: RuleSet, env: Env, wanted: Iterable[str] | None = None, joined: Joined | None = None
) -> Iterator[Result]:
    """Every instance of the rules (or of those in `wanted`), with its outcome."""
    year = env.this.report.year
    for rule_id, rule in rules.rules.items():
        if rule.check or (wanted is not None and rule_id not in wanted):
            continue
        if not rules.instances[rule_id]:
            yield _whole(rule, "不适用", "本版本没有这张表")
        elif (why := rule.out_of_force(year)) is not None:
            yield _whole(rule, *why)
        else:
            found = rules.instances[rule_id]
            yield from _bounded(rule, _instances(found, env, joined))


def evaluate_instance(instance: Instance, env: Env) -> Iterator[Result]:
    """The results of one instance of a rule that is in force, no more than of a whole rule."""
    env.vars.clear()
    yield from islice(_instance(instance, env, instance.loops), _MOST)


def _instances(instances: Iterable[Instance], env: Env, joined: Joined | None) -> Iterator[Result]:
    for instance in instances:
        read = (joined(instance) if joined else None) or env
        read.vars.clear()
        yield from _instance(instance, read, instance.loops)


def _bounded(rule: Rule, results: Iterator[Result]) -> Iterator[Result]:
    """A rule that pairs rows with rows may have millions of results: what is not looked at is not 通过."""
    yield from islice(results, _MOST)
    if next(results, None) is not None:
        yield _whole(rule, "未执行", f"要算的组合超过 {_MOST:,} 个，没有算完")


def _whole(rule: Rule, outcome: Outcome, reason: str) -> Result:
    return Result(rule, rule.parts[0], Variables({}, {}), outcome, reason=reason)


def _instance(instance: Instance, env: Env, loops: Loops) -> Iterator[Result]:
    if not loops:
        yield from _evaluated(instance, env)
        return
    (name, keys), *rest = loops
    try:
        found = keys(env)
    except UNABLE as error:
        yield _result(instance, env, *why_not(error))
        return
    for key in found:
        env.vars[name] = key
        if rest:
            yield from _instance(instance, env, tuple(rest))
        else:
            yield from _evaluated(instance, env)


def _evaluated(instance: Instance, env: Env) -> Sequence[Result]:
    """The results of an instance whose loop variables are set: as many as it has comparisons."""
    try:
        if instance.when is not None and not instance.when(env):
            return (_result(instance, env, "不适用", "不属于本规则的对象"),)
        if instance.only_if is not None and not instance.only_if(env):
            return (_result(instance, env, "不适用", "不具备本规则的前提"),)
        if instance.condition is not None:
            return (_judged(instance, env, instance.condition(env)),)
        sides = [(side, side.value(env)) for side in instance.sides]
        return [
            _pair(instance, env, left, operator, right)
            for left, operator, right in zip(sides, instance.operators, sides[1:], strict=False)
        ]
    except UNABLE as error:
        return (_result(instance, env, *why_not(error)),)
    except Missing:
        return (_result(instance, env, "数据不足", "前提所需的数没有填"),)


def why_not(error: Exception) -> tuple[Outcome, str]:
    """How an instance ends that one of `UNABLE` keeps from being evaluated, and why."""
    match error:
        case Outside():
            return "不适用", f"本簿没有“{error}”"
        case Wanting():
            return "数据不足", str(error)
        case TableUnread():
            return "未执行", not_read(str(error))
        case NoExternal():
            return "未执行", not_given(str(error))
        case UnknownUnit():
            return "未执行", NO_UNIT
    return "未执行", NO_PRIOR


def _result(instance: Instance, env: Env, outcome: Outcome, reason: str = "") -> Result:
    variables = Variables(instance.scope.texts, dict(env.vars))
    return Result(instance.rule, instance.part, variables, outcome, reason=reason)


def _judged(instance: Instance, env: Env, met: bool) -> Result:
    result = _result(instance, env, "通过" if met else "不符")
    if not met:
        result.asked = tuple(place for cell in instance.asked for place in _places(cell, env))
    return result


def _places(cell: Scalar, env: Env) -> Iterator[Place]:
    with suppress(AbsentValue):
        yield from (leaf.place for leaf in cell(env).leaves if not leaf.prior)


def _pair(
    instance: Instance,
    env: Env,
    left: tuple[Operand, Quantity],
    operator: str,
    right: tuple[Operand, Quantity],
) -> Result:
    allowed = partial(_tolerated, left[1], right[1], instance.part.tolerance, env)
    outcome = judge(left[1], operator, right[1], ZERO)
    if outcome == "不符":
        outcome = judge(left[1], operator, right[1], allowed())
    return Result(
        instance.rule,
        instance.part,
        Variables(instance.scope.texts, dict(env.vars)),
        outcome,
        operator,
        left[1],
        right[1],
        left[0].node,
        right[0].node,
        allowed,
    )


def _tolerated(left: Quantity, right: Quantity, tolerance: Tolerance, env: Env) -> Decimal:
    """The allowance of one comparison; in a sum of printed figures every unit's rounding is contained."""
    unit = env.this.report.unit
    if tolerance != "rounding":
        return allowance(left, right, tolerance, unit)
    if env.roundings is not None:
        return _of_addends(left, right, env.roundings, unit)
    return allowance(left, right, tolerance, unit, sums=env.summed > 1) * env.summed


def _of_addends(left: Quantity, right: Quantity, roundings: Roundings, unit: str) -> Decimal:
    """As `allowance`, of each addend by itself: an exact one has no part in it, whatever the sum looks like."""
    figures: Counter[int] = Counter()
    zeros: Counter[int] = Counter()
    for leaf in (*left.leaves, *right.leaves):
        for addend, zero in () if leaf.prior else roundings(leaf.place):
            (zeros if zero else figures)[addend] += 1
    blank = left.blank + right.blank
    halves = sum(n + min(zeros[addend] + blank, HIDDEN_ZEROS) for addend, n in figures.items())
    return convert(HALF_CENT * halves, "万元", unit)


def judge(left: Quantity, operator: str, right: Quantity, tolerance: Decimal) -> Outcome:
    """The outcome of `left operator right`. What is missing is never taken for zero.

    A missing side against a zero cell is no contradiction, against the number 0 in a rule nothing has been
    checked; against a figure, the data are not sufficient.
    """
    if left.blank and right.blank:
        return "不适用"
    if left.missing or right.missing:
        known = right if left.missing else left
        if known.missing or known.value != 0:
            return "数据不足"
        return "通过" if known.leaves else "不适用"
    difference = left.value - right.value
    if _is_noise(difference, left.value, right.value):
        difference = ZERO
    if holds(operator, difference):
        return "通过"
    close = abs(difference) <= tolerance and operator != "<>"
    return "尾差" if close else "不符"


def _is_noise(difference: Decimal, left: Decimal, right: Decimal) -> bool:
    """Whether two quotients are the same number as far as a cell can hold it: 15 digits, the last one rounded."""
    if not difference or decimals(difference) <= FINEST_DECIMALS:
        return False
    return abs(difference) <= max(abs(left), abs(right)) * CELL_PRECISION


def allowance(
    left: Quantity, right: Quantity, tolerance: Tolerance, unit: str, *, sums: bool = False
) -> Decimal:
    """How far the sides may differ: half a cent for each figure that may have been rounded by itself.

    Blanks count for nothing beside other figures; a whole side that is blank is one printed zero. Of these,
    two count at the most: a form full of 0.00 hides no more. A cell
    with more than two decimals holds an exact amount. With `exact`, rounding is allowed only between a
    rounded and an exact cell. In 元 nothing is rounded. With `sums` a cell with more decimals may be the sum of
    rounded and exact ones.
    """
    if isinstance(tolerance, Decimal):
        return tolerance
    leaves = (*left.leaves, *right.leaves)
    others = sum((leaf.half for leaf in leaves if leaf.half is not None), ZERO)
    if unit == "元":
        return others
    rounded, exact = 0, any(leaf.half is not None for leaf in leaves)
    zeros = left.blank + right.blank
    for leaf in leaves:
        value = leaf.value
        if value is None or leaf.half is not None:
            continue
        if not value:
            zeros += 1
        elif decimals(value) > PRINTED_DECIMALS and not sums:
            exact = True
        else:
            rounded += 1
    if tolerance == "exact":
        return HALF_CENT * rounded if exact and rounded else ZERO
    return HALF_CENT * (rounded + min(zeros, HIDDEN_ZEROS)) if rounded else ZERO
