"""Growing and shrinking blocks: against a simple model, against LibreOffice, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.compare import contents
from tests.support.editing import edited, saved
from tests.support.libreoffice import recalculated
from tests.support.packages import SHEET1, book, one_sheet, packed, sheet_of, worksheet
from xltool.ooxml import EditError, Editor, make_ref, open_workbook, split_ref
from xltool.ooxml.edit.rowedit import RowEdit, follow

HEIGHT = 14
FORMULAS = st.sampled_from(
    ["A{0}", "A{0}*2", "SUM(A{0}:A{1})", "B$3+A{1}", "表!$A${1}", "SUM(别!A{0}:A{1})"]
)
CELLS = st.dictionaries(
    st.tuples(st.integers(1, HEIGHT), st.sampled_from("CDE")),
    st.tuples(FORMULAS, st.integers(1, HEIGHT), st.integers(1, HEIGHT)),
    max_size=12,
)


def _formula(pattern: str, row1: int, row2: int) -> str:
    return pattern.format(*sorted((row1, row2)))


@settings(max_examples=80, deadline=None)
@given(CELLS, st.integers(2, 8), st.integers(1, 5), st.integers(1, 9), st.booleans())
def test_a_sheet_moves_as_a_whole(
    cells: dict[tuple[int, str], tuple[str, int, int]],
    first: int,
    have: int,
    want: int,
    prefixed: bool,
) -> None:
    formulas = {f"{column}{row}": _formula(*what) for (row, column), what in cells.items()}
    rows = ""
    for row in range(1, HEIGHT + 1):
        own = sorted(ref for ref in formulas if split_ref(ref)[0] == row)
        rows += (
            f'<row r="{row}"><c r="A{row}"><v>{row}</v></c>'
            + "".join(f'<c r="{ref}"><f>{formulas[ref]}</f><v>0</v></c>' for ref in own)
            + "</row>"
        )
    text = worksheet(rows)
    if prefixed:
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1y:", text).replace("xmlns=", "xmlns:y=")
    package = packed(book({"表": text, "别": worksheet('<row r="1"/>')}))
    edit = RowEdit.of_block("表", first, have, want)
    editor = Editor(open_workbook(package))
    editor.resize_rows("表", first, have, want)
    expected = {}
    for ref, formula in formulas.items():
        row, column = split_ref(ref)
        moved = edit.row(row)
        if moved is not None:
            expected[make_ref(moved, column)] = follow(formula, edit, "表", row=row)
    for new in edit.new_rows:
        for ref, formula in formulas.items():
            row, column = split_ref(ref)
            if row == edit.last:
                copied = follow(formula, edit, "表", row=row)
                expected[make_ref(new, column)] = _copied(copied, new - row)
    found = editor.sheet("表")
    assert found.formulas() == expected
    values = {f"A{edit.row(row)}": Decimal(row) for row in range(1, HEIGHT + 1) if edit.row(row)}
    assert {ref: value for ref, value in found.items() if ref[0] == "A"} == values
    again = open_workbook(saved(editor)).sheet("表")
    assert dict(again.items()) == dict(found.items())
    assert again.formulas() == expected


def _copied(formula: str, rows: int) -> str:
    from xltool.ooxml.read.rewriting import shift

    return shift(formula, rows, 0)


def test_shared_formulas_stay_shared_where_they_can() -> None:
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"><f t="shared"'
        + (
            f' ref="B{r}:B{r + 2}" si="{r}">A{r}*2</f>'
            if r in (1, 4, 7)
            else f' si="{r - (r - 1) % 3}"/>'
        )
        + f'</c><c r="C{r}"><f t="shared"'
        + (' ref="C1:C9" si="99">$A$9+A1</f>' if r == 1 else ' si="99"/>')
        + "</c></row>"
        for r in range(1, 10)
    )
    package = one_sheet(rows)
    after = edited(package, lambda editor: editor.resize_rows("表", 4, 3, 4))
    text = contents(after)[SHEET1].decode()
    assert '<c r="B1"><f t="shared" ref="B1:B3" si="1">A1*2</f></c>' in text
    assert '<c r="B8"><f t="shared" ref="B8:B10" si="7">A8*2</f></c>' in text
    assert '<c r="B9"><f t="shared" si="7"/></c>' in text
    assert '<c r="C1"><f t="shared" ref="C1:C10" si="99">$A$10+A1</f></c>' in text
    assert '<c r="C7"><f>$A$10+A7</f></c>' in text
    found = sheet_of(after).formulas()
    assert found == {
        **{f"B{r}": f"A{r}*2" for r in range(1, 11)},
        **{f"C{r}": f"$A$10+A{r}" for r in range(1, 11)},
    }


def test_a_copied_row_has_formats_and_formulas_but_no_constants() -> None:
    rows = """<row r="3" ht="30" customHeight="1" s="7" customFormat="1"><c r="A3" s="1" t="s"><v>0</v></c>
        <c r="B3" s="2" vm="1"><v>5</v></c><c r="C3" s="3" t="str"><f>IF(B3="","",B3*D$4)</f><v>5</v></c>
        <c r="D3" s="4" cm="1"><f t="array" ref="D3">SUM(B3:C3)</f><v>1</v></c></row>
        <row r="4"><c r="D4"><v>2</v></c></row>"""
    after = edited(one_sheet(rows), lambda editor: editor.resize_rows("表", 3, 1, 2))
    text = re.sub(r">\s+<", "><", contents(after)[SHEET1].decode())
    assert (
        '<row r="4" ht="30" customHeight="1" s="7" customFormat="1"><c r="A4" s="1"/><c r="B4" s="2"/>'
        '<c r="C4" s="3"><f>IF(B4="","",B4*D$5)</f></c>'
        '<c r="D4" s="4" cm="1"><f t="array" ref="D4">SUM(B4:C4)</f></c></row>'
        '<row r="5"><c r="D5"><v>2</v></c></row>'
    ) in text


def test_rows_without_numbers_get_them_when_they_move() -> None:
    rows = "<row><c><v>1</v></c></row><row><c><v>2</v></c><c><f>A1</f></c></row><row><c><v>3</v></c></row>"
    sheet = sheet_of(edited(one_sheet(rows), lambda editor: editor.resize_rows("表", 2, 1, 3)))
    assert dict(sheet.items()) == {"A1": 1, "A2": 2, "B2": None, "B3": None, "B4": None, "A5": 3}
    assert sheet.formulas() == {"B2": "A1", "B3": "A2", "B4": "A3"}


def test_a_model_that_is_not_written_gives_rows_that_are_not_written() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9"><f>SUM(A1:A5)</f></c></row>'
    sheet = sheet_of(edited(one_sheet(rows), lambda editor: editor.resize_rows("表", 4, 2, 5)))
    assert sheet.formulas() == {"A12": "SUM(A1:A8)"}


TAILS = {
    "validations, one of two goes": (
        '<dataValidations count="2"><dataValidation sqref="A5"><formula1>1</formula1></dataValidation>'
        '<dataValidation sqref="A1 B5"/></dataValidations>',
        '<dataValidations count="1"><dataValidation sqref="A1"/></dataValidations>',
    ),
    "all of a kind go": (
        '<conditionalFormatting sqref="A5:C5"><cfRule/></conditionalFormatting>'
        '<dataValidations count="1"><dataValidation sqref="A5"/></dataValidations>'
        '<hyperlinks><hyperlink ref="A5" location="表!A9"/></hyperlinks>'
        '<rowBreaks count="1" manualBreakCount="1"><brk id="4" max="9" man="1"/></rowBreaks>'
        '<ignoredErrors><ignoredError sqref="B5"/></ignoredErrors>'
        '<extLst><ext uri="a"><x14:sparklineGroups xmlns:x14="x"><x14:sparklineGroup><x14:colorSeries/>'
        '<xm:f xmlns:xm="m">表!A9</xm:f><x14:sparklines><x14:sparkline><xm:sqref xmlns:xm="m">A5</xm:sqref>'
        "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext>"
        '<ext uri="b"><x14:y xmlns:x14="x"/></ext></extLst>',
        '<extLst><ext uri="b"><x14:y xmlns:x14="x"/></ext></extLst>',
    ),
    "breaks above and below": (
        '<rowBreaks count="3" manualBreakCount="2"><brk id="3" man="1"/><brk id="4"/><brk id="5" man="1"/>'
        '</rowBreaks><colBreaks count="1"><brk id="7"/></colBreaks>',
        '<rowBreaks count="2" manualBreakCount="2"><brk id="3" man="1"/><brk id="4" man="1"/>'
        '</rowBreaks><colBreaks count="1"><brk id="7"/></colBreaks>',
    ),
    "merges": (
        '<mergeCells count="4"><mergeCell ref="A4:A5"/><mergeCell ref="B5:C5"/><mergeCell ref="D4:D6"/>'
        '<mergeCell ref="A7:B7"/></mergeCells>',
        '<mergeCells count="2"><mergeCell ref="D4:D5"/><mergeCell ref="A6:B6"/></mergeCells>',
    ),
    "controls": (
        '<controls><control><controlPr linkedCell="$B$6"><anchor moveWithCells="1"><from><xdr:row>4</xdr:row>'
        "<xdr:rowOff>9</xdr:rowOff></from><to><xdr:row>7</xdr:row></to></anchor></controlPr></control>"
        "<control><controlPr><anchor><from><xdr:row>8</xdr:row></from></anchor></controlPr></control></controls>",
        '<controls><control><controlPr linkedCell="$B$5"><anchor moveWithCells="1"><from><xdr:row>4</xdr:row>'
        "<xdr:rowOff>0</xdr:rowOff></from><to><xdr:row>7</xdr:row></to></anchor></controlPr></control>"
        "<control><controlPr><anchor><from><xdr:row>8</xdr:row></from></anchor></controlPr></control></controls>",
    ),
    "scale by formula, watches": (
        '<conditionalFormatting sqref="A1"><cfRule><colorScale><cfvo type="formula" val="$A$9"/><cfvo '
        'type="num" val="5"/></colorScale></cfRule></conditionalFormatting>'
        '<cellWatches><cellWatch r="A5"/><cellWatch r="A6"/></cellWatches>',
        '<conditionalFormatting sqref="A1"><cfRule><colorScale><cfvo type="formula" val="$A$8"/><cfvo '
        'type="num" val="5"/></colorScale></cfRule></conditionalFormatting>'
        '<cellWatches><cellWatch r="A5"/></cellWatches>',
    ),
}


@pytest.mark.parametrize(("before", "after"), TAILS.values(), ids=TAILS)
def test_what_stood_on_a_removed_row_goes(before: str, after: str) -> None:
    package = one_sheet('<row r="9"/>', after=before)
    shrunk = edited(package, lambda editor: editor.resize_rows("表", 4, 2, 1))
    text = contents(shrunk)[SHEET1].decode()
    assert text[text.index("</sheetData>") :] == f"</sheetData>{after}</worksheet>"


def test_new_rows_share_the_formats_of_the_last_one() -> None:
    package = one_sheet(
        '<row r="9"/>',
        after='<conditionalFormatting sqref="A4 C4:C6"/><dataValidations><dataValidation sqref="B4:B5"/>'
        '<dataValidation sqref="D6"/></dataValidations>',
    )
    grown = edited(package, lambda editor: editor.resize_rows("表", 4, 3, 5))
    text = contents(grown)[SHEET1].decode()
    assert re.findall('sqref="([^"]*)"', text) == ["A4 C4:C8", "B4:B5", "D6:D8"]


REFUSED = {
    "array across the end": ('<f t="array" ref="A5:A7">B5:B7</f>', (4, 2, 3), "数组公式区域 A5:A7"),
    "array across the removed": (
        '<f t="array" ref="A5:A6">B5:B6</f>',
        (4, 3, 2),
        "数组公式区域 A5:A6",
    ),
    "array in the model": ('<f t="array" ref="A5:B5">B5:C5</f>', (4, 2, 3), "数组公式区域 A5:B5"),
    "data table": ('<f t="dataTable" ref="A5:A6" r1="B1"/>', (1, 1, 2), "模拟运算表"),
    "off the sheet": ("<f>1</f>", (4, 2, 1_048_570), "超出工作表"),
}


@pytest.mark.parametrize(("formula", "block", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals_change_nothing(formula: str, block: tuple[int, int, int], message: str) -> None:
    package = one_sheet(f'<row r="5"><c r="A5">{formula}<v>1</v></c></row><row r="9"/>')
    editor = Editor(open_workbook(package))
    with pytest.raises(EditError, match=message):
        editor.resize_rows("表", *block)
    assert saved(editor) == package


def test_a_failure_half_way_leaves_everything_as_it_was() -> None:
    odd = worksheet('<row r="1"><c r="A1"><f>表!A9</f></c><y/></row>')
    sheets = {"表": worksheet('<row r="9"><c r="A9"><v>1</v></c></row>'), "别": odd}
    package = packed(book(sheets, names='<definedName name="n">表!$A$9</definedName>'))
    editor = Editor(open_workbook(package))
    editor.set("表", "B9", 5)
    before = saved(editor)
    with pytest.raises(EditError, match="另存"):
        editor.resize_rows("表", 1, 1, 3)
    assert saved(editor) == before
    assert dict(editor.sheet("表").items()) == {"A9": 1, "B9": 5}
    editor.set("表", "C9", 6)
    assert dict(sheet_of(saved(editor)).items()) == {"A9": 1, "B9": 5, "C9": 6}


def test_bad_ranges_in_the_sheet_are_named() -> None:
    package = one_sheet(
        '<row r="9"/>', after='<dataValidations><dataValidation sqref="A5:x"/></dataValidations>'
    )
    editor = Editor(open_workbook(package))
    with pytest.raises(EditError, match="A5:x"):
        editor.resize_rows("表", 4, 2, 3)
    assert saved(editor) == package


def test_libreoffice_calculates_the_same_before_and_after(soffice: str, tmp_path: Path) -> None:
    """Filling the same amounts into a grown form gives the same totals on every sheet."""
    lines = "".join(
        f'<row r="{r}"><c r="A{r}" t="inlineStr"><is><t>{code}</t></is></c><c r="B{r}"><v>{r}.25</v></c>'
        f'<c r="C{r}"><f>IF(COUNTIFS(A{r + 1}:A$9,A{r}&amp;"??")=0,"",SUMIF(A{r + 1}:A$9,A{r}&amp;"??",'
        f'B{r + 1}:B$9))</f></c><c r="D{r}"><f>B{r}/B$10</f></c></row>'
        for r, code in zip(range(5, 10), ("201", "20101", "20102", "208", "20801"), strict=True)
    )
    total = '<row r="10"><c r="B10"><f>SUM(B5:B9)</f></c><c r="D10"><f>SUM(D5:D9)</f></c></row>'
    other = """<row r="1"><c r="A1"><f>SUM('表 一'!B5:B9)</f></c><c r="B1"><f>'表 一'!B10-A1</f></c>
        <c r="C1"><f>VLOOKUP("20102",'表 一'!$A$5:$B$9,2,0)</f></c><c r="D1"><f>COUNT('表 一'!B:B)</f></c></row>"""
    package = packed(book({"表 一": worksheet(lines + total), "汇总": worksheet(other)}))

    def grow(editor: Editor) -> None:
        editor.resize_rows("表 一", 5, 5, 8)
        for row in (10, 11, 12):
            editor.set("表 一", f"A{row}", f"208{row}")
            editor.set("表 一", f"B{row}", 0)

    before, after = tmp_path / "前.xlsx", tmp_path / "后.xlsx"
    before.write_bytes(package)
    after.write_bytes(edited(package, grow))
    old, new = (open_workbook(path) for path in recalculated(soffice, [before, after], tmp_path))
    for ref in ("A1", "B1", "C1"):
        assert new.sheet("汇总").value(ref) == old.sheet("汇总").value(ref)
    assert new.sheet("汇总").value("D1") == 9
    form, grown = old.sheet("表 一"), new.sheet("表 一")
    assert grown.value("B13") == form.value("B10") == Decimal("36.25")
    for ref in ("C5", "C6", "C8", "D5", "D9"):
        assert grown.value(ref) == form.value(ref), ref
    assert grown.value("C12") == ""
    assert grown.value("D12") == 0
