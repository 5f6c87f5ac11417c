"""The files of a review and their names: from 单位名称, safe on every system, never outside the folder."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from xltool.batch.filenames import FileNames
from xltool.batch.generated import DATABASE, PAGE
from xltool.batch.parts import Batch
from xltool.batch.replaceable import is_database
from xltool.core.problems import InputError, Problem
from xltool.core.saving.mark import is_marked
from xltool.narrative.page import is_page
from xltool.reporting.html import is_report
from xltool.review.attach import MARKED, REPORT, SHEETS, TEXT, UNMARKED

SUMMARY = "审核汇总.xlsx"
REPORTS, COPIES = "报告", "标注本"
_MEANT = {"#": "＃", "%": "％"}
"""Signs that mean something in the address of a page."""

OWN = frozenset({PAGE, SUMMARY, DATABASE, REPORTS, COPIES})


class Files(NamedTuple):
    """The files of one book, relative to the review's folder with `/`. `unmarked`: why there is no copy.

    `sheets`: the names of its sheets, joined.
    """

    report: str = ""
    marked: str = ""
    unmarked: str = ""
    sheets: str = ""


def refuse_foreign(out: Path) -> None:
    """With --force an earlier review is replaced; a folder that holds anything else is not.

    Raises `InputError` that names what else is there.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError(
            Problem(str(out), "是文件，不是文件夹", "审核结果要写进一个新文件夹", code="bad-target")
        )
    foreign = sorted(path.name for path in out.iterdir() if path.name not in OWN)
    if foreign:
        listed = "、".join(foreign[:5]) + ("等" if len(foreign) > 5 else "")
        message = f"里面有不是审核结果的文件（{listed}），不覆盖整个文件夹"
        raise InputError(Problem(str(out), message, "换一个新文件夹", code="exists"))


def is_review(folder: Path) -> bool:
    """Whether a folder is a review as it was made: no file in it was changed, and none put there."""
    if not folder.is_dir() or not {path.name for path in folder.iterdir()} <= OWN:
        return False
    return all(_is_made(path) for path in folder.rglob("*") if not _is_part(path, folder))


def _is_part(path: Path, folder: Path) -> bool:
    return path.parent == folder and path.name in (REPORTS, COPIES) and not path.is_symlink()


def _is_made(path: Path) -> bool:
    """Whether a file is as xltool wrote it. Of pages and the database only the kind can be told."""
    if path.is_symlink() or not path.is_file():
        return False
    if path.suffix == ".html":
        return path.name == PAGE or is_report(path) or is_page(path)
    return is_database(path) if path.suffix == ".duckdb" else is_marked(path)


class Attached:
    """Writes the attachments of books into the folder of the review."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reports, self._copies = FileNames(), FileNames()
        self.texts: list[dict[str, Any]] = []
        """What the texts beside the books gave, a row each."""

    def write(self, batch: Batch) -> dict[str, Files]:
        """The files of each book of the batch that has any, by the book's name."""
        units = {
            book["文件"]: book["单位名称"]
            for book in batch.books.select(["文件", "单位名称"]).to_pylist()
        }
        found: dict[str, Files] = {}
        for name, kind, content in batch.attachments():
            files = found.get(name, Files())
            stem = _shown(units[name] or name.rpartition("/")[2].rpartition(".")[0])
            if kind == REPORT:
                files = files._replace(
                    report=self._put(REPORTS, self._reports, stem, ".html", content)
                )
            elif kind == TEXT:
                self._text(name, stem, json.loads(content))
            elif kind == UNMARKED:
                files = files._replace(unmarked=content.decode())
            elif kind == SHEETS:
                files = files._replace(sheets=content.decode())
            else:
                suffix = kind.removeprefix(MARKED)
                files = files._replace(
                    marked=self._put(COPIES, self._copies, stem, suffix, content)
                )
            found[name] = files
        return found

    def _text(self, book: str, stem: str, row: dict[str, Any]) -> None:
        """What a text of the unit gave, its page a file."""
        if page := row.pop("页", ""):
            row["报告"] = self._put(
                REPORTS, self._reports, f"{stem}-说明文字", ".html", page.encode()
            )
        self.texts.append({**row, "工作簿": book})

    def _put(self, folder: str, names: FileNames, stem: str, suffix: str, content: bytes) -> str:
        name = names.take(stem, suffix)
        path = self._folder / folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return f"{folder}/{name}"


def _shown(text: str) -> str:
    """Without signs that are not seen: they hide a name or turn the text after them around."""
    return "".join(_seen(text)) or "未具名"


def _seen(text: str) -> Iterator[str]:
    for char in text:
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            yield _MEANT.get(char, char)
