"""How fast xltool.ooxml reads and fills a workbook, against openpyxl (and calamine, if installed).

    python benchmarks/read_fill.py

Prints ratios: of times, best of several runs in one fresh process each, and of the memory that a
process needs at its peak over what it needs to import the library. The book is made here: 10
sheets, about 12,000 filled cells, 1,350 formulas, 40 merges.
"""

from __future__ import annotations

import importlib.util
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHEETS, ROWS, COLUMNS = 10, 135, 9
REPEATS = 7


def make_book(path: Path) -> None:
    """Write the book with openpyxl: labels, codes, amounts with gaps, a formula per row."""
    import openpyxl
    from openpyxl.styles import Border, Side

    chance = random.Random(1)
    book = openpyxl.Workbook()
    book.remove(book.active)
    thin = Border(*[Side("thin")] * 4)
    for number in range(SHEETS):
        sheet = book.create_sheet(f"公开{number:02d} 收入支出决算总表")
        for row in range(1, ROWS + 1):
            values: list[object] = [f"一、项目名称{row % 40}", str(2010000 + row)]
            values += [
                round(chance.random() * 1000, 2) if chance.random() < 0.99 else None
                for _ in range(COLUMNS - 3)
            ]
            values.append(f"=SUM(C{row}:H{row})")
            for column, value in enumerate(values, 1):
                cell = sheet.cell(row, column, value)
                cell.border = thin
        for row in range(2, 10, 2):
            sheet.cell(row + 1, 1).value = None
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=1, end_column=1)
    book.save(path)


def places() -> list[tuple[int, str]]:
    """The 1,000 cells that are filled: (sheet number, reference)."""
    return [
        (sheet, f"{column}{row}")
        for sheet in range(SHEETS)
        for row in range(20, 45)
        for column in "CDEF"
    ]


def read_xltool(path: Path) -> None:
    from xltool.ooxml import CellError, open_workbook

    for sheet in open_workbook(path).sheets:
        values = dict(sheet.items())
        formulas = sheet.formulas()
        errors = [ref for ref, value in values.items() if isinstance(value, CellError)]
        assert len(formulas) == ROWS and len(sheet.merges) == 4 and not errors


def read_openpyxl(path: Path) -> None:
    import openpyxl

    for data_only in (False, True):
        for sheet in openpyxl.load_workbook(path, data_only=data_only):
            for row in sheet.iter_rows():
                for cell in row:
                    _ = cell.value, cell.data_type
            assert len(sheet.merged_cells.ranges) == 4


def read_calamine(path: Path) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def fill_xltool(path: Path) -> None:
    from xltool.ooxml import Editor, open_workbook

    workbook = open_workbook(path)
    editor = Editor(workbook)
    names = [sheet.name for sheet in workbook.sheets]
    for number, (sheet, ref) in enumerate(places()):
        editor.set(names[sheet], ref, Decimal(number) / 4)
    editor.save(io.BytesIO())


def fill_openpyxl(path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    for number, (sheet, ref) in enumerate(places()):
        book.worksheets[sheet][ref] = number / 4
    book.save(io.BytesIO())


JOBS: dict[str, Callable[[Path], None]] = {
    "read_xltool": read_xltool,
    "read_openpyxl": read_openpyxl,
    "read_calamine": read_calamine,
    "fill_xltool": fill_xltool,
    "fill_openpyxl": fill_openpyxl,
}
LIBRARIES = {"xltool": "xltool.ooxml", "openpyxl": "openpyxl", "calamine": "python_calamine"}


def peak() -> int:
    """The most memory that this process ever had, in bytes; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(x for x in status.read_text("ascii").splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def measure(job: str, path: Path) -> dict[str, float]:
    """In this process: the best time of a job in seconds, its peak memory over the import."""
    __import__(LIBRARIES[job.partition("_")[2]])
    imported = peak()
    JOBS[job](path)
    memory = peak() - imported
    best = min(_timed(JOBS[job], path) for _ in range(REPEATS))
    return {"seconds": best, "bytes": memory}


def _timed(job: Callable[[Path], None], path: Path) -> float:
    start = time.perf_counter()
    job(path)
    return time.perf_counter() - start


def main() -> None:
    """Measure every job in a process of its own and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        make_book(path)
        found = {job: _in_fresh_process(job, path) for job in JOBS if _available(job)}
    out = sys.stdout.write
    for job, result in found.items():
        out(f"{job:<16}{result['seconds'] * 1000:8.1f} ms{result['bytes'] / 2**20:8.1f} MB\n")
    for task in ("read", "fill"):
        mine, theirs = found[f"{task}_xltool"], found[f"{task}_openpyxl"]
        out(f"{task}: openpyxl takes {theirs['seconds'] / mine['seconds']:.1f} × the time")
        if mine["bytes"]:
            out(f", {theirs['bytes'] / mine['bytes']:.1f} × the memory")
        out("\n")
    if "read_calamine" in found:
        ratio = found["read_xltool"]["seconds"] / found["read_calamine"]["seconds"]
        out(f"read: calamine (values only, no formulas, no merges) is {ratio:.1f} × as fast\n")


def _available(job: str) -> bool:
    return importlib.util.find_spec(LIBRARIES[job.partition("_")[2]].partition(".")[0]) is not None


def _in_fresh_process(job: str, path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, job, str(path)],
        cwd=ROOT,
        env=None,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if len(sys.argv) == 3:
        sys.stdout.write(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
