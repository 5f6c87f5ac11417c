"""Constants in the expressions of .xls files, as Excel shows them."""

from __future__ import annotations

from math import isfinite
from struct import unpack_from

from xlrd.biffh import error_text_from_code  # type: ignore[import-untyped]


class UnreadableFormulaError(ValueError):
    """An expression that cannot be put into words, with the reason in Chinese."""


def quoted(text: str) -> str:
    """A text as a formula has it."""
    return '"' + text.replace('"', '""') + '"'


def truth(value: int) -> str:
    """TRUE or FALSE."""
    return "TRUE" if value else "FALSE"


def number(value: float) -> str:
    """A number in as few digits as tell it. Raises UnreadableFormulaError for infinity and NaN."""
    if not isfinite(value):
        raise UnreadableFormulaError("公式里的常数不是数")
    short = f"{value:.15g}"
    return (short if float(short) == value else repr(value)).upper()


def characters(data: bytes, at: int, count: int) -> tuple[str, int]:
    """A text of so many characters whose flags stand at `at`, and where it ends. Raises IndexError."""
    wide = data[at] & 1
    end = at + 1 + count * (1 + wide)
    if end > len(data):
        raise IndexError("文字不完整")
    return data[at + 1 : end].decode("utf-16-le" if wide else "latin-1"), end


def array(data: bytes, at: int) -> tuple[str, int]:
    """An array constant that stands at `at`, and where it ends. Raises UnreadableFormulaError."""
    last_column, last_row = unpack_from("<BH", data, at)
    at += 3
    rows = []
    for _ in range(last_row + 1):
        values = []
        for _ in range(last_column + 1):
            value, at = _element(data, at)
            values.append(value)
        rows.append(",".join(values))
    return "{" + ";".join(rows) + "}", at


def _element(data: bytes, at: int) -> tuple[str, int]:
    kind, body, end = data[at], at + 1, at + 9
    if kind == 0x01:
        return number(unpack_from("<d", data, body)[0]), end
    if kind == 0x02:
        (count,) = unpack_from("<H", data, body)
        text, end = characters(data, body + 2, count)
        return quoted(text), end
    if kind == 0x04:
        return truth(data[body]), end
    if kind == 0x10:
        return str(error_text_from_code[data[body]]), end
    raise UnreadableFormulaError(f"公式的常量数组里有不认识的值 0x{kind:02X}")
