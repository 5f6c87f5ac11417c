"""`xltool rules list` and `show`: every rule, in words, with the cells it reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.documents import make
from tests.support.editing import saved
from tests.support.terminal import assert_refused, xltool
from xltool.checks import validate
from xltool.cli.rules import command
from xltool.core.model import CODE, Report
from xltool.documents.load import from_raw
from xltool.editions import all_editions, find_edition
from xltool.filling import filled_workbooks
from xltool.forms.bound import bound_cells
from xltool.rules.load import load_rules
from xltool.rules.lookup import Lookup
from xltool.rules.model import LEVELS
from xltool.rules.touched import Touch, TouchedColumn, addresses, areas, touched
from xltool.rules.values import Leaf

EDITIONS = [edition.id for edition in all_editions() if not edition.recognise]


def answer(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What a command prints."""
    command.main(list(args), standalone_mode=False)
    return capsys.readouterr().out


def cells(shown: str) -> list[str]:
    """The lines of `rules show` that name cells."""
    return re.findall(r"单元格：(.*)", shown)


@pytest.mark.parametrize("edition", EDITIONS)
def test_list_has_a_line_for_every_rule(edition: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split("\t") for line in answer(capsys, "list", "-e", edition).splitlines()]
    rules = load_rules(find_edition(edition)).rules
    assert [line[0] for line in lines] == list(rules)
    for rule_id, level, text in lines:
        assert level == LEVELS[rules[rule_id].level]
        assert text.startswith(rules[rule_id].name)
        assert ("程序检查" in text) == (rules[rule_id].check is not None)


def test_show_tells_words_tolerance_and_cells(capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "show", "T01-01", "-e", "2021-national")
    assert "T01-01　本年收入合计等于各项收入之和" in shown
    assert "级别：必须相符" in shown and "适用年度：2020年起" in shown
    assert "收入支出决算总表·收入·一般公共预算财政拨款收入 至 其他收入 之和" in shown
    assert "容差：四舍五入的误差以内" in shown
    assert cells(shown) == ["“公开01 收入支出决算总表”C7:C14、C33"]


CELLS = [
    ("T04-05", "2021-national", ["“公开04 财政拨款收入支出决算总表”F7:I33"]),
    ("T04-05", "2024-shanghai", ["“财政拨款收入支出决算总表”D5:G29"]),
    ("T05-01", "2021-national", ["E7:G7", "E8:G17（清单各行）"]),
    ("T05-03", "2021-national", ["A8:A17（清单各行）"]),
    ("T06-01", "2023-national", ["C6:C32、F6:F33、I6:I33"] * 2),
    ("X-05", "2021-national", ["F7:F32", "E8:E17（清单各行）"]),
    ("X-20", "2021-national", ["D6:F9", "G25", "G6、G25、G13:G24（清单各行）"]),
    ("X-17", "2024-shanghai", ["本版本没有这张表"] * 3),
    ("P-01", "2021-national", ["上年的“公开01 收入支出决算总表”F35", "C35", "上年的", "C35:C37"]),
]


@pytest.mark.parametrize(("rule", "edition", "wanted"), CELLS)
def test_show_names_the_cells_of_each_expression(
    rule: str, edition: str, wanted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = cells(answer(capsys, "show", rule, "-e", edition))
    for line, text in zip(lines, wanted, strict=False):
        assert text in line
    assert len(lines) >= len(wanted)


def test_show_of_a_check_made_by_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "show", "ALL-03")
    assert "由程序逐格检查（structure）" in shown
    assert not cells(shown)


def test_show_puts_conditions_into_words(capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "show", "X-18", "-e", "2021-national")
    assert "已填 或 " in shown and "已填） 且 支出决算表" in shown
    shown = answer(capsys, "show", "X-19", "-e", "2021-national")
    assert "·“三公经费”控制率·实际完成值" in shown
    shown = answer(capsys, "show", "T01-07", "-e", "2021-national")
    assert "只适用于：单位类型 = “行政单位”" in shown
    shown = answer(capsys, "show", "P-02", "-e", "2021-national")
    assert "上年·收入支出决算总表·收入·总计" in shown


def test_an_unknown_rule_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    assert_refused(tmp_path, "rules", "show", "T01-0", said=("T01-0", "没有这条规则", "T01-0"))
    assert_refused(tmp_path, "rules", "list", "-e", "2021", said=("没有“2021”这个版本",))


def test_rules_are_shown_from_any_folder(tmp_path: Path) -> None:
    shown = xltool("rules", "show", "SG-01", folder=tmp_path, encoding="gbk")
    assert (shown.code, shown.err) == (0, "")
    assert "“公开09 财政拨款“三公”经费支出决算表”" in shown.out


@pytest.mark.parametrize("edition", EDITIONS)
def test_shown_cells_are_cells_of_the_form(edition: str) -> None:
    found = find_edition(edition)
    for rule_id, instances in load_rules(found).instances.items():
        refs: list[str] = []
        for _, table, what in touched(instances):
            mapping = found.tables[table]
            bound = {ref for ref, _ in bound_cells(mapping)}
            own = addresses(mapping, what)
            # the codes of a fixed list are printed, not bound
            assert set(own) <= bound or (isinstance(what, TouchedColumn) and what.column == CODE), (
                what
            )
            refs += own
        assert bool(refs) == bool(instances), rule_id


@pytest.mark.parametrize("edition", ["2021-national", "2023-national", "2024-shanghai"])
def test_validation_reads_no_cell_that_is_not_shown(edition: str) -> None:
    report, found = from_raw(make(7, edition, details=12, unit="万元", printed=True))
    prior = Lookup(report, found.specs, prior=True)
    rules = load_rules(found)
    shown = {id_: set(touched(instances)) for id_, instances in rules.instances.items()}
    seen = 0
    for editor in filled_workbooks(report, found, totals="given"):
        context = validate(saved(editor), found, prior=prior).context
        for result in context.results:
            for side in filter(None, (result.left, result.right)):
                for leaf in side.leaves:
                    own = report if leaf.prior else context.report
                    assert _names(leaf, own) & shown[result.rule.id], (result.rule.id, leaf)
                    seen += 1
    assert seen > 300


def _names(leaf: Leaf, report: Report) -> set[Touch]:
    """A cell as `touched` may name it: in a list by its column, or by its code too."""
    match leaf.place:
        case (table, instance, str(name), int(position), column):
            row = report.tables[table][instance].lists[name][position]
            kinds = (
                TouchedColumn(name, column),
                TouchedColumn(name, column, str(row.get(CODE, ""))),
            )
            return {Touch(leaf.prior, table, kind) for kind in kinds}
        case (table, _, path):
            return {Touch(leaf.prior, table, path)}


def test_areas_join_neighbours() -> None:
    assert areas(["C9", "C7", "C8", "C33"]) == ["C7:C9", "C33"]
    assert areas(["C7", "D7", "E7", "C8", "D8", "F7"]) == ["C7:D8", "E7:F7"]
    assert areas(["B2", "AA2"]) == ["B2", "AA2"]
    assert areas([]) == []
