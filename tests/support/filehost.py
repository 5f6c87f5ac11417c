"""A workbook in a file stands for one that is open in Excel: the file is never written, marks go to a copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xltool.addin.hosts.contract import Cleared, Kind, MarkResult
from xltool.checks import Validation
from xltool.core.cellref import CellRef
from xltool.core.problems import InputError
from xltool.mapping.ownsheets import result_sheet
from xltool.ooxml import Editor, WorkbookError, open_workbook
from xltool.ooxml.edit.save import write_file
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, examine
from xltool.reporting.workbook.annotate import annotate, take_off


class FileHost:
    """A workbook file and the marked copy beside it.

    `yes` is the answer to every question and `chosen` the files that are chosen, in turn; what is
    said and asked is kept in `told`, what is to be opened in `opened`.
    """

    def __init__(
        self, source: Path, marked: Path, *, yes: bool = False, chosen: Sequence[Path] = ()
    ) -> None:
        self.source, self.marked = source, marked
        self.yes, self.chosen = yes, list(chosen)
        self.told: list[str] = []
        self.opened: list[Path] = []
        self.at: CellRef | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.source.name

    @property
    def current(self) -> Path:
        """What is worked on: the marked copy once there is one, for it is what the clerk edits."""
        return self.marked if self.marked.exists() else self.source

    @contextmanager
    def snapshot(self) -> Iterator[Path]:
        """The file as it is."""
        yield self.current

    def read(self) -> Reading:
        """As `xltool validate` reads it."""
        return examine(self.current)

    def mark(self, validation: Validation) -> MarkResult:
        """Write the marked copy."""
        annotate(validation, self.marked, force=True)
        sheet = result_sheet(open_workbook(self.marked))
        return MarkResult(sheet.name if sheet else None, copy=self.marked)

    def clear(self) -> Cleared:
        """Take the marks off the copy."""
        try:
            editor = Editor(open_workbook(self.current))
            take_off(editor)
            if not editor.changed:
                return Cleared(False)
            editor.save(self.marked)
        except WorkbookError as error:
            raise InputError(workbook_problem(error)) from error
        return Cleared(True)

    def obstacle(self) -> str:
        """Nothing keeps the copy from being written."""
        return ""

    def replace(self, content: Path) -> None:
        """Write the copy; the file itself stays."""
        try:
            write_file(self.marked, [content.read_bytes()], overwrite=True)
        except WorkbookError as error:
            raise InputError(workbook_problem(error)) from error

    def report(self, text: str, *, serious: bool = False) -> None:
        """Keep what is said."""
        self.told.append(text)

    def ask(self, question: str) -> bool:
        """Keep what is asked."""
        self.told.append(question)
        return self.yes

    def choose(self, title: str, kinds: Sequence[Kind]) -> Path | None:
        """The next of the files given."""
        return self.chosen.pop(0) if self.chosen else None

    def choose_target(self, title: str, name: str, kinds: Sequence[Kind]) -> Path | None:
        """The next of the files given."""
        return self.choose(title, kinds)

    def open(self, path: Path) -> None:
        """Keep what is to be opened."""
        self.opened.append(path)

    def here(self) -> CellRef | None:
        """Where `goto` went last."""
        return self.at

    def goto(self, cell: CellRef) -> bool:
        """Remember the cell."""
        self.at = cell
        return open_workbook(self.current).sheet(cell[0]).state == "visible"

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Nothing is shown and nothing needs to be put back."""
        yield
