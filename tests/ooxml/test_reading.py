"""Reading: odd but legal spellings give the same cells, damaged ones are refused with the place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.packages import (
    SHEET1,
    book,
    one_sheet,
    packed,
    sheet_of,
    strings,
)
from tests.support.spellings import EXPECTED, SPELLINGS, STRINGS
from xltool.ooxml import CellError, Limits, Range, WorkbookError, open_workbook, split_ref


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


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"<c r="A1"><v>1</v></c>></row>',
        '<row r="1"<c r="A1"/>></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"<c r="A2"/><c r="B2"><v>1</v></c>></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><row r="2"></row>',
        '<row r="1"><c r="A1"><v>1&nbsp;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>1]]></v></c></row>',
        '<row r="1"><c r="A1" s="1" s="1"><v>1</v></c></row>',
    ],
)
def test_rows_that_are_no_xml_are_refused(rows: str) -> None:
    with pytest.raises(WorkbookError, match="不是有效的 XML"):
        open_workbook(one_sheet(rows))


def test_sheets_alike_but_for_their_values_are_not_taken_for_each_other() -> None:
    """What stands between values is remembered from sheet to sheet; values are not."""
    rows = (
        '<row r="1"><c r="A1" s="1"/><c r="B1"><f>C1</f><v>{}</v></c><c r="C1"><f>A9</f></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>{}</t></is></c><c r="B2" t="str"><f>C2</f><v></v></c>'
        '<c r="C2"><v>{}</v></c><c r="D2"/></row>'
    )
    for one, text, other in (("1", "甲", "2"), ("2", "乙&amp;", "1"), ("0.5", "", "1E2")):
        sheet = sheet_of(one_sheet(rows.format(one, text, other)))
        assert list(sheet.items()) == [
            ("B1", Decimal(one)),
            ("C1", None),
            ("A2", text.replace("&amp;", "&")),
            ("B2", ""),
            ("C2", Decimal(other)),
        ]
        assert sheet.formulas() == {"B1": "C1", "C1": "A9", "B2": "C2"}
        assert sheet.uncached() == {"C1"}
        assert list(sheet.cells()) == ["A1", "B1", "C1", "A2", "B2", "C2", "D2"]


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


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_a_look_at_a_sheet_tells_what_its_cells_tell(text: str) -> None:
    data = packed(book({"表": text}, parts={"xl/sharedStrings.xml": STRINGS}))
    numbers = [ref for ref, value in EXPECTED.items() if isinstance(value, Decimal)]
    assert sorted(sheet_of(data).numeric_refs()) == numbers
    first = [(ref, value) for ref, value in EXPECTED.items() if split_ref(ref)[0] <= 2]
    assert list(sheet_of(data).head(2)) == first
    assert sheet_of(data).hidden_rows == {3}
    assert sheet_of(data).formulas() == {"C3": "B1*2", "D3": '""'}


LOOKED_AT = {
    "rows out of order": '<row r="9"><c r="A9"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
    "an empty value": '<row r="1"><c r="A1"><v/></c><c r="B1"><v>3</v></c><c r="C1"><v /></c></row>',
    "a formula with a number": '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
    "a formula with a text": '<row r="1"><c r="A1" t="str"><f>"1"</f><v>1</v></c></row>',
    "a date": '<row r="1"><c r="A1" t="d"><v>2024-01-01</v></c></row>',
    "a prefix among the rows": '<row r="1"><x:c xmlns:x="http://schemas.openxmlformats.org/'
    'spreadsheetml/2006/main" r="A1"><x:v>5</x:v></x:c><c r="B1"><v>3</v></c></row>',
    "a comment": '<row r="1"><c r="A1"><v><!-- 1 -->7</v></c></row>',
    "no number": '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row>',
}


@pytest.mark.parametrize("rows", LOOKED_AT.values(), ids=LOOKED_AT)
def test_a_look_misses_no_number(rows: str) -> None:
    looked, read = sheet_of(one_sheet(rows)), sheet_of(one_sheet(rows))
    values = dict(read.items())
    numbers = [ref for ref, value in values.items() if isinstance(value, Decimal)]
    assert sorted(looked.numeric_refs()) == numbers
    assert dict(sheet_of(one_sheet(rows)).head(1)) == dict(read.head(1))
    assert sheet_of(one_sheet(rows)).uncached() == read.uncached()


def test_a_sheet_that_nobody_reads_may_have_a_damaged_cell() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9" t="s"><v>99</v></c></row>'
    sheet = sheet_of(one_sheet(rows))
    assert dict(sheet.head(1)) == {"A1": 1}
    with pytest.raises(WorkbookError):
        sheet.value("A9")
