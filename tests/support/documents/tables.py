"""The tables of a unit, every cell in 分, zeros included: what the forms add up, added up here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.support.documents.codes import economic_names
from tests.support.documents.unit import (
    BASIC,
    FISCAL,
    FUND,
    GENERAL,
    LEAST,
    NATURES,
    NON_FISCAL_INCOME,
    OTHER,
    PROJECT,
    SOE,
    Item,
    Unit,
    money,
    split,
)
from xltool.editions import find_edition

Raw = dict[str, Any]
Columns = Mapping[str, Callable[[Item], int]]

APPROPRIATION = {source: f"{source}财政拨款" for source in FISCAL}
BALANCES = ("年初结转和结余", "本年收入", "本年支出", BASIC, PROJECT, "年末结转和结余")

# Economic codes that show the same money as a 项: 功能科目 -> 经济科目.
LINKED = {
    "2080505": "30108",
    "2080506": "30109",
    "2101101": "30110",
    "2101102": "30110",
    "2101103": "30111",
    "2210201": "30113",
}
SAN_GONG = {
    "因公出国（境）费": "30212",
    "公务用车购置费": "31013",
    "公务用车运行费": "30231",
    "公务接待费": "30217",
}
_OFFICE = "30201"
_PART = 10
"""Of what is spent, no kind of 三公 is more than one part in so many: beyond that, amounts are taken for mistakes."""


def tables(rng: Random, unit: Unit, edition: str) -> Raw:
    """All tables but the self-assessments, by table name, in the order of the forms."""
    specs = find_edition(edition).specs
    economic = _economic(
        rng, unit, specs["一般公共预算财政拨款基本支出决算表"].lists["明细"].listed
    )
    soe = next(name for name in specs if name.startswith("国有资本经营预算财政拨款"))
    san_gong = next(name for name in specs if "“三公”" in name)
    content = {
        "收入支出决算总表": _overview(unit, _placed_classes(edition)),
        "收入决算表": _list(unit, _income_columns()),
        "支出决算表": _list(unit, _spending_columns()),
        "财政拨款收入支出决算总表": _fiscal_overview(unit, _placed_classes(edition)),
        "一般公共预算财政拨款支出决算表": _list(unit, _source_columns(GENERAL, "合计")),
        "一般公共预算财政拨款基本支出决算表": _basic(economic),
        san_gong: _san_gong(rng, economic, unit),
        "政府性基金预算财政拨款收入支出决算表": _list(unit, _balance_columns(FUND)),
        soe: _list(
            unit,
            _balance_columns(SOE) if "收入支出" in soe else _source_columns(SOE, "本年支出"),
        ),
    }
    return {name: content[name] for name in specs if content.get(name)}


def _placed_classes(edition: str) -> list[str]:
    """The names of the 类 that the 总表 of an edition has rows for, in their order."""
    (form,) = (
        b for b in find_edition(edition).tables["收入支出决算总表"].blocks if b.name == "支出"
    )
    names = [row.name for row in form.rows if row.row is not None]
    return names[: names.index("本年支出合计")]


def _by_class(unit: Unit, amount: Callable[[Item], int], names: list[str]) -> dict[str, int]:
    """`amount` added up per 类, for every 类 that the form has."""
    codes = {unit.names[code]: code for code in unit.names if len(code) == 3}
    found = {name: unit.total(amount, codes[name]) if name in codes else 0 for name in names}
    assert sum(found.values()) == unit.total(amount), "a 类 without a row in the form"
    return found


def _overview(unit: Unit, classes: list[str]) -> Raw:
    income = {
        f"{APPROPRIATION[source]}收入": unit.total(lambda item, s=source: item.appropriated(s))
        for source in FISCAL
    }
    for name in NON_FISCAL_INCOME:
        income[name] = unit.total(lambda item, n=name: item.income[n])
    total_income = sum(income.values())
    spent = _by_class(unit, lambda item: item.spent.total(), classes)
    total_spent = sum(spent.values())
    opening = unit.opening + unit.total(lambda item: item.opening.total())
    closing = unit.closing + unit.total(lambda item: item.closing.total())
    total = total_income + unit.reserve_used + opening
    assert total == total_spent + unit.distributed + closing, (
        "income and expenditure do not balance"
    )
    return {
        "收入": {
            **income,
            "本年收入合计": total_income,
            "使用非财政拨款结余": unit.reserve_used,
            "年初结转和结余": opening,
            "总计": total,
        },
        "支出": {
            **spent,
            "本年支出合计": total_spent,
            "结余分配": unit.distributed,
            "年末结转和结余": closing,
            "总计": total,
        },
    }


def _income_columns() -> Columns:
    fiscal = lambda item: sum(item.appropriated(source) for source in FISCAL)  # noqa: E731
    columns: dict[str, Callable[[Item], int]] = {
        "本年收入合计": lambda item: fiscal(item) + item.income.total(),
        "财政拨款收入": fiscal,
    }
    for name in NON_FISCAL_INCOME:
        columns[name] = lambda item, n=name: item.income[n]
    return columns


def _spending_columns() -> Columns:
    columns: dict[str, Callable[[Item], int]] = {"本年支出合计": lambda item: item.spent.total()}
    for nature in NATURES:
        columns[nature] = lambda item, n=nature: sum(
            item.spent[source, n] for source in (*FISCAL, OTHER)
        )
    return columns


def _source_columns(source: str, total: str) -> Columns:
    return {
        total: lambda item: item.spent_by(source),
        BASIC: lambda item: item.spent[source, BASIC],
        PROJECT: lambda item: item.spent[source, PROJECT],
    }


def _balance_columns(source: str) -> Columns:
    columns = {
        "年初结转和结余": lambda item: item.opening[source],
        "本年收入": lambda item: item.appropriated(source),
        **_source_columns(source, "本年支出"),
        "年末结转和结余": lambda item: item.closing[source],
    }
    return {name: columns[name] for name in BALANCES}


def _list(unit: Unit, columns: Columns) -> Raw | None:
    """A table of 类, 款, 项 and 合计, of the 项 that have anything in it; None when none has."""
    items = [i for i in unit.items if any(amount(i) for amount in columns.values())]
    if not items:
        return None
    codes = sorted({item.code[:length] for item in items for length in (3, 5, 7)})
    names = unit.names | {item.code: item.name for item in items}
    rows = [
        {
            "科目编码": code,
            "科目名称": names[code],
            **{
                column: sum(amount(item) for item in items if item.code.startswith(code))
                for column, amount in columns.items()
            },
        }
        for code in codes
    ]
    total = {column: sum(map(amount, items)) for column, amount in columns.items()}
    return {"合计": total, "明细": rows}


def _fiscal_overview(unit: Unit, classes: list[str]) -> Raw:
    appropriated, opening, closing, spent = {}, {}, {}, {}
    for source, name in APPROPRIATION.items():
        appropriated[name] = unit.total(lambda item, s=source: item.appropriated(s))
        opening[name] = unit.total(lambda item, s=source: item.opening[s])
        closing[name] = unit.total(lambda item, s=source: item.closing[s])
        spent[name] = _by_class(unit, lambda item, s=source: item.spent_by(s), classes)
    rows = {row: {name: spent[name][row] for name in spent} for row in classes}
    rows["本年支出合计"] = {name: sum(spent[name].values()) for name in spent}
    rows["年末财政拨款结转和结余"] = closing
    rows["总计"] = {name: rows["本年支出合计"][name] + closing[name] for name in closing}
    return {
        "收入": {
            **appropriated,
            "本年收入合计": sum(appropriated.values()),
            "年初财政拨款结转和结余": sum(opening.values()),
            **{f"年初{name}": amount for name, amount in opening.items()},
            "总计": sum(appropriated.values()) + sum(opening.values()),
        },
        "支出": {row: {"合计": sum(cells.values()), **cells} for row, cells in rows.items()},
    }


def _economic(rng: Random, unit: Unit, listed: tuple[str, ...]) -> dict[str, int]:
    """Basic expenditure of the general budget by economic code, for every code that the form lists."""
    amounts = dict.fromkeys(listed, 0)
    rest = unit.spent([GENERAL], [BASIC])
    for item in unit.items:
        if item.code in LINKED:
            amounts[LINKED[item.code]] += item.spent[GENERAL, BASIC]
            rest -= item.spent[GENERAL, BASIC]
    pool = [c for c in listed if len(c) == 5 and c not in LINKED.values()]
    if rest:
        chosen = sorted(rng.sample(pool, rng.randint(1, min(30, max(1, rest // LEAST), len(pool)))))
        for code, part in zip(chosen, split(rng, rest, len(chosen)), strict=True):
            small = code not in SAN_GONG.values() or part * _PART <= rest
            amounts[code if small else _OFFICE] += part
    for code in listed:
        if len(code) == 3:
            amounts[code] = sum(amounts[c] for c in listed if len(c) == 5 and c.startswith(code))
    return amounts


def _basic(economic: dict[str, int]) -> Raw | None:
    if not any(economic.values()):
        return None
    names = economic_names()
    staff = sum(a for c, a in economic.items() if len(c) == 3 and c in ("301", "303"))
    office = sum(a for c, a in economic.items() if len(c) == 3 and c not in ("301", "303"))
    return {
        "明细": [
            {"科目编码": code, "科目名称": names[code], "金额": amount}
            for code, amount in economic.items()
        ],
        "合计": {"人员经费合计": staff, "公用经费合计": office},
    }


def _san_gong(rng: Random, economic: dict[str, int], unit: Unit) -> Raw | None:
    """Final figures not below what basic expenditure shows, above it by what projects spend; budgets not below
    the final figures. No figure is more than a small part of what the unit spends."""
    projects = unit.spent(FISCAL, (PROJECT,))
    everything = unit.spent(FISCAL, (BASIC, PROJECT))
    final = {name: economic.get(code, 0) for name, code in SAN_GONG.items()}
    for name in final:
        if rng.random() < 0.25:
            final[name] += _if_small(money(rng, 7), projects)
    budget = {
        name: amount + _if_small(rng.choice([0, money(rng, 7)]), everything)
        for name, amount in final.items()
    }
    if not any(budget.values()):
        return None
    return {"预算数": _with_sums(budget), "决算数": _with_sums(final)}


def _if_small(amount: int, whole: int) -> int:
    """An amount, or nothing where it is more than a small part of a whole."""
    return amount if amount * _PART <= whole else 0


def _with_sums(amounts: dict[str, int]) -> dict[str, int]:
    cars = amounts["公务用车购置费"] + amounts["公务用车运行费"]
    return {
        "合计": sum(amounts.values()),
        "因公出国（境）费": amounts["因公出国（境）费"],
        "公务用车购置及运行费": cars,
        "公务用车购置费": amounts["公务用车购置费"],
        "公务用车运行费": amounts["公务用车运行费"],
        "公务接待费": amounts["公务接待费"],
    }
