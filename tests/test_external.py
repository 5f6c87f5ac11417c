"""Tables of the bureau's own beside the workbook: `外部.批复数.年初预算` in rules, and lists of 单位类型."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.support.alone import ALONE
from tests.support.terminal import assert_refused
from tests.support.terminal import xltool as run
from xltool.checks import Validation
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.keyedtable import UncertainUnit, load_keyed_table
from xltool.livechecks import checks_content
from xltool.reading import examine

BOOK = SAMPLES / "sgb-2024.xlsx"
HEAD = "单位：万元\n单位编码,单位名称,科目编码,年初预算,编制人数（人）,类别\n"
RULES = """
rules:
  BJ-02:
    name: 支出与批复数一致
    expr: 总表.支出.本年支出合计 = 外部.批复数.年初预算
"""


@pytest.fixture(scope="module")
def spent() -> str:
    (table,) = xltool.load(SAMPLES / "sgb-2024.json")[0].tables["收入支出决算总表"]
    return str(table.fields["支出", "本年支出合计"])


@pytest.fixture(scope="module")
def unit() -> str:
    return xltool.load(SAMPLES / "sgb-2024.json")[0].unit_name


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def own(folder: Path, expr: str, more: str = "") -> Path:
    text = f"rules:\n  BJ-02:\n    name: 本局规则\n    expr: {expr}\n{more}"
    return written(folder, "本局.yaml", text)


def checked(folder: Path, table: str, expr: str = "", more: str = "", **given: str) -> Validation:
    rules = own(folder, expr or "总表.支出.本年支出合计 = 外部.批复数.年初预算", more)
    external = written(folder, "批复数.csv", table)
    return xltool.validate(BOOK, rules=rules, external=external, **given)  # type: ignore[arg-type]


def outcome(validation: Validation) -> tuple[str, str]:
    line = validation.ledger.lines["BJ-02"]
    return line.outcome, line.reason


def test_a_figure_of_the_bureau_passes_and_fails(tmp_path: Path, unit: str, spent: str) -> None:
    head = "单位：万元\n单位名称,年初预算\n"
    assert outcome(checked(tmp_path, f"{head}{unit},{spent}\n"))[0] == "通过"
    wrong = checked(tmp_path, f"{head}{unit},{spent}9\n别的局,1\n")
    assert outcome(wrong)[0] in ("不符", "尾差")
    wrong = checked(tmp_path, f"{head}{unit},1\n")
    (finding,) = [f for f in wrong.findings if f.rule == "BJ-02"]
    assert finding.outcome == "不符" and "外部·批复数·年初预算 1.00" in finding.message
    assert finding.cells and all(sheet for sheet, _ in finding.cells)


def test_what_the_table_does_not_say_is_missing_and_never_zero(
    tmp_path: Path, unit: str, spent: str
) -> None:
    head = "单位：万元\n单位名称,年初预算\n"
    for rows, said in (
        ("别的局,1\n", f"外部表“批复数”里没有“{unit}”"),
        (f"{unit},\n", "批复数.csv B3 空着"),
    ):
        validation = checked(tmp_path, head + rows)
        assert outcome(validation) == ("数据不足", said)
        assert any(said in f.message for f in validation.findings if f.rule == "BJ-02")
    lone = xltool.validate(BOOK, rules=own(tmp_path, "总表.收入.总计 = 外部.批复数.年初预算"))
    assert outcome(lone) == ("未执行", "没有给外部表“批复数”")


def test_rows_are_found_by_unit_and_subject(tmp_path: Path, unit: str) -> None:
    rows = f"1,{unit},,5,3,参公\n1,{unit},2010301,6,,\n2,别的局,,7,,\n"
    for expr, wanted in (
        ("外部.批复数.年初预算 = 5", "通过"),
        ("外部.批复数[2010301].年初预算 = 6", "通过"),
        ("外部.批复数[2010302].年初预算 = 6", "数据不足"),
        ("外部.批复数.编制人数 = 3", "通过"),
        ("abs(总表.支出.本年支出合计 - 外部.批复数.年初预算) <= 0.01", "不符"),
    ):
        assert outcome(checked(tmp_path, HEAD + rows, expr))[0] == wanted, expr
    told = checked(
        tmp_path, HEAD + rows, "外部.批复数.年初预算 = 6", '    when: 外部.批复数.类别 = "参公"\n'
    )
    assert outcome(told)[0] == "不符"
    told = checked(
        tmp_path, HEAD + rows, "外部.批复数.年初预算 = 6", '    when: 外部.批复数.类别 = "企业"\n'
    )
    assert outcome(told)[0] == "不适用"
    told = checked(
        tmp_path,
        HEAD + rows,
        "外部.批复数[2010302].年初预算 = 6",
        "    if: filled(外部.批复数[2010302].年初预算)\n",
    )
    assert outcome(told)[0] == "不适用"


def test_a_growth_over_the_bureaus_figure_is_not_called_last_years(
    tmp_path: Path, unit: str
) -> None:
    expr = "abs(总表.支出.本年支出合计 - 外部.批复数.年初预算) <= 外部.批复数.年初预算 * 0.1"
    validation = checked(tmp_path, f"单位：万元\n单位名称,年初预算\n{unit},1\n", expr)
    (finding,) = [f for f in validation.findings if f.rule == "BJ-02"]
    assert "上年" not in finding.message and "外部·批复数·年初预算" in finding.message


def test_the_money_unit_is_told_and_never_guessed(tmp_path: Path, unit: str, spent: str) -> None:
    yuan = str(int(float(spent) * 10000))
    assert outcome(checked(tmp_path, f"单位名称,年初预算（元）\n{unit},{yuan}\n"))[0] == "通过"
    bare = f"单位名称,年初预算\n{unit},{yuan}\n"
    assert outcome(checked(tmp_path, bare, external_unit="元"))[0] == "通过"
    assert outcome(checked(tmp_path, bare, external_unit="万元"))[0] == "不符"
    with pytest.raises(InputError, match="没有写明“年初预算”的金额单位"):
        checked(tmp_path, bare)


def test_all_that_is_wrong_with_the_tables_is_told_at_once(tmp_path: Path) -> None:
    written(tmp_path, "本局.yaml", RULES + "  BJ-03: {name: 甲, expr: 外部.编制.人数 = 1}\n")
    written(
        tmp_path, "批复数.csv", "单位：万元\n单位名称,年初预算\n甲局,五十\n乙局,1\n乙局,2\n,3\n"
    )
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["2024年编制表"], ["单位编码", "单位名称", "编制"], ["001", "甲局", 1]):
        sheet.append(row)
    book.save(tmp_path / "编制.xlsx")
    written(tmp_path, "多余.csv", "单位名称,数（个）\n甲局,1\n")
    (tmp_path / "坏.xlsx").write_bytes(b"x")
    (tmp_path / "甲.xlsx").write_bytes(BOOK.read_bytes())
    given = ["--rules", "本局.yaml"]
    for name in ("批复数.csv", "编制.xlsx", "多余.csv", "坏.xlsx"):
        given += ["--external", name]
    said = ("批复数.csv 第5行", "“乙局”与第4行重复", "第6行", "没有写是哪个单位", "坏.xlsx")
    for command in (["validate", "甲.xlsx"], ["review", "甲.xlsx", "-o", "审核"]):
        assert_refused(tmp_path, *command, *given, said=said)
    written(tmp_path, "批复数.csv", "单位：万元\n单位名称,年初预算\n甲局,五十\n乙局,=1\n")
    said = ("批复数.csv B3", "“五十”", "批复数.csv B4", "没有规则要用的“人数”一栏", "“多余”")
    for command in (
        ["validate", "甲.xlsx"],
        ["convert", "甲.xlsx", "-o", "输出", "--to", "csv", "--validate"],
    ):
        assert_refused(tmp_path, *command, *given[:-2], said=said)


def test_review_and_convert_take_external_tables(tmp_path: Path, unit: str, spent: str) -> None:
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / "甲.xlsx").write_bytes(BOOK.read_bytes())
    written(tmp_path, "本局.yaml", RULES)
    written(tmp_path, "批复数.csv", f"单位：万元\n单位名称,年初预算\n{unit},1\n")
    book = openpyxl.Workbook()
    for row in ("单位：万元",), ("单位名称", "年初预算"), (unit, 1):
        book.active.append(row)
    book.save(tmp_path / "报送" / "批复数.xlsx")  # beside the books, and none of them
    given = ("--rules", "本局.yaml", "--external", "报送/批复数.xlsx", "--jobs", "1")
    answer = run("review", "报送", "-o", "审核", *given, folder=tmp_path)
    assert answer.code == 1 and "BJ-02（1 份）" in answer.out, answer.err
    assert "共 1 份工作簿" in answer.out
    answer = run(
        "convert", "报送", "-o", "库.duckdb", "--validate", *given, *ALONE, folder=tmp_path
    )
    assert answer.code == 1, answer.err
    tables = xltool.frames(
        tmp_path / "报送",
        validate=True,
        rules=tmp_path / "本局.yaml",
        external=tmp_path / "报送" / "批复数.xlsx",
    )
    failed = tables["findings"][lambda f: f["结论"] == "不符"]
    assert "BJ-02" in set(failed["规则"])


def test_units_are_told_apart_by_their_codes(tmp_path: Path) -> None:
    rows = "单位编码,单位名称,数（个）\n001,中心小学,1\n002,中心小学,2\n003,,3\n,实验小学,4\n"
    table = load_keyed_table(written(tmp_path, "表.csv", rows))
    for code, name, wanted in (("001", "改了名", [2]), ("003", "", [4]), ("9", "实验小学", [5])):
        assert [row.number for row in table.rows_of(code, name)] == wanted
    for code in ("", "9"):
        with pytest.raises(UncertainUnit, match="001、002"):
            table.rows_of(code, "中心小学")
    assert table.rows_of("", "别的") == ()


def test_rule_files_with_external_columns_are_explained_and_checked(tmp_path: Path) -> None:
    written(tmp_path, "本局.yaml", RULES)
    assert run("rules", "check", "本局.yaml", folder=tmp_path).code == 0
    shown = run("rules", "show", "BJ-02", "--rules", "本局.yaml", folder=tmp_path)
    assert "收入支出决算总表·支出·本年支出合计 = 外部·批复数·年初预算" in shown.out
    own(tmp_path, "外部.批复数 = 1")
    assert_refused(tmp_path, "rules", "check", "本局.yaml", said=("外部.表.栏目", "第1列"))
    own(tmp_path, "percent(外部.批复数.年初预算) = 1")
    assert_refused(tmp_path, "rules", "check", "本局.yaml", said=("不写 percent()",))


def test_a_live_checks_sheet_says_that_it_has_no_external_tables(tmp_path: Path) -> None:
    for more in ("", '    when: 外部.批复数.类别 = "参公"\n'):
        rules = own(tmp_path, "总表.收入.总计 = 外部.批复数.年初预算", more)
        content = checks_content(examine(BOOK), rules=(rules,))
        at = next(ref for ref, value in content.constants.items() if value == "BJ-02")
        found = (content.constants[f"D{at[1:]}"], content.constants[f"J{at[1:]}"])
        assert found == ("没有给外部表“批复数”", "未执行")


def test_the_kind_of_unit_comes_from_a_list(tmp_path: Path, unit: str) -> None:
    (tmp_path / "甲.xlsx").write_bytes(BOOK.read_bytes())
    rules = own(tmp_path, "总表.收入.总计 = 0", '    when: head(单位类型) = "参公单位"\n')
    listed = written(
        tmp_path, "清单.csv", f"编码,名称,单位类型\n1,{unit},参公单位\n2,乙局,行政单位\n"
    )
    assert outcome(xltool.validate(BOOK, rules=rules, unit_type=str(listed)))[0] == "不符"
    written(tmp_path, "清单.csv", f"编码,名称,单位类型\n1,{unit},行政单位\n")
    answer = run(
        "review",
        "甲.xlsx",
        "-o",
        "审核",
        "--rules",
        "本局.yaml",
        "--unit-type",
        "清单.csv",
        *ALONE,
        folder=tmp_path,
    )
    assert answer.code == 0, answer.out + answer.err
    written(tmp_path, "清单.csv", f"编码,名称,单位类型\n1,{unit},参公单位\n")
    listed_units = ("--rules", "本局.yaml", "--units", "清单.csv")
    answer = run("review", "甲.xlsx", "-o", "二", *listed_units, *ALONE, folder=tmp_path)
    assert "BJ-02（1 份）" in answer.out, answer.err
    written(tmp_path, "清单.csv", "编码,名称,单位类型\n2,乙局,行政单位\n")
    validation = xltool.validate(BOOK, rules=rules, unit_type=str(listed))
    assert f"“{unit}”不在单位清单里" in str(validation.notes[0])
    written(tmp_path, "清单.csv", "编码,名称\n2,乙局\n")
    assert_refused(
        tmp_path,
        "review",
        "甲.xlsx",
        "-o",
        "又",
        "--unit-type",
        "清单.csv",
        said=("没有“单位类型”一栏",),
    )
