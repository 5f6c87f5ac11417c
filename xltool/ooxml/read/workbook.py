"""A workbook and its worksheets, read: what every kind of file gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from xltool.ooxml.read.refs import Range, split_ref, top_rows
from xltool.ooxml.read.styles import Format
from xltool.ooxml.read.values import Value

T = TypeVar("T")
State = Literal["visible", "hidden", "veryHidden"]

_TALL = 64
"""Merges of more rows than this are kept in one list and not under each of their rows."""


class Sheet(ABC):
    """A worksheet of an open workbook.

    References are texts such as `B7`; one that is no cell raises ValueError. Methods that decode
    cells raise WorkbookError (corrupt) that names the cell when its stored form makes no sense.
    `index` is the place among `Workbook.sheets`, from 0.
    """

    def __init__(self, workbook: Workbook, name: str, state: State, index: int) -> None:
        self.workbook = workbook
        self.name = name
        self.state: State = state
        self.index = index
        self._merge_rows: dict[int, list[Range]] | None = None
        self._tall_merges: list[Range] = []
        self._views: dict[object, Any] = {}

    def view(self, make: Callable[[Sheet], T]) -> T:
        """What `make` makes of the sheet, made once and kept with it: values do not change."""
        if make not in self._views:
            self._views[make] = make(self)
        found: T = self._views[make]
        return found

    def __repr__(self) -> str:
        return f"<Sheet {self.name}>"

    @property
    @abstractmethod
    def merges(self) -> tuple[Range, ...]:
        """The merged ranges."""

    @property
    @abstractmethod
    def protected(self) -> bool:
        """True when the sheet is protected."""

    @property
    @abstractmethod
    def has_password(self) -> bool:
        """True when its protection asks for a password before it goes, or when that is not known."""

    @property
    def shows_formulas(self) -> bool:
        """True when the sheet shows, and prints, formulas in place of what they give."""
        return False

    @property
    @abstractmethod
    def hidden_rows(self) -> frozenset[int]:
        """The rows that are hidden or have no height to speak of."""

    @property
    @abstractmethod
    def hidden_cols(self) -> frozenset[int]:
        """The columns that are hidden or have no width to speak of."""

    @property
    @abstractmethod
    def extent(self) -> Range | None:
        """The smallest range that holds all cells with a value or a formula, if any."""

    @property
    @abstractmethod
    def notes(self) -> dict[str, str]:
        """The text of the notes (classic comments) by cell."""

    @abstractmethod
    def value(self, ref: str) -> Value:
        """The value of a cell; of a formula cell, the value stored with it, if any."""

    def lookup(self) -> Callable[[str], Value]:
        """What gives the value of a cell by its reference in capitals, for many of them in a row."""
        return self.value

    @abstractmethod
    def formula(self, ref: str) -> str | None:
        """The formula of a cell, without "="; None for other cells and for data tables."""

    @abstractmethod
    def has_cached(self, ref: str) -> bool:
        """True for a formula cell that stores a value."""

    @abstractmethod
    def style(self, ref: str) -> int:
        """The index of the cell's format; 0 when the cell is absent."""

    @abstractmethod
    def number_format(self, ref: str) -> str:
        """The number format code of a cell, that of its row or column when the cell is absent."""

    def unseen(self, ref: str) -> bool:
        """True when the cell's format makes its text invisible: as its ground, or too small; False: not known to."""
        return False

    def digit_scale(self, ref: str) -> Decimal | None:
        """How large a cell prints digits beside those that column widths count, at least; None: not known."""
        return None

    @abstractmethod
    def locked(self, ref: str) -> bool:
        """True when the cell's format locks it (it matters once the sheet is protected)."""

    @abstractmethod
    def wrapped(self, ref: str) -> bool:
        """True when the cell's format wraps long texts."""

    @abstractmethod
    def items(self) -> Iterator[tuple[str, Value]]:
        """(reference, value) of the cells with a value or a formula, row by row."""

    @abstractmethod
    def formulas(self) -> Mapping[str, str]:
        """All formulas by cell, shared ones expanded."""

    @abstractmethod
    def row_height(self, row: int) -> Decimal | None:
        """The height of a row in points: its own, or else that of all rows, if any is stated."""

    @abstractmethod
    def column_width(self, column: int) -> Decimal | None:
        """The width of a column in characters: its own, or that of all columns, if stated."""

    def conditional_prints(self) -> list[tuple[Range, str]]:
        """Ranges in which a condition changes what numbers print, and the number format that it gives them.

        `;;;` stands for bars and icons without their numbers.
        """
        return []

    def texts_beside(self) -> list[tuple[str, str]]:
        """Where (页眉页脚, 文本框) and what text the sheet prints beside its cells; none where that is not known."""
        return []

    @property
    def array_formulas(self) -> dict[str, Range]:
        """The ranges that array formulas and data tables fill, by the cell that holds them."""
        return {}

    @property
    def unread_formulas(self) -> Mapping[str, str]:
        """The cells with a formula that cannot be put into words, with the reason in Chinese."""
        return {}

    def uncached(self) -> frozenset[str]:
        """The formula cells that store no value (another program saved them without calculating)."""
        return frozenset(ref for ref in self.formulas() if not self.has_cached(ref))

    def numeric_refs(self) -> list[str]:
        """The references of all cells that hold a number, those of formulas too: what an account of the
        figures of a workbook has to name. They come as the part has them, mostly row by row.

        Cheap on a sheet of which nobody wants the values: its text is looked through, no cell is decoded.
        """
        return [ref for ref, value in self.items() if isinstance(value, Decimal)]

    def formula_values(self) -> Iterator[str]:
        """What the formula cells store, as written; '' for a blank text. Looked through until something is found."""
        values = (self.value(ref) for ref in self.formulas() if self.has_cached(ref))
        return ("" if value is None else str(value) for value in values)

    def head(self, rows: int) -> Iterator[tuple[str, Value]]:
        """(reference, value) of the filled cells in the first `rows` rows."""
        return top_rows(self.items(), rows)

    @property
    def last_row(self) -> int:
        """A row below which no cell has a value or a formula; 0 in an empty sheet."""
        return self.extent.bottom if self.extent else 0

    def cells(self) -> Iterable[str]:
        """The references of all cells that the file holds, blank but formatted ones too."""
        return self.refs()

    def refs(self) -> Iterable[str]:
        """The references of the cells with a value or a formula, row by row."""
        return [ref for ref, _ in self.items()]

    @property
    def hides(self) -> bool:
        """False when no row and no column is hidden, as on nearly every sheet."""
        return bool(self.hidden_rows or self.hidden_cols)

    def hidden(self, ref: str) -> bool:
        """True when the row or the column of the cell is hidden."""
        row, column = split_ref(ref)
        return row in self.hidden_rows or column in self.hidden_cols

    def merge_of(self, ref: str) -> Range | None:
        """The merged range that holds the cell, or None."""
        row, column = split_ref(ref)
        if self._merge_rows is None:
            self._merge_rows = self._index_merges()
        if row not in self._merge_rows and not self._tall_merges:
            return None
        near = [*self._merge_rows.get(row, []), *self._tall_merges]
        return next((merge for merge in near if merge.holds(row, column)), None)

    def forget_merges(self) -> None:
        """Drop the index of merges after they changed."""
        self._merge_rows = None
        self._tall_merges = []

    def _index_merges(self) -> dict[int, list[Range]]:
        rows: dict[int, list[Range]] = {}
        for merge in self.merges:
            if merge.bottom - merge.top >= _TALL:
                self._tall_merges.append(merge)
                continue
            for row in range(merge.top, merge.bottom + 1):
                rows.setdefault(row, []).append(merge)
        return rows


