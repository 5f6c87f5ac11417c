"""What rows, ranges and references become when a block of rows grows or shrinks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.ooxml import EditError, Range
from xltool.ooxml.edit.rowedit import RowEdit, follow

GROW = RowEdit.of_block("表", 5, 6, 8)
SHRINK = RowEdit.of_block("表", 5, 6, 4)
ONE = RowEdit.of_block("表", 5, 1, 3)


@pytest.mark.parametrize(
    ("formula", "grown", "shrunk"),
    [
        ("A4+A5+A10+A11", "A4+A5+A10+A13", "A4+A5+#REF!+A9"),
        ("SUM(C5:C10)", "SUM(C5:C12)", "SUM(C5:C8)"),
        ("SUM(C$5:C$10)", "SUM(C$5:C$12)", "SUM(C$5:C$8)"),
        ("SUM(C10:C5)", "SUM(C12:C5)", "SUM(C8:C5)"),
        ("SUM(C1:C10)", "SUM(C1:C12)", "SUM(C1:C8)"),
        ("SUM(C5:C9)", "SUM(C5:C9)", "SUM(C5:C8)"),
        ("SUM(C5:C11)", "SUM(C5:C13)", "SUM(C5:C9)"),
        ("SUM(C11:C12)", "SUM(C13:C14)", "SUM(C9:C10)"),
        ("SUM(C9:C10)", "SUM(C9:C12)", "SUM(#REF!)"),
        ("SUM(B10:D10)", "SUM(B10:D10)", "SUM(#REF!)"),
        (
            "SUM(C:C)+SUM(5:10)+SUM(11:11)",
            "SUM(C:C)+SUM(5:12)+SUM(13:13)",
            "SUM(C:C)+SUM(5:8)+SUM(9:9)",
        ),
        ("'表'!A11&\"表!A11\"", "'表'!A13&\"表!A11\"", "'表'!A9&\"表!A11\""),
        ("别!A11+[1]表!A11+表:别!A11", "别!A11+[1]表!A11+表:别!A11", "别!A11+[1]表!A11+表:别!A11"),
        ("明细[A11]+A11名", "明细[A11]+A11名", "明细[A11]+A11名"),
        ("A1048576", "#REF!", "A1048574"),
        (
            "SUM(A1:A1048576)+SUM(A2:A1048576)",
            "SUM(A1:A1048576)+SUM(A2:A1048576)",
            "SUM(A1:A1048576)+SUM(A2:A1048574)",
        ),
    ],
)
def test_what_a_formula_becomes(formula: str, grown: str, shrunk: str) -> None:
    assert follow(formula, GROW, "表") == grown
    assert follow(formula, SHRINK, "表") == shrunk
    if "表" not in formula:
        assert follow(formula, GROW, "别") == formula


def test_formulas_of_other_sheets_follow_by_name_only() -> None:
    assert follow("表!A11+A11", GROW, "别") == "表!A13+A11"
    assert follow("'表'!$A$11:$B$12", GROW, "别") == "'表'!$A$13:$B$14"


def test_running_sums_stay_with_their_row() -> None:
    assert follow("SUM(C$5:C10)", GROW, "表", row=10) == "SUM(C$5:C10)"
    assert follow("SUM(C$5:C10)", GROW, "表", row=11) == "SUM(C$5:C12)"
    assert follow("SUM(C9:C$10)", GROW, "表", row=8) == "SUM(C9:C$12)"


def test_a_block_of_one_row_grows_where_a_column_is_meant() -> None:
    assert follow("SUM(C5:C5)", ONE, "表") == "SUM(C5:C7)"
    assert follow("C5", ONE, "表") == "C5"
    assert follow("SUM(B5:D5)", ONE, "表") == "SUM(B5:D5)"


def test_names_move_only_where_rows_are_fixed() -> None:
    assert follow("表!$A$11", GROW, "", fixed_only=True) == "表!$A$13"
    assert follow("表!A11", GROW, "", fixed_only=True) == "表!A11"
    assert follow("表!$A:$B,表!$1:$11", GROW, "", fixed_only=True) == "表!$A:$B,表!$1:$13"


EDITS = st.builds(
    lambda first, have, want: RowEdit.of_block("表", first, have, want),
    st.integers(1, 30),
    st.integers(1, 12),
    st.integers(1, 20),
)


@given(EDITS, st.integers(1, 60), st.integers(1, 60), st.booleans())
def test_spans_become_what_their_rows_become(
    edit: RowEdit, row1: int, row2: int, grow: bool
) -> None:
    top, bottom = sorted((row1, row2))
    moved = [new for row in range(top, bottom + 1) if (new := edit.row(row)) is not None]
    span = edit.span(top, bottom, grow=grow)
    if not moved:
        assert span is None
        return
    assert span is not None
    assert span[0] == moved[0]
    takes_new = grow and edit.count > 0 and bottom == edit.last
    assert span[1] == moved[-1] + (edit.count if takes_new else 0)


@given(EDITS, st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9)), max_size=5))
def test_new_rows_are_members_where_the_last_one_is(
    edit: RowEdit, spans: list[tuple[int, int]]
) -> None:
    areas = [Range(top, 1, top + more, 2) for top, more in spans]
    before = {row for area in areas for row in range(area.top, area.bottom + 1)}
    after = {row for area in edit.members(areas) for row in range(area.top, area.bottom + 1)}
    expected = {new for row in before if (new := edit.row(row)) is not None}
    if edit.last in before:
        expected |= set(edit.new_rows)
    spanned = any(area.top <= edit.last < area.bottom for area in areas)
    assert after == expected | (set(edit.new_rows) if spanned else set())


@pytest.mark.parametrize("block", [(0, 3, 4), (5, 0, 4), (5, 3, 0)])
def test_blocks_that_cannot_be(block: tuple[int, int, int]) -> None:
    with pytest.raises(EditError, match="至少为 1"):
        RowEdit.of_block("表", *block)
