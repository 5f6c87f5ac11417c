"""The rules that go with an edition of one's own: which official ones fall away, what its formulas say beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from xltool.checks import validate
from xltool.core.model import Report, Row, Table
from xltool.core.resources import TEMPLATES
from xltool.editions import find_edition
from xltool.filling import fill
from xltool.forms.init import answer, keep, make_edition
from xltool.forms.ownrules import NAME
from xltool.reading import examine
from xltool.rules.load import load_rules

Places = dict[str, dict[tuple[str, ...], str]]

BASE = "一般公共预算财政拨款支出决算表"
GONE = {
    "部门整体绩效自评表",
    "政府性基金预算财政拨款收入支出决算表",
    "财政拨款“三公”经费支出决算表",
}


def form(path: Path, formulas: Mapping[tuple[str, str], str]) -> Path:
    """The Shanghai form without two of its tables, with further formulas."""
    book = openpyxl.load_workbook(TEMPLATES / "2024-shanghai" / "部门决算公开表.xlsx")
    for name in GONE & set(book.sheetnames):
        del book[name]
    for (sheet, ref), formula in formulas.items():
        book[sheet][ref] = formula
    book.save(path)
    return path


@pytest.fixture(scope="module")
def places() -> Places:
    edition = find_edition("2024-shanghai")
    reading = examine(edition.workbooks[0].template, edition)
    return {t.mapping.table: dict(t.located.fields) for t in reading.found_tables}


def test_what_a_form_has_no_table_for_is_listed_and_nothing_else(tmp_path: Path) -> None:
    made = make_edition(form(tmp_path / "表样.xlsx", {}), "本局")
    keep(made.files, tmp_path / "本局")
    text = (tmp_path / "本局" / NAME).read_text(encoding="utf-8")
    assert "#   表样没有《财政拨款“三公”经费支出决算表》：SG-01、SG-02、SG-03、SG-04、SG-05" in text
    assert "rules:   # 自己的规则写在下面" in text and not made.rules.identities
    whole = {rule.id for rule in made.rules.fallen if not rule.extent}
    assert {"FUND-01", "SG-01", "X-14", "X-20"} <= whole
    told = {rule.id: rule.reason for rule in made.rules.fallen}
    assert not told.keys() & {"T01-01", "T03-02", "X-01", "X-02"}, told
    assert told["X-05"] == "表样没有《收入支出决算总表》的“支出·债务还本支出”、“支出·债务付息支出”"
    # and so they end: those that fall away are never judged, the others have all that they need
    edition = find_edition(tmp_path / "本局")
    table = Table(
        lists={"明细": [{"科目编码": "2010301", "基本支出": Decimal(5), "项目支出": Decimal(1)}]}
    )
    given = Report(edition.id, "某县财政局", 2024, "万元", tables={"支出决算表": [table]})
    fill(given, edition, tmp_path / "报表.xlsx")
    lines = validate(examine(tmp_path / "报表.xlsx", edition)).ledger.lines
    assert {lines[id_].outcome for id_ in whole} <= {"不适用", "数据不足", "未执行"}
    wanting = {id_ for id_, line in lines.items() if "没有这张表" in line.reason}
    assert wanting and wanting <= whole


def test_what_formulas_say_beyond_the_official_rules_is_suggested(
    tmp_path: Path, places: Places
) -> None:
    spent, public = places["支出决算表"], places[BASE]
    here = spent["合计", "基本支出"]
    formula = (
        f"ROUND({BASE}!{public['合计', '基本支出']}-(0-{BASE}!{public['合计', '项目支出']}),2)"
    )
    said = {("支出决算表", here): f"={formula}"}
    # an official one in other words, and one that looks something up
    parts = [ref for path, ref in spent.items() if path[0] == "合计"]
    said["支出决算表", spent["合计", "本年支出合计"]] = f"={'+'.join(reversed(parts[1:]))}"
    said[BASE, public["合计", "项目支出"]] = "=IF(1>0,2,3)"
    made = make_edition(form(tmp_path / "表样.xlsx", said), "本局")
    found, *more = made.rules.identities
    assert not more
    assert (found.sheet, found.ref, found.formula) == ("支出决算表", here, formula)
    assert found.expr == (
        "支出表.合计.基本支出 = round(一般公共.合计.基本支出 - (0 - 一般公共.合计.项目支出), 2)"
    )
    keep(made.files, tmp_path / "本局")
    edition = find_edition(tmp_path / "本局")
    table = Table({("合计", "基本支出"): Decimal(5)})
    given = Report(edition.id, "某县财政局", 2024, "万元", tables={"支出决算表": [table]})
    fill(given, edition, tmp_path / "报表.xlsx", totals="given")
    book = openpyxl.load_workbook(tmp_path / "报表.xlsx")
    book[BASE][public["合计", "基本支出"]] = 4
    book.save(tmp_path / "报表.xlsx")
    (finding,) = (
        f for f in validate(examine(tmp_path / "报表.xlsx", edition)).findings if f.rule == "BY-01"
    )
    assert finding.level == "info" and finding.outcome == "不符"


def test_rules_that_somebody_changed_stay_and_others_follow_the_form(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("收入决算表", "支出结算表"):
        sheet = book.create_sheet(title)
        for row in [
            [title],
            ["编制单位：", None, "2024年度", None, "金额单位：元"],
            ["科目编码", "科目名称", *(["本年支出合计", "基本支出", "项目支出"] if "支" in title else
             ["本年收入合计", "财政拨款收入", "其他收入"])],
            ["合计"],
            [],
            ["注：本表反映收支情况。"],
        ]:  # fmt: skip
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "表样.xlsx")
    first = make_edition(tmp_path / "表样.xlsx", "本局")
    (asked,) = first.open
    keep(first.files, tmp_path / "本局")
    rules = tmp_path / "本局" / NAME
    written = rules.read_text(encoding="utf-8")
    rules.write_text("rules: {X-15: null}\n", encoding="utf-8")
    answer(tmp_path / "本局", {})
    assert rules.read_text(encoding="utf-8") == "rules: {X-15: null}\n"
    rules.write_text(written, encoding="utf-8", newline="\n")
    made = answer(tmp_path / "本局", {asked.id: "支出决算表"})
    assert "表样没有《支出决算表》：" in written
    assert "等6处：T03-01（不平时只报数据不足）" in made.files[NAME].decode()
    assert (
        "表样没有《支出决算表》："
        not in made.files[NAME].decode()
        == rules.read_text(encoding="utf-8")
    )


def test_rows_of_lists_and_cards_are_meant_one_by_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    listed, cards = book.active, book.create_sheet("自评")
    for row in [
        ["一般公共预算财政拨款项目支出决算表"],
        ["编制单位：", None, "2024年度", None, "金额单位：元"],
        ["科目编码", "科目名称", "合计", "工资福利支出", "商品和服务支出"],
        ["合计"],
        [None, None, "=D5+E5*1"],
        ["注：本表反映项目支出情况。"],
    ]:
        listed.append(row)
    for row in [
        ["项目支出绩效自评表（2024年度）"],
        ["项目名称", None, None, "实施单位"],
        ["项目资金（元）", None, "全年预算数", "全年执行数", "执行率"],
        [None, "年度资金总额", None, None, "=D4/C4"],
        [None, "其他资金"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"],
        [None, None, None, None, None],
        ["总分"],
    ]:
        cards.append(row)
    book.save(tmp_path / "表样.xlsx")
    made = make_edition(tmp_path / "表样.xlsx", "本局")
    whole = "$表.项目资金.年度资金总额"
    assert [(i.expr, dict(i.each), i.divisor) for i in made.rules.identities] == [
        ("$行.合计 = $行.工资福利支出 + $行.商品和服务支出 * 1", {"行": "rows(项目表.明细)"}, ""),
        (
            f"{whole}.执行率 = {whole}.全年执行数 / {whole}.全年预算数",
            {"表": "tables(项目自评)"},
            f"{whole}.全年预算数",
        ),
    ]
    keep(made.files, tmp_path / "本局")
    assert load_rules(find_edition(tmp_path / "本局")).instances["BY-02"]


def test_a_quotient_that_an_official_rule_has_is_not_suggested(tmp_path: Path) -> None:
    edition = find_edition("henan-zp")
    template = edition.workbooks[0].template
    located = examine(template, edition).found_tables[0].located
    whole = {
        name: located.fields["预算情况", "部门预算总额", name]
        for name in ("执行率", "实际执行数", "全年预算数")
    }
    book = openpyxl.load_workbook(template)
    sheet = book[located.sheet.name]
    sheet[whole["执行率"]] = f"={whole['实际执行数']}/{whole['全年预算数']}"
    book.save(tmp_path / "表样.xlsx")
    made = make_edition(tmp_path / "表样.xlsx", "本区")
    assert made.rules.identities == ()


def listed(path: Path) -> Path:
    """Lists with totals: of a table without codes, and of one whose rules know some of its columns."""
    book = openpyxl.Workbook()
    projects, funds = book.active, book.create_sheet("收支")
    for row in [
        ["一般公共预算财政拨款项目支出决算表"],
        ["编制单位：", None, "2024年度", None, "金额单位：元"],
        ["科目编码", "科目名称", "合计", "工资福利支出", "商品和服务支出", "本地专项"],
        ["合计", None, '=IF(COUNT(C6:C7)=0,"",SUM(C6:C7))', "=SUM(D6:D7)", "=SUM(E6)"],
        ["栏次", None, 1, 2, 3, 4],
        [None, None, "=SUM(D6:F6)"],
        [None, None, '=IF(A7="甲","",D7)'],
        ["注：本表反映项目支出情况。"],
    ]:
        projects.append(row)
    for row in [
        ["一般公共预算财政拨款收入支出决算表"],
        ["编制单位：", None, "2024年度", None, "金额单位：元"],
        ["科目编码", "科目名称", "年初结转和结余", None, "本年收入", "本年支出", "基本支出"],
        [None, None, "合计", "基本支出结转"],
        ["合计", None, *(f'=SUMIF(A6:A7,"???",{c}6:{c}7)' for c in "CDEFG")],
        [],
        [],
        ["注：本表反映收支情况。"],
    ]:  # fmt: skip
        funds.append(row)
    for merge in ("C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4", "G3:G4"):
        funds.merge_cells(merge)
    book.save(path)
    return path


def test_totals_down_a_list_are_suggested_and_judged(tmp_path: Path) -> None:
    made = make_edition(listed(tmp_path / "表样.xlsx"), "本局")
    sums = [(i.ref, i.expr) for i in made.rules.identities]
    assert sums == [
        ("C4", "项目表.合计.合计 = sum(rows(项目表.明细).合计)"),
        ("D4", "项目表.合计.工资福利支出 = sum(rows(项目表.明细).工资福利支出)"),
        (
            "D5",
            "一般公共收支.合计.年初基本支出结转 = sum(rows(一般公共收支.明细, 类).年初基本支出结转)",
        ),
    ]
    text = made.files[NAME].decode("utf-8")
    assert "- expr: 项目表.合计.$栏 = sum(rows(项目表.明细).$栏)" in text
    assert "each: {栏: [合计, 工资福利支出]}" in text
    keep(made.files, tmp_path / "本局")
    edition = find_edition(tmp_path / "本局")
    rows: list[Row] = [
        {"科目编码": code, "合计": Decimal(n), "工资福利支出": Decimal(n)}
        for n, code in enumerate(("2013701", "2080505", "2101101"), 1)
    ]
    table = Table(
        {("合计", "合计"): Decimal(6), ("合计", "工资福利支出"): Decimal(6)}, {"明细": rows}
    )
    given = Report(
        edition.id, "某县财政局", 2024, "元", tables={"一般公共预算财政拨款项目支出决算表": [table]}
    )
    for total, outcomes in ((6, []), (7, ["不符"])):
        table.fields["合计", "工资福利支出"] = Decimal(total)
        fill(given, edition, tmp_path / f"{total}.xlsx", totals="given")
        found = validate(examine(tmp_path / f"{total}.xlsx", edition)).findings
        assert [f.outcome for f in found if f.rule == "BY-01"] == outcomes


def test_formulas_that_are_no_rules_are_listed_with_the_reason(tmp_path: Path) -> None:
    made = make_edition(listed(tmp_path / "表样.xlsx"), "本局")
    told = [(each.ref, each.reason) for each in made.rules.unsaid]
    assert told == [("E4", "E6 是清单的一部分"), ("C6", "F6 没有绑定")]
    assert "C6 的公式 SUM(D6:F6)：F6 没有绑定" in made.files[NAME].decode("utf-8")
