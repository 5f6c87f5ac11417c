"""One Excel workbook with a sheet per table, while the tables fit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from xltool.batch.parts import Batch
from xltool.batch.schemas import schema_of
from xltool.batch.sinks import tables
from xltool.batch.sinks.streamed import StreamedBook
from xltool.core.amounts import plain
from xltool.core.problems import InputError, Problem

_ROWS = 1_048_576
_TEXT = 32_767
_TITLES = {
    "books": "工作簿",
    "facts": "事实",
    "problems": "读取问题",
    "findings": "校验发现",
    "outcomes": "规则结论",
}
_WIDE, _NARROW = 24, 10
_WIDE_COLUMNS = frozenset(
    {"文件", "原因", "单位名称", "表", "文本", "内容", "说明", "位置", "建议"}
)


class ExcelSink:
    """See `Sink`. A number with more than 15 digits is written as text: a cell would round it."""

    def __init__(self, draft: Path, *, validated: bool) -> None:
        self._streamed = StreamedBook(draft)
        book = self._streamed.book
        head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "bottom": 1})
        self._sheets: dict[str, tuple[Any, int]] = {}
        for name in ("books", *tables(validated=validated)):
            schema = schema_of(name)
            sheet = book.add_worksheet(_TITLES[name])
            for column, title in enumerate(schema.names):
                sheet.set_column(column, column, _WIDE if title in _WIDE_COLUMNS else _NARROW)
                sheet.write_string(0, column, title, head)
            sheet.freeze_panes(1, 1)
            self._sheets[name] = sheet, 1

    def write(self, batch: Batch) -> None:
        """See `Sink`. Raises `InputError` when a sheet is full."""
        for name, (sheet, row) in self._sheets.items():
            table = batch.table(name)
            if row + table.num_rows > _ROWS:
                message = f"“{_TITLES[name]}”超过 Excel 的 {_ROWS:,} 行，放不下"
                raise InputError(
                    Problem("", message, "改用 --to duckdb、parquet 或 csv", code="unwritable")
                )
            _write(sheet, row, table)
            self._sheets[name] = sheet, row + table.num_rows

    def finish(self) -> None:
        """See `Sink`."""
        for name, (sheet, row) in self._sheets.items():
            schema = schema_of(name)
            sheet.autofilter(0, 0, row - 1, len(schema) - 1)
        self.abandon()

    def abandon(self) -> None:
        """See `Sink`."""
        self._streamed.close()


def _write(sheet: Any, first: int, table: pa.Table) -> None:
    columns = [column.to_pylist() for column in table.columns]
    for row, values in enumerate(zip(*columns, strict=True), first):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value[:_TEXT])
            elif isinstance(value, Decimal) and not _exact(value):
                sheet.write_string(row, column, plain(value))
            elif value is not None:
                sheet.write_number(row, column, value)


def _exact(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) <= 15
