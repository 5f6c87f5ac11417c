"""`xltool validate --format json` on books of the corpus, in this process: a report, or a reason."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.hostile.case import Case
from tests.hostile.test_corpus import CHINESE, INTERNAL
from xltool.cli.app import run as command_line

SLOW = ("三百张", "庞大/十万", "一亿字节", "16384列有数")
VALIDATED = ("怪值/", "编码/", "结构/", "公式/", "庞大/", "谎报/", "改名/旧的", "单位/0", "截断/00")


def test_each_book_has_a_report_or_a_reason(
    cases: list[Case],
    room: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(room / "here")
    faults = []
    chosen = [case for case in cases if case.name.startswith(VALIDATED) and not _slow(case)]
    for case in chosen[::2]:
        path = room / "corpus" / case.name
        monkeypatch.setattr(sys, "argv", ["xltool", "validate", str(path), "--format", "json"])
        code = command_line()
        out, err = capsys.readouterr()
        if fault := _fault(code, out, err):
            faults.append(f"{case.name}: {fault}")
    assert len(chosen) > 60 and not faults, "\n".join(faults)
    assert not list((room / "here").iterdir())


def _slow(case: Case) -> bool:
    return any(word in case.name for word in SLOW)


def _fault(code: int, out: str, err: str) -> str | None:
    """What is wrong with an answer of the command, or None."""
    if code == 2:
        clear = err.startswith("错误：") and CHINESE.search(err) and not INTERNAL.search(err)
        return (
            None
            if clear and (not out or '"verdict": null' in out)
            else f"unclear: {out[:200]} {err[:300]}"
        )
    report = json.loads(out)
    right = {0: ("合格",), 1: ("不合格", "未完成审核")}.get(code, ())
    return None if report["verdict"] in right else f"exit code {code}, {report['verdict']}"
