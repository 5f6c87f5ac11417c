"""XML spoilt at random: mostly still well-formed, so that it gets past the parser and into the program."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_TAG = re.compile(r"<([a-zA-Z][\w:.-]*)[^<>]*>")
_CLOSING = re.compile(r"</([^<>]*)>")
_LEAF = re.compile(r"<([a-zA-Z][\w:.-]*)(?: [^<>]*)?(?:/>|>[^<]*</\1>)")
_ROW = re.compile(r"<(row|sheet|Relationship|xf|si|mergeCell)\b[^<>]*?(?:/>|(?<!/)>.*?</\1>)", re.S)
_ATTRIBUTE = re.compile(r'(\s[\w:.-]+=")([^"<]*)(")')
_NUMBER = re.compile(r"(?<=[\">])-?[0-9]+(?:\.[0-9]+)?(?=[\"<])")
_TEXT = re.compile(r"(?<=>)([^<>]+)(?=<)")
_FORMULA = re.compile(r"(<f(?: [^<>]*)?>)([^<]*)(</f>)")
_VALUE = re.compile(r"<v>([^<]*)</v>")

_NUMBERS = (
    "99999999999999999999", "-1", "0", "1e999", "1E-400", "NaN", "INF", "4294967296", "2147483648",
    "1048577", "16385", "0.1234567890123456789", "１２３", "0x10", "1_000", " 5 ", "+7", "--5", "",
    "9" * 5000, "1" + "0" * 400, "12345678901234567890.123456789012345678901", "-0.0", "٣",
)  # fmt: skip
_VALUES = (
    "", "XFE1048577", "A0", "AAAA1", "A1:XFD1048576", "rId999", "../../../etc/passwd", "sheet1.xml",
    "file:///c:/x", "http://127.0.0.1:9/x", "&lt;&amp;", "b", "e", "s", "str", "inlineStr", "d",
    "shared", "array", "true", "\u202e甲", "x" * 40_000, "%00", "_x0000_", "&#9;",
)  # fmt: skip
_TEXTS = (
    "", "=1+1", "#REF!", "#N/A", "单位：元", "单位：亿元", "合计", "2080501", "公开01表", "年度",
    "_x0000_", "_xD800_", "_x0007_", "a\u0301\u0302", "👨‍👩‍👧", "\u200f\u202eעברית", "甲" * 32_767, "\n\n\n",
    "１，２３４．５６", "—", "1,2,3", "１", "0.000000000000000000001", "1e400", "9" * 1000, "&#x1F600;",
)  # fmt: skip
_FORMULAS = (
    "A1", "SUM(A1:XFD1048576)", "1/0", "(" * 400 + "1" + ")" * 400, "(" * 5000 + "1" + ")" * 5000,
    "IF(" * 70 + "1" + ",1)" * 70, "NOSUCH(1)", "[1]外!A1", "'不存在'!B2", "{1,2;3}", '"未完', "1+" * 2000,
    "INDIRECT(A1)", "REPT(&quot;x&quot;,1000000000)", "SUM(", "10^400", "B2:B2:B2", "@A1#", "A1 B1",
    "LET(x,1,x)", "-" * 3000 + "1", "1" * 400, "SUMIF(A:A,A1,A:A)", "表!A1:表!B2", "A1+" * 500 + "A1",
)  # fmt: skip


def _replace(
    chance: Random, text: str, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]
) -> str:
    """`text` with one match of a pattern changed; rare names are as likely as frequent ones."""
    matches = list(pattern.finditer(text))
    if not matches:
        return text
    if pattern.groups and chance.random() < 0.6:
        name = chance.choice(sorted({match[1] for match in matches}))
        matches = [match for match in matches if match[1] == name]
    match = chance.choice(matches)
    return text[: match.start()] + change(match) + text[match.end() :]


def drop_tag(chance: Random, text: str) -> str:
    """A tag is gone, so that the others do not match."""
    return _replace(chance, text, chance.choice((_TAG, _CLOSING)), lambda match: "")


def drop_element(chance: Random, text: str) -> str:
    """An element is gone with all in it."""
    return _replace(chance, text, chance.choice((_LEAF, _ROW)), lambda match: "")


def double_element(chance: Random, text: str) -> str:
    """An element stands there twice, or many times."""
    times = chance.choice((2, 2, 3, 500))
    return _replace(
        chance,
        text,
        chance.choice((_LEAF, _ROW)),
        lambda match: match[0] * min(times, 1 + 1_000_000 // len(match[0])),
    )


def move_element(chance: Random, text: str) -> str:
    """An element stands before or in another one."""
    matches = list(chance.choice((_LEAF, _ROW)).finditer(text))
    if len(matches) < 2:
        return text
    moved, place = chance.sample(matches, 2)
    inserted = text[: place.start()] + moved[0] + text[place.start() :]
    return inserted if chance.random() < 0.5 else inserted.replace(moved[0], "", 1)


def change_attribute(chance: Random, text: str) -> str:
    """An attribute has another value."""
    value = chance.choice(_VALUES)
    return _replace(chance, text, _ATTRIBUTE, lambda match: match[1] + value + match[3])


def swap_attributes(chance: Random, text: str) -> str:
    """An attribute has the value of another one."""
    matches = list(_ATTRIBUTE.finditer(text))
    if not matches:
        return text
    value = chance.choice(matches)[2]
    return _replace(chance, text, _ATTRIBUTE, lambda match: match[1] + value + match[3])


def drop_attribute(chance: Random, text: str) -> str:
    """An attribute is gone."""
    return _replace(chance, text, _ATTRIBUTE, lambda match: "")


def change_number(chance: Random, text: str) -> str:
    """A number is huge, negative, or none."""
    value = chance.choice(_NUMBERS)
    return _replace(chance, text, _NUMBER, lambda match: value)


def change_text(chance: Random, text: str) -> str:
    """A text is another one."""
    value = chance.choice(_TEXTS)
    return _replace(chance, text, _TEXT, lambda match: value)


def change_value(chance: Random, text: str) -> str:
    """The value of a cell is another one, or none."""
    value = chance.choice((*_NUMBERS, *_TEXTS))
    shown = chance.choice((f"<v>{value}</v>", f"<v>{value}</v>", "", "<v/>"))
    return _replace(chance, text, _VALUE, lambda match: shown)


def change_formula(chance: Random, text: str) -> str:
    """A formula is another one; sometimes no formula of the part keeps its value."""
    formula = chance.choice(_FORMULAS)
    changed = _replace(chance, text, _FORMULA, lambda match: match[1] + formula + match[3])
    return re.sub(r"</f><v>[^<]*</v>", "</f>", changed) if chance.random() < 0.5 else changed


def rename_tag(chance: Random, text: str) -> str:
    """An element has another name."""
    name = chance.choice(("x", "row", "c", "v", "f", "is", "sheetData", "mc:AlternateContent", "C"))

    def renamed(match: re.Match[str]) -> str:
        return re.sub(rf"(</?){re.escape(match[1])}\b", rf"\1{name}", match[0])

    return _replace(chance, text, chance.choice((_LEAF, _ROW)), renamed)


def nest(chance: Random, text: str) -> str:
    """Elements inside elements inside elements."""
    depth = chance.choice((10, 1000, 100_000))
    name = chance.choice(("x", "r", "t", "is", "row", "ext"))
    return _replace(
        chance, text, _LEAF, lambda m: f"<{name}>" * depth + m[0] + f"</{name}>" * depth
    )


def insert_markup(chance: Random, text: str) -> str:
    """Comments, CDATA, processing instructions, entities, prefixes, where none are expected."""
    markup = chance.choice((
        "<!-- <c r=\"A1\"/> -->", "<![CDATA[<v>1</v>]]>", "<?xltool x?>", "&nosuch;", "&#0;", "&#x110000;",
        "<!DOCTYPE x>", "\x01", "\ufeff", "<x:c xmlns:x='urn:x' r='A1'/>", "<!--", "]]>", "&#" + "9" * 5000 + ";",
    ))  # fmt: skip
    return _replace(chance, text, _TAG, lambda match: match[0] + markup)


ALL: tuple[Callable[[Random, str], str], ...] = (
    drop_tag, drop_element, double_element, move_element, change_attribute, swap_attributes,
    drop_attribute, change_number, change_text, change_value, change_value, change_formula,
    change_formula, rename_tag, nest, insert_markup,
)  # fmt: skip
