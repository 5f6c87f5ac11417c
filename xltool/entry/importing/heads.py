"""Unit name, year, money unit, as ordinary spreadsheets have them: in titles, in lines above the heads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xltool.core.texts import norm
from xltool.entry.importing.grids import SourceGrid

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年|[./-]\d{1,2})")
_UNIT = re.compile(
    r"(?:单位|金额单位|货币单位)[:：为]?(?:人民币)?(万元|元)(?!\w)|[（(](万元|元)[）)]"
)
_STATED = re.compile(r"(?:单位|金额单位|货币单位)[:：为]?(?:人民币)?万?元")
_NAME = re.compile(
    r"(?:单位名称|编制单位|填报单位|部门名称|预算单位|核算单位|部门)[:：]\s*([^\s:：，。]+)"
)
_TITLE = re.compile(
    r"^(?P<name>[\u4e00-\u9fff（）()·]{1,30}?(?:局|委|办|院|校|所|中心|部|会|站|馆|厅|署|队|镇|乡|街道|大学|学校|公司|室))"
    r"(?=20\d\d|[\u4e00-\u9fff]{0,4}(?:决算|收支|支出|收入|余额|明细))"
)


def units_in(text: str) -> set[str]:
    """The money units that a text states: 单位：元, （万元）."""
    return {a or b for a, b in _UNIT.findall(norm(text))}


def units_of(grid: SourceGrid) -> set[str]:
    """The money units that a sheet states, in its titles or in a note below; heads of columns aside."""
    texts = [v for row in grid.cells.values() for v in row.values() if isinstance(v, str)]
    return {unit for text in texts if _STATED.search(norm(text)) for unit in units_in(text)}


def heads_of(
    grids: Iterable[SourceGrid], rows_outside: dict[int, list[int]]
) -> dict[str, set[str]]:
    """What the texts outside the blocks say: 单位名称, 年度, 金额单位, each with all that was found."""
    found: dict[str, set[str]] = {"单位名称": set(), "年度": set(), "金额单位": set()}
    for number, grid in enumerate(grids):
        found["金额单位"] |= units_of(grid)
        for text in [*_texts(grid, rows_outside.get(number, [])), grid.sheet, grid.file]:
            plain = norm(text)
            found["年度"] |= set(_YEAR.findall(plain))
            found["金额单位"] |= units_in(text)
            if match := _NAME.search(text):
                found["单位名称"].add(match[1])
            elif (match := _TITLE.match(plain)) and text not in (grid.sheet, grid.file):
                found["单位名称"].add(match["name"])
    return found


def _texts(grid: SourceGrid, rows: list[int]) -> Iterator[str]:
    for row in rows:
        for value in grid.cells[row].values():
            if isinstance(value, str):
                yield value
