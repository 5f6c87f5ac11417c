"""Money units as forms write them: 元, 万元, 人民币元, （万元）, 元（列至角分）; and those that nothing here counts in.

A unit that is read and not understood must be told from one that is not printed: its figures are not 万元.
"""

from __future__ import annotations

import re

from xltool.core.amounts import UNITS
from xltool.core.caches import remembered
from xltool.core.texts import norm, visible

# a set of Chinese signs takes a quarter of a millisecond to compile: what begins a unit is one set, not three
_SIGNS = "美欧日港台英加¥￥$＄€£"
_WORDS = r"人\s*民\s*币|RMB|CNY|USD|EUR|JPY|HKD|GBP"
_SCALE = "十百千万亿"
_NAME = "元圆角分镑币"
_BRACKET = r"[(（]\s*"
MONEY_BEGINS = rf"(?:{_BRACKET})?(?:{_WORDS}|[澳{_SIGNS}{_SCALE}{_NAME}])"
"""A pattern of how a unit of money begins: there `MONEY` is found."""
MONEY = (
    rf"(?={MONEY_BEGINS})(?:{_BRACKET})?(?:[{_SCALE}]\s*)*(?:(?:{_WORDS}|澳\s*门?|[{_SIGNS}])\s*)?"
    rf"(?:{_BRACKET})?(?:[{_SCALE}]\s*)*(?:[{_NAME}]\s*)?"
    rf"(?:[)）]\s*)*(?:{_BRACKET}[^()（）]*[)）])?"
)
"""A pattern of texts that are nothing but a unit of money, understood or not."""

_YUAN = re.compile("^(?:人民币|rmb|cny|¥)")
_ROUNDING = re.compile("^(?:列至|精确到|保留|取)")
_OTHER = re.compile("[元圆万亿千百]")
# the case matters to MONEY alone: compiled without it, the ranges take twice as long as all the rest
_STATED = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|金额|计量|货币)单位\s*[:：]\s*((?i:{MONEY}))(?![\u4e00-\u9fff])"
)
# few read labels: compiled when it is used
_IN_LABEL = rf"(?i:.+[(（]\s*(?:单位\s*[:：]\s*)?({MONEY})\s*[)）])"


def understood(words: str) -> str | None:
    """元 or 万元 as `words` say it, or None: remarks on rounding, brackets, spaces and widths do not matter."""
    unit, *remarks = [
        _YUAN.sub("", part).replace("圆", "元")
        for part in re.split("[()]", norm(words))
        if part not in ("", "人民币", "rmb", "cny", "¥")
    ] or [""]
    if unit not in UNITS or any(_OTHER.search(r) and not _ROUNDING.match(r) for r in remarks):
        return None
    return unit


@remembered(1 << 12)
def stated_units(text: str) -> tuple[str, ...]:
    """The units that a text states after 单位：, as `unit_in_label` gives them; 编制单位：元谋县 states none."""
    found = _STATED.findall(visible(text))
    return tuple([understood(words) or words.strip() for words in found])


def unit_in_label(text: str) -> str | None:
    """The unit in the brackets that end a label, as 金额（万元）: 元, 万元 or the words; None without any."""
    found = re.fullmatch(_IN_LABEL, visible(text).strip())
    return (understood(found[1]) or found[1].strip()) if found else None
