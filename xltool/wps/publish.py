"""publish.xml, in which WPS finds its JS add-ins: one entry is put in or taken out, all else stays byte for byte."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from xltool.core.problems import InputError, Problem

_NEW = '<?xml version="1.0" encoding="UTF-8"?>\n<jsplugins>\n</jsplugins>\n'
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EMPTY_ROOT = re.compile(r"<jsplugins\s*/>")
_END = re.compile(r"[ \t]*</jsplugins\s*>")


def entered(text: str, file: Path, name: str, version: str) -> str:
    """`text` with the entry of `name` in this version and no other entry of that name. Raises `InputError`."""
    rest = removed(text, file, name) if text.strip() else _NEW
    newline = "\r\n" if "\r\n" in rest else "\n"
    rest = _EMPTY_ROOT.sub(f"<jsplugins>{newline}</jsplugins>", rest)
    end = list(_END.finditer(rest))[-1]
    before = rest[: end.start()]
    gap = "" if before.endswith("\n") else newline
    entry = (
        f'  <jsplugin name="{name}" type="et" url="{name}_{version}" version="{version}" '
        f'enable="enable_dev" install="null"/>'
    )
    result = f"{before}{gap}{entry}{newline}{rest[end.start() :]}"
    if _others(result, file, name) != _others(rest, file, name) or not _named(result, file, name):
        raise _odd(file, f"请手工加上一行：{entry.strip()}")
    return result


def removed(text: str, file: Path, name: str) -> str:
    """`text` without the entries of `name`. Raises `InputError` when it is no such file."""
    if not text.strip():
        return text
    before = _others(text, file, name)
    spans = [comment.span() for comment in _COMMENT.finditer(text)]

    def drop(found: re.Match[str]) -> str:
        commented = any(start <= found.start() < end for start, end in spans)
        return found[0] if commented else ""

    after = _entry(name).sub(drop, text)
    if _others(after, file, name) != before or _named(after, file, name):
        raise _odd(file, f"请手工删去名为 {name} 的一行")
    return after


def _odd(file: Path, hint: str) -> InputError:
    return InputError(Problem(str(file), "写法特殊，没有改动", hint, code="host"))


def _entry(name: str) -> re.Pattern[str]:
    """An entry with the line that it fills."""
    tag = rf"<(jsplugin(?:online)?)\b[^<>]*?\bname\s*=\s*[\"']{re.escape(name)}[\"'][^<>]*?"
    return re.compile(rf"[ \t]*{tag}(?:/>|>\s*</\1\s*>)[ \t]*(?:\r?\n)?")


def _root(text: str, file: Path) -> ElementTree.Element:
    if "<!DOCTYPE" in text:
        raise InputError(Problem(str(file), "不是 WPS 加载项的清单，没有改动", code="host"))
    try:
        root = ElementTree.fromstring(text.encode("utf-8"))
    except ElementTree.ParseError as error:
        hint = "改正或移走这个文件后再试"
        message = f"不是合法的 XML（第{error.position[0]}行），没有改动"
        raise InputError(Problem(str(file), message, hint, code="host")) from None
    if root.tag != "jsplugins":
        raise InputError(Problem(str(file), "不是 WPS 加载项的清单，没有改动", code="host"))
    return root


def _others(text: str, file: Path, name: str) -> list[tuple[str, dict[str, str]]]:
    """The entries of other add-ins."""
    return [(e.tag, dict(e.attrib)) for e in _root(text, file) if e.get("name") != name]


def _named(text: str, file: Path, name: str) -> bool:
    return any(entry.get("name") == name for entry in _root(text, file))
