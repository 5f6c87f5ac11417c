"""Which of some workbooks count, as a season has it: known by their content, wherever they now lie."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.batch.source import Source, content_of
from xltool.ooxml import WorkbookError
from xltool.season import store


class Counted(NamedTuple):
    """The workbooks that count; the others, each with why it does not; how many count that are not among them."""

    sources: list[Source]
    left_out: list[tuple[str, str]]
    elsewhere: int


def counted(season: Path, sources: Sequence[Source]) -> Counted:
    """Sort workbooks by what the season in a folder says of them. Raises `InputError` for what is no season.

    Of identical copies the first counts. A workbook that the season has not seen does not count.
    """
    with store.reading(season) as db:
        valid = {row["sha256"] for row in db.execute("SELECT sha256 FROM 报送 WHERE 有效")}
        said = dict(
            db.execute("SELECT sha256, 说法 FROM 报送 WHERE sha256 IS NOT NULL ORDER BY 报送")
        )
    kept: dict[str, Source] = {}
    left: list[tuple[str, str]] = []
    for source in sources:
        digest = _digest(source)
        if digest in valid and digest not in kept:
            kept[digest] = source
        elif digest in kept:
            left.append((source.name, f"与 {kept[digest].name} 内容相同"))
        else:
            why = said.get(digest, "审核季里没有见过") or "不知道是哪个单位的"
            left.append((source.name, why))
    return Counted(list(kept.values()), left, len(valid - kept.keys()))


def _digest(source: Source) -> str:
    try:
        return hashlib.sha256(content_of(source)).hexdigest()
    except WorkbookError:
        return ""
