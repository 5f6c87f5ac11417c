"""What units write into their letters is theirs, of those figures, and of nothing else."""

from __future__ import annotations

import shutil
import zipfile
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import duckdb
import openpyxl
import pytest

from tests.review.support import spoilt
from tests.season.conftest import TOTAL
from tests.season.support import command
from xltool.checks.replies import LETTER_SHEET
from xltool.core.resources import SAMPLES
from xltool.season import store

HEAD = 6
EXPLAINED = "F-01"
"""The rule of 甲局's finding that an explanation settles: a value in place of a formula."""


def answered(letter: Path, target: Path, text: str, *, number: str = "") -> None:
    """Copy a letter as a unit sends it back: an answer to every line, saved by another program."""
    workbook = openpyxl.load_workbook(letter)
    sheet = workbook[LETTER_SHEET]
    at = {str(cell.value): cell.column for cell in sheet[HEAD]}
    for row in range(HEAD + 1, sheet.max_row + 1):
        sheet.cell(row, at["单位说明"]).value = text
        if number:
            sheet.cell(row, at["编号"]).value = number
    workbook.save(target)


@pytest.fixture
def returned(reviewed: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """The books handed in again, the letters about them."""
    files = Path(shutil.copytree(reviewed.files, tmp_path / "第二轮"))
    assert command("letters", reviewed.review.folder, "-o", tmp_path / "通知").code == 0
    letters = tmp_path / "通知" / "未分部门"
    return SimpleNamespace(files=files, out=tmp_path / "审核二", letters=letters)


def reviewed_again(returned: SimpleNamespace) -> str:
    """Review what came back; what was said."""
    done = command("review", returned.files, "-o", returned.out, "--jobs", "1")
    assert done.code == 1, done.err
    assert not returned.out.with_name("审核二.part").exists()
    return done.out


def explanations(out: Path, unit: str) -> dict[str, tuple[str | None, str | None]]:
    """说明 and 提示 of a unit's findings by rule."""
    with duckdb.connect(str(out / "审核.duckdb"), read_only=True) as database:
        rows = database.execute(
            "SELECT 规则, 说明, 提示 FROM findings WHERE 单位名称 = ? AND 结论 = '不符'", [unit]
        ).fetchall()
    return {rule: (text, hint) for rule, text, hint in rows}


def test_an_answer_explains_what_may_be_explained(returned: SimpleNamespace) -> None:
    answered(returned.letters / "甲局-整改通知.xlsx", returned.files / "甲局 回复.xlsx", "系统导出")
    said = reviewed_again(returned)
    assert "收回整改通知 1 份" in said
    found = explanations(returned.out, "甲局")
    assert found[EXPLAINED][0] == "系统导出"
    text, hint = found["T01-03"]
    assert text is None
    assert "单位说明：“系统导出”（必须改正的，说明代替不了）" in str(hint)
    assert all(
        text is None for text, _ in explanations(returned.out, "丙/局:*?<b>〔文号〕").values()
    )


def test_an_answer_to_an_old_figure_is_not_taken_for_a_new_one(returned: SimpleNamespace) -> None:
    answered(returned.letters / "甲局-整改通知.xlsx", returned.files / "回复.xlsx", "系统导出")
    spoilt(returned.files / "甲局.xlsx", TOTAL, Decimal(1))
    reviewed_again(returned)
    for text, hint in explanations(returned.out, "甲局").values():
        assert text is None
        assert "说明作废" in str(hint)


def test_a_line_of_another_letter_is_told_and_explains_nothing(returned: SimpleNamespace) -> None:
    letter = returned.letters / "甲局-整改通知.xlsx"
    answered(letter, returned.files / "回复.xlsx", "系统导出", number="1-0000")
    said = reviewed_again(returned)
    assert "整改通知里没有用上的：回复.xlsx" in said
    assert "编号“1-0000”不是这份通知里的" in said
    assert all(text is None for text, _ in explanations(returned.out, "甲局").values())


def test_a_letter_in_an_archive_is_read_too(returned: SimpleNamespace) -> None:
    answered(returned.letters / "甲局-整改通知.xlsx", returned.out.parent / "回.xlsx", "系统导出")
    with zipfile.ZipFile(returned.files / "甲局.zip", "w") as archive:
        archive.write(returned.out.parent / "回.xlsx", "甲局/整改通知（回复）.xlsx")
    said = reviewed_again(returned)
    assert "收回整改通知 1 份" in said
    assert explanations(returned.out, "甲局")[EXPLAINED][0] == "系统导出"
    with duckdb.connect(str(returned.out / "审核.duckdb"), read_only=True) as database:
        assert database.execute("SELECT 1 FROM books WHERE 文件 LIKE '%zip%'").fetchall() == []


def test_a_damaged_letter_is_told_and_stops_nothing(returned: SimpleNamespace) -> None:
    letter = returned.letters / "甲局-整改通知.xlsx"
    workbook = openpyxl.load_workbook(letter)
    workbook["编号对照"].delete_rows(1, 99)
    workbook[LETTER_SHEET].cell(HEAD + 1, 9).value = "系统导出"
    workbook.save(returned.files / "回复.xlsx")
    said = reviewed_again(returned)
    assert "这张表空了" in said


def test_validate_takes_a_letter_as_explanations(returned: SimpleNamespace) -> None:
    answered(returned.letters / "甲局-整改通知.xlsx", returned.out.parent / "回.xlsx", "系统导出")
    letter = returned.out.parent / "回.xlsx"
    done = command("validate", returned.files / "甲局.xlsx", "--explanations", letter)
    assert done.code == 1
    assert "系统导出" in done.out


def states(season: Path) -> dict[str, str]:
    """The states of 甲局's findings by rule."""
    with store.reading(season) as db:
        rows = db.execute("SELECT 规则, 状态 FROM 问题清单 WHERE 单位名称 = '甲局'").fetchall()
    return {row["规则"]: row["状态"] for row in rows}


def round_of(season: Path, files: Path, name: str) -> str:
    out = season.parent / name
    done = command("review", files, "-o", out, "--season", season, "--jobs", "1")
    assert done.code in (0, 1), done.err
    return done.out


def test_a_season_remembers_an_answer_that_came_alone(
    returned: SimpleNamespace, tmp_path: Path
) -> None:
    season = tmp_path / "季"
    round_of(season, returned.files, "第1轮")
    assert states(season)[EXPLAINED] == "新增"
    letters = tmp_path / "只有信"
    letters.mkdir()
    answered(returned.letters / "甲局-整改通知.xlsx", letters / "回复.xlsx", "系统导出")
    assert "收回整改通知 1 份" in round_of(season, letters, "第2轮")
    after = {EXPLAINED: "已说明", "T01-03": "新增", "T01-05": "新增"}
    assert states(season) == after
    round_of(season, returned.files, "第3轮")
    assert states(season) == {EXPLAINED: "已说明", "T01-03": "仍未改正", "T01-05": "仍未改正"}
    assert "单位说明：系统导出" in command("season", "show", season, "--unit", "甲局").out
    spoilt(returned.files / "甲局.xlsx", TOTAL, Decimal(1))
    round_of(season, returned.files, "第4轮")
    assert set(states(season).values()) == {"仍未改正"}
    done = command("season", "letters", season, "-o", tmp_path / "通知四")
    assert done.code == 0, done.err


def test_a_unit_that_has_confirmed_everything_gets_no_letter(tmp_path: Path) -> None:
    (tmp_path / "报送").mkdir()
    book = openpyxl.load_workbook(SAMPLES / "sgb-2024.xlsx")
    book.worksheets[0]["F50"] = 5
    book.save(tmp_path / "报送" / "局.xlsx")
    season, letters = tmp_path / "季", tmp_path / "收回"
    assert "未完成审核 1" in round_of(season, tmp_path / "报送", "第1轮")
    assert command("season", "letters", season, "-o", tmp_path / "通知").code == 0
    (letter,) = (tmp_path / "通知" / "未分部门").glob("*-整改通知.xlsx")
    letters.mkdir()
    answered(letter, letters / "回复.xlsx", "另附的数")
    alone = command("review", letters, "-o", tmp_path / "第2轮", "--season", season, "--jobs", "1")
    assert alone.out.startswith("共 0 份工作簿\n") and alone.code == 0
    again = command("season", "letters", season, "-o", tmp_path / "通知二")
    assert again.code == 2 and "没有要发的通知：都合格，或都有说明" in again.err


def test_letters_alone_are_nothing_to_review_without_a_season(
    returned: SimpleNamespace, tmp_path: Path
) -> None:
    letters = tmp_path / "只有信"
    letters.mkdir()
    shutil.copy(returned.letters / "甲局-整改通知.xlsx", letters)
    done = command("review", letters, "-o", tmp_path / "审核三")
    assert done.code == 2
    assert "没有找到工作簿" in done.err
    assert "整改通知，不当作报送：甲局-整改通知.xlsx" in done.err


def test_convert_does_not_take_a_letter_for_a_book(
    returned: SimpleNamespace, tmp_path: Path
) -> None:
    shutil.copy(returned.letters / "甲局-整改通知.xlsx", returned.files)
    done = command("convert", returned.files, "-o", tmp_path / "表.duckdb", "--jobs", "1")
    assert "共 4 份工作簿" in done.out
    assert "整改通知，不当作报送：甲局-整改通知.xlsx" in done.out
