"""`xltool sum --check`: which cell of the department's book is not the sum, and which unit explains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.departments import books, units
from tests.support.terminal import xltool
from xltool.batch.sources import find_sources
from xltool.core.amounts import printed as printed_of
from xltool.core.places import FieldPlace
from xltool.ooxml import Editor, open_workbook
from xltool.reading import read
from xltool.sums.addition import Addition, add
from xltool.sums.cells import CellKey
from xltool.sums.comparison import SumComparison, compare, read_department
from xltool.sums.department import write
from xltool.sums.telling import grid
from xltool.sums.units import load_units

EDITION = "2023-national"
TABLE, ROW = "一般公共预算财政拨款支出决算表", 8


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory) -> tuple[Addition, Path]:
    """The sum of four units, and its workbook."""
    folder = tmp_path_factory.mktemp("department")
    files = books(units(EDITION, 4, unit="万元", printed=True), folder)
    loaded = load_units(find_sources(map(str, files)).sources)
    result = add(loaded.units, loaded.unit)
    return result, write(result, "某局", folder / "某局.xlsx", force=False)[0]


def compared(result: Addition, book: Path) -> SumComparison:
    return compare(read_department(book, None, result.unit), result)


def changed(
    department: tuple[Addition, Path], folder: Path, change: Callable[[Decimal, Decimal], Decimal]
) -> tuple[SumComparison, str, str]:
    """One cell of the book changed from its value and the first unit's: the comparison, its cell, the unit.

    The cell is one to which every unit contributes a figure of its own.
    """
    result, book = department
    reading = read(book)
    spot, (sheet, ref) = next(
        (spot, cell)
        for place, cell in sorted(reading.places.items(), key=str)
        if len(place) == 3 and place[0] == "收入支出决算总表"
        for spot in result.cells
        if (spot.table, spot.path) == (place[0], place[2])
        and len({unit.cells.get(spot) for unit in result.units} - {None, Decimal(0)}) == 4
    )
    first = result.units[0]
    editor = Editor(open_workbook(book))
    value = change(result.cells[spot], first.cells[spot])
    editor.set(sheet, ref, value, over_formula=True)
    target = folder / "改.xlsx"
    editor.save(target)
    return compared(result, target), ref, first.name


@pytest.mark.parametrize(
    ("change", "slip"),
    [
        (lambda total, part: total - part, "漏加"),
        (lambda total, part: total + part, "重加"),
        (lambda total, part: total - 2 * part, "正负号反了"),
        (lambda total, part: total - part + part * 10000, "10000倍"),
        (lambda total, part: total - part + part / 10, "小了10倍"),
    ],
)
def test_the_unit_that_alone_explains_a_difference_is_named(
    department: tuple[Addition, Path],
    tmp_path: Path,
    change: Callable[[Decimal, Decimal], Decimal],
    slip: str,
) -> None:
    found, ref, name = changed(department, tmp_path, change)
    (difference,) = (d for d in found.differences if d.cell and d.cell[1] == ref)
    assert slip in difference.cause
    assert name in difference.cause
    assert difference.label
    assert difference.difference == difference.value - difference.total  # type: ignore[operator]


def test_a_difference_within_rounding_is_no_difference(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    """Four rounded figures and their rounded total: 0.025."""
    found, _, _ = changed(department, tmp_path, lambda total, part: total + Decimal("0.02"))
    assert (found.differences, found.residual) == ([], 1)
    found, ref, _ = changed(department, tmp_path, lambda total, part: total + Decimal("0.03"))
    assert [d.cell[1] for d in found.differences if d.cell] == [ref]


def test_exact_units_agree_with_a_printed_department(tmp_path: Path) -> None:
    files = books(units("2024-shanghai", 3), tmp_path)
    loaded = load_units(find_sources(map(str, files)).sources)
    exact = add(loaded.units, loaded.unit)
    printed = replace(exact, cells={spot: printed_of(value) for spot, value in exact.cells.items()})
    (book,) = write(printed, "某局", tmp_path / "某局.xlsx", force=False)
    found = compared(exact, book)
    assert found.differences == []
    assert found.residual > 20


def test_an_unchanged_book_agrees(department: tuple[Addition, Path]) -> None:
    result, book = department
    found = compared(result, book)
    assert (found.differences, found.residual) == ([], 0)
    assert found.compared == len(result.cells)


def test_a_unit_left_out_everywhere_is_told_once(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    result, _ = department
    (book,) = write(add(result.units[1:], result.unit), "某局", tmp_path / "缺.xlsx", force=False)
    missing = result.units[0].name
    found = compared(add(result.units, result.unit), book)
    (cause, count), *_ = found.common
    assert (cause.slip, cause.addend and cause.addend.name) == ("漏加", missing)
    assert count == len([v for v in result.units[0].cells.values() if v != 0])


def test_a_book_with_more_than_the_units_given_says_so(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    result, book = department
    found = compared(add(result.units[:2], result.unit), book)
    assert found.more_units
    assert len(found.differences) > 20


def edited(book: Path, folder: Path, *cells: tuple[str, str, object]) -> Path:
    """The book with other values in some cells (sheet, address, value)."""
    editor = Editor(open_workbook(book))
    for sheet, ref, value in cells:
        editor.set(sheet, ref, value, over_formula=True)  # type: ignore[arg-type]
    target = folder / "改.xlsx"
    editor.save(target)
    return target


def lowest(department: tuple[Addition, Path]) -> tuple[str, int, str]:
    """Sheet, row and code of an item (项) in the list of expenses that one unit alone has."""
    result, book = department
    reading = read(book)
    numbers = reading.row_numbers["支出决算表", 0, "明细"]
    rows = reading.report.tables["支出决算表"][0].lists["明细"]
    sheet = next(
        s.located.sheet.name for s in reading.found_tables if s.mapping.table == "支出决算表"
    )
    for number, row in zip(numbers, rows, strict=False):
        code = str(row["科目编码"])
        spot = CellKey("支出决算表", ("明细", code, "本年支出合计"))
        alone = sum(spot in unit.cells for unit in result.units) == 1
        if alone and len(code) == 7 and result.cells.get(spot):
            return sheet, number, code
    raise AssertionError("no such row")


def test_a_row_under_another_code_is_told_as_one(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    result, book = department
    sheet, number, code = lowest(department)
    other = f"{code[:5]}98"
    found = compared(result, edited(book, tmp_path, (sheet, f"A{number}", other)))
    causes = {difference.cause for difference in found.differences}
    assert causes == {
        f"部门表上的数写在了科目编码 {other} 的行里",
        f"部门表上的数应写在科目编码 {code} 的行里",
    }


def test_an_emptied_row_is_not_laid_on_its_unit_alone(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    result, book = department
    sheet, number, _ = lowest(department)
    cells = [(sheet, f"{column}{number}", None) for column in "EFGHIJ"]
    found = compared(result, edited(book, tmp_path, *cells))
    assert found.differences
    assert {d.cause.partition("；或")[2] for d in found.differences} == {"部门表上的数漏填"}


def test_sums_of_a_wrong_row_point_at_it(department: tuple[Addition, Path], tmp_path: Path) -> None:
    result, book = department
    sheet, number, code = lowest(department)
    upper = {code[:3], code[:5], code}
    reading = read(book)
    rows = reading.report.tables["支出决算表"][0].lists["明细"]
    numbers = reading.row_numbers["支出决算表", 0, "明细"]
    lines = [
        (n, r["本年支出合计"])
        for n, r in zip(numbers, rows, strict=False)
        if r["科目编码"] in upper
    ]
    more = [(sheet, f"E{n}", value + Decimal("7.77")) for n, value in lines]  # type: ignore[operator]
    found = compared(result, edited(book, tmp_path, *more))
    told = {d.cell[1]: d for d in found.differences if d.cell}
    assert len(told) == 3
    origins = {d.origin for d in told.values()}
    assert origins == {(sheet, f"E{number}"), None}
    assert told[f"E{number}"].origin is None
    assert all(d.cause for ref, d in told.items() if ref != f"E{number}")


def test_units_of_another_department_are_suspected(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    result, book = department
    found = compared(result, book.parent / result.units[0].file)
    assert found.fewer_units
    assert not found.more_units


def test_the_command_tells_cell_and_unit_and_ends_with_1(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    result, book = department
    folder = tmp_path / "单位"
    folder.mkdir()
    for unit in result.units:
        (folder / unit.file).write_bytes((book.parent / unit.file).read_bytes())
    _, ref, name = changed(department, tmp_path, lambda total, part: total - part)
    answer = xltool("sum", "单位", "--check", "改.xlsx", folder=tmp_path)
    assert answer.code == 1, answer.err
    assert "收入支出决算总表（工作表“" in answer.out
    assert f"  {ref} " in answer.out
    assert f"像是漏加了“{name}”" in answer.out


def test_the_amounts_of_a_table_line_up() -> None:
    rows = [
        ("E7", "合计", Decimal("2821.47342"), Decimal("1.00")),
        ("E10", "人员", None, Decimal(-12)),
    ]
    assert list(grid(("单元格", "项目", "部门数", "相差"), rows)) == [
        "  单元格  项目       部门数       相差",
        "  E7      合计  2,821.47342    1.00000",
        "  E10     人员       （空）  -12.00000",
    ]


def test_a_total_of_the_form_follows_what_is_added_up_to_it(
    department: tuple[Addition, Path], tmp_path: Path
) -> None:
    result, book = department
    reading = read(book)
    names = ("其他收入", "本年收入合计", "总计")
    places = [FieldPlace("收入支出决算总表", 0, ("收入", name)) for name in names]
    cells = [reading.places[place] for place in places]
    values = [place.value_in(reading.report) for place in places]
    more = [
        (*cell, value + Decimal("7.77"))  # type: ignore[operator]
        for cell, value in zip(cells, values, strict=True)
    ]
    told = {d.cell: d for d in compared(result, edited(book, tmp_path, *more)).differences}
    assert [told[cell].origin for cell in cells] == [None, cells[0], cells[0]]
    assert [told[cell].cause for cell in cells[1:]] == [f"随 {cells[0].ref} 相差"] * 2
