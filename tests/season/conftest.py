"""Submissions of a few units, reviewed once, and the letters about them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.review.support import Review, run, spoilt
from tests.support.books import fill_raw, without_blank_reviews
from tests.support.documents import make

TOTAL = "C37"
"""收入总计 in 2021-national."""

UNITS = {"甲局.xlsx": "甲局", "乙局.xlsx": "乙局", "丙局.xlsx": "丙/局:*?<b>〔文号〕"}


def filled(path: Path, number: int, unit: str) -> None:
    """Write the book of a unit that is 合格."""
    raw = make(number, "2021-national", details=2, unit="万元")
    raw["单位名称"], raw["年度"] = unit, 2021
    for table in ("项目支出绩效自评表", "部门整体绩效自评表"):
        raw["表"].pop(table, None)
    path.parent.mkdir(parents=True, exist_ok=True)
    fill_raw(raw, path)
    without_blank_reviews(path)


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """甲 and 丙 have a wrong total instead of a formula, 乙 is 合格, 坏 cannot be read: files, review."""
    folder = tmp_path_factory.mktemp("轮") / "报送"
    for number, (file, unit) in zip((1, 3, 4), UNITS.items(), strict=True):
        filled(folder / file, number, unit)
    spoilt(folder / "甲局.xlsx", TOTAL, Decimal(1))
    spoilt(folder / "丙局.xlsx", TOTAL, Decimal("-2.5"))
    (folder / "坏.xlsx").write_bytes((folder / "甲局.xlsx").read_bytes()[:2000])
    review: Review = run(folder, folder.parent / "审核", marked=True, jobs=1)
    return SimpleNamespace(files=folder, review=review)
