"""Formulas of .xls books: those that xlwt writes, those that LibreOffice converts, and what cannot be told."""

from __future__ import annotations

import io
from collections.abc import Mapping

import openpyxl
import pytest
import xlwt
from openpyxl.worksheet.formula import ArrayFormula

from tests.support.libreoffice import saved_as
from xltool.ooxml import Range, Workbook, make_ref, open_workbook
from xltool.ooxml.read.formula import tokens

SHEET, OTHER, QUOTED = "收入 表", "支出", "a'b"

BOTH = [
    "SUM(A1:A3)",
    "SUM($A$1:A$3,B2)",
    "-2^2",
    "-(2^2)",
    "(1+2)*3",
    "1-(2-3)",
    "2^-1",
    "5%",
    "-A1%",
    "2^(3^2)",
    'A1&"说""明"&B2',
    "(A1)",
    "A1<>B1",
    "MAX(A1,0)>=MIN(B1,1)",
    'IF(COUNT(A1:B3)=0,"",SUM(A1:B3))',
    "IF(AND(A1=1,OR(B1=2,NOT(C1=3))),ROUND(SUM(A1)/10000,2),0)",
    'SUMIF(A1:A3,"???",B1:B3)',
    "SUMPRODUCT((LEN(A1:A3)=3)*B1:B3)",
    "支出!B2+SUM(支出!$A$1:B$3)",
    "'a''b'!A1",
    "1.5-0.25*3/4",
    "0.1+123456789.12",
]
"""Formulas that xlwt and LibreOffice store alike."""

LIBREOFFICE = [
    "CHOOSE(2,1,2,3)",
    "--A1",
    'IFERROR(A1/0,"错")',
    'SUMIFS(A1:A3,B1:B3,">0")',
    "COUNTIFS(A1:A3,1)",
    "SUM(A:A)",
    "SUM($A:B)",
    "VLOOKUP(A1,支出!A:C,3,0)",
    "SUM((A1:A2,B1:B2))",
    "A1:A3 A2:B2",
    "SUM(A1:INDEX(A1:A9,3))",
    "INDEX(A1:B3,2,1):B3",
    'LARGE({3,1,2;1,0.5,-1},1)&T({"甲","乙"})',
    "SUM(合计区)",
    "SUBTOTAL(9,A1:A3)",
    "OFFSET(A1,1,1)",
]


def as_xls(formulas: list[str]) -> bytes:
    """The formulas in column E, as xlwt writes them."""
    book = xlwt.Workbook(encoding="utf-8")
    first = book.add_sheet(SHEET)
    for name in (OTHER, QUOTED):
        book.add_sheet(name)
    for row, formula in enumerate(formulas):
        first.write(row, 4, xlwt.Formula(formula))
    return saved(book)


