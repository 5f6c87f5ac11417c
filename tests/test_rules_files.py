"""Rule files: `rules check`, faults that are found and named, and a bureau's own rules in `validate`."""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from pathlib import Path

import pytest

from tests.support.editing import saved
from tests.support.terminal import assert_refused, xltool
from xltool.checks import Validation, validate
from xltool.cli.rules import command
from xltool.core.caches import clear_all
from xltool.core.problems import InputError
from xltool.core.schemas import schema_problems
from xltool.documents.load import from_raw
from xltool.editions import all_editions, find_edition
from xltool.filling import filled_workbooks
from xltool.mapping.files import read_yaml
from xltool.rules import trees
from xltool.rules.load import RULES, SCHEMA, load_rules
from xltool.rules.syntax import parse

NATIONAL = "2021-national"


@lru_cache(maxsize=1)
def book() -> bytes:
    """A filled workbook with 10 and 2 as income, 12 as expenditure."""
    overview = {
        "收入": {"一般公共预算财政拨款收入": 10, "其他收入": 2},
        "支出": {"教育支出": 12},
    }
    heads = {"版本": NATIONAL, "单位名称": "某单位", "年度": 2021, "金额单位": "万元"}
    report, edition = from_raw({**heads, "表": {"收入支出决算总表": overview}})
    (editor,) = filled_workbooks(report, edition)
    return saved(editor)


