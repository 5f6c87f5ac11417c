"""What a unit wrote into the workbook of its 整改通知: read back as explanations of findings.

The letter has a sheet for people and a hidden one that says, for every number, which findings it stands for. A
number ends with a check of the book and the figures; one that is not in the hidden sheet is of another letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.core.problems import Problem
from xltool.core.texts import visible
from xltool.ooxml import Sheet, Workbook, make_ref

LETTER_SHEET, KEY_SHEET = "整改通知", "编号对照"
"""The sheets of a letter: what the unit reads and answers in; what its numbers stand for."""

NUMBER, REPLY = "编号", "单位说明"
"""The columns of the first sheet by which replies are found."""

KEYS = (
    *("编号", "规则", "位置", "左方", "右方", "问题", "标识", "单位名称", "单位编码"),
    *("文件", "sha256"),
)
"""The columns of the hidden sheet."""


class Reply(NamedTuple):
    """What a unit answered to a line, and one finding that the line stands for: its row of the hidden sheet."""

    number: str
    text: str
    finding: Mapping[str, str]


class LetterReplies(NamedTuple):
    """The replies of a letter, finding by finding, and what could not be understood of it."""

    replies: list[Reply]
    problems: list[Problem]


def is_letter(workbook: Workbook) -> bool:
    """Whether a workbook is a 整改通知, filled in or not."""
    names = {sheet.name for sheet in workbook.sheets}
    return {LETTER_SHEET, KEY_SHEET} <= names


def letter_replies(workbook: Workbook, file: str) -> LetterReplies:
    """What a unit has answered. `file` is the letter's name, for problems."""
    problems: list[Problem] = []
    keys = _keys(workbook.sheet(KEY_SHEET))
    replies: list[Reply] = []
    for number, text, ref in _answers(workbook.sheet(LETTER_SHEET)):
        if number not in keys:
            problems.append(_foreign(f"{file} {ref}", number))
        replies += [Reply(number, text, key) for key in keys.get(number, ())]
    if not keys:
        problems.append(
            Problem(f"{file} {KEY_SHEET}", "这张表空了", _AGAIN, code="no-explanations")
        )
    return LetterReplies(replies, problems)


_AGAIN = "在财政部门发来的原通知里填写，不要增删行、不要改编号"


def _foreign(where: str, number: str) -> Problem:
    what = f"编号“{number}”不是这份通知里的" if number else "这一行没有编号"
    return Problem(where, f"{what}，写的说明没有用", _AGAIN, code="unknown-name")


def _keys(sheet: Sheet) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The findings of every number."""
    found: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    rows = _rows(sheet)
    heads = next(rows, [])
    if not set(KEYS) <= set(heads):
        return {}
    for row in rows:
        key = dict(zip(heads, row, strict=True))
        if key[NUMBER]:
            found[key[NUMBER]].append(key)
    return dict(found)


def _answers(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """(number, reply, cell) of every line that has a reply, below the head of the table."""
    columns: tuple[int, int] | None = None
    for number, row in enumerate(_rows(sheet), 1):
        if columns is None:
            if NUMBER in row and REPLY in row:
                columns = row.index(NUMBER), row.index(REPLY)
            continue
        text = row[columns[1]]
        if any(char.isalnum() for char in text):
            yield row[columns[0]], text, make_ref(number, columns[1] + 1)


def _rows(sheet: Sheet) -> Iterator[list[str]]:
    if sheet.extent is None:
        return
    columns = range(1, sheet.extent.right + 1)
    for row in range(1, sheet.extent.bottom + 1):
        yield [_text(sheet.value(make_ref(row, column))) for column in columns]


def _text(value: object) -> str:
    return "" if value is None else visible(str(value)).strip()
