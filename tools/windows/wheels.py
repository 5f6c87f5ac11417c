"""The wheels for Windows: fetched by pip on any system, laid down, their licences listed."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
_LICENCE = re.compile(
    r"(?i)[^/]+\.dist-info/(?:licenses?/.*|(?:licen[cs]e|copying|notice|authors)[^/]*)"
)
_NEEDLESS = re.compile(
    r"(?i)(?:bin|scripts)/|pythonwin/|pywin32\.chm$|pythonwin\.pyw?|xlwings/(?:js|html)/"
    r"|(?:.*/)?(?:tests?|demos?|testing)/|(?:.*/)?pytest_plugin\.py$|(?:.*/)?__pycache__/|.*\.(?:pyi|c|h|pxd|pyx)$"
)
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input")


class Wheel(NamedTuple):
    """A wheel and what it says of itself."""

    path: Path
    metadata: Message

    @property
    def name(self) -> str:
        """As pip compares names."""
        return canonicalize_name(self.metadata["Name"])

    @property
    def licence(self) -> str:
        """In its own words: an expression, the classifiers, or the old field."""
        if expression := self.metadata.get("License-Expression"):
            return str(expression)
        classifiers = self.metadata.get_all("Classifier", [])
        named = [c.split(" :: ")[-1] for c in classifiers if c.startswith("License ::")]
        if named:
            return "; ".join(dict.fromkeys(named))
        return (str(self.metadata.get("License", "")).strip().splitlines() or ["见随附文件"])[0][
            :80
        ]

    def requirements(self, environment: Mapping[str, str]) -> Iterator[Requirement]:
        """What it needs on Windows."""
        for text in self.metadata.get_all("Requires-Dist", []):
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is None or marker.evaluate({"extra": "", **environment}):
                yield requirement


def read(path: Path) -> Wheel:
    """A wheel's metadata."""
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return Wheel(path, Parser().parsestr(archive.read(name).decode("utf-8")))


def build_own(folder: Path) -> Path:
    """The project's own wheel."""
    command = [
        *_PIP,
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True)
    return next(folder.glob("xltool-*.whl"))


def fetch(
    own: Path, extras: Sequence[str], version: str, folder: Path, source: Path | None
) -> list[Wheel]:
    """All wheels that `own` with `extras` needs on Windows, in `folder`; from `source` when given, else from the index.

    pip on another system judges the conditions of requirements (sys_platform == "win32") by its own, so what it
    leaves out is asked for by name, until nothing is missing.
    """
    environment = {
        "sys_platform": "win32",
        "platform_system": "Windows",
        "os_name": "nt",
        "platform_machine": "AMD64",
        "python_version": version,
        "python_full_version": f"{version}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    wanted = [f"{own}[{','.join(extras)}]" if extras else str(own)]
    where = ["--no-index", "--find-links", str(source)] if source else []
    while True:
        command = [*_PIP, "download", "-q", "--only-binary=:all:", "--platform", "win_amd64"]
        command += ["--python-version", version, "-d", str(folder), *where, *wanted]
        subprocess.run(command, check=True)
        wheels = {wheel.name: wheel for wheel in map(read, sorted(folder.glob("*.whl")))}
        needed, missing = _closure(wheels, extras, environment)
        if not missing:
            break
        wanted += missing
    for name in wheels.keys() - needed:
        wheels[name].path.unlink()
    return [wheels[name] for name in sorted(needed)]


def _closure(
    wheels: Mapping[str, Wheel], extras: Sequence[str], environment: Mapping[str, str]
) -> tuple[set[str], list[str]]:
    """The names of the wheels that Windows needs, and the requirements that none of them answers to."""
    seen: set[tuple[str, frozenset[str]]] = set()
    missing: list[str] = []
    todo = [("xltool", frozenset(extras))]
    while todo:
        name, wanted = todo.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        for extra in ("", *wanted):
            for needed in wheels[name].requirements({**environment, "extra": extra}):
                key = canonicalize_name(needed.name)
                if key in wheels:
                    todo.append((key, frozenset(needed.extras)))
                else:
                    missing.append(f"{needed.name}{needed.specifier}")
    return {name for name, _ in seen}, missing


def lay_down(wheels: Sequence[Wheel], runtime: Path, version: str) -> None:
    """Install the wheels into Lib/site-packages, without what only tests and developers need."""
    site = runtime / "Lib" / "site-packages"
    command = [
        *_PIP,
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        str(site),
    ]
    command += ["--platform", "win_amd64", "--python-version", version, "--only-binary=:all:"]
    subprocess.run([*command, *(str(wheel.path) for wheel in wheels)], check=True)
    for path in sorted(site.rglob("*"), reverse=True):
        inside = path.relative_to(site).as_posix()
        if path.is_file() and _NEEDLESS.match(inside) and ".dist-info/" not in inside:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def list_licences(wheels: Sequence[Wheel], runtime: Path, folder: Path) -> None:
    """A table of the components, and the text of each licence."""
    folder.mkdir()
    rows = [("组件", "版本", "许可", "主页", "随附文件")]
    for wheel in wheels:
        texts = list(_texts(wheel, folder))
        home = wheel.metadata.get("Home-page") or _home(wheel.metadata)
        rows.append(
            (
                wheel.metadata["Name"],
                wheel.metadata["Version"],
                wheel.licence,
                home,
                "、".join(texts),
            )
        )
    if (runtime / "LICENSE.txt").exists():
        shutil.copy(runtime / "LICENSE.txt", folder / "Python.txt")
        rows.append(("CPython", "", "PSF-2.0", "https://www.python.org", "Python.txt"))
    with (folder / "组件.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _texts(wheel: Wheel, folder: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel.path) as archive:
        for name in archive.namelist():
            if _LICENCE.fullmatch(name) and not name.endswith("/"):
                flat = f"{wheel.name}-{name.split('.dist-info/')[1].replace('/', '-')}"
                (folder / flat).write_bytes(archive.read(name))
                yield flat


def _home(metadata: Message) -> str:
    urls = dict(part.split(", ", 1) for part in metadata.get_all("Project-URL", []) if ", " in part)
    return str(next(iter(urls.values()), ""))
