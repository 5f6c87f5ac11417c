"""What a column is, by the words over it: the line nearest to the figures says most, those above it say of what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from xltool.core.codes import CODE_LEVELS
from xltool.core.texts import norm
from xltool.entry.importing.layout.headrows import code_of, is_economic_head
from xltool.entry.importing.layout.periods import without_years, years_within
from xltool.entry.importing.vocabulary import (
    FISCAL_MONEY,
    FISCAL_NAMES,
    PART,
    ImportWords,
    Meaning,
    bare,
    unmarked,
)

_MONTH = re.compile(
    r"^(?:20\d\d年)?(?:(?:1[0-2]|[1-9])月份?|第?[一二三四1-4]季度|[上下]半年)(?:支出|发生额|金额)?$"
)
_NEUTRAL = re.compile(r"^(?:本年度?|全年|当年)(?=.)|(?:决算数?|金额|实际数|累计数?)$")
_NAME = re.compile(r"名称$")
_LEVEL = re.compile(r"^(?:[一二三四五六]|[1-6])级(?:明细)?科目$")
"""The names of an account, one column for each of its levels."""
_NUMBERED = re.compile("(?:编号|单号|流水号|凭证号|文号)$")
"""What numbers a voucher, a bill, a contract."""
_OF_A_UNIT = re.compile(
    "(?:编码|代码|编号|代号|级次|级别|层级|性质|类型|类别|隶属关系|电话|地址)$|^(?:填报|预算|主管)?(?:单位|部门)$"
)
_SIDE = re.compile(
    "^(?:本期|本年|全年)?(?:累计)?(?:发生额?)?(借方|贷方)(?:本期|本年|全年)?(?:累计)?(?:发生额?)?(?:金额|数|合计|累计)?$"
)
_FUND = re.compile("^(?:一般公共|政府性基金|国有资本经营)预算$")
"""The name of a fund, no budget."""
_SPENT = ("支出", "收入")
_CARRIED = frozenset(("年初结转和结余", "本年收入", "年末结转和结余"))
"""Columns that the table of 政府性基金 has beside those of spending."""


class GridTopic(NamedTuple):
    """What the titles of a sheet say for all its columns: the year of the document, a fund, a nature of spending."""

    year: str = ""
    fund: str = ""
    nature: str = ""
    fiscal: bool = False
    """They say 财政拨款 and not of which fund."""
    odd: str = ""
    """Why they are none of a whole year's final figures."""
    aside: str = ""
    """Why no figure below is of this year: 2023年的."""
    economic: Mapping[str, str] = {}  # never changed
    """Codes of 部门预算支出经济分类 by their names, in the spelling of `bare`."""

    codes: Mapping[str, tuple[str, ...]] = {}  # never changed
    """Codes of both classifications by their names, in the spelling of `bare`."""


def meaning_of(path: tuple[str, ...], words: ImportWords, topic: GridTopic) -> Meaning | None:
    """What a column under these heads (from the top) is; None when nothing is known of it."""
    joined = bare("".join(path))
    if (other := _other_year(path, topic)) is not None:
        return other
    for begin in range(len(path)):
        own = words.own_head("".join(path[begin:]))
        if own is not None and not words.fund(*path[:begin]):
            return own
    if joined in words.heads and not _carried(path, words, topic):
        return _in_fund(words.heads[joined], words.fund(*path) or topic.fund)
    return _aside(path, words, topic) or _known(path, words, topic) or _by_pattern(path)


def _other_year(path: tuple[str, ...], topic: GridTopic) -> Meaning | None:
    """A column of another year, whatever else is said of it."""
    for part in path:
        years = set(years_within(norm(part)))
        if years and topic.year and topic.year not in years:
            return Meaning("aside", f"{'、'.join(sorted(years))}年的")
    return None


def _aside(path: tuple[str, ...], words: ImportWords, topic: GridTopic) -> Meaning | None:
    """A column that is none of this year's figures; one of its kind may be a code (政府经济分类编码)."""
    if carried := _carried(path, words, topic):
        whole = len(path) == 1 or bare(path[-1]) in ("合计", "小计")
        return Meaning("amount", f"基金.{carried}") if whole else Meaning("aside", PART)
    for part in path:
        why = words.aside(without_years(norm(part)))
        if why and _plain(part) not in words.heads and not _FUND.match(norm(part)):
            return Meaning("aside", why)
    if len(path) > 1 and bare(path[0]) == "本年收入":
        return Meaning("aside", "本年收入的分项")
    return None


