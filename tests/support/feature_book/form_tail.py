"""What follows sheetData in the form sheet, in the order of the schema."""

from __future__ import annotations

from tests.support.feature_book.layout import CODES, Layout, compact

VIEW_ID = "{3C5E7A10-8B2D-4F61-9C04-A7D1E5B8F203}"
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
XM = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
HASH = "qw8CLy/eG5ciNR+sFj9emhdVyICV9pk1+V5LkVp6TlgzANCnes0xF/t+f9U3hQzeyV6Vj6emfPsP9ckxczOVdQ=="
SALT = "k1m2N3o4P5q6R7s8T9u0vA=="


def tail(layout: Layout) -> str:
    return "".join(
        compact(part(layout))
        for part in (_protection, _merges, _formats, _validations, _page, _objects, _extensions)
    )


def _protection(layout: Layout) -> str:
    return f"""
        <sheetProtection algorithmName="SHA-512" hashValue="{HASH}" saltValue="{SALT}"
         spinCount="100000" sheet="1" objects="1" scenarios="1" formatCells="0"/>
        <protectedRanges>
        <protectedRange algorithmName="SHA-512" hashValue="{HASH}" saltValue="{SALT}"
         spinCount="100000" sqref="{layout.block("B", "D")} {layout.span("B", 16, "D", 18)}"
         name="填报区"/>
        <protectedRange sqref="B2 H2" name="表头"/></protectedRanges>
        <autoFilter ref="{layout.span("C", 11, "D", 14)}"
         xr:uid="{{00000000-0009-0000-0000-000000000000}}"/>
        <customSheetViews><customSheetView guid="{VIEW_ID}" scale="85" zeroValues="0" fitToPage="1">
        <pane ySplit="5" topLeftCell="A6" activePane="bottomLeft" state="frozen"/>
        <selection pane="bottomLeft" activeCell="A6" sqref="A6"/>
        <pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>
        <pageSetup paperSize="9" orientation="landscape"/></customSheetView></customSheetViews>
        """


def merged_ranges(layout: Layout) -> list[str]:
    """Every merged range, top to bottom: above, in, across and below the block."""
    rows = (*layout.kept, *layout.added)
    label = [layout.block("A", "A")] if layout.rows > 1 else []
    return [
        "A1:H1",
        "A3:A4",
        "B3:B4",
        "C3:E3",
        "F3:G4",
        "H3:H4",
        layout.span("I", 3, "I", 12),
        *label,
        *(f"F{row}:G{row}" for row in rows),
        layout.span("A", 11, "B", 11),
        layout.span("B", 25, "C", 25),
    ]


def _merges(layout: Layout) -> str:
    ranges = merged_ranges(layout)
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in ranges)
    return f'<mergeCells count="{len(ranges)}">{cells}</mergeCells><phoneticPr fontId="4"/>'


def _formats(layout: Layout) -> str:
    bars = layout.span("D", 16, "D", 18)
    total = layout.ref("C", 9, absolute=True)
    return f"""
        <conditionalFormatting sqref="B2">
        <cfRule type="expression" dxfId="1" priority="1"><formula>$B$2=""</formula></cfRule>
        </conditionalFormatting>
        <conditionalFormatting sqref="{layout.block("C", "C")} {layout.span("C", 16, "C", 18)}">
        <cfRule type="expression" dxfId="0" priority="2"><formula>C6&gt;{total}</formula></cfRule>
        </conditionalFormatting>
        <conditionalFormatting sqref="{layout.span("C", 12, "D", 14)}">
        <cfRule type="cellIs" dxfId="0" priority="3" operator="greaterThan">
        <formula>{layout.ref("C", 15, absolute=True)}</formula></cfRule></conditionalFormatting>
        <conditionalFormatting sqref="{bars}">
        <cfRule type="dataBar" priority="4"><dataBar><cfvo type="min"/><cfvo type="max"/>
        <color rgb="FF638EC6"/></dataBar><extLst><ext uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"
         {X14}><x14:id>{{1F2E3D4C-5B6A-4798-8897-A6B5C4D3E2F1}}</x14:id></ext></extLst></cfRule>
        </conditionalFormatting>
        """


def _validations(layout: Layout) -> str:
    floor = layout.ref("C", 12, absolute=True)
    return f"""
        <dataValidations count="4">
        <dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1"
         promptTitle="金额单位" prompt="元 或 万元" sqref="H2"><formula1>"元,万元"</formula1>
        </dataValidation>
        <dataValidation type="decimal" operator="greaterThanOrEqual" allowBlank="1"
         showErrorMessage="1" errorTitle="金额" error="金额不得为负"
         sqref="{layout.block("C", "D")}">
        <formula1>0</formula1></dataValidation>
        <dataValidation type="list" allowBlank="1" showErrorMessage="1"
         sqref="{layout.ref("B", 16)}"><formula1>{CODES}!$B$1:$B$2</formula1></dataValidation>
        <dataValidation type="custom" allowBlank="1" showErrorMessage="1"
         sqref="{layout.span("C", 17, "D", 18)}">
        <formula1>C{layout.row(17)}&gt;={floor}</formula1></dataValidation></dataValidations>
        <hyperlinks>{_link_in_block(layout)}
        <hyperlink ref="B{layout.row(17)}" r:id="rId1" tooltip="打开网站"/></hyperlinks>
        """


