"""A file appears whole or not at all, under a name that fits what is in it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.compare import contents
from tests.support.packages import SPREADSHEET, WORKBOOK, book, one_sheet, packed, worksheet
from xltool.ooxml import Editor, WorkbookError, open_workbook
from xltool.ooxml.edit.save import write_file

OLD = b"what was there"


def editor(kind: str = f"{SPREADSHEET}.sheet.main+xml") -> Editor:
    made = Editor(open_workbook(packed(book({"表": worksheet()}, types={WORKBOOK: kind}))))
    made.set("表", "A1", 5)
    return made


def assert_kept(target: Path) -> None:
    """The target is as it was, and nothing lies beside it."""
    assert target.read_bytes() == OLD
    assert sorted(path.name for path in target.parent.iterdir() if path.name[0] != "~") == [
        target.name
    ]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "决算 表.xlsx"
    path.write_bytes(OLD)
    return path


def test_saving_puts_the_whole_book_in_place(target: Path) -> None:
    editor().save(target)
    assert open_workbook(target).sheet("表").value("A1") == 5
    editor().save(str(target.with_name("新.xlsx")))
    assert [path.name for path in sorted(target.parent.iterdir())] == ["决算 表.xlsx", "新.xlsx"]


def test_saving_over_the_book_that_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    for value in (2, 3):
        again = Editor(open_workbook(path))
        again.set("表", "A1", value)
        again.save(path)
        assert open_workbook(path).sheet("表").value("A1") == value


def test_an_existing_file_is_kept_when_so_asked(target: Path) -> None:
    with pytest.raises(WorkbookError, match=r"^《决算 表.xlsx》：文件已存在") as refusal:
        editor().save(target, overwrite=False)
    assert refusal.value.kind == "exists"
    assert_kept(target)
    editor().save(target.with_name("新.xlsx"), overwrite=False)


def test_a_file_open_in_excel_is_left_alone(target: Path) -> None:
    target.with_name("~$决算 表.xlsx").write_bytes(b"")
    with pytest.raises(WorkbookError, match="请关闭") as refusal:
        editor().save(target)
    assert refusal.value.kind == "locked"
    assert_kept(target)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "no space"), "no-space"),
        (PermissionError(errno.EACCES, "denied"), "no-permission"),
        (OSError(errno.EIO, "broken disk"), "no-permission"),
    ],
    ids=["disk full", "denied", "broken disk"],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_keeps_the_target_and_leaves_nothing(
    target: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, kind: str, step: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(WorkbookError) as refusal:
        editor().save(target)
    assert refusal.value.kind == kind
    assert_kept(target)


def test_a_sharing_violation_means_that_the_file_is_open(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        error = PermissionError(13, "in use")
        error.winerror = 32  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(WorkbookError) as refusal:
        editor().save(target)
    assert refusal.value.kind == "locked"
    assert_kept(target)


def test_a_crash_while_writing_leaves_nothing(target: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("crash")

    with pytest.raises(RuntimeError):
        write_file(target, chunks(), overwrite=True)
    assert_kept(target)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="文件夹") as refusal:
        editor().save(tmp_path / "没有" / "表.xlsx")
    assert refusal.value.kind == "missing"
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = target.with_name("链接.xlsx")
    monkeypatch.setattr(os.path, "realpath", lambda path: target if path == link else path)
    editor().save(link)
    assert not link.exists()
    assert open_workbook(target).sheet("表").value("A1") == 5


MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("kind", "suffix", "saved"),
    [
        (f"{SPREADSHEET}.sheet.main+xml", ".xlsx", f"{SPREADSHEET}.sheet.main+xml"),
        (f"{SPREADSHEET}.sheet.main+xml", ".XLSX", f"{SPREADSHEET}.sheet.main+xml"),
        (f"{SPREADSHEET}.template.main+xml", ".xlsx", f"{SPREADSHEET}.sheet.main+xml"),
        (f"{SPREADSHEET}.sheet.main+xml", ".xltx", f"{SPREADSHEET}.template.main+xml"),
        (MACRO, ".xlsm", MACRO),
        (MACRO.replace("sheet.", "template."), ".xlsm", MACRO),
    ],
)
def test_the_content_type_fits_the_suffix(
    tmp_path: Path, kind: str, suffix: str, saved: str
) -> None:
    path = tmp_path / f"表{suffix}"
    editor(kind).save(path)
    types = contents(path.read_bytes())["[Content_Types].xml"].decode()
    assert f'PartName="/xl/workbook.xml" ContentType="{saved}"' in types


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [(f"{SPREADSHEET}.sheet.main+xml", ".xlsm"), (MACRO, ".xlsx"), (MACRO, ".xls"), (MACRO, "")],
)
def test_a_suffix_that_excel_would_not_open_is_refused(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    with pytest.raises(WorkbookError, match="后缀") as refusal:
        editor(kind).save(tmp_path / f"表{suffix}")
    assert refusal.value.kind == "unsupported"
    assert list(tmp_path.iterdir()) == []
