"""What spoilt workbooks brought to light, one small case each."""

from __future__ import annotations

import io
import re
import struct
import tracemalloc

import pytest
import xlwt

from tests.hostile.bases import as_xls
from tests.hostile.case import SHEET, WORKBOOK, changed, good, with_part
from tests.support.compare import contents
from xltool.checks import validate
from xltool.core.problems import InputError
from xltool.ooxml import WorkbookError, open_workbook
from xltool.reading import examine
from xltool.reading.facts import facts

HUGE = "9" * 5000
LIST_SHEET = "xl/worksheets/sheet3.xml"


def cell(ref: str, new: str, part: str = SHEET) -> bytes:
    """The good workbook with another element for a cell."""
    text = contents(good())[part].decode()
    text, count = re.subn(rf'<c r="{ref}"[^>]*?(?:/>|>.*?</c>)', lambda match: new, text)
    assert count == 1
    return with_part(part, text.encode())


def test_a_number_that_is_too_long_to_be_one() -> None:
    named = changed(WORKBOOK, 'localSheetId="5"', f'localSheetId="{HUGE}"')
    assert facts(examine(named)) == facts(examine(good()))
    row = changed(SHEET, '<row r="1" ', f'<row a="" r="{HUGE}" ')
    with pytest.raises(InputError, match="行号"):
        examine(row)
    with pytest.raises(InputError, match=f"共享字符串序号 {HUGE[:20]} 不存在"):
        examine(cell("B7", f'<c r="B7" t="s"><v>{HUGE}</v></c>'))


@pytest.mark.parametrize("width", ["abc", "1e999", "-1", "", HUGE])
def test_the_width_of_a_column_is_none(width: str) -> None:
    book = changed(SHEET, 'width="36.7109375"', f'width="{width}"')
    assert validate(book).verdict == validate(good()).verdict


def test_a_formula_longer_than_excel_allows() -> None:
    long = "1+" * 5000 + "1"
    validation = validate(cell("B6", f'<c r="B6"><f>{long}</f><v>1</v></c>'))
    assert {f.rule for f in validation.findings if (SHEET_NAME, "B6") in f.cells} & {"F-03", "F-04"}


SHEET_NAME = "收入支出决算总表"


def test_an_amount_that_no_unit_has() -> None:
    reading = examine(cell("B6", '<c r="B6"><v>1e308</v></c>'))
    assert [(fault.sheet, fault.ref) for fault in reading.faults] == [(SHEET_NAME, "B6")]
    assert "数额过大" in reading.faults[0].message
    assert len(facts(reading).cell) == len(facts(examine(good())).cell) - 1
    again = examine(cell("B6", '<c r="B6"><v>1e15</v></c>'))
    assert "数额过大" in again.faults[0].message
    assert not examine(cell("B6", '<c r="B6"><v>999999999999999</v></c>')).faults


def test_a_number_of_an_old_workbook_that_is_none() -> None:
    xls = bytearray(as_xls(cell("B6", '<c r="B6"><v>271828.125</v></c>')))
    at = xls.index(struct.pack("<d", 271828.125))
    xls[at : at + 8] = struct.pack("<d", float("inf"))
    with pytest.raises(InputError, match=r"B6.*数值超出范围"):
        examine(bytes(xls))


def test_a_list_row_in_which_nothing_but_a_fault_stands() -> None:
    text = contents(good())[LIST_SHEET].decode()
    blank = re.findall(r'<c r="D(\d+)"', text)[-1]
    book = cell(f"D{blank}", f'<c r="D{blank}" t="str"><v>三万</v></c>', LIST_SHEET)
    validation = validate(book)
    assert not validation.reading.faults or validation.verdict != "合格"


@pytest.mark.parametrize("codec", ["rot13", "zip", "undefined", "idna", "d"])
def test_an_encoding_that_is_none(codec: str) -> None:
    for part in (SHEET, WORKBOOK):
        text = contents(good())[part].replace(b'"UTF-8"', f'"{codec}"'.encode(), 1)
        with pytest.raises(InputError, match=r"编码|文本|XML"):
            examine(with_part(part, text))
    # a byte order mark goes before what is declared; expat may refuse the contradiction
    with pytest.raises(InputError, match="编码"):
        examine(with_part(WORKBOOK, b"\xef\xbb\xbf" + text))


def test_a_name_that_would_give_orders_to_the_terminal() -> None:
    target = 'Target="worksheets/%1B%5B2J%00.xml"'
    book = changed("xl/_rels/workbook.xml.rels", 'Target="worksheets/sheet1.xml"', target)
    with pytest.raises(WorkbookError) as caught:
        open_workbook(book).sheets[0].value("A1")
    assert "缺失" in str(caught.value) and not re.search("[\x00-\x1f]", str(caught.value))


def test_a_part_that_only_validation_needs_is_damaged() -> None:
    spoilt = changed(SHEET, '<cols><col min="1"', '<cols><col min="x"')
    with pytest.raises(InputError, match="列设置"):
        validate(spoilt)


def test_a_cell_far_out_in_an_old_workbook_makes_no_sheet_of_blanks() -> None:
    book = xlwt.Workbook()
    for number in range(3):
        sheet = book.add_sheet(f"表{number}")
        sheet.write(0, 0, 1)
        sheet.write(65_535, 255, "远")
    book.save(target := io.BytesIO())
    tracemalloc.start()
    try:
        sheet = open_workbook(target.getvalue()).sheets[1]
        assert dict(sheet.items()) == {"A1": 1, "IV65536": "远"}
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()
