"""One import from the first look to what is agreed: read, corrected by a person, read again, kept for next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xltool.entry.importing.assemble import Imported, import_files
from xltool.entry.importing.corrections import (
    ReviewedColumn,
    before_latest,
    columns_of,
    confirmed,
    correct,
    known_uses,
)
from xltool.entry.importing.looking import SourceFiles, SourceLook, look_at, opened
from xltool.entry.importing.questions.answers import ADDED, LATEST, SHEETS
from xltool.entry.importing.vocabulary import ImportWords, words_with

KEPT = "导入映射.yaml"
"""The name of an import mapping that is found by itself: beside the source or beside the output."""


@dataclass
class Session:
    """Files to import and what is said of them. `own` is the import mapping, `given` the answers (单位名称, 年度 …)."""

    files: Sequence[Path]
    edition: str | None = None
    given: dict[str, str] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    settings: Sequence[str] = ()
    added: bool = False
    earlier: list[str] = field(default_factory=list)
    """Sheets of months before the last one, which alone is wanted; of these files, so that they are not kept."""
    _opened: SourceFiles | None = None

    def read(self) -> Imported:
        """Read the files as they are now and are understood now. Raises `InputError` with all that is to be asked."""
        self._opened = opened(self.files)
        return import_files(
            self._opened,
            self._words(),
            edition=self.given.get("版本") or self.edition,
            given=self.given,
            settings=self.settings,
            added=self.added or self.given.get(SHEETS) == ADDED,
        )

    def columns(self) -> tuple[list[ReviewedColumn], list[str]]:
        """The columns as they are understood now, and the uses that one may have. Raises `InputError`."""
        look = self._look()
        return columns_of(look.blocks), known_uses(look.edition)

    def correct(self, text: str) -> None:
        """Take a correction or an answer. Raises `InputError` for what cannot be understood."""
        look = self._look()
        sheets = {grid.sheet for grid in look.sheets if grid.sheet}
        own, given = correct(self.own, self.given, text, look.blocks, look.edition, sheets)
        if given.get(SHEETS) == LATEST and not self.earlier:
            self.earlier = before_latest(look.blocks, text)
        self.own, self.given = own, given

    def _look(self) -> SourceLook:
        self._opened = self._opened or opened(self.files)
        edition = self.given.get("版本") or self.edition
        return look_at(self._opened, self._words(), edition=edition, given=self.given)

    def _words(self) -> ImportWords:
        unwanted = "不要的工作表"
        earlier = self.earlier if self.given.get(SHEETS) == LATEST else []
        return words_with({**self.own, unwanted: [*self.own.get(unwanted, []), *earlier]})

    def agreed(self, imported: Imported) -> dict[str, Any]:
        """The import mapping to keep."""
        return confirmed(self.own, imported.blocks)


def kept_mapping(*folders: Path) -> Path | None:
    """The import mapping that an earlier import left in one of these folders."""
    return next((path for folder in folders if (path := folder / KEPT).is_file()), None)
