"""Findings -> the lines of a letter: what has one cause is one line; what must be corrected comes first.

The number of a line ends with a check of the book's content and the finding: a line that is copied from
another letter is not taken for one of this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xltool.checks.findings import without_table
from xltool.checks.unaudited import FOR_THE_OFFICE
from xltool.core.amounts import money
from xltool.review.sheets import some_cells
from xltool.rules.describe import RELATION
from xltool.season.letters.model import DEMANDS, Demand, LetterBook, LetterFinding, LetterLine

Raw = Mapping[str, Any]
"""A row of findings, by the titles of its columns; amounts are numbers or exact texts."""

_RULES, _CELLS, _LONG = 3, 4, 600


def letter_lines(findings: Iterable[Raw], book: LetterBook, start: int) -> list[LetterLine]:
    """The lines of a book, numbered from `start`; what was explained, and hints, are left out."""
    groups = _groups([row for row in findings if _is_asked(row)])
    demanded = sorted(groups, key=lambda group: DEMANDS.index(_demand(group)))
    return [_line(group, number, book) for number, group in enumerate(demanded, start)]


def _is_asked(row: Raw) -> bool:
    told = row["结论"] == "不符" or (row["结论"] == "数据不足" and row["级别"] == "必须相符")
    return bool(told and row["级别"] != "提示" and not row["说明"])


def _groups(rows: Sequence[Raw]) -> list[list[Raw]]:
    """Findings of one cause together; one about nothing but the suspected cell of others goes with them."""
    found: dict[object, list[Raw]] = {}
    suspects: dict[tuple[str, str], object] = {}
    for row in rows:
        if row["同因"]:
            found.setdefault(row["同因"], []).append(row)
            suspects.setdefault(_spot(row), row["同因"])
    for n, row in enumerate(rows):
        if not row["同因"]:
            cause = suspects.get((row["工作表"] or "", row["单元格"] or ""), f"alone {n}")
            found.setdefault(cause, []).append(row)
    return list(found.values())


def _spot(row: Raw) -> tuple[str, str]:
    """The sheet and the cells that a row is to be read at: its suspect, else what it names."""
    suspect = row["疑似单元格"] or ""
    if suspect:
        sheet, _, ref = suspect.rpartition("!")
        return sheet or row["工作表"] or "", ref
    return row["工作表"] or "", some_cells(row["单元格"], _CELLS) or ""


def _demand(group: Sequence[Raw]) -> Demand:
    demands = [_of_row(row) for row in group]
    return min(demands, key=DEMANDS.index)


def _of_row(row: Raw) -> Demand:
    if row["结论"] == "数据不足":
        return "补全"
    return "改正或说明" if row["可说明"] else "改正"


def _line(group: Sequence[Raw], number: int, book: LetterBook) -> LetterLine:
    first = group[0]
    sheet, cells = _spot(first)
    findings = tuple(_finding(row, book) for row in group)
    now, should = _figures(first)
    return LetterLine(
        f"{number}-{_check(findings, book.sha256)}",
        _demand(group),
        book.file,
        sheet,
        cells,
        _problem(group),
        now,
        should,
        _basis(group),
        findings,
        any(row["结论"] == "不符" and row["级别"] == "必须相符" for row in group),
    )


def _problem(group: Sequence[Raw]) -> str:
    """What is wrong, and what to do where no figure says so."""
    first = group[0]
    told = without_table(first["内容"], first["表"] or "")
    hint = (first["提示"] or "").replace(FOR_THE_OFFICE, "")
    if hint and first["应为"] is None:
        told = hint if hint.startswith(told) else f"{told}。{hint}"
    others = f"（另有 {len(group) - 1} 处由它引起）" if len(group) > 1 else ""
    notes = "；".join(dict.fromkeys(note for row in group if (note := row.get("注", ""))))
    return _short(told) + others + (f"【{notes}】" if notes else "")


def unchecked_line(book: LetterBook, number: int) -> LetterLine:
    """The line of a book in which blocking rules could not be checked, and nothing more is known."""
    where_told = "标注本的“校验结果”" if book.marked is not None else "审核报告，可以向审核单位要"
    told = f"有必须相符的规则没有能够审核，原因见{where_told}"
    where = ("", "", told, "", "", "")
    return LetterLine(f"{number}-{_check((), book.sha256)}", "补全", book.file, *where, ())


def _check(findings: Sequence[LetterFinding], sha256: str) -> str:
    told = "\n".join((sha256, *(f.fingerprint for f in findings)))
    return hashlib.sha256(told.encode()).hexdigest()[:4].upper()


def _finding(row: Raw, book: LetterBook) -> LetterFinding:
    left, right = ("" if row[side] is None else str(row[side]) for side in ("左值", "右值"))
    return LetterFinding(
        row["规则"],
        row["位置"] or "",
        left,
        right,
        row["内容"],
        row["标识"] or "",
        book.file,
        book.sha256,
        book.unit,
        book.code,
    )


def _figures(row: Raw) -> tuple[str, str]:
    """What stands in the cell (else on the left), and what should: a relation is told only of one of its own sides."""
    left, right = (None if row[side] is None else _money(row[side]) for side in ("左值", "右值"))
    now = _short(row["现为"] or left or "")
    if row["应为"] is not None:
        return now, _money(row["应为"])
    if not row["关系"] or left is None or right is None:
        return now, ""
    if now == left:
        return now, f"{row['关系']} {right}"
    return now, f"{row['关系']} {left}" if now == right and row["关系"] == RELATION["="] else ""


def _basis(group: Sequence[Raw]) -> str:
    """The rules in words, the first ones and how many there are."""
    rules = dict.fromkeys(f"{row['规则名称']}（{row['规则']}）" for row in group)
    told = "；".join(list(rules)[:_RULES])
    return told if len(rules) <= _RULES else f"{told}等 {len(rules)} 条"


def _money(value: Decimal | str) -> str:
    return money(Decimal(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}……"
