"""Texts that units disclose are found beside their books, paired, and judged with them in a review."""

from __future__ import annotations

import zipfile
from pathlib import Path
from urllib.parse import quote

import duckdb
import openpyxl
import pytest

from tests.support.terminal import xltool as run
from xltool.batch.source import Source
from xltool.batch.together import BookHead
from xltool.core.resources import SAMPLES
from xltool.review.texts import TextPairs

RIGHT = "收入支出决算总体情况说明\n2021年度收入总计29.54万元，支出总计29.54万元。\n"
WRONG = RIGHT.replace("支出总计29", "支出总计39")


def head(name: str, unit: str, code: str = "") -> BookHead:
    return BookHead(name, name, unit, code, 2024, frozenset({"支出决算表"}))


def paired(text: str, *heads: BookHead) -> tuple[list[str], str]:
    pairs = TextPairs([Source(text, text)])
    return list(pairs(heads)), pairs.unpaired.get(text, "")


def test_a_text_goes_with_the_book_of_its_unit_and_never_by_chance() -> None:
    both = head("a/甲.xlsx", "北关区教育局"), head("a/乙.xlsx", "教育局")
    assert paired("x/北关区教育局说明.docx", *both) == (["a/甲.xlsx"], "")
    assert paired("a/说明.docx", head("a/甲.xlsx", "甲局")) == (["a/甲.xlsx"], "")
    found, why = paired("a/说明.docx", *both)
    assert not found and "a/乙.xlsx、a/甲.xlsx" in why
    same = head("甲区/1.xlsx", "小学"), head("乙区/1.xlsx", "小学")
    assert paired("乙区/小学.pdf", *same) == (["乙区/1.xlsx"], "")
    assert "可能是几份" in paired("丙/小学.pdf", *same)[1]
    coded = head("a/1.xlsx", "甲局", "101001"), head("a/2.xlsx", "乙局", "101002")
    assert paired("公开/101002.docx", *coded) == (["a/2.xlsx"], "")
    assert "没有找到" in paired("b/说明.docx", *coded)[1]


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("审核")
    for place, text in (("甲", RIGHT), ("乙", WRONG)):
        (folder / "报送" / place).mkdir(parents=True)
        book = (SAMPLES / "beiguan-2021.xlsx").read_bytes()
        (folder / "报送" / place / "决算.xlsx").write_bytes(book)
        (folder / "报送" / place / "说明.txt").write_text(text, encoding="utf-8")
    (folder / "报送" / "乙" / "坏.docx").write_bytes(b"x")
    (folder / "报送" / "无主.txt").write_text(RIGHT, encoding="utf-8")
    with zipfile.ZipFile(folder / "报送" / "丙.zip", "w") as archive:
        archive.write(SAMPLES / "sgb-2024.xlsx", "丙/决算.xlsx")
        archive.writestr("丙/说明.txt", "没有数的一句话。\n")
    answer = run("review", "报送", "-o", "结果", "--jobs", "1", folder=folder)
    assert answer.code == 1, answer.err
    assert "说明文字：不符 1 份，未能读取 1 份，未配上 1 份，未核对 1 份，相符 1 份" in answer.out
    assert "没有处理的其他文件" not in answer.out
    return folder


def test_texts_are_rows_of_their_own(reviewed: Path) -> None:
    with duckdb.connect(str(reviewed / "结果" / "审核.duckdb"), read_only=True) as db:
        found = db.sql("SELECT 文字, 工作簿, 结论, 核对 FROM texts ORDER BY 文字").fetchall()
        wrong = db.sql(
            "SELECT 文字, 内容, 单元格 FROM text_findings WHERE 结论 = '不符'"
        ).fetchall()
        pages = db.sql("SELECT 报告 FROM texts WHERE 报告 IS NOT NULL").fetchall()
        verdicts = db.sql("SELECT DISTINCT 结论 FROM books WHERE 版本 = '2021-national'").fetchall()
    assert found == [
        ("丙.zip!/丙/说明.txt", "丙.zip!/丙/决算.xlsx", "未核对", 0),
        ("乙/坏.docx", "乙/决算.xlsx", "未能读取", None),
        ("乙/说明.txt", "乙/决算.xlsx", "不符", 2),
        ("无主.txt", None, "未配上", None),
        ("甲/说明.txt", "甲/决算.xlsx", "相符", 2),
    ]
    ((text, told, cell),) = wrong
    assert text == "乙/说明.txt" and "39.54万元，表里是29.54万元" in told and cell.endswith("!C37")
    assert len(pages) == 3 and all((reviewed / "结果" / page).is_file() for (page,) in pages)
    assert len(verdicts) == 1  # a text changes nothing in the verdict of its book


def test_page_and_workbook_show_them(reviewed: Path) -> None:
    page = (reviewed / "结果" / "审核汇总.html").read_text(encoding="utf-8")
    assert "说明文字的问题" in page and "文中收支总计是39.54万元" in page and "无主.txt" in page
    assert f'<a href="{quote("报告/安阳市北关区大数据局-说明文字.html")}">打开</a>' in page
    book = openpyxl.load_workbook(reviewed / "结果" / "审核汇总.xlsx")
    rows = [[cell.value for cell in row] for row in book["说明文字"].iter_rows()]
    assert any("乙/说明.txt" in row and "不符" in row for row in rows)
    assert "说明文字的问题" in book.sheetnames


def test_a_review_with_texts_is_the_tools_own_and_can_be_made_again(reviewed: Path) -> None:
    answer = run("review", "报送", "-o", "结果", "--jobs", "1", "--force", folder=reviewed)
    assert answer.code == 1, answer.err


def test_a_conversion_passes_texts_over_and_says_so(reviewed: Path) -> None:
    answer = run("convert", "报送", "-o", "表", "--to", "csv", "--jobs", "1", folder=reviewed)
    assert "没有处理的其他文件：.txt 4 个、.docx 1 个" in answer.out
