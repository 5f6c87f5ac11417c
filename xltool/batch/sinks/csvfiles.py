"""A folder with a CSV file per table, as Excel opens them: UTF-8 with its mark, no text that starts a formula."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from xltool.batch.schemas import schema_of
from xltool.batch.sinks import tables
from xltool.batch.sinks.rows import FilePerTable, digits
from xltool.core.csvfile import FORMULA

_MARK = b"\xef\xbb\xbf"


class CsvSink(FilePerTable):
    """See `Sink`. A text that Excel would take for a formula gets `'` in front."""

    def __init__(
        self, draft: Path, *, validated: bool, names: tuple[str, ...] | None = None
    ) -> None:
        listed = names or ("books", *tables(validated=validated))
        super().__init__(draft, listed, ".csv", _write)
        for name, file in self._files.items():
            file.write(_MARK + (",".join(schema_of(name).names) + "\n").encode())


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
