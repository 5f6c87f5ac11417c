"""Figures that belong to no table: wherever they stand, they are named and the book is not 合格."""

from __future__ import annotations

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from tests.unearned.books import (
    BASIC,
    FISCAL,
    FUNDS,
    GENERAL,
    OVERVIEW,
    SPENDING,
    STATE,
    THREE,
    sound,
)
from tests.unearned.edits import Edit, changed, copied, extra, free, part_of, parts, put
from tests.unearned.trial import unearned


def beside(sheet: str, ref: str, value: object, code: str = "#,##0.00", **font: str) -> Edit:
    def edit(book: Workbook) -> None:
        cell = free(book[sheet], ref)
        cell.value = value
        cell.number_format = code
        if font:
            cell.font = Font(**font)

    return edit


def merged_below(book: Workbook) -> None:
    book[OVERVIEW].merge_cells("A40:F41")
    book[OVERVIEW]["A40"] = 125.5


def without_width(book: Workbook) -> None:
    book[SPENDING]["P9"] = 125.5
    book[SPENDING].column_dimensions["P"].width = 0


def without_height(book: Workbook) -> None:
    book[SPENDING]["E40"] = 125.5
    book[SPENDING].row_dimensions[40].height = 0.75


def copied_block(book: Workbook) -> None:
    """The whole table once more, under its note."""
    sheet = book[GENERAL]
    for row in list(sheet.iter_rows(min_row=1, max_row=12)):
        for cell in row:
            if cell.value is not None:
                sheet.cell(cell.row + 40, cell.column, cell.value)


def footer(text: str) -> Edit:
    def edit(book: Workbook) -> None:
        book[OVERVIEW].oddFooter.left.text = text

    return edit


def header(text: str) -> Edit:
    def edit(book: Workbook) -> None:
        book[OVERVIEW].oddHeader.right.text = text

    return edit


def hidden_extra(state: str) -> Edit:
    return extra(
        "备查",
        [["项目", "金额"], ["账外支出", 125.5]],
        lambda sheet: setattr(sheet, "sheet_state", state),
    )


def rich(book: Workbook) -> None:
    book[OVERVIEW]["A42"] = CellRichText(
        "另有支出1", TextBlock(InlineFont(b=True), "25.50"), "万元"
    )


own = [
    ["机构运行信息表"],
    ["金额单位：万元"],
    ["项目", "金额"],
    ["账外支出", 125.5],
    ["合计", 125.5],
]

