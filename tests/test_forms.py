"""The templates are what the official forms and the mappings say, and look and print as they should."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.books import fill_raw
from tests.support.documents import is_derived, make
from tests.support.printing import Page, printed
from tests.support.terminal import ROOT
from xltool.core.resources import SAMPLES, TEMPLATES
from xltool.documents.datafile import read_document
from xltool.editions import bundled_editions, find_edition
from xltool.forms.bound import bound_cells
from xltool.forms.check import check_edition
from xltool.mapping.model import TableMapping

DRAWN = [
    e
    for e in bundled_editions()
    if (TEMPLATES / e.id / "layout.yaml").is_file() and not e.recognise
]
"""Editions with addresses and forms of their own."""
EDITIONS = [edition.id for edition in DRAWN]
NATIONAL = ["2019-national", "2021-national", "2022-national", "2023-national"]
BOOKS = [(edition.id, book.name) for edition in DRAWN for book in edition.workbooks]
MAIN, PROJECTS = "部门决算公开表", "项目支出绩效自评表"
A4 = 9
PORTRAIT = (
    "收入支出决算总表",
    "一般公共预算财政拨款支出决算表",
    "国有资本经营预算财政拨款支出决算表",
    "部门整体绩效自评表",
    "项目支出绩效自评表",
)


@lru_cache(maxsize=8)
def template(edition: str, book: str) -> openpyxl.Workbook:
    (spec,) = (b for b in find_edition(edition).workbooks if b.name == book)
    return openpyxl.load_workbook(spec.template)


def sheets(edition: str, book: str) -> Iterator[tuple[TableMapping, Worksheet]]:
    (spec,) = (b for b in find_edition(edition).workbooks if b.name == book)
    for mapping in spec.tables:
        yield mapping, template(edition, book)[mapping.sheet]


def landscape(table: str, edition: str) -> bool:
    """Which way round a table is printed: wide ones across."""
    if table == "一般公共预算财政拨款基本支出决算表":
        return edition in NATIONAL
    return table not in PORTRAIT


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    path = ROOT / "tools" / "build_templates.py"
    spec = importlib.util.spec_from_file_location("build_templates", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parts(book: Path) -> list[tuple[str, tuple[int, ...], bytes]]:
    """Every part of a workbook in its place, with its date; xlsxwriter writes the line ends of the system."""
    with zipfile.ZipFile(book) as archive:
        return [
            (i.filename, i.date_time, archive.read(i).replace(b"\r\n", b"\n"))
            for i in archive.infolist()
        ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_templates_can_be_built_again_byte_for_byte(
    builder: ModuleType, edition: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = builder.read_layout(edition)
    monkeypatch.setattr(builder, "TEMPLATES", tmp_path)
    committed = {path.name: path for path in (TEMPLATES / edition).glob("*.xlsx")}
    for book in find_edition(edition).workbooks:
        built = builder.build(find_edition(edition), book, layout)
        template = committed.pop(book.template.name)
        assert parts(built) == parts(template)
        if sys.platform != "win32":  # archives say on which system they were made
            assert built.read_bytes() == template.read_bytes()
    assert committed == {}


@pytest.mark.parametrize("edition", EDITIONS)
def test_mappings_fit_their_templates(edition: str) -> None:
    assert check_edition(find_edition(edition)) == []


ORDER = [
    "收入支出决算总表",
    "收入决算表",
    "支出决算表",
    "财政拨款收入支出决算总表",
    "一般公共预算财政拨款支出决算表",
    "一般公共预算财政拨款基本支出决算表",
]
LAST = {
    "2019-national": [
        "一般公共预算财政拨款“三公”经费支出决算表",
        "政府性基金预算财政拨款收入支出决算表",
    ],
    "2021-national": [
        "一般公共预算财政拨款“三公”经费支出决算表",
        "政府性基金预算财政拨款收入支出决算表",
        "国有资本经营预算财政拨款支出决算表",
    ],
    "2023-national": [
        "政府性基金预算财政拨款收入支出决算表",
        "国有资本经营预算财政拨款支出决算表",
        "财政拨款“三公”经费支出决算表",
    ],
    "2024-shanghai": [
        "财政拨款“三公”经费支出决算表",
        "政府性基金预算财政拨款收入支出决算表",
        "国有资本经营预算财政拨款收入支出决算表",
    ],
}


LAST["2022-national"] = LAST["2023-national"]


@pytest.mark.parametrize("edition", LAST)
def test_the_tables_stand_in_the_official_order(edition: str) -> None:
    tables = [mapping.table for mapping, _ in sheets(edition, MAIN)]
    count = len(ORDER + LAST[edition])
    assert tables[:count] == ORDER + LAST[edition]
    assert tables[count:] == (["部门整体绩效自评表"] if edition in NATIONAL else [])
    for n, (mapping, sheet) in enumerate(sheets(edition, MAIN), 1):
        numbered = f"公开{n:02}表" in texts(sheet)
        assert numbered == (edition in NATIONAL and n <= count), mapping.table


def texts(sheet: Worksheet) -> set[object]:
    return {cell.value for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("edition", NATIONAL[1:])
def test_national_forms_number_their_rows_and_columns(edition: str) -> None:
    book = template(edition, MAIN)
    for sheet, left, right, last in (
        (book.worksheets[0], "B", "E", 62),
        (book.worksheets[3], "B", "E", 64),
    ):
        end = 6 + last // 2
        found = [
            sheet[f"{column}{row}"].value for column in (left, right) for row in range(7, end + 1)
        ]
        assert found == list(range(1, last + 1))
    for mapping, sheet in sheets(edition, MAIN):
        if mapping.numbers:
            row = [cell.value for cell in sheet[mapping.numbers.row] if isinstance(cell.value, int)]
            assert row == list(range(1, len(mapping.numbers.columns) + 1))


def test_the_shanghai_forms_differ_where_the_official_ones_do() -> None:
    book = template("2024-shanghai", MAIN)
    assert not any({"行次", "栏次"} & texts(sheet) for sheet in book)
    general, trips, soe = book[ORDER[4]], book[LAST["2024-shanghai"][0]], book.worksheets[8]
    assert [row for (row,) in general["A5:A12"] if row.value == "合计"] == [general["A12"]]
    assert [cell.value for cell in trips[6]] == ["预算数", "决算数"] * 6
    assert soe.max_column == 8
    assert {c.value for c in book[ORDER[5]][3] if c.value} == {
        "经济分类科目编码",
        "科目名称",
        "决算数",
    }


def bound(mapping: TableMapping) -> dict[str, str]:
    return dict(bound_cells(mapping))


def kind_of(mapping: TableMapping, name: str) -> str:
    """The kind of a bound cell's field, by its name as `bound_cells` gives it."""
    block, _, rest = name.partition("[")
    if rest:
        return str(mapping.spec.lists[block].columns[rest.partition("]·")[2]])
    heads = {cell.name for b in mapping.blocks for cell in getattr(b, "cells", ()) if cell.head}
    path = tuple(name.split("·"))
    return "text" if path[0] in heads else str(mapping.spec.fields[path].kind)


