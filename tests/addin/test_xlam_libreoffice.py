"""LibreOffice as a second reader of the add-in, and as one that runs its callback."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from xltool.addin.ribbon import buttons
from xltool.addin.vbaproject import Module, project_bin
from xltool.addin.xlam import build, modules

PYTHON = PurePosixPath("/bin/sh")
BRIDGE = Path(__file__).with_name("unobridge.py")

STAND_IN = """Attribute VB_Name = "xlwings"
Public Function RunPython(PythonCommand As String)
    Dim Row As Long
    Row = 1
    Do While ThisWorkbook.Sheets(1).Cells(Row, 4).Value <> ""
        Row = Row + 1
    Loop
    ThisWorkbook.Sheets(1).Cells(Row, 4).Value = PythonCommand
End Function
Public Function GetConfig(ByVal Key As String) As String
    GetConfig = XltoolSetting(Key)
End Function
"""
"""What stands for xlwings: it writes down the commands. FileExists is LibreOffice's own."""

PRESS = """Attribute VB_Name = "Press"
Public Type Button
    Tag As String
End Type
Public Sub PressAll()
    Dim Control As Button
{presses}
End Sub
"""


def workbook(path: Path, changed: Mapping[str, Module] | None = None) -> Path:
    """The add-in as a workbook, for LibreOffice does not open add-ins; modules changed or added."""
    known = {module.name: module for module in modules()} | dict(changed or {})
    with (
        zipfile.ZipFile(io.BytesIO(build(PYTHON))) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/vbaProject.bin" and changed:
                data = project_bin("xltool", list(known.values()))
            if name == "[Content_Types].xml":
                data = data.replace(b"ms-excel.addin.macro", b"ms-excel.sheet.macro")
            target.writestr(name, data)
    return path


def told(office: Sequence[str], path: Path, macro: str = "") -> Any:
    """What LibreOffice makes of a workbook."""
    profile = path.parent / "profile"
    profile.mkdir(exist_ok=True)
    done = subprocess.run(
        [*office, str(path), str(profile), macro],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def office(soffice: str, uno: str) -> Sequence[str]:
    """The command that starts LibreOffice and drives it."""
    return uno, str(BRIDGE), soffice


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libreoffice")


def test_reads_every_module(office: Sequence[str], folder: Path) -> None:
    found = told(office, workbook(folder / "xltool.xlsm"))["modules"]
    for module in modules():
        body = [line for line in module.source.splitlines() if not line.startswith("Attribute ")]
        for line in body:
            assert line.rstrip() in found[module.name]


def test_runs_the_callback_for_every_button(office: Sequence[str], folder: Path) -> None:
    tags = [button.tag for button in buttons()]
    presses = "\n".join(f'    Control.Tag = "{tag}"\n    XltoolAction Control' for tag in tags)
    ribbon = next(module for module in modules() if module.name == "XltoolRibbon")
    source = ribbon.source
    # LibreOffice has no type for buttons, and without a window no active workbook
    for theirs, its in (
        ("control As IRibbonControl", "control As Button"),
        ("ActiveWorkbook Is Nothing", "ThisWorkbook Is Nothing"),
    ):
        assert source.count(theirs) == 1
        source = source.replace(theirs, its)
    changed = {
        "XltoolRibbon": Module("XltoolRibbon", source),
        "xlwings": Module("xlwings", STAND_IN),
        "Press": Module("Press", PRESS.format(presses=presses)),
    }
    pressed = told(office, workbook(folder / "press.xlsm", changed), "Press.PressAll")["pressed"]
    assert pressed == [f"import xltool.addin.entry as e;e.dispatch('{tag}')" for tag in tags]
