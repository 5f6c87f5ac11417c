"""What has still to be said before the identities determine the rest: few figures, and assumptions that spare some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from xltool.core.amounts import money
from xltool.core.model import CODE, NAME, Report
from xltool.editions import Edition
from xltool.entry.assumptions import Assumption, assumptions, chosen
from xltool.entry.derive import Derived, derive
from xltool.entry.fewest import wanted
from xltool.entry.held import Somewhere
from xltool.rules.load import load_rules

_ZERO = "missing-value"
"""The code of a contradiction that stands because an assumption takes a figure for zero."""
_LEFT = attrgetter("left", "wanted")
"""By what assumptions are chosen: what is wanted may grow while less is left, a table more being begun."""
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
    left: int
    """How many it would be with those that are asked for only after others are known."""
    derived: Derived


def missing(derived: Derived, edition: Edition) -> list[str]:
    """Addresses of the figures that have still to be known, beside those amounts that are in some row.

    Of 基本支出 by 经济分类, which nobody gave a row of, nothing is known before those amounts have their rows: it is
    asked for together with them.
    """
    names = wanted(derived.open, [a for one in derived.held for a in one.addresses])
    tables = load_rules(edition).tables
    whole, parts = (tables.get(short, "") for short in ("支出表", "基本支出"))
    spent = derived.report.table(whole)
    basic = spent is not None and any(
        row.get("基本支出") for rows in spent.lists.values() for row in rows
    )
    stated = not parts or parts in derived.report.no_data
    if derived.held and basic and not stated and not _has_rows(derived.report, parts):
        names += [] if set(_TOTALS) & set(names) else [_TOTALS[0]]
    return names


def sparing(
    report: Report, edition: Edition, assume: Sequence[str], now: int
) -> tuple[list[Spared], Spared | None]:
    """The assumptions not made yet under which less is wanted than `now`, and nothing given is broken.

    Each by itself, and those that spare most together, where more than one does.
    """

    def under(*names: str) -> Iterator[Spared]:
        taken = (*names, *(n for name in names for n in assumptions()[name].needs))
        for name, entry in assumptions().items():
            if name in assume or name in taken or _begins(entry, report, edition):
                continue
            other = derive(report, edition, (*assume, *names, name))
            if all(problem.code == _ZERO for problem in other.contradictions):
                made = (*(assumptions()[n] for n in names), entry)
                entries = tuple(e for e in made if not any(set(e.zero) < set(o.zero) for o in made))
                count = len(missing(other, edition)) + len(other.held) + len(other.contradictions)
                every = wanted([one._replace(bare=False) for one in other.open])
                yield Spared(entries, count, len(every) + len(other.held), other)

    each = list(under())
    best = min(each, key=_LEFT, default=None)
    while best is not None and missing(best.derived, edition):
        more = min(under(*(e.name for e in best.assumptions)), key=_LEFT, default=None)
        if more is None or _LEFT(more) >= _LEFT(best):
            break
        best = more
    single = sorted((s for s in each if s.wanted < now), key=attrgetter("wanted"))
    together = best is not None and len(best.assumptions) > 1 and best.wanted < now
    return single, best if together else None


def _begins(entry: Assumption, report: Report, edition: Edition) -> bool:
    """Whether an assumption would give the first rows of a list, and these would then pass for all of it."""
    tables = load_rules(edition).tables
    return any(not _has_rows(report, tables.get(short, "")) for short in entry.places)


def _has_rows(report: Report, name: str) -> bool:
    table = report.table(name)
    return table is not None and any(table.lists.values())


def suggested(
    derived: Derived, report: Report, edition: Edition, assume: Sequence[str]
) -> tuple[list[Spared], Spared | None]:
    """As `sparing`, for what is still wanting."""
    names = missing(derived, edition)
    now = len(names) + len(derived.held)
    return sparing(report, edition, assume, now) if names else ([], None)


class Told(NamedTuple):
    """Lines for the clerk, and whether they name the command that fills once more."""

    lines: list[str]
    named: bool
    economic: bool = False
    """They ask for rows by 经济分类, of which there may be many."""


def told(
    derived: Derived,
    report: Report,
    edition: Edition,
    assume: Sequence[str],
    again: str = "",
    spared: tuple[list[Spared], Spared | None] | None = None,
) -> Told:
    """What has still to be said; nothing where all is settled.

    `report`: as it was given; `again`: the command that fills once more, to which the figures are added. `spared`:
    what is `suggested`, where that is known.
    """
    names = missing(derived, edition)
    if not names and not derived.held:
        return Told([], named=False)
    single, best = spared or suggested(derived, report, edition, assume)
    lines = [*_wants(names), *(_nowhere(one, derived.report, edition) for one in derived.held)]
    for one in single if best is None or not again else ():
        way = f"加 {_options(one)}" if again else f"选前提{_names(one)}"
        lines.append(f"确实这样的，{way}，{_left(one)}：{_words(one)}")
    if again and best is not None:
        economic = _BY_ECONOMIC in _asked(best.derived, edition)
        return Told([*lines, *_together(best, edition, assume, again)], True, economic)
    if again and len(names) <= _MOST:
        asked = _asked(derived, edition)
        lines += [_how(derived, asked), f"  {again}{_settings(derived, asked)}"]
        return Told(lines, True, _BY_ECONOMIC in asked)
    return Told(lines, named=False)


def _wants(names: Sequence[str]) -> Iterator[str]:
    """The figures that are wanted, the first of them by name."""
    if names:
        yield f"还有{len(names)}个数推算不出来，知道了它们，其余的就推算得出："
        yield from (f"  {name}" for name in names[:_MOST])
    if len(names) > _MOST:
        yield f"  ……另有{len(names) - _MOST}个"


def _together(best: Spared, edition: Edition, assume: Sequence[str], again: str) -> Iterator[str]:
    """The assumptions that spare most, what is still wanted under them, and the command with both."""
    yield f"都确实这样的，一起用，{_left(best)}："
    made = chosen(entry.name for entry in best.assumptions)
    yield from (f"  {entry.name}：{entry.words}" for entry in made if entry.name not in assume)
    yield from (_nowhere(one, best.derived.report, edition) for one in best.derived.held)
    asked = _asked(best.derived, edition)
    yield _how(best.derived, asked)
    yield f"  {again} {_options(best)}{_settings(best.derived, asked)}"


class Asked(NamedTuple):
    """What still has to be said, for a form: addresses of figures, amounts whose row is not known, rows of 经济分类."""

    figures: list[str]
    held: list[tuple[str, str, dict[str, str]]]
    """The address with [] for the row, the amount, and the codes that it may stand in with their names."""
    economic: bool


def asked(derived: Derived, edition: Edition) -> Asked:
    """What has still to be said, few things; nothing where it is more than a form would hold."""
    names = _asked(derived, edition)
    held = [
        (
            _ROW.sub("[]", one.addresses[0]),
            f"{one.amount:f}",
            candidates(one, derived.report, edition),
        )
        for one in derived.held
    ]
    if len(names) > _MOST:
        return Asked([], held, economic=False)
    figures = [name for name in names if name != _BY_ECONOMIC]
    return Asked(figures, held, economic=len(figures) < len(names))


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


def candidates(one: Somewhere, report: Report, edition: Edition) -> dict[str, str]:
    """The codes of the rows that an amount may be in, each with its name."""
    codes = [found[1] for address in one.addresses if (found := _ROW.search(address))]
    table = load_rules(edition).tables[one.addresses[0].partition(".")[0]]
    (spec, *_) = edition.specs[table].lists.values()
    filled = (one for own in report.tables.values() for one in own)
    rows = (row for one in filled for own in one.lists.values() for row in own)
    said = {row.get(CODE): str(row[NAME]) for row in rows if row.get(NAME)}
    return {c: (spec.codes and spec.codes.name(c)) or said.get(c, "") for c in codes}


def _nowhere(one: Somewhere, report: Report, edition: Edition) -> str:
    """An amount that is in some row, and the codes of those with their names."""
    codes = [f"{code} {name}".rstrip() for code, name in candidates(one, report, edition).items()]
    listed = "、".join(codes[:_MOST]) + ("等" if len(codes) > _MOST else "")
    return f"{_ROW.sub('', one.addresses[0])} 的{money(one.amount)}在哪个科目，没有填（{listed}）"


def _asked(derived: Derived, edition: Edition) -> list[str]:
    """What the command asks for: rows by 经济分类 instead of their totals, where there is none yet."""
    names = missing(derived, edition)
    table = load_rules(edition).tables.get("基本支出", "")
    if any(n in _TOTALS for n in names) and not _has_rows(derived.report, table):
        return [*(n for n in names if n not in _TOTALS), _BY_ECONOMIC]
    return names


def _how(derived: Derived, asked: Sequence[str]) -> str:
    """What to put for the question marks of the command."""
    rows = derived.held or _BY_ECONOMIC in asked
    changed = ["[?] 换成科目编码，几个科目都有的各写一项"] if rows else []
    changed += ["=? 换成数（没有的填 0）"] if asked else []
    spare = "；社会保险、公积金的经济科目可以不写，加 --assume 社保公积金按科目"
    more = spare if _BY_ECONOMIC in asked else ""
    return f"把 {'；'.join(changed)}{more}；照下面的命令填：" if changed else "照下面的命令填："


def _settings(derived: Derived, asked: Sequence[str]) -> str:
    """The options by which figures are given, the figures left open."""
    rows = [f"{_ROW.sub('[?]', one.addresses[0])}={one.amount:f}" for one in derived.held]
    return "".join(f" --set {each}" for each in (*rows, *(f"{name}=?" for name in asked)))
