"""The command line as such: every option of every command refuses wrong values in Chinese, with exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.terminal import ROOT


def test_an_output_that_nobody_reads_is_no_finding(tmp_path: Path) -> None:
    command = subprocess.Popen(
        [sys.executable, "-m", "xltool", "rules", "list"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout and command.stderr
    command.stdout.close()
    said = command.stderr.read()
    command.stderr.close()
    assert (command.wait(), said) == (2, b"")
