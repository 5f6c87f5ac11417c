"""`xltool convert`: what the user named -> one output, and what happened in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xltool.batch.parts import Batch, WorkFolder
from xltool.batch.progress import Progress
from xltool.batch.runner import process
from xltool.batch.sinks import check_output, existing, fresh_draft, open_sink, put, store
from xltool.batch.skipped import Passed
from xltool.batch.source import Source
from xltool.batch.task import Options
from xltool.core.problems import InputError


@dataclass
class Tally:
    """A sink that only counts: what the summary says."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    kept: int = 0
    unread_prior: Sequence[Passed] = ()
    progress: Progress | None = None

    def write(self, batch: Batch) -> None:
        """See `Sink`."""
        for book in batch.books.select(["状态", "原因", "结论", "事实数"]).to_pylist():
            self.states[book["状态"]] += 1
            self.facts += book["事实数"]
            if book["状态"] == "失败":
                self.reasons[book["原因"]] += 1
            if book["结论"] is not None:
                self.verdicts[book["结论"]] += 1
        if self.progress is not None:
            self.progress.step(batch.books.num_rows)

    def finish(self) -> None:
        """See `Sink`."""

    def abandon(self) -> None:
        """See `Sink`."""

    @property
    def clean(self) -> bool:
        """Every book was read, and (if validated) is 合格."""
        return set(self.states) <= {"成功"} and set(self.verdicts) <= {"合格"}


def _attaching(kind: str, options: Options) -> Options:
    """Documents are made where the books are read."""
    if kind != "json":
        return options
    from xltool.batch.sinks.documents import document

    return replace(options, attach=document)


def _refuse_existing(out: Path, *, force: bool) -> None:
    if out.exists() and not force:
        raise InputError(existing(out))


def convert(
    sources: Sequence[Source],
    out: Path,
    kind: str,
    options: Options,
    *,
    jobs: int | None = None,
    dask: str | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    here: bool = False,
    finish: Callable[[Path], None] | None = None,
) -> Tally:
    """Convert workbooks into `out`, an output of `kind` (see `sinks.KINDS`).

    `finish` may add to the finished output before it takes its name.

    Raises `InputError` when it can't be done at all; KeyboardInterrupt passes through. What is finished
    then stays in `OUT.part`, for `resume`. `here`: without other processes, and so without limits.
    """
    check_output(out, sources, force=force, resume=resume)
    options = _attaching(kind, options)
    with WorkFolder(out, resume=resume, force=force) as work:
        complete = work.complete
        if not complete:
            _refuse_existing(out, force=force)
        finished = process(
            sources,
            work,
            options,
            jobs=jobs,
            dask=dask,
            progress=progress,
            here=here,
        )
        tally = Tally(kept=finished.kept, unread_prior=finished.unread_prior, progress=progress)
        if progress is not None:
            progress.stage("写输出", len(sources))
        if complete and finished.kept == len(sources):
            store(finished, [tally])
        else:
            _refuse_existing(out, force=force)
            draft = fresh_draft(work)
            store(finished, [tally, open_sink(kind, draft, validated=options.validate)])
            if finish is not None:
                finish(draft)
            put(work, draft, out, force=force)
        work.remove()
        return tally
