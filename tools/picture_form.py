"""Draws docs/pictures/自己的表样.png and 自己的表样-图.png: the page asks about a form, and what it recognised.

Needs Chromium and ImageMagick (convert) on the search path, and a Chinese font.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.test_form_questions import county_form
from tools.pagetab import page_tab
from tools.pictures import MARGINS, keep_tab

READY = "!document.querySelector('#own-form [type=submit]').disabled"


def main() -> None:
    """Write both pictures."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XLTOOL_DATA"] = str(folder / "own")
        with page_tab(folder, 1180, 820) as page:
            page.choose_files("#files", [county_form(folder / "某县决算表样.xlsx")])
            page.wait("!!document.getElementById('own-open')")
            page.click("#own-open")
            page.wait(READY)
            page.in_frame("document.querySelector('td.asked') && 1")
            page.run("document.getElementById('detail').scrollTop = 0")
            keep_tab(page, folder, "自己的表样", *MARGINS)
            page.run("document.getElementById('own-picture').scrollIntoView({block: 'start'})")
            page.in_frame("(document.querySelector('#sheet1').scrollIntoView(), 1)")
            keep_tab(page, folder, "自己的表样-图", *MARGINS)


if __name__ == "__main__":
    main()
