"""The data document: what is understood, and what every fault is called."""

from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from tests.support.books import fill_raw
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import dumps, parse_text
from xltool.documents.load import from_raw
from xltool.documents.schema import document_schema
from xltool.documents.writing import to_raw
from xltool.editions import all_editions, find_edition
from xltool.reading import read

HEADS = '"版本": "2023-national", "单位名称": "某局", "年度": 2023, "金额单位": "万元"'


def report(tables: str):
    return from_raw(parse_text(f'{{{HEADS}, "表": {tables}}}', "文档"))[0]


def schema_of(edition_id: str) -> dict[str, object]:
    edition = find_edition(edition_id)
    return document_schema(edition.id, edition.name, edition.specs)


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        from_raw(parse_text(text, "文档"))
    return [str(problem) for problem in caught.value.problems]


def table_problems(tables: str) -> list[str]:
    return problems(f'{{{HEADS}, "表": {tables}}}')


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("307.82", "307.82"),
        ("0", "0"),
        ("-3", "-3"),
        ("12345678901.25", "12345678901.25"),
        ('"1,234.56"', "1234.56"),
        ('"１２３．４５"', "123.45"),
        ('"－７"', "-7"),
        ('" 8 "', "8"),
        ("0.1", "0.1"),
    ],
)
def test_amounts_as_people_write_them(written: str, meant: str) -> None:
    table = report(f'{{"收入支出决算总表": {{"收入": {{"总计": {written}}}}}}}').table(
        "收入支出决算总表"
    )
    assert table is not None
    assert table.fields["收入", "总计"] == Decimal(meant)


@pytest.mark.parametrize("blank", ["null", '"—"', '"-"', '""', '"  "', '"－－"'])
def test_a_blank_is_absent_and_not_zero(blank: str) -> None:
    tables = f'{{"收入支出决算总表": {{"收入": {{"总计": {blank}, "事业收入": 0}}}}}}'
    table = report(tables).table("收入支出决算总表")
    assert table is not None
    assert table.fields == {("收入", "事业收入"): Decimal(0)}


@pytest.mark.parametrize(
    "bad", ['"1.2元"', '"1,23"', '"abc"', "true", "[]", "{}", '"(5"', '"1.2.3"', '"NaN"', "NaN"]
)
def test_an_unreadable_amount_names_its_field(bad: str) -> None:
    (problem,) = table_problems(f'{{"收入支出决算总表": {{"收入": {{"总计": {bad}}}}}}}')
    assert problem.startswith("表 › 收入支出决算总表 › 收入 › 总计：")
    assert any(words in problem for words in ("不是金额", "应是", "金额单位是万元"))


def test_printed_labels_and_other_widths_lead_to_the_same_row() -> None:
    tables = """{"收入支出决算总表": {"收入": {
        "一、一般公共预算财政拨款收入": 1, "使用非财政拨款结余（含专用结余）": 2}},
      "财政拨款“三公”经费支出决算表": {"决算数": {"因公出国(境)费": 3}}}"""
    found = report(tables)
    income = found.table("收入支出决算总表")
    trips = found.table("财政拨款“三公”经费支出决算表")
    assert income is not None
    assert trips is not None
    assert income.fields == {
        ("收入", "一般公共预算财政拨款收入"): Decimal(1),
        ("收入", "使用非财政拨款结余"): Decimal(2),
    }
    assert trips.fields == {("决算数", "因公出国（境）费"): Decimal(3)}


def test_two_spellings_of_one_cell_are_a_problem() -> None:
    tables = '{"收入支出决算总表": {"收入": {"事业收入": 1, "五、事业收入": 2}}}'
    assert table_problems(tables) == [
        "表 › 收入支出决算总表 › 收入 › 五、事业收入：与前面一项指的是同一个单元格，只能写一处"
    ]


