"""What the page holds: a desk for each tab of the browser, on it the uploads and what became of them."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from xltool.web.books import Totals, UploadResult, UploadTask
from xltool.web.documents import TextTask, check_text, is_text
from xltool.web.formwork import OwnForm
from xltool.web.jobs import JobFailed, Jobs
from xltool.web.limits import ServerLimits
from xltool.web.runfolder import remove_tree
from xltool.web.work import process

UploadState = Literal["receiving", "waiting", "working", "done", "failed"]
Aside = Literal["prior", "explanations", "mapping"]
DESK = re.compile(r"[0-9a-f]{16,64}")


class Refused(Exception):
    """A request that is not granted: HTTP status and a message for people."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


@dataclass(slots=True)
class DeskOptions:
    """How the uploads of a desk are worked on."""

    edition: str = ""
    totals: Totals = "formula"
    prior: Path | None = None
    explanations: Path | None = None
    mapping: Path | None = None
    assume: tuple[str, ...] = ()
    sizes: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Upload:
    """One uploaded file in a folder of its own, with its results."""

    id: str
    name: str
    folder: Path
    state: UploadState = "receiving"
    size: int = 0
    result: UploadResult | None = None
    failure: str = ""
    round: int = 0
    job: asyncio.Task[None] | None = None
    answers: dict[str, str] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    """Other uploads that are read together with this spreadsheet."""
    figures: tuple[str, ...] = ()
    """Figures that were typed beside the data: 地址=数."""
    form: OwnForm | None = None
    """The edition that was made of it."""
    forms: int = 0
    """How often one was."""

    @property
    def source(self) -> Path:
        """The uploaded file."""
        return self.folder / "in" / self.name


@dataclass(slots=True, eq=False)
class Desk:
    """The uploads of one tab."""

    id: str
    folder: Path
    touched: float
    uploads: dict[str, Upload] = field(default_factory=dict)
    options: DeskOptions = field(default_factory=DeskOptions)


def _book_of(upload: Upload) -> Path | None:
    """The workbook that an upload is or gave; a data document that was not filled in is one by itself."""
    parts = upload.result.parts if upload.result else []
    if parts:
        return parts[0].files.get("filled", upload.source)
    return upload.source if upload.source.suffix.lower() in (".json", ".yaml", ".yml") else None


