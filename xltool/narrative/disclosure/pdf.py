"""A Word document as PDF, through LibreOffice where it is installed; its contents with page numbers."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.core.problems import InputError, Problem
from xltool.narrative.office import converted, office
from xltool.narrative.words import plain
from xltool.narrative.writing.output import saved

if TYPE_CHECKING:
    from xltool.narrative.disclosure.compose import Disclosure

_SECONDS = 180
_OWN = b"%xltool\n"
"""A remark behind the end of the file, by which it is known as an output of this tool."""


def is_own_pdf(path: Path) -> bool:
    """Whether a file is a PDF as this tool writes them."""
    try:
        return path.read_bytes().endswith(_OWN)
    except OSError:
        return False


def number_pages(made: Disclosure) -> bool:
    """Put page numbers into the contents, where LibreOffice and pypdf are there to tell them."""
    try:
        from pypdf import PdfReader
    except ImportError:
        return False
    if office() is None:
        return False
    try:
        reader = PdfReader(io.BytesIO(as_pdf(saved(made.word))))
    except InputError:
        # a LibreOffice without Writer: the document is written all the same
        return False
    texts = [_bare(page.extract_text() or "") for page in reader.pages]
    made.contents.show(_pages([entry.title for entry in made.contents.entries], texts))
    return True


def _pages(titles: list[str], texts: list[str]) -> dict[int, int]:
    """On which page each title stands. They follow one another; the contents themselves hold all of them."""
    found: dict[int, int] = {}
    wanted = [_bare(title) for title in titles]
    page = next((n for n, text in enumerate(texts) if wanted[-1] in text), 0) + 1
    for position, title in enumerate(wanted):
        for n in range(page, len(texts)):
            if title in texts[n]:
                found[position], page = n + 1, n
                break
    return found


def _bare(text: str) -> str:
    """Quotes come out of a PDF in any spelling."""
    return plain(text).replace("“", "")


def as_pdf(data: bytes) -> bytes:
    """The PDF of a .docx. Raises `InputError` where LibreOffice is missing or cannot convert."""
    program = office()
    if program is None:
        hint = "用 Word 或 WPS 打开 .docx，另存为 PDF"
        raise InputError(
            Problem("--pdf", "要有 LibreOffice 才能转成 PDF", hint, code="not-installed")
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "x.docx"
        source.write_bytes(data)
        try:
            made = converted(program, source, "pdf", Path(folder), _SECONDS)
        except TimeoutError:
            raise InputError(Problem("--pdf", "LibreOffice 三分钟没有转完", code="host")) from None
        if made is None:
            raise InputError(Problem("--pdf", "LibreOffice 没有转成 PDF", code="host"))
        return made.read_bytes() + _OWN
