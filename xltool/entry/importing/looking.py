"""What is seen of the files before any figure is taken: blocks, unit, year, money unit, edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.core.amounts import UNITS
from xltool.core.hints import NAME_EDITION, Hint
from xltool.core.model import Path as FieldPath
from xltool.core.problems import InputError, Problem
from xltool.core.texts import norm
from xltool.documents.grids import Cell, SourceGrid, grids
from xltool.editions import Edition, find_edition, offered_editions
from xltool.entry.importing.layout.block import ENDS, Block
from xltool.entry.importing.layout.blocks import blocks
from xltool.entry.importing.layout.headrows import is_figure, months_named
from xltool.entry.importing.layout.heads import heads_of, odd_unit, units_in, units_of
from xltool.entry.importing.layout.meanings import GridTopic
from xltool.entry.importing.layout.periods import (
    has_booking_dates,
    has_dates,
    year_of_date,
    years_in,
)
from xltool.entry.importing.layout.turned import upright
from xltool.entry.importing.official import heads_said, official
from xltool.entry.importing.questions.answers import HIDDEN, NOT_COUNTED, choices
from xltool.entry.importing.vocabulary import ImportWords, bare
from xltool.reading import Reading
from xltool.rules.load import load_rules

_UNIT_CODE = re.compile(r"^\d{3,}[\s\-—_]*")

_LISTS = {"收入表", "支出表"}
_COVER = re.compile("封面|目录|说明")
_MONTH = re.compile(r"^20\d\d\.(?:0?[1-9]|1[0-2])$")
_BEHIND = re.compile(r"^-?\d[\d,]*(?:\.\d+)?(万?元)$")
_MONEY = ("amount", "single", "side", "month", "part", "economic", "total")
_AMOUNT = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$|^-?\d+\.\d+$")


class SourceFiles(NamedTuple):
    """Files as they were opened: their sheets, and the readings of those that are official workbooks already."""

    paths: Sequence[Path]
    sheets: list[SourceGrid]
    readings: dict[Path, Reading]


class SourceLook(NamedTuple):
    """What is seen of the files before any figure is taken; what is missing is in `problems`."""

    sheets: list[SourceGrid]
    blocks: list[Block]
    edition: Edition | None
    heads: dict[str, str]
    problems: list[Problem]


def opened(paths: Sequence[Path]) -> SourceFiles:
    """Open files to import. Raises `InputError` for unreadable ones."""
    readings = {path: reading for path in paths if (reading := official(path)) is not None}
    sheets = [grid for path in paths if path not in readings for grid in grids(path)]
    return SourceFiles(paths, sheets, readings)


def look_at(
    files: SourceFiles,
    words: ImportWords,
    *,
    edition: str | None = None,
    given: dict[str, str] | None = None,
) -> SourceLook:
    """Find blocks and their columns, unit, year, money unit, edition."""
    sheets = [months_named(grid, words) for grid in files.sheets]
    if (given or {}).get(HIDDEN) == NOT_COUNTED:
        sheets = [shown for grid in sheets if (shown := _shown(grid)).cells]
    problems: list[Problem] = []
    said, years = _said(sheets, words)
    for head, value in heads_said(files.readings.values()):
        said[head].add(value)
    heads = _heads(said, years, given or {}, problems)
    problems += _other_years(files.readings, heads.get("年度", ""))
    chosen = _edition(edition, files.readings.values(), heads.get("年度", ""), problems)
    topic = GridTopic(
        heads.get("年度", ""), economic=_economic(chosen), codes=_codes_by_name(chosen)
    )
    found: list[Block] = []
    sheets = [upright(grid, words, topic) for grid in sheets]
    for grid in sheets:
        own, outside = blocks(grid, words, topic)
        found += own
        problems += _unread(grid, outside)
        if unit := odd_unit(grid):
            message, hint = f"金额单位是{unit}", "换算成元或万元，再导入"
            problems.append(Problem(grid.label, message, hint, code="odd-unit"))
    # a column is called by its letter where one sheet is meant, or every sheet
    alone = len({block.grid.sheet for block in found}) == 1 or (
        len({tuple(sorted(block.heads.items())) for block in found}) == 1
    )
    for block in found:
        block.alone = alone
    return SourceLook(sheets, found, chosen, heads, problems)


def _shown(grid: SourceGrid) -> SourceGrid:
    """A sheet without what does not show in it."""
    cells = {
        row: kept
        for row, line in grid.cells.items()
        if not grid.concealed and row not in grid.hidden
        if (kept := {c: v for c, v in line.items() if c not in grid.hidden_columns})
    }
    return grid._replace(cells=cells)


def _other_years(readings: dict[Path, Reading], year: str) -> Iterator[Problem]:
    """Last year's workbook holds no figures of this year."""
    for path, reading in readings.items():
        own = str(reading.report.year or "")
        if own and year and own != year:
            message = f"是{own}年度的工作簿，不是{year}年度的数"
            hint = Hint(
                "滚到今年：xltool new --kind 填数表 --from 这份工作簿",
                "滚到今年：上方“上年数”选这份工作簿，再按“空表、填数表…”做填数表",
            )
            yield Problem(path.name, message, hint, code="wrong-year")


