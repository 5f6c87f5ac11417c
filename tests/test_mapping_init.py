"""`mapping init`: an official workbook, blank or filled, becomes an edition of one's own, proved by a trial fill."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from xltool.core.resources import SAMPLES, TEMPLATES


def run(*args: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xltool", *map(str, args)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A bureau's own form: other sheet names, a column moved, a row more above the heads."""
    path = tmp_path / "市级表样.xlsx"
    book = openpyxl.load_workbook(TEMPLATES / "2021-national" / "部门决算公开表.xlsx")
    del book["部门整体绩效自评表"]
    for number, sheet in enumerate(book, 1):
        sheet.title = f"市{number:02}表"
    book.save(path)
    return path


def test_from_a_blank_form_to_a_filled_and_checked_book(form: Path, tmp_path: Path) -> None:
    own, out = tmp_path / "本市", tmp_path / "报表.xlsx"
    done = run("mapping", "init", form, "-o", own, "--id", "本市2021", "--name", "本市格式")
    assert "全部读回来相等" in done.stdout
    assert {path.name for path in own.iterdir()} == {"edition.yaml", "表样.xlsx"}
    given = json.loads((SAMPLES / "beiguan-2021.json").read_text(encoding="utf-8"))
    del given["表"]["部门整体绩效自评表"]
    data = tmp_path / "数据.json"
    data.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    run("fill", data, "-e", own, "-o", out, "--totals", "given")
    assert openpyxl.load_workbook(out).sheetnames[0] == "市01表"
    read = json.loads(run("read", out, "-e", own).stdout)
    assert read["表"]["支出决算表"]["明细"][-1] == given["表"]["支出决算表"]["明细"][-1]


def test_what_is_no_such_form_makes_nothing(form: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "工资"])
    path = tmp_path / "工资.xlsx"
    book.save(path)
    done = run("mapping", "init", path, "-o", tmp_path / "x", code=2)
    assert "没有认出决算表" in done.stderr
    assert not (tmp_path / "x").exists()
    run("mapping", "init", form, "-o", tmp_path / "y")
    again = run("mapping", "init", form, "-o", tmp_path / "y", code=2)
    assert "已经有了" in again.stderr
