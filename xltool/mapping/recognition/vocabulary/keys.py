"""What of a printed text counts when it is compared with the vocabulary."""

from __future__ import annotations

import re
import unicodedata

from xltool.core.amounts import parse_number
from xltool.core.caches import remembered
from xltool.core.moneyunits import MONEY, understood
from xltool.core.texts import visible
from xltool.core.years import year_of

_SPACE = re.compile(r"\s+")
_QUOTES = re.compile("[“”‘’\"'「」『』《》〈〉＂＇`´′″]")
_YEAR = r"(?:(?:19|20)\d{2}年?度?|[〇○零一二三四五六七八九0]{4}年度?)"
_OPEN_YEAR = r"(?:20)?[_xX×]{0,4}年度?"
"""The year of a blank form: （    年度）, （20××年度）."""
_LEADING_YEAR = re.compile(f"^{_YEAR}(?!\\d)")
OF_THE_YEAR = "本年数"
"""What a head means that is a year and nothing else: of two years side by side, the figures of that one."""
_NUMBER = r"(?:公开|财决|部决|决算|附|表|GK|Z|CS|F|J)?附?\d+(?:[-_.]\d+)*表?"
_LEADING = re.compile(
    r"^(?:附件|附表)\d*(?:[-_.]\d+)*[:、.-]?"
    r"|^(?:附|表|财?公开|(?:部门|单位)?(?:决算)?公开表|财决|部门决算|部决|决算)\d+(?:[-_.]\d+)*表?[:、.-]?|^\d{1,2}[-_]?(?=[^\d年.、:-])"
    r"|^[附表]?表(?:(?!一般)[一二三四五六七八九十])+[:、.-]?|^(?:gk|z|cs|f)\d+(?:_\d+)*|^\d+(?:[-.]\d+)*[、.]"
    r"|^\(?[一二三四五六七八九十]+[)、]+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf"\((?:{_NUMBER}|附?表[一二三四五六七八九十]+|{_YEAR}|{_OPEN_YEAR}"
    rf"|单位[:：]?{MONEY}|部门|单位|本级|部门决算|单位决算"
    r"|(?:部门)?汇总|合并|含(?:下属|所属)单位|(?:对外)?公开[表版]?|公示"
    r"|[按分]?(?:支出)?(?:功能|经济)(?:分类)?(?:科目)?|[按分]科目)\)$",
    re.IGNORECASE,
)
_STATE = re.compile("决算(?:(总)体)?(?:情况|一览|公开|批复)(总|明细)?表$|(总)体决算表$")
"""收入决算情况表 and 收入决算批复表 are 收入决算表, 收支决算总体情况表 and 收支总体决算表 are 收支决算总表."""
_UNIT_AT_END = re.compile(rf"(?<![(额])(?:金额)?单位:{MONEY}$", re.IGNORECASE)
_MARK = re.compile(r"[\s%％*/]+$")
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|\([一二三四五六七八九十\d]+\)|\d+[.、．](?!\d)|[①-⑳])+"
)
_CLASS = re.compile(r"^(?:20[1-9]|2[123]\d)(?=[一-鿿])(?!\d+(?:万|千|百|元|个|年))")
"""The code of a functional 类 before its name: 201一般公共服务支出."""
_BULLET = re.compile(r"^[-–—·•]+(?=[^\d\W])")
"""A dash or a dot that stands before a label: - 其中：公务用车购置费."""
_INNER_ORDINAL = re.compile(r":(?:\(\d+\)|\d+[.、])?")
_REMARK = re.compile(r"\((?:含|不含|包括|列|按|扣除)[^()]*\)$")
_FORMULA = re.compile(r"\((?:[A-Za-z]|\d+|[\d=+\-×*/A-Za-z%.]{2,})\)$")
_MONEY_REMARK = re.compile(rf"\((?:单位[:：]?)?({MONEY})\)$", re.IGNORECASE)
_POINTS = re.compile(r"\(\d+分\)$")
"""What a block of a 自评表 counts for: 预算执行情况（万元）（20分）."""


@remembered(1 << 15)
def bare(text: str) -> str:
    """The text without spaces, invisible signs, quotes; widths alike; without a last colon."""
    plain = visible(unicodedata.normalize("NFKC", text))
    plain = _QUOTES.sub("", _SPACE.sub("", plain)).replace("〔", "(").replace("〕", ")")
    return plain.replace("[", "(").replace("]", ")").rstrip(":").casefold()


@remembered(1 << 12)
def title_key(text: str) -> str:
    """A title without number, year, and remarks that name them: 附件2：2023年度收入决算表（公开02表）."""
    plain = without_remarks(bare(text))
    while plain != (shorter := _LEADING_YEAR.sub("", _LEADING.sub("", plain, count=1), count=1)):
        plain = shorter
    return _STATE.sub(r"决算\1\2\3表", plain)


def without_remarks(plain: str) -> str:
    """A title without the brackets at its end that tell its number, its year, whose it is."""
    while plain != (shorter := _TRAILING.sub("", _UNIT_AT_END.sub("", plain))):
        plain = shorter
    return plain


@remembered(1 << 14)
def header_key(text: str) -> str:
    """A column head without year, money unit, and remarks: 2023年决算数（万元） -> 决算数; 2023年 -> 本年数."""
    plain = _ORDINAL.sub("", bare(text))
    while plain != (shorter := _strip_remark(plain)):
        plain = shorter
    return _LEADING_YEAR.sub("", plain) or (OF_THE_YEAR if plain else "")


def _strip_remark(plain: str) -> str:
    for pattern in (_MONEY_REMARK, _REMARK, _FORMULA):
        if (shorter := pattern.sub("", plain)) and shorter != plain:
            return shorter
    return plain


@remembered(1 << 14)
def header_unit(text: str) -> str | None:
    """The money unit in the brackets that end a head or a label: 元, 万元, or the words; None without any."""
    found = _MONEY_REMARK.search(_POINTS.sub("", bare(text)))
    return (understood(found[1]) or found[1]) if found else None


@remembered(1 << 14)
def header_year(text: str) -> int:
    """The year that a head begins with; 0 without any."""
    found = _LEADING_YEAR.match(bare(text))
    return year_of(found[0]) or 0 if found else 0


@remembered(1 << 14)
def row_key(text: str) -> str:
    """The label of a row without its ordinal, the code of its 类, and remarks. 其中 stays: it is another row."""
    plain = _BULLET.sub("", bare(text))
    plain = _CLASS.sub("", _ORDINAL.sub("", plain), count=1)
    while plain != (shorter := _strip_remark(plain)):
        plain = shorter
    return _INNER_ORDINAL.sub("", plain) or bare(text)


@remembered(1 << 13)
def is_figure(text: str) -> bool:
    """Whether a text is a number or a dash, as a figure may be written."""
    try:
        parse_number(_MARK.sub("", text))
    except ValueError:
        return False
    return True
