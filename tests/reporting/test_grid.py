"""The picture of a sheet: merges, formats, hidden parts, and nothing that is not there."""

from __future__ import annotations

import io

import openpyxl
import pytest

from xltool.ooxml import Sheet, open_workbook
from xltool.ooxml.read.areas import areas
from xltool.reporting.html.grid import GridCell, Mark, Marked, ReportGrid, draw

MARK = Marked("c1-X", "", [Mark(1, "suspect", "×", "")])


def sheet_with(cells: dict[str, object], *merges: str, **formats: str) -> Sheet:
    book = openpyxl.Workbook()
    sheet = book.active
    for ref, value in cells.items():
        sheet[ref] = value
    for ref, code in formats.items():
        sheet[ref].number_format = code
    for merge in merges:
        sheet.merge_cells(merge)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    target = io.BytesIO()
    book.save(target)
    return open_workbook(target.getvalue()).sheets[0]


def texts(grid: ReportGrid) -> dict[int, list[str]]:
    return {row.number: [cell.text for cell in row.cells] for row in grid.rows}


def cell(grid: ReportGrid, text: str) -> GridCell:
    (found,) = (c for row in grid.rows for c in row.cells if c.text == text)
    return found


def test_cells_as_they_are_printed() -> None:
    sheet = sheet_with(
        {"A1": "项目", "B1": 1234.5, "A2": "占比", "B2": 0.1234, "A3": "错", "B3": "=1/0"},
        B1="#,##0.00",
        B2="0.0%",
    )
    grid = draw(sheet, None, {})
    assert texts(grid) == {1: ["项目", "1,234.50"], 2: ["占比", "12.3%"], 3: ["错", ""]}
    assert [column.letter for column in grid.columns] == ["A", "B"]
    assert sum(column.width for column in grid.columns) == pytest.approx(100, abs=0.1)


def test_merged_cells_span_and_cover() -> None:
    grid = draw(sheet_with({"A1": "合计", "C1": "甲", "C2": "乙"}, "A1:B2"), None, {})
    assert texts(grid) == {1: ["合计", "甲"], 2: ["乙"]}
    assert (cell(grid, "合计").rowspan, cell(grid, "合计").colspan) == (2, 2)


def test_every_row_fills_the_width_whatever_the_merges() -> None:
    cells = {f"A{row}": row for row in (1, 5, 40, 41)} | {"D3": "x", "H40": "y"}
    grid = draw(sheet_with(cells, "A1:D3", "A40:B60", "C41:H41", "F5:F6"), None, {})
    taken = dict.fromkeys((row.number for row in grid.rows), 0)
    for row in grid.rows:
        for c in row.cells:
            for number in range(row.number, row.number + c.rowspan):
                taken[number] += c.colspan
    assert set(taken.values()) == {len(grid.columns)}


def test_hidden_rows_and_columns_are_drawn_and_said() -> None:
    grid = draw(sheet_with({"A1": 1, "A2": 2, "B1": 3}), None, {})
    assert [row.hidden for row in grid.rows] == [False, True]
    assert [column.hidden for column in grid.columns] == [False, True]


def test_long_gaps_are_left_out_and_said() -> None:
    grid = draw(sheet_with({"A1": "头", "A500": "远", "ZZ500": 1}), None, {})
    assert [row.number for row in grid.rows] == [1, 500]
    assert [row.gap for row in grid.rows] == ["", "第 2–499 行略"]
    assert [(column.letter, column.gap) for column in grid.columns] == [("A", False), ("ZZ", True)]


def test_short_gaps_are_drawn_and_nothing_after_the_last_cell() -> None:
    sheet = sheet_with({"A1": "头", "A10": "尾"}, A30="0.00", Z1="0.00")
    grid = draw(sheet, None, {})
    assert [row.number for row in grid.rows] == list(range(1, 11))
    assert [column.letter for column in grid.columns] == ["A"]


def test_a_blank_cell_of_a_finding_is_drawn() -> None:
    grid = draw(sheet_with({"A1": 1}), None, {"C3": MARK})
    assert [row.number for row in grid.rows] == [1, 2, 3]
    assert grid.rows[2].cells[2].marked is MARK


def test_a_huge_sheet_is_drawn_around_its_marks() -> None:
    grid = draw(sheet_with({f"A{row}": row for row in range(1, 4001)}), None, {"A3000": MARK})
    numbers = [row.number for row in grid.rows]
    assert len(numbers) < 1000
    assert set(range(2997, 3004)) < set(numbers)
    assert any(row.gap for row in grid.rows)


def test_on_paper_a_long_list_shrinks_to_its_head_foot_and_marks() -> None:
    grid = draw(sheet_with({f"A{row}": row for row in range(1, 201)}), None, {"A100": MARK})
    near = [row.number for row in grid.rows if not row.far]
    assert near == [*range(1, 13), *range(97, 104), *range(198, 201)]
    assert [row.skipped for row in grid.rows if row.skipped] == [
        "第 13–96 行没有问题，打印时略去",
        "第 104–197 行没有问题，打印时略去",
    ]


def test_long_texts_are_cut() -> None:
    grid = draw(sheet_with({"A1": "长" * 5000}), None, {})
    assert grid.rows[0].cells[0].text.endswith("……（共5000字）")
    assert len(grid.rows[0].cells[0].text) < 400


def test_an_empty_sheet_is_one_blank_cell() -> None:
    grid = draw(sheet_with({}), None, {})
    assert texts(grid) == {1: [""]}


@pytest.mark.parametrize(
    ("refs", "words"),
    [
        ("D5 D6 D7", "D5:D7"),
        ("D5 E5 F5", "D5:F5"),
        ("D5 D7", "D5、D7"),
        ("C9", "C9"),
        ("B1 B3 B5 B7 B9 B11 B13 B15", "B1、B3、B5、B7、B9、B11 等"),
        ("E5 E6 F5 F6", "E5:E6、F5:F6"),
    ],
)
def test_areas(refs: str, words: str) -> None:
    assert areas(refs.split()) == words
