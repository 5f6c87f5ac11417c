"""Ordinary sheets that need no question, and traps beside them that are asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_import import GIVEN, figures, problems, run
from tests.test_import_shapes import FIRST, PENSION, SECOND, SPENT, Rows, book

HEAD = ["科目编码", "科目名称", "基本支出", "项目支出"]
ORDINARY: dict[str, Rows] = {
    "数后面写着元": [
        HEAD,
        [FIRST, "行政运行", "5,000.00元", None],
        [SECOND, "一般行政管理事务", None, "700 元"],
        [PENSION, "养老保险缴费", "300元", None],
    ],
    "透视表": [
        ["行标签", "求和项:基本支出", "求和项:项目支出"],
        [FIRST, 5000, None],
        [SECOND, None, 700],
        [PENSION, 300, None],
        ["总计", 5300, 700],
    ],
    "一列是各栏之和": [
        ["科目编码", "本年支出", "基本支出", "项目支出"],
        [FIRST, 5000, 5000, None],
        [SECOND, 700, None, 700],
        [PENSION, 300, 300, None],
        ["合计", 6000, 5300, 700],
    ],
    "会计科目编码": [
        ["会计科目编码", "会计科目名称", "功能分类编码", "借方发生额", "贷方发生额"],
        ["7201", "行政支出/基本支出", FIRST, 5000, 0],
        ["7202", "行政支出/项目支出", SECOND, 700, 0],
        ["7201", "行政支出/基本支出", PENSION, 300, 0],
        ["合计", None, None, 6000, 0],
    ],
    "财务会计的科目在旁": [
        ["科目编码", "科目名称", "功能分类", "借方", "贷方"],
        ["5001", "业务活动费用/基本支出", FIRST, 5100, 0],
        ["7201", "行政支出/基本支出", FIRST, 5000, 0],
        ["7202", "行政支出/项目支出", SECOND, 700, 0],
        ["7201", "行政支出/基本支出", PENSION, 300, 0],
        ["8201", "非财政拨款结转/基本支出结转", FIRST, 5000, 5300],
        ["合计", None, None, 16100, 5300],
    ],
    "元和万元各一列": [
        ["科目编码", "基本支出（元）", "基本支出（万元）", "项目支出（元）", "项目支出（万元）"],
        [FIRST, 5000, 0.5, None, None],
        [SECOND, None, None, 700, 0.07],
        [PENSION, 300, 0.03, None, None],
    ],
    "各季度，没有全年": [
        ["科目编码", "类型", "一季度", "二季度", "三季度", "四季度"],
        [FIRST, "基本", 1000, 1000, 1000, 2000],
        [SECOND, "项目", None, 200, 200, 300],
        [PENSION, "基本", 75, 75, 75, 75],
    ],
    "名称三级都有": [
        ["科目", "基本支出", "项目支出"],
        ["一般公共服务支出", 5000, 700],
        ["政府办公厅（室）及相关机构事务", 5000, 700],
        ["行政运行", 5000, None],
        ["一般行政管理事务", None, 700],
        ["社会保障和就业支出", 300, None],
        ["行政事业单位养老支出", 300, None],
        ["机关事业单位基本养老保险缴费支出", 300, None],
    ],
    "执行进度在旁": [
        ["科目编码", "支出性质", "本期发生额", "执行进度"],
        [FIRST, "基本支出", 5000, 0.98],
        [SECOND, "项目支出", 700, 0.7],
        [PENSION, "基本支出", 300, 1],
    ],
    "明细账的会计科目": [
        ["日期", "凭证号", "会计科目", "功能分类", "借方金额", "贷方金额"],
        ["2024-12-05", "记-1", "7201 行政支出/基本支出", f"{FIRST} 行政运行", 5000, None],
        ["2024-12-06", "记-2", "7202 行政支出/项目支出", f"{SECOND} 管理事务", 700, None],
        ["2024-12-07", "记-3", "7201 行政支出/基本支出", f"{PENSION} 养老保险", 300, None],
    ],
}


@pytest.mark.parametrize("name", ORDINARY)
def test_read_without_a_question(tmp_path: Path, name: str) -> None:
    assert figures(run(book(tmp_path / "表.xlsx", {"表": ORDINARY[name]}))) == SPENT


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_semicolons_between_the_values(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "表.csv"
    lines = f"科目编码;基本支出（元）;项目支出\n{FIRST};5,000.00;\n{SECOND};;700\n{PENSION};300;—\n"
    path.write_text(lines, encoding=encoding)
    assert figures(run(path)) == SPENT


def test_semicolons_within_the_values_of_a_file_with_commas(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    lines = f"{FIRST},5000,,甲;乙;丙;丁;戊\n{SECOND},,700,己;庚;辛;壬\n{PENSION},300,,\n"
    path.write_text("科目编码,基本支出,项目支出,备注\n" + lines, encoding="utf-8")
    assert figures(run(path)) == SPENT


TRAPS: dict[str, tuple[Rows, str]] = {
    "列名里有单位的是金额": (
        [["单位编码", "科目编码", "基本支出", "单位自筹支出"], ["101001", FIRST, 500, 20]],
        "不认识列名“单位自筹支出”，这一列有数",
    ),
    "退款写在标志一列": (
        [
            ["科目编码", "支出性质", "金额", "退款标志"],
            [FIRST, "基本支出", 500, "否"],
            [FIRST, "基本支出", 20, "是"],
        ],
        "“退款标志”一列写着否、是，哪些行算，看不出来",
    ),
    "只有财务会计的费用": (
        [
            ["科目编码", "科目名称", "功能分类", "借方", "贷方"],
            ["5001", "业务活动费用/基本支出", FIRST, 5100, 0],
        ],
        "“业务活动费用”是财务会计的科目",
    ),
    "数后面是另一个单位": (
        [HEAD, [FIRST, "行政运行", "5万元", None]],
        "“5万元”写着“万元”，这里的金额单位是元",
    ),
    "本年支出不是各栏之和": (
        [["科目编码", "本年支出", "基本支出", "项目支出"], [FIRST, 90, 50, 20]],
        "合计90不等于这一行各栏之和70",
    ),
    "透视表的计数": (
        [["行标签", "求和项:基本支出", "计数项:项目支出"], [FIRST, 5000, 3]],
        "不认识列名“计数项:项目支出”",
    ),
    "全是负数": (
        [HEAD, [FIRST, "行政运行", -5, None], [PENSION, "养老保险缴费", -3, None]],
        "“基本支出”全是负数，像是正负号反了",
    ),
    "元和万元两列不是一个数": (
        [["科目编码", "基本支出（元）", "基本支出（万元）"], [FIRST, 5000, 0.6]],
        "“基本支出（万元）”与 表.xlsx 表!B1 像是同一栏（留下一列，另一列不要（回答 B=不要 或 C=不要））",
    ),
    "收回以前年度的": (
        [HEAD, [FIRST, "行政运行", 5, None], [FIRST, "收回以前年度支出", -1, None]],
        "名称里写着“收回以前年度”，这一行的数算进去了",
    ),
    "摘要里收回上年的": (
        [["科目编码", "摘要", "基本支出"], [FIRST, "工资", 5], [FIRST, "退回上年多付", -1]],
        "写着“退回上年”，这一行的数算进去了",
    ),
    "小计不是它那一组各栏之和": (
        [
            ["科目编码", "本年收入", "本年支出", None, None],
            [None, None, "小计", "基本支出", "项目支出"],
            [FIRST, 9, 8, 5, 2],
        ],
        "合计8不等于这一行各栏之和7",
    ),
    "中间一行说下面是一个月的": (
        [HEAD, [FIRST, "行政运行", 5, None], ["2024年8月补充"], [SECOND, "事务", None, 7]],
        "“2024年8月补充”一行说的是下面哪些行，看不出来",
    ),
    "余额表的合计少了": (
        [
            ["会计科目编码", "会计科目名称", "功能分类编码", "借方发生额", "贷方发生额"],
            ["7201", "行政支出/基本支出", FIRST, 5000, 0],
            ["7202", "行政支出/项目支出", SECOND, 700, 0],
            ["合计", None, None, 6000, 0],
        ],
        "合计6000不等于各行之和5700",
    ),
}


@pytest.mark.parametrize("name", TRAPS)
def test_what_is_not_certain_is_asked(tmp_path: Path, name: str) -> None:
    rows, said = TRAPS[name]
    assert said in problems(book(tmp_path / "表.xlsx", {"表": rows}))


def test_negative_figures_count_where_a_person_says_what_the_column_is(tmp_path: Path) -> None:
    rows: Rows = [HEAD, [FIRST, "行政运行", -5, None], [PENSION, "养老保险缴费", -3, None]]
    mapping = tmp_path / "映射.yaml"
    mapping.write_text("列: {基本支出: [支出表, 基本支出]}\n", encoding="utf-8")
    path = book(tmp_path / "表.xlsx", {"表": rows})
    told = run(path, mapping=mapping, given=GIVEN)
    assert figures(told)[f"支出决算表 {FIRST}·基本支出"] == -5


BASIC = [["某局2024年一般公共预算财政拨款基本支出"]]
BOTH = ["功能科目编码", "经济科目编码", "金额"]
OUTLINES: dict[str, Rows] = {
    "经济分类的类也各有一行": [
        BOTH,
        *([FIRST, *row] for row in (["301", 90], ["30101", 60], ["30102", 30], ["302", 5])),
        [FIRST, "30201", 5],
        [PENSION, "30108", 20],
    ],
    "功能分类先有一行合计": [
        BOTH,
        *([FIRST, *row] for row in ([None, 95], ["30101", 60], ["30102", 30], ["30201", 5])),
        [PENSION, "30108", 20],
    ],
    "编码一列，经济分类列在功能分类下面": [
        ["科目编码", "金额"],
        *([FIRST, 95], ["301", 90], ["30101", 60], ["30102", 30], ["302", 5], ["30201", 5]),
        *([PENSION, 20], ["301", 20], ["30108", 20]),
        ["合计", 115],
    ],
}


@pytest.mark.parametrize("name", OUTLINES)
def test_both_classifications_count_once(tmp_path: Path, name: str) -> None:
    table, basic = "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算表"
    assert figures(run(book(tmp_path / "表.xlsx", {"表": [*BASIC, *OUTLINES[name]]}))) == {
        f"{table} {FIRST}·基本支出": 95,
        f"{table} {PENSION}·基本支出": 20,
        **{f"{basic} {c}·金额": n for c, n in {"30101": 60, "30102": 30, "30201": 5}.items()},
        f"{basic} 30108·金额": 20,
    }


UNCLEAR: dict[str, tuple[Rows, str]] = {
    "类不是款之和": (
        [BOTH, [FIRST, "301", 91], [FIRST, "30101", 60], [FIRST, "30102", 30]],
        f"{FIRST}/301 是91，下级之和是90",
    ),
    "没有经济分类的一行像合计": (
        [BOTH, [FIRST, None, 91], [FIRST, "30101", 60], [FIRST, "30102", 30]],
        f"{FIRST} 这一行没有经济分类，有经济分类的各行之和是90：91是不是它们的合计，看不出来",
    ),
    "功能分类只写在第一行": (
        [BOTH, [FIRST, "30101", 60], [None, "30102", 30]],
        "这一行有数，没有功能分类",
    ),
    "表下的注说只有一部分": (
        [BOTH, [FIRST, "30101", 60], ["注：不含下属单位的支出"]],
        "“注:不含下属单位的支出”像是说这些数只有一部分",
    ),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_both_classifications_that_do_not_agree(tmp_path: Path, name: str) -> None:
    rows, said = UNCLEAR[name]
    assert said in problems(book(tmp_path / "表.xlsx", {"表": [*BASIC, *rows]}))


def test_a_note_is_answered_with_a_word(tmp_path: Path) -> None:
    rows: Rows = [HEAD, [FIRST, "行政运行", 5, None], ["注：不含食堂"]]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    told = run(path, given={**GIVEN, "口径": "全年决算"})
    assert figures(told) == {f"支出决算表 {FIRST}·基本支出": 5}


def test_what_was_lent_last_year_is_spent_when_it_is_accounted_for(tmp_path: Path) -> None:
    rows: Rows = [["科目编码", "摘要", "基本支出"], [FIRST, "核销去年出差借款", 5]]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows})))
    assert found == {f"支出决算表 {FIRST}·基本支出": 5}


@pytest.mark.parametrize("note", ["注：未包括食堂专户", "备注：上表没有计入代管的", "注：仅为本级"])
def test_notes_of_what_is_left_out_in_other_words(tmp_path: Path, note: str) -> None:
    rows: Rows = [HEAD, [FIRST, "行政运行", 5, None], [note]]
    assert "像是说这些数只有一部分" in problems(book(tmp_path / "表.xlsx", {"表": rows}))


def test_the_table_of_a_fund_with_what_is_carried(tmp_path: Path) -> None:
    rows: Rows = [
        ["某局2024年政府性基金收支"],
        ["科目编码", "年初结转", "本年收入", "本年支出", None, None, "年末结转"],
        [None, None, None, "小计", "基本支出", "项目支出", None],
        ["2120803", 10, 70, 75, None, 75, 5],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows}, "D2:F2")))
    table = "政府性基金预算财政拨款收入支出决算表 2120803·"
    columns = {"年初结转和结余": 10, "本年收入": 70, "项目支出": 75, "年末结转和结余": 5}
    assert found == {table + column: number for column, number in columns.items()}


def test_income_of_each_fund_by_the_name_of_the_fund(tmp_path: Path) -> None:
    funds = ("一般公共预算", "政府性基金预算", "国有资本经营预算")
    rows: Rows = [["收入", "金额"], *([f"{fund}财政拨款", n] for n, fund in enumerate(funds, 1))]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        f"收入支出决算总表 收入·{fund}财政拨款收入": n for n, fund in enumerate(funds, 1)
    }


def test_balances_by_both_levels_of_the_economic_codes(tmp_path: Path) -> None:
    head = ["科目编码", "科目名称", "功能分类", "部门经济分类", "借方发生额", "贷方发生额"]
    spent = ["72010101", "财政拨款支出/基本支出", FIRST]
    rows: Rows = [head, [*spent, "301", 90, 0], [*spent, "30101", 60, 0], [*spent, "30102", 30, 0]]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows})))
    assert found[f"支出决算表 {FIRST}·基本支出"] == 90
    rows[1][4] = 91
    assert "301 是91，下级之和是90" in problems(book(tmp_path / "错.xlsx", {"表": rows}))


def test_fiscal_money_beside_other_money_is_of_the_fund_of_its_code(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "资金来源", "基本支出", "项目支出"],
        [FIRST, "财政拨款", 50, None],
        [SECOND, "财政拨款", None, 7],
        [SECOND, "其他资金", None, 4],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出": 50,
        f"一般公共预算财政拨款支出决算表 {SECOND}·项目支出": 7,
        f"支出决算表 {FIRST}·基本支出": 50,
        f"支出决算表 {SECOND}·项目支出": 11,
    }


def test_a_flag_is_answered_with_a_word(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"表": TRAPS["退款写在标志一列"][0]})
    assert "都算的，回答 D=不要" in problems(path)
    mapping = tmp_path / "映射.yaml"
    mapping.write_text("不要: [退款标志]\n", encoding="utf-8")
    assert figures(run(path, mapping=mapping)) == {f"支出决算表 {FIRST}·基本支出": 520}


def test_of_two_columns_only_the_one_that_is_no_sum_is_asked_about(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "本年收入", "本年支出", "基本支出", "项目支出"],
        [FIRST, 40, 50, 50, None],
        [SECOND, 6, 7, None, 7],
    ]
    said = problems(book(tmp_path / "表.xlsx", {"表": rows}))
    assert "不知道“本年收入”填到哪里" in said
    assert "“本年支出”" not in said


def test_the_name_of_a_fund_over_columns_is_no_budget(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "一般公共预算", None, "政府性基金预算", None],
        [None, "基本支出", "项目支出", "基本支出", "项目支出"],
        [FIRST, 50, None, None, None],
        ["2120801", None, None, None, 30],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows}, "B1:C1", "D1:E1")))
    assert found["政府性基金预算财政拨款收入支出决算表 2120801·项目支出"] == 30


def test_what_earlier_years_got_back_is_not_to_be_taken_away(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "支出性质", "金额", "备注"],
        [FIRST, "项目支出", 50, None],
        [FIRST, "项目支出", -8, "收回以前年度多付工程款"],
    ]
    said = problems(book(tmp_path / "表.xlsx", {"表": rows}))
    assert "写着“收回以前年度”" in said and "改成负数" not in said
