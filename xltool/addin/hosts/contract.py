"""What an action may ask of the place where a workbook lives, and of the person in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from xltool.checks import Validation
from xltool.core.cellref import CellRef
from xltool.reading import Reading


class Kind(NamedTuple):
    """A kind of file to choose: its name for people and its suffixes."""

    name: str
    suffixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkResult:
    """How far the findings could be shown in the workbook.

    `result` is the name of the result sheet, None when the workbook takes none. `limits` says in whole
    sentences what could not be shown and why; `copy` is the marked copy, where the marks went to one.
    """

    result: str | None
    limits: tuple[str, ...] = ()
    copy: Path | None = None


@dataclass(frozen=True, slots=True)
class Cleared:
    """What taking the marks off came to: `any` is False when there were none."""

    any: bool
    limits: tuple[str, ...] = ()


class Host(Protocol):
    """One workbook and the person who works on it.

    Every method raises `InputError` for what the person can mend. Nothing but `mark`, `clear` and
    `replace` changes the workbook, and the first two only what they put there themselves.
    """

    @property
    def name(self) -> str:
        """The workbook's name, for messages."""

    def snapshot(self) -> AbstractContextManager[Path]:
        """The workbook as it stands now, unsaved changes too, as a file that is gone afterwards."""

    def read(self) -> Reading:
        """The workbook as it stands now, read as `xltool validate` reads it."""

    def mark(self, validation: Validation) -> MarkResult:
        """Show the findings: earlier marks go, cells are marked and noted, the result sheet comes."""

    def clear(self) -> Cleared:
        """Take off everything that `mark` put on; what the clerk wrote and coloured stays."""

    def obstacle(self) -> str:
        """Why `replace` is not possible; "" when it is."""

    def replace(self, content: Path) -> None:
        """Make the workbook what the file `content` is: written, closed and opened anew.

        `content` must have been made from a snapshot, for unsaved changes go with what is closed. Where
        the workbook cannot be written, `content` is kept and opened beside it, and `InputError` says so.
        """

    def report(self, text: str, *, serious: bool = False) -> None:
        """Tell the person something."""

    def ask(self, question: str) -> bool:
        """Ask a question that is answered by yes or no."""

    def choose(self, title: str, kinds: Sequence[Kind]) -> Path | None:
        """Let the person choose an existing file; None when they would not."""

    def choose_target(self, title: str, name: str, kinds: Sequence[Kind]) -> Path | None:
        """Let the person choose where to write; nobody has asked yet whether to write over what is there."""

    def open(self, path: Path) -> None:
        """Open another workbook beside this one."""

    def here(self) -> CellRef | None:
        """The cell that the person is at, if it is one of this workbook."""

    def goto(self, cell: CellRef) -> bool:
        """Move to a cell; False when its sheet is hidden."""

    def working(self, text: str) -> AbstractContextManager[None]:
        """While silent work goes on, `text` is shown; afterwards everything is as it was before."""
