"""`xltool.frames`: workbooks as pandas DataFrames."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.api.many import Given, Paths, asked_for
from xltool.batch.extras import BATCH, require
from xltool.core.paths import AnyPath
from xltool.editions import EditionLike
from xltool.reading.frame import frame_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from xltool.batch.parts import WorkFolder
    from xltool.batch.runner import FinishedRun
    from xltool.batch.source import FoundBooks
    from xltool.batch.task import Options


def frame(
    paths: Paths,
    *,
    edition: EditionLike | None = None,
    validate: bool = False,
    prior: AnyPath | None = None,
    explanations: AnyPath | None = None,
    unit_type: str | None = None,
    rules: AnyPath | Iterable[AnyPath] = (),
    external: AnyPath | Iterable[AnyPath] = (),
    external_unit: str | None = None,
    jobs: int | None = None,
) -> pd.DataFrame:
    """The facts of workbooks, folders, patterns or zip archives: a row per filled value.

    The columns are those of the table `facts` (docs/queries.md). 值 holds `Decimal`s without trailing
    zeros (None for texts), so sums are exact; texts are strings, with None for blanks. `frame.attrs` has the
    rows of the other tables as lists of dicts: `books`, `problems`, and with `validate` `findings` and `outcomes`;
    `frames` gives them as DataFrames.

    A book that cannot be read has no rows, only its reason in `books`; when that goes for every book, the frame
    is empty. Raises `InputError` when a path does not exist, when there is no workbook in `paths` at all, and
    when pandas is not installed.

    With `validate`, `prior` is last year's book or a folder of those of all units; the others are as in
    `xltool.validate`. Few books are read here; more in `jobs` processes (default: one per core). A script
    that has more must call this below `if __name__ == "__main__":`.
    """
    given = (rules, prior, explanations, unit_type, external, external_unit)
    tables = _tables(paths, edition, validate, given, jobs)
    result = _frame(tables.pop("facts"))
    result.attrs |= {name: table.to_pylist() for name, table in tables.items()}
    return result


def frames(
    paths: Paths,
    *,
    edition: EditionLike | None = None,
    validate: bool = False,
    prior: AnyPath | None = None,
    explanations: AnyPath | None = None,
    unit_type: str | None = None,
    rules: AnyPath | Iterable[AnyPath] = (),
    external: AnyPath | Iterable[AnyPath] = (),
    external_unit: str | None = None,
    jobs: int | None = None,
) -> dict[str, pd.DataFrame]:
    """As `frame`, but every table is a DataFrame: `books`, `facts`, `problems`, and what was validated.

    That is, with `validate`, `findings` and `outcomes`. The columns are in docs/queries.md.
    """
    given = (rules, prior, explanations, unit_type, external, external_unit)
    tables = _tables(paths, edition, validate, given, jobs)
    return {name: _frame(table) for name, table in tables.items()}


def _tables(
    paths: Paths, edition: EditionLike | None, validate: bool, given: Given, jobs: int | None
) -> dict[str, pa.Table]:
    require("batch", *BATCH, "pandas")
    import pyarrow as pa

    from xltool.batch.parts import WorkFolder
    from xltool.batch.schemas import schema_of
    from xltool.batch.sinks import tables

    found, options = asked_for(paths, edition, validate, given)
    with (
        tempfile.TemporaryDirectory(prefix="xltool-") as folder,
        WorkFolder(Path(folder) / "frame") as work,
    ):
        kept = {
            name: [schema_of(name).empty_table()] for name in ("books", *tables(validated=validate))
        }
        # of a batch only the tables that are asked for are kept
        for batch in _read(found, work, options, jobs).batches():
            for name, portions in kept.items():
                portions.append(batch.table(name))
    return {name: pa.concat_tables(portions) for name, portions in kept.items()}


def _read(found: FoundBooks, work: WorkFolder, options: Options, jobs: int | None) -> FinishedRun:
    from xltool.batch.runner import done_here, process

    here = done_here(found.sources, jobs)
    return process(found.sources, work, options, jobs=jobs, here=here)


def _frame(table: pa.Table) -> pd.DataFrame:
    import pyarrow as pa

    columns = [column.to_pylist() for column in table.columns]
    whole = [field.name for field in table.schema if pa.types.is_integer(field.type)]
    return frame_of(table.column_names, zip(*columns, strict=True), whole=whole)
