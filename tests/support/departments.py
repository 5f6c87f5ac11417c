"""Departments in tests: some units of one edition and year, as documents and as workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from typing import Any

from tests.support.books import fill_raw
from tests.support.documents import make
from tests.support.documents.supplied import Cells, cells_of, supplied

Raw = dict[str, Any]
Sum = dict[tuple[str, ...], Decimal]
"""Figures by table and path; rows of lists by their code."""


def units(edition: str, size: int, *, unit: str = "元", printed: bool = False) -> list[Raw]:
    """Documents of `size` units with names of their own, all of the same year."""
    return list(islice(_same_year(edition, unit, printed), size))


def _same_year(edition: str, unit: str, printed: bool) -> Iterator[Raw]:
    year = None
    number = 0
    for seed in count(1):
        raw = make(seed, edition, details=6, unit=unit, printed=printed)
        year = year or raw["年度"]
        if raw["年度"] == year:
            number += 1
            raw["单位名称"] = f"第{number}小学"
            yield raw


def books(raws: list[Raw], folder: Path) -> list[Path]:
    """The workbooks of the units, one each, without those of their projects."""
    return [
        fill_raw(_without_projects(raw), folder / f"{raw['单位名称']}.xlsx", totals="given").files[
            0
        ]
        for raw in raws
    ]


def _without_projects(raw: Raw) -> Raw:
    tables = {name: table for name, table in raw["表"].items() if name != "项目支出绩效自评表"}
    return {**raw, "表": tables}


def figures(raw: Raw) -> Sum:
    """Every figure of a document outside the self-assessments."""
    return _numbers({name: cells_of(table) for name, table in _added_tables(raw)})


def added(raws: list[Raw]) -> Sum:
    """The figures of the filled forms of documents, added up: blank and blank stay blank."""
    total: Sum = {}
    for raw in raws:
        shown = {name: supplied(name, table, given=True)[0] for name, table in _added_tables(raw)}
        for path, value in _numbers(shown).items():
            total[path] = total.get(path, Decimal(0)) + value
    return total


def _added_tables(raw: Raw) -> Iterator[tuple[str, Raw]]:
    return ((name, table) for name, table in raw["表"].items() if "自评" not in name)


def _numbers(tables: dict[str, Cells]) -> Sum:
    return {
        (name, *path): value
        for name, cells in tables.items()
        for path, value in cells.items()
        if isinstance(value, Decimal)
    }
