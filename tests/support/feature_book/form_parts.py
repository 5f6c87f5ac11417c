"""The parts that hang on the form sheet and know its rows: comments, boxes, table."""

from __future__ import annotations

from tests.support.feature_book.layout import Layout, compact
from tests.support.feature_book.strings import MAIN

PERSON = "{9A1B7C3D-5E6F-4A02-8B1C-2D3E4F5A6B71}"
THREAD = "{C0A1B2D3-E4F5-4677-8899-AABBCCDDEEF0}"
REPLY = "{D1B2C3E4-F5A6-4788-99AA-BBCCDDEEFF01}"
REVISION = 'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'


# (column, row in the plain book, text), in the order of their boxes. One in the block goes with
# its row. The last is the legacy twin of a thread.
NOTES = (
    ("B", 2, "单位名称与公章一致"),
    ("C", 6, "含上年结转"),
    ("C", 7, "见附件"),
    ("C", 17, "与年报核对"),
    ("C", 18, "[线程批注] 请说明增长原因"),
)


def comments(layout: Layout) -> str:
    rich = "".join(
        f"""
        <comment ref="{layout.ref(column, row)}" authorId="0" shapeId="0"><text>
        <r><rPr><b/><sz val="9"/><color indexed="81"/><rFont val="宋体"/><charset val="134"/></rPr>
        <t xml:space="preserve">财政局：</t></r>
        <r><rPr><sz val="9"/><color rgb="FFFF0000"/><rFont val="宋体"/></rPr><t>{text}</t></r>
        </text></comment>"""
        for column, row, text in NOTES[:-1]
        if layout.has(row)
    )
    return compact(f"""
        <comments xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
         mc:Ignorable="xr" {REVISION}>
        <authors><author>财政局</author><author>tc={THREAD}</author></authors>
        <commentList>{rich}
        <comment ref="C{layout.row(18)}" authorId="1" shapeId="0" xr:uid="{THREAD}"><text>
        <t>{NOTES[-1][2]}</t></text></comment>
        </commentList></comments>""")


def threaded_comments(layout: Layout) -> str:
    ref = f"C{layout.row(18)}"
    return compact(f"""
        <ThreadedComments
         xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
         xmlns:x="{MAIN}">
        <threadedComment ref="{ref}" dT="2024-03-01T09:00:00.00" personId="{PERSON}" id="{THREAD}">
        <text>请说明增长原因</text></threadedComment>
        <threadedComment ref="{ref}" dT="2024-03-02T02:30:00.00" personId="{PERSON}" id="{REPLY}"
         parentId="{THREAD}"><text>项目结转</text></threadedComment></ThreadedComments>""")


VML_HEAD = """
<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"
 path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>
<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>
<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201"
 path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>
<v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/>
<o:lock v:ext="edit" shapetype="t"/></v:shapetype>
"""


def vml_drawing(layout: Layout) -> str:
    """Boxes 1025… of the notes and 1030, the button. Boxes above the block end above its end."""
    shapes = "".join(
        _note_box(shape, column, layout.row(row), layout)
        for shape, (column, row, _) in enumerate(NOTES, 1025)
        if layout.has(row)
    )
    return compact(f"{VML_HEAD}{shapes}{_button(layout)}</xml>")


def _note_box(shape: int, column: str, row: int, layout: Layout) -> str:
    top, bottom = (row - 2, row + 3) if row > layout.last else (1, 4)
    return f"""
        <v:shape id="_x0000_s{shape}" type="#_x0000_t202" style='position:absolute;
         margin-left:160.5pt;margin-top:14.25pt;width:182.4pt;height:74.5pt;z-index:{shape - 1024};
         visibility:hidden' fillcolor="infoBackground [80]" strokecolor="none [81]"
         o:insetmode="auto"><v:fill color2="infoBackground [80]"/><v:shadow color="none [81]"
         obscured="t"/><v:path o:connecttype="none"/><v:textbox style='mso-direction-alt:auto'>
        <div style='text-align:left'></div></v:textbox>
        <x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>
        <x:Anchor>4, 15, {top}, 10, 7, 31, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>
        <x:Row>{row - 1}</x:Row><x:Column>{"ABC".index(column)}</x:Column></x:ClientData>
        </v:shape>"""


def _button(layout: Layout) -> str:
    top, bottom = layout.row(27) - 1, layout.row(29) - 1
    return f"""
        <v:shape id="_x0000_s1030" type="#_x0000_t201" style='position:absolute;margin-left:90pt;
         margin-top:400pt;width:120pt;height:28.5pt;z-index:6;mso-wrap-style:tight'
         o:button="t" fillcolor="buttonFace [67]" strokecolor="windowText [64]" o:insetmode="auto">
        <v:fill color2="buttonFace [67]" o:detectmouseclick="t"/><o:lock v:ext="edit" rotation="t"/>
        <v:textbox style='mso-direction-alt:auto' o:singleclick="f">
        <div style='text-align:center'><font face="宋体" size="220" color="#000000">全表审核</font>
        </div></v:textbox><x:ClientData ObjectType="Button">
        <x:Anchor>1, 4, {top}, 2, 2, 64, {bottom}, 1</x:Anchor><x:PrintObject>False</x:PrintObject>
        <x:AutoFill>False</x:AutoFill><x:FmlaMacro>[0]!CheckAll</x:FmlaMacro>
        <x:TextHAlign>Center</x:TextHAlign><x:TextVAlign>Center</x:TextVAlign></x:ClientData>
        </v:shape>"""


def table(layout: Layout) -> str:
    ref = layout.span("A", 21, "C", 24)
    columns = "".join(
        f'<tableColumn id="{i}" name="{name}"/>'
        for i, name in enumerate(("编码", "名称", "金额"), 1)
    )
    return compact(f"""
        <table xmlns="{MAIN}" id="1" name="明细表" displayName="明细表" ref="{ref}"
         totalsRowShown="0"><autoFilter ref="{ref}"/>
        <tableColumns count="3">{columns}</tableColumns>
        <tableStyleInfo name="决算表样" showFirstColumn="0" showLastColumn="0" showRowStripes="1"
         showColumnStripes="0"/></table>""")
