"""LibreOffice as a second opinion: what it reads in a workbook, and what it calculates."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

# Without this LibreOffice echoes the values that are stored in the file.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def recalculated(soffice: str, books: Sequence[Path], folder: Path) -> list[Path]:
    """Each of `books` as LibreOffice calculates it anew and saves it: .xlsx files in `folder`."""
    return saved_as(soffice, "xlsx", books, folder)


def saved_as(soffice: str, kind: str, books: Sequence[Path], folder: Path) -> list[Path]:
    """As `recalculated`, for a kind of file by its suffix.

    One run (a few seconds) for all of them; its profile is made in `folder` too.
    """
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    settings = profile / "user" / "registrymodifications.xcu"
    settings.write_text(RECALCULATE, encoding="utf-8", newline="\n")
    out = folder / "recalculated"
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(out), *map(str, books)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return [out / f"{book.stem}.{kind}" for book in books]
