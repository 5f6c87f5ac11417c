"""A folder with a Parquet file per table."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from xltool.batch.schemas import schema_of
from xltool.batch.sinks import tables
from xltool.batch.sinks.rows import PortionedSink, Portions

_GROUP = 1 << 16
"""Rows of a row group."""
_LONG = {"findings": 1 << 14, "problems": 1 << 14}
"""The same for tables with long texts: a group is held until it is full."""

_IN_ORDER = ["文件"]
"""Rows are in the order of their books: smallest and largest values help to skip a group here only."""


class ParquetSink(PortionedSink):
    """See `Sink`. The bytes depend only on the books, not on how the work was shared out."""

    def __init__(self, draft: Path, *, validated: bool) -> None:
        draft.mkdir()
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._portions: dict[str, Portions] = {}
        for name in ("books", *tables(validated=validated)):
            schema = schema_of(name)
            writer = pq.ParquetWriter(
                draft / f"{name}.parquet", schema, compression="zstd", write_statistics=_IN_ORDER
            )
            self._writers[name] = writer
            group = _LONG.get(name, _GROUP)
            self._portions[name] = Portions(
                group, partial(writer.write_table, row_group_size=group)
            )

    def finish(self) -> None:
        """See `Sink`."""
        self.flush()
        for writer in self._writers.values():
            writer.close()

    def abandon(self) -> None:
        """See `Sink`."""
        for writer in self._writers.values():
            if writer.is_open:
                writer.close()
