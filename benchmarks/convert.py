"""How fast workbooks become facts in Parquet, against the ways that people have without xltool.

    pip install -e ".[bench]"
    python benchmarks/convert.py [--books 2000] [--validated N] [--documents 100] [--sample 20] [--rounds 3]
                                 [--cache FOLDER]

The books are those of `manybooks.py`: official ones of the edition 2021-national, lists of 3 to 40 rows, every book
with figures of its own; they are made once and kept in the cache folder. Compared, each by the processor time that it
needs for a book:

    xltool      read, facts, its share of the Parquet files (and the same with validation)
    calamine    python-calamine reads all cells of all sheets, and that is all: the floor
    clerk       what a clerk's script does: openpyxl twice (formulas, values), a DataFrame per sheet, to Parquet
    datamaps    datamaps from PyPI with a datamap of the same cells, until the values are in memory

All take turns in one run, each in a process of its own, several rounds; the best round of each counts. A turn
is all books for the first two, fewer for the slow ones.
Then all books go through one worker process (memory after the first and the last half), and through
`xltool convert` with all cores.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.manybooks import NO_WRONG, write_books


def make_books(folder: Path, count: int, documents: int) -> Path:
    """A folder with at least `count` books, made once."""
    books = folder / f"varied-{documents}"
    write_books(books, count, documents, NO_WRONG)
    return books


def books_in(folder: str, count: str | int) -> list[Path]:
    """The first books of a folder."""
    return sorted(Path(folder).rglob("*.xlsx"))[: int(count)]


# --- The ways ----------------------------------------------------------------------------------


def with_calamine(books: Sequence[Path], room: Path) -> int:
    """Every cell of every sheet, and nothing else."""
    import python_calamine

    cells = 0
    for path in books:
        book = python_calamine.CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            cells += sum(map(len, book.get_sheet_by_name(name).to_python()))
    return cells


def with_openpyxl(books: Sequence[Path], room: Path) -> int:
    """Formulas, then values; a table per sheet below the line that has most titles; one long table."""
    import openpyxl
    import pandas as pd

    found = []
    for path in books:
        formulas = openpyxl.load_workbook(path)
        values = openpyxl.load_workbook(path, data_only=True)
        for sheet in values.worksheets:
            computed = {
                cell.coordinate
                for row in formulas[sheet.title].iter_rows()
                for cell in row
                if cell.data_type == "f"
            }
            table = pd.DataFrame(sheet.values)
            head = table.notna().sum(axis=1).idxmax()
            body = table.iloc[int(head) + 1 :].dropna(how="all")
            long = body.melt(id_vars=[0], var_name="列", value_name="值").dropna(subset=["值"])
            long["值"] = long["值"].astype(str)
            long[0] = long[0].astype(str)
            long = long.rename(columns={0: "行"}).assign(文件=path.name, 表=sheet.title)
            found.append(long.assign(公式=len(computed)))
    whole = pd.concat(found)
    whole.to_parquet(room / "clerk.parquet")
    return len(whole)


def with_datamaps(books: Sequence[Path], room: Path) -> int:
    """The values of the cells that xltool reads, by a datamap that names each of them."""
    from engine.repository.datamap import InMemorySingleDatamapRepository
    from engine.repository.templates import InMemoryPopulatedTemplatesRepository
    from engine.use_cases.parsing import ApplyDatamapToExtractionUseCase

    logging.disable(logging.CRITICAL)
    returns = room / "returns"
    shutil.rmtree(returns, ignore_errors=True)
    returns.mkdir()
    for path in books:
        os.link(path, returns / path.name)
    datamap = InMemorySingleDatamapRepository(room / "datamap.csv")
    templates = InMemoryPopulatedTemplatesRepository(str(returns))
    work = ApplyDatamapToExtractionUseCase(datamap, templates)
    work.execute(for_master=True)
    return sum(len(values) for file in work.data_for_master for values in file.values())


def write_datamap(books: Sequence[Path], room: Path) -> None:
    """Every cell that xltool reads in one of the books, as a datamap."""
    from xltool.reading import examine

    cells = {cell for path in books for cell in examine(path).places.values()}
    lines = [f"{sheet} {ref},{sheet},{ref}" for sheet, ref in sorted(cells)]
    head = "cell_key,template_sheet,cell_reference"
    text = "\n".join([head, *lines]) + "\n"
    (room / "datamap.csv").write_text(text, encoding="utf-8")


def with_xltool(
    books: Sequence[Path], room: Path, *, validate: bool = False, halves: Any = None
) -> int:
    """What a worker and the end of a run do with the books: parts, then the Parquet files."""
    from xltool.batch.parts import WorkFolder, stamp
    from xltool.batch.runner import CHUNK, FinishedRun
    from xltool.batch.sinks import fresh_draft, open_sink, store
    from xltool.batch.source import Source
    from xltool.batch.task import Options, Task
    from xltool.batch.worker import work

    options = Options(validate=validate)
    sources = [Source(path.name, str(path)) for path in books]
    with WorkFolder(room / "xltool", force=True) as folder:
        finished = FinishedRun(folder, sources)
        made_by = stamp(options)
        for at in range(0, len(sources), CHUNK):
            some = tuple(sources[at : at + CHUNK])
            done = work(Task(some, options, folder.path, made_by))
            assert {state for state, _ in done.states} == {"成功"}
            for row, source in enumerate(some):
                finished.where[source.name] = done.part, row
            if halves:
                halves(at + len(some))
        store(finished, [open_sink("parquet", fresh_draft(folder), validated=validate)])
        folder.remove()
    return len(books)


def with_validation(books: Sequence[Path], room: Path) -> int:
    """As `with_xltool`, validated."""
    return with_xltool(books, room, validate=True)


WAYS: dict[str, Callable[[Sequence[Path], Path], int]] = {
    "xltool": with_xltool,
    "calamine": with_calamine,
    "xltool --validate": with_validation,
    "clerk": with_openpyxl,
    "datamaps": with_datamaps,
}
ALL, SLOW = ("xltool", "calamine"), ("clerk", "datamaps")
SECONDS = "seconds for a book: "


# --- Measuring ---------------------------------------------------------------------------------


def processor_time() -> float:
    """Seconds of this process and of those that it has started and awaited."""
    return time.process_time() + sum(os.times()[2:4])


def one_way(name: str, books: Sequence[Path], sample: int) -> None:
    """Go one way for each line on standard input; say how many seconds of processor time a book took."""
    chosen = books if name in ALL else books[: sample if name in SLOW else 5 * sample]
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        if name == "datamaps":
            write_datamap(books[:sample], room)
        WAYS[name](books[:2], room)
        for _ in sys.stdin:
            start = processor_time()
            WAYS[name](chosen, room)
            sys.stdout.write(f"\n{SECONDS}{(processor_time() - start) / len(chosen)}\n")
            sys.stdout.flush()


class Way:
    """A process of its own for a way, as it has at work: what one leaves in memory slows no other."""

    def __init__(self, name: str, folder: str, count: str, sample: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--way", name, folder, count, sample],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def turn(self) -> float:
        """Seconds of processor time for a book."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        said = next(line for line in self._process.stdout if line.startswith(SECONDS))
        return float(said.removeprefix(SECONDS))

    def end(self) -> None:
        """No more turns."""
        self._process.communicate()


