"""下一处问题: from marked cell to marked cell, in the order of the sheets."""

from __future__ import annotations

from collections.abc import Mapping

from xltool.addin.hosts.contract import Host
from xltool.checks import validate
from xltool.core.cellref import CellRef
from xltool.ooxml import Workbook, split_ref
from xltool.reporting.workbook.cellmarks import CellMark, cell_marks

MarkedPlace = tuple[int, int, int]
"""Sheet, row, column."""


def next_problem(host: Host) -> None:
    """Move to the next cell that is to be marked as the workbook stands now, and say why."""
    with host.working("决算工具：正在查找问题……"):
        reading = host.read()
        marks = cell_marks(validate(reading))
    order = _in_order(marks, reading.workbook)
    if not order:
        host.report("没有要处理的单元格。完整的结论请按“校验”。")
        return
    n = _after(order, host.here(), reading.workbook)
    sheet, ref = order[n]
    seen = host.goto(order[n])
    remarks = []
    if not seen:
        remarks.append(f"工作表“{sheet}”是隐藏的，取消隐藏后才能看到。")
    elif reading.workbook.sheet(sheet).hidden(ref):
        remarks.append("这一格所在的行或列被隐藏或筛选掉了。")
    note = marks[sheet][ref].note or "与另一处标红的单元格有关，详见“校验结果”表。"
    where = f"{n + 1}/{len(order)}　{sheet} {ref}"
    host.report("\n\n".join([where, note, *remarks]))


def _place(cell: CellRef, workbook: Workbook) -> MarkedPlace:
    sheet, ref = cell
    row, column = split_ref(ref)
    return workbook.sheet(sheet).index, row, column


def _in_order(marks: Mapping[str, Mapping[str, CellMark]], workbook: Workbook) -> list[CellRef]:
    cells = [CellRef(sheet, ref) for sheet, refs in marks.items() for ref in refs]
    return sorted(cells, key=lambda cell: _place(cell, workbook))


def _after(order: list[CellRef], here: CellRef | None, workbook: Workbook) -> int:
    """The first cell behind `here`; the very first when there is none."""
    names = {sheet.name for sheet in workbook.sheets}
    if here is None or here[0] not in names:
        return 0
    place = _place(here, workbook)
    behind = (n for n, cell in enumerate(order) if _place(cell, workbook) > place)
    return next(behind, 0)
