"""Files that are no workbook to be read: each is called what it is, and nothing is written."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.support.books import fill_raw
from tests.support.compare import contents
from tests.support.documents import make
from tests.support.terminal import assert_refused, xltool

HELP = ("另存为", ".xlsx")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A good workbook, to be spoilt."""
    out = tmp_path_factory.mktemp("filled") / "好.xlsx"
    fill_raw(make(1, "2024-shanghai", details=3), out)
    return out.read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "报送 2024"
    place.mkdir()
    return place


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def with_part(book: bytes, name: str, data: bytes) -> bytes:
    return packed({**contents(book), name: data})


def compound(stream: str) -> bytes:
    """A compound file (OLE) whose directory has one stream of this name."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    header[24:34] = bytes.fromhex("3e000300feff09000600")
    header[44:48] = (1).to_bytes(4, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[76:512] = (0).to_bytes(4, "little") + b"\xff" * 432
    table = b"\xfd\xff\xff\xff\xfe\xff\xff\xff" + b"\xff" * 504
    entries = b""
    for name, kind in (("Root Entry", 5), (stream, 2)):
        raw = (name + "\0").encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes([kind, 1])
        entries += (entry + b"\xff" * 12).ljust(128, b"\0")
    return bytes(header) + table + entries.ljust(512, b"\0")


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 1000
    + b'"><!ENTITY c "'
    + b"&b;" * 1000
    + b'">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>&c;</sheetData></worksheet>"
)
NETWORK = LAUGHS.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "http://127.0.0.1:9/x">')
SHEET = "xl/worksheets/sheet1.xml"


def test_files_that_are_something_else(folder: Path, filled: bytes) -> None:
    ods = packed(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}
    )
    files: dict[str, tuple[bytes, tuple[str, ...]]] = {
        "空.xlsx": (b"", ("空",)),
        "文字.xlsx": ("这不是工作簿".encode(), ("不是 Excel 工作簿",)),
        "网页.xls": (b"<html><table></table></html>", ("网页", *HELP)),
        "文件.pdf": (b"%PDF-1.7", ("PDF",)),
        "表格.et": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), (".et", "WPS", *HELP)),
        "表格.ods": (ods, (".ods", *HELP)),
        "文档.docx": (packed({"[Content_Types].xml": b"", "word/document.xml": b""}), ("Word",)),
        "压缩.xlsx": (packed({"报表.xlsx": filled}), ("压缩包",)),
    }
    for name, (data, said) in files.items():
        (folder / name).write_bytes(data)
        assert_refused(folder, "read", name, "-o", "出.json", said=(name, *said))


def test_damaged_files(folder: Path, filled: bytes) -> None:
    at = filled.index(b"PK\x01\x02")
    start = filled.index(b"xl/worksheets/sheet1.xml") + 400
    files: dict[str, bytes] = {
        "截断.xlsx": filled[: len(filled) // 2],
        "缺目录.xlsx": filled[:at],
        "坏数据.xlsx": filled[:start] + bytes(40) + filled[start + 40 :],
        "坏部件.xlsx": with_part(filled, SHEET, contents(filled)[SHEET][:-30]),
        "缺部件.xlsx": packed({n: d for n, d in contents(filled).items() if n != SHEET}),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
        assert_refused(folder, "read", name, "-o", "出.json", said=(name,))


def test_a_password_is_said_to_be_one(folder: Path) -> None:
    (folder / "密码.xlsx").write_bytes(compound("EncryptedPackage"))
    assert_refused(folder, "read", "密码.xlsx", said=("密码.xlsx", "打开密码", "取消密码"))
    (folder / "密码.xls").write_bytes(compound("EncryptedPackage"))
    assert_refused(folder, "read", "密码.xls", said=("密码.xls", "打开密码"))


@pytest.mark.parametrize("part", [LAUGHS, NETWORK])
def test_entities_are_refused_and_not_expanded(folder: Path, filled: bytes, part: bytes) -> None:
    (folder / "实体.xlsx").write_bytes(with_part(filled, SHEET, part))
    assert_refused(folder, "read", "实体.xlsx", said=("实体.xlsx", "实体"))


def test_a_zip_bomb_is_refused(folder: Path, filled: bytes) -> None:
    blank = b"<?xml version='1.0'?>" + b" " * (40 << 20)
    (folder / "炸弹.xlsx").write_bytes(with_part(filled, SHEET, blank))
    assert (folder / "炸弹.xlsx").stat().st_size < 1 << 20
    assert_refused(folder, "read", "炸弹.xlsx", said=("炸弹.xlsx",))


def test_workbooks_that_are_no_such_report(folder: Path, filled: bytes) -> None:
    openpyxl.Workbook().save(folder / "别的.xlsx")
    said = ("别的.xlsx", "不是决算报表", "空的工作簿")
    assert_refused(folder, "read", "别的.xlsx", said=said)
    (folder / "报表.xlsx").write_bytes(filled)
    said = ("报表.xlsx", "不是 2021-national", "2024-shanghai")
    assert_refused(folder, "read", "报表.xlsx", "-e", "2021-national", said=said)
    book = openpyxl.load_workbook(folder / "报表.xlsx")
    del book["收入决算表"], book["支出决算表"]
    book.save(folder / "缺表.xlsx")
    said = ("缺少“收入决算表”", "缺少“支出决算表”")
    assert_refused(folder, "read", "--complete", "缺表.xlsx", "-o", "出.json", said=said)
    (folder / "文件夹.xlsx").mkdir()
    assert_refused(folder, "read", "文件夹.xlsx", said=("文件夹.xlsx", "文件夹"))


def test_faults_in_cells_come_at_once_and_with_their_address(folder: Path, filled: bytes) -> None:
    (folder / "报表.xlsx").write_bytes(filled)
    book = openpyxl.load_workbook(folder / "报表.xlsx")
    book["收入支出决算总表"]["B10"] = "三万"
    book["支出决算表"]["D6"] = "#REF!"
    book.save(folder / "错.xlsx")
    said = ("“收入支出决算总表”B10", "事业收入", "三万", "“支出决算表”D6", "#REF!")
    assert_refused(folder, "read", "--complete", "错.xlsx", "-o", "出.json", said=said)
    answer = xltool("read", "错.xlsx", "-o", "出.json", folder=folder)
    assert answer.code == 1 and all(text in answer.err for text in said)
    report = json.loads((folder / "出.json").read_text(encoding="utf-8"))["表"]
    assert "事业收入" not in report["收入支出决算总表"]["收入"] and report["收入决算表"]["合计"]


def test_a_filled_book_is_no_template(folder: Path, filled: bytes) -> None:
    (folder / "模板.xlsx").write_bytes(filled)
    (folder / "数据.json").write_text(
        '{"版本": "2021-national", "单位名称": "某局", "年度": 2021, "金额单位": "元",'
        '"表": {"收入支出决算总表": {"收入": {"事业收入": 1}}}}',
        encoding="utf-8",
    )
    args = ("fill", "数据.json", "-o", "出.xlsx", "--template", "模板.xlsx")
    assert_refused(folder, *args, said=("模板.xlsx", "不是空白的表样"))


def test_a_workbook_is_told_by_what_it_is_and_not_by_its_name(folder: Path, filled: bytes) -> None:
    (folder / "报表.xls").write_bytes(filled)
    assert xltool("read", "报表.xls", "-o", "读回.json", folder=folder).code == 0
