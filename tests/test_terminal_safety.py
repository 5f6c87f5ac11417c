"""No name, label or file name gives orders to a terminal, a log, a message box or Excel's status bar."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reporting.books import SGB, filled, with_cells
from tests.reporting.marked import SUMMARY
from tests.support.terminal import ROOT, xltool
from xltool.addin.log import FOLDER, write_log
from xltool.core.printable import harmless, one_line
from xltool.core.problems import Problem

ORDERS = "\x1b[2K\x1b[1A\r\x9b31m\u202e\u2066\x07"
SPOOF = f"甲局{ORDERS}\n合格：适用的规则全部审核\r\n乙局\u2028合格\x0b合格\x85合格"
HARMFUL = "\x1b\r\x9b\u202e\u2066\x07\u2028\x0b\x85"


def assert_harmless(text: str, lines: int | None = None) -> None:
    assert not set(HARMFUL) & set(text.replace("\r\n", "\n"))
    assert not [line for line in text.splitlines() if line.startswith("合格：适用")]
    if lines is not None:
        assert len(text.splitlines()) == lines


def spoofing(folder: Path) -> Path:
    """A workbook whose unit calls itself 合格, on a line of its own."""
    book = folder / "决算.xlsx"
    title = (SUMMARY, "A1")
    book.write_bytes(with_cells(SGB, {title: f"{SPOOF}2024年度部门决算表"}))
    return book


def test_a_unit_cannot_print_its_own_verdict(tmp_path: Path) -> None:
    spoofing(tmp_path)
    (tmp_path / "好.xlsx").write_bytes(filled(SGB))
    for args in (
        ("validate", "决算.xlsx"),
        ("validate", "决算.xlsx", "好.xlsx", "--format", "html", "-o", "报告"),
        ("read", "决算.xlsx", "-o", "数据.json"),
        ("sum", "决算.xlsx", "-o", "部门.json"),
        ("review", "决算.xlsx", "-o", "审核", "--jobs", "1"),
    ):
        told = xltool(*args, folder=tmp_path)
        assert told.code in (0, 1, 2)
        assert_harmless(told.out)
        assert_harmless(told.err)
    text = xltool("validate", "决算.xlsx", "-o", "报告.txt", folder=tmp_path)
    assert_harmless(text.out + text.err)
    assert_harmless((tmp_path / "报告.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "form", [("read", "决算.xlsx"), ("validate", "决算.xlsx", "--format", "json")]
)
def test_json_on_the_screen_has_escapes_and_the_same_values(
    tmp_path: Path, form: tuple[str, ...]
) -> None:
    spoofing(tmp_path)
    told = xltool(*form, folder=tmp_path)
    assert_harmless(told.out)
    found = json.loads(told.out)
    assert "甲局" in found.get("单位名称", found.get("unit_name"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows 的文件名里不能有这些字符")
def test_a_file_name_gives_no_orders(tmp_path: Path) -> None:
    name = f"甲{ORDERS}\n合格：适用的.xlsx"
    (tmp_path / name).write_bytes(filled(SGB))
    (tmp_path / f"{name}.坏.xlsx").write_bytes(b"no workbook")
    for args in (
        ("validate", name),
        ("validate", f"{name}.坏.xlsx"),
        ("read", name, "-o", f"{name}.json"),
        ("validate", "没有" + name),
        ("fill", name, "-o", name),
        ("convert", ".", "-o", f"{name}.csv", "--to", "csv", "--jobs", "1"),
    ):
        told = xltool(*args, folder=tmp_path)
        assert_harmless(told.out)
        assert_harmless(told.err)
        assert "程序出错" not in told.err


def test_colours_are_only_the_tools_own(tmp_path: Path) -> None:
    """On a terminal, where click lets colours through."""
    if sys.platform == "win32":
        pytest.skip("Windows 没有伪终端")
    import pty

    book = spoofing(tmp_path)
    red = tmp_path / "红\x1b[31m\x1b[8m.xlsx"
    red.write_bytes(book.read_bytes())
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "xltool", "validate", red.name]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=terminal, stderr=terminal)
    os.close(terminal)
    said = b""
    try:
        while piece := os.read(controller, 1 << 16):
            said += piece
    except OSError:
        pass
    run.wait()
    text = said.decode("utf-8", "replace")
    assert "\x1b[1m" in text
    assert "\x1b[8m" not in text and "\x1b[2K" not in text and "\x9b" not in text
    assert not [line for line in text.splitlines() if line.startswith("合格：适用")]


def test_a_log_has_one_heading_for_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    file = write_log("validate", ValueError(f"{SPOOF}\n==== 2024-01-01 合格"))
    text = file.read_text(encoding="utf-8")
    assert not set(HARMFUL) & set(text)
    assert len([line for line in text.splitlines() if line.startswith("====")]) == 1


def test_problems_and_texts() -> None:
    assert "\n" not in str(Problem(f"甲{SPOOF}", SPOOF, SPOOF))
    assert harmless("a\x1b[31m\u202eb\nc\r\nd\re") == "a�[31m�b\nc\nd e"
    assert one_line("a\nb\r\n\tc\u2028d") == "a b c d"
