"""A small season with every planned case: the state of each planted fault after each round."""

from __future__ import annotations

from pathlib import Path

from tests.support.seasons import books, check, plan
from tests.support.terminal import xltool


def test_every_planted_fault_has_its_state_after_every_round(tmp_path: Path) -> None:
    units = plan.units(0.01)
    books.write_list(tmp_path / "单位清单.xlsx", units)
    for number in range(1, plan.ROUNDS + 1):
        books.write_round(tmp_path / f"第{number}轮", units, number)
        done = xltool(
            "review", f"第{number}轮", "-o", f"审核{number}", "--season", "季",
            "--units", "单位清单.xlsx", "--jobs", "1", folder=tmp_path,
        )  # fmt: skip
        assert done.code == 1, done.err
        wrong, compared = check.differences(tmp_path / "季" / "季.sqlite", units, number)
        assert wrong == []
        assert compared > 50
