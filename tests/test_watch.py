"""Watching a folder, one look at a time: what is checked when, what is written, what is left alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.reporting.books import SGB, filled, with_cells
from tests.reporting.marked import (
    SLIPS,
    STRAY,
    SUMMARY,
    as_xls,
    explained,
    explanation_of,
    featured,
    lines_of,
    result_of,
    slipped,
)
from tests.support.additions import parts_that_differ
from tests.support.editing import edited
from xltool.checks import Validation, validate
from xltool.checks.explanations import Explanation
from xltool.cli.app import cli
from xltool.core.problems import InputError
from xltool.ooxml import open_workbook
from xltool.reading import Reading
from xltool.watch import Outputs, Watcher

BOOK, COPY, REPORT = "决算.xlsx", "决算.标注.xlsx", "决算.报告.html"


@lru_cache(maxsize=1)
def corrected() -> bytes:
    """The book with slips after one of them has been put right."""
    return with_cells(SGB, {cell: value for cell, value in SLIPS.items() if cell != STRAY})


class Desk:
    """A watched folder with a clock: each save is later than all before it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checked: list[str] = []
        self.watcher = self.restarted()
        self._time = 1_700_000_000

    def restarted(self) -> Watcher:
        self.watcher = Watcher(self.folder, self._check)
        return self.watcher

    def _check(self, reading: Reading, written: Sequence[Explanation]) -> Validation:
        self.checked.append(reading.file)
        return validate(reading, explanations=written)

    def save(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)
        self.stamp(name)

    def stamp(self, *names: str) -> None:
        """Let files have been written just now, in this order."""
        for name in names:
            self._time += 1
            os.utime(self.folder / name, (self._time, self._time))

    def look(self, times: int = 2) -> list[str]:
        """Look several times. What was written gets the time of the clock, in the order of writing."""
        lines = []
        for _ in range(times):
            known = self._times()
            lines += list(self.watcher.step())
            present = self._times()
            written = {n: t for n, t in present.items() if known.get(n) != t}
            self.stamp(*sorted(written, key=lambda n: (written[n], n.endswith(".html"))))
        return lines

    def _times(self) -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in self.folder.glob("*")}

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def __getitem__(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "报送 2024"
    folder.mkdir()
    return Desk(folder)


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """A folder with a book that has been checked."""
    desk.save(BOOK, slipped())
    desk.look()
    desk.checked.clear()
    return desk


# --- what is written ------------------------------------------------------------------------------


def test_a_saved_workbook_gets_copy_and_report_beside_it(desk: Desk) -> None:
    desk.save(BOOK, slipped())
    (line,) = desk.look()
    assert line.startswith("决算.xlsx：不合格。不符 2 处")
    assert line.endswith(f"→ {COPY}、{REPORT}")
    assert desk.files == {BOOK, COPY, REPORT}
    assert desk[BOOK] == slipped()
    assert result_of(desk[COPY]).value("A1") == "校验结果：不合格"
    assert "不合格" in desk[REPORT].decode("utf-8")


def test_macros_stay_in_the_copy_and_old_books_get_a_report(desk: Desk) -> None:
    desk.save("决算.xlsm", featured())
    desk.save("决算.xls", as_xls(slipped()))
    desk.save(BOOK, filled(SGB))
    desk.look()
    outputs = {COPY, REPORT, "决算.标注.xlsm", "决算.xlsm.报告.html", "决算.xls.报告.html"}
    assert desk.files == {"决算.xlsm", "决算.xls", BOOK} | outputs
    assert "xl/vbaProject.bin" not in parts_that_differ(featured(), desk["决算.标注.xlsm"])


def test_each_save_brings_both_up_to_date(watched: Desk) -> None:
    watched.save(BOOK, corrected())
    watched.look()
    assert "S-04" not in {line["规则"] for line in lines_of(watched[COPY])}
    assert watched.files == {BOOK, COPY, REPORT}


def test_nothing_is_done_twice(watched: Desk) -> None:
    assert watched.look(5) == []
    assert watched.checked == []


def test_after_a_restart_only_what_has_changed_is_checked(watched: Desk) -> None:
    watched.save("另一本.xlsx", filled(SGB))
    watched.restarted()
    watched.look(3)
    assert watched.checked == ["另一本.xlsx"]
    watched.stamp(BOOK)
    watched.restarted()
    watched.look(3)
    assert watched.checked == ["另一本.xlsx", BOOK]


# --- what is waited for and passed over -----------------------------------------------------------


def test_a_file_that_still_grows_is_waited_for(desk: Desk) -> None:
    book = slipped()
    for size in (1000, 5000, len(book)):
        desk.save(BOOK, book[:size])
        assert desk.look(1) == []
    assert len(desk.look(1)) == 1
    assert desk.checked == [BOOK]


def test_owner_files_outputs_and_other_files_are_passed_over(desk: Desk) -> None:
    names = (
        "~$决算.xlsx",
        ".决算.xlsx.0a1b.tmp",
        "决算.标注.xlsx",
        "决算.标注.改动1.xlsx",
        "说明.docx",
    )
    for name in names:
        desk.save(name, b"x")
    (desk.folder / "文件夹.xlsx").mkdir()
    assert desk.look(3) == []
    assert desk.checked == []


@pytest.mark.parametrize("name", ["标注.xlsx", "决算.标注意见.xlsx", "改动1.xlsx", "决算.XLSX"])
def test_names_that_only_resemble_outputs_are_looked_at(desk: Desk, name: str) -> None:
    desk.save(name, slipped())
    desk.look()
    assert desk.checked == [name]


def deny(monkeypatch: pytest.MonkeyPatch, name: str) -> Callable[[], None]:
    """Let another program keep a file to itself, until the function returned is called."""
    held = [name]
    ours = Path.open

    def open_(self: Path, *arguments: object, **options: object) -> object:
        if self.name in held:
            raise PermissionError(13, "Permission denied")
        return ours(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_)
    return held.clear


def test_a_locked_workbook_is_told_once_and_checked_when_it_is_free(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.save(BOOK, slipped())
    release = deny(monkeypatch, BOOK)
    assert desk.look(4) == ["决算.xlsx：暂时读不了（没有权限），能读时再校验"]
    release()
    assert len(desk.look(1)) == 1
    assert COPY in desk.files


def test_a_workbook_open_in_excel_is_checked_when_it_is_saved(desk: Desk) -> None:
    desk.save("~$决算.xlsx", b"x")
    desk.save(BOOK, slipped())
    desk.look()
    assert COPY in desk.files


# --- what goes wrong ------------------------------------------------------------------------------


def test_one_bad_workbook_is_one_line_and_the_others_go_on(desk: Desk) -> None:
    desk.save("坏.xlsx", b"PK\x03\x04 nothing")
    desk.save("空.xlsx", b"")
    desk.save(BOOK, slipped())
    lines = desk.look()
    assert sorted(line.split("：")[0] for line in lines) == sorted(["坏.xlsx", "空.xlsx", BOOK])
    assert all("\n" not in line for line in lines)
    for name in ("坏.xlsx", "空.xlsx"):
        (line,) = (line for line in lines if line.startswith(f"{name}：没有校验："))
        assert line.count(name) == 1
    assert desk.look(3) == []


def test_what_lies_beside_a_book_that_became_bad_is_called_old(watched: Desk) -> None:
    watched.save(BOOK, b"not a workbook")
    (line,) = watched.look()
    assert line.endswith(f"（{COPY}、{REPORT} 还是以前的）")


def test_a_fault_of_the_program_does_not_end_the_watch(tmp_path: Path) -> None:
    def check(reading: Reading, written: Sequence[Explanation]) -> Validation:
        if reading.file == "一.xlsx":
            raise ZeroDivisionError
        return validate(reading, explanations=written)

    for name in ("一.xlsx", "二.xlsx"):
        (tmp_path / name).write_bytes(slipped())
    watcher = Watcher(tmp_path, check)
    lines = [*watcher.step(), *watcher.step()]
    assert "一.xlsx：没有校验，程序出错：ZeroDivisionError" in lines[0]
    assert "二.xlsx：不合格" in lines[1]


def test_a_copy_open_in_excel_is_told_and_written_at_the_next_save(watched: Desk) -> None:
    old = watched[COPY]
    watched.save(f"~${COPY}", b"x")
    watched.save(BOOK, corrected())
    first, second = watched.look()
    assert first.endswith(f"→ {REPORT}")
    assert "标注本没有更新，下次保存时再试" in second
    assert "正在 Excel 或 WPS 中打开" in second
    assert watched[COPY] == old
    (watched.folder / f"~${COPY}").unlink()
    assert watched.look(3) == []
    watched.stamp(BOOK)
    (line,) = watched.look()
    assert line.endswith(f"→ {COPY}、{REPORT}")
    assert "S-04" not in {line["规则"] for line in lines_of(watched[COPY])}


def test_a_copy_that_cannot_be_read_is_told(watched: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(self: Path) -> bytes:
        if self.name == COPY:
            raise PermissionError(13, "Permission denied")
        with self.open("rb") as file:
            return file.read()

    monkeypatch.setattr(Path, "read_bytes", read)
    watched.stamp(BOOK)
    assert any("标注本没有更新" in line for line in watched.look())


def test_a_folder_that_is_gone_for_a_while(watched: Desk) -> None:
    away = watched.folder.with_name("断开")
    watched.folder.rename(away)
    assert [line.split("：")[1] for line in watched.look(3)] == [
        "文件夹读不了（没有这个文件或文件夹），恢复后继续"
    ]
    away.rename(watched.folder)
    assert [line.split("：")[1] for line in watched.look(3)] == ["文件夹又能读了"]
    watched.save(BOOK, corrected())
    assert len(watched.look()) == 1


# --- what belongs to the clerk --------------------------------------------------------------------


def test_explanations_in_the_copy_settle_warnings_and_stay(watched: Desk) -> None:
    watched.save(COPY, explained(watched[COPY], "S-04", "附注，已核对"))
    watched.stamp(BOOK)
    (line,) = watched.look()
    assert "已说明 1 处" in line
    assert explanation_of(watched[COPY], "S-04") == "附注，已核对"
    assert watched.files == {BOOK, COPY, REPORT}


@pytest.mark.parametrize("restart", [False, True])
def test_a_copy_in_which_the_clerk_worked_is_kept(watched: Desk, restart: bool) -> None:
    worked = edited(watched[COPY], lambda e: e.set(SUMMARY, "D6", Decimal("265.87")))
    watched.save(COPY, worked)
    watched.save(BOOK, corrected())
    if restart:
        watched.restarted()
    first, _ = watched.look()
    assert (
        first == "决算.标注.xlsx 里改过数，已留存为 决算.标注.改动1.xlsx；更正请改在 决算.xlsx 上"
    )
    assert watched["决算.标注.改动1.xlsx"] == worked
    assert open_workbook(watched[COPY]).sheet(SUMMARY).value("D6") == Decimal("264.87")
    assert watched.look(3) == []


@pytest.mark.parametrize("restart", [False, True])
def test_a_copy_that_nobody_touched_is_not_kept(watched: Desk, restart: bool) -> None:
    watched.save(BOOK, corrected())
    if restart:
        watched.restarted()
    watched.look(3)
    assert watched.files == {BOOK, COPY, REPORT}


@pytest.mark.parametrize(
    ("name", "said"), [(COPY, "它不是标注本，没有覆盖"), (REPORT, "它不是审核报告，没有覆盖")]
)
def test_files_of_the_clerk_with_those_names_are_not_written_over(
    desk: Desk, name: str, said: str
) -> None:
    content = filled(SGB) if name == COPY else "<p>我的</p>".encode()
    desk.save(name, content)
    desk.save(BOOK, slipped())
    assert any(said in line for line in desk.look())
    assert desk[name] == content


def test_the_names_of_outputs() -> None:
    assert Outputs.of(Path("a/决算.xlsx")) == (Path("a") / COPY, Path("a") / REPORT)
    assert Outputs.of(Path("x.y.xlsm"))[0] == Path("x.y.标注.xlsm")


# --- the command ----------------------------------------------------------------------------------


def test_the_command_tells_what_it_does_and_ends_with_ctrl_c(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 1:
            desk.save(BOOK, slipped())
        if len(pauses) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("xltool.cli.watch.time.sleep", sleep)
    answer = CliRunner().invoke(cli, ["watch", str(desk.folder), "--interval", "0.5"])
    assert answer.exit_code == 0
    first, line, last = answer.output.splitlines()
    assert first.startswith(f"看着 {desk.folder}")
    assert re.match(r"\d\d:\d\d:\d\d 决算\.xlsx：不合格。", line)
    assert line.endswith(f"→ {COPY}、{REPORT}")
    assert last == "已结束"
    assert pauses == [0.5] * 4
    assert desk.files == {BOOK, COPY, REPORT}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["没有"], "没有：没有这个文件夹"), ([".", "-e", "1999-mars"], "1999-mars")],
)
def test_what_cannot_be_watched_is_refused_at_once(arguments: list[str], said: str) -> None:
    answer = CliRunner().invoke(cli, ["watch", *arguments])
    assert isinstance(answer.exception, InputError)
    assert said in str(answer.exception)
    assert answer.output == ""


def test_a_check_that_refuses_names_the_book_once(tmp_path: Path) -> None:
    def check(reading: Reading, written: Sequence[Explanation]) -> Validation:
        raise InputError([])

    (tmp_path / BOOK).write_bytes(slipped())
    watcher = Watcher(tmp_path, check)
    assert [*watcher.step(), *watcher.step()] == ["决算.xlsx：没有校验："]
