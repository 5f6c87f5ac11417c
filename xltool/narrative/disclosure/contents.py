"""The table of contents: a field that Word and WPS can compute anew, filled with what it will show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from xltool.narrative.writing.word import BODY, add_run, add_title, field_part

_CODE = 'TOC \\o "1-2" \\h \\z'
_PAGE = 570
"""Points that the lines have on the first page: more of them stand closer."""
_CLOSEST, _WIDEST = 15, 22
_LEVELS = {"Heading 1": 1, "Heading 2": 2}


class Entry(NamedTuple):
    """A line of the contents; `page` is the run that shows its page number."""

    title: str
    level: int
    page: Any


class Contents:
    """The contents of a document, at the place where it is made; filled when all else is there."""

    def __init__(self, word: Any) -> None:
        self.word = word
        title = add_title(word, "目　录")
        title.paragraph_format.page_break_before = True
        self._end = word.add_paragraph()
        self.entries: list[Entry] = []

    def list_headings(self) -> None:
        """Make a line for every heading of the first two levels, its page number still open."""
        levels = {self.word.styles[name].style_id: level for name, level in _LEVELS.items()}
        found = ((p, levels.get(p._p.style)) for p in self.word.paragraphs)
        headings = [(paragraph, level) for paragraph, level in found if level is not None]
        spacing = max(_CLOSEST, min(_WIDEST, _PAGE / max(1, len(headings))))
        for number, (heading, level) in enumerate(headings):
            line = self._end.insert_paragraph_before()
            if number == 0:
                for part in ("begin", _CODE, "separate"):
                    field_part(line, part)
            self.entries.append(self._line(line, heading, level, spacing))
        field_part(self._end, "end")

    def _line(self, line: Any, heading: Any, level: int, spacing: float) -> Entry:
        from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
        from docx.shared import Pt

        section = self.word.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        line.paragraph_format.tab_stops.add_tab_stop(
            width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
        )
        font = BODY._replace(size=min(14, int(spacing * 0.7)))
        line.paragraph_format.left_indent = Pt(font.size * 2 * (level - 1))
        line.paragraph_format.line_spacing = Pt(spacing)
        add_run(line, heading.text, font)
        add_run(line, "\t", font)
        return Entry(heading.text, level, add_run(line, "", font))

    def show(self, pages: Mapping[int, int]) -> None:
        """Put in page numbers, by the position of the entry."""
        for position, page in pages.items():
            self.entries[position].page.text = str(page)
