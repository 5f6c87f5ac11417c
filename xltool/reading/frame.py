"""A reading as a DataFrame, and in a few lines for notebooks. pandas is imported only here, when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from xltool.core.amounts import trim
from xltool.core.problems import InputError, Problem
from xltool.reading.facts import COLUMNS, facts
from xltool.reading.misprints import PrintedBook

if TYPE_CHECKING:
    import pandas

CONTEXT = ("文件", "版本", "单位名称", "年度", "金额单位")
"""The columns that say whose book a row is of."""


def context(reading: PrintedBook) -> tuple[object, ...]:
    """What stands in the columns of `CONTEXT`: a blank is None."""
    report = reading.report
    heads = (reading.file, report.edition, report.unit_name, report.year, report.unit)
    return tuple(head or None for head in heads)


def to_frame(reading: PrintedBook) -> pandas.DataFrame:
    """See `Reading.to_frame`."""
    lead = context(reading)
    rows = [(*lead, *row) for row in facts(reading).rows()]
    return frame_of((*CONTEXT, *COLUMNS), rows, whole=("年度", "份"))


def frame_of(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, whole: Collection[str]
) -> pandas.DataFrame:
    """A DataFrame of rows: amounts are `Decimal` without trailing zeros, blanks None; `whole` are columns of counts.

    Raises `InputError` when pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise InputError(
            Problem("", "没有安装 pandas", 'pip install "xltool[batch]"', code="not-installed")
        ) from None
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    frame: pandas.DataFrame = pd.DataFrame(
        {
            name: pd.Series(
                [_plain(v) for v in column], dtype="Int64" if name in whole else "object"
            )
            for name, column in zip(columns, values, strict=True)
        }
    )
    return frame


def _plain(value: object) -> object:
    return trim(value) if isinstance(value, Decimal) else value


def overview(reading: PrintedBook) -> str:
    """For notebooks: the heads and how many values of which tables were read."""
    report = reading.report
    heads = "　".join(
        escape(text)
        for text in (reading.file, report.unit_name, report.term, report.edition, report.unit)
        if text
    )
    counts = Counter(place.table for place in reading.places)
    rows = "".join(
        f"<tr><td>{escape(s.mapping.table)}</td><td>{escape(s.located.sheet.name)}</td>"
        f"<td>{counts[s.mapping.table]}</td></tr>"
        for s in reading.found_tables
    )
    head = "<tr><th>表</th><th>工作表</th><th>值</th></tr>"
    return f"<p>{heads}</p><table>{head}{rows}</table>"
