"""The clerk's way in and out: new, set, finish, verify."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.support.terminal import ended as run
from xltool.core.resources import SAMPLES
from xltool.entry.finish import finish

BOOK = SAMPLES / "sgb-2024.xlsx"


# ── new ──


def test_the_blank_official_workbook(tmp_path: Path) -> None:
    out = tmp_path / "空表.xlsx"
    run("new", "-e", "2024-shanghai", "-o", out)
    assert len(openpyxl.load_workbook(out).sheetnames) == 9


def test_chosen_tables_only(tmp_path: Path) -> None:
    out = tmp_path / "空表.xlsx"
    run("new", "-e", "2024-shanghai", "-o", out, "--tables", "财政拨款三公经费支出决算表")
    assert len(openpyxl.load_workbook(out).sheetnames) == 1
    done = run(
        "new", "-e", "2024-shanghai", "-o", tmp_path / "x.xlsx", "--tables", "三公表", code=2
    )
    assert "没有这张表" in done.stderr


@pytest.mark.parametrize("edition", ["2021-national", "2023-national", "2024-shanghai"])
def test_a_skeleton_is_a_document_that_fill_takes(tmp_path: Path, edition: str) -> None:
    out = tmp_path / "数据.yaml"
    run("new", "-e", edition, "-o", out)
    text = out.read_text(encoding="utf-8").replace('单位名称: ""', "单位名称: 某局")
    text = text.replace("其他收入:", "其他收入: 1", 1)
    out.write_text(text, encoding="utf-8")
    run("fill", out, "-o", tmp_path / "报表.xlsx")


def test_last_year_is_rolled_forward(tmp_path: Path) -> None:
    out = tmp_path / "数据.yaml"
    run("new", "-e", "2024-shanghai", "-o", out, "--from", BOOK)
    text = out.read_text(encoding="utf-8")
    assert "年度: 2025" in text
    assert "2013901" in text and "上年" in text
    run("fill", out, "-o", tmp_path / "报表.xlsx")
    read = run("read", tmp_path / "报表.xlsx", "-e", "2024-shanghai")
    assert "307.82" not in read.stdout


def test_a_blank_form_takes_nothing_of_last_year_and_says_what_does(tmp_path: Path) -> None:
    new = ("new", "-e", "2024-shanghai", "-o", tmp_path / "填数.xlsx", "--from", BOOK)
    assert "或加 --kind 填数表" in run(*new, code=2).stderr
    run(*new, "--kind", "填数表")


def test_a_long_table(tmp_path: Path) -> None:
    out = tmp_path / "长表.csv"
    run("new", "-e", "2024-shanghai", "-o", out, "--from", BOOK)
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("版本,单位名称,年度")
    assert any("2013901" in line for line in lines)


# ── set ──


def test_one_figure_and_what_follows(tmp_path: Path) -> None:
    out = tmp_path / "改.xlsx"
    done = run("set", BOOK, "-o", out, "支出决算表.明细[2013901].基本支出=51.30")
    assert "51.32 → 51.3" in done.stdout.replace("51.30", "51.3")
    before, after = (openpyxl.load_workbook(path) for path in (BOOK, out))
    changed = {
        (sheet.title, cell.coordinate)
        for sheet in before
        for row in sheet.iter_rows()
        for cell in row
        if cell.value != after[sheet.title][cell.coordinate].value
    }
    assert len(changed) == 1


def test_changes_of_a_table_and_all_faults_at_once(tmp_path: Path) -> None:
    table = tmp_path / "改.csv"
    table.write_text(
        "地址,数\n支出决算表.明细[9999999].基本支出,1\n没有的表.x,2\n支出表.合计.基本支出,三\n",
        "utf-8",
    )
    done = run("set", BOOK, "-o", tmp_path / "x.xlsx", "--table", table, code=2)
    for words in ("明细里没有 9999999", "没有这张表", "“三”不是数"):
        assert words in done.stderr
    assert not (tmp_path / "x.xlsx").exists()


def test_a_formula_is_not_written_over(tmp_path: Path) -> None:
    book = tmp_path / "报表.xlsx"
    run("fill", SAMPLES / "sgb-2024.json", "-o", book, "--totals", "given")
    cells = openpyxl.load_workbook(book)["收入支出决算总表"]
    formula = any(isinstance(c.value, str) and c.value.startswith("=") for r in cells for c in r)
    assert formula
    done = run("set", book, "-o", tmp_path / "x.xlsx", "总表.支出.本年支出合计=1", code=2)
    assert "是公式" in done.stderr


def test_an_address_that_stops_short_is_led_on(tmp_path: Path) -> None:
    wrong = ("总表.收入=3", "支出表.明细.基本支出=3", "总表.收入.事业=3")
    done = run("set", BOOK, "-o", tmp_path / "x.xlsx", *wrong, code=2)
    assert "如 总表.收入.一般公共预算财政拨款收入" in done.stderr
    assert "如 支出表.明细[2010101].本年支出合计" in done.stderr
    assert "是不是“收入.事业收入”" in done.stderr


# ── finish and verify ──


def test_a_copy_that_is_not_there_is_said_before_its_receipt(tmp_path: Path) -> None:
    done = run("verify", tmp_path / "没有.xlsx", code=2)
    assert "没有这个文件" in done.stderr and "回执" not in done.stderr


def test_a_clean_copy_with_its_receipt(tmp_path: Path) -> None:
    marked, out = tmp_path / "标注.xlsx", tmp_path / "上报稿.xlsx"
    run("validate", BOOK, "--annotate", marked)
    assert "校验结果" in openpyxl.load_workbook(marked).sheetnames
    run("finish", marked, "-o", out)
    assert "校验结果" not in openpyxl.load_workbook(out).sheetnames
    receipt = json.loads((tmp_path / "上报稿.回执.json").read_text(encoding="utf-8"))
    assert receipt["结论"] == "合格"
    assert receipt["规则"]["审核"] > 40
    assert "与回执相符" in run("verify", out).stdout
    out.write_bytes(out.read_bytes() + b"\0")
    assert "改过" in run("verify", out, code=1).stdout


def test_nothing_is_written_when_it_is_not_right(tmp_path: Path) -> None:
    wrong, out = tmp_path / "错.xlsx", tmp_path / "上报稿.xlsx"
    run("set", BOOK, "-o", wrong, "支出决算表.明细[2013901].基本支出=999")
    done = run("finish", wrong, "-o", out, code=1)
    assert "没有写上报稿" in done.stderr
    assert f"xltool finish {wrong} -o {out} --explanations 标注.xlsx" in done.stderr
    assert not out.exists()
    assert not (tmp_path / "上报稿.回执.json").exists()


def test_sheets_print_and_show_as_the_official_form_has_them(tmp_path: Path) -> None:
    odd, out = tmp_path / "乱.xlsx", tmp_path / "上报稿.xlsx"
    book = openpyxl.load_workbook(BOOK)
    before = [(s.title, s.print_area, s.print_title_rows, s.freeze_panes) for s in book]
    first, second, third = book.worksheets[:3]
    first.sheet_view.topLeftCell, first.sheet_view.zoomScale = "H30", 40
    second.print_area, second.sheet_view.view = "A1:C5", "pageBreakPreview"
    third.print_title_rows = "1:2"
    for pane in third.sheet_view.selection:
        pane.activeCell = pane.sqref = "F20"
    book.active = 3
    book.move_sheet(book.worksheets[4], -3)
    book.save(odd)
    said = run("finish", odd, "-o", out).stderr
    assert "照表样：工作表的次序" in said
    assert "打印区域、打开时的样子（收入支出决算总表、收入决算表、支出决算表）" in said
    done = openpyxl.load_workbook(out)
    assert [(s.title, s.print_area, s.print_title_rows, s.freeze_panes) for s in done] == before
    assert done.active.title == "收入支出决算总表"
    for sheet in done:
        view = sheet.sheet_view
        assert (view.topLeftCell, view.zoomScale, view.view) == (None, None, None)
        assert {pane.activeCell for pane in view.selection} == {"A1"}
        assert bool(view.tabSelected) == (sheet.title == "收入支出决算总表")
    assert "照表样" not in run("finish", BOOK, "-o", tmp_path / "又.xlsx").stderr


def test_more_rows_than_the_form_has_are_all_printed(tmp_path: Path) -> None:
    raw = {"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元"}
    codes = [f"20103{n:02d}" for n in range(1, 30)]
    rows = [{"科目编码": code, "科目名称": "某", "基本支出": 10000} for code in codes]
    raw["表"] = {
        "支出决算表": {"明细": rows},
        "一般公共预算财政拨款基本支出决算表": {"明细": [{"科目编码": "30101", "金额": 290000}]},
    }
    (tmp_path / "数据.json").write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    filled = tmp_path / "报表.xlsx"
    assumed = ["没有结转", "只有一般公共预算", "没有填的是零"]
    run(
        "fill", tmp_path / "数据.json", "-o", filled, *(x for a in assumed for x in ("--assume", a))
    )
    book = openpyxl.load_workbook(filled)
    areas = {sheet.title: sheet.print_area for sheet in book}
    spending = next(sheet for sheet in book if sheet.title.endswith(" 支出决算表"))
    spending.print_area = "A1:B2"
    book.save(filled)
    finished = finish(filled)
    assert any("支出决算表" in text for text in finished.restored)
    (tmp_path / "出.xlsx").write_bytes(finished.data)
    done = openpyxl.load_workbook(tmp_path / "出.xlsx")
    assert {sheet.title: sheet.print_area for sheet in done} == {
        name: area for name, area in areas.items() if name in done.sheetnames
    }


def test_optional_sheets_that_are_empty_go(tmp_path: Path) -> None:
    data = tmp_path / "数据.json"
    raw = {"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元"}
    rows = [{"科目编码": "2010301", "基本支出": 500000}]
    economic = [{"科目编码": "30101", "金额": 500000}]
    raw["表"] = {
        "支出决算表": {"明细": rows},
        "一般公共预算财政拨款基本支出决算表": {"明细": economic},
    }
    raw["无数据"] = [
        "政府性基金预算财政拨款收入支出决算表",
        "国有资本经营预算财政拨款支出决算表",
        "财政拨款“三公”经费支出决算表",
    ]
    data.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    book, out = tmp_path / "报表.xlsx", tmp_path / "上报稿.xlsx"
    run("fill", data, "-o", book, "--assume", "只有一般公共预算", "--assume", "没有填的是零")
    done = run("finish", book, "-o", out)
    assert "空着的" in done.stderr
    assert len(openpyxl.load_workbook(out).sheetnames) < len(
        openpyxl.load_workbook(book).sheetnames
    )


# ── money ──


def amounts(tmp_path: Path, figure: object, total: object = None, unit: str = "元") -> Path:
    rows = [{"科目编码": "2010301", "基本支出": figure}]
    table = {"明细": rows} | ({"合计": {"本年支出合计": total}} if total is not None else {})
    raw = {"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": unit}
    path = tmp_path / "数据.json"
    path.write_text(json.dumps({**raw, "表": {"支出决算表": table}}, ensure_ascii=False), "utf-8")
    return path


@pytest.mark.parametrize(
    ("figure", "unit", "fen"),
    [
        (0.1 + 0.2, "元", True),
        (189321.38000000003, "元", True),
        (18.932138000000002, "万元", True),
        (100.005, "元", False),
        (0.0100005, "万元", False),
        (0.010001, "万元", True),
    ],
)
def test_fractions_of_a_fen_are_asked_about_and_noise_is_not(
    tmp_path: Path, figure: float, unit: str, fen: bool
) -> None:
    data, out = amounts(tmp_path, figure, unit=unit), tmp_path / "报表.xlsx"
    done = run("fill", data, "-o", out, code=0 if fen else 2)
    if fen:
        return
    assert f"支出决算表 2010301·基本支出：{figure}{unit}有不到一分的零头" in done.stderr
    assert not out.exists()
    run("fill", data, "-o", out, "--keep-fractions")
    assert str(figure) in run("read", out, "--unit", unit).stdout


def test_totals_are_compared_as_they_are_printed_and_told_in_the_unit_of_the_document(
    tmp_path: Path,
) -> None:
    out = tmp_path / "报表.xlsx"
    done = run("fill", amounts(tmp_path, 100000.01, 100000), "-o", out)
    assert "给的 100,000.00元，算得 100,000.01元" in done.stderr
    done = run("fill", amounts(tmp_path, 100000.01, 200000), "-o", tmp_path / "x.xlsx", code=2)
    assert "文档给的是 200,000.00元，按表内公式合计是 100,000.01元，相差 99,999.99元" in done.stderr
    data = amounts(tmp_path, 10.001, 10, "万元")
    assert "提示" not in run("fill", data, "-o", tmp_path / "y.xlsx").stderr
