"""Values of documents, long tables and cells by the kind of their field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from xltool.core.amounts import NotANumber, parse_amount, parse_number, plain
from xltool.core.codes import CodeList, undivided
from xltool.core.model import Kind, Value
from xltool.core.texts import half_width, quoted, visible

MAX_TEXT = 32767
"""Excel's limit for the text of a cell."""
STRANGE = "里夹着空格或看不见的字符，重新录入"
"""What a code has that shows as it should and is not written so."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
KINDS: Mapping[Kind, str] = {
    "amount": "金额",
    "number": "数字",
    "ratio": "比率（如 0.95 或 95%）",
    "text": "文字",
    "code": "科目编码",
    "name": "科目名称",
}


def value_fault(value: object, error: ValueError, wanted: str) -> str:
    """What `parse_value` found wrong with a value, as a sentence. `wanted`: what it should be, in words."""
    shown = "这里" if isinstance(value, (dict, list)) else quoted(value)
    if not str(error):
        return f"{shown}不是{wanted}"
    return f"{shown}{error}，不是{wanted}" if isinstance(error, NotANumber) else f"{shown}{error}"


def parse_value(kind: Kind, value: object, unit: str | None = None) -> Value | None:
    """A value of a document, a long table or a cell by its kind; None for a blank. `unit`: that of the amounts.

    Raises ValueError, with a Chinese sentence or empty, when the value is not of that kind.
    """
    if kind == "amount":
        return parse_amount(value, unit)
    if kind == "number":
        return parse_number(value)
    if kind == "ratio":
        return _ratio(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError
    text = value if isinstance(value, str) else plain(parse_number(value) or Decimal(0))
    if kind in ("code", "name"):
        text = visible(text)
    if kind == "code":
        text = undivided(half_width(text).strip())
    if not text.strip():
        return None
    if _ILLEGAL.search(text):
        raise ValueError("含有控制字符，Excel 存不了")
    if len(text) > MAX_TEXT:
        raise ValueError(f"长{len(text)}个字符，超过 Excel 单元格的上限{MAX_TEXT}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _ratio(value: object) -> Decimal | None:
    if isinstance(value, str) and (text := half_width(visible(value)).strip()).endswith("%"):
        number = parse_number(text[:-1])
        return None if number is None else number.scaleb(-2)
    return parse_number(value)


def code_fault(code: str, codes: CodeList) -> str | None:
    """What is wrong with the form of a 科目编码, or None. Codes unknown to the list are no fault here."""
    if codes.well_formed(code):
        return None
    shown = "".join(code.split())
    if codes.well_formed(shown):
        return f"科目编码 {shown} {STRANGE}"
    lengths = "、".join(map(str, codes.levels))
    return f"{quoted(code)}不是合格的科目编码：应为{lengths}位数字"
