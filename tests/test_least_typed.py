"""The least that determines a whole set of tables: ten figures typed for the thirty-seven of the full document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from tests.support.terminal import xltool

ASSUMED = ("没有结转", "只有一般公共预算", "没有填的是零", "社保公积金按科目")
RUN, BUILD, PENSION, ANNUITY, HEALTH, HOUSE = [
    "2130314",
    "2130305",
    "2080505",
    "2080506",
    "2101101",
    "2210201",
]
HEADS: dict[str, Any] = {
    "版本": "2023-national",
    "单位名称": "某县水文站",
    "年度": 2024,
    "金额单位": "元",
    "无数据": [
        "政府性基金预算财政拨款收入支出决算表",
        "国有资本经营预算财政拨款支出决算表",
        "财政拨款“三公”经费支出决算表",
    ],
}
FUND, BASIC = "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算表"
TYPED = {
    "收入决算表": {RUN: {"其他收入": 12000.5}},
    "支出决算表": {
        RUN: {"基本支出": 612000.5},
        BUILD: {"项目支出": 88000},
        PENSION: {"基本支出": 70000},
        ANNUITY: {"基本支出": 35000},
        HEALTH: {"基本支出": 40000},
        HOUSE: {"基本支出": 55000},
    },
    BASIC: {"30101": {"金额": 400000}, "30102": {"金额": 150000}, "30201": {"金额": 50000}},
}
GIVEN = {RUN: 600000, BUILD: 88000, PENSION: 70000, ANNUITY: 35000, HEALTH: 40000, HOUSE: 55000}
KIND = {code: "项目支出" if code == BUILD else "基本支出" for code in GIVEN}
INSURED = {"30108": 70000, "30109": 35000, "30110": 40000, "30113": 55000}
BY_CLASS = {"农林水支出": 688000, "社会保障和就业支出": 105000, "卫生健康支出": 40000}
BY_CLASS |= {"住房保障支出": 55000}


def lists(rows: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    return {
        table: {"明细": [{"科目编码": code, **cells} for code, cells in found.items()]}
        for table, found in rows.items()
    }


def full() -> dict[str, Any]:
    """All that a clerk would type without derivation."""
    income = {code: {"财政拨款收入": number} for code, number in GIVEN.items()}
    income[RUN]["其他收入"] = 12000.5
    economic = {**TYPED[BASIC], **{code: {"金额": number} for code, number in INSURED.items()}}
    found = lists({**TYPED, "收入决算表": income, BASIC: economic})
    found |= lists({FUND: {code: {KIND[code]: number} for code, number in GIVEN.items()}})
    by_class = {**BY_CLASS, "农林水支出": 700000.5}
    found["收入支出决算总表"] = {
        "收入": {"一般公共预算财政拨款收入": 888000, "其他收入": 12000.5},
        "支出": by_class,
    }
    found["财政拨款收入支出决算总表"] = {
        "收入": {"一般公共预算财政拨款": 888000},
        "支出": {name: {"一般公共预算财政拨款": number} for name, number in BY_CLASS.items()},
    }
    return found


def fill(folder: Path, name: str, tables: dict[str, Any], *options: str) -> Any:
    text = yaml.safe_dump({**HEADS, "表": tables}, allow_unicode=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return xltool("fill", f"{name}.yaml", "-o", f"{name}.xlsx", *options, folder=folder)


def printed(path: Path) -> dict[tuple[str, str], Any]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path, data_only=True)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float))
    }


def count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(count(v) for k, v in value.items() if k not in ("科目编码", "科目名称"))
    return sum(map(count, value)) if isinstance(value, list) else 1


def test_ten_typed_figures_give_what_thirty_seven_give(tmp_path: Path) -> None:
    least = lists(TYPED)
    assert (count(least), count(full())) == (10, 37)
    answer = fill(
        tmp_path, "最少", least, "--derive", *(o for a in ASSUMED for o in ("--assume", a))
    )
    assert answer.code == 0, answer.err
    told = answer.out + answer.err
    assert all(f"前提：{name}——" in told for name in ASSUMED)
    done = xltool("finish", "最少.xlsx", "-o", "上报稿.xlsx", folder=tmp_path)
    assert "去掉了：空着的“部门整体绩效自评表”" in done.out + done.err
    assert (done.code, "结论：合格" in done.out) == (0, True), done.err
    steps = [line for line in told.splitlines() if line.startswith("推算：")]
    assert f"推算了{len(steps)}个数" in told
    assert all(re.search(r" = .*（[A-Z]+\d*-\d+\w*，由.+）$", step) for step in steps)
    whole = fill(tmp_path, "全", full())
    assert whole.code == 0, whole.err
    derived = printed(tmp_path / "最少.xlsx")
    figures = printed(tmp_path / "全.xlsx")
    assert len(figures) > 100
    assert {place: derived.get(place) for place in figures} == figures


def test_what_is_refused_ends_with_its_errors_and_not_with_an_account(tmp_path: Path) -> None:
    """The derivations of a workbook that was not written help nobody; the errors must be seen."""
    wrong = lists(TYPED)
    wrong["收入决算表"]["合计"] = {"财政拨款收入": 1}
    answer = fill(tmp_path, "错", wrong, "--derive", *(o for a in ASSUMED for o in ("--assume", a)))
    assert answer.code == 2
    lines = (answer.out + answer.err).strip().splitlines()
    assert all(line.startswith("错误：") for line in lines), lines
    assert not (tmp_path / "错.xlsx").exists()
