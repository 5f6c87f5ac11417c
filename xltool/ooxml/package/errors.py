"""What can go wrong with a workbook, as one exception that speaks to the person at the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from xltool.core.problems import InputError, Problem

Kind = Literal[
    "missing",
    "not-workbook",
    "encrypted",
    "corrupt",
    "too-large",
    "unsafe-xml",
    "unsupported",
    "locked",
    "exists",
    "no-permission",
    "no-space",
    "edit",
]


_CONTROLS = dict.fromkeys((*range(32), 127), "�")
"""Names in a hostile file must not give orders to the terminal."""


class WorkbookError(InputError):
    """A workbook that cannot be read or written: where nobody knows better what to say, its message is the reason.

    `kind` is for programs; `str(error)` is one Chinese message that says what is wrong, where,
    and what to do. `file` names the workbook once it is known.
    """

    def __init__(self, kind: Kind, message: str, *, file: str | None = None) -> None:
        super().__init__(())
        self.kind: Kind = kind
        self.message = message.translate(_CONTROLS)
        self.file = file

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The message, with the workbook as far as it is known by now."""
        return (workbook_problem(self),)

    def __reduce__(self) -> tuple[object, ...]:
        """Pass from one process to another whole."""
        return _again, (type(self), self.kind, self.message, self.file)

    def __str__(self) -> str:
        return f"《{self.file}》：{self.message}" if self.file else self.message


class EditError(WorkbookError):
    """An edit that was refused; the workbook is as it was before."""

    def __init__(self, message: str, *, kind: Kind = "edit", file: str | None = None) -> None:
        super().__init__(kind, message, file=file)


def _again(cls: type[WorkbookError], kind: Kind, message: str, file: str | None) -> WorkbookError:
    if issubclass(cls, EditError):
        return cls(message, kind=kind, file=file)
    return cls(kind, message, file=file)


def corrupt(where: str, what: str) -> WorkbookError:
    """An error for a damaged part: `where` names the part, sheet or cell, `what` the damage."""
    gap = " " if where[-1:].isascii() else ""
    return WorkbookError(
        "corrupt", f"{where}{gap}{what}。请用 Excel 或 WPS 打开并修复，另存为 .xlsx 后重试。"
    )


def workbook_problem(error: WorkbookError, where: str = "") -> Problem:
    """What a `WorkbookError` says, the file named once: as in `where`, unless the error is about another one."""
    if error.file and error.file != Path(where).name:
        return Problem(error.file, error.message, code=error.kind)
    return Problem(where, error.message, code=error.kind)
