"""A folder with a JSONL file per table: a row per line, blanks left out, numbers exact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from xltool.batch.sinks import tables
from xltool.batch.sinks.rows import FilePerTable, digits


class JsonLinesSink(FilePerTable):
    """See `Sink`."""

    def __init__(self, draft: Path, *, validated: bool) -> None:
        super().__init__(draft, ("books", *tables(validated=validated)), ".jsonl", _write)


def _write(file: IO[bytes], table: pa.Table) -> None:
    pairs = [_pairs(name, table.column(name)) for name in table.column_names]
    rows = pc.binary_join_element_wise(*pairs, ", ", null_handling="skip")
    lines = pc.binary_join_element_wise("{", rows, "}\n", "")
    file.write("".join(lines.to_pylist()).encode())


def _pairs(name: str, column: pa.ChunkedArray) -> pa.Array:
    """`"key": value` of every row that has a value; equal texts are spelled once."""
    key = f"{json.dumps(name, ensure_ascii=False)}: "
    if pa.types.is_string(column.type):
        coded = column.combine_chunks().dictionary_encode()
        spelled = [json.dumps(text, ensure_ascii=False) for text in coded.dictionary.to_pylist()]
        texts = pa.array(spelled, pa.string()).take(coded.indices)
    elif pa.types.is_decimal(column.type):
        texts = digits(column).combine_chunks()
    else:
        texts = column.cast(pa.string()).combine_chunks()
    return pc.binary_join_element_wise(key, texts, "")
