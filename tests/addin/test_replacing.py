"""What may go into the place of the open workbook, and what is never lost on the way."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NoReturn

import pytest
import xlwings as xw

from tests.addin.fakeexcel.app import MACROS_AS_SET, MACROS_RUN
from tests.addin.fakeexcel.books import Book, ComError
from tests.addin.test_actions import DOCUMENT, EMPTY, Desk
from tests.addin.test_excel_host import change
from tests.addin.workbooks import TOTALS, sound
from tests.support.editing import edited
from tests.support.filehost import FileHost
from xltool.addin.entry import act
from xltool.addin.hosts import excelreplace
from xltool.addin.hosts.contract import Host
from xltool.addin.hosts.excelhost import ExcelHost
from xltool.core.resources import SAMPLES, TEMPLATES
from xltool.ooxml import WorkbookError, open_workbook
from xltool.ooxml.edit.save import write_file
from xltool.reading import read

OTHER_FORM = TEMPLATES / "2021-national" / "项目支出绩效自评表.xlsx"
OTHER_DATA = SAMPLES / "beiguan-2021.json"


@pytest.fixture(params=["file", "excel"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return Desk(request.param, tmp_path)


def sheets(path: Path) -> list[str]:
    return [sheet.name for sheet in open_workbook(path).sheets]


def test_a_form_that_the_data_is_not_for_stays(desk: Desk, tmp_path: Path) -> None:
    path, out = tmp_path / "自评表.xlsx", tmp_path / "公开表.xlsx"
    path.write_bytes(OTHER_FORM.read_bytes())
    host = desk.open(path, yes=True, chosen=(OTHER_DATA, out))
    act("fill", host)
    assert "数据里没有打开的“自评表.xlsx”里的表" in "\n".join(desk.told)
    assert desk.told[-1].startswith("已填报，原工作簿没有改动：")
    assert path.read_bytes() == OTHER_FORM.read_bytes()
    with host.snapshot() as now:
        assert sheets(now) == sheets(path)
    assert desk.opened == ["公开表.xlsx"] and len(sheets(out)) > 9


@pytest.fixture
def excel(tmp_path: Path) -> Desk:
    return Desk("excel", tmp_path)


def empty_form(folder: Path) -> Path:
    path = folder / "空表.xlsx"
    path.write_bytes(EMPTY.read_bytes())
    return path


def book_of(host: Host) -> Book:
    assert isinstance(host, ExcelHost)
    book = host.book.impl
    assert isinstance(book, Book)
    return book


def names(desk: Desk) -> list[str]:
    assert desk.excel is not None
    return [book.name for book in desk.excel.books.items]


def test_nothing_is_closed_before_the_new_content_is_safe(
    excel: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "决算.xlsx"
    path.write_bytes(sound())
    host = excel.open(path, yes=True)
    book_of(host).values[TOTALS]["A1"].value = "没有保存的改动"

    def full(target: Path, chunks: object, *, overwrite: bool) -> None:
        raise WorkbookError("no-space", "磁盘空间不足，没有保存。请清理磁盘后重试。")

    monkeypatch.setattr(excelreplace, "write_file", full)
    act("checks", host)
    assert "磁盘空间不足" in excel.told[-1] and excel.excel is not None
    assert excel.excel.journal.of("close_book") == [] and names(excel) == ["决算.xlsx"]
    assert book_of(host).values[TOTALS]["A1"].value == "没有保存的改动"
    assert path.read_bytes() == sound()


def test_a_workbook_that_does_not_close_stays_and_leaves_nothing_behind(
    excel: Desk, tmp_path: Path
) -> None:
    path = empty_form(tmp_path)
    host = excel.open(path, yes=True, chosen=(DOCUMENT,))
    assert excel.excel is not None
    excel.excel.journal.fail_at = "close_book"
    act("fill", host)
    assert "空表.xlsx：Excel 没有关闭它（close_book 失败）" in excel.told[-1]
    assert names(excel) == ["空表.xlsx"] and excel.excel.settings["enable_events"]
    assert path.read_bytes() == EMPTY.read_bytes()
    assert list(tmp_path.glob("空表*")) == [path]


def test_a_macro_does_not_keep_the_workbook_open(excel: Desk, tmp_path: Path) -> None:
    host = excel.open(empty_form(tmp_path), yes=True, chosen=(DOCUMENT,))
    assert isinstance(host, ExcelHost)
    book_of(host).refuses_to_close = True
    act("fill", host)
    assert excel.told[-1].startswith("已填进“空表.xlsx”并保存") and names(excel) == ["空表.xlsx"]
    assert excel.excel is not None and excel.excel.settings["enable_events"]
    with host.snapshot() as now:  # xlwings gives the open workbook when asked to open it again
        assert read(now).report.unit_name
    assert sorted(one.name for one in tmp_path.glob("空表*")) == ["空表.xlsx"]


def test_what_is_written_but_does_not_open_is_said(excel: Desk, tmp_path: Path) -> None:
    path = empty_form(tmp_path)
    host = excel.open(path, yes=True, chosen=(DOCUMENT,))
    assert excel.excel is not None
    excel.excel.journal.fail_at = "open_book"
    act("fill", host)
    assert "空表.xlsx：已经写好，重新打开时 Excel 报错（open_book 失败）" in excel.told[-1]
    assert path.read_bytes() != EMPTY.read_bytes()
    assert excel.excel.security == MACROS_RUN


@pytest.mark.parametrize("yes", [True, False])
def test_macros_run_only_as_the_person_has_set(excel: Desk, tmp_path: Path, yes: bool) -> None:
    path = tmp_path / "决算.xlsx"
    path.write_bytes(sound())
    act("checks", excel.open(path, yes=yes, chosen=(tmp_path / "审核.xlsx",)))
    assert excel.excel is not None and excel.excel.opened_under == [MACROS_AS_SET]
    assert excel.excel.security == MACROS_RUN


def test_a_workbook_in_the_cloud_is_filled_into_a_copy(excel: Desk, tmp_path: Path) -> None:
    path, out = empty_form(tmp_path), tmp_path / "填好.xlsx"
    host = excel.open(path, yes=True, chosen=(DOCUMENT, out))
    book_of(host).url = "https://d.docs.live.net/0123/空表.xlsx"
    act("fill", host)
    assert "工作簿不在本机的文件夹里，不能写进打开的工作簿，另存一份。" in excel.told
    assert excel.opened == ["填好.xlsx"] and path.read_bytes() == EMPTY.read_bytes()


def test_figures_that_are_not_what_was_filled_are_told(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should something on the way change them: another program, an event's macro, Excel itself."""
    from tests.support import filehost

    def spoil(target: Path, chunks: list[bytes], *, overwrite: bool) -> None:
        data = edited(chunks[0], lambda editor: editor.set("收入决算表", "D17", None))
        write_file(target, [data], overwrite=overwrite)

    for module in (excelreplace, filehost):
        monkeypatch.setattr(module, "write_file", spoil)
    host = desk.open(empty_form(tmp_path), yes=True, chosen=(DOCUMENT,))
    act("fill", host)
    assert isinstance(host, ExcelHost | FileHost)
    assert "“收入决算表”D17" in desk.told[-1] and "与写进去的不同" in desk.told[-1]


