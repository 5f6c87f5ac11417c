"""Sources -> finished parts: tasks of a few books each, done again book by book when a worker dies."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    wait,
)
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from xltool.batch.answers import ANSWERS, write_answers
from xltool.batch.parts import Batch, WorkFolder, batches, book_columns, stamp
from xltool.batch.pools import Crew, Pool, Work, died
from xltool.batch.prior import index_prior
from xltool.batch.progress import Progress
from xltool.batch.skipped import Passed
from xltool.batch.source import Source
from xltool.batch.task import Beside, Done, Options, Task
from xltool.batch.together import COLUMNS, TABLES, BookHead, all_alone, companions, heads
from xltool.batch.worker import content_hash, work, work_here
from xltool.core.problems import InputError, Problem

CHUNK, _AHEAD = 32, 2
"""Books of a task, and tasks that wait at each worker. A part costs as much as a book to write and read."""

_TRIES = 2
"""So often a single book may end its worker without a note before it is given up."""

_FEW = 16
"""So many books are done sooner than worker processes would have started."""

_RESTARTS = 5
_POLL = 0.5


def done_here(sources: Sequence[Source], jobs: int | None) -> bool:
    """Whether a program's books are best done in its own process: they are few, or it wants only one."""
    return jobs == 1 or (jobs is None and len(sources) <= _FEW)


Texts = Callable[[Sequence[BookHead]], Mapping[str, Sequence[Source]]]
"""Which texts go with which book, by the book's name."""


@dataclass
class FinishedRun:
    """What a run did. `where`: part and row of each book."""

    work: WorkFolder
    sources: Sequence[Source]
    where: dict[str, tuple[str, int]] = field(default_factory=dict)
    kept: int = 0
    """Books that an earlier run had done."""
    alone: dict[str, str] = field(default_factory=dict)
    """Books that could not be done together with what belongs to their unit, and why: they stand as done alone."""
    unread_prior: Sequence[Passed] = ()
    """Books of last year that could not be read; what letters had to say."""
    answers: Path | None = None
    """Where it is written what units answered in letters."""

    def batches(self) -> Iterator[Batch]:
        """All books in the order of the sources, some at a time."""
        return batches(self.work.parts, [source.name for source in self.sources], self.where)


def process(
    sources: Sequence[Source],
    work_folder: WorkFolder,
    options: Options,
    *,
    jobs: int | None = None,
    dask: str | None = None,
    progress: Progress | None = None,
    function: Work = work,
    here: bool = False,
    texts: Texts | None = None,
) -> FinishedRun:
    """Do all books of `sources` that the work folder does not have yet: in other processes, or `here`, without limits.

    `jobs`: how many processes; default: as many as pay. With validation a book beside which its unit has handed in
    others is done once more, together with them; `texts` tells which texts go with which book. Raises `InputError`
    when no worker can be kept running; what is done stays in the work folder.
    """
    finished = FinishedRun(work_folder, sources)
    if options.validate and options.given.prior is not None:
        options, finished.unread_prior = _with_index(options, work_folder)
    if options.validate and options.given.letters:
        options, told = _with_answers(options, work_folder)
        finished.answers = options.given.answers
        finished.unread_prior = (*finished.unread_prior, *told)
    made_by = stamp(options)
    progress = progress or Progress(len(sources), visible=False)
    left = list(_not_kept(finished, made_by, progress))
    crew = Crew(jobs, dask, options.memory, here=here)
    try:
        task = partial(Task, options=options, work=work_folder.path.absolute(), made_by=made_by)
        _run(crew, function, finished, progress, left, task)
        if options.validate:
            _do_together(crew, function, finished, progress, task, texts)
    finally:
        crew.stop()
    return finished


