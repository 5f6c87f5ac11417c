"""CSV and TSV files as people save them: UTF-8, GBK or Excel's “Unicode 文本”, with commas, tabs or semicolons."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from xltool.core.problems import InputError, Problem, system_reason

FORMULA = r"^[\x00-\x20" + "\x85\xa0\u2028\u2029\u3000\ufeff" + r"]*[=+\-@]|^[\t\r\n]"
"""Texts that Excel takes for a formula: it passes over blanks and breaks before the sign. For re and RE2."""


_FIRST = 5
"""Lines that are looked at for what stands between the values."""


def no_formula(text: str) -> str:
    """A text for a CSV file, with `'` in front where Excel would take it for a formula."""
    return f"'{text}" if re.match(FORMULA, text) else text


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file, each with the number of its last line. Raises `InputError`."""
    text = _decoded(path)
    first = "\n".join(text.split("\n", _FIRST)[:_FIRST])  # a title may stand over the heads
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_between(first))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        where = f"{path.name} 第{reader.line_num}行"
        long = "limit" in str(error)
        message = "一格里有十几万个字，多半是少了一个引号" if long else "有 CSV 里不能用的字符"
        raise InputError(Problem(where, message, code="bad-syntax")) from None


def _between(first: str) -> str:
    """What stands between the values: of amounts with commas the heads have none, of remarks few lines a semicolon."""
    if first.count("\t") > first.count(","):
        return "\t"
    lines = first.split("\n")
    return ";" if sum(";" in x for x in lines) > sum("," in x for x in lines) else ","


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(Problem(str(path), "没有这个文件", code="missing")) from None
    except OSError as error:
        told = Problem(str(path), f"读不了：{system_reason(error)}", code="unreadable")
        raise InputError(told) from None
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if utf16 else ["utf-8-sig", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "既不是 UTF-8 也不是 GBK 编码的文本"
    raise InputError(Problem(path.name, message, "另存为 CSV UTF-8", code="unreadable"))
