"""说明: written explanations of findings, read back from a report, a CSV, or the 校验结果 sheet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from xltool.core.csvfile import csv_rows
from xltool.core.model import Report
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import visible
from xltool.mapping.ownsheets import OWNER, RESULT_SHEET, owner, result_sheet
from xltool.ooxml import Sheet, Workbook, WorkbookError, make_ref, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.reading import Reading

if TYPE_CHECKING:
    from xltool.checks.replies import Reply

RULE, WHERE, LEFT, RIGHT, TEXT = "规则", "位置", "左方", "右方", "说明"
COLUMNS = (RULE, WHERE, LEFT, RIGHT, TEXT)
"""The columns that a table of explanations must have."""
MESSAGE, UNIT = "问题", "单位名称"
"""Columns that it may have: the message of the finding, and whose book it is about."""
VOID = "（数字变了，请重写）"
"""What a text begins with that was written for other numbers."""
CUT = "……"
"""What a message ends with that was too long for a cell."""

_NOT_OURS = "不是 validate --format json 写的样子"


class Explanation(NamedTuple):
    """A clerk's explanation of one finding, with the values and the message it was written for.

    `unit` and `code` are of the unit whose book it belongs to; "" when any book may be meant. `fingerprint` is
    that of the finding, where it is known: it then stands for values and message.
    """

    rule: str
    where: str
    left: str
    right: str
    text: str
    message: str = ""
    unit: str = ""
    code: str = ""
    fingerprint: str = ""


Explained: TypeAlias = AnyPath | Iterable[Explanation]
"""Explanations, or the file that they are in."""


def as_explanations(given: Explained | None) -> Sequence[Explanation]:
    """The explanations that are meant. Raises `InputError` when the file cannot be read."""
    if given is None:
        return ()
    if isinstance(given, (str, os.PathLike)):
        return load_explanations(given)
    return tuple(given)


def load_explanations(file: AnyPath) -> list[Explanation]:
    """The explanations in a file: validate's JSON, a CSV, or a marked workbook. Raises `InputError`."""
    from xltool.checks.replies import is_letter
    from xltool.documents.datafile import parse_json, read_text

    path = Path(file)
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _from_json(parse_json(read_text(path), path.name), path.name)
    if suffix == ".csv":
        return list(_from_rows((row for _, row in csv_rows(path)), path.name))
    try:
        workbook = open_workbook(path)
        if is_letter(workbook):
            return _all_answers(workbook, path.name)
        sheet = result_sheet(workbook) or workbook.sheet(RESULT_SHEET)
        return sheet_explanations(sheet, path.name)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, path.name)) from None
    except KeyError:
        hint = "用 validate --annotate 生成的工作簿才有它"
        raise InputError(
            Problem(path.name, f"没有“{RESULT_SHEET}”工作表", hint, code="no-explanations")
        ) from None


def letter_explanations(workbook: Workbook, file: str) -> tuple[list[Explanation], list[Problem]]:
    """What a unit answered in the workbook of its 整改通知, and what of it could not be understood."""
    from xltool.checks.replies import letter_replies

    replies, problems = letter_replies(workbook, file)
    return [_of_reply(reply) for reply in replies], problems


def _all_answers(workbook: Workbook, file: str) -> list[Explanation]:
    found, problems = letter_explanations(workbook, file)
    raise_if(problems)
    return found


def _of_reply(reply: Reply) -> Explanation:
    key = reply.finding
    sides = key["左方"], key["右方"]
    whose = key["单位名称"], key["单位编码"]
    return Explanation(
        key["规则"], key["位置"], *sides, reply.text, key["问题"], *whose, key["标识"]
    )


def sheet_explanations(sheet: Sheet, file: str) -> list[Explanation]:
    """The explanations written into a result sheet. Raises `InputError` when it has no such columns."""
    return list(_from_rows(_sheet_rows(sheet), file))


def _from_json(data: object, file: str) -> list[Explanation]:
    """The explained findings of one report or several. Raises `InputError` for what `validate` does not write."""
    reports = data if isinstance(data, list) else [data]
    found: list[Explanation] = []
    problems: list[Problem] = []
    for report in (report for report in reports if isinstance(report, dict)):
        unit = _text(report.get("unit_name")) if len(reports) > 1 else ""
        findings = report.get("findings", [])
        for n, finding in enumerate(findings if isinstance(findings, list) else [findings], 1):
            try:
                found += _of_finding(finding, unit)
            except TypeError:
                place = f"{file} findings 第{n}项"
                problems.append(Problem(place, _NOT_OURS, code="no-explanations"))
    raise_if(problems)
    return found


def _of_finding(finding: object, unit: str) -> Iterator[Explanation]:
    """The explanation of a finding, if it has one. Raises TypeError when it is not as `validate` writes it."""
    if not isinstance(finding, dict):
        raise TypeError
    told = finding.get("explanation")
    if not told:
        return
    sides = [finding.get(side) or {} for side in ("left", "right")]
    texts = [finding.get("rule"), finding.get("where"), told]
    if not all(isinstance(side, dict) for side in sides):
        raise TypeError
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    rule, where, text = map(str, texts)
    left, right = (_text(side.get("value")) for side in sides)
    yield Explanation(rule, where, left, right, text, _text(finding.get("message")), unit)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _sheet_rows(sheet: Sheet) -> list[list[str]]:
    if sheet.extent is None:
        return []
    columns = range(1, sheet.extent.right + 1)
    return [
        [_text(sheet.value(make_ref(row, column))) for column in columns]
        for row in range(1, sheet.extent.bottom + 1)
    ]


def _from_rows(rows: Iterable[Sequence[str]], file: str) -> Iterator[Explanation]:
    at: Mapping[str, int] | None = None
    for row in rows:
        if at is None:
            names = [visible(cell).strip() for cell in row]
            if set(COLUMNS) <= set(names):
                at = {n: names.index(n) for n in (*COLUMNS, MESSAGE, UNIT) if n in names}
            continue
        cells = {name: row[place] for name, place in at.items() if place < len(row)}
        rule, where, left, right, text, message, unit = (
            visible(cells.get(name, "")).strip() for name in (*COLUMNS, MESSAGE, UNIT)
        )
        if text:
            yield Explanation(rule, where, left, right, text, message, unit)
    if at is None:
        hint = f"应有：{'、'.join(COLUMNS)}"
        raise InputError(Problem(file, "找不到说明的表头", hint, code="no-explanations"))


def written_explanations(reading: Reading) -> list[Explanation]:
    """The 说明 that the clerk has written into the workbook's own result sheet. Raises `InputError`."""
    sheet = result_sheet(reading.workbook)
    return [] if sheet is None else sheet_explanations(sheet, reading.file)


def copy_explanations(copy: Path, report: Report) -> list[Explanation]:
    """What is written into the 说明 of a marked copy of this report. Raises `WorkbookError`, `InputError`."""
    sheet = result_sheet(open_workbook(copy)) if copy.exists() else None
    if sheet is None or sheet.value(OWNER) != owner(report):
        return []
    return sheet_explanations(sheet, copy.name)
