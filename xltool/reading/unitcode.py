"""单位编码, as covers and the lines above a table print it: 单位编码：101001, in one cell or in two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltool.core.amounts import filled_up, plain
from xltool.core.caches import remembered
from xltool.core.texts import visible
from xltool.mapping.headlines import HEAD_ROWS
from xltool.mapping.recognition.vocabulary.blockwords import Keys
from xltool.mapping.recognition.vocabulary.keys import header_key
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.ooxml import Sheet, Value, split_ref
from xltool.reading.model import Reading

_COVER_ROWS = 40
_LABELLED = re.compile(r"\s*([^:：]{2,12}?)\s*[:：]\s*(.*?)\s*", re.DOTALL)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{1,31}")


def printed_code(reading: Reading) -> tuple[str, str] | None:
    """The code and the sheet that prints it; None where there is none, or more than one."""
    tables = {found_table.located.sheet.name for found_table in reading.found_tables}
    labels = vocabulary().code_labels
    found: dict[str, str] = {}
    for sheet in reading.workbook.sheets:
        if sheet.state == "visible":
            rows = HEAD_ROWS if sheet.name in tables else _COVER_ROWS
            for code in _codes(sheet, rows, labels):
                found.setdefault(code, sheet.name)
    return next(iter(found.items())) if len(found) == 1 else None


def _codes(sheet: Sheet, rows: int, labels: Keys) -> Iterator[str]:
    open_row = 0
    for ref, value in sheet.head(rows):
        behind = _behind_label(value, labels) if isinstance(value, str) else None
        if open_row:
            if isinstance(value, str) and not value.strip():
                continue
            if split_ref(ref)[0] == open_row and (code := _code(value, sheet.number_format(ref))):
                yield code
            open_row = 0
        if behind is None:
            continue
        if code := _code(behind):
            yield code
        elif not behind:
            open_row = split_ref(ref)[0]


@remembered(1 << 12)
def _behind_label(text: str, labels: Keys) -> str | None:
    """What stands behind a label in its cell; None for a text that is none of the labels."""
    labelled = _LABELLED.fullmatch(text)
    if header_key(labelled[1] if labelled else text) not in labels:
        return None
    return labelled[2] if labelled else ""


def _code(value: Value, number_format: str = "") -> str:
    """What a cell holds, when it is a code; a number is one too."""
    if isinstance(value, Decimal):
        if filled := filled_up(value, number_format):
            return filled
        return plain(value) if value == value.to_integral_value() and value >= 10 else ""
    text = visible(value).strip() if isinstance(value, str) else ""
    return text if _CODE.fullmatch(text) and any(map(str.isdigit, text)) else ""
