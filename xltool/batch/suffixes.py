"""The kinds of files that people hand in, by their suffixes."""

from __future__ import annotations

TEXTS = frozenset({".docx", ".docm", ".doc", ".pdf", ".txt"})
"""Files with the text that a unit discloses about its figures."""

_SAVE_AS = "请用 Excel 或 WPS 另存为 .xlsx"
REFUSED = {
    ".ett": f"WPS 表格模板（.ett），不支持。{_SAVE_AS}",
    ".ods": f"OpenDocument 表格（.ods），不支持。{_SAVE_AS}",
    ".wps": "WPS 文字（.wps）文件，不是工作簿。请核对文件",
    ".xlsb": f"二进制工作簿（.xlsb），不支持。{_SAVE_AS}",
    ".xltx": f"Excel 模板（.xltx），不是填好的工作簿。{_SAVE_AS}",
    ".xltm": f"Excel 模板（.xltm），不是填好的工作簿。{_SAVE_AS}",
    ".rar": "RAR 压缩包，读不了。请先解压，再处理其中的工作簿",
    ".7z": "7z 压缩包，读不了。请先解压，再处理其中的工作簿",
}
"""Files that people hand in as workbooks: each gets a row with the reason why it was not read."""

ARCHIVE = ".zip"
NO_SUFFIX = "（没有后缀）"
OWNED = ("~$", ".~", "._")
"""Lock files of Excel, WPS and LibreOffice, resource files of macOS."""
