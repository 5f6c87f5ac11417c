"""What the lines over a block say of all its figures: their year, fund, nature, and whether they are final."""

from __future__ import annotations

import re
from itertools import pairwise

from xltool.core.texts import norm
from xltool.documents.grids import Cell, SourceGrid
from xltool.entry.importing.layout.headrows import is_caption
from xltool.entry.importing.layout.meanings import GridTopic
from xltool.entry.importing.layout.periods import years_in, years_named
from xltool.entry.importing.vocabulary import ImportWords, bare

PAGES = re.compile(r"^(过次页|承前页|本页|第\d+页)")
"""A page ends or begins."""
_FISCAL = re.compile("财政拨款|一般公共预算|政府性基金|国有资本经营|国库(?:集中)?支付|零余额账户")
_DATE = re.compile("日期|打印|时间|导出")
_FILLED_IN = re.compile(r"(?:填报|填表|制表|打印|导出|报出|编制)(?:日期|时间):?20\d\d年\d+月")
_CHOICE = re.compile("(?:条件|筛选|过滤):?(.+)")
_KEY = re.compile(r"([^=:;；,，\s]+)[=:]([^=:;；,，\s]+)")
_SAID = re.compile("年|期间|日期|月|单位|币种|账簿|科目|金额|编码|级次")
"""What a choice may be made by and still show all rows of a unit, or is looked at elsewhere."""
_ALL = ("全部", "(全部)", "所有", "(所有)", "")
_A_MONTH = re.compile(r"(?<!\d)0?(1[0-2]|[1-9])月")


def _chooses(line: list[Cell], words: ImportWords) -> bool:
    """Whether a line over a table says that it shows a choice of rows: 处室 | 办公室, 查询条件：支付方式=授权支付."""
    texts = [norm(str(value)) for value in line]
    if len(texts) == 2 and texts[1] not in _ALL:
        known = words.heads.get(bare(texts[0]))
        return known is not None and known.what in ("memo", "status")
    found = _CHOICE.search(" ".join(texts))
    keys = _KEY.findall(found[1]) if found else []
    return any(not _SAID.search(key) for key, value in keys if value not in _ALL)


def captions_over(grid: SourceGrid, after: int, head: int) -> tuple[str, ...]:
    """The texts between the block before and the heads that say an account or a 科目 of all rows below."""
    lines = (grid.cells.get(row, {}) for row in range(after + 1, head))
    return tuple(text for line in lines for text in captions_in(line))


def captions_in(line: dict[int, Cell]) -> list[str]:
    """Those texts of one line, 功能分类： with what stands in the cell behind it."""
    texts = [value for value in line.values() if isinstance(value, str)]
    keyed = (
        text + behind if text.rstrip().endswith((":", "：")) else text
        for text, behind in pairwise([*texts, ""])
    )
    return [text for text in keyed if is_caption(text)]


def untitled(grid: SourceGrid, before: int, end: int, head: int) -> bool:
    """Whether the lines over the heads in row `head`, behind a block that ends in `end`, say nothing new.

    `before`: the first heads of that block; what stands over them does not count, nor do pages.
    """

    def texts(first: int, last: int) -> set[str]:
        lines = (grid.cells.get(row, {}).values() for row in range(first, last))
        return {norm(value) for line in lines for value in line if isinstance(value, str)}

    return all(map(PAGES.match, texts(end + 1, head) - texts(0, before)))


def month_of(grid: SourceGrid, head: int) -> int:
    """The month that the nearest line over the heads in row `head`, else sheet or file, names; 0 for several."""
    above = [line for row, line in sorted(grid.cells.items(), reverse=True) if row < head]
    for text in (*(" ".join(map(str, line.values())) for line in above), grid.sheet, grid.file):
        if months := set(_A_MONTH.findall(norm(text))):
            return int(months.pop()) if len(months) == 1 else 0
    return 0


def topic_over(
    grid: SourceGrid, after: int, head: int, words: ImportWords, topic: GridTopic
) -> GridTopic:
    """What the lines between the block before and the heads say of the fund and the nature of all figures."""
    lines = [list(grid.cells.get(row, {}).values()) for row in range(after + 1, head)]
    near = [value for line in lines for value in line]
    text = norm(" ".join(str(v) for v in near if isinstance(v, str)) + grid.sheet)
    natures = {nature for nature in ("基本支出", "项目支出") if nature in text}
    dated = [norm(str(value)) for value in near if not _DATE.search(str(value))]
    years = years_in(" ".join(dated)) or years_named(norm(grid.sheet))
    other = bool(topic.year) and bool(years) and topic.year not in years
    fund = words.fund(text)
    odd = words.odd_title(_FILLED_IN.sub("", f"{text} {grid.file}")) or words.odd_title(grid.sheet)
    odd = odd or ("一部分支出" if any(_chooses(line, words) for line in lines) else "")
    return topic._replace(
        odd=odd,
        fund=fund,
        fiscal=not fund and bool(_FISCAL.search(text)) and "收入" not in text,
        nature=natures.pop() if len(natures) == 1 else "",
        aside=f"{max(years)}年的" if other else "",
    )
