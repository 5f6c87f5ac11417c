"""Fill the sample documents into workbooks: `python tools/build_samples.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from xltool.documents.load import load
from xltool.filling import fill

TOTALS = {"beiguan-2021": "formula", "sgb-2024": "given"}
"""The published totals of the second were rounded one by one; one of them is 0.01 off its parts."""


def build(folder: Path) -> list[Path]:
    """Write the workbook of each sample into `folder`."""
    files = []
    for name, totals in TOTALS.items():
        report, edition = load(ROOT / "samples" / f"{name}.json")
        mode = "given" if totals == "given" else "formula"
        book = folder / f"{name}.xlsx"
        book.unlink(missing_ok=True)
        files += fill(report, edition, book, totals=mode).files
    return files


if __name__ == "__main__":
    for path in build(ROOT / "samples"):
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