def _link_in_block(layout: Layout) -> str:
    """A link on the middle row: it stays while the row exists and goes with it."""
    if not layout.has(7):
        return ""
    return f'<hyperlink ref="B7" location="{CODES}!A1" display="科目编码"/>'


def _page(layout: Layout) -> str:
    return f"""
        <printOptions horizontalCentered="1"/>
        <pageMargins left="0.51" right="0.51" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>
        <pageSetup paperSize="9" orientation="landscape" fitToHeight="0" r:id="rId2"/>
        <headerFooter differentFirst="1">
        <oddHeader>&amp;L&amp;"宋体,常规"财决01表&amp;R&amp;D</oddHeader>
        <oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter>
        <firstHeader>&amp;C首页</firstHeader></headerFooter>
        <rowBreaks count="2" manualBreakCount="2"><brk id="5" max="16383" man="1"/>
        <brk id="{layout.row(19)}" max="16383" man="1"/></rowBreaks>
        <colBreaks count="1" manualBreakCount="1"><brk id="9" max="1048575" man="1"/></colBreaks>
        <ignoredErrors>
        <ignoredError sqref="{layout.block("B", "B")} {layout.span("B", 16, "B", 18)}"
         numberStoredAsText="1"/>
        <ignoredError sqref="E5" formula="1"/></ignoredErrors>
        """


def _objects(layout: Layout) -> str:
    top, bottom = layout.row(27) - 1, layout.row(29) - 1
    return f"""
        <drawing r:id="rId3"/><legacyDrawing r:id="rId4"/>
        <mc:AlternateContent><mc:Choice Requires="x14"><controls><mc:AlternateContent>
        <mc:Choice Requires="x14"><control shapeId="1030" r:id="rId5" name="按钮 6">
        <controlPr defaultSize="0" print="0" autoFill="0" autoPict="0" macro="[0]!CheckAll">
        <anchor moveWithCells="1" sizeWithCells="1">
        <from><xdr:col>1</xdr:col><xdr:colOff>38100</xdr:colOff>
        <xdr:row>{top}</xdr:row><xdr:rowOff>19050</xdr:rowOff></from>
        <to><xdr:col>2</xdr:col><xdr:colOff>609600</xdr:colOff>
        <xdr:row>{bottom}</xdr:row><xdr:rowOff>9525</xdr:rowOff></to>
        </anchor></controlPr></control></mc:Choice></mc:AlternateContent></controls></mc:Choice>
        </mc:AlternateContent>
        <tableParts count="1"><tablePart r:id="rId6"/></tableParts>
        """


def _extensions(layout: Layout) -> str:
    sheet = "'收支 总表'!"
    spark = '<x14:colorSeries theme="4"/><x14:colorNegative theme="5"/>'
    return f"""
        <extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" {X14}>
        <x14:conditionalFormattings>
        <x14:conditionalFormatting {XM}>
        <x14:cfRule type="dataBar" id="{{1F2E3D4C-5B6A-4798-8897-A6B5C4D3E2F1}}">
        <x14:dataBar minLength="0" maxLength="100" gradient="0"><x14:cfvo type="autoMin"/>
        <x14:cfvo type="autoMax"/><x14:negativeFillColor rgb="FFFF0000"/>
        <x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>
        <xm:sqref>{layout.span("D", 16, "D", 18)}</xm:sqref></x14:conditionalFormatting>
        <x14:conditionalFormatting {XM}>
        <x14:cfRule type="expression" priority="5" id="{{2A3B4C5D-6E7F-4081-92A3-B4C5D6E7F809}}">
        <xm:f>E6&lt;{layout.ref("E", 9, absolute=True)}-{CODES}!$C$1</xm:f>
        <x14:dxf><font><color rgb="FF9C0006"/></font></x14:dxf></x14:cfRule>
        <xm:sqref>{layout.block("E", "E")}</xm:sqref></x14:conditionalFormatting>
        </x14:conditionalFormattings></ext>
        <ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" {X14}>
        <x14:dataValidations count="2" {XM}>
        <x14:dataValidation type="list" allowBlank="1" showErrorMessage="1">
        <x14:formula1><xm:f>{CODES}!$A$1:$A$3</xm:f></x14:formula1>
        <xm:sqref>{layout.block("B", "B")}</xm:sqref></x14:dataValidation>
        <x14:dataValidation type="list" allowBlank="1" showErrorMessage="1">
        <x14:formula1><xm:f>{layout.absolute("D", 12, "D", 14)}</xm:f></x14:formula1>
        <xm:sqref>{layout.span("C", 12, "C", 14)}</xm:sqref></x14:dataValidation>
        </x14:dataValidations></ext>
        <ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" {X14}>
        <x14:sparklineGroups {XM}>
        <x14:sparklineGroup displayEmptyCellsAs="gap">{spark}<x14:sparklines>
        <x14:sparkline><xm:f>{sheet}C5:E5</xm:f><xm:sqref>I5</xm:sqref></x14:sparkline>
        <x14:sparkline><xm:f>{sheet}{layout.block("C", "C")}</xm:f>
        <xm:sqref>G{layout.row(11)}</xm:sqref></x14:sparkline>
        <x14:sparkline><xm:f>{sheet}{layout.span("C", 12, "D", 12)}</xm:f>
        <xm:sqref>G{layout.row(12)}</xm:sqref></x14:sparkline>
        </x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>
        <ext uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}" {X14}>
        <x14:slicerList><x14:slicer r:id="rId9"/></x14:slicerList></ext></extLst>
        """
