"""Documents turned into another kind by LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def office() -> str | None:
    """The program, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def converted(program: str, source: Path, kind: str, folder: Path, seconds: int) -> Path | None:
    """The document as `kind` (docx, pdf) in `folder`; None: it could not be converted. Raises `TimeoutError`."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = ["--headless", "--convert-to", kind, "--outdir", str(folder)]
    try:
        subprocess.run(
            [program, profile, *target, str(source)],
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    made = folder / f"{source.stem}.{kind}"
    return made if made.is_file() else None
