"""自评表 as further provinces print them: titles with the project's name, points in heads, rates in one row alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.recognition.test_recognition import Rows, book, read
from tests.support.filling import UNIT
from xltool.checks import validate
from xltool.core.problems import InputError
from xltool.mapping.recognition.titles import read_title
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary

PROJECT: Rows = [
    ["2022年度人居环境整治项目自评表"],
    [f"单位名称：{UNIT}"],
    ["项目名称", "人居环境整治"],
    ["主管部门", "某县财政局", "项目实施单位", UNIT],
    ["预算执行情况（万元）（20分）", None, "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分*执行率）"],
    [None, "年度财政资金总额", 200, 198, 0.99, 19.8],
    ["年度绩效目标（80分）", "一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"],
    [None, "产出指标", "数量指标", "清运垃圾", "3000吨", "3100吨", 80],
    ["总分", None, None, None, None, None, 99.8],
]  # fmt: skip
WHOLE: Rows = [
    ["2022年度某镇部门整体绩效自评表"],
    ["部门名称", UNIT],
    ["预算执行情况（万元）（20分）", None, "预算数（A）", "执行数（B）", "执行率（B/A）"],
    [None, "部门整体支出总额", 1250, 1200, 0.96],
    [None, "基本支出", 800, 800],
    [None, "项目支出", 450, 400],
    [
        "年度绩效指标",
        "一级指标",
        "二级指标",
        "三级指标",
        "年初目标值（A）",
        "实际完成值（B）",
        "得分",
    ],
    [None, "产出指标", "数量指标", "保障人数", "60人", "60人", 80],
    ["总分", None, None, None, None, None, 99.2],
]


def test_a_card_that_is_called_by_its_project() -> None:
    report = read(自评=PROJECT).report
    (table,) = report.tables["项目支出绩效自评表"]
    assert (report.unit_name, report.year, report.unit) == (UNIT, 2022, "万元")
    assert table.fields["项目资金", "年度资金总额", "全年执行数"] == 198
    assert table.fields["项目资金", "年度资金总额", "得分"] == Decimal("19.8")
    assert table.lists["绩效指标"][0]["实际完成值"] == "3100吨"
    assert table.fields["总分", "得分"] == Decimal("99.8")


def test_rates_that_only_the_sum_has_are_not_missing_elsewhere() -> None:
    done = validate(book(自评=WHOLE))
    (table,) = done.reading.report.tables["部门整体绩效自评表"]
    assert table.fields["预算情况", "部门预算总额", "实际执行数"] == 1200
    assert table.fields["总分",] == Decimal("99.2")
    assert not [f for f in done.findings if f.rule == "X-18" and f.outcome == "不符"]
    wrong = [[*row[:4], 0.9] if row[1:2] == ["基本支出"] else row for row in WHOLE]
    assert [f for f in validate(book(自评=wrong)).findings if f.rule == "X-18" and f.failed]


def test_a_card_of_transfers_is_named() -> None:
    with pytest.raises(InputError, match="专项转移支付绩效目标自评表"):
        read(自评=[["中央对地方专项转移支付绩效目标自评表"], *PROJECT[2:]])


@pytest.mark.parametrize(
    "text",
    [
        "注：各项目的情况见项目支出绩效自评表",
        "详见项目支出绩效自评表",
        "说明：本表与项目支出绩效自评表",
        "部门整体和项目支出绩效自评表",
        "人居环境整治、道路养护项目自评表",
    ],
)
def test_a_sentence_that_speaks_of_a_card_is_no_title(text: str) -> None:
    assert read_title(text, vocabulary()) is None
    assert read_title("2022年度人居环境整治项目自评表", vocabulary()) is not None
