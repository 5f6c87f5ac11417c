"""What a rule file, or an edition of one's own, takes from the rules that come with the tool."""

from __future__ import annotations

from typing import NamedTuple

from xltool.rules.load import RuleSet
from xltool.rules.model import Rule

_RANK = {"error": 0, "warning": 1, "info": 2}


class Changes(NamedTuple):
    """Rules by id: not there any more, less strict by their level, with other expressions."""

    removed: tuple[str, ...] = ()
    lowered: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()


def changes(own: RuleSet, official: RuleSet) -> Changes:
    """The rules of the tool that `own` has not, or has in another form; rules that it adds are no change."""
    if own is official:
        return Changes()
    pairs = [(rule, own.rules.get(id_)) for id_, rule in official.rules.items()]
    known = [(rule, other) for rule, other in pairs if other is not None]
    return Changes(
        tuple(rule.id for rule, other in pairs if other is None),
        tuple(rule.id for rule, other in known if _weight(other) > _weight(rule)),
        tuple(rule.id for rule, other in known if _content(rule) != _content(other)),
    )


def _weight(rule: Rule) -> tuple[int, bool]:
    return _RANK[rule.level], rule.confirm


def _content(rule: Rule) -> tuple[object, ...]:
    parts = [(p.each, p.condition, p.text, p.tolerance) for p in rule.parts]
    return rule.years, rule.when, rule.check, parts
