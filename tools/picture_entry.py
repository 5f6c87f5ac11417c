"""Draws docs/pictures/填数表.png and 页面导入.png: a typed 填数表, and a list on the page that waits to be confirmed.

Needs LibreOffice, poppler, Chromium and ImageMagick (convert) on the search path, and a Chinese font.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.test_entry_sheet import Typist
from tools.make_pictures import as_pdf, keep_sheet
from tools.pagetab import page_tab
from tools.pictures import MARGINS, keep_tab
from xltool.entry.importing.assemble import entry_sheet, import_files
from xltool.entry.importing.looking import opened
from xltool.entry.importing.vocabulary import load_words

START = ROOT / "docs" / "start.md"


def main() -> None:
    """Draw both from the list of docs/start.md."""
    text = START.read_text(encoding="utf-8")
    rows = text.split("# 文件：决算数.csv\n")[1].split("```")[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "决算数.csv"
        source.write_text(rows, encoding="utf-8", newline="\n")
        _entry_sheet(source, folder)
        _page(source, folder)


def _entry_sheet(source: Path, folder: Path) -> None:
    """The imported list as a 填数表, with one figure that does not add up."""
    imported = import_files(opened([source]), load_words(), edition="2021-national")
    path = folder / "填数.xlsx"
    path.write_bytes(entry_sheet(imported))
    typist = Typist(path)
    typist.place("一般公共", "2080505", "基本支出").value = 2.84
    keep_sheet(as_pdf(typist.save(), folder), "填数表", "填数表", density=110, share=46)


def _page(source: Path, folder: Path) -> None:
    with page_tab(folder, 1280, 760) as page:
        page.wait("document.querySelectorAll('#edition option').length > 1")
        page.run(
            "var e = document.getElementById('edition'); e.value = '2021-national';"
            "e.dispatchEvent(new Event('change')); 1"
        )
        page.choose_files("#files", [source])
        page.wait("!!document.querySelector('.book.partial')")
        keep_tab(page, folder, "页面导入", *MARGINS)


if __name__ == "__main__":
    main()
