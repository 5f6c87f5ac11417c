"""Workbooks as LibreOffice prints them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.programs import run


class Page(NamedTuple):
    """Width and height in points, and the text without spaces."""

    width: int
    height: int
    text: str


def printed(
    soffice: str, poppler: str, books: Sequence[Path], folder: Path
) -> dict[str, list[Page]]:
    """The pages that each workbook prints on, by file name.

    One run of LibreOffice for all of them; its profile and the PDF files are made in `folder`.
    """
    profile, out = folder / "print-profile", folder / "printed"
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(out), *map(str, books)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {book.name: _pages(poppler, out / f"{book.stem}.pdf") for book in books}


def _pages(poppler: str, pdf: Path) -> list[Page]:
    told = run(Path(poppler).with_stem("pdfinfo"), "-l", "999", pdf)
    sizes = re.findall(r"Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)", told)
    texts = run(poppler, "-layout", pdf, "-").split("\f")[:-1]
    return [
        Page(round(float(width)), round(float(height)), re.sub(r"\s", "", text))
        for (width, height), text in zip(sizes, texts, strict=True)
    ]
