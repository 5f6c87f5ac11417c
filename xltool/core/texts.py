"""Comparing the labels of official forms, which differ in spaces, widths, ordinals and remarks."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_SAME = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "〔": "(", "〕": ")", "﹒": "."})
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_ORDINAL = re.compile(
    r"^(?:其中:)?(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、])?"
)
_REMARK = re.compile(r"\([^()]*\)")
_PRINTED_ORDINAL = re.compile(r"^\s*[一二三四五六七八九十]+、")


@lru_cache(maxsize=1 << 16)
def norm(text: str) -> str:
    """The label without what carries no meaning: spaces, line breaks, full-width forms, a last colon."""
    text = unicodedata.normalize("NFKC", text).translate(_SAME)
    return _SPACE.sub("", text).rstrip(":").casefold()


@lru_cache(maxsize=1 << 16)
def loose(text: str) -> str:
    """`norm` without ordinals (一、 （1） 其中：) and bracketed remarks, which vary by year and place."""
    plain = norm(text)
    bare = _REMARK.sub("", _ORDINAL.sub("", plain))
    return bare or plain


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
    by_norm = {norm(k): k for k in known}
    hit = difflib.get_close_matches(norm(name), by_norm, n=1, cutoff=0.6)
    return by_norm[hit[0]] if hit else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest known name, or with all of them when they are few, or nothing."""
    known = list(known)
    if near := nearest(name, known):
        return f"是不是“{near}”？"
    return f"可用：{'、'.join(known)}" if 0 < len(known) <= 12 else ""
