"""Copying and renaming sheets, with everything that names them."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.support.compare import assert_same_meaning, assert_untouched, contents
from tests.support.editing import edited, saved
from tests.support.feature_book import ANNEX, FORM
from tests.support.feature_book import package as feature_package
from tests.support.packages import (
    MAIN,
    SPREADSHEET,
    WORKBOOK,
    book,
    one_sheet,
    packed,
    relations,
    worksheet,
)
from xltool.ooxml import EditError, Editor, open_workbook

ROWS = """<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+项目!A1+汇总!A1</f><v>2</v></c></row>"""
BEFORE = (
    '<sheetPr codeName="Sheet1"><pageSetUpPr/></sheetPr><sheetViews><sheetView tabSelected="1" '
    'workbookViewId="0"/></sheetViews>'
)
AFTER = (
    '<dataValidations count="1"><dataValidation sqref="A1"><formula1>项目!$Z$1:$Z$3</formula1>'
    '</dataValidation></dataValidations><hyperlinks><hyperlink ref="A1" location="项目!A1"/></hyperlinks>'
    '<drawing r:id="d"/><legacyDrawing r:id="v"/>'
)
THREAD = "{AAAAAAAA-1111-4222-8333-BBBBBBBBBBBB}"
NAMES = (
    '<definedName name="_xlnm.Print_Area" localSheetId="0">项目!$A$1:$C$9</definedName>'
    '<definedName name="_xlnm.Print_Titles" localSheetId="1">汇总!$1:$2</definedName>'
    '<definedName name="金额">项目!$A$1</definedName>'
)


def with_parts(*extra: tuple[str, str, str]) -> bytes:
    """A book of two sheets; the first has a drawing with chart and image, comments and a thread."""
    sheets = {"项目": worksheet(ROWS, before=BEFORE, after=AFTER), "汇总": worksheet(ROWS)}
    links = [
        ("d", "drawing", "../drawings/drawing1.xml"),
        ("v", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("c", "comments", "../comments1.xml"),
        ("t", "threadedComment", "../threadedComments/threadedComment1.xml"),
        ("p", "printerSettings", "../printerSettings/printerSettings1.bin"),
        *extra,
    ]
    parts: dict[str, str | bytes] = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(*links),
        "xl/drawings/drawing1.xml": '<wsDr xmlns:r="r"><pic r:embed="i"/><chart r:id="g"/></wsDr>',
        "xl/drawings/_rels/drawing1.xml.rels": relations(
            ("i", "image", "../media/image1.png"), ("g", "chart", "../charts/chart7.xml")
        ),
        "xl/charts/chart7.xml": '<c:chart xmlns:c="c"><c:f>项目!$A$1:$A$9</c:f><c:f>汇总!$A$1</c:f></c:chart>',
        "xl/media/image1.png": b"\x89PNG",
        "xl/drawings/vmlDrawing1.vml": "<xml><br></xml>",
        "xl/comments1.xml": f"<comments><authors><author>tc={THREAD}</author></authors></comments>",
        "xl/threadedComments/threadedComment1.xml": (
            f'<ThreadedComments><threadedComment ref="A1" id="{THREAD}" personId="{{{"0" * 8}-0000-0000-0000-'
            f'{"0" * 12}}}"/></ThreadedComments>'
        ),
        "xl/printerSettings/printerSettings1.bin": b"printer",
        "xl/tables/table1.xml": "<table/>",
    }
    types = {
        "xl/drawings/drawing1.xml": "application/vnd.openxmlformats-officedocument.drawing+xml",
        "xl/charts/chart7.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "xl/comments1.xml": f"{SPREADSHEET}.comments+xml",
        "xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
    }
    made = book(sheets, parts=parts, names=NAMES, types=types)
    made[WORKBOOK] = str(made[WORKBOOK]).replace(
        "<sheets>", '<bookViews><workbookView activeTab="1" firstSheet="0"/></bookViews><sheets>'
    )
    made["[Content_Types].xml"] = str(made["[Content_Types].xml"]).replace(
        "<Override",
        '<Default Extension="vml" ContentType="application/vml"/>'
        '<Default Extension="bin" ContentType="application/bin"/><Override',
        1,
    )
    return packed(made)


def test_a_copy_stands_on_its_own() -> None:
    before = with_parts()
    after = edited(before, lambda editor: editor.copy_sheet("项目", "项目 2"))
    touched = {WORKBOOK, "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    new = contents(after).keys() - contents(before).keys()
    assert new == {
        "xl/worksheets/sheet3.xml",
        "xl/worksheets/_rels/sheet3.xml.rels",
        "xl/drawings/drawing2.xml",
        "xl/drawings/_rels/drawing2.xml.rels",
        "xl/charts/chart1.xml",
        "xl/drawings/vmlDrawing2.vml",
        "xl/comments2.xml",
        "xl/threadedComments/threadedComment2.xml",
        "xl/printerSettings/printerSettings2.bin",
    }
    assert_untouched(before, after, touched={*touched, *new})
    parts = {
        name: content.decode()
        for name, content in contents(after).items()
        if b"\x89" not in content
    }
    sheet = parts["xl/worksheets/sheet3.xml"]
    expected = contents(before)["xl/worksheets/sheet1.xml"].decode()
    expected = expected.replace("项目!", "'项目 2'!").replace(' codeName="Sheet1"', "")
    assert sheet == expected.replace(' tabSelected="1"', "")
    links = parts["xl/worksheets/_rels/sheet3.xml.rels"]
    assert re.findall('Id="(.)".*?Target="([^"]*)"', links) == [
        ("d", "../drawings/drawing2.xml"),
        ("v", "../drawings/vmlDrawing2.vml"),
        ("c", "../comments2.xml"),
        ("t", "../threadedComments/threadedComment2.xml"),
        ("p", "../printerSettings/printerSettings2.bin"),
    ]
    drawing = parts["xl/drawings/_rels/drawing2.xml.rels"]
    assert re.findall('Target="([^"]*)"', drawing) == [
        "../media/image1.png",
        "../charts/chart1.xml",
    ]
    assert "'项目 2'!$A$1:$A$9" in parts["xl/charts/chart1.xml"]
    assert "汇总!$A$1" in parts["xl/charts/chart1.xml"]
    thread = re.findall(r"\{[^}]*\}", parts["xl/threadedComments/threadedComment2.xml"])
    assert thread[0] != THREAD
    assert f"tc={thread[0]}" in parts["xl/comments2.xml"]
    assert thread[1].startswith("{00000000-")


def test_a_copy_has_its_place_and_its_names() -> None:
    after = edited(with_parts(), lambda editor: editor.copy_sheet("项目", "项目 2"))
    workbook = open_workbook(after)
    assert [sheet.name for sheet in workbook.sheets] == ["项目", "项目 2", "汇总"]
    assert [(name.name, name.sheet, name.text) for name in workbook.defined_names] == [
        ("_xlnm.Print_Area", "项目", "项目!$A$1:$C$9"),
        ("_xlnm.Print_Area", "项目 2", "'项目 2'!$A$1:$C$9"),
        ("_xlnm.Print_Titles", "汇总", "汇总!$1:$2"),
        ("金额", None, "项目!$A$1"),
    ]
    text = contents(after)[WORKBOOK].decode()
    assert 'activeTab="2" firstSheet="0"' in text
    assert len(set(re.findall('sheetId="([^"]*)"', text))) == 3
    assert len(set(re.findall('r:id="([^"]*)"', text))) == 3
    assert workbook.sheet("汇总").formula("B1") == "A1+项目!A1+汇总!A1"
    assert workbook.sheet("项目 2").formula("B1") == "A1+'项目 2'!A1+汇总!A1"


def test_copies_follow_each_other_and_carry_earlier_edits() -> None:
    def edit(editor: Editor) -> None:
        editor.set("项目", "A1", Decimal(7))
        for number in (2, 3, 4):
            name = editor.copy_sheet("项目", f"项目{number}")
            editor.set(name, "A2", number)
        editor.set("项目2", "A1", 8)

    workbook = open_workbook(edited(with_parts(), edit))
    assert [s.name for s in workbook.sheets] == ["项目", "项目2", "项目3", "项目4", "汇总"]
    assert [s.value("A1") for s in workbook.sheets] == [7, 8, 7, 7, 1]
    assert [s.value("A2") for s in workbook.sheets] == [None, 2, 3, 4, None]


def test_a_copied_sheet_can_be_resized_alone() -> None:
    def edit(editor: Editor) -> None:
        editor.copy_sheet("项目", "乙")
        editor.resize_rows("乙", 1, 1, 3)

    workbook = open_workbook(edited(with_parts(), edit))
    assert workbook.sheet("乙").formulas().keys() == {"B1", "B2", "B3"}
    assert workbook.sheet("项目").formulas().keys() == {"B1"}
    areas = {name.sheet: name.text for name in workbook.defined_names if "Area" in name.name}
    assert areas == {"项目": "项目!$A$1:$C$9", "乙": "乙!$A$1:$C$11"}


@pytest.mark.parametrize(
    ("kind", "what"), [("table", "表格"), ("pivotTable", "数据透视表"), ("slicer", "切片器")]
)
def test_what_must_be_unique_is_not_copied(kind: str, what: str) -> None:
    package = with_parts(("x", kind, "../tables/table1.xml"))
    editor = Editor(open_workbook(package))
    with pytest.raises(EditError, match=f"含有{what}"):
        editor.copy_sheet("项目", "乙")
    assert saved(editor) == package


BAD_NAMES = {
    "": "空",
    "  ": "空",
    "甲" * 32: "31",
    "a/b": "不能含有",
    "a[1]": "不能含有",
    "'a": "单引号",
    "History": "保留",
    "汇总": "已经有了",
}


@pytest.mark.parametrize(("name", "message"), BAD_NAMES.items())
def test_names_that_excel_refuses(name: str, message: str) -> None:
    package = with_parts()
    editor = Editor(open_workbook(package))
    with pytest.raises(EditError, match=message):
        editor.copy_sheet("项目", name)
    with pytest.raises(EditError, match=message):
        editor.rename_sheet("项目", name)
    assert saved(editor) == package


def test_renaming_reaches_everything_that_names_the_sheet() -> None:
    after = edited(with_parts(), lambda editor: editor.rename_sheet("项目", "甲 '乙'乙"))
    old, new = b"\xe9\xa1\xb9\xe7\x9b\xae!", "'甲 ''乙''乙'!".encode()
    for name, content in contents(with_parts()).items():
        expected = content.replace(old, new)
        if name == WORKBOOK:
            expected = expected.replace('name="项目"'.encode(), "name=\"甲 '乙'乙\"".encode())
        assert contents(after)[name] == expected, name
    assert open_workbook(after).sheet("甲 '乙'乙").formula("B1") == "A1+'甲 ''乙''乙'!A1+汇总!A1"


def test_renaming_there_and_back_gives_the_book_back() -> None:
    def edit(editor: Editor) -> None:
        editor.rename_sheet(FORM, "改 名")
        assert editor.sheet("改 名").formulas()
        editor.rename_sheet("改 名", FORM)

    before = feature_package()
    assert_same_meaning(contents(before), contents(edited(before, edit)))


def test_a_sheet_may_change_the_case_of_its_name() -> None:
    package = packed(book({"ab": worksheet(ROWS.replace("项目", "ab").replace("汇总", "ab"))}))
    workbook = open_workbook(edited(package, lambda editor: editor.rename_sheet("ab", "AB")))
    assert workbook.sheets[0].name == "AB"
    assert workbook.sheets[0].formula("B1") == "A1+'AB'!A1+'AB'!A1".replace("'", "")


def test_copies_follow_a_renamed_source() -> None:
    def edit(editor: Editor) -> None:
        editor.copy_sheet("项目", "乙")
        editor.rename_sheet("项目", "甲")
        editor.copy_sheet("甲", "丙")

    names = [sheet.name for sheet in open_workbook(edited(with_parts(), edit)).sheets]
    assert names == ["甲", "乙", "丙", "汇总"]


def test_a_pivot_table_finds_its_source_again() -> None:
    cache = f'<pivotCacheDefinition xmlns="{MAIN}"><worksheetSource ref="A1:B5" sheet="表"/></pivotCacheDefinition>'
    parts = {"xl/pivotCache/pivotCacheDefinition1.xml": cache}
    types = {next(iter(parts)): f"{SPREADSHEET}.pivotCacheDefinition+xml"}
    package = packed(book({"表": worksheet('<row r="9"/>')}, parts=parts, types=types))

    def edit(editor: Editor) -> None:
        editor.resize_rows("表", 2, 4, 6)
        editor.rename_sheet("表", "新")

    text = contents(edited(package, edit))["xl/pivotCache/pivotCacheDefinition1.xml"].decode()
    assert text == cache.replace("A1:B5", "A1:B7").replace('"表"', '"新"')


def test_others_open_a_book_with_copies(tmp_path: Path) -> None:
    sheets = {"项目": worksheet(ROWS.replace("汇总", "项目"))}
    after = edited(packed(book(sheets)), lambda editor: editor.copy_sheet("项目", "项目(2)"))
    found = openpyxl.load_workbook(io.BytesIO(after))
    assert found.sheetnames == ["项目", "项目(2)"]
    assert found["项目(2)"]["B1"].value == "=A1+'项目(2)'!A1+'项目(2)'!A1"


def test_a_hidden_source_gives_a_hidden_copy() -> None:
    parts = book({"表": worksheet(), "模板": worksheet()})
    parts[WORKBOOK] = str(parts[WORKBOOK]).replace('sheetId="2"', 'sheetId="2" state="hidden"')
    after = edited(packed(parts), lambda editor: editor.copy_sheet("模板", "副本"))
    assert [sheet.state for sheet in open_workbook(after).sheets] == ["visible", "hidden", "hidden"]


def test_the_feature_book_refuses_to_copy_its_form() -> None:
    editor = Editor(open_workbook(feature_package()))
    with pytest.raises(EditError, match="含有表格"):
        editor.copy_sheet(FORM, "副本")
    assert_untouched(feature_package(), saved(editor))


def test_a_sheet_of_the_feature_book_is_copied_with_its_arrays() -> None:
    after = edited(feature_package(), lambda editor: editor.copy_sheet(ANNEX, "副本"))
    workbook = open_workbook(after)
    source, copy = workbook.sheet(ANNEX), workbook.sheet("副本")
    assert copy.index == source.index + 1
    assert dict(copy.items()) == dict(source.items())
    assert copy.formulas() == source.formulas()
    assert copy.array_formulas == source.array_formulas
    assert copy.hidden_cols == source.hidden_cols


def test_a_copy_of_a_blank_sheet() -> None:
    after = edited(one_sheet(), lambda editor: editor.copy_sheet("表", "副本"))
    assert [sheet.name for sheet in open_workbook(after).sheets] == ["表", "副本"]
