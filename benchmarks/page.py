"""How heavy the page of a review is: building it, opening it in Chromium, sorting and filtering it.

    python benchmarks/page.py [--books 20000] [--rounds 3] [--picture FILE.png]

The books are made up (tests/review/synthetic.py): only the page is measured. A browser without a window opens the
file; times are the browser's own, from the click to the frame that shows what came of it. The best of the rounds.
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
from xltool.review.page import render

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


def say(text: str) -> None:
    """A line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def measure(page: Page, url: str) -> dict[str, float]:
    """Milliseconds of each step."""
    page.go(url)
    first, whole = page.wait(_FIRST)
    found = {"第一屏": first, "全部就绪": whole}
    for name, action in ACTIONS.items():
        found[name] = page.run(_TIMED.format(action=action))
    return found


def main() -> None:
    """Build, open, click; print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--picture", type=Path)
    wanted = parser.parse_args()
    program = BROWSER.find()
    if program is None:
        sys.exit(BROWSER.missing)
    found = collected(wanted.books)
    compared = changes(found)
    begin = time.perf_counter()
    html = "".join(render(found, compared))
    took = time.perf_counter() - begin
    say(f"{wanted.books:,} 份：做成页面 {took:.2f} 秒，{len(html.encode()) / 1e6:.2f} MB")
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "页面.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        browser = Browser(program, Path(name))
        try:
            page = browser.open("about:blank#0")
            rounds = [measure(page, f"{file.as_uri()}?{n}") for n in range(wanted.rounds)]
            if wanted.picture:
                wanted.picture.write_bytes(page.picture())
        finally:
            browser.close()
    for step in rounds[0]:
        say(f"{step}\t{min(times[step] for times in rounds):8.0f} 毫秒")


if __name__ == "__main__":
    main()
