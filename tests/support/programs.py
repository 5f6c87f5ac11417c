"""The programs that some tests need besides Python, found on the search path.

Tests ask for them by the fixtures of `tests/conftest.py`, which skip what cannot run; the functions that
start a program take its path, so that no test reaches one without its fixture.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple


class Program(NamedTuple):
    """What it is called, the names of its executable, the package of Debian and Ubuntu that has it."""

    title: str
    names: tuple[str, ...]
    package: str

    def find(self) -> str | None:
        """The path of the executable, or None."""
        return next(filter(None, map(shutil.which, self.names)), None)

    @property
    def missing(self) -> str:
        """Why a test is skipped."""
        return f"缺 {self.title}，没有跑（Debian、Ubuntu 的软件包：{self.package}）"


class Uno(Program):
    """A Python that has LibreOffice's bridge: seldom the first one on the search path."""

    def find(self) -> str | None:
        """The path of the executable, or None."""
        folders = os.environ.get("PATH", "").split(os.pathsep)
        pythons = [shutil.which(name, path=path) for path in folders for name in self.names]
        for python in dict.fromkeys(filter(None, [*pythons, sys.executable])):
            command = [python, "-c", "import uno"]
            if subprocess.run(command, capture_output=True, check=False).returncode == 0:
                return python
        return None


class Writer(Program):
    """LibreOffice with the part that reads Word documents, which is a package of its own."""

    def find(self) -> str | None:
        """The path of the executable, or None."""
        program = super().find()
        if program is None:
            return None
        beside = Path(program).resolve().parent
        return program if any(beside.glob("*swlo*")) else None


class Xlwings(Program):
    """The library behind the Excel add-in, which not every Python can have."""

    def find(self) -> str | None:
        """The name of the module, or None."""
        return self.names[0] if find_spec(self.names[0]) else None

    @property
    def missing(self) -> str:
        """Why a test is skipped."""
        return f"缺 {self.title}，tests/addin 没有跑（要 Python 3.11 以上）"


SOFFICE = Program("LibreOffice（soffice）", ("soffice", "libreoffice"), "libreoffice-calc-nogui")
WRITER = Writer("LibreOffice Writer", ("soffice", "libreoffice"), "libreoffice-writer-nogui")
BROWSER = Program(
    "浏览器（Chromium）",
    ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"),
    "chromium",
)
NODE = Program("Node.js（node）", ("node",), "nodejs")
POPPLER = Program("poppler（pdftotext、pdfinfo）", ("pdftotext",), "poppler-utils")
UNO = Uno("带 uno 的 Python", ("python3", "python"), "python3-uno")
XLWINGS = Xlwings("xlwings", ("xlwings",), "")

PROGRAMS = (SOFFICE, WRITER, BROWSER, NODE, POPPLER, UNO, XLWINGS)


def run(*command: str | Path) -> str:
    """What a program of poppler prints. CalledProcessError when it fails."""
    done = subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=300)
    return done.stdout.decode("utf-8")
