"""On which terms a verdict was reached: rules that were taken out or eased, checks that were left out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from xltool.core.amounts import convert
from xltool.core.model import Report
from xltool.core.problems import InputError, Problem
from xltool.rules.changes import Changes

_SHOWN = 6
LEAST = Decimal(1)
"""万元 that the smallest unit spends in a year: a sum has no more units than that."""
_SPENT = (
    ("收入支出决算总表", ("支出", "本年支出合计")),
    ("支出决算表", ("合计", "本年支出合计")),
)


class Terms(NamedTuple):
    """What a verdict rests on besides the workbook. `summed`: of how many units the figures are added."""

    changes: Changes = Changes()
    summed: int = 1
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """What the line under the verdict says of it; nothing where all is as it comes with the tool."""
        limited = {change.rule for change in self.changes.limits}
        told: tuple[tuple[str, Iterable[str]], ...] = (
            ("取消了", self.changes.removed),
            ("降低了", self.changes.lowered),
            ("改写了", [name for name in self.changes.rewritten if name not in limited]),
            ("改了界限", map(str, self.changes.limits)),
            ("只做了", self.only),
            ("没有做", self.skip),
        )
        listed = ((word, _listed(names)) for word, names in told)
        words = [f"{word}{names}" for word, names in listed if names]
        return words + ([f"尾差按{self.summed}个单位相加放宽"] if self.summed > 1 else [])


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    more = f"等{len(known)}条" if len(known) > _SHOWN else ""
    return "、".join(known[:_SHOWN]) + more


def require_plausible(report: Report, summed: int) -> None:
    """See that a workbook can be the sum of so many units. Raises `InputError`."""
    spent = _spent(report)
    if summed == 1 or spent is None:
        return
    most = max(1, int(convert(spent, report.unit, "万元") / LEAST)) if report.unit else 1
    if summed > most:
        message = (
            f"全年支出只有 {spent} {report.unit}，不会是{summed}个单位相加的（最多按{most}个）"
        )
        raise InputError(Problem("--summed", message, "写实际的单位个数", code="bad-option"))


def _spent(report: Report) -> Decimal | None:
    for name, path in _SPENT:
        for table in report.tables.get(name, []):
            value = table.fields.get(path)
            if isinstance(value, Decimal):
                return value
    return None
