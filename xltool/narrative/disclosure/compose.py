"""The four parts of a disclosure, put together into one Word document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from xltool.checks import Validation
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.schemas import schema_problems
from xltool.mapping.files import read_yaml
from xltool.narrative.book import tables_of
from xltool.narrative.disclosure.contents import Contents
from xltool.narrative.disclosure.wordtables import add_sheet, end_sheets
from xltool.narrative.facts import NarrativeFacts
from xltool.narrative.tables import Tables
from xltool.narrative.text import load_narrative
from xltool.narrative.vocabulary import FOLDER
from xltool.narrative.writing.blocks import TextBlock
from xltool.narrative.writing.compose import Composed, compose
from xltool.narrative.writing.kept import Earlier, remember
from xltool.narrative.writing.phrases import CLOSE, OPEN
from xltool.narrative.writing.word import (
    TITLE,
    Font,
    add_blocks,
    add_run,
    add_title,
    new_document,
)

TERMS = FOLDER / "terms.yaml"
SCHEMA = FOLDER / "terms.schema.json"
_PARTS = (
    "第一部分　概况",
    "第二部分　{年度}年度部门决算表",
    "第三部分　{年度}年度部门决算情况说明",
    "第四部分　名词解释",
)
_ABOUT, _TERM = "概况.", "名词."
"""How the keys of the blocks of the first and the last part begin."""
_OVERVIEW = ("主要职能", "机构设置和决算单位构成")


class Disclosure(NamedTuple):
    """A document (of python-docx), its table of contents, the text in it."""

    word: Any
    contents: Contents
    text: Composed


def disclosure(
    validation: Validation,
    facts: NarrativeFacts,
    style: dict[str, Any],
    *,
    overview: Path | None = None,
    terms: Path | None = None,
    earlier: Earlier | None = None,
) -> Disclosure:
    """Put the document together. Raises `InputError`."""
    tables = tables_of(validation)
    report = validation.context.report
    written = compose(tables, facts, style)
    about = list(_overview(overview))
    missing = tuple(b.text[len(OPEN) : -len(CLOSE)] for b in about if b.text.startswith(OPEN))
    blocks = (*about, *written.blocks, *_terms(terms or TERMS, tables))
    text = Composed(written.style, blocks, (*missing, *written.missing)).keeping(earlier)
    titles = [part.replace("{年度}", str(report.year)) for part in _PARTS]
    word = new_document()
    _cover(word, report.unit_name, report.year)
    contents = Contents(word)
    _part(word, titles[0])
    add_blocks(word, text.under(_ABOUT))
    _part(word, titles[1])
    _sheets(word, validation)
    end_sheets(word)
    _part(word, titles[2], new_page=False)
    add_blocks(word, text.under(), notes=text.notes)
    _part(word, titles[3])
    add_blocks(word, text.under(_TERM))
    remember(word, text.blocks)
    contents.list_headings()
    return Disclosure(word, contents, text)


def _cover(word: Any, unit_name: str, year: int) -> None:
    """The first page, which has no number."""
    word.sections[0].different_first_page_header_footer = True
    for _ in range(7):
        word.add_paragraph()
    add_title(word, unit_name, Font(TITLE.name, 26))
    add_title(word, f"{year}年度部门决算", Font(TITLE.name, 26))


def _part(word: Any, title: str, *, new_page: bool = True) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = word.add_paragraph(style="Heading 1")
    paragraph.paragraph_format.page_break_before = new_page
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(paragraph, title, Font(TITLE.name, 18))


def _overview(path: Path | None) -> Iterator[TextBlock]:
    """The text of a file, its numbered lines as titles; without one, the places that a person has to fill."""
    if path is None:
        for n, what in enumerate(_OVERVIEW):
            yield TextBlock("title", f"{'一二'[n]}、{what}", f"{_ABOUT}{what}")
            yield TextBlock("paragraph", f"{OPEN}{what}{CLOSE}", f"{_ABOUT}{what}.1")
        return
    for paragraph in load_narrative(path).paragraphs:
        text = paragraph.text.strip()
        title = len(text) <= 30 and text[:1] in "一二三四五六七八九十" and "、" in text[:3]
        yield TextBlock("title" if title else "paragraph", text, f"{_ABOUT}{paragraph.number}")


def _sheets(word: Any, validation: Validation) -> None:
    reading = validation.reading
    for found_table in reading.found_tables:
        add_sheet(word, found_table.located.sheet, found_table.located, found_table.mapping.table)


def _terms(path: Path, tables: Tables) -> Iterator[TextBlock]:
    raw = read_yaml(path)
    raise_if(schema_problems(raw, SCHEMA, path.name))
    number = 0
    for term in raw["terms"]:
        if "when" in term:
            figure = tables.figure([term["when"]])
            if figure is None or not figure.value:
                continue
        number += 1
        yield TextBlock(
            "paragraph", f"{number}．{term['name']}：{term['text']}", f"{_TERM}{term['name']}"
        )
    if not number:
        raise InputError(Problem(path.name, "没有一个名词", code="unknown-name"))
