"""Lines of a form that hold document heads inside a text: `部门：{单位名称}`, `{年度}年度`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from xltool.core.caches import remembered
from xltool.core.moneyunits import MONEY, MONEY_BEGINS, understood
from xltool.core.texts import norm, visible
from xltool.core.years import YEAR, digits, year_of, years_in
from xltool.ooxml import Sheet, Value
from xltool.ooxml.read.styles import bare, shows_day
from xltool.ooxml.read.values import day_of

HEAD_ROWS = 8
"""Where a line may stand that is not in its expected cell: a title stands in the 6th row at the lowest."""

_SLOT = re.compile(r"\{([^{}]+)\}")
MONEY_LABEL = r"(?:金额|计量|货币)?单位\s*[:：]\s*"
_NOT_MONEY = rf"(?:(?![(（]?{MONEY_LABEL}{MONEY_BEGINS}).)"
"""Any character, up to a money unit with its label."""
_VALUES = {
    "年度": YEAR,
    "金额单位": MONEY,
    "单位名称": rf"(?!\s*(?:{MONEY})\s*$){_NOT_MONEY}+?",
}
_OPEN_VALUES = {
    "年度": rf"{YEAR}|[\s_＿xX×Ｘ\d]*",
    "金额单位": MONEY,
    "单位名称": rf"(?!\s*(?:{MONEY})\s*$){_NOT_MONEY}*?",
}
"""What may stand for a head in a blank form."""
_DAY = rf"(?:{YEAR})\s*年\s*\d{{1,2}}\s*月"
_MONTH_OR_DAY = re.compile("[md月日]", re.IGNORECASE)
_UNIT, _TERM = "金额单位", "年度"
_USUAL = 500
_GAP = re.compile(r"\s{100}")
"""Such a gap in a text of more than the usual length: it would be divided in every way, and is no head."""
_TWINS = {"：": "[:：]", ":": "[:：]", "（": "[(（]", "(": "[(（]", "）": "[)）]", ")": "[)）]"}


def format_line(pattern: str, heads: Mapping[str, str]) -> str:
    """The line with its heads filled in; of alternatives (`|`) the first is what a form prints."""
    return _SLOT.sub(lambda slot: heads.get(slot[1], ""), pattern.split("|", maxsplit=1)[0])


def filled_line(pattern: str, printed: str, heads: Mapping[str, str]) -> str | None:
    """`printed`, a line of this pattern with or without its heads, with `heads` put in; all else as printed.

    A head that `heads` has not stays. None when `printed` is another line.
    """
    for alternative in pattern.split("|"):
        if (found := _blank_regex(alternative).fullmatch(printed)) is None:
            continue
        text = printed
        parts = _SLOT.split(alternative)
        for n, name in reversed([*enumerate(slots(alternative), 1)]):
            if name in heads and not (name == _UNIT and understood(found[n]) == heads[name]):
                start, end = found.span(n)
                if parts[2 * n - 2].isspace():  # so does the gap after another head
                    start = end - len(text[start:end].lstrip())
                if text[start:end].strip() and end < len(text):
                    end = start + len(text[start:end].rstrip())  # the gap before what follows stays
                text = text[:start] + heads[name] + text[end:]
        return text
    return None


def is_labelled(pattern: str) -> bool:
    """Whether every wording of a line has words beside its heads, by which it is known wherever it stands."""
    return all(norm(_SLOT.sub("", wording)) for wording in pattern.split("|"))


@remembered(256)
def match_line(pattern: str, text: str) -> Mapping[str, str] | None:
    """The heads that a line holds, or None when it is another line. Spaces, widths and what is not seen do not
    matter.

    金额单位 is 元 or 万元, or the words of a unit that is neither. The sheets of a workbook have most lines in
    common.
    """
    text = visible(text)
    if len(text) > _USUAL and _GAP.search(text):
        return None
    for alternative in pattern.split("|"):
        if found := _regex(alternative).fullmatch(text):
            return {name: _head(name, found[i]) for i, name in enumerate(slots(alternative), 1)}
    return None


def open_unit(pattern: str, text: str) -> Mapping[str, str] | None:
    """The money unit that a line prints whose other heads are left open: 部门：　　　年度　　单位：万元."""
    for alternative in pattern.split("|") if f"{{{_UNIT}}}" in pattern else ():
        if found := _blank_regex(alternative).fullmatch(visible(text)):
            return {_UNIT: _head(_UNIT, found[slots(alternative).index(_UNIT) + 1])}
    return None


def is_term(pattern: str) -> bool:
    """Whether a line holds the year and nothing else: {年度}年度."""
    return norm(pattern).strip("()") == f"{{{_TERM}}}{_TERM}"


def year_at(sheet: Sheet, ref: str, *, whole_date: bool = False) -> int | None:
    """The year that a cell shows and nothing else: as a number, a date, a text such as 2021年; None otherwise.

    With `whole_date` the cell is the year's: a date with month and day is no other date there.
    """
    value = sheet.value(ref)
    if isinstance(value, Decimal) and shows_day(number_format := sheet.number_format(ref)):
        if not whole_date and _MONTH_OR_DAY.search(bare(number_format)):
            return None
        day = day_of(value, sheet.workbook.date1904)
        return year_of(day.year) if day is not None else None
    if isinstance(value, str):
        return year_of(norm(value).strip("()"))
    return year_of(value) if isinstance(value, Decimal) else None


def years_in_line(sheet: Sheet, cells: Iterable[tuple[str, Value]]) -> set[int]:
    """The years that the cells of a line above a table tell: 2022年度、2023年度. Days tell none."""
    found: set[int] = set()
    for ref, value in cells:
        if not isinstance(value, str):
            found |= {year for year in [year_at(sheet, ref)] if year is not None}
        elif "年" in (text := re.sub(_DAY, "", visible(value))):
            found |= {*map(int, years_in(text))}
    return found


def _head(name: str, text: str) -> str:
    if name == _TERM:
        return digits(text)
    return (understood(text) if name == _UNIT else None) or text.strip()


@remembered(256)
def slots(pattern: str) -> tuple[str, ...]:
    """The heads that a line has places for, from left to right."""
    return tuple(_SLOT.findall(pattern))


@remembered(256)
def _regex(pattern: str) -> re.Pattern[str]:
    return _compiled(pattern, _VALUES, ".+?")


@remembered(256)
def _blank_regex(pattern: str) -> re.Pattern[str]:
    """As `_regex`, for lines whose heads may be left open: blank, 20××, a line of underscores."""
    return _compiled(pattern, _OPEN_VALUES, ".*?")


def _compiled(pattern: str, values: Mapping[str, str], other: str) -> re.Pattern[str]:
    parts = _SLOT.split(pattern)
    # what fills an open line up goes when the head is put in: there spaces belong to the head
    gap, begin = (r"\s*", r"\s*") if values is _VALUES else ("", r"\s*?")
    # the unit's name and the money unit are often put into one cell
    regex = [r"(?:.*\s)?" if parts[1:2] == [_UNIT] else begin]
    for n, part in enumerate(parts):
        if n % 2:
            # 单位： may be followed by the unit's name, 金额单位： by nothing but a unit
            anything = part == _UNIT and norm(parts[n - 1]).endswith(_UNIT)
            regex.append(f"({other})" if anything else f"({values.get(part, other)})")
        else:
            begins_with_term = n and parts[n - 1] == _TERM and part.startswith(_TERM)
            rest = part.removeprefix(_TERM) if begins_with_term else part
            signs = [_TWINS.get(char, re.escape(char)) for char in rest if char.strip()]
            if begins_with_term:
                signs.insert(0, r"年\s*(?:度)?")  # 2024年 says as much
            regex.append(r"\s*".join(signs))
        regex.append(gap)
    if parts[1::2] == ["单位名称"] and not parts[-1]:
        regex.append(rf"(?:\s[(（]?{MONEY_LABEL}{MONEY}\s*[)）]?\s*)?")
    elif parts[-1] and not gap:
        regex.append(r"\s*")
    return re.compile("".join(regex), re.DOTALL | re.IGNORECASE)
