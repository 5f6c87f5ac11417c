"""Reading: odd but legal spellings give the same cells, damaged ones are refused with the place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.packages import (
    MAIN,
    RELATIONS,
    SHEET1,
    SPREADSHEET,
    WORKBOOK,
    book,
    one_sheet,
    packed,
    relations,
    sheet_of,
    strings,
    worksheet,
)
from xltool.ooxml import CellError, Limits, Range, WorkbookError, open_workbook

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


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_every_spelling_gives_the_same_cells(text: str) -> None:
    sheet = sheet_of(packed(book({"表": text}, parts={"xl/sharedStrings.xml": STRINGS})))
    assert list(sheet.items()) == list(EXPECTED.items())
    assert [type(value) for _, value in sheet.items()] == [type(v) for v in EXPECTED.values()]
    assert sheet.formulas() == {"C3": "B1*2", "D3": '""'}
    assert sheet.has_cached("C3")
    assert sheet.has_cached("D3")
    assert not sheet.has_cached("B1")
    assert sheet.extent == Range.parse("A1:D3")
    assert sheet.hidden_rows == {3}
    assert sheet.merges == (Range.parse("A5:B6"),)
    assert sheet.merge_of("B6") == Range.parse("A5:B6")
    assert sheet.value("C1") is None


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_gives_the_same_cells(codec: str) -> None:
    text = SPELLINGS["as usual"].replace("UTF-8", codec.partition("-sig")[0])
    parts = {"xl/sharedStrings.xml": STRINGS, SHEET1: text.encode(codec)}
    assert dict(sheet_of(packed(book({"表": ""}, parts=parts))).items()) == EXPECTED


def test_line_ends_in_texts_are_line_feeds() -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>a\r\nb\rc&#13;d_x000D_e</t></is></c></row>'
    assert sheet_of(one_sheet(rows)).value("A1") == "a\nb\nc\rd\re"


SHARED = {
    "plain": ("<t>甲</t>", "甲"),
    "empty": ("<t/>", ""),
    "nothing": ("", ""),
    "runs": ('<r><rPr><b/></rPr><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r>', "甲 乙"),
    "phonetic runs": (
        '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>',
        "東京",
    ),
    "escapes": ("<t>_x0041_&lt;_x005F_x0041_</t>", "A<_x0041_"),
    "single quotes": ("<t xml:space='preserve'> x </t>", " x "),
    "pretty printed": ("\n  <r>\n    <t>甲</t>\n  </r>\n  <r>\n    <t>乙</t>\n  </r>\n", "甲乙"),
    "comment": ("<t>甲<!-- <t>x</t> -->乙</t>", "甲乙"),
}


@pytest.mark.parametrize(("item", "text"), SHARED.values(), ids=SHARED)
def test_shared_and_inline_strings(item: str, text: str) -> None:
    rows = f"""<row r="1"><c r="A1" t="s"><v>1</v></c>
        <c r="B1" t="inlineStr"><is>{item}</is></c></row>"""
    for table in (strings("<t>别的</t>", item), _prefixed(strings("<t>别的</t>", item))):
        sheet = sheet_of(one_sheet(rows, parts={"xl/sharedStrings.xml": table}))
        assert sheet.value("A1") == text
        assert sheet.value("B1") == text


def _prefixed(xml: str) -> str:
    """The same part with a prefix on every element."""
    import re

    xml = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1p:", xml)
    return xml.replace("<p:sst xmlns=", "<p:sst xmlns:p=")


def test_an_empty_string_table() -> None:
    for text in (strings(), strings().replace("></sst>", "/>")):
        sheet = sheet_of(one_sheet("<row r='1'/>", parts={"xl/sharedStrings.xml": text}))
        assert list(sheet.items()) == []


CELLS = {
    "blank with style": ('<c r="A1" s="0"/>', None),
    "empty value": ('<c r="A1"><v/></c>', None),
    "empty value, other spelling": ('<c r="A1"><v></v></c>', None),
    "blank value": ('<c r="A1"><v> </v></c>', None),
    "empty text": ('<c r="A1" t="str"><v></v></c>', ""),
    "text without v": ('<c r="A1" t="str"/>', None),
    "shared without v": ('<c r="A1" t="s"><v/></c>', None),
    "exponent": ('<c r="A1"><v>1.2E-3</v></c>', Decimal("0.0012")),
    "seventeen digits": ('<c r="A1" t="n"><v>29.539999999999999</v></c>', Decimal("29.54")),
    "iso date": ('<c r="A1" t="d"><v>2021-12-31T00:00:00</v></c>', Decimal(44561)),
    "false": ('<c r="A1" t="b"><v>0</v></c>', False),
    "newer error": ('<c r="A1" t="e"><v>#SPILL!</v></c>', CellError("#SPILL!")),
    "text kept spaces": ('<c r="A1" t="str"><v xml:space="preserve"> a </v></c>', " a "),
    "inline value in v": ('<c r="A1" t="inlineStr"><v>a</v></c>', "a"),
    "metadata": ('<c r="A1" s="0" cm="1" vm="2" ph="1"><v>3</v></c>', Decimal(3)),
    "formula never calculated": ('<c r="A1"><f>1+1</f><v></v></c>', None),
}


@pytest.mark.parametrize(("cell", "value"), CELLS.values(), ids=CELLS)
def test_cells(cell: str, value: object) -> None:
    sheet = sheet_of(one_sheet(f'<row r="1">{cell}</row>'))
    assert sheet.value("A1") == value
    assert type(sheet.value("A1")) is type(value)
    assert sheet.has_cached("A1") is False
    assert list(sheet.refs()) == (["A1"] if value is not None or "<f>" in cell else [])


BROKEN = {
    "shared index out of range": ('<c r="B2" t="s"><v>7</v></c>', "B2"),
    "shared index negative": ('<c r="B2" t="s"><v>-1</v></c>', "B2"),
    "not a number": ('<c r="B2"><v>abc</v></c>', "B2"),
    "beyond doubles": ('<c r="B2"><v>1E400</v></c>', "B2"),
    "NaN": ('<c r="B2"><v>NaN</v></c>', "B2"),
    "unknown type": ('<c r="B2" t="zz"><v>1</v></c>', "B2"),
    "not a truth value": ('<c r="B2" t="b"><v>2</v></c>', "B2"),
    "not a date": ('<c r="B2" t="d"><v>昨天</v></c>', "B2"),
    "shared formula without a first": ('<c r="B2"><f t="shared" si="3"/><v>1</v></c>', "B2"),
    "cell twice": ('<c r="B2"><v>1</v></c><c r="B2"><v>2</v></c>', "B2"),
    "cell twice, implied": ('<c r="B2"><v>1</v></c><c r="A2"/><c><v>2</v></c>', "B2"),
    "two values": ('<c r="B2"><v>1</v><v>2</v></c>', "B2"),
    "address outside": ('<c r="XFE2"><v>1</v></c>', "XFE2"),
    "address outside, below": ('<c r="B1048577"><v>1</v></c>', "B1048577"),
    "address of nothing": ('<c r="B0"><v>1</v></c>', "B0"),
    "merge of nothing": ("", "A1:"),
    "row of nothing": ('</row><row r="0">', "0"),
}


@pytest.mark.parametrize(("cells", "where"), BROKEN.values(), ids=BROKEN)
def test_what_makes_no_sense_is_refused_with_its_place(cells: str, where: str) -> None:
    merge = '<mergeCells><mergeCell ref="A1:"/></mergeCells>' if not cells else ""
    package = one_sheet(
        f'<row r="2">{cells}</row>', after=merge, parts={"xl/sharedStrings.xml": STRINGS}
    )
    with pytest.raises(WorkbookError) as refusal:
        sheet = sheet_of(package)
        assert [*sheet.items(), sheet.formulas(), sheet.merges]
    assert refusal.value.kind == "corrupt"
    assert where in str(refusal.value)
    assert "请" in str(refusal.value)


def test_formulas_shared_array_and_table() -> None:
    rows = """<row r="1"><c r="A1"><f t="shared" ref="A1:B2" si="0">$A5+C1</f><v>1</v></c>
        <c r="B1"><f t="shared" si="0"/><v>2</v></c>
        <c r="C1"><f t="array" ref="C1:D1">E1:F1*2</f><v>3</v></c><c r="D1"><v>4</v></c></row>
        <row r="2"><c r="A2"><f t="shared" si="0"/></c><c r="B2"><f t="shared" si="0"></f></c>
        <c r="C2"><f t="dataTable" ref="C2:C3" dt2D="0" dtr="0" r1="A1"/><v>5</v></c>
        <c r="D2"><f/><v>6</v></c></row>
        <row r="5"><c r="A5"><f t="shared" ref="A5:A6" si="0">A1</f></c></row>
        <row r="6"><c r="A6"><f t="shared" si="0"/></c><c r="B6"><f ca="1">TODAY()</f></c></row>"""
    for text in (rows, rows.replace('"', "'")):
        sheet = sheet_of(one_sheet(text))
        assert sheet.formulas() == {
            "A1": "$A5+C1",
            "B1": "$A5+D1",
            "C1": "E1:F1*2",
            "A2": "$A6+C2",
            "B2": "$A6+D2",
            "A5": "A1",
            "A6": "A2",
            "B6": "TODAY()",
        }
        assert sheet.formula("B2") == "$A6+D2"
        assert sheet.formula("C2") is None
        assert sheet.formula("D2") is None
        assert sheet.value("D2") == 6
        assert sheet.array_formulas == {"C1": Range.parse("C1:D1"), "C2": Range.parse("C2:C3")}


def test_references_are_read_in_any_spelling_and_checked() -> None:
    sheet = sheet_of(one_sheet('<row r="2"><c r="B2"><v>1</v></c></row>'))
    assert sheet.value("$b$2") == sheet.value("B2") == 1
    assert sheet.value("Z99") is None
    for bad in ("", "2B", "B", "B0", "表!B2"):
        with pytest.raises(ValueError, match="不是单元格"):
            sheet.value(bad)


STYLES = f"""<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><numFmts count="1">
<numFmt numFmtId="176" formatCode="#,##0.00&quot;元&quot;"/></numFmts><cellXfs count="4">
<xf numFmtId="0"/><xf numFmtId="176" applyProtection="1"><protection locked="0"/></xf>
<xf numFmtId="4"/><xf numFmtId="31"><protection hidden="1"/></xf></cellXfs></styleSheet>"""


def test_formats_and_locks_of_cells_rows_and_columns() -> None:
    rows = """<row r="1" s="2" customFormat="1"><c r="A1" s="1"/><c r="B1"/></row>
        <row r="2" s="2"><c r="A2" s="3"/><c r="B2" s="99"/></row>"""
    columns = (
        '<cols><col min="3" max="4" width="9" style="1"/><col min="5" max="5" hidden="1"/></cols>'
    )
    sheet = sheet_of(one_sheet(rows, before=columns, parts={"xl/styles.xml": STYLES}))
    formats = {
        ref: (sheet.style(ref), sheet.number_format(ref), sheet.locked(ref))
        for ref in ("A1", "B1", "C1", "A2", "B2", "C2", "C9", "Z9")
    }
    assert formats == {
        "A1": (1, '#,##0.00"元"', False),
        "B1": (0, "General", True),
        "C1": (0, "#,##0.00", True),
        "A2": (3, 'yyyy"年"m"月"d"日"', True),
        "B2": (99, "General", True),
        "C2": (0, '#,##0.00"元"', False),
        "C9": (0, '#,##0.00"元"', False),
        "Z9": (0, "General", True),
    }
    assert sheet.hidden_cols == {5}
    assert sheet.hidden("E7")
    assert not sheet.hidden("D7")


def test_hidden_rows_also_by_height_and_by_default() -> None:
    rows = (
        '<row r="1" ht="0"/><row r="2" ht="0.75"/><row r="3" hidden="0"/><row r="4" hidden="true"/>'
    )
    assert sheet_of(one_sheet(rows)).hidden_rows == {1, 4}
    hidden = sheet_of(
        one_sheet(rows, before='<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>')
    )
    assert [hidden.hidden(f"A{row}") for row in range(1, 7)] == [
        True,
        False,
        False,
        True,
        True,
        True,
    ]


def test_the_workbook_as_a_whole() -> None:
    names = (
        '<definedName name="合计">表!$A$1</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="2" hidden="1">\'图 后\'!$A:$B</definedName>'
    )
    parts = book({"表": worksheet(), "图": worksheet(), "图 后": worksheet()}, names=names)
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "chartsheet", "worksheets/sheet2.xml"),
        ("rId3", "worksheet", "/xl/worksheets/sheet3.xml"),
    )
    text = str(parts[WORKBOOK])
    text = text.replace(
        "<sheets>", '<workbookPr date1904="1"/><workbookProtection lockStructure="1"/><sheets>'
    )
    text = text.replace('sheetId="3"', 'sheetId="3" state="veryHidden"')
    parts[WORKBOOK] = text.replace(
        "</sheets>",
        '</sheets><externalReferences><externalReference r:id="e"/></externalReferences>',
    )
    workbook = open_workbook(packed(parts))
    assert [(s.name, s.index, s.state) for s in workbook.sheets] == [
        ("表", 0, "visible"),
        ("图 后", 1, "veryHidden"),
    ]
    assert (workbook.kind, workbook.date1904, workbook.protected) == ("xlsx", True, True)
    assert workbook.external_links == 1
    found = [(name.name, name.sheet, name.text, name.hidden) for name in workbook.defined_names]
    assert found == [
        ("合计", None, "表!$A$1", False),
        ("_xlnm.Print_Area", "图 后", "'图 后'!$A:$B", True),
    ]
    with pytest.raises(KeyError):
        workbook.sheet("图")


def test_sheets_are_found_by_name_exactly_then_in_any_case() -> None:
    workbook = open_workbook(packed(book({"ab": worksheet(), "AC": worksheet()})))
    assert workbook.sheet("AC").index == workbook.sheet("ac").index == 1
    assert workbook.sheet("ab").workbook is workbook


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        (f"{SPREADSHEET}.sheet.main+xml", "xlsx"),
        (f"{SPREADSHEET}.template.main+xml", "xlsx"),
        ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsm"),
        ("application/vnd.ms-excel.template.macroEnabled.main+xml", "xlsm"),
    ],
)
def test_the_kind_follows_from_the_content(type_: str, kind: str) -> None:
    parts = book({"表": worksheet()}, types={WORKBOOK: type_})
    assert open_workbook(packed(parts)).kind == kind


def test_notes() -> None:
    comments = f"""<comments xmlns="{MAIN}"><authors><author>甲</author></authors><commentList>
        <comment ref="B2" authorId="0"><text><r><t>甲：</t></r><r><t xml:space="preserve"> 核对&amp;</t></r>
        </text></comment><comment ref="C3" authorId="0"><text><t>乙</t><rPh sb="0" eb="1"><t>オツ</t></rPh>
        </text></comment></commentList></comments>"""
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("r1", "comments", "../comments1.xml")),
        "xl/comments1.xml": comments,
    }
    assert sheet_of(one_sheet(parts=parts)).notes == {"B2": "甲： 核对&", "C3": "乙"}
    assert sheet_of(one_sheet()).notes == {}


def test_parts_in_other_folders_and_cases() -> None:
    parts = {
        "[content_types].xml": book({"表": ""})["[Content_Types].xml"],
        "_RELS/.rels": relations(("rId1", "officeDocument", "/XL/Book.xml")),
        "xl/book.xml": str(book({"表": ""})[WORKBOOK]),
        "xl/_rels/Book.xml.rels": relations(("rId1", "worksheet", "../%E8%A1%A8/S%201.xml")),
        "表/s 1.xml": worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
    }
    assert sheet_of(packed(parts)).value("A1") == 1


def test_a_sheet_may_not_have_too_many_cells() -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"/><c r="B{r}"><v>1</v></c></row>' for r in range(1, 60)
    )
    package = one_sheet(rows)
    with pytest.raises(WorkbookError) as refusal:
        list(open_workbook(package, limits=Limits(max_cells=176)).sheet("表").items())
    assert refusal.value.kind == "too-large"
    assert len(list(open_workbook(package, limits=Limits(max_cells=177)).sheet("表").items())) == 59


def test_merges_of_any_shape_are_found() -> None:
    areas = ["A1:A500", "C3:D3", "C5:D9", "Z1:Z2"]
    merges = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    sheet = sheet_of(one_sheet(after=f'<mergeCells count="4">{merges}</mergeCells>'))
    for area in map(Range.parse, areas):
        assert sheet.merge_of(area.anchor) == area
        assert sheet.merge_of(area.cells()[-1]) == area
    assert sheet.merge_of("B1") is None
    assert sheet.merge_of("C4") is None


def test_relations_namespace_is_no_matter() -> None:
    parts = book({"表": worksheet('<row r="1"><c r="A1"><v>1</v></c></row>')})
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    for name in ("_rels/.rels", "xl/_rels/workbook.xml.rels", WORKBOOK):
        parts[name] = str(parts[name]).replace(RELATIONS, strict)
    assert sheet_of(packed(parts)).value("A1") == 1


def test_a_cell_does_not_swallow_the_next() -> None:
    """What follows `</is>` may be odd; the pattern must not run on to a later end."""
    text = '<c r="A1" t="inlineStr"><is><t>甲</t></is><extLst/></c>'
    rows = f'<row r="1">{text}<c r="B1"><v>2</v></c>{text.replace("A1", "C1")}</row>'
    assert dict(sheet_of(one_sheet(rows)).items()) == {"A1": "甲", "B1": 2, "C1": "甲"}
    table = strings("<t>甲</t><y:z/>", "<t>乙</t>").replace("<sst", '<sst xmlns:y="urn:y"')
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    sheet = sheet_of(one_sheet(rows, parts={"xl/sharedStrings.xml": table}))
    assert dict(sheet.items()) == {"A1": "甲", "B1": "乙"}


@pytest.mark.parametrize("filling", ["a" * 50_000, "<t>" + "a" * 50_000 + "</t>", "<t/>" * 10_000])
def test_odd_texts_do_not_make_the_patterns_slow(filling: str) -> None:
    item = f'{filling}<y:z xmlns:y="urn:y"/>'
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is>{item}</is></c></row>'
    sheet = sheet_of(one_sheet(rows, parts={"xl/sharedStrings.xml": strings(item)}))
    assert sheet.value("A1") == ("a" * 50_000 if filling.startswith("<t>") else "")
    assert not sheet.formulas()


def test_shared_formulas_may_not_fill_the_memory() -> None:
    long = "+".join(["A1"] * 100)
    rows = f'<row r="1"><c r="A1"><f t="shared" ref="A1:A99" si="0">{long}</f></c></row>' + "".join(
        f'<row r="{r}"><c r="A{r}"><f t="shared" si="0"/></c></row>' for r in range(2, 100)
    )
    sheet = open_workbook(one_sheet(rows), limits=Limits(max_formula_text=9000)).sheet("表")
    with pytest.raises(WorkbookError) as refusal:
        sheet.formulas()
    assert refusal.value.kind == "too-large"
    assert sheet.formula("A2") == long.replace("A1", "A2")
