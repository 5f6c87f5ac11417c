"""The questions of an analysis (questions.yaml) and what a database answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from xltool.batch.generated import DATABASE
from xltool.batch.views import analysis_views
from xltool.core.caches import remembered
from xltool.core.problems import InputError, Problem

if TYPE_CHECKING:
    import duckdb

_FILE = Path(__file__).with_name("questions.yaml")


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """What a chart shows: columns by name. `other` is drawn beside `value`, `mark` makes a dot stand out."""

    kind: Literal["dots", "bars", "columns"]
    label: str
    value: str
    unit: str
    more: str = ""
    other: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class AnalysisQuestion:
    """A section of the analysis. `empty` says why there may be nothing."""

    title: str
    note: str
    empty: str
    query: str
    chart: ChartPlan


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its rows, the most striking first."""

    question: AnalysisQuestion
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]

    def column(self, name: str) -> list[Any]:
        """The values of a column; of no name, of none."""
        at = self.columns.index(name) if name else None
        return [] if at is None else [row[at] for row in self.rows]


@remembered(1)
def _questions() -> tuple[AnalysisQuestion, ...]:
    found = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(AnalysisQuestion(**{**raw, "chart": ChartPlan(**raw["chart"])}) for raw in found)


def analyse(path: Path) -> list[Answer]:
    """What a DuckDB database (of `convert` or of a review, or the folder of one) answers. Raises `InputError`."""
    with _opened(path) as db:
        for view in analysis_views():
            # a database of an earlier version has none of them, or others
            db.execute(f"CREATE TEMP VIEW {view.name} AS {view.query}")
        answers = []
        for question in _questions():
            asked = db.execute(question.query)
            columns = tuple(column[0] for column in asked.description or ())
            answers.append(Answer(question, columns, asked.fetchall()))
        return answers


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    file = path / DATABASE if path.is_dir() else path
    if not file.is_file():
        told = f"里面没有 {DATABASE}" if path.is_dir() else "没有这个文件"
        hint = "给出 xltool convert 写的 .duckdb，或 xltool review 写的文件夹"
        raise InputError(Problem(str(path), told, hint, code="missing"))
    try:
        with duckdb.connect(str(file), read_only=True) as db:
            yield db
    except duckdb.Error as error:
        told = f"读不了：{str(error).splitlines()[0]}"
        hint = "给出 xltool 写的、没有被别的程序打开的 .duckdb"
        raise InputError(Problem(str(file), told, hint, code="unreadable")) from error
