"""The same tricks on a form that is only recognised, and on the tables of other editions."""

from __future__ import annotations

from functools import lru_cache

import pytest
from openpyxl.workbook import Workbook

from tests.support.documents import make
from tests.unearned.books import filled
from tests.unearned.edits import Edit, both, changed, copied, extra, formatted, put, removed
from tests.unearned.ownform import own_form
from tests.unearned.trial import stands, unearned


def second(title: str) -> Edit:
    return copied("g03支出", title, "又一份", C5=999)


def all_years(text: str) -> Edit:
    def edit(book: Workbook) -> None:
        for sheet in book:
            sheet["B2"] = text

    return edit


def hidden(book: Workbook) -> None:
    book["g03支出"].sheet_state = "hidden"


def hidden_rows(book: Workbook) -> None:
    for row in range(8, 12):
        book["g03支出"].row_dimensions[row].hidden = True


detail = [["支出决算明细表"], ["编制单位：临江县水务局", "2024年度", "单位：万元"],
          ["科目编码", "科目名称", "合计", "工资福利支出"], ["2010301", "行政运行", 999.5, 999.5]]  # fmt: skip
assets = [["国有资产占用情况表"], ["项目", "金额"], ["房屋", 1250.5], ["车辆", 33.2]]

ATTEMPTS: dict[str, Edit] = {
    "只认得名字的表": extra("g09明细", detail),
    "不认得的表": extra("g10资产", assets),
    "第二份": second("支出决算表"),
    "续表": second("支出决算表（续）"),
    "调整后": second("支出决算表（调整后）"),
    "标题不认得": put("g03支出", {"A1": "各项开支情况表"}),
    "标题不认得的三公": put("g08三公", {"A1": "三项费用情况表"}),
    "没有标题的三公": put("g08三公", {"A1": ""}),
    "栏名不认得": put("g03支出", {"D3": "人员类支出"}),
    "栏名写反": put("g03支出", {"D3": "项目支出", "E3": "基本支出"}),
    "自己加的一栏": put("g03支出", {"I3": "备用金", "I6": 125.5}),
    "加的一栏没有栏名": put("g03支出", {"J6": 125.5}),
    "表下一行数": put("g03支出", {"B40": "另有", "C40": 125.5}),
    "没有编码的一行": put("g03支出", {"A8": None, "B8": None}),
    "行名不认得": put("g01总表", {"A9": "五、账外收入"}),
    "三公里自己加的一行": put("g08三公", {"A10": "4.其他费用", "B10": 3, "C10": 12.5}),
    "总表少一行": lambda book: book["g01总表"].delete_rows(9),
    "表头写两个单位": put("g03支出", {"A2": "编制单位：临江县水务局  单位：元"}),
    "一张表单位是元": put("g08三公", {"C2": "单位：元"}),
    "各表都没有单位": lambda book: [sheet.__setitem__(f"{'CDEFGHI'[i]}2", None) for sheet in book for i in range(7)],
    "年度在外": all_years("2098年度"),
    "早年": all_years("2012年度"),
    "没有年度": all_years(""),
    "一张表是上年": put("g03支出", {"B2": "2023年度"}),
    "一张表的标题是上年": put("g03支出", {"A1": "2023年度支出决算表"}),
    "隐藏一张表": hidden,
    "隐藏几行": hidden_rows,
    "千位": formatted("g03支出", "#,##0.00,", "D6"),
    "固定文字": formatted("g08三公", '"1.50"', "C8"),
    "不显示": formatted("g01总表", ";;;", "B5", "B6"),
    "总表两项财政拨款错": put("g01总表", {"B5": 134, "B6": 140}),
    "三公大于支出": put("g08三公", {"C9": 300, "C4": 304.5}),
    "三公填成元": both(
        put("g08三公", {"B4": 70000, "B6": 50000, "B8": 50000, "B9": 20000}),
        put("g08三公", {"C4": 60000, "C6": 45000, "C8": 45000, "C9": 15000}),
    ),
    "基金表换一类": put("g07基金", {"A5": "213", "A6": "21308", "A7": "2130801", "A8": "2130803"}),
    "删去支出表": removed("g03支出"),
    "删去总表": removed("g01总表"),
    "页眉里的数": lambda book: setattr(book["g01总表"].oddHeader.left, "text", "账外支出125.50万元"),
}  # fmt: skip


def test_the_recognised_form_is_sound() -> None:
    stands(own_form())


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_recognised_form(attempt: str) -> None:
    unearned(changed(own_form(), ATTEMPTS[attempt]))


@lru_cache(maxsize=2)
def form(edition: str) -> bytes:
    return filled(make(0, edition, details=5))


def first_amount(book: Workbook, code: str | None = None, value: object = None) -> None:
    """Change the first typed amount of 支出决算表."""
    sheet = next(
        one
        for one in book
        if "支出决算表" in one.title and "收入" not in one.title and "财政" not in one.title
    )
    for row in sheet.iter_rows(min_row=6):
        for cell in row:
            if isinstance(cell.value, float):
                if code:
                    cell.number_format = code
                if value is not None:
                    cell.value = value
                return
    raise AssertionError(sheet.title)


OTHER_EDITIONS: dict[str, Edit] = {
    "另加一张表": extra("附表", [["机构运行信息表"], ["账外支出", 125.5]]),
    "右边的数": lambda book: put(book.worksheets[1].title, {"T9": 125.5})(book),
    "表下的数": lambda book: put(book.worksheets[1].title, {"C200": 125.5})(book),
    "千位": lambda book: first_amount(book, "#,##0.00,"),
    "固定文字": lambda book: first_amount(book, '"5.00"'),
    "文字": lambda book: first_amount(book, value="见附件"),
    "数不同": lambda book: first_amount(book, value=77777.77),
    "隐藏": lambda book: setattr(book.worksheets[2], "sheet_state", "hidden"),
    "第二份": lambda book: setattr(book.copy_worksheet(book.worksheets[2]), "title", "又"),
    "删一张": lambda book: book.remove(book.worksheets[3]),
    "白字的数": lambda book: put(book.worksheets[0].title, {"K3": "账外125.50万元"})(book),
}  # fmt: skip


@pytest.mark.parametrize("edition", ["2024-shanghai", "2021-national"])
@pytest.mark.parametrize("attempt", OTHER_EDITIONS)
def test_another_edition(attempt: str, edition: str) -> None:
    unearned(changed(form(edition), OTHER_EDITIONS[attempt]))


@pytest.mark.parametrize("edition", ["2024-shanghai", "2021-national"])
def test_the_other_editions_are_sound(edition: str) -> None:
    stands(form(edition))
