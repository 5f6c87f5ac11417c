"""What the doctor asks of the machine; the tests give it another one."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from xltool.addin.config import interpreter
from xltool.addin.install import FOLDER, start_folder
from xltool.core.problems import InputError

_SECONDS = 60


@dataclass
class Machine:
    """This machine. `folder` is another start folder of Excel than the usual one."""

    folder: Path | None = None
    windows: bool = field(default=sys.platform == "win32")

    def start_folder(self) -> Path | None:
        """Where Excel looks for what it opens at its start; None when there is no such place."""
        if self.folder is not None:
            return self.folder
        try:
            return start_folder()
        except InputError:
            return None

    @property
    def usual_folder(self) -> bool:
        """True when the start folder is the one that Excel uses by itself."""
        return self.folder is None and FOLDER not in os.environ

    def python(self) -> PurePath:
        """The Python that runs now."""
        return interpreter()

    def registry(self, root: str, path: str, name: str) -> Any:
        """A value of the registry (root HKCU, HKLM or HKCR); None when there is none."""
        if sys.platform == "win32":
            import winreg

            roots = {
                "HKCU": winreg.HKEY_CURRENT_USER,
                "HKLM": winreg.HKEY_LOCAL_MACHINE,
                "HKCR": winreg.HKEY_CLASSES_ROOT,
            }
            with suppress(OSError), winreg.OpenKey(roots[root], path) as key:
                return winreg.QueryValueEx(key, name)[0]
        return None

    def registry_values(self, path: str) -> list[Any]:
        """All values under a key of the current user."""
        if sys.platform == "win32":
            import winreg

            with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
                return [winreg.EnumValue(key, n)[1] for n in range(winreg.QueryInfoKey(key)[1])]
        return []

    def run(self, command: Sequence[str], folder: Path | None = None) -> tuple[int, str]:
        """Run a program in a folder; its exit code and what it said. -1 when it could not be started."""
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                cwd=folder,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return -1, str(error)
        return done.returncode, (done.stdout + done.stderr).strip()

    def imports(self, name: str) -> str:
        """Why a module cannot be imported; "" when it can."""
        try:
            importlib.import_module(name)
        except Exception as error:  # a broken DLL raises whatever it likes
            return f"{type(error).__name__}: {error}"
        return ""

    def mark_of_web(self, path: Path) -> bool:
        """True when Windows has noted that a file came from the internet."""
        try:
            with open(f"{path}:Zone.Identifier", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
                text = stream.read()
        except OSError:
            return False
        return "ZoneId=3" in text or "ZoneId=4" in text
