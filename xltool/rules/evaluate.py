"""Checking a report by its rules: every instance gets an outcome, none is passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import partial
from itertools import islice
from typing import cast

from xltool.core.places import Place
from xltool.rules.env import Env, Missing, NoPrior, Scalar
from xltool.rules.external import AbsentValue, NoExternal, UnknownUnit
from xltool.rules.instances import Instance, Keys
from xltool.rules.judging import judge, tolerated
from xltool.rules.keys import Outside, RowKey, TableUnread, Wanting
from xltool.rules.load import RuleSet
from xltool.rules.model import (
    NO_PRIOR,
    NO_UNIT,
    Outcome,
    Result,
    Rule,
    Variables,
    not_given,
    not_read,
)
from xltool.rules.plans import NO_PREMISE, OTHERS, ListPlan
from xltool.rules.values import ZERO, Quantity

Loops = tuple[tuple[str, Keys], ...]
_MOST = 100_000
"""Results of one rule in one book; the official ones have some hundreds."""
UNABLE = (NoPrior, NoExternal, UnknownUnit, Wanting, Outside, TableUnread)
"""Why an instance cannot be evaluated."""


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


def _instances(instances: Iterable[Instance], env: Env, joined: Joined | None) -> Iterator[Result]:
    for instance in instances:
        read = (joined(instance) if joined else None) or env
        read.vars.clear()
        if instance.plan is not None:
            yield from _planned(instance, instance.plan, read)
        elif instance.loops:
            yield from _instance(instance, read, instance.loops)
        else:
            yield from _evaluated(instance, read)


def _planned(instance: Instance, plan: ListPlan, env: Env) -> Iterator[Result]:
    """As `_instance`, the rows together as far as that tells how they end."""
    ((name, keys),) = instance.loops
    try:
        found = cast("list[RowKey]", keys(env))  # there is a plan for rows only
        told = plan.told(env, found) if found else []
    except (*UNABLE, Missing):  # which rows that concerns is found one by one
        yield from _instance(instance, env, instance.loops)
        return
    for key, known in zip(found, told, strict=True):
        if known is None:
            env.vars[name] = key
            yield from _evaluated(instance, env)
        else:
            yield HeldRow(instance, env, key, *known)


class HeldRow(Result):
    """How a row ended that was told with others: all but that is worked out when it is asked for."""

    __slots__ = ("_env", "_instance", "_key")

    def __init__(
        self, instance: Instance, env: Env, key: RowKey, outcome: Outcome, reason: str
    ) -> None:
        self._instance, self._env, self._key = instance, env, key
        self.rule, self.outcome, self.reason = instance.rule, outcome, reason

    def __getattr__(self, name: str) -> object:
        """Called where nothing has been entered yet."""
        ((variable, _),) = self._instance.loops
        (result,) = _evaluated(self._instance, replace(self._env, vars={variable: self._key}))
        for part in fields(Result):
            setattr(self, part.name, getattr(result, part.name))
        return getattr(self, name)


def _evaluated(instance: Instance, env: Env) -> Sequence[Result]:
    """The results of an instance whose loop variables are set: as many as it has comparisons."""
    try:
        if instance.when is not None and not instance.when(env):
            return (_result(instance, env, *OTHERS),)
        if instance.only_if is not None and not instance.only_if(env):
            return (_result(instance, env, *NO_PREMISE),)
        if instance.condition is not None:
            return (_judged(instance, env, instance.condition(env)),)
        values = [side.value(env) for side in instance.sides]
        return [_pair(instance, env, number, values) for number in range(len(values) - 1)]
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


def _pair(instance: Instance, env: Env, number: int, values: Sequence[Quantity]) -> Result:
    """One comparison of a chain: of the side of a number with the next."""
    operator, left, right = instance.operators[number], values[number], values[number + 1]
    allowed = partial(tolerated, left, right, instance.part.tolerance, env)
    outcome = judge(left, operator, right, ZERO)
    if outcome == "不符":
        outcome = judge(left, operator, right, allowed())
    return Result(
        instance.rule,
        instance.part,
        Variables(instance.scope.texts, dict(env.vars)),
        outcome,
        operator,
        left,
        right,
        instance.sides[number].node,
        instance.sides[number + 1].node,
        allowed,
    )
