"""How long a full validation of a 10-sheet workbook takes, measured in readings of the same workbook.

    python benchmarks/validation.py

Two ratios: of the commands as a clerk runs them (`xltool validate` against `xltool read`, each in a
fresh process), and of the functions in one warm process, as a batch runs them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.documents import make
from xltool.checks import validate
from xltool.documents.load import from_raw
from xltool.filling import fill
from xltool.reading import read

REPEATS = 7
DETAILS = 12


def best(job: Callable[[], object]) -> float:
    """The best time of several runs, in seconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def command(name: str, book: Path) -> Callable[[], object]:
    """A run of `xltool` on the book in a process of its own."""
    line = [sys.executable, "-m", "xltool", name, str(book)]
    return lambda: subprocess.run(line, cwd=ROOT, capture_output=True, check=False)


def main() -> None:
    """Print both ratios."""
    raw = make(1, "2021-national", details=DETAILS)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "决算.xlsx"
        fill(*from_raw(raw), book)
        pairs = {
            "commands": (command("validate", book), command("read", book)),
            "one process": (lambda: validate(book), lambda: read(book)),
        }
        for name, jobs in pairs.items():
            for job in jobs:
                job()
            checking, reading = map(best, jobs)
            sys.stdout.write(
                f"{name}: validate {checking * 1000:.0f} ms, read {reading * 1000:.0f} ms, "
                f"{checking / reading:.1f} readings\n"
            )


if __name__ == "__main__":
    main()
