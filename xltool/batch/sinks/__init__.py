"""From parts to one output. Every sink gets the same books in the same order, some at a time.

The output is made inside the work folder and then takes its name at once: it is there whole or not at all.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from xltool.batch.parts import Batch, WorkFolder
from xltool.batch.replaceable import is_output
from xltool.batch.runner import FinishedRun
from xltool.batch.source import Source
from xltool.core.problems import InputError, Problem, raise_if, system_reason
from xltool.core.saving.guard import OVERWRITE, Made, collisions, obstacle, obstacles
from xltool.core.saving.swap import swap

_SINKS = {
    "csv": ("xltool.batch.sinks.csvfiles", "CsvSink"),
    "duckdb": ("xltool.batch.sinks.duckdbfile", "DuckDbSink"),
    "json": ("xltool.batch.sinks.documents", "DocumentSink"),
    "jsonl": ("xltool.batch.sinks.jsonlines", "JsonLinesSink"),
    "parquet": ("xltool.batch.sinks.parquet", "ParquetSink"),
    "sqlite": ("xltool.batch.sinks.sqlitefile", "SqliteSink"),
    "xlsx": ("xltool.batch.sinks.excel", "ExcelSink"),
}
KINDS = tuple(_SINKS)


class Sink(Protocol):
    """Takes batches in order. `finish` completes the output, `abandon` lets go of its files."""

    def write(self, batch: Batch) -> None:
        """Add some books."""

    def finish(self) -> None:
        """Nothing follows. Raises `InputError` when the output can't hold what it was given."""

    def abandon(self) -> None:
        """Close what is open; the output will be thrown away."""


def open_sink(kind: str, draft: Path, *, validated: bool) -> Sink:
    """A sink of one of `KINDS` that writes `draft` (a file or a folder)."""
    module, name = _SINKS[kind]
    sink: Sink = getattr(importlib.import_module(module), name)(draft, validated=validated)
    return sink


def tables(*, validated: bool) -> tuple[str, ...]:
    """The tables of an output besides `books`."""
    return ("facts", "problems", *(("findings", "outcomes") if validated else ()))


def store(finished: FinishedRun, sinks: Sequence[Sink]) -> None:
    """Send every book through the sinks. Raises `InputError`; `put` then gives each draft its name."""
    try:
        for batch in finished.batches():
            for sink in sinks:
                sink.write(batch)
        for sink in sinks:
            sink.finish()
    except OSError as error:
        where = str(finished.work.path)
        raise InputError(
            Problem(where, f"写不了：{system_reason(error)}", code="unwritable")
        ) from error
    finally:
        for sink in sinks:
            sink.abandon()


def fresh_draft(work: WorkFolder) -> Path:
    """Where an output is made; what an earlier run left there is removed."""
    draft = work.draft
    if draft.is_dir():
        shutil.rmtree(draft)
    draft.parent.mkdir(exist_ok=True)
    draft.unlink(missing_ok=True)
    work.published.unlink(missing_ok=True)
    return draft


def put(work: WorkFolder, draft: Path, out: Path, *, force: bool, made: Made = is_output) -> None:
    """Give a finished draft its name; with `force` in the place of what stood there. Raises `InputError`.

    What stood there must be xltool's own still: hours may have gone by since that was looked at.
    """
    try:
        if os.path.lexists(out) and (problem := obstacle(out, force=force, made=made)):
            raise InputError(problem)
        work.published.touch()
        swap([(draft, out)], overwrite=force)
    except FileExistsError:
        raise InputError(existing(out)) from None
    except OSError as error:
        raise InputError(
            Problem(str(out), f"写不了：{system_reason(error)}", code="unwritable")
        ) from error


def existing(out: Path) -> Problem:
    """An output that is there, and nobody said that it may be replaced."""
    return Problem(str(out), "已经存在，没有覆盖", OVERWRITE, code="exists")


def check_output(
    out: Path, sources: Iterable[Source], *, force: bool, resume: bool, made: Made = is_output
) -> None:
    """Refuse an output of many workbooks before anything is read. Raises `InputError`.

    With `resume` alone one that is there may be that of the run itself, which is seen later.
    """
    inputs = {Path(source.path) for source in sources}
    raise_if(collisions([out], inputs))
    if os.path.lexists(out) and not force and not resume:
        raise InputError(existing(out))
    raise_if(obstacles([out], force=True, made=made) if force else ())
