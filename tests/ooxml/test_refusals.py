"""Files that are no workbook, damaged, locked or hostile: one clear message each, nothing else."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from tests.support.feature_book import package
from tests.support.packages import SHEET1, book, one_sheet, packed, worksheet
from xltool.core.problems import InputError
from xltool.ooxml import EditError, Editor, Limits, WorkbookError, open_workbook
from xltool.ooxml.package.errors import corrupt

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _stream(name: str) -> bytes:
    return OLE + (name + "\0").encode("utf-16-le").ljust(128, b"\0")


def _zip(*names: str) -> bytes:
    return packed(dict.fromkeys(names, "x"))


def _with_sheet(text: str) -> bytes:
    return packed(book({"表": text}))


def _without(part: str) -> bytes:
    parts = book({"表": worksheet()})
    del parts[part]
    return packed(parts)


FILES: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "empty": ("corrupt", "空的", lambda: b""),
    "zeros": ("corrupt", "空的", lambda: bytes(5000)),
    "text": ("not-workbook", "不是 Excel 工作簿", lambda: "科目编码,金额\n".encode("gbk")),
    "pdf": ("not-workbook", "PDF", lambda: b"%PDF-1.7\n"),
    "web page": ("unsupported", "网页", lambda: b"\xef\xbb\xbf <html><table>"),
    "xml spreadsheet": ("unsupported", "XML 格式", lambda: b'<?xml version="1.0"?><Workbook/>'),
    "rar": ("not-workbook", "先解压", lambda: b"Rar!\x1a\x07\x00"),
    "empty archive": ("not-workbook", "空的压缩包", lambda: b"PK\x05\x06" + bytes(18)),
    "ods": ("unsupported", "另存为 .xlsx", lambda: _zip("mimetype", "content.xml")),
    "xlsb": ("unsupported", r"\.xlsb", lambda: _zip("[Content_Types].xml", "xl/workbook.bin")),
    "numbers": ("unsupported", "Numbers", lambda: _zip("Index/Document.iwa")),
    "word": ("not-workbook", "Word", lambda: _zip("[Content_Types].xml", "word/document.xml")),
    "slides": ("not-workbook", "PowerPoint", lambda: _zip("[Content_Types].xml", "ppt/a.xml")),
    "archive of books": ("not-workbook", "先解压", lambda: _zip("甲.xlsx", "乙.xlsx")),
    "password": ("encrypted", "密码", lambda: _stream("EncryptedPackage")),
    "old word": ("not-workbook", "旧版 Office", lambda: _stream("WordDocument")),
    "broken xls": ("corrupt", r"\.xls", lambda: _stream("Workbook")),
    "no workbook part": ("corrupt", r"xl/workbook\.xml", lambda: _without("xl/workbook.xml")),
    "no sheet part": ("corrupt", r"sheet1\.xml", lambda: _without(SHEET1)),
    "no relations": ("corrupt", "“表”", lambda: _without("xl/_rels/workbook.xml.rels")),
    "sheet not well-formed": ("corrupt", r"sheet1\.xml", lambda: _with_sheet("<worksheet>")),
    "no sheetData": (
        "corrupt",
        "“表”缺少 sheetData",
        lambda: _with_sheet(worksheet().replace("sheetData", "sheetdata")),
    ),
    "entities": (
        "unsafe-xml",
        r"sheet1\.xml",
        lambda: _with_sheet(
            '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            + worksheet("<row r='1'><c r='A1'><v>&b;</v></c></row>").partition("?>")[2]
        ),
    ),
    "entity from a file": (
        "unsafe-xml",
        r"sheet1\.xml",
        lambda: _with_sheet(
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
            + worksheet("<row r='1'><c r='A1'><v>&a;</v></c></row>").partition("?>")[2]
        ),
    ),
}


@pytest.mark.parametrize(("kind", "message", "make"), FILES.values(), ids=FILES)
def test_other_files_are_refused_by_content(
    tmp_path: Path, kind: str, message: str, make: Callable[[], bytes]
) -> None:
    path = tmp_path / "决算.xlsx"
    path.write_bytes(make())
    with pytest.raises(WorkbookError, match=message) as refusal:
        list(open_workbook(path).sheets[0].items())
    assert refusal.value.kind == kind
    assert str(refusal.value).startswith("《决算.xlsx》：")


def test_a_truncated_book_is_refused_wherever_it_ends() -> None:
    data = package()
    for end in range(0, len(data) - 1, len(data) // 60):
        with pytest.raises(WorkbookError) as refusal:
            open_workbook(data[:end])
        assert refusal.value.kind == "corrupt"


def test_a_flipped_byte_is_noticed_or_harmless() -> None:
    data = one_sheet('<row r="1"><c r="A1"><v>12.5</v></c></row>')
    for at in range(0, len(data), 3):
        broken = data[:at] + bytes([data[at] ^ 0x21]) + data[at + 1 :]
        try:
            value = open_workbook(broken).sheet("表").value("A1")
        except WorkbookError:
            continue
        assert value == open_workbook(data).sheet("表").value("A1"), at


def test_a_book_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="不存在") as refusal:
        open_workbook(tmp_path / "没有.xlsx")
    assert refusal.value.kind == "missing"
    with pytest.raises(WorkbookError, match="文件夹"):
        open_workbook(tmp_path)


def test_a_wps_book_without_an_old_workbook_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "决算.et"
    path.write_bytes(_stream("ETContent"))
    with pytest.raises(WorkbookError, match=r"WPS.*另存为") as refusal:
        open_workbook(path)
    assert refusal.value.kind == "not-workbook"


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    path.write_bytes(one_sheet())
    for source in (path, path.read_bytes()):
        with pytest.raises(WorkbookError, match="文件超过") as refusal:
            open_workbook(source, limits=Limits(max_file=100))
        assert refusal.value.kind == "too-large"


@pytest.mark.parametrize(("beside", "kind"), [(True, "locked"), (False, "no-permission")])
def test_a_book_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: bool, kind: str
) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(one_sheet())
    if beside:
        (tmp_path / "~$表.xlsx").write_bytes(b"")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(WorkbookError) as refusal:
        open_workbook(path)
    assert refusal.value.kind == kind


def test_a_path_may_be_a_text_and_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    workbook = open_workbook(str(path))
    path.replace(tmp_path / "别处.xlsx")
    assert workbook.path == path
    assert workbook.sheet("表").value("A1") == 1


def test_deep_nesting_is_no_trouble() -> None:
    deep = "<a>" * 50_000 + "</a>" * 50_000
    package = one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>', after=deep)
    sheet = open_workbook(package).sheet("表")
    assert sheet.value("A1") == 1
    assert sheet.merges == ()


def test_errors_found_later_name_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(one_sheet('<row r="1"><c r="A1"><v>x</v></c></row>'))
    with pytest.raises(WorkbookError, match=r"^《表.xlsx》：.*“表”.*A1"):
        open_workbook(path).sheet("表").value("A1")


def test_old_books_cannot_be_edited(old_book: Path) -> None:
    with pytest.raises(WorkbookError, match=r"另存为 \.xlsx") as refusal:
        Editor(open_workbook(old_book))
    assert refusal.value.kind == "unsupported"


@pytest.fixture
def old_book(tmp_path: Path) -> Path:
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, 1.5)
    path = tmp_path / "旧.xls"
    book.save(str(path))
    return path


def test_an_xls_with_a_password(old_book: Path) -> None:
    data = bytearray(old_book.read_bytes())
    at = data.index(struct.pack("<HH", 0x0042, 2))  # CODEPAGE, which stands near the top
    struct.pack_into("<HHH", data, at, 0x002F, 2, 0)  # FILEPASS
    with pytest.raises(WorkbookError, match="密码") as refusal:
        open_workbook(bytes(data))
    assert refusal.value.kind == "encrypted"


@pytest.mark.parametrize(
    "error", [corrupt("部件 x", "缺失"), EditError("不能改。", file="甲.xlsx")]
)
def test_a_refusal_is_a_reason_for_every_door(error: WorkbookError) -> None:
    """No door need know of workbooks to tell what is wrong with one; it passes between processes whole."""
    assert isinstance(error, InputError)
    error.file = "乙.xlsx"
    (problem,) = error.problems
    assert (problem.where, problem.message, problem.code) == ("乙.xlsx", error.message, error.kind)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.kind) == (type(error), str(error), error.kind)
