"""What commands read besides workbooks, spoilt: always a reason in Chinese, never a fault of the program."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.hostile.fuzzing import fuzzed
from tests.hostile.inputs import KINDS, trial
from tests.reporting.books import SGB, filled
from tests.support.terminal import assert_refused, contents_of, xltool
from xltool.checks.explanations import load_explanations
from xltool.core.codes import CodeList
from xltool.core.csvfile import csv_rows
from xltool.core.problems import InputError
from xltool.core.resources import MAPPINGS, SAMPLES, TEMPLATES
from xltool.editions import find_edition


def test_every_spoilt_input_is_worked_with_or_refused_with_a_reason() -> None:
    results = fuzzed("--what", "others", count=75, seconds=400)
    assert {r["how"].partition(":")[0] for r in results} == set(KINDS)


def test_a_trial_is_always_the_same() -> None:
    for what in KINDS:
        assert [trial(what, 1, n) for n in range(4)] == [trial(what, 1, n) for n in range(4)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("说明.json", '{"findings": [7]}', "findings 第1项"),
        ("说明.json", '{"findings": {"explanation": "x"}}', "findings 第1项"),
        ("说明.json", '{"findings": [{"explanation": ["x"], "rule": "A", "where": "B"}]}', "第1项"),
        (
            "说明.json",
            '{"findings": [{"explanation": "x", "rule": "A", "where": "B", "left": 3}]}',
            "第1项",
        ),
        ("说明.json", "[" * 100_000, "层次太深"),
        ("说明.json", '{"findings": [', "不是合法的 JSON"),
        ("说明.json", b"\xff\xfe{", "不是 UTF-8"),
        ("说明.csv", "规则,位置,左方,右方,说明\nA,B,1,2," + "x" * 200_000, "少了一个引号"),
        ("说明.csv", b"\x80\xff\xff", "既不是 UTF-8 也不是 GBK"),
    ],
)
def test_explanations_that_are_none(
    tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=said):
        load_explanations(file)


def test_explanations_keep_their_figures(tmp_path: Path) -> None:
    """Zeros at the end of an amount are part of what was explained; lines within a cell are one cell."""
    (tmp_path / "a.json").write_text(
        '{"findings": [{"explanation": "x", "rule": "A", "where": "B", "left": {"value": 1.10}}]}',
        encoding="utf-8",
    )
    assert load_explanations(tmp_path / "a.json")[0].left == "1.10"
    text = '规则,位置,左方,右方,说明\nA,B,1,2,"第一行\n第二行"\n'
    (tmp_path / "a.csv").write_bytes(text.encode("gb18030"))
    assert load_explanations(tmp_path / "a.csv")[0].text == "第一行\n第二行"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("comma", [",", "\t"])
def test_a_csv_is_read_however_it_was_saved(tmp_path: Path, encoding: str, comma: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(f"科目编码{comma}金额\r\n201{comma}1.5\r\n".encode(encoding))
    assert list(csv_rows(file)) == [(1, ["科目编码", "金额"]), (2, ["201", "1.5"])]


HEAD = "科目编码,科目名称,起始年度,截止年度,存疑\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "缺少列：科目编码"),
        (HEAD, "没有科目"),
        (HEAD.replace("存疑", "x") + "201,a,,,\n", "缺少列：存疑"),
        (HEAD + "201,a,两千,,\n", "第2行：科目编码、年度应是数字"),
        (HEAD + f"{'9' * 40},a,,,\n", "第2行"),
        (HEAD + "x,a,,,\n", "第2行"),
    ],
)
def test_a_list_of_codes_that_is_none(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "f.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        CodeList.load(tmp_path / "f.csv")


def edition(folder: Path, text: str, **files: str) -> str:
    """What is said of an edition folder."""
    folder.mkdir(exist_ok=True)
    (folder / "edition.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        find_edition(folder)
    return str(refusal.value)


GOOD = """\
edition: 本市
name: 本市
years: [2024, 2025]
codes: {functional: functional.csv, economic: economic.csv}
workbooks: {表: {template: 表.xlsx, tables: [收入支出决算总表]}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("years: [2024, 2025]", "years: 2024", "years：2024 的类型不对"),
        ("years: [2024, 2025]", "years: [2024, [2025]]", "years › 1"),
        ("tables: [收入支出决算总表]", "tables: 7", "tables：7 的类型不对"),
        ("template: 表.xlsx, ", "", "缺少 template"),
        ("template: 表.xlsx", "template: true", "template：true 的类型不对"),
        ("template: 表.xlsx", "template: ../../x.xlsx", "template"),
        ("functional.csv", "../x.csv", "functional"),
        ("workbooks:", "workbook:", "不认识的项目 workbook"),
        ("name: 本市\n", "name: 本市\nextends: 没有\n", "extends 所指的版本“没有”不存在"),
        ("name: 本市\n", "name: 本市\nextends: 版\n", "又回到自己"),
        ("name: 本市\n", "name: 本市\nextends: [1]\n", "不存在"),
        ("[收入支出决算总表]", "[没有的表]", "没有映射文件“没有的表.yaml”"),
    ],
)
def test_an_edition_that_is_none(tmp_path: Path, old: str, new: str, said: str) -> None:
    told = edition(tmp_path / "版", GOOD.replace(old, new))
    assert said in told and "edition.yaml" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("shape: list", "shape: x", "shape"),
        ("shape: list", "", "缺少 shape"),
        ("codes: functional", "codes: 没有", "没有“没有”这个科目表"),
        ("first: ", "first: [1] #", "first"),
        ("title:", "titel:", "缺少 title"),
    ],
)
def test_a_mapping_that_is_none(tmp_path: Path, old: str, new: str, said: str) -> None:
    source = (MAPPINGS / "2021-national" / "支出决算表.yaml").read_text(encoding="utf-8")
    assert old in source
    text = GOOD.replace("收入支出决算总表", "支出决算表")
    told = edition(tmp_path / "版", text, 支出决算表=source.replace(old, new, 1))
    assert said in told and "支出决算表.yaml" in told
    assert "Error" not in told


