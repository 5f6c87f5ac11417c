"""Two reviews of the same units, the second after they have corrected some and spoilt some."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.review.support import Review, run, spoilt
from tests.support.books import fill_raw, without_blank_reviews
from tests.support.documents import make

NAMES = {
    "甲局.xlsx": "甲局",
    "乙局/乙局.xlsx": "乙局",
    "丙局.xlsx": "丙局",
    "丁.xlsx": "../../丁<script>alert(1)</script>&\u202e局#1",
    "戊.xlsx": "CON",
    "戊2.xlsx": "con",
}
"""Files and 单位名称: plain ones, one that climbs and breaks out, one that Windows reserves, twice."""

TOTAL = "C37"
"""收入总计 in 2021-national."""


@pytest.fixture(scope="session")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two rounds: 甲 wrong, then right; 乙 wrong twice; 丙 right, then wrong; 丁 then unreadable.

    戊 has a value for a formula.
    """
    first, second = (tmp_path_factory.mktemp(name) / "报送" for name in ("第一次", "第二次"))
    for number, (file, unit) in enumerate(NAMES.items(), 1):
        raw = make(number, "2021-national", details=2, unit="万元")
        raw["单位名称"] = unit
        for table in ("项目支出绩效自评表", "部门整体绩效自评表"):
            raw["表"].pop(table, None)
        path = first / file
        path.parent.mkdir(parents=True, exist_ok=True)
        fill_raw(raw, path)
        without_blank_reviews(path)
    (first / "坏.xlsx").write_bytes((first / "甲局.xlsx").read_bytes()[:2000])
    (first / "旧.et").write_bytes(b"\xd0\xcf\x11\xe0")
    shutil.copytree(first, second)
    for path, add in (
        (first / "甲局.xlsx", "1"),
        (first / "乙局/乙局.xlsx", "1"),
        (first / "丁.xlsx", "1"),
        (first / "戊.xlsx", "0"),
        (second / "乙局/乙局.xlsx", "2"),
        (second / "丙局.xlsx", "1"),
    ):
        spoilt(path, TOTAL, Decimal(add))
    (second / "丁.xlsx").write_bytes(b"PK")
    (second / "戊.xlsx").unlink()
    (second / "戊2.xlsx").unlink()
    return first, second


@pytest.fixture(scope="session")
def first(submissions: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Review:
    """The first round, with marked copies."""
    return run(submissions[0], tmp_path_factory.mktemp("一") / "审核", marked=True)


@pytest.fixture(scope="session")
def second(
    submissions: tuple[Path, Path], first: Review, tmp_path_factory: pytest.TempPathFactory
) -> Review:
    """The second round, compared with the first; every book has a report."""
    out = tmp_path_factory.mktemp("二") / "审核"
    return run(submissions[1], out, prior=first.folder, everything=True, jobs=1)
