"""Places of a sheet that are named elsewhere than in cells: they move with the rows, or the edit is refused."""

from __future__ import annotations

import io

import pytest

from tests.support.compare import contents
from tests.support.editing import edited
from tests.support.packages import (
    RELATIONS,
    SHEET1,
    SPREADSHEET,
    book,
    packed,
    relations,
    worksheet,
)
from xltool.ooxml import EditError, Editor, open_workbook
from xltool.ooxml.edit.losses import RowsNeeded

ROWS = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 31))
OFFICE = "application/vnd.openxmlformats-officedocument"
DRAWING = f"{OFFICE}.drawingml.chartshapes+xml"
VML = f"{OFFICE}.vmlDrawing"
SHEET1_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
CACHE = f"{SPREADSHEET}.pivotCacheDefinition+xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def around(after: str, *, other: str = "") -> bytes:
    """A workbook whose first sheet has more than its rows, and a second sheet."""
    return packed(book({"表": worksheet(ROWS, after=after), "旁": worksheet(after=other)}))


def with_part(part: str, content: str, kind: str, type_: str) -> bytes:
    """A workbook whose first sheet has a further part."""
    parts = {
        part: content,
        SHEET1_RELATIONS: relations(("rId1", kind, f"/{part}")),
    }
    return packed(book({"表": worksheet(ROWS)}, parts=parts, types={part: type_}))


def grown(data: bytes, part: str, want: int = 6) -> str:
    """A part after rows 4-7 have become so many."""
    return contents(edited(data, lambda e: e.resize_rows("表", 4, 4, want)))[part].decode()


PIVOT = '<pivotTableDefinition {0} name="透视"><location ref="{1}" firstHeaderRow="1"/></pivotTableDefinition>'


@pytest.mark.parametrize(
    ("old", "want", "new"),
    [
        ("A20:C25", 6, "A22:C27"),
        ("A20:C25", 2, "A18:C23"),
        ("A1:C3", 6, "A1:C3"),
        ("A8:C9", 6, "A10:C11"),
    ],
)
def test_a_pivot_table_below_moves(old: str, want: int, new: str) -> None:
    part = "xl/pivotTables/pivotTable1.xml"
    data = with_part(part, PIVOT.format(MAIN, old), "pivotTable", f"{SPREADSHEET}.pivotTable+xml")
    assert f'ref="{new}"' in grown(data, part, want)


@pytest.mark.parametrize(
    ("place", "want"), [("E3:G12", 6), ("E3:G6", 2), ("E7:G8", 3), ("E1:G20", 5)]
)
def test_rows_do_not_tear_a_pivot_table(place: str, want: int) -> None:
    part = "xl/pivotTables/pivotTable1.xml"
    data = with_part(part, PIVOT.format(MAIN, place), "pivotTable", f"{SPREADSHEET}.pivotTable+xml")
    with pytest.raises(EditError, match="会穿过数据透视表"):
        grown(data, part, want)


def cache(source: str) -> bytes:
    part = "xl/pivotCache/pivotCacheDefinition1.xml"
    content = f'<pivotCacheDefinition {MAIN} xmlns:r="{RELATIONS}">{source}</pivotCacheDefinition>'
    return packed(book({"表": worksheet(ROWS)}, parts={part: content}, types={part: CACHE}))


def test_consolidated_ranges_move() -> None:
    part = "xl/pivotCache/pivotCacheDefinition1.xml"
    sets = '<rangeSet ref="A10:B20" sheet="表"/><rangeSet ref="A10:B20" sheet="旁"/>'
    sets += '<rangeSet ref="A4:B7" sheet="表"/><rangeSet ref="A10:B20" sheet="表" r:id="rId9"/>'
    text = grown(cache(f"<consolidation><rangeSets>{sets}</rangeSets></consolidation>"), part)
    assert [bit.split('"')[0] for bit in text.split('ref="')[1:]] == [
        "A12:B22", "A10:B20", "A4:B9", "A10:B20",
    ]  # fmt: skip


