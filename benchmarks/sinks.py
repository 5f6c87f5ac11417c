"""What the main process of a review needs for many books: memory and time of everything after the books are read.

    python benchmarks/sinks.py [--books 5000] [--kind review] [--different 64] [--facts 20] [--season]

Some different books are read and validated as `xltool review` does it; then they stand for `--books` ones under
other names, which go through the real collector, database, workbook and page (`--kind review`), or through the output
of `xltool convert` of that kind. Reports and annotated copies are left out: they are files that nobody holds.
`--facts` keeps only the first figures of each book: they pass through and are not held, but take most of the time.
Memory is the highest of the process that the operating system counts, looked at twenty times a second.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import psutil
import pyarrow as pa

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from xltool.batch.extras import arrow_alone
from xltool.batch.parts import Batch, WorkFolder
from xltool.batch.runner import process
from xltool.batch.sinks import open_sink
from xltool.batch.sources import find_sources
from xltool.batch.task import Options
from xltool.review.run import ReviewSink, _entered
from xltool.review.texts import TextPairs
from xltool.season.keeper import keeper

_OWN = psutil.Process()
MB = 1 << 20


def say(text: str) -> None:
    """A line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def tables(folder: Path, different: int) -> Path:
    """The parts of different books, every third with a wrong figure, in a file: they are read in another process."""
    from tests.support.books import fill_raw
    from tests.support.documents import make

    (folder / "报送").mkdir()
    for number in range(different):
        raw = make(number, "2021-national", details=10 + number % 20, unit="万元")
        for table in ("项目支出绩效自评表", "部门整体绩效自评表"):
            raw["表"].pop(table, None)
        if number % 3 == 0:
            raw["表"]["收入支出决算总表"]["收入"]["其他收入"] = number + 1
        fill_raw(raw, folder / "报送" / f"{number}.xlsx", totals="given")
    with WorkFolder(folder / "work") as work:
        sources = find_sources([str(folder / "报送")]).sources
        finished = process(sources, work, Options(validate=True), jobs=1)
        made = pa.concat_tables([batch._table for batch in finished.batches()])
    target = folder / "made.arrow"
    with pa.OSFile(str(target), "wb") as file, pa.ipc.new_file(file, made.schema) as writer:
        writer.write_table(made.combine_chunks())
    return target


def made_elsewhere(folder: Path, different: int) -> list[pa.Table]:
    """The parts of different books, some at a time."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        path = pool.submit(tables, folder, different).result()
    with pa.OSFile(str(path), "rb") as file:
        table = pa.ipc.open_file(file).read_all().combine_chunks()
    return [table.slice(at, 32) for at in range(0, table.num_rows, 32)]


def thin(table: pa.Table, facts: int) -> pa.Table:
    """The same books with so many figures each."""
    at = table.schema.get_field_index("facts")
    field = table.schema.field(at)
    few = pa.array([row[:facts] for row in table.column(at).to_pylist()], field.type)
    return table.set_column(at, field, few)


def batches(made: list[pa.Table], books: int) -> Iterator[Batch]:
    """`books` books in batches, each under a name and of a unit of its own."""
    number = 0
    while number < books:
        for table in made:
            part = table.slice(0, min(table.num_rows, books - number))
            names = [
                f"{n % 300:03}号部门/第{n}单位.xlsx" for n in range(number, number + part.num_rows)
            ]
            units = [f"第{n}单位" for n in range(number, number + part.num_rows)]
            number += part.num_rows
            for column, values in (("文件", names), ("单位名称", units)):
                at = part.schema.get_field_index(column)
                part = part.set_column(at, part.schema.field(at), pa.array(values, pa.string()))
            yield Batch(part)
            if number >= books:
                return


class Watch:
    """The most memory that the process holds while the block runs, in MB."""

    def __enter__(self) -> Watch:
        self.most, self._ended = 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            self.most = max(self.most, _OWN.memory_info().rss // MB)

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def main() -> None:
    """Read some, send many through, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=5000)
    parser.add_argument("--different", type=int, default=64)
    parser.add_argument("--facts", type=int)
    parser.add_argument("--kind", default="review")
    parser.add_argument("--season", action="store_true", help="enter the review into a season")
    wanted = parser.parse_args()
    arrow_alone()
    folder = Path(tempfile.mkdtemp(prefix="sinks-"))
    try:
        made = made_elsewhere(folder, wanted.different)
        if wanted.facts is not None:
            made = [thin(table, wanted.facts) for table in made]
        before = _OWN.memory_info().rss // MB
        out, kept = folder / "out", ExitStack()
        enter = partial(
            _entered, keeper(folder / "季", ()) if wanted.season else None, out, out, kept
        )
        sink = (
            ReviewSink(out, None, (), enter, TextPairs(()), None)
            if wanted.kind == "review"
            else open_sink(wanted.kind, out, validated=True)
        )
        say(f"{wanted.books:,} 份，{wanted.kind}；开始时 {before} MB")
        with Watch() as watch:
            begin = time.perf_counter()
            for batch in batches(made, wanted.books):
                sink.write(batch)
            written = time.perf_counter() - begin
            say(
                f"逐份写入 {written:.0f} 秒，最多 {watch.most} MB，写完 {_OWN.memory_info().rss // MB} MB"
            )
            begin = time.perf_counter()
            with kept:
                sink.finish()
            say(f"收尾 {time.perf_counter() - begin:.0f} 秒，最多 {watch.most} MB")
        sink.abandon()
        files = sorted(out.iterdir()) if out.is_dir() else [out]
        for file in files:
            say(f"{file.name}\t{file.stat().st_size / 1e6:.1f} MB")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
