"""Lines that hold heads of the document (部门：……, 2023年度, 金额单位：万元, 公开01表), as forms print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltool.core.moneyunits import MONEY
from xltool.mapping.model import Line
from xltool.mapping.recognition.cells import Cells
from xltool.mapping.recognition.keys import bare
from xltool.mapping.recognition.words import Vocabulary
from xltool.ooxml import Range

_LABEL = re.compile(r"\s*[(（]?\s*([^:：]{1,16}?)\s*[:：](.*)", re.DOTALL)
_MONEY_ONLY = re.compile(rf"\s*[(（]?\s*{MONEY}\s*[)）]?\s*", re.IGNORECASE)
_YEAR = re.compile(r"\s*[(（]?\s*((?:19|20)\d{2})?[\s　_xX×]*(年度?)\s*[)）]?\s*")
_NUMBER = re.compile(
    r"(?:表号:?)?(?:公开|财决|部决|决算|附|gk|z)?附?\d+(?:[-_]\d+)*表|(?:公开|财决)表?\d+(?:[-_]\d+)*表?|\d+_\d+\w*|表号:.*|附[件表]\d*:?|表\d+"
)
_PRINTED = re.compile(
    r"(?:填|制|编制|打印|填报|审核)[\w]*(?:人|日期|时间)|第\d+页|共\d+页|\d{4}年\d+月\d+日"
)


class HeadText(NamedTuple):
    """A cell with a head of the document: the pattern of a mapping's line, and which heads are in it."""

    at: Range
    pattern: str


def is_head_line(cells: Cells, row: int, area: Range, words: Vocabulary) -> bool:
    """Whether a row holds nothing but heads of the document and remarks of their kind."""
    open_label = False
    for column in cells.rows.get(row, ()):
        if not area.left <= column <= area.right:
            continue
        value = cells.values[row, column]
        text = value if isinstance(value, str) else str(value)
        if open_label:
            open_label = False
            continue
        if not _is_head(text):
            return False
        open_label = bare(text) != text.strip() and text.strip().endswith((":", "："))
    return True


def _is_head(text: str) -> bool:
    plain = bare(text)
    return bool(
        _LABEL.fullmatch(text) or _YEAR.fullmatch(text) or _NUMBER.fullmatch(plain)
        or _MONEY_ONLY.fullmatch(text) or _PRINTED.match(plain)
    )  # fmt: skip


def head_lines(cells: Cells, rows: range, area: Range, words: Vocabulary) -> Iterator[HeadText]:
    """The heads in rows above a table: unit name, year, money unit, each as a mapping's line."""
    for row in rows:
        columns = [c for c in cells.rows.get(row, ()) if area.left <= c <= area.right]
        taken: set[int] = set()
        for n, column in enumerate(columns):
            if column in taken or not isinstance(text := cells.values[row, column], str):
                continue
            found = _LABEL.fullmatch(text)
            label = bare(found[1]) if found else ""
            if found and label in words.name_labels | words.unit_labels:
                after = columns[n + 1] if n + 1 < len(columns) else None
                line = _labelled(cells, row, column, after, text, found, words)
                if line is not None:
                    taken.add(line.at.left)
                    yield line
            elif (year := _YEAR.fullmatch(text)) and "年" in text:
                yield HeadText(cells.extent(row, column), _year_pattern(text, year))
            elif _MONEY_ONLY.fullmatch(text) and len(text.strip()) > 1:
                yield HeadText(cells.extent(row, column), "{金额单位}")


def _labelled(
    cells: Cells,
    row: int,
    column: int,
    after: int | None,
    text: str,
    found: re.Match[str],
    words: Vocabulary,
) -> HeadText | None:
    label, value = bare(found[1]), found[2].strip()
    begin = text[: found.start(2)]
    money = bool(_MONEY_ONLY.fullmatch(value)) if value else False
    if label in words.unit_labels and (money or label not in words.name_labels):
        closing = "）" if "（" in begin else ")" if "(" in begin else ""
        return HeadText(cells.extent(row, column), f"{begin.strip()}{{金额单位}}{closing}")
    if label not in words.name_labels:
        return None
    if value:
        return HeadText(cells.extent(row, column), f"{begin.strip()}{{单位名称}}")
    beside = cells.text(row, after) if after is not None else None
    if beside is not None and not _is_head(beside):
        return HeadText(cells.extent(row, after or 0), "{单位名称}")
    return HeadText(cells.extent(row, column), f"{begin.strip()}{{单位名称}}")


def _year_pattern(text: str, year: re.Match[str]) -> str:
    if year[1]:
        return text.strip().replace(year[1], "{年度}")
    return re.sub(r"[\s　_xX×]*年", "{年度}年", text.strip(), count=1)


def line(head: HeadText) -> Line:
    """The head as the line of a mapping."""
    return Line(head.at, head.pattern)
