"""The sheets beside the form: they refer to it, and a change of its rows must reach them."""

from __future__ import annotations

from tests.support.feature_book.layout import (
    BLOCK_ROWS,
    FORM,
    Layout,
    blank,
    compact,
    formula,
    number,
    row,
    text_formula,
)
from tests.support.feature_book.strings import MAIN, text

HEAD = compact(f"""
    <worksheet xmlns="{MAIN}"
     xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
     xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"
     xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">""")
MARGINS = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
XM = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
SHEET = f"'{FORM}'!"


def _sheet(before: str, rows: list[str], after: str) -> str:
    data = "".join(rows)
    return f"{HEAD}{compact(before)}<sheetData>{data}</sheetData>{compact(after)}</worksheet>"


def detail_formulas(layout: Layout) -> dict[str, tuple[str, str]]:
    """Formulas of the detail sheet that read the form: ref -> (formula, cached number)."""
    form = layout
    return {
        "E4": (f"{SHEET}{form.ref('C', 9)}", "38.04"),
        "E5": (f"SUM({SHEET}{form.block('C', 'C')})", "38.04"),
        "E6": (f"{SHEET}{form.ref('C', 8)}", "1.25"),
        "E7": (f"SUM({SHEET}{form.row(12)}:{form.row(12)})", "14.25"),
        "E8": (f"SUM({SHEET}C:C)", "788.08"),
        "E9": (f"SUM({SHEET}{form.absolute('C', 12, 'D', 14)})", "33"),
        "E10": ("SUM(C4:C12)", "124"),
        "E11": ("合计金额+SUM(明细金额)", "76.08"),
        "E12": ("[1]参考!$B$9", "42"),
        "E14": ("SUM(明细表[金额])", "600"),
        "G5": (f"SUM(INDEX({SHEET}{form.span('C', 12, 'D', 14)},2,0))", "11"),
        "G6": (f"C9+{SHEET}{form.ref('C', 9)}", "44.04"),
    }


def detail_sheet(layout: Layout) -> str:
    """Same row numbers as the form, so that a formula rewritten for the wrong sheet shows."""
    reading = detail_formulas(layout)
    rows = [
        row(1, [text("A1", "支出明细", 1)]),
        row(
            3,
            [
                text(f"{'ABCDE'[i]}3", h, 2)
                for i, h in enumerate(("编码", "项目", "金额", "说明", "引用"))
            ],
        ),
    ]
    for i, r in enumerate(range(4, 15)):
        cells = []
        if r <= 12:
            amount = "88" if r == 12 else str(i + 1)
            cells = [
                text(f"B{r}", "人员经费" if i % 2 else "公用经费", 4),
                number(f"C{r}", amount, 5),
            ]
        if r == 13:
            cells.append(text_formula("E13", f'"{SHEET}C9"&C12', f"{SHEET}C988", 3))
        if r in (4, 5):
            cells.append(blank(f"D{r}", 4))
        if f"E{r}" in reading:
            cells.append(formula(f"E{r}", *reading[f"E{r}"], 6))
        if r <= 6:
            cells.append(_shared(layout, r))
        if r == 4:
            cells.append(text_formula("G4", f"{SHEET}H2", "万元", 3))
        if f"G{r}" in reading:
            cells.append(formula(f"G{r}", *reading[f"G{r}"], 6))
        rows.append(row(r, cells))
    before = """
        <sheetPr codeName="Sheet2" filterMode="0"/><dimension ref="A1:G14"/>
        <sheetViews><sheetView workbookViewId="0"/></sheetViews>
        <sheetFormatPr defaultRowHeight="14.25" x14ac:dyDescent="0.2"/>"""
    return _sheet(before, rows, _detail_tail(layout))


def _shared(layout: Layout, r: int) -> str:
    """F4:F6 show the form's C7, C8, C9: shared while the three are copies of one formula."""
    cached = ("7.25", "1.25", "38.04")[r - 4]
    shown = f"{SHEET}{layout.ref('C', r + 3)}"
    if layout.rows != BLOCK_ROWS:
        return formula(f"F{r}", shown, cached, 6)
    if r == 4:
        return formula("F4", shown, cached, 6, ' t="shared" ref="F4:F6" si="0"')
    return formula(f"F{r}", "", cached, 6, ' t="shared" si="0"')


