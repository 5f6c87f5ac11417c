"""Lines that hold heads of the document (部门：……, 2023年度, 金额单位：万元, 公开01表), as forms print them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from xltool.core.moneyunits import MONEY
from xltool.core.years import DATED, YEAR
from xltool.mapping.cells import Cells
from xltool.mapping.headlines import MONEY_LABEL, year_at
from xltool.mapping.model import Line
from xltool.mapping.recognition.unitnames import is_unit_name
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.ooxml import Range, make_ref

_LABEL = re.compile(r"\s*[(（]?\s*([^:：]{1,16}?)\s*[:：](.*)", re.DOTALL)
_MONEY_ONLY = re.compile(rf"\s*[(（]?\s*{MONEY}\s*[)）]?\s*", re.IGNORECASE)
_YEAR = re.compile(
    rf"\s*[(（]?\s*({YEAR})?(?:20(?=[_＿xX×Ｘ]))?[\s　_＿xX×Ｘ]*(年\s*(?:度|12\s*月\s*31\s*日)?)\s*[)）]?\s*"
)
"""A year alone, open or not; or the last day of one, by which a 决算 may be dated. No other day tells its year."""
_UNDATED = re.compile(r"(?:20)?[\s　_＿xX×Ｘ]{2,}(?=年)|(?<=[(（])[\s　]*(?=年度?[)）])")
"""The year that a blank form leaves open: “    年度”, “20××年度”, “（年度）”."""
_NAME = re.compile(r".{4,}|..[局厅委办院校所站馆队镇乡]", re.DOTALL)
"""A unit's name before a year: four characters, or three that end as names of units do (not 本部门, 区本级)."""
_TAIL = re.compile(rf"\s([(（]?{MONEY_LABEL}){MONEY}\s*([)）]?)\s*$", re.IGNORECASE)
_TABLE = r"(?:表号[:：]?)?(?:公开|财决|部决|附)\S{1,6}表"
_TERM = re.compile(
    rf"(?:\s|(?=[(（])|(?=(?:{YEAR})\s*年))(?:[\s(（]*({YEAR}|[\s_＿xX×Ｘ]*)\s*年度?[)）]?(?:\s+{_TABLE})?|{_TABLE})"
    rf"(?:\s+[(（]?{MONEY_LABEL}({MONEY})\s*[)）]?)?\s*$",
    re.IGNORECASE,
)
"""What follows a unit's name in one cell: the year, the number of the table or both, and the money unit.

编制单位：某局　2023年度　金额单位：元; 部门：某局（2023年度）; 部门：某局　公开01表　金额单位：元.
"""
_YEARS = re.compile(rf"(?:{YEAR})\s*(?:年度?)?(?:\s*[、，,和及与至—－-]\s*(?:{YEAR})\s*年度?)+")
_SEVERAL_YEARS = re.compile(rf"\s*[(（]?{_YEARS.pattern}\s*[)）]?\s*$")
_CODE_BEFORE = re.compile(r"[(（\[【〔]\d{3,}[)）\]】〕][\s\-－—_]*|\d{6,}[\s\-－—_]+")
"""A unit's code before its name: 部门编码及名称：303001-某局."""
_SEAL = re.compile(r"\((?:加盖)?(?:公章|盖章|签章|章|印章)\)$")
_NUMBER = re.compile(
    r"(?:表号:?)?(?:公开|财决|部决|决算|附|gk|z)?附?\d+(?:[-_]\d+)*表|(?:公开|财决)表?\d+(?:[-_]\d+)*表?|\d+_\d+\w*|表号:.*|附[件表]\d*:?|表\d+"
)
_ANNEX = re.compile(r"\s*(?:附件|附表|表)\s*[\d一二三四五六七八九十]+(?:[-－]\d+)?\s*[:：、]?\s*")
"""The number of a table before what its title begins with: 附表1：某局2023年度收入决算表."""
_PRINTED = re.compile(
    r"(?:填|制|编制|打印|填报|审核)[\w]*(?:人|日期|时间)|第\d+页|共\d+页|\d{4}年\d+月\d+日"
)


