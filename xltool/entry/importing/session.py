"""One import from the first look to what is agreed: read, corrected by a person, read again, kept for next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xltool.entry.importing.answers import ADDED, SHEETS
from xltool.entry.importing.assemble import Imported, import_files
from xltool.entry.importing.corrections import (
    ReviewedColumn,
    choices,
    columns_of,
    confirmed,
    correct,
)
from xltool.entry.importing.looking import SourceLook, look_at
from xltool.entry.importing.vocabulary import words_with

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

    def read(self) -> Imported:
        """Read the files as they are understood now. Raises `InputError` with all that is to be asked."""
        return import_files(
            self.files,
            words_with(self.own),
            edition=self.given.get("版本") or self.edition,
            given=self.given,
            settings=self.settings,
            added=self.added or self.given.get(SHEETS) == ADDED,
        )

    def columns(self) -> tuple[list[ReviewedColumn], list[str]]:
        """The columns as they are understood now, and the uses that one may have. Raises `InputError`."""
        look = self._look()
        return columns_of(look.blocks), choices(look.edition)

    def correct(self, text: str) -> None:
        """Take a correction or an answer. Raises `InputError` for what cannot be understood."""
        look = self._look()
        sheets = {grid.sheet for grid in look.sheets if grid.sheet}
        self.own, self.given = correct(
            self.own, self.given, text, look.blocks, look.edition, sheets
        )

    def _look(self) -> SourceLook:
        edition = self.given.get("版本") or self.edition
        return look_at(self.files, words_with(self.own), edition=edition, given=self.given)

    def agreed(self, imported: Imported) -> dict[str, Any]:
        """The import mapping to keep."""
        return confirmed(self.own, imported.blocks)


def kept_mapping(*folders: Path) -> Path | None:
    """The import mapping that an earlier import left in one of these folders."""
    return next((path for folder in folders if (path := folder / KEPT).is_file()), None)
