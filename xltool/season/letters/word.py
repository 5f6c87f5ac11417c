"""A Word document from a template: marks replaced where they stand, one row of a table repeated for every line.

A mark keeps the look of its first character; all parts of the document that have no marks are copied as they are.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any

from xltool.core.printable import harmless
from xltool.core.problems import InputError, Problem
from xltool.season.letters.marks import BODY, MARK, OF_LINE, marks_in

_LINE_MARKS = frozenset(mark for marks in OF_LINE.values() for mark in marks)
_BODY = f"〔{BODY}〕"
_MAIN = "word/document.xml"
_TEXTS = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
"""The parts that may hold marks."""


class WordTemplate:
    """A Word document with marks, opened once for all letters. Raises `InputError` when it is none."""

    def __init__(self, content: bytes) -> None:
        _needs_docx()
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                self._parts = {name: archive.read(name) for name in archive.namelist()}
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise _not_word() from error
        if _MAIN not in self._parts:
            raise _not_word()
        self._marked = [name for name in self._parts if _TEXTS.fullmatch(name)]
        for name in self._marked:
            self._root(name)

    def texts(self) -> tuple[list[str], list[str]]:
        """The texts of its paragraphs, and those of the rows that are repeated."""
        plain: list[str] = []
        rows: list[str] = []
        for root in map(self._root, self._marked):
            repeated = list(_line_rows(root))
            rows += [_text(row) for row in repeated]
            plain += [
                paragraph.text
                for paragraph in _paragraphs(root)
                if not any(row in paragraph._p.iterancestors() for row in repeated)
            ]
        return plain, rows

    def filled(
        self,
        values: Mapping[str, str],
        body: Sequence[str],
        lines: Sequence[Mapping[str, str]],
    ) -> bytes:
        """A document with the marks replaced: `body` a paragraph each, `lines` a row each."""
        from docx.opc.oxml import serialize_part_xml

        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._parts.items():
                if name in self._marked:
                    root = self._root(name)
                    _fill_part(root, values, body, lines)
                    content = serialize_part_xml(root)
                archive.writestr(name, content)
        return buffer.getvalue()

    def _root(self, name: str) -> Any:
        from docx.oxml.parser import parse_xml

        try:
            return parse_xml(self._parts[name])
        except SyntaxError as error:  # lxml's own is one
            raise _not_word() from error


def _needs_docx() -> None:
    try:
        import docx  # noqa: F401
    except ImportError:
        message, hint = "写 Word 文档需要另装 python-docx", '运行 pip install "xltool[doc]"'
        raise InputError(Problem("letters", message, hint, code="not-installed")) from None


def _not_word() -> InputError:
    return InputError(Problem("", "不是 Word 文档（.docx），或已损坏", code="corrupt"))


def _fill_part(
    root: Any,
    values: Mapping[str, str],
    body: Sequence[str],
    lines: Sequence[Mapping[str, str]],
) -> None:
    for paragraph in list(_paragraphs(root)):
        if paragraph.text.strip() == _BODY:
            _repeat_paragraph(paragraph, body)
        else:
            _fill(paragraph, values)
    for row in list(_line_rows(root)):
        _repeat_row(row, lines)


def _text(element: Any) -> str:
    from docx.oxml.ns import qn

    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def _line_rows(root: Any) -> Iterator[Any]:
    """The rows of tables that stand for lines."""
    from docx.oxml.ns import qn

    for row in root.iter(qn("w:tr")):
        if not _LINE_MARKS.isdisjoint(marks_in(_text(row))):
            yield row


def _paragraphs(root: Any) -> Iterator[Any]:
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    return (Paragraph(element, None) for element in root.iter(qn("w:p")))  # type: ignore[arg-type]


def _repeat_row(row: Any, lines: Iterable[Mapping[str, str]]) -> None:
    for line in lines:
        copy = deepcopy(row)
        row.addprevious(copy)
        for paragraph in _paragraphs(copy):
            _fill(paragraph, line)
    row.getparent().remove(row)


def _repeat_paragraph(paragraph: Any, texts: Iterable[str]) -> None:
    element = paragraph._p
    for text in texts:
        copy = deepcopy(element)
        element.addprevious(copy)
        for one in _paragraphs(copy):
            _fill(one, {BODY: text})
    element.getparent().remove(element)


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
