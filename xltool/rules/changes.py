"""What a rule file, or an edition of one's own, takes from the rules that come with the tool."""

from __future__ import annotations

from typing import NamedTuple

from xltool.rules.limits import percents, without_percents
from xltool.rules.load import RuleSet
from xltool.rules.model import Rule, tolerance_words

_RANK = {"error": 0, "warning": 1, "info": 2}


class LimitChange(NamedTuple):
    """A rule, and what it allowed and allows now in words: 10%改为20%."""

    rule: str
    words: str

    def __str__(self) -> str:
        return f"{self.rule}（{self.words}）"


class Changes(NamedTuple):
    """Rules by id: not there any more, less strict by their level, with other expressions.

    `limits`: of the rewritten ones, those that differ in nothing but a tolerance or a percentage.
    """

    removed: tuple[str, ...] = ()
    lowered: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    limits: tuple[LimitChange, ...] = ()


def changes(own: RuleSet, official: RuleSet) -> Changes:
    """The rules of the tool that `own` has not, or has in another form; rules that it adds are no change."""
    if own is official:
        return Changes()
    pairs = [(rule, own.rules.get(id_)) for id_, rule in official.rules.items()]
    known = [(rule, other) for rule, other in pairs if other is not None]
    rewritten = [(rule, other) for rule, other in known if _content(rule) != _content(other)]
    limits = (LimitChange(r.id, _limits(r, o)) for r, o in rewritten if _shape(r) == _shape(o))
    return Changes(
        tuple(rule.id for rule, other in pairs if other is None),
        tuple(rule.id for rule, other in known if _weight(other) > _weight(rule)),
        tuple(rule.id for rule, _ in rewritten),
        tuple(limits),
    )


def _shape(rule: Rule) -> tuple[object, ...]:
    parts = [(p.each, p.condition, without_percents(p.text)) for p in rule.parts]
    return rule.years, rule.when, rule.check, parts


def _limits(rule: Rule, other: Rule) -> str:
    told: dict[str, None] = {}
    for was, now in zip(rule.parts, other.parts, strict=True):
        before, after = percents([was.text]), percents([now.text])
        told |= {f"{b}改为{a}": None for b, a in zip(before, after, strict=True) if a != b}
        if was.tolerance != now.tolerance:
            told[f"容差{tolerance_words(was.tolerance)}改为{tolerance_words(now.tolerance)}"] = None
    return "，".join(told)


def _weight(rule: Rule) -> tuple[int, bool]:
    return _RANK[rule.level], rule.confirm


def _content(rule: Rule) -> tuple[object, ...]:
    parts = [(p.each, p.condition, p.text, p.tolerance) for p in rule.parts]
    return rule.years, rule.when, rule.check, parts
