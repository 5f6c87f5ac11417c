"""Spreadsheets as clerks, ledgers, 财决 and 预算管理一体化 have them, with the truth beside: tests/data/imports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
import yaml

from xltool.core.amounts import convert
from xltool.core.problems import InputError
from xltool.entry.importing.assemble import Imported, import_files
from xltool.entry.importing.looking import opened
from xltool.entry.importing.vocabulary import words_with

DATA = Path(__file__).parent / "data" / "imports"
SHEETS = {
    case["id"]: case
    for path in sorted(DATA.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def cell(text: str, *, plain: bool) -> object:
    """`'` begins a text; figures are numbers, also codes, unless the column is `plain` text."""
    text = text.strip(" ")
    if text.startswith("'"):
        return text[1:]
    if _NUMBER.fullmatch(text) and not plain:
        return float(text) if "." in text else int(text)
    return text or None


def cells(grid: str, texts: list[int]) -> Iterator[tuple[int, int, object]]:
    for row, line in enumerate(grid.splitlines(), 1):
        for column, text in enumerate(line.split("|"), 1):
            value = cell(text, plain=column in texts)
            if value is not None:
                yield row, column, value


def made(case: dict[str, Any], folder: Path) -> Path:
    path: Path = folder / case["file"]
    if "text" in case:
        path.write_bytes(case["text"].encode(case["encoding"]))
        return path
    old, new = xlwt.Workbook(), openpyxl.Workbook()
    new.remove(new.active)
    for name, grid in case["sheets"].items():
        before, sheet = old.add_sheet(name[:31]), new.create_sheet(name[:31])
        for row, column, value in cells(grid, case.get("astext", {}).get(name, [])):
            before.write(row - 1, column - 1, value)
            sheet.cell(row, column).value = value
        for area in case.get("merges", {}).get(name, []):
            sheet.merge_cells(area)
        for row in case.get("hidden", {}).get(name, []):
            sheet.row_dimensions[row].hidden = True
    (old if path.suffix == ".xls" else new).save(str(path))
    return path


def run(case: dict[str, Any], path: Path, more: dict[str, Any]) -> Imported:
    return import_files(
        opened([path]),
        words_with(more.get("mapping", {})),
        edition="2023-national",
        given=more.get("given", {}),
    )


def figures(imported: Imported, unit: str) -> dict[str, Decimal]:
    """Every figure of the document by its address, in `unit`."""

    def walk(value: Any, path: str) -> Iterator[tuple[str, Decimal]]:
        if isinstance(value, dict):
            for name, below in value.items():
                if name not in ("科目编码", "科目名称"):
                    yield from walk(below, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for row in value:
                yield from walk(row, f"{path}[{row['科目编码']}]")
        else:
            yield path, convert(value, imported.raw["金额单位"], unit)

    return dict(walk(imported.raw["表"], ""))


@pytest.mark.parametrize("name", SHEETS)
def test_every_figure_is_right_or_asked_about(name: str, tmp_path: Path) -> None:
    case = SHEETS[name]
    path, more = made(case, tmp_path), case.get("then", {})
    if "asks" in case:
        with pytest.raises(InputError) as asked:
            run(case, path, {})
        assert case["asks"] in str(asked.value)
        if not more:
            return
    found = figures(run(case, path, more), case["unit"])
    truth = {address: Decimal(str(value)) for address, value in case["truth"].items()}
    assert found == truth


def test_there_are_many_of_them() -> None:
    assert len(SHEETS) > 35


def test_rows_that_add_up_to_the_row_above_are_not_counted_beside_it(tmp_path: Path) -> None:
    case = SHEETS["空着编码的是分项"]
    with pytest.raises(InputError) as asked:
        run(case, made(case, tmp_path), {"given": {"空着的编码": "同上"}})
    assert "加起来正好是这一行的500" in str(asked.value)
