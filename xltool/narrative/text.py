"""A disclosure as its paragraphs, read from .docx, .doc, .txt, .pdf."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xltool.core.problems import InputError, Problem
from xltool.narrative.docx import paragraphs
from xltool.narrative.office import converted, office
from xltool.narrative.pieces import DocumentPiece, Origin, Pieces
from xltool.narrative.tokens import TextToken, tokens
from xltool.narrative.words import Squeezed, squeeze

_ENDS = re.compile(r"[。；：！？]\s*$")
_HEADING = re.compile(
    r"^\s*(第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.、．](?!\d))"
)

_PART = re.compile(r"第[一二三四五六七八九十]+部分")
_CUT_NAME = re.compile(r"（[类款]）[^（）]+$")
"""A 科目 whose name goes on in the next line: …（款）行政单位"""
_REST_OF_NAME = re.compile(r"（[类款项]）")

_LOOSE_QUOTES = re.compile(r"[“”](?:\s*[“”])+\s*|^\s*[“”]\s*(?=[一二三四五六七八九十]+、|（)")
"""Quotes of another font come out of a PDF together, before or behind what they are around."""
_SECONDS = 120
"""LibreOffice may take so long for a .doc."""
_WRAPPED_FROM = 16
"""A line of fewer characters may be a short paragraph of its own."""
_LONGEST_LINE = 60
_ENOUGH_LINES = 4
_RAGGED = 6
"""Full lines differ by so much: no line begins with a comma."""
_PAGE_NUMBER = re.compile(r"[-—\s]*\d{1,3}[-—\s]*")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. `number` counts from 1 in the order of reading; `text` is as written.

    `place` and `offset`: which paragraph of a Word document it is, from 0, and where in it the text begins (a line
    break inside cuts it). `anchor`: the number of the paragraph that a footnote belongs to.
    """

    number: int
    text: str
    origin: Origin = "正文"
    place: int = 0
    offset: int = 0
    anchor: int = 0

    @cached_property
    def squeezed(self) -> Squeezed:
        return squeeze(self.text)

    @cached_property
    def tokens(self) -> list[TextToken]:
        return tokens(self.squeezed.text)

    def written(self, start: int, end: int) -> str:
        """A piece of the squeezed text as it is written."""
        offsets = self.squeezed.offsets
        return self.text[offsets[start] : offsets[end - 1] + 1] if start < end else ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """The paragraphs of a document, in the order of reading."""

    file: str
    paragraphs: tuple[Paragraph, ...]


def load_narrative(path: Path) -> Narrative:
    """Read a disclosure. Raises `InputError` for a file that cannot be read or holds no text."""
    if not path.is_file():
        raise InputError(Problem(str(path), "没有这个文件", code="missing"))
    readers = {
        ".docx": _docx,
        ".docm": _docx,
        ".txt": _txt,
        ".md": _txt,
        ".pdf": _pdf,
        ".doc": _doc,
        ".wps": _doc,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            Problem(
                str(path), "读不了这种文字文件", f"可以用：{'、'.join(readers)}", code="unreadable"
            )
        )
    found = [piece for piece in reader(path) if piece.text.strip()]
    if not found:
        raise InputError(
            Problem(str(path), "文件里没有文字", "扫描件要先识别成文字", code="unreadable")
        )
    first = {piece.place: n for n, piece in reversed(list(enumerate(found, 1)))}
    paragraphs = (
        Paragraph(n, p.text, p.origin, p.place, p.offset, first.get(p.anchor, 0))
        for n, p in enumerate(found, 1)
    )
    return Narrative(path.name, tuple(paragraphs))


def _docx(path: Path) -> Pieces:
    for piece in paragraphs(path):
        offset = piece.offset
        for line in piece.text.split("\n"):
            yield piece._replace(text=line, offset=offset)
            offset += len(line) + 1


def _txt(path: Path) -> Pieces:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        yield from map(DocumentPiece, _joined(lines) if _wrapped(lines) else lines)
        return
    raise InputError(Problem(str(path), "认不出文字的编码", "另存为 UTF-8 再试", code="unreadable"))


def _pdf(path: Path) -> Pieces:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise InputError(
            Problem(
                str(path), "读 PDF 需要另装", '运行 pip install "xltool[doc]"', code="not-installed"
            )
        ) from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a faulty file is told by us
    try:
        pages = [page.extract_text() or "" for page in PdfReader(path).pages]
    except (PyPdfError, ValueError, KeyError, OSError) as error:
        raise InputError(Problem(str(path), "PDF 打不开", str(error), code="unreadable")) from error
    yield from map(
        DocumentPiece, _joined([_LOOSE_QUOTES.sub("", p) for p in "\n".join(pages).splitlines()])
    )


def _wrapped(lines: list[str]) -> bool:
    """Whether lines break where the page ended, as in text taken from a printed document."""
    long = [line.strip() for line in lines if len(line.strip()) >= _WRAPPED_FROM]
    broken = [line for line in long if not _ENDS.search(line) and not _is_title(line)]
    printed = max(map(len, long), default=0) <= _LONGEST_LINE
    return printed and len(broken) >= _ENOUGH_LINES and len(broken) * 4 > len(long)


def _joined(lines: list[str]) -> Iterator[str]:
    """Printed lines -> paragraphs: a line goes on unless it ends a sentence, or is short and a title."""
    printed = [line.strip() for line in lines]
    printed = [line for line in printed if line and not _PAGE_NUMBER.fullmatch(line)]
    full = sorted(map(_width, printed))[len(printed) * 9 // 10] - _RAGGED if printed else 0
    held = last = ""
    for line in printed:
        if held and _breaks(held, line, _width(last) < full):
            yield held
            held = ""
        held, last = held + line, line
    if held:
        yield held


def _breaks(held: str, line: str, short: bool) -> bool:
    """Whether a new paragraph begins with `line`; `short`: the line before it leaves room."""
    if held.endswith(("。", "！", "？")) or _PART.match(line):
        return True
    if _CUT_NAME.search(held) or _REST_OF_NAME.match(line):
        return False
    title = _is_title(held)
    if title and (held.endswith(("情况", "说明", "概况")) or _HEADING.match(line)):
        return True
    return short and (title or bool(_HEADING.match(line)) or bool(_ENDS.search(held)))


def _is_title(line: str) -> bool:
    return bool(_HEADING.match(line)) and not re.search(r"[，。；：]", line)


def _width(line: str) -> int:
    """How wide a line is printed: a Chinese character is as wide as two Latin ones."""
    return sum(1 if sign.isascii() else 2 for sign in line)


def _doc(path: Path) -> Pieces:
    """An old .doc through LibreOffice, where it is installed."""
    program = office()
    if program is None:
        message = "读 .doc 需要 LibreOffice"
        raise InputError(
            Problem(str(path), message, "用 Word 或 WPS 另存为 .docx 再试", code="not-installed")
        )
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = converted(program, path, "docx", Path(folder), _SECONDS)
        except TimeoutError:
            raise InputError(
                Problem(str(path), "LibreOffice 两分钟没有转完", code="host")
            ) from None
        if made is None:
            raise InputError(Problem(str(path), "LibreOffice 打不开这个文件", code="host"))
        yield from list(_docx(made))
