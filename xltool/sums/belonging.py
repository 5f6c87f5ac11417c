"""Whether reports can be added: of one edition and year, no unit twice, and none that is the sum of the others."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from xltool.core.amounts import convert
from xltool.core.model import Report
from xltool.core.problems import Problem
from xltool.core.texts import norm
from xltool.editions import Edition
from xltool.rules.values import HALF_CENT, ZERO
from xltool.sums.addend import Addend
from xltool.sums.cells import CellKey

_CHOOSE = (
    "每个单位只留一份，或先用 xltool review --season 审一遍，再加 --season 审核季，只加算数的一份；"
    "确是两个单位的，先改表上的单位名称"
)
_ENOUGH = 10
_SHARE = Decimal("0.9")
"""A report is the sum of the others when that many of its figures and that share of them are."""


def common_kind(reports: Sequence[tuple[str, Report, Edition]]) -> tuple[str, int] | None:
    """The edition and year that most reports are of; None without reports."""
    kinds = Counter((edition.id, report.year) for _, report, edition in reports)
    return max(kinds, key=lambda kind: (kinds[kind], kind), default=None)


def mixed(
    reports: Sequence[tuple[str, Report, Edition]], common: tuple[str, int] | None
) -> Iterator[Problem]:
    """Reports of another edition or year than the common one: each is named."""
    others = [
        (edition.id, report.year, f"{report.unit_name}（{shown}）")
        for shown, report, edition in reports
        if (edition.id, report.year) != common
    ]
    for edition_id, year, name in sorted(others, key=lambda other: other[:2]):
        assert common is not None
        message = f"是 {edition_id} 版、{year}年度的表，多数单位是 {common[0]} 版、{common[1]}年度"
        yield Problem(name, message, "版本或年度不同的表不能相加，分开汇总", code="not-alike")


def once(units: Sequence[Addend]) -> tuple[list[Addend], list[str]]:
    """The units without further copies of one: same name, same 单位编码, same figures. A line on each copy."""
    kept: dict[object, Addend] = {}
    copies = []
    for unit in units:
        key = norm(unit.name), unit.heads.get("单位编码", ""), frozenset(unit.cells.items())
        first = kept.setdefault(key, unit)
        if first is not unit:
            copies.append(f"{unit.file} 没有加：与 {first.file} 是同一单位，数字完全相同，只加一次")
    return list(kept.values()), copies


def twice(units: Sequence[Addend]) -> Iterator[Problem]:
    """A unit that is given twice and not the same: one name, or the same figures under another name."""
    by_name: dict[str, Addend] = {}
    by_content: dict[frozenset[tuple[CellKey, Decimal]], Addend] = {}
    for unit in units:
        content = frozenset(unit.cells.items())
        same = any(unit.cells.values()) and by_content.get(content)
        if (first := by_name.get(norm(unit.name))) is not None:
            differs = "单位编码不同" if same is first else "数字不同"
            message = f"“{unit.name}”给了两次：{first.file} 和 {unit.file}，{differs}"
            yield Problem("", message, _CHOOSE, code="doubled")
        elif same:
            message = f"{same.label}和{unit.label}的数字完全相同，像是同一份表交了两次"
            yield Problem("", message, "只留一份，或核对这两个单位的表", code="doubled")
        by_name.setdefault(norm(unit.name), unit)
        by_content.setdefault(content, unit)


def whole(units: Sequence[Addend], unit: str) -> Iterator[Problem]:
    """A department's report among its units, which would be counted twice. Amounts are in `unit`."""
    if len(units) < 3:
        return
    totals: dict[CellKey, Decimal] = defaultdict(Decimal)
    for source in units:
        for spot, value in source.cells.items():
            totals[spot] += value
    filled = {spot: total for spot, total in totals.items() if total != 0}
    half_cent = convert(HALF_CENT, "万元", unit)
    widest = half_cent * len(units)
    # a report that is none of the others' sum is seen to be so by its first figures
    least = max(_ENOUGH, math.ceil(_SHARE * len(filled)))
    rounded = cache(lambda spot: sum(other.rounded(spot, unit) for other in units))

    def is_rest(source: Addend, spot: CellKey, total: Decimal) -> bool:
        gap = abs(2 * source.cells.get(spot, ZERO) - total)
        return gap == 0 or (gap <= widest and gap <= half_cent * rounded(spot))

    for source in units:
        same = len(filled)
        for spot, total in filled.items():
            if not is_rest(source, spot, total):
                same -= 1
                if same < least:
                    break
        if same >= least:
            message = (
                f"{source.label}有 {same} 个数正好是其余各单位之和，像是部门的汇总表，不是一个单位"
            )
            yield Problem("", message, "从各单位里去掉它；要核对它就用 --check", code="not-alike")
