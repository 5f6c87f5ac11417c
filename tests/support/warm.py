"""Commands in processes of their own that need not import everything anew: forks of one that has.

Tests start hundreds of commands, and most of what one costs is its imports and the editions that it reads.
`python -m tests.support.warm` imports xltool, works once with the samples and waits; for each command that it is
asked for it forks, and the fork runs `xltool.cli.main` with its own folder, environment, arguments and streams, and
ends as any command does. Where nothing can be forked, and for tests of how a program starts, there is `fresh`.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from multiprocessing import process
from pathlib import Path
from subprocess import CompletedProcess
from typing import NoReturn

from tests.support.alone import wants_one, without_workers
from tests.support.paths import ROOT

LONGEST = 300
FORKS = sys.platform.startswith("linux")


def environment(**more: str) -> dict[str, str]:
    """The environment of a command: that of the tests, with what is said besides."""
    own = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "0"}
    return {**os.environ, **own, **more}


def fresh(
    args: Sequence[str], folder: Path, given: dict[str, str], *start: str
) -> CompletedProcess[bytes]:
    """Run a command in a new interpreter, `python -m xltool` or what `start` says."""
    return subprocess.run(
        [sys.executable, *(start or ("-m", "xltool")), *args],
        cwd=folder,
        env=given,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=LONGEST,
    )


def forked(
    args: Sequence[str], folder: Path, given: dict[str, str], *, workers: bool | None = None
) -> CompletedProcess[bytes]:
    """Run `xltool` with `args` in a fork of a process that has imported it.

    `workers`: whether it may start some; None: where more than one is asked for. Else the fork does their work,
    without their limits.
    """
    alone = not workers if workers is not None else wants_one(args)
    if not FORKS:
        return fresh(args, folder, given)
    with tempfile.TemporaryDirectory(prefix="xltool-said-") as said:
        out, err = Path(said, "out"), Path(said, "err")
        code = _Forker.one().ask([list(args), str(folder), given, str(out), str(err), alone])
        return CompletedProcess(["xltool", *args], code, out.read_bytes(), err.read_bytes())


def in_words(done: CompletedProcess[bytes]) -> CompletedProcess[str]:
    """What a command printed as text, with line ends as in any text."""
    out, err = (said.decode().replace(os.linesep, "\n") for said in (done.stdout, done.stderr))
    return CompletedProcess(done.args, done.returncode, out, err)


class _Forker:
    """The process that forks, as its tests see it; there is one for each process of tests."""

    _only: _Forker | None = None

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm"],
            cwd=ROOT,
            env=environment(OPENBLAS_NUM_THREADS="1"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self._end)

    @classmethod
    def one(cls) -> _Forker:
        """The one that runs, or a new one."""
        if cls._only is None or cls._only._process.poll() is not None:
            cls._only = cls()
        return cls._only

    def ask(self, request: list[object]) -> int:
        """Have a command run; its exit code."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], LONGEST + 60)
        if not ready:
            self._end()
            raise subprocess.TimeoutExpired(str(request[0]), LONGEST)
        return int(self._process.stdout.readline())

    def _end(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


_ROOMS = (
    *("checks", "cli", "core", "editions", "entry", "filling", "forms", "livechecks", "narrative"),
    *("reading", "reporting", "review", "rules", "season", "sums"),
)


def _modules(room: str) -> Iterator[str]:
    folder = ROOT / "xltool" / room
    return (module.name for module in pkgutil.walk_packages([str(folder)], f"xltool.{room}."))


def warm_up() -> None:
    """Import what forks would import again and again, and read the editions that most of them work with."""
    import xltool

    for name in (
        *("jsonschema", "lark", "lxml.etree", "openpyxl"),
        *("pandas", "pyarrow.pandas_compat"),  # which pyarrow looks for
        *("xltool.batch.convert", "xltool.batch.worker"),
        *("xltool.batch.sinks.duckdbfile", "xltool.batch.sinks.excel"),
        *(name for room in _ROOMS for name in _modules(room)),
    ):
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="xltool-warm-") as folder:
        for book in sorted((ROOT / "samples").glob("*.xlsx")):
            xltool.validate(book).to_html()
            xltool.fill(book.with_suffix(".json"), out=Path(folder, book.name), totals="given")


def _serve() -> None:
    """Fork for every line of stdin. A fork does not come back: it is the command from there on."""
    warm_up()
    assert threading.active_count() == 1, "a process with threads must not fork"
    gc.collect()
    gc.freeze()
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            *given, alone = json.loads(line)
            _become(*given)
            with without_workers() if alone else nullcontext():
                code = _command()
            _leave(code)
        _, status = os.waitpid(child, 0)
        sys.stdout.buffer.write(b"%d\n" % os.waitstatus_to_exitcode(status))
        sys.stdout.buffer.flush()


def _become(args: list[str], folder: str, given: dict[str, str], out: str, err: str) -> None:
    signal.alarm(LONGEST)
    for stream, target, how in ((0, os.devnull, os.O_RDONLY), (1, out, _NEW), (2, err, _NEW)):
        opened = os.open(target, how, 0o600)
        os.dup2(opened, stream)
        os.close(opened)
    os.chdir(folder)
    process.ORIGINAL_DIR = folder  # type: ignore[attr-defined]  # where its workers begin
    os.environ.clear()
    os.environ.update(given)
    tempfile.tempdir = None
    sys.argv = ["xltool", *args]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )


def _command() -> int:
    """Do what `sys.argv` says. Returns the exit code."""
    from xltool.cli import main

    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _leave(code: int) -> NoReturn:
    """End as an interpreter does: its threads, what is registered for the end, its streams.

    Only its modules are not taken apart: that would copy every page that the fork shares with its parent, which
    took longer than most commands.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

if __name__ == "__main__":
    _serve()
