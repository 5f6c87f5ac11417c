"""The folder for Windows is built on any system, from a CPython that was checked and wheels that lie there."""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.terminal import ROOT

PTH = "python311.zip\n.\n\n# Uncomment to run site.main() automatically\n#import site\n"


@pytest.fixture(scope="module")
def tools() -> Iterator[ModuleType]:
    """The package tools/windows."""
    sys.path.insert(0, str(ROOT / "tools"))
    for name in ("cpython", "doors", "wheels"):
        importlib.import_module(f"windows.{name}")
    yield sys.modules["windows"]
    sys.path.remove(str(ROOT / "tools"))


@pytest.fixture
def embeddable(tmp_path: Path) -> Path:
    """An archive laid out as the official embeddable package is."""
    path = tmp_path / "python-3.11.9-embed-amd64.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("python.exe", "pythonw.exe", "python311.dll", "python3.dll", "_ssl.pyd"):
            archive.writestr(name, b"MZ")
        archive.writestr("python311.zip", b"PK")
        archive.writestr("LICENSE.txt", b"PSF")
        archive.writestr("python311._pth", PTH)
    return path


def wheel(folder: Path, name: str, *needs: str, licence: str = "MIT", **files: bytes) -> Path:
    """A wheel with a licence file."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nLicense-Expression: {licence}\n"
    with zipfile.ZipFile(path, "w") as archive:
        needed = "".join(f"Requires-Dist: {need}\n" for need in needs)
        archive.writestr(f"{name}-1.0.dist-info/METADATA", head + needed)
        archive.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
        archive.writestr(f"{name}-1.0.dist-info/LICENSE", f"licence of {name}")
        for inside in (f"{name}/__init__.py", f"{name}/tests/test_a.py", f"{name}/a.pyi"):
            archive.writestr(inside, "")
        for inside, content in files.items():
            archive.writestr(inside, content)
    return path


def test_the_official_package_is_taken_only_with_its_checksum(
    tools: ModuleType, embeddable: Path, tmp_path: Path
) -> None:
    for given in ("", "0" * 64):
        with pytest.raises(SystemExit, match="SHA-256"):
            tools.cpython.lay_down(embeddable, given, tmp_path / "no")
    assert not (tmp_path / "no").exists()
    right = hashlib.sha256(embeddable.read_bytes()).hexdigest()
    runtime = tools.cpython.lay_down(embeddable, right.upper(), tmp_path / "python")
    assert (runtime.version, runtime.official) == ("3.11", True)
    pth = (tmp_path / "python" / "python311._pth").read_text(encoding="utf-8")
    assert pth.splitlines() == ["python311.zip", ".", "import site"]


def test_another_layout_is_for_trials_and_loses_what_only_tests_need(
    tools: ModuleType, tmp_path: Path
) -> None:
    source = tmp_path / "cp311"
    kept = ("python.exe", "python311.dll", "Lib/json/__init__.py", "DLLs/_ssl.pyd")
    needless = (
        "Lib/test/a.py",
        "Lib/unittest/test/c.py",
        "Lib/tkinter/b.py",
        "bcryptprimitives.dll",
        "tcl/x.tcl",
    )
    for name in (*kept, *needless):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).touch()
    runtime = tools.cpython.lay_down(source, "", tmp_path / "python")
    assert not runtime.official
    found = {
        p.relative_to(runtime.folder).as_posix() for p in runtime.folder.rglob("*") if p.is_file()
    }
    assert found == {*kept, "python311._pth"}


def test_what_only_windows_needs_is_fetched_too(tools: ModuleType, tmp_path: Path) -> None:
    """pip on this system leaves it out."""
    house, out = tmp_path / "house", tmp_path / "out"
    house.mkdir()
    own = wheel(
        house,
        "xltool",
        "click",
        "onlylinux; sys_platform != 'win32'",
        "bridge>=0.5; extra == 'excel'",
        "other; extra == 'dask'",
    )
    for name, *needs in (
        ("click", "colorama; platform_system == 'Windows'"),
        ("colorama",),
        ("bridge", "pywin32; sys_platform == 'win32'"),
        ("pywin32",),
        ("onlylinux",),
        ("other",),
    ):
        wheel(house, name, *needs)
    found = tools.wheels.fetch(own, ("excel",), "3.11", out, house)
    assert [one.name for one in found] == ["bridge", "click", "colorama", "pywin32", "xltool"]
    assert len(list(out.glob("*.whl"))) == len(found)


def test_wheels_are_laid_down_without_tests_and_each_licence_is_listed(
    tools: ModuleType, tmp_path: Path
) -> None:
    runtime = tmp_path / "python"
    runtime.mkdir()
    (runtime / "LICENSE.txt").write_text("PSF", encoding="utf-8")
    paths = [wheel(tmp_path, "alpha"), wheel(tmp_path, "beta", licence="BSD-3-Clause")]
    found = [tools.wheels.read(path) for path in paths]
    tools.wheels.lay_down(found, runtime, "3.11")
    site = runtime / "Lib" / "site-packages"
    assert (site / "alpha" / "__init__.py").exists()
    assert not (site / "alpha" / "tests").exists() and not (site / "alpha" / "a.pyi").exists()
    tools.wheels.list_licences(found, runtime, tmp_path / "许可")
    text = (tmp_path / "许可" / "组件.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["组件"], row["许可"]) for row in rows] == [
        ("alpha", "MIT"),
        ("beta", "BSD-3-Clause"),
        ("CPython", "PSF-2.0"),
    ]
    for row in rows:
        assert (tmp_path / "许可" / row["随附文件"]).exists()


def test_the_doors_are_fit_for_a_chinese_cmd(tools: ModuleType) -> None:
    doors = tools.doors.doors()
    assert {"xltool.cmd", "打开页面.cmd"} < set(doors)
    for name, content in doors.items():
        assert content.endswith(b"\r\n") and content.count(b"\n") == content.count(b"\r\n"), name
        name.encode("gbk")
        text = content.decode("gbk")
        for sign in filter(lambda c: ord(c) > 127, text):
            # a cmd that takes the second byte for a sign of its own would run something else
            assert not set(sign.encode("gbk")) & set(b'&|<>^%!"()@=;, '), (name, sign)
        assert "{" not in text, name
        if name != "xltool.cmd":
            # the letter that pushd gives to a share is given back
            lines = text.split("\r\n")
            assert lines.index(":share") < lines.index("popd") < lines.index(":run")
            assert "popd" in lines[lines.index(":run") :], name
        if name not in ("xltool.cmd", "打开页面.cmd"):
            assert "pause\r\n" in text and "exit %XLTOOL_CODE%" in text
            assert text.index("EnableDelayedExpansion") < text.index("!cmdcmdline!")
            assert text.index("DisableDelayedExpansion") < text.index("%~f0")


def test_every_door_leads_somewhere(tools: ModuleType) -> None:
    from xltool.desktop.app import doors

    assert {"page", *tools.doors.DOORS.values()} == set(doors.commands)
    page = tools.doors.readme("0.1.0", "CPython 3.11", official=False).decode("utf-8-sig")
    for name in tools.doors.doors():
        assert name in page
    assert "不是官方嵌入包" in page
    assert "不是官方" not in tools.doors.readme("0.1.0", "CPython", official=True).decode("utf-8")


def test_without_a_python_it_says_what_to_get(capsys: pytest.CaptureFixture[str]) -> None:
    import subprocess

    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "build_windows.py")],
        capture_output=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PATH": ""},
        check=False,
        timeout=300,
    )
    assert done.returncode == 1
    assert "python-3.11.9-embed-amd64.zip" in done.stderr.decode("utf-8")
