"""Cell references and ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.ooxml import Range, column_letter, column_number, make_ref, split_ref

ROWS, COLUMNS = st.integers(1, 1_048_576), st.integers(1, 16_384)


@pytest.mark.parametrize(
    ("number", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")],
)
def test_columns(number: int, letters: str) -> None:
    assert column_letter(number) == letters
    assert column_number(letters) == column_number(letters.lower()) == number


@given(ROWS, COLUMNS)
def test_references_there_and_back(row: int, column: int) -> None:
    ref = make_ref(row, column)
    assert split_ref(ref) == (row, column)
    assert split_ref(f"${ref.lower()}") == (row, column)


@given(ROWS, COLUMNS, ROWS, COLUMNS)
def test_ranges_there_and_back(row1: int, column1: int, row2: int, column2: int) -> None:
    area = Range.parse(f"{make_ref(row1, column1)}:{make_ref(row2, column2)}")
    assert Range.parse(str(area)) == area
    assert area.holds(row1, column1)
    assert area.holds(row2, column2)
    assert area.size == (abs(row1 - row2) + 1) * (abs(column1 - column2) + 1)


@pytest.mark.parametrize(
    "text", ["", "A", "1", "A0", "A01", "XFE1", "A1048577", "AAAA1", "A1:", "A-1", "Ａ1"]
)
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        split_ref(text)


@pytest.mark.parametrize("number", [0, -1, 16_385])
def test_columns_outside_the_sheet_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="超出"):
        column_letter(number)


def test_ranges_as_written_in_books() -> None:
    assert Range.parse("$B$2:C3") == Range.parse("C3:B2") == Range(2, 2, 3, 3)
    assert Range.parse("B:C") == Range(1, 2, 1_048_576, 3)
    assert Range.parse("$3:$5") == Range(3, 1, 5, 16_384)
    assert str(Range.parse("B2:B2")) == "B2"
    assert Range.parse("B2:C3").anchor == "B2"


def test_ranges_and_cells() -> None:
    area = Range.parse("B2:C4")
    assert area.cells() == ["B2", "C2", "B3", "C3", "B4", "C4"]
    assert [ref for ref in ("A1", "B2", "C4", "D4", "C5") if area.contains(ref)] == ["B2", "C4"]
    assert area.intersects(Range.parse("C4:D9"))
    assert not area.intersects(Range.parse("D2:D4"))
    assert area.union(Range.parse("A9")) == Range.parse("A2:C9")
