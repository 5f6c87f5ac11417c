"""A fresh Excel for every test that asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addin.fakeexcel import App, start
from xltool.addin.log import FOLDER


@pytest.fixture
def excel() -> App:
    """Excel without a workbook."""
    return start()


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The add-in's log goes to the test's own folder."""
    folder = tmp_path / "logs"
    monkeypatch.setenv(FOLDER, str(folder))
    return folder
