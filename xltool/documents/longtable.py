"""Long tables (CSV or XLSX), a line per value: 表, 行, 科目编码, 列, 值 -> Report.

A line whose 行 is 无数据 makes the statement 本表无数据 for its table.
The columns 版本, 单位名称, 年度, 金额单位, 份, 科目名称 and 文本 are read when they are there; others are passed
over, so that the facts that `convert` writes can be filled again. Problems name the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.core.hints import NAME_EDITION, Hint
from xltool.core.model import HEADS, NAME, Report
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.suffixes import WORKBOOKS
from xltool.core.texts import visible
from xltool.documents.document import Raw, stated_tables, to_report
from xltool.documents.linetables import INSTANCE, NEEDED, TEXT, VALUE, TableBuilder
from xltool.documents.longrows import LongRow, as_text, heading, long_rows
from xltool.editions import Edition, EditionLike, edition_ids, find_edition

_HEADS = ("版本", "单位名称", "年度", "金额单位", *HEADS)
_KNOWN = frozenset((*NEEDED, *_HEADS, INSTANCE, NAME, TEXT))
_SUFFIXES = (".csv", ".tsv", *WORKBOOKS)


class NumberedLine(NamedTuple):
    """A line's number in the file and its cells by column name. `sound`: all of them are known."""

    number: int
    cells: Mapping[str, str]
    sound: bool


def is_long_table(path: FilePath) -> bool:
    """Whether a file is to be read as a long table, by its suffix."""
    return path.suffix.lower() in _SUFFIXES


def read_long_table(path: FilePath, edition: EditionLike | None = None) -> tuple[Report, Edition]:
    """The Report in a long table. Raises `InputError` with every problem found."""
    return from_rows(long_rows(path), path.name, edition)


def from_rows(
    rows: Iterable[LongRow], file: str, edition: EditionLike | None = None
) -> tuple[Report, Edition]:
    """As `read_long_table`, for rows of which one is the head; `file` is what messages call them."""
    problems: list[Problem] = []
    lines = list(_lines(rows, file, problems))
    heads = _heads(lines, file, problems)
    name = edition or heads.get("版本")
    if name is None:
        hint = NAME_EDITION.within(f"加一列“版本”，或{{}}：{'、'.join(edition_ids())}")
        raise InputError([*problems, Problem(file, "没有版本", hint, code="missing-value")])
    found = find_edition(name)
    builder = TableBuilder(found.specs, heads.get("金额单位"))
    for line in lines:
        if line.sound:
            builder.line(f"{file} 第{line.number}行", line.cells)
    tables = builder.tables()
    problems += builder.problems
    raw: Raw = {**heads, "版本": found.id, "表": {}}
    try:
        report = to_report(raw, found.specs, found.id)
    except InputError as error:
        raise InputError([*error.problems, *problems]) from None
    report.tables = tables
    report.no_data += stated_tables(builder.no_data, report, found.specs, problems)
    raise_if(problems)
    return report, found


_NEEDED = f"长表的表头一行应有：{'、'.join(NEEDED)}"
_OTHER_SHEETS = Hint(
    f"{_NEEDED}；清单、余额表一类先用 xltool import；"
    "官方工作簿不当作数据：填好的用 xltool read，要填数的用 xltool new --kind 填数表",
    f"{_NEEDED}；要填数的，按上方“空表、填数表…”做一份填数表",
)


def _lines(rows: Iterable[LongRow], file: str, problems: list[Problem]) -> Iterator[NumberedLine]:
    header: list[str] | None = None
    heads = False
    """Whether a formula stands for a head: then nothing else can be told for certain."""
    for row in rows:
        if header is None:
            header = heading(row)
            missing = [name for name in NEEDED if header is not None and name not in header]
            if missing:
                raise InputError(
                    Problem(file, f"长表缺少列：{'、'.join(missing)}", code="bad-syntax")
                )
            continue
        cells = dict(zip(header, row.texts, strict=False))
        faults = list(_formulas(f"{file} 第{row.number}行", header, row, cells))
        problems += faults
        heads = heads or any(name in _HEADS for name in _named(header, row))
        if any(visible(text).strip() for text in cells.values()):
            yield NumberedLine(row.number, cells, not faults)
    if heads:
        raise InputError(problems)
    if header is None:
        raise InputError(Problem(file, "不是长表：找不到表头", _OTHER_SHEETS, code="bad-syntax"))


def _named(header: list[str], row: LongRow) -> Iterator[str]:
    """The column names of the cells with formulas."""
    columns = (column for column, made in row.formulas.items() if not made.told)
    return (header[column] for column in columns if column < len(header))


def _formulas(
    where: str, header: list[str], row: LongRow, cells: dict[str, str]
) -> Iterator[Problem]:
    """Put what formulas without a stored value make into `cells`; a problem where that must not be relied on.

    What a figure is may be worked out here; where it belongs must be written.
    """
    for column, formula in row.formulas.items():
        name = header[column] if column < len(header) else ""
        if formula.told:
            if name == VALUE:
                hint = "核对是多少，数字格式改成常规"
                yield Problem(where, f"“{name}”{formula.told}", hint, code="bad-cell")
        elif name == VALUE and not formula.reason:
            cells[name] = as_text(formula.value)
        elif name in _KNOWN:
            more = f"，也无法复算：{formula.reason}" if formula.reason else ""
            told = f"“{name}”是公式，没有存储值{more}"
            yield Problem(
                where, told, "在 Excel 中打开并保存一次，或改成数值、文字", code="bad-cell"
            )


def _heads(lines: list[NumberedLine], where: str, problems: list[Problem]) -> dict[str, str]:
    """Heads that stand as columns: the same in every line, or a problem."""
    heads: dict[str, str] = {}
    for name in _HEADS:
        values = {text for line in lines if (text := visible(line.cells.get(name, "")).strip())}
        if len(values) > 1:
            shown = "、".join(sorted(values)[:3])
            problems.append(
                Problem(
                    where,
                    f"“{name}”一列有不同的值：{shown}",
                    "一份长表只放一个单位",
                    code="contradiction",
                )
            )
        if values:
            heads[name] = min(values)
    return heads
