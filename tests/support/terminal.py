"""The command line as a person runs it: another process, its words, and what it leaves in the folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from tests.support.paths import ROOT
from tests.support.warm import environment, forked, fresh, in_words

__all__ = ["ROOT", "Answer", "assert_refused", "contents_of", "ended", "xltool"]


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    code: int
    out: str
    err: str


def xltool(*args: str | Path, folder: Path, encoding: str = "utf-8", before: str = "") -> Answer:
    """Run `xltool` in `folder`. `before`: Python to run in that process first."""
    words, given = list(map(str, args)), environment(PYTHONIOENCODING=encoding)
    if before:
        done = fresh(words, folder, given, "-c", f"{before}\nfrom xltool.cli import main; main()")
    else:
        done = (forked if encoding == "utf-8" else fresh)(words, folder, given)
    out, err = (
        said.decode(encoding).replace(os.linesep, "\n") for said in (done.stdout, done.stderr)
    )
    return Answer(done.returncode, out, err)


def ended(*args: object, code: int = 0) -> CompletedProcess[str]:
    """Run a command where the tests stand. Fails with what it printed when it does not end with `code`."""
    done = in_words(forked(list(map(str, args)), Path.cwd(), environment()))
    assert done.returncode == code, done.stdout + done.stderr
    return done


def contents_of(folder: Path) -> dict[str, bytes | None]:
    """Every file in a folder with its bytes, and every folder in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def assert_refused(folder: Path, *args: str | Path, said: tuple[str, ...], **run: str) -> Answer:
    """The command ends with 2, says so in Chinese with every text in `said`, and changes nothing."""
    before = contents_of(folder)
    answer = xltool(*args, folder=folder, **run)
    faults = [f"not said: {text}" for text in said if text not in answer.err]
    lines = answer.err.splitlines()
    faults += [f"no error line: {line}" for line in lines if not line.startswith("错误：")]
    faults += [f"internal: {word}" for word in ("Traceback", "程序出错") if word in answer.err]
    if answer.code != 2 or answer.out or not lines:
        faults.append(f"exit code {answer.code}, printed {answer.out!r}")
    if contents_of(folder) != before:
        faults.append(f"left behind: {sorted(contents_of(folder).keys() ^ before.keys())}")
    if faults:
        raise AssertionError("\n".join([*faults, f"stderr: {answer.err}"]))
    return answer
