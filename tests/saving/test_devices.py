"""Names that are no files on Windows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from xltool.core.problems import InputError
from xltool.core.saving import devices
from xltool.core.saving.devices import is_device_name
from xltool.core.saving.files import write_text
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked


def test_devices_by_name() -> None:
    for name in ("CON", "nul.txt", "Aux.标注.xlsx", "COM1", "lpt9.x", "nul ", "con:x"):
        assert is_device_name(name), name
    for name in ("决算.xlsx", "console.xlsx", "nul-1.xlsx", "com10", "aux1", "xaux.xlsx"):
        assert not is_device_name(name), name


def test_nothing_is_written_to_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-o NUL` would be told as done, and the workbook be lost."""

    class Windows:
        platform = "win32"

    monkeypatch.setattr(devices, "sys", Windows)
    with pytest.raises(InputError, match="Windows 保留的名字"):
        check_outputs([tmp_path / "aux.xlsx"], force=True, made=is_marked)
    with pytest.raises(InputError, match="文件名不合规定"):
        write_text(tmp_path / "NUL", "x", force=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="在 Windows 上是保留的名字")
def test_elsewhere_they_are_names_as_any(tmp_path: Path) -> None:
    write_text(tmp_path / "aux.txt", "x", force=False)
    assert (tmp_path / "aux.txt").read_text(encoding="utf-8") == "x"
