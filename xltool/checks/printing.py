"""What cells print: a figure that is shown as another one, or not at all, is not the one that was audited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from xltool.checks.context import Context
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.ooxml import column_letter, split_ref
from xltool.ooxml.read.styles import shows_date
from xltool.reading.narrow import Narrow, narrow_cells
from xltool.reading.printing import Fault, Misprint

_SHOWN = 5
_HINTS: Mapping[Fault, str] = {
    "covered": "取消合并，盖住的数不该有的清掉",
    "unseen": "把字改得看得见，再核对这些数",
    "format": "改成 #,##0.00 一类的格式；表上的单位与所存的数不同的，换算成表上的单位再填",
}


def check(context: Context) -> Iterator[Finding]:
    """Cells whose print is another figure, those of one sheet and one reason together."""
    groups: dict[tuple[str, str, str], list[Misprint]] = defaultdict(list)
    for found in context.reading.misprints:
        # a date is told of as what it is
        if not shows_date(context.sheets[found.sheet].number_format(found.ref)):
            groups[found.place.table, found.sheet, found.why].append(found)
    yield from _too_narrow(context)
    yield from _as_formulas(context)
    for (table, sheet, why), group in groups.items():
        shown = "、".join(f"{found.ref} {found.words}" for found in group[:_SHOWN])
        more = f" 等{len(group)}格" if len(group) > _SHOWN else ""
        cells = tuple(CellRef(sheet, m.ref) for m in group)
        yield context.finding(
            "ALL-08",
            f"显示的不是所存的数：{shown}{more}（{why}）",
            f"{sheet} {why}",
            table=table,
            sheet=sheet,
            cells=cells,
            hint=_HINTS[group[0].kind],
            names_cells=True,
        )


def _as_formulas(context: Context) -> Iterator[Finding]:
    """Sheets that print their formulas in place of the figures."""
    for sheet, table in context.reading.table_on.items():
        shown = context.sheets[sheet]
        if shown.shows_formulas and shown.formulas():
            yield context.finding(
                "ALL-08",
                "开着“显示公式”，打开、印出来的是公式，不是数",
                f"{sheet} 显示公式",
                table=table,
                sheet=sheet,
                cells=tuple(CellRef(sheet, ref) for ref in shown.formulas()),
                hint="在“公式”选项卡里关掉“显示公式”",
            )


def _too_narrow(context: Context) -> Iterator[Finding]:
    """Columns that have no room for their figures and print #### instead, those of one table together."""
    groups: dict[tuple[str, str], list[Narrow]] = defaultdict(list)
    for found in narrow_cells(context.reading):
        groups[found.place.table, found.sheet].append(found)
    for (table, sheet), group in groups.items():
        shown = "、".join(f"{found.ref} {found.text}" for found in group[:_SHOWN])
        more = f" 等{len(group)}格" if len(group) > _SHOWN else ""
        columns = dict.fromkeys(column_letter(split_ref(found.ref)[1]) for found in group)
        yield context.finding(
            "ALL-08",
            f"栏太窄，打开、印出来是####：{shown}{more}",
            f"{sheet} 栏太窄",
            table=table,
            sheet=sheet,
            cells=tuple(CellRef(sheet, found.ref) for found in group),
            hint=f"把{'、'.join(columns)}列拉宽，或把字改小",
            names_cells=True,
        )
