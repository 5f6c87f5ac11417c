"""Looking at a folder, again and again, for workbooks that were saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.checks import Validation
from xltool.checks.explanations import Explanation, copy_explanations
from xltool.core.problems import InputError, system_reason
from xltool.core.suffixes import WORKBOOKS
from xltool.editions import EditionLike
from xltool.reading import Reading, examine
from xltool.reporting.summary import summary
from xltool.watch.outputs import (
    Outputs,
    fingerprint,
    is_output,
    write_copy,
    write_report,
)


class Stamp(NamedTuple):
    """A state of a file: another save gives another one."""

    changed: int
    size: int


class Watcher:
    """Looks at a folder (not at those in it), checks what was saved, and tells it line by line.

    `check` validates a workbook that was read, with the 说明 in its marked copy; it may raise `InputError`. The
    workbooks themselves are only read.
    """

    def __init__(
        self,
        folder: Path,
        check: Callable[[Reading, Sequence[Explanation]], Validation],
        edition: EditionLike | None = None,
    ) -> None:
        self.folder = folder
        self._check, self._edition = check, edition
        self._seen: dict[str, Stamp] = {}
        self._done: dict[str, Stamp] = {}
        self._busy: set[str] = set()
        self._marked: dict[str, str] = {}
        """The fingerprints of workbooks when their copies were made."""
        self._unreachable = False
        self._first = True

    def step(self) -> Iterator[str]:
        """Look once. A workbook is checked when two looks in a row find it in the same new state.

        At the first look those count as checked whose report is newer than they are.
        """
        try:
            present = dict(self._workbooks())
        except OSError as error:
            if not self._unreachable:
                yield f"{self.folder}：文件夹读不了（{system_reason(error)}），恢复后继续"
            self._unreachable = True
            return
        if self._unreachable:
            yield f"{self.folder}：文件夹又能读了"
        self._unreachable = False
        for name, stamp in present.items():
            if self._first and _is_checked(self.folder / name):
                self._done[name] = stamp
            if self._done.get(name) != stamp:
                yield from self._look_at(name, stamp)
        self._first = False
        for known in (self._seen, self._done):
            for name in known.keys() - present.keys():
                del known[name]

    def _workbooks(self) -> Iterator[tuple[str, Stamp]]:
        """The workbooks of the folder in the order of their names, own outputs left out."""
        with os.scandir(self.folder) as entries:
            files = sorted((e for e in entries if _is_workbook(e.name)), key=lambda e: e.name)
        for entry in files:
            if entry.is_file():
                state = entry.stat()
                yield entry.name, Stamp(state.st_mtime_ns, state.st_size)

    def _look_at(self, name: str, stamp: Stamp) -> Iterator[str]:
        if self._seen.get(name) != stamp:
            self._seen[name] = stamp
            return
        path = self.folder / name
        try:
            with path.open("rb") as file:
                file.read(1)
        except OSError as error:
            if name not in self._busy:
                yield f"{name}：暂时读不了（{system_reason(error)}），能读时再校验"
            self._busy.add(name)
            return
        self._busy.discard(name)
        self._done[name] = stamp
        yield from self.check(path)

    def check(self, path: Path) -> Iterator[str]:
        """Check one workbook now; what hinders it is told."""
        name = path.name
        try:
            yield from self._checked(path)
        except InputError as error:
            said = "；".join(" ".join(problem.of(name).split()) for problem in error.problems)
            yield f"{name}：没有校验：{said}{_stale(path)}"
        except Exception as error:
            # a fault of the program in one workbook must not end the watch over the others
            yield f"{name}：没有校验，程序出错：{type(error).__name__}: {error}{_stale(path)}"

    def _checked(self, path: Path) -> Iterator[str]:
        """Check a workbook and write what belongs beside it: the copy, then the report."""
        reading = examine(path, self._edition)
        outputs = Outputs.of(path)
        written: list[str] = []
        given, troubles = _explained(outputs, reading)
        validation = self._check(reading, given)
        if outputs.copy is not None and not troubles:
            try:
                yield from write_copy(validation, outputs, self._marked.get(path.name))
                self._marked[path.name] = fingerprint(validation.reading.workbook)
                written.append(outputs.copy.name)
            except InputError as error:
                troubles.append(_copy_trouble(error))
        try:
            write_report(validation, outputs.report)
            written.append(outputs.report.name)
        except InputError as error:
            troubles.append(f"报告没有更新，下次保存时再试：{_one_line(error)}")
        to = f" → {'、'.join(written)}" if written else ""
        yield f"{path.name}：{validation.verdict}。{summary(validation)}{to}"
        troubles += map(str, validation.notes)
        yield from (f"{path.name}：{trouble}" for trouble in troubles)


def _explained(outputs: Outputs, reading: Reading) -> tuple[Sequence[Explanation], list[str]]:
    """The 说明 in the marked copy, or what is wrong with it: then it must not be written over."""
    if outputs.copy is None:
        return (), []
    try:
        return copy_explanations(outputs.copy, reading.report), []
    except InputError as error:
        return (), [_copy_trouble(error)]


def _copy_trouble(error: InputError) -> str:
    return f"标注本没有更新，下次保存时再试：{_one_line(error)}"


def _is_workbook(name: str) -> bool:
    hidden = name.startswith(("~$", "."))
    return name.lower().endswith(WORKBOOKS) and not hidden and not is_output(name)


def _is_checked(path: Path) -> bool:
    """Whether the report, and the marked copy if there can be one, are of the workbook as it is."""
    try:
        saved = path.stat().st_mtime_ns
        outputs = [output for output in Outputs.of(path) if output is not None]
        return all(output.stat().st_mtime_ns >= saved for output in outputs)
    except OSError:
        return False


def _stale(path: Path) -> str:
    """A remark when what lies beside a workbook is about an earlier state of it."""
    old = [output.name for output in Outputs.of(path) if output and output.exists()]
    return f"（{'、'.join(old)} 还是以前的）" if old else ""


def _one_line(error: InputError) -> str:
    return "；".join(" ".join(line.split()) for line in str(error).splitlines())
