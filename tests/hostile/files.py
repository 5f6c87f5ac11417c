"""Files that are something else than their name says, names that are hard to store, things that are no files."""

from __future__ import annotations

import io
import os
import socket
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from tests.hostile.bases import as_xls, filled
from tests.hostile.case import GOOD, Case, good, packed, refused, same

NAMES = (
    "تقرير الحسابات", "דוח כספי", "отчёт", "报表👨‍👩‍👧‍👦📊", "a\u0301\u0302\u0303 é", "ད་ལྟ", "ﷺ", "\u202exslx.表报",
    "ꙮ", "𠮷野家", "ｆｕｌｌ", "İstanbul", "ß", "한글", "ภาษาไทย", "zero\u200bwidth", "  两头空格  ", "'=1+1", "-rf",
    "%TEMP%", "$HOME", *(("a;b&c|d", "[1]*?") if sys.platform != "win32" else ("a;b&c", "[1]")), "名" * 75,
)  # fmt: skip
ONLY_ELSEWHERE = (
    "CON",
    "nul",
    "COM1",
    "aux.2024",
    "a:b",
    'q"<>|',
    "点.",
    "行\n行",
    "\x1b[31m红",
    "back\\slash",
)
"""Names that Windows does not store, and other systems do."""

UNITS = (
    "../../../../tmp/逃", "CON", "C:\\逃", "a/b", "=cmd|'/C calc'!A0", "<script>alert(1)</script>", "وزارة المالية",
    "\u202eאוצר", "👨‍👩‍👧局", "é\u0301\u0302局", "'; DROP TABLE facts; --", "{{7*7}}", "甲" * 2000, "%s%n${jndi:ldap://x}",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """All files of the corpus that are ordinary files."""
    yield from no_workbooks()
    yield from misnamed()
    yield from named()
    yield from archived()
    for number, unit in enumerate(UNITS):
        book = filled("2024-shanghai", 1, unit_name=unit)[0]
        yield same(f"单位/{number}.xlsx", book, book)


def no_workbooks() -> Iterator[Case]:
    """Files with the suffix of a workbook."""
    table = "<html><table><tr><td>收入支出决算总表</td></tr></table></html>".encode()
    xml = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    contents = {
        "空": (b"", "空"), "零": (bytes(4096), "空"), "文字": ("这不是工作簿".encode(), "不是 Excel"),
        "网页": (table, "网页"), "XML表格": (xml, "XML"), "csv": ("科目,金额\n1,2\n".encode("gb18030"), "不是 Excel"),
        "PDF": (b"%PDF-1.7\n", "PDF"), "RAR": (b"Rar!\x1a\x07\0", "RAR"), "空包": (b"PK\x05\x06" + bytes(18), "空"),
        "图片": (b"\x89PNG\r\n\x1a\n" + bytes(50), "不是 Excel"), "空格": (b"   \n\n  ", "不是 Excel"),
    }  # fmt: skip
    for name, (content, said) in contents.items():
        for suffix in ("xlsx", "xls"):
            yield refused(f"不是工作簿/{name}.{suffix}", content, said)
    word = packed({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"})
    yield refused("不是工作簿/文档.xlsx", word, "Word")
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    yield refused("不是工作簿/别的工作簿.xlsx", target.getvalue(), "不是决算报表")
    other = openpyxl.Workbook()
    for number in range(200):
        other.create_sheet(f"工资{number}").append(["姓名", "金额", number])
    other.save(target := io.BytesIO())
    yield refused("不是工作簿/工资表.xlsx", target.getvalue(), "不是决算报表")
    xls = as_xls(good())
    for cut in (100, 512, 5000, len(xls) - 600):
        yield refused(f"不是工作簿/截断{cut}.xls", xls[:cut])


def misnamed() -> Iterator[Case]:
    """Workbooks under other names."""
    xls = as_xls(good())
    yield Case("改名/旧的.xlsx", xls, GOOD, facts_of=xls)
    yield Case("改名/旧的.xls", xls, GOOD, facts_of=xls)
    yield same("改名/新的.xls", good())
    yield same("改名/新的.xlsm", good())
    yield same("改名/工作簿.zip", good())
    yield refused("改名/压缩包.xlsx", packed({"报表.xlsx": good()}), "压缩包")
    yield refused("改名/手工.et", b"\xd0\xcf\x11\xe0", "另存为 .xlsx")
    yield refused("改名/坏.zip", good()[:5000])
    yield refused("改名/空.zip", b"")


def named() -> Iterator[Case]:
    """The good workbook under names in every script, and under names that differ in case."""
    names = NAMES if sys.platform == "win32" else (*NAMES, *ONLY_ELSEWHERE)
    for name in names:
        yield same(f"名字/{name}.xlsx", good())
    if sys.platform not in ("win32", "darwin"):
        yield same("名字/大小写/A.xlsx", good())
        yield same("名字/大小写/a.xlsx", good())
        yield same("名字/大小写/A.XLSX", good())
        yield same("名字/名\u00e9.xlsx", good())
        yield same("名字/名e\u0301.xlsx", good())


ARCHIVED = {
    "../逃1.xlsx": "逃1.xlsx", "/逃2.xlsx": "逃2.xlsx", "C:\\逃3.xlsx": "C_/逃3.xlsx", "..\\..\\逃4.xlsx": "逃4.xlsx",
    "\\\\服务器\\共享\\逃5.xlsx": "服务器/共享/逃5.xlsx", "CON.xlsx": "CON.xlsx", "nul/逃6.xlsx": "nul/逃6.xlsx",
    "点./逃7 .xlsx": "点./逃7 .xlsx", "长" * 300 + ".xlsx": "长" * 300 + ".xlsx",
    "a/" * 200 + "深.xlsx": "a/" * 200 + "深.xlsx",
    "行\n行.xlsx": "行\n行.xlsx", "甲:流.xlsx": "甲_流.xlsx",
}  # fmt: skip
"""Names inside an archive, and what is shown for them."""


def archived() -> Iterator[Case]:
    """An archive with dangerous names, and one from a Chinese Windows (code page 936, no flag)."""
    yield same("压缩/危险的名字.zip", packed(dict.fromkeys(ARCHIVED, good()), zipfile.ZIP_STORED))
    yield same("压缩/本地编码.zip", local_names())


def local_names() -> bytes:
    """An archive whose names are in code page 936 without saying so."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("x" * len("县局/甲单位.xlsx".encode("gb18030")))
        archive.writestr(info, good())
    return target.getvalue().replace(info.filename.encode(), "县局/甲单位.xlsx".encode("gb18030"))


def strange_places(corpus: Path) -> dict[str, tuple[str, str]]:
    """Things that are no ordinary files, made in the corpus: the name shown -> (state, word of the reason)."""
    folder = corpus / "怪文件"
    folder.mkdir()
    (folder / "文件夹.xlsx").mkdir()
    (folder / "文件夹.xlsx" / "里面.xlsx").write_bytes(good())
    found = {"怪文件/文件夹.xlsx/里面.xlsx": (GOOD, "")}
    if sys.platform == "win32":
        return found
    (folder / "圈").symlink_to(folder)
    (folder / "上").symlink_to(corpus)
    (folder / "圈甲").symlink_to(folder / "圈乙")
    (folder / "圈乙").symlink_to(folder / "圈甲")
    (folder / "自己.xlsx").symlink_to(folder / "自己.xlsx")
    (folder / "断了.xlsx").symlink_to(folder / "没有.xlsx")
    (folder / "无底.xlsx").symlink_to("/dev/zero")
    (folder / "无底.zip").symlink_to("/dev/zero")
    os.mkfifo(folder / "管道.xlsx")
    os.mkfifo(folder / "管道.zip")
    with socket.socket(socket.AF_UNIX) as listener, tempfile.TemporaryDirectory() as short:
        listener.bind(f"{short}/s")  # the path of a socket must be short
        Path(short, "s").rename(folder / "插座.xlsx")
    for name in (
        "自己.xlsx",
        "断了.xlsx",
        "无底.xlsx",
        "无底.zip",
        "管道.xlsx",
        "管道.zip",
        "插座.xlsx",
    ):
        found[f"怪文件/{name}"] = ("失败", "")
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xbc\xd7.xlsx"))).write_bytes(good())
    found["怪文件/\\xbc\\xd7.xlsx"] = (GOOD, "")
    deep = folder
    for _ in range(200):
        deep = deep / "深"
    deep.mkdir(parents=True)
    (deep / "底.xlsx").write_bytes(good())
    found["怪文件/" + "深/" * 200 + "底.xlsx"] = (GOOD, "")
    return found
