"""The wheel: it carries its data, installs into an empty environment, and runs from any folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.terminal import ROOT
from xltool import __version__
from xltool.core.resources import MAPPINGS, SAMPLES, TEMPLATES
from xltool.editions import all_editions

SOURCES = (
    "xltool",
    "mappings",
    "workbook_templates",
    "samples",
    "docs",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)
BIN = "Scripts" if sys.platform == "win32" else "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy of what it is made of."""
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        origin = ROOT / name
        if origin.is_dir():
            shutil.copytree(origin, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, source / name)
    out = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    run([*pip, "--quiet", "--wheel-dir", str(out), str(source)], out)
    (built,) = out.glob("*.whl")
    return built


def run(command: list[str], folder: Path) -> str:
    """What a command prints; its words when it fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["PYTHONUTF8"] = "1"
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, timeout=120
    )
    if done.returncode:
        raise AssertionError(done.stdout.decode("utf-8") + done.stderr.decode("utf-8"))
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def test_the_wheel_carries_every_data_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in (MAPPINGS, TEMPLATES, SAMPLES):
        for path in folder.rglob("*"):
            if path.is_file():
                inside = f"xltool/_data/{path.relative_to(folder.parent).as_posix()}"
                assert inside in names
    for path in (ROOT / "xltool").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert path.relative_to(ROOT).as_posix() in names
    assert not [name for name in names if name.startswith(("tests", "tools", "docs"))]


def test_it_installs_into_an_empty_environment_and_runs(wheel: Path, tmp_path: Path) -> None:
    """The environment borrows the libraries of this one, so that nothing is fetched."""
    venv.create(tmp_path / "env", with_pip=False)
    python = str(tmp_path / "env" / BIN / ("python.exe" if BIN == "Scripts" else "python"))
    paths = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], tmp_path)
    site = Path(paths.strip())
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index"]
    run([*pip, "--no-deps", str(wheel)], tmp_path)
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    command = str(tmp_path / "env" / BIN / "xltool")
    folder = tmp_path / "别的 文件夹"
    folder.mkdir()
    assert run([command, "--version"], folder) == f"xltool {__version__}\n"
    where = run([python, "-c", "import xltool; print(xltool.__file__)"], folder)
    assert Path(where.strip()).is_relative_to(site)
    listed = run([command, "editions"], folder)
    assert [line.split("\t")[0] for line in listed.splitlines()] == [e.id for e in all_editions()]
    run([command, "demo", "演示"], folder)
    assert {"决算.xlsx", "录错-标注.xlsx", "录错-报告.html"} <= {
        path.name for path in (folder / "演示").iterdir()
    }