def path_of(name: str) -> tuple[str, ...]:
    """A bound cell's name as a path of cells: a row of a coded list as some 项, a fixed code as itself."""
    block, _, rest = name.partition("[")
    if not rest:
        return tuple(name.split("·"))
    row, _, column = rest.partition("]·")
    return (block, row if len(row) >= 3 else "0000000", column)


@pytest.mark.parametrize(("edition", "book"), BOOKS)
def test_what_can_be_computed_is_a_formula_and_nothing_else_is(edition: str, book: str) -> None:
    for mapping, sheet in sheets(edition, book):
        formulas = {c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"}
        given = {"项目资金·年度资金总额·分值"}
        wanted = {
            ref
            for ref, name in bound(mapping).items()
            if name not in given
            and kind_of(mapping, name) in ("amount", "ratio", "number")
            and is_derived(mapping.table, path_of(name))
        }
        assert formulas == wanted, mapping.table


@pytest.mark.parametrize(("edition", "book"), BOOKS)
def test_input_cells_are_open_and_all_others_locked(edition: str, book: str) -> None:
    for mapping, sheet in sheets(edition, book):
        assert sheet.protection.sheet and not sheet.protection.password
        lines = {
            f"{line.range.anchor}"
            for line in mapping.lines
            if "{单" in line.pattern or "{年" in line.pattern
        }
        note = {mapping.empty.range.anchor} if mapping.empty else set()
        open_cells = {ref for ref in bound(mapping) if sheet[ref].data_type != "f"} | lines | note
        merged = {m.start_cell.coordinate: m for m in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                if type(cell).__name__ == "Cell" and (
                    cell.value is not None or cell.coordinate in open_cells
                ):
                    assert cell.protection.locked == (cell.coordinate not in open_cells), (
                        mapping.table,
                        cell.coordinate,
                        merged.get(cell.coordinate),
                    )


@pytest.mark.parametrize(("edition", "book"), BOOKS)
def test_every_cell_is_in_song_with_borders_and_the_format_of_its_kind(
    edition: str, book: str
) -> None:
    formats = {"amount": "#,##0.00", "ratio": "0.00%"}
    for mapping, sheet in sheets(edition, book):
        fonts = {c.font.name for row in sheet.iter_rows() for c in row if c.has_style or c.value}
        assert fonts == {"宋体"}
        assert sheet[mapping.title.range.anchor].font.sz >= 14
        for ref, name in bound(mapping).items():
            cell = sheet[ref]
            assert cell.border.left.style == cell.border.top.style == "thin", (mapping.table, ref)
            kind = kind_of(mapping, name)
            if kind in formats:
                assert cell.number_format == formats[kind], (mapping.table, ref, name)
            elif kind in ("text", "code", "name"):
                assert cell.number_format == "@", (mapping.table, ref, name)


@pytest.mark.parametrize(("edition", "book"), BOOKS)
def test_amounts_take_only_numbers_and_choices_are_offered(edition: str, book: str) -> None:
    for mapping, sheet in sheets(edition, book):
        rules: dict[str, Any] = {}
        for rule in sheet.data_validations.dataValidation:
            for area in rule.sqref.ranges:
                for row in sheet[area.coord] if ":" in area.coord else ((sheet[area.coord],),):
                    rules |= {cell.coordinate: rule for cell in row}
        for ref, name in bound(mapping).items():
            kind = kind_of(mapping, name)
            if kind in ("amount", "ratio", "number") and sheet[ref].data_type != "f":
                assert rules[ref].type == "decimal", (mapping.table, ref, name)
                assert rules[ref].showErrorMessage and "数字" in rules[ref].errorTitle
            if name.endswith(("]·科目编码", "]·一级指标")) and "明细[3" not in name:
                assert ref in rules, (mapping.table, ref, name)
                assert rules[ref].promptTitle or rules[ref].type == "list"


@pytest.mark.parametrize(("edition", "book"), BOOKS)
def test_pages_are_set_up(edition: str, book: str) -> None:
    for mapping, sheet in sheets(edition, book):
        setup = sheet.page_setup
        wanted = "landscape" if landscape(mapping.table, edition) else "portrait"
        assert (int(setup.paperSize), setup.orientation or "portrait") == (A4, wanted), (
            mapping.table
        )
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(setup.fitToWidth or 1) == 1
        last_header = (
            max(a.range.bottom for a in mapping.header) if "自评" not in mapping.table else 2
        )
        assert sheet.print_title_rows is not None
        first, _, last = sheet.print_title_rows.replace("$", "").partition(":")
        assert int(first) == 1 and int(last) >= last_header
        assert int(sheet.freeze_panes.strip("ABCDEFGHIJKL")) == int(last) + 1
        area = sheet.print_area.replace("$", "").partition("!")[2]
        bounds = openpyxl.utils.range_boundaries(area)
        lowest = max([*(a.range.bottom for a in mapping.notes), bounds[3] - 1])
        assert bounds[0] == 1 and bounds[2] == mapping.title.range.right and bounds[3] >= lowest


@pytest.fixture(scope="module")
def prints(
    soffice: str, poppler: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Page]]:
    folder = tmp_path_factory.mktemp("prints")
    books = []
    for edition, book in BOOKS:
        (spec,) = (b for b in find_edition(edition).workbooks if b.name == book)
        books.append(folder / f"{edition} {book}.xlsx")
        shutil.copy(spec.template, books[-1])
    for sample in ("beiguan-2021", "sgb-2024"):
        raw = read_document(SAMPLES / f"{sample}.json")
        books += fill_raw(raw, folder / f"{sample}.xlsx", totals="given").files
    books += fill_raw(make(3, "2021-national", details=60), folder / "long.xlsx").files
    return printed(soffice, poppler, books, folder)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("2019-national 部门决算公开表.xlsx", 9),
        *((f"{edition} {MAIN}.xlsx", 10) for edition in NATIONAL[1:]),
        *((f"{edition} {PROJECTS}.xlsx", 1) for edition in NATIONAL),
        ("2024-shanghai 部门决算公开表.xlsx", 9),
        ("beiguan-2021.xlsx", 10),
        ("sgb-2024.xlsx", 9),
    ],
)
def test_a_form_and_a_filled_sample_print_one_page_per_sheet(
    prints: dict[str, list[Page]], name: str, count: int
) -> None:
    pages = prints[name]
    assert len(pages) == count
    samples = {"beiguan-2021.xlsx": "2021-national", "sgb-2024.xlsx": "2024-shanghai"}
    edition = samples.get(name, name.split(" ", maxsplit=1)[0])
    book = PROJECTS if PROJECTS in name else MAIN
    for page, (mapping, _) in zip(pages, sheets(edition, book), strict=True):
        size = (842, 595) if landscape(mapping.table, edition) else (595, 842)
        assert (page.width, page.height) == size, mapping.table
        assert mapping.title.text.replace(" ", "") in page.text


def test_a_long_list_repeats_its_head_on_every_page_and_is_one_page_wide(
    prints: dict[str, list[Page]],
) -> None:
    pages = [page for page in prints["long.xlsx"] if "公开03表" in page.text]
    assert len(pages) > 3
    for page in pages:
        assert all(text in page.text for text in ("支出决算表", "科目名称", "对附属单位补助支出"))


@pytest.mark.parametrize(
    ("edition", "seed"), [("2021-national", 1), ("2023-national", 7), ("2024-shanghai", 4)]
)
def test_a_table_says_that_it_is_empty_only_when_it_is(
    tmp_path: Path, edition: str, seed: int
) -> None:
    raw = make(seed, edition, details=4)
    book = openpyxl.load_workbook(fill_raw(raw, tmp_path / "报表.xlsx").files[0])
    seen = set()
    for mapping, _ in sheets(edition, MAIN):
        if mapping.empty:
            notes = [text for text in texts(book[mapping.sheet]) if str(text).startswith("说明：")]
            empty = mapping.table not in raw["表"]
            assert len(notes) == empty and all("故本表无数据" in str(text) for text in notes)
            seen.add(empty)
    assert seen == {True, False}
