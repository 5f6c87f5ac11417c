"""Workbooks that are no edition's form: recognised by their words, and what is not is named."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.editing import saved
from tests.support.terminal import xltool
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.core.schemas import schema_problems
from xltool.mapping.files import read_raw
from xltool.mapping.recognition.titles import read_title
from xltool.mapping.recognition.vocabulary.keys import header_key, row_key, title_key
from xltool.mapping.recognition.vocabulary.wordfiles import VOCABULARY, vocabulary
from xltool.reading import Reading, examine

Rows = list[list[object]]

INCOME: Rows = [
    ["附件3：2022年度收入决算表（公开02表）"],
    ["编制单位：某县水务站", None, None, None, "金额单位：元"],
    ["项目", None, None, "本年收入\n合计", "财政拨款收入", "其他收入", "备注"],
    ["科目代码", None, None, None, None, None, None],
    ["类", "款", "项", None, None, None, None],
    ["栏次", None, None, 1, 2, 3, 4],
    ["合计", None, None, 30.5, 30, 0.5, 7],
    ["213", None, None, 30.5, 30, 0.5, None],
    [None, "03", None, 30.5, 30, 0.5, None],
    [None, None, "01", 30.5, 30, 0.5, None],
    ["注：本表反映本年度收入情况。"],
]


def blank_income(
    *body: list[object], year: int = 2022, unit: str = "元", named: bool = True
) -> Rows:
    """A blank 收入决算表 with these rows between its heads and its note; `named`: with a column of names."""
    name = ["科目名称"] if named else []
    return [
        [f"{year}年度收入决算表"],
        ["编制单位：", *[None] * len(name), None, f"金额单位：{unit}"],
        ["科目编码", *name, "本年收入合计", "财政拨款收入"],
        *body,
        ["注：本表反映本年度收入情况。"],
    ]


def book(**sheets: Rows) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        ws: Worksheet = workbook.create_sheet(name)
        for row in rows:
            ws.append(row)
    return saved(workbook)


def read(**sheets: Rows) -> Reading:
    return examine(book(**sheets))


def test_a_table_is_read_by_its_words_alone() -> None:
    reading = read(表2=INCOME)
    report = reading.report
    assert (report.form, report.unit_name, report.year, report.unit) == (
        "识别",
        "某县水务站",
        2022,
        "元",
    )
    table = report.tables["收入决算表"][0]
    assert table.fields == {
        ("合计", "本年收入合计"): Decimal("30.5"),
        ("合计", "财政拨款收入"): Decimal(30),
        ("合计", "其他收入"): Decimal("0.5"),
    }
    assert [row["科目编码"] for row in table.lists["明细"]] == ["213", "21303", "2130301"]


@pytest.mark.parametrize(
    ("sample", "edition"), [("sgb-2024", "2024-shanghai"), ("beiguan-2021", "2021-national")]
)
def test_a_named_edition_is_found_by_the_same_words(sample: str, edition: str) -> None:
    """Heads that the edition does not know: the vocabulary does, whether the edition is named or not."""
    book = openpyxl.load_workbook(SAMPLES / f"{sample}.xlsx", data_only=True)
    amount = "本年决算数"
    words = {"科目名称": "功能科目名称", "行次": "序号", "金额": amount, "决算数": amount}
    for sheet in book:
        for row in sheet.iter_rows(max_row=7):
            for cell in row:
                if cell.value in words:
                    cell.value = words[cell.value]
    content = saved(book)
    whole = examine(SAMPLES / f"{sample}.xlsx")
    for named in (None, edition):
        reading = examine(content, named)
        assert (reading.problems, reading.report.form) == ([], "识别")
        assert reading.report.tables == whole.report.tables
        assert list(reading.report.tables) == list(whole.report.tables)
        assert [v for _, _, v in reading.unmatched if isinstance(v, Decimal)] == []


def test_the_year_may_stand_in_the_names_of_sheets_alone() -> None:
    rows = INCOME[1:]
    assert read(**{"2021年度收入决算表": rows}).report.year == 2021
    spent = [list(row) for row in rows]
    spent[1][3:6] = ["本年支出合计", "基本支出", "项目支出"]
    two = read(**{"2021年度收入决算表": rows, "2022年度支出决算表": spent})
    assert len(two.found_tables) == 2 and two.report.year == 0


def test_what_no_word_is_known_for_is_named() -> None:
    other: Rows = [["基本数字表"], ["科目编码", "合计"], ["213", 5]]
    second: Rows = [["收入决算表（续）"], *INCOME[1:]]
    reading = read(表2=INCOME, 表7=other, 表9=second)
    assert [(u.sheet, u.table) for u in reading.report.unread] == [
        ("表7", "基本数字表"),
        ("表9", "收入决算表（续）"),
    ]
    assert ("表2", "G7", Decimal(7)) in list(reading.unmatched)


def test_read_gives_what_can_be_read_and_says_what_not(tmp_path: Path) -> None:
    other: Rows = [["非税收入征缴情况表"], ["科目编码", "合计"], ["213", 5, "=B3*2"]]
    (tmp_path / "簿.xlsx").write_bytes(book(表2=INCOME, 表3=other))
    answer = xltool("read", "簿.xlsx", "-o", "出.json", folder=tmp_path)
    assert answer.code == 1 and "表样：识别" in answer.err and "非税收入征缴情况表" in answer.err
    document = json.loads((tmp_path / "出.json").read_text(encoding="utf-8"))
    assert document["表样"] == "识别" and list(document["表"]) == ["收入决算表"]
    assert "C3：公式，没有存储值" in answer.err
    assert document["未读"] == [
        {"工作表": "表3", "表": "非税收入征缴情况表", "原因": "本工具没有这张表的字段"}
    ]
    checked = xltool("validate", "簿.xlsx", folder=tmp_path)
    assert checked.code == 1 and "非税收入征缴情况表" in checked.out and "未完成审核" in checked.out


def test_a_column_in_a_unit_that_is_not_known_is_nobodys() -> None:
    rows = [list(row) for row in INCOME]
    rows[2][4] = "财政拨款收入（千元）"
    table = read(表2=rows).report.tables["收入决算表"][0]
    assert ("合计", "财政拨款收入") not in table.fields and ("合计", "其他收入") in table.fields


def test_two_columns_with_one_meaning_are_both_left() -> None:
    rows = [list(row) for row in INCOME]
    rows[2][6] = "其他收入"
    table = read(表2=rows).report.tables["收入决算表"][0]
    assert ("合计", "其他收入") not in table.fields and ("合计", "财政拨款收入") in table.fields


SINGLE: Rows = [
    ["    年度财政拨款“三公”经费支出决算表"],
    ["编制单位：", None, None, None, None, "金额单位：元"],
    ["预算数", None, None, "决算数"],
    ["合计", "因公出国（境）费", "公务接待费", "合计", "因公出国（境）费", "公务接待费"],
]


@pytest.mark.parametrize("numbers", [[], [[1, 2, 3, 4, 5, 6]]])
def test_a_blank_form_may_end_with_its_heads(numbers: Rows, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(BytesIO(book(表9=[*SINGLE, *numbers])))
    workbook["表9"].merge_cells("A3:C3")
    workbook["表9"].merge_cells("D3:F3")
    form, data, out = (tmp_path / name for name in ("空表.xlsx", "数据.json", "出.xlsx"))
    workbook.save(form)
    three = {"预算数": {"合计": 5, "公务接待费": 5}, "决算数": {"合计": 3, "公务接待费": 3}}
    document = {
        "版本": "2023-national",
        "单位名称": "某县水务站",
        "年度": 2022,
        "金额单位": "元",
        "表": {"财政拨款“三公”经费支出决算表": three},
    }
    data.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    answer = xltool("fill", data.name, "--template", form.name, "-o", out.name, folder=tmp_path)
    assert answer.code == 0, answer.err
    sheet = openpyxl.load_workbook(out)["表9"]
    row = 5 + len(numbers)
    assert [sheet.cell(row, column).value for column in range(1, 7)] == [5, None, 5, 3, None, 3]
    assert sheet["A1"].value == "2022年度财政拨款“三公”经费支出决算表"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2020年度收入支出决算总表", "收入支出决算总表"),
        ("附件2：某市水务局2023年度部门收入支出决算总表（公开01表）", "收入支出决算总表"),
        ("Z01 收入支出决算总表(财决01表)", "收入支出决算总表"),
        ("  财政拨款 ‘三公’ 经费支出决算表 ", "财政拨款三公经费支出决算表"),
        ("一般公共预算财政拨款收入支出决算表", "一般公共预算财政拨款收入支出决算表"),
        ("部门预算项目支出绩效自评表（    年度）", "部门预算项目支出绩效自评表"),
        ("20××年度收入决算表（××年度）", "收入决算表"),
        ("    年收入决算表", "收入决算表"),
        ("20XX年收入决算表", "收入决算表"),
        ("收入决算表（公开）", "收入决算表"),
        ("收入支出决算总表（公开版）（公开01表）", "收入支出决算总表"),
        ("2023年度收入支出决算总表（表一）", "收入支出决算总表"),
        ("收入决算表（附表二）", "收入决算表"),
        ("部门公开表2 收入决算表", "收入决算表"),
        ("2023年度部门决算公开表1收入支出决算总表", "收入支出决算总表"),
        ("财公开03表 支出决算表", "支出决算表"),
        ("收入决算表（部门汇总）", "收入决算表"),
        ("收入支出决算总表（含下属单位）", "收入支出决算总表"),
        ("收入支出决算总表（单位：万元）", "收入支出决算总表"),
        ("2023年度收入支出决算总表    单位：万元", "收入支出决算总表"),
        ("收入支出总体决算表", "收入支出决算总表"),
        ("财政拨款收支总体决算表", "财政拨款收支决算总表"),
        ("“三公”经费财政拨款支出决算表", "三公经费财政拨款支出决算表"),
        ("国有资本经营收支决算表", "国有资本经营收支决算表"),
        ("收入决算表（对外公开）", "收入决算表"),
        ("收入决算表（未公开）", None),
        ("上年收入决算表", None),
        ("注：本表为收入决算表", None),
        ("2026年收入支出预算总表", None),
    ],
)
def test_titles(text: str, name: str | None) -> None:
    found = read_title(text, vocabulary())
    assert (found[0] if found else None) == name


def test_what_of_a_text_counts() -> None:
    assert title_key("附表1：2023年度收入决算表") == "收入决算表"
    assert header_key("2023年决算数（万元）") == header_key("决 算\n数") == "决算数"
    assert (
        row_key("  （一）一般公共服务支出") == row_key("一、一般公共服务支出") == "一般公共服务支出"
    )
    assert row_key("其中：财政拨款") != row_key("财政拨款")
    assert row_key("- 其中：财政拨款") == row_key("—其中：财政拨款") == row_key("其中：财政拨款")
    assert row_key("-") == "-" and row_key("-5") == "-5"


def test_the_vocabulary_is_as_its_schema_says() -> None:
    schema = VOCABULARY / "vocabulary.schema.json"
    files = [path for path in VOCABULARY.glob("*.yaml") if path.stem != "words"]
    assert len(files) > 10
    assert [p for f in files for p in schema_problems(read_raw(f), schema, f.name)] == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "是空的工作簿"),
        (
            [["2026年部门收入预算总表"], ["科目编码", "合计"]],
            "像是预算表：“2026年部门收入预算总表”",
        ),
        ([["2024年部门预算执行进度表"], ["指标数", "支付数"]], "像是预算执行、支付一类的表"),
        ([["2023年度财政总决算"], ["税收收入"]], "像是财政总决算一类的表（不是部门决算）"),
        ([["固定资产卡片"], ["原值"]], "像是资产登记一类的表"),
        ([["2024年6月工资发放表"], ["姓名", "应发"]], "像是工资表"),
        ([["单位通讯录"], ["姓名", "电话"]], "像是名单、通讯录"),
        ([[1, 2], [3, 4]], "只有数，没有标题"),
        ([["  "], ["\u200b"]], "是空的工作簿"),
        ([["各单位要高度重视。" * 9]], "没有一张决算表的标题"),
        ([["2024年部门收支总体情况表"], ["收入", None, "支出"]], "像是预算表"),
        ([["财政拨款“三公”经费支出表"], ["单位：万元"]], "像是预算表"),
        ([["项目支出绩效目标申报表"], ["项目名称", "某项目"]], "像是绩效目标表"),
        ([["食堂菜单"], ["周一", "周二"]], "写的是“食堂菜单”、“周一”等，没有一张决算表的标题"),
    ],
)
def test_what_is_no_such_report_is_refused_in_one_sentence(rows: Rows, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(表=rows)
    assert str(caught.value).startswith("工作簿：不是决算报表，") and said in str(caught.value)


@pytest.mark.parametrize("way", [["read", "-e", "2023-national"], ["fill", "--template"]])
def test_another_workbook_is_told_for_what_it_is_by_every_way(
    way: list[str], tmp_path: Path
) -> None:
    (tmp_path / "工资.xlsx").write_bytes(book(表=[["2024年6月工资发放表"], ["姓名", "应发"]]))
    (tmp_path / "别省.xlsx").write_bytes(book(表2=INCOME))
    one = {"本年收入合计": 1, "财政拨款收入": 1}
    document = {
        "版本": "2023-national",
        "单位名称": "某局",
        "年度": 2022,
        "金额单位": "元",
        "表": {"收入决算表": {"合计": one}},
    }
    (tmp_path / "数.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    command, *options = way
    line = ["数.json", *options, "工资.xlsx", "-o", "出.xlsx"] if command == "fill" else None
    answer = xltool(command, *(line or ["工资.xlsx", *options]), folder=tmp_path)
    assert answer.code == 2 and "不是决算报表，像是工资表" in answer.err
    assert not (tmp_path / "出.xlsx").exists()
    asked = xltool("read", "别省.xlsx", "-e", "2023-national", folder=tmp_path)
    assert "不指定版本，就按表里的用语识别" in asked.err or asked.code == 1


def test_a_label_over_a_column_of_texts_leaves_it_no_total(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(
        BytesIO(
            book(
                表9=[
                    ["一般公共预算财政拨款项目支出决算表"],
                    ["编制单位：某县水务站", None, "2023年度", None, "金额单位：元"],
                    ["科目编码", "科目名称", "项目名称", "金额", "备注"],
                    ["合计", None, None, 8, None],
                    ["2130301", "行政运行", "某项目", 8, None],
                ]
            )
        )
    )
    workbook["表9"].merge_cells("A4:C4")
    workbook.save(tmp_path / "簿.xlsx")
    (found_table,) = examine(tmp_path / "簿.xlsx").found_tables
    assert found_table.located.fields[("合计", "合计")] == "D4"
    assert ("合计", "项目名称") not in found_table.located.fields


def test_a_checks_sheet_leaves_out_columns_that_a_form_lacks(tmp_path: Path) -> None:
    (tmp_path / "簿.xlsx").write_bytes(book(表2=INCOME))
    answer = xltool("checks-sheet", "簿.xlsx", "-o", "审核.xlsx", folder=tmp_path)
    assert answer.code == 0, answer.err
    assert "审核表" in openpyxl.load_workbook(tmp_path / "审核.xlsx").sheetnames


def test_a_dash_before_a_part_of_a_cost_is_none_of_its_label() -> None:
    """Rows of kinds of cost, columns of budget and account."""
    costs: Rows = [
        ["一般公共预算财政拨款“三公”经费支出决算表"],
        ["部门：某局", "2021年度", "金额单位：万元"],
        ["项目", "预算数", "决算数"],
        ["合计", 5, 4],
        ["一、因公出国（境）费"],
        ["二、公务用车购置及运行费", 3, 2],
        ["- 其中：公务用车购置费"],
        ["- 其中：公务用车运行维护费", 3, 2],
        ["三、公务接待费", 2, 2],
    ]
    (table,) = read(表7=costs).report.tables["一般公共预算财政拨款“三公”经费支出决算表"]
    assert table.fields["决算数", "公务用车运行费"] == 2
    assert table.fields["预算数", "公务用车运行费"] == 3
