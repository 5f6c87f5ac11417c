"""What cannot be done is said in Chinese, by name, with exit code 2, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.terminal import assert_refused, contents_of, xltool

Raw = dict[str, Any]

HEADS: Raw = {"版本": "2023-national", "单位名称": "某局", "年度": 2023, "金额单位": "万元"}
GOOD: Raw = {**HEADS, "表": {"收入支出决算总表": {"收入": {"事业收入": 12.5}}}}
TITLE, SPENDING = "收入支出决算总表", "支出决算表"
PROJECT = {"项目名称": "危房改造", "实施单位": "某局"}
OUT = "报表.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as clerks have it: spaces and Chinese in its path."""
    place = tmp_path / "2023年 决算（终稿） new"
    place.mkdir()
    return place


def put(folder: Path, raw: Raw | str, name: str = "数据.json") -> str:
    text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return name


def tables(**tables: Any) -> Raw:
    return {**HEADS, "表": tables}


def details(*rows: Raw, **more: Any) -> Raw:
    return tables(支出决算表={"明细": list(rows), **more})


ITEM = {"科目编码": "2010101", "基本支出": 1}

DOCUMENTS: dict[str, tuple[Raw | str, tuple[str, ...]]] = {
    "no_edition": ({k: v for k, v in GOOD.items() if k != "版本"}, ("版本", "2023-national")),
    "unknown_edition": ({**GOOD, "版本": "2023-nation"}, ("2023-nation", "是不是“2023-national”")),
    "unknown_head": ({**GOOD, "单位名": "某局"}, ("单位名", "单位名称")),
    "no_name_year_unit": (
        {"版本": "2023-national", "表": GOOD["表"]},
        ("单位名称：没有填", "年度：没有填", "金额单位：没有填"),
    ),
    "unit_not_money": ({**GOOD, "金额单位": "千元"}, ("金额单位", "千元", "元", "万元")),
    "unknown_table": (tables(收入支出总表={}), ("收入支出总表", TITLE)),
    "table_of_another_edition": (
        tables(**{"一般公共预算财政拨款“三公”经费支出决算表": {"决算数": {"合计": 1}}}),
        ("一般公共预算财政拨款“三公”经费支出决算表", "财政拨款“三公”经费支出决算表"),
    ),
    "unknown_row": (
        tables(收入支出决算总表={"收入": {"事业收人": 1}}),
        (TITLE, "收入", "是不是“事业收入”"),
    ),
    "unknown_column": (
        details({"科目编码": "2010101", "基本支出数": 1}),
        (SPENDING, "第1行", "基本支出数", "是不是“基本支出”"),
    ),
    "wrong_type": (
        tables(收入支出决算总表={"收入": [1, 2]}, 支出决算表={"明细": {"科目编码": "2010101"}}),
        (f"{TITLE} › 收入", f"{SPENDING} › 明细", "列表"),
    ),
    "unreadable_amount": (
        tables(收入支出决算总表={"收入": {"事业收入": "12.5万"}, "支出": {"总计": "1,23"}}),
        ("事业收入", "12.5万", "总计", "1,23"),
    ),
    "huge_amount": (tables(收入支出决算总表={"收入": {"事业收入": 1e15}}), ("事业收入", "过大")),
    "unknown_code": (
        details({"科目编码": "2010177", "基本支出": 1}, {"科目编码": "2990101", "基本支出": 1}),
        ("2010177", "2990101", "科目表里没有“299”类"),
    ),
    "economic_code": (
        details({"科目编码": "30101", "基本支出": 1}),
        ("“301”类（像是支出经济分类的编码，这张表要支出功能分类的",),
    ),
    "one_level_too_deep": ({"决算": GOOD}, ("决算：多了一层", "去掉外面“决算”这一层")),
    "duplicate_code": (details(ITEM, ITEM), (SPENDING, "第2行", "2010101", "与第1行重复")),
    "malformed_code": (
        details({"科目编码": "20101O1", "基本支出": 1}, {"基本支出": 2}),
        ("20101O1", "3、5、7位", "第2行", "没有科目编码"),
    ),
    "parent_against_children": (
        details(ITEM, {"科目编码": "20101", "基本支出": 1.5}, {"科目编码": "201", "基本支出": 1}),
        (SPENDING, "20101", "基本支出", "1.50", "1.00", "0.50", "--totals given"),
    ),
    "total_against_rows": (
        details(ITEM, 合计={"本年支出合计": 100}),
        (SPENDING, "合计", "本年支出合计", "100.00", "1.00", "99.00"),
    ),
    "one_cell_twice": (
        tables(收入支出决算总表={"收入": {"事业收入": 1, "五、事业收入": 1}}),
        ("事业收入", "同一个单元格"),
    ),
    "one_key_twice": (
        json.dumps(GOOD, ensure_ascii=False).replace('"事业收入": 12.5', '"总计": 1, "总计": 2'),
        ("总计", "两次"),
    ),
    "code_without_a_row": (
        tables(一般公共预算财政拨款基本支出决算表={"明细": [{"科目编码": "39906", "金额": 1}]}),
        ("39906", "表样没有"),
    ),
    "nothing_in_it": ({**HEADS, "表": {}}, ("没有任何一张表",)),
    "no_tables": (dict(HEADS), ("缺少“表”",)),
    "not_json": ('{"版本"："2023-national"}', ("第1行第6列", "JSON", "半角")),
    "cut_off": (json.dumps(GOOD, ensure_ascii=False)[:-9], ("第1行", "JSON")),
    "list_on_top": ("[1, 2]", ("里面没有版本",)),
    "cut_off_after_a_comma": ('{"版本": "2023-national",', ("第1行", "少了逗号或引号")),
    "comma_too_many": ('{"版本": "2023-national",}', ("上面最后一项后面多了一个逗号",)),
    "empty_file": ("", ("文件是空的",)),
    "blank_file": (" \n\n", ("文件是空的",)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_wrong_document_is_refused_by_field(folder: Path, name: str) -> None:
    raw, said = DOCUMENTS[name]
    assert_refused(folder, "fill", put(folder, raw), "-o", OUT, said=said)


def test_a_code_of_another_list_is_told_once(folder: Path) -> None:
    raw = details({"科目编码": "30101", "基本支出": 1})
    answer = assert_refused(folder, "fill", put(folder, raw), "-o", OUT, said=("“301”类",))
    assert len(answer.err.splitlines()) == 1


def test_every_problem_of_a_document_comes_at_once(folder: Path) -> None:
    raw = {
        **HEADS,
        "金额单位": "美元",
        "负责人": "张",
        "表": {
            "没有的表": {},
            TITLE: {"收入": {"事业收入": "x", "没有的行": 1}},
            SPENDING: {"明细": [ITEM, ITEM, {"科目编码": "1"}], "没有的块": 1},
        },
    }
    answer = assert_refused(
        folder, "fill", put(folder, raw), "-o", OUT, said=("美元", "负责人", "没有的表", "没有的块")
    )
    assert len(answer.err.splitlines()) == 8


def test_contradictions_of_several_tables_come_at_once(folder: Path) -> None:
    raw = details(ITEM, 合计={"基本支出": 2})
    raw["表"][TITLE] = {"收入": {"事业收入": 1, "总计": 3}, "支出": {"教育支出": 1, "总计": 4}}
    answer = assert_refused(folder, "fill", put(folder, raw), "-o", OUT, said=(SPENDING, TITLE))
    assert len(answer.err.splitlines()) == 3


COLUMNS = "表,行,科目编码,列,值,单位名称,年度,金额单位\n"
LONG_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "no_header": ("1,2,3\n4,5,6\n", ("长表.csv", "表头", "科目编码")),
    "column_missing": ("表,行,列,值\n,,,\n", ("长表.csv", "缺少列：科目编码")),
    "two_sources": (
        f"{COLUMNS}{TITLE},事业收入,,收入,1,某局,2023,元\n{TITLE},五、事业收入,,收入,2\n",
        ("第3行", "第2行", "同一个单元格"),
    ),
    "wrong_names": (
        f"{COLUMNS}{SPENDING},明细,2010101,基本支岀,1,某局,2023,元\n收入表,,,,1\n"
        f"{SPENDING},明细,20101,基本支出,壹元\n",
        ("第2行", "是不是“基本支出”", "第3行", "收入表", "第4行", "壹元"),
    ),
    "two_units": (
        f"{COLUMNS}{TITLE},事业收入,,收入,1,甲\n{TITLE},总计,,收入,1,乙\n",
        ("单位名称", "甲", "乙"),
    ),
    "heads_and_lines_at_once": (
        f"{COLUMNS}{TITLE},事业收入,,收入,壹元,,2023,元\n{TITLE},没有的行,,收入,2\n",
        ("单位名称", "第2行", "壹元", "第3行", "没有的行"),
    ),
}


@pytest.mark.parametrize("name", LONG_TABLES)
def test_a_wrong_long_table_is_refused_by_line(folder: Path, name: str) -> None:
    text, said = LONG_TABLES[name]
    put(folder, text, "长表.csv")
    args = ("fill", "长表.csv", "-e", "2023-national", "-o", OUT)
    assert_refused(folder, *args, said=said)


def test_an_existing_output_is_overwritten_only_by_force(folder: Path) -> None:
    data = put(folder, GOOD)
    assert xltool("fill", data, "-o", OUT, folder=folder).code == 0
    assert_refused(folder, "fill", data, "-o", OUT, said=(OUT, "已存在", "--force"))
    answer = xltool("fill", data, "-o", OUT, "--force", folder=folder)
    assert (answer.code, answer.out) == (0, f"已填报：{OUT}\n")
    assert (folder / OUT).read_bytes().startswith(b"PK")
    assert set(contents_of(folder)) == {data, OUT}
    assert_refused(folder, "read", OUT, "-o", data, said=(data, "已存在", "--force"))
    assert_refused(folder, "schema", "-o", data, said=(data, "已存在", "--force"))
    show = ("mapping", "show", "2023-national", "-o", OUT)
    assert_refused(folder, *show, said=(OUT, "已存在", "--force"))


def test_an_existing_second_workbook_stops_the_first_as_well(folder: Path) -> None:
    raw = {**GOOD, "表": {**GOOD["表"], "项目支出绩效自评表": PROJECT}}
    data, second = put(folder, raw), "报表-项目支出绩效自评表.xlsx"
    (folder / second).write_bytes(b"")
    assert_refused(folder, "fill", data, "-o", OUT, said=(second, "已存在"))


@pytest.mark.parametrize("name", [OUT, "报表-项目支出绩效自评表.xlsx"])
def test_a_workbook_that_is_open_in_excel_is_not_replaced(folder: Path, name: str) -> None:
    raw = {**GOOD, "表": {**GOOD["表"], "项目支出绩效自评表": PROJECT}}
    data = put(folder, raw)
    (folder / name).write_bytes(b"")
    (folder / f"~${name}").write_bytes(b"\x06owner")
    assert_refused(folder, "fill", data, "-o", OUT, "--force", said=(name, "打开", "关闭"))


def test_a_place_that_cannot_be_written_to(folder: Path) -> None:
    data = put(folder, GOOD)
    (folder / "是文件夹.xlsx").mkdir()
    (folder / "是文件").write_bytes(b"")
    for output, said in (
        ("没有/报表.xlsx", ("没有", "文件夹")),
        ("是文件夹.xlsx", ("是文件夹",)),
        ("是文件/报表.xlsx", ("是文件", "文件夹")),
        ("报表.xls", (".xlsx",)),
        ("报表", (".xlsx",)),
    ):
        assert_refused(folder, "fill", data, "-o", output, "--force", said=said)
    (folder / OUT).write_bytes(b"")
    assert_refused(folder, "demo", "是文件", said=("是文件", "文件夹"))


NO_SPACE = """
import errno, os
def full(*args): raise OSError(errno.ENOSPC, "No space left on device")
os.fsync = full
"""
NO_PERMISSION = """
from pathlib import Path
opened = Path.open
def locked(self, mode="r", *args, **more):
    if set(mode) & set("wx"): raise PermissionError(13, "Permission denied")
    return opened(self, mode, *args, **more)
Path.open = locked
"""


def test_a_full_disk_and_a_protected_folder_leave_no_debris(folder: Path) -> None:
    data = put(folder, GOOD)
    assert xltool("fill", data, "-o", "样.xlsx", folder=folder).code == 0
    fill = ("fill", data, "-o", "样.xlsx", "--force")
    assert_refused(folder, *fill, said=("样.xlsx", "磁盘空间不足"), before=NO_SPACE)
    assert_refused(folder, *fill, said=("样.xlsx", "权限"), before=NO_PERMISSION)
    assert xltool("fill", data, "-o", OUT, folder=folder).code == 0
    read = ("read", OUT, "-o", "读回.json")
    assert_refused(folder, *read, said=("读回.json", "权限"), before=NO_PERMISSION)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("fill",), ("数据",)),
        (("fill", "数据.json"), ("--output",)),
        (("fill", "没有.json", "-o", OUT), ("没有.json", "没有这个文件")),
        (("fill", "数据.json", "-o", OUT, "--totals", "x"), ("--totals", "formula、given")),
        (("fill", "数据.json", "-o", OUT, "--forse"), ("--forse", "--force")),
        (("fill", "数据.json", "-o", OUT, "-e", "2022"), ("2022",)),
        (("fill", "数据.json", "-o", OUT, "--template", "无.xlsx"), ("无.xlsx", "不存在")),
        (("raed", "x"), ("raed",)),
        (("editions", "2030"), ("2030",)),
        (("mapping", "show", "2023-national", "--book", "x", "-o", OUT), ("x", "部门决算公开表")),
    ],
)
def test_a_wrong_command_line_is_answered_in_chinese(
    folder: Path, args: tuple[str, ...], said: tuple[str, ...]
) -> None:
    put(folder, GOOD)
    assert_refused(folder, *args, said=said)


