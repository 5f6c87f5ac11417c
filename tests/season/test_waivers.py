"""Waivers: who lets what pass, and when that does not hold any more."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.season.support import Season, command
from xltool.season import store, waiving

GIVEN = ("--by", "张", "--why", "上级批复")


@pytest.fixture
def season(tmp_path: Path) -> Season:
    """甲 fails two rules, 乙 one."""
    made = Season(tmp_path)
    made.round({"name": "甲", "fails": "ab", "left": 5}, {"name": "乙", "fails": "a", "left": 7})
    return made


def waive(season: Season, *options: str) -> str:
    done = command("season", "waive", season.folder, *options)
    assert done.code == 0, done.err
    return done.out


def refused(season: Season, *options: str) -> str:
    before = season.rows("SELECT * FROM 豁免")
    done = command("season", "waive", season.folder, *options)
    assert done.code == 2
    assert season.rows("SELECT * FROM 豁免") == before
    return done.err


def test_a_waived_finding_stays_waived_while_its_figures_stay(season: Season) -> None:
    assert "豁免 1：甲 a 1 处（上级批复）" in waive(season, "--unit", "甲", "--rule", "a", *GIVEN)
    assert season.states() == {"甲 a": "豁免", "甲 b": "新增", "乙 a": "新增"}
    season.round({"name": "甲", "fails": "ab", "left": 5, "text": "二"})
    assert season.states()["甲 a"] == "豁免"
    told = waive(season, "--list")
    assert "有效" in told
    assert "上级批复\t张" in told


def test_figures_that_change_void_it(season: Season) -> None:
    waive(season, "--unit", "甲", "--rule", "a", *GIVEN)
    season.round({"name": "甲", "fails": "ab", "left": 6})
    assert season.states()["甲 a"] == "仍未改正"
    assert "豁免失效：数已变" in waive(season, "--list")
    shown = command("season", "show", season.folder, "--unit", "甲").out
    assert re.search("仍未改正　a.*豁免失效：数已变", shown)


def test_it_ends_with_its_date(season: Season) -> None:
    today = date.today()
    waive(season, "--unit", "甲", "--rule", "a", "--until", today.isoformat(), *GIVEN)
    assert season.states()["甲 a"] == "豁免"
    later = today + timedelta(days=1)
    with store.reading(season.folder) as db:
        [note] = waiving.notes(db, later).values()
    assert note.words == f"豁免失效：{today} 已到期"


def test_it_can_be_taken_back_and_all_is_in_the_log(season: Season) -> None:
    waive(season, "--unit", "甲", "--rule", "a", *GIVEN)
    assert "撤销豁免 1" in waive(season, "--undo", "1", "--by", "李")
    assert season.states()["甲 a"] in ("新增", "仍未改正")
    assert "已经撤销了" in refused(season, "--undo", "1")
    assert "没有第 9 号豁免" in refused(season, "--undo", "9")
    assert season.rows("SELECT 何人, 做了什么 FROM 日志 WHERE 做了什么 LIKE '%豁免%'") == [
        ("张", "豁免"),
        ("李", "撤销豁免"),
    ]
    assert "已撤销" in waive(season, "--list")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--unit", "甲", "--rule", "a", "--why", "批复"), "没有写谁准的"),
        (("--unit", "甲", "--rule", "a", "--by", "张"), "没有写理由"),
        (("--unit", "甲", "--rule", "c", *GIVEN), "没有规则 c 的问题"),
        (("--unit", "丙", "--rule", "a", *GIVEN), "审核季里没有这个单位"),
        (("--unit", "甲", "--rule", "a", "--where", "别处", *GIVEN), "没有位置含“别处”的问题"),
        (("--unit", "甲", "--rule", "a", "--until", "明年", *GIVEN), "不是日期"),
        (("--unit", "甲", "--rule", "a", "--until", "2020-01-01", *GIVEN), "已经过了"),
        (("--rule", "a", *GIVEN), "没有写--unit"),
    ],
)
def test_what_cannot_be_waived_is_told(season: Season, options: tuple[str, ...], said: str) -> None:
    assert said in refused(season, *options)


def test_what_is_waived_already_is_not_waived_twice(season: Season) -> None:
    waive(season, "--unit", "甲", "--rule", "a", *GIVEN)
    assert "已经豁免了" in refused(season, "--unit", "甲", "--rule", "a", *GIVEN)


def test_a_list_is_granted_whole_or_not_at_all(season: Season, tmp_path: Path) -> None:
    listed = tmp_path / "豁免.csv"
    listed.write_text(
        "单位,规则,理由\n甲,a,批复\n乙,z,批复\n丁,a,批复\n", encoding="utf-8", newline="\n"
    )
    said = refused(season, "--table", str(listed), "--by", "张")
    assert "没有规则 z 的问题" in said
    assert "审核季里没有这个单位" in said
    listed.write_text(
        "单位,规则,理由,何人\n甲,a,批复,王\n乙,a,批复,\n", encoding="utf-8", newline="\n"
    )
    waive(season, "--table", str(listed), "--by", "张")
    assert season.totals() == {"豁免": 2, "新增": 1}
    assert season.rows("SELECT 何人 FROM 豁免 ORDER BY 豁免") == [("王",), ("张",)]


def test_a_letter_does_not_ask_again_and_says_so(season: Season, tmp_path: Path) -> None:
    import docx

    waive(season, "--unit", "甲", "--rule", "a", *GIVEN)
    waive(season, "--unit", "乙", "--rule", "a", *GIVEN)
    done = command("season", "letters", season.folder, "-o", tmp_path / "通知")
    assert done.code == 0, done.err
    assert "1 个单位的问题都有说明或已豁免" in done.out
    [letter] = (tmp_path / "通知").rglob("*.docx")
    assert letter.name == "甲-整改通知.docx"
    cells = [[cell.text for cell in row.cells] for row in docx.Document(str(letter)).tables[0].rows]
    asked = [row for row in cells if row[0] and row[0] != "编号"]
    assert [row[2] for row in asked] == ["b 不符"]
    assert [row[2] for row in cells if row[6] == "不用处理"] == ["a 不符（豁免：张，上级批复）"]
    sheet = openpyxl.load_workbook(letter.with_suffix(".xlsx"))["整改通知"]
    *_, asked, waived = sheet.iter_rows()
    assert (asked[3].value, waived[3].value) == ("b 不符", "a 不符（豁免：张，上级批复）")
    assert (waived[0].value, waived[7].value) == (None, "不用处理")
    assert (asked[8].protection.locked, waived[8].protection.locked) == (False, True)


def lines_of(season: Season, out: Path) -> list[list[str]]:
    """The rows of the only letter of a season."""
    import docx

    done = command("season", "letters", season.folder, "-o", out)
    assert done.code == 0, done.err
    [letter] = out.rglob("*.docx")
    table = docx.Document(str(letter)).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


def test_a_letter_says_that_a_waiver_does_not_hold_any_more(tmp_path: Path) -> None:
    season = Season(tmp_path)
    season.round({"name": "甲", "fails": "a", "left": 5})
    waive(season, "--unit", "甲", "--rule", "a", *GIVEN)
    season.round({"name": "甲", "fails": "a", "left": 6})
    [line] = lines_of(season, tmp_path / "通知")
    assert line[2] == "a 不符【以前通知过，仍未改正；豁免失效：数已变】"


def test_a_letter_asks_on_what_nobody_could_look_at_again(tmp_path: Path) -> None:
    season = Season(tmp_path)
    season.round({"name": "甲", "fails": "a", "left": 5})
    season.round({"name": "甲", "read": False})
    asked, unread = lines_of(season, tmp_path / "通知")
    assert asked[2] == "a 不符【以前的问题，这一次没有能够核对：甲.xlsx 读不了】"
    assert (unread[1].strip(), unread[2]) == ("甲.xlsx", "打不开")


@pytest.mark.parametrize(
    ("again", "why"),
    [
        ({"tables": "总表二"}, "：甲.xlsx 里没有这张表"),
        ({"open": "a"}, ""),
        ({"open": "a", "file": "甲.xls"}, "：甲.xls 里看不到公式，请另存为 .xlsx 报送"),
    ],
)
def test_a_letter_says_why_nobody_could_look_again(
    tmp_path: Path, again: dict[str, str], why: str
) -> None:
    season = Season(tmp_path)
    season.round({"name": "甲", "fails": "a", "tables": "总表；总表二"})
    season.round({"name": "甲", "tables": "总表；总表二", **again})
    assert season.states() == {"甲 a": "未能核对"}
    [line] = lines_of(season, tmp_path / "通知")
    assert line[2] == f"a 不符【以前的问题，这一次没有能够核对{why}】"
