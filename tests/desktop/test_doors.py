"""What people drop on the doors of the folder for Windows, and what becomes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import click
import pytest

from tests.reporting.books import SGB, filled, with_cells
from tests.support.ending import ENDINGS, ask_to_end
from tests.support.terminal import ROOT, Answer
from xltool.cli.arguments import expanded
from xltool.core.resources import SAMPLES
from xltool.desktop import windowless
from xltool.desktop.dropped import DOOR, LINE, dropped

CMD = r"C:\Windows\system32\cmd.exe /c "
CHECK = r"\\文件服务器\决算 (1)\校验（把工作簿拖到这里）.cmd"
WRONG = {("收入支出决算总表", "D33"): Decimal("308.82")}


def door(*words: str | Path, folder: Path, said: str = "", **environ: str) -> Answer:
    """`python -m xltool.desktop` in `folder`, `said` typed into its window."""
    done = subprocess.run(
        [sys.executable, "-m", "xltool.desktop", *map(str, words)],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "gbk",
            "XLTOOL_QUIET": "1",
            **environ,
        },
        input=said.encode("gbk"),
        capture_output=True,
        timeout=300,
        check=False,
    )
    out, err = (text.decode("gbk").replace("\r\n", "\n") for text in (done.stdout, done.stderr))
    return Answer(done.returncode, out, err)


@pytest.mark.parametrize(
    "names",
    [
        [r"C:\决算.xlsx"],
        [r"C:\a b.xlsx", r"C:\c.xlsx"],
        [r"C:\甲&乙.xlsx", r"C:\100%TEMP%^!.xlsx", r"C:\(1) [2].xlsx"],
        [r"C:\甲 & 乙.xlsx"],
        ["C:\\某局\u3000决算.xlsx", "C:\\二\u00a0稿.xlsx"],
        [r"\\文件服务器\共享 1\决算=终稿;,.xlsx", r"D:\x.xlsx"],
    ],
)
def test_the_explorers_line_gives_every_name(names: list[str]) -> None:
    told = " ".join(f'"{name}"' if " " in name else name for name in names)
    environ = {DOOR: CHECK, LINE: f'{CMD}""{CHECK}" {told}"'}
    # what cmd itself made of it counts for nothing
    assert dropped([names[0].split("&")[0]], environ) == [Path(name) for name in names]


def test_a_double_click_drops_nothing() -> None:
    assert dropped([], {DOOR: CHECK, LINE: f'{CMD}""{CHECK}" "'}) == []


def test_typed_in_a_terminal_the_arguments_count() -> None:
    environ = {DOOR: CHECK, LINE: r"C:\Windows\system32\cmd.exe"}
    assert dropped(["甲&乙.xlsx"], environ) == [Path("甲&乙.xlsx")]
    assert dropped(["甲.xlsx"], {}) == [Path("甲.xlsx")]


def test_a_name_with_brackets_is_no_pattern(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Click would take 报表[1].xlsx for 报表1.xlsx, and so check another workbook."""
    monkeypatch.chdir(tmp_path)
    for name in ("报表1.xlsx", "报表2.xlsx", "说明[1].xlsx"):
        Path(name).touch()
    assert list(expanded(["报表[1].xlsx", "%TEMP%.xlsx", "--only=X*"])) == [
        "报表[1].xlsx",
        "%TEMP%.xlsx",
        "--only=X*",
    ]
    assert list(expanded(["报*.xlsx", "无*.xlsx", "说明[1]*"])) == [
        "报表1.xlsx",
        "报表2.xlsx",
        "无*.xlsx",
        "说明[1].xlsx",
    ]


