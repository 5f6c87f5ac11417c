"""One small sheet in every legal spelling, and what it says."""

from __future__ import annotations

from decimal import Decimal

from tests.support.packages import MAIN, strings, worksheet
from xltool.ooxml import CellError

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"

PLAIN_ROWS = """<row r="1" spans="1:4"><c r="A1" s="0" t="s"><v>0</v></c>
<c r="B1"><v>1.50</v></c><c r="D1" t="b"><v>1</v></c></row>
<row r="3" hidden="1"><c r="A3" t="inlineStr"><is><t xml:space="preserve"> 乙 </t></is></c>
<c r="B3" t="e"><v>#REF!</v></c><c r="C3"><f>B1*2</f><v>3</v></c>
<c r="D3" t="str"><f>""</f><v></v></c></row>"""
EXPECTED = {
    "A1": "甲&",
    "B1": Decimal("1.5"),
    "D1": True,
    "A3": " 乙 ",
    "B3": CellError("#REF!"),
    "C3": Decimal(3),
    "D3": "",
}
STRINGS = strings("<t>甲&amp;</t>", "<t>别的</t>")

SPELLINGS = {
    "as usual": worksheet(
        PLAIN_ROWS, after='<mergeCells count="1"><mergeCell ref="A5:B6"/></mergeCells>'
    ),
    "prefix on every element": f"""<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>
        <x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1"><x:v>1.50</x:v></x:c>
        <x:c r="D1" t="b"><x:v>1</x:v></x:c></x:row><x:row r="3" hidden="true">
        <x:c r="A3" t="inlineStr"><x:is><x:t xml:space="preserve"> 乙 </x:t></x:is></x:c>
        <x:c r="B3" t="e"><x:v>#REF!</x:v></x:c><x:c r="C3"><x:f>B1*2</x:f><x:v>3</x:v></x:c>
        <x:c r="D3" t="str"><x:f>""</x:f><x:v/></x:c></x:row></x:sheetData>
        <x:mergeCells><x:mergeCell ref="A5:B6"/></x:mergeCells></x:worksheet>""",
    "strict namespace": worksheet(
        PLAIN_ROWS, after='<mergeCells><mergeCell ref="A5:B6"></mergeCell></mergeCells>'
    ).replace(MAIN, STRICT),
    "rows and cells without r": worksheet(
        '<row><c t="s"><v>0</v></c><c><v>1.50</v></c><c r="D1" t="b"><v>1</v></c></row><row/>'
        '<row hidden="1"><c t="inlineStr"><is><t xml:space="preserve"> 乙 </t></is></c>'
        '<c t="e"><v>#REF!</v></c><c><f>B1*2</f><v>3</v></c><c t="str"><f>""</f><v/></c></row>',
        after="<mergeCells><mergeCell ref='B6:A5'/></mergeCells>",
    ),
    "single quotes, other order, blanks": worksheet(
        "<row r = '1' ><c t='s' s='0' r='A1' ><v>0</v></c><c r='B1'>\n<v >1.50</v>\n</c>"
        "<c r='D1' t='b'><v>1</v></c></row><row hidden='1' r='3'>"
        "<c t='inlineStr' r='A3'><is><t xml:space='preserve'> 乙 </t></is></c>"
        "<c r='B3' t='e'><v>#REF!</v></c><c r='C3'><f>B1*2</f><v>3</v></c>"
        "<c r='D3' t='str'><f>\"\"</f><v/></c></row>",
        after='<mergeCells>\n <mergeCell\n  ref="A5:B6" />\n</mergeCells>',
    ),
    "comments, CDATA, instructions": worksheet(
        '<!-- <row r="9"><c r="A9"><v>9</v></c></row> --><row r="1"><c r="A1" t="s"><v><!--7-->0</v>'
        '</c><?p <c r="Z1"/>?><c r="B1"><v>1.<!-- x -->50</v></c><c r="D1" t="b"><v>1</v></c></row>'
        '<row r="3" hidden="1"><c r="A3" t="inlineStr"><is><t xml:space="preserve"><![CDATA[ 乙 ]]></t>'
        '</is></c><c r="B3" t="e"><v>#REF!</v></c><c r="C3"><f><![CDATA[B1*2]]></f><v>3</v></c>'
        '<c r="D3" t="str"><f>""</f><v/></c></row>',
        before='<!-- <sheetData><row r="8"/></sheetData> -->',
        after='<!-- </sheetData> --><mergeCells><mergeCell ref="A5:B6"/></mergeCells>',
    ),
    "character references": worksheet(
        '<row r="&#49;"><c r="A&#x31;" t="s"><v>&#48;</v></c><c r="B1"><v>1&#46;50</v></c>'
        '<c r="D1" t="&#98;"><v>1</v></c></row><row r="3" hidden="1"><c r="A3" t="inlineStr"><is>'
        '<t xml:space="preserve">&#32;&#20057;&#x20;</t></is></c><c r="B3" t="e"><v>&#x23;REF!</v></c>'
        '<c r="C3"><f>B1&#42;2</f><v>3</v></c><c r="D3" t="str"><f>&quot;&quot;</f><v/></c></row>',
        after='<mergeCells><mergeCell ref="A5&#58;B6"/></mergeCells>',
    ),
    "rows and cells out of order, wrong dimension": worksheet(
        '<row r="3" hidden="1"><c r="D3" t="str"><f>""</f><v/></c><c r="C3"><f>B1*2</f><v>3</v></c>'
        '<c r="A3" t="inlineStr"><is><t> 乙 </t></is></c><c r="B3" t="e"><v>#REF!</v></c></row>'
        '<row r="1"><c r="D1" t="b"><v>1</v></c><c r="A1" t="s"><v>0</v></c>'
        '<c r="B1"><v>1.50</v></c></row>',
        before='<dimension ref="A1"/>',
        after='<mergeCells><mergeCell ref="A5:B6"/></mergeCells>',
    ),
    "foreign elements and attributes": f"""<worksheet xmlns="{MAIN}" xmlns:y="urn:y"><sheetData>
        <row r="1" y:r="7"><c r="A1" t="s" y:t="n"><v>0</v><y:v>5</y:v></c><y:c r="C1"><v>9</v></y:c>
        <c r="B1"><v>1.50</v><extLst><ext uri="u"><v>8</v></ext></extLst></c>
        <c r="D1" t="b"><v>1</v></c></row><y:row r="2"><c r="A2"><v>9</v></c></y:row><row r="2"><extLst/></row>
        <row r="3" hidden="1"><c r="A3" t="inlineStr"><is><t> 乙 </t></is></c>
        <c r="B3" t="e"><v>#REF!</v></c><c r="C3"><f>B1*2</f><v>3</v></c>
        <c r="D3" t="str"><f>""</f><v/></c></row></sheetData>
        <mergeCells><mergeCell ref="A5:B6"/></mergeCells></worksheet>""",
    "alternate content": f"""<worksheet xmlns="{MAIN}" xmlns:mc="{COMPATIBILITY}"
        xmlns:x14="{X14}" xmlns:y="urn:y"><sheetData><row r="1"><mc:AlternateContent>
        <mc:Choice Requires="y"><c r="A1"><v>9</v></c></mc:Choice>
        <mc:Choice Requires="x14"><c r="A1" t="s"><v>0</v></c></mc:Choice>
        <mc:Fallback><c r="A1"><v>8</v></c></mc:Fallback></mc:AlternateContent>
        <c r="B1"><v>1.50</v></c><c r="D1" t="b"><v>1</v></c></row><mc:AlternateContent>
        <mc:Choice Requires="y"><row r="3"/></mc:Choice><mc:Fallback><row r="3" hidden="1">
        <c r="A3" t="inlineStr"><is><t> 乙 </t></is></c><c r="B3" t="e"><v>#REF!</v></c>
        <c r="C3"><f>B1*2</f><v>3</v></c><c r="D3" t="str"><f>""</f><v/></c></row></mc:Fallback>
        </mc:AlternateContent></sheetData><mergeCells><mergeCell ref="A5:B6"/></mergeCells>
        </worksheet>""",
    "children of a cell out of order": worksheet(
        PLAIN_ROWS.replace("<f>B1*2</f><v>3</v>", "<v>3</v><f>B1*2</f>"),
        after='<mergeCells count="1"><mergeCell ref="A5:B6"/></mergeCells>',
    ),
}

STYLES = f"""<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><numFmts count="1">
<numFmt numFmtId="176" formatCode="#,##0.00&quot;元&quot;"/></numFmts><cellXfs count="4">
<xf numFmtId="0"/><xf numFmtId="176" applyProtection="1"><protection locked="0"/></xf>
<xf numFmtId="4"/><xf numFmtId="31"><protection hidden="1"/></xf></cellXfs></styleSheet>"""
