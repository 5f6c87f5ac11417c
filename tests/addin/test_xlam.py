"""The add-in as a file."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from functools import lru_cache
from pathlib import Path, PureWindowsPath

import pytest
from lxml import etree

from tests.addin.olevba import vba_sources
from xltool.addin import xlwingsbas
from xltool.addin.actions import ACTIONS
from xltool.addin.config import SHEET, settings
from xltool.addin.ribbon import buttons, older_ribbon_xml, ribbon_xml
from xltool.addin.xlam import build, modules
from xltool.core.problems import InputError
from xltool.ooxml import open_workbook

PYTHON = PureWindowsPath(r"D:\决算工具\venv\Scripts\python.exe")
SCHEMA = Path(__file__).with_name("ribbon.xsd")


@lru_cache(maxsize=1)
def addin() -> bytes:
    return build(PYTHON)


@lru_cache(maxsize=1)
def sources() -> dict[str, str]:
    """The VBA modules as olevba reads them."""
    return vba_sources(addin())


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(addin())) as archive:
        return archive.read(name)


def test_olevba_reads_the_modules_as_written() -> None:
    written = {m.name: m.source.replace("\r\n", "\n").strip() for m in modules()}
    read = {
        name.rpartition(".")[0]: code.replace("\r\n", "\n").strip()
        for name, code in sources().items()
    }
    assert set(read) == set(written)
    for name, code in read.items():
        assert code == written[name]


def test_same_bytes_every_time() -> None:
    code = (
        "import sys, pathlib; from xltool.addin.xlam import build;"
        "sys.stdout.buffer.write(build(pathlib.PureWindowsPath(sys.argv[1])))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(PYTHON)], capture_output=True, check=True, cwd=root
    )
    assert done.stdout == addin()


def test_settings_can_be_read_back() -> None:
    sheet = open_workbook(addin()).sheet(SHEET)
    keys = [sheet.value(f"A{row}") for row in range(1, len(settings(PYTHON)) + 1)]
    values = [sheet.value(f"B{row}") or "" for row in range(1, len(keys) + 1)]
    assert dict(zip(keys, values, strict=True)) == settings(PYTHON)
    # VBA reads the keys down to the first blank cell
    assert sheet.extent is not None and sheet.extent.bottom == len(keys)


def test_every_setting_that_vba_asks_for_is_given() -> None:
    """One that is missing would be looked for in files beside the workbook."""
    asked = set(re.findall(r'GetConfig\("([^"]+)"', "\n".join(sources().values())))
    asked |= set(re.findall(r'XltoolSetting\("([^"]+)"', "\n".join(sources().values())))
    assert asked <= set(settings(PYTHON))
    assert asked >= {"INTERPRETER_WIN", "PYTHONPATH", "TEXT_NO_WORKBOOK"}


def test_a_workbook_cannot_change_the_settings() -> None:
    code = sources()["xlwings.bas"]
    assert 'SheetExists(ActiveWorkbook, PROJECT_NAME & ".conf")' not in code
    assert '".py" Then' not in code


def test_licence_of_xlwings_goes_along() -> None:
    code = sources()["xlwings.bas"]
    assert "BSD 3-clause license" in code and "Redistributions in binary form" in code


def test_callbacks_of_the_ribbon_are_in_the_project() -> None:
    names = set(re.findall(r'onAction="([^"]+)"', ribbon_xml()))
    assert names == {"XltoolAction"}
    assert "Public Sub XltoolAction(control As IRibbonControl)" in sources()["XltoolRibbon.bas"]


def test_tags_are_what_dispatch_knows() -> None:
    assert {button.tag for button in buttons()} == set(ACTIONS)
    for button in buttons():
        assert button.tag.isascii() and button.tag.isalpha()


@pytest.mark.parametrize("text", [ribbon_xml(), older_ribbon_xml().replace("2006/01", "2009/07")])
def test_ribbon_keeps_its_schema(text: str) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.fromstring(text.encode("utf-8")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('size="large"', 'size="huge"'),
        ('imageMso="Help"', 'imageMso="Help me"'),
        ('id="xltoolFill"', 'id="xltoolClear"'),
        ("supertip=", "superTip="),
        ('keytip="J"', 'keytip="JSHE"'),
        ('label="校验" size', 'label="" size'),
    ],
)
def test_schema_refuses_slips(old: str, new: str) -> None:
    text = ribbon_xml()
    assert old in text
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert not schema.validate(etree.fromstring(text.replace(old, new, 1).encode("utf-8")))


def test_key_tips_are_different() -> None:
    tips = re.findall(r'<button[^>]* keytip="([^"]+)"', ribbon_xml())
    assert len(tips) == len(set(tips)) == len(buttons())


def test_parts_of_the_package_fit_together() -> None:
    with zipfile.ZipFile(io.BytesIO(addin())) as archive:
        names = set(archive.namelist())
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    targets = set(re.findall(r'Target="([^"]+)"', part("_rels/.rels").decode()))
    targets |= {
        f"xl/{t}"
        for t in re.findall(r'Target="([^"]+)"', part("xl/_rels/workbook.xml.rels").decode())
    }
    assert targets == names - {"[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"}


def test_an_xlwings_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    change = xlwingsbas._Change("Public Sub NoSuchThing", "", 1)
    monkeypatch.setattr(xlwingsbas, "_CHANGES", (change,))
    with pytest.raises(InputError, match=r"xlwings .* 的 VBA 模块与本工具不配套"):
        build(PYTHON)
