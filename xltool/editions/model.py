"""What an edition is: its years, its workbooks, their mappings and code lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from xltool.core.cellref import CellRef
from xltool.core.codes import CodeList
from xltool.core.model import FieldKey, TableSpec
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem
from xltool.core.resources import MAPPINGS
from xltool.core.texts import did_you_mean
from xltool.editions.places import installed
from xltool.mapping.model import TableMapping
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.mapping.recognition.vocabulary.words import Vocabulary


class WorkbookSpec(NamedTuple):
    """One workbook of an edition: its empty template and the tables bound in it, in sheet order."""

    name: str
    template: Path
    tables: tuple[TableMapping, ...]
    recognised: bool = False
    """Its tables stand where they were recognised: it has no template."""


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """One official set of forms: the years it is good for, its workbooks, mappings and code lists."""

    id: str
    name: str
    years: tuple[int, int]
    folders: tuple[Path, ...]
    """Its own folder, then those of the editions it extends."""
    codes: dict[str, CodeList]
    workbooks: tuple[WorkbookSpec, ...]
    ignore: tuple[str, ...] = ()
    """Names of sheets and titles of blocks that are no part of the return; * stands for any text."""
    recognise: bool = False
    """Its tables are found in its forms, blank or filled, by their words; it has no addresses."""
    version: str = ""
    """What its maker calls this state of it."""
    origin: str = ""
    """Where its forms come from, and what of them is only likely."""

    @property
    def bundled(self) -> bool:
        """Whether it comes with the tool."""
        return self.folders[0].parent == MAPPINGS

    @property
    def source(self) -> str:
        """What `find_edition` finds it by, in another process too: its id, or its folder where it is not installed."""
        known = {entry.id: entry.folder for entry in installed()}
        here = self.bundled or known.get(self.id) == self.folders[0]
        return self.id if here else str(self.folders[0])

    @cached_property
    def checksum(self) -> str:
        """Twelve signs that tell this state of its files from any other."""
        from xltool.editions.checksum import checksum

        return checksum(self.folders, ((book.name, book.template) for book in self.workbooks))

    @property
    def state(self) -> str:
        """Its version, where it has one, and its checksum."""
        return "·".join(filter(None, (self.version, self.checksum)))

    @property
    def words(self) -> Vocabulary:
        """The vocabulary with the words and the answers in its folders, as the files are now."""
        return vocabulary(self.folders)

    @cached_property
    def tables(self) -> dict[str, TableMapping]:
        """All table mappings by table name, in the order of the workbooks."""
        return {t.table: t for book in self.workbooks for t in book.tables}

    @cached_property
    def specs(self) -> dict[str, TableSpec]:
        """The shape of every table."""
        return {name: mapping.spec for name, mapping in self.tables.items()}

    def __repr__(self) -> str:
        return f"<Edition {self.id} {self.name}>"

    def cells(self, table: str) -> dict[FieldKey, CellRef]:
        """Where the fields of a table stand in the blank form. See `form_cells`.

        Raises `InputError` when the edition does not have the table.
        """
        from xltool.editions.cells import form_cells

        mapping = self.tables.get(table)
        if mapping is None:
            message, hint = f"没有“{table}”", did_you_mean(table, self.tables)
            raise InputError(Problem(self.id, message, hint, code="unknown-name"))
        book = next(book for book in self.workbooks if mapping in book.tables)
        return form_cells(book.template, mapping, self.words if self.recognise else None)

    def covers(self, year: int) -> bool:
        """Whether the edition is good for `year`."""
        return self.years[0] <= year <= self.years[1]


EditionLike: TypeAlias = AnyPath | Edition
"""An edition, or what names it: its id or its folder."""
