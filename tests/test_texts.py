"""Labels and amounts: what counts as the same, what is printed."""

from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.core.amounts import convert, decimals, money, plain, printed, trim
from xltool.core.moneyunits import unit_in_label
from xltool.core.texts import in_years, loose, norm, row_name
from xltool.mapping.headlines import format_line, match_line

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("科目 编码", "科目编码"),
        ("科目\n编码", "科目编码"),
        ("因公出国(境)费", "因公出国（境）费"),
        ("金额单位: 万元", "金额单位：万元"),
        ("”三公“经费", '"三公"经费'),
        ("总　　计", "总计"),
        ("部门：", "部门"),
    ],
)
def test_spaces_and_widths_do_not_matter(a: str, b: str) -> None:
    assert norm(a) == norm(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("二十六、抗疫特别国债安排的支出", "二十四、抗疫特别国债安排的支出"),
        ("使用非财政拨款结余（含专用结余）", "使用非财政拨款结余"),
        ("其中：当年财政拨款", "当年财政拨款"),
        ("（1）财政性资金", "财政性资金"),
    ],
)
def test_ordinals_and_remarks_do_not_matter_to_loose(a: str, b: str) -> None:
    assert norm(a) != norm(b)
    assert loose(a) == loose(b)


def test_different_labels_stay_different() -> None:
    assert loose("（境）") == "(境)"
    assert loose("支出决算表") != loose("收入决算表")
    assert row_name("二十一、国有资本经营预算支出") == "国有资本经营预算支出"


@given(AMOUNTS)
def test_units_convert_there_and_back_exactly(value: Decimal) -> None:
    there = convert(value, "元", "万元")
    assert there * 10000 == value
    assert convert(there, "万元", "元") == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_trim_and_plain_keep_the_number(value: Decimal) -> None:
    value = round(value, 8)
    assert trim(value) == value
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)


def test_printing() -> None:
    assert printed(Decimal("28.215")) == Decimal("28.22")
    assert printed(Decimal("-0.005")) == Decimal("-0.01")
    assert money(Decimal("1234567.5")) == "1,234,567.50"
    assert money(Decimal("28.2195")) == "28.2195"
    assert money(None) == "（空）"
    assert decimals(Decimal("28.20")) == 1


@pytest.mark.parametrize(
    ("pattern", "text", "heads"),
    [
        ("部门：{单位名称}|编制单位：{单位名称}", "部门： 某局", {"单位名称": "某局"}),
        (
            "部门：{单位名称}|编制单位：{单位名称}",
            "编制单位:某（市）局",
            {"单位名称": "某（市）局"},
        ),
        ("单位：{单位名称}", "单位：万元", None),
        ("单位：{单位名称}", "单位： 千元", None),
        ("单位：{单位名称}", "单位：人民币（元）", None),
        ("单位：{单位名称}", "单位：万元镇", {"单位名称": "万元镇"}),
        ("金额单位：{金额单位}", "金额单位: 万 元", {"金额单位": "万元"}),
        ("金额单位：{金额单位}", "金额单位：", None),
        ("金额单位：{金额单位}", "部门：某局　金额单位：千元", {"金额单位": "千元"}),
        ("部门：{单位名称}", "部门：某 局  单位：人民币元", {"单位名称": "某 局"}),
        ("部门：{单位名称}", "部门：某局 单位：第二小学", {"单位名称": "某局 单位：第二小学"}),
        ("金额单位：{金额单位}", "金额单位：见说明", {"金额单位": "见说明"}),
        ("单位：{金额单位}", "单位：千元", {"金额单位": "千元"}),
        ("单位：{金额单位}", "单位：某某局", None),
        ("金额单位：{金额单位}", " 金额单位：元 ", {"金额单位": "元"}),
        ("（{年度}年度）", "(2021 年度)", {"年度": "2021"}),
        ("{年度}年度", "20XX年度", None),
        (
            "{单位名称}{年度}年度部门决算表",
            "上海市2010局2024年度部门决算表",
            {"单位名称": "上海市2010局", "年度": "2024"},
        ),
    ],
)
def test_heads_are_read_from_lines(pattern: str, text: str, heads: dict[str, str] | None) -> None:
    assert match_line(pattern, text) == heads


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("元", "元"),
        ("万元", "万元"),
        ("人民币元", "元"),
        ("人民币万元", "万元"),
        ("人 民 币 万　元", "万元"),
        ("人民币（万元）", "万元"),
        ("（万元）", "万元"),
        (" （ 万 元 ） ", "万元"),
        ("元（列至角分）", "元"),
        ("万元（保留两位小数）", "万元"),
        ("￥元", "元"),
        ("RMB万元", "万元"),
        ("千元", None),
        ("百万元", None),
        ("十万元", None),
        ("亿元", None),
        ("人民币千元", None),
        ("千元（列至角分）", None),
        ("美元", None),
        ("万美元", None),
        ("元（万元）", None),
        ("亿（元）", None),
        ("万", None),
        ("人民币", None),
    ],
)
def test_money_units_are_understood_or_kept_as_written(words: str, unit: str | None) -> None:
    for pattern in ("金额单位：{金额单位}", "单位：{金额单位}"):
        heads = match_line(pattern, pattern.partition("{")[0] + words)
        assert heads == {"金额单位": unit or words.strip()}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("金额（千元）", "千元"),
        ("项目资金(人民币元)", "元"),
        ("金额（单位：万元）", "万元"),
        ("金额", None),
        ("因公出国（境）费", None),
    ],
)
def test_units_in_the_brackets_of_labels(text: str, unit: str | None) -> None:
    assert unit_in_label(text) == unit


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((2020, None), "2020年起"),
        ((None, 2019), "至2019年"),
        ((2020, 2022), "2020—2022年"),
        ((2020, 2020), "2020年"),
        ((None, None), "各年"),
    ],
)
def test_intervals_of_years_in_words(years: tuple[int | None, int | None], words: str) -> None:
    assert in_years(*years) == words


def test_a_text_that_is_no_head_is_passed_over_quickly() -> None:
    begun = perf_counter()
    for text in ("单位：" + " " * 30_000 + "x", "单位：" + "万 " * 249 + "x"):
        match_line("金额单位：{金额单位}|单位：{金额单位}", text)
        match_line("部门：{单位名称}|单位：{单位名称}", text)
    assert perf_counter() - begun < 1


def test_lines_are_written_in_their_first_wording() -> None:
    assert (
        format_line("部门：{单位名称}|编制单位：{单位名称}", {"单位名称": "某局"}) == "部门：某局"
    )
