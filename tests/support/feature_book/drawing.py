"""The drawing of the form sheet (images, shapes, chart frame, slicer, button) and its chart."""

from __future__ import annotations

from tests.support.feature_book.layout import BLOCK_LAST, FORM, Layout, compact

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
CLIENT = "<xdr:clientData/>"


def drawing(layout: Layout) -> str:
    below = BLOCK_LAST + 1
    anchors = (
        _two("oneCell", layout, (6, 1), (7, 2), _picture(2, "公章")),
        _two("twoCell", layout, (4, 5), (5, 6), _shape(3, "块内")),
        _two("", layout, (9, 4), (10, 21), _shape(4, "跨块")),
        _two("twoCell", layout, (7, below), (8, below + 1), _shape(5, "紧接块后")),
        _chart_frame(layout),
        _one(layout),
        _absolute(),
        _slicer(layout),
        _control(layout),
    )
    return compact(
        f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{A}">{"".join(anchors)}</xdr:wsDr>',
    )


def _point(tag: str, layout: Layout, column: int, row: int) -> str:
    """A corner in sheet row `row` (from 1) of the plain book; the part counts rows from 0."""
    return f"""
        <xdr:{tag}><xdr:col>{column}</xdr:col><xdr:colOff>9525</xdr:colOff>
        <xdr:row>{layout.row(row) - 1}</xdr:row><xdr:rowOff>19050</xdr:rowOff></xdr:{tag}>"""


def _two(
    edit_as: str, layout: Layout, start: tuple[int, int], stop: tuple[int, int], body: str
) -> str:
    mode = f' editAs="{edit_as}"' if edit_as else ""
    return f"""
        <xdr:twoCellAnchor{mode}>{_point("from", layout, *start)}{_point("to", layout, *stop)}
        {body}{CLIENT}</xdr:twoCellAnchor>"""


def _picture(number: int, name: str) -> str:
    return f"""
        <xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{number}" name="{name}" descr="单位公章"/>
        <xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>
        <xdr:blipFill><a:blip xmlns:r="{R}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch>
        </xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="190500" cy="190500"/>
        </a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>"""


def _shape(number: int, name: str) -> str:
    return f"""
        <xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{number}" name="{name}"/>
        <xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
        <a:noFill/><a:ln w="6350"><a:solidFill><a:srgbClr val="7F7F7F"/></a:solidFill></a:ln>
        </xdr:spPr></xdr:sp>"""


def _chart_frame(layout: Layout) -> str:
    body = f"""
        <xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="6" name="图表 5"/>
        <xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>
        <xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>
        <a:graphic><a:graphicData uri="{C}"><c:chart xmlns:c="{C}" xmlns:r="{R}" r:id="rId2"/>
        </a:graphicData></a:graphic></xdr:graphicFrame>"""
    return _two("", layout, (3, 27), (8, 38), body)


def _one(layout: Layout) -> str:
    return f"""
        <xdr:oneCellAnchor>{_point("from", layout, 0, 31)}<xdr:ext cx="190500" cy="190500"/>
        {_picture(7, "页脚章")}{CLIENT}</xdr:oneCellAnchor>"""


def _absolute() -> str:
    return f"""
        <xdr:absoluteAnchor><xdr:pos x="9525000" y="190500"/><xdr:ext cx="190500" cy="190500"/>
        {_picture(8, "固定章")}{CLIENT}</xdr:absoluteAnchor>"""


def _slicer(layout: Layout) -> str:
    sle = "http://schemas.microsoft.com/office/drawing/2010/slicer"
    body = f"""
        <mc:AlternateContent xmlns:mc="{MC}"><mc:Choice
         xmlns:sle15="http://schemas.microsoft.com/office/drawing/2012/slicer" Requires="sle15">
        <xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="9" name="名称"/>
        <xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>
        <xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>
        <a:graphicData uri="{sle}"><sle:slicer xmlns:sle="{sle}" name="名称"/></a:graphicData>
        </a:graphic></xdr:graphicFrame></mc:Choice><mc:Fallback>{_shape(0, "")}</mc:Fallback>
        </mc:AlternateContent>"""
    return _two("oneCell", layout, (0, 32), (2, 38), body)


def _control(layout: Layout) -> str:
    """The button's twin for DrawingML readers: the third place that knows its position."""
    anchor = _two("", layout, (1, 27), (2, 29), _shape(1030, "按钮 6"))
    return f"""
        <mc:AlternateContent xmlns:mc="{MC}"><mc:Choice
         xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" Requires="a14">
        {anchor}</mc:Choice><mc:Fallback/></mc:AlternateContent>"""


def chart(layout: Layout) -> str:
    """A bar chart of the block, with the total's cell as its title."""
    sheet = f"'{FORM}'!"
    title = f"{sheet}{layout.ref('A', 9, absolute=True)}"
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{raw}</c:v></c:pt>'
        for i, raw in enumerate(("29.54", "7.25", "1.25"))
    )
    return compact(f"""
        <c:chartSpace xmlns:c="{C}" xmlns:a="{A}" xmlns:r="{R}"><c:date1904 val="0"/>
        <c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:strRef><c:f>{title}</c:f><c:strCache>
        <c:ptCount val="1"/><c:pt idx="0"><c:v>合计</c:v></c:pt></c:strCache></c:strRef></c:tx>
        <c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>
        <c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>
        <c:ser><c:idx val="0"/><c:order val="0"/>
        <c:tx><c:strRef><c:f>{sheet}$C$4</c:f></c:strRef></c:tx><c:invertIfNegative val="0"/>
        <c:cat><c:strRef><c:f>{sheet}{layout.absolute("F", 6, "F", 8)}</c:f></c:strRef></c:cat>
        <c:val><c:numRef><c:f>{sheet}{layout.absolute("C", 6, "C", 8)}</c:f><c:numCache>
        <c:formatCode>#,##0.00</c:formatCode><c:ptCount val="3"/>{points}</c:numCache></c:numRef>
        </c:val></c:ser><c:gapWidth val="150"/><c:axId val="501"/><c:axId val="502"/></c:barChart>
        <c:catAx><c:axId val="501"/><c:scaling><c:orientation val="minMax"/></c:scaling>
        <c:delete val="0"/><c:axPos val="b"/><c:crossAx val="502"/></c:catAx>
        <c:valAx><c:axId val="502"/><c:scaling><c:orientation val="minMax"/></c:scaling>
        <c:delete val="0"/><c:axPos val="l"/><c:crossAx val="501"/></c:valAx></c:plotArea>
        <c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>""")
