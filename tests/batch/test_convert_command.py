"""`xltool convert` as a person runs it."""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from tests.support.terminal import ROOT, Answer, assert_refused, contents_of, xltool
from xltool.cli.manybooks import listed_paths


def convert(*arguments: str | Path, folder: Path) -> Answer:
    """`xltool convert` with one worker: fewer processes to start."""
    return xltool("convert", *arguments, "--jobs", "1", folder=folder)


def test_a_clean_run(books: Path, tmp_path: Path) -> None:
    answer = convert(books, "-o", "结果.duckdb", folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert "共 4 份工作簿：成功 4" in answer.out
    assert "输出：结果.duckdb" in answer.out
    assert [path.name for path in tmp_path.iterdir()] == ["结果.duckdb"]


def test_failures_are_grouped_and_the_exit_code_tells(submission: Path, tmp_path: Path) -> None:
    shutil.copy(submission / "手工.et", submission / "另一份.et")
    answer = convert(submission, "-o", "out", "--to", "csv", folder=tmp_path)
    (submission / "另一份.et").unlink()
    assert answer.code == 1
    assert "成功 6，失败 3" in answer.out
    assert "  2 份：这不是 Excel 工作簿" in answer.out
    assert ".pdf 1 个" in answer.out
    assert (tmp_path / "out" / "facts.csv").exists()


def test_validation_decides_the_exit_code(books: Path, tmp_path: Path) -> None:
    arguments = (books / "乙局.xlsx", "--validate", "-o", "a.duckdb")
    answer = convert(*arguments, folder=tmp_path)
    with duckdb.connect(str(tmp_path / "a.duckdb"), read_only=True) as db:
        ((verdict,),) = db.execute("SELECT 结论 FROM books").fetchall()
    assert answer.code == (0 if verdict == "合格" else 1)
    assert f"校验：{verdict} 1" in answer.out


def test_paths_come_from_standard_input_and_archives(submission: Path, tmp_path: Path) -> None:
    listed = "\n".join(str(submission / name) for name in ("丁县.zip", "乙局.xlsx"))
    done = subprocess.run(
        [sys.executable, "-m", "xltool", "convert", "-", "-o", "a.jsonl", "--jobs", "1"],
        input=listed.encode("gb18030"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
        timeout=300,
    )
    assert "成功 2" in done.stdout.decode()
    books = (tmp_path / "a.jsonl" / "books.jsonl").read_text(encoding="utf-8")
    assert '"文件": "丁县.zip!/丁县/乙局.xlsx"' in books


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_may_be_in_any_usual_encoding(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    content = io.TextIOWrapper(io.BytesIO("甲.xlsx\r\n乙.xlsx\n".encode(encoding)))
    monkeypatch.setattr("sys.stdin", content)
    assert list(listed_paths(("-",))) == ["甲.xlsx", "乙.xlsx"]


def test_nothing_is_overwritten_without_force(books: Path, tmp_path: Path) -> None:
    (tmp_path / "out.duckdb").write_bytes(b"mine")
    book = books / "乙局.xlsx"
    for more in ((), ("--resume",)):
        assert_refused(tmp_path, "convert", book, "-o", "out.duckdb", *more, said=("已经存在",))
    assert_refused(tmp_path, "convert", book, "-o", "out.duckdb", "--force", said=("不是 xltool",))
    assert contents_of(tmp_path) == {"out.duckdb": b"mine"}
    (tmp_path / "out.duckdb").unlink()
    for more in ((), ("--force",)):
        assert convert(book, "-o", "out.duckdb", *more, folder=tmp_path).code == 0
        assert [path.name for path in tmp_path.iterdir()] == ["out.duckdb"]


def test_a_folder_is_replaced_whole(books: Path, tmp_path: Path) -> None:
    book = books / "乙局.xlsx"
    assert convert(book, "-o", "out.csv", "--validate", folder=tmp_path).code in (0, 1)
    assert convert(book, "-o", "out.csv", "--force", folder=tmp_path).code == 0
    names = sorted(path.name for path in (tmp_path / "out.csv").iterdir())
    assert names == ["books.csv", "facts.csv", "problems.csv"]
    (tmp_path / "out.csv" / "note.txt").write_text("mine", encoding="utf-8")
    assert_refused(tmp_path, "convert", book, "-o", "out.csv", "--force", said=("不是 xltool",))


def test_what_cannot_be_done_is_said(books: Path, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    book = books / "乙局.xlsx"
    for arguments, said in (
        (("空", "-o", "a.duckdb"), "没有找到工作簿"),
        (("没有", "-o", "a.duckdb"), "没有：没有这个文件或文件夹"),
        ((book, "-o", "a"), "看不出"),
        ((book, "-o", "a.duckdb", "-e", "1999"), "没有“1999”这个版本"),
        ((book,), "缺少 --output"),
        ((book, "-o", "a/b/c.duckdb", "--jobs", "0"), "--jobs"),
    ):
        assert_refused(tmp_path, "convert", *arguments, said=(said,))


def test_a_leftover_work_folder_asks_what_to_do(books: Path, tmp_path: Path) -> None:
    (tmp_path / "a.duckdb.part").mkdir()
    arguments = (books / "乙局.xlsx", "-o", "a.duckdb")
    assert_refused(tmp_path, "convert", *arguments, said=("--resume", "--force"))
    assert convert(*arguments, "--resume", folder=tmp_path).code == 0


def test_another_edition_is_a_failure_of_the_book(books: Path, tmp_path: Path) -> None:
    arguments = (books / "丙区.xlsm", "-e", "2023-national", "-o", "a.jsonl")
    answer = convert(*arguments, folder=tmp_path)
    assert answer.code == 1
    assert "不是 2023-national 版的表样，像是 2024-shanghai" in answer.out


def test_without_the_extra_it_says_what_to_install(books: Path, tmp_path: Path) -> None:
    hide = (
        "import importlib.util as u; real = u.find_spec; "
        "u.find_spec = lambda name, *a: None if name == 'pyarrow' else real(name, *a)"
    )
    assert_refused(
        tmp_path,
        "convert",
        books,
        "-o",
        "a.duckdb",
        said=("没有安装 pyarrow", 'pip install "xltool[batch]"'),
        before=hide,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal_only(books: Path, tmp_path: Path) -> None:
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 100, 0, 0))
    command = [sys.executable, "-m", "xltool", "convert", str(books), "-o", "a.jsonl"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        stderr=theirs,
        check=False,
        stdout=subprocess.PIPE,
        timeout=300,
    )
    os.close(theirs)
    shown = everything(ours)
    os.close(ours)
    assert done.returncode == 0
    assert "100%" in shown
    assert "4/4" in shown


def everything(terminal: int) -> str:
    """All that was written to a terminal whose other side is closed."""
    shown = b""
    with suppress(OSError):
        while chunk := os.read(terminal, 4096):
            shown += chunk
    return shown.decode(errors="replace")
