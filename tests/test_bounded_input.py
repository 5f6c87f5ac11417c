"""Small files that stand for more than can be worked with: refused in Chinese, and soon."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.terminal import xltool
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.core.yamlfaults import Unfolded, YAMLError
from xltool.core.yamlfile import load_yaml
from xltool.editions import find_edition
from xltool.rules.load import load_rules

NATIONAL = "2021-national"


def bomb(layers: int = 9) -> str:
    """Nine times nine times … the same text."""
    lines = ['a0: &a0 ["x"]']
    for n in range(1, layers + 1):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]")
    return "\n".join(lines)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (bomb(), "展开"),
        ("a: &a [*a]", "自己"),
        ("a: &a {b: *a}", "自己"),
        ("[" * 900, "层次|括号|.*"),
        ("? [1, 2]\n: 3", "不能用"),
        (f"a: {'9' * 5000}", ""),
    ],
    ids=["aliases", "itself", "itself in a mapping", "nested", "list as key", "long number"],
)
def test_yaml_is_bounded(text: str, said: str, exact: bool) -> None:
    try:
        load_yaml(text, exact=exact)
    except Unfolded as error:
        assert any(word in str(error) for word in said.split("|"))
    except YAMLError:
        pass  # refused by the parser itself; any other exception is a fault


def test_aliases_as_people_use_them() -> None:
    text = "".join(f"k{n}: *a\n" for n in range(50))
    assert load_yaml(f"a: &a {{x: 1, y: [2, 3]}}\n{text}")["k49"] == {"x": 1, "y": [2, 3]}


def rules(folder: Path, text: str) -> str:
    """What is said of a rule file."""
    file = folder / "规则.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load_rules(find_edition(NATIONAL), (file,))
    return str(refusal.value)


def test_a_rule_file_of_aliases(tmp_path: Path) -> None:
    assert "展开" in rules(tmp_path, bomb() + '\nrules: {ZZ: {name: *a9, expr: "1=1"}}')


def test_a_rule_for_every_pair_of_pairs(tmp_path: Path) -> None:
    each = ", ".join(f'{name}: "names(总表.收入)"' for name in "abcdef")
    said = rules(tmp_path, f'rules: {{ZZ: {{name: x, each: {{{each}}}, expr: "1=1"}}}}')
    assert "规则.yaml ZZ each" in said and "10,000" in said
    rows = ", ".join(f'{name}: "rows(支出表.明细)"' for name in "abcd")
    said = rules(tmp_path, f'rules: {{ZZ: {{name: x, each: {{{rows}}}, expr: "1=1"}}}}')
    assert "3 层" in said


def test_rows_with_rows_with_rows_are_not_audited_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so they are no 通过."""
    monkeypatch.setattr("xltool.rules.evaluate._MOST", 50)
    each = ", ".join(f'{name}: "rows(支出表.明细)"' for name in "ab")
    file = tmp_path / "规则.yaml"
    expr = "$a.本年支出合计 >= $b.本年支出合计 - 99999"
    file.write_text(
        f'rules: {{ZZ: {{name: x, each: {{{each}}}, expr: "{expr}"}}}}', encoding="utf-8"
    )
    from xltool.checks import validate

    book = Path(__file__).parents[1] / "samples" / "beiguan-2021.xlsx"
    line = validate(book, rules=(file,)).ledger.lines["ZZ"]
    assert line.outcome == "未执行"


@pytest.mark.parametrize("depth", [3000, 100_000])
def test_a_nested_expression(tmp_path: Path, depth: int) -> None:
    expr = "(" * depth + "1" + ")" * depth + " = 1"
    (tmp_path / "规则.yaml").write_text(
        f'rules: {{ZZ: {{name: x, expr: "{expr}"}}}}', encoding="utf-8"
    )
    sample = Path(__file__).parents[1] / "samples" / "beiguan-2021.xlsx"
    told = xltool("validate", sample, "--rules", "规则.yaml", folder=tmp_path)
    assert told.code == 2 and told.err.startswith("错误：")
    assert "程序出错" not in told.err


@pytest.mark.parametrize(
    ("expr", "said"),
    [
        (f"总表.收入.总计 = {'9' * 6000}", "数太长"),
        ("总表.收入.总计" + " * 99999999999" * 400 + " = 0", ""),
        ("总表.收入.总计 / 0.00000000000001 / 0.00000000000001 = 0", ""),
        ("round(总表.收入.总计, 99999999) = 0", ""),
        ("round(总表.收入.总计, -400) = 1", ""),
    ],
    ids=["long number", "product", "quotient", "places", "places before the point"],
)
def test_numbers_that_no_workbook_holds(tmp_path: Path, expr: str, said: str) -> None:
    file = tmp_path / "规则.yaml"
    file.write_text(f"rules:\n  Z-1: {{name: 某条, expr: '{expr}'}}\n", encoding="utf-8")
    result = xltool(
        "validate", SAMPLES / "sgb-2024.xlsx", "--rules", file, "--only", "Z-1", folder=tmp_path
    )
    assert result.code == (2 if said else 1)
    assert said in result.err
    assert "Z-1" in result.out + result.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules:\n  Z-1: {name: 2024-01-01, expr: 总表.收入.总计 = 0, levell: 1}", "levell"),
        ("rules:\n  Z-1: {name: [2024-01-01, !!binary aGk=], expr: 总表.收入.总计 = 0}", "类型"),
        ("rules:\n  ~: {name: 某条, expr: 总表.收入.总计 = 0}", "冒号前面空着"),
    ],
)
def test_dates_and_keys_that_are_no_text(tmp_path: Path, text: str, said: str) -> None:
    assert said in rules(tmp_path, text)
