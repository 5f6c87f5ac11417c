"""Where a program is missing, the tests that need it are skipped and counted; `--all-tools` lets them fail."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.terminal import ROOT

NEEDS_NODE = "tests/wps/test_buttons.py::test_the_scripts_against_the_strict_fake"


def last_line(folder: Path, *options: str) -> tuple[int, str]:
    """The exit code and the last line of a run whose search path is an empty folder."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", NEEDS_NODE, *options]
    environment = {**os.environ, "PATH": str(folder), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=120
    )
    return done.returncode, done.stdout.decode("utf-8").splitlines()[-1]


no_workers = pytest.mark.skipif(find_spec("xdist") is None, reason="没有装 pytest-xdist")


@pytest.mark.parametrize("options", [(), pytest.param(("-n", "1"), marks=no_workers)])
def test_the_last_line_counts_what_was_skipped(tmp_path: Path, options: tuple[str, ...]) -> None:
    code, last = last_line(tmp_path, *options)
    assert code == 0
    assert "Node.js（node） 2 个" in last
    assert "装上 nodejs 再跑" in last


def test_all_tools_makes_it_a_failure(tmp_path: Path) -> None:
    code, last = last_line(tmp_path, "--all-tools")
    assert code == 1
    assert "2 errors" in last
