"""Reading what is not in the cells: formats, hidden parts, names, notes, places of parts."""

from __future__ import annotations

import pytest

from tests.support.packages import (
    MAIN,
    RELATIONS,
    SPREADSHEET,
    WORKBOOK,
    book,
    one_sheet,
    packed,
    relations,
    sheet_of,
    worksheet,
)
from tests.support.spellings import STYLES
from xltool.ooxml import Limits, Range, WorkbookError, open_workbook


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
        '<row r="1" ht="0"/><row r="2" ht="2.25"/><row r="3" hidden="0"/><row r="4" hidden="true"/>'
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
