"""发文清单.xlsx: all letters of a folder, to be ticked off when they are sent and come back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from xltool.core.saving.mark import put_mark
from xltool.season.letters.model import LetterKind

INDEX = "发文清单.xlsx"


class LetterEntry(NamedTuple):
    """A letter that was written: a row of the list."""

    number: int
    document: str
    department: str
    unit: str
    code: str
    contact: str
    kind: LetterKind
    lines: int
    corrections: int
    marked: str
    """How many marked copies go with it."""
    file: str


_HEADS = (
    *(("顺序号", 8), ("文号", 24), ("主管部门", 24), ("单位名称", 34), ("单位编码", 14)),
    *(("联系人", 14), ("通知", 12), ("问题", 8), ("必须处理", 10), ("标注本", 8), ("文件", 60)),
)


def write_index(path: Path, entries: Sequence[LetterEntry]) -> None:
    """The list of all letters, to be ticked off when they are sent and come back."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    plain = {"font_name": "宋体", "font_size": 11}
    head = book.add_format({**plain, "bold": True, "bg_color": "#E8EEF5", "bottom": 1})
    look = book.add_format(plain)
    sheet = book.add_worksheet("发文清单")
    for column, (title, width) in enumerate(_HEADS):
        sheet.set_column(column, column, width, look)
        sheet.write_string(0, column, title, head)
    for row, entry in enumerate(entries, 1):
        for column, value in enumerate(entry):
            sheet.write(row, column, value, look)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, len(entries), len(_HEADS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    put_mark(path)
