"""Exports of accounting packages and slips of titles and units: right or asked about, told in one line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.test_import import GIVEN, figures, given_without, problems, run
from tests.test_import_shapes import FIRST, PENSION, SECOND, Rows, book
from xltool.core.problems import InputError
from xltool.entry.importing.session import Session

NAMED = given_without("金额单位")
ITEMS: Rows = [
    ["2010301", "行政运行", "30101", "基本工资", 4000],
    ["2010301", "行政运行", "30201", "办公费", 1000],
]


def test_a_ledger_of_one_month_takes_the_columns_of_the_year(tmp_path: Path) -> None:
    """A book printed for December: 本期发生 is a month, 本年累计发生 the year."""
    rows: Rows = [
        ["辅助余额表"],
        ["期间：2024.12-2024.12"],
        [
            "科目编码",
            "科目名称",
            "功能分类",
            "部门经济分类",
            "本期发生",
            None,
            "本年累计发生",
            None,
        ],
        [None, None, None, None, "借方", "贷方", "借方", "贷方"],
        *(
            ["7101010101", "财政拨款支出/人员经费", code, eco, 10, 10, number, number]
            for code, _, eco, _, number in ITEMS
        ),
    ]
    path = book(tmp_path / "表.xlsx", {"余额": rows}, "E3:F3", "G3:H3")
    found = figures(run(path))
    assert found[f"支出决算表 {FIRST}·基本支出"] == 5000
    assert found["一般公共预算财政拨款基本支出决算表 30101·金额"] == 4000
    for row in rows[2:]:
        del row[6:]
    assert "像是十二月一个月的" in problems(book(tmp_path / "月.xlsx", {"余额": rows}))


def test_auxiliary_items_below_their_account(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "辅助核算", "本年借方", "本年贷方"],
        ["7101", "行政支出", None, 5000, 5000],
        ["710101", "财政拨款支出", None, 5000, 5000],
        ["71010101", "公用经费", None, 5000, 5000],
        *(
            [None, None, f"[功能分类]{code} {name}；[部门经济分类]{eco} {what}", number, number]
            for code, name, eco, what, number in ITEMS
        ),
        ["8001", "资金结存", None, 7000, 7000],
    ]
    read = run(book(tmp_path / "表.xlsx", {"余额": rows}))
    found = figures(read)
    assert found[f"支出决算表 {FIRST}·基本支出"] == 5000
    assert found["一般公共预算财政拨款基本支出决算表 30201·金额"] == 1000
    fates = {fate.row: (fate.fate, fate.why) for fate in read.collected.fates}
    assert fates[4] == ("小计", "71010101 的辅助核算在下面")
    assert fates[7] == ("没用", "资产、负债、结存、结余科目，不是收入、支出")
    assert any("没有写哪一种" in note for note in read.collected.notes)


def test_a_day_book_with_one_column_of_amounts_and_its_direction(tmp_path: Path) -> None:
    account = ["71010102", "财政拨款支出_基本支出", f"{FIRST} 行政运行", "30201 办公费"]
    rows: Rows = [
        ["月", "日", "凭证号", "摘要", "科目编号", "科目名称", "支出功能分类科目", "经济分类"],
        [1, 15, "记1", "办公", *account, "借", 250],
        [12, 6, "记30", "退回", *account, "贷", 50],
    ]
    rows[0] += ["方向", "金额"]
    path = book(tmp_path / "表.xlsx", {"账": rows})
    assert "50从借方里减去，对不对" in problems(path)
    found = figures(run(path, given={**GIVEN, "冲减": "减去"}))
    assert found[f"支出决算表 {FIRST}·基本支出"] == 200


def test_the_code_says_which_fund_a_fiscal_account_is_of(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "功能分类", "本年借方", "本年贷方"],
        ["7101", "行政支出/财政拨款支出/项目支出", "2120801 征地和拆迁补偿支出", 700, 700],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"余额": rows})))
    assert found == {
        "支出决算表 2120801·项目支出": 700,
        "政府性基金预算财政拨款收入支出决算表 2120801·项目支出": 700,
    }
    rows[1][1] = "行政支出/一般公共预算财政拨款支出/项目支出"
    said = problems(book(tmp_path / "二.xlsx", {"余额": rows}))
    assert "2120801 是基金的科目，读成了一般公共预算财政拨款的" in said


def test_fiscal_beside_spending_may_be_income_or_spending(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "支出合计", "其中：财政拨款", "基本支出", "项目支出"],
        [FIRST, 5000, 4000, 5000, None],
    ]
    assert "不认识列名“其中：财政拨款”" in problems(book(tmp_path / "表.xlsx", {"支出": rows}))


@pytest.mark.parametrize(
    ("unit", "other", "number"),
    [("万元", "元", 1234567.89), ("元", "万元", 123.46)],
)
def test_a_unit_out_of_all_proportion_is_asked_about(
    tmp_path: Path, unit: str, other: str, number: float
) -> None:
    rows: Rows = [
        [f"某局2024年支出（单位：{unit}）"],
        ["科目编码", "基本支出", "项目支出"],
        [FIRST, number, None],
    ]
    path = book(tmp_path / "表.xlsx", {"支出": rows})
    assert f"表里写的单位是{unit}" in problems(path, given=NAMED)
    assert f"像是{other}的" in problems(path, given=NAMED)
    confirmed = figures(run(path, given={**NAMED, "金额单位": unit}))
    assert confirmed[f"支出决算表 {FIRST}·基本支出"] == Decimal(str(number))


def test_parts_of_the_basic_spending_are_totals_of_their_codes(tmp_path: Path) -> None:
    rows: Rows = [
        ["某局2024年基本支出（单位：元）"],
        ["经济分类", "科目名称", "金额"],
        ["30101", "基本工资", 4000],
        ["30201", "办公费", 1000],
        ["30301", "离休费", 20],
        [None, "人员经费合计", 4020],
        [None, "公用经费合计", 1000],
        [None, "合计", 5020],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"基本": rows})))
    assert set(found.values()) == {4000, 1000, 20}
    rows[5][2] = 4021
    assert "合计4021不等于各行之和4020" in problems(book(tmp_path / "二.xlsx", {"基本": rows}))


def test_a_total_in_any_wording_is_known_by_its_sum(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "基本支出", "项目支出"],
        [FIRST, "行政运行", 5000, None],
        [SECOND, "一般行政管理事务", None, 700],
        [None, "全年累计支出", 5000, 700],
    ]
    assert len(figures(run(book(tmp_path / "表.xlsx", {"表": rows})))) == 2
    rows[3][2] = 5001
    assert "第4行：这一行有数，没有科目编码" in problems(book(tmp_path / "二.xlsx", {"表": rows}))


def test_codes_that_a_program_wrote_as_text_for_excel(tmp_path: Path) -> None:
    text = f'"科目编码","基本支出"\n"=""{FIRST}""","5,000.00"\n="{PENSION}",300\n'
    path = tmp_path / "表.csv"
    path.write_text(text, encoding="gbk", newline="")
    found = figures(run(path))
    assert found == {f"支出决算表 {FIRST}·基本支出": 5000, f"支出决算表 {PENSION}·基本支出": 300}


