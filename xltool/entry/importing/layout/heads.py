"""Unit name, year, money unit, as ordinary spreadsheets have them: in titles, in lines above the heads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from xltool.core.texts import norm
from xltool.documents.grids import SourceGrid
from xltool.entry.importing.layout.headrows import BOOKS, TITLE_KEYS, UNIT_KEYS
from xltool.entry.importing.layout.periods import years_named, years_titled
from xltool.entry.importing.vocabulary import bare

_UNIT = re.compile(
    r"(?:单位|币[别种])[:：为]?(?:人民币)?(万元|元)(?!(?!单位|编制|部门|期间|币种|年度|20\d\d)\w)|[（(](万元|元)[）)]"
)
_STATED = re.compile(r"(?:单位|币[别种])[:：为]?(?:人民币)?万?元")
_NAME = re.compile(
    r"(?:(?:单位|部门)名称|(?<!金额)(?<!货币)(?<!计量)单位|部门)[:：]"
    r"\s*(?:\d{3,}\s*-?\s*)?(?![百千万亿]*元)([^\s:：，。；;]+)"
)
_BOOKS = re.compile(
    rf"(?:(?:{BOOKS})(?:名称)?[:：]|单位(?:名称)?[=＝])\s*(?:\d{{3,}}\s*-?\s*)?([^\s；;，,]+)"
)
"""Accounts are mostly called by the name of the unit; 主账簿 is none, nor is 单位=全部 of a query."""
_ODD = re.compile(r"单位[:：为]?(?:人民币)?([百千亿]+万?元)|[（(]([百千亿]+万?元)[）)]")
_KINDS = (
    "局|委|办|院|校|所|中心|部|会|站|馆|厅|署|队|镇|乡|街道|大学|学校|小学|中学|幼儿园|公司|室"
    "|残联|妇联|文联|科协|侨联|工商联|供销社|气象台"
)
_TITLE = re.compile(
    rf"^(?:20\d\d年度?)?(?P<name>(?!全部|本部|内部|各部|社会)[\u4e00-\u9fff（）()·]{{1,30}}?(?:{_KINDS}))"
    r"(?=20\d\d|[\u4e00-\u9fff]{0,4}(?:决算|收支|支出|收入|余额|明细))"
)
_ALONE = re.compile(rf"^[\u4e00-\u9fff]{{3,25}}(?:{_KINDS})$")

_CARRIED_SPENT = re.compile(r"(?:结转|结余)(?!.*(?:结转|结余|余额)$).*(?:支出|支付|执行|使用)")


def is_carried_spending(head: str) -> bool:
    """Whether a column is what was spent of money carried over: spending of this year, though it says 上年结转."""
    return bool(_CARRIED_SPENT.search(norm(head.replace("/", ""))))


def units_in(text: str) -> set[str]:
    """The money units that a text states: 单位：元, （万元）."""
    return {a or b for a, b in _UNIT.findall(norm(text))}


def is_unit_name(text: str) -> bool:
    """Whether a text is nothing but the name of a unit: 某县林业站."""
    plain = norm(text)
    return bool(_ALONE.match(plain.removesuffix("本级")))


def odd_unit(grid: SourceGrid) -> str:
    """A money unit that a sheet states and that is neither 元 nor 万元: 千元."""
    texts = [v for row in grid.cells.values() for v in row.values() if isinstance(v, str)]
    found = (_ODD.search(norm(text)) for text in texts)
    return next((match[1] or match[2] for match in found if match), "")


def units_of(grid: SourceGrid) -> set[str]:
    """The money units that a sheet states, in its titles or in a note below; heads of columns aside."""
    texts = [v for row in grid.cells.values() for v in row.values() if isinstance(v, str)]
    return {unit for text in texts if _STATED.search(norm(text)) for unit in units_in(text)}


def heads_of(
    grids: Iterable[SourceGrid], rows_outside: dict[int, list[int]]
) -> dict[str, set[str]]:
    """What the texts outside the blocks say: 单位名称, 年度, 金额单位, each with all that was found.

    The names of sheets and files say the year only where no text does.
    """
    found: dict[str, set[str]] = {"单位名称": set(), "年度": set(), "金额单位": set()}
    named: set[str] = set()
    alone: set[str] = set()
    for number, grid in enumerate(grids):
        found["金额单位"] |= units_of(grid)
        for text in _texts(grid, rows_outside.get(number, [])):
            plain = norm(text)
            found["年度"] |= years_titled(plain)
            found["金额单位"] |= units_in(text)
            if name := _named(text):
                found["单位名称"].add(name)
            elif match := _TITLE.match(plain):
                found["单位名称"].add(match["name"])
            elif _ALONE.match(plain):
                alone.add(plain)
        for text in (grid.sheet, grid.file):
            named |= years_named(norm(text))
            found["金额单位"] |= units_in(text)
    found["年度"] = found["年度"] or named
    found["单位名称"] = found["单位名称"] or alone
    return found


def _named(text: str) -> str:
    """The unit that a text names behind its key, or ""."""
    if match := _NAME.search(text):
        return match[1]
    match = _BOOKS.search(text)
    return match[1] if match and is_unit_name(match[1]) else ""


def _texts(grid: SourceGrid, rows: list[int]) -> Iterator[str]:
    for row in rows:
        line = [value for _, value in sorted(grid.cells[row].items())]
        for value in line:
            if isinstance(value, str):
                yield value
        for key, value in pairwise(line):
            if isinstance(key, str) and bare(key) in TITLE_KEYS:
                yield f"{'单位名称' if bare(key) in UNIT_KEYS else bare(key)}:{value}"
