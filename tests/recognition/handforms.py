"""Six forms laid out by hand as offices print them, with what every figure of them means.

They were drawn from published layouts before anyone looked whether they can be read: three-piece codes with the
栏次 row beside them, lists side by side, tables stacked on one sheet, a money unit for each column, 行次 on both
sides, 合计 on the line of the heads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.editing import saved

Cell = tuple[str, str]
Meaning = tuple[str, tuple[str, ...]]

UNIT = "某县水务局"
FUNCTIONS = [
    "一般公共服务支出",
    "外交支出",
    "国防支出",
    "公共安全支出",
    "教育支出",
    "科学技术支出",
    "文化旅游体育与传媒支出",
    "社会保障和就业支出",
    "卫生健康支出",
    "节能环保支出",
    "城乡社区支出",
    "农林水支出",
    "交通运输支出",
    "资源勘探工业信息等支出",
    "商业服务业等支出",
    "金融支出",
    "援助其他地区支出",
    "自然资源海洋气象等支出",
    "住房保障支出",
    "粮油物资储备支出",
    "国有资本经营预算支出",
    "灾害防治及应急管理支出",
    "其他支出",
    "债务还本支出",
    "债务付息支出",
    "抗疫特别国债安排的支出",
]
ORDINALS = [
    *"一二三四五六七八九十",
    *(f"十{n}" for n in "一二三四五六七八九"),
    *(f"二十{n}" for n in ("", *"一二三四五六")),
]
INCOMES = [
    "一般公共预算财政拨款收入",
    "政府性基金预算财政拨款收入",
    "国有资本经营预算财政拨款收入",
    "上级补助收入",
    "事业收入",
    "经营收入",
    "附属单位上缴收入",
    "其他收入",
]
FUNDS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
SPENT = (
    ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("213", "农林水支出"),
    ("21303", "水利"),
    ("2130301", "行政运行"),
    ("2130306", "水利工程运行与维护"),
)
CARS = (
    "合计",
    "因公出国（境）费",
    "公务用车购置及运行费",
    "公务用车购置费",
    "公务用车运行费",
    "公务接待费",
)


@dataclass
class Hand:
    """A form while it is written; every figure in it is another one."""

    year: int
    book: openpyxl.Workbook = field(default_factory=openpyxl.Workbook)
    truth: dict[Cell, tuple[Meaning, Decimal]] = field(default_factory=dict)
    planted: set[Cell] = field(default_factory=set)
    style: str = "number"

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, which is written to from now on."""
        if not self.truth and not self.planted and self.book.worksheets[0].max_row == 1:
            first = self.book.worksheets[0]
            if first.title == "Sheet":
                self.book.remove(first)
        self.ws = self.book.create_sheet(name)
        return self.ws

    def row(self, row: int, *texts: object, left: int = 1) -> None:
        """Texts side by side; None leaves a cell out."""
        for n, text in enumerate(texts):
            if text is not None:
                self.ws.cell(row, left + n, text)

    def merge(self, area: str) -> None:
        """Merge a range, given as A1:B2."""
        self.ws.merge_cells(area)

    def figure(self) -> Decimal:
        """A figure that no other cell has."""
        return Decimal(31_700 + 137 * (len(self.truth) + len(self.planted))) / 100

    def fact(self, row: int, column: int, table: str, *path: str, in_units: int = 1) -> None:
        """A figure that means a field, in so many of the money unit of the document."""
        value = self.figure()
        self.ws.cell(row, column, f"{value:,.2f}" if self.style == "text" else value)
        ref = (self.ws.title, f"{get_column_letter(column)}{row}")
        self.truth[ref] = ((table, path), value * in_units)

    def plant(self, row: int, column: int) -> None:
        """A figure that means nothing that is known."""
        value = self.figure()
        self.ws.cell(row, column, f"{value:,.2f}" if self.style == "text" else value)
        self.planted.add((self.ws.title, f"{get_column_letter(column)}{row}"))

    @property
    def content(self) -> bytes:
        """The workbook as a file."""
        return saved(self.book)


# ── parts that several forms share ──


