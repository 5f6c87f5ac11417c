"""The shared strings of a workbook, found in their text by one pattern, and rich texts.

The pattern has a last alternative that takes any tag it does not know; when that one matches anything,
or the text has constructs that the pattern cannot see, the text is brought into canonical form first.
"""

from __future__ import annotations

import re

from xltool.ooxml.package.errors import WorkbookError, corrupt
from xltool.ooxml.package.limits import Limits
from xltool.ooxml.package.xmltext import ATTRIBUTES, cell_text
from xltool.ooxml.read.xlsx.canonical import MAIN, canonical

_STRINGS = re.compile(
    r'<(?:si>(?:<t(?: xml:space="preserve")?>([^<]*)</t></si>'
    r"|([^<]*(?:<(?!/si>)/?[a-zA-Z]+[ >/][^<]*)*)</si>)"
    r"|si/>|(?!/sst>)(.))",
    re.S,
)
_PHONETIC = re.compile(r"<rPh[ >].*?</rPh>", re.S)
_TEXT = re.compile(rf"<t{ATTRIBUTES}(?:/>|>([^<]*)</t\s*>)")


def root_pattern(name: str) -> re.Pattern[str]:
    """Finds the start of a root element of the main namespace, plainly spelled."""
    return re.compile(rf'<{name}(?: [a-zA-Z0-9_.:-]+="[^"<>]*")*? xmlns="{re.escape(MAIN)}"[^<>]*>')


_ROOT = root_pattern("sst")


def is_plain(text: str) -> bool:
    """True when the text has no comment, CDATA section or processing instruction."""
    return "<!" not in text and text.find("<?", text.find("?>") + 1) < 0


def too_many(where: str, limits: Limits) -> WorkbookError:
    """An error for a part of more than `limits.max_cells` cells or strings."""
    return WorkbookError(
        "too-large",
        f"{where}的内容超过 {limits.max_cells} 个单元格，已拒绝读取。请核实文件，或拆分后再试。",
    )


def rich_text(raw: str) -> str:
    """The text of the content of `<si>` or `<is>`: all runs, without phonetic ones."""
    if "<rPh" in raw:
        raw = _PHONETIC.sub("", raw)
    return "".join([cell_text(text) for text in _TEXT.findall(raw)])


def _strings(text: str) -> list[str] | None:
    root = _ROOT.search(text) if is_plain(text) else None
    if root is None or text.find("xmlns", root.end()) >= 0:
        return None
    if text[root.end() - 2] == "/":
        return []
    found = _STRINGS.findall(text, root.end())
    if any(item[2] for item in found):
        return None
    escaped = "&" in text or "_x" in text or "\r" in text
    return [
        rich_text(rich) if rich else cell_text(plain) if escaped else plain
        for plain, rich, _ in found
    ]


def scan_strings(text: str, where: str, limits: Limits) -> list[str]:
    """The shared strings of a well-formed part. Raises WorkbookError (corrupt, too-large)."""
    if text.count("<") > 12 * limits.max_cells:
        raise too_many(where, limits)
    strings = _strings(text)
    if strings is None:
        strings = _strings(canonical(text, where))
    if strings is None:
        raise corrupt(where, "含有无法识别的写法")
    return strings