class DefinedName(NamedTuple):
    """A defined name. `sheet` is the sheet it belongs to, None for the whole workbook."""

    name: str
    sheet: str | None
    text: str
    hidden: bool


class Workbook:
    """An open workbook, read only. To change one, give it to an Editor.

    `sheets` are the worksheets in tab order; chart and dialog sheets are not among them.
    """

    def __init__(self, kind: Literal["xlsx", "xlsm", "xls"], path: Path | None) -> None:
        self.kind = kind
        self.path = path
        self.sheets: tuple[Sheet, ...] = ()
        self.defined_names: tuple[DefinedName, ...] = ()
        self.date1904 = False
        self.protected = False
        self.has_password = False
        """Protection of the structure asks for a password before it goes, or that is not known."""
        self.external_links = 0

    def __repr__(self) -> str:
        return f"<Workbook {self.path or self.kind}>"

    def release(self) -> None:
        """Let go of the sheets: they and the workbook hold each other, and only the collector would free them."""
        self.sheets = ()

    @property
    def may_show_dates(self) -> bool:
        """False when no cell format shows a number as a date."""
        return True

    @property
    def formats(self) -> Sequence[Format] | None:
        """Every cell format of the workbook, used or not; None where they are not known without its cells."""
        return None

    @property
    def file(self) -> str | None:
        """The name of the file, for messages."""
        return self.path.name if self.path else None

    @property
    def title(self) -> str:
        """What messages call it: its file, else just a workbook."""
        return self.file or "工作簿"

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name, exactly or else without regard to case. Raises KeyError."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        for sheet in self.sheets:
            if sheet.name.lower() == name.lower():
                return sheet
        raise KeyError(name)
