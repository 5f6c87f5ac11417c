"""Rounds of a season: what became of each finding, whichever files were in today's folder; which files count."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import openpyxl
import pytest
from docx import Document

import xltool
from tests.season.conftest import filled
from tests.season.support import Season, command
from xltool.core.problems import InputError
from xltool.season import deciding, store
from xltool.season.coverage import status_rows, unit_table
from xltool.season.unitlist import ListedUnit, read_list


@pytest.fixture
def season(tmp_path: Path) -> Season:
    return Season(tmp_path)


def test_each_finding_goes_its_way(season: Season) -> None:
    season.round({"name": "甲", "fails": "ab"})
    assert season.states() == {"甲 a": "新增", "甲 b": "新增"}
    season.round({"name": "甲", "fails": "bc"})
    assert season.states() == {"甲 a": "已改正", "甲 b": "仍未改正", "甲 c": "新增"}
    season.round({"name": "甲", "fails": "a"})
    assert season.states() == {"甲 a": "新增", "甲 b": "已改正", "甲 c": "已改正"}
    history = season.rows(
        "SELECT 轮次, h.状态 FROM 状态史 h JOIN 问题 USING (问题) WHERE 位置 = 'a' ORDER BY 轮次"
    )
    assert history == [(1, "新增"), (2, "已改正"), (3, "新增")]


def test_who_is_not_in_todays_folder_keeps_the_state(season: Season) -> None:
    season.round({"name": "甲", "fails": "a"}, {"name": "乙", "fails": "b"})
    season.round({"name": "甲"})
    season.round({"name": "丙", "fails": "c"})
    assert season.states() == {"甲 a": "已改正", "乙 b": "新增", "丙 c": "新增"}
    season.round({"name": "乙", "fails": "b", "text": "乙的新稿"})
    assert season.states()["乙 b"] == "仍未改正"


@pytest.mark.parametrize(
    "again",
    [{"open": "a"}, {"read": False}, {"tables": "支出表；总表二"}, {"tables": "总表二"}],
    ids=["not compared", "unreadable", "other tables", "another table"],
)
def test_only_what_was_compared_is_corrected(season: Season, again: dict[str, object]) -> None:
    season.round({"name": "甲", "fails": "a", "tables": "总表；总表二"})
    season.round({"name": "甲", **again})
    assert season.states() == {"甲 a": "未能核对"}
    season.round({"name": "甲", "tables": "总表；总表二", "text": "改好"})
    assert season.states() == {"甲 a": "已改正"}


def test_what_nobody_could_look_at_keeps_its_state_and_says_since_when(season: Season) -> None:
    season.round({"name": "甲", "fails": "a", "why": "上级批复"}, {"name": "乙", "fails": "a"})
    for text in ("二", "三"):
        again = {"unasked": "a", "text": text}
        season.round({"name": "甲", **again}, {"name": "乙", **again, "text": text * 2})
        assert season.states() == {"甲 a": "已说明", "乙 a": "新增"}
        assert season.rows("SELECT DISTINCT 未核自 FROM 问题") == [(2,)]
    told = command("season", "show", season.folder, "--unit", "乙").out
    assert "（第1轮新增）　第2轮起又交了" in told
    with store.reading(season.folder) as db:
        assert "没有核对的 2 处" in unit_table(db).note
    season.round({"name": "甲"}, {"name": "乙", "fails": "a", "text": "四"})
    assert season.states() == {"甲 a": "已改正", "乙 a": "仍未改正"}
    assert season.rows("SELECT DISTINCT 未核自 FROM 问题") == [(None,)]


@pytest.mark.parametrize("confirm", [False, True])
def test_a_unit_is_not_right_while_what_failed_could_not_be_looked_at(
    season: Season, tmp_path: Path, confirm: bool
) -> None:
    season.round({"name": "甲", "fails": "a", "confirm": confirm},
                 {"name": "乙", "fails": "a", "why": "批复"})  # fmt: skip
    season.round({"name": "甲", "unasked": "a"}, {"name": "乙", "unasked": "a", "text": "二"})
    with store.reading(season.folder) as db:
        verdicts = {row["单位名称"]: verdict for row, verdict in status_rows(db)}
    assert verdicts == {"甲": "未完成审核", "乙": "合格"}
    assert command("season", "letters", season.folder, "-o", tmp_path / "通知").code == 0
    (letter,) = (tmp_path / "通知").rglob("*.docx")
    told = "".join(paragraph.text for paragraph in Document(str(letter)).paragraphs)
    assert "甲：" in told and "结论为“未完成审核”" in told
    sheet = openpyxl.load_workbook(letter.with_suffix(".xlsx")).worksheets[0]
    texts = [str(cell.value) for row in sheet for cell in row]
    assert any("这一次没有能够核对" in text for text in texts)


def test_a_table_that_is_gone_is_not_overlooked(season: Season) -> None:
    season.round({"name": "甲", "fails": "a", "tables": "总表；总表二"})
    season.round({"name": "甲", "unasked": "a", "tables": "总表二"})
    assert season.states() == {"甲 a": "未能核对"}


def test_a_failure_of_no_table_is_not_corrected_by_leaving_a_table_out(season: Season) -> None:
    season.round({"name": "甲", "fails": "a", "at": "", "tables": "总表；总表二"})
    season.round({"name": "甲", "tables": "总表"})
    assert season.states() == {"甲 a": "未能核对"}
    season.round({"name": "甲", "tables": "总表", "text": "又是"})
    assert season.states() == {"甲 a": "未能核对"}
    season.round({"name": "甲", "tables": "总表；总表二", "text": "改好"})
    assert season.states() == {"甲 a": "已改正"}


@pytest.mark.parametrize("at", ["", "总表"])
@pytest.mark.parametrize(
    ("sheets", "state"),
    [
        ("总表 底稿", "未能核对"),  # perhaps the same under another name
        ("总表", "已改正"),  # taken out
        ("总表 草稿 底稿", "已改正"),
        ("总表 草稿", "已改正"),
    ],
)
def test_a_renamed_sheet_corrects_nothing(season: Season, at: str, sheets: str, state: str) -> None:
    book = {"name": "甲", "at": at, "place": "草稿", "sheets": "总表 草稿"}
    season.round({**book, "fails": "a"})
    season.round({**book, "sheets": sheets})
    assert season.states() == {"甲 草稿": state}


def test_a_season_of_an_older_version_learns_the_names_of_sheets(season: Season) -> None:
    season.round({"name": "甲", "fails": "a", "place": "草稿"})
    with sqlite3.connect(season.folder / store.SEASON) as db:
        db.execute("ALTER TABLE 报送 DROP COLUMN 工作表")
    db.close()
    season.round({"name": "甲", "text": "新稿", "sheets": "总表 底稿"})
    assert season.states() == {"甲 草稿": "已改正"}, "nobody knows what its sheets were called"
    assert season.rows("SELECT 工作表 FROM 报送 ORDER BY 轮次") == [("",), ("总表/底稿",)]


def test_what_the_unit_explained_is_so_called(season: Season) -> None:
    season.round({"name": "甲", "fails": "a"})
    season.round({"name": "甲", "fails": "a", "why": "上级批复"})
    assert season.states() == {"甲 a": "已说明"}


def test_a_corrected_file_beside_the_old_one(season: Season) -> None:
    old = {"name": "甲", "fails": "a"}
    season.round(old)
    season.round(old, {"name": "甲", "file": "甲（改）.xlsx"})
    assert season.states() == {"甲 a": "已改正"}
    assert season.valid() == {"甲（改）.xlsx"}
    # the old content stays old, also when it is the only one in the folder
    season.round(old)
    assert season.states() == {"甲 a": "已改正"}
    assert season.valid() == {"甲（改）.xlsx"}


def test_within_a_round_the_file_that_was_written_last_counts(season: Season) -> None:
    times = {"甲.xlsx": "2024-03-02 10:00:00", "甲（改）.xlsx": "2024-03-01 10:00:00"}
    changed = {"name": "甲", "file": "甲（改）.xlsx", "fails": "a"}
    season.round({"name": "甲"}, changed, times=times)
    assert season.valid() == {"甲.xlsx"}
    assert ("有效待核", "甲.xlsx") in season.told()


def test_identical_copies_are_one(season: Season) -> None:
    season.round({"name": "甲", "text": "x"}, {"name": "甲", "file": "甲 副本.xlsx", "text": "x"})
    assert season.valid() == {"甲 副本.xlsx"}
    (why,) = season.rows("SELECT 说法 FROM 报送 WHERE NOT 有效")[0]
    assert "内容相同" in why


def test_the_reviewer_names_the_one_that_counts_until_a_newer_comes(season: Season) -> None:
    season.round({"name": "甲", "fails": "a"})
    season.round({"name": "甲", "file": "甲（改）.xlsx", "fails": "b"})
    season.say(deciding.use, "甲.xlsx")
    assert season.valid() == {"甲.xlsx"}
    assert season.states() == {"甲 a": "新增"}
    season.round({"name": "甲", "text": "第三稿"})
    assert season.states() == {"甲 a": "已改正"}


def test_namesakes_in_two_folders_are_two_units(season: Season) -> None:
    first = {"name": "中心小学", "file": "甲区/中心小学.xlsx", "fails": "a"}
    other = {"name": "中心小学", "file": "乙区/中心小学.xlsx"}
    season.round(first, other)
    season.round({**other, "text": "再交"})
    assert season.states() == {"中心小学甲区 a": "新增"}


def test_namesakes_in_one_folder_are_told(season: Season) -> None:
    two: list[dict[str, object]] = [
        {"name": "中心小学", "file": "中心小学.xlsx"},
        {"name": "中心小学", "file": "中心小学(1).xlsx", "fails": "a"},
        {"name": "乙", "file": "乙.xlsx"},
        {"name": "乙", "file": "乙（改）.xlsx", "fails": "a"},
        {"name": "丙", "file": "丙1.xlsx", "text": "同"},
        {"name": "丙", "file": "丙2.xlsx", "text": "同"},
        {"name": "丁", "file": "丁1.xlsx", "tables": "自评表"},
        {"name": "丁", "file": "丁2.xlsx", "tables": "总表"},
        {"name": "丁", "file": "丁3.xlsx", "tables": "总表", "text": "三"},
        {"name": "戊", "file": "戊1.xlsx", "year": 2023},
        {"name": "戊", "file": "戊2.xlsx", "year": 2024},
    ]
    season.round(*two)
    told = "SELECT 文件 FROM 提醒 WHERE 类别 = '同名几份' ORDER BY 文件"
    found = [("丁2.xlsx",), ("中心小学(1).xlsx",)]
    assert season.rows(told) == found, "neither a corrected one nor a copy, nor another year's"
    season.say(deciding.belongs, "中心小学(1).xlsx", "中心小学二", new=True)
    assert season.states()["中心小学二 a"] == "新增"


def test_a_namesake_elsewhere_is_told_and_not_guessed(season: Season) -> None:
    season.round({"name": "中心小学", "file": "甲区/中心小学.xlsx", "fails": "a"})
    season.round({"name": "中心小学", "file": "乙区/中心小学.xlsx"})
    assert season.states() == {"中心小学 a": "新增"}
    assert season.told() == {("待认定", "乙区/中心小学.xlsx")}
    season.say(deciding.belongs, "乙区/中心小学.xlsx", "", new=True)
    assert season.told() == set()
    assert season.rows("SELECT count(*) FROM 单位") == [(2,)]
    assert season.states() == {"中心小学 a": "新增"}


def test_whose_an_unreadable_book_is_may_be_said(season: Season) -> None:
    season.round({"name": "坏", "file": "农口/收.xlsx", "read": False}, listed=LIST)
    assert season.told() == {("待认定", "农口/收.xlsx")}
    season.say(deciding.belongs, "农口/收.xlsx", "201")
    with pytest.raises(InputError, match="没能读取"):
        season.say(deciding.use, "农口/收.xlsx")
    assert season.told() == set() and season.valid() == set()
    assert season.rows("SELECT 单位编码 FROM 报送 JOIN 单位 USING (单位)") == [("201",)]


def test_a_later_round_tells_whose_an_unreadable_book_was(season: Season) -> None:
    broken = {"name": "收", "file": "农口/收.xlsx", "read": False, "text": "半份"}
    season.round(broken)
    assert season.told() == {("待认定", "农口/收.xlsx")}
    season.round({"name": "林业局", "code": "101", "file": "农口/收.xlsx"})
    assert season.told() == set()
    owners = "SELECT 轮次, 单位编码, 归属 FROM 报送 JOIN 单位 USING (单位) ORDER BY 轮次"
    assert season.rows(owners) == [(1, "101", "文件名"), (2, "101", "编码")]


def test_a_content_that_was_seen_is_known_wherever_it_lies(season: Season) -> None:
    first = {"name": "中心小学", "file": "甲区/中心小学.xlsx", "fails": "a", "text": "x"}
    other = {"name": "中心小学", "file": "乙区/中心小学.xlsx", "text": "y"}
    season.round(first, other, listed=LIST)
    season.round({**first, "file": "都在一起/1.xlsx"}, {**other, "file": "2.xlsx", "text": "z"})
    assert season.told() == {("待认定", "2.xlsx")}
    owners = "SELECT 文件, 单位编码, 归属 FROM 报送 JOIN 单位 USING (单位) WHERE 轮次 = 2"
    assert season.rows(owners) == [("都在一起/1.xlsx", "201", "内容")]


def test_a_book_in_the_folder_of_others_is_known_when_it_comes_in_its_own(season: Season) -> None:
    listed = [ListedUnit("301", "戊局", "政法口"), ListedUnit("101", "甲局", "农口")]
    book = {"name": "戊局", "file": "农口/戊局.xlsx", "fails": "a", "text": "x"}
    season.round(book, listed=listed)
    assert season.told() == {("待认定", "农口/戊局.xlsx")}
    season.round({**book, "file": "政法口/戊局.xlsx"})
    assert season.told() == set()
    owners = "SELECT 轮次, 单位编码, 归属 FROM 报送 JOIN 单位 USING (单位) ORDER BY 轮次"
    assert season.rows(owners) == [(1, "301", "内容"), (2, "301", "清单")]
    assert season.states() == {"戊局 a": "仍未改正"}


def test_a_code_that_a_later_version_reads_may_be_of_another_unit(season: Season) -> None:
    season.round({"name": "甲局", "text": "x"}, {"name": "乙局", "code": "101"})
    again = {"name": "甲局（本级）", "file": "甲局.xlsx", "code": "101", "text": "x"}
    season.round(again, {"name": "乙局", "code": "101", "text": "y"})
    owners = "SELECT 轮次, 单位名称, 单位编码 FROM 报送 JOIN 单位 USING (单位) WHERE sha256 = 'x'"
    assert set(season.rows(owners)) == {(1, "甲局", ""), (2, "甲局", "")}


def test_a_content_that_two_units_handed_in_decides_nothing(season: Season) -> None:
    first = {"name": "中心小学", "file": "甲区/中心小学.xlsx", "text": "x"}
    season.round(first, {**first, "file": "乙区/中心小学.xlsx"}, listed=LIST)
    season.round({**first, "file": "都在一起.xlsx"})
    assert season.told() == {("待认定", "都在一起.xlsx")}


def test_a_unit_that_changed_its_name_is_known_by_its_code(season: Season) -> None:
    season.round({"name": "林业局", "code": "101", "fails": "a"})
    season.round({"name": "林业和草原局", "code": "101", "file": "移/林草.xlsx"})
    assert season.states() == {"林业和草原局 a": "已改正"}
    assert ("改名", "移/林草.xlsx") in season.told()


def test_one_code_under_two_names_is_nobodys(season: Season) -> None:
    season.round({"name": "甲", "code": "101"}, {"name": "乙", "code": "101", "fails": "a"})
    assert season.states() == {}
    assert season.told() == {("待认定", "甲.xlsx"), ("待认定", "乙.xlsx")}


def test_each_kind_of_workbook_has_one_that_counts(season: Season) -> None:
    review = {"name": "甲", "file": "自评.xlsx", "tables": "项目支出绩效自评表"}
    season.round({"name": "甲"}, review)
    season.round({**review, "text": "自评第二稿"})
    assert season.valid() == {"甲.xlsx", "自评.xlsx"}
    assert season.rows("SELECT DISTINCT 种类 FROM 报送 WHERE 有效 ORDER BY 种类") == [
        ("决算报表",),
        ("项目支出绩效自评表",),
    ]


def test_a_whole_book_takes_the_place_of_its_parts(season: Season) -> None:
    part = {"name": "甲", "file": "收入.xlsx", "tables": "收入表", "fails": "a"}
    season.round(part, {"name": "甲", "file": "支出.xlsx", "tables": "支出表"})
    assert season.valid() == {"收入.xlsx", "支出.xlsx"}
    season.round({"name": "甲", "file": "全.xlsx", "tables": "收入表；支出表"})
    assert season.valid() == {"全.xlsx"}
    season.round({**part, "text": "再交一张"})
    assert season.valid() == {"收入.xlsx"}
    assert ("少了表", "收入.xlsx") in season.told()


LIST = [
    ListedUnit("101", "甲局", "农口", year=2024, edition="全国"),
    ListedUnit("102", "乙局", "农口", documents=("决算报表", "项目支出绩效自评表")),
    ListedUnit("103", "丙局", "政法"),
    ListedUnit("201", "中心小学", "甲区", edition="全国"),
    ListedUnit("202", "中心小学", "乙区"),
]


def test_a_list_is_read_as_it_looks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("2024年度部门决算单位清单",),
        ("主管部门", "单位编码", "单位名称", "年度"),
        ("农口", 1001, "甲局", "2024年度"),
        (None, 1002, "乙局", None),
        ("政法口", "201001", "丙局", None),
    ):
        sheet.append(row)
    for cells in ("A1:D1", "A3:A4", "D3:D5"):
        sheet.merge_cells(cells)
    for cell in sheet["B"]:
        cell.number_format = "000000"
    book.save(tmp_path / "清单.xlsx")
    assert [unit[:5] for unit in read_list(tmp_path / "清单.xlsx")] == [
        ("001001", "甲局", "农口", "", 2024),
        ("001002", "乙局", "农口", "", 2024),
        ("201001", "丙局", "政法口", "", 2024),
    ]


def coverage(season: Season) -> dict[str, set[str]]:
    """What each unit is said to be, by code or name."""
    names = ("已报", "未报", "没能读取", "重复", "多报", "年度不符", "版本不符", "缺的文件")
    sql = f"SELECT CASE 单位编码 WHEN '' THEN 单位名称 ELSE 单位编码 END, {', '.join(names)} FROM 报送情况"
    return {
        unit: {name for name, value in zip(names, values, strict=True) if value}
        for unit, *values in season.rows(sql)
    }


def test_the_list_says_who_owes_what(season: Season) -> None:
    season.round(
        {"name": "甲局", "year": 2023},
        {"name": "乙局"},
        {"name": "乙局", "file": "乙局2.xlsx"},
        {"name": "中心小学", "file": "甲区/中心小学.xlsx", "edition": "某省"},
        {"name": "丁局"},
        {"name": "丙局", "file": "丙局决算.xlsx", "read": False},
        listed=LIST,
    )
    assert coverage(season) == {
        "101": {"已报", "年度不符"},
        "102": {"已报", "重复", "缺的文件"},
        "103": {"没能读取"},
        "201": {"已报", "版本不符"},
        "202": {"未报"},
        "丁局": {"已报", "多报"},
    }


def test_the_table_of_units_begins_with_what_is_to_be_done(season: Season) -> None:
    season.round(
        {"name": "甲局", "edition": "全国"},
        {"name": "乙局", "fails": "a"},
        {"name": "中心小学", "file": "甲区/中心小学.xlsx", "fails": "abc"},
        {"name": "丙局", "file": "丙局决算.xlsx", "read": False},
        listed=LIST,
    )
    with store.reading(season.folder) as db:
        found = [row[0] for row in unit_table(db).rows]
    assert found == ["103", "202", "201", "102", "101"]


def test_a_list_that_comes_later_settles_whose_a_book_is(season: Season) -> None:
    season.round({"name": "甲局", "file": "一/甲局.xlsx", "fails": "a"})
    season.round({"name": "甲局", "file": "二/甲局.xlsx"})
    assert season.totals() == {"新增": 1}
    season.round({"name": "丙局"}, listed=LIST)
    assert season.states() == {"甲局 a": "已改正"}
    assert not [kind for kind, _ in season.told() if kind == "待认定"]


def test_a_unit_whose_code_the_new_list_changes_stays_the_same(season: Season) -> None:
    first, second = [[ListedUnit(code, "甲局", "农口")] for code in ("101", "109")]
    season.round({"name": "甲局", "code": "101", "fails": "a"}, listed=first)
    season.round({"name": "甲局", "code": "109", "text": "改好"}, listed=second)
    assert season.states() == {"甲局 a": "已改正"}
    assert season.rows("SELECT 单位编码, 在清单 FROM 单位") == [("109", 1)]


def test_a_new_list_may_leave_out_who_has_handed_in_nothing(season: Season) -> None:
    season.round({"name": "甲局"}, listed=LIST)
    season.round({"name": "甲局", "text": "改好"}, listed=LIST[:1])
    assert season.rows("SELECT 单位名称 FROM 单位") == [("甲局",)]


def test_two_units_of_one_name_are_not_joined_by_a_new_list(season: Season) -> None:
    names = ("中心小学", "甲区"), ("中心小学", "乙区")
    lists = [
        [ListedUnit(code, *name) for code, name in zip(codes, names, strict=True)]
        for codes in (("201", "202"), ("301", "302"))
    ]
    season.round({"name": "中心小学", "file": "甲区/校.xlsx", "fails": "a"}, listed=lists[0])
    season.round({"name": "中心小学", "file": "甲区/校.xlsx", "text": "改好"}, listed=lists[1])
    assert season.totals() == {"新增": 1}, "whose the new codes are nobody knows"


def test_a_name_that_is_nearly_listed_is_told(season: Season) -> None:
    season.round({"name": "某县甲局"}, listed=LIST)
    assert season.told() == {("名称相近", "某县甲局.xlsx")}
    assert coverage(season)["某县甲局"] == {"已报", "多报"}


def test_a_review_made_anew_is_the_same_round(season: Season) -> None:
    season.round({"name": "甲", "fails": "a"}, out="/审核")
    season.round({"name": "甲", "fails": "ab"}, out="/审核")
    assert season.states() == {"甲 a": "新增", "甲 b": "新增"}
    assert season.rows("SELECT 轮次 FROM 轮次") == [(1,)]
    season.round({"name": "甲", "fails": "ab"}, out="/审核")
    season.round({"name": "甲", "fails": "b"}, out="/审核2")
    with pytest.raises(InputError, match="后面已经有第2轮"):
        season.round({"name": "甲"}, out="/审核")
    assert season.states() == {"甲 a": "已改正", "甲 b": "仍未改正"}


def test_a_table_that_could_not_be_read_and_one_that_is_gone_are_one_place(tmp_path: Path) -> None:
    def places() -> list[tuple[str, str, str]]:
        book.save(tmp_path / "甲局.xlsx")
        found = xltool.validate(tmp_path / "甲局.xlsx").findings
        return [(f.rule, f.table, f.where) for f in found if f.rule == "S-01"]

    filled(tmp_path / "甲局.xlsx", 1, "甲局")
    book = openpyxl.load_workbook(tmp_path / "甲局.xlsx")
    sheet = book["公开02 收入决算表"]
    head = next(c for row in sheet.iter_rows() for c in row if c.value == "事业收入")
    head.value = "别的收入"
    spoilt = places()
    book.remove(sheet)
    assert spoilt == places() == [("S-01", "收入决算表", "收入决算表")]
