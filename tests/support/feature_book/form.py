"""The form sheet (sheet1.xml): the cells. What stands after sheetData is in form_tail.py."""

from __future__ import annotations

from tests.support.feature_book.form_tail import tail
from tests.support.feature_book.layout import (
    BLOCK_ROWS,
    DETAIL,
    FORM,
    Layout,
    blank,
    compact,
    formula,
    number,
    row,
    text_formula,
)
from tests.support.feature_book.strings import SPACED, TITLE, UNIT, WRAPPED, text

CODES_AND_TEXTS = (("2010101", "行政运行"), ("2010102", "一般事务"), ("2010199", "其他支出"))
# As Excel stores them: 29.54 is not the shortest text of its double here.
AMOUNTS = (("29.539999999999999", "10"), ("7.25", "7.25"), ("1.25", "0.5"))
DIFFERENCES = ("19.54", "0", "0.75")
RATIOS = ("0.3385", "1", "0.4")

HEAD = """
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 mc:Ignorable="x14ac xr xr2 xr3"
 xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
 xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
 xmlns:xr2="http://schemas.microsoft.com/office/spreadsheetml/2015/revision2"
 xmlns:xr3="http://schemas.microsoft.com/office/spreadsheetml/2016/revision3"
 xr:uid="{00000000-0001-0000-0000-000000000000}">
"""


def form_sheet(layout: Layout) -> str:
    rows = [*_above(), *_block(layout), _total(layout), *_below(layout), *_feet(layout)]
    return (
        f"{compact(HEAD)}{_views(layout)}<sheetData>{''.join(rows)}</sheetData>"
        f"{tail(layout)}</worksheet>"
    )


def _views(layout: Layout) -> str:
    return compact(f"""
        <sheetPr codeName="Sheet1"><tabColor rgb="FF92D050"/><outlinePr summaryBelow="0"/>
        <pageSetUpPr fitToPage="1"/></sheetPr>
        <dimension ref="A1:I{layout.row(25)}"/>
        <sheetViews><sheetView showGridLines="0" showZeros="0" tabSelected="1" zoomScale="90"
         zoomScaleNormal="90" workbookViewId="0">
        <pane xSplit="1" ySplit="5" topLeftCell="B{layout.row(10)}" activePane="bottomRight"
         state="frozen"/>
        <selection pane="topRight" activeCell="B1" sqref="B1"/>
        <selection pane="bottomLeft" activeCell="A6" sqref="A6"/>
        <selection pane="bottomRight" activeCell="C{layout.row(12)}"
         sqref="{layout.span("C", 12, "D", 13)} B2"/></sheetView></sheetViews>
        <sheetFormatPr defaultRowHeight="14.25" outlineLevelRow="1" outlineLevelCol="1"
         x14ac:dyDescent="0.2"/>
        <cols><col min="1" max="1" width="14.625" style="3" customWidth="1"/>
        <col min="2" max="2" width="12" style="12" customWidth="1"/>
        <col min="3" max="5" width="13.5" customWidth="1"/>
        <col min="6" max="7" width="9" outlineLevel="1"/><col min="9" max="9" width="4.25"/></cols>
        """)


def _above() -> list[str]:
    title = [text("A1", TITLE, 1), *(blank(f"{column}1", 1) for column in "BCDEFGH")]
    unit = [
        text("A2", "编制单位：", 0),
        text("B2", UNIT, 4, ' ph="1"'),
        text("G2", "金额单位：", 0),
        text("H2", "万元", 4),
    ]
    heads = [
        *(text("ABC"[i] + "3", label, 2) for i, label in enumerate(("类别", "科目编码", "金额"))),
        *(blank(f"{column}3", 2) for column in "DE"),
        text("F3", "备注", 2),
        blank("G3", 2),
        text("H3", "比例", 2),
        text("I3", WRAPPED, 2),
    ]
    labels = [
        *(blank(f"{column}4", 2) for column in "AB"),
        *(text("CDE"[i] + "4", label, 2) for i, label in enumerate(("预算数", "决算数", "差额"))),
        *(blank(f"{column}4", 2) for column in "FGHI"),
    ]
    numbers = [
        text("A5", "栏次", 2),
        blank("B5", 2),
        *(number(f"{column}5", str(i), 2) for i, column in enumerate("CDE", 1)),
        *(blank(f"{column}5", 2) for column in "FGHI"),
    ]
    return [
        row(1, title, ' s="1" customFormat="1" ht="30" customHeight="1"'),
        row(2, unit),
        row(3, heads),
        row(4, labels),
        row(5, numbers),
    ]


def _block(layout: Layout) -> list[str]:
    rows = []
    for index in (*layout.kept, *layout.added):
        place = index - layout.kept.start
        filled = index in layout.kept
        first = place == 0
        shared = f' t="shared" ref="{layout.block("E", "E")}" si="0"' if first else ""
        cells = [
            text("A6", "本年支出", 3) if first else blank(f"A{index}", 3),
            text(f"B{index}", CODES_AND_TEXTS[place][0], 4) if filled else blank(f"B{index}", 4),
            *(
                number(f"{column}{index}", AMOUNTS[place][i], 5)
                if filled
                else blank(f"{column}{index}", 5)
                for i, column in enumerate("CD")
            ),
            formula(
                f"E{index}",
                "C6-D6" if first else "",
                DIFFERENCES[place] if filled else None,
                6,
                shared or ' t="shared" si="0"',
            ),
            text(f"F{index}", CODES_AND_TEXTS[place][1], 4) if filled else blank(f"F{index}", 4),
            blank(f"G{index}", 4),
            formula(
                f"H{index}",
                f"IF(C{index}=0,0,ROUND(D{index}/C{index},4))",
                RATIOS[place] if filled else None,
                10,
            ),
            blank(f"I{index}", 3),
        ]
        rows.append(row(index, cells, ' ht="18" customHeight="1" outlineLevel="1"'))
    return rows


