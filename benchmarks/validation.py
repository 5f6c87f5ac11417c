"""How long `xltool validate` takes as a clerk runs it, measured in runs of `xltool read` on the same workbook.

    python benchmarks/validation.py

Each run is a fresh process; the workbooks have 10 sheets and lists of different lengths. What a process takes that
has started is told by `varied.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.documents import make
from xltool.documents.load import from_raw
from xltool.filling import fill

REPEATS = 5
DETAILS = (3, 12, 24, 40)


def command(name: str, book: Path) -> float:
    """Processor seconds of `xltool` on the book, in a process of its own: the least of several runs."""
    line = [sys.executable, "-m", "xltool", name, str(book)]
    times = []
    for _ in range(REPEATS):
        start = sum(os.times()[2:4])
        subprocess.run(line, cwd=ROOT, capture_output=True, check=False)
        times.append(sum(os.times()[2:4]) - start)
    return min(times)


def main() -> None:
    """Print both times and their ratio for each workbook."""
    with tempfile.TemporaryDirectory() as folder:
        for details in DETAILS:
            book = Path(folder) / f"决算{details}.xlsx"
            fill(*from_raw(make(details, "2021-national", details=details)), book)
            checking, reading = (command(name, book) for name in ("validate", "read"))
            sys.stdout.write(
                f"lists of {details} rows: validate {checking * 1000:.0f} ms, "
                f"read {reading * 1000:.0f} ms, {checking / reading:.1f} readings\n"
            )


if __name__ == "__main__":
    main()