def list_rows(
    form: Hand,
    row: int,
    left: int,
    table: str,
    columns: Sequence[str],
    code: Callable[[int, str, str], None],
    rows: Sequence[tuple[str, str]] = SPENT,
) -> int:
    """Rows of a list; `columns` are its fields, "" for one that is nobody's. The row below them."""
    for number, name in rows:
        code(row, number, name)
        for n, column in enumerate(columns):
            if column:
                form.fact(row, left + n, table, "明细", number, column)
            else:
                form.plant(row, left + n)
        row += 1
    return row


def total_row(form: Hand, row: int, left: int, table: str, columns: Sequence[str]) -> None:
    """The 合计 of a list."""
    for n, column in enumerate(columns):
        if column:
            form.fact(row, left + n, table, "合计", column)
        else:
            form.plant(row, left + n)


def pieces(form: Hand, left: int = 1) -> Callable[[int, str, str], None]:
    """Codes as 类 | 款 | 项, the name after them."""

    def put(row: int, code: str, name: str) -> None:
        form.row(row, code[:3], code[3:5] or None, code[5:] or None, name, left=left)

    return put


def own(form: Hand, left: int = 1) -> Callable[[int, str, str], None]:
    """Only the last level of a code, in its own cell."""

    def put(row: int, code: str, name: str) -> None:
        at = {3: 0, 5: 1, 7: 2}[len(code)]
        form.row(row, *[None] * at, code[-(2 if at else 3) :], left=left)
        form.row(row, name, left=left + 3)

    return put


