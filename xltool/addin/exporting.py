"""The figures of a workbook in a file that `fill` takes: a data document or a long table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from xltool.addin.hosts.blankbook import write_book
from xltool.core.model import CODE, HEADS, NAME
from xltool.core.places import facts
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.files import write_text
from xltool.documents.datafile import dumps
from xltool.documents.writing import to_raw
from xltool.ooxml import Look, NewSheet, WorkbookError, make_ref
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading, read

COLUMNS = ("表", "行", CODE, NAME, "列", "值", "文本")
_HEADS = ("版本", "单位名称", "年度", "金额单位")
_WIDTHS = {"A": 18, "B": 30, "C": 8, "D": 9, "E": 34, "F": 24, "G": 12, "H": 26, "I": 20, "J": 16}
_BOLD = Look(bold=True, fill="D9E1F2")


def export_file(source: Path, target: Path) -> int:
    """Read `source` completely and write its values to `target`, as its suffix says; how many.

    Raises `InputError` with everything that cannot be read for certain; then nothing is written.
    """
    reading = read(source)
    suffix = target.suffix.lower()
    try:
        if suffix == ".json":
            write_text(target, dumps(to_raw(reading.report)), force=True)
        elif suffix == ".xlsx":
            write_book(target, "数据", long_table(reading))
        else:
            raise InputError(Problem(str(target), "只能导出为 .json 或 .xlsx", code="bad-target"))
    except OSError as error:
        raise InputError(
            Problem(str(target), f"写不了：{system_reason(error)}", code="unwritable")
        ) from error
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(target))) from error
    return len(reading.places)


def long_table(reading: Reading) -> NewSheet:
    """A line per value, as `fill` reads long tables."""
    sheet = NewSheet(looks={"head": _BOLD, "": Look()}, widths=dict(_WIDTHS), frozen="A2")
    heads = [*_HEADS, *(head for head in HEADS if head in reading.report.heads)]
    names = [*heads, *COLUMNS]
    for column, name in enumerate(names, 1):
        sheet.put(make_ref(1, column), name, "head")
    for row, line in enumerate(_lines(reading, heads), 2):
        for column, name in enumerate(names, 1):
            if line.get(name) is not None:
                sheet.put(make_ref(row, column), line[name])
    return sheet


def _lines(reading: Reading, heads: list[str]) -> Iterator[dict[str, Decimal | str | None]]:
    report = reading.report
    known: dict[str, Decimal | str | None] = {
        "版本": report.edition,
        "单位名称": report.unit_name,
        "年度": str(report.year),
        "金额单位": report.unit,
        **report.heads,
    }
    lead = {head: known[head] for head in heads}
    for _, fact in facts(report, reading.edition.specs):
        yield {
            **lead,
            "表": fact.table,
            "行": fact.row,
            CODE: fact.code,
            NAME: fact.name,
            "列": fact.column,
            "值": fact.value,
            "文本": fact.text,
        }