def test_last_years_table_is_named_as_such(tmp_path: Path) -> None:
    rows: Rows = [["某局2023年支出"], ["科目编码", "基本支出", "项目支出"], [FIRST, 5000, None]]
    assert "表是2023年的，要的是2024年的" in problems(book(tmp_path / "表.xlsx", {"支出": rows}))


def test_rows_in_one_doubt_are_one_question(tmp_path: Path) -> None:
    rows: Rows = [["科目编码", "科目名称", "本年借方", "本年贷方"]]
    rows += [[f"50{n}", f"费用{n}", n, n] for n in range(10, 30)]
    said = problems(book(tmp_path / "表.xlsx", {"余额": rows}))
    assert said.count("不知道这个会计科目填到哪里") == 1
    assert "第2、3、4、5、6、7、8、9、10、11、12、13…行（共20行）" in said


def test_budget_and_spending_under_one_head(tmp_path: Path) -> None:
    rows: Rows = [
        ["科目编码", "科目名称", "基本支出", None, "项目支出", None],
        [None, None, "预算", "支出", "预算", "支出"],
        [FIRST, "行政运行", 6000, 5000, None, None],
        [SECOND, "一般行政管理事务", None, None, 900, 700],
    ]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows}, "C1:D1", "E1:F1")))
    assert found == {
        f"支出决算表 {FIRST}·基本支出": 5000,
        f"支出决算表 {SECOND}·项目支出": 700,
    }


PAID = [
    "功能分类",
    "名称",
    "部门经济分类",
    "名称",
    "资金性质",
    "支出类型",
    "支付日期",
    "支付金额",
    "支付状态",
]


