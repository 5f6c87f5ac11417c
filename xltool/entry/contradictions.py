"""Rules that do not hold although, or because, figures were derived by them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from xltool.core.amounts import money
from xltool.core.hints import TAKE_GIVEN_TOTALS, Hint, Way
from xltool.core.model import Report
from xltool.core.places import Place
from xltool.core.problems import Problem
from xltool.entry.addresses import address_of, label
from xltool.rules.model import Result

_SHOWN = 2


def contradictions(
    report: Report,
    results: Iterable[Result],
    derived: Collection[Place],
    known: Collection[Place],
    zeroed: Mapping[Place, str],
    names: Mapping[str, str],
    assumed: Mapping[str, str],
) -> Iterator[Problem]:
    """What was given breaks these rules. `known`: what is no longer unknown though blank, `zeroed`: of it what an
    assumption (its name) takes for zero. `names`: what addresses call tables. `assumed`: assumptions by the rules
    that hold by them alone: no check of the workbook would tell that these are broken.
    """
    for result in results:
        if result.outcome != "不符":
            continue
        if result.left is None or result.right is None:
            continue
        leaves = (*result.left.leaves, *result.right.leaves)
        places = {leaf.place for leaf in leaves}
        open_ = any(leaf.value is None and leaf.place not in known for leaf in leaves)
        assumption = assumed.get(result.rule.id)
        if (assumption or places & set(derived)) and not open_:
            left, right = money(result.left.value), money(result.right.value)
            message = f"{result.rule.name}：一边是{left}，另一边是{right}"
            told = places & set(derived) or places
            labels = sorted(label(report, place) for place in told)
            where = f"{result.rule.id} {'、'.join(labels[:_SHOWN])}"
            taken = [leaf.place for leaf in leaves if leaf.value is None and leaf.place in zeroed]
            if taken:
                yield _by_assumption(report, where, message, taken, zeroed, names)
                continue
            given = [leaf.place for leaf in leaves if leaf.value is not None and not leaf.prior]
            own = [address_of(report, place, names) for place in given if place not in derived]
            which = "、".join([*dict.fromkeys(own)][:_SHOWN]) or "填的数"
            given_way = Way("用 --totals given 照填的写", TAKE_GIVEN_TOTALS.page)
            without = f"不用前提“{assumption}”"
            way = Way(without, without) if assumption else given_way
            hint = way.within(f"核对{which}；或{{}}")
            yield Problem(where, message, hint, code="contradiction")


def _by_assumption(
    report: Report,
    where: str,
    message: str,
    taken: Sequence[Place],
    zeroed: Mapping[Place, str],
    names: Mapping[str, str],
) -> Problem:
    """A rule that is broken; `taken`: cells of it that an assumption takes for zero."""
    found = list(dict.fromkeys(address_of(report, place, names) for place in taken))
    zero = f"前提“{zeroed[taken[0]]}”把 {'、'.join(found[:_SHOWN])} 当作零"
    told = Hint(
        f"{zero}：照实填，加 --set {found[0]}=数", f"{zero}：照实写进数据里，或不选这个前提"
    )
    return Problem(where, message, told, code="missing-value")
