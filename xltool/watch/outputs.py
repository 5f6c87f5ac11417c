"""What is written beside a workbook, and how it is told from the files of the clerk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.batch.generated import COPY, KEPT, copied
from xltool.checks import Validation
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.moving import rename
from xltool.core.suffixes import ONLY_READ
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import Value, Workbook, open_workbook
from xltool.ooxml.edit.save import write_file
from xltool.ooxml.package.lockfile import is_open_elsewhere, locked
from xltool.reporting.html import is_report, render
from xltool.reporting.workbook.annotate import annotate

_REPORT = ".报告"


class Outputs(NamedTuple):
    """The files beside a workbook: marked copy (None where a kind is only read) and report."""

    copy: Path | None
    report: Path

    @classmethod
    def of(cls, book: Path) -> Outputs:
        """决算.xlsx -> 决算.标注.xlsx, 决算.报告.html; 决算.xls -> 决算.xls.报告.html."""
        suffix = book.suffix.lower()
        name = book.stem if suffix == ".xlsx" else book.name
        copy = None if suffix in ONLY_READ else book.with_name(f"{book.stem}{COPY}{book.suffix}")
        return cls(copy, book.with_name(f"{name}{_REPORT}.html"))

    @property
    def resaved(self) -> bool:
        """Whether the copy was saved after the report, which is written last: so by someone else."""
        if self.copy is None or not (self.copy.exists() and self.report.exists()):
            return True
        return self.copy.stat().st_mtime_ns > self.report.stat().st_mtime_ns


def is_output(name: str) -> bool:
    """Whether a workbook of that name is a marked copy, or one that was kept for its changes."""
    return bool(copied(name))


def fingerprint(workbook: Workbook) -> str:
    """Stands for what was typed into a workbook: the constants, and where formulas are.

    The result sheet is left out, so a marked copy in which nobody typed has that of its original.
    """
    own = result_sheet(workbook)
    digest = hashlib.sha256()
    for sheet in workbook.sheets:
        if own is None or sheet.name != own.name:
            cells = {ref: _plain(value) for ref, value in sheet.items()}
            cells |= dict.fromkeys(sheet.formulas(), "=")
            digest.update(repr((sheet.name, sorted(cells.items()))).encode("utf-8", "replace"))
    return digest.hexdigest()


def _plain(value: Value) -> str:
    """A value as a text: a number by its worth, however many zeros are written."""
    return str(value.normalize()) if isinstance(value, Decimal) else repr(value)


def write_copy(validation: Validation, outputs: Outputs, before: str | None) -> Iterator[str]:
    """Write the marked copy; what was kept of the old one is told. Raises `WorkbookError`, `InputError`.

    `before` is the fingerprint of the original when the old copy was made, if that is known. A copy
    in which something else was typed than 说明 is kept under another name.
    """
    assert outputs.copy is not None
    if is_open_elsewhere(outputs.copy):
        raise locked(outputs.copy)
    if outputs.copy.exists():
        if before is None and outputs.resaved:
            before = fingerprint(validation.reading.workbook)
        kept = _kept(outputs.copy, before)
        if kept is not None:
            source = validation.reading.file
            yield f"{outputs.copy.name} 里改过数，已留存为 {kept.name}；更正请改在 {source} 上"
    annotate(validation, outputs.copy, force=True)


def _kept(copy: Path, before: str | None) -> Path | None:
    """Rename a copy that the clerk has changed; its new name."""
    workbook = open_workbook(copy)
    if result_sheet(workbook) is None:
        hint = "请把它改名"
        raise InputError(
            Problem(copy.name, "已有这个文件，它不是标注本，没有覆盖", hint, code="exists")
        )
    if before is None or fingerprint(workbook) == before:
        return None
    numbers = range(1, 10_000)
    names = (copy.with_name(f"{copy.stem}.{KEPT}{n}{copy.suffix}") for n in numbers)
    free = next(path for path in names if not path.exists())
    try:
        rename(copy, free)
    except OSError as error:
        message = f"里面改过数，又改不了名（{system_reason(error)}），没有更新"
        raise InputError(Problem(copy.name, message, "关闭它", code="exists")) from error
    return free


def write_report(validation: Validation, target: Path) -> None:
    """Write the report over an earlier one. Raises `WorkbookError`, `InputError`."""
    page = render(validation, file=validation.reading.file)
    try:
        if target.exists() and not is_report(target):
            hint = "请把它改名"
            raise InputError(
                Problem(target.name, "已有这个文件，它不是审核报告，没有覆盖", hint, code="exists")
            )
        write_file(target, [page.encode("utf-8")], overwrite=True)
    except OSError as error:
        raise InputError(
            Problem(target.name, f"写不了：{system_reason(error)}", code="unwritable")
        ) from error