def test_a_consolidation_on_any_sheet_follows() -> None:
    refs = '<dataRef ref="A10:B20" sheet="表"/><dataRef ref="A10:B20" sheet="旁"/><dataRef name="某名称"/>'
    consolidate = f'<dataConsolidate><dataRefs count="3">{refs}</dataRefs></dataConsolidate>'
    data = around(consolidate.replace(' sheet="表"', ""), other=consolidate)
    assert 'ref="A12:B22"/>' in grown(data, SHEET1)
    other = grown(data, "xl/worksheets/sheet2.xml")
    assert 'ref="A12:B22" sheet="表"' in other and 'ref="A10:B20" sheet="旁"' in other


def test_old_controls_keep_their_cells() -> None:
    part = "xl/drawings/vmlDrawing1.vml"
    shape = "<xml><v:shape><x:ClientData><x:FmlaLink>$B$10</x:FmlaLink><x:FmlaRange> 表!$A$9:$A$12 </x:FmlaRange>"
    shape += "<x:FmlaMacro>[0]!做</x:FmlaMacro><x:FmlaLink>旁!$B$10</x:FmlaLink></x:ClientData></v:shape></xml>"
    text = grown(with_part(part, shape, "vmlDrawing", VML), part)
    assert "<x:FmlaLink>$B$12</x:FmlaLink>" in text
    assert "表!$A$11:$A$14" in text
    assert "旁!$B$10" in text and "[0]!做" in text


def test_mapped_cells_move_or_the_rows_stay() -> None:
    part = "xl/tables/tableSingleCells1.xml"
    cells = '<singleXmlCells {0}><singleXmlCell id="1" r="{1}" connectionId="0"/></singleXmlCells>'
    type_ = f"{SPREADSHEET}.tableSingleCells+xml"
    below = with_part(part, cells.format(MAIN, "B10"), "tableSingleCells", type_)
    assert 'r="B12"' in grown(below, part)
    within = with_part(part, cells.format(MAIN, "B7"), "tableSingleCells", type_)
    with pytest.raises(EditError, match="B7"):
        grown(within, part, 2)


def test_text_boxes_in_charts_keep_their_cells() -> None:
    part = "xl/drawings/drawing9.xml"
    content = '<c:userShapes xmlns:c="c" xmlns:cdr="d"><cdr:sp textlink="表!$B$10"/></c:userShapes>'
    parts = {part: content}
    data = packed(book({"表": worksheet(ROWS)}, parts=parts, types={part: DRAWING}))
    assert 'textlink="表!$B$12"' in grown(data, part)


def test_a_query_keeps_the_cell_of_its_condition() -> None:
    part = "xl/connections.xml"
    parameter = '<parameters><parameter cell="表!$B$10"/></parameters>'
    content = f'<connections {MAIN}><connection id="1">{parameter}</connection></connections>'
    types = {part: f"{SPREADSHEET}.connections+xml"}
    data = packed(book({"表": worksheet(ROWS)}, parts={part: content}, types=types))
    assert 'cell="表!$B$12"' in grown(data, part)


def test_live_data_keeps_its_cells() -> None:
    part = "xl/volatileDependencies.xml"
    refs = '<tr r="B10" s="1"/><tr r="B10" s="2"/><tr r="B7" s="1"/>'
    main = f'<main first="x"><tp><v>1</v>{refs}</tp></main>'
    content = f'<volTypes {MAIN}><volType type="realTimeData">{main}</volType></volTypes>'
    parts = book({"表": worksheet(ROWS), "旁": worksheet()})
    kept = str(parts[WORKBOOK_RELATIONS])
    link = f'<Relationship Id="rId77" Type="{RELATIONS}/volatileDependencies" Target="volatileDependencies.xml"/>'
    extra = {
        part: content,
        WORKBOOK_RELATIONS: kept.replace("</Relationships>", f"{link}</Relationships>"),
    }
    types = {part: f"{SPREADSHEET}.volatileDependencies+xml"}
    data = packed(book({"表": worksheet(ROWS), "旁": worksheet()}, parts=extra, types=types))
    assert '<tr r="B12" s="1"/><tr r="B10" s="2"/><tr r="B7" s="1"/>' in grown(data, part)
    assert '<tr r="B8" s="1"/><tr r="B10" s="2"/></tp>' in grown(data, part, 2)


