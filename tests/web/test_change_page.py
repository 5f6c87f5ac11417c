"""On the page: one figure changed as a patch, and a workbook compared with its receipt."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.support.terminal import xltool
from tests.web.running import Running
from tests.web.test_entry_page import Page, done, download, page, patiently
from xltool.core.resources import SAMPLES

__all__ = ["page"]  # a fixture

ADDRESS = "支出决算表.明细[2013901].基本支出"


def typed(shown: Page, text: str) -> None:
    shown.run(f"document.querySelector('#change textarea').value = {text!r}; 1")
    shown.click("#change button")


def test_a_figure_is_changed_and_what_follows_is_said(
    page: tuple[Page, Running], tmp_path: Path
) -> None:
    shown, _ = page
    shown.choose_files("#files", [SAMPLES / "sgb-2024.xlsx"])
    done(shown, 1)
    shown.click("[data-open=change]")
    typed(shown, "支出决算表.明细[9999999].基本支出=1")
    patiently(
        shown, "document.getElementById('notice').textContent.indexOf('明细里没有 9999999') >= 0"
    )
    assert shown.run("document.querySelector('[data-file=changed]')") is None
    # as it is pasted from two columns of a table
    typed(shown, f"地址\t数\n{ADDRESS}\t51.33")
    patiently(shown, "document.querySelector('[data-file=changed]')")
    lines = shown.texts("#changed li")
    assert lines[0] == f"{ADDRESS}（支出决算表 D8）：51.32 → 51.33"
    assert "公式跟着变：支出决算表 D5：105.58 → 105.59" in lines
    assert any(line.startswith("改了以后：不合格（不符 1 处") for line in lines)
    got = download(shown, "[data-file=changed]", tmp_path / "改.xlsx")
    assert openpyxl.load_workbook(got)["支出决算表"]["D8"].value == 51.33
    shown.choose_files("#files", [got])
    done(shown, 2)
    shown.click(".book:not(.chosen) .open")
    patiently(shown, "document.getElementById('change').hidden")


def test_a_workbook_is_compared_with_its_receipt(
    page: tuple[Page, Running], tmp_path: Path
) -> None:
    shown, _ = page
    answer = xltool("finish", SAMPLES / "sgb-2024.xlsx", "-o", "上报稿.xlsx", folder=tmp_path)
    assert answer.code == 0, answer.err
    receipt = tmp_path / "上报稿.回执.json"
    shown.choose_files("#files", [tmp_path / "上报稿.xlsx"])
    done(shown, 1)
    shown.click("[data-open=receipt]")
    shown.choose_files("#receipt", [receipt])
    patiently(shown, "document.getElementById('notice').textContent.indexOf('与回执相符') >= 0")
    assert "上报稿.xlsx：与回执相符" in shown.text("#notice")
    receipt.write_text(receipt.read_text("utf-8").replace('"sha256": "', '"sha256": "0'), "utf-8")
    shown.choose_files("#receipt", [receipt])
    patiently(shown, "document.getElementById('notice').textContent.indexOf('与回执不符') >= 0")
    receipt.write_text("{}", "utf-8")
    shown.choose_files("#receipt", [receipt])
    patiently(
        shown, "document.getElementById('notice').textContent.indexOf('不是 xltool finish') >= 0"
    )
