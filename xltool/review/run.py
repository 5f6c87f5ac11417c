"""`xltool review`: what the user named -> the folder of a review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from xltool.batch.bounded import bounded, kept_open
from xltool.batch.generated import DATABASE, PAGE
from xltool.batch.parts import Batch, WorkFolder
from xltool.batch.progress import Progress
from xltool.batch.runner import process
from xltool.batch.sinks import check_output, existing, fresh_draft, open_sink, put, store
from xltool.batch.skipped import Passed
from xltool.batch.source import Source
from xltool.batch.task import Options
from xltool.core.problems import InputError
from xltool.review.answered import write_answered
from xltool.review.attach import attachments
from xltool.review.attached import departments, write_attached
from xltool.review.carried import write_carried
from xltool.review.collect import ReviewBooks
from xltool.review.compare import ReviewComparison, compare
from xltool.review.extra import ExtraTable, Keeper
from xltool.review.outputs import SUMMARY, Attached, is_review, refuse_foreign
from xltool.review.page import render
from xltool.review.rounds import Round, earlier
from xltool.review.summary import Summary
from xltool.review.texts import TextPairs
from xltool.review.texttables import text_tables, write_texts


@dataclass(slots=True)
class ReviewRequest:
    """What the reviewer wants besides the page, the summary and the database.

    `passed` is what was not taken for a submission: to be said on page and summary. `texts` are what units
    disclose about their figures.
    """

    marked: bool = False
    everything: bool = False
    prior: Path | None = None
    passed: Sequence[Passed] = ()
    keeper: Keeper | None = None
    texts: Sequence[Source] = ()


@dataclass(slots=True)
class Reviewed:
    """What a review found: for the words at its end."""

    collected: ReviewBooks
    changes: ReviewComparison | None
    kept: int
    unread_prior: Sequence[Passed] = ()
    extra: Sequence[ExtraTable] = ()
    texts: Sequence[dict[str, Any]] = ()
    """What the texts beside the books gave, a row each."""


def review(
    sources: Sequence[Source],
    out: Path,
    options: Options,
    request: ReviewRequest,
    *,
    jobs: int | None = None,
    dask: str | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Reviewed:
    """Review workbooks into the folder `out`, which appears whole or not at all.

    `options` gives the edition and the limits. Raises `InputError` when it can't be done at all;
    KeyboardInterrupt passes through. What is finished then stays in `OUT.part`, for `resume`.
    """
    if force or resume:
        refuse_foreign(out)
    check_output(out, sources, force=force, resume=resume, made=is_review)
    old = earlier(request.prior) if request.prior else None
    attach = partial(attachments, marked=request.marked, everything=request.everything)
    how = replace(options, validate=True, attach=attach)
    with WorkFolder(out, resume=resume, force=force) as work:
        # a run that was ended after it had published: its own output may be put there once more
        ours = force or work.complete
        if out.exists() and not ours:
            raise InputError(existing(out))
        pairs = TextPairs(request.texts)
        finished = process(
            sources,
            work,
            how,
            jobs=jobs,
            dask=dask,
            progress=progress,
            texts=pairs if request.texts else None,
        )
        with ExitStack() as kept:
            draft = fresh_draft(work)
            enter = partial(_entered, request.keeper, draft, out, kept)
            sink = ReviewSink(draft, old, request.passed, enter, pairs, finished.answers)
            store(finished, [sink])
            put(work, draft, out, force=ours, made=is_review)
        work.remove()
    prior = finished.unread_prior
    return Reviewed(sink.collected, sink.changes, finished.kept, prior, sink.extra, sink.texts)


def _entered(
    keeper: Keeper | None, draft: Path, out: Path, kept: ExitStack
) -> Sequence[ExtraTable]:
    """What the keeper has to show; what it keeps stands when `kept` ends."""
    return kept.enter_context(keeper(draft, out)) if keeper is not None else ()


class ReviewSink:
    """See `Sink`: makes the folder of a review. What the page needs of each book waits on a shelf."""

    def __init__(
        self,
        draft: Path,
        old: Round | None,
        passed: Sequence[Passed],
        enter: Callable[[], Sequence[ExtraTable]],
        pairs: TextPairs,
        answers: Path | None,
    ) -> None:
        draft.mkdir()
        self._draft, self._old, self._passed, self._enter = draft, old, passed, enter
        self._pairs, self._answers = pairs, answers
        self.texts: Sequence[dict[str, Any]] = ()
        self._database = open_sink("duckdb", draft / DATABASE, validated=True)
        self._files = Attached(draft)
        self._summary = Summary(draft / SUMMARY, compared=old is not None)
        self._new = Round()
        self.collected = ReviewBooks()
        self.changes: ReviewComparison | None = None
        self.extra: Sequence[ExtraTable] = ()

    def write(self, batch: Batch) -> None:
        """See `Sink`."""
        self._database.write(batch)
        files = self._files.write(batch)
        self.collected.add(batch, files)
        self._summary.findings(batch)
        if self._old is not None:
            self._new.add(batch, {name: of_book.sheets for name, of_book in files.items()})

    def finish(self) -> None:
        """See `Sink`."""
        self._database.finish()
        self.texts = [*self._files.texts, *self._pairs.rows()]
        self._tell(self._draft / DATABASE)
        # whose books are missing or wrong comes before what their texts say
        self.extra = [*self._enter(), *text_tables(self.texts)]
        self._compare(self._draft / DATABASE)
        self.collected.departments = departments(self._draft / DATABASE)
        self._summary.finish(self.collected, self.changes, self._passed, self.extra)
        page = render(self.collected, self.changes, self._passed, self.extra)
        with (self._draft / PAGE).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(page)

    def _tell(self, database: Path) -> None:
        """Add to the database what only a review says."""
        with kept_open(database):
            files = ((line.name, line.files) for line in self.collected.ranked)
            write_attached(database, files)
            if self._answers is not None:
                write_answered(database, self._answers)
            write_texts(database, self.texts)

    def _compare(self, database: Path) -> None:
        """Compare with the earlier review what counts of this one, once it is known which that is."""
        if self._old is None:
            return
        with bounded(database, read_only=True) as db:
            self._new.leave_replaced(db)
        self.changes = compare(self._old, self._new)
        write_carried(database, self.changes.carried)

    def abandon(self) -> None:
        """See `Sink`."""
        self._database.abandon()
        self._summary.abandon()
