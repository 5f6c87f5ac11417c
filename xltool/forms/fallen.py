"""Which of the official rules fall away with a form: it lacks a table, a row or a column that they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from xltool.core.model import NUMERIC
from xltool.mapping.located import Located
from xltool.reading import Reading
from xltool.rules.instances import Instance, expand
from xltool.rules.load import RuleSet, official_rules
from xltool.rules.model import Rule
from xltool.rules.scope import NoSuchTable
from xltool.rules.touched import Touch, TouchedColumn, Toucher

_FEW = 0.2
"""The share of addends that a form may lack; they count as zero (as in `checks/context.py`)."""
_SHOWN = 3


class _Lack(NamedTuple):
    """What a form lacks: a table, or a field or a column of one."""

    table: str
    what: str = ""


Extent = Literal["", "部分", "不平时只报数据不足"]
"""Of a rule: all of it falls away; some of its places; it can be seen to hold, but not to fail."""


class Fallen(NamedTuple):
    """A rule that is not, or not fully, judged on a form, and why."""

    id: str
    name: str
    reason: str
    extent: Extent = ""

    def __str__(self) -> str:
        return f"{self.id}（{self.extent}）" if self.extent else self.id


def fallen(blank: Reading) -> list[Fallen]:
    """The rules that a blank form has no table, row or column for; nothing else makes a rule fall away."""
    rules = official_rules(blank.edition)
    located = {t.mapping.table: t.located for t in blank.found_tables if t.instance == 0}
    found = []
    for rule in rules.rules.values():
        if not rule.check and (told := _told(rule, rules, located)):
            found.append(told)
    return found


def _told(rule: Rule, rules: RuleSet, located: Mapping[str, Located]) -> Fallen | None:
    lost = dict.fromkeys(_tables(rule, rules))
    ends = []
    for instance in rules.instances[rule.id]:
        lacks, whole = _lacks(instance, located)
        lost |= dict.fromkeys(lacks)
        ends.append("gone" if whole else "thin" if lacks else "judged")
    if not lost:
        return None
    extent: Extent = "部分" if "judged" in ends or {"gone", "thin"} <= set(ends) else ""
    if not extent and "thin" in ends:
        extent = "不平时只报数据不足"
    return Fallen(rule.id, rule.name, f"表样没有{_shown(list(lost))}", extent)


def _tables(rule: Rule, rules: RuleSet) -> Iterator[_Lack]:
    """The tables for want of which expressions of a rule mean nothing."""
    for part in rule.parts:
        try:
            for _ in expand(rule, part, rules.scope):
                pass
        except NoSuchTable as error:
            yield _Lack(str(error))


def _lacks(instance: Instance, located: Mapping[str, Located]) -> tuple[list[_Lack], bool]:
    """What a form lacks for one place of a rule, and whether that is a whole side of it.

    A few of many addends are no matter: they are zero.
    """
    finder, lacks, whole = Toucher(instance.scope), list[_Lack](), False
    for node in [side.node for side in instance.sides] or [instance.part.expression]:
        cells = [t for t in finder.find(node) if not t.prior and _counts(t, instance)]
        lost = [cell for cell in cells if not _has(cell, located)]
        if len(lost) > _FEW * len(cells) or lost == cells:
            lacks += [_lack(cell, located) for cell in lost]
        whole |= bool(lost) and lost == cells
    return lacks, whole


def _counts(touch: Touch, instance: Instance) -> bool:
    spec = instance.scope.specs[touch.table]
    if isinstance(touch.what, TouchedColumn):
        return spec.lists[touch.what.list].columns.get(touch.what.column) in NUMERIC
    return True


def _has(touch: Touch, located: Mapping[str, Located]) -> bool:
    at = located.get(touch.table)
    if at is None:
        return False
    if not isinstance(touch.what, TouchedColumn):
        # a total without a place on the form is worked out of the rows
        return touch.what in at.fields or touch.what in at.mapping.unplaced
    if (rows := at.lists.get(touch.what.list)) is not None:
        return touch.what.column in rows.columns
    codes = at.codes.get(touch.what.list)
    return codes is not None and (not touch.what.code or touch.what.code in codes)


def _lack(touch: Touch, located: Mapping[str, Located]) -> _Lack:
    what = touch.what
    if touch.table not in located:
        return _Lack(touch.table)
    if isinstance(what, TouchedColumn):
        return _Lack(touch.table, f"{what.list}·{what.code or what.column}")
    return _Lack(touch.table, "·".join(what))


def _shown(lost: Sequence[_Lack]) -> str:
    """The first of them, those of one table together."""
    tables = dict.fromkeys(lack.table for lack in lost[:_SHOWN])
    texts = []
    for table in tables:
        whats = [f"“{lack.what}”" for lack in lost[:_SHOWN] if lack.table == table and lack.what]
        texts.append(f"《{table}》" + (f"的{'、'.join(whats)}" if whats else ""))
    more = f"等{len(lost)}处" if len(lost) > _SHOWN else ""
    return "、".join(texts) + more