def _carried(path: tuple[str, ...], words: ImportWords, topic: GridTopic) -> str:
    """Which column of the table of 政府性基金 beside those of spending this is, in any wording, or ""."""
    head = bare(path[0])
    name = words.labels.get(head, (head,))[-1]
    return name if topic.fund == "基金" and name in _CARRIED else ""


def _plain(part: str) -> str:
    """A head without its year and without words that every column of figures may have."""
    text = unmarked(bare(without_years(norm(part))))
    while text != (shorter := _NEUTRAL.sub("", text, count=1)) and shorter:
        text = shorter
    return text


def _known(path: tuple[str, ...], words: ImportWords, topic: GridTopic) -> Meaning | None:
    """By the vocabulary: the lowest heads that are known, with the fund and the nature that those above name."""
    plain = [_plain(part) for part in path]
    fund = words.fund(*plain) or topic.fund
    kept = tuple(p for p, text in zip(path, plain, strict=True) if text not in FISCAL_NAMES)
    if not fund and kept != path:
        of_all = _known(kept, words, topic) if kept else None
        if of_all is not None and of_all.target.startswith("支出表."):
            return _in_fund(of_all, FISCAL_MONEY)
    for begin in range(len(path)):
        for text in ("".join(map(bare, path[begin:])), "".join(plain[begin:])):
            found = words.heads.get(text)
            if found is not None:
                spent = found.what == "name" and text in _SPENT and begin > 0
                found = Meaning("single") if spent else found  # 基本支出 over 预算 | 支出
                return _under(found, plain[:begin], fund, words, topic)
    if plain[-1] in words.parts:
        return Meaning("part", f"{_table(fund)}.基本支出")
    if _MONTH.match(norm(path[-1])):
        upper = words.heads.get("".join(plain[:-1]))
        return Meaning("month", upper.target if upper is not None else "")
    if is_economic_head(path[-1]):
        return Meaning("economic", code_of(path[-1])[0])
    if plain[-1] in topic.economic:
        return Meaning("economic", topic.economic[plain[-1]])
    return _divided(plain, fund, words)


def _divided(plain: list[str], fund: str, words: ImportWords) -> Meaning | None:
    """基本支出 over 一般公共预算 | 单位资金 is that of each fund; over 直接支付 | 授权支付 these are its parts."""
    uppers = (words.heads[text] for text in reversed(plain[:-1]) if text in words.heads)
    upper = next((known for known in uppers if known.what == "amount"), None)
    if upper is None:
        return None
    if plain[-1] in words.ways:
        return Meaning("part", _in_fund(upper, fund).target)
    return _in_fund(upper, fund) if words.fund(plain[-1]) else None


def _under(
    found: Meaning, above: list[str], fund: str, words: ImportWords, topic: GridTopic
) -> Meaning:
    """小计, 金额 under 基本支出 are the figure of it; an amount under a fund is the fund's."""
    if found.what == "side" and any(
        t in words.heads and words.heads[t].what == "aside" for t in above
    ):
        return Meaning("aside", "余额")
    if found.what in ("total", "single"):
        nature = next((text for text in reversed(above) if text in words.heads), "")
        upper = words.heads[nature] if nature else None
        if upper is not None and upper.what == "amount":
            return _in_fund(upper, fund)
        if any(text in topic.economic for text in above):
            return Meaning("total")
    return _in_fund(found, fund)


def _in_fund(found: Meaning, fund: str) -> Meaning:
    table, _, column = found.target.partition(".")
    if found.what == "amount" and table == "支出表" and fund:
        return Meaning("amount", f"{fund}.{column}")
    return found


def _table(fund: str) -> str:
    return fund or "支出表"


def _by_pattern(path: tuple[str, ...]) -> Meaning | None:
    """编码 and 名称 of classifications in any wording."""
    joined = bare("".join(path))
    last = bare(path[-1])
    if side := _SIDE.match(joined):
        return Meaning("side", side[1])
    if last in CODE_LEVELS:
        return Meaning("code", last)
    if "经济" in joined or "功能" in joined:
        if _NAME.search(last):
            return Meaning("name")
        return Meaning("code", "经济" if "经济" in joined else "功能")
    if re.search(
        "(?:科室|处室|股室|经办人|负责人)$|^(?:来|拨|缴|交|汇|付|收)款(?:单位|部门|方|人)$", last
    ):
        return Meaning("memo")
    if re.search("单位|部门", joined):
        if _NAME.search(last):
            return Meaning("unit")
        # 单位资金支出 is a figure: only what tells a unit itself is none
        return Meaning("aside", "不是金额") if _OF_A_UNIT.search(last) else None
    if _NUMBERED.search(last):
        return Meaning("aside", "不是金额")
    return Meaning("name") if _NAME.search(last) or _LEVEL.match(last) else None
