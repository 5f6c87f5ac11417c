"""What the documentation says of the add-in is so."""

from __future__ import annotations

import re
from pathlib import Path

from xltool.addin.excelchecks import CHECKS as EXCEL_CHECKS
from xltool.addin.hosts.excelmarks import MOST_NOTES
from xltool.addin.install import FOLDER
from xltool.addin.log import FOLDER as LOGS
from xltool.addin.ribbon import buttons
from xltool.reporting.workbook.annotate import AUTHOR

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = (DOCS / "addin.md").read_text(encoding="utf-8")


def test_every_button_is_described_in_its_order() -> None:
    rows = re.findall(r"^\| (校验|数据|帮助) \| (\S+) \|", GUIDE, re.MULTILINE)
    assert rows == [(button.group, button.label) for button in buttons()]


def test_names_and_numbers_are_those_of_the_program() -> None:
    assert FOLDER in GUIDE and LOGS in GUIDE
    assert f"最多 {MOST_NOTES} 个" in GUIDE
    assert f"“{AUTHOR}：”" in GUIDE


def test_checklist_claims_nothing() -> None:
    text = (DOCS / "checklist-excel-wps.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \|.*$", text, re.MULTILINE)
    assert len(rows) > 20
    assert all(row.endswith("| 未在此运行 | |") for row in rows)


def test_doctor_covers_what_people_report() -> None:
    named = "".join(EXCEL_CHECKS)
    for word in ("加载项文件", "配套", "网络", "禁用", "宏", "命令提示符", "Script Host", "杀毒"):
        assert word in named
