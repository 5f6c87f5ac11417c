"""Tables of which an import says 本表无数据: those that can say so and of which the source shows nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from xltool.core.problems import Problem
from xltool.editions import Edition
from xltool.entry.importing.collected import Collected, Target
from xltool.entry.importing.vocabulary import ImportWords
from xltool.rules.load import load_rules

_INCOME = frozenset(("收入表", "收入"))


def without_data(
    edition: Edition, words: ImportWords, targets: Collection[Target], seen: Collection[str] = ()
) -> Iterator[str]:
    """The tables (full names). `targets`: everything that was imported; `seen`: codes of all rows with figures.

    A source of nothing but income says of no table that there was no spending in it.
    """
    if all(_INCOME.intersection(target[:2]) for target in targets):
        return
    rules = load_rules(edition)
    given = {".".join(target) for target in targets}
    codes = {*seen, *(part for target in targets for part in target[1:2] if part.isdigit())}
    for short, signs in words.no_data.items():
        table = rules.tables.get(short)
        if table is None or edition.tables[table].empty is None:
            continue
        heads = _codes(edition, signs)
        shown = any(target[0] == short for target in targets) or given & set(
            signs.get("fields", ())
        )
        begun = any(code.startswith(tuple(heads)) for code in codes if heads)
        if not shown and not begun and not codes & set(signs.get("seen", ())):
            yield table


def _told(signs: Collection[str], codes: Collection[str]) -> bool:
    """Whether there are codes of the classification of `signs`: each begins with a digit of its own."""
    return any(code.startswith(tuple({sign[0] for sign in signs})) for code in codes)


def spent_without_table(
    edition: Edition, words: ImportWords, tables: Collection[str], seen: Collection[str]
) -> Iterator[str]:
    """Of tables that the source has nothing of though it has such spending, or does not tell whether it has."""
    for short, signs in words.no_data.items():
        table = load_rules(edition).tables.get(short)
        looked = signs.get("seen", ())
        spent = sorted(set(looked) & set(seen))
        if table is None or table in tables or not looked:
            continue
        if spent:
            yield f"支出里有{'、'.join(spent)}，来源里没有{table}的数，没有写“无数据”，要补上"
        elif edition.tables[table].empty is not None and not _told(looked, seen):
            yield f"来源里没有经济分类的数，看不出有没有{table}的支出，写的是“无数据”，请核对：有数就补上"


def misplaced(edition: Edition, words: ImportWords, collected: Collected) -> Iterator[Problem]:
    """Codes of another fund among the figures of 一般公共预算: the source did not say whose they are."""
    for short, signs in words.no_data.items():
        heads = tuple(_codes(edition, signs))
        for target, sources in collected.figures.items():
            if target[0] == "一般公共" and heads and target[1].startswith(heads):
                where = sources[0].grid.where(sources[0].row, sources[0].column)
                message = f"{target[1]} 是{short}的科目，读成了一般公共预算财政拨款的"
                hint = "在来源里写明资金性质，或这一行不要"
                yield Problem(where, message, hint, code="contradiction")


def fund_codes(edition: Edition | None, words: ImportWords) -> dict[str, tuple[str, ...]]:
    """How the codes of 政府性基金 and 国有资本经营预算 begin; those of no other fund do."""
    if edition is None:
        return {}
    found = {short: tuple(_codes(edition, signs)) for short, signs in words.no_data.items()}
    return {short: heads for short, heads in found.items() if heads}


def _codes(edition: Edition, signs: Mapping[str, Collection[str]]) -> list[str]:
    """How the codes of a fund begin."""
    sets = load_rules(edition).scope.sets
    return [*signs.get("codes", ()), *(c for s in signs.get("sets", ()) for c in sets[s])]
