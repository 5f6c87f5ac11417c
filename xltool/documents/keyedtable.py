"""A table of the bureau's own with a row per unit, or per unit and 科目编码: 批复数.xlsx, 单位清单.csv.

The head is the row that names the column of the unit; a title and “单位：万元” may stand above it. Units are told by
their 编码, else by their name. Cells stay as they are written until somebody asks for an amount.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from xltool.core.amounts import UNITS, parse_amount, plain
from xltool.core.moneyunits import stated_units, unit_in_label
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import norm, quoted, visible
from xltool.documents.grids import Cell, SourceGrid, grids

UNIT_CODES = ("单位编码", "单位代码", "预算单位编码", "预算单位代码", "编码")
UNIT_NAMES = ("单位名称", "预算单位名称", "预算单位", "单位", "名称")
SUBJECTS = ("科目编码", "支出功能分类科目编码", "功能分类科目编码", "功能科目编码")
_HEAD_WITHIN = 20
"""In how many rows the head may stand."""
_BRACKET = re.compile(r"[(（]\s*(?:单位\s*[:：]\s*)?([^()（）]*)[)）]$")
_MEASURES = frozenset(
    {"人", "个", "辆", "台", "套", "次", "批次", "人次", "平方米", "%", "％", "年", "天"}
)
"""What stands in the brackets behind the title of a column that holds no money."""


class KeyedColumn(NamedTuple):
    """A column: its title without brackets; the money unit of its cells, None: to be told, "": they are no money."""

    name: str
    place: int
    unit: str | None


class KeyedRow(NamedTuple):
    """A row: of which unit, of which 科目 ("" in a table with one row per unit), and its cells by column name."""

    number: int
    code: str
    name: str
    subject: str
    cells: Mapping[str, Cell]


class NoFigure(Exception):
    """A cell holds no figure; `str()` says what it holds."""


class UncertainUnit(Exception):
    """Which rows are those of a unit cannot be told; `str()` says why."""


@dataclass(frozen=True)
class KeyedTable:
    """The rows of a file, and which columns it has. `name` is the file's name without suffix."""

    name: str
    grid: SourceGrid
    columns: Mapping[str, KeyedColumn]
    rows: tuple[KeyedRow, ...]
    by_subject: bool

    def rows_of(self, code: str, name: str) -> tuple[KeyedRow, ...]:
        """The rows of a unit: by its code where both sides know it, else by name. Raises `UncertainUnit`."""
        if code and (found := self._by_code.get(norm(code))):
            return found
        named = self._by_name.get(norm(name), ())
        codes = sorted({row.code for row in named if row.code})
        if code and codes:
            raise UncertainUnit(f"“{name}”的编码在表里是 {'、'.join(codes)}，工作簿上是 {code}")
        if len(codes) > 1:
            told = f"叫“{name}”的单位有几个（{'、'.join(codes)}），工作簿上没有单位编码"
            raise UncertainUnit(told)
        return named

    @cached_property
    def _by_code(self) -> Mapping[str, tuple[KeyedRow, ...]]:
        return _grouped((norm(row.code), row) for row in self.rows if row.code)

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[KeyedRow, ...]]:
        return _grouped((norm(row.name), row) for row in self.rows if row.name)

    def where(self, row: KeyedRow, column: str) -> str:
        """The place of a cell in words: 批复数.xlsx Sheet1!C5."""
        return self.grid.where(row.number, self.columns[column].place)

    def figure(self, row: KeyedRow, column: str, unit: str | None) -> tuple[Decimal | None, str]:
        """The number in a cell (None when it is blank) and its money unit, "" when it is no money.

        `unit` is that of columns which print none. Raises `NoFigure`.
        """
        money = self.columns[column].unit
        money = unit if money is None else money
        value = row.cells.get(column)
        try:
            text = value.strip() if isinstance(value, str) else ""
            if text.endswith(("%", "％")):
                share = parse_amount(text[:-1])
                return None if share is None else share / 100, ""
            return parse_amount(value, money or None), money or ""
        except ValueError as error:
            raise NoFigure(f"{quoted(value)}{str(error) or '不是数'}") from None


