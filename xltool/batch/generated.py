"""What the tool itself wrote, found among submissions: it is none, and would count every figure twice.

Known are folders of a review and of a run that was stopped, workbooks that hold a table of many books, letters
to units, and marked copies beside their original. Any other marked copy may be how a unit hands its book in.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Mapping, Set
from html import unescape
from pathlib import Path
from typing import IO

from xltool.checks.replies import KEY_SHEET, LETTER_SHEET
from xltool.core.suffixes import PATCHED

PAGE, DATABASE = "审核汇总.html", "审核.duckdb"
"""Every folder of a review holds both."""

COPY, KEPT = ".标注", "改动"
"""In the names of marked copies: 甲.标注.xlsx; with what the clerk typed in it, 甲.标注.改动1.xlsx."""

_COPIES = re.compile(rf"(.*?){re.escape(COPY)}(?:\.{KEPT}\d+)?")
_RUN = frozenset({"lock", "parts", "stopped"})
LETTER = "整改通知"
"""What a letter is called that a unit has answered in: it is read for the answers."""

_TABLE = "转换或审核的汇总"
_FIRST: Mapping[tuple[str, ...], str] = {
    ("工作簿", "事实"): _TABLE,
    ("单位清单", "问题清单"): _TABLE,
    (LETTER_SHEET, KEY_SHEET): LETTER,
}
"""The first two sheets of a conversion, of the summary of a review, of a letter."""

_SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"')
_END, _END64, _TAIL = b"PK\x05\x06", b"PK\x06\x07", 4096
_HEAD = 8192


def copied(name: str) -> str:
    """The stem of the original when a workbook has the name of a marked copy, else ""."""
    found = _COPIES.fullmatch(Path(name).stem)
    return found[1] if found else ""


def own_folder(names: Set[str]) -> str:
    """What a folder is, by the names in it, when the tool wrote it; else ""."""
    if {PAGE, DATABASE} <= names:
        return "审核结果"
    return "没有做完的输出" if names >= _RUN else ""


def own_file(path: Path, names: Set[str]) -> str:
    """What a workbook beside files of these names is when the tool wrote it; else ""."""
    kind = path.suffix.lower()
    if kind not in PATCHED:
        return ""
    return "标注本" if f"{copied(path.name)}{path.suffix}" in names else _own_workbook(path)


def _own_workbook(path: Path) -> str:
    """What a workbook of the tool's own is. A strange archive is not opened."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return by_sheets(file)
    except OSError:
        return ""


def by_sheets(file: IO[bytes]) -> str:
    """What a workbook is by the sheets that it begins with, when the tool wrote it; else ""."""
    try:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        end = tail.rfind(_END)
        small = end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") <= end
        if not small or _END64 in tail:
            return ""
        with zipfile.ZipFile(file) as archive, archive.open("xl/workbook.xml") as part:
            found = _SHEET.findall(part.read(_HEAD).decode("utf-8", "replace"))
    except (OSError, KeyError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error):
        return ""
    return _FIRST.get(tuple(map(unescape, found[:2])), "")
