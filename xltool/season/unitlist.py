"""The list of units that have to hand in: 单位清单.xlsx or .csv, its columns found by their heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.core.amounts import plain
from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import loose, norm
from xltool.documents.grids import Cell, SourceGrid, grids
from xltool.editions import find_edition
from xltool.mapping.files import read_yaml

_WORDS = Path(__file__).with_name("unitlist.yaml")
_HEAD_ROWS = 20
_APART = re.compile(r"[;；、,，\n]+")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?")


class ListedUnit(NamedTuple):
    """A line of the list. `documents`: the kinds of workbooks that are asked for, none for any."""

    code: str
    name: str
    department: str = ""
    contact: str = ""
    year: int | None = None
    edition: str = ""
    documents: tuple[str, ...] = ()


class _Column(NamedTuple):
    row: int
    columns: dict[str, int]


def read_list(path: Path) -> list[ListedUnit]:
    """The units of a list, in its order. Raises `InputError` with all that is wrong, cell by cell."""
    found: list[tuple[ListedUnit, str]] = []
    problems: list[Problem] = []
    headed = [(grid, head) for grid in grids(path) if (head := _head(grid)) is not None]
    if not headed:
        hint = "第一行写上列名：编码、名称，可加主管部门、联系人、年度、版本、应报文件"
        raise InputError(
            Problem(path.name, "找不到“编码”和“名称”两列的列名", hint, code="missing-value")
        )
    for grid, head in headed:
        found += _rows(grid, head, problems)
    problems += _doubled(found)
    if not found and not problems:
        problems.append(Problem(path.name, "列名下面没有一个单位", code="nothing-to-do"))
    raise_if(problems)
    return [unit for unit, _ in found]


@remembered(1)
def _words() -> tuple[dict[str, str], tuple[str, ...]]:
    """What each head means, and which are needed."""
    raw = read_yaml(_WORDS)
    meanings = {loose(word): name for name, words in raw["heads"].items() for word in words}
    return meanings, tuple(raw["needed"])


def _head(grid: SourceGrid) -> _Column | None:
    """The row with the heads among the first ones, and the column of each."""
    meanings, needed = _words()
    for row in sorted(grid.cells)[:_HEAD_ROWS]:
        columns: dict[str, int] = {}
        for column, value in sorted(grid.cells[row].items()):
            if (name := meanings.get(loose(str(value)))) is not None:
                columns.setdefault(name, column)
        if all(name in columns for name in needed):
            return _Column(row, columns)
    return None


def _rows(
    grid: SourceGrid, head: _Column, problems: list[Problem]
) -> Iterator[tuple[ListedUnit, str]]:
    for row in sorted(row for row in grid.cells if row > head.row):
        own = {name: _text(grid.cells[row].get(column)) for name, column in head.columns.items()}
        if any(own.values()) and norm(own["编码"]) not in ("合计", "总计"):
            # a department that is merged over its units is that of each
            texts = {
                name: text or ("" if name in _words()[1] else _text(grid.shown(row, column)))
                for (name, column), text in zip(head.columns.items(), own.values(), strict=True)
            }
            faults = list(_faults(grid, row, head, texts))
            problems += faults
            if not faults:
                yield _unit(texts), grid.where(row, head.columns["编码"])


def _text(value: Cell | None) -> str:
    if value is None:
        return ""
    return (value if isinstance(value, str) else plain(value)).strip()


def _faults(grid: SourceGrid, row: int, head: _Column, texts: dict[str, str]) -> Iterator[Problem]:
    def at(name: str) -> str:
        return grid.where(row, head.columns[name])

    for name in _words()[1]:
        if not texts[name]:
            told = f"没有写{name}"
            yield Problem(at(name), told, "补上，或把这一行整行清空", code="missing-value")
    if (year := texts.get("年度", "")) and not _YEAR.fullmatch(year):
        yield Problem(at("年度"), f"“{year}”不是年度", "写成 2024 这样", code="bad-value")
    if edition := texts.get("版本", ""):
        try:
            find_edition(edition)
        except InputError as error:
            for problem in error.problems:
                yield Problem(at("版本"), problem.message, problem.hint, code=problem.code)


def _unit(texts: dict[str, str]) -> ListedUnit:
    year = _YEAR.fullmatch(texts.get("年度", ""))
    documents = tuple(
        part.strip() for part in _APART.split(texts.get("应报文件", "")) if part.strip()
    )
    return ListedUnit(
        texts["编码"],
        texts["名称"],
        texts.get("主管部门", ""),
        texts.get("联系人", ""),
        int(year[1]) if year else None,
        find_edition(texts["版本"]).id if texts.get("版本") else "",
        documents,
    )


def _doubled(found: Sequence[tuple[ListedUnit, str]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for unit, where in found:
        if unit.code in first:
            told = f"编码 {unit.code} 与 {first[unit.code]} 重复"
            yield Problem(where, told, "一个编码只写一个单位", code="doubled")
        first.setdefault(unit.code, where)
