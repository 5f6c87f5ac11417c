"""`xltool sum --by`: departments and the region in one go, their own books checked."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from tests.support.terminal import xltool
from tests.test_sum_partial import OVERVIEW, unit
from xltool.reading import read

LIST = "编码,名称,主管部门\n001,甲校,教育局\n002,乙校,教育局\n003,丙院,卫生局\n004,丁院,卫生局\n"


def prepared(folder: Path, listed: str = LIST) -> list[str]:
    """Three units of two departments, and the list, which has a fourth."""
    (folder / "清单.csv").write_text(listed, encoding="utf-8")
    return [unit(folder, "甲校"), unit(folder, "乙校", 20), unit(folder, "丙院", 7)]


def spent(book: Path) -> object:
    return read(book).report.tables[OVERVIEW][0].fields["支出", "教育支出"]


def test_each_department_and_the_region_are_added(tmp_path: Path) -> None:
    files = prepared(tmp_path)
    line = ("sum", *files, "--by", "清单.csv", "--name", "某县", "-o", "汇总", "--unit", "元")
    answer = xltool(*line, folder=tmp_path)
    assert answer.code == 1, answer.err
    assert "卫生局：1 个单位" in answer.out
    assert "缺 1 个：丁院" in answer.out
    made = {
        p.relative_to(tmp_path / "汇总").as_posix() for p in (tmp_path / "汇总").rglob("*.xlsx")
    }
    assert made == {"某县.xlsx", "部门/教育局.xlsx", "部门/卫生局.xlsx"}
    assert spent(tmp_path / "汇总/部门/教育局.xlsx") == Decimal("0.022")
    assert spent(tmp_path / "汇总/某县.xlsx") == Decimal("0.0327")
    assert read(tmp_path / "汇总/部门/卫生局.xlsx").report.unit_name == "卫生局（不全）"


def test_the_books_that_departments_made_are_compared(tmp_path: Path) -> None:
    files = prepared(tmp_path, LIST.replace("004,丁院,卫生局\n", ""))
    (tmp_path / "部门表").mkdir()
    for name, own in (("教育局", files[:1]), ("卫生局", files[2:])):
        line = ("sum", *own, "--name", name, "-o", f"部门表/{name}.xlsx")
        assert xltool(*line, folder=tmp_path).code == 1
    line = ("sum", *files, "--by", "清单.csv", "-o", "汇总", "--check", "部门表")
    answer = xltool(*line, folder=tmp_path)
    assert answer.code == 1
    assert "核对 卫生局.xlsx（卫生局）" in answer.out
    assert "漏加了“乙校”" in answer.out
    assert answer.out.count("与各单位之和相符") == 1
    assert "没有这个部门自己的表" in answer.out, "the region gave none"


def test_units_that_the_list_does_not_have_are_all_named(tmp_path: Path) -> None:
    files = prepared(tmp_path, "编码,名称,主管部门\n001,甲校,教育局\n002,乙校,\n")
    line = ("sum", *files, "--by", "清单.csv", "-o", "汇总")
    answer = xltool(*line, folder=tmp_path)
    assert answer.code == 2
    assert "没有写它的主管部门" in answer.err
    assert "丙院（丙院.json）：单位清单里没有这个单位" in answer.err
    assert not (tmp_path / "汇总").exists()
    part = xltool(*line, "--partial", folder=tmp_path)
    assert part.code == 1
    assert part.err.count("没有加进去") == 2
    assert "教育局：1 个单位" in part.out


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    files = prepared(tmp_path)
    answer = xltool("sum", *files, "--by", "清单.csv", "-o", "汇总.xlsx", folder=tmp_path)
    assert answer.code == 2
    assert "新文件夹" in answer.err
    (tmp_path / "清单.csv").write_text("编码,名称\n001,甲校\n", encoding="utf-8")
    answer = xltool("sum", *files, "--by", "清单.csv", "-o", "汇总", folder=tmp_path)
    assert answer.code == 2
    assert "主管部门" in answer.err


def test_a_suggestion_for_each_department_makes_its_sum_agree(tmp_path: Path) -> None:
    files = prepared(tmp_path, LIST.replace("004,丁院,卫生局\n", ""))
    (tmp_path / "部门表").mkdir()
    line = ("sum", *files[:2], "--name", "教育局", "-o", "部门表/教育局.xlsx", "--unit", "元")
    assert xltool(*line, folder=tmp_path).code == 1
    struck = [f"{OVERVIEW}.{cell}" for cell in ("收入.其他收入=0.0013", "支出.教育支出=0.0213")]
    line = ("set", "部门表/教育局.xlsx", "-o", "部门表/改.xlsx", *struck)
    assert xltool(*line, folder=tmp_path).code in (0, 1)
    (tmp_path / "部门表/改.xlsx").replace(tmp_path / "部门表/教育局.xlsx")
    line = ("sum", *files, "--by", "清单.csv", "--check", "部门表", "--unit", "元")
    first = xltool(*line, "-o", "汇总", "--suggest", "建议", folder=tmp_path)
    assert "建议的调整表" in first.err, first
    adjust = ("--adjust", "建议/教育局.yaml")
    answer = xltool(*line, *adjust, "-o", "汇总二", "--format", "json", folder=tmp_path)
    education, health, region = json.loads(answer.out)
    assert education["unit_name"] == "教育局"
    assert education["check"]["agrees"]
    assert health["check"] is None
    assert {c["adjustment"] for c in region["adjusted"]} == {-7}
    again = xltool(*line, "-o", "汇总三", "--suggest", "建议", folder=tmp_path)
    assert again.code == 2
    assert "新文件夹" in again.err


def test_a_department_of_which_nothing_was_given_is_told(tmp_path: Path) -> None:
    files = prepared(tmp_path)[:2]
    answer = xltool("sum", *files, "--by", "清单.csv", "-o", "汇总", folder=tmp_path)
    assert answer.code == 1
    assert "卫生局：一个单位也没有给进来，没有汇总；缺 2 个：丙院、丁院" in answer.out


def test_a_region_that_is_called_as_a_department_is_told_apart(tmp_path: Path) -> None:
    files = prepared(tmp_path)
    answer = xltool(
        "sum", *files, "--by", "清单.csv", "--name", "教育局", "-o", "汇总", folder=tmp_path
    )
    told = [line for line in answer.out.splitlines() if line.startswith("教育局：")]
    assert ["部门" in line for line in told] == [True, False]