def _grouped(pairs: Iterator[tuple[str, KeyedRow]]) -> Mapping[str, tuple[KeyedRow, ...]]:
    found: defaultdict[str, list[KeyedRow]] = defaultdict(list)
    for key, row in pairs:
        found[key].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def load_keyed_table(path: Path) -> KeyedTable:
    """The first sheet that names a column of units. Raises `InputError` with every row that is not told apart."""
    for grid in grids(path):
        for number in sorted(grid.cells)[:_HEAD_WITHIN]:
            titles = {c: visible(str(v)).strip() for c, v in grid.cells[number].items()}
            keys = {norm(title) for title in titles.values()}
            if len(titles) > 1 and keys & {*UNIT_CODES, *UNIT_NAMES}:
                return _Table(path, grid, number, titles).read()
    hint = f"表头要有一栏“{UNIT_NAMES[0]}”或“{UNIT_CODES[0]}”，一栏一个名字，写在一行里"
    raise InputError(Problem(path.name, "找不到表头", hint, code="bad-syntax"))


class _Table:
    """Reads the table below a head."""

    def __init__(self, path: Path, grid: SourceGrid, head: int, titles: Mapping[int, str]) -> None:
        self._path, self._grid, self._head, self._titles = path, grid, head, titles
        self._problems: list[Problem] = []

    def read(self) -> KeyedTable:
        unit = self._unit()
        code, name, subject = (self._key(n) for n in (UNIT_CODES, UNIT_NAMES, SUBJECTS))
        columns = self._columns(unit)
        rows = []
        for number in sorted(n for n in self._grid.cells if n > self._head):
            cells = self._grid.cells[number]
            who, called, what = (
                _as_text(cells.get(place)) if place else "" for place in (code, name, subject)
            )
            values = {c.name: cells[c.place] for c in columns.values() if c.place in cells}
            rows.append(KeyedRow(number, who, called, what, values))
        kept = [row for row in rows if row.code or row.name]
        self._problems += [self._nobody(row) for row in rows if not (row.code or row.name)]
        self._doubled(kept)
        raise_if(self._problems)
        if not kept:
            raise InputError(Problem(self._grid.label, "表头下面没有单位", code="nothing-to-do"))
        return KeyedTable(self._path.stem, self._grid, columns, tuple(kept), subject is not None)

    def _unit(self) -> str | None:
        """The money unit that stands above the head."""
        texts = [
            str(v) for n, row in self._grid.cells.items() if n < self._head for v in row.values()
        ]
        found = {unit for text in texts for unit in stated_units(text)}
        if len(found) > 1 or not found <= UNITS.keys():
            told = (
                f"金额单位写着{'、'.join(map(quoted, sorted(found)))}，只认一个：{'、'.join(UNITS)}"
            )
            self._problems.append(Problem(self._grid.label, told, code="odd-unit"))
            return None
        return next(iter(found), None)

    def _key(self, names: tuple[str, ...]) -> int | None:
        by_title = {
            norm(title): place for place, title in sorted(self._titles.items(), reverse=True)
        }
        return next((by_title[name] for name in names if name in by_title), None)

    def _columns(self, unit: str | None) -> dict[str, KeyedColumn]:
        found: dict[str, KeyedColumn] = {}
        for place, title in self._titles.items():
            own, measure = unit_in_label(title), _measured(title)
            bare = _BRACKET.sub("", title) if own or measure else title
            name = "".join(bare.split())
            if own is not None and own not in UNITS:
                told = f"金额单位写作{quoted(own)}，只认{'、'.join(UNITS)}"
                self._problems.append(
                    Problem(self._grid.where(self._head, place), told, code="odd-unit")
                )
            if name in found:
                told = f"有两栏都叫“{name}”，不知道用哪一栏"
                self._problems.append(
                    Problem(self._grid.where(self._head, place), told, code="doubled")
                )
            money = own or ("" if measure else unit)
            found.setdefault(name, KeyedColumn(name, place, money))
        return found

    def _nobody(self, row: KeyedRow) -> Problem:
        hint = "补上单位，不要合并单元格；不属于表的行删掉"
        return Problem(self._grid.where(row.number), "没有写是哪个单位", hint, code="missing-value")

    def _doubled(self, rows: list[KeyedRow]) -> None:
        """Rows that nobody could choose between."""
        first: dict[tuple[str, str, str], KeyedRow] = {}
        for row in rows:
            key = norm(row.code), "" if row.code else norm(row.name), norm(row.subject)
            other = first.setdefault(key, row)
            if other is not row:
                who = " ".join(filter(None, (row.code, row.name, row.subject)))
                told = f"“{who}”与第{other.number}行重复"
                self._problems.append(
                    Problem(self._grid.where(row.number), told, "只留一行", code="doubled")
                )


def _measured(title: str) -> bool:
    """Whether a title ends with a measure that is no money: 人数（人）."""
    bracket = _BRACKET.search(title)
    return bracket is not None and bracket[1].strip() in _MEASURES


def _as_text(value: Cell | None) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else plain(value)
