"""Years, months and days in the heads, titles and cells of ordinary spreadsheets."""

from __future__ import annotations

import re

from xltool.entry.importing.vocabulary import bare

_SAID = re.compile(r"(20\d\d)年")
_NAMED = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_WITHIN = re.compile(r"(20\d\d)年?度?")
_TITLED = re.compile(r"(?<!\d)(20\d\d)(?:年|[./-]\d{1,2})|年度[:=]?(20\d\d)(?!\d)")
_SURE = re.compile(r"年度[:=]?(20\d\d)(?!\d)|(20\d\d)年度")
_PRINTED = re.compile(r"打印|制表|导出|填报日期|填表日期|报出日期")
_DATE = re.compile(r"(20\d\d)[-./年]")
_PERIOD = re.compile("(?:^|/)(?:会计)?(?:月份?|期间)$")
_BOOKED = re.compile("(?:^|/)(?:支付|记账|凭证|业务)?日期$")
_WHEN = re.compile("日期|时间")


def years_in(text: str) -> set[str]:
    """The years that a text says: 2024年."""
    return set(_SAID.findall(text))


def years_named(text: str) -> set[str]:
    """The years in a name, also without 年: 2024, 决算2024."""
    return set(_NAMED.findall(text))


def years_within(text: str) -> list[str]:
    """The years in a text, also with months and days behind: 202412."""
    return _WITHIN.findall(text)


def without_years(text: str) -> str:
    """A head without the years in it: 2024年度决算数 is 决算数."""
    return _WITHIN.sub("", text)


def years_titled(line: str) -> set[str]:
    """The years of the figures by a line outside a table. One that says when it was printed says no other year."""
    year = _SURE if _PRINTED.search(line) else _TITLED
    return {a or b for a, b in year.findall(line)}


def year_of_date(text: str) -> str:
    """The year of a date with signs between its parts, 2024-12-31, or ""."""
    found = _DATE.match(text)
    return found[1] if found else ""


def has_dates(head: str) -> bool:
    """Whether a column holds days: 日期, 合同签订日期."""
    return bare(head).endswith("日期")


def has_booking_dates(head: str) -> bool:
    """Whether its days are of the year of the figures: a contract may be of another."""
    return bool(_BOOKED.search(bare(head)))


def has_periods(head: str) -> bool:
    """Whether a column holds months: 月份, 会计期间."""
    return bool(_PERIOD.search(bare(head)))


def tells_when(head: str) -> bool:
    """Whether a head speaks of a day or an hour at all, which tells no kinds of rows apart."""
    return bool(_WHEN.search(head))