def test_all_faults_come_at_once_each_with_the_nearest_name() -> None:
    found = problems(
        """{"版本": "2023-national", "单位名称": "", "年度": "二三年", "金额单位": "美元", "备注": 1,
        "表": {"收入决算总表": {}, "支出决算表": {"明细": [
            {"科目编码": "20101", "基本支出": "x"}, {"科目编码": "2010"}, {"科目编码": "20101"}, {},
            {"科目编码": "2010101", "基本支岀": 1}], "共计": 3}}}"""
    )
    assert found == [
        "备注：不认识的项目",
        "单位名称：没有填",
        "年度：应是四位年份，现为“二三年”",
        "金额单位：不认识“美元”（只能是“元”或“万元”）",
        "表 › 收入决算总表：本版本没有这张表（是不是“收入决算表”？）",
        "表 › 支出决算表 › 明细 › 第1行 › 基本支出：“x”不是金额",
        "表 › 支出决算表 › 明细 › 第2行 › 科目编码：“2010”不是合格的科目编码：应为3、5、7位数字",
        "表 › 支出决算表 › 明细 › 第3行 › 科目编码：“20101”与第1行重复",
        "表 › 支出决算表 › 明细 › 第4行：没有科目编码",
        "表 › 支出决算表 › 明细 › 第5行 › 基本支岀：没有这一栏（是不是“基本支出”？）",
        "表 › 支出决算表 › 共计：本表没有这一项（可用：合计、明细）",
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"a": 1,}', "文档 第1行"),
        ('{\n"a"： 1}', "文档 第2行第4列"),
        ("[1]", "文档：里面没有版本、单位名称、表这些项"),
        ('{"a": 1, "a": 2}', "“a”在同一处写了两次"),
        ("[" * 100_000, "层次太深"),
    ],
)
def test_bad_syntax_says_where(text: str, where: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_text(text, "文档")
    assert where in str(caught.value)


def test_yaml_keeps_digits_and_finds_doubled_keys() -> None:
    raw = parse_text("金额: 0.1\n日期: 2024-03-01\n码: 0123\n", "文档", is_yaml=True)
    assert raw == {"金额": Decimal("0.1"), "日期": "2024-03-01", "码": Decimal(123)}
    with pytest.raises(InputError, match="写了两次"):
        parse_text("a: 1\na: 2\n", "文档", is_yaml=True)


def test_a_text_that_excel_cannot_hold_is_refused() -> None:
    long = "长" * 32768
    tables = f'{{"部门整体绩效自评表": {{"部门名称": "{long}"}}}}'
    assert "超过 Excel 单元格的上限" in table_problems(tables)[0]
    assert "控制字符" in table_problems('{"部门整体绩效自评表": {"部门名称": "a\\u0001"}}')[0]


@pytest.mark.parametrize("sample", ["beiguan-2021", "sgb-2024"])
def test_samples_survive_report_and_text(sample: str) -> None:
    text = (SAMPLES / f"{sample}.json").read_text(encoding="utf-8")
    first, _ = from_raw(parse_text(text, sample))
    again, _ = from_raw(parse_text(dumps(to_raw(first)), sample))
    assert again == first


@pytest.mark.parametrize(
    "edition",
    [e.id for e in all_editions() if "收入支出决算总表" in e.tables and not e.recognise],
)
def test_schema_accepts_what_the_tool_accepts_and_refuses_the_rest(edition: str) -> None:
    schema = schema_of(edition)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    heads = {"版本": edition, "单位名称": "某局", "年度": 2024, "金额单位": "元"}
    good = {"收入支出决算总表": {"收入": {"总计": 1, "一、一般公共预算财政拨款收入": "1,000.5"}}}
    assert validator.is_valid({**heads, "表": good})
    for bad in (
        {"没有的表": {}},
        {"收入支出决算总表": {"收入": {"总计": "x"}}},
        {"收入支出决算总表": {"收入": {"没有的行": 1}}},
        {"支出决算表": {"明细": [{"科目编码": "2010"}]}},
        {"支出决算表": {"明细": [{"基本支出": 1}]}},
    ):
        assert not validator.is_valid({**heads, "表": bad}), bad


def test_samples_are_valid_by_their_schema() -> None:
    import json

    for sample in ("beiguan-2021", "sgb-2024"):
        raw = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
        jsonschema.validate(raw, schema_of(raw["版本"]))


FUND = "政府性基金预算财政拨款收入支出决算表"


def with_statement(name: str, tables: str = "") -> str:
    return f"""{{"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元",
        "无数据": ["{name}"], "表": {{"支出决算表": {{"合计": {{"基本支出": 1}}}}{tables}}}}}"""


def test_statements_are_made_for_known_tables_without_figures() -> None:
    (unknown,) = problems(with_statement("政府性基金表"))
    assert unknown.startswith("无数据 › 政府性基金表：本版本没有这张表")
    given = f', "{FUND}": {{"合计": {{"本年收入": 5}}}}'
    assert problems(with_statement(FUND, given)) == [
        f"无数据 › {FUND}：这张表有数（去掉这个表名，或去掉表里的数）"
    ]


def test_statements_come_back_and_others_are_not_made(tmp_path: Path) -> None:
    raw = parse_text(with_statement(FUND), "文档")
    filled = fill_raw(raw, tmp_path / "报表.xlsx")
    report = read(filled.files[0]).report
    assert report.no_data == [FUND]
    assert to_raw(report)["无数据"] == [FUND]
    assert f"{FUND}：说明“本表无数据”" in filled.supplied
    assert "国有资本经营预算财政拨款支出决算表" in filled.blank and FUND not in filled.blank


@pytest.mark.parametrize("edition", ["2021-national", "2023-national", "2024-shanghai"])
def test_the_schema_says_what_everything_is(edition: str) -> None:
    schema = schema_of(edition)
    assert all("description" in part for part in schema["$defs"].values())
    assert all("description" in part for part in schema["properties"].values())
    tables = schema["properties"]["表"]["properties"]
    plain = [t for t in tables.values() if "anyOf" not in t]
    assert plain and all(t["description"] for t in plain)


def test_the_schema_takes_codes_as_numbers() -> None:
    rows = [{"科目编码": 2010301, "基本支出": 5}, {"科目编码": "2010302", "项目支出": 5}]
    raw = {"$schema": "x", "版本": "2023-national", "单位名称": "某局", "年度": 2024}
    raw |= {"金额单位": "元", "无数据": [FUND], "表": {"支出决算表": {"明细": rows}}}
    jsonschema.validate(raw, schema_of("2023-national"))
    rows[0]["科目编码"] = 12
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(raw, schema_of("2023-national"))
