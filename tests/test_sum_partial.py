"""`xltool sum`: everything wrong at once, a part of the sum with what is missing, adjustments from the difference."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.support.terminal import contents_of, xltool
from xltool.documents.datafile import dumps, read_document

Raw = dict[str, Any]
OVERVIEW = "收入支出决算总表"


def unit(folder: Path, name: str, other: int = 0, **heads: object) -> str:
    """A unit's document: 财政拨款 100, 其他收入 `other`, all spent on 教育支出."""
    income = {"一般公共预算财政拨款收入": Decimal(100)}
    if other:
        income["其他收入"] = Decimal(other)
    table = {"收入": income, "支出": {"教育支出": Decimal(100 + other)}}
    raw = {"版本": "2023-national", "单位名称": name, "年度": Decimal(2024), "金额单位": "元"}
    path = folder / f"{name}.json"
    path.write_text(dumps({**raw, **heads, "表": {OVERVIEW: table}}), encoding="utf-8")
    return path.name


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    files = [unit(tmp_path, "甲校"), unit(tmp_path, "乙校", 5)]
    files += [unit(tmp_path, "丙校", 7, 年度=Decimal(2023))]
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    twin = read_document(tmp_path / "甲校.json")
    twin["表"][OVERVIEW]["支出"]["教育支出"] += 1
    (tmp_path / "又是甲校.json").write_text(dumps(twin), encoding="utf-8")
    before = contents_of(tmp_path)
    answer = xltool("sum", *files, "坏.xlsx", "又是甲校.json", "-o", "和.json", folder=tmp_path)
    assert answer.code == 2
    for said in ("坏.xlsx", "丙校（丙校.json）：是 2023-national 版、2023年度", "“甲校”给了两次"):
        assert said in answer.err
    assert contents_of(tmp_path) == before


def test_a_part_of_the_sum_says_who_is_missing(tmp_path: Path) -> None:
    files = [unit(tmp_path, "甲校"), unit(tmp_path, "乙校", 5)]
    files += [unit(tmp_path, "丙校", 7, 年度=Decimal(2023))]
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    line = ("sum", *files, "坏.xlsx", "--partial", "--name", "教育局", "-o", "和.json")
    answer = xltool(*line, "--format", "json", folder=tmp_path)
    assert answer.code == 1, answer.err
    assert "缺 2 份" in answer.err
    told = json.loads(answer.out)
    assert [any(name in text for text in told["missing"]) for name in ("坏.xlsx", "丙校")] == [
        True,
        True,
    ]
    made = read_document(tmp_path / "和.json")
    assert made["单位名称"] == "教育局（不全）"
    assert made["表"][OVERVIEW]["支出"]["教育支出"] == 205


def test_what_people_must_decide_is_refused_even_then(tmp_path: Path) -> None:
    files = [unit(tmp_path, "甲校"), unit(tmp_path, "乙校", 5)]
    twin = read_document(tmp_path / "甲校.json")
    twin["表"][OVERVIEW]["支出"]["教育支出"] += 1
    (tmp_path / "又是甲校.json").write_text(dumps(twin), encoding="utf-8")
    line = ("sum", *files, "又是甲校.json", "--partial", "-o", "和.json")
    answer = xltool(*line, folder=tmp_path)
    assert answer.code == 2
    assert "给了两次" in answer.err


def _units(folder: Path) -> list[str]:
    return [unit(folder, "甲校"), unit(folder, "乙校", 20), unit(folder, "丙校", 3)]


def _department(folder: Path, *changes: tuple[str, str, int]) -> list[str]:
    """Three units, and the department's book with some cells changed by an adjustment."""
    files = _units(folder)
    table: Raw = {}
    for side, label, by in changes:
        table.setdefault(side, {})[label] = Decimal(by)
    raw = {"版本": "2023-national", "单位名称": "x", "年度": Decimal(2024), "金额单位": "元"}
    (folder / "真.json").write_text(dumps({**raw, "表": {OVERVIEW: table}}), encoding="utf-8")
    line = ("sum", *files, "--adjust", "真.json", "--name", "教育局", "-o", "教育局.xlsx")
    assert xltool(*line, folder=folder).code == 1
    return files


def test_what_was_struck_out_is_suggested_and_makes_the_sum_agree(tmp_path: Path) -> None:
    files = _department(tmp_path, ("收入", "其他收入", -20), ("支出", "教育支出", -20))
    line = ("sum", *files, "--check", "教育局.xlsx")
    answer = xltool(*line, "--suggest", "建议.yaml", folder=tmp_path)
    assert answer.code == 1
    assert "像是单位之间的往来" in answer.err
    made = read_document(tmp_path / "建议.yaml")
    assert made["表"] == {
        OVERVIEW: {"收入": {"其他收入": Decimal("-0.002")}, "支出": {"教育支出": Decimal("-0.002")}}
    }, "in the money unit of the department's book; totals follow"
    agreed = xltool(*line, "--adjust", "建议.yaml", folder=tmp_path)
    assert "与各单位之和相符" in agreed.out
    assert agreed.code == 0


def test_a_unit_that_was_left_out_is_no_adjustment(tmp_path: Path) -> None:
    files = _units(tmp_path)
    left = xltool("sum", *files[:2], "--name", "教育局", "-o", "漏.xlsx", folder=tmp_path)
    assert left.code == 1
    answer = xltool(
        *("sum", *files, "--check", "漏.xlsx", "--suggest", "建议.yaml"), folder=tmp_path
    )
    assert answer.code == 1
    assert "没有可以建议的调整" in answer.err
    assert "漏加了“丙校”" in answer.err
    assert not (tmp_path / "建议.yaml").exists()


def test_a_suggestion_needs_a_book_to_compare_with(tmp_path: Path) -> None:
    files = [unit(tmp_path, "甲校"), unit(tmp_path, "乙校", 5)]
    answer = xltool("sum", *files, "-o", "和.json", "--suggest", "建议.txt", folder=tmp_path)
    assert answer.code == 2
    assert "要与 --check 一起用" in answer.err
    assert ".yaml 或 .json" in answer.err