def _said(sheets: list[SourceGrid], words: ImportWords) -> tuple[dict[str, set[str]], set[str]]:
    """What the files say of the unit, the year, the money unit; a column of units that names one says it too.

    Then years that heads and other dates name: answers to choose from.
    """
    outside: dict[int, list[int]] = {}
    found: list[Block] = []
    for number, grid in enumerate(sheets):
        own, outside[number] = blocks(grid, words)
        found += own
    said = heads_of(sheets, outside)
    said["年度"] = said["年度"] or {year for b in found for year in _dated(b, booked=True)}
    units = said["金额单位"] or _units_in_heads(found) or _units_behind(found)
    said["金额单位"] = _finest(units, found)
    units = {_unit_name(text) for block in found for text in _units_of_rows(block)}
    if not said["单位名称"] and len(units) == 1:
        said["单位名称"] = units
    named = {year for b in found for head in b.heads.values() for year in years_in(head)}
    return said, named.union(*(_dated(b, booked=False) for b in found))


def _dated(block: Block, *, booked: bool) -> set[str]:
    """The years in the columns of dates: in those of bookings, or in the others."""
    dated = [c for c, head in block.heads.items() if has_dates(head)]
    columns = [c for c in dated if has_booking_dates(block.heads[c]) == booked]
    cells = (str(block.grid.cells[row].get(c, "")) for c in columns for row in block.rows)
    return set(map(year_of_date, cells)) - {""}


def _units_of_rows(block: Block) -> Iterator[str]:
    """The units that rows name; totals aside."""
    cells = (block.grid.cells[row].get(c) for c in block.of("unit") for row in block.rows)
    return (v for v in cells if isinstance(v, str) and not v.endswith(ENDS))


def _units_in_heads(found: Iterable[Block]) -> set[str]:
    """The money units that heads state, those of columns that are not used aside."""
    used = (h for b in found for c, h in b.heads.items() if c not in b.of("aside"))
    return {unit for head in used for unit in units_in(head)}


def _finest(units: set[str], found: Iterable[Block]) -> set[str]:
    """Of several money units the one that holds all figures to the cent, where each column knows its own."""
    known = (units_in(b.heads.get(c, "")) or units_of(b.grid) for b in found for c in b.of(*_MONEY))
    if len(units) < 2 or not all(len(own) == 1 for own in known):
        return units
    return {min(units, key=UNITS.__getitem__)}


def _units_behind(found: Iterable[Block]) -> set[str]:
    """The money unit that stands behind the figures, 1,234.50元; none where it does not stand behind each."""
    cells = (b.grid.cells[row].get(c) for b in found for c in b.of(*_MONEY) for row in b.rows)
    figures = [v for v in cells if v and is_figure(v)]
    behind = [_BEHIND.match(norm(v)) if isinstance(v, str) else None for v in figures]
    return {match[1] for match in behind if match} if all(behind) else set()


def _unread(grid: SourceGrid, outside: list[int]) -> Iterator[Problem]:
    """Rows with figures that belong to no block: nothing of them would be used, and nobody would know."""
    rows = [row for row in outside if any(map(_is_amount, grid.cells[row].values()))]
    if rows and not _COVER.search(grid.sheet):
        listed = "、".join(map(str, rows[:5])) + ("等" if len(rows) > 5 else "")
        answers = choices(grid.sheet, "不要") if grid.sheet else ()
        left = f"；整张表不要的，回答 {answers[0]}" if answers else ""
        message, hint = f"第{listed}行有数，不在认得的表里", f"补一行认得的列名{left}"
        yield Problem(grid.label, message, hint, code="unknown-form", answers=answers)


