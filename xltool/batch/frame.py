"""`xltool.frame`: workbooks as a pandas DataFrame."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.batch.extras import BATCH, require
from xltool.editions import find_edition

if TYPE_CHECKING:
    import pandas as pd

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def frame(
    paths: Paths, *, edition: str | None = None, validate: bool = False, jobs: int | None = None
) -> pd.DataFrame:
    """The facts of workbooks, folders, patterns or zip archives: a row per filled value.

    The columns are those of the table `facts` (docs/queries.md). 值 holds `Decimal`s without trailing
    zeros (None for texts), so sums are exact; texts are strings, with None for blanks. `frame.attrs` has the
    rows of the other tables as lists of dicts: `books`, `problems`, and with `validate` `findings` and `outcomes`.

    A book that cannot be read has no rows, only its reason in `books`; when that goes for every book, the frame
    is empty. Raises `InputError` when a path does not exist, when there is no workbook in `paths` at all, and
    when pandas is not installed.

    Books are read in `jobs` processes (default: one per core). A script must call this below
    `if __name__ == "__main__":`.
    """
    require("batch", *BATCH, "pandas")
    import pandas as pd
    import pyarrow as pa

    from xltool.batch.convert import default_jobs
    from xltool.batch.discovered import find_books
    from xltool.batch.parts import Batch, WorkFolder
    from xltool.batch.runner import process
    from xltool.batch.schemas import DETAILS, FACT, full
    from xltool.batch.sinks import tables
    from xltool.batch.task import Options

    named = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    found = find_books([os.fspath(path) for path in named])
    options = Options(find_edition(edition).id if edition else None, validate)
    names = tables(validated=validate)
    with (
        tempfile.TemporaryDirectory(prefix="xltool-") as folder,
        WorkFolder(Path(folder) / "frame") as work,
    ):
        done = process(found.sources, work, options, jobs=jobs or default_jobs())
        batches: list[Batch] = list(done.batches())
    gathered = {
        name: pa.concat_tables(
            [full(DETAILS[name]).empty_table(), *(b.detail(name) for b in batches)]
        )
        for name in names
    }
    columns = {name: gathered["facts"].column(name).to_pylist() for name in full(FACT).names}
    columns["值"] = [None if value is None else _trim(value) for value in columns["值"]]
    result: pd.DataFrame = pd.DataFrame(
        {k: pd.Series(v, dtype=_dtype(k)) for k, v in columns.items()}
    )
    result.attrs["books"] = [book for batch in batches for book in batch.books.to_pylist()]
    result.attrs |= {name: gathered[name].to_pylist() for name in names if name != "facts"}
    return result


def _dtype(column: str) -> str:
    return {"年度": "Int64", "份": "Int64"}.get(column, "object")


def _trim(value: Decimal) -> Decimal:
    from xltool.core.amounts import trim

    return trim(value)
