"""Data documents of plausible units, made from a seed, in which every identity of the forms holds.

Amounts are drawn in 分 per 项, source and nature; all else (款, 类, totals, the other tables) is added up from
them here, without help of the program under test. `make` gives what `parse_text` would give.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.documents.codes import functional_codes
from tests.support.documents.derived import is_derived, leaves
from tests.support.documents.performance import projects, whole_review
from tests.support.documents.render import Renderer
from tests.support.documents.tables import tables
from tests.support.documents.unit import draw_unit
from tests.support.statements import stated

__all__ = ["EDITIONS", "Edition", "is_derived", "leaves", "make"]

Raw = dict[str, Any]


@dataclass(frozen=True)
class Edition:
    """What the generator has to know of an edition. `without`: 类 that its 总表 has no row for; `unplaced`: totals
    that its tables have no place for."""

    years: tuple[int, ...]
    without: tuple[str, ...] = ()
    reviews: bool = True
    unplaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_SPENT = ("本年支出", "基本支出", "项目支出")


EDITIONS = {
    "2021-national": Edition((2020, 2021)),
    "2023-national": Edition((2023, 2024, 2025)),
    "2024-shanghai": Edition(
        (2024, 2025),
        without=("231", "232"),
        reviews=False,
        unplaced={
            "政府性基金预算财政拨款收入支出决算表": _SPENT,
            "国有资本经营预算财政拨款收入支出决算表": _SPENT,
        },
    ),
}

_NAMES = (
    "安民县财政局",
    "清河市第2中学（本级）",
    "中共临江区委社会工作部",
    "永宁镇人民政府",
    "市2010工程建设服务中心",
    "县妇幼保健院",
)
_PEOPLE = ("王丽", "欧阳建国", "Li Wei", "买买提·艾力")


def make(
    seed: int,
    edition: str,
    *,
    details: int,
    unit: str = "元",
    printed: bool = False,
    zeros: bool | None = None,
) -> Raw:
    """A data document with about `details` 项 rows (1 to 400); the same arguments give the same document.

    In 万元 amounts are exact (six decimals), or with `printed` each is rounded to two decimals by itself, as
    published figures are. Cells that hold nothing are blank or 0 throughout: as `zeros` says, else as the seed
    decides. A purely administrative unit says so in 单位类型.
    """
    form = EDITIONS[edition]
    rng = random.Random(f"{edition} {seed} {details}")
    year = rng.choice(form.years)
    drawn = draw_unit(rng, functional_codes(year, form.without), details)
    blank_or_zero = rng.random() < 0.4
    render = Renderer(unit, printed, blank_or_zero if zeros is None else zeros)
    name = rng.choice(_NAMES)
    content = tables(rng, drawn, edition)
    heads: Raw = {"单位类型": "行政单位"} if drawn.administrative else {}
    if form.reviews:
        review = whole_review(rng, drawn, name)
        if review is not None:
            content["部门整体绩效自评表"] = review
            heads |= {"填报人": rng.choice(_PEOPLE), "联系电话": f"0{rng.randrange(10**10):010}"}
        content["项目支出绩效自评表"] = projects(rng, drawn, name)
    found = render.tables(content)
    for table, names in form.unplaced.items():
        for column in names:
            found.get(table, {}).get("合计", {}).pop(column, None)
    made = {
        "版本": edition,
        "单位名称": name,
        "年度": render.whole(year),
        "金额单位": unit,
        **heads,
        "表": found,
    }
    return stated(made)
