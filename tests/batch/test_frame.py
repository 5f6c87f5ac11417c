"""`xltool.frame`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests.batch.support import rows
from xltool.batch.runner import FinishedRun


def test_the_frame_has_the_facts_of_the_batch(finished: FinishedRun, submission: Path) -> None:
    frame = xltool.frame(submission, jobs=2)
    expected = rows(finished, "facts")
    assert frame.to_dict("records") == expected
    values = [value for value in frame["值"] if value is not None]
    assert {type(value) for value in values} == {Decimal}
    assert not [value for value in values if "." in str(value) and str(value).endswith("0")]
    books = frame.attrs["books"]
    assert [(b["文件"], b["状态"]) for b in books] == [
        (b["文件"], b["状态"]) for b in rows(finished)
    ]


def test_amounts_add_up_exactly(books: Path) -> None:
    frame = xltool.frame([books / "乙局.xlsx"], edition="2023-national", jobs=1)
    expenses = frame[(frame["表"] == "支出决算表") & (frame["列"] == "本年支出合计")]
    (total,) = expenses.loc[expenses["行"] == "合计", "值"]
    items = expenses[expenses["科目编码"].str.len() == 7]
    assert items["值"].sum() == total


def test_nothing_found(tmp_path: Path) -> None:
    with pytest.raises(xltool.InputError, match="没有这个文件"):
        xltool.frame(tmp_path / "没有")
    (tmp_path / "说明.txt").write_bytes(b"")
    with pytest.raises(xltool.InputError, match="txt 1 个"):
        xltool.frame(tmp_path)
    with pytest.raises(xltool.InputError, match="没有找到工作簿"):
        xltool.frame([])


def test_books_that_all_fail_give_no_rows_but_reasons(tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.xlsx").write_bytes(b"no workbook")
    frame = xltool.frame(tmp_path, jobs=1)
    assert len(frame) == 0
    assert "单位名称" in frame
    assert {(book["状态"], bool(book["原因"])) for book in frame.attrs["books"]} == {("失败", True)}
