"""XML as text: decoding, well-formedness, escapes, attributes.

Parts are patched as text so that everything outside a patch stays as it was. A part is handed to
expat once, to prove that it is well-formed and has no document type; after that the rules that
the patterns below rely on hold: `<` starts a tag wherever it stands, except inside a comment, a
CDATA section or a processing instruction.
"""

from __future__ import annotations

import codecs
import re
from xml.parsers import expat

from xltool.core.caches import remembered
from xltool.ooxml.package.errors import WorkbookError, corrupt

ATTRIBUTES = r"""(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*"""
"""Pattern of the attributes of a tag (no groups), up to its `>` or `/>`."""

MARKUP = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?.*?\?>", re.S)

_DECLARATION = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_WHOLE = re.compile(r"\s*[0-9]{1,18}\s*")
_SPACE = re.compile(r"\r\n|[\r\n\t]")
_XSTRING = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\r]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPECIAL = frozenset("&<>_")
_LABEL = 256
"""A label is not longer, written in entities."""
SMALL = 1 << 15
"""Up to this size (bytes, characters) a part is remembered."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


def codec_of(data: bytes, part: str) -> str:
    """The Python codec of an XML part, by its byte order mark or its declaration."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec
    match = _DECLARATION.match(data, 0, 200)
    if match is None:
        return "utf-8"
    name = match[1].decode("ascii")
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise corrupt(f"部件 {part}", f"声明了不认识的编码 {name}") from None


def decode(data: bytes, part: str) -> str:
    """The text of a part; a byte order mark stays in it. Raises WorkbookError."""
    try:
        return data.decode(codec_of(data, part))
    except UnicodeDecodeError as error:
        raise corrupt(f"部件 {part}", f"不是有效的文本（第 {error.start} 字节）") from None
    except (LookupError, UnicodeError):
        # rot13, zip and their like: known to Python, but no encodings of text
        raise corrupt(f"部件 {part}", "声明的编码不能用于文本") from None


def encode(text: str, codec: str) -> bytes:
    """`text` in `codec`; what the codec lacks is written as character references."""
    try:
        return text.encode(codec, "xmlcharrefreplace")
    except UnicodeError:  # idna and its like
        raise WorkbookError("corrupt", f"部件声明的编码 {codec} 不能用于文本。") from None


def check(data: bytes | str, part: str) -> None:
    """Prove that a part is well-formed XML without a document type. Raises WorkbookError.

    Without a document type there are no entities to expand and nothing to fetch.
    """
    run(expat.ParserCreate(), data, part)


def run(parser: expat.XMLParserType, data: bytes | str, part: str) -> None:
    """Let a parser with handlers of its own go through a part, proving as much as `check`. Raises WorkbookError."""

    def refuse(*_: object) -> None:
        raise WorkbookError(
            "unsafe-xml", f"部件 {part} 含有 DTD 或实体声明，正常的工作簿不会有，已拒绝打开。"
        )

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise corrupt(
            f"部件 {part}", f"不是有效的 XML（第 {error.lineno} 行第 {error.offset + 1} 列）"
        ) from None
    except (LookupError, ValueError):
        # expat asks Python for encodings that it does not know itself
        raise corrupt(f"部件 {part}", "声明的编码不能用于文本") from None


def check_shell(text: str, part: str) -> None:
    """As `check`, for text of which books of one template have much the same."""
    if len(text) <= SMALL:
        _known_shell(text, part)
    else:
        check(text, part)


@remembered(128)
def _known_shell(text: str, part: str) -> None:
    check(text, part)


def checked_text(data: bytes, part: str) -> str:
    """The text of a part that has been proved well-formed. Raises WorkbookError."""
    return _known_text(data, part) if len(data) <= SMALL else _checked_text(data, part)


def _checked_text(data: bytes, part: str) -> str:
    text = decode(data, part)
    check(data if codec_of(data, part) == "utf-8" else text, part)
    return text


@remembered(64)
def _known_text(data: bytes, part: str) -> str:
    """Relations, styles and the like are the same in all books of a template: proved once."""
    return _checked_text(data, part)