def whole(form: Hand, left: int = 1) -> Callable[[int, str, str], None]:
    """The code, and the name beside it."""
    return lambda row, code, name: form.row(
        row, code, "  " * (len(code) // 2 - 1) + name, left=left
    )


# ── the forms ──


def jia() -> Hand:
    """甲: as the ministry's software exports it: 类|款|项 in three cells with 栏次 beside, 行次 on both sides."""
    form = Hand(2022)
    form.sheet("封面")
    form.row(2, "2022年度部门决算公开报表")
    form.row(5, "单位名称", UNIT)
    form.row(6, "单位负责人", "（签章）")
    form.row(7, "编制日期", "2023年3月15日")
    form.sheet("目录")
    form.row(1, "目    录")
    form.row(2, "序号", "报表名称", "页码")
    for n, name in enumerate(("收入支出决算总表", "收入决算表", "支出决算表"), 1):
        form.row(2 + n, n, name, n + 2)
    form.sheet("GK01 收入支出决算总表")
    table = "收入支出决算总表"
    form.row(1, table)
    form.row(2, None, None, None, None, None, "公开01表")
    form.row(3, f"部门：{UNIT}", None, "2022年度", None, None, "金额单位：万元")
    form.row(4, "收入", None, None, "支出", None, None)
    form.merge("A4:C4")
    form.merge("D4:F4")
    form.row(5, "项目", "行次", "金额", "项目", "行次", "金额")
    form.row(6, "栏次", None, 1, "栏次", None, 2)
    for n, label in enumerate(INCOMES):
        form.row(7 + n, f"{ORDINALS[n]}、{label}", n + 1)
        form.fact(7 + n, 3, table, "收入", label)
    for n, label in enumerate(FUNCTIONS):
        form.row(7 + n, f"{ORDINALS[n]}、{label}", 32 + n, left=4)
        form.fact(7 + n, 6, table, "支出", label)
        if n >= len(INCOMES):
            form.row(7 + n, None, n + 1)
    for n, (left, right) in enumerate(
        [
            ("本年收入合计", "本年支出合计"),
            ("使用非财政拨款结余", "结余分配"),
            ("年初结转和结余", "年末结转和结余"),
            ("", ""),
            ("总计", "总计"),
        ]
    ):
        row = 33 + n
        form.row(row, left or None, 27 + n, None, right or None, 58 + n)
        if left:
            form.fact(row, 3, table, "收入", left)
            form.fact(row, 6, table, "支出", right)
    form.row(38, "注：本表反映部门本年度的总收支和年末结转结余情况。")
    form.sheet("GK02 收入决算表")
    fields = [
        "本年收入合计",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        "",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    ]
    form.row(1, "收入决算表")
    form.row(2, *[None] * 11, "公开02表")
    form.row(3, f"部门：{UNIT}", *[None] * 4, "2022年度", *[None] * 5, "金额单位：万元")
    form.row(
        4,
        "项目",
        None,
        None,
        None,
        "本年收入合计",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        None,
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    )
    form.merge("A4:D4")
    form.merge("H4:I4")
    form.row(
        5, "功能分类科目编码", None, None, "科目名称", None, None, None, "小计", "其中：教育收费"
    )
    form.merge("A5:C6")
    for column in "DEFGHIJKL":
        if column not in "DHI":
            form.merge(f"{column}4:{column}6")
    form.merge("D5:D6")
    form.row(7, "类", "款", "项", "栏次", *range(1, 9))
    form.row(8, None, None, None, "合计")
    for column in "ABC":
        form.merge(f"{column}7:{column}8")
    total_row(form, 8, 5, "收入决算表", fields)
    row = list_rows(form, 9, 5, "收入决算表", fields, own(form))
    form.row(row, "注：本表反映部门本年度取得的各项收入情况。")
    form.sheet("GK03 支出决算表")
    fields = [
        "本年支出合计",
        "基本支出",
        "项目支出",
        "上缴上级支出",
        "经营支出",
        "对附属单位补助支出",
    ]
    form.row(1, "支出决算表")
    form.row(2, f"部门：{UNIT}", *[None] * 4, "2022年度", *[None] * 3, "金额单位：万元")
    form.row(3, "项目", None, None, None, *fields)
    form.merge("A3:D3")
    form.row(4, "支出功能分类科目编码", None, None, "科目名称")
    form.merge("A4:C4")
    form.row(5, "类", "款", "项", "栏次", *range(1, 7))
    form.row(6, None, None, None, "合计")
    total_row(form, 6, 5, "支出决算表", fields)
    list_rows(form, 7, 5, "支出决算表", fields, pieces(form))
    return form


def yi() -> Hand:
    """乙: several tables on one sheet, and a money unit for each column of the 三公 table."""
    form = Hand(2023)
    form.sheet("附件2")
    form.row(1, f"{UNIT}2023年度部门决算公开表")
    form.row(3, "一、收入决算表")
    form.row(4, "单位：元", left=6)
    fields = ["本年收入合计", "财政拨款收入", "事业收入", "其他收入"]
    form.row(5, "科目编码", "科目名称", "本年收入合计", "财政拨款收入", "事业收入", "其他收入")
    row = list_rows(form, 6, 3, "收入决算表", fields, whole(form), SPENT[3:])
    form.row(row, "合  计")
    form.merge(f"A{row}:B{row}")
    total_row(form, row, 3, "收入决算表", fields)
    row += 3
    form.row(row, "二、支出决算表")
    form.row(row + 1, "单位：元", left=6)
    fields = ["本年支出合计", "基本支出", "项目支出"]
    form.row(row + 2, "科目编码", "科目名称", "本年支出合计", "其中：", None, None)
    form.row(row + 3, "基本支出", "项目支出", left=4)
    form.merge(f"D{row + 2}:E{row + 2}")
    for column in "ABC":
        form.merge(f"{column}{row + 2}:{column}{row + 3}")
    row = list_rows(form, row + 4, 3, "支出决算表", fields, whole(form), SPENT[3:])
    form.row(row, "合  计")
    total_row(form, row, 3, "支出决算表", fields)
    row += 2
    form.row(row, "三、一般公共预算财政拨款支出决算表")
    form.row(row + 1, "单位：元", left=6)
    table = "一般公共预算财政拨款支出决算表"
    fields = ["合计", "基本支出", "项目支出"]
    form.row(row + 2, "项      目", None, "本年支出", None, None)
    form.merge(f"A{row + 2}:B{row + 2}")
    form.merge(f"C{row + 2}:E{row + 2}")
    form.row(row + 3, "科目编码", "科目名称", "小计", "基本支出", "项目支出")
    form.row(row + 4, "合计")
    total_row(form, row + 4, 3, table, fields)
    row = list_rows(form, row + 5, 3, table, fields, whole(form), SPENT[3:])
    form.row(row, "注：本表反映部门本年度一般公共预算财政拨款支出情况。")
    form.sheet("附件3")
    table = "财政拨款“三公”经费支出决算表"
    form.row(1, "2023年度财政拨款“三公”经费支出决算表")
    form.row(2, f"编制单位：{UNIT}")
    form.row(3, "项目", "行次", "年初预算数（万元）", "全年预算数（万元）", "决算数（元）")
    for n, label in enumerate(
        (
            "“三公”经费合计",
            "1.因公出国（境）费",
            "2.公务用车购置及运行维护费",
            "其中：公务用车购置费",
            "      公务用车运行维护费",
            "3.公务接待费",
        )
    ):
        form.row(4 + n, label, n + 1)
        form.plant(4 + n, 3)
        form.fact(4 + n, 4, table, "预算数", CARS[n], in_units=10_000)
        form.fact(4 + n, 5, table, "决算数", CARS[n])
    form.row(10, "说明：1.本表金额转换成万元时，因四舍五入可能存在尾差。")
    return form


def bing() -> Hand:
    """丙: 收入 and 支出 side by side on one sheet, 基本支出 in two lists, 合计 on the line of the heads."""
    form = Hand(2024)
    form.sheet("收支")
    form.row(1, "收入决算表", left=1)
    form.row(1, "支出决算表", left=8)
    form.merge("A1:F1")
    form.merge("H1:L1")
    form.row(2, f"部门：{UNIT}", None, None, None, "2024年度", "单位：万元")
    form.row(2, f"部门：{UNIT}", None, None, "2024年度", "单位：万元", left=8)
    income = ["本年收入合计", "财政拨款收入", "事业收入", "其他收入"]
    spent = ["本年支出合计", "基本支出", "项目支出"]
    form.row(3, "科目编码", "科目名称", *income)
    form.row(3, "科目编码", "科目名称", *spent, left=8)
    form.row(4, "合计")
    form.row(4, "合计", left=8)
    total_row(form, 4, 3, "收入决算表", income)
    total_row(form, 4, 10, "支出决算表", spent)
    list_rows(form, 5, 3, "收入决算表", income, whole(form), SPENT[3:])
    list_rows(form, 5, 10, "支出决算表", spent, whole(form, 8))
    form.sheet("基本支出")
    table = "一般公共预算财政拨款基本支出决算表"
    form.row(1, table)
    form.row(2, f"部门：{UNIT}", None, "2024年度", None, None, "单位：万元")
    form.row(3, "人员经费", None, None, "公用经费", None, None)
    form.merge("A3:C3")
    form.merge("D3:F3")
    form.row(4, *["科目编码", "科目名称", "金额"] * 2)
    people = [
        ("301", "工资福利支出"),
        ("30101", "基本工资"),
        ("30102", "津贴补贴"),
        ("303", "对个人和家庭的补助"),
        ("30302", "退休费"),
    ]
    office = [
        ("302", "商品和服务支出"),
        ("30201", "办公费"),
        ("30211", "差旅费"),
        ("310", "资本性支出"),
        ("31002", "办公设备购置"),
        ("31007", "信息网络及软件购置更新"),
    ]
    for left, rows in ((1, people), (4, office)):
        for n, (code, name) in enumerate(rows):
            form.row(5 + n, code, name, left=left)
            form.fact(5 + n, left + 2, table, "明细", code, "金额")
    form.row(11, "人员经费合计")
    form.merge("A11:B11")
    form.fact(11, 3, table, "合计", "人员经费合计")
    form.row(11, "公用经费合计", left=4)
    form.merge("D11:E11")
    form.fact(11, 6, table, "合计", "公用经费合计")
    form.sheet("基金")
    table = "政府性基金预算财政拨款收入支出决算表"
    form.row(1, table)
    form.merge("A1:H1")
    form.row(2, f"部门：{UNIT}", *[None] * 6, "单位：万元")
    form.row(
        3, "项目", None, "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"
    )
    form.merge("A3:B3")
    form.merge("E3:G4")
    form.row(4, "功能分类科目编码", "科目名称")
    form.row(5, "合计", None, None, None, "小计", "基本支出", "项目支出")
    form.merge("A5:B5")
    for column in "CDH":
        form.merge(f"{column}3:{column}4")
    form.fact(5, 3, table, "合计", "年初结转和结余")
    form.fact(5, 4, table, "合计", "本年收入")
    form.fact(5, 8, table, "合计", "年末结转和结余")
    fields = ["年初结转和结余", "本年收入", "本年支出", "基本支出", "项目支出", "年末结转和结余"]
    rows = [
        ("212", "城乡社区支出"),
        ("21208", "国有土地使用权出让收入安排的支出"),
        ("2120803", "城市建设支出"),
    ]
    list_rows(form, 6, 3, table, fields, whole(form), rows)
    form.sheet("三公")
    table = "财政拨款“三公”经费支出决算表"
    form.row(1, table)
    form.merge("A1:L1")
    form.row(2, f"部门：{UNIT}", *[None] * 9, "单位：万元")
    form.row(
        3,
        "合计",
        None,
        "因公出国（境）费",
        None,
        "公务用车购置及运行费",
        *[None] * 5,
        "公务接待费",
        None,
    )
    form.row(4, None, None, None, None, "小计", None, "购置费", None, "运行费")
    for area in ("A3:B4", "C3:D4", "E3:J3", "E4:F4", "G4:H4", "I4:J4", "K3:L4"):
        form.merge(area)
    form.row(5, *["预算数", "决算数"] * 6)
    for n in range(12):
        form.fact(6, 1 + n, table, ("预算数", "决算数")[n % 2], CARS[n // 2])
    return form


def ding() -> Hand:
    """丁: code and name in one cell, amounts as texts in 元, the 财拨总表 without 行次."""
    form = Hand(2021, style="text")
    form.sheet("1")
    table = "财政拨款收入支出决算总表"
    form.row(1, "附件1-4")
    form.row(2, "2021年财政拨款收支决算总表")
    form.row(3, f"单位：{UNIT}", None, None, None, None, "（单位：人民币元）")
    form.row(4, "收     入", None, "支     出")
    form.merge("A4:B4")
    form.merge("C4:G4")
    form.row(5, "项目", "决算数", "项目（按功能分类）", "小计", *(f"{fund}" for fund in FUNDS))
    for n, label in enumerate(FUNDS):
        form.row(6 + n, f"（{ORDINALS[n]}）{label}")
        form.fact(6 + n, 2, table, "收入", label)
    for n, label in enumerate(FUNCTIONS[:23]):
        form.row(6 + n, f"（{ORDINALS[n]}）{label}", left=3)
        for m, column in enumerate(("合计", *FUNDS)):
            form.fact(6 + n, 4 + m, table, "支出", label, column)
    for n, (left, name, right) in enumerate(
        [
            ("本年收入合计", "本年收入合计", "本年支出合计"),
            ("年初财政拨款结转和结余", "年初财政拨款结转和结余", "年末财政拨款结转和结余"),
            ("  一般公共预算财政拨款", "年初一般公共预算财政拨款", ""),
            ("  政府性基金预算财政拨款", "年初政府性基金预算财政拨款", ""),
            ("  国有资本经营预算财政拨款", "年初国有资本经营预算财政拨款", ""),
            ("收 入 总 计", "总计", "支 出 总 计"),
        ]
    ):
        row = 30 + n
        form.row(row, left, None, right or None)
        form.fact(row, 2, table, "收入", name)
        if right:
            for m, column in enumerate(("合计", *FUNDS)):
                form.fact(
                    row, 4 + m, table, "支出", "总计" if right == "支 出 总 计" else right, column
                )
    form.sheet("2")
    form.row(1, "附件1-3")
    form.row(2, "2021年支出决算表")
    form.row(3, f"单位：{UNIT}", None, None, None, None, "（单位：人民币元）")
    fields = ["本年支出合计", "基本支出", "", "", "项目支出"]
    form.row(4, "功能分类科目", "合计", "基本支出", None, None, "项目支出")
    form.row(5, None, None, "小计", "人员经费", "公用经费")
    form.merge("C4:E4")
    for column in "ABF":
        form.merge(f"{column}4:{column}5")
    form.row(6, "合计")
    total_row(form, 6, 2, "支出决算表", fields)
    list_rows(
        form, 7, 2, "支出决算表", fields, lambda row, code, name: form.row(row, f"{code}-{name}")
    )
    form.sheet("3")
    table = "一般公共预算财政拨款支出决算表"
    form.row(1, "附件1-5")
    form.row(2, "2021年一般公共预算财政拨款支出决算表")
    form.row(3, f"单位：{UNIT}", None, "（单位：人民币元）")
    form.row(4, "科目编码及名称", "本年支出", None, None)
    form.row(5, None, "合计", "基本支出", "项目支出")
    form.merge("B4:D4")
    form.merge("A4:A5")
    list_rows(
        form,
        6,
        2,
        table,
        ["合计", "基本支出", "项目支出"],
        lambda row, code, name: form.row(row, f"[{code}]{name}"),
    )
    return form


def wu() -> Hand:
    """戊: 行次 on both sides of the lists, the year in the title alone, an empty table that says so."""
    form = Hand(2023)
    form.sheet("表二")
    table = "收入决算表"
    form.row(1, "2023年度收入决算表")
    form.row(2, f"编制单位：{UNIT}", *[None] * 6, "金额单位：万元")
    fields = ["本年收入合计", "财政拨款收入", "上级补助收入", "其他收入"]
    form.row(3, "行次", "科目编码", "科目名称", *fields, "行次")
    form.row(4, 1, "合    计")
    form.merge("B4:C4")
    form.row(4, 1, left=8)
    total_row(form, 4, 4, table, fields)
    for n in range(len(SPENT)):
        form.row(5 + n, n + 2)
        form.row(5 + n, n + 2, left=8)
    list_rows(form, 5, 4, table, fields, whole(form, 2))
    form.sheet("表五")
    table = "一般公共预算财政拨款支出决算表"
    form.row(1, "2023年度一般公共预算财政拨款支出决算表")
    form.row(2, f"编制单位：{UNIT}", *[None] * 5, "金额单位：万元")
    fields = ["合计", "基本支出", "项目支出", ""]
    form.row(3, "项目", None, None, None, "本年支出", None, None, "备注")
    form.row(4, "类", "款", "项", "科目名称", "合计", "基本支出", "项目支出", "其中：上年结转")
    form.merge("A3:D3")
    form.merge("E3:G3")
    form.row(5, "甲", None, None, "乙", 1, 2, 3, 4)
    row = list_rows(form, 6, 5, table, fields, own(form))
    form.row(row, "合    计")
    form.merge(f"A{row}:D{row}")
    total_row(form, row, 5, table, fields)
    form.row(row + 1, "单位负责人：", None, "财务负责人：", None, "制表人：")
    form.sheet("表七")
    form.row(1, "2023年度政府性基金预算财政拨款收入支出决算表")
    form.row(2, f"编制单位：{UNIT}", *[None] * 6, "金额单位：万元")
    form.row(
        3,
        "科目编码",
        "科目名称",
        "年初结转和结余",
        "本年收入",
        "本年支出",
        None,
        None,
        "年末结转和结余",
    )
    form.row(4, "小计", "基本支出", "项目支出", left=5)
    form.merge("E3:G3")
    form.row(5, "合计")
    form.row(7, "注：本部门2023年度没有政府性基金预算财政拨款收入和支出，故本表无数据。")
    form.sheet("表八")
    table = "国有资本经营预算财政拨款支出决算表"
    form.row(1, "2023年度国有资本经营预算财政拨款支出决算表")
    form.row(2, f"编制单位：{UNIT}", *[None] * 3, "金额单位：万元")
    form.row(3, "科目编码", "科目名称", "合计", "基本支出", "项目支出")
    fields = ["本年支出", "基本支出", "项目支出"]
    form.row(4, "合计")
    total_row(form, 4, 3, table, fields)
    rows = [
        ("223", "国有资本经营预算支出"),
        ("22301", "解决历史遗留问题及改革成本支出"),
        ("2230105", "国有企业退休人员社会化管理补助支出"),
    ]
    list_rows(form, 5, 3, table, fields, whole(form), rows)
    return form


def ji() -> Hand:
    """己: heads with their money unit and line breaks, the 总表 with a third side, counts beside the 三公."""
    form = Hand(2024)
    form.sheet("总表")
    table = "收入支出决算总表"
    form.row(1, f"{UNIT}2024年度收支决算总表")
    form.row(2, "公开01表", left=8)
    form.row(3, f"部门：{UNIT}", *[None] * 6, "金额单位：万元")
    form.row(4, "收    入", None, "支出（按功能分类）", None, None, "支出（按支出性质）", None)
    form.merge("A4:B4")
    form.merge("C4:E4")
    form.merge("F4:G4")
    form.row(5, "项  目", "决算数", "行次", "项  目", "决算数", "项  目", "决算数")
    incomes = [*INCOMES[:3], "事业收入", "其他收入"]
    for n, label in enumerate(incomes):
        form.row(6 + n, f"{ORDINALS[n]}、{label}")
        form.fact(6 + n, 2, table, "收入", label)
    for n, label in enumerate(FUNCTIONS[:12]):
        form.row(6 + n, 20 + n, f"{ORDINALS[n]}、{label}", left=3)
        form.fact(6 + n, 5, table, "支出", label)
    for n, label in enumerate(("基本支出", "人员经费", "日常公用经费", "项目支出")):
        form.row(6 + n, f"{ORDINALS[n]}、{label}" if n % 3 == 0 else f"    {label}", left=6)
        form.fact(6 + n, 7, "收入支出决算总表其他栏目", "按支出性质和经济分类", label, "决算数")
    for n, (left, name, right) in enumerate(
        [
            ("本年收入合计", "本年收入合计", "本年支出合计"),
            ("上年结转和结余", "年初结转和结余", "年末结转和结余"),
            ("收入总计", "总计", "支出总计"),
        ]
    ):
        form.row(18 + n, left, None, 32 + n, right)
        form.fact(18 + n, 2, table, "收入", name)
        form.fact(18 + n, 5, table, "支出", "总计" if right == "支出总计" else right)
    form.sheet("支出")
    table = "支出决算表"
    form.row(1, "2024年度支出决算表")
    form.row(2, f"部门：{UNIT}")
    fields = ["本年支出合计", "基本支出", "项目支出"]
    form.row(
        3,
        "科目\n编码",
        "科目\n名称",
        "本年支出\n合计\n（万元）",
        "基本支出\n（万元）",
        "项目支出\n（万元）",
    )
    form.row(4, "合计")
    total_row(form, 4, 3, table, fields)
    row = 5
    for one in SPENT:
        row = list_rows(form, row, 3, table, fields, whole(form), [one]) + (len(one[0]) == 7)
    form.sheet("三公经费")
    table = "财政拨款“三公”经费支出决算表"
    form.row(1, "2024年度财政拨款“三公”经费支出决算表")
    form.row(2, f"部门：{UNIT}", None, None, None, None, "金额单位：万元")
    form.row(3, "项目", "预算数", "决算数", "比上年增减", "批次（个）", "人次（人）")
    for n, label in enumerate(
        (
            "合计",
            "一、因公出国（境）费用",
            "二、公务用车购置及运行维护费",
            "  （一）公务用车购置",
            "  （二）公务用车运行维护费",
            "三、公务接待费",
        )
    ):
        form.row(4 + n, label)
        form.fact(4 + n, 2, table, "预算数", CARS[n])
        form.fact(4 + n, 3, table, "决算数", CARS[n])
        form.plant(4 + n, 4)
    form.plant(9, 5)
    form.plant(9, 6)
    return form


FORMS: dict[str, Callable[[], Hand]] = {
    "甲": jia,
    "乙": yi,
    "丙": bing,
    "丁": ding,
    "戊": wu,
    "己": ji,
}
