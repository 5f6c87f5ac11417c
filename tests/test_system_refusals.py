"""What the system refuses (long names, no permission, a full disk, an odd locale) is said, not suffered."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reporting.books import SGB, filled
from tests.support.terminal import ROOT, assert_refused, xltool
from xltool.core import windowsreasons
from xltool.core.problems import InputError
from xltool.core.resources import SAMPLES, TEMPLATES
from xltool.core.saving.files import write_text
from xltool.ooxml import WorkbookError
from xltool.ooxml.edit.save import write_file
from xltool.wps import install

LONG = "长" * 260
"""No file system takes it as a name."""
FORM = TEMPLATES / "2024-shanghai" / "部门决算公开表.xlsx"
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows 里没有这种情形")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "簿.xlsx").write_bytes(filled(SGB))
    (tmp_path / "数据.json").write_bytes((SAMPLES / f"{SGB}.json").read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    "args",
    [
        ("validate", f"{LONG}.xlsx"),
        ("validate", "簿.xlsx", "--rules", f"{LONG}.yaml"),
        ("validate", "簿.xlsx", "-e", LONG),
        ("fill", "数据.json", "--totals", "given", "-o", f"{LONG}.xlsx"),
        ("convert", "簿.xlsx", "-o", f"{LONG}.parquet"),
        ("review", LONG, "-o", "审核"),
        ("sum", "簿.xlsx", "-o", f"{LONG}.xlsx"),
        ("mapping", "check", LONG),
        ("mapping", "init", FORM, "-o", LONG),
        ("new", "-e", "2024-shanghai", "-o", f"{LONG}.xlsx"),
        ("import", f"{LONG}.xlsx", "-o", "出.json"),
        ("finish", "簿.xlsx", "-o", f"{LONG}.xlsx"),
        ("narrative", "check", f"{LONG}.docx", "簿.xlsx"),
        ("watch", LONG),
    ],
    ids=lambda args: " ".join(map(str, args[:2])).replace(LONG, "…"),
)
def test_a_name_that_is_too_long(folder: Path, args: tuple[str | Path, ...]) -> None:
    assert_refused(folder, *args, said=("长长长",))


@pytest.mark.parametrize(
    ("number", "errno_", "said"),
    [
        (64, errno.EINVAL, "网络断了"),
        (388, errno.EINVAL, "网盘"),
        (225, errno.EINVAL, "杀毒软件"),
        (21, errno.EACCES, "拔掉"),
        (19, errno.EACCES, "只读"),
        (5, errno.EACCES, "没有.*权限"),
        (4390, errno.EINVAL, "系统错误 4390"),
    ],
)
def test_what_windows_says_by_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, errno_: int, said: str
) -> None:
    """Python calls most of it an invalid argument, which is no fault of the name."""

    class Windows:
        platform = "win32"

    def refuse(*_: object) -> None:
        error = OSError(errno_, "refused", "甲.json")
        error.winerror = number  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(windowsreasons, "sys", Windows)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(InputError, match=said):
        write_text(tmp_path / "甲.json", "x", force=True)
    with pytest.raises(WorkbookError, match=said):
        write_file(tmp_path / "甲.xlsx", [b"x"], overwrite=True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_windows_should_make_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows says that it exists, of the file in the way."""

    class Windows:
        platform = "win32"

    def refuse(path: Path, *_: object, **__: object) -> None:
        error = FileExistsError(errno.EEXIST, "exists", str(tmp_path / "文件"))
        error.winerror = 183  # type: ignore[attr-defined]
        raise error

    (tmp_path / "文件").write_text("x", encoding="utf-8")
    monkeypatch.setattr(windowsreasons, "sys", Windows)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InputError, match="路径里有一段不是文件夹"):
        install(tmp_path / "别处")


LOCKED = """
import os
scan, listed = os.scandir, os.listdir
def refusing(path=".", *, of=scan):
    if str(path).rstrip("/").endswith("锁"): raise PermissionError(13, "Permission denied", str(path))
    return of(path)
os.scandir = refusing
"""


@pytest.mark.parametrize("command", ["convert", "review", "sum"])
def test_a_folder_that_cannot_be_read_is_named(folder: Path, command: str) -> None:
    (folder / "报送" / "锁").mkdir(parents=True)
    (folder / "报送" / "簿.xlsx").write_bytes(filled(SGB))
    output = {"convert": "库.duckdb", "review": "审核", "sum": "和.xlsx"}[command]
    said = ("锁", "没有权限")
    assert_refused(folder, command, "报送", "-o", output, said=said, before=LOCKED)


@pytest.mark.parametrize("output", [".", "./"])
def test_this_folder_is_no_output(folder: Path, output: str) -> None:
    for more in ((), ("--to", "csv"), ("--to", "csv", "--force")):
        assert_refused(folder, "convert", "簿.xlsx", "-o", output, *more, said=("",))


@needs_posix
@pytest.mark.parametrize(
    "args", [("read", "簿.xlsx"), ("schema",), ("validate", "簿.xlsx"), ("--help",)]
)
def test_a_full_device_takes_no_output(folder: Path, args: tuple[str, ...]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("没有 /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "xltool", *args],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=300,
            check=False,
        )
    assert (done.returncode, done.stderr.decode()) == (2, "错误：读写不了：磁盘满了\n")


def test_pieces_of_a_long_workbook_do_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor do they lie in the system's folder for temporary files, which may be small."""
    pytest.importorskip("xlsxwriter")
    from xltool.batch.sinks.streamed import StreamedBook

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有"))
    whole = StreamedBook(tmp_path / "全.xlsx")
    whole.book.add_worksheet().write_string(0, 0, "x")
    whole.close()
    assert [path.name for path in tmp_path.iterdir()] == ["全.xlsx"]
    half = StreamedBook(tmp_path / "半.xlsx")
    half.book.add_worksheet()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.write", full)
    with pytest.raises(OSError) as refusal:
        half.close()
    assert refusal.value.errno == errno.ENOSPC
    half.close()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@needs_posix
def test_a_locale_that_knows_no_chinese(folder: Path) -> None:
    """As on servers and in containers: the mapping files have Chinese names."""
    environment = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }

    def run(*args: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, *args]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=90, check=False
        )

    fill = run("-m", "xltool", "fill", "数据.json", "-o", "出.xlsx", "--totals", "given")
    assert (fill.returncode, fill.stdout.decode()) == (0, "已填报：出.xlsx\n")
    assert run("-m", "xltool", "convert", "出.xlsx", "-o", "库", "--to", "csv").returncode == 0
    assert (folder / "库" / "facts.csv").is_file()
    program = "import xltool\ntry: xltool.find_edition('2024-shanghai')\nexcept xltool.InputError as e: print(ascii(e))"
    (folder / "p.py").write_text(program, encoding="utf-8")
    assert "PYTHONUTF8=1" in run("p.py").stdout.decode()


def test_a_gbk_screen_stays_gbk(folder: Path) -> None:
    answer = xltool("validate", "没有.xlsx", folder=folder, encoding="gbk")
    assert answer.code == 2 and "没有.xlsx" in answer.err
