"""Years as headings write them: 2021, ２０２１, 二〇二一, 2021年, 2021年度."""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.core.texts import half_width, visible

FIRST, LAST = 1990, 2100
_NULL = "0０〇零○Ｏ"
_CHINESE = "一二三四五六七八九"
YEAR = (
    r"(?:[1１]\s*[9９]|[2２]\s*[0０])(?:\s*[0-9０-９]){2}"
    rf"|(?:一\s*九|二\s*[{_NULL}])(?:\s*[{_NULL}{_CHINESE}]){{2}}"
)
"""A pattern of years, without groups; digits may stand apart."""

DATED = re.compile(rf"(?<!\d)({YEAR})(?=\s*年)")
"""A year that a text names as one: 2021年, 2021年度."""
_ALONE = re.compile(rf"({YEAR})\s*(?:年\s*度?)?")
_DATE = rf"({YEAR})-[0-9]{{2}}-[0-9]{{2}}"
_ANYWHERE = re.compile(rf"(?<![0-9０-９.,])({YEAR})(?![0-9０-９.,])")
_DIGITS = str.maketrans(
    dict.fromkeys(_NULL, "0") | {char: str(n) for n, char in enumerate(_CHINESE, 1)}
)


def digits(year: str) -> str:
    """The four digits of a text that `YEAR` matches."""
    return "".join(half_width(year).translate(_DIGITS).split())


def year_of(value: object, *, dates: bool = False) -> int | None:
    """The year that a value of a document or a cell is: a whole number, or a text with 年 or 年度; else None.

    With `dates` 2024-12-31 is a year too, as the cell of a table gives it.
    """
    if isinstance(value, str):
        text = visible(value).strip()
        found = _ALONE.fullmatch(text) or (re.fullmatch(_DATE, text) if dates else None)
        year = Decimal(digits(found[1])) if found else None
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        year = Decimal(value)
    else:
        year = None
    if year is None or not year.is_finite() or not FIRST <= year <= LAST or year % 1:
        return None
    return int(year)


def years_in(text: str) -> set[str]:
    """The years that a text has somewhere, as four digits."""
    return {digits(year) for year in _ANYWHERE.findall(visible(text))}


def looks_like_year(text: str) -> bool:
    """Whether a text has a year somewhere."""
    return bool(years_in(text))
