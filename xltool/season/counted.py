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
    """The workbooks that count; the others, each with why it does not; how many count that are not among them.

    `lacking`: units of the list, of the departments that have a workbook here, of which nothing counts.
    """

    sources: list[Source]
    left_out: list[tuple[str, str]]
    elsewhere: int
    lacking: list[str]


_LACKING = """
SELECT u.主管部门, u.单位名称, u.单位编码 FROM 单位 u WHERE u.在清单
AND NOT EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位 AND b.有效) ORDER BY u.单位编码, u.单位名称
"""


def counted(season: Path, sources: Sequence[Source]) -> Counted:
    """Sort workbooks by what the season in a folder says of them. Raises `InputError` for what is no season.

    Of identical copies the first counts. A workbook that the season has not seen does not count.
    """
    with store.reading(season) as db:
        sql = "SELECT sha256, 主管部门 FROM 报送 LEFT JOIN 单位 USING (单位) WHERE 有效"
        valid = dict(map(tuple, db.execute(sql)))
        lacking = list(map(tuple, db.execute(_LACKING)))
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
    departments = {valid[digest] for digest in kept}
    missing = [
        f"{name}（{code}）" if code else name for of, name, code in lacking if of in departments
    ]
    return Counted(list(kept.values()), left, len(valid.keys() - kept.keys()), missing)


def _digest(source: Source) -> str:
    try:
        return hashlib.sha256(content_of(source)).hexdigest()
    except WorkbookError:
        return ""
