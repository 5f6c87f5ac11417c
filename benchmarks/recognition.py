"""What reading a form costs that no edition has, measured in readings of the same data in an edition's form.

    python benchmarks/recognition.py

The books of one form differ in their figures and in how long their lists are. Of each form the first book is read
when nothing of it is known (the words themselves are loaded), the others as a batch reads them. Three forms: as the
edition has it; moved by a row and a column; with other words in the heads and the unit's name above the title.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import openpyxl

from tests.support.documents import make
from tests.support.editing import saved
from xltool.documents.load import from_raw
from xltool.filling import fill
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.reading import Reading, examine

BOOKS = 12
SHORTEST, STEP = 6, 5
REPEATS = 5
WORDS = {"科目名称": "功能科目名称", "行次": "序号", "决算数": "本年决算数", "金额": "本年决算数"}
"""Words of heads, and other ones that mean the same."""


def as_it_is(content: bytes) -> bytes:
    """The edition's own form."""
    return _copied(content, 0, {})


def moved(content: bytes) -> bytes:
    """The same form a row lower and a column to the right."""
    return _copied(content, 1, {})


def reworded(content: bytes) -> bytes:
    """A form that is no edition's."""
    return _copied(content, 1, WORDS)


def _copied(content: bytes, by: int, words: dict[str, str]) -> bytes:
    """The figures and texts of a book in a new one, all written by one program."""
    old, new = openpyxl.load_workbook(BytesIO(content), data_only=True), openpyxl.Workbook()
    new.remove(new.worksheets[0])
    for number, source in enumerate(old, 1):
        target = new.create_sheet(f"表{number}" if words else source.title)
        for row in source.iter_rows():
            for cell in row:
                if cell.value is not None:
                    value = words.get(str(cell.value).strip(), cell.value)
                    target.cell(cell.row + by, cell.column + by, value)
        for area in source.merged_cells.ranges:
            area.shift(by, by)
            target.merge_cells(area.coord)
    return saved(new)


def spent(content: bytes) -> float:
    """Processor seconds of one reading."""
    start = time.process_time()
    reading = examine(content)
    elapsed = time.process_time() - start
    _complete(reading)
    return elapsed


def _complete(reading: Reading) -> None:
    assert len(reading.found_tables) >= 8 and not reading.report.unread, reading.report.unread


def books(form: Callable[[bytes], bytes], folder: Path) -> list[bytes]:
    """Books of one form, each with other figures and longer lists than the one before."""
    made = []
    for number in range(BOOKS):
        path = folder / f"{form.__name__}{number}.xlsx"
        fill(*from_raw(make(number, "2021-national", details=SHORTEST + STEP * number)), path)
        made.append(form(path.read_bytes()))
    return made


def main() -> None:
    """Print for each form the first reading and the later ones, and their ratios to those of the edition's."""
    vocabulary()
    usual: tuple[float, float] | None = None
    for form in (as_it_is, moved, reworded):
        with tempfile.TemporaryDirectory() as folder:
            contents = books(form, Path(folder))
        gc.collect()
        first = spent(contents[0])
        rounds = [sum(map(spent, contents)) / BOOKS for _ in range(REPEATS)]
        later = min(rounds)
        usual = usual or (first, later)
        out = f"{form.__name__:<10}first {first * 1000:6.1f} ms, later {later * 1000:6.1f} ms"
        sys.stdout.write(f"{out}, {later / usual[1]:.1f} × the edition's own\n")


if __name__ == "__main__":
    main()
