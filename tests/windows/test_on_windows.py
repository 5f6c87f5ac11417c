"""What only Windows does: its console, its names and paths, files that another program holds, Ctrl-C.

Under Wine (.ci/windows) much of this is Wine's doing; docs/windows.md says what that proves.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reporting.books import SGB, filled
from tests.support.ending import ENDINGS, ask_to_end
from tests.support.terminal import ROOT, Answer
from xltool.core import windowsreasons
from xltool.core.problems import system_reason
from xltool.core.resources import SAMPLES
from xltool.core.saving.moving import remove_folder

if sys.platform != "win32":
    pytest.skip("只在 Windows 上有意义", allow_module_level=True)

import ctypes
from ctypes import wintypes

BOOK = "决算.xlsx"


def plain(*words: str | Path, folder: Path) -> Answer:
    """The command line with nothing said about encodings, as in a clerk's window."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-m", "xltool", *map(str, words)],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=300,
        check=False,
    )
    out, err = (said.decode("mbcs").replace("\r\n", "\n") for said in (done.stdout, done.stderr))
    return Answer(done.returncode, out, err)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk in the folder of a user with a Chinese name."""
    folder = tmp_path / "张 三" / "桌面"
    folder.mkdir(parents=True)
    (folder / BOOK).write_bytes(filled(SGB))
    shutil.copy(SAMPLES / f"{SGB}.json", folder / "数据.json")
    return folder


@contextmanager
def held(path: Path, share: int) -> Iterator[None]:
    """Another program has the file open for writing, and lets others do `share` (0 nothing, 1 read, as Excel)."""
    create = ctypes.windll.kernel32.CreateFileW
    create.restype = wintypes.HANDLE
    handle = create(str(path), 0xC0000000, share, None, 3, 0, None)
    assert handle not in (None, wintypes.HANDLE(-1).value)
    try:
        yield
    finally:
        ctypes.windll.kernel32.CloseHandle(wintypes.HANDLE(handle))


def test_the_console_speaks_the_code_page(desk: Path) -> None:
    answer = plain("validate", BOOK, folder=desk)
    assert (answer.code, answer.err) == (0, "")
    assert "结论：合格" in answer.out or "合格" in answer.out


def test_backslashes_and_drive_letters(desk: Path) -> None:
    assert plain("validate", str(desk / BOOK).replace("/", "\\"), folder=desk.parent).code == 0
    assert plain("validate", desk.as_posix() + f"/{BOOK}", folder=desk.parent).code == 0
    drive = os.path.splitdrive(desk)[0]
    assert plain("validate", f"{drive}{BOOK}", folder=desk).code == 0, "C:name is in C's folder"
    answer = plain("fill", "数据.json", "--totals", "given", "-o", ".\\报送.xlsx", folder=desk)
    assert answer.code == 0 and (desk / "报送.xlsx").exists()


def test_a_share(desk: Path) -> None:
    share = os.environ.get("XLTOOL_TEST_SHARE")
    if not share:
        pytest.skip("没有共享文件夹（XLTOOL_TEST_SHARE）")
    folder = Path(share) / "报送 (1)"
    folder.mkdir(exist_ok=True)
    shutil.copy(desk / BOOK, folder / BOOK)
    assert plain("validate", folder / BOOK, folder=desk).code == 0
    made = folder / "填好.xlsx"
    made.unlink(missing_ok=True)
    args = ("fill", "数据.json", "--totals", "given", "-o", made)
    assert plain(*args, folder=desk).code == 0
    assert plain(*args, folder=desk).code == 2, "it is there already"
    assert made.exists()


@pytest.mark.parametrize(
    "name", ["NUL.xlsx", "aux.xlsx", "con.标注.xlsx", "报送\\COM1.xlsx", "nul .xlsx"]
)
def test_names_of_devices_are_refused(desk: Path, name: str) -> None:
    (desk / "报送").mkdir()
    answer = plain("fill", "数据.json", "--totals", "given", "-o", name, folder=desk)
    assert answer.code == 2 and "Windows 保留的名字" in answer.err
    answer = plain("read", BOOK, "-o", name.replace(".xlsx", ".json"), folder=desk)
    assert answer.code == 2 and "保留的名字" in answer.err + answer.out
    assert {path.name for path in desk.rglob("*")} == {BOOK, "数据.json", "报送"}


def test_one_file_by_two_spellings_is_no_output_over_an_input(desk: Path) -> None:
    before = (desk / BOOK).read_bytes()
    (desk / "a.xlsx").write_bytes(before)
    for name in ("A.XLSX", ".\\a.xlsx", "..\\桌面\\A.xlsx", "a.xlsx."):
        answer = plain("clean", "a.xlsx", "-o", name, "--force", folder=desk)
        assert answer.code == 2 and "输出不能又是输入" in answer.err, name
    assert (desk / "a.xlsx").read_bytes() == before


def test_a_path_beyond_260_characters(desk: Path) -> None:
    deep = desk
    while len(str(deep)) < 300:
        deep = deep / ("很长" * 10)
    Path("\\\\?\\" + str(deep)).mkdir(parents=True)
    shutil.copy(desk / BOOK, "\\\\?\\" + str(deep / BOOK))
    answer = plain("validate", deep / BOOK, folder=desk)
    if answer.code:
        assert answer.code == 2 and "Traceback" not in answer.err and "程序出错" not in answer.err
    answer = plain("read", BOOK, "-o", deep / "读回.json", folder=desk)
    if answer.code:
        assert answer.code == 2 and "路径太长" in answer.err
    shutil.rmtree("\\\\?\\" + str(desk / ("很长" * 10)))


def test_a_workbook_that_excel_has_open_is_read_and_not_written(desk: Path) -> None:
    with held(desk / BOOK, 1):
        assert plain("validate", BOOK, folder=desk).code == 0
    fill = ("fill", "数据.json", "--totals", "given", "-o", "填好.xlsx")
    assert plain(*fill, folder=desk).code == 0
    before = (desk / "填好.xlsx").read_bytes()
    with held(desk / "填好.xlsx", 1):
        answer = plain(*fill, "--force", folder=desk)
        assert answer.code == 2 and "打开" in answer.err
    assert (desk / "填好.xlsx").read_bytes() == before
    assert not [path.name for path in desk.iterdir() if path.name.startswith(".xltool")]
    with held(desk / BOOK, 0):
        answer = plain("validate", BOOK, folder=desk)
        assert answer.code == 2 and "程序出错" not in answer.err


def test_a_read_only_file_stays(desk: Path) -> None:
    read = ("read", BOOK, "-o", "读回.json")
    assert plain(*read, folder=desk).code == 0
    (desk / "读回.json").chmod(0o444)
    before = (desk / "读回.json").read_bytes()
    answer = plain(*read, "--force", folder=desk)
    assert answer.code == 2 and "没有权限" in answer.err
    assert (desk / "读回.json").read_bytes() == before
    (desk / "读回.json").chmod(0o666)
    (desk / BOOK).chmod(0o444)
    assert plain("validate", BOOK, folder=desk).code == 0
    (desk / BOOK).chmod(0o666)


def test_files_have_the_same_line_ends_everywhere(desk: Path) -> None:
    assert plain("read", BOOK, "-o", "读回.json", folder=desk).code == 0
    report = ("validate", BOOK, "--format", "html", "-o", "报告.html")
    assert plain(*report, folder=desk).code == 0
    for name in ("读回.json", "报告.html"):
        assert b"\r\n" not in (desk / name).read_bytes(), name


def test_a_document_from_notepad(desk: Path) -> None:
    """With CRLF, and a mark at the start."""
    text = (desk / "数据.json").read_text(encoding="utf-8").replace("\n", "\r\n")
    (desk / "记事本.json").write_bytes(text.encode("utf-8-sig"))
    answer = plain("fill", "记事本.json", "--totals", "given", "-o", "填好.xlsx", folder=desk)
    assert answer.code == 0, answer.err


@pytest.mark.parametrize("ending", ENDINGS, ids=["closed", "break"])
@pytest.mark.parametrize("command", ["serve", "watch"])
def test_what_runs_for_ever_ends_in_order(desk: Path, command: str, ending: int) -> None:
    words = ["serve", "--no-browser"] if command == "serve" else ["watch", str(desk)]
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "xltool", *words],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XLTOOL_ADDRESS": str(desk / "serve.json")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert running.stdout and running.stdout.readline()
    time.sleep(1)
    ask_to_end(running, ending)
    out, _ = running.communicate(timeout=300)
    assert b"Traceback" not in out
    said = "已停止，临时文件已清除" if command == "serve" else "已结束"
    assert (running.returncode, said in out.decode()) == (0, True), out.decode()
    assert not (desk / "serve.json").exists()


def test_the_system_says_why() -> None:
    for number, said in (
        (32, "正被另一个程序打开"),
        (5, "没有权限"),
        (206, "路径太长"),
        (112, "磁盘满了"),
    ):
        assert system_reason(OSError(0, "", "x", number)) == said


def test_the_system_says_why_to_the_c_library(tmp_path: Path) -> None:
    """Opening goes through it, and it has no word for most numbers."""
    with pytest.raises(OSError) as refused:
        (tmp_path / "a|b").open("wb")
    assert (refused.value.errno, refused.value.winerror) == (errno.EINVAL, None)
    assert windowsreasons._number(refused.value) == 123
    assert system_reason(refused.value) == "文件名不合规定"


def test_a_folder_is_denied_for_a_file_that_is_open_in_it(tmp_path: Path) -> None:
    """Windows denies to rename it; Wine does not."""
    folder = tmp_path / "报送"
    (folder / "一级").mkdir(parents=True)
    (folder / "一级" / BOOK).touch()
    denied = PermissionError(errno.EACCES, "", str(folder))
    assert system_reason(denied) == "没有权限"
    with held(folder / "一级" / BOOK, 1):
        assert system_reason(denied) == "正被另一个程序打开"


def test_what_was_copied_from_a_disc_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "工具"
    (folder / "python").mkdir(parents=True)
    (folder / "python" / "a.pyd").touch()
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o444)
    remove_folder(folder)
    assert not folder.exists()
