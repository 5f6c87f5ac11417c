"""Workbooks and one finished run that the tests of this folder share."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.books import fill_raw
from tests.support.documents import make
from xltool.batch.parts import WorkFolder
from xltool.batch.runner import FinishedRun, process
from xltool.batch.sinks.documents import document
from xltool.batch.sources import find_sources
from xltool.batch.task import Options

BOOKS = {
    "甲局/甲局本级.xlsx": (1, "2021-national", "万元"),
    "甲局/甲局所属学校.xlsx": (2, "2021-national", "元"),
    "乙局.xlsx": (3, "2023-national", "万元"),
    "丙区.xlsm": (4, "2024-shanghai", "元"),
}


def print_in_yuan(path: Path) -> None:
    """Let a form say that its amounts are in 元 (they then are small ones)."""
    with zipfile.ZipFile(path) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in parts.items():
            archive.writestr(info, content.replace("单位：万元".encode(), "单位：元".encode()))


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four workbooks of three editions, in 元 and 万元. Not to be changed."""
    folder = tmp_path_factory.mktemp("报送")
    for name, (seed, edition, unit) in BOOKS.items():
        raw = make(seed, edition, details=3, unit=unit)
        raw["单位名称"] = Path(name).stem
        raw["表"].pop("项目支出绩效自评表", None)
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        plain = path.with_suffix(".xlsx")
        fill_raw(raw, plain)
        if unit == "元":
            print_in_yuan(plain)
        plain.replace(path)
    return folder


@pytest.fixture(scope="session")
def submission(books: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What people really hand in: the workbooks, one twice, some in an archive, and files that are none."""
    folder = tmp_path_factory.mktemp("收件") / "收件箱"
    shutil.copytree(books, folder)
    shutil.copy(books / "乙局.xlsx", folder / "乙局 - 副本.xlsx")
    with zipfile.ZipFile(folder / "丁县.zip", "w") as archive:
        archive.write(books / "乙局.xlsx", "丁县/乙局.xlsx")
        archive.writestr("丁县/说明.txt", "见附件")
    (folder / "坏.xlsx").write_bytes((books / "乙局.xlsx").read_bytes()[:3000])
    (folder / "手工.et").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "~$乙局.xlsx").write_bytes(b"owner")
    (folder / "说明.pdf").write_bytes(b"%PDF")
    return folder


@pytest.fixture(scope="session")
def finished(submission: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedRun]:
    """Every book of `submission`, read and validated by two processes, with its data document."""
    sources = find_sources([str(submission)]).sources
    with WorkFolder(tmp_path_factory.mktemp("run") / "out") as work:
        yield process(sources, work, Options(validate=True, attach=document), jobs=2)
