"""Draws docs/pictures/本机页面.png: the local page with a few workbooks on it, as the browser shows it.

Needs Chromium and ImageMagick (convert) on the search path, and a Chinese font.
"""

from __future__ import annotations

import sys
import tempfile
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.reporting.books import BEIGUAN, SGB, filled, with_cells
from tools.pagetab import page_tab
from tools.pictures import keep_tab

SLIPS: dict[tuple[str, str], Decimal | str | None] = {
    ("收入支出决算总表", "D33"): Decimal("308.82"),
    ("收入决算表", "D17"): "二点二二",
}


def main() -> None:
    """Write the picture."""
    books = {
        "某部2024年度部门决算.xlsx": with_cells(SGB, SLIPS),
        "某局2021年度部门决算.xlsx": filled(BEIGUAN),
        "某部2024年度部门决算（更正）.xlsx": filled(SGB),
        "没下载完的.xlsx": filled(SGB)[:9000],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in books.items():
            (folder / file).write_bytes(data)
        with page_tab(folder, 1280, 720) as page:
            page.choose_files("#files", [folder / file for file in books])
            page.wait("!document.querySelector('#tally').innerText.includes('处理中')")
            page.wait("document.querySelectorAll('.book').length === 4")
            page.click(".book.fail .open")
            page.in_frame("document.querySelector('.index') && scrollY > 100")
            keep_tab(page, folder, "本机页面")


if __name__ == "__main__":
    main()
