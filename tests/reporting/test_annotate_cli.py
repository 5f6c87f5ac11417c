"""`validate --annotate` and `clean` as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reporting.books import SGB, filled
from tests.reporting.marked import as_xls, explained, result_of, slipped, slipped_and_marked
from tests.support.additions import parts_that_differ
from tests.support.terminal import Answer, contents_of, xltool
from xltool.cli.app import run

BOOK = "部门&决算=终稿.xlsx"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with awkward names in it, which is the present one."""
    place = tmp_path / "报送 2024 (终稿)"
    place.mkdir()
    (place / BOOK).write_bytes(slipped())
    monkeypatch.chdir(place)
    return place


class Command:
    """The command line, run in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *args: str) -> Answer:
        self._monkeypatch.setattr("sys.argv", ["xltool", *args])
        code = run()
        return Answer(code, *self._capsys.readouterr())


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


def test_annotate_and_clean_again(folder: Path) -> None:
    answer = xltool("validate", BOOK, "--annotate", "标注.xlsx", "--format", "json", folder=folder)
    assert answer.code == 1
    assert json.loads(answer.out)["verdict"] == "不合格"
    assert answer.err.splitlines() == ["标注本：标注.xlsx"]
    assert (folder / BOOK).read_bytes() == slipped()
    assert xltool("clean", "标注.xlsx", "-o", "净.xlsx", folder=folder).code == 0
    assert parts_that_differ(slipped(), (folder / "净.xlsx").read_bytes()) == []


def test_an_explanation_written_in_excel_settles_the_warning(
    folder: Path, command: Command
) -> None:
    book = explained(slipped_and_marked(), "S-04", "附注，已核对")
    (folder / "标注.xlsx").write_bytes(book)
    arguments = ("validate", BOOK, "--explanations", "标注.xlsx", "--format", "json")
    findings = json.loads(command(*arguments).out)["findings"]
    assert [f["explanation"] for f in findings if f["rule"] == "S-04"] == ["附注，已核对"]


def test_several_books_go_into_a_folder_and_one_that_fails_hinders_no_other(
    folder: Path, command: Command
) -> None:
    (folder / "旧.xls").write_bytes(as_xls(slipped()))
    (folder / "好.xlsx").write_bytes(filled(SGB))
    (folder / "分送").mkdir()
    (folder / "分送" / "好.xlsx").write_bytes(filled(SGB))
    books = ("旧.xls", "好.xlsx", "分送/好.xlsx", BOOK)
    answer = command("validate", *books, "--annotate", "标注本")
    assert answer.code == 2
    assert (
        "旧.xls：旧版 .xls 文件只能读取，不能写入。请用 Excel 或 WPS 另存为 .xlsx 后重试。"
        in answer.err
    )
    assert "有两个工作簿同名" in answer.err
    copies = {path.name: path.read_bytes() for path in (folder / "标注本").iterdir()}
    assert sorted(copies) == sorted(["好.xlsx", BOOK])
    assert result_of(copies[BOOK]).value("A1") == "校验结果：不合格"
    assert (folder / "好.xlsx").read_bytes() == filled(SGB)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("有了.xlsx", ("文件已存在", "--force")),
        ("没有/标注.xlsx", ("不存在", "没有")),
        ("标注.xlsm", ("后缀", ".xlsx")),
        (BOOK, ("这是原工作簿",)),
    ],
)
def test_where_no_copy_can_be_written_the_report_is_given_all_the_same(
    folder: Path, command: Command, target: str, said: tuple[str, ...]
) -> None:
    (folder / "有了.xlsx").write_bytes(b"x")
    before = contents_of(folder)
    answer = command("validate", BOOK, "--annotate", target)
    assert answer.code == 2
    assert "不合格" in answer.out
    assert all(words in answer.err for words in said)
    assert contents_of(folder) == before


def test_a_file_in_place_of_the_folder_is_named(folder: Path, command: Command) -> None:
    (folder / "好.xlsx").write_bytes(filled(SGB))
    before = contents_of(folder)
    answer = command("validate", BOOK, "好.xlsx", "--annotate", "好.xlsx")
    assert answer.code == 2
    assert "好.xlsx：建不了文件夹" in answer.err
    assert contents_of(folder) == before


@pytest.mark.parametrize(
    ("book", "target", "said"),
    [
        (BOOK, "净.xlsx", ("不用清除",)),
        ("没有.xlsx", "净.xlsx", ("没有.xlsx", "不存在")),
        ("旧.xls", "净.xlsx", ("另存为 .xlsx",)),
        (BOOK, BOOK, ("文件已存在", "--force")),
    ],
)
def test_clean_refuses_what_it_cannot_clean(
    folder: Path, command: Command, book: str, target: str, said: tuple[str, ...]
) -> None:
    (folder / "旧.xls").write_bytes(as_xls(slipped()))
    before = contents_of(folder)
    answer = command("clean", book, "-o", target)
    assert (answer.code, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert line.startswith("错误：")
    assert all(words in line for words in said)
    assert contents_of(folder) == before
