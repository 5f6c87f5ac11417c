"""Sound books as people keep them: none of this is an error."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tests.support.libreoffice import saved_as
from tests.unearned.books import INCOME, OVERVIEW, SPENDING, THREE, sound, values
from tests.unearned.edits import Edit, changed, extra, put
from tests.unearned.trial import stands

AMOUNTS = {SPENDING: "EFG", INCOME: "EFH"}


def every(code: str) -> Edit:
    """Give every amount of two tables another number format."""

    def edit(book: Workbook) -> None:
        for name, columns in AMOUNTS.items():
            for row in book[name].iter_rows(min_row=7, max_row=26):
                for cell in row:
                    if not isinstance(cell, MergedCell) and cell.column_letter in columns:
                        cell.number_format = code

    return edit


FORMATS = {
    "两位小数": "0.00",
    "千分位": "#,##0.00",
    "负数红字": "#,##0.00;[Red]-#,##0.00",
    "负数红字括号": "#,##0.00_);[Red](#,##0.00)",
    "会计格式": '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    "会计格式带货币": '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    "货币": "¥#,##0.00;¥-#,##0.00",
    "货币带区域": "[$¥-804]#,##0.00;[$¥-804]-#,##0.00",
    "零显示为杠": '#,##0.00;-#,##0.00;"-"',
    "零显示为长杠": '#,##0.00;-#,##0.00;"—"',
    "零不显示": "#,##0.00;-#,##0.00;",
    "常规": "General",
    "四位小数": "#,##0.0000",
    "六位小数": "0.000000",
    "井号小数": "#,##0.##",
    "带万元": '#,##0.00"万元"',
    "后面一个空格": "#,##0.00_ ",
    "颜色": "[Blue]#,##0.00",
    "区域": "[$-804]#,##0.00",
    "空的区域": "[$-]0.00",
    "文字补的零": '0.00"0"',
    "零用白字": "#,##0.00;-#,##0.00;[White]0.00",
    "文本节": "#,##0.00;-#,##0.00;0.00;@",
    "正负带三角": '#,##0.00;"△"#,##0.00',
    "条件颜色": "[Red][<0]-#,##0.00;[Black]#,##0.00",
    "文本": "@",
}


@pytest.mark.parametrize("attempt", FORMATS)
def test_a_number_format_that_prints_the_figure(attempt: str) -> None:
    stands(changed(sound(), every(FORMATS[attempt])))


def comments(book: Workbook) -> None:
    book[SPENDING]["G11"].comment = Comment("上年是60.25万元，核对过", "张")


def widened(book: Workbook) -> None:
    for sheet in book:
        for column in "ABCDEF":
            sheet.column_dimensions[column].width = 24
        sheet.row_dimensions[8].height = 30


def reordered(book: Workbook) -> None:
    book._sheets.reverse()


def renamed(book: Workbook) -> None:
    for n, sheet in enumerate(book.worksheets):
        sheet.title = f"Sheet{n + 1}"


def printing(book: Workbook) -> None:
    for sheet in book:
        sheet.print_title_rows = "1:6"
        sheet.page_setup.orientation = "landscape"
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
        sheet.oddHeader.left.text = "2024年度部门决算公开"
        sheet.freeze_panes = "A7"


def looks(book: Workbook) -> None:
    for cell in book[SPENDING][8]:
        if not isinstance(cell, MergedCell):
            cell.font = Font(bold=True, color="FF0000FF", name="仿宋")
            cell.fill = PatternFill("solid", fgColor="FFFFF2CC")
            cell.alignment = Alignment(shrink_to_fit=True)
    book[SPENDING].conditional_formatting.add(
        "E7:G26", CellIsRule(operator="lessThan", formula=["0"], font=Font(color="FFFF0000"))
    )
    book[SPENDING].conditional_formatting.add(
        "E7:E26",
        ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="F8696B"),
    )
    valid = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
    valid.add("F8:G26")
    book[SPENDING].add_data_validation(valid)


def hidden_without_figures(book: Workbook) -> None:
    sheet = book.create_sheet("参数")
    sheet["A1"] = "省标准字典"
    sheet["A2"] = "是"
    sheet["A3"] = "否"
    sheet.sheet_state = "hidden"
    book[SPENDING].column_dimensions["Z"].hidden = True
    book[SPENDING].row_dimensions[60].hidden = True


def protected(book: Workbook) -> None:
    for sheet in book:
        sheet.protection.sheet = True


BOOKS: dict[str, Edit] = {
    "封面": extra("封面", [["2024年度部门决算"], ["部门名称：临江县水务局"], ["编制日期：2025年8月15日"]]),
    "封面带日期格": extra("封面", [["部门决算公开"], [datetime.date(2025, 8, 15)], ["年度", 2024]]),
    "封面带编码电话": extra(
        "封面",
        [["部门决算报表"], ["统一社会信用代码", "11340000003000000X"], ["邮政编码", 230001], ["电话", "0551-12345678"]],
    ),
    "目录": extra("目录", [["目录"], ["一、收入支出决算总表", 1], ["二、收入决算表", 2], ["三、支出决算表", 3]]),
    "目录页码是文字": extra("目录", [["目  录"], ["收入支出决算总表……………1"], ["收入决算表……………2"]]),
    "填表说明": extra("填表说明", [["填表说明"], ["1.金额单位为万元，保留两位小数。"], ["2.本套表适用于2024年度。"]]),
    "科目字典": extra("科目", [["科目编码", "科目名称"], ["201", "一般公共服务支出"], [20101, "人大事务"]]),
    "单位字典": extra("字典", [["代码", "名称"], [1, "行政单位"], [2, "事业单位"], [3, "其他"]]),
    "空的工作表": extra("Sheet1", []),
    "只有文字的工作表": extra("备注", [["本年无政府采购"], ["联系人：办公室"]]),
    "注里有年度": put(SPENDING, {"A31": "注：根据《2024年政府收支分类科目》（财预〔2023〕88号）编制，共3页第1页。"}),
    "注里有门槛": put(SPENDING, {"A33": "注：单价五十万元以上的设备另行统计；支出科目共11项，见第3页。"}),
    "注里有科目": put(SPENDING, {"A33": "说明：本表支出按2024年度政府收支分类科目列示，类、款、项共三级。"}),
    "注里有日期": put(SPENDING, {"A33": "填报日期：2025年8月15日    审核：办公室"}),
    "批注": comments,
    "列宽行高": widened,
    "工作表次序": reordered,
    "工作表改名": renamed,
    "打印设置": printing,
    "字体底色条件格式": looks,
    "隐藏的字典和空行": hidden_without_figures,
    "保护": protected,
    "标题里有空格": put(SPENDING, {"A1": "支 出 决 算 表"}),
    "标题里有年度": put(SPENDING, {"A1": "2024年度支出决算表"}),
    "标签里有换行": put(OVERVIEW, {"A8": "二、政府性基金预算\n财政拨款收入"}),
    "单位写作单位万元": put(SPENDING, {"H3": "单位：万元"}),
    "年度写作年": put(SPENDING, {"E3": "2024年"}),
    "零写成0": put(THREE, {"B8": 0, "D8": 0, "H8": 0, "J8": 0}),
    "零写成杠": put(THREE, {"B8": "-", "D8": "-", "H8": "—", "J8": "—"}),
    "未用的名称": lambda book: book.defined_names.add(
        __import__("openpyxl").workbook.defined_name.DefinedName("旧名", attr_text="'公开01 收入支出决算总表'!$A$1")
    ),
    "为零的另一列": put(SPENDING, {"M8": 0, "M9": 0}),
    "表外的序号": put(SPENDING, {"L8": 1, "L9": 2, "L10": 3}),
    "审核人签字": put(SPENDING, {"A33": "单位负责人：      财务负责人：      填表人："}),
}  # fmt: skip


@pytest.mark.parametrize("attempt", BOOKS)
def test_what_people_do_to_a_sound_book(attempt: str) -> None:
    stands(changed(sound(), BOOKS[attempt]))


def test_a_book_of_values_only() -> None:
    stands(values())


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_copy_that_another_program_saved(kind: str, tmp_path: Path, soffice: str) -> None:
    source = tmp_path / "决算.xlsx"
    source.write_bytes(sound())
    [copy] = saved_as(soffice, kind, [source], tmp_path / "另存")
    stands(copy)
