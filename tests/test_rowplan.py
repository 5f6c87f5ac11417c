"""Where rows are added to a list, and taken from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltool.documents.load import from_raw
from xltool.editions import find_edition
from xltool.filling import fill
from xltool.filling.rowplan import RowMoves, block_edit
from xltool.ooxml import make_ref, split_ref
from xltool.ooxml.edit.rowedit import RowEdit
from xltool.reading import examine


@pytest.mark.parametrize(
    ("rows", "first"), [((5, 6, 7), 5), ((5, 6, 7, 10, 11), 10), ((4, 6, 9), 9), ((8,), 8)]
)
def test_rows_come_and_go_at_the_end_of_the_last_unbroken_run(
    rows: tuple[int, ...], first: int
) -> None:
    last = rows[-1]
    assert block_edit("表", rows, len(rows) + 3) == RowEdit("表", first, last, 3)


@pytest.mark.parametrize("count", [1, 9, 14])
def test_a_list_has_as_many_rows_afterwards_as_there_are_data(count: int, tmp_path: Path) -> None:
    table = "一般公共预算财政拨款支出决算表"
    codes = [f"2010{kind}{n:02}" for kind in (1, 3) for n in range(1, 8)]
    rows = [{"科目编码": code, "科目名称": "某项", "基本支出": 1} for code in codes[:count]]
    heads = {"版本": "2024-shanghai", "单位名称": "某局", "年度": 2024, "金额单位": "万元"}
    out = tmp_path / "决算.xlsx"
    fill(*from_raw({**heads, "表": {table: {"明细": rows}}}), out)
    reading = examine(out)
    (found,) = (s for s in reading.found_tables if s.mapping.table == table)
    assert list(found.located.lists["明细"].rows) == reading.row_numbers[table, 0, "明细"]


@pytest.mark.parametrize("inside", [True, False])
def test_a_template_is_told_as_the_clerks_own_only_where_one_was_given(
    inside: bool, tmp_path: Path
) -> None:
    heads = {"版本": "2024-shanghai", "单位名称": "某局", "年度": 2024, "金额单位": "万元"}
    report, edition = from_raw({**heads, "表": {"收入支出决算总表": {"收入": {"其他收入": 5}}}})
    template = edition.workbooks[0].template if inside else None
    filled = fill(report, edition, tmp_path / "决算.xlsx", template=template)
    assert filled.own == (filled.files[0] if inside else None)


@pytest.mark.parametrize("more", [4, -3])
def test_what_stands_below_a_list_moves_with_it(more: int) -> None:
    edition = find_edition("2024-shanghai")
    reading = examine(edition.workbooks[0].template.read_bytes(), edition)
    (found_table,) = (
        s for s in reading.found_tables if s.mapping.table == "一般公共预算财政拨款支出决算表"
    )
    located = found_table.located
    found = located.lists["明细"]
    assert found.total is not None and found.total > found.rows[-1]
    edit = block_edit(located.sheet.name, found.rows, len(found.rows) + more)
    moved = RowMoves((edit,)).located(located, located.sheet)
    assert moved.lists["明细"].total == found.total + more
    assert len(moved.lists["明细"].rows) == len(found.rows) + more
    labels = {ref: text for ref, text in located.labels.items() if split_ref(ref)[0] > edit.last}
    assert labels and all(
        moved.labels[make_ref(split_ref(ref)[0] + more, split_ref(ref)[1])] == text
        for ref, text in labels.items()
    )
    assert moved.fields["合计", "合计"] == f"C{found.total + more}"
