"""A worksheet that opens is well-formed: the scan proves as much of its rows as a parser would."""

from __future__ import annotations

import random

import pytest

from tests.support.packages import worksheet
from xltool.ooxml import Limits, WorkbookError
from xltool.ooxml.cells import open_sheet
from xltool.ooxml.xmltext import check

ROWS = (
    '<row r="1" spans="1:3" ht="18" customHeight="1"><c r="A1" s="1"/>'
    '<c r="B1" t="s"><v>0</v></c><c r="C1" s="2" t="inlineStr"><is><t>甲&amp;乙</t></is></c></row>'
    '<row r="2" hidden="1"/>'
    '<row r="3"><c r="A3"><f>B1&lt;"x"</f><v>1.5</v></c><c r="B3" t="str"><f>A3</f><v></v></c>'
    '<c r="C3"><f t="shared" ref="C3:C4" si="0">A3*2</f><v>3</v></c></row>'
    '<row r="4"><c r="A4" t="inlineStr"><is><r><t>乙</t></r></is></c><c r="C4"><f t="shared" si="0"/>'
    "<v>-0.25</v></c></row>"
)
PLAIN = worksheet(ROWS)
PIECES = (
    *(
        "<",
        ">",
        "/",
        '"',
        "'",
        "&",
        "&#1;",
        "&#65;",
        "&x;",
        "&amp",
        "]]>",
        "]]",
        "\x01",
        "\x0b",
        "\0",
    ),
    *("\ufffe", "\uffff", "\ud7ff", " ", "=", ' r="9"', ' s="1"', " si='0'", "<c", "</c>", "<row>"),
    *("<row r='5'>", '<row r="5">', '<row r="5"/>', "</row>", "<v>", "</v>", "<f>", "</f>", "<is>"),
    *(
        "</is>",
        "<t>",
        "</t>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<?a?>",
        "<x/>",
        "</sheetData>",
        "<sheetData>",
    ),
    *('<c r="A5"/>', '<c r="A5"><v>1</v></c>', "<!DOCTYPE a>", "\n", "é", "𠮷"),
)


def opens(data: bytes) -> bool:
    """Whether the sheet opens; it must not when a parser refuses it."""
    try:
        open_sheet(data, "xl/sheet.xml", "工作表", Limits(), read=True)
    except WorkbookError:
        return False
    return True


def parses(data: bytes) -> bool:
    try:
        check(data, "xl/sheet.xml")
    except WorkbookError:
        return False
    return True


def broken(rng: random.Random) -> bytes:
    """The sheet with one to three places spoilt."""
    text = PLAIN
    for _ in range(rng.randint(1, 3)):
        at, end = rng.randrange(len(text)), rng.randrange(len(text))
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 6) :]
        elif kind == 2:
            text = text[:at] + rng.choice(PIECES) + text[at + 1 :]
        else:
            text = text[:at] + text[end : end + rng.randint(1, 40)] + text[at:]
    data = text.encode()
    if rng.randrange(8) == 0:
        at = rng.randrange(len(data))
        data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    return data


def test_the_sheet_itself_opens() -> None:
    assert opens(PLAIN.encode())


@pytest.mark.parametrize("seed", range(4))
def test_what_a_parser_refuses_does_not_open(seed: int) -> None:
    rng = random.Random(seed)
    refused = 0
    for _ in range(500):
        data = broken(rng)
        if not parses(data):
            refused += 1
            assert not opens(data), data
    assert refused > 200


@pytest.mark.parametrize(
    "spoilt",
    [
        '<row r="1"><c r="A1"/>',
        '<row r="1"/><c r="A1"><v>1</v></c></row>',
        '<row r="1"><row r="2"><c r="A2"><v>1</v></c></row></row></row>',
        '<row r="1" ht="1" ht="2"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><f t="shared" t="array">1</f><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>&nbsp;</v></c></row>',
        '<row r="1"><c r="A1"><v>&#0;</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>\x1f</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>\uffff</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</r></t></is></c></row>',
        '<row r="1">x & y<c r="A1"><v>1</v></c></row>',
    ],
)
def test_rows_that_are_not_well_formed_do_not_open(spoilt: str) -> None:
    assert not opens(worksheet(spoilt).encode())


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"></row><c r="A1"><v>1</v></c>',
        '<row r="1"/><c r="A1"><v>1</v></c>',
        '<c r="A1"><v>1</v></c><row r="1"></row>',
        '<row r="1"><row r="2"><c r="A2"><v>1</v></c></row></row>',
    ],
)
def test_no_cell_outside_a_row_is_passed_over(rows: str) -> None:
    data = worksheet(rows).encode()
    scan = open_sheet(data, "xl/sheet.xml", "工作表", Limits(), read=True)
    with pytest.raises(WorkbookError, match="嵌套"):
        scan()
