"""A fresh Excel for every test that asks for one. Without xlwings nothing of this folder can run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from tests.conftest import without
from tests.support.programs import XLWINGS
from xltool.addin.log import FOLDER

if TYPE_CHECKING:
    from tests.addin.fakeexcel import App


class _Skipped(pytest.Module):
    """A module that is not even imported."""

    def collect(self) -> NoReturn:
        """Say why."""
        without(XLWINGS, self.config)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Leave the modules of this folder out where xlwings cannot be had; None: as usual."""
    if XLWINGS.find():
        return None
    skipped: pytest.Module = _Skipped.from_parent(parent, path=module_path)
    return skipped


@pytest.fixture
def excel() -> App:
    """Excel without a workbook."""
    from tests.addin.fakeexcel import start

    return start()


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The add-in's log goes to the test's own folder."""
    folder = tmp_path / "logs"
    monkeypatch.setenv(FOLDER, str(folder))
    return folder
