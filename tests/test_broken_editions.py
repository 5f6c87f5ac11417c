"""An edition of one's own that somebody broke: `mapping check` says what to change, in which file and line."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from tests.season.support import command
from tests.support.filehost import FileHost
from tests.support.terminal import ROOT
from xltool.addin.actions import ACTIONS
from xltool.editions import find_edition

CASES = yaml.safe_load((ROOT / "tests/data/editions/broken.yaml").read_text(encoding="utf-8"))
SAMPLE = ROOT / "samples" / "sgb-2024.json"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An edition that was copied and one that was made of the same form; both are right."""
    folder = tmp_path_factory.mktemp("sound")
    copy, made = folder / "copy", folder / "init"
    assert command("mapping", "copy", "2024-shanghai", "-o", copy, "--id", "本局").code == 0
    assert command("mapping", "init", copy / "部门决算公开表.xlsx", "-o", made).code == 0
    return {"copy": copy, "init": made}


def _on_sheet(folder: Path, what: str, *args: Any) -> None:
    path = next(folder.glob("*.xlsx"))
    book = openpyxl.load_workbook(path)
    if what == "blank":
        for cell in (c for sheet in book for row in sheet["A1:J4"] for c in row):
            if cell.value == args[0]:
                cell.value = None
    elif what in ("remove", "copy_worksheet"):
        getattr(book, what)(book[args[0]])
    elif what == "hide":
        book[args[0]].sheet_state = "hidden"
    elif what == "retitle":
        book[args[0]]["A1"], book[args[0]].title = args[1], "表三"
    elif what == "set":
        book[args[0]][args[1]] = args[2]
    else:
        getattr(book[args[0]], what)(*args[1:])
    book.save(path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case["said"]))[:40])
def test_check_says_what_is_broken(
    case: dict[str, Any], sound: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "坏"
    shutil.copytree(sound[case["of"]], folder)
    if "edit" in case:
        file, old, new = case["edit"]
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    if "add" in case:
        file, more = case["add"]
        old = (folder / file).read_text(encoding="utf-8") if (folder / file).exists() else ""
        (folder / file).write_text(old + more, encoding="utf-8")
    if "sheet" in case:
        _on_sheet(folder, *case["sheet"])
    told = command("mapping", "check", folder)
    assert told.code == 2, told.out
    assert [text for text in case["said"] if text not in told.err] == [], told.err
    assert len(told.err.splitlines()) <= case.get("lines", 1), told.err


def test_a_row_that_is_like_no_other_is_asked_about(sound: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "本局"
    shutil.copytree(sound["init"], folder)
    _on_sheet(folder, "set", "收入支出决算总表", "A7", "二、某种收入")
    told = command("mapping", "check", folder)
    assert told.code == 2 and "A7：《收入支出决算总表》里的“二、某种收入”是哪一行" in told.err
    assert "可能是：政府性基金预算财政拨款收入" in told.err


def test_what_nothing_is_bound_to_is_told(sound: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "本局"
    shutil.copytree(sound["init"], folder)
    _on_sheet(folder, "set", "收入支出决算总表", "A20", "九、某种收入")
    _on_sheet(folder, "set", "支出决算表", "A5", "甲")
    _on_sheet(folder, "delete_rows", "收入决算表", 6, 7)
    told = command("mapping", "check", folder)
    assert told.code == 0, told.err
    assert "没有绑定的行，填不了、不审：工作表“收入支出决算总表”A20“九、某种收入”" in told.err
    assert "工作表“支出决算表”《支出决算表》的合计行（没有认得的“合计”）" in told.err
    assert "没有空行、填不了明细的清单，表样里至少留一行：工作表“收入决算表”的“明细”" in told.err
    made = command("mapping", "init", next(folder.glob("*.xlsx")), "-o", tmp_path / "另")
    assert "A20“九、某种收入”" in made.err and "没有绑定的行，填不了、不审（2处）" in made.err


@pytest.mark.parametrize("kind", ["copy", "init"])
def test_what_is_called_right_works_in_every_command(
    kind: str, sound: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLTOOL_DATA", str(tmp_path / "own"))
    folder, out = sound[kind], tmp_path / "报.xlsx"
    assert "没有问题" in command("mapping", "check", folder).out
    edition = ("-e", folder)
    assert command("fill", SAMPLE, *edition, "-o", out, "--totals", "given").code == 0
    assert command("read", out, *edition, "-o", tmp_path / "读.json").code == 0
    assert command("validate", out, *edition).code == 0
    assert command("checks-sheet", out, *edition, "-o", tmp_path / "审.xlsx").code == 0
    # the add-in finds it where it is installed
    assert command("editions", "add", folder).code == 0
    host = FileHost(out, tmp_path / "标注.xlsx", yes=True)
    assert host.read().edition.id == find_edition(folder).id
    ACTIONS["validate"](host)
    assert (tmp_path / "标注.xlsx").is_file() and "合格" in str(host.told)
    ACTIONS["checks"](host)
