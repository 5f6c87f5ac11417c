"""Tell by its content what a file is, and say what to do with one that is no .xlsx or .xls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from xltool.ooxml.package.errors import Kind, WorkbookError, corrupt
from xltool.ooxml.package.package import CONTENT_TYPES, Package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。"
_OTHER: tuple[tuple[bytes, Kind, str], ...] = (
    (b"%PDF", "not-workbook", "这是 PDF 文件，不是工作簿。请向填报单位索取 Excel 原件。"),
    (b"<?xml", "unsupported", f"这是 XML 格式的表格，本工具不支持。{_SAVE_AS}"),
    (b"<", "unsupported", f"这是网页格式的表格，本工具不支持。{_SAVE_AS}"),
    (b"PK\x05\x06", "not-workbook", "这是空的压缩包，不是工作簿。请核对文件。"),
    (b"Rar!", "not-workbook", "这是 RAR 压缩包，请先解压，再处理其中的工作簿。"),
    (b"7z\xbc\xaf", "not-workbook", "这是 7z 压缩包，请先解压，再处理其中的工作簿。"),
)


def container(data: bytes) -> Literal["zip", "xls"]:
    """Whether the bytes are a ZIP package or an .xls file. Raises WorkbookError for others."""
    if not data.strip(b"\x00"):
        raise WorkbookError("corrupt", "文件是空的，可能没有保存或下载成功。请重新取得文件。")
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(_OLE):
        return _ole(data)
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:16]
    for mark, kind, message in _OTHER:
        if head.startswith(mark):
            raise WorkbookError(kind, message)
    raise WorkbookError("not-workbook", f"这不是 Excel 工作簿。请核对文件，或{_SAVE_AS}")


def _ole(data: bytes) -> Literal["xls"]:
    if _has_stream(data, "EncryptedPackage"):
        raise encrypted()
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return "xls"
    told = f"这是旧版 Office 或 WPS 文件，里面没有认得出的工作簿。{_SAVE_AS}"
    raise WorkbookError("not-workbook", told)


def encrypted() -> WorkbookError:
    """The error for a workbook with a password to open."""
    return WorkbookError(
        "encrypted", "工作簿设了打开密码。请在 Excel 中输入密码打开，取消密码并保存后重试。"
    )


def _has_stream(data: bytes, name: str) -> bool:
    """True when the directory of a compound file has an entry of that name."""
    wanted = (name + "\0").encode("utf-16-le")
    at = data.find(wanted)
    while at >= 0 and at % _ENTRY:
        at = data.find(wanted, at + 1)
    return at >= 0


def _starts_with(package: Package, folder: str) -> bool:
    return any(name.startswith(folder) for name in package.names())


_PACKAGES: tuple[tuple[Callable[[Package], bool], Kind, str], ...] = (
    (
        lambda package: package.has("mimetype") and package.has("content.xml"),
        "unsupported",
        f"这是 OpenDocument（.ods）文件，本工具不支持。{_SAVE_AS}",
    ),
    (
        lambda package: package.has("xl/workbook.bin"),
        "unsupported",
        f"这是二进制工作簿（.xlsb），本工具不支持。{_SAVE_AS}",
    ),
    (
        lambda package: package.has("Index.zip") or _starts_with(package, "Index/"),
        "unsupported",
        "这是苹果 Numbers 文件，本工具不支持。请在 Numbers 中导出为 Excel（.xlsx）后重试。",
    ),
    (
        lambda package: _starts_with(package, "word/"),
        "not-workbook",
        "这是 Word 文件，不是工作簿。请核对文件。",
    ),
    (
        lambda package: _starts_with(package, "ppt/"),
        "not-workbook",
        "这是 PowerPoint 文件，不是工作簿。请核对文件。",
    ),
    (
        lambda package: not package.has(CONTENT_TYPES),
        "not-workbook",
        "这是普通压缩包，不是工作簿。如果工作簿在压缩包里，请先解压。",
    ),
)


def require_workbook(package: Package) -> str:
    """The name of the workbook part. Raises WorkbookError when the package is something else."""
    for applies, kind, message in _PACKAGES:
        if applies(package):
            raise WorkbookError(kind, message)
    parts = package.related("", "officeDocument")
    part = parts[0] if parts else "xl/workbook.xml"
    if not package.has(part):
        raise corrupt(f"工作簿部件 {part}", "缺失")
    return part
