"""Comparing the labels of official forms, which differ in spaces, widths, ordinals and remarks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from xltool.core.caches import remembered

_SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "〔": "(", "〕": ")", "﹒": "."})
_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile(
    # controls but tab and line breaks, soft hyphen, joiners, fillers, bidi marks, variation selectors, tags
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e0fff"
    # private use, but for the rare characters of GBK, which Chinese fonts draw
    "\ue000-\ue814\ue865-\uf8ff\U000f0000-\U0010ffff]"
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_HALF_WIDTH = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"￥": "¥", "\u3000": " "}
)
_SHOWN = 60
"""So much of a value is quoted in a message."""
_ORDINAL = re.compile(
    r"^(?:其中:)?(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、])?"
)
_REMARK = re.compile(r"\([^()]*\)")
_PRINTED_ORDINAL = re.compile(r"^\s*[一二三四五六七八九十]+、")


def visible(text: str) -> str:
    """The text without the characters that nobody sees, which come with copying: U+200B, U+FEFF, bidi marks…

    Spaces stay. `_x0001_`, as Excel writes a control character in XML, counts as the character.
    """
    if "_x" in text:
        text = _ESCAPED.sub(_unless_invisible, text)
    return _INVISIBLE.sub("", text) if _INVISIBLE.search(text) else text


def _unless_invisible(match: re.Match[str]) -> str:
    return "" if _INVISIBLE.match(chr(int(match[1], 16))) else match[0]


def invisible(text: str) -> list[str]:
    """The invisible characters of a text by their code points, each once: `U+200B`."""
    found = _INVISIBLE.findall(text)
    found += [char for m in _ESCAPED.finditer(text) if _INVISIBLE.match(char := chr(int(m[1], 16)))]
    return list(dict.fromkeys(f"U+{ord(char):04X}" for char in found))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as ASCII; unlike NFKC it makes no digits of ①, ² and ½."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def quoted(value: object) -> str:
    """A value as a message quotes it: visible, printable, not longer than a line."""
    text = visible(str(value))
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return "“" + "".join(c if c.isprintable() else " " for c in text) + "”"


@remembered(1 << 16)
def norm(text: str) -> str:
    """The label without what carries no meaning: spaces, line breaks, full-width forms, a last colon.

    Invisible characters are none of it either, and 其它 is 其他.
    """
    text = visible(unicodedata.normalize("NFKC", text)).translate(_SAME)
    return _SPACE.sub("", text).rstrip(":").replace("其它", "其他").casefold()


@remembered(1 << 16)
def loose(text: str) -> str:
    """`norm` without ordinals (一、 （1） 其中：) and bracketed remarks, which vary by year and place."""
    plain = norm(text)
    bare = _REMARK.sub("", _ORDINAL.sub("", plain))
    return bare or plain


def is_part_of(label: str, whole: Iterable[str]) -> bool:
    """Whether a label says 其中：… where the form, in one of the wordings `whole`, has a numbered row of its own."""
    return norm(label).startswith("其中:") and any(map(_PRINTED_ORDINAL.match, whole))


def row_name(label: str) -> str:
    """The name that a data document uses for a printed label: the label without its ordinal."""
    return _PRINTED_ORDINAL.sub("", label).strip()


def in_years(first: int | None, last: int | None) -> str:
    """An interval of years in words; None: open."""
    if last is None:
        return f"{first}年起" if first else "各年"
    if first is None:
        return f"至{last}年"
    return f"{first}—{last}年" if first != last else f"{first}年"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to a misspelt one, or None when nothing is close."""
    import difflib

    by_norm = {norm(k): k for k in known}
    hit = difflib.get_close_matches(norm(name), by_norm, n=1, cutoff=0.6)
    return by_norm[hit[0]] if hit else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, or with all of them when they are few, or nothing."""
    known = list(known)
    if near := nearest(name, known):
        return f"是不是“{near}”？"
    return f"可用：{'、'.join(known)}" if 0 < len(known) <= 12 else ""


_BETWEEN = "；"


def in_one_cell(names: Iterable[str]) -> str:
    """Several names in one cell of a table; `names_in` takes them apart again."""
    return _BETWEEN.join(names)


def names_in(text: str | None) -> tuple[str, ...]:
    """The names in one cell of a table, as `in_one_cell` puts them there."""
    return tuple(filter(None, (text or "").split(_BETWEEN)))
