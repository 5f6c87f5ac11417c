"""The money unit of a report: what its sheets print, or a problem.

No unit is ever supposed: figures in a unit that is not printed, or not understood, are 10 to 10,000 times wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xltool.core.amounts import UNITS
from xltool.core.model import RECOGNISED
from xltool.core.moneyunits import stated_units, unit_in_label
from xltool.core.problems import Problem
from xltool.core.texts import loose, norm
from xltool.mapping.formtexts import form_texts
from xltool.mapping.headlines import HEAD_ROWS
from xltool.mapping.located import Drift
from xltool.ooxml import split_ref
from xltool.reading.found import UNIT_HEAD, FoundTable, UnitFault
from xltool.reading.model import Reading


def take_unit(reading: Reading) -> None:
    """Set the report's unit ("" when no sheet tells it); tell of sheets that print none, another, or an odd one."""
    for found_table in reading.found_tables:
        _read_labels(found_table)
        _read_heads(found_table)
        if found_table.unit_fault is None and found_table.odd_unit:
            message = f"金额单位写作“{found_table.odd_unit}”，本工具只认{'、'.join(UNITS)}"
            _fault(found_table, _cell(found_table), message, "把金额换算成元或万元，再改金额单位")
        if found_table.unit_fault is not None:
            # figures in an unknown unit are as little read as those that were not found
            found_table.located.problems.append(found_table.unit_fault.problem)
            reading.problems.append(found_table.unit_fault.problem)
    printing = [s for s in reading.found_tables if s.mapping.unit_line] or reading.found_tables
    units: dict[str, str] = {}
    for found_table in printing:
        if found_table.unit:
            units.setdefault(found_table.unit, found_table.located.sheet.name)
    if len(units) > 1 and not reading.recognised:
        shown = "、".join(f"“{sheet}”是{unit}" for unit, sheet in units.items())
        reading.problems.append(
            Problem(reading.file, f"各表的金额单位不一致：{shown}", code="units-differ")
        )
    elif not units and printing and not any(s.odd_unit for s in printing):
        reading.problems.append(Problem(reading.file, "找不到金额单位（元或万元）", code="no-unit"))
    # where sheets disagree, most of them are believed
    counted = Counter(s.unit for s in reading.found_tables if s.unit in units)
    reading.report.unit = max(units, key=counted.__getitem__, default="")
    for found_table in reading.found_tables if units else ():
        line = found_table.mapping.unit_line
        at = line.range.anchor if line else "表头" if _should_have(found_table) else ""
        if at and UNIT_HEAD not in found_table.heads:
            expected = f"{at}，现按其他表的“{reading.report.unit}”读"
            found_table.located.drift.append(Drift("缺少", UNIT_HEAD, expected, ""))


def _should_have(found_table: FoundTable) -> bool:
    """Whether a recognised table tells its money unit nowhere."""
    return found_table.mapping.source == RECOGNISED and found_table.mapping.unit is None


def _read_labels(found_table: FoundTable) -> None:
    """Labels that are the form's but for the unit in their brackets: it is the sheet's, or contradicts it."""
    located = found_table.located
    if located.as_planned:
        return
    own = form_texts(found_table.mapping)
    alike = set(map(loose, own))
    for ref, text in located.sheet.items():
        unit = unit_in_label(text) if isinstance(text, str) else None
        if unit is None or norm(str(text)) in own or loose(str(text)) not in alike:
            continue
        stated = found_table.odd_unit or found_table.unit
        if stated is None:
            found_table.heads[UNIT_HEAD] = unit
            located.labels[ref] = f"{{{UNIT_HEAD}}}"
        elif unit != stated:
            message = f"写着“{text}”，本表的金额单位是“{stated}”，不知道按哪个读"
            _fault(found_table, ref, message, "核对金额，改正写错的一处")
            return


def _read_heads(found_table: FoundTable) -> None:
    """Units that the sheet states above its table, besides the one that it is read in."""
    stated = found_table.unit
    for ref, text in _above(found_table) if stated else ():
        for unit in stated_units(text):
            if unit != stated and found_table.unit_fault is None:
                message = f"写着“{text.strip()}”，表上另处的金额单位是“{stated}”，不知道按哪个读"
                _fault(found_table, ref, message, "核对金额，改正写错的一处")


def _above(found_table: FoundTable) -> Iterator[tuple[str, str]]:
    """The texts of the first rows of a table's part of its sheet: what stands over another one says nothing of it."""
    sheet, area = found_table.located.sheet, found_table.mapping.area
    top = area.top if area else 1
    for ref, value in sheet.head(top - 1 + HEAD_ROWS):
        if isinstance(value, str) and (area is None or area.holds(*split_ref(ref))):
            yield ref, value


def _fault(found_table: FoundTable, ref: str, message: str, hint: str) -> None:
    table, sheet = found_table.mapping.table, found_table.located.sheet.name
    found_table.unit_fault = UnitFault(table, sheet, ref, message, hint)


def _cell(found_table: FoundTable) -> str:
    """Where a sheet prints its unit."""
    marks = (ref for ref, text in found_table.located.labels.items() if f"{{{UNIT_HEAD}}}" in text)
    line = found_table.mapping.unit_line
    return next(marks, line.range.anchor if line else "")
