"""Whether anything is filled in a table, as a formula: what the lines of the 审核表 ask for missing figures."""

from __future__ import annotations

from xltool.checks.context import Context
from xltool.livechecks.areas import CellArea, area_ref, rectangles, sheet_prefix
from xltool.livechecks.terms import DECLARED, EMPTY
from xltool.mapping.located import Located
from xltool.ooxml import Formula, split_ref

FILLED = "有数"
_BELOW = 12
"""How far below the last row of a form its 说明 may stand."""


def table_state(context: Context, located: Located, table: str, instance: int) -> Formula:
    """有数; 空: nothing at all; 无数据: it says that it has no data, and holds no figure but zeros."""
    areas = _areas(located)
    filled = "+".join(f"SUMPRODUCT(--(LEN({cells})>0))" for cells in areas) or "0"
    figures = "+".join(CellArea(cells).figures for cells in areas) or "0"
    stated = f'COUNTIF({_everything(located)},"*说明*无数据*")>0'
    if (ref := context.statements.get((table, instance))) is not None:
        # offices say it in other words too: the line that says it now
        stated = f"OR({stated},LEN({sheet_prefix(located.sheet.name)}{ref})>0)"
    text = (
        f'IF({stated},IF({figures}=0,"{DECLARED}","{FILLED}"),IF({filled}>0,"{FILLED}","{EMPTY}"))'
    )
    if table in context.declared_empty:
        return Formula(text, DECLARED)
    empty = context.report.tables[table][instance].empty
    stated_now = (table, instance) in context.statements
    return Formula(text, EMPTY if empty and not stated_now else FILLED)


def _areas(located: Located) -> list[str]:
    sheet = located.sheet.name
    cells = [*located.fields.values()]
    for codes in located.codes.values():
        cells += codes.values()
    found = rectangles((sheet, ref) for ref in cells)
    for rows in located.lists.values():
        if rows.rows:
            left = min(spot.left for spot in rows.columns.values())
            right = max(spot.right for spot in rows.columns.values())
            found.append(area_ref(sheet, rows.rows[0], rows.rows[-1], left, right))
    return found


def _everything(located: Located) -> str:
    """Every cell of the sheet that may hold the statement."""
    places = [split_ref(ref) for ref, _ in located.sheet.items()]
    bottom = max((row for row, _ in places), default=1) + _BELOW
    right = max((column for _, column in places), default=1)
    return area_ref(located.sheet.name, 1, bottom, 1, right)