def paid(day: str, status: str, number: float = 100) -> list[object]:
    codes = [FIRST, "行政运行", "30299", "其他商品和服务支出"]
    return [*codes, "一般公共预算", "基本支出", day, number, status]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([paid("2024-12-10", "已支付"), paid("2024-12-11", "待支付")], "“待支付”的金额算不算"),
        (
            [paid("2023-12-30", "已支付"), paid("2024-12-30", "已支付")],
            "有2023年的日期，不是2024年度",
        ),
        ([paid("2024-01-10", "已支付"), paid("2024-07-10", "已支付")], "最后一笔是7月的，不像全年"),
    ],
)
def test_payments_that_are_none_of_this_year_are_asked_about(
    tmp_path: Path, rows: Rows, said: str
) -> None:
    path = book(tmp_path / "支付.xlsx", {"支付": [["某局2024年（单位：元）"], PAID, *rows]})
    assert said in problems(path)
    if "支付”" not in said:
        told = run(path, given={**GIVEN, "口径": "全年决算"})
        assert figures(told)["一般公共预算财政拨款基本支出决算表 30299·金额"] == 200
        assert told.collected.names["30299"] == "其他商品和服务支出"  # not the name beside 功能分类


def test_sheets_with_other_rows_of_one_column_may_be_two_units(tmp_path: Path) -> None:
    head = ["科目编码", "基本支出", "项目支出"]
    sheets: dict[str, Rows] = {
        "局本级": [["某局2024年支出（单位：元）"], head, [FIRST, 5000, None]],
        "二级单位": [["2024年支出（单位：元）"], head, [PENSION, 300, None]],
    }
    path = book(tmp_path / "表.xlsx", sheets)
    assert "几张表各有一部分支出表·基本支出，科目不同" in problems(path)
    assert len(figures(run(path, added=True))) == 2


@pytest.mark.parametrize(
    ("code", "name", "asked"),
    [
        (FIRST, "一般行政管理事务", True),  # that of 2010302
        (PENSION, "档案馆", True),
        ("2130201", "一般行政管理事务", True),  # a name of other codes
        (PENSION, "养老保险缴费", False),  # people shorten names
        ("2012604", "档案馆", False),  # a code that the code list does not know
    ],
)
def test_a_code_with_the_name_of_another_is_asked_about(
    tmp_path: Path, code: str, name: str, asked: bool
) -> None:
    rows: Rows = [["科目编码", "科目名称", "基本支出"], [code, name, 5000]]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    if asked:
        assert f"名称写的是“{name}”" in problems(path)
    else:
        assert figures(run(path)) == {f"支出决算表 {code}·基本支出": 5000}


def test_codes_in_full_width_digits(tmp_path: Path) -> None:
    rows: Rows = [["科目编码", "基本支出"], [" ２０１０３０１ ", 5000]]
    assert f"支出决算表 {FIRST}·基本支出" in figures(run(book(tmp_path / "表.xlsx", {"表": rows})))


def test_figures_by_economic_code_say_whose_they_are_or_add_up(tmp_path: Path) -> None:
    """06 is of 一般公共预算基本支出 alone: a list by 经济分类 may as well show all spending."""
    title = "某局2024年支出（单位：元）"
    rows: Rows = [["经济分类", "名称", "金额"], ["30201", "办公费", 100], ["31002", "设备", 70]]
    alone = book(tmp_path / "表.xlsx", {"经济": [[title], *rows]})
    asked = "按经济分类的数没有写明是不是一般公共预算财政拨款的基本支出"
    assert asked in problems(alone)
    assert len(figures(run(alone, given={**GIVEN, "经济分类": "一般公共基本支出"}))) == 2
    said = [["某局2024年一般公共预算基本支出（单位：元）"], *rows]
    assert len(figures(run(book(tmp_path / "写明.xlsx", {"经济": said})))) == 2
    other = [["某局2024年全部资金基本支出（单位：元）"], *rows]
    assert problems(book(tmp_path / "全部.xlsx", {"经济": other}))
    spent: Rows = [[title], ["科目编码", "基本支出"], [FIRST, 170], [None], *rows]
    assert len(figures(run(book(tmp_path / "相等.xlsx", {"支出": spent})))) == 3
    income: Rows = [[None], ["收入", "金额"], ["其他收入", 5]]  # the 170 may be of other funds
    assert asked in problems(book(tmp_path / "别的.xlsx", {"支出": [*spent, *income]}))


def test_a_sheet_called_budget_is_asked_about(tmp_path: Path) -> None:
    rows: Rows = [["某局2024年支出（单位：元）"], ["科目编码", "基本支出"], [FIRST, 500]]
    for name in ("2024预算", "预算"):
        assert "像是预算的" in problems(
            book(tmp_path / f"{name[-2:]}{len(name)}.xlsx", {name: rows})
        )


