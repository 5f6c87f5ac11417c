"""An earlier review: what is corrected, what is new, what is still open, and what nobody checked again."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.review.support import Links, Review, run
from xltool.core.problems import InputError
from xltool.review.compare import STATES, ReviewComparison, compare
from xltool.review.rounds import Round, earlier
from xltool.review.sheetnames import joined

Row = dict[str, Any]


def round_of(*books: Row) -> Round:
    """Books: `name`, `file`, `year`, `tables`, `project`, `read`, failing places, rules that were not compared."""
    found = Round()
    for book in books:
        file = book.get("file", f"{book['name']}.xlsx")
        read = book.get("read", True)
        row = {"文件": file, "单位名称": book["name"] if read else None}
        row |= {"年度": book.get("year", 2024), "版本": book.get("edition", "全国")}
        row |= {"单位编码": book.get("code")}
        tables = book.get("tables", "总表") if read else None
        found.book({**row, "表": tables, "结论": "不合格" if read else None})
        for place in book.get("fails", ""):
            failure = {"规则": f"R{place}", "级别": "必须相符", "结论": "不符"}
            failure |= {"位置": book.get("place", place)}
            failure |= {"表": book.get("at", "总表"), "内容": f"{place} 不符"}
            found.finding({**row, **failure})
        found.sheets({"文件": file, "工作表": joined(book.get("sheets", "").split())})
        for project in book.get("project", "").split():
            found.project({**row, "行": "项目名称", "文本": project})
        none = {"通过": 0, "不符": 0, "尾差": 0, "数据不足": 0, "未执行": 0}
        compared = {f"R{place}": {"通过": 1} for place in "abc"}
        compared |= {f"R{rule}": {"通过": 1, "数据不足": 1} for rule in book.get("open", "")}
        compared |= {f"R{rule}": {} for rule in book.get("unfit", "")}
        outcomes = [{**row, **none, "规则": rule, **n} for rule, n in compared.items()]
        found.outcomes(outcomes)
    return found


def between(old: Row, new: Row) -> ReviewComparison:
    """The comparison of two reviews of a book each."""
    return compare(round_of(old), round_of(new))


def states(old: Row, new: Row) -> dict[str, str]:
    """What became of each place of one unit."""
    return {line.place.where: line.state for line in between(old, new).lines}


@pytest.mark.parametrize(
    ("sheets", "state"), [("总表 底稿", "未能核对"), ("总表", "已改正"), ("总表 草稿", "已改正")]
)
def test_a_renamed_sheet_corrects_nothing(sheets: str, state: str) -> None:
    book = {"name": "甲", "at": "", "place": "草稿", "sheets": "总表 草稿"}
    assert states({**book, "fails": "a"}, {**book, "sheets": sheets}) == {"草稿": state}


def test_each_failure_is_corrected_new_or_still_open() -> None:
    found = states({"name": "甲", "fails": "ab"}, {"name": "甲", "fails": "bc"})
    assert found == {"a": "已改正", "b": "仍未改正", "c": "新增"}


def test_a_failure_of_no_table_is_not_corrected_by_leaving_a_table_out() -> None:
    old = {"name": "甲", "fails": "a", "at": "", "tables": "总表；总表二"}
    assert states(old, {"name": "甲"}) == {"a": "未能核对"}
    assert states(old, {"name": "甲", "tables": "总表；总表二"}) == {"a": "已改正"}
    (carried,) = between(old, {"name": "甲"}).carried
    assert carried.tables == {"总表", "总表二"}


@pytest.mark.parametrize(
    "now",
    [{"open": "a"}, {"unfit": "a"}, {"read": False}, {"tables": "支出表；总表二"}],
    ids=["open", "does not apply", "unreadable", "without the table"],
)
def test_what_was_not_checked_is_not_corrected(now: Row) -> None:
    assert states({"name": "甲", "fails": "a"}, {"name": "甲", **now}) == {"a": "未能核对"}


def test_a_table_that_is_gone_leaves_the_others_to_be_compared() -> None:
    old = {"name": "甲", "tables": "总表；附表", "fails": "a", "at": "附表"}
    assert states(old, {"name": "甲", "tables": "总表"}) == {"a": "未能核对"}
    assert states(old, {"name": "甲", "tables": "附表"}) == {"a": "已改正"}


@pytest.mark.parametrize(
    "now",
    [
        {"tables": "自评表"},
        {"edition": "上海"},
        {"project": "修路", "file": "修路.xlsx"},
        {"project": "修路"},
    ],
    ids=["kind", "edition", "project and file", "project"],
)
def test_another_book_of_the_unit_corrects_nothing(now: Row) -> None:
    old = {"name": "甲", "file": "上次/甲.xlsx", "fails": "ab", "project": "造林"}
    found = between(old, {"name": "甲", "fails": "ac", **now})
    assert {line.state for line in found.lines} == {"未能核对"}
    (absent,) = found.not_handed_in
    assert (absent.unit, absent.file, absent.open) == ("甲", "上次/甲.xlsx", 2)
    assert found.counts == {}
    assert found.total == {"未能核对": 2}


def test_what_two_copies_had_is_not_corrected_while_one_has_it() -> None:
    old = round_of(
        {"name": "甲", "fails": "ab"}, {"name": "甲", "file": "甲（2）.xlsx", "fails": "ab"}
    )
    found = compare(old, round_of({"name": "甲", "fails": "b"}))
    assert found.total == {"已改正": 2, "仍未改正": 1}


def test_a_project_that_is_gone_from_its_book_is_not_corrected() -> None:
    old = {"name": "甲", "fails": "ab", "project": "造林 修路"}
    assert states(old, {"name": "甲", "fails": "b", "project": "修路"}) == {
        "a": "未能核对",
        "b": "仍未改正",
    }


def test_a_book_without_a_readable_table_is_known_by_its_name() -> None:
    none = {"name": "甲", "tables": None, "fails": "a", "at": None}
    assert states(none, {"name": "甲"}) == {"a": "已改正"}
    assert between(none, {"name": "甲", "file": "别的.xlsx"}).total == {"未能核对": 1}
    now = between({"name": "甲", "fails": "a"}, {"name": "甲", "tables": None})
    assert (dict(now.counts), now.absent) == ({"甲.xlsx": {"未能核对": 1}}, [])


def test_another_year_corrects_nothing() -> None:
    found = between({"name": "甲", "year": 2023, "fails": "a"}, {"name": "甲", "fails": "b"})
    assert (found.lines, found.total) == ([], {})
    assert (found.missing, found.added) == ({"甲（2023年度）": 1}, ["甲（2024年度）"])


def test_a_book_without_a_year_is_of_the_only_year_of_its_unit() -> None:
    assert states({"name": "甲", "year": None, "fails": "a"}, {"name": "甲"}) == {"a": "已改正"}


def test_two_failures_at_one_place_are_counted() -> None:
    found = between({"name": "甲", "fails": "aa"}, {"name": "甲", "fails": "a"})
    assert Counter(line.state for line in found.lines) == {"仍未改正": 1, "已改正": 1}


def test_units_are_matched_by_name_whatever_their_file() -> None:
    found = compare(
        round_of({"name": "甲局 ", "file": "1.xlsx", "fails": "a"}, {"name": "丙", "fails": "ab"}),
        round_of({"name": "甲局", "fails": "a"}, {"name": "乙", "fails": "a"}),
    )
    assert [line.state for line in found.lines] == ["仍未改正"]
    assert (found.missing, found.added) == ({"丙": 2}, ["乙"])
    assert found.of("乙.xlsx") is None


def test_an_unread_book_of_last_time_is_not_missed_when_it_is_read_now() -> None:
    found = between({"name": "甲", "read": False}, {"name": "甲", "fails": "a"})
    assert (found.missing, found.added, found.absent) == ({}, ["甲"], [])


def test_counts_stand_at_the_book_that_has_them() -> None:
    wrong, right = {"name": "甲", "file": "甲.xlsx"}, {"name": "甲", "file": "新/甲改.xlsx"}
    projects = [
        {"name": "甲", "file": f"{n}.xlsx", "tables": "自评表", "project": n} for n in "丙丁"
    ]
    old = round_of(
        {**wrong, "fails": "ab"}, *({**p, "fails": "a", "at": "自评表"} for p in projects)
    )
    new = round_of(
        {**wrong, "fails": "ac"}, right, {**projects[0], "fails": "a", "at": "自评表"}, projects[1]
    )
    found = compare(old, new)
    assert {file: dict(counts) for file, counts in found.counts.items()} == {
        "甲.xlsx": {"仍未改正": 1, "新增": 1, "已改正": 1},
        "丙.xlsx": {"仍未改正": 1},
        "丁.xlsx": {"已改正": 1},
    }
    assert found.total == Counter(line.state for line in found.lines)


def test_two_real_rounds(second: Review) -> None:
    changes = second.done.changes
    assert changes is not None
    for file, state in (
        ("甲局.xlsx", "已改正"),
        ("乙局/乙局.xlsx", "仍未改正"),
        ("丙局.xlsx", "新增"),
    ):
        counts = changes.of(file)
        assert counts is not None and set(counts) == {state}
    assert [name.casefold() for name in changes.missing] == ["con"]
    assert changes.added == []
    (lost,) = changes.absent
    assert (lost.file, lost.why) == ("丁.xlsx", "没能读取")
    assert {line.state for line in changes.lines if line.file == lost.file} == {"未能核对"}
    assert lost.open == sum(line.file == lost.file for line in changes.lines) > 0


def test_the_columns_of_the_page_add_up_to_its_totals(second: Review) -> None:
    changes = second.done.changes
    assert changes is not None
    head, *rows = Links(second.page).rows
    first = [title.strip() for title in head].index("新增")
    shown = {row[0].split()[0]: row[first : first + len(STATES)] for row in rows}
    for file, unit in (("甲局.xlsx", "甲局"), ("乙局/乙局.xlsx", "乙局"), ("丙局.xlsx", "丙局")):
        counts = changes.of(file)
        assert counts is not None
        assert shown[unit] == [str(counts[state] or "") for state in STATES]
    sums = [sum(int(row[first + n] or 0) for row in rows) for n in range(len(STATES))]
    assert sums == [changes.total[state] for state in STATES]


def test_a_review_made_before_books_told_their_tables_can_be_compared(
    first: Review, second: Review, submissions: tuple[Path, Path], tmp_path: Path
) -> None:
    old = Path(shutil.copytree(first.folder, tmp_path / "上次"))
    with duckdb.connect(str(old / "审核.duckdb")) as database:
        database.execute("ALTER TABLE books DROP COLUMN 表")
    again = run(submissions[1], tmp_path / "审核", prior=old, jobs=1)
    assert again.done.changes is not None and second.done.changes is not None
    # what is kept for the next time says which tables a book had: those that hold anything
    assert replace(again.done.changes, carried=[]) == replace(second.done.changes, carried=[])


def test_a_folder_that_is_no_review_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"审核\.duckdb"):
        earlier(tmp_path)
    (tmp_path / "审核.duckdb").write_bytes(b"no database")
    with pytest.raises(InputError, match="读不了"):
        earlier(tmp_path)


# ── units of one name ──

SCHOOL = {"name": "中心小学", "fails": "ab"}
A, B = {"file": "甲区/小学.xlsx"}, {"file": "乙区/小学.xlsx"}


def test_units_of_one_name_are_told_apart_by_their_folder() -> None:
    old = round_of({**SCHOOL, **A}, {**SCHOOL, **B, "fails": "c"})
    found = compare(old, round_of({**SCHOOL, **B, "fails": ""}))
    assert found.total == {"已改正": 1}
    assert found.missing == {"中心小学（甲区）": 2}
    assert [book.file for book in found.carried] == ["甲区/小学.xlsx"]


def test_units_of_one_name_are_told_apart_by_their_code_wherever_they_lie() -> None:
    old = round_of({**SCHOOL, **A, "code": "101"}, {**SCHOOL, **B, "code": "201"})
    found = compare(old, round_of({**SCHOOL, **A, "code": "201", "fails": "a"}))
    assert found.total == {"已改正": 1, "仍未改正": 1}
    assert found.missing == {"中心小学（101）": 2}


@pytest.mark.parametrize(
    ("then", "now"),
    [(A, B), ({**A, "code": "101"}, {**A, "code": "201"})],
    ids=["folder", "code"],
)
def test_what_may_be_another_unit_corrects_nothing(then: Row, now: Row) -> None:
    found = between({**SCHOOL, **then}, {**SCHOOL, **now, "fails": "b"})
    assert found.total == {"未能核对": 1, "仍未改正": 1}
    assert list(found.ambiguous) == ["中心小学"]
    assert [(book.file, len(book.places)) for book in found.carried] == [(then["file"], 1)]


def test_the_same_code_is_the_same_unit_in_whatever_folder() -> None:
    old, new = ({**SCHOOL, **where, "code": "101"} for where in (A, B))
    assert between(old, {**new, "fails": ""}).total == {"已改正": 2}


def test_kinds_of_books_in_folders_of_their_own_are_of_one_unit() -> None:
    review = {
        "name": "甲",
        "file": "自评/甲.xlsx",
        "tables": "自评表",
        "fails": "a",
        "at": "自评表",
    }
    main = {"name": "甲", "file": "公开/甲.xlsx", "fails": "b"}
    found = compare(
        round_of(main, review), round_of({**main, "fails": ""}, {**review, "fails": ""})
    )
    assert (found.total, found.ambiguous) == ({"已改正": 2}, {})


def test_what_was_not_checked_again_stays_open_for_the_next_time(
    tmp_path: Path, submissions: tuple[Path, Path]
) -> None:
    """A unit skips a round; another hands in a book that cannot be read: neither loses its findings."""
    rounds = {name: tmp_path / name for name in ("一", "二", "三")}
    for folder in rounds.values():
        folder.mkdir()
    wrong, right = submissions[0] / "甲局.xlsx", submissions[1] / "甲局.xlsx"
    other = submissions[0] / "乙局/乙局.xlsx"
    shutil.copy(wrong, rounds["一"])
    shutil.copy(other, rounds["一"])
    (rounds["二"] / "乙局.xlsx").write_bytes(b"PK")
    shutil.copy(right, rounds["三"])
    shutil.copy(other, rounds["三"])
    first = run(rounds["一"], tmp_path / "审一", jobs=1)
    second = run(rounds["二"], tmp_path / "审二", prior=first.folder, jobs=1)
    third = run(rounds["三"], tmp_path / "审三", prior=second.folder, jobs=1)
    assert second.done.changes is not None and third.done.changes is not None
    open_then = sum(second.done.changes.missing.values())
    assert open_then > 0
    counts = third.done.changes.counts
    assert counts["甲局.xlsx"]["已改正"] == open_then
    assert set(counts["乙局.xlsx"]) == {"仍未改正"}
    assert third.done.changes.added == []
