"""A Word document from a template: marks replaced where they stand, one row of a table repeated for every line.

A mark keeps the look of its first character; everything else in the document stays as the office made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any

from xltool.core.printable import harmless
from xltool.core.problems import InputError, Problem
from xltool.season.letters.marks import BODY, MARK, OF_LINE, marks_in

_LINE_MARKS = frozenset(mark for marks in OF_LINE.values() for mark in marks)
_BODY = f"〔{BODY}〕"


def document_texts(content: bytes) -> tuple[list[str], list[str]]:
    """The texts of a template: of its paragraphs, and of the rows that are repeated. Raises `InputError`."""
    document = _opened(content)
    repeated = [row._tr for table in document.tables for row in table.rows if _is_line(row)]
    rows = ["".join(_texts(row)) for row in repeated]
    plain = [
        paragraph.text
        for paragraph in _paragraphs(document)
        if not any(row in paragraph._p.iterancestors() for row in repeated)
    ]
    return plain, rows


def fill_document(
    content: bytes,
    values: Mapping[str, str],
    body: Sequence[str],
    lines: Sequence[Mapping[str, str]],
) -> bytes:
    """The template with its marks replaced: `body` a paragraph each, `lines` a row each."""
    document = _opened(content)
    for paragraph in list(_paragraphs(document)):
        if paragraph.text.strip() == _BODY:
            _repeat_paragraph(paragraph, body)
        else:
            _fill(paragraph, values)
    for table in document.tables:
        for row in list(table.rows):
            if _is_line(row):
                _repeat_row(row, lines)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _opened(content: bytes) -> Any:
    try:
        import docx
    except ImportError:
        message, hint = "写 Word 文档需要另装 python-docx", '运行 pip install "xltool[doc]"'
        raise InputError(Problem("letters", message, hint, code="not-installed")) from None
    try:
        return docx.Document(BytesIO(content))
    except (KeyError, ValueError, OSError) as error:  # no archive, no part of a document in it
        raise InputError(Problem("", "不是 Word 文档（.docx）", code="bad-syntax")) from error
    except Exception as error:  # lxml's own, when a part is no XML
        if type(error).__module__.partition(".")[0] not in ("docx", "lxml", "zipfile"):
            raise
        raise InputError(
            Problem("", "不是 Word 文档（.docx），或已损坏", code="corrupt")
        ) from error


def _texts(element: Any) -> Iterator[str]:
    from docx.oxml.ns import qn

    return (text.text or "" for text in element.iter(qn("w:t")))


def _is_line(row: Any) -> bool:
    return not _LINE_MARKS.isdisjoint(marks_in("".join(_texts(row._tr))))


def _paragraphs(document: Any) -> Iterator[Any]:
    """All paragraphs: of the text, of tables in it, of heads and feet."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    roots = [document.element.body]
    for section in document.sections:
        every = (section.header, section.first_page_header, section.even_page_header)
        parts = (*every, section.footer, section.first_page_footer, section.even_page_footer)
        roots += [part._element for part in parts if not part.is_linked_to_previous]
    for root in roots:
        for element in root.iter(qn("w:p")):
            yield Paragraph(element, document)


def _repeat_row(row: Any, lines: Sequence[Mapping[str, str]]) -> None:
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    for line in lines:
        copy = deepcopy(row._tr)
        row._tr.addprevious(copy)
        for element in copy.iter(qn("w:p")):
            _fill(Paragraph(element, row), line)
    row._tr.getparent().remove(row._tr)


def _repeat_paragraph(paragraph: Any, texts: Sequence[str]) -> None:
    from docx.text.paragraph import Paragraph

    for text in texts:
        copy = deepcopy(paragraph._p)
        paragraph._p.addprevious(copy)
        _fill(Paragraph(copy, paragraph._parent), {BODY: text})
    paragraph._p.getparent().remove(paragraph._p)


def _fill(paragraph: Any, values: Mapping[str, str]) -> None:
    """Replace marks, the last first: Word may have cut one into several runs."""
    runs = [run for run in paragraph.runs if run.text]
    text = "".join(run.text for run in runs)
    for found in reversed(list(MARK.finditer(text))):
        if found[1] in values:
            _replace(runs, found.start(), found.end(), harmless(values[found[1]]))


def _replace(runs: Sequence[Any], start: int, end: int, value: str) -> None:
    at = 0
    for run in runs:
        text = run.text
        left, right = max(start - at, 0), min(end - at, len(text))
        if left < len(text) and right > 0:
            run.text = text[:left] + value + text[right:]
            value = ""
        at += len(text)
