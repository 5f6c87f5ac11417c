"""Workbooks as LibreOffice prints them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path


def pages(books: Sequence[Path], folder: Path) -> dict[str, list[tuple[float, float]]]:
    """Width and height in points of every page that each workbook prints on, by file name.

    One run of soffice for all of them; its profile and the PDF files are made in `folder`.
    """
    profile, out = folder / "print-profile", folder / "printed"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(out), *map(str, books)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {book.name: _sizes(out / f"{book.stem}.pdf") for book in books}


def _sizes(pdf: Path) -> list[tuple[float, float]]:
    listed = subprocess.run(
        ["pdfinfo", "-l", "999", str(pdf)], check=True, capture_output=True, text=True
    ).stdout
    found = re.findall(r"Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)", listed)
    return [(float(width), float(height)) for width, height in found]
