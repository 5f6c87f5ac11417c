"""单位编码, where a cover or the lines above a table print it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from xltool.core.resources import SAMPLES
from xltool.reading import examine


def with_cover(folder: Path, *rows: list[object]) -> Path:
    book = openpyxl.load_workbook(SAMPLES / "beiguan-2021.xlsx")
    cover = book.create_sheet("封面", 0)
    for row in rows:
        cover.append(row)
    book.save(folder / "本.xlsx")
    return folder / "本.xlsx"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["单位编码：101001"]], "101001"),
        ([["单位预算代码", "101-001A"]], "101-001A"),
        ([["预算单位代码：", None, 101001]], "101001"),
        ([["单位编码：", "某局"]], ""),
        ([["单位编码："], ["101001"]], ""),
        ([["单位编码：101001"], ["部门编码：101"]], "101001"),
        ([["单位编码：101001"], ["单位代码：101"]], ""),
        ([["科目编码", "2010101"]], ""),
    ],
)
def test_the_code_on_the_cover(tmp_path: Path, rows: list[list[object]], code: str) -> None:
    heads = examine(with_cover(tmp_path, *rows)).report.heads
    assert heads.get("单位编码", "") == code


def test_a_code_with_the_zeros_of_its_format(tmp_path: Path) -> None:
    path = with_cover(tmp_path, ["单位编码：", 1001])
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B1"].number_format = "000000"
    book.save(path)
    assert examine(path).report.heads["单位编码"] == "001001"
