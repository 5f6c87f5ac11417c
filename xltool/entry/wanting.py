"""What has still to be said before the identities determine the rest: few figures, and assumptions that spare some."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from xltool.core.amounts import money
from xltool.core.model import Report
from xltool.editions import Edition
from xltool.entry.assumptions import Assumption, assumptions, chosen
from xltool.entry.derive import Derived, Open, derive
from xltool.entry.held import Somewhere
from xltool.rules.load import load_rules

_ZERO = "missing-value"
"""The code of a contradiction that stands because an assumption takes a figure for zero."""
_KNOWN = "年初"
"""Of figures from which as much follows, those are asked for: last year's book has them."""
_MOST = 12
"""More figures than these are no help: the clerk has more to fill in than some of them."""

_TOTALS = ("基本支出.合计.人员经费合计", "基本支出.合计.公用经费合计")
_BY_ECONOMIC = "基本支出.明细[?].金额"
_ROW = re.compile(r"\[(\d+)\]")
"""The row of an address."""


class Spared(NamedTuple):
    """Assumptions under which fewer figures are wanted, how many, and what follows."""

    assumptions: tuple[Assumption, ...]
    wanted: int
    derived: Derived


def wanted(open_: Sequence[Open], given: Iterable[str] = ()) -> list[str]:
    """Addresses of figures that, once known, settle all that could not be solved; as few as a simple choice finds.

    Parts are asked for before totals, those first from which most follows. `given`: what is known anyway.
    """
    left = _Identities(open_)
    left.settle(given)
    totals = {one.total for one in open_}
    asked = (one for one in open_ if not one.bare)
    names = list(dict.fromkeys(name for one in asked for name in sorted(one.unknown)))
    found: list[str] = []
    while names := [name for name in names if left.has(name)]:
        parts = [name for name in names if name not in totals] or names
        best = max(parts, key=lambda name: (left.settled_by(name), _KNOWN in name))
        found.append(best)
        left.settle([best])
    return found


class _Identities:
    """What is unknown in each of several identities, and in which of them each figure stands."""

    def __init__(self, open_: Iterable[Open]) -> None:
        self._with: defaultdict[str, list[set[str]]] = defaultdict(list)
        each = [set(one.unknown) for one in open_]
        for unknown in each:
            for name in unknown:
                self._with[name].append(unknown)
        self.settle([name for unknown in each if len(unknown) == 1 for name in unknown])

    def has(self, name: str) -> bool:
        """Whether a figure is still unknown."""
        return name in self._with

    def settled_by(self, name: str) -> int:
        """How much is no longer unknown once a figure is known."""
        return sum(len(self._with[other]) for other in self._known_by([name]))

    def settle(self, names: Iterable[str]) -> None:
        """Enter figures, and what follows from them, as known."""
        for name in self._known_by(names):
            for unknown in self._with.pop(name):
                unknown.discard(name)

    def _known_by(self, names: Iterable[str]) -> list[str]:
        """What is known once some figures are: an identity with one unknown figure gives it."""
        known = list(dict.fromkeys(names))
        seen = set(known)
        counts: dict[int, int] = {}
        for name in known:  # which grows
            for unknown in self._with[name]:
                count = counts[id(unknown)] = counts.get(id(unknown), len(unknown)) - 1
                if count == 1:
                    known += (rest := unknown - seen)
                    seen |= rest
        return known


def missing(derived: Derived) -> list[str]:
    """Addresses of the figures that have still to be known, beside those amounts that are in some row."""
    return wanted(derived.open, [a for one in derived.held for a in one.addresses])


def sparing(
    report: Report, edition: Edition, assume: Sequence[str], now: int
) -> tuple[list[Spared], Spared | None]:
    """The assumptions not made yet under which less is wanted than `now`, and nothing given is broken.

    Each by itself, and those that spare most together, where more than one does.
    """

    def under(*names: str) -> Iterator[Spared]:
        taken = (*names, *(n for name in names for n in assumptions()[name].needs))
        for name, entry in assumptions().items():
            if name in assume or name in taken:
                continue
            other = derive(report, edition, (*assume, *names, name))
            if all(problem.code == _ZERO for problem in other.contradictions):
                entries = (*(assumptions()[n] for n in names), entry)
                count = len(missing(other)) + len(other.held) + len(other.contradictions)
                yield Spared(entries, count, other)

    single = sorted((s for s in under() if s.wanted < now), key=attrgetter("wanted"))
    best = single[0] if single else None
    while best is not None and missing(best.derived):
        more = min(
            under(*(e.name for e in best.assumptions)), key=attrgetter("wanted"), default=None
        )
        if more is None or more.wanted >= best.wanted:
            break
        best = more
    return single, best if best is not None and len(best.assumptions) > 1 else None


