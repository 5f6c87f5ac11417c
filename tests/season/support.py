"""The command line in the process of the test: quick, and told as a person would read it."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.support.terminal import Answer
from xltool.cli.app import run


def command(*args: str | Path) -> Answer:
    """Run a command."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments=[str(arg) for arg in args])
    return Answer(code, out.getvalue(), err.getvalue())