def _detail_tail(layout: Layout) -> str:
    return f"""
        <autoFilter ref="B3:E12"/>
        <conditionalFormatting sqref="C4:C12"><cfRule type="cellIs" dxfId="0" priority="1"
         operator="greaterThan"><formula>{SHEET}{layout.ref("C", 9, absolute=True)}</formula>
        </cfRule></conditionalFormatting>
        <dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="D4">
        <formula1>{SHEET}{layout.absolute("C", 12, "C", 14)}</formula1></dataValidation>
        </dataValidations>{MARGINS}
        <extLst><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" {X14}>
        <x14:dataValidations count="1" {XM}><x14:dataValidation type="list" allowBlank="1">
        <x14:formula1><xm:f>{SHEET}{layout.absolute("B", 6, "B", 8)}</xm:f></x14:formula1>
        <xm:sqref>D5</xm:sqref></x14:dataValidation></x14:dataValidations></ext>
        <ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" {X14}><x14:sparklineGroups {XM}>
        <x14:sparklineGroup displayEmptyCellsAs="gap"><x14:colorSeries theme="4"/><x14:sparklines>
        <x14:sparkline><xm:f>{SHEET}{layout.span("D", 12, "D", 14)}</xm:f><xm:sqref>H4</xm:sqref>
        </x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>
        """


def annex_sheet(layout: Layout) -> str:
    """A dynamic array that spills the form's block, outline, frozen panes, hidden zeros, breaks."""
    array = formula(
        "A4", f"{SHEET}{layout.block('C', 'C')}*1", "29.54", 6, ' t="array" ref="A4:A6"'
    ).replace("<c ", '<c cm="1" ', 1)
    rows = [
        row(1, [text("A1", "附表", 1), text("B1", "v1 & <测试>", 8)], ' ht="24" customHeight="1"'),
        row(2, [text("A2", "引用", 2), text("B2", "项目", 2), text("C2", "金额", 2)]),
        row(4, [array, text("B4", "人员经费", 4), number("C4", "0", 5)]),
        row(5, [number("A5", "7.25", 6), text("B5", "公用经费", 4), number("C5", "1234567.89", 5)]),
        row(6, [number("A6", "1.25", 6), blank("B6", 4), blank("C6", 5)], ' hidden="1"'),
        row(7, [], ' collapsed="1"'),
    ]
    before = """
        <sheetPr codeName="Sheet3"><tabColor theme="4"/></sheetPr><dimension ref="A1:C7"/>
        <sheetViews><sheetView showZeros="0" workbookViewId="0">
        <pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>
        <selection pane="bottomLeft" activeCell="C4" sqref="C4"/></sheetView></sheetViews>
        <sheetFormatPr defaultRowHeight="14.25" outlineLevelCol="1" x14ac:dyDescent="0.2"/>
        <cols><col min="2" max="2" width="20" customWidth="1"/>
        <col min="4" max="5" width="9" hidden="1" outlineLevel="1"/>
        <col min="6" max="6" width="9" collapsed="1"/></cols>"""
    after = f"""{MARGINS}<pageSetup paperSize="9" scale="85" orientation="portrait"/>
        <headerFooter><oddFooter>&amp;C第 &amp;P 页</oddFooter></headerFooter>
        <rowBreaks count="1" manualBreakCount="1"><brk id="12" max="16383" man="1"/></rowBreaks>"""
    return _sheet(before, rows, after)


def codes_sheet() -> str:
    """Hidden: the lists that validations read."""
    codes = ("2010101", "2010102", "2010199")
    rows = [
        row(1, [text("A1", codes[0], 4), text("B1", "是", 4), number("C1", "0", 5)]),
        row(2, [text("A2", codes[1], 4), text("B2", "否", 4)]),
        row(3, [text("A3", codes[2], 4)]),
    ]
    return _sheet('<sheetPr codeName="Sheet4"/><dimension ref="A1:C3"/>', rows, MARGINS)


def settings_sheet() -> str:
    """Very hidden: what macros read. A boolean and an error stand here too."""
    rows = [
        row(1, [text("A1", "v1 & <测试>", 0), number("B1", "20240301", 0)]),
        row(2, ['<c r="A2" t="b"><v>1</v></c>', '<c r="B2" t="e"><v>#N/A</v></c>']),
    ]
    return _sheet('<sheetPr codeName="Sheet5"/><dimension ref="A1:B2"/>', rows, MARGINS)