def written(folder: Path, text: str, name: str = "本局.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def own(body: str) -> str:
    """A rule file with one rule of this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"rules:\n  J-01:\n    name: 本局规则\n{lines}\n"


def faults(path: Path, edition: str = NATIONAL) -> str:
    """What `rules check` finds fault with."""
    with pytest.raises(InputError) as caught:
        command.main(["check", str(path), "-e", edition], standalone_mode=False)
    return "\n".join(map(str, caught.value.problems))


def validated(folder: Path, *texts: str) -> Validation:
    """The workbook validated with own rule files."""
    rules = tuple(written(folder, text, f"本局{n}.yaml") for n, text in enumerate(texts))
    return validate(book(), rules=rules)


NAMES = [
    ("总标.收入.总计 = 0", 1, "没有简称“总标”"),
    ("总表.收入.总计 = 上年.总标.收入.总计", 15, "没有简称“总标”"),
    ("总表.收入.总记 = 0", 7, "“收入支出决算总表”里没有“总记”"),
    ("0 = 总表.收人.总计", 8, "可用：收入、支出"),
    ("总表.收入.总计.合计 = 0", 10, "没有“合计”"),
    ("财拨总表.支出.总计 = 0", 1, "“支出.总计”后面还要写：合计、"),
    ("支出表.明细[205].基本支 = 0", 13, "是不是“基本支出”？"),
    ("支出表.明细 = 0", 1, "“明细”后面要写 [科目编码] 和栏目"),
    ("sum(总表.收入.其他收入:事业收入) = 0", 11, "起止的次序反了"),
    ("总表.收入.事业收入:其他收入 = 0", 1, "外面加 sum()"),
    ("总表.收入.$项 = 0", 7, "没有变量 $项"),
    ("within(code($行), 基金)", 13, "没有变量 $行"),
]
SYNTAX = [
    ("总表.收入.总计 = = 0", 12, "这里不能写“=”"),
    ("总表.收入.总计 ＝ 0", 10, "这里不能写“＝”，用半角“=”"),
    ("总表.收入.总计 =", 11, "写到这里还没有完"),
    ("sum(总表.收入.总计", 13, "写到这里还没有完"),
    ("0 = total(总表.收入.总计)", 5, "没有函数 total"),
    ("0 = abs(总表.收入.总计, 2)", 5, "abs() 的括号里要写1项，写了2项"),
    ("0 = sum()", 5, "sum() 的括号里要写至少1项，写了0项"),
    ("总表.收入.总计", 1, "这里要写条件"),
    ("总表.收入.总计 = 1.5.5", 15, "这里不能写“.”"),
    ('总表.收入.总计 = "文字"', 1, "这里要一个数"),
    ("percent(总表.收入.事业收入:其他收入) = 0", 1, "这里要一个数"),
]


@pytest.mark.parametrize(("expression", "column", "said"), [*NAMES, *SYNTAX])
def test_a_fault_in_an_expression_is_told_with_file_rule_and_column(
    tmp_path: Path, expression: str, column: int, said: str
) -> None:
    told = faults(written(tmp_path, own(f"expr: {json.dumps(expression, ensure_ascii=False)}")))
    assert told.startswith(f"本局.yaml J-01 expr 第{column}列：")
    assert said in told and re.search(rf"（第\d+行：{re.escape(expression)}）$", told)


ELSEWHERE = [
    ("if: 总表.收入.总记 > 0\nexpr: 总表.收入.总计 = 0", "if 第7列", "总记"),
    ("when: head() = 1\nexpr: 总表.收入.总计 = 0", "when 第1列", "head()"),
    ("each: {行: rows(支出表.名细)}\nexpr: $行.基本支出 = 0", "each 行 第1列", "可用：明细"),
    ("each: {栏: columns(支出表)}\nexpr: 支出表.合计.$栏 = 0", "each 栏 第1列", "表.块"),
    ("each: {表: tables()}\nexpr: $表.总分.分值 = 100", "each 表 第1列", "写了0项"),
    ("each: {表: tables(支出表.明细)}\nexpr: 0 = 0", "each 表 第1列", "写表的简称"),
    ('each: {行: "rows(支出表.明细, 目)"}\nexpr: $行.基本支出 = 0', "each 行", "类、款、项"),
    ("parts: [{expr: 0 = 0}, {expr: 总表.收入.总记 = 0}]", "第2式 expr 第7列", "总记"),
    ("parts: [{expr: 0 = 0}, {expr: 0 = 0, if: 总表.收入.总记 > 0}]", "第2式 if 第7列", "总记"),
    ("parts: [{expr: 0 = 0}, {expr: 0 = }]", "第2式 expr 第4列", "还没有完"),
]


@pytest.mark.parametrize(("body", "place", "said"), ELSEWHERE)
def test_a_fault_outside_expr_is_told_where_it_is(
    tmp_path: Path, body: str, place: str, said: str
) -> None:
    told = faults(written(tmp_path, own(body)))
    assert f"本局.yaml J-01 {place}" in told and said in told


FORM = [
    (own("expr: 总表.收入.总计 = 0\nlevl: error"), ("J-01", "不认识的项目 levl")),
    (own("expr: 总表.收入.总计 = 0\nlevel: fatal"), ("J-01 › level", "fatal")),
    (own("expr: 总表.收入.总计 = 0\ntolerance: 差不多"), ("J-01 › tolerance", "差不多")),
    (own("expr: 总表.收入.总计 = 0\nyears: [2020]"), ("J-01 › years",)),
    (own("expr: 0 = 0\nparts: [{expr: 0 = 0}]"), ("J-01",)),
    (own("parts: [{exp: 0 = 0}]"), ("J-01", "exp")),
    (own("level: error"), ("J-01", "缺少 expr 或 parts")),
    (own("check: structure"), ("J-01", "新规则要写 expr 或 parts")),
    ("rules:\n  J-01: {expr: 0 = 0}\n", ("J-01", "缺少 name")),
    ("rules:\n  T01-1: null\n", ("T01-1", "没有这条规则", "T01-1")),
    ("rules:\n  S-01: {name: 别的, check: cells}\n", ("S-01", "check")),
    ("rule: {}\n", ("不认识的项目 rule",)),
    ("rules: [a]\n", ("rules", "应为“键: 值”")),
    ("tables: {附表: 没有的表}\nrules: {}\n", ("tables 附表", "没有哪个版本有“没有的表”")),
    ("rules: [\n", ("不是合法的 YAML",)),
    ("rules:\n  J-01: null\n  J-01: null\n", ("第3行", "“J-01”在同一处写了两次")),
    ("", ("键: 值",)),
]


@pytest.mark.parametrize(("text", "said"), FORM)
def test_a_file_of_the_wrong_form_is_called_so(
    tmp_path: Path, text: str, said: tuple[str, ...]
) -> None:
    told = faults(written(tmp_path, text))
    assert "本局.yaml" in told
    for words in said:
        assert words in told


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    written(
        tmp_path, own("expr: 总标.收入.总计 = 0") + "  J-02: {name: 二, expr: 0 = }\n", "一.yaml"
    )
    written(tmp_path, "rules:\n  J-03: {name: 三, expr: 总表.收入.总记 = 0}\n", "二.yaml")
    said = ("一.yaml J-01 expr 第1列", "一.yaml J-02 expr 第4列", "二.yaml J-03 expr 第7列")
    answer = assert_refused(tmp_path, "rules", "check", "一.yaml", "二.yaml", said=said)
    assert len(answer.err.splitlines()) == len(said)
    assert_refused(tmp_path, "rules", "check", "没有.yaml", said=("没有.yaml", "没有这个文件"))


def test_own_rules_are_checked_in_every_edition(tmp_path: Path) -> None:
    path = written(tmp_path, own("expr: 国资.合计.年末结转和结余 >= 0"))
    assert "“国有资本经营预算财政拨款支出决算表”里没有“年末结转和结余”" in faults(path)
    answer = xltool("rules", "check", "本局.yaml", "-e", "2024-shanghai", folder=tmp_path)
    assert (answer.code, answer.err, answer.out.strip()) == (0, "", "规则没有问题：2024-shanghai")


def test_the_bundled_rules_have_no_fault(tmp_path: Path) -> None:
    answer = xltool("rules", "check", folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    for path in (RULES / "base.yaml", *RULES.parent.glob("*/rules.yaml")):
        assert schema_problems(read_yaml(path), SCHEMA, path.name) == []


def test_the_expressions_that_come_parsed_are_what_the_grammar_makes_of_them() -> None:
    kept = json.loads(trees.FILE.read_text(encoding="utf-8"))["trees"]
    assert len(kept) > 300
    for text in kept:
        assert trees.tree_of(text) == parse(text)


def test_rules_that_come_with_the_tool_are_not_parsed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    anew: set[str] = set()
    monkeypatch.setattr(trees, "parse", lambda text: anew.add(text) or parse(text))
    clear_all()
    for edition in all_editions():
        load_rules(edition)
    assert not anew, "python tasks.py trees"
    clear_all()
    monkeypatch.setattr(trees, "_grammar", lambda: "another grammar")
    load_rules(find_edition(NATIONAL))
    assert len(anew) > 100


# ── a bureau's own rules ──

LOW = own("level: warning\nexpr: 总表.收入.其他收入 <= 10% * 总表.收入.总计\ntolerance: exact")


def test_an_own_rule_is_evaluated_like_the_others(tmp_path: Path) -> None:
    done = validated(tmp_path, LOW)
    (finding,) = [f for f in done.findings if f.rule == "J-01"]
    assert (finding.level, finding.outcome) == ("warning", "不符")
    assert finding.cells == (
        ("公开01 收入支出决算总表", "C14"),
        ("公开01 收入支出决算总表", "C37"),
    )
    assert str(finding.difference) == "0.8"
    assert done.ledger.lines["J-01"].outcome == "不符"
    assert validated(tmp_path, LOW.replace("10%", "20%")).ledger.lines["J-01"].outcome == "通过"


def test_an_own_rule_works_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "决算.xlsx").write_bytes(book())
    written(tmp_path, LOW)
    answer = xltool(
        "validate", "决算.xlsx", "--rules", "本局.yaml", "--format", "json", folder=tmp_path
    )
    found = [f for f in json.loads(answer.out)["findings"] if f["rule"] == "J-01"]
    assert answer.code == 1 and [f["outcome"] for f in found] == ["不符"]
    answer = xltool("rules", "list", "--rules", "本局.yaml", folder=tmp_path)
    assert answer.out.splitlines()[-1] == "J-01\t需核实\t本局规则"
    answer = xltool("rules", "show", "J-01", "--rules", "本局.yaml", folder=tmp_path)
    assert "单元格：“公开01 收入支出决算总表”C14、C37" in answer.out
    written(tmp_path, own("expr: 总标.收入.总计 = 0"))
    answer = xltool("validate", "决算.xlsx", "--rules", "本局.yaml", folder=tmp_path)
    assert answer.code == 2 and "本局.yaml J-01 expr 第1列" in answer.err


def test_own_tables_and_sets_are_added(tmp_path: Path) -> None:
    text = """
tables: {第一张: 收入支出决算总表}
sets: {教育: ["205"]}
rules:
  J-01:
    name: 没有教育以外的支出
    each: {项: "names(第一张.支出, 一般公共服务支出, 抗疫特别国债安排的支出)"}
    if: not within(code($项), 教育)
    expr: blank(第一张.支出.$项)
"""
    assert validated(tmp_path, text).ledger.lines["J-01"].outcome == "通过"
    other = text.replace('"205"', '"206"')
    assert validated(tmp_path, other).ledger.lines["J-01"].outcome == "不符"


def test_an_own_file_changes_and_cancels_rules(tmp_path: Path) -> None:
    wrong = "expr: 总表.收入.总计 = 总表.支出.总计 + 1"
    done = validated(tmp_path, f"rules:\n  T01-05: {{{wrong}}}\n  SG-04: null\n")
    rule = done.context.rule("T01-05")
    assert (rule.name, rule.level) == ("收、支总计相等", "error")
    assert done.ledger.lines["T01-05"].outcome == "不符"
    assert "SG-04" not in done.ledger.lines


def test_an_own_file_changes_the_level_only(tmp_path: Path) -> None:
    done = validated(tmp_path, "rules:\n  T01-05: {level: warning, basis: 本局通知}\n")
    rule = done.context.rule("T01-05")
    assert (rule.level, rule.basis) == ("warning", "本局通知")
    assert done.ledger.lines["T01-05"].outcome == "通过"
    shared = load_rules(find_edition(NATIONAL)).rules["T01-05"]
    assert rule.parts == shared.parts


def test_the_last_of_several_files_holds(tmp_path: Path) -> None:
    done = validated(tmp_path, LOW, LOW.replace("10%", "20%"))
    assert done.ledger.lines["J-01"].outcome == "通过"
    assert done.context.rule("J-01").source.endswith("本局1.yaml")


def test_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    path = written(tmp_path, LOW)
    assert validate(book(), rules=(path,)).ledger.lines["J-01"].outcome == "不符"
    written(tmp_path, LOW.replace("10%", "20%"))
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1_000_000_000))
    assert validate(book(), rules=(path,)).ledger.lines["J-01"].outcome == "通过"


def test_own_rules_can_be_chosen_and_left_out(tmp_path: Path) -> None:
    rules = (written(tmp_path, LOW),)
    only = validate(book(), rules=rules, only=["J-01"])
    assert {f.rule for f in only.findings} == {"J-01"}
    skipped = validate(book(), rules=rules, skip=["J-01"])
    assert skipped.ledger.lines["J-01"].outcome == "未执行"


ONE, TWO = "支出表.明细[2050201]", "财拨总表.支出.科学技术支出"
SHOWN = [
    (f"sum({ONE}.项目支出, {ONE}.经营支出) = 3", "不符"),
    (
        f"sum({TWO}.一般公共预算财政拨款, 财拨总表.支出.卫生健康支出.一般公共预算财政拨款) = 3",
        "不符",
    ),
    (f"sum({TWO}.政府性基金预算财政拨款, {TWO}.国有资本经营预算财政拨款) = 3", "数据不足"),
    ("sum(基金.合计.本年收入, 基金.合计.本年支出) = 3", "不符"),
    ("sum(国资.合计.基本支出, 国资.合计.项目支出) = 3", "数据不足"),
]


@pytest.mark.parametrize(("expression", "outcome"), SHOWN)
def test_blank_addends_are_zero_only_where_the_form_shows_it(
    tmp_path: Path, expression: str, outcome: str
) -> None:
    """Where the column has figures in other rows, or the table says that it has no data."""
    rows = [
        {"科目编码": "2050201", "基本支出": 5},
        {"科目编码": "2050202", "基本支出": 4, "项目支出": 3},
    ]
    overview = {"支出": {"教育支出": {"一般公共预算财政拨款": 12}}}
    raw = {
        "版本": NATIONAL,
        "单位名称": "某单位",
        "年度": 2021,
        "金额单位": "万元",
        "无数据": ["政府性基金预算财政拨款收入支出决算表"],
        "表": {"支出决算表": {"明细": rows}, "财政拨款收入支出决算总表": overview},
    }
    (editor,) = filled_workbooks(*from_raw(raw))
    rules = written(tmp_path, own(f"expr: {json.dumps(expression, ensure_ascii=False)}"))
    assert validate(saved(editor), rules=rules).ledger.lines["J-01"].outcome == outcome


NEVER = [
    ("expr: 总表.收入.总计 = 0\nyears: [1990, 1999]", "只适用于1990—1999年"),
    ("expr: 总表.收入.总计 = 0\nyears: [2024, 2020]", "起止年度反了：2024、2020"),
    ("expr: 总表.收入.总计 = 0\nif: 总表.收入.总计 > 5 and 总表.收入.总计 <= 5", "不能同时成立"),
    ("expr: 总表.收入.总计 = 0\nif: 总表.收入.总计 = 5 and 3 > 总表.收入.总计", "不能同时成立"),
    ("expr: 总表.收入.总计 = 0\nif: filled(总表.收入.总计) and blank(总表.收入.总计)", "同时成立"),
    ("expr: 总表.收入.总计 = 0\nif: exists(基金)\nwhen: not exists(基金)", "不能同时成立"),
    ("expr: 总表.收入.总计 = 0\nif: 1 = 2", "“1 = 2”不成立"),
    ("expr: 总表.收入.总计 = 0\nif: 1 = 2 or 3 < 2", "不成立"),
    ('expr: 总表.收入.总计 = 0\nwhen: head(金额单位) = "亿元"', "金额单位只有元、万元"),
    ('expr: 总表.收入.总计 = 0\nwhen: head(单位性质) = "行政"', "没有“单位性质”这一项表头"),
    ('expr: 总表.收入.总计 = 0\nwhen: head(单位类型) = "甲" and head(单位类型) = "乙"', "同时成立"),
    ("parts: [{expr: 总表.收入.总计 = 0}, {expr: 0 = 0, if: 1 = 2}]", "第2式的前提永远不成立"),
]
EVER = [
    "expr: 总表.收入.总计 = 0\nyears: [2020, null]",
    "expr: 总表.收入.总计 = 0\nif: 总表.收入.总计 >= 5 and 总表.收入.总计 <= 5",
    "expr: 总表.收入.总计 = 0\nif: 总表.收入.总计 <> 5 and 总表.收入.总计 > 3 and 总表.支出.总计 < 3",
    "expr: 总表.收入.总计 = 0\nif: 1 = 2 or filled(总表.收入.总计)",
    'expr: 总表.收入.总计 = 0\nwhen: head(单位类型) <> "甲" and head(单位类型) <> "乙"',
    "expr: 总表.收入.总计 = 0\nif: filled(总表.收入.总计) and not blank(总表.收入.总计)",
]


@pytest.mark.parametrize(("body", "said"), NEVER)
def test_a_rule_that_can_never_apply_is_warned_of(
    tmp_path: Path, body: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(
        ["check", str(written(tmp_path, own(body))), "-e", NATIONAL], standalone_mode=False
    )
    out = capsys.readouterr().out
    assert "注意：J-01 永远用不上：" in out or "第2式" in out
    assert said in out and out.count("注意") == 1


@pytest.mark.parametrize("body", EVER)
def test_a_rule_that_may_apply_is_not_warned_of(
    tmp_path: Path, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(
        ["check", str(written(tmp_path, own(body))), "-e", NATIONAL], standalone_mode=False
    )
    assert "注意" not in capsys.readouterr().out


def test_a_rule_of_tables_that_the_editions_named_lack_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, own("expr: 整体自评.预算情况.部门预算总额.实际执行数 > 0"))
    command.main(["check", str(path), "-e", "2024-shanghai"], standalone_mode=False)
    assert "J-01 永远用不上：2024-shanghai没有它要用的表" in capsys.readouterr().out
    command.main(["check", str(path)], standalone_mode=False)
    assert "注意" not in capsys.readouterr().out