def compare(folder: str, count: str, sample: str, rounds: int) -> dict[str, float]:
    """Seconds of processor time for a book, by way, of the best round."""
    ways = {name: Way(name, folder, count, sample) for name in WAYS}
    best = dict.fromkeys(WAYS, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            best[name] = min(best[name], way.turn())
    for way in ways.values():
        way.end()
    return best


def through_one_worker(books: Sequence[Path], *, validate: bool) -> dict[str, float]:
    """All books in this process: seconds for a book, MB held after the first and the second half."""
    import psutil

    process = psutil.Process()
    held: dict[str, float] = {}

    def note(done: int) -> None:
        for half, at in (("first", len(books) // 2), ("last", len(books))):
            if done >= at and half not in held:
                held[half] = process.memory_info().rss / 2**20

    with tempfile.TemporaryDirectory() as name:
        start = processor_time()
        with_xltool(books, Path(name), validate=validate, halves=note)
        return {"seconds": (processor_time() - start) / len(books), **held}


def through_the_command(books: Sequence[Path], *options: str) -> dict[str, float]:
    """`xltool convert` with all cores: seconds, processor seconds, books and bytes of the output."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        begun, start = time.perf_counter(), processor_time()
        command = [sys.executable, "-m", "xltool", "convert", "-", "-o", str(out)]
        done = subprocess.run(
            [*command, "--to", "parquet", *options],
            cwd=ROOT,
            input="\n".join(map(str, books)).encode(),
            capture_output=True,
            check=False,
        )
        said = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
        assert done.returncode in (0, 1) and "失败" not in said, said
        size = sum(path.stat().st_size for path in out.iterdir())
        seconds, processor = time.perf_counter() - begun, processor_time() - start
    return {"books": len(books), "seconds": seconds, "processor": processor, "bytes": size}


def in_fresh_process(*job: str) -> dict[str, float]:
    """What a job of this script found, run on its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--job", *job], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def job(name: str, folder: str, count: str) -> dict[str, float]:
    """One of the measurements of all books."""
    books = books_in(folder, count)
    if name.startswith("worker"):
        return through_one_worker(books, validate=name.endswith("validate"))
    return through_the_command(books, *(["--validate"] if name.endswith("validate") else []))


def main() -> None:
    """Make the books, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--books", type=int, default=2000)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--validated", type=int, help="books to be validated, if not all")
    parser.add_argument("--sample", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "xltool-books")
    options = parser.parse_args()
    folder = str(make_books(options.cache, options.books, options.documents))
    books = books_in(folder, options.books)
    say = sys.stdout.write
    size = sum(path.stat().st_size for path in books) / len(books)
    say(f"{len(books)} books, {size / 1000:.0f} kB each\n")
    validated = options.validated or options.books
    all_books, fewer = [folder, str(options.books)], [folder, str(validated)]
    best = compare(*all_books, str(options.sample), options.rounds)
    for name, seconds in best.items():
        say(
            f"{name:<18}{seconds * 1000:9.2f} ms a book{1 / seconds:9.1f} books a second and core\n"
        )
    for mine in ("xltool", "xltool --validate"):
        for name in (*SLOW, "calamine"):
            say(f"{mine}: {best[name] / best[mine]:.2f} times as fast as {name}\n")
    say(f"xltool takes {best['xltool'] / best['calamine']:.2f} times the time of calamine\n")
    for name, some in (("worker", all_books), ("worker-validate", fewer)):
        found = in_fresh_process(name, *some)
        say(f"{name}, {some[1]} books: {found['seconds'] * 1000:.2f} ms a book, ")
        say(
            f"{found['first']:.0f} MB after the first half, {found['last']:.0f} MB after the last\n"
        )
    for name, some in (("command", all_books), ("command-validate", fewer)):
        found = in_fresh_process(name, *some)
        say(f"{name}: {found['books']:.0f} books in {found['seconds']:.1f} s, ")
        say(f"{found['books'] / found['processor']:.1f} books a second and core, ")
        say(f"{found['bytes'] / found['books'] / 1000:.1f} kB of Parquet a book\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        sys.stdout.write("\n" + json.dumps(job(*sys.argv[2:])))
    elif sys.argv[1:2] == ["--way"]:
        _, _, name, folder, count, sample = sys.argv
        one_way(name, books_in(folder, count), int(sample))
    else:
        main()