def _is_amount(value: Cell) -> bool:
    """A number that is no year; of texts only those with decimals or commas."""
    if isinstance(value, str):
        text = value.strip()
        return bool(_AMOUNT.match(text)) and not _MONTH.match(text)
    return not (value == value.to_integral_value() and 1900 < value < 2100)


def _unit_name(text: str) -> str:
    """The name of a unit, its code before it aside."""
    return _UNIT_CODE.sub("", text.strip())


def _heads(
    found: dict[str, set[str]], years: set[str], given: dict[str, str], problems: list[Problem]
) -> dict[str, str]:
    options = {"单位名称": "--unit-name", "年度": "--year", "金额单位": "--unit"}
    heads = {}
    for name, option in options.items():
        said = {given[name]} if given.get(name) else found[name]
        hint = Hint(f"用 {option} 指明", "在下面写上，再读一遍")
        if len(said) == 1:
            (heads[name],) = said
        elif said:
            listed = "、".join(sorted(said))
            message, answers = f"文件里有几种：{listed}", choices(name, *sorted(said))
            problems.append(Problem(name, message, hint, code="contradiction", answers=answers))
        else:
            may = {"金额单位": UNITS, "年度": sorted(years, reverse=True)}.get(name, ())
            answers = choices(name, *may) if may else ()
            message = "文件里没有写"
            problems.append(Problem(name, message, hint, code="missing-value", answers=answers))
    return heads


def _edition(
    name: str | None, official_books: Iterable[Reading], year: str, problems: list[Problem]
) -> Edition | None:
    """The edition that is named, or that the official workbooks are of, or the only one of the year."""
    try:
        if name is not None:
            return find_edition(name)
    except InputError as error:
        problems += error.problems
        return None
    of_books = {reading.edition.id: reading.edition for reading in official_books}
    if len(of_books) == 1:
        return of_books.popitem()[1]
    fitting = [e for e in offered_editions() if year.isdigit() and e.covers(int(year))]
    # forms without the tables of income and spending hold nothing of an ordinary list
    able = [e for e in fitting or offered_editions() if _LISTS & load_rules(e).tables.keys()]
    if fitting and len(able) == 1:
        return able[0]
    known = "；".join(f"{e.id} {e.name}" for e in able)
    hint = Hint(f"{NAME_EDITION.command}：{known}", f"选一套，或{NAME_EDITION.page}")
    answers = choices("版本", *(e.id for e in able))
    message = "不知道填哪一套表"
    problems.append(Problem("版本", message, hint, code="missing-value", answers=answers))
    return None


def _economic(edition: Edition | None) -> dict[str, str]:
    """Codes of 部门预算支出经济分类 by their names, as the edition's table of 基本支出 has them."""
    table = load_rules(edition).tables.get("基本支出") if edition is not None else None
    if edition is None or table is None:
        return {}
    found: dict[str, str] = {}
    for spec in edition.specs[table].lists.values():
        for code in spec.listed or ():
            if spec.codes is not None and (name := spec.codes.name(code)):
                found.setdefault(bare(name), code)
    return found


def _codes_by_name(edition: Edition | None) -> dict[str, tuple[str, ...]]:
    """The codes of every name in the lists of both classifications: 行政运行 is the name of many."""
    tables = load_rules(edition).tables if edition is not None else {}
    found: dict[str, dict[str, None]] = {}
    for short in ("支出表", "基本支出"):
        table = tables.get(short)
        for spec in edition.specs[table].lists.values() if edition and table else ():
            for code in spec.codes or ():
                name = spec.codes.name(code) if spec.codes is not None else None
                found.setdefault(bare(name or ""), {})[code] = None
    return {name: tuple(codes) for name, codes in found.items()}


def fields_of(edition: Edition | None) -> dict[str, list[FieldPath]]:
    """The fields of each table by its short name."""
    if edition is None:
        return {}
    tables = load_rules(edition).tables
    return {short: list(edition.specs[name].fields) for short, name in tables.items()}
