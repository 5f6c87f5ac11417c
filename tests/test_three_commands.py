"""From a list, and from a ledger, to the workbook that is handed in: import, fill, finish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from tests.support.ordinary import LEDGER, LIST
from tests.support.terminal import xltool

ASSUMED = ("没有结转", "只有一般公共预算", "没有填的是零", "社保公积金按科目")


def three_commands(folder: Path, rows: list[list[Any]], typed: tuple[str, ...]) -> None:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(folder / "来.xlsx")
    settings = [part for text in typed for part in ("--set", text)]
    read = xltool(
        "import", "来.xlsx", "-e", "2023-national", "-o", "数.json", "--unit", "元", "--yes",
        *settings, folder=folder,
    )  # fmt: skip
    assert read.code == 0, read.err
    assumed = [part for name in ASSUMED for part in ("--assume", name)]
    filled = xltool("fill", "数.json", "-o", "报表.xlsx", "--derive", *assumed, folder=folder)
    assert filled.code == 0, filled.err
    done = xltool("finish", "报表.xlsx", "-o", "上报稿.xlsx", folder=folder)
    assert "结论：合格" in done.out, done.out + done.err
    assert (folder / "上报稿.xlsx").is_file()


def test_a_list_with_three_figures_that_it_lacks(tmp_path: Path) -> None:
    three_commands(
        tmp_path,
        LIST,
        (
            "收入表.明细[2130314].其他收入=3000",
            "基本支出.明细[30101].金额=700000",
            "基本支出.明细[30201].金额=109345.67",
        ),
    )


def test_a_ledger_with_none(tmp_path: Path) -> None:
    three_commands(tmp_path, LEDGER, ())


def test_final_figures_under_a_title_of_half_a_year(tmp_path: Path) -> None:
    text = "某局2024年1-6月支出 单位：元\n科目编码,基本支出\n2010301,500\n"
    (tmp_path / "表.csv").write_text(text, encoding="utf-8", newline="")
    words = ("import", "表.csv", "-e", "2023-national", "-o", "数.json", "--unit-name", "某局")
    refused = xltool(*words, "--yes", folder=tmp_path)
    assert (refused.code, (tmp_path / "数.json").exists()) == (2, False)
    assert "--final" in refused.err
    assert xltool(*words, "--yes", "--final", folder=tmp_path).code == 0
    (tmp_path / "数.json").unlink()
    assert xltool(*words, "--yes", "--answer", "口径=全年决算", folder=tmp_path).code == 0