ATTEMPTS: dict[str, tuple[Edit, str]] = {
    "另加的一张表": (extra("机构运行信息表", own), "机构运行信息表"),
    "另加的没有标题的数": (extra("Sheet1", [[125.5], [33.25]]), "Sheet1"),
    "一个数的工作表": (extra("Sheet1", [[None], [None, None, 125.5]]), "Sheet1"),
    "调整后的第二份": (copied(SPENDING, "支出决算表（调整后）", "公开03调整", F11=999), "公开03调整"),
    "续表": (copied(SPENDING, "支出决算表（续）", "公开03续", F11=999), "公开03续"),
    "标题相同的第二份": (copied(SPENDING, "支出决算表", "公开03 (2)", F11=999), "公开03 (2)"),
    "标题带空格的第二份": (copied(SPENDING, "支 出 决 算 表 ", "公开03 (2)", F11=999), "公开03 (2)"),
    "送审稿": (copied(OVERVIEW, "收入支出决算总表（送审稿）", "送审", C7=999), "送审"),
    "上年的同一张表": (copied(OVERVIEW, "2023年度收入支出决算总表", "上年", C7=999), "上年"),
    "右边没有栏名的数": (beside(OVERVIEW, "H12", 125.5), "H12"),
    "右边有栏名的数": (put(OVERVIEW, {"H5": "调整数", "H12": 125.5}), "H12"),
    "清单右边紧挨着自己加的一栏": (put(SPENDING, {"K5": "其中：账外", "K11": 125.5}), "K11"),
    "注下面一行": (put(SPENDING, {"A33": "另：专户支出", "E33": 125.5}), "E33"),
    "注下面隔很多行": (put(SPENDING, {"E500": 125.5}), "E500"),
    "很远的一格": (put(SPENDING, {"XFD1048576": 125.5}), "XFD1048576"),
    "注里写的数": (put(OVERVIEW, {"A38": "注：另有账外支出125.50万元，未列入本表。"}), "A38"),
    "注下面一句话里的数": (put(OVERVIEW, {"A40": "另有账外支出125.50万元"}), "A40"),
    "注下面一句话里的大数": (put(OVERVIEW, {"A40": "另有支出1,255,000元"}), "A40"),
    "标题里的数": (put(OVERVIEW, {"A1": "收入支出决算总表（不含账外125.50万元）"}), "125.50"),
    "表号旁边的数": (put(OVERVIEW, {"C2": 125.5}), "C2"),
    "标题旁边的数": (put(OVERVIEW, {"H1": 125.5}), "H1"),
    "单位名称与年度之间的数": (put(OVERVIEW, {"B3": 125.5}), "B3"),
    "年度与单位之间的话": (put(OVERVIEW, {"D3": "账外125.50万元"}), "D3"),
    "白字": (beside(SPENDING, "M11", 125.5, color="FFFFFFFF"), "M11"),
    "一磅高的行": (without_height, "E40"),
    "没有宽度的栏": (without_width, "P9"),
    "合并的格": (merged_below, "A40"),
    "文字数字": (put(SPENDING, {"M11": "125.50"}), "M11"),
    "带单位的文字数字": (put(SPENDING, {"M11": "125.50万元"}), "M11"),
    "全角数字": (put(SPENDING, {"M11": "１２５．５０"}), "M11"),
    "夹着看不见的字的数": (put(SPENDING, {"M11": "125\u200b.50"}), "M11"),
    "带脚注号的数": (put(SPENDING, {"M11": "125.50①"}), "M11"),
    "括号里的负数": (put(SPENDING, {"M11": "(125.50)"}), "M11"),
    "带货币号的数": (put(SPENDING, {"M11": "￥125.50"}), "M11"),
    "大写金额": (put(SPENDING, {"M11": "壹佰贰拾伍万伍仟元整"}), "M11"),
    "大写金额没有整字": (put(OVERVIEW, {"A40": "另有账外支出壹佰贰拾伍万伍仟元"}), "A40"),
    "小写的中文金额": (put(OVERVIEW, {"A40": "另有账外支出一百二十五万元"}), "A40"),
    "带点的中文金额": (put(OVERVIEW, {"A40": "另有账外支出一百二十五点五万元，未列入"}), "A40"),
    "话里一位小数": (put(OVERVIEW, {"A40": "账外支出合计125.5"}), "A40"),
    "话里的整数": (put(OVERVIEW, {"A40": "账外支出合计：125500"}), "A40"),
    "话里的货币号": (put(OVERVIEW, {"A40": "账外￥125500"}), "A40"),
    "话里的人民币": (put(OVERVIEW, {"A40": "账外人民币125500"}), "A40"),
    "科学记数的文字": (put(SPENDING, {"M11": "1.255E2"}), "M11"),
    "空格隔开的数": (put(SPENDING, {"M11": "1 2 5 . 5 0"}), "M11"),
    "数学字母的数": (put(SPENDING, {"M11": "𝟏𝟐𝟓.𝟓𝟎"}), "M11"),
    "约数": (put(SPENDING, {"M11": "约125.50"}), "M11"),
    "目录里有整数的账": (extra("目录", [["目录"], ["账外支出", 88], ["账外收入", 125]]), "目录"),
    "目录里往回走的数": (extra("目录", [["目录"], ["账外甲", 125], ["账外乙", 88]]), "目录"),
    "目录里有大数": (extra("目录", [["目录"], ["账外甲", 125], ["账外乙", 1880]]), "目录"),
    "说是目录的表": (extra("账外", [["目录"], ["账外甲", 3], ["账外乙", 12.5]]), "账外"),
    "目录里有金额栏": (
        extra("目录", [["目录"], ["项目", "金额（万元）"], ["账外支出", 125], ["账外收入", 88]]),
        "目录",
    ),
    "假的审核表": (extra("审核表", [["审核表"], ["账外支出", 125.5]]), "审核表"),
    "假的校验结果": (extra("校验结果", [["校验结果"], ["账外支出", 125.5]]), "校验结果"),
    "整数": (put(SPENDING, {"M11": 125}), "M11"),
    "像年度的金额": (beside(SPENDING, "M11", 2024), "M11"),
    "像年度的金额有栏名": (extra("附", [["项目", "金额（万元）"], ["账外支出", 2024], ["账外收入", 2023]]), "附"),
    "像编码的金额": (beside(SPENDING, "M11", 2010301), "M11"),
    "像序号的金额": (extra("附", [["项目", "金额（万元）"], ["甲", 1], ["乙", 2], ["丙", 3]]), "附"),
    "小的整数金额": (extra("附", [["项目", "金额（万元）"], ["甲", 3], ["乙", 8], ["合计", 11]]), "附"),
    "负数": (beside(SPENDING, "M11", -125.5), "M11"),
    "百分数": (beside(SPENDING, "M11", 0.855, "0.0%"), "M11"),
    "公式": (put(SPENDING, {"M11": "='公开01 收入支出决算总表'!C7*1.1"}), "M11"),
    "文字公式": (put(SPENDING, {"M11": '="账外"&TEXT(125.5,"0.00")&"万元"'}), "M11"),
    "富文本": (rich, "A42"),
    "总表的空行": (put(OVERVIEW, {"C20": 125.5}), "C20"),
    "总表的空行有自己写的项目": (put(OVERVIEW, {"A20": "九、专户收入", "C20": 125.5}), "C20"),
    "行次写成数": (put(OVERVIEW, {"B7": 205.5}), "B7"),
    "栏次写成数": (put(SPENDING, {"E6": 205.5}), "E6"),
    "财政拨款总表下面的空格": (put(FISCAL, {"G36": 125.5}), "G36"),
    "基本支出表的空格": (put(BASIC, {"C33": 125.5}), "C33"),
    "基本支出表编码栏里的数": (put(BASIC, {"A33": "其他", "C33": 12.5}), "C33"),
    "三公表下面一行": (put(THREE, {"A11": 125.5}), "A11"),
    "三公表两行数": (put(THREE, {"G9": 6, "L9": 6}), "公开09"),
    "清单的空行有数没有编码": (put(STATE, {"D12": "其他", "G12": 125.5}), "G12"),
    "没有数的表写着话和数": (put(FUNDS, {"L5": 125.5}), "L5"),
    "表注下面又一份": (copied_block, "一般公共预算财政拨款支出决算表"),
    "页脚": (footer("另有账外支出 125.50 万元"), "125.50"),
    "页眉": (header("账外1,255,000元"), "1,255,000"),
    "隐藏的另一张": (hidden_extra("hidden"), "备查"),
    "深藏的另一张": (hidden_extra("veryHidden"), "备查"),
    "封面上的数": (extra("封面", [["2024年度部门决算"], ["支出总额", 999.5]]), "封面"),
    "填表说明里的表": (extra("填表说明", [["项目", "金额"], ["账外支出", 125.5]]), "填表说明"),
    "目录里的数": (extra("目录", [["公开01表", 125.5], ["公开02表", 33.25]]), "目录"),
    "代码表里的金额": (extra("代码", [["科目编码", "科目名称", "金额"], ["2010301", "行政运行", 125.5]]), "代码"),
    "名字很长的空格": (extra("附", [[" " * 40 + "125.50"]]), "附"),
    "自评表放在同一簿里": (
        extra("项目支出绩效自评表", [["项目支出绩效自评表"], ["项目名称", "水库除险"], ["年度资金总额", 55.5, 50.25]]),
        "项目支出绩效自评表",
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_figure_outside_the_tables_is_named(attempt: str) -> None:
    edit, naming = ATTEMPTS[attempt]
    unearned(changed(sound(), edit), naming=naming)


_DRAWING = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor>
<xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>40</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>
<xdr:to><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>44</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>
<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="文本框 1"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>
<xdr:spPr/><xdr:txBody><a:bodyPr/><a:p>{runs}</a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"""
_RUN = "<a:r><a:rPr/><a:t>{}</a:t></a:r>"
BOXES = {
    "一段": ["另有账外支出125.50万元"],
    "拆成几段": ["另有账外支出1", "25.5", "0万元"],
    "只有一个数": ["125.50"],
}


@pytest.mark.parametrize("attempt", BOXES)
def test_a_figure_in_a_text_box_is_named(attempt: str) -> None:
    book = sound()
    sheet = part_of(book, OVERVIEW)
    name = sheet.rpartition("/")[2]
    link = (
        '<Relationship Id="rId901" Type="{}/drawing" Target="../drawings/drawing901.xml"/>'.format(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        )
    )
    drawing = _DRAWING.format(runs="".join(_RUN.format(one) for one in BOXES[attempt]))
    mark = '<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId901"/>'
    kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
    tricked = parts(
        book,
        {
            sheet: lambda text: text.replace("</worksheet>", mark + "</worksheet>"),
            "[Content_Types].xml": lambda text: text.replace(
                "</Types>",
                f'<Override PartName="/xl/drawings/drawing901.xml" ContentType="{kind}"/></Types>',
            ),
        },
        {
            "xl/drawings/drawing901.xml": drawing,
            f"xl/worksheets/_rels/{name}.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
            f'package/2006/relationships">{link}</Relationships>',
        },
    )
    unearned(tricked, naming="125.50")
