"""`xltool review` as a person runs it."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl

from tests.review.support import Review, spoilt
from tests.support.alone import ALONE
from tests.support.terminal import assert_refused, contents_of, xltool
from xltool.core.resources import SAMPLES


def test_the_command_reviews_compares_and_ends_with_1(
    submissions: tuple[Path, Path], first: Review, tmp_path: Path
) -> None:
    shutil.copytree(submissions[1], tmp_path / "报送")
    shutil.copytree(first.folder, tmp_path / "上次")
    before = contents_of(tmp_path)
    answer = xltool(
        *("review", "报送", "-o", "审核", "--prior-review", "上次", "--jobs", "1"), folder=tmp_path
    )
    assert answer.code == 1, answer.err
    assert "共 6 份工作簿" in answer.out
    assert "未能读取 3" in answer.out
    assert "与上次比较：" in answer.out
    assert "本次没有交的单位 1 个" in answer.out
    after = contents_of(tmp_path)
    assert {name: after[name] for name in before} == before
    assert {name.partition("/")[0] for name in after.keys() - before.keys()} == {"审核"}


def test_an_earlier_review_among_the_submissions_is_left_out(
    submissions: tuple[Path, Path], first: Review, tmp_path: Path
) -> None:
    inbox = tmp_path / "报送"
    shutil.copytree(first.folder, inbox / "审核")
    shutil.copy(first.folder / "审核汇总.xlsx", inbox / "上次的汇总.xlsx")
    shutil.copy(submissions[0] / "丙局.xlsx", inbox)
    converted = xltool("convert", "报送", "-o", "报送/全部.xlsx", *ALONE, folder=tmp_path)
    told = "没有处理 xltool 自己写的 {} 项：上次的汇总.xlsx（转换或审核的汇总）{}、审核（审核结果）"
    assert converted.code == 0, converted.err
    assert "共 1 份工作簿：成功 1" in converted.out
    assert told.format(2, "") in converted.out
    (inbox / "封面.jpg").write_bytes(b"x")
    answer = xltool("review", "报送", "-o", "审核", *ALONE, folder=tmp_path)
    assert "共 1 份工作簿：合格 1" in answer.out
    own = told.format(3, "、全部.xlsx（转换或审核的汇总）")
    assert f"没有处理的其他文件：.jpg 1 个\n{own}" in answer.out
    page = (tmp_path / "审核" / "审核汇总.html").read_text(encoding="utf-8")
    assert own.partition("：")[0] in page and own.partition("：")[2] in page
    sheet = openpyxl.load_workbook(tmp_path / "审核" / "审核汇总.xlsx")["没有处理"]
    rows = [" ".join(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert rows[0] == "没有处理的其他文件 .jpg 1 个"
    assert [row.partition(" 项 ")[2] for row in rows[1:]] == own.partition("：")[2].split("、")
    copy = xltool("review", "报送/审核/标注本/甲局.xlsx", "-o", "一份", *ALONE, folder=tmp_path)
    assert "共 1 份工作簿：不合格 1" in copy.out


def test_what_cannot_be_done_is_said_and_leaves_nothing(
    submissions: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "空").mkdir()
    book = submissions[0] / "丙局.xlsx"
    shutil.copy(book, tmp_path / "丙局.xlsx")
    (tmp_path / "有").mkdir()
    (tmp_path / "有" / "别的.txt").write_text("", encoding="utf-8")
    assert_refused(tmp_path, "review", "空", "-o", "审核", said=("没有找到工作簿",))
    assert_refused(tmp_path, "review", "丙局.xlsx", "-o", "有", said=("没有覆盖",))
    assert_refused(tmp_path, "review", "丙局.xlsx", "-o", "有", "--force", said=("别的.txt",))
    assert_refused(
        tmp_path,
        *("review", "丙局.xlsx", "-o", "审核", "--prior-review", "空"),
        said=("不是审核结果",),
    )


def test_a_corrected_file_beside_the_old_one_is_the_one_compared(tmp_path: Path) -> None:
    for number in "123":
        (tmp_path / number / "东区").mkdir(parents=True)
        bad = tmp_path / number / "东区" / "甲局.xlsx"
        shutil.copy(SAMPLES / "sgb-2024.xlsx", bad)
        if number != "1":
            shutil.copy(bad, bad.with_name("甲局（改）.xlsx"))
        if number != "3":
            spoilt(bad, "B6", Decimal(1))
        else:
            bad.unlink()
    assert xltool("review", "1", "-o", "审核一", *ALONE, folder=tmp_path).code == 1
    second = xltool(
        *("review", "2", "-o", "审核二", "--prior-review", "审核一", *ALONE), folder=tmp_path
    )
    (told,) = [line for line in second.out.splitlines() if line.startswith("与上次比较")]
    assert "已改正" in told
    assert "仍未改正" not in told and "新增" not in told
    # what the old file beside it still said is not open for the next time either
    third = xltool(
        *("review", "3", "-o", "审核三", "--prior-review", "审核二", *ALONE), folder=tmp_path
    )
    assert third.code == 0, third.out
    assert "改正" not in third.out
