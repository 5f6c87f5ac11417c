"""How heavy the page of a review is: building it, opening it in Chromium, sorting and filtering it.

    python benchmarks/page.py [--books 20000] [--rounds 3] [--units] [--picture FILE.png]

The books are made up (tests/review/synthetic.py): only the page is measured. A browser without a window opens the
file; times are the browser's own, from the click to the frame that shows what came of it. The best of the rounds.
With `--units` the page has a table of as many units, too, as that of a season has.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.review.synthetic import changes, collected
from tests.support.programs import BROWSER
from tests.web.chrome import Browser, Page
from xltool.review.collect import ReviewBooks
from xltool.review.extra import ExtraTable
from xltool.review.page import render
from xltool.review.sheets import SheetColumn, numbers
from xltool.review.shelf import Shelf
from xltool.season.model import STATES

_FIRST = """(() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const whole = performance.getEntriesByType("navigation")[0];
  return paint && whole.loadEventEnd ? [paint.startTime, whole.loadEventEnd] : null;
})()"""
_TIMED = """new Promise(done => {{
  const begin = performance.now();
  {action};
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin), 0));
}})"""
_SET = (
    'document.getElementById("filters").elements["{name}"].value = "{value}";'
    'document.getElementById("filters").dispatchEvent(new Event("input"))'
)
ACTIONS = {
    "按单位排序": 'document.querySelectorAll("#books thead th")[0].click()',
    "按不符处数排序": 'document.querySelectorAll("#books thead th")[2].click()',
    "筛选文字": _SET.format(name="text", value="永宁"),
    "清除文字": _SET.format(name="text", value=""),
    "筛选规则": 'document.querySelector(".rules a[data-rule]").click()',
    "滚到底": '(e => e.scrollTop = e.scrollHeight)(document.querySelector(".matrix"))',
}
_BAR = """(() => {{
  const bar = document.querySelector("details.unread .filters");
  bar.querySelector("{what}").value = "{value}";
  bar.querySelector("{what}").dispatchEvent(new Event("{event}", {{bubbles: true}}));
}})()"""
UNITS = {
    "单位情况只看有仍未改正": _BAR.format(what="select", value="仍未改正", event="change"),
    "单位情况查找一个单位": _BAR.format(what="input", value="第77单位", event="input"),
}


def units_of(found: ReviewBooks) -> ExtraTable:
    """A unit for each book, as `season.coverage` shows them."""
    columns = (SheetColumn("单位名称", 26, "long"), SheetColumn("结论", 12), *numbers(*STATES))
    rows = Shelf[tuple[object, ...]]()
    for line in found.ranked:
        wrong = line.book["不符"]
        states = (wrong, wrong // 3, *[0] * (len(STATES) - 2))
        rows.put((line.unit, line.book["结论"], *states))
    return ExtraTable("单位情况", "", columns, rows, {})


def say(text: str) -> None:
    """A line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def measure(page: Page, url: str, actions: dict[str, str]) -> dict[str, float]:
    """Milliseconds of each step."""
    page.go(url)
    first, whole = page.wait(_FIRST)
    found = {"第一屏": first, "全部就绪": whole}
    for name, action in actions.items():
        found[name] = page.run(_TIMED.format(action=action))
    return found


def main() -> None:
    """Build, open, click; print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--units", action="store_true")
    parser.add_argument("--picture", type=Path)
    wanted = parser.parse_args()
    program = BROWSER.find()
    if program is None:
        sys.exit(BROWSER.missing)
    found = collected(wanted.books)
    compared = changes(found)
    actions = {**ACTIONS, **(UNITS if wanted.units else {})}
    begin = time.perf_counter()
    extra = [units_of(found)] if wanted.units else []
    html = "".join(render(found, compared, extra=extra))
    took = time.perf_counter() - begin
    say(f"{wanted.books:,} 份：做成页面 {took:.2f} 秒，{len(html.encode()) / 1e6:.2f} MB")
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "页面.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        browser = Browser(program, Path(name))
        try:
            page = browser.open("about:blank#0")
            rounds = [measure(page, f"{file.as_uri()}?{n}", actions) for n in range(wanted.rounds)]
            if wanted.picture:
                wanted.picture.write_bytes(page.picture())
        finally:
            browser.close()
    for step in rounds[0]:
        say(f"{step}\t{min(times[step] for times in rounds):8.0f} 毫秒")


if __name__ == "__main__":
    main()