def saved(book: xlwt.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def plain(formulas: Mapping[str, str]) -> dict[str, str]:
    """Formulas without white space, which the old format keeps apart."""
    return {
        ref: "".join(t.text for t in tokens(formula) if t.kind != "space" or " A" in formula)
        for ref, formula in formulas.items()
    }


@pytest.fixture(scope="module")
def converted(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbook, Workbook]:
    """A book as .xls by LibreOffice, and what LibreOffice reads in that."""
    folder = tmp_path_factory.mktemp("xls")
    book = openpyxl.Workbook()
    first = book.active
    first.title = SHEET
    other, _ = book.create_sheet(OTHER), book.create_sheet(QUOTED)
    for row, formula in enumerate([*BOTH, *LIBREOFFICE], 1):
        first.cell(row, 5, f"={formula}")
    for row in range(1, 9):
        other.cell(row, 1, row)
        other.cell(row, 4, f"=A{row}*2+SUM($A$1:A{row})")  # shared in the file
    other["F1"] = ArrayFormula("F1:F3", "=A1:A3*2")
    area = openpyxl.workbook.defined_name.DefinedName("合计区", attr_text=f"{OTHER}!$A$1:$B$2")
    book.defined_names["合计区"] = area
    book.save(folder / "公式.xlsx")
    (old,) = saved_as(soffice, "xls", [folder / "公式.xlsx"], folder / "去")
    (back,) = saved_as(soffice, "xlsx", [old], folder / "回")
    return open_workbook(old), open_workbook(back)


def test_what_xlwt_writes() -> None:
    sheet = open_workbook(as_xls(BOTH)).sheet(SHEET)
    assert sheet.formulas() == {make_ref(row, 5): text for row, text in enumerate(BOTH, 1)}
    assert sheet.unread_formulas == {}
    assert sheet.formula("$e$1") == BOTH[0]
    assert sheet.formula("A1") is None


def test_programs_that_do_not_calculate_store_no_value() -> None:
    sheet = open_workbook(as_xls(["1+1", '""'])).sheet(SHEET)
    assert sheet.uncached() == {"E1", "E2"}
    assert not sheet.has_cached("E1")
    assert dict(sheet.items()) == {"E1": None, "E2": None}


def test_what_libreoffice_converts(converted: tuple[Workbook, Workbook]) -> None:
    old, _ = converted
    want = {make_ref(row, 5): text for row, text in enumerate([*BOTH, *LIBREOFFICE], 1)}
    assert dict(old.sheet(SHEET).formulas()) == want


def test_libreoffice_reads_the_same(converted: tuple[Workbook, Workbook]) -> None:
    old, back = converted
    union = make_ref(1 + [*BOTH, *LIBREOFFICE].index("SUM((A1:A2,B1:B2))"), 5)
    for sheet in back.sheets:
        theirs = plain(sheet.formulas())
        theirs.pop(union, None)  # LibreOffice writes its own sign for the union
        ours = plain(old.sheet(sheet.name).formulas())
        assert {ref: text for ref, text in ours.items() if ref in theirs} == theirs
        assert ours.keys() - theirs.keys() <= {union}
        assert old.sheet(sheet.name).array_formulas == sheet.array_formulas


def test_shared_formulas_arrays_names_and_values(converted: tuple[Workbook, Workbook]) -> None:
    old, _ = converted
    other = old.sheet(OTHER)
    assert [other.formula(f"D{row}") for row in (1, 8)] == [
        "A1*2+SUM($A$1:A1)",
        "A8*2+SUM($A$1:A8)",
    ]
    assert other.array_formulas == {"F1": Range.parse("F1:F3")}
    assert (other.formula("F1"), other.formula("F2")) == ("A1:A3*2", None)
    assert {(name.name, name.text) for name in old.defined_names} == {("合计区", "支出!$A$1:$B$2")}
    assert old.sheet(SHEET).has_cached("E1")
    assert other.value("D3") == 12


def test_a_formula_that_cannot_be_told_is_named() -> None:
    data = as_xls(["SUM(A1:A3)*7", "1+1"])
    seven = b"\x1e\x07\x00"
    assert data.count(seven) == 1
    sheet = open_workbook(data.replace(seven, b"\x18\x07\x00")).sheet(SHEET)
    assert sheet.unread_formulas == {"E1": "公式里有不认识的记号 0x18"}
    assert dict(sheet.formulas()) == {"E2": "1+1"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\x1e\x07\x00", b"\x05\x07\x00"),  # an operator without operands
        (b"\x1e\x07\x00", b"\x3a\x63\x00"),  # a sheet that is not there
        (b"\x1e\x07\x00", b"\x17\xff\x00"),  # a text longer than the formula
        (b"\x1e\x07\x00", b"\x41\xf0\xff"),  # an unknown function
    ],
)
def test_a_damaged_formula_is_named_and_never_invented(old: bytes, new: bytes) -> None:
    sheet = open_workbook(as_xls(["7", "1+1"]).replace(old, new)).sheet(SHEET)
    assert list(sheet.unread_formulas) == ["E1"]
    assert dict(sheet.formulas()) == {"E2": "1+1"}
