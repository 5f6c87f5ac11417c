"""Rules that ask for a table, and that span the workbooks of one unit: nine tables and the 自评表."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.support.terminal import assert_refused
from tests.support.terminal import xltool as run
from xltool.checks import Validation
from xltool.core.resources import SAMPLES

BEIGUAN = SAMPLES / "beiguan-2021.xlsx"
SELF = "部门整体绩效自评表"
RULES = """
rules:
  B-1: {name: 要交整体自评表, level: warning, expr: exists(整体自评)}
  B-2: {name: 要交基金表, expr: exists(基金)}
  B-3:
    name: 自评的执行数等于全年支出
    expr: 整体自评.预算情况.部门预算总额.实际执行数 = 支出表.合计.本年支出合计
  B-4:
    name: 没有交自评表的不看
    if: exists(整体自评)
    expr: 整体自评.预算情况.部门预算总额.实际执行数 <= 支出表.合计.本年支出合计
"""
B = ("B-1", "B-2", "B-3", "B-4")


def split(folder: Path, *, spent: str = "") -> tuple[Path, Path]:
    """The sample in two files, as units hand it in. `spent`: what the 自评表 says was spent."""
    folder.mkdir(parents=True, exist_ok=True)
    files = folder / "九张表.xlsx", folder / "自评表.xlsx"
    for file in files:
        book = openpyxl.load_workbook(BEIGUAN)
        for name in book.sheetnames:
            if (name == SELF) is (file == files[0]):
                del book[name]
        if spent and SELF in book.sheetnames:
            book[SELF]["E10"] = float(spent)
        book.save(file)
    return files


def outcomes(validation: Validation, rules: tuple[str, ...] = B) -> dict[str, str]:
    return {rule: validation.ledger.lines[rule].outcome for rule in rules}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "本局.yaml"
    path.write_text(RULES, encoding="utf-8", newline="\n")
    return path


def test_a_rule_asks_for_a_table(tmp_path: Path, rules: Path) -> None:
    nine, own = split(tmp_path / "甲")
    alone = outcomes(xltool.validate(nine, rules=rules))
    assert alone == {"B-1": "不符", "B-2": "通过", "B-3": "不适用", "B-4": "不适用"}
    whole = outcomes(xltool.validate(BEIGUAN, rules=rules))
    assert whole == {"B-1": "通过", "B-2": "通过", "B-3": "通过", "B-4": "通过"}
    assert outcomes(xltool.validate(own, rules=rules))["B-2"] == "不适用"


def test_rules_span_the_workbooks_of_a_unit(tmp_path: Path, rules: Path) -> None:
    nine, own = split(tmp_path / "甲")
    both = xltool.validate(nine, rules=rules, together=[own])
    assert set(outcomes(both, (*B, "X-17")).values()) == {"通过"}
    nine, own = split(tmp_path / "乙", spent="29")
    both = xltool.validate(nine, rules=rules, together=[own])
    assert outcomes(both) == {"B-1": "通过", "B-2": "通过", "B-3": "不符", "B-4": "通过"}
    (finding,) = [f for f in both.findings if f.rule == "B-3"]
    assert "29.00" in finding.message and "在 自评表.xlsx 里" in finding.remark
    assert all(sheet.startswith("公开") for sheet, _ in finding.cells)
    assert outcomes(both, ("X-17",)) == {"X-17": "不符"}
    both.annotate(tmp_path / "标注.xlsx")
    assert "自评表.xlsx" in both.to_html()


def test_what_the_unit_did_not_hand_in_is_wanting(tmp_path: Path, rules: Path) -> None:
    nine, own = split(tmp_path / "甲")
    lone = xltool.validate(nine, rules=rules, together=[])
    assert outcomes(lone) == {"B-1": "不符", "B-2": "通过", "B-3": "数据不足", "B-4": "不适用"}
    assert f"没有“{SELF}”" in lone.ledger.lines["B-3"].reason
    twice = xltool.validate(nine, rules=rules, together=[own, own])
    assert outcomes(twice)["B-1"] == "通过" and outcomes(twice)["B-3"] == "数据不足"
    assert "自评表.xlsx、自评表.xlsx" in twice.ledger.lines["B-3"].reason


def test_the_command_takes_files_or_a_folder_of_one_unit(tmp_path: Path, rules: Path) -> None:
    split(tmp_path / "甲", spent="29")
    given = ("--rules", "本局.yaml")
    apart = run("validate", "甲/九张表.xlsx", "甲/自评表.xlsx", *given, folder=tmp_path)
    assert "B-3" not in apart.out
    for named in (["甲/自评表.xlsx", "甲/九张表.xlsx"], ["甲"]):
        told = run("validate", *named, "--together", *given, folder=tmp_path)
        assert told.code == 1 and told.out.count("B-3 部门整体绩效自评表") == 1, told.out + told.err


def test_a_question_for_a_table_is_explained_and_its_faults_are_told(
    tmp_path: Path, rules: Path
) -> None:
    shown = run("rules", "show", "B-1", "--rules", rules, "-e", "2021-national", folder=tmp_path)
    assert f"意思：有“{SELF}”" in shown.out
    rules.write_text("rules:\n  B-1: {name: 甲, expr: exists(基金.合计)}\n", encoding="utf-8")
    assert_refused(tmp_path, "rules", "check", "本局.yaml", said=("exists() 的括号里写表的简称",))
    rules.write_text("rules:\n  B-1: {name: 甲, expr: exists(基今)}\n", encoding="utf-8")
    assert_refused(tmp_path, "rules", "check", "本局.yaml", said=("没有简称“基今”",))