def as_macro_workbook(form: Path, path: Path) -> Path:
    """A form as an .xlsm: the same parts under the content type of a workbook with macros."""
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    with zipfile.ZipFile(form) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(plain, macros))
    return path


def test_another_form_with_macros_stays_too(tmp_path: Path) -> None:
    desk, out = Desk("file", tmp_path), tmp_path / "公开表.xlsx"
    path = as_macro_workbook(OTHER_FORM, tmp_path / "自评表.xlsm")
    unchanged = path.read_bytes()
    act("fill", desk.open(path, yes=True, chosen=(OTHER_DATA, out)))
    assert desk.told[-1].startswith("已填报，原工作簿没有改动："), desk.told
    assert desk.opened == ["公开表.xlsx"] and path.read_bytes() == unchanged


@pytest.mark.parametrize("call", ["activate_book", "activate_sheet"])
def test_an_error_after_writing_does_not_say_that_nothing_changed(
    excel: Desk, tmp_path: Path, call: str
) -> None:
    path = empty_form(tmp_path)
    host = excel.open(path, yes=True, chosen=(DOCUMENT,))
    assert excel.excel is not None
    count, app = excel.excel.journal.counts, excel.excel

    def fail_once_open(*arguments: object) -> None:
        if arguments[0] == "open_book":
            app.journal.fail_at = call

    original = app.journal.note

    def note(name: str, *arguments: object) -> None:
        original(name, *arguments)
        fail_once_open(name, *arguments)

    app.journal.note = note  # type: ignore[method-assign]
    act("fill", host)
    assert count["open_book"] == 0 and path.read_bytes() != EMPTY.read_bytes()
    assert "没有改动" not in excel.told[-1] and "已经写好" in excel.told[-1]


@pytest.mark.parametrize("how", ["关闭后报错", "说不出开着哪些", "事件开关报错"])
def test_what_excel_says_after_closing_costs_no_unsaved_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    desk = Desk("excel", tmp_path)
    path = tmp_path / "决算.xlsx"
    path.write_bytes(sound())
    host = desk.open(path, yes=True)
    assert isinstance(host, ExcelHost) and desk.excel is not None
    change(host, TOTALS, "A1", "没有保存的改动")
    books, close = type(desk.excel.books), Book.close

    def busy(*_: object) -> NoReturn:
        monkeypatch.undo()  # once
        raise ComError("应用程序正在忙")

    def closing(self: Book) -> None:
        close(self)
        if self.path == path:
            if how == "关闭后报错":
                raise ComError("远程过程调用失败")
            if how == "说不出开着哪些":
                monkeypatch.setattr(books, "__iter__", busy)
            else:
                monkeypatch.setattr(xw.App, "enable_events", property(lambda _: False, busy))

    monkeypatch.setattr(Book, "close", closing)
    act("checks", host)
    there = [open_workbook(one) for one in tmp_path.glob("决算*.xlsx")]
    assert any(one.sheet(TOTALS).value("A1") == "没有保存的改动" for one in there)
    assert "没有改动" not in desk.told[-1]
    if how == "说不出开着哪些":
        assert (
            f"没保存的改动和做好的内容都在另存的 {tmp_path / '决算.另存.xlsx'} 里" in desk.told[-1]
        )