COMPOSED: list[list[object]] = [
    ["某局科目余额表　期间：2024.01-2024.12　单位：元"],
    ["科目编码", "科目名称", "期初余额", None, "本期发生", None, "期末余额", None],
    [None, None, "借方", "贷方", "借方", "贷方", "借方", "贷方"],
    ["7101", "行政支出", 0, 0, 1300, 1300, 0, 0],
    ["7101.2010301.30101", "基本工资", 0, 0, 700, 700, 0, 0],
    ["7101.2010301.30201", "办公费", 0, 0, 100, 100, 0, 0],
    ["7101.2010302.30227", "委托业务费", 0, 0, 500, 500, 0, 0],
]


def test_codes_of_the_budget_in_the_tail_of_an_account(tmp_path: Path) -> None:
    path = book(tmp_path / "余额表.xlsx", {"表": COMPOSED}, "C2:D2", "E2:F2", "G2:H2")
    session = Session([path], "2023-national", dict(GIVEN))
    with pytest.raises(InputError) as error:
        session.read()
    (asked,) = error.value.problems
    assert "会计科目没有写是基本支出还是项目支出（功能分类 2010301、2010302）" in asked.message
    for answer in ("行政支出=基本支出", "2010302=项目支出"):
        assert answer in asked.answers
        session.correct(answer)
    session.correct("经济分类=不填")
    assert figures(session.read()) == {
        "支出决算表 2010301·基本支出": 800,
        "支出决算表 2010302·项目支出": 500,
    }


@pytest.mark.parametrize("ends", [("-30101", "-30201"), (".1", ".2")])
def test_items_below_an_account_may_have_composed_codes(tmp_path: Path, ends: list[str]) -> None:
    head = ["科目编码", "科目名称", "本年借方", "本年贷方"]
    account = ["710101", "行政支出-基本支出-财政拨款", 100, None]
    items = [[f"2010301{end}", "行政运行", n, None] for end, n in zip(ends, (60, 40), strict=True)]
    found = figures(run(book(tmp_path / "余额表.xlsx", {"表": [head, account, *items]})))
    assert found["支出决算表 2010301·基本支出"] == 100
    economic = {number for words, number in found.items() if "·金额" in words}
    assert economic == ({60, 40} if "-30101" in ends else set())


def test_accounts_of_one_and_two_digits_are_not_above_each_other(tmp_path: Path) -> None:
    head = ["科目编码", "科目名称", "功能分类", "本年借方", "本年贷方"]
    rows = [["7101.1", "基本支出", "2010301", 700, 700], ["7101.10", "项目支出", "2010302", 90, 90]]
    path = book(tmp_path / "余额表.xlsx", {"表": [head, *rows]})
    assert figures(run(path)) == {
        "支出决算表 2010301·基本支出": 700,
        "支出决算表 2010302·项目支出": 90,
    }


def test_the_account_over_a_day_book_and_its_nature_in_a_column(tmp_path: Path) -> None:
    rows = [
        ["多栏式明细账　单位：元"],
        ["科目：7101 行政支出"],
        ["月", "日", "凭证字号", "摘要", "功能科目", "支出性质", "借方", "贷方"],
        [1, 15, "记-1", "工资", "2010301", "基本", 700, None],
        [12, 15, "记-9", "宣传", "2010302", "项目", 90, None],
        [12, 31, None, "本年累计", None, None, 790, 0],
    ]
    assert figures(run(book(tmp_path / "账.xlsx", {"账": rows}))) == {
        "支出决算表 2010301·基本支出": 700,
        "支出决算表 2010302·项目支出": 90,
    }


def test_balances_alone_are_asked_about_and_codes_run_together_are_read(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "科目名称", "方向", "期末余额"],
        ["71010101201030130101", "行政支出/财政拨款支出/基本支出/行政运行/基本工资", "借", 700],
        [
            "71010102201030230227",
            "行政支出/财政拨款支出/项目支出/一般行政管理事务/委托业务费",
            "借",
            90,
        ],
    ]
    session = Session([book(tmp_path / "余额.xlsx", {"余额": rows})], "2023-national", dict(GIVEN))
    with pytest.raises(InputError, match="只有余额，没有本年发生额") as error:
        session.read()
    session.correct(error.value.problems[0].answers[0])
    found = figures(session.read())
    assert found["支出决算表 2010301·基本支出"] == 700
    assert found["支出决算表 2010302·项目支出"] == 90
    assert found["一般公共预算财政拨款基本支出决算表 30101·金额"] == 700