class Desks:
    """All desks of a run. Everything happens in the server's event loop."""

    def __init__(self, folder: Path, limits: ServerLimits, jobs: Jobs) -> None:
        self.folder, self.limits, self.jobs = folder, limits, jobs
        self._desks: dict[str, Desk] = {}
        self._doomed: set[Path] = set()
        self._held = 0

    def desk(self, name: str) -> Desk:
        """The desk of a tab, new when it is not known. Raises `Refused`."""
        if not DESK.fullmatch(name):
            raise Refused(400, "请求不对：desk")
        desk = self._desks.get(name)
        if desk is None:
            self._make_room()
            desk = Desk(name, self.folder / secrets.token_hex(8), 0.0)
            desk.folder.mkdir()
            self._desks[name] = desk
        desk.touched = time.monotonic()
        return desk

    def _make_room(self) -> None:
        """Give up the longest unused of the desks with nothing on them. Raises `Refused` when all are in use."""
        if len(self._desks) < self.limits.max_desks:
            return
        empty = [
            d for d in self._desks.values() if not d.uploads and not any(d.options.sizes.values())
        ]
        if not empty:
            raise Refused(503, "打开的页面太多，请关掉一些再试")
        oldest = min(empty, key=lambda desk: desk.touched)
        del self._desks[oldest.id]
        self._doomed.add(oldest.folder)

    def upload(self, desk: Desk, name: str) -> Upload:
        """The upload `name` of a desk. Raises `Refused`."""
        try:
            return desk.uploads[name]
        except KeyError:
            raise Refused(404, "没有这份文件，可能已经清除") from None

    def new_upload(self, desk: Desk, name: str) -> Upload:
        """A place for a file that is to come. Raises `Refused`."""
        if len(desk.uploads) >= self.limits.max_files:
            raise Refused(413, f"一次最多放 {self.limits.max_files} 份文件，请先清除一些")
        upload = Upload(secrets.token_hex(16), name, desk.folder / secrets.token_hex(8))
        (upload.folder / "in").mkdir(parents=True)
        desk.uploads[upload.id] = upload
        return upload

    def new_folder(self, desk: Desk) -> Path:
        """A folder of its own on a desk."""
        folder = desk.folder / secrets.token_hex(8)
        folder.mkdir()
        return folder

    async def set_aside(self, desk: Desk, what: Aside, source: Path | None, size: int) -> None:
        """Put last year's workbook or the explanations in their place, or (None) take them away."""
        old: Path | None = getattr(desk.options, what)
        setattr(desk.options, what, source)
        self.hold(-desk.options.sizes.pop(what, 0))
        desk.options.sizes[what] = size
        if old is not None:
            await self.remove_folder(old.parent)

    def hold(self, size: int) -> None:
        """Count `size` bytes (negative: no longer held). Raises `Refused` when it is too much."""
        if size > 0 and self._held + size > self.limits.max_total:
            raise Refused(413, f"放着的文件合计超过 {self.limits.max_total >> 20} MB，请先清除一些")
        self._held += size

    def work(self, desk: Desk, upload: Upload) -> None:
        """Queue an upload, anew if it was worked on before."""
        if upload.job is not None:
            upload.job.cancel()
        upload.round += 1
        upload.state, upload.result, upload.failure = "waiting", None, ""
        upload.job = asyncio.get_running_loop().create_task(self._work(desk, upload))
        if not is_text(upload.name):
            self._texts_again(desk)

    def _texts_again(self, desk: Desk) -> None:
        """Texts are held against the workbooks beside them: another one may be theirs."""
        for upload in list(desk.uploads.values()):
            if is_text(upload.name) and upload.state != "receiving":
                self.work(desk, upload)

    async def _work(self, desk: Desk, upload: Upload) -> None:
        out, options = upload.folder / f"out{upload.round}", desk.options
        function: Callable[..., UploadResult] = process
        task: UploadTask | TextTask = UploadTask(
            upload.source,
            out,
            options.edition,
            options.totals,
            options.prior,
            options.explanations,
            upload.answers,
            options.assume,
            options.mapping,
            self._together(desk, upload),
            upload.figures,
        )
        if is_text(upload.name):
            books = await self._books(desk)
            function = check_text
            task = TextTask(
                upload.source, out, books, options.edition, options.prior, options.explanations
            )

        def started() -> None:
            upload.state = "working"

        try:
            upload.result = await self.jobs.run(function, task, on_start=started)
            upload.state = "failed" if upload.result.problems else "done"
        except JobFailed as error:
            upload.state, upload.failure = "failed", str(error)
        for old in upload.folder.glob("out*"):
            if old != out:
                await self.remove_folder(old)

    def _together(self, desk: Desk, upload: Upload) -> tuple[Path, ...]:
        """The other spreadsheets that are to be read with this one."""
        others = (desk.uploads.get(id_) for id_ in upload.together)
        return tuple(o.source for o in others if o is not None and o.state != "receiving")

    async def _books(self, desk: Desk) -> tuple[Path, ...]:
        """The workbooks on a desk, those that were filled from data among them, when all are done."""
        others = [u for u in desk.uploads.values() if not is_text(u.name)]
        jobs = [u.job for u in others if u.job is not None]
        if jobs:
            await asyncio.wait(jobs)
        return tuple(filter(None, map(_book_of, others)))

    async def remove(self, desk: Desk, upload: Upload) -> None:
        """Take an upload off its desk, with its files."""
        known = desk.uploads.pop(upload.id, None)
        if known is not None and not is_text(upload.name) and desk.id in self._desks:
            self._texts_again(desk)
        if upload.job is not None:
            upload.job.cancel()
        self.hold(-upload.size)
        await self.remove_folder(upload.folder)

    async def clear(self, desk: Desk) -> None:
        """Take everything off a desk and forget it."""
        self._desks.pop(desk.id, None)
        for upload in list(desk.uploads.values()):
            await self.remove(desk, upload)
        self.hold(-sum(desk.options.sizes.values()))
        await self.remove_folder(desk.folder)

    async def sweep(self) -> None:
        """Clear away desks that nobody asked for lately, and what could not be removed before."""
        now = time.monotonic()
        for desk in list(self._desks.values()):
            if now - desk.touched > self.limits.idle:
                await self.clear(desk)
        for folder in list(self._doomed):
            await self.remove_folder(folder)

    async def stop(self) -> None:
        """Give up all work."""
        jobs = [job for job in self._jobs() if not job.done()]
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    def _jobs(self) -> Iterator[asyncio.Task[None]]:
        for desk in self._desks.values():
            yield from (upload.job for upload in desk.uploads.values() if upload.job)

    async def remove_folder(self, folder: Path) -> None:
        """Remove a folder; where a worker or a virus scanner still holds a file, later once more."""
        gone = await asyncio.to_thread(remove_tree, folder)
        (self._doomed.discard if gone else self._doomed.add)(folder)
