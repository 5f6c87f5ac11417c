"""Which of some workbooks count, as a season has it: known by their content, wherever they now lie."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.batch.source import Source, content_of
from xltool.core.problems import Problem
from xltool.ooxml import WorkbookError
from xltool.season import store
from xltool.season.kinds import additive


class Lacking(NamedTuple):
    """A unit that is not in the sum, or not whole: whose it is, and why."""

    code: str
    name: str
    department: str
    problem: Problem


class Counted(NamedTuple):
    """The workbooks that count; the others, each with why it does not.

    `lacking`: the units of the list, of the departments that have a workbook here, that are not in the sum;
    `elsewhere`: how many more workbooks count, of others.
    """

    sources: list[Source]
    left_out: list[tuple[str, str]]
    elsewhere: int
    lacking: list[Lacking]


_VALID = """
SELECT sha256, 轮次, 文件, 种类, u.* FROM 报送 b LEFT JOIN 单位 u USING (单位) WHERE b.有效 ORDER BY 轮次, 文件
"""
_LISTED = "SELECT * FROM 单位 WHERE 在清单 ORDER BY 单位编码, 单位名称"


def counted(season: Path, sources: Sequence[Source]) -> Counted:
    """Sort workbooks by what the season in a folder says of them. Raises `InputError` for what is no season.

    Of identical copies the first counts. A workbook that the season has not seen does not count.
    """
    with store.reading(season) as db:
        valid = db.execute(_VALID).fetchall()
        listed = db.execute(_LISTED).fetchall()
        said = dict(
            db.execute("SELECT sha256, 说法 FROM 报送 WHERE sha256 IS NOT NULL ORDER BY 报送")
        )
    contents = {row["sha256"] for row in valid}
    kept: dict[str, Source] = {}
    left: list[tuple[str, str]] = []
    for source in sources:
        digest = _digest(source)
        if digest in contents and digest not in kept:
            kept[digest] = source
        elif digest in kept:
            left.append((source.name, f"与 {kept[digest].name} 内容相同"))
        else:
            why = said.get(digest, "审核季里没有见过") or "不知道是哪个单位的"
            left.append((source.name, why))
    departments = {row["主管部门"] for row in valid if row["sha256"] in kept}
    wanted = [row for row in listed if row["主管部门"] in departments]
    away = [row for row in valid if row["sha256"] not in kept]
    absent = [*_not_given(wanted, away)]
    lacking = [*_nothing(wanted, valid), *absent]
    return Counted(list(kept.values()), left, len(away) - len(absent), lacking)


def _nothing(wanted: Sequence[sqlite3.Row], valid: Sequence[sqlite3.Row]) -> Iterator[Lacking]:
    """Units of which nothing that can be added counts."""
    have = {row["单位"] for row in valid if additive(row["种类"])}
    for row in wanted:
        if row["单位"] not in have:
            yield _lacking(row, "没有算数的报送")


def _not_given(wanted: Sequence[sqlite3.Row], away: Sequence[sqlite3.Row]) -> Iterator[Lacking]:
    """Workbooks that count, of units whose sum this is to be, and that are not where one said they were."""
    units = {row["单位"] for row in wanted}
    for row in away:
        if row["单位"] in units and additive(row["种类"]):
            yield _lacking(row, f"算数的是第{row['轮次']}轮的 {row['文件']}，没有给进来")


def _lacking(row: sqlite3.Row, why: str) -> Lacking:
    code, name = row["单位编码"] or "", str(row["单位名称"])
    problem = Problem(f"{name}（{code}）" if code else name, why, code="missing")
    return Lacking(code, name, row["主管部门"] or "", problem)


def _digest(source: Source) -> str:
    try:
        return hashlib.sha256(content_of(source)).hexdigest()
    except WorkbookError:
        return ""