def test_payments_say_their_year_and_one_question_whose_money_they_are(tmp_path: Path) -> None:
    rows = [
        ["国库集中支付明细（元）"],
        ["支付日期", "功能分类", "部门经济分类", "支出类型", "支付金额"],
        ["2024-03-15", "[2010301]行政运行", "[30101]基本工资", "基本支出", 700],
        ["2024-12-15", "[2010302]一般行政管理事务", "[30227]委托业务费", "项目支出", 90],
    ]
    given = given_without("年度")
    session = Session([book(tmp_path / "支付.xlsx", {"表": rows})], "2023-national", given)
    with pytest.raises(InputError, match="标题写着财政拨款或国库支付") as error:
        session.read()
    (asked,) = error.value.problems
    session.correct(asked.answers[1])
    assert figures(session.read()) == {
        "一般公共预算财政拨款支出决算表 2010301·基本支出": 700,
        "一般公共预算财政拨款支出决算表 2010302·项目支出": 90,
        "一般公共预算财政拨款基本支出决算表 30101·金额": 700,
    }


def test_a_date_that_is_no_booking_offers_its_year(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "科目名称", "签订日期", "基本支出"],
        [FIRST, "行政运行", "2021-11-05", 100],
        [SECOND, "一般行政管理事务", "2021-12-20", 50],
    ]
    given = given_without("年度")
    session = Session([book(tmp_path / "合同.xlsx", {"表": rows})], "2023-national", given)
    with pytest.raises(InputError, match="年度：文件里没有写") as error:
        session.read()
    assert error.value.problems[0].answers == ("年度=2021",)


@pytest.mark.parametrize(
    ("figures", "other", "unit"),
    [
        ((5000, 3000), "30.00万元", ""),
        (("5000元", "3,000.00元"), "30.00万元", "元"),
        (("5000元", 3000), None, ""),
    ],
)
def test_the_money_unit_stands_behind_every_figure_that_is_used(
    tmp_path: Path, figures: tuple[object, object], other: object, unit: str
) -> None:
    rows = [
        ["科目编码", "基本支出", "合同价"],
        [FIRST, figures[0], other],
        [SECOND, figures[1], None],
    ]
    given = given_without("金额单位")
    session = Session([book(tmp_path / "表.xlsx", {"表": rows})], "2023-national", given)
    session.correct("C=不要")
    if unit:
        assert session.read().raw["金额单位"] == unit
        return
    with pytest.raises(InputError, match="金额单位：文件里没有写"):
        session.read()


def test_the_money_unit_is_not_of_a_column_that_is_not_used(tmp_path: Path) -> None:
    rows = [["科目编码", "基本支出", "合同价（万元）"], [FIRST, 5000, 30]]
    given = given_without("金额单位")
    session = Session([book(tmp_path / "表.xlsx", {"表": rows})], "2023-national", given)
    session.correct("C=不要")
    with pytest.raises(InputError, match="金额单位：文件里没有写"):
        session.read()


def test_the_whole_name_of_an_account_tells_no_kinds_of_rows(tmp_path: Path) -> None:
    """其他预算收入 beside 行政支出_其他资金支出: asked whether these rows count."""
    rows: Rows = [
        ["科目代码", "科目全名", "核算项目", "本年借方累计", "本年贷方累计"],
        ["7101.02", "行政支出_其他资金支出_项目支出", f"功能分类：{FIRST} 行政运行", 40, 40],
        ["6601", "其他预算收入", None, 40, 40],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        f"支出决算表 {FIRST}·项目支出": 40,
        "收入支出决算总表 收入·其他收入": 40,
    }


def test_a_payment_names_its_order_and_its_codes_before_a_bar(tmp_path: Path) -> None:
    rows: Rows = [
        ["支付令编号", "支付日期", "功能科目", "经济科目", "支出性质", "资金性质", "支付金额(元)"],
        [
            10001,
            "2024/12/15",
            f"{FIRST}|行政运行",
            "30101|基本工资",
            "基本支出",
            "一般公共预算",
            40,
        ],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出": 40,
        "一般公共预算财政拨款基本支出决算表 30101·金额": 40,
    }


def test_the_levels_of_an_account_in_columns_of_their_own(tmp_path: Path) -> None:
    rows: Rows = [
        ["一级科目", "二级科目", "三级科目", "功能分类", "借方累计", "贷方累计"],
        ["7101行政支出", "财政拨款支出", "基本支出", FIRST, 50, 50],
        ["7101行政支出", "其他资金支出", "项目支出", SECOND, 7, 7],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出": 50,
        f"支出决算表 {FIRST}·基本支出": 50,
        f"支出决算表 {SECOND}·项目支出": 7,
    }
