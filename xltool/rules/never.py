"""Rules that can never apply: to no edition, in no year, under no condition. They would look like rules that pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.core.texts import in_years
from xltool.editions import Edition
from xltool.rules.contradiction import contradiction
from xltool.rules.load import RuleSet
from xltool.rules.model import Rule


def never_applies(rule_id: str, loaded: Sequence[tuple[Edition, RuleSet]]) -> Iterator[str]:
    """Why a rule never applies to a workbook of any of these editions; nothing when it may."""
    rule = next((rules.rules[rule_id] for _, rules in loaded if rule_id in rules.rules), None)
    if rule is None or rule.check:
        return
    having = [edition for edition, rules in loaded if rules.instances.get(rule_id)]
    if not having:
        yield f"{_listed(loaded)}没有它要用的表"
    elif why := _years(rule, having):
        yield why
    reasons = [contradiction([n for n in (rule.when, p.condition) if n]) for p in rule.parts]
    if reasons and all(reasons):
        yield f"前提永远不成立：{reasons[0]}"
    elif any(reasons):
        for number, reason in enumerate(reasons, 1):
            if reason:
                yield f"第{number}式的前提永远不成立：{reason}"


def _years(rule: Rule, having: Sequence[Edition]) -> str:
    first, last = rule.years
    if first and last and first > last:
        return f"起止年度反了：{first}、{last}"
    for edition in having:
        if (first or 0) <= edition.years[1] and edition.years[0] <= (last or 9999):
            return ""
    years = "、".join(f"{e.id}（{in_years(*e.years)}）" for e in having)
    return f"只适用于{in_years(first, last)}，有这些表的版本都不在这些年度：{years}"


def _listed(loaded: Sequence[tuple[Edition, RuleSet]]) -> str:
    names = [edition.id for edition, _ in loaded]
    return f"{names[0]}" if len(names) == 1 else "哪个版本都"
