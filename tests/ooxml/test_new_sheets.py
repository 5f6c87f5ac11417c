"""Adding worksheets, removing them, links to them, which sheet opens, heights of rows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest

from tests.support.additions import BOOKS, LISTS, left_behind, parts_that_differ, with_styles
from tests.support.compare import assert_untouched, contents
from tests.support.editing import edited, saved
from tests.support.feature_book import ANNEX, DETAIL, FORM, SHEET_PARTS
from tests.support.feature_book import package as feature_package
from tests.support.packages import DECLARATION, WORKBOOK, book, packed, relations, worksheet
from xltool.ooxml import (
    Condition,
    EditError,
    Editor,
    Formula,
    Link,
    Look,
    NewSheet,
    PrintSetup,
    RowHeight,
    Workbook,
    open_workbook,
)

NAME = "结果 (1)"
LOOKS = {
    "head": Look(bold=True, size=14, fill="D9E1F2", border="808080", wrap=True),
    "money": Look(number_format="#,##0.00####", horizontal="right"),
    "percent": Look(number_format="0.0%"),
    "free": Look(locked=False, colour="0563C1", underline=True),
}
STRICT = "http://purl.oclc.org/ooxml/"
APP = "docProps/app.xml"


def description() -> NewSheet:
    sheet = NewSheet(looks=LOOKS, names={"_marker": '"v1"'}, frozen="B3", filtered="A2:C4")
    sheet.put("A1", "=不是公式", "head")
    sheet.put("B2", Decimal("28.2195"), "money")
    sheet.put("C2", True)
    sheet.put("A3", " 前后有空格\n两行 ")
    sheet.put("B3", Decimal("0.5"), "percent")
    sheet.put("C4", None, "free")
    sheet.widths = {"B": 12.5, "A": 30}
    sheet.heights = {1: RowHeight(30, fixed=True), 3: RowHeight(28.5), 6: RowHeight(9)}
    sheet.merges.append("A5:C5")
    sheet.choices["C4"] = '"是,否"'
    sheet.conditions = [
        Condition("B2:B3", "0", Look(fill="FFC7CE"), "lessThan"),
        Condition("A1:A3", 'A1="<&>"', Look(bold=True)),
    ]
    sheet.printing = PrintSetup(repeat=(1, 2), footer="&C第 &P 页")
    sheet.tab_colour, sheet.gridlines, sheet.protected = "C00000", False, True
    return sheet


def add(editor: Editor) -> None:
    first = next(iter(editor.sheets()))
    sheet = description()
    sheet.links["A1"] = Link(first, "B2", "看 <B2>")
    editor.add_sheet(NAME, sheet)
    editor.open_at(NAME)
    editor.add_link(first, "B2", Link(NAME, "A3"))


def take_off(editor: Editor) -> None:
    editor.remove_links(NAME)
    editor.remove_sheet(NAME)


def with_opening(editor: Editor) -> None:
    sheet = NewSheet(names={"_opening": f'"{editor.opening}"'})
    editor.add_sheet(NAME, sheet)
    editor.open_at(NAME)


def put_back(editor: Editor) -> None:
    opening = next(n.text for n in editor.workbook.defined_names if n.name == "_opening")
    editor.open_as(opening.strip('"'))
    editor.remove_sheet(NAME)


def text(package: bytes, part: str) -> str:
    return contents(package)[part].decode()


def added(package: bytes) -> Workbook:
    return open_workbook(edited(package, add))


@pytest.mark.parametrize("make", BOOKS.values(), ids=BOOKS.keys())
def test_a_new_sheet_goes_without_a_trace(make: Callable[[], bytes]) -> None:
    def quietly(editor: Editor) -> None:
        editor.add_sheet(NAME, description())

    assert left_behind(make(), quietly, lambda editor: editor.remove_sheet(NAME)) == []


@pytest.mark.parametrize("make", BOOKS.values(), ids=BOOKS.keys())
def test_which_sheet_opens_comes_back_too(make: Callable[[], bytes]) -> None:
    assert left_behind(make(), with_opening, put_back) == []


def test_what_was_described_is_read_back() -> None:
    sheet = added(with_styles(LISTS)).sheet(NAME)
    assert dict(sheet.items()) == {
        "A1": "=不是公式",
        "B2": Decimal("28.2195"),
        "C2": True,
        "A3": " 前后有空格\n两行 ",
        "B3": Decimal("0.5"),
    }
    assert sheet.number_format("B2") == "#,##0.00####"
    assert sheet.number_format("B3") == "0.0%"
    assert sheet.protected
    assert [sheet.locked(ref) for ref in ("A1", "C4")] == [True, False]
    assert [sheet.row_height(row) for row in (1, 3, 6)] == [30, Decimal("28.5"), 9]
    assert [sheet.column_width(column) for column in (1, 2)] == [30, Decimal("12.5")]
    assert [str(merge) for merge in sheet.merges] == ["A5:C5"]


def test_another_program_sees_the_same() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(edited(with_styles(LISTS), add)))[NAME]
    head = sheet["A1"]
    assert (head.font.b, head.font.sz, head.font.name) == (True, 14, "宋体")
    assert head.fill.fgColor.rgb == "FFD9E1F2"
    assert head.border.top.style == "thin"
    assert head.alignment.wrap_text
    assert head.data_type == "s"
    assert head.hyperlink.location == "表!B2"
    assert sheet["C4"].protection.locked is False
    assert sheet["C4"].font.u == "single"
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == "A2:C4"
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter.center.text == "第 &P 页"
    assert sheet.sheet_properties.tabColor.rgb == "FFC00000"
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert [(r.type, r.operator, r.formula) for r in rules] == [
        ("cellIs", "lessThan", ["0"]),
        ("expression", None, ['A1="<&>"']),
    ]
    assert [(str(v.sqref), v.formula1) for v in sheet.data_validations.dataValidation] == [
        ("C4", '"是,否"')
    ]
    assert sheet.defined_names["_marker"].hidden


def test_formats_of_other_sheets_stay_as_they_are() -> None:
    package = feature_package()
    assert formats(package) == formats(edited(package, add))


def formats(package: bytes) -> dict[tuple[str, str], tuple[str, str]]:
    """Of each cell that is not on the new sheet: its format and its font, as written."""
    styles = text(package, "xl/styles.xml")
    fonts = re.findall(r"<font>.*?</font>", styles, re.S)
    cells = re.findall(r"<xf [^>]*xfId=.*?(?:/>|</xf>)", styles)
    return {
        (sheet.name, ref): (own, fonts[int(re.findall(r'fontId="(\d+)"', own)[0])])
        for sheet in open_workbook(package).sheets
        if sheet.name != NAME
        for ref in sheet.refs()
        for own in [cells[sheet.style(ref)]]
    }


def test_only_what_lists_the_sheets_changes() -> None:
    package = feature_package()
    new = edited(package, lambda editor: editor.add_sheet(NAME, description()))
    lists = ["[Content_Types].xml", WORKBOOK, "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
    assert_untouched(package, new, touched=[*lists, "xl/worksheets/sheet6.xml"])


def test_formulas_show_their_values_and_end_the_calculation_chain() -> None:
    sheet = NewSheet()
    sheet.put("A1", Formula(f"'{FORM}'!C7+1", Decimal("3.5")))
    sheet.put("A2", Formula('IF(A1>3,"不符","")', "不符"))
    new = edited(feature_package(), lambda editor: editor.add_sheet(NAME, sheet))
    read = open_workbook(new).sheet(NAME)
    assert [read.formula(ref) for ref in ("A1", "A2")] == [
        f"'{FORM}'!C7+1",
        'IF(A1>3,"不符","")',
    ]
    assert [read.value(ref) for ref in ("A1", "A2")] == [Decimal("3.5"), "不符"]
    assert "xl/calcChain.xml" not in contents(new)


def test_very_hidden_sheets() -> None:
    new = edited(with_styles(LISTS), lambda e: e.add_sheet("库", NewSheet(state="veryHidden")))
    assert open_workbook(new).sheet("库").state == "veryHidden"


def test_the_list_of_titles_stays_complete() -> None:
    titles = (
        f"{DECLARATION}<Properties xmlns:vt='v'><HeadingPairs><vt:vector size='4' baseType='variant'>"
        "<vt:variant><vt:lpstr>工作表</vt:lpstr></vt:variant><vt:variant><vt:i4>2</vt:i4></vt:variant>"
        "<vt:variant><vt:lpstr>命名范围</vt:lpstr></vt:variant><vt:variant><vt:i4>1</vt:i4></vt:variant>"
        "</vt:vector></HeadingPairs><TitlesOfParts><vt:vector size='3' baseType='lpstr'>"
        "<vt:lpstr>甲</vt:lpstr><vt:lpstr>乙</vt:lpstr><vt:lpstr>范围</vt:lpstr></vt:vector>"
        "</TitlesOfParts></Properties>"
    )
    root = relations(
        ("rId1", "officeDocument", "xl/workbook.xml"), ("rId2", "extended-properties", APP)
    )
    sheets = {"甲": worksheet(), "乙": worksheet()}
    package = packed(book(sheets, parts={APP: titles, "_rels/.rels": root}))
    new = edited(package, lambda editor: editor.add_sheet("丙", NewSheet()))
    assert re.findall(r"<vt:lpstr>(\w+)<", text(new, APP)) == [
        "工作表",
        "命名范围",
        "甲",
        "乙",
        "丙",
        "范围",
    ]
    assert re.findall(r"<vt:i4>(\d)|size='(\d)'", text(new, APP)) == [
        ("", "4"),
        ("3", ""),
        ("1", ""),
        ("", "4"),
    ]
    assert parts_that_differ(package, edited(new, lambda e: e.remove_sheet("丙"))) == []


def test_a_strict_workbook_gets_a_strict_sheet() -> None:
    parts = book({"甲": worksheet()})
    strict = {
        name: str(part)
        .replace("http://schemas.openxmlformats.org/spreadsheetml/2006/", f"{STRICT}spreadsheetml/")
        .replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/", f"{STRICT}officeDocument/"
        )
        for name, part in parts.items()
    }
    new = edited(packed(strict), add)
    assert open_workbook(new).sheet(NAME).value("B2") == Decimal("28.2195")
    sheet = text(new, "xl/worksheets/sheet2.xml")
    assert f'xmlns="{STRICT}spreadsheetml/main"' in sheet
    assert f"{STRICT}officeDocument/relationships/worksheet" in text(
        new, "xl/_rels/workbook.xml.rels"
    )


@pytest.mark.parametrize(
    ("name", "ref", "content", "message"),
    [
        (FORM, "A1", 1, "已经有了"),
        ("甲/乙", "A1", 1, "不能含有"),
        ("新", "B2", Decimal("1234567890.1234567"), "B2 .*15 位"),
        ("新", "C3", "长" * 32_768, "C3 文本超过"),
        ("新", "C3", "\ud800", "C3 文本含有残缺"),
    ],
)
def test_what_cannot_be_is_refused(name: str, ref: str, content: str, message: str) -> None:
    package = feature_package()
    editor = Editor(open_workbook(package))
    sheet = NewSheet(looks=LOOKS)
    sheet.put(ref, content, "head")
    with pytest.raises(EditError, match=message):
        editor.add_sheet(name, sheet)
    assert_untouched(package, saved(editor))
    editor.add_sheet("好", NewSheet(looks=LOOKS, cells={(1, 1): ("行", "head")}))
    assert open_workbook(saved(editor)).sheet("好").value("A1") == "行"


def test_a_look_that_was_not_named_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        NewSheet().put("A1", 1, "head")


# --- removing ---------------------------------------------------------------------------------


def test_a_sheet_goes_with_its_parts_and_its_names() -> None:
    package = feature_package()
    names = [FORM, DETAIL]
    left = edited(package, lambda editor: editor.remove_sheet(ANNEX))
    lost = contents(package).keys() - contents(left).keys()
    assert SHEET_PARTS[ANNEX] in lost
    workbook = open_workbook(left)
    assert ANNEX not in [sheet.name for sheet in workbook.sheets]
    assert [n.sheet for n in workbook.defined_names if n.name == "_xlnm.Print_Area"] == names[:1]
    assert ANNEX.encode() not in contents(left)[WORKBOOK]


def removal(package: bytes, name: str) -> EditError:
    editor = Editor(open_workbook(package))
    with pytest.raises(EditError) as caught:
        editor.remove_sheet(name)
    assert_untouched(package, saved(editor))
    return caught.value


def in_use(rows: str = "", after: str = "", names: str = "") -> bytes:
    sheets = {"甲": worksheet(rows, after=after), "乙": worksheet('<row r="1"/>')}
    return packed(book(sheets, names=names))


RULE = (
    '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>乙!A1&gt;0'
    "</formula></cfRule></conditionalFormatting>"
)


@pytest.mark.parametrize(
    ("package", "where"),
    [
        (in_use('<row r="1"><c r="A1"><f>SUM(乙!A1:A3)</f></c></row>'), "“甲”单元格 A1 的公式"),
        (in_use(after=RULE), "“甲”的条件格式"),
        (in_use(names='<definedName name="合计">乙!$A$1</definedName>'), "名称“合计”"),
    ],
    ids=["formula", "rule", "name"],
)
def test_a_sheet_that_others_refer_to_is_not_removed(package: bytes, where: str) -> None:
    assert where in str(removal(package, "乙"))


def test_the_last_visible_sheet_is_not_removed() -> None:
    parts = book({"甲": worksheet(), "乙": worksheet()})
    parts[WORKBOOK] = str(parts[WORKBOOK]).replace('name="乙"', 'name="乙" state="hidden"')
    assert "最后一张可见" in str(removal(packed(parts), "甲"))


def test_sheets_with_a_slicer_are_not_removed() -> None:
    editor = Editor(open_workbook(feature_package()))
    with pytest.raises(EditError, match="切片器"):
        editor.remove_sheet(FORM)


def test_texts_that_only_the_removed_sheet_had_do_not_stay_in_the_file() -> None:
    strings = '<sst xmlns="{}" count="3" uniqueCount="4">{}</sst>'.format(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "".join(f"<si><t>{word}</t></si>" for word in ("甲的", "机密一", "共用", "机密二")),
    )

    def row(*numbers: int) -> str:
        cells = (f'<c r="{"ABC"[i]}1" t="s"><v>{n}</v></c>' for i, n in enumerate(numbers))
        return worksheet(f'<row r="1">{"".join(cells)}</row>')

    package = packed(
        book({"甲": row(0, 2), "乙": row(1, 2, 3)}, parts={"xl/sharedStrings.xml": strings})
    )
    left = edited(package, lambda editor: editor.remove_sheet("乙"))
    assert "机密" not in text(left, "xl/sharedStrings.xml")
    assert dict(open_workbook(left).sheet("甲").items()) == {"A1": "甲的", "B1": "共用"}


# --- which sheet opens --------------------------------------------------------------------------


def views(package: bytes) -> tuple[str | None, list[str]]:
    editor = Editor(open_workbook(package))
    selected = [
        sheet.name
        for sheet in editor.views()
        if (view := editor.shell_of(sheet.part).find("sheetViews", "sheetView")) is not None
        and view.get("tabSelected") == "1"
    ]
    return editor.opens_at, selected


def test_opening_with_a_sheet_selects_it_alone() -> None:
    package = feature_package()
    assert views(package) == (FORM, [FORM])
    assert views(edited(package, lambda e: e.open_at(DETAIL))) == (DETAIL, [DETAIL])


def test_removing_the_sheet_that_opens_opens_the_nearest_visible_one() -> None:
    package = edited(feature_package(), lambda editor: editor.open_at(ANNEX))
    left = edited(package, lambda editor: editor.remove_sheet(ANNEX))
    assert views(left) == (DETAIL, [DETAIL])


def test_the_first_tab_in_view_stays_in_the_workbook() -> None:
    scrolled = re.compile(r"(<workbookView )")
    editor = Editor(open_workbook(edited(feature_package(), add)))
    workbook = editor.package.text(WORKBOOK)
    editor.package.write_text(WORKBOOK, scrolled.sub(r'\1firstSheet="5" ', workbook))
    take_off(editor)
    assert 'firstSheet="4"' in editor.package.text(WORKBOOK)


# --- links --------------------------------------------------------------------------------------


def test_a_link_leaves_the_cell_as_it_was() -> None:
    package = feature_package()
    new = edited(package, lambda e: e.add_link(FORM, "A1", Link(DETAIL, "C5", "到明细")))
    assert_untouched(package, new, touched=[SHEET_PARTS[FORM]])
    link = '<hyperlink ref="A1:H1" location="\'支出\'\'s 明细\'!C5" tooltip="到明细"/>'
    assert text(new, SHEET_PARTS[FORM]).replace(link, "") == text(package, SHEET_PARTS[FORM])


def test_a_cell_with_a_link_is_refused() -> None:
    editor = Editor(open_workbook(feature_package()))
    assert [editor.has_link(FORM, ref) for ref in ("B7", "B8", "B17")] == [True, False, True]
    with pytest.raises(EditError, match="B7 已有超链接"):
        editor.add_link(FORM, "B7", Link(DETAIL, "A1"))


def test_only_links_to_the_sheet_are_removed() -> None:
    package = feature_package()
    linked = edited(package, lambda editor: editor.add_link(FORM, "A1", Link(ANNEX, "A1")))
    assert parts_that_differ(package, edited(linked, lambda e: e.remove_links(ANNEX))) == []
    left = edited(package, lambda editor: editor.remove_links("字典"))
    assert "location=" not in text(left, SHEET_PARTS[FORM])
    assert 'r:id="rId1" tooltip="打开网站"' in text(left, SHEET_PARTS[FORM])


# --- heights ------------------------------------------------------------------------------------


def test_a_height_is_set_and_nothing_else() -> None:
    package = feature_package()
    new = edited(package, lambda editor: editor.set_row_height(FORM, 5, 40.5))
    assert_untouched(package, new, touched=[SHEET_PARTS[FORM]])
    assert open_workbook(new).sheet(FORM).row_height(5) == Decimal("40.5")
    rows = [text(p, SHEET_PARTS[FORM]).split("<row ") for p in (package, new)]
    changed = [(old, now) for old, now in zip(*rows, strict=True) if old != now]
    assert len(changed) == 1
    plain = re.compile(r' (?:ht|customHeight)="[^"]*"')
    assert plain.sub("", changed[0][0]) == plain.sub("", changed[0][1])


def test_a_row_that_is_absent_is_made_for_its_height() -> None:
    editor = Editor(open_workbook(with_styles(LISTS)))
    assert editor.sheet("表").row_height(7) is None
    editor.set_row_height("表", 7, 20)
    assert editor.sheet("表").row_height(7) == 20
    assert editor.sheet("表").value("B2") == 1


@pytest.mark.parametrize(("row", "points"), [(1, 0), (1, 410), (1, -3), (0, 20), (1_048_577, 20)])
def test_heights_that_excel_does_not_have_are_refused(row: int, points: float) -> None:
    editor = Editor(open_workbook(with_styles(LISTS)))
    with pytest.raises(EditError, match="行高"):
        editor.set_row_height("表", row, points)


def test_sizes_that_hold_for_the_whole_sheet() -> None:
    before = (
        '<sheetFormatPr defaultColWidth="9.5" defaultRowHeight="14.25"/>'
        '<cols><col min="2" max="3" width="20"/></cols>'
    )
    sheet = open_workbook(
        packed(book({"表": worksheet('<row r="2" ht="30"/><row r="3"/>', before=before)}))
    ).sheet("表")
    assert [sheet.row_height(row) for row in (1, 2, 3)] == [Decimal("14.25"), 30, Decimal("14.25")]
    assert [sheet.column_width(c) for c in (1, 2, 3, 4)] == [Decimal("9.5"), 20, 20, Decimal("9.5")]