def test_several_workbooks_are_checked_beside_where_they_lie(tmp_path: Path) -> None:
    desk = tmp_path / "桌 面"
    desk.mkdir()
    good, wrong, broken = desk / "甲 & 乙 (1).xlsx", desk / "100%错^.xlsx", desk / "坏.xlsx"
    good.write_bytes(filled(SGB))
    wrong.write_bytes(with_cells(SGB, WRONG))
    broken.write_bytes(b"PK")
    answer = door("check", "--", good, wrong, broken, folder=tmp_path)
    assert answer.code == 2
    assert "甲 & 乙 (1).xlsx：合格" in answer.out
    assert "100%错^.xlsx：不合格" in answer.out
    assert "共 3 份：没有校验 1 份，不合格 1 份，合格 1 份" in answer.out
    assert {p.name for p in desk.iterdir()} == {
        *(p.name for p in (good, wrong, broken)),
        "甲 & 乙 (1).标注.xlsx",
        "甲 & 乙 (1).报告.html",
        "100%错^.标注.xlsx",
        "100%错^.报告.html",
    }
    assert good.read_bytes() == filled(SGB)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_door_that_is_closed_leaves_no_draft(tmp_path: Path, ending: int) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.xlsx").write_bytes(filled(SGB))
    running = subprocess.Popen(
        [sys.executable, "-m", "xltool.desktop", "check", "--", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XLTOOL_QUIET": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout and b"00.xlsx" in running.stdout.readline()
    ask_to_end(running, ending)
    _, errors = running.communicate(timeout=300)
    assert (running.returncode, b"Traceback" in errors) == (2, False)
    names = {path.name for path in tmp_path.iterdir()}
    assert not [name for name in names if name.startswith(".xltool")]
    assert "00.报告.html" in names and "29.报告.html" not in names


def test_a_folder_and_a_marked_copy_stand_for_their_workbooks(tmp_path: Path) -> None:
    (tmp_path / "报送").mkdir()
    book = tmp_path / "报送" / "甲.xlsx"
    book.write_bytes(filled(SGB))
    assert door("check", "--", tmp_path / "报送", folder=tmp_path).code == 0
    before = sorted(p.name for p in book.parent.iterdir())
    (book.parent / "二级单位").mkdir()
    answer = door("check", "--", tmp_path / "报送", folder=tmp_path)
    assert "报送 里的 1 个子文件夹没有看（二级单位），要校验的请另拖" in answer.out
    (book.parent / "二级单位").rmdir()
    answer = door("check", "--", book.with_name("甲.标注.xlsx"), folder=tmp_path)
    assert answer.out.startswith("甲.xlsx：合格")
    assert sorted(p.name for p in book.parent.iterdir()) == before


def test_what_is_no_workbook_is_told_and_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "甲.xlsx").write_bytes(filled(SGB))
    (tmp_path / "数据.json").write_text("{}", encoding="utf-8")
    answer = door("check", "--", "数据.json", "甲.xlsx", "无.xlsx", folder=tmp_path)
    assert answer.code == 2
    assert answer.out.startswith("甲.xlsx：合格")
    told = "数据.json：不是工作簿（.xlsx .xlsm .xls .et）（填数表、数据文档、长表请拖到“填报”上）"
    assert told in answer.err
    assert "无.xlsx：没有这个文件" in answer.err
    alone = door("check", "--", "数据.json", "无.xlsx", folder=tmp_path)
    assert (alone.code, alone.out) == (2, "")
    assert "没有放文件" in door("check", "--", folder=tmp_path).err


@pytest.mark.parametrize(("said", "code"), [("y\n", 0), ("\n", 2), ("", 2)])
def test_filling_asks_about_totals_and_writes_over_nothing(
    tmp_path: Path, said: str, code: int
) -> None:
    shutil.copy(SAMPLES / f"{SGB}.json", tmp_path / "数据.json")
    (tmp_path / "数据-已填报.xlsx").write_text("别人的", encoding="utf-8")
    answer = door("fill", "--", "数据.json", folder=tmp_path, said=said)
    assert "照数据里的合计写吗" in answer.out
    assert answer.code == code
    assert (tmp_path / "数据-已填报(2).xlsx").exists() == (code == 0)
    assert ("合格" in answer.out) == (code == 0)
    assert (tmp_path / "数据-已填报.xlsx").read_text(encoding="utf-8") == "别人的"


def test_one_that_cannot_be_filled_does_not_hinder_the_others(tmp_path: Path) -> None:
    data = (
        '{"版本": "2023-national", "单位名称": "某局", "年度": 2024, "金额单位": "元",'
        ' "表": {"收入支出决算总表": {"收入": {"其他收入": 150000}, "支出": {"其他支出": 150000}}}}'
    )
    (tmp_path / "好.json").write_text(data, encoding="utf-8")
    (tmp_path / "坏.json").write_text("{", encoding="utf-8")
    (tmp_path / "清单.csv").write_text("科目,金额\n行政运行,1\n", encoding="utf-8")
    (tmp_path / "说明.docx").write_bytes(b"PK")
    (tmp_path / "资料").mkdir()
    answer = door(
        "fill", "--", "坏.json", "说明.docx", "资料", "清单.csv", "好.json", folder=tmp_path
    )
    assert answer.code == 2
    assert answer.err.count("双击“打开页面”放进窗口里；填好的工作簿拖到“校验”上") == 1
    assert "坏.json" in answer.err
    assert "说明.docx：不是填数表、数据文档（.json .yaml）或长表（.csv .xlsx）" in answer.err
    assert "资料：是文件夹" in answer.err
    assert (tmp_path / "好-已填报.xlsx").exists()
    assert "xltool validate" not in answer.err and "xltool finish" not in answer.err


@pytest.mark.parametrize("room", [True, False])
def test_trouble_without_a_window_is_shown_in_a_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    """Also where no log can be written, or the double click would do nothing at all."""
    own = tmp_path / "own"
    if not room:
        own.touch()
    shown: list[str] = []
    monkeypatch.setenv("XLTOOL_DATA", str(own))
    monkeypatch.setattr(windowless, "box", shown.append)
    with monkeypatch.context() as streams:
        streams.setattr(sys, "stdout", None)
        streams.setattr(sys, "stderr", None)
        with windowless.windowless() as told:
            click.echo("端口被占用", err=True)
            told(2)
    assert shown == ["端口被占用\n"]


def test_a_second_double_click_leaves_the_log_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setenv("XLTOOL_DATA", str(tmp_path))
    monkeypatch.setattr(windowless, "box", shown.append)
    log = tmp_path / windowless.NAME
    log.write_text("上一次的，比这一次的长得多\n", encoding="utf-8")

    def said(*texts: str) -> None:
        assert log.read_text(encoding="utf-8") == "".join(f"{text}\n" for text in texts)

    with monkeypatch.context() as streams:
        streams.setattr(sys, "stdout", None)
        streams.setattr(sys, "stderr", None)
        with windowless.windowless() as told:
            click.echo("开始")
            said("开始")
            first, sys.stdout, sys.stderr = sys.stdout, None, None  # type: ignore[assignment]
            with windowless.windowless() as second:
                click.echo("已经开着")
                second(2)
            sys.stdout = sys.stderr = first
            click.echo("停止")
            told(0)
    said("开始", "停止")
    assert shown == ["已经开着\n"]


def test_the_report_can_be_read_on_the_telephone(tmp_path: Path) -> None:
    answer = door("doctor", folder=tmp_path, XLTOOL_DATA=str(tmp_path / "own"))
    written = (tmp_path / "own" / "xltool自检报告.txt").read_bytes().decode("utf-8-sig")
    assert "\r\n01 [" in written and "\r\n共 " in written
    lines = [line for line in written.splitlines() if line[:2].isdigit()]
    assert len({line[:2] for line in lines}) == len(lines) > 15
    states = [line[4:].split("]")[0] for line in lines]
    assert states == sorted(states, key=["有问题", "未验证", "正常", "不适用"].index)
    assert answer.out.splitlines()[0] == written.splitlines()[0]