class HeadText(NamedTuple):
    """A cell with a head of the document: the pattern of a mapping's line, and which heads are in it."""

    at: Range
    pattern: str


def is_head_line(cells: Cells, row: int, area: Range) -> bool:
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


def head_lines(
    cells: Cells, rows: Iterable[int], area: Range, words: Vocabulary
) -> Iterator[HeadText]:
    """The heads in rows above or under a table: unit name, year, money unit, each as a mapping's line."""
    for row in rows:
        columns = [c for c in cells.rows.get(row, ()) if area.left <= c <= area.right]
        taken: set[int] = set()
        for n, column in enumerate(columns):
            if column in taken:
                continue
            after = columns[n + 1] if n + 1 < len(columns) else None
            for head in _heads(cells, row, column, after, words):
                taken.add(head.at.left)
                yield head


def _heads(
    cells: Cells, row: int, column: int, after: int | None, words: Vocabulary
) -> Iterator[HeadText]:
    """The heads in one cell, or in the one that follows its label."""
    text, at = cells.text(row, column), cells.extent(row, column)
    if text is None or text.strip().isdecimal():
        if year_at(cells.sheet, make_ref(row, column)) is not None:
            yield HeadText(at, "{年度}年度")
        return
    text = _without_number(text)
    found = _LABEL.fullmatch(text)
    label = _label(found[1]) if found else ""
    if found and label in words.year_labels:
        yield from _labelled_year(cells, row, column, after, text, found)
    elif found and label in words.name_labels | words.unit_labels:
        head = _labelled(cells, row, column, after, text, found, words)
        if head is not None:
            yield head
            if head.at == at and head.pattern.endswith("{单位名称}"):
                yield from _behind(at, found[2])
    elif found and _ANNEX.fullmatch(text[: found.start(2)]) and _is_name(found[2]):
        yield HeadText(at, f"{text[: found.start(2)]}{{单位名称}}")
    elif _label(text) in words.name_labels - words.unit_labels:
        if _is_line(cells, row, at):
            yield HeadText(cells.extent(row, at.right + 1), "{单位名称}")  # its label has no colon
    elif (year := _YEAR.fullmatch(text)) and "年" in text:
        yield HeadText(at, _year_pattern(text, year))
    elif _MONEY_ONLY.fullmatch(text) and len(text.strip()) > 1:
        yield HeadText(at, "{金额单位}")
    else:
        yield from _behind(at, text)  # behind a label that is not known


def _is_line(cells: Cells, row: int, label: Range) -> bool:
    """Whether all else in the row of a label and the cell beside it are heads of the document, and some are.

    A table by units begins with 单位名称, too.
    """
    beside = label.right + 1
    name = cells.text(row, beside)
    others = [text for c, text in cells.texts(row) if c not in (label.left, beside)]
    return (name is None or not _is_head(name)) and bool(others) and all(map(_is_head, others))


def _label(text: str) -> str:
    """A label without what it says of a seal: 编制单位（盖章）."""
    return _SEAL.sub("", bare(text))


def _without_number(text: str) -> str:
    """The text without the number of the table that stands before a head: 公开01表　金额单位：元."""
    number, gap, rest = re.match(r"(\S*)(\s*)(.*)", text.strip(), re.DOTALL).groups()  # type: ignore[union-attr]
    return rest if gap and _NUMBER.fullmatch(bare(number)) else text


