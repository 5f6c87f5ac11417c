"""Drawing a unit: what it spends per 项, source and nature, what it carries over, what it takes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.support.documents.codes import SOE_ITEMS, Codes

GENERAL, FUND, SOE, OTHER = "一般公共预算", "政府性基金预算", "国有资本经营预算", "非财政"
FISCAL = (GENERAL, FUND, SOE)
BASIC, PROJECT = "基本支出", "项目支出"
UPWARD, OPERATING, DOWNWARD = "上缴上级支出", "经营支出", "对附属单位补助支出"
NATURES = (BASIC, PROJECT, UPWARD, OPERATING, DOWNWARD)
NON_FISCAL_INCOME = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")

SOCIAL = ("2080505", "2080506", "2101101", "2101102", "2101103", "2210201")
"""Insurance and housing fund: basic expenditure that the economic codes show under the same heading."""

LEAST = 300_00
"""Amounts begin at 300 元: printed in 万元 none of them, nor a fifth of one, rounds to nothing."""


@dataclass
class Item:
    """One 项 of a unit; amounts in 分. `income` holds what is not fiscal."""

    code: str
    name: str
    spent: Counter[tuple[str, str]] = field(default_factory=Counter)
    opening: Counter[str] = field(default_factory=Counter)
    closing: Counter[str] = field(default_factory=Counter)
    income: Counter[str] = field(default_factory=Counter)

    def spent_by(self, *sources: str) -> int:
        """Spent from these sources, all natures."""
        return sum(amount for (source, _), amount in self.spent.items() if source in sources)

    def appropriated(self, source: str) -> int:
        """This year's appropriation from a fiscal source: spent, less opening, plus closing."""
        return self.spent_by(source) + self.closing[source] - self.opening[source]


@dataclass
class Unit:
    """A unit's year. `opening` to `distributed` concern money that is not fiscal."""

    items: list[Item]
    names: dict[str, str]
    administrative: bool
    opening: int = 0
    closing: int = 0
    reserve_used: int = 0
    distributed: int = 0

    def total(self, amount: Callable[[Item], int], under: str = "") -> int:
        """The sum of `amount` over the 项 whose code begins with `under`."""
        return sum(amount(item) for item in self.items if item.code.startswith(under))

    def spent(self, sources: Iterable[str], natures: Iterable[str], under: str = "") -> int:
        """Spent from `sources` for `natures`."""
        keys = [(source, nature) for source in sources for nature in natures]
        return self.total(lambda item: sum(item.spent[key] for key in keys), under)


def draw_unit(rng: Random, codes: Codes, details: int) -> Unit:
    """A unit with about `details` 项, among them at least one of the general budget."""
    administrative = rng.random() < 0.3
    funds = _some(rng, codes.funds, 3) if details > 2 and rng.random() < 0.4 else []
    soe = _some(rng, list(SOE_ITEMS), 2) if details > 4 and rng.random() < 0.25 else []
    wanted = min(len(codes.general), max(1, details - len(funds) - len(soe)))
    unit = Unit([], dict(codes.names), administrative)
    for code in _general(rng, codes, wanted):
        unit.items.append(_general_item(rng, Item(code, codes.names[code])))
    for source, chosen in ((FUND, funds), (SOE, soe)):
        for code in chosen:
            item = Item(code, codes.names[code])
            basic = source == FUND and rng.random() < 0.15
            item.spent[source, BASIC if basic else PROJECT] = money(rng)
            _carry(rng, item, source)
            unit.items.append(item)
    if not administrative:
        _non_fiscal(rng, unit)
    unit.items.sort(key=lambda item: item.code)
    return unit


def money(rng: Random, high: float = 8.7) -> int:
    """An amount in 分, from 300 元 to some million 元, small ones as likely as large ones."""
    return int(10 ** rng.uniform(4.5, high))


def split(rng: Random, amount: int, parts: int, least: int = LEAST) -> list[int]:
    """`amount` in `parts` parts of at least `least` each; fewer parts when it does not suffice."""
    parts = max(1, min(parts, amount // least))
    free = amount - least * parts
    cuts = sorted(rng.randint(0, free) for _ in range(parts - 1)) if parts > 1 else []
    return [least + b - a for a, b in zip([0, *cuts], [*cuts, free], strict=True)]


def some_of(rng: Random, amount: int) -> int:
    """Nothing of `amount`, all of it, or some fifths, so that no remainder is too small to be printed."""
    return amount * rng.randint(0, 5) // 5


def _some(rng: Random, codes: Sequence[str], most: int) -> list[str]:
    return rng.sample(codes, min(len(codes), rng.randint(1, most)))


def _general(rng: Random, codes: Codes, wanted: int) -> list[str]:
    """Codes of the general budget: those of social insurance in most units, the rest by chance."""
    social = [c for c in SOCIAL if rng.random() < 0.85] if wanted > len(SOCIAL) else []
    others = [c for c in codes.general if c not in SOCIAL]
    rest = rng.sample(others, min(len(others), wanted - len(social)))
    return [*social, *rest]


def _general_item(rng: Random, item: Item) -> Item:
    if item.code in SOCIAL:
        item.spent[GENERAL, BASIC] = money(rng, 7.5)
        return item
    natures = rng.choice([(BASIC,), (PROJECT,), (BASIC, PROJECT), (PROJECT,)])
    for nature in natures:
        item.spent[GENERAL, nature] = money(rng)
    if rng.random() < 0.3:
        _carry(rng, item, GENERAL)
    return item


def _carry(rng: Random, item: Item, source: str) -> None:
    """Balances at the beginning and at the end of the year; the appropriation stays at or above zero."""
    if rng.random() < 0.6:
        item.opening[source] = some_of(rng, item.spent_by(source))
    if rng.random() < 0.5:
        item.closing[source] = money(rng)


def _non_fiscal(rng: Random, unit: Unit) -> None:
    """Expenditure and income of an institution that earns money of its own."""
    general = [item for item in unit.items if item.spent_by(GENERAL) and item.code not in SOCIAL]
    if not general or rng.random() < 0.3:
        return
    for item in rng.sample(general, rng.randint(1, min(len(general), 6))):
        for nature in NATURES:
            likely = 0.6 if nature in (BASIC, PROJECT) else 0.12
            if rng.random() < likely:
                item.spent[OTHER, nature] = money(rng)
    spent = sum(item.spent_by(OTHER) for item in unit.items)
    unit.opening = some_of(rng, spent)
    unit.closing = rng.choice([0, money(rng)])
    unit.distributed = rng.choice([0, 0, money(rng, 6.5)])
    need = spent + unit.distributed + unit.closing - unit.opening
    unit.reserve_used = rng.choice([0, 0, some_of(rng, need)])
    even = not (unit.opening or unit.closing or unit.distributed or unit.reserve_used)
    _earn(rng, general, need - unit.reserve_used, even)


def _earn(rng: Random, items: list[Item], amount: int, even: bool) -> None:
    """Spread income over the 项 that spend it, from some of the sources; `even`: each earns what it spends."""
    spending = [item for item in items if item.spent_by(OTHER)] or items[:1]
    parts = split(rng, amount, len(spending))
    if even:
        parts = [item.spent_by(OTHER) for item in spending]
    for item, part in zip(spending, parts, strict=False):
        sources = _some(rng, NON_FISCAL_INCOME, 3)
        for source, share in zip(sources, split(rng, part, len(sources)), strict=False):
            item.income[source] += share
