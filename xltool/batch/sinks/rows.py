"""What several sinks share: rows in even portions, numbers as people write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from xltool.batch.parts import Batch
from xltool.core.amounts import plain

_PORTION = 1 << 14
"""Rows that go into a file at once."""


class Portions:
    """Collects tables and passes them on in portions of exactly `size` rows, the last one shorter.

    So the output does not depend on how the books were shared out.
    """

    def __init__(self, size: int, put: Callable[[pa.Table], None]) -> None:
        self._size, self._put = size, put
        self._tables: list[pa.Table] = []
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        """Take some rows."""
        self._tables.append(table)
        self._rows += table.num_rows
        if self._rows >= self._size:
            whole = pa.concat_tables(self._tables)
            at = 0
            while self._rows >= self._size:
                self._put(whole.slice(at, self._size).combine_chunks())
                at += self._size
                self._rows -= self._size
            self._tables = [whole.slice(at).combine_chunks()]

    def flush(self) -> None:
        """Pass on what is left."""
        if self._rows:
            self._put(pa.concat_tables(self._tables).combine_chunks())
        self._tables, self._rows = [], 0


class PortionedSink:
    """The half of a sink that takes batches and passes the rows of each of its tables on in portions."""

    _portions: dict[str, Portions]
    """By table."""

    def write(self, batch: Batch) -> None:
        """See `Sink`."""
        for name, portions in self._portions.items():
            portions.add(batch.table(name))

    def flush(self) -> None:
        """Pass on what is left of every table."""
        for portions in self._portions.values():
            portions.flush()


class FilePerTable(PortionedSink):
    """A sink with a file of each table, to which `write` adds some rows."""

    def __init__(
        self,
        draft: Path,
        names: Iterable[str],
        suffix: str,
        write: Callable[[IO[bytes], pa.Table], None],
    ) -> None:
        draft.mkdir(exist_ok=True)
        self._files = {name: (draft / f"{name}{suffix}").open("wb") for name in names}
        self._portions = {
            name: Portions(_PORTION, partial(write, file)) for name, file in self._files.items()
        }

    def finish(self) -> None:
        """See `Sink`."""
        self.flush()
        self.abandon()

    def abandon(self) -> None:
        """See `Sink`."""
        for file in self._files.values():
            file.close()


def digits(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Decimals as texts of plain digits, no trailing zeros, no exponent."""
    texts = column.cast(pa.string())
    if pc.any(pc.match_substring(texts, "E")).as_py():
        values = column.to_pylist()
        return pa.chunked_array([[None if v is None else plain(v) for v in values]], pa.string())
    return pc.utf8_rtrim(pc.utf8_rtrim(texts, "0"), ".")
