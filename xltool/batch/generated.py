"""What the tool itself wrote, found among submissions: it is none, and would count every figure twice.

Known are folders of a review and of a run that was stopped, workbooks that hold a table of many books, and
marked copies beside their original. Any other marked copy may be how a unit hands its book in.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Set
from pathlib import Path

PAGE, DATABASE = "审核汇总.html", "审核.duckdb"
"""Every folder of a review holds both."""

COPY, KEPT = ".标注", "改动"
"""In the names of marked copies: 甲.标注.xlsx; with what the clerk typed in it, 甲.标注.改动1.xlsx."""

_COPIES = re.compile(rf"(.*?){re.escape(COPY)}(?:\.{KEPT}\d+)?")
_RUN = frozenset({"lock", "parts", "stopped"})
_FIRST = re.compile(
    r'<sheet name="(?:工作簿"[^>]*><sheet name="事实|单位清单"[^>]*><sheet name="问题清单)"'
)
"""The first sheets of a conversion and of the summary of a review."""

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
    if kind in (".xlsx", ".xlsm") and f"{copied(path.name)}{path.suffix}" in names:
        return "标注本"
    return "转换或审核的汇总" if kind == ".xlsx" and _is_table(path) else ""


def _is_table(path: Path) -> bool:
    """Whether a workbook begins with the sheets of a conversion or a summary. A strange archive is not opened."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            tail = file.read(_TAIL)
            end = tail.rfind(_END)
            small = end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") <= end
            if not small or _END64 in tail:
                return False
            with zipfile.ZipFile(file) as archive, archive.open("xl/workbook.xml") as part:
                return _FIRST.search(part.read(_HEAD).decode("utf-8", "replace")) is not None
    except (OSError, KeyError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error):
        return False