def told(
    derived: Derived, report: Report, edition: Edition, assume: Sequence[str], again: str = ""
) -> Iterator[str]:
    """What has still to be said, in lines for the clerk; nothing where all is settled.

    `report`: as it was given; `again`: the command that fills once more, to which the figures are added.
    """
    names = missing(derived)
    if not names and not derived.held:
        return
    if names:
        yield f"还有{len(names)}个数推算不出来，知道了它们，其余的就推算得出："
        yield from (f"  {name}" for name in names[:_MOST])
    if len(names) > _MOST:
        yield f"  ……另有{len(names) - _MOST}个"
    yield from map(_nowhere, derived.held)
    now = len(names) + len(derived.held)
    single, best = sparing(report, edition, assume, now) if names else ([], None)
    for spared in single if best is None or not again else ():
        way = f"加 {_options(spared)}" if again else f"选前提{_names(spared)}"
        yield f"确实这样的，{way}，{_left(spared)}：{_words(spared)}"
    if best is not None and again:
        yield f"都确实这样的，一起用，{_left(best)}："
        made = chosen(entry.name for entry in best.assumptions)
        yield from (f"  {entry.name}：{entry.words}" for entry in made if entry.name not in assume)
        yield from map(_nowhere, best.derived.held)
        asked = _asked(best.derived, edition)
        yield _how(best.derived, asked)
        yield f"  {again} {_options(best)}{_settings(best.derived, asked)}"
    elif again and len(names) <= _MOST:
        asked = _asked(derived, edition)
        yield _how(derived, asked)
        yield f"  {again}{_settings(derived, asked)}"


def _options(spared: Spared) -> str:
    """As the command takes them."""
    return " ".join(f"--assume {entry.name}" for entry in spared.assumptions)


def _names(spared: Spared) -> str:
    """As the page calls them."""
    return "、".join(f"“{entry.name}”" for entry in spared.assumptions)


def _left(spared: Spared) -> str:
    return f"只差{spared.wanted}个" if spared.wanted else "就都推算得出"


def _words(spared: Spared) -> str:
    return "；".join(entry.words for entry in spared.assumptions)


def _nowhere(one: Somewhere) -> str:
    """An amount that is in some row, and the codes of those."""
    codes = [found[1] for address in one.addresses if (found := _ROW.search(address))]
    listed = "、".join(codes[:_MOST]) + ("等" if len(codes) > _MOST else "")
    return f"{_ROW.sub('', one.addresses[0])} 的{money(one.amount)}在哪个科目，没有填（{listed}）"


def _asked(derived: Derived, edition: Edition) -> list[str]:
    """What the command asks for: rows by 经济分类 instead of their totals, where there is none yet."""
    names = missing(derived)
    name = load_rules(edition).tables.get("基本支出", "")
    table = derived.report.table(name)
    if any(n in _TOTALS for n in names) and not (table and any(table.lists.values())):
        return [*(n for n in names if n not in _TOTALS), _BY_ECONOMIC]
    return names


def _how(derived: Derived, asked: Sequence[str]) -> str:
    """What to put for the question marks of the command."""
    rows = derived.held or _BY_ECONOMIC in asked
    changed = ["[?] 换成科目编码，几个科目都有的各写一项"] if rows else []
    changed += ["=? 换成数（没有的填 0）"] if asked else []
    spare = "；社会保险、公积金的经济科目可以不写，加 --assume 社保公积金按科目"
    more = spare if _BY_ECONOMIC in asked else ""
    return f"把 {'；'.join(changed)}{more}；再填一遍：" if changed else "再填一遍："


def _settings(derived: Derived, asked: Sequence[str]) -> str:
    """The options by which figures are given, the figures left open."""
    rows = [f"{_ROW.sub('[?]', one.addresses[0])}={one.amount:f}" for one in derived.held]
    return "".join(f" --set {each}" for each in (*rows, *(f"{name}=?" for name in asked)))
