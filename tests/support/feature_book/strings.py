"""The shared string table: plain, rich and phonetic texts, found by their plain text."""

from __future__ import annotations

from tests.support.feature_book.layout import escaped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

TITLE = "收入支出决算总表"
TITLE_ITEM = (
    '<si><r><rPr><b/><sz val="16"/><color theme="1"/><rFont val="黑体"/><charset val="134"/></rPr>'
    '<t>收入支出</t></r><r><rPr><sz val="16"/><color rgb="FFC00000"/><rFont val="黑体"/>'
    '<vertAlign val="superscript"/></rPr><t xml:space="preserve">决算总表</t></r></si>'
)
UNIT = "东京办事处"
UNIT_ITEM = (
    '<si><t>东京办事处</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'
    '<rPh sb="2" eb="5"><t>ジムショ</t></rPh><phoneticPr fontId="4" type="fullwidthKatakana"/></si>'
)
SPACED = "  其中：本级 "
WRAPPED = "备\n注"

WORDS = """
编制单位： 金额单位： 万元 类别 科目编码 金额 备注 比例 预算数 决算数 差额 栏次 本年支出
2010101 2010102 2010199 行政运行 一般事务 其他支出 合计 附列资料 上年 本年 一、结转 二、结余
三、合计 人数 是 否 财政网站 0012 编码 名称 甲 乙 丙 单位负责人： 填报日期 支出明细 项目 引用
人员经费 公用经费 附表 说明
"""
PLAIN = (*WORDS.split(), "v1 & <测试>")


def _plain(text: str) -> str:
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<si><t{space}>{escaped(text)}</t></si>"


_ITEMS = {
    TITLE: TITLE_ITEM,
    UNIT: UNIT_ITEM,
    **{text: _plain(text) for text in (SPACED, WRAPPED, *PLAIN)},
}
_INDEX = {text: index for index, text in enumerate(_ITEMS)}


def text(ref: str, string: str, style: int, attributes: str = "") -> str:
    """A cell that shows `string` from the table."""
    return f'<c r="{ref}" s="{style}" t="s"{attributes}><v>{_INDEX[string]}</v></c>'


def shared_strings() -> str:
    items = "".join(_ITEMS.values())
    return f'<sst xmlns="{MAIN}" count="70" uniqueCount="{len(_ITEMS)}">{items}</sst>'
