"""What `sum` says on the terminal: what was added, what an adjustment changed, what does not agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import click

from xltool.core.amounts import decimals, money
from xltool.ooxml.edit.measure import width
from xltool.sums.addition import Addition
from xltool.sums.cells import words
from xltool.sums.comparison import Difference, SumComparison
from xltool.sums.department import SumCheck
from xltool.sums.suggesting import Suggestion

TextRow = Sequence[str | Decimal | None]
"""The cells of a line of a table: texts and amounts."""

_SHOWN_RULES = 12
_SHOWN_CAUSES = 5
_SHOWN_FAILED = 6


def added(result: Addition, name: str) -> Iterator[str]:
    """Which units make the sum, and what to know of it."""
    head = f"{name}　{result.year}年度　{result.edition.id}　{result.unit}"
    yield click.style(head, bold=True)
    yield f"汇总 {len(result.units)} 个单位，{len(result.cells)} 个数："
    for unit in result.units:
        yield f"  {unit.name}　{unit.file}　{unit.unit}"
    for note in result.notes:
        yield f"提示：{note}"


def adjusted(result: Addition) -> Iterator[str]:
    """The cells that the adjustments changed, by table."""
    if not result.adjustments:
        return
    files = "、".join(addend.file for addend in result.adjustments)
    yield ""
    yield click.style(f"调整（{files}）改动了 {len(result.changes)} 格，{result.unit}", bold=True)
    by_table: dict[str, list[TextRow]] = {}
    for change in result.changes:
        label = words(change.spot, result.names, result.specs)
        by_table.setdefault(change.spot.table, []).append(
            (label, change.before, change.by, change.after)
        )
    for table, rows in by_table.items():
        yield f"{table}"
        yield from grid(("项目", "各单位合计", "调整", "调整后"), rows)


def compared(found: SumComparison) -> Iterator[str]:
    """Every cell of the department's book that is not the sum, by table."""
    department = found.department
    yield ""
    title = f"核对 {department.reading.file}（{department.addend.name}）：{found.compared} 格"
    residual = f"，{found.residual} 格有尾差（四舍五入）" if found.residual else ""
    if not found.differences:
        yield f"{title}，{click.style('与各单位之和相符', fg='green', bold=True)}{residual}"
        return
    verdict = click.style(f"{len(found.differences)} 格不符", fg="red", bold=True)
    yield f"{title}，{verdict}{residual}"
    for cause, count in found.common[:_SHOWN_CAUSES]:
        yield f"  → {cause.common_text}：{count} 格"
    if found.more_units:
        yield "  → 部门数大多比各单位之和大，又没有单个单位能解释：可能还有单位没有给进来"
    if found.fewer_units:
        yield "  → 部门数大多比各单位之和小：可能有的单位不属于这个部门，或核对的不是部门的工作簿"
    by_table: dict[str, list[Difference]] = {}
    for difference in found.differences:
        by_table.setdefault(difference.spot.table, []).append(difference)
    for table, differences in by_table.items():
        sheet = next((d.cell[0] for d in differences if d.cell), "")
        yield ""
        yield click.style(f"{table}" + (f"（工作表“{sheet}”）" if sheet else ""), bold=True)
        rows = [_row(difference) for difference in differences]
        yield from grid(("单元格", "项目", "部门数", "各单位之和", "相差", "可能的原因"), rows)


def _row(difference: Difference) -> TextRow:
    return (
        difference.cell[1] if difference.cell else "没有这行",
        difference.label,
        difference.value,
        difference.total,
        difference.difference,
        difference.cause,
    )


def suggested(made: Suggestion) -> Iterator[str]:
    """What a suggested adjustment holds and what it leaves to people."""
    if not made.cells:
        yield "没有可以建议的调整"
    for amount, cells in made.both.items():
        places = "、".join(f"{d.spot.table}·{d.label}" for d in cells)
        yield f"{money(amount)} 同时在：{places}，像是单位之间的往来"
    if made.mistakes:
        told = "、".join(f"{d.spot.table}·{d.label}（{d.cause}）" for d in made.mistakes)
        yield f"像是错误、不是抵销，没有写进调整表：{told}"


def checked(check: SumCheck, *, adjusted: bool) -> Iterator[str]:
    """Whether the sum keeps the rules of the forms, and where it does not."""
    yield f"汇总表校验：{check.verdict}"
    if check.residual:
        rules = _rules(finding.rule for finding in check.residual)
        yield (
            f"提示：汇总后有 {len(check.residual)} 处勾稽关系因各单位分别四舍五入而有尾差（{rules}）；"
            f"以后校验汇总表请加 --summed {check.printed}"
        )
    if check.failed:
        also = "，并核对调整表" if adjusted else ""
        yield (
            f"注意：汇总后有 {len(check.failed)} 处不符，先用 xltool validate 校验各单位{also}："
        )
        for finding in check.failed[:_SHOWN_FAILED]:
            yield f"  {finding.rule} {finding.table}：{finding.brief}"
        if len(check.failed) > _SHOWN_FAILED:
            rest = check.failed[_SHOWN_FAILED:]
            yield f"  …… 其余 {len(rest)} 处略（{_rules(finding.rule for finding in rest)}）"
    if check.unaudited:
        yield (
            f"注意：必须相符的规则有 {len(check.unaudited)} 条没能审核（{_rules(check.unaudited)}），"
            "表没有填全；用 xltool validate 校验各单位，看缺哪些数"
        )


def _rules(ids: Iterable[str]) -> str:
    listed = list(dict.fromkeys(ids))
    return "、".join(listed[:_SHOWN_RULES]) + ("等" if len(listed) > _SHOWN_RULES else "")


def grid(head: Sequence[str], rows: Sequence[TextRow]) -> Iterator[str]:
    """Rows under a head, in columns that line up where Chinese characters take two places.

    Amounts (None: blank) stand at the right, all with as many decimals as the finest of them.
    """
    amounts = [cell for row in rows for cell in row if isinstance(cell, Decimal)]
    places = max([2, *map(decimals, amounts)])
    lines = [list(head)]
    lines += [[c if isinstance(c, str) else money(c, places) for c in row] for row in rows]
    widths = [max(width(line[n]) for line in lines) for n in range(len(head))]
    right = [any(not isinstance(row[n], str) for row in rows) for n in range(len(head))]
    for line in lines:
        cells = [_pad(cell, widths[n], right=right[n]) for n, cell in enumerate(line)]
        yield f"  {'  '.join(cells)}".rstrip()


def _pad(text: str, room: int, *, right: bool) -> str:
    space = " " * (room - width(text))
    return space + text if right else text + space
