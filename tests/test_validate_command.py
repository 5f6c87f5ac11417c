"""`xltool validate` as its users run it: reports, exit codes, choices, what cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from tests.support.terminal import xltool
from xltool.core.resources import SAMPLES

GOOD, OPEN = SAMPLES / "sgb-2024.xlsx", SAMPLES / "beiguan-2021.xlsx"

REPORT = {
    "type": "object",
    "required": ["verdict", "findings", "ledger"],
    "properties": {
        "verdict": {"enum": ["合格", "不合格", "未完成审核"]},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rule", "level", "outcome", "table", "sheet", "cells", "message"],
                "properties": {
                    "level": {"enum": ["error", "warning", "info"]},
                    "cells": {
                        "type": "array",
                        "items": {"pattern": "^(.+!)?[A-Z]{1,3}[1-9][0-9]*$"},
                    },
                    "difference": {"type": ["number", "null"]},
                    "tolerance": {"type": ["number", "null"]},
                },
            },
        },
    },
}


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A sample in which one figure lost a digit."""
    text = (SAMPLES / "sgb-2024.json").read_text(encoding="utf-8")
    assert text.count("51.32") > 1
    (tmp_path / "错.json").write_text(text.replace("51.32", "1.32", 1), encoding="utf-8")
    book = tmp_path / "错 的.xlsx"
    filled = xltool("fill", "错.json", "-o", book.name, "--totals", "given", folder=tmp_path)
    assert filled.code == 0, filled.err
    return book


def test_verdicts_and_exit_codes(tmp_path: Path, wrong: Path) -> None:
    good = xltool("validate", GOOD, folder=tmp_path, encoding="gbk")
    assert (good.code, good.err) == (0, "")
    assert "合格：尾差 2 处" in good.out
    open_ = xltool("validate", OPEN, folder=tmp_path, encoding="gbk")
    assert open_.code == 1
    assert "未完成审核" in open_.out and "T06-01" in open_.out
    bad = xltool("validate", wrong.name, folder=tmp_path, encoding="gbk")
    assert bad.code == 1
    assert "不合格" in bad.out and "漏了一位数字" in bad.out


def test_a_workbook_under_the_name_of_another_kind_is_told(tmp_path: Path) -> None:
    (tmp_path / "旧.xls").write_bytes(GOOD.read_bytes())
    done = xltool("validate", "旧.xls", folder=tmp_path)
    assert (done.code, "合格：尾差 2 处" in done.out) == (0, True)
    told = "注意：旧.xls：文件的内容是 .xlsx 工作簿，后缀却是 .xls，Excel 会提示格式不符或打不开（把后缀改成 .xlsx）"
    assert told in done.err


def test_what_waits_for_a_word_is_told_with_the_command_for_it(tmp_path: Path) -> None:
    said = xltool("validate", OPEN, folder=tmp_path).err
    assert f"xltool validate {OPEN} --annotate 标注.xlsx" in said
    assert "待确认的" not in xltool("validate", GOOD, folder=tmp_path).err
    assert (
        "待确认的" not in xltool("validate", OPEN, "--annotate", "标注.xlsx", folder=tmp_path).err
    )


def test_several_books_one_of_them_bad(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    answer = xltool("validate", "坏.xlsx", GOOD, "没有.xlsx", folder=tmp_path)
    assert answer.code == 2
    assert "合格" in answer.out
    assert "坏.xlsx" in answer.err and "没有.xlsx" in answer.err
    alone = xltool("validate", "坏.xlsx", folder=tmp_path)
    assert (alone.code, alone.out) == (2, "")


def test_json_is_as_documented(tmp_path: Path, wrong: Path) -> None:
    one = json.loads(xltool("validate", wrong.name, "--format", "json", folder=tmp_path).out)
    jsonschema.validate(one, REPORT)
    assert any(finding["hint"] for finding in one["findings"])
    many = xltool("validate", GOOD, OPEN, "--format", "json", "-o", "两份.json", folder=tmp_path)
    assert many.code == 1
    both = json.loads((tmp_path / "两份.json").read_text(encoding="utf-8"))
    assert [report["verdict"] for report in both] == ["合格", "未完成审核"]


def test_json_has_an_entry_for_a_book_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    alone = xltool("validate", "坏.xlsx", "--format", "json", folder=tmp_path)
    assert alone.code == 2
    entry = json.loads(alone.out)
    assert (entry["file"], entry["verdict"]) == ("坏.xlsx", None)
    assert [problem["code"] for problem in entry["problems"]] == ["not-workbook"]
    both = xltool("validate", "坏.xlsx", GOOD, "--format", "json", folder=tmp_path)
    assert both.code == 2
    assert [report["verdict"] for report in json.loads(both.out)] == [None, "合格"]


def test_what_is_not_told_is_known_all_the_same(tmp_path: Path) -> None:
    """A cell that holds no figure explains failures, told or not."""
    book = openpyxl.load_workbook(GOOD)
    book["支出决算表"]["D8"] = "见附件"
    book.save(tmp_path / "文字.xlsx")
    every = xltool("validate", "文字.xlsx", "--format", "json", folder=tmp_path)
    chosen = xltool(
        "validate", "文字.xlsx", "--format", "json", "--only", "identities", folder=tmp_path
    )
    assert chosen.code == 1, chosen.err
    told = json.loads(chosen.out)["findings"]
    checks = {"ALL-06", "F-05", "F-06", "F-07", "F-08"}
    assert told == [f for f in json.loads(every.out)["findings"] if f["rule"] not in checks]


def test_checks_and_rules_can_be_chosen(tmp_path: Path, wrong: Path) -> None:
    only = ("--only", "structure", "--only", "codes")
    chosen = xltool("validate", wrong.name, *only, folder=tmp_path)
    assert "T03-01" not in chosen.out.partition("没能审核")[0]
    assert "未完成审核" in chosen.out and chosen.code == 1
    unknown = xltool("validate", GOOD, "--skip", "T01-1", folder=tmp_path)
    assert unknown.code == 2
    assert "T01-1" in unknown.err and "T01-01" in unknown.err


def test_the_kind_of_unit_can_be_said(tmp_path: Path) -> None:
    data = {
        "版本": "2023-national",
        "单位名称": "某局",
        "年度": 2024,
        "金额单位": "元",
        "表": {
            "收入支出决算总表": {
                "收入": {"经营收入": 20000, "本年收入合计": 20000, "总计": 20000},
                "支出": {"其他支出": 20000, "本年支出合计": 20000, "总计": 20000},
            }
        },
    }
    (tmp_path / "数据.json").write_text(json.dumps(data), encoding="utf-8")
    assert xltool("fill", "数据.json", "-o", "账.xlsx", folder=tmp_path).code == 0
    without = xltool("validate", "账.xlsx", folder=tmp_path)
    assert "T01-07" not in without.out
    told = xltool("validate", "账.xlsx", "--unit-type", "行政单位", folder=tmp_path)
    assert "需核实 T01-07" in told.out


def test_last_year_must_be_readable(tmp_path: Path) -> None:
    (tmp_path / "上年.json").write_text("{", encoding="utf-8")
    answer = xltool("validate", GOOD, "--prior", "上年.json", folder=tmp_path)
    assert answer.code == 2
    assert "上年.json" in answer.err
    assert "Traceback" not in answer.err
