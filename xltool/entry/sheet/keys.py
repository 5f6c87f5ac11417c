"""How a 填数表 says what its cells are: keys in its hidden first column and in the hidden rows above its lists."""

from __future__ import annotations

import re

SHEET, CODES = "填数表", "科目"
MARK = "xltool 填数表 1"
"""Stands in A1; the number is that of the layout of keys."""

HEAD, ASSUME, STATE, FIELD = "头", "前提", "无数据", "格"
COLUMNS, ROW = "栏", "行"
"""A line of column keys (支出表.明细.基本支出, 科目编码, 科目名称); the rows below it that are typed in."""

LAST = "上年"
"""The key of a column with last year's figures."""

_COPY = re.compile(r"^([^.#]+)#(\d+)(?=\.)")


def of_copy(address: str, copy: int) -> str:
    """An address in one of several copies of a table: 项目自评#2.项目名称; the first (1) needs no number."""
    table, dot, rest = address.partition(".")
    return f"{table}#{copy}{dot}{rest}" if copy > 1 else address


def copy_of(address: str) -> tuple[str, int]:
    """The address without the number of the copy, and that number (1 where none stands)."""
    match = _COPY.match(address)
    return (_COPY.sub(r"\1", address), int(match[2])) if match else (address, 1)


CODE_COLUMN, FIRST, BESIDE = 2, 4, (6,)
"""Columns (from 1): 科目; the first figure; last year's beside a single one."""


def key(kind: str, what: str = "") -> str:
    """A key of the first column: 格|总表.收入.其他收入."""
    return f"{kind}|{what}"
