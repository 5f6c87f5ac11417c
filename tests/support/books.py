"""Filling and reading in tests: a raw document -> workbooks -> what a reader makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.support.documents import EDITIONS
from tests.support.documents.supplied import Cells, cells_of, supplied
from tests.support.editing import edited
from xltool.documents.load import from_raw
from xltool.documents.writing import to_raw
from xltool.filling import Filled, fill
from xltool.ooxml import Editor
from xltool.reading import Reading, examine, read

Raw = dict[str, Any]
Tables = dict[str, list[Cells]]

_CLOSE = Decimal("1e-12")


def fill_raw(raw: Raw, out: Path, *, totals: str = "formula") -> Filled:
    """Fill a document's workbooks; the first is `out`."""
    report, edition = from_raw(raw)
    return fill(report, edition, out, totals="given" if totals == "given" else "formula")


def without_blank_reviews(book: Path) -> Path:
    """Take the 自评表 that nobody has filled off a workbook, as a unit does that hands none in."""
    book.write_bytes(handed_in(book.read_bytes()))
    return book


def handed_in(book: bytes) -> bytes:
    """As `without_blank_reviews`, for the bytes of a workbook."""
    reading = examine(book)
    blank = [
        found_table.located.sheet.name
        for found_table in reading.found_tables
        if found_table.mapping.optional
        and not reading.report.tables[found_table.mapping.table][found_table.instance].has_figures
    ]

    def remove(editor: Editor) -> None:
        for name in blank:
            editor.remove_sheet(name)

    return edited(book, remove) if blank else book


def read_raw(books: Iterable[Path], unit: str | None = None) -> Raw:
    """The document in one set of workbooks."""
    first, *others = (to_raw(read(book, unit=unit).report) for book in books)
    for other in others:
        first["表"] |= other["表"]
    return first


def examined(book: Path) -> tuple[Raw, Reading]:
    """The document in a workbook, and the reading with its drift, faults and problems."""
    reading = examine(book)
    return to_raw(reading.report), reading


def cells(raw: Raw) -> Tables:
    """The cells of a document by table."""
    return {
        name: [cells_of(one) for one in (table if isinstance(table, list) else [table])]
        for name, table in raw["表"].items()
    }


def expected_cells(raw: Raw, *, given: bool = False) -> Tables:
    """The cells that the filled forms show for a document."""
    found = {
        name: [
            supplied(name, one, given=given)[0]
            for one in (table if isinstance(table, list) else [table])
        ]
        for name, table in raw["表"].items()
    }
    for name, columns in EDITIONS[raw["版本"]].unplaced.items():
        for cells in found.get(name, []):
            for column in columns:
                cells.pop(("合计", column), None)
    return found


def differences(expected: Tables, actual: Tables) -> list[str]:
    """Every cell that is lost, added or other than expected; ratios agree to twelve decimals."""
    found = []
    for name in expected.keys() | actual.keys():
        wanted, got = expected.get(name, []), actual.get(name, [])
        if len(wanted) != len(got):
            found.append(f"{name}: {len(wanted)} -> {len(got)}")
        for n, (one, other) in enumerate(zip(wanted, got, strict=False)):
            for path in one.keys() | other.keys():
                if not _same(one.get(path), other.get(path)):
                    where = f"{name}#{n} {'·'.join(path)}"
                    found.append(f"{where}: {one.get(path)!r} -> {other.get(path)!r}")
    return sorted(found)


def _same(a: Decimal | str | None, b: Decimal | str | None) -> bool:
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a == b or (abs(a - b) <= _CLOSE and a.as_tuple().exponent < -6)
    return a == b


def heads(raw: Raw, names: Sequence[str] = ("版本", "单位名称", "年度", "金额单位")) -> Raw:
    """Some of the heads of a document."""
    return {name: raw[name] for name in names}
