"""Draws docs/pictures/功能区.png: the ribbon as ribbon.xml describes it, without the icons of Office.

Needs Chromium and ImageMagick (convert) on the search path, and a Chinese font.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from html import escape
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.pictures import keep, run
from xltool.addin.ribbon import Button, buttons

SYMBOLS = {
    "validate": "✓",
    "next": "→",
    "clear": "⌫",
    "fill": "↓",
    "export": "⇥",
    "checks": "ƒ",
    "doctor": "+",
    "help": "?",
}
STYLE = """
body { margin: 0; font: 13px "Noto Sans CJK SC", sans-serif; background: #fff; color: #222; width: 900px }
.tabs { background: #217346; color: #fff; padding: 7px 12px 0 }
.tabs span { display: inline-block; padding: 5px 13px }
.tabs .on { background: #f3f2f1; color: #217346; font-weight: bold }
.ribbon { display: flex; background: #f3f2f1; border-bottom: 1px solid #c8c6c4; padding: 6px 8px 0 }
.group { border-right: 1px solid #d2d0ce; padding: 0 8px; display: flex; flex-direction: column }
.buttons { display: flex; flex: 1; align-items: flex-start }
.small { flex-direction: column; justify-content: center; height: 72px }
.button { width: 76px; text-align: center; padding: 4px 0 }
.small .button { width: auto; text-align: left; padding: 4px 6px }
.button i { display: block; font: 26px/36px "Noto Sans CJK SC", "DejaVu Sans"; color: #217346; font-style: normal }
.small .button i { display: inline; font-size: 15px; margin-right: 6px }
.name { text-align: center; color: #605e5c; font-size: 11px; padding: 3px 0 5px }
"""


def page() -> str:
    """The ribbon as a page."""
    groups = "".join(
        _group(name, list(some)) for name, some in groupby(buttons(), lambda b: b.group)
    )
    tabs = "".join(
        f"<span>{name}</span>" for name in ("文件", "开始", "插入", "公式", "数据", "审阅")
    )
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>'
        f'<div class="tabs">{tabs}<span class="on">决算工具</span></div>'
        f'<div class="ribbon">{groups}</div>'
    )


def _group(name: str, some: list[Button]) -> str:
    small = " small" if name == "帮助" else ""
    drawn = "".join(
        f'<div class="button"><i>{SYMBOLS[button.tag]}</i>{escape(button.label)}</div>'
        for button in some
    )
    return (
        f'<div class="group"><div class="buttons{small}">{drawn}</div>'
        f'<div class="name">{escape(name)}</div></div>'
    )


def main() -> None:
    """Write the picture."""
    browser = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ribbon.html").write_text(page(), encoding="utf-8")
        drawn = folder / "ribbon.png"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        where = [f"--user-data-dir={folder / 'profile'}", f"--screenshot={drawn}"]
        window = ["--window-size=900,150", "--hide-scrollbars"]
        url = (folder / "ribbon.html").as_uri()
        run([browser, *flags, *where, *window, url])
        keep(drawn, "功能区", "-trim", "+repage")


if __name__ == "__main__":
    main()