def test_mappings_that_extend_each_other(tmp_path: Path) -> None:
    text = GOOD.replace("收入支出决算总表", "支出决算表")
    assert "又回到自己" in edition(tmp_path / "版", text, 支出决算表="extends: 版/支出决算表\n")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("rules: {ZZ: {name: x}}", "ZZ"),
        ("rules: {ZZ: {name: x, expr: [1]}}", "expr"),
        ("rules: [1]", "rules"),
        ("rules: {ZZ: {name: x, expr: '1 ='}}", "ZZ"),
    ],
)
def test_rules_of_an_own_edition_that_are_none(tmp_path: Path, rules: str, said: str) -> None:
    own = tmp_path / "本市"
    shutil.copytree(MAPPINGS / "2024-shanghai", own)
    shutil.copy(TEMPLATES / "2024-shanghai" / "部门决算公开表.xlsx", own)
    (own / "rules.yaml").write_text(rules, encoding="utf-8")
    (tmp_path / "簿.xlsx").write_bytes(filled(SGB))
    for command in (("validate", "簿.xlsx"), ("rules", "list")):
        assert_refused(tmp_path, *command, "-e", "本市", said=("rules.yaml", said))


def test_what_was_filled_stays_where_it_cannot_be_checked(tmp_path: Path) -> None:
    """The rules name a 类 that the edition's own list of codes lacks: that is told, and the workbook stands."""
    own = tmp_path / "本市"
    shutil.copytree(MAPPINGS / "2024-shanghai", own)
    shutil.copy(TEMPLATES / "2024-shanghai" / "部门决算公开表.xlsx", own)
    codes = (MAPPINGS / "codes" / "functional.csv").read_text(encoding="utf-8").splitlines(True)
    kept = [line for line in codes if not line.startswith(("234", "233"))]
    (own / "functional.csv").write_text("".join(kept), encoding="utf-8")
    (tmp_path / "数据.json").write_bytes((SAMPLES / f"{SGB}.json").read_bytes())
    fill = ("fill", "数据.json", "-e", "本市", "-o", "出.xlsx", "--totals", "given")
    answer = xltool(*fill, folder=tmp_path)
    assert (answer.code, answer.out) == (0, "已填报：出.xlsx\n")
    assert "没有校验：" in answer.err and "抗疫特别国债" in answer.err
    assert xltool(*fill, "--check", "--force", folder=tmp_path).code == 1


def test_a_damaged_form_is_named(tmp_path: Path) -> None:
    """Whatever command meets it, and however far it has come by then."""
    blank = (TEMPLATES / "2024-shanghai" / "部门决算公开表.xlsx").read_bytes()
    (tmp_path / "数据.json").write_bytes((SAMPLES / f"{SGB}.json").read_bytes())
    (tmp_path / "簿.xlsx").write_bytes(filled(SGB))
    (tmp_path / "坏.xlsx").write_bytes(blank[:-2000])
    fill = ("fill", "数据.json", "--template", "坏.xlsx", "-o", "出.xlsx")
    for command in (
        fill,
        ("mapping", "init", "坏.xlsx", "-o", "本市"),
        ("clean", "坏.xlsx", "-o", "净.xlsx"),
        ("validate", "簿.xlsx", "--prior", "坏.xlsx"),
        ("validate", "簿.xlsx", "--explanations", "坏.xlsx"),
    ):
        assert_refused(tmp_path, *command, said=("坏.xlsx",))
    assert set(contents_of(tmp_path)) == {"数据.json", "簿.xlsx", "坏.xlsx"}
