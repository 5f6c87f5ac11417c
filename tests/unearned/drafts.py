"""Values typed into a book, without the whole of it being read and saved again for each of hundreds of attempts.

A draft looks like an openpyxl workbook as long as only values of cells are read and written; what is more than
that raises `NeedsWorkbook`, and the edit is made once more on a real one.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook

_PLAIN = (int, float, str)


class NeedsWorkbook(Exception):
    """An edit does more than to write values into cells."""


class Draft:
    """A book, and the values that are to be written into its cells."""

    def __init__(self, book: bytes) -> None:
        self.typed: dict[str, dict[str, Any]]
        for name, value in (("_book", book), ("_loaded", _loaded(book)), ("typed", {})):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise NeedsWorkbook(name)

    def __getitem__(self, name: str) -> _Sheet:
        return _Sheet(self._loaded[name], self.typed.setdefault(name, {}))

    def __getattr__(self, name: str) -> Any:
        raise NeedsWorkbook(name)

    def __delitem__(self, name: str) -> None:
        raise NeedsWorkbook(name)

    def __iter__(self) -> Any:
        raise NeedsWorkbook("sheets")

    def saved(self) -> bytes:
        """The book with the values."""
        texts = {_path(self._book, name): cells for name, cells in self.typed.items() if cells}
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self._book)) as old, zipfile.ZipFile(target, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name in texts:
                    content = _patched(content.decode("utf-8"), texts[name]).encode("utf-8")
                new.writestr(name, content)
        return target.getvalue()


class _Sheet:
    def __init__(self, sheet: Any, typed: dict[str, Any]) -> None:
        object.__setattr__(self, "_sheet", sheet)
        object.__setattr__(self, "_typed", typed)

    def __setattr__(self, name: str, value: Any) -> None:
        raise NeedsWorkbook(name)

    @property
    def merged_cells(self) -> Any:
        return self._sheet.merged_cells

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            raise NeedsWorkbook(str(key))
        found = self._sheet[key] if key.isalpha() else _cell(self._sheet, key)
        if isinstance(found, tuple):
            return tuple(_Cell(cell, self._typed) for cell in found)
        return _Cell(found, self._typed)

    def __setitem__(self, ref: str, value: Any) -> None:
        self[ref].value = value

    def iter_rows(self, min_row: int, max_row: int | None = None) -> Any:
        for row in self._sheet.iter_rows(
            min_row=min_row, max_row=min(max_row or 10**7, self._sheet.max_row)
        ):
            yield tuple(_Cell(cell, self._typed) for cell in row)

    def __getattr__(self, name: str) -> Any:
        raise NeedsWorkbook(name)


class _Cell:
    __slots__ = ("_cell", "_typed")

    def __init__(self, cell: Any, typed: dict[str, Any]) -> None:
        object.__setattr__(self, "_cell", cell)
        object.__setattr__(self, "_typed", typed)

    def __getattr__(self, name: str) -> Any:
        if name == "value":
            return self._typed.get(self._cell.coordinate, self._cell.value)
        if name == "column_letter":
            return _split(self._cell.coordinate)[0]
        if name in ("coordinate", "row", "number_format"):
            return getattr(self._cell, name)
        raise NeedsWorkbook(name)

    def __setattr__(self, name: str, value: Any) -> None:
        plain = value is None or (isinstance(value, _PLAIN) and not isinstance(value, bool))
        if (
            name != "value"
            or not plain
            or str(value).startswith("#")
            or isinstance(self._cell, MergedCell)
        ):
            raise NeedsWorkbook(name)
        self._typed[self._cell.coordinate] = value


@lru_cache(maxsize=8)
def _loaded(book: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(book))


@dataclass(frozen=True)
class _Absent:
    """A cell that the sheet does not have."""

    coordinate: str
    column_letter: str
    row: int
    value: None = None
    number_format: str = "General"


def _cell(sheet: Any, ref: str) -> Any:
    """A cell; not made where the sheet has none, as openpyxl would."""
    letters, row = _split(ref)
    found = sheet._cells.get((row, column_index_from_string(letters)))
    return found or _Absent(ref, letters, row)


def _split(ref: str) -> tuple[str, int]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", ref)
    assert found is not None, ref
    return found[1], int(found[2])


@lru_cache(maxsize=64)
def _path(book: bytes, sheet: str) -> str:
    """As openpyxl names the parts of sheets: by their order."""
    return f"xl/worksheets/sheet{_loaded(book).sheetnames.index(sheet) + 1}.xml"


def _patched(text: str, cells: dict[str, Any]) -> str:
    for ref, value in cells.items():
        found = re.search(rf'<c r="{ref}"([^>]*?)(?:/>|>.*?</c>)', text, re.DOTALL)
        if found is None:
            text = _with_another(text, ref, value)
            continue
        style = re.search(r' s="\d+"', found[1])
        new = _written(ref, style[0] if style else "", value)
        text = text[: found.start()] + new + text[found.end() :]
    return text


def _with_another(text: str, ref: str, value: Any) -> str:
    """The text of a sheet with a cell that it did not have, in its place."""
    letters, number = _split(ref)
    new = _written(ref, "", value)
    row = re.search(rf'<row r="{number}"[^>]*>(.*?)</row>', text, re.DOTALL)
    if row is None:
        later = (one for one in re.finditer(r'<row r="(\d+)"', text) if int(one[1]) > number)
        after = next((one.start() for one in later), text.index("</sheetData>"))
        return f'{text[:after]}<row r="{number}">{new}</row>{text[after:]}'
    column = column_index_from_string(letters)
    beyond = (
        cell
        for cell in re.finditer(r'<c r="([A-Z]+)\d+"', row[1])
        if column_index_from_string(cell[1]) > column
    )
    at = row.start(1) + next((cell.start() for cell in beyond), len(row[1]))
    return text[:at] + new + text[at:]


def _written(ref: str, style: str, value: Any) -> str:
    if value is None:
        return f'<c r="{ref}"{style}/>'
    if isinstance(value, str) and value.startswith("="):
        return f'<c r="{ref}"{style}><f>{escape(value[1:])}</f><v/></c>'
    if isinstance(value, str):
        text = f'<t xml:space="preserve">{escape(value)}</t>'
        return f'<c r="{ref}"{style} t="inlineStr"><is>{text}</is></c>'
    return f'<c r="{ref}"{style}><v>{value!r}</v></c>'
