"""审核汇总.xlsx as a reader opens it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string

from tests.review.support import Review
from xltool.batch.sinks.streamed import StreamedBook
from xltool.review.compare import STATES
from xltool.review.sheets import ReviewSheet, SheetColumn, looks, some_cells


@pytest.fixture(scope="module")
def book(second: Review) -> Any:
    """The summary of the second round."""
    return openpyxl.load_workbook(second.folder / "审核汇总.xlsx")


def table(book: Any, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the titles of its columns."""
    head, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_sheets(book: Any) -> None:
    assert book.sheetnames == ["单位清单", "问题清单", "规则统计", "未能读取", "与上次比较"]
    assert all(sheet.freeze_panes and sheet.auto_filter.ref for sheet in book)


def test_units_in_the_order_of_the_page(book: Any, second: Review) -> None:
    *rows, lost = table(book, "单位清单")
    ranked = list(second.done.collected.ranked)
    assert [(row["单位名称"], row["结论"], row["文件"]) for row in rows] == [
        (line.unit, line.book["结论"], line.name) for line in ranked
    ]
    assert (lost["结论"], lost["文件"]) == ("没能读取", "丁.xlsx")
    changed = {row["单位名称"]: (row["新增"], row["已改正"]) for row in rows}
    assert changed["甲局"][0] == 0
    assert changed["甲局"][1] > 0


def test_links_lead_to_the_reports(book: Any, second: Review) -> None:
    links = [
        cell.hyperlink.target
        for row in book["单位清单"].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert len(links) == second.done.collected.read
    assert {link.replace("\\", "/") for link in links} <= second.files


def test_findings_and_rules_agree_with_the_page(book: Any, second: Review) -> None:
    findings = table(book, "问题清单")
    failing = {
        row["规则"] for row in findings if row["单位名称"] == "丙局" and row["结论"] == "不符"
    }
    assert {"T01-03", "T01-05"} <= failing
    assert all(row["结论"] in ("不符", "数据不足") for row in findings)
    counts = {row["规则"]: row["不符（份）"] for row in table(book, "规则统计")}
    for head in second.done.collected.rules.values():
        assert counts[head.id] == head.books["不符"]


def test_the_columns_of_the_comparison_add_up(book: Any, second: Review) -> None:
    changes = second.done.changes
    assert changes is not None
    lines = Counter(row["变化"] for row in table(book, "与上次比较"))
    for state in STATES:
        column = sum(row[state] or 0 for row in table(book, "单位清单"))
        assert column == changes.total[state] == lines[state]


def test_unread_and_changes(book: Any) -> None:
    assert {row["文件"] for row in table(book, "未能读取")} == {"丁.xlsx", "坏.xlsx", "旧.et"}
    changes = table(book, "与上次比较")
    assert {"已改正", "仍未改正", "新增", "本次没有交"} <= {row["变化"] for row in changes}
    assert all(row["规则"] for row in changes if row["变化"] in ("已改正", "仍未改正", "新增"))


def test_a_long_list_of_cells_is_shortened() -> None:
    cells = [f"{letter}{row}" for row in range(7, 17) for letter in "EFGHI"]
    assert some_cells("、".join(cells)) == "E7、F7、G7、H7、I7、E8 等50处"
    assert some_cells("、".join(cells[:6])) == "、".join(cells[:6])
    others = [f"办公、运行!{cell}" for cell in cells]
    assert some_cells("、".join(others)) == f"{'、'.join(others[:6])} 等50处"
    assert some_cells(None) is None


def test_cells_can_be_read(book: Any) -> None:
    """The address of a suspect is wrapped, rows begin at the top, numbers keep clear of the next column."""
    for sheet in book:
        for row in sheet.iter_rows(min_row=2, max_row=50):
            for cell in row:
                assert cell.value is None or cell.alignment.vertical == "top"
                if isinstance(cell.value, int | float):
                    assert (cell.alignment.horizontal, cell.alignment.indent) == ("right", 1)
    findings = book["问题清单"]
    suspects = next(cell.column_letter for cell in findings[1] if cell.value == "疑似单元格")
    assert findings.column_dimensions[suspects].width >= 24
    assert all(cell.alignment.wrap_text for cell in findings[suspects][1:] if cell.value)


def test_sheets_are_printed_large_enough(book: Any) -> None:
    """One page wide, the head on every page, at no less than three quarters of the size."""
    for sheet in book:
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        last = sheet.print_area.rpartition(":")[2].replace("$", "").rstrip("0123456789")
        printed = column_index_from_string(last)
        groups = sheet.column_dimensions.values()
        inches = sum(
            g.width * (min(printed, g.max) - g.min + 1) for g in groups if g.min <= printed
        )
        inches *= 7 / 96
        paper = {8: 16.5, 9: 11.7}[sheet.page_setup.paperSize] - 0.8
        assert inches * 0.75 < paper, sheet.title


def test_heights_are_written_and_not_kept(tmp_path: Path) -> None:
    streamed = StreamedBook(tmp_path / "表.xlsx")
    columns = (SheetColumn("内容", 10, "long"), SheetColumn("文件", 10))
    sheet = ReviewSheet(streamed.book, looks(streamed.book), "问题清单", columns, 1)
    for number in range(50):
        sheet.row({"内容": "很长的一句话" * (1 + number % 5), "文件": str(number)})
    kept = streamed.book.worksheets()[0].row_sizes
    assert len(kept) <= 1
    sheet.finish()
    streamed.close()
    heights = openpyxl.load_workbook(tmp_path / "表.xlsx")["问题清单"].row_dimensions
    assert [heights[n].height for n in range(2, 7)] == sorted(
        {heights[n].height for n in range(2, 52)}
    )
