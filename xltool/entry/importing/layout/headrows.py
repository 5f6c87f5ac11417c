"""The lines of heads of a sheet: where they are, and what stands over each column from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from unicodedata import normalize

from xltool.core.texts import norm
from xltool.documents.grids import Cell, SourceGrid, amount
from xltool.entry.importing.vocabulary import ImportWords, bare

BOOKS = "账簿|账套|核算主体|会计主体|核算组织"
"""What stands before whose accounts these are."""
_TITLE = re.compile(
    r"^\W*[\u4e00-\u9fff]{0,4}(单位|部门|机构)\S{0,4}:|^(会计)?(年度|期间|日期|币种|币别|表号)\S{0,3}:"
    rf"|^({BOOKS})\S{{0,2}}:"
    r"|^(金额)?单位:?\(?万?元|^财决\S*表|^第\d+页"
)
_CAPTION = re.compile(
    r"^(?:会计|支出|部门|预算)*(?:科目|功能分类|经济分类|功能科目|经济科目)\S{0,4}?:"
    r"\s*(?:\d{3,}|[^\d\s:]*(?:支出|收入))"
)
LOWEST = {"功能": 7, "经济": 5}
"""Digits of the codes that have figures of their own."""
UNIT_KEYS = frozenset(("单位名称", "编制单位", "填报单位", "部门名称", "预算单位", "核算单位"))
TITLE_KEYS = UNIT_KEYS | {
    "年度",
    "会计年度",
    "决算年度",
    "金额单位",
    "期间",
    "会计期间",
    "币种",
    "币别",
}
"""What stands before its value in a line over the heads."""
_NUMBERED = frozenset(("栏次", "行次"))
_CODE = re.compile(
    r"^\s*['’`]?[\[【(（]?"
    r"(?P<code>\d{3}\.\d{2}\.\d{2}(?!\d)|\d{3}[ -]\d{2}(?:[ -]\d{2})?(?!\d)|\d{3,9})(?:\.0+)?[\]】)）]?"
    r"[\s\-—_:：/.、|]*(?P<name>[^\W\d_].*)?$",
    re.S,
)
_CODE_BEHIND = re.compile(
    r"^\s*(?P<name>[^\W\d_].*?)\s*[\[【(](?P<code>\d{7}|\d{5}|\d{3})[\]】)]\s*$", re.S
)
"""行政运行(2010301)."""
_CODES_IN = re.compile(r"(?<!\d)\d{3,7}(?!\d)")
_MONEY = re.compile(r"(?<=\d)\s*万?元\s*$")
_FUNCTIONAL = (3, 5, 7)
_ECONOMIC = (3, 5)
_MONTH = re.compile(r"^(?P<year>20\d\d)[.\-/]?(?P<month>0[1-9]|1[0-2]|(?<=[.\-/])[1-9])月?$")
_KEYS = frozenset(("code", "name", "nature"))
_CODES = ("编码", "代码")
_MOST = 4
"""Lines that heads may have."""
Headish = Callable[[str], bool]


class Band(NamedTuple):
    """Lines of heads: the first and last row, and the texts over each column, from the top."""

    first: int
    last: int
    paths: dict[int, tuple[str, ...]]


def months_named(grid: SourceGrid, words: ImportWords) -> SourceGrid:
    """A sheet whose heads say months as numbers, 2024.01 or 202401, with these in words: 2024年1月.

    Figures may look like these: the head of a column that says what a row is has to stand beside or above them.
    """
    cells = {}
    for row, line in grid.cells.items():
        found = {
            c: m
            for c, v in line.items()
            if (m := _MONTH.match(v if isinstance(v, str) else f"{v:f}"))
        }
        months = {c: int(m["month"]) for c, m in found.items()}
        if 1 in months.values():  # 2024.1 beside 2024.01 is 2024.10, a number
            months |= {
                c: 10
                for c, v in line.items()
                if c in months and not isinstance(v, str) and f"{v:f}".endswith(".1")
            }
        beside = [v for c, v in line.items() if c not in months]
        beside = beside or [*grid.cells.get(row - 1, {}).values()]
        if (
            len(set(months.values())) == len(months) > 2
            and len({m["year"] for m in found.values()}) == 1
            and any(_is_key(value, words) for value in beside)
        ):
            cells[row] = {**line, **{c: f"{found[c]['year']}年{n}月" for c, n in months.items()}}
    return grid._replace(cells={**grid.cells, **cells}) if cells else grid


def code_of(value: Cell | None) -> tuple[str, str]:
    """(code, name) in a cell that holds a 科目编码, also with its name; ("", "") otherwise."""
    if value is None:
        return "", ""
    text = normalize("NFKC", value) if isinstance(value, str) else f"{value:f}"
    match = _CODE.match(text) or _CODE_BEHIND.match(text)
    if match is None:
        return "", ""
    return re.sub(r"\D", "", match["code"]), (match["name"] or "").strip()


def codes_in(text: str) -> dict[str, str]:
    """The codes of the budget in a text by kind, a 功能分类 only where it is a 项."""
    found = {}
    for code in _CODES_IN.findall(text):
        if is_item(code):
            found["功能"] = code
        elif is_economic(code):
            found["经济"] = code
    return found


def is_functional(code: str) -> bool:
    """By its length and first digit, a 支出功能分类 code."""
    return len(code) in _FUNCTIONAL and code[0] == "2"


def is_item(code: str) -> bool:
    """Whether it is that of a 项: the 功能分类 codes that have figures of their own."""
    return is_functional(code) and len(code) == LOWEST["功能"]


def is_economic(code: str) -> bool:
    """By its length and first digit, a 部门预算支出经济分类 code."""
    return len(code) in _ECONOMIC and code[0] == "3"


def is_budget_code(code: str) -> bool:
    """Either."""
    return is_functional(code) or is_economic(code)


def is_figure(value: Cell) -> bool:
    """Whether a cell holds a number or a code, not words."""
    if not isinstance(value, str) or is_budget_code(code_of(value)[0]):
        return True
    try:
        return amount(_MONEY.sub("", value)) is not None
    except ValueError:
        return False


def band_at(grid: SourceGrid, row: int, headish: Headish, words: ImportWords) -> Band | None:
    """The lines of heads that begin in `row`; None where none can. `headish`: whether a text is a known head."""
    cells = grid.cells[row]
    if len(cells) < 2 or not _are_heads(cells, headish) or _is_title(cells, words):
        return None
    last = row
    while last - row + 1 < _MOST and _goes_on(grid, row, last + 1, headish, words):
        last += 1
    columns = {column for r in range(row, last + 1) for column in grid.cells.get(r, ())}
    paths = {column: tuple(_path(grid, row, last, column)) for column in range(1, max(columns) + 1)}
    return Band(row, last, {column: path for column, path in paths.items() if path})


def _are_heads(cells: dict[int, Cell], headish: Headish) -> bool:
    """A line of words; or of 经济分类 with their codes (30101 基本工资) beside the head of a column."""
    coded = [value for value in cells.values() if is_figure(value)]
    if len(coded) < 2:
        return not coded
    others = (str(value) for value in cells.values() if not is_figure(value))
    return all(map(is_economic_head, coded)) and any(map(headish, others))


def is_economic_head(value: Cell) -> bool:
    """Whether a text is a 经济分类 code with its name."""
    code, name = code_of(value) if isinstance(value, str) else ("", "")
    return bool(code and name) and is_economic(code)


def _is_text(cells: dict[int, Cell]) -> bool:
    return not any(is_figure(value) for value in cells.values())


def _is_key(value: Cell, words: ImportWords) -> bool:
    """Whether a text can only be the head of a column that says what a row is."""
    text = bare(value)
    known = words.own_head(text) or words.heads.get(text)
    return text.endswith(_CODES) or (known is not None and known.what in _KEYS)


def is_caption(text: str) -> bool:
    """Whether a line over the heads says an account or a 科目 of all rows: 科目：7201 行政支出, 功能分类：2010301."""
    return bool(_CAPTION.match(norm(text)))


def _is_title(cells: dict[int, Cell], words: ImportWords) -> bool:
    """A line above the heads: 编制单位：…　单位：元, also with the value in a cell of its own."""
    texts = [bare(value) for _, value in sorted(cells.items())]
    if 2 <= len(texts) <= 6 and len(texts) % 2 == 0 and TITLE_KEYS.issuperset(texts[::2]):
        valued = not any(_is_key(text, words) for text in texts[1::2])
        return valued and (len(texts) > 2 or texts[0] in UNIT_KEYS)
    shown = [str(value) for value in cells.values()]
    return any(_TITLE.search(norm(text)) or is_caption(text) for text in shown)


def _is_numbered(cells: dict[int, Cell]) -> bool:
    """栏次 | 1 | 2 | 3: the numbers of the columns."""
    return any(bare(value) in _NUMBERED for value in cells.values()) and not _is_text(cells)


def _goes_on(grid: SourceGrid, first: int, row: int, headish: Headish, words: ImportWords) -> bool:
    cells = grid.cells.get(row)
    if not cells:
        return False
    if _is_numbered(cells):
        return True
    if _is_numbered(grid.cells.get(row - 1, {})) and row - 1 > first:
        return False
    if not _is_text(cells) or _is_title(cells, words):
        return False
    above = grid.cells.get(row - 1, {})
    if len(cells) == 1 and min(cells) in above and min(cells) == min(above):
        return False  # a line of a group, below its head
    return any(headish(str(value)) for value in cells.values())


def _path(grid: SourceGrid, first: int, last: int, column: int) -> list[str]:
    path: list[str] = []
    for row in range(first, last + 1):
        text = _over(grid, first, last, row, column)
        numbered = bare(text) in _NUMBERED and _is_numbered(grid.cells.get(row, {}))
        if text and not numbered and (not path or path[-1] != text):
            path.append(text)
    return path


def _over(grid: SourceGrid, first: int, last: int, row: int, column: int) -> str:
    """The text over a column in one line: its own, a merged one's, or that of the group to its left."""
    cells = grid.cells.get(row, {})
    if column in cells:
        value = cells[column]
        headed = isinstance(value, str) and (not is_figure(value) or is_economic_head(value))
        return str(value) if headed else ""
    merge = next((m for m in grid.merges if m.holds(row, column)), None)
    if merge is not None:
        value = grid.cells.get(merge.top, {}).get(merge.left, "") if merge.top >= first else ""
        return value if isinstance(value, str) else ""
    left = max((c for c in cells if c < column), default=0)
    below = [
        grid.cells.get(r, {})
        for r in range(row + 1, last + 1)
        if not _is_numbered(grid.cells.get(r, {}))
    ]
    if not left or any(m.holds(row, left) for m in grid.merges):
        return ""
    grouped = any(left in line for line in below) and any(column in line for line in below)
    return str(cells[left]) if grouped else ""
