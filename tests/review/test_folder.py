"""What a review leaves in its folder: named after the units, safe, complete, always the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.batch.support import QUERIES
from tests.review.support import Review, run
from xltool.batch.filenames import safe_stem
from xltool.core.problems import InputError
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import open_workbook
from xltool.review.outputs import OWN, refuse_foreign


def test_a_review_makes_page_summary_database_reports_and_copies(first: Review) -> None:
    assert {path.name for path in first.folder.iterdir()} == set(OWN)
    reports = {name for name in first.files if name.startswith("报告/")}
    copies = {name for name in first.files if name.startswith("标注本/")}
    assert {"报告/甲局.html", "报告/乙局.html"} <= reports
    assert {"标注本/甲局.xlsx", "标注本/乙局.xlsx"} <= copies
    assert result_sheet(open_workbook(first.folder / "标注本" / "甲局.xlsx")) is not None
    assert "甲局" in (first.folder / "报告" / "甲局.html").read_text(encoding="utf-8")


def test_names_are_safe_and_apart(first: Review) -> None:
    names = [Path(name).stem for name in first.files if name.startswith("报告/")]
    assert all(safe_stem(name) == name for name in names)
    assert all(sign not in name for name in names for sign in "/\\#%<>\u202e")
    assert {"_CON", "_con~2"} & set(names) or {"_CON~2", "_con"} & set(names)
    assert len({name.casefold() for name in names}) == len(names)


def test_one_bad_book_is_a_row_with_its_reason(first: Review) -> None:
    unread = {line.name: line.book["原因"] for line in first.done.collected.unread}
    assert set(unread) == {"坏.xlsx", "旧.et"}
    assert "不完整" in unread["坏.xlsx"]
    assert "另存为 .xlsx" in unread["旧.et"]
    for reason in unread.values():
        assert reason in first.page


def test_the_database_holds_what_the_page_says(first: Review) -> None:
    with duckdb.connect(str(first.folder / "审核.duckdb"), read_only=True) as database:
        rows = database.execute(
            "SELECT coalesce(结论, '未能读取'), count(*) FROM books GROUP BY 1"
        ).fetchall()
        failing = database.execute(
            "SELECT DISTINCT 规则 FROM outcomes WHERE 单位名称 = '甲局' AND 结论 = '不符'"
        ).fetchall()
    assert dict(rows) == dict(first.done.collected.verdicts)
    (line,) = (line for line in first.done.collected.ranked if line.unit == "甲局")
    failed = {rule for rule, letter in line.outcomes.items() if letter in "XWi"}
    assert {rule for (rule,) in failing} == failed
    assert {"T01-03", "T01-05"} <= failed


def test_findings_and_outcomes_agree(first: Review) -> None:
    with duckdb.connect(str(first.folder / "审核.duckdb"), read_only=True) as database:
        differing = database.execute(
            """SELECT 文件, 规则, o.结论, o.不符, count(f.规则) FILTER (f.结论 = '不符') AS 处
               FROM outcomes o LEFT JOIN findings f USING (文件, 规则)
               GROUP BY ALL HAVING o.不符 <> 处"""
        ).fetchall()
        levels = database.execute(
            "SELECT 规则 FROM findings f JOIN outcomes o USING (文件, 规则) WHERE f.级别 <> o.级别"
        ).fetchall()
        hints = database.execute(
            "SELECT DISTINCT 文件 FROM findings WHERE 规则 = 'F-08'"
        ).fetchall()
    assert (differing, levels) == ([], [])
    assert ("戊.xlsx",) in hints


def test_the_rules_left_open_are_counted_as_in_the_query(first: Review) -> None:
    lines = {line.name: line for line in first.done.collected.ranked}
    with duckdb.connect(str(first.folder / "审核.duckdb"), read_only=True) as database:
        rows = database.execute(QUERIES["10"]).fetchall()
    asked = {row[0]: row[-1] for row in rows if row[0] in lines}
    assert asked == {
        name: line.open_rules for name, line in lines.items() if line.book["结论"] != "合格"
    }


def test_the_result_does_not_depend_on_the_number_of_jobs(
    submissions: tuple[Path, Path], first: Review, tmp_path: Path
) -> None:
    again = run(submissions[0], tmp_path / "审核", marked=True, jobs=1)
    assert again.files == first.files
    same = [name for name in first.files if name.endswith(".html")]
    assert [
        n for n in same if (again.folder / n).read_bytes() != (first.folder / n).read_bytes()
    ] == []


def test_nothing_is_written_beside_the_folder(first: Review, second: Review) -> None:
    for review in (first, second):
        assert [path.name for path in review.folder.parent.iterdir()] == [review.folder.name]


@pytest.mark.parametrize("present", ["说明.docx", "我的表.xlsx"])
def test_a_folder_with_other_files_is_never_replaced(present: str, tmp_path: Path) -> None:
    (tmp_path / present).write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=present):
        refuse_foreign(tmp_path)


def test_an_earlier_review_may_be_replaced(first: Review) -> None:
    refuse_foreign(first.folder)
