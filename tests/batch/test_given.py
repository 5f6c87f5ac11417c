"""What `validate` honours, `review` and `convert` honour too: last year, 说明, the kind of unit, own rules."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

import xltool
from tests.support.terminal import assert_refused
from tests.support.terminal import xltool as run
from xltool.batch.prior import Ambiguous, prior_of
from xltool.batch.source import Source
from xltool.core.resources import SAMPLES
from xltool.reading import examine

BEIGUAN = SAMPLES / "beiguan-2021.xlsx"
RULE = """
rules:
  本局-01:
    name: 项目支出不超过本年支出的一半
    level: warning
    expr: 支出表.合计.项目支出 <= 支出表.合计.本年支出合计 * 0.5
"""


def filled(folder: Path, name: str, *, year: int = 2024, code: str = "") -> Path:
    report, edition = xltool.load(SAMPLES / "sgb-2024.json")
    report.unit_name, report.year = name, year
    if code:
        report.heads["单位编码"] = code
    folder.mkdir(parents=True, exist_ok=True)
    return xltool.fill(report, edition, folder / f"{name}.xlsx", totals="given").files[0]


def audited(tables: dict[str, object]) -> dict[str, int]:
    books = tables["books"]
    return dict(zip(books["文件"], books["已审规则"], strict=True))  # type: ignore[index]


def test_last_year_is_found_by_unit_then_by_folder(tmp_path: Path) -> None:
    for place in ("甲区", "乙区"):
        filled(tmp_path / "今年" / place, "中心小学")
        filled(tmp_path / "去年" / place, "中心小学", year=2023)
    filled(tmp_path / "今年" / "甲区", "新设局")
    (tmp_path / "去年" / "坏.xlsx").write_bytes(b"x")
    before = audited(xltool.frames(tmp_path / "今年", validate=True))
    now = audited(xltool.frames(tmp_path / "今年", validate=True, prior=tmp_path / "去年"))
    assert now["甲区/新设局.xlsx"] == before["甲区/新设局.xlsx"]
    assert now["甲区/中心小学.xlsx"] > before["甲区/中心小学.xlsx"]
    assert now["乙区/中心小学.xlsx"] > before["乙区/中心小学.xlsx"]
    for place in ("甲", "乙"):
        (tmp_path / "去年" / f"{place}区" / "中心小学.xlsx").rename(
            tmp_path / "去年" / f"{place}.xlsx"
        )
    with zipfile.ZipFile(tmp_path / "去年.zip", "w") as archive:
        for path in (tmp_path / "去年").glob("[甲乙].xlsx"):
            archive.write(path, path.name)
    for prior in (tmp_path / "去年", tmp_path / "去年.zip"):
        tables = xltool.frames(tmp_path / "今年", validate=True, prior=prior)
        assert audited(tables) == before
        told = tables["problems"]
        assert set(told["类别"]) == {"上年"} and len(told) == 2
        assert all("乙.xlsx、甲.xlsx" in text for text in told["内容"])


def test_books_of_an_archive_in_an_archive_are_read_as_all_others(tmp_path: Path) -> None:
    for file, within in (("县.zip", filled(tmp_path, "甲局")), ("市.zip", tmp_path / "县.zip")):
        with zipfile.ZipFile(tmp_path / file, "w") as archive:
            archive.write(within, within.name)
    alone = xltool.frames(tmp_path / "甲局.xlsx")
    tables = xltool.frames(tmp_path / "市.zip")
    assert list(tables["books"]["文件"]) == ["市.zip!/县.zip!/甲局.xlsx"]
    for name in ("sha256", "状态", "事实数"):
        assert list(tables["books"][name]) == list(alone["books"][name])
    assert len(tables["facts"]) == len(alone["facts"])


def test_a_run_that_was_given_last_year_can_be_resumed_and_made_anew(tmp_path: Path) -> None:
    filled(tmp_path / "今年", "中心小学")
    filled(tmp_path / "去年", "中心小学", year=2023)
    out = tmp_path / "审核"
    args = ("review", tmp_path / "今年", "-o", out, "--prior", tmp_path / "去年", "--jobs", "1")
    (tmp_path / "审核.part" / "given").mkdir(parents=True)  # as a kill leaves it
    (tmp_path / "审核.part" / "given" / "prior.json").write_text("[]", encoding="utf-8")
    assert run(*args, "--resume", folder=tmp_path).code in (0, 1)
    assert not (tmp_path / "审核.part").exists()
    assert run(*args, "--force", folder=tmp_path).code in (0, 1)
    assert not (tmp_path / "审核.part").exists()


@pytest.mark.parametrize("killed", [False, True])
def test_what_an_older_version_left_of_a_run_is_no_folder_of_the_users(
    tmp_path: Path, *, killed: bool
) -> None:
    filled(tmp_path / "今年", "中心小学")
    work = tmp_path / "审核.part"
    work.mkdir()
    (work / "prior.json").write_text("[]", encoding="utf-8")
    if killed:
        (work / "parts").mkdir()
        (work / "lock").touch()
    more = ["--resume"] if killed else []
    answer = run(
        "review", tmp_path / "今年", "-o", tmp_path / "审核", "--jobs", "1", *more, folder=tmp_path
    )
    assert answer.code in (0, 1), answer.err
    assert not work.exists()


def test_last_year_is_found_by_code_whatever_the_unit_was_called(tmp_path: Path) -> None:
    """No form that comes with the tool prints a 单位编码: here it is put into what was read."""
    reading = examine(filled(tmp_path / "今年", "大数据局"))
    source = Source("大数据局.xlsx", str(tmp_path / "今年" / "大数据局.xlsx"))
    tables = list(reading.report.tables)
    index = tmp_path / "上年.json"
    for unit, code, own, wanted in (
        ("信息中心", "001", "001", "信息中心"),
        ("大数据局", "001", "", "大数据局"),
        ("大数据局", "", "001", "大数据局"),
        ("大数据局", "999", "001", "单位编码是999，本年是001"),
        ("信息中心", "999", "001", ""),
    ):
        book = {"unit": unit, "code": code, "year": 2023, "folder": "", "tables": tables}
        index.write_text(
            json.dumps([{**book, "file": "x.xlsx", "path": "x.xlsx"}]), encoding="utf-8"
        )
        os.utime(index, ns=(0, index.stat().st_mtime_ns + len(unit + code + own + wanted) * 10**9))
        reading.report.heads = {"单位编码": own} if own else {}
        try:
            found = prior_of(index, reading, source)
        except Ambiguous as error:
            assert wanted and wanted in str(error)
        else:
            assert (found.unit if found else "") == wanted


def test_a_review_takes_what_validate_takes(tmp_path: Path) -> None:
    filled(tmp_path / "报送", "甲局")
    filled(tmp_path / "去年", "甲局", year=2023)
    (tmp_path / "去年" / "坏.xlsx").write_bytes(b"x")
    (tmp_path / "本局.yaml").write_text(RULE, encoding="utf-8")
    more = ("--rules", "本局.yaml", "--prior", "去年", "--unit-type", "行政单位")
    answer = run("review", "报送", "-o", "审核", *more, "--jobs", "1", folder=tmp_path)
    assert answer.code == 0, answer.err
    assert "读不了的上年工作簿：坏.xlsx" in answer.out
    import duckdb

    with duckdb.connect(str(tmp_path / "审核" / "审核.duckdb"), read_only=True) as database:
        told = database.sql("SELECT 规则 FROM findings WHERE 结论 = '不符'").fetchall()
        lacking = database.sql("SELECT 规则 FROM outcomes WHERE 原因 LIKE '%上年%'").fetchall()
    assert ("本局-01",) in told
    assert lacking == []


@pytest.mark.parametrize("place", ["in the book", "in the copy beside it", "in a file"])
def test_written_explanations_count(tmp_path: Path, place: str) -> None:
    """A warning that the clerk has explained is settled, wherever the 说明 was written."""
    folder = tmp_path / "报送"
    folder.mkdir()
    book = folder / "决算.xlsx"
    book.write_bytes(BEIGUAN.read_bytes())
    checked = xltool.validate(book)
    written = checked.to_dict()
    warned = [f for f in written["findings"] if f["level"] == "warning" and f["outcome"] == "不符"]
    assert warned
    given = None
    if place == "in a file":
        given = tmp_path / "说明.json"
        for finding in warned:
            finding["explanation"] = "四舍五入"
        other = {**written, "unit_name": "别的单位", "findings": []}
        text = json.dumps([written, other], default=str, ensure_ascii=False)
        given.write_text(text, encoding="utf-8")
    else:
        texts = [
            xltool.Explanation(f.rule, f.where, *f.numbers(), "四舍五入", f.message)
            for f in checked.findings
        ]
        copy = tmp_path / "标注.xlsx"
        xltool.validate(book, explanations=texts).annotate(copy)
        target = book if place == "in the book" else folder / "决算.标注.xlsx"
        target.write_bytes(copy.read_bytes())
    tables = xltool.frames(folder, validate=True, explanations=given)
    assert list(tables["books"]["文件"]) == ["决算.xlsx"]
    assert int(tables["books"]["需核实"][0]) == 0


def test_another_units_explanations_explain_nothing(tmp_path: Path) -> None:
    checked = xltool.validate(BEIGUAN)
    texts = [
        xltool.Explanation(f.rule, f.where, *f.numbers(), "四舍五入", f.message, "别的单位")
        for f in checked.findings
    ]
    again = xltool.validate(BEIGUAN, explanations=texts)
    assert again.unused == texts
    assert again.findings == checked.findings


def test_a_spoilt_result_sheet_is_told_and_the_book_is_checked(tmp_path: Path) -> None:
    import openpyxl

    copy = tmp_path / "标注.xlsx"
    xltool.validate(BEIGUAN).annotate(copy)
    book = openpyxl.load_workbook(copy)
    sheet = book["校验结果"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == "说明":
                cell.value = "备注"
    book.save(copy)
    checked = xltool.validate(copy)
    assert checked.findings
    assert "里面的说明没有读" in str(checked.notes[0])
    told = xltool.frames(copy, validate=True)["problems"]
    assert "说明" in set(told["类别"])


def test_what_only_a_validation_needs_is_refused_without_one(tmp_path: Path) -> None:
    filled(tmp_path / "报送", "甲局")
    said = ("--prior", "--validate")
    assert_refused(tmp_path, "convert", "报送", "-o", "a.duckdb", "--prior", "报送", said=said)
    assert_refused(
        tmp_path,
        *("convert", "报送", "-o", "a.duckdb", "--validate"),
        *("--rules", "没有.yaml", "--explanations", "没有.csv", "--prior", "没有"),
        said=("没有.yaml", "没有.csv", "没有这个文件或文件夹"),
    )


def test_the_table_of_findings_has_message_and_explanation_apart() -> None:
    from xltool.batch.schemas import FINDING
    from xltool.reporting.rows import FINDING as COLUMNS

    assert tuple(FINDING.names) == COLUMNS
    checked = xltool.validate(BEIGUAN)
    finding = next(f for f in checked.findings if f.level == "warning" and f.outcome == "不符")
    said = (*finding.numbers(), "四舍五入", finding.message)
    text = xltool.Explanation(finding.rule, finding.where, *said)
    row = (
        xltool.validate(BEIGUAN, explanations=[text])
        .to_frame()
        .set_index("位置")
        .loc[finding.where]
    )
    assert (row["内容"], row["说明"]) == (finding.message, "四舍五入")
