"""The programs that tests need: a fixture for each, and a last line about those that are missing.

A test that asks for a program that is not there is skipped; with `--all-tools` it fails.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.support import mergedcells, parsedonce
from tests.support.programs import BROWSER, NODE, POPPLER, PROGRAMS, SOFFICE, UNO, WRITER, Program
from tests.support.wine import ROOT, under_wine, why_not

OPTION = "--all-tools"
_LEFT_OUT: dict[str, str] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let CI insist on every program."""
    parser.addoption(
        OPTION, action="store_true", help="缺外部程序（LibreOffice、浏览器等）算失败，不是跳过"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have the commands that tests start speak what the tests read, also where the system's code page is another."""
    if sys.platform == "win32":
        os.environ.setdefault("PYTHONIOENCODING", "utf-8")
    # what a shell starts in the background ignores Ctrl-C, and so would every command that tests start and end with it
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # tests start hundreds of commands: where compiled modules are not kept, each would compile them all again
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # and the assertions of all test files would be rewritten anew by every run
    sys.dont_write_bytecode = False
    mergedcells.install()
    parsedonce.install()
    # what commands note for the page must not reach the folder of who runs the tests
    own = tempfile.TemporaryDirectory(prefix="xltool-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(own.cleanup)
    os.environ.setdefault("XLTOOL_DATA", own.name)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out files that cannot even be imported under Wine; they are named at the end."""
    if not under_wine() or not collection_path.is_relative_to(ROOT):
        return None
    name = collection_path.relative_to(ROOT).as_posix()
    why = why_not(f"{name}/" if collection_path.is_dir() else name)
    if why:
        _LEFT_OUT[name] = why
    return True if why else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what Wine cannot run, with the reason."""
    for item in items if under_wine() else ():
        if why := why_not(item.nodeid):
            item.add_marker(pytest.mark.skip(reason=why))


def pytest_collection_finish() -> None:
    """Let the collector of cycles look at what tests make, and less often: not at thousands of tests every time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name the files that were left out."""
    for name, why in _LEFT_OUT.items():
        terminalreporter.write_line(f"Wine 里没有跑 {name}：{why}", yellow=True)


def without(program: Program, config: pytest.Config) -> NoReturn:
    """Skip what needs a program that is not there, or fail it when everything is to run."""
    if config.getoption(OPTION):
        pytest.fail(program.missing, pytrace=False)
    pytest.skip(program.missing)


def _path(program: Program, config: pytest.Config) -> str:
    return program.find() or without(program, config)


@pytest.fixture(scope="session")
def soffice(pytestconfig: pytest.Config) -> str:
    """The path of LibreOffice."""
    return _path(SOFFICE, pytestconfig)


@pytest.fixture(scope="session")
def writer(pytestconfig: pytest.Config) -> str:
    """The path of LibreOffice, with its Writer."""
    return _path(WRITER, pytestconfig)


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> str:
    """The path of a browser of the Chromium family."""
    return _path(BROWSER, pytestconfig)


@pytest.fixture(scope="session")
def node(pytestconfig: pytest.Config) -> str:
    """The path of Node.js."""
    return _path(NODE, pytestconfig)


@pytest.fixture(scope="session")
def poppler(pytestconfig: pytest.Config) -> str:
    """The path of pdftotext; pdfinfo is beside it."""
    return _path(POPPLER, pytestconfig)


@pytest.fixture(scope="session")
def uno(pytestconfig: pytest.Config) -> str:
    """The path of a Python that can drive LibreOffice."""
    return _path(UNO, pytestconfig)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Say at the very end what was skipped for want of which program."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput"):
        return
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in reporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    )
    lacking = [program for program in PROGRAMS if reasons[program.missing]]
    if not lacking:
        return
    told = "、".join(f"{program.title} {reasons[program.missing]} 个" for program in lacking)
    packages = " ".join(program.package for program in lacking if program.package)
    how = (
        f"装上 {packages} 再跑（.ci/run 会全部装好并要求全跑）" if packages else "换新一些的 Python"
    )
    reporter.write_line(f"缺程序而跳过的测试：{told}。{how}", yellow=True)
