"""科目 for generated units: the 项 in force in a year, by the source of money they belong to."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from xltool.core.resources import MAPPINGS

# No unit's expenditure: social insurance funds, reserves, transfers, issuing costs of debt.
_OTHERS = ("209", "227", "230", "233")

SOE_ITEMS = {
    "2230101": "厂办大集体改革支出",
    "2230105": "国有企业退休人员社会化管理补助支出",
    "2230301": "国有企业政策性补贴",
    "2239999": "其他国有资本经营预算支出",
}
"""The 项 of class 223 that documents use."""


@dataclass(frozen=True)
class Codes:
    """The functional codes of one year. `general` and `funds` are 项; `names` are those of all levels."""

    general: tuple[str, ...]
    funds: tuple[str, ...]
    names: Mapping[str, str]


@lru_cache(maxsize=16)
def functional_codes(year: int, without: tuple[str, ...] = ()) -> Codes:
    """The codes in force in `year`, without the 类 in `without`."""
    names = {
        row["科目编码"]: row["科目名称"]
        for row in _read("functional.csv")
        if _in_force(row, year) and not row["科目编码"].startswith((*without, *_OTHERS))
    }
    items = [c for c in names if len(c) == 7 and c[:5] in names and c[:3] in names]
    funds = tuple(c for c in items if c.startswith(_fund_codes()))
    general = tuple(c for c in items if c not in funds and not c.startswith("223"))
    return Codes(general, funds, names | SOE_ITEMS)


@lru_cache(maxsize=1)
def economic_names() -> dict[str, str]:
    """Names of all economic codes."""
    return {row["科目编码"]: row["科目名称"] for row in _read("economic.csv")}


@lru_cache(maxsize=1)
def functional_names() -> dict[str, str]:
    """Names of all functional codes, of whatever year."""
    return {row["科目编码"]: row["科目名称"] for row in _read("functional.csv")}


@lru_cache(maxsize=4)
def _read(file: str) -> tuple[dict[str, str], ...]:
    with (MAPPINGS / "codes" / file).open(encoding="utf-8-sig", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _in_force(row: dict[str, str], year: int) -> bool:
    return int(row["起始年度"] or year) <= year <= int(row["截止年度"] or year)


@lru_cache(maxsize=1)
def _fund_codes() -> tuple[str, ...]:
    rules = yaml.safe_load((MAPPINGS / "rules" / "base.yaml").read_text(encoding="utf-8"))
    return tuple(rules["sets"]["基金科目"])