def _total(layout: Layout) -> str:
    r = layout.row(9)
    last = layout.ref("C", 8)
    cells = [
        text(f"A{r}", "合计", 8),
        blank(f"B{r}", 8),
        formula(f"C{r}", f"SUM({layout.block('C', 'C')})", "38.04", 6),
        formula(f"D{r}", f"SUM({layout.block('D', 'D')})", "17.75", 6),
        formula(f"E{r}", f"C{r}-D{r}", "20.29", 6),
        formula(f"F{r}", last, "1.25", 6),
        formula(f"G{r}", f"SUM({last}:{layout.ref('D', 8)})", "1.75", 6)
        if layout.has(8)
        else formula(f"G{r}", "SUM(#REF!)", "1.75", 6),
        formula(f"H{r}", f"SUM({layout.absolute('C', 6, 'C', 8)})/2", "19.02", 6),
        blank(f"I{r}", 3),
    ]
    return row(r, cells)


def _below(layout: Layout) -> list[str]:
    at = layout.row
    crossing = _crossing(layout)
    outline = ' outlineLevel="1"'
    return [
        row(at(10), [], ' ht="6" customHeight="1"'),
        row(
            at(11),
            [
                text(f"A{at(11)}", "附列资料", 3),
                blank(f"B{at(11)}", 3),
                text(f"C{at(11)}", "上年", 2),
                text(f"D{at(11)}", "本年", 2),
                blank(f"I{at(11)}", 3),
            ],
        ),
        *(
            row(
                at(12 + i),
                [
                    text(f"A{at(12 + i)}", label, 3),
                    number(f"C{at(12 + i)}", str(3 + 2 * i), 5),
                    number(f"D{at(12 + i)}", str(4 + 2 * i), 5),
                    crossing[i],
                    *([blank(f"I{at(12)}", 3)] if i == 0 else []),
                ],
                outline,
            )
            for i, label in enumerate(("一、结转", "二、结余", "三、合计"))
        ),
        row(
            at(15),
            [
                text(f"A{at(15)}", SPACED, 3),
                formula(
                    f"C{at(15)}",
                    f"{layout.span('C', 12, 'D', 12)}*2",
                    "6",
                    6,
                    f' t="array" ref="{layout.span("C", 15, "D", 15)}"',
                ),
                number(f"D{at(15)}", "8", 6),
                formula(f"E{at(15)}", f"LOG10(C{at(12)})", "0.47712125471966244", 6),
            ],
        ),
        *_inputs(layout),
        _references(layout),
    ]


def _crossing(layout: Layout) -> list[str]:
    """F12:F14 show C7, C8 and C9: one shared formula while the three stay copies of each other."""
    cells = []
    for i, cached in enumerate(("7.25", "1.25", "38.04")):
        ref, shown = layout.ref("F", 12 + i), layout.ref("C", 7 + i)
        if layout.rows != BLOCK_ROWS:
            cells.append(formula(ref, shown, cached, 6))
        elif i == 0:
            cells.append(formula(ref, shown, cached, 6, ' t="shared" ref="F12:F14" si="1"'))
        else:
            cells.append(formula(ref, "", cached, 6, ' t="shared" si="1"'))
    return cells


def _inputs(layout: Layout) -> list[str]:
    first, second, third = (layout.row(r) for r in (16, 17, 18))
    return [
        row(
            first,
            [
                text(f"A{first}", "人数", 3),
                text(f"B{first}", "是", 4),
                number(f"C{first}", "10", 5),
                number(f"D{first}", "20", 5),
            ],
        ),
        row(
            second,
            [
                text(f"B{second}", "财政网站", 11),
                number(f"C{second}", "30", 5),
                number(f"D{second}", "40", 5),
            ],
        ),
        row(
            third,
            [
                text(f"B{third}", "0012", 7),
                number(f"C{third}", "50", 5),
                number(f"D{third}", "60", 5),
            ],
        ),
    ]


def _references(layout: Layout) -> str:
    r = layout.row(19)
    twelve = layout.row(12)
    shown = f"'{FORM}'!C9"
    cells = [
        formula(f"E{r}", f"SUM({twelve}:{twelve})", "14.25", 6),
        text_formula(f"F{r}", f'IF(B2="","C9","{shown}")', shown, 3),
        formula(f"G{r}", f"'{DETAIL.replace(chr(39), chr(39) * 2)}'!C12", "88", 6),
        formula(f"H{r}", "SUM(明细表[金额])", "600", 6),
    ]
    return row(r, cells)


def _feet(layout: Layout) -> list[str]:
    at = layout.row
    heads = [
        text(f"{'ABC'[i]}{at(21)}", label, 2) for i, label in enumerate(("编码", "名称", "金额"))
    ]
    body = [
        row(
            at(22 + i),
            [
                number(f"A{at(22 + i)}", str(101 + i), 0),
                text(f"B{at(22 + i)}", label, 0),
                number(f"C{at(22 + i)}", str(100 * (i + 1)), 5),
            ],
        )
        for i, label in enumerate(("甲", "乙", "丙"))
    ]
    r = at(25)
    signature = [
        text(f"A{r}", "单位负责人：", 0),
        blank(f"B{r}", 12),
        blank(f"C{r}", 12),
        text(f"D{r}", "填报日期", 0),
        number(f"E{r}", "45352", 9),
    ]
    return [row(at(21), heads), *body, row(r, signature)]
