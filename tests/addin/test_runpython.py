"""The command line that a button builds in VBA, argument for argument, as a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.addin.workbooks import INCOME, broken_book
from xltool.addin.log import FOLDER
from xltool.addin.xlam import modules

ROOT = Path(__file__).resolve().parents[2]


def source(module: str) -> str:
    return next(m.source for m in modules() if m.name == module)


def command(tag: str) -> str:
    """What VBA puts behind `python -B -c`: our part from the ribbon's module, xlwings' from its own."""
    ours = re.search(r'XltoolCommand = "(.*)" & ButtonTag & "(.*)"', source("XltoolRibbon"))
    assert ours is not None
    assert ' -B -c """ & PythonCommand & """ "' in source("xlwings")
    return f"{ours[1]}{tag}{ours[2]}"


def press(tag: str, book: Path, folder: Path, *others: Path, hwnd: str = "4242") -> Any:
    """Press a button while `book` is in front; what the person was told, and the sheets after."""
    for argument in ('" --from_xl=1"', '" --hwnd="'):
        assert argument in source("xlwings")
    out = folder / "told.json"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests/addin/replay"), str(ROOT)]),
        "PYTHONUTF8": "1",
        "REPLAY_BOOKS": "\n".join(map(str, (book, *others))),
        "REPLAY_FRONT": str(book),
        "REPLAY_OUT": str(out),
        FOLDER: str(folder / "logs"),
    }
    arguments = [
        "--from_xl=1",
        "--app=C:\\Office\\Microsoft Excel",
        f"--hwnd={hwnd}",
    ]
    done = subprocess.run(
        [sys.executable, "-B", "-c", command(tag), *arguments],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
        timeout=300,
    )
    told = json.loads(out.read_text(encoding="utf-8"))
    return {**told, "exit": done.returncode, "stderr": done.stderr}


@pytest.mark.parametrize("name", ["2025年 部门&决算=终稿 (1).xlsx", "决算'滬—①' %TEMP%;^.xlsx"])
def test_awkward_names(tmp_path: Path, name: str) -> None:
    book = broken_book(tmp_path / name, slips=[(INCOME, "D17")])
    told = press("validate", book, tmp_path)
    assert (told["exit"], told["stderr"]) == (0, "")
    (alert,) = told["alerts"]
    assert alert.startswith(f"不合格　{name}")
    assert told["sheets"][name][-1] == "校验结果"


VBA_TEXT = re.compile(r'"(?:[^"]|"")*"')
CMD = "&|<>^%!()=;,`'@+~[]{}# \t"
"""What means something to cmd.exe and may stand in the name of a file or a folder, or nearly."""


def on_the_command_line() -> set[str]:
    """The values that VBA puts into the line for cmd.exe."""
    text = re.sub(r" _\r?\n", " ", source("xlwings"))
    run = next(line for line in text.splitlines() if "WScript.Run(" in line and "cmd.exe" in line)
    line = run.partition("WScript.Run(")[2].rpartition("WindowStyle")[0]
    (built,) = (
        line.partition(" = ")[2]
        for line in text.splitlines()
        if "RunCommand = " in line and "-B -c" in line
    )
    whole = line.replace("RunCommand", built)
    return set(re.findall(r"[A-Za-z_][\w.$]*", VBA_TEXT.sub(" ", whole))) - {"Chr"}


def test_nothing_of_the_workbook_is_on_the_command_line() -> None:
    assert on_the_command_line() == {
        "DriveCommand",
        "CondaCmd",
        "PythonInterpreter",
        "PythonCommand",
        "Application.Path",
        "Application.Name",
        "Application.Hwnd",
        "LOG_FILE",
    }
    assert "ActiveWorkbook.FullName &" not in source("xlwings")


@pytest.mark.parametrize("first", ["", "^"])
def test_every_sign_of_cmd_in_a_name(tmp_path: Path, first: str) -> None:
    """A folder and a file with each sign, plain and behind `^`: the right book is checked, nothing else is run."""
    signs = CMD.translate(dict.fromkeys(map(ord, "|<>\t"))) if sys.platform == "win32" else CMD
    folder = tmp_path / "报送".join(f"{first}{sign}x" for sign in signs)
    folder.mkdir()
    name = "".join(f"{first}{sign} calc " for sign in signs)
    book = broken_book(folder / f"决算{name}.xlsx", slips=[(INCOME, "D17")])
    told = press("validate", book, folder)
    assert (told["exit"], told["stderr"]) == (0, "")
    assert told["sheets"][book.name][-1] == "校验结果"


def test_of_several_workbooks_the_one_in_front(tmp_path: Path) -> None:
    names = ["乙=1.xlsx", "乙=2.xlsx", "乙.xlsx"]
    books = [broken_book(tmp_path / name, slips=[(INCOME, "D17")]) for name in names]
    told = press("validate", books[1], tmp_path, books[0], books[2])
    assert {name for name, sheets in told["sheets"].items() if "校验结果" in sheets} == {names[1]}


def test_what_cannot_be_shown_goes_to_vba(tmp_path: Path) -> None:
    told = press("validate", broken_book(tmp_path / "决算.xlsx"), tmp_path, hwnd="1")
    assert told["exit"] == 1
    assert told["stderr"].startswith("没有做成：") and "Traceback" not in told["stderr"]
    assert (tmp_path / "logs" / "addin.log").exists()
    assert "校验结果" not in told["sheets"]["决算.xlsx"]
