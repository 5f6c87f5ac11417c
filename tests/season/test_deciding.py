"""What a reviewer says about submissions: whose they are, that they are none; and for how long that is remembered."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from tests.season.support import Season, command
from xltool.core.problems import InputError
from xltool.season import coverage, deciding, store
from xltool.season.letters.ofseason import season_units
from xltool.season.unitlist import ListedUnit

LIST = [ListedUnit("101", "甲局", "农口"), ListedUnit("201", "乙局", "政法口")]
JUNK = {"name": "", "file": "农口/通知.doc", "read": False, "text": "通知"}


@pytest.fixture
def season(tmp_path: Path) -> Season:
    return Season(tmp_path)


def owners(season: Season, run: int) -> list[tuple[str, str, str]]:
    sql = (
        "SELECT 文件, 单位编码, 归属 FROM 报送 JOIN 单位 USING (单位) WHERE 轮次 = ? ORDER BY 文件"
    )
    return season.rows(sql, run)


def said(season: Season) -> str:
    """The line that page, workbook and terminal begin with."""
    with store.reading(season.folder) as db:
        return coverage.totals(db)


def test_what_was_dismissed_is_not_asked_about_again_while_it_is_the_same(season: Season) -> None:
    season.round({"name": "甲局"}, JUNK, listed=LIST)
    assert season.told() == {("待认定", "农口/通知.doc")}
    season.say(deciding.dismiss, "农口/通知.doc", "转发的通知", "张")
    assert season.told() == set()
    assert "不知道是谁的" not in said(season)
    season.round({**JUNK, "file": "换了地方/通知.doc"})
    assert season.told() == set()
    with store.reading(season.folder) as db:
        (unit,) = season_units(db, date.today())
        (table,) = (table for table in coverage.doubts(db, 2) if table.title == "不算数的报送")
    assert unit.name == "甲局"
    ((*_, state, why, file),) = table.rows
    assert (state, file) == ("不是报送", "换了地方/通知.doc")
    assert "转发的通知（张" in str(why)
    season.round({**JUNK, "text": "改过的通知"})
    assert season.told() == {("待认定", "农口/通知.doc")}


def test_a_dismissal_is_taken_back(season: Season) -> None:
    season.round(JUNK, listed=LIST)
    season.say(deciding.dismiss, "农口/通知.doc", "转发的通知", "张")
    season.say(deciding.readmit, "农口/通知.doc", "李")
    assert season.told() == {("待认定", "农口/通知.doc")}
    log = season.rows("SELECT 何人, 做了什么 FROM 日志 WHERE 做了什么 <> '审核' ORDER BY 日志")
    assert log == [("张", "不是报送"), ("李", "撤回不是报送")]
    with pytest.raises(InputError, match="没有人说过"):
        season.say(deciding.readmit, "农口/通知.doc", "李")


def test_a_book_that_was_counted_may_be_dismissed(season: Season) -> None:
    """A department's own summary that bears a unit's name: the unit has handed in nothing then."""
    season.round({"name": "甲局", "file": "汇总.xlsx", "fails": "a"}, listed=LIST)
    assert season.states() == {"甲局 a": "新增"}
    season.say(deciding.dismiss, "汇总.xlsx", "部门汇总", "张")
    assert season.states() == {} and season.valid() == set()
    assert "未报 2" in said(season)
    season.say(deciding.belongs, "汇总.xlsx", "101", "张")
    assert season.states() == {"甲局 a": "新增"}


@pytest.mark.parametrize(
    ("first", "again", "known"),
    [
        # it prints a code that the list has not got (yet)
        ({"name": "甲局", "code": "109"}, {"file": "别处/甲.xlsx"}, True),
        # it lies with another department, and prints no code
        ({"name": "甲局", "file": "政法口/甲.xlsx"}, {"file": "政法口/甲（改）.xlsx"}, True),
        ({"name": "甲局", "file": "政法口/甲.xlsx"}, {"file": "政法口/又/甲.xlsx"}, False),
        ({"name": "甲局", "code": "109"}, {"name": "乙局", "file": "乙.xlsx"}, False),
    ],
)
def test_what_the_reviewer_said_holds_for_the_next_one_like_it(
    season: Season, first: dict[str, str], again: dict[str, str], known: bool
) -> None:
    season.round(first, listed=LIST)
    (((_, file),)) = season.told()
    season.say(deciding.belongs, file, "101", "张")
    assert owners(season, 1) == [(file, "101", "审核人")]
    changed = {**first, **again, "text": "第二稿"}
    season.round(changed)
    if known:
        assert season.told() == set()
        assert owners(season, 2) == [(changed["file"], "101", "以前认定")]
    else:
        assert season.told() == {("待认定", changed["file"])}


@pytest.mark.parametrize("name", ["甲局（本级）", "甲局(本级)"])
def test_who_corrects_himself_corrects_what_followed(season: Season, name: str) -> None:
    """In whichever spelling it came first."""
    listed = [ListedUnit("101", "甲局（本级）", "农口"), LIST[1]]
    season.round({"name": name, "code": "109"}, listed=listed)
    season.say(deciding.belongs, f"{name}.xlsx", "201", "张")
    season.round({"name": "甲局（本级）", "code": "109", "file": "2.xlsx", "text": "第二稿"})
    assert owners(season, 2) == [("2.xlsx", "201", "以前认定")]
    season.say(deciding.belongs, f"{name}.xlsx", "101", "张")
    assert owners(season, 2) == [("2.xlsx", "101", "以前认定")]
    assert season.rows("SELECT DISTINCT 单位编码 FROM 报送 JOIN 单位 USING (单位)") == [("101",)]


def test_what_cannot_be_read_follows_the_one_of_its_name(season: Season) -> None:
    season.round(JUNK, listed=LIST)
    season.say(deciding.belongs, JUNK["file"], "101", "张")
    season.round({**JUNK, "text": "又一份"})
    assert owners(season, 2) == [(JUNK["file"], "101", "文件名")]
    season.say(deciding.belongs, JUNK["file"], "101", "张")  # the second one
    season.round({**JUNK, "text": "第三份"})
    with store.writing(season.folder) as db:
        for run in (1, 2):
            deciding.dismiss(db, deciding.submission(db, JUNK["file"], run), "转发的通知", "张")
    assert owners(season, 3) == []
    assert season.told() == {("待认定", JUNK["file"])}


def test_what_was_dismissed_is_not_said_to_be_unknown(season: Season) -> None:
    season.round({"name": "甲局"}, listed=LIST)
    season.say(deciding.dismiss, "甲局.xlsx", "附件", "张")
    with pytest.raises(InputError, match="认定过不是报送"):
        season.say(deciding.use, "甲局.xlsx", "张")


def test_no_unit_stays_of_which_nothing_is_left(season: Season) -> None:
    """A name that the list does not have made a unit of its own, until the reviewer said whose the book is."""
    season.round({"name": "甲局机关", "fails": "a"}, listed=LIST)
    assert "多报 1" in said(season)
    season.say(deciding.belongs, "甲局机关.xlsx", "101", "张")
    assert season.rows("SELECT 单位名称 FROM 单位") == [("甲局",), ("乙局",)]
    season.round({"name": "甲局机关", "fails": "a", "text": "第二稿"})
    assert owners(season, 2) == [("甲局机关.xlsx", "101", "清单")]
    assert season.states() == {"甲局 a": "仍未改正"}


def test_an_older_file_of_the_same_name_can_be_named(season: Season) -> None:
    season.round({"name": "甲局", "fails": "a"})
    season.round({"name": "甲局", "fails": "b"})
    answer = command("season", "use", season.folder, "甲局.xlsx", "--round", "1", "--by", "张")
    assert answer.code == 0, answer.err
    assert season.states() == {"甲局 a": "新增"}
    answer = command("season", "use", season.folder, "甲局.xlsx", "--round", "3")
    assert answer.code == 2 and "第3轮里没有" in answer.err


def test_the_command_dismisses_all_or_none(season: Season) -> None:
    season.round(JUNK, {**JUNK, "file": "说明.txt", "text": "别的"}, listed=LIST)
    dismiss = ("season", "dismiss", season.folder)
    why = ("--by", "张", "--why", "附件")
    answer = command(*dismiss, "说明.txt", "没有.txt", *why)
    assert answer.code == 2 and "没有这份" in answer.err
    answer = command(*dismiss, "说明.txt")
    assert answer.code == 2 and "没有写谁认定的、理由" in answer.err
    assert len(season.told()) == 2
    assert command(*dismiss, "说明.txt", "农口/通知.doc", *why).code == 0
    shown = command("season", "show", season.folder).out
    assert "待认定" not in shown and shown.count("不是报送：第1轮") == 2
    assert command(*dismiss, "说明.txt", "--undo", "--by", "张").code == 0
    assert season.told() == {("待认定", "说明.txt")}


def test_a_season_of_an_older_version_can_be_read_and_then_dismissed_from(season: Season) -> None:
    season.round(JUNK, listed=LIST)
    (view,) = season.rows("SELECT sql FROM sqlite_master WHERE name = '报送情况'")
    with sqlite3.connect(season.folder / store.SEASON) as db:
        db.execute("DROP VIEW 报送情况")
        db.execute(f"{view[0]} AND 1")
        db.execute("ALTER TABLE 认定 DROP COLUMN 不是报送")
        db.execute("ALTER TABLE 认定 DROP COLUMN 理由")
    db.close()
    assert "不知道是谁的 1 份" in said(season)
    season.say(deciding.dismiss, "农口/通知.doc", "附件", "张")
    assert season.told() == set()
    assert season.rows("SELECT sql FROM sqlite_master WHERE name = '报送情况'") == [view]


def test_a_unit_that_was_merged_is_not_there_too_often(season: Season) -> None:
    """It has waivers, which stay; but nothing of it is handed in any more, and no list asks for it."""
    season.round({"name": "乙局", "code": "201", "fails": "a"}, listed=LIST)
    given = ("--unit", "201", "--rule", "a", "--by", "张", "--why", "并入")
    assert command("season", "waive", season.folder, *given).code == 0
    season.round({"name": "甲局", "code": "101"}, listed=LIST[:1])
    assert "多报 1" in said(season)
    season.say(deciding.dismiss, "乙局.xlsx", "并入甲局", "张")
    assert said(season) == "应报 1，已报 1"
