"""Whether what stands under the name of an output is such an output: only then `--force` may replace it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from xltool.batch.schemas import BOOK, DETAILS, EXTRAS, full
from xltool.batch.views import PREFIX
from xltool.core.saving.mark import is_marked
from xltool.documents.datafile import is_document

_MAGIC, _SQLITE = b"DUCK", b"SQLite format 3\0"
APPLICATION = 0x786C7432
"""Marks a SQLite file as an output of this tool ("xlt2")."""
WORDS = "列说明"
"""Its table of what the columns hold."""
_BOOKS = "books"
MORE = ("submissions", "units", "states", "waivers", "有效工作簿", "有效事实", "有效金额")
"""Tables and views that a season adds to a review: of whom the books are and which of them count."""


def is_output(path: Path) -> bool:
    """Whether a file or a folder is what `convert` makes, and holds nothing else."""
    try:
        if path.is_dir():
            return _is_folder(path)
        return is_marked(path) or is_database(path) or is_sqlite(path)
    except (OSError, ValueError, pa.ArrowException):
        return False


def is_database(path: Path) -> bool:
    """Whether a file is a DuckDB database with the tables and views of an output or a review, and no others."""
    found = {name for name in names_in_duckdb(path) if not name.startswith(PREFIX)}
    own = {_BOOKS, "amounts", *DETAILS}
    return own <= found <= {*own, *EXTRAS, *MORE}


def names_in_duckdb(path: Path) -> set[str]:
    """The tables and views of a DuckDB database; none of anything else."""
    import duckdb

    try:
        with path.open("rb") as file:
            if file.read(8 + len(_MAGIC))[8:] != _MAGIC:
                return set()
        with duckdb.connect(str(path), read_only=True) as db:
            sql = "SELECT table_name FROM information_schema.tables"
            return {name for (name,) in db.execute(sql).fetchall()}
    except (OSError, duckdb.Error):
        return set()


def is_sqlite(path: Path) -> bool:
    """Whether a file is a SQLite database with the tables and the view of an output, and no others."""
    if not has_mark(path, APPLICATION):
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            names = {name for (name,) in db.execute(sql)}
    except sqlite3.Error:
        return False
    must = {_BOOKS, "amounts", "facts", "problems", WORDS}
    return must <= names <= must | {*DETAILS}


def has_mark(path: Path, application: int) -> bool:
    """Whether a file is a SQLite database of the application with this number. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(72)
    return head.startswith(_SQLITE) and head[68:72] == application.to_bytes(4, "big")


def _is_folder(folder: Path) -> bool:
    """A table of each name in one of the kinds; data documents besides, where they are listed in books.csv."""
    files = sorted(folder.iterdir())
    if not files:
        return True
    if any(path.is_symlink() or not path.is_file() for path in files):
        return False
    if _BOOKS not in {path.stem for path in files}:
        return False
    return all(_KINDS.get(path.suffix, _never)(path) for path in files)


def _columns(path: Path) -> list[str]:
    """The columns that a table of this name has; none when there is no such table."""
    schemas = {_BOOKS: BOOK, **{name: full(schema) for name, schema in DETAILS.items()}}
    return schemas[path.stem].names if path.stem in schemas else []


def _is_csv(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(4096)
    return (
        bool(_columns(path))
        and first == b"\xef\xbb\xbf" + (",".join(_columns(path)) + "\n").encode()
    )


def _is_jsonl(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        first = file.readline()
    return bool(_columns(path)) and (not first or json.loads(first).keys() <= {*_columns(path)})


def _is_parquet(path: Path) -> bool:
    import pyarrow.parquet as pq

    return bool(_columns(path)) and pq.read_schema(path).names == _columns(path)


def _never(path: Path) -> bool:
    return False


_KINDS: dict[str, Callable[[Path], bool]] = {
    ".csv": _is_csv,
    ".json": is_document,
    ".jsonl": _is_jsonl,
    ".parquet": _is_parquet,
}
