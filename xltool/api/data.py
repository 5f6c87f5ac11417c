"""Data -> Report -> workbooks: documents, long tables, dicts and DataFrames alike."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from xltool.core.amounts import plain
from xltool.core.model import Report
from xltool.core.paths import AnyPath
from xltool.core.places import places
from xltool.core.problems import InputError, Problem, raise_if
from xltool.documents.load import from_raw
from xltool.documents.load import load as load_file
from xltool.documents.longrows import LongRow
from xltool.documents.longtable import from_rows
from xltool.editions import Edition, EditionLike, find_edition
from xltool.filling import Filled
from xltool.filling import fill as fill_report
from xltool.filling.totals import Mode

if TYPE_CHECKING:
    import pandas

Data: TypeAlias = "AnyPath | Mapping[str, Any] | pandas.DataFrame"
"""A data document or long table in a file, a document as a dict, a long table as a DataFrame."""


def load(data: Data, edition: EditionLike | None = None) -> tuple[Report, Edition]:
    """The Report in some data, and its edition (the one given, else the one that the data names).

    A DataFrame is a long table: a row per value with the columns 表, 行, 科目编码, 列, 值, and 版本, 单位名称, 年度,
    金额单位 with the same value in every row (docs/document.md). Raises `InputError` with everything that is wrong.
    """
    if isinstance(data, (str, os.PathLike)):
        return load_file(data, edition)
    if isinstance(data, Mapping):
        return from_raw(_exact(data), edition)
    if hasattr(data, "itertuples"):
        return from_rows(_rows(data), "DataFrame", edition)
    hint = "给文件的路径、字典，或 pandas 的 DataFrame"
    raise InputError(Problem("", f"{type(data).__name__} 不能当作数据来读", hint, code="bad-value"))


@overload
def fill(
    data: Report | Data,
    edition: EditionLike | None,
    out: AnyPath,
    *,
    template: AnyPath | None = None,
    totals: Mode = "formula",
    force: bool = False,
) -> Filled: ...


@overload
def fill(
    data: Report | Data,
    edition: EditionLike | None = None,
    *,
    out: AnyPath,
    template: AnyPath | None = None,
    totals: Mode = "formula",
    force: bool = False,
) -> Filled: ...


def fill(
    data: Report | Data,
    edition: EditionLike | None = None,
    out: AnyPath | None = None,
    *,
    template: AnyPath | None = None,
    totals: Mode = "formula",
    force: bool = False,
) -> Filled:
    """Fill the edition's blank workbook (or `template`) with `data` and write it to `out`.

    `data` is a `Report` or anything that `load` takes; its own edition is taken when none is given. With
    `totals="given"` totals are written as they are given, otherwise they must agree with the form's formulas.
    Raises `InputError` with every problem; then nothing is written.
    """
    if out is None:
        raise TypeError("fill() 缺少 out：写到哪个文件")
    if isinstance(data, Report):
        raise_if(_unfit(data))
        report, found = data, find_edition(data.edition if edition is None else edition)
    else:
        report, found = load(data, edition)
    return fill_report(report, found, Path(out), template=template, totals=totals, force=force)


def _unfit(report: Report) -> Iterator[Problem]:
    """What a program has put into a report that is neither `Decimal` nor text."""
    for place, stored in places(report):
        value: object = stored  # whatever a program has put there
        if not isinstance(value, (Decimal, str)):
            hint = f'写成 Decimal("{value}")'
            where = f"{place.table} {place.label}"
            yield Problem(
                where, f"{value} 是 {type(value).__name__}，金额要精确", hint, code="bad-value"
            )


def _exact(value: Any) -> Any:
    """A document without floats: 51.32 is the number that was written, and not the nearest binary one."""
    if isinstance(value, Mapping):
        return {key: _exact(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else Decimal(repr(float(value)))


def _rows(frame: pandas.DataFrame) -> Iterator[LongRow]:
    """The head and the rows of a DataFrame as texts, numbered from 0 (the head) on."""
    yield LongRow(0, [str(name) for name in frame.columns])
    for number, row in enumerate(frame.itertuples(index=False, name=None), 1):
        yield LongRow(number, [_text(value) for value in row])


def _text(value: Any) -> str:
    """A cell of a DataFrame as a text: missing values are blank, codes that became 2013901.0 are whole."""
    if value is None or value != value or str(value) in ("<NA>", "NaT"):
        return ""
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        return str(value)
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite():
        return str(value)
    return str(int(value)) if isinstance(value, Integral) else plain(exact)
