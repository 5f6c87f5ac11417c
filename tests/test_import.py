"""`xltool import`: ordinary spreadsheets of many shapes; every figure right or asked about, none wrong in silence."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.terminal import ended as cli
from xltool.core.amounts import parse_amount
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import parse_json, read_text
from xltool.documents.grids import amount, grids
from xltool.entry.importing.assemble import Imported, import_files
from xltool.entry.importing.looking import opened
from xltool.entry.importing.vocabulary import load_words

Rows = list[list[Any]]
A, B, C = "2010301", "2010302", "2080505"
GIVEN = {"单位名称": "某局", "年度": "2024", "金额单位": "元"}


def given_without(name: str) -> dict[str, str]:
    return {key: value for key, value in GIVEN.items() if key != name}


def book(folder: Path, rows: Rows, name: str = "表.xlsx") -> Path:
    path = folder / name
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(rows)
        return path
    workbook = openpyxl.load_workbook(path) if path.exists() else openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def run(*paths: Path, **options: Any) -> Imported:
    words = load_words(options.pop("mapping", None))
    return import_files(
        opened(paths), words, **{"edition": "2023-national", "given": GIVEN, **options}
    )


def figures(imported: Imported) -> dict[str, Decimal]:
    return {words: imported.collected.value(target) for target, words in imported.targets.items()}


SPENT = {
    f"支出决算表 {A}·基本支出": Decimal(500),
    f"支出决算表 {B}·项目支出": Decimal(70),
    f"支出决算表 {C}·基本支出": Decimal(30),
}
SHAPES: dict[str, Rows] = {
    "标题、列名、合计在后": [
        ["某局2024年支出"],
        ["科目编码", "科目名称", "基本支出", "项目支出"],
        [A, "行政运行", 500, None],
        [B, "一般行政管理事务", None, 70],
        [C, "养老", 30, None],
        ["合计", None, 530, 70],
    ],
    "列的次序不同，合计在前": [
        ["项目支出", "基本支出", "名称", "功能分类"],
        [70, 530, "合计", None],
        [None, 500, "行政运行", A],
        [70, None, "管理", B],
        [None, 30, "养老", C],
    ],
    "数字编码": [
        ["科目编码", "基本支出", "项目支出"],
        [int(A), 500, 0],
        [int(B), 0, 70],
        [int(C), 30, 0],
    ],
    "编码和名称同格": [
        ["支出功能分类", "基本支出（元）", "项目支出（元）"],
        [f"{A} 行政运行", 500, None],
        [f"{B}一般行政", None, 70],
        [f"{C} 养老", 30, None],
    ],
    "类款项都有": [
        ["科目编码", "科目名称", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", 500, 70],
        ["20103", "政府办公厅", 500, 70],
        [A, "行政运行", 500, None],
        [B, "管理", None, 70],
        ["208", "社保", 30, None],
        ["20805", "养老", 30, None],
        [C, "养老", 30, None],
    ],
    "金额是带逗号的文字": [
        ["科目编码", "基本支出", "项目支出"],
        [A, "500.00", "-"],
        [B, "—", "70.00"],
        [C, "￥30.00", ""],
    ],
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_shapes_of_lists(tmp_path: Path, name: str, suffix: str) -> None:
    rows = [["" if v is None and suffix == ".csv" else v for v in row] for row in SHAPES[name]]
    found = {
        key: value
        for key, value in figures(run(book(tmp_path, rows, f"表{suffix}"))).items()
        if value
    }
    assert found == SPENT


def test_a_ledger_with_auxiliary_columns(tmp_path: Path) -> None:
    rows = [
        ["单位名称：某局", None, None, None, "期间：2024.01-2024.12"],
        ["科目编码", "科目名称", "支出功能分类", "部门经济分类", "本年借方", "本年贷方"],
        ["6001", "财政拨款预算收入", None, None, 600, 600],
        ["7101", "行政支出/财政拨款支出/基本支出", f"{A} 行政运行", "30101 基本工资", 400, 400],
        ["7101", "行政支出/财政拨款支出/基本支出", f"{A} 行政运行", "30201 办公费", 100, 100],
        ["7101", "行政支出/财政拨款支出/项目支出", f"{B} 管理", "30227 委托业务费", 70, 70],
    ]
    found = figures(run(book(tmp_path, rows)))
    assert found[f"支出决算表 {A}·基本支出"] == 500
    assert found["一般公共预算财政拨款基本支出决算表 30101·金额"] == 400
    assert found["收入决算表 合计·财政拨款收入"] == 600
    assert "一般公共预算财政拨款基本支出决算表 30227·金额" not in found


def problems(*paths: Path, **options: Any) -> str:
    with pytest.raises(InputError) as error:
        run(*paths, **options)
    return str(error.value)


def test_nothing_is_guessed(tmp_path: Path) -> None:
    rows = [["科目编码", "基本支出", "专项"], [A, 500, 7], ["合计", 501, 7], [None, 3, None]]
    said = problems(book(tmp_path, rows), given={})
    for words in (
        "不认识列名“专项”",
        "合计501不等于各行之和500",
        "没有科目编码",
        "单位名称",
        "年度",
        "金额单位",
    ):
        assert words in said


def test_two_sheets_that_say_the_same_count_once(tmp_path: Path) -> None:
    rows: Rows = [["科目编码", "基本支出", "项目支出"], [A, 500, 0]]
    one, two = book(tmp_path, rows, "一.xlsx"), book(tmp_path, rows, "二.xlsx")
    assert figures(run(one, two))[f"支出决算表 {A}·基本支出"] == 500
    three = book(tmp_path, [rows[0], [A, 400, 0]], "三.xlsx")
    assert "几张表里的数不同" in problems(one, three)


def test_an_import_mapping_of_ones_own(tmp_path: Path) -> None:
    mapping = tmp_path / "映射.yaml"
    mapping.write_text(
        "列: {人头费: [支出表, 基本支出], 专项: [支出表, 项目支出]}\n不要: [余数]\n", "utf-8"
    )
    rows = [["科目编码", "人头费", "专项", "余数"], [A, 500, 7, 99]]
    found = figures(run(book(tmp_path, rows), mapping=mapping))
    assert found == {f"支出决算表 {A}·基本支出": 500, f"支出决算表 {A}·项目支出": 7}


def test_from_a_list_to_a_workbook_in_three_commands(tmp_path: Path) -> None:
    rows = [
        ["某局2024年决算数（单位：元）"],
        ["科目编码", "科目名称", "基本支出", "项目支出"],
        [A, "行政运行", 500000, None],
        [B, "管理", None, 70000],
        ["合计", None, 500000, 70000],
        [],
        ["经济分类", "科目名称", "金额"],
        ["30101", "基本工资", 400000],
        ["30201", "办公费", 100000],
    ]
    source, data, filled = book(tmp_path, rows), tmp_path / "数据.json", tmp_path / "报表.xlsx"
    done = cli("import", source, "-o", data, "-e", "2023-national", code=2)
    assert "没有确认" in done.stderr
    assert not data.exists()
    done = cli(
        "import",
        source,
        "-o",
        data,
        "-e",
        "2023-national",
        "--yes",
        "--trace",
        tmp_path / "来源.xlsx",
    )
    assert "用了4行，小计和合计1行" in done.stdout
    assert json.loads(data.read_text(encoding="utf-8"))["单位名称"] == "某局"
    traced = openpyxl.load_workbook(tmp_path / "来源.xlsx").active
    assert traced.max_row == 5
    cli("fill", data, "-o", filled, "--assume", "只有一般公共预算", "--assume", "没有填的是零")
    cli("finish", filled, "-o", tmp_path / "上报稿.xlsx")


def test_dates_are_no_amounts_and_unseen_signs_do_not_matter(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["科目\u200b编码", "120.5\u202c", 189321.38000000003, 45413])
    book.active["D1"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "账.xlsx")
    ((row,),) = [list(grid.cells.values()) for grid in grids(tmp_path / "账.xlsx")]
    assert row[1] == "科目编码"
    assert [amount(row[2]), amount(row[3])] == [parse_amount("120.5"), parse_amount("189321.38")]
    with pytest.raises(ValueError):
        amount(row[4])


def test_an_official_workbook_goes_into_another_edition(tmp_path: Path) -> None:
    book = SAMPLES / "sgb-2024.xlsx"
    imported = run(book, given={})
    assert imported.raw["年度"] == 2024
    assert imported.raw["版本"] == "2023-national"
    found = figures(imported)
    original = parse_json(read_text(SAMPLES / "sgb-2024.json"), "sgb")["表"]
    rows = original["支出决算表"]["明细"]
    for row in rows:
        if row.get("基本支出") and len(row["科目编码"]) == 7:
            assert found[f"支出决算表 {row['科目编码']}·基本支出"] == row["基本支出"]
    assert found["收入支出决算总表 收入·一般公共预算财政拨款收入"] == Decimal("307.82")
    target = next(t for t in imported.targets if t[0] == "支出表")
    (source,) = imported.collected.figures[target]
    assert source.grid.where(source.row, source.column).startswith("sgb-2024.xlsx 支出决算表!")


def test_an_official_workbook_says_which_edition_is_meant() -> None:
    imported = run(SAMPLES / "sgb-2024.xlsx", edition=None, given={})
    assert imported.raw["版本"] == "2024-shanghai"


def test_last_years_workbook_is_no_figure_of_this_year(tmp_path: Path) -> None:
    said = problems(SAMPLES / "sgb-2024.xlsx", given={"年度": "2025"})
    assert "是2024年度的工作簿，不是2025年度的数（滚到今年：xltool new --kind 填数表 --from" in said
