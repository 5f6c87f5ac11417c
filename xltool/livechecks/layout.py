"""How the 审核表 looks: its columns, formats, colours, printing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xltool.livechecks.areas import sheet_prefix
from xltool.livechecks.formulas import LEVEL, OUTCOME
from xltool.ooxml import Condition, Look, NewSheet, PrintSetup
from xltool.rules.model import LEVELS

HEADS: Mapping[str, tuple[str, float]] = {
    "A": ("规则", 8),
    "B": ("名称", 26),
    "C": ("级别", 9.5),
    "D": ("位置", 58),
    "E": ("左方", 14),
    "F": ("关系", 10),
    "G": ("右方", 14),
    "H": ("差额", 12),
    "I": ("容差", 8),
    "J": ("结论", 10),
    "K": ("", 2),
    "L": ("前提", 6),
    "M": ("左", 6),
    "N": ("右", 6),
    "O": ("修约数", 7),
    "P": ("零／细数", 8.5),
    "Q": ("所在清单", 16),
}
"""The columns with their widths in characters. Those behind K are what the others are worked out from."""

HEAD_ROW = 6
"""Table titles are looked for above and in this row: so no name of a table may stand there."""

FIRST = HEAD_ROW + 1
"""The row of the first line."""

_AMOUNT = "#,##0.00####"
_GREY, _LINE_COLOUR = "808080", "BFBFBF"
_COLOURS = {
    "不符": ("9C0006", "FFD9D9"),
    "数据不足": ("7F6000", "FFF2B3"),
    "未执行": ("7F6000", "FFF2B3"),
    "尾差": ("1F4E79", "DDEBF7"),
    "通过": ("375623", "E2EFDA"),
}
VERDICTS = {"勾稽关系不符": "不符", "勾稽关系没有审完": "数据不足", "勾稽关系相符": "通过"}
"""What the sheet as a whole says, and the outcome whose colours it has."""


def looks() -> dict[str, Look]:
    """The formats of its cells."""
    plain = Look(size=10, border=_LINE_COLOUR, wrap=True)
    centred = replace(plain, horizontal="center")
    small = Look(size=9, colour=_GREY, horizontal="center")
    return {
        "text": plain,
        "centre": centred,
        "amount": replace(plain, number_format=_AMOUNT, horizontal="right", wrap=False),
        "outcome": replace(centred, bold=True),
        "head": replace(centred, bold=True, fill="D9E1F2"),
        "small": small,
        "small head": replace(small, bold=True),
        "title": Look(size=16, bold=True),
        "verdict": Look(size=16, bold=True, horizontal="center"),
        "line": Look(size=10, wrap=True),
        "section": Look(size=12, bold=True),
    }


def lay_out(sheet: NewSheet, name: str, last: int) -> None:
    """Widths, colours, filter and printing of the sheet, to be called `name`, whose lines end in row `last`."""
    sheet.widths = {column: size for column, (_, size) in HEADS.items()}
    sheet.frozen = f"C{FIRST}"
    sheet.filtered = f"A{HEAD_ROW}:{OUTCOME}{last}"
    sheet.tab_colour = "548235"
    sheet.printing = PrintSetup(repeat=(HEAD_ROW, HEAD_ROW), footer="&L&A　&F&R第 &P 页，共 &N 页")
    bottom = max(row for row, _ in sheet.cells)
    sheet.names["_xlnm.Print_Area"] = f"{sheet_prefix(name)}$A$1:${OUTCOME}${bottom}"
    area = f"{OUTCOME}{FIRST}:{OUTCOME}{last}"
    warning = f'AND(${OUTCOME}{FIRST}="不符",${LEVEL}{FIRST}<>"{LEVELS["error"]}")'
    sheet.conditions.append(Condition(area, warning, _look_of("数据不足")))
    for outcome in _COLOURS:
        found = Condition(area, f'"{outcome}"', _look_of(outcome), operator="equal")
        sheet.conditions.append(found)
    lines = f"A{FIRST}:{OUTCOME}{last}"
    idle = Condition(lines, f'${OUTCOME}{FIRST}="不适用"', Look(colour="A6A6A6"))
    sheet.conditions.append(idle)
    for verdict, outcome in VERDICTS.items():
        sheet.conditions.append(Condition("E1:J1", f'$E$1="{verdict}"', _look_of(outcome)))


def _look_of(outcome: str) -> Look:
    colour, fill = _COLOURS[outcome]
    return Look(colour=colour, fill=fill)