def test_everything_is_said_in_gbk_too(folder: Path) -> None:
    data = put(folder, {**GOOD, "单位名称": "𠮷野家®"})
    answer = xltool("fill", data, "-o", OUT, folder=folder, encoding="gbk")
    assert (answer.code, answer.out) == (0, f"已填报：{OUT}\n")
    answer = xltool("read", OUT, folder=folder, encoding="gbk")
    assert (answer.code, json.loads(answer.out)["单位名称"]) == (0, "𠮷野家®")
    bad = put(folder, {**GOOD, "表": {"𠮷表": {}}}, "坏.json")
    said = ("本版本没有这张表",)
    assert_refused(folder, "fill", bad, "-o", "二.xlsx", said=said, encoding="gbk")
    assert_refused(folder, "fill", bad, "-o", OUT, said=("表",), encoding="gbk")
    assert_refused(folder, "read", "没有.xlsx", said=("没有.xlsx", "不存在"), encoding="gbk")


def test_a_text_that_looks_like_a_formula_stays_text(folder: Path) -> None:
    texts = {"任务名称": "=1+1", "主要内容": "+A1", "偏差原因": "@SUM(1)", "实际完成情况": "-3"}
    raw = tables(部门整体绩效自评表={"部门名称": "=HYPERLINK(1)", "年度主要任务": [texts]})
    assert xltool("fill", put(folder, raw), "-o", OUT, folder=folder).code == 0
    answer = xltool("read", OUT, folder=folder)
    back = json.loads(answer.out)["表"]["部门整体绩效自评表"]
    assert back == {"部门名称": "=HYPERLINK(1)", "年度主要任务": [texts]}
