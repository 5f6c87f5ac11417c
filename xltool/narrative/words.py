"""Text as it is compared: without spaces and invisible signs, one spelling of widths and quotes."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_QUOTES = dict.fromkeys("“”\"＂‘’'「」『』〝〞", "“")
_BRACKETS = {"(": "（", ")": "）", "〔": "（", "〕": "）", "﹙": "（", "﹚": "）"}
_KEPT = frozenset("，。；：、（）？！“×Ｘ＿—…")
_SAME = {**_QUOTES, **_BRACKETS, "−": "-", "﹪": "%", "％": "%"}
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\ufe0f]")


class Squeezed(NamedTuple):
    """`text` for comparing; `offsets[i]` is where its i-th character stands in the text as written."""

    text: str
    offsets: tuple[int, ...]


def _spelling(sign: str) -> str:
    if sign in _SAME:
        return _SAME[sign]
    if sign in _KEPT:
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    if len(plain) != 1:
        return sign
    return {",": "," if sign == "," else "，"}.get(plain, _SAME.get(plain, plain))


def squeeze(text: str) -> Squeezed:
    """Bring a text into the one spelling, and remember where each character came from."""
    signs: list[str] = []
    offsets: list[int] = []
    for at, sign in enumerate(text):
        if not _INVISIBLE.match(sign):
            signs.append(_spelling(sign))
            offsets.append(at)
    return Squeezed(_colons("".join(signs)), tuple(offsets))


def _colons(text: str) -> str:
    return re.sub(r"(?<!\d)[:]|:(?!\d)", "：", text).replace(";", "；")


def plain(text: str) -> str:
    """`squeeze` without the offsets."""
    return squeeze(text).text
