"""What would change a figure and is not certain is asked, whatever the kind of sheet; a word answers it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from tests.test_import import GIVEN, figures, problems, run
from tests.test_import_shapes import FIRST, PENSION, SECOND, SPENT, Rows, book
from xltool.core.problems import InputError
from xltool.entry.importing.session import Session

HEAD = ["科目编码", "科目名称", "基本支出", "项目支出"]
LIST: Rows = [
    [FIRST, "行政运行", 5000, None],
    [SECOND, "一般行政管理事务", None, 700],
    [PENSION, "养老保险缴费", 300, None],
]
PAID = ["科目编码", "支出性质", "金额"]
ACCOUNT = "行政支出/一般公共预算财政拨款支出/基本支出"
ASKED: dict[str, tuple[Rows, str]] = {
    "红字写在没见过的一列": (
        [[*PAID, "红蓝字"], [FIRST, "基本支出", 500, "蓝"], [FIRST, "基本支出", 20, "红"]],
        "“红蓝字”一列写着红、蓝，哪些行算，看不出来",
    ),
    "摘要里的冲销是正数": (
        [[*PAID, "摘要"], [FIRST, "基本支出", 500, "办公"], [FIRST, "基本支出", 20, "冲销办公"]],
        "写着“冲销”，这一行的数算进去了",
    ),
    "没见过的一列写着作废": (
        [[*PAID, "处理"], [FIRST, "基本支出", 500, "作废"], [SECOND, "项目支出", 20, None]],
        "写着“作废”，这一行的数算进去了",
    ),
    "上年写在名称里": (
        [HEAD, [FIRST, "行政运行（上年）", 9, None], [FIRST, "行政运行（本年）", 5, None]],
        "名称里写着“上年”",
    ),
    "上年写在编码同格的名称里": (
        [["科目", "基本支出"], [f"{FIRST} 行政运行（2023年）", 9], [f"{FIRST} 行政运行", 5]],
        "名称里写着“2023”",
    ),
    "只有三个季度": (
        [["科目编码", "支出性质", "一季度", "二季度", "三季度"], [FIRST, "基本支出", 1, 2, 3]],
        "各月、各季度的列只到9个月",
    ),
    "两个编码": (
        [["科目编码", "功能分类", "基本支出"], [FIRST, SECOND, 5]],
        f"一行有两个科目编码：{FIRST}、{SECOND}",
    ),
    "用结转资金的支出": (
        [["科目编码", "上年结转资金支出", "基本支出"], [FIRST, 3, 5]],
        "像是用结转、结余资金的本年支出",
    ),
    "有的行没有写资金": (
        [["科目编码", "资金性质", "基本支出"], [FIRST, "一般公共预算", 5], [SECOND, None, 5]],
        "这一行有数，没有写资金性质",
    ),
    "行间写着资金": (
        [HEAD, [FIRST, "行政运行", 5, None], ["政府性基金预算"], [SECOND, "管理", 5, None]],
        "“政府性基金预算”一行说的是下面哪些行",
    ),
    "一行写了两遍": (
        [HEAD, [FIRST, "行政运行", 5, None], [FIRST, "行政运行", 5, None]],
        "与第2行每一格都相同",
    ),
    "会计科目没有写财政拨款": (
        [
            ["科目编码", "科目名称", "功能分类", "经济分类", "本年借方", "本年贷方"],
            ["7101", "行政支出/基本支出", FIRST, "30101", 5, 0],
        ],
        "会计科目没有写财政拨款",
    ),
    "余额表少了一行明细": (
        [
            ["科目编码", "科目名称", "功能分类", "本年借方", "本年贷方"],
            ["7101", ACCOUNT, None, 900, 900],
            ["710101", ACCOUNT, FIRST, 600, 600],
        ],
        "7101 是900，下级之和是600",
    ),
    "余额表的合计": (
        [
            ["科目编码", "科目名称", "功能分类", "本年借方", "本年贷方"],
            ["710101", ACCOUNT, FIRST, 600, 600],
            ["合计", None, None, 900, 900],
        ],
        "合计900不等于各行之和600",
    ),
    "明细科目没有功能分类": (
        [
            ["科目编码", "科目名称", "功能分类", "本年借方", "本年贷方"],
            ["710101", ACCOUNT, FIRST, 600, 600],
            ["710102", ACCOUNT, None, 200, 200],
        ],
        "没有功能分类，也不是别的行的合计",
    ),
    "余额表里有两个单位": (
        [
            ["单位", "科目编码", "科目名称", "功能分类", "本年借方"],
            ["某局", "710101", ACCOUNT, FIRST, 600],
            ["某站", "710101", ACCOUNT, SECOND, 30],
        ],
        "有2个单位：某局、某站",
    ),
    "余额表里的外币": (
        [
            ["科目编码", "科目名称", "功能分类", "币种", "本年借方"],
            ["710101", ACCOUNT, FIRST, "美元", 600],
        ],
        "写着“美元”",
    ),
    "明细账借方的红字是正数": (
        [
            ["日期", "摘要", "科目编码", "科目名称", "功能分类", "借方", "贷方"],
            ["2024-01-05", "办公", "710101", ACCOUNT, FIRST, 600, None],
            ["2024-12-05", "红字冲销", "710101", ACCOUNT, FIRST, 600, None],
        ],
        "写着“红字”",
    ),
    "期间是十二月": (
        [
            ["会计期间：202412-202412"],
            ["科目编码", "科目名称", "功能分类", "借方", "贷方"],
            ["710101", ACCOUNT, FIRST, 600, 600],
        ],
        "像是十二月一个月的",
    ),
    "行里写着别的单位": (
        [[*PAID, "计量"], [FIRST, "基本支出", 5, "万元"]],
        "写着“万元”，这张表的金额单位是元",
    ),
    "行名里写着别的单位": (
        [["收入项目", "金额"], ["事业收入（万元）", 12345]],
        "写着“事业收入(万元)”",
    ),
    "没见过的一列分两种行": (
        [["归口", "科目编码", "基本支出"], ["甲", FIRST, 5], ["甲", SECOND, 5], ["乙", PENSION, 5]],
        "“归口”一列写着乙、甲，哪些行算",
    ),
    "月份在行里，只到九月": (
        [["月份", *PAID], *([m, FIRST, "基本支出", 5] for m in (1, 9))],
        "最后一笔是9月的",
    ),
    "各月的累计数": (
        [
            ["月份", "科目编码", "支出性质", "累计支出"],
            *([f"{m}月", FIRST, "基本支出", 5] for m in (11, 12)),
        ],
        "像是累计数，各月的行加在了一起",
    ),
    "退款在另一列": (
        [["科目编码", "支出性质", "支付金额", "退款金额"], [FIRST, "基本支出", 50, 5]],
        "“退款金额”有数，没有减去",
    ),
    "分项加起来不是基本支出": (
        [["科目编码", "基本支出", "人员经费", "公用经费"], [FIRST, 50, 20, 20]],
        "基本支出是50，人员经费、公用经费合起来是40",
    ),
    "合计行的合计列": (
        [[*HEAD, "合计"], [*LIST[0], 5000], ["合计", None, None, None, 5900]],
        "合计5900不等于各行之和5000",
    ),
    "只有单位资金": (
        [["某局2024年单位资金支出（单位：元）"], HEAD, *LIST],
        "支出决算表要各种资金合起来的",
    ),
    "透视表上面的筛选": (
        [["某局2024年支出"], ["处室", "办公室"], [], HEAD, *LIST],
        "像是一部分支出的",
    ),
    "查询条件": (
        [["某局2024年支出"], ["查询条件：支付方式=授权支付"], HEAD, *LIST],
        "像是一部分支出的",
    ),
    "外币": ([[*PAID, "币种"], [FIRST, "基本支出", 5, "美元"]], "写着“美元”"),
    "标题只说一部分": (
        [["某局2024年政府采购支出决算（单位：元）"], HEAD, *LIST],
        "像是一部分支出的",
    ),
    "标题说到九月": (
        [["某局2024年1-9月支出决算（单位：元）"], HEAD, *LIST],
        "像是不到全年的",
    ),
    "标题说下属单位": (
        [["某局下属单位2024年支出（单位：元）"], HEAD, *LIST],
        "像是一部分支出的",
    ),
    "收入的名称里写着上年": (
        [["收入项目", "金额"], ["事业收入（上年）", 9], ["其他收入", 5]],
        "名称里写着“上年”",
    ),
    "收入同名的两行": (
        [["收入项目", "金额"], ["其他收入", 9], ["其他收入", 5]],
        "第2、3行都填到总表·收入·其他收入",
    ),
    "收支两边的合计": (
        [
            ["收入", "金额", "支出", "金额"],
            ["事业收入", 9, "教育支出", 9],
            ["其他收入", 1, "农林水支出", 2],
            ["本年收入合计", 11, "本年支出合计", 11],
        ],
        "B4：合计11不等于各行之和10",
    ),
    "几个单位的小计": (
        [HEAD, LIST[0], ["局机关小计", None, 5000, None], LIST[1], ["林场小计", None, None, 700]],
        "有几个单位的小计：局机关、林场",
    ),
    "列名只说一部分": (
        [["科目编码", "基本支出（不含结转）"], [FIRST, 5]],
        "“基本支出（不含结转）”像是只有一部分",
    ),
    "行间写着去年": ([HEAD, *LIST[:2], ["2023年"], LIST[2]], "“2023年”一行说的是下面哪些行"),
    "行间写着别的单位": ([HEAD, *LIST[:2], ["某县林业站"], LIST[2]], "“某县林业站”一行"),
    "同一张表里上下两块": (
        [HEAD, LIST[0], [], HEAD, LIST[2]],
        "第1行起、表.xlsx 表 第4行起",
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_may_change_a_figure_is_asked(name: str, tmp_path: Path) -> None:
    rows, question = ASKED[name]
    assert question in problems(book(tmp_path / "表.xlsx", {"表": rows}))


SURE: dict[str, Rows] = {
    "本局及下属单位": [["某局及下属单位2024年支出"], HEAD, *LIST],
    "人数，归口科室": [
        [*HEAD, "编制人数", "归口科室"],
        *([*r, n, f"{n}科"] for n, r in enumerate(LIST, 1)),
    ],
    "经办人各不相同，已知的说明列": [[*HEAD, "经办科室"], *([*r, "办公室"] for r in LIST)],
    "退休不是退回": [
        [*PAID, "摘要"],
        [FIRST, "基本支出", 5000, "退休人员慰问"],
        *(
            [code, nature, number, None]
            for code, nature, number in ((SECOND, "项目支出", 700), (PENSION, "基本支出", 300))
        ),
    ],
    "冲销写成负数": [
        [*PAID, "摘要"],
        [FIRST, "基本支出", 5020, "办公"],
        [FIRST, "基本支出", -20, "冲销"],
        [SECOND, "项目支出", 700, None],
        [PENSION, "基本支出", 300, None],
    ],
    "每页一个合计，合计在前": [
        [*HEAD],
        ["合计", None, 5300, 700],
        LIST[0],
        LIST[1],
        ["合计", None, 5000, 700],
        LIST[2],
        ["合计", None, 300, None],
    ],
    "查询条件只是年度": [["查询条件：年度=2024；单位：某局；处室=全部"], HEAD, *LIST],
    "名称后面的含": [HEAD, [FIRST, "行政运行（含上年结转）", 5000, None], *LIST[1:]],
    "左右两张，一张基本一张项目": [
        ["基本支出", None, None, "项目支出", None, None],
        ["科目编码", "科目名称", "金额"] * 2,
        [FIRST, "行政运行", 5000, SECOND, "一般行政管理事务", 700],
        [PENSION, "养老保险缴费", 300],
    ],
}


@pytest.mark.parametrize("name", SURE)
def test_what_is_certain_is_not_asked(name: str, tmp_path: Path) -> None:
    merges = ("A1:C1", "D1:F1") if name.startswith("左右") else ()
    path = book(tmp_path / "表.xlsx", {"表": SURE[name]}, *merges)
    assert figures(run(path)) == SPENT


def test_the_fund_may_be_merged_over_rows(tmp_path: Path) -> None:
    rows: Rows = [["资金", *HEAD], ["一般公共预算", *LIST[0]], [None, *LIST[1]], [None, *LIST[2]]]
    found = figures(run(book(tmp_path / "表.xlsx", {"表": rows}, "A2:A4")))
    assert found == {k.replace("支出", "一般公共预算财政拨款支出", 1): v for k, v in SPENT.items()}


def test_rows_of_all_funds_fill_the_table_of_all_spending(tmp_path: Path) -> None:
    rows: Rows = [
        ["资金性质", "科目编码", "基本支出", "项目支出"],
        ["一般公共预算", FIRST, 4000, None],
        ["单位资金", FIRST, 1000, None],
        ["政府性基金预算", "2120801", None, 60],
    ]
    assert figures(run(book(tmp_path / "表.xlsx", {"表": rows}))) == {
        f"支出决算表 {FIRST}·基本支出": 5000,
        "支出决算表 2120801·项目支出": 60,
        f"一般公共预算财政拨款支出决算表 {FIRST}·基本支出": 4000,
        "政府性基金预算财政拨款收入支出决算表 2120801·项目支出": 60,
    }


@pytest.mark.parametrize("label", ["全年支出", None])
def test_a_row_that_is_the_sum_of_those_above_is_a_total(label: str | None, tmp_path: Path) -> None:
    rows: Rows = [HEAD, *LIST[:2], [None, label, 5000, 700], LIST[2], [None, label, 5300, 700]]
    found = run(book(tmp_path / "表.xlsx", {"表": rows}))
    assert figures(found) == SPENT
    assert [f.row for f in found.collected.fates if f.fate == "小计"] == [4, 6]
    rows[-1][2] = 5301
    assert "这一行有数，没有科目编码" in problems(book(tmp_path / "二.xlsx", {"表": rows}))


def test_tabs_below_a_title(tmp_path: Path) -> None:
    lines = ["某局2024年支出 单位：元", "\t".join(HEAD), f"{FIRST}\t行政运行\t1,500.50\t"]
    path = tmp_path / "表.csv"
    path.write_text("\n".join(lines), encoding="gb18030", newline="")
    assert figures(run(path)) == {f"支出决算表 {FIRST}·基本支出": Decimal("1500.5")}


def _tuned(path: Path, change: Any) -> Path:
    made = openpyxl.load_workbook(path)
    change(made["表"])
    made.save(path)
    return path


def _hide_row(sheet: Any) -> None:
    sheet.row_dimensions[5].hidden = True


def _hide_column(sheet: Any) -> None:
    sheet.column_dimensions["C"].hidden = True


def _hide_sheet(sheet: Any) -> None:
    sheet.parent.create_sheet("另一张")
    sheet.sheet_state = "hidden"


@pytest.mark.parametrize("hide", [_hide_row, _hide_column, _hide_sheet])
def test_what_does_not_show_counts_when_that_is_the_answer(hide: Any, tmp_path: Path) -> None:
    rows: Rows = [HEAD, *LIST, [SECOND, "别处的", None, 9]]
    path = _tuned(book(tmp_path / "表.xlsx", {"表": rows}), hide)
    assert "是隐藏的，有数，算不算" in problems(path)
    second = f"支出决算表 {SECOND}·项目支出"
    counted = run(path, given={**GIVEN, "隐藏的": "算"})
    assert figures(counted) == {**SPENT, second: 709}
    assert "照所说的算进去了" in "".join(counted.collected.notes)
    if hide is _hide_row:
        assert figures(run(path, given={**GIVEN, "隐藏的": "不算"})) == SPENT


@pytest.mark.parametrize(
    ("number", "code", "asked"),
    [
        (50000, "0!.0000", True),  # 元 shown as 万元
        (50000, "#,##0.00,", True),
        (1234.5, "0.00%", True),
        (1234.5, "#,##0", False),  # rounded
        (-1234.5, '#,##0.00_ ;[Red]"-"#,##0.00', False),
        (50000, '#,##0.00"元"', False),
    ],
)
def test_a_format_that_prints_another_figure_is_asked(
    number: float, code: str, asked: bool, tmp_path: Path
) -> None:
    def shown(sheet: Any) -> None:
        sheet["B2"].number_format = code

    path = _tuned(book(tmp_path / "表.xlsx", {"表": [HEAD[::2], [FIRST, number]]}), shown)
    if asked:
        assert "印出来是另一个数" in problems(path)
    else:
        assert figures(run(path)) == {f"支出决算表 {FIRST}·基本支出": Decimal(str(number))}


def test_what_is_struck_out_or_merged_is_asked(tmp_path: Path) -> None:
    def strike(sheet: Any) -> None:
        sheet["C4"].font = Font(strike=True)

    struck = _tuned(book(tmp_path / "表.xlsx", {"表": [HEAD, *LIST]}), strike)
    assert "第4行：数划掉了" in problems(struck)
    assert figures(run(struck, given={**GIVEN, "隐藏的": "算"})) == SPENT
    for area in ("C2:C3", "C2:D2"):
        merged = book(tmp_path / f"{area[-2:]}.xlsx", {"表": [HEAD, *LIST]}, area)
        assert "合并了，是不是几行、几栏合起来的" in problems(merged)


def test_a_total_shows_that_hidden_rows_count(tmp_path: Path) -> None:
    rows: Rows = [HEAD, *LIST, [SECOND, "别处的", None, 9], ["合计", None, 5300, 709]]
    told = run(_tuned(book(tmp_path / "表.xlsx", {"表": rows}), _hide_row))
    assert figures(told)[f"支出决算表 {SECOND}·项目支出"] == 709
    assert "第5行 是隐藏的，合计里有它" in "".join(told.collected.notes)


def test_rows_of_another_year_are_left_out_when_that_is_the_answer(tmp_path: Path) -> None:
    rows: Rows = [["年度", *HEAD], *([2024, *row] for row in LIST), [2023, FIRST, "行政运行", 1, 2]]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    assert "年度是2023，不是2024：算不算" in problems(path)
    told = run(path, given={**GIVEN, "别年的行": "不算"})
    assert figures(told) == SPENT
    assert any(fate.why == "2023年的，照所说的不算" for fate in told.collected.fates)


def test_rows_below_the_total_count_when_that_is_the_answer(tmp_path: Path) -> None:
    rows: Rows = [HEAD, *LIST[:2], ["合计", None, 5000, 700], LIST[2]]
    path = book(tmp_path / "表.xlsx", {"表": rows})
    assert "合计只加到上一行，下面第5行还有数" in problems(path)
    assert figures(run(path, given={**GIVEN, "合计下面的行": "都算"})) == SPENT


def test_an_answer_is_one_of_those_that_are_known(tmp_path: Path) -> None:
    session = Session([book(tmp_path / "表.xlsx", {"表": [HEAD, *LIST]})], given=dict(GIVEN))
    with pytest.raises(InputError, match="隐藏的 的回答是 算 或 不算"):
        session.correct("隐藏的=大概")
