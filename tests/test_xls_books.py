"""Books handed in as .xls: their formulas are checked like those of any other book."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlrd

from tests.support.books import fill_raw, without_blank_reviews
from tests.support.documents import EDITIONS, make
from tests.support.libreoffice import saved_as
from xltool.checks import Validation, validate
from xltool.ooxml import split_ref
from xltool.reading import examine

TABLE = "支出决算表"


@pytest.fixture(scope="module")
def books(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Filled books of every edition, and some that were changed afterwards, as LibreOffice saves them."""
    folder = tmp_path_factory.mktemp("xls")
    for edition in EDITIONS:
        book = folder / f"{edition}.xlsx"
        fill_raw(make(5, edition, details=4, unit="万元"), book)
        without_blank_reviews(book)
    first = folder / f"{next(iter(EDITIONS))}.xlsx"
    sheet, ref = examine(first).places[TABLE, 0, ("合计", "基本支出")]
    for name, formula in {"改公式": "={}+0", "换成数": "7", "加一": "={}+1"}.items():
        book = openpyxl.load_workbook(first)
        cell = book[sheet][ref]
        cell.value = formula.format(str(cell.value)[1:]) if "{" in formula else int(formula)
        book.save(folder / f"{name}.xlsx")
    news = sorted(folder.glob("*.xlsx"))
    found = {old.stem: old for old in saved_as(soffice, "xls", news, folder / "去")}
    return found | {f"{new.stem}.xlsx": new for new in news}


def with_formula(data: bytes, sheet: str, ref: str, change: Callable[[bytearray], None]) -> bytes:
    """An .xls in which the record of one formula cell was changed."""
    native = xlrd.open_workbook(file_contents=data, on_demand=True)
    row, column = split_ref(ref)
    start = native._sh_abs_posn[native.sheet_names().index(sheet)]
    for at, code, size in records(native.mem, start):
        if code == 0x0006 and struct.unpack_from("<HH", native.mem, at) == (row - 1, column - 1):
            old = bytes(native.mem[at : at + size])
            break
    else:
        raise AssertionError(f"{ref} has no formula")
    assert data.count(old) == 1
    new = bytearray(old)
    change(new)
    return data.replace(old, bytes(new))


def records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Where the records of a stream begin, with their codes and sizes."""
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        yield at + 4, code, size
        at += 4 + size


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_xls_without_a_fault_passes_and_reads_the_same(
    books: dict[str, Path], edition: str
) -> None:
    old, new = validate(books[edition]), validate(books[f"{edition}.xlsx"])
    assert old.verdict == new.verdict == "合格"
    assert old.reading.report == new.reading.report
    assert old.reading.places == new.reading.places
    assert lines(old) == lines(new)


def lines(validation: Validation) -> dict[str, str]:
    return {rule: line.outcome for rule, line in validation.ledger.lines.items()}


@pytest.mark.parametrize(
    ("name", "rule"), [("改公式", "F-03"), ("加一", "F-03"), ("换成数", "F-01")]
)
def test_a_changed_formula_of_an_xls_is_found(books: dict[str, Path], name: str, rule: str) -> None:
    found = {f.rule: f.cells for f in validate(books[name]).findings}
    sheet_and_ref = examine(books[name]).places[TABLE, 0, ("合计", "基本支出")]
    assert sheet_and_ref in found[rule]


def test_a_value_of_an_xls_that_was_not_recalculated_is_found(
    books: dict[str, Path],
) -> None:
    data = books["2023-national"].read_bytes()
    reading = examine(data)
    sheet, ref = reading.places[TABLE, 0, ("合计", "基本支出")]
    stored = reading.workbook.sheet(sheet).value(ref)
    assert isinstance(stored, Decimal)
    stale = with_formula(
        data, sheet, ref, lambda raw: struct.pack_into("<d", raw, 6, float(stored + 1))
    )
    found = {f.rule: f.cells for f in validate(stale).findings}
    assert found["F-06"] == ((sheet, ref),)


def test_an_xls_with_a_formula_that_cannot_be_told_is_never_passed(books: dict[str, Path]) -> None:
    data = books["2023-national"].read_bytes()
    sheet, ref = examine(data).places[TABLE, 0, ("合计", "基本支出")]
    spoilt = with_formula(data, sheet, ref, lambda raw: struct.pack_into("<B", raw, 22, 0x18))
    validation = validate(spoilt)
    assert validation.verdict == "未完成审核"
    told = {
        rule: line for rule, line in validation.ledger.lines.items() if line.outcome == "未执行"
    }
    assert {"F-03", "F-05", "F-06"} <= told.keys()
    assert f"{sheet} {ref}" in told["F-06"].reason
    assert not {f.rule for f in validation.findings} & {"F-01", "F-02", "F-03", "F-04"}