def _run(
    crew: Crew,
    function: Work,
    finished: FinishedRun,
    progress: Progress,
    left: Sequence[Source],
    task: Callable[[tuple[Source, ...]], Task],
) -> None:
    """Have books done, some at a time."""
    if not left:
        return
    pool = crew.pool(left)
    chunk = max(1, min(CHUNK, len(left) // (pool.size * 4)))
    tasks = (task(tuple(left[at : at + chunk])) for at in range(0, len(left), chunk))
    _Run(pool, work_here if crew.here else function, finished, progress, deque(), tasks).all()


def _do_together(
    crew: Crew,
    function: Work,
    finished: FinishedRun,
    progress: Progress,
    task: Callable[..., Task],
    texts: Texts | None,
) -> None:
    """Have the books done once more beside which their unit has handed in others, or texts."""
    beside = _beside(finished, texts)
    again = [source for source in finished.sources if source.name in beside]
    if again:
        progress.stage("同一单位的合起来核对", len(again))

    def joint(some: tuple[Source, ...]) -> Task:
        return task(some, beside={source.name: beside[source.name] for source in some})

    _run(crew, function, finished, progress, again, joint)
    if finished.alone:
        names = tuple(f"{name}（{why}）" for name, why in sorted(finished.alone.items()))
        passed = Passed("没能与同一单位的工作簿、说明文字一起核对的工作簿", names)
        finished.unread_prior = (*finished.unread_prior, passed)


def _beside(finished: FinishedRun, texts: Texts | None) -> Mapping[str, Beside]:
    """What belongs to the units of books, now that it is known whose each book is."""
    columns = partial(book_columns, finished.work.parts, finished.where)
    if texts is None and all_alone(columns(TABLES)):
        return {}
    found = heads(columns(COLUMNS))
    by_name = {source.name: source for source in finished.sources}
    beside, lost = companions(found, by_name)
    finished.unread_prior = (*finished.unread_prior, *lost)
    for name, own in (texts(found) if texts else {}).items():
        beside[name] = replace(beside.get(name, Beside()), texts=tuple(own))
    return beside


def _with_index(options: Options, work: WorkFolder) -> tuple[Options, Sequence[Passed]]:
    """The options with an index of last year's books, made for this run."""
    assert options.given.prior is not None
    index = work.given.absolute() / "prior.json"
    unread = index_prior(options.given.prior, index)
    return replace(options, given=replace(options.given, index=index)), unread


def _with_answers(options: Options, work: WorkFolder) -> tuple[Options, Sequence[Passed]]:
    """The options with what units answered in their letters, written down for this run."""
    target = work.given.absolute() / ANSWERS
    told = write_answers(options.given.letters, target)
    return replace(options, given=replace(options.given, letters=(), answers=target)), told


def _not_kept(finished: FinishedRun, made_by: str, progress: Progress) -> Iterator[Source]:
    """The books that are not finished, or have changed since."""
    kept: dict[str, tuple[str, str, int]] = {}
    for name, digest, part, row in finished.work.kept(made_by):
        kept[name] = digest, part, row
    for source in finished.sources:
        found = kept.get(source.name)
        if found is not None and content_hash(source) == found[0]:
            finished.where[source.name] = found[1:]
            finished.kept += 1
            progress.step(1, kept=True)
        else:
            yield source


class _Run:
    """The tasks in hand: never more than the workers can do soon, so that memory stays bounded."""

    def __init__(
        self,
        pool: Pool,
        function: Work,
        finished: FinishedRun,
        progress: Progress,
        again: deque[Task],
        tasks: Iterator[Task],
    ) -> None:
        self._pool, self._function = pool, function
        self._finished, self._progress = finished, progress
        self._again, self._tasks = again, tasks
        self._pending: dict[Future[Done], Task] = {}
        self._breaks = 0

    def all(self) -> None:
        """Until every task is done."""
        while self._fill():
            done, _ = wait(self._pending, timeout=_POLL, return_when=FIRST_COMPLETED)
            for future in done:
                task = self._pending.pop(future, None)
                if task is not None:
                    self._settle(future, task)

    def _fill(self) -> bool:
        while len(self._pending) < self._pool.size * (1 + _AHEAD):
            task = self._again.popleft() if self._again else next(self._tasks, None)
            if task is None:
                break
            try:
                self._pending[self._pool.submit(self._function, task)] = task
            except BrokenExecutor as error:
                self._again.append(task)
                self._broken(error)
        return bool(self._pending)

    def _settle(self, future: Future[Done], task: Task) -> None:
        try:
            done = future.result()
        except (BrokenExecutor, CancelledError) as error:
            self._again.append(task)
            self._broken(error)
        except Exception as error:
            self._failed(task, error)
        else:
            self._breaks = 0
            for row, source in enumerate(task.sources):
                if task.beside and done.states[row][0] == "失败":
                    self._finished.alone[source.name] = done.states[row][1]
                else:
                    self._finished.where[source.name] = done.part, row
            self._progress.step(len(task.sources), failed=None if task.beside else _failures(done))

    def _failed(self, task: Task, error: Exception) -> None:
        """A worker died, was stopped, or could not write: each book by itself, then once more, then never."""
        if isinstance(error, OSError) and not died(error):
            raise InputError(
                Problem(
                    str(self._finished.work.path),
                    f"工作进程写不了结果：{error}",
                    code="worker-failed",
                )
            ) from error
        if len(task.sources) > 1:
            self._again.extend(replace(task, sources=(source,)) for source in task.sources)
        elif task.dead:
            raise InputError(
                Problem(task.sources[0].name, f"工作进程不能用：{error}", code="worker-failed")
            ) from error
        else:
            attempt = task.attempt + 1
            self._again.append(replace(task, attempt=attempt, dead=attempt >= _TRIES))

    def _broken(self, error: BaseException) -> None:
        """The pool itself failed; all that is in hand comes back to be done again."""
        self._breaks += 1
        self._again.extend(self._pending.values())
        self._pending.clear()
        if self._breaks > _RESTARTS:
            hint = '从脚本调用时，要放在 if __name__ == "__main__": 之下'
            raise InputError(
                Problem("", f"工作进程启动不了：{error}", hint, code="worker-failed")
            ) from error
        self._pool.restart()


def _failures(done: Done) -> Counter[str]:
    return Counter(reason for state, reason in done.states if state == "失败")
