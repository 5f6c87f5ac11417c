"""A folder with a CSV file per table, as Excel opens them: UTF-8 with its mark, no text that starts a formula."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from xltool.batch.schemas import schema_of
from xltool.batch.sinks import tables
from xltool.batch.sinks.rows import PortionedSink, Portions, digits
from xltool.core.csvfile import FORMULA

_PORTION = 1 << 14
_MARK = b"\xef\xbb\xbf"


class CsvSink(PortionedSink):
    """See `Sink`. A text that Excel would take for a formula gets `'` in front."""

    def __init__(
        self, draft: Path, *, validated: bool, names: tuple[str, ...] | None = None
    ) -> None:
        draft.mkdir(exist_ok=True)
        self._files: dict[str, IO[bytes]] = {}
        self._portions: dict[str, Portions] = {}
        for name in names or ("books", *tables(validated=validated)):
            schema = schema_of(name)
            file = (draft / f"{name}.csv").open("wb")
            self._files[name] = file
            file.write(_MARK + (",".join(schema.names) + "\n").encode())
            self._portions[name] = Portions(_PORTION, partial(_write, file))

    def finish(self) -> None:
        """See `Sink`."""
        self.flush()
        self.abandon()

    def abandon(self) -> None:
        """See `Sink`."""
        for file in self._files.values():
            file.close()


def _write(file: IO[bytes], table: pa.Table) -> None:
    columns = [guarded(column) for column in table.columns]
    plain = pa.table(columns, names=table.column_names)
    csv.write_csv(plain, file, csv.WriteOptions(include_header=False))


def guarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Decimals as plain digits, texts so that Excel takes none for a formula."""
    if pa.types.is_decimal(column.type):
        return digits(column)
    if not pa.types.is_string(column.type):
        return column
    starts = pc.match_substring_regex(column, FORMULA)
    return pc.if_else(starts, pc.binary_join_element_wise("'", column, ""), column)