def escape(text: str) -> str:
    """`text` as element content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    """`text` as an attribute value inside double quotes."""
    escaped = escape(text).replace('"', "&quot;")
    return escaped.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")


def _entity(match: re.Match[str]) -> str:
    hexadecimal, number, name = match.groups()
    return _NAMED[name] if name else chr(int(hexadecimal, 16) if hexadecimal else int(number))


def unescape(raw: str) -> str:
    """The characters that element content or an attribute value stands for."""
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if "&" not in raw:
        return raw
    return _unescaped(raw) if len(raw) <= _LABEL else _ENTITY.sub(_entity, raw)


@remembered(1 << 12)
def _unescaped(raw: str) -> str:
    """Some programs write every Chinese character as an entity; the labels of one form are the same book after book."""
    return _ENTITY.sub(_entity, raw)


def _pair(text: str) -> str | None:
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def cell_text(raw: str) -> str:
    """The text of `<t>`, `<v>` or `<f>`: entities and Excel's `_xHHHH_` escapes undone."""
    text = unescape(raw)
    if "_x" not in text:
        return text
    plain = _XSTRING.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATE.search(plain):
        return _pair(plain) or text
    return plain


def escape_cell_text(text: str) -> str:
    """`text` as content of `<t>`, `<v>` or `<f>`; the inverse of `cell_text`.

    Characters that XML cannot carry are written as Excel does, `_xHHHH_`, and text that looks
    like such an escape is escaped itself. Raises ValueError for a lone surrogate.
    """
    if text.isprintable() and _SPECIAL.isdisjoint(text):
        return text  # as nearly all are
    if _SURROGATE.search(text):
        raise ValueError("文本含有残缺的字符（孤立代理项）")
    if "_x" in text:
        text = _XSTRING.sub(lambda match: "_x005F" + match[0], text)
    text = _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text)


def attribute_value(raw: str) -> str:
    """The value that the raw text between the quotes of an attribute stands for."""
    return unescape(_SPACE.sub(" ", raw)) if _SPACE.search(raw) else unescape(raw)


def attributes(raw: str) -> dict[str, str]:
    """The attributes in `raw`, the attribute part of a tag, by their names as written."""
    found = _ATTRIBUTE.findall(raw)
    if "&" in raw or _SPACE.search(raw):
        return {name: attribute_value(double or single) for name, double, single in found}
    return {name: double or single for name, double, single in found}


def set_attribute(raw: str, name: str, value: str | None) -> str:
    """The attribute text `raw` with `name` set to `value`, in its place; None removes it."""
    for match in _ATTRIBUTE.finditer(raw) if name in raw else ():
        if match[1] != name:
            continue
        if value is None:
            return raw[: match.start()].rstrip() + raw[match.end() :]
        group = 2 if match[2] is not None else 3
        escaped = escape_attribute(value)
        if group == 3:
            escaped = escaped.replace("'", "&apos;")
        return raw[: match.start(group)] + escaped + raw[match.end(group) :]
    if value is None:
        return raw
    stem = raw.rstrip()
    return f'{stem} {name}="{escape_attribute(value)}"{raw[len(stem) :]}'


def whole(text: str | None) -> int | None:
    """The whole number from 0 that an attribute states; None for anything else, or one of 19 digits."""
    return int(text) if text and _WHOLE.fullmatch(text) else None


def is_true(value: str | None) -> bool:
    """An xsd:boolean attribute; absent is false."""
    return value is not None and value.strip().lower() in {"1", "true", "on"}


def plain_markup(text: str) -> str:
    """`text` without comments and processing instructions, CDATA sections as escaped text.

    The declaration at the top stays. After this, `<` starts a tag wherever it stands.
    """
    start = text.find("?>") + 2 if text.lstrip("\ufeff").startswith("<?xml") else 0
    if "<!" not in text and text.find("<?", start) < 0:
        return text
    return text[:start] + MARKUP.sub(
        lambda match: escape(match[1]) if match[1] is not None else "", text[start:]
    )
