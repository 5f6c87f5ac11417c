"""Departments as a level: on the page, in the workbook, in the database and its queries, as folders of letters."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import openpyxl
import pytest

from tests.season.support import Season, command
from tests.support.terminal import ROOT
from xltool.checks.replies import KEY_SHEET
from xltool.season import departments, store
from xltool.season.unitlist import ListedUnit

QUERIES = dict(
    re.findall(
        r"^### ([^\d\n][^\n]*)\n.*?^```sql\n(.*?)^```",
        (ROOT / "docs" / "queries.md").read_text(encoding="utf-8").partition("## 按部门")[2],
        re.DOTALL | re.MULTILINE,
    )
)
LIST = """编码,名称,主管部门
01,甲局,教育口
02,乙局,教育口
03,丙/局:*?<b>〔文号〕,卫健/口
04,丁局,卫健/口
"""


@pytest.fixture(scope="module")
def season(reviewed: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A first round with a list: 甲 and 丙 wrong, 乙 right, 丁 not handed in."""
    folder = tmp_path_factory.mktemp("部门")
    listed = folder / "单位清单.csv"
    listed.write_text(LIST, encoding="utf-8", newline="\n")
    options = ("--season", folder / "季", "--units", listed, "--annotate", "--jobs", "1")
    done = command("review", reviewed.files, "-o", folder / "审核", *options)
    assert done.code == 1, done.err
    return SimpleNamespace(review=folder / "审核", season=folder / "季", out=folder)


def ask(season: SimpleNamespace, name: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(season.review / "审核.duckdb"), read_only=True) as database:
        return database.execute(QUERIES[name]).fetchall()


def test_the_progress_of_departments(season: SimpleNamespace) -> None:
    assert [row[:8] for row in ask(season, "各部门的进度") if row[0] != "未分部门"] == [
        ("卫健/口", 2, 2, 1, 1, 0, 1, 0),
        ("教育口", 2, 2, 2, 0, 1, 1, 0),
    ]


def test_the_worst_units_and_rules(season: SimpleNamespace) -> None:
    worst = ask(season, "每个部门最差的三个单位")
    assert [row[:3] for row in worst] == [
        ("卫健/口", "03", "丙/局:*?<b>〔文号〕"),
        ("教育口", "01", "甲局"),
    ]
    assert all(row[3] > 0 for row in worst)
    rules = ask(season, "每个部门错得最多的三条规则")
    assert {row[0] for row in rules} == {"卫健/口", "教育口"}
    assert {row[2] for row in rules} == {1}
    assert ask(season, "失效了的豁免") == []


def test_page_and_workbook_have_them(season: SimpleNamespace) -> None:
    page = (season.review / "审核汇总.html").read_text(encoding="utf-8")
    assert "部门情况" in page
    assert "<td>教育口</td>" in page
    sheet = openpyxl.load_workbook(season.review / "审核汇总.xlsx")["部门情况"]
    heads = [cell.value for cell in sheet[1]]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=2)}
    of_education = dict(zip(heads, rows["教育口"], strict=True))
    assert (of_education["应报"], of_education["合格"], of_education["合格率"]) == (2, 1, "50.0%")
    assert str(of_education["最差的单位"]).startswith("甲局（")
    assert rows["卫健/口"][heads.index("未报")] == 1


@pytest.mark.parametrize("of", ["review", "season"])
def test_letters_stand_in_folders_of_departments(season: SimpleNamespace, of: str) -> None:
    out = season.out / f"通知-{of}"
    given = ("letters", season.review) if of == "review" else ("season", "letters", season.season)
    done = command(*given, "-o", out)
    assert done.code == 0, done.err
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert "教育口/甲局（01）-整改通知.docx" in names
    assert "教育口/甲局（01）-标注本.xlsx" in names
    assert "卫健_口/丙_局____b_〔文号〕（03）-整改通知.xlsx" in names
    assert "未分部门/坏-退回通知.docx" in names
    silent = "1 个单位没有报来算数的工作簿（未报、年度不符），没有信：丁局（04）" in done.err
    assert silent is (of == "season")
    assert not [name for name in names if "乙局" in name or "丁局" in name]


def test_a_unit_that_lacks_a_book_is_not_right(tmp_path: Path) -> None:
    season = Season(tmp_path)
    listed = [
        ListedUnit("1", "甲", "教育口", documents=("决算报表", "自评表")),
        ListedUnit("2", "乙", "教育口"),
    ]
    books = ({"name": "甲", "code": "1"}, {"name": "乙", "code": "2"})
    season.round(*books, listed=listed)
    with store.reading(season.folder) as db:
        [line] = departments.departments(db)
    assert (line.counts["合格"], line.counts["缺文件"], line.share) == (1, 1, "50.0%")


def test_without_departments_there_is_no_table(tmp_path: Path) -> None:
    season = Season(tmp_path)
    season.round({"name": "甲", "fails": "a"})
    with store.reading(season.folder) as db:
        assert departments.table(db).rows == []


def test_a_letter_goes_to_the_listed_name_and_knows_the_printed_one(tmp_path: Path) -> None:
    season = Season(tmp_path)
    book = {"name": "甲局（本级）", "code": "1", "fails": "a", "left": 3}
    season.round(book, listed=[ListedUnit("1", "甲局", "教育口", "王")])
    done = command("season", "letters", season.folder, "-o", tmp_path / "通知")
    assert done.code == 0, done.err
    [letter] = (tmp_path / "通知" / "教育口").rglob("*-整改通知.xlsx")
    workbook = openpyxl.load_workbook(letter)
    assert str(workbook.worksheets[0]["A2"].value).startswith("甲局（1）")
    keys = [[cell.value for cell in row] for row in workbook[KEY_SHEET].iter_rows()]
    assert dict(zip(keys[0], keys[1], strict=True))["单位名称"] == "甲局（本级）"
