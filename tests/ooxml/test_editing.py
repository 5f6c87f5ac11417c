"""Patching cells in sheets of every spelling; merges; what is refused."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.compare import assert_untouched, contents
from tests.support.editing import edited, saved
from tests.support.packages import (
    SHEET1,
    WORKBOOK,
    book,
    one_sheet,
    packed,
    sheet_of,
    strings,
    worksheet,
)
from tests.support.spellings import EXPECTED, SPELLINGS, STRINGS, STYLES
from xltool.ooxml import CellError, EditError, Editor, Range, WorkbookError, make_ref, open_workbook

PATCHABLE = {name: text for name, text in SPELLINGS.items() if name != "alternate content"}
PATCHABLE.pop("foreign elements and attributes")


def rows_of(package: bytes) -> str:
    """The rows of the sheet as written."""
    return re.sub(
        r".*<sheetData>|</sheetData>.*", "", contents(package)[SHEET1].decode(), flags=re.S
    )


def fill(editor: Editor) -> None:
    editor.set("表", "B1", Decimal("2.25"))
    editor.set("表", "C1", "=甲")
    editor.set("表", "A2", 7)
    editor.set("表", "A3", None)
    editor.set("表", "C3", True, over_formula=True)
    editor.set("表", "E3", " 丙\n")
    editor.set_formula("表", "B9", 'A1&"<"')
    editor.set_cached("表", "D3", CellError("#N/A"))


FILLED = {
    "A1": "甲&",
    "B1": Decimal("2.25"),
    "C1": "=甲",
    "D1": True,
    "A2": Decimal(7),
    "B3": CellError("#REF!"),
    "C3": True,
    "D3": CellError("#N/A"),
    "E3": " 丙\n",
    "B9": None,
}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", PATCHABLE.values(), ids=PATCHABLE)
def test_every_spelling_can_be_patched(text: str, codec: str) -> None:
    data = text.replace("UTF-8", codec.partition("-sig")[0]).encode(codec)
    parts = {"xl/sharedStrings.xml": STRINGS, SHEET1: data}
    package = packed(book({"表": ""}, parts=parts))
    after = edited(package, fill)
    assert_untouched(package, after, touched={SHEET1})
    editor = Editor(open_workbook(package))
    fill(editor)
    for sheet in (sheet_of(after), editor.sheet("表")):
        assert dict(sheet.items()) == FILLED
        assert sheet.formulas() == {"D3": '""', "B9": 'A1&"<"'}
        assert sheet.hidden_rows == {3}
        assert sheet.merges == (Range.parse("A5:B6"),)
        assert sheet.extent == Range.parse("A1:E9")
    assert contents(after)[SHEET1].decode(codec).startswith(text[:20])
    assert dict(sheet_of(package).items()) == EXPECTED


@pytest.mark.parametrize("name", ["alternate content", "foreign elements and attributes"])
def test_rows_that_an_edit_might_break_are_refused(name: str) -> None:
    package = packed(book({"表": SPELLINGS[name]}, parts={"xl/sharedStrings.xml": STRINGS}))
    editor = Editor(open_workbook(package))
    with pytest.raises(EditError, match=r"工作表“表”第 .*另存") as refusal:
        editor.set("表", "B1", 1)
    assert refusal.value.kind == "unsupported"
    assert_untouched(package, saved(editor))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('<row r="x"><c r="A1"/></row>', "工作表“表”的行号“x”无效"),
        ('<row r="2"><c r="A1"/><c r="B2"/></row>', "工作表“表”单元格 A1 写在第 2 行里"),
        ('<row r="1"><c r="?"/></row>', "工作表“表”的单元格地址有误：“?”"),
    ],
)
def test_rows_whose_numbers_make_no_sense_are_not_edited(rows: str, message: str) -> None:
    editor = Editor(open_workbook(one_sheet(rows)))
    with pytest.raises(WorkbookError) as refusal:
        editor.resize_rows("表", 1, 2, 3)
    assert refusal.value.kind == "corrupt"
    assert message in str(refusal.value)
    assert saved(editor) == one_sheet(rows)


def test_only_the_cell_changes_and_its_neighbours_keep_every_byte() -> None:
    rows = (
        '<row r="1"  spans="1:2" ><c  r="A1"  s="3"><v>1</v></c> <c r="C1" s="4" ><v>2</v></c></row>\n'
        "<row r='2' />  <row r=\"5\"><c r='B5' s='1' t='str' vm='1'><f>A1</f><v>x</v></c></row><!--z-->"
    )
    clean = rows.replace("<!--z-->", "")
    package = one_sheet(rows)
    assert rows_of(edited(package, lambda e: e.set("表", "B1", 5))) == clean.replace(
        '</c> <c r="C1"', '</c><c r="B1"><v>5</v></c> <c r="C1"'
    )
    assert rows_of(edited(package, lambda e: e.set("表", "C1", "x"))) == clean.replace(
        '<c r="C1" s="4" ><v>2</v></c>', '<c r="C1" s="4" t="inlineStr" ><is><t>x</t></is></c>'
    )
    assert rows_of(edited(package, lambda e: e.set("表", "D1", 5))) == clean.replace(
        "<v>2</v></c></row>", '<v>2</v></c><c r="D1"><v>5</v></c></row>'
    ).replace('"1:2"', '"1:4"')
    assert rows_of(edited(package, lambda e: e.set("表", "A2", 5))) == clean.replace(
        "<row r='2' />", "<row r='2' ><c r=\"A2\"><v>5</v></c></row>"
    )
    assert rows_of(edited(package, lambda e: e.set("表", "A3", 5))) == clean.replace(
        '  <row r="5">', '<row r="3"><c r="A3"><v>5</v></c></row>  <row r="5">'
    )
    assert rows_of(
        edited(package, lambda e: e.set_cached("表", "B5", Decimal(4)))
    ) == clean.replace("s='1' t='str' vm='1'><f>A1</f><v>x</v>", "s='1'><f>A1</f><v>4</v>")
    assert rows_of(edited(package, lambda e: e.set_formula("表", "B5", "C1<2"))) == clean.replace(
        "s='1' t='str' vm='1'><f>A1</f><v>x</v>", "s='1'><f>C1&lt;2</f>"
    )


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**9), 10**9, places=2),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
)
EDITS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 30), VALUES), max_size=25)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_what_was_set_is_read_back(edits: list[tuple[int, int, object]]) -> None:
    rows = "".join(
        f'<row r="{r}"><c r="B{r}" s="1"/><c r="D{r}"><v>{r}</v></c></row>' for r in (2, 3, 7)
    )
    package = one_sheet(rows, before='<dimension ref="B2:D7"/>')
    expected: dict[str, object] = {f"D{r}": Decimal(r) for r in (2, 3, 7)}
    editor = Editor(open_workbook(package))
    for row, column, value in edits:
        ref = make_ref(row, column)
        editor.set("表", ref, value)  # type: ignore[arg-type]
        if value is None:
            expected.pop(ref, None)
        else:
            whole = isinstance(value, int) and not isinstance(value, bool)
            expected[ref] = Decimal(value) if whole else value  # type: ignore[arg-type]
        assert editor.sheet("表").value(ref) == expected.get(ref)
    for sheet in (editor.sheet("表"), sheet_of(saved(editor))):
        assert dict(sheet.items()) == expected
        assert [type(v) for _, v in sorted(sheet.items())] == [
            type(v) for _, v in sorted(expected.items())
        ]
        assert list(sheet.refs()) == sorted(
            expected, key=lambda ref: (int(re.sub(r"\D", "", ref)), len(ref), ref)
        )


def test_setting_the_value_that_is_there_changes_nothing() -> None:
    rows = """<row r="1"><c r="A1"><v>29.539999999999999</v></c><c r="B1" t="s"><v>0</v></c>
        <c r="C1" t="b"><v>1</v></c><c r="D1" s="1"/></row>"""
    package = one_sheet(rows, parts={"xl/sharedStrings.xml": strings("<r><t>甲</t></r>")})

    def same(editor: Editor) -> None:
        editor.set("表", "A1", Decimal("29.54"))
        editor.set("表", "B1", "甲")
        editor.set("表", "C1", True)
        editor.set("表", "D1", None)
        editor.set("表", "Z99", None)

    assert_untouched(package, edited(package, same))
    assert edited(package, same) == package


def test_a_number_and_a_truth_value_are_not_the_same() -> None:
    package = one_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c></row>')
    editor = Editor(open_workbook(package))
    editor.set("表", "A1", True)
    editor.set("表", "B1", 1)
    assert editor.sheet("表").value("A1") is True
    assert editor.sheet("表").value("B1") == Decimal(1)
    assert not isinstance(editor.sheet("表").value("B1"), bool)


@pytest.mark.parametrize(
    ("dimension", "ref", "expected"),
    [("A1:B2", "B2", "A1:B2"), ("B2:C3", "A5", "A2:C5"), ("A1", "C1", "A1:C1"), ("", "C1", "")],
)
def test_the_stated_dimension_grows_to_hold_new_cells(
    dimension: str, ref: str, expected: str
) -> None:
    before = f'<dimension ref="{dimension}"/>' if dimension else ""
    after = edited(one_sheet(before=before), lambda editor: editor.set("表", ref, 1))
    stated = re.search(r'dimension ref="([^"]*)"', contents(after)[SHEET1].decode())
    assert (stated[1] if stated else "") == expected


def test_a_float_is_no_amount() -> None:
    editor = Editor(open_workbook(one_sheet()))
    with pytest.raises(TypeError, match="Decimal"):
        editor.set("表", "A1", 0.1)  # type: ignore[arg-type]
    assert editor.sheet("表").value("A1") is None


REFUSED = {
    "no such sheet": (lambda e: e.set("没有", "A1", 1), "没有名为“没有”的工作表"),
    "text too long": (lambda e: e.set("表", "A1", "长" * 32_768), "32767"),
    "half a character": (lambda e: e.set("表", "A1", "\ud800"), "残缺"),
    "empty formula": (lambda e: e.set_formula("表", "A1", ""), "公式"),
    "formula with equals sign": (lambda e: e.set_formula("表", "A1", "=1"), "等号"),
    "formula too long": (lambda e: e.set_formula("表", "A1", "1+" * 5000 + "1"), "8192"),
    "cached value of a constant": (lambda e: e.set_cached("表", "A1", None), "没有公式"),
    "no such format": (lambda e: e.set_style("表", "A1", 3), "序号为 3"),
    "merge of a cell": (lambda e: e.merge("表", "A1:A1"), "一个单元格"),
    "merge over another": (lambda e: e.merge("表", "B5:C9"), "A5:B6"),
    "merge over a value": (lambda e: e.merge("表", "A1:A2"), "A2 有内容"),
    "no such merge": (lambda e: e.unmerge("表", "A5:B7"), "不是一个合并区域"),
    "covered": (lambda e: e.set("表", "B6", 1), "左上角 A5"),
    "covered, formula": (lambda e: e.set_formula("表", "B6", "1"), "左上角 A5"),
}


@pytest.mark.parametrize(("edit", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals_say_why_and_change_nothing(edit: object, message: str) -> None:
    package = one_sheet(
        '<row r="2"><c r="A2"><v>1</v></c></row>',
        after='<mergeCells count="1"><mergeCell ref="A5:B6"/></mergeCells>',
    )
    editor = Editor(open_workbook(package))
    with pytest.raises(EditError, match=re.escape(message)) as refusal:
        edit(editor)  # type: ignore[operator]
    assert refusal.value.kind == "edit"
    assert saved(editor) == package


@pytest.mark.parametrize("ref", ["", "A0", "表!A1", "A1:B2"])
def test_what_is_no_cell_is_an_error_of_the_caller(ref: str) -> None:
    with pytest.raises(ValueError, match="不是单元格"):
        Editor(open_workbook(one_sheet())).set("表", ref, 1)


def test_merging_and_taking_apart() -> None:
    package = one_sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        after="<autoFilter ref='A1:B2'/><phoneticPr fontId='1'/>",
    )
    merged = edited(package, lambda e: e.merge("表", Range.parse("A1:B2")))
    assert contents(merged)[SHEET1].decode() == contents(package)[SHEET1].decode().replace(
        "<phoneticPr",
        '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells><phoneticPr',
    )
    editor = Editor(open_workbook(merged))
    editor.merge("表", "C1:C3")
    assert editor.sheet("表").merge_of("C2") == Range.parse("C1:C3")
    with pytest.raises(EditError, match="覆盖"):
        editor.set("表", "C2", 1)
    editor.unmerge("表", "C1:C3")
    editor.unmerge("表", "A1:B2")
    editor.set("表", "C2", None)
    assert contents(saved(editor))[SHEET1] == contents(package)[SHEET1]


def test_new_cells_have_the_prefix_of_their_sheet() -> None:
    package = packed(
        book({"表": SPELLINGS["prefix on every element"]}, parts={"xl/sharedStrings.xml": STRINGS})
    )

    def edit(editor: Editor) -> None:
        editor.set("表", "A7", "x")
        editor.merge("表", "A8:B9")

    text = contents(edited(package, edit))[SHEET1].decode()
    assert '<x:row r="7"><x:c r="A7" t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c></x:row>' in text
    assert '<x:mergeCell ref="A8:B9"/></x:mergeCells>' in text


def test_a_blank_sheet_takes_cells() -> None:
    package = packed(book({"表": worksheet().replace("<sheetData></sheetData>", "<sheetData />")}))
    after = edited(package, lambda editor: editor.set("表", "B2", 3))
    assert dict(sheet_of(after).items()) == {"B2": Decimal(3)}


def test_extensions_of_a_cell_stay_and_its_metadata_goes() -> None:
    rows = """<row r="1"><c r="A1" s="0" cm="1" vm="2"><f>1</f><v>2</v>
        <extLst><ext uri="u"><x/></ext></extLst></c></row>"""
    after = edited(one_sheet(rows), lambda e: e.set("表", "A1", 5, over_formula=True))
    assert '<c r="A1" s="0"><v>5</v><extLst><ext uri="u"><x/></ext></extLst></c>' in rows_of(after)


def test_a_style_may_be_changed() -> None:
    package = one_sheet(
        '<row r="1"><c r="A1" s="2"><f>1</f><v>1</v></c></row>', parts={"xl/styles.xml": STYLES}
    )

    def edit(editor: Editor) -> None:
        editor.set_style("表", "A1", 1)
        editor.set_style("表", "B1", 3)

    sheet = sheet_of(edited(package, edit))
    assert (sheet.style("A1"), sheet.formula("A1"), sheet.style("B1")) == (1, "1", 3)


def test_the_workbook_given_stays_as_it_was() -> None:
    workbook = open_workbook(one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    one, other = Editor(workbook), Editor(workbook)
    one.set("表", "A1", 2)
    other.set("表", "A1", 3)
    one.rename_sheet("表", "改名")
    assert workbook.sheet("表").value("A1") == 1
    assert other.sheet("表").value("A1") == 3
    assert list(one.sheets()) == ["改名"]
    assert one.sheets()["改名"].value("A1") == 2


def test_the_calculation_chain_goes_with_its_formulas() -> None:
    parts = book(
        {"表": worksheet('<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>')},
        parts={"xl/calcChain.xml": '<calcChain><c r="A1" i="1"/></calcChain>'},
        types={"xl/calcChain.xml": "application/x-chain"},
    )
    links = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        "</Relationships>",
        '<Relationship Id="c" Type="x/calcChain" Target="calcChain.xml"/></Relationships>',
    )
    package = packed(parts)
    kept = edited(package, lambda e: e.set("表", "B1", 1))
    assert "xl/calcChain.xml" in contents(kept)
    again = edited(package, lambda e: e.set_formula("表", "A1", "2"))
    assert "xl/calcChain.xml" in contents(again)
    gone = contents(edited(package, lambda e: e.set_formula("表", "B1", "2")))
    assert not any(b"calcChain" in content for content in gone.values())
    assert gone[WORKBOOK] == contents(package)[WORKBOOK]


def test_a_stream_takes_a_book_too() -> None:
    target = io.BytesIO()
    Editor(open_workbook(one_sheet())).save(target)
    assert target.getvalue() == one_sheet()