SCENARIOS = """<scenarios current="0" sqref="B{0}:B{1} D2"><scenario name="甲" count="1">\
<inputCells r="B{2}" val="1"/></scenario></scenarios>"""
TAGS = """<smartTags><cellSmartTags r="B{0}"><cellSmartTag type="0"/></cellSmartTags></smartTags>"""
PAGES = """<webPublishItems count="2"><webPublishItem id="1" sourceType="range" sourceRef="A2:B{0}"/>\
<webPublishItem id="2" sourceType="chart" sourceRef="A9"/></webPublishItems>"""


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [(SCENARIOS, (9, 12, 10), (11, 14, 12)), (TAGS, (10,), (12,)), (PAGES, (12,), (14,))],
    ids=["scenarios", "smart tags", "web page"],
)
def test_what_stands_around_the_rows_moves(
    text: str, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    assert text.format(*after) in grown(around(text.format(*before)), SHEET1)


def test_smart_tags_of_removed_rows_go() -> None:
    assert "smartTags" not in grown(around(TAGS.format(7)), SHEET1, 2)


# --- Rows that are needed ------------------------------------------------------------------------


def lossless(data: bytes, want: int = 2) -> bytes:
    return edited(data, lambda e: e.resize_rows("表", 4, 4, want, lossless=True))


def cells(**formulas: str) -> bytes:
    """A workbook with formulas in column C and beyond, on both sheets (旁 as `other`)."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>'
        + "".join(
            f'<c r="{ref}"><f>{text}</f></c>' for ref, text in formulas.items() if ref[1:] == str(n)
        )
        + "</row>"
        for n in range(1, 31)
    )
    other = f'<row r="1"><c r="A1"><f>{formulas.get("other", "1")}</f></c></row>'
    return packed(book({"表": worksheet(rows), "旁": worksheet(other)}))


@pytest.mark.parametrize(
    ("formulas", "told"),
    [
        ({"C2": "A7*2"}, "表!C2 的公式要用"),
        ({"C20": "A4+A5+A6+A7"}, "表!C20 的公式要用"),
        ({"C20": "SUM(A6:A7)"}, "表!C20"),
        ({"other": "表!A7"}, "旁!A1 的公式要用"),
    ],
)
def test_rows_that_formulas_elsewhere_need_stay(formulas: dict[str, str], told: str) -> None:
    data = cells(**formulas)
    with pytest.raises(RowsNeeded) as refusal:
        lossless(data)
    assert told in refusal.value.what
    editor = Editor(open_workbook(data))
    with pytest.raises(RowsNeeded):
        editor.resize_rows("表", 4, 4, 2, lossless=True)
    assert not editor.changed, "nothing has happened"
    target = io.BytesIO()
    editor.save(target)
    assert target.getvalue() == data
    assert "#REF!" in "".join(
        part.decode()
        for part in contents(edited(data, lambda e: e.resize_rows("表", 4, 4, 2))).values()
    )


@pytest.mark.parametrize(
    "formulas",
    [{"C20": "SUM(A4:A7)"}, {"C7": "A7*2"}, {"C6": "A7"}, {"C2": "A5"}, {"C2": "#REF!+1"}, {}],
)
def test_rows_that_nobody_needs_go(formulas: dict[str, str]) -> None:
    assert open_workbook(lossless(cells(**formulas))).sheet("表").value("A6") == 8


def test_rows_with_notes_stay() -> None:
    part = "xl/comments1.xml"
    note = '<comment ref="{0}" authorId="0"><text><t>说</t></text></comment>'
    notes = (
        f"<comments {MAIN}><authors><author/></authors><commentList>{note}</commentList></comments>"
    )
    type_ = f"{SPREADSHEET}.comments+xml"
    with pytest.raises(RowsNeeded, match="B7 有批注"):
        lossless(with_part(part, notes.format("B7"), "comments", type_))
    assert (
        'ref="B8"'
        in contents(lossless(with_part(part, notes.format("B10"), "comments", type_)))[
            part
        ].decode()
    )


def test_rows_that_a_name_needs_stay() -> None:
    data = packed(
        book({"表": worksheet(ROWS)}, names='<definedName name="数">表!$A$7</definedName>')
    )
    with pytest.raises(RowsNeeded, match="名称"):
        lossless(data)
