"""Reviews in tests."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from tests.support.alone import without_workers
from xltool.batch.generated import PAGE
from xltool.batch.sources import find_sources
from xltool.batch.task import Options
from xltool.ooxml import Editor, open_workbook
from xltool.review.run import Reviewed, ReviewRequest, review


@dataclass(frozen=True)
class Review:
    """A finished review: what it gave and its folder."""

    done: Reviewed
    folder: Path

    @property
    def page(self) -> str:
        """审核汇总.html."""
        return (self.folder / PAGE).read_text(encoding="utf-8")

    @property
    def files(self) -> set[str]:
        """Every file in the folder."""
        return {
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


def run(
    folder: Path,
    out: Path,
    *,
    marked: bool = False,
    everything: bool = False,
    prior: Path | None = None,
    jobs: int = 2,
) -> Review:
    """Review the workbooks in `folder` into `out`, with two workers or none."""
    sources = find_sources([str(folder)]).sources
    with without_workers() if jobs == 1 else nullcontext():
        done = review(sources, out, Options(), ReviewRequest(marked, everything, prior), jobs=jobs)
    return Review(done, out)


def spoilt(book: Path, ref: str, add: Decimal) -> None:
    """Add something to an amount on the first sheet of a book."""
    editor = Editor(open_workbook(book))
    sheet = editor.workbook.sheets[0]
    value = sheet.value(ref)
    assert isinstance(value, Decimal)
    editor.set(sheet.name, ref, value + add, over_formula=True)
    editor.save(book, overwrite=True)


class Links(HTMLParser):
    """The addresses that a page leads to or loads, the rows of its matrix, and how many elements it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.rows: list[list[str]] = []
        self.elements = 0
        self._body = self._cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        found = dict(attrs)
        self.addresses += [str(found[name]) for name in ("href", "src") if found.get(name)]
        if tag == "table":
            self._body = found.get("id") == "books"
        elif tag == "tr" and self._body:
            self.rows.append([])
        elif tag in ("td", "th") and self._body:
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data