def _labelled_year(
    cells: Cells, row: int, column: int, after: int | None, text: str, found: re.Match[str]
) -> Iterator[HeadText]:
    """The year behind a label: 年度：2023, in the same cell or in the next one."""
    if year := re.fullmatch(rf"({YEAR})\s*(年度?)?", found[2].strip()):
        yield HeadText(
            cells.extent(row, column), f"{text[: found.start(2)].strip()}{{年度}}{year[2] or ''}"
        )
    elif found[2].strip(" \t　_＿"):
        return
    elif after is not None and year_at(cells.sheet, make_ref(row, after)):
        yield HeadText(cells.extent(row, after), "{年度}年度")
    elif after != (at := cells.extent(row, column)).right + 1:
        yield HeadText(at, f"{text[: found.start(2)].strip()}{{年度}}")  # left open


def _behind(at: Range, value: str) -> Iterator[HeadText]:
    """The money unit that stands behind another head in one cell."""
    if (found := _TAIL.search(value)) is not None:
        yield HeadText(at, f"{found[1]}{{金额单位}}{found[2]}")


def _labelled(
    cells: Cells,
    row: int,
    column: int,
    after: int | None,
    text: str,
    found: re.Match[str],
    words: Vocabulary,
) -> HeadText | None:
    label, value = _label(found[1]), found[2].strip()
    begin = text[: found.start(2)]
    money = bool(_MONEY_ONLY.fullmatch(value)) if value else False
    beside = cells.text(row, after) if after is not None else None
    if label in words.unit_labels and not value and _MONEY_ONLY.fullmatch(beside or ""):
        return HeadText(cells.extent(row, after or 0), "{金额单位}")
    if label in words.unit_labels and (money or label not in words.name_labels):
        closing = "）" if "（" in begin else ")" if "(" in begin else ""
        return HeadText(cells.extent(row, column), f"{begin.strip()}{{金额单位}}{closing}")
    if label not in words.name_labels:
        return None
    if value:
        code = _CODE_BEFORE.match(value)
        before = begin.strip() + (code[0] if code and code[0] != value else "")
        return HeadText(cells.extent(row, column), f"{before}{{单位名称}}{_term(found[2])}")
    if beside is not None and not _is_head(beside):
        return HeadText(cells.extent(row, after or 0), "{单位名称}")
    return HeadText(cells.extent(row, column), f"{begin.strip()}{{单位名称}}")


def _term(value: str) -> str:
    """What follows a unit's name in its cell, as the end of the line's pattern; "" for nothing of the kind."""
    if several := _SEVERAL_YEARS.search(value):
        return several[0].rstrip()  # no part of the name, and not one of them is the document's
    found = _TERM.search(value)
    if found is None:
        return ""
    tail = value[found.start() :].rstrip()
    for n, slot in ((2, "{金额单位}"), (1, "{年度}")):
        if found[n] is not None:
            start, end = (at - found.start() for at in found.span(n))
            tail = tail[:start] + slot + tail[end:]
    return tail


def _is_name(text: str) -> bool:
    """Whether a text is a unit's name, and no title of a table: 附件3：2022年度收入决算表."""
    return is_unit_name(text) and "表" not in text


def _year_pattern(text: str, year: re.Match[str]) -> str:
    if year[1]:
        return text.strip().replace(year[1], "{年度}")
    return re.sub(r"(?:20)?[\s　_＿xX×Ｘ]*年", "{年度}年", text.strip(), count=1)


def line(head: HeadText) -> Line:
    """The head as the line of a mapping."""
    return Line(head.at, head.pattern)


def dated_line(at: Range, text: str, *, nameless: bool) -> Line | None:
    """The line of a heading that names the year, or leaves it open: 某局2023年度部门决算表.

    With the unit's name where `nameless`.
    """
    if (year := DATED.search(text) or _UNDATED.search(text)) is None or _YEARS.search(text):
        return None
    before = text[: year.start()]
    number = _ANNEX.match(before)
    label, colon, name = (
        (number[0], "", before[number.end() :]) if number else before.rpartition("：")
    )
    if not nameless or not _NAME.fullmatch(bare(name)):
        label, colon, name = before, "", ""
    unit = "{单位名称}" if name else ""
    return Line(at, f"{label}{colon}{unit}{{年度}}{text[year.end() :]}")
