"""Number formats that print another figure than is stored."""

from __future__ import annotations

import pytest
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.workbook import Workbook

from tests.unearned.books import BASIC, FUNDS, INCOME, OVERVIEW, SPENDING, THREE, sound
from tests.unearned.edits import Edit, both, changed, formatted, place, put
from tests.unearned.trial import unearned

FORMATS = {
    "元显示成万元": "0!.0000",
    "千位": "#,##0.00,",
    "百万": "0.00,,",
    "千位不带小数": "#,##0,",
    "百分比": "0.00%",
    "千分比": "0.00‰%",
    "固定文字": '"125.50"',
    "不显示": ";;;",
    "正数不显示": ";-0.00;0.00",
    "只显示空格": '" "',
    "反斜线写的数": "\\4\\5.\\5\\0",
    "叹号写的数": "!4!5!.!5!0",
    "前面加一位": '"1"0.00',
    "后面加一位": '0.00"1"',
    "中间加一位": '0"5".00',
    "小数点是文字": '0"."00',
    "点是文字的两位": "0!.00",
    "当作负数": "-0.00",
    "当作括号里的负数": "(0.00)",
    "科学记数": "0.00E+00",
    "分数": "# ?/?",
    "中文小写": "[DBNum1]0.00",
    "中文大写": "[DBNum2]0.00",
    "日期": "yyyy-mm-dd",
    "时间": "[h]:mm",
    "取整": "0",
    "带千分位的取整": "#,##0",
    "条件里的固定文字": '[>50]"40.00";0.00',
    "条件里不显示": '[>50]"";0.00',
    "等于时换一个数": '[=55.5]"45.50";0.00',
    "条件里缩小": "[>10]0.00,;0.00",
    "填充的数字": "*90.00",
    "填充的数字在后": "0.00*9",
    "货币号里的数": "[$1]0.00",
    "颜色里不显示": "[White]0.00",
    "正数写成负数的样子": "[Red]-#,##0.00;[Red]-#,##0.00",
    "亿元": '0.0000,,"亿"',
    "带另一个单位": '0.00"元"',
    "带千元": '0.00"千元"',
    "全角数字的文字": '"４５．５０"',
    "文字节": '@"1"',
    "空的第一节": ";",
}


@pytest.mark.parametrize("attempt", FORMATS)
def test_a_format_of_an_amount_that_prints_another_figure(attempt: str) -> None:
    book = changed(sound(), formatted(SPENDING, FORMATS[attempt], "G@2010302"))
    unearned(book, naming="公开03 支出决算表!G")


PLACES: dict[str, tuple[Edit, str]] = {
    "合计的公式": (formatted(SPENDING, "#,##0.00,", "E7"), "E7"),
    "总计": (formatted(OVERVIEW, '"299.00"', "C37"), "C37"),
    "一整栏": (formatted(INCOME, "0.00%", "F7", "F8", "F9", "F@2010301"), "F7"),
    "零换成数": (both(put(THREE, {"H8": 0}), formatted(THREE, '0.00;-0.00;"1.00"', "H8")), "H8"),
    "空文字的公式印成数": (formatted(SPENDING, '0.00;-0.00;0.00;"9.00"', "H7"), "H7"),
    "表外的零印成数": (
        both(put(SPENDING, {"M11": 0}), formatted(SPENDING, '0.00;-0.00;"9.00"', "M11")),
        "M11",
    ),
    "经济科目": (formatted(BASIC, "0", "F22"), "F22"),
    "三公": (formatted(THREE, "0", "L8"), "L8"),
    "基金": (formatted(FUNDS, "#,##0.00,", "G7"), "G7"),
}


@pytest.mark.parametrize("attempt", PLACES)
def test_wherever_the_format_is(attempt: str) -> None:
    edit, naming = PLACES[attempt]
    unearned(changed(sound(), edit), naming=naming)


def conditional(code: str | None = None, colour: str | None = None, *, rule: str = "G1<>0") -> Edit:
    """Let a conditional format change what G prints."""

    def edit(book: Workbook) -> None:
        look = DifferentialStyle(
            numFmt=NumberFormat(numFmtId=190, formatCode=code) if code else None,
            font=Font(color=colour) if colour else None,
        )
        ref = place(book, SPENDING, "G@2010302")
        book[SPENDING].conditional_formatting.add(
            ref, Rule(type="expression", dxf=look, formula=[rule.replace("G1", ref)])
        )

    return edit


CONDITIONAL = {
    "固定文字": conditional('"45.50"'),
    "不显示": conditional(";;;"),
    "千位": conditional("#,##0.00,"),
    "取整": conditional("0"),
    "百分比": conditional("0%"),
}


@pytest.mark.parametrize("attempt", CONDITIONAL)
def test_a_conditional_format_that_prints_another_figure(attempt: str) -> None:
    unearned(changed(sound(), CONDITIONAL[attempt]), naming="公开03 支出决算表!G")
