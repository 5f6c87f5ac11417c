"""Puts what scripts draw for the documents into docs/pictures: in few colours, no larger than 150 KB."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.chrome import Page

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
MARGINS = ("-trim", "+repage", "-bordercolor", "white", "-border", "12")
"""Cuts a picture down to what is on it."""
_LARGEST = 150 * 1024
_SMALL = ("-strip", "+dither", "-colors", "64", "-define", "png:exclude-chunks=date,time")


def run(command: Sequence[str]) -> bytes:
    """What a program prints. Exits where it is missing."""
    if shutil.which(command[0]) is None:
        sys.exit(f"没有找到程序 {command[0]}")
    return subprocess.run(command, check=True, capture_output=True, timeout=180).stdout


def keep(drawn: Path, name: str, *cut: str) -> None:
    """Put a picture into the documents; `cut` is said to ImageMagick first. Exits when it is too large."""
    target = PICTURES / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    run(["convert", str(drawn), *cut, *_SMALL, f"PNG8:{target}"])
    size = target.stat().st_size
    if size > _LARGEST:
        sys.exit(f"{target.name} 太大：{size >> 10} KB")
    sys.stdout.write(f"{target.relative_to(ROOT)}　{size >> 10} KB\n")


def keep_tab(page: Page, folder: Path, name: str, *cut: str) -> None:
    """Put what a tab of the browser shows into the documents."""
    page.run("document.activeElement.blur()")
    drawn = folder / "tab.png"
    drawn.write_bytes(page.picture())
    keep(drawn, name, *cut)
