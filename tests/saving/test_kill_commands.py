"""A sample of benchmarks/kill_writes.py: commands and sinks killed at some of their file events."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.killcommands import Scenario, scenarios, try_scenario

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows 没有 fork")

SAMPLE = {
    "read，已有": 2,
    "fill 两份，已有": 5,
    "annotate，已有": 3,
    "convert csv，已有": 9,
    "watch，已有": 5,
    "wps install，已有": 4,
}
"""By name: at every which event."""


@pytest.mark.parametrize("scenario", [s for s in scenarios() if s.name in SAMPLE], ids=str)
def test_nothing_is_lost(scenario: Scenario, tmp_path: Path) -> None:
    kills, faults = try_scenario(scenario, tmp_path, every=SAMPLE[scenario.name])
    assert faults == []
    assert kills >= 2


def test_the_sample_is_in_the_bench() -> None:
    assert SAMPLE.keys() <= {scenario.name for scenario in scenarios()}
