"""What the lines over a block say of all its figures: their year, fund, nature, and whether they are final."""

from __future__ import annotations

import re

from xltool.core.texts import norm
from xltool.documents.grids import SourceGrid
from xltool.entry.importing.meanings import GridTopic
from xltool.entry.importing.vocabulary import ImportWords

_FISCAL = re.compile("财政拨款|一般公共预算|政府性基金|国有资本经营")
_DATE = re.compile("日期|打印|时间|导出")
_FILLED_IN = re.compile(r"(?:填报|填表|制表|打印|导出|报出|编制)(?:日期|时间):?20\d\d年\d+月")
_YEAR = re.compile(r"(20\d\d)年")
_NAMED_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def topic_over(
    grid: SourceGrid, after: int, head: int, words: ImportWords, topic: GridTopic
) -> GridTopic:
    """What the lines between the block before and the heads say of the fund and the nature of all figures."""
    near = [value for row in range(after + 1, head) for value in grid.cells.get(row, {}).values()]
    text = norm(" ".join(str(v) for v in near if isinstance(v, str)) + grid.sheet)
    natures = {nature for nature in ("基本支出", "项目支出") if nature in text}
    dated = [norm(str(value)) for value in near if not _DATE.search(str(value))]
    years = set(_YEAR.findall(" ".join(dated))) or set(_NAMED_YEAR.findall(norm(grid.sheet)))
    other = bool(topic.year) and bool(years) and topic.year not in years
    fund = words.fund(text)
    odd = words.odd_title(_FILLED_IN.sub("", f"{text} {grid.file}")) or words.odd_title(grid.sheet)
    return topic._replace(
        odd=odd,
        fund=fund,
        fiscal=not fund and bool(_FISCAL.search(text)) and "收入" not in text,
        nature=natures.pop() if len(natures) == 1 else "",
        aside=f"{max(years)}年的" if other else "",
    )
