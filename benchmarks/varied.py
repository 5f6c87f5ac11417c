"""Reading and validating one book after the other, as many units hand them in: no two lists have the same length.

    python benchmarks/varied.py [--books 80] [--warm 80] [--documents 80] [--cache FOLDER]

The books of `manybooks.py`, as the tool wrote them and as openpyxl saves them (its formulas store no value, so reading
works them all out). The ones that are measured come after `--warm` others. Processor time for a book, and the ratio to
python-calamine, which reads all cells of the same book and nothing else: the ratio counts, a machine is now fast,
now slow. Each book goes each way, one after the other, before the next one.
"""

from __future__ import annotations

import argparse
import gc
import io
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.manybooks import NO_WRONG, write_books
from xltool.checks import validate
from xltool.reading import examine


def calamine(data: bytes) -> None:
    """Every cell of every sheet, and nothing else."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def read(data: bytes) -> None:
    """What `xltool read` does."""
    examine(data).workbook.release()


def validated(data: bytes) -> None:
    """What `xltool validate` does."""
    reading = examine(data)
    validate(reading)
    reading.workbook.release()


WAYS: dict[str, Callable[[bytes], None]] = {
    "calamine": calamine,
    "read": read,
    "validate": validated,
}


def saved_by_openpyxl(books: Sequence[Path], folder: Path) -> list[Path]:
    """The same books as openpyxl saves them, once."""
    import openpyxl

    folder.mkdir(exist_ok=True)
    found = [folder / book.name for book in books]
    for book, target in zip(books, found, strict=True):
        if not target.exists():
            openpyxl.load_workbook(book).save(target)
    return found


def measure(books: Sequence[Path], warm: int) -> dict[str, float]:
    """The median of the seconds that a book takes, by way; without the collector, as a batch works."""
    gc.collect()
    gc.disable()
    took: dict[str, list[float]] = {name: [] for name in WAYS}
    for number, book in enumerate(books):
        data = book.read_bytes()
        for name, way in WAYS.items():
            begun = time.process_time()
            way(data)
            if number >= warm:
                took[name].append(time.process_time() - begun)
    gc.enable()
    return {name: median(seconds) for name, seconds in took.items()}


def main() -> None:
    """Make the books, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--books", type=int, default=80)
    parser.add_argument("--warm", type=int, default=80)
    parser.add_argument("--documents", type=int, default=80)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "xltool-varied")
    options = parser.parse_args()
    count = options.warm + options.books
    write_books(options.cache / "own", count, options.documents, NO_WRONG)
    own = sorted((options.cache / "own").rglob("*.xlsx"))[:count]
    writers = {"xltool": own, "openpyxl": saved_by_openpyxl(own, options.cache / "openpyxl")}
    for writer, books in writers.items():
        took = measure(books, options.warm)
        for name, seconds in took.items():
            ratio = seconds / took["calamine"]
            sys.stdout.write(
                f"saved by {writer:<9}{name:<9}{seconds * 1000:8.2f} ms{ratio:7.1f} × calamine\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
