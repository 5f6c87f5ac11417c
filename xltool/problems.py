"""What is wrong with an input, told to people: where, what, and what to do.

Problems are collected, not raised one at a time: a clerk who has to correct a document wants
the whole list. `InputError` carries the list; the command line prints it and exits with 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xltool.ooxml import WorkbookError


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `where` names file, sheet, cell or field; `hint` says what to do, if known."""

    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}：{self.message}" if self.where else self.message
        return f"{text}（{self.hint}）" if self.hint else text


class InputError(Exception):
    """An input that cannot be worked with. `str()` gives all its problems, a line each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def workbook_problem(error: WorkbookError, where: str = "") -> Problem:
    """What a `WorkbookError` says, the file named once: as in `where`, unless the error is about another one."""
    if error.file and error.file != Path(where).name:
        return Problem(error.file, error.message)
    return Problem(where, error.message)


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise `InputError` with `problems` unless there are none."""
    if problems := tuple(problems):
        raise InputError(problems)
