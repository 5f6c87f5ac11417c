"""说明: written explanations of warnings, read back from a report, a CSV, or the 校验结果 sheet.

An explanation belongs to a rule and a place in words, and holds only while both values are what they were.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.amounts import parse_number
from xltool.findings import Finding
from xltool.ooxml import Sheet, WorkbookError, make_ref, open_workbook
from xltool.problems import InputError, Problem
from xltool.resultsheet import RESULT_SHEET, result_sheet

RULE, WHERE, LEFT, RIGHT, TEXT = "规则", "位置", "左方", "右方", "说明"
COLUMNS = (RULE, WHERE, LEFT, RIGHT, TEXT)

_CELL = Context(prec=15)


class Explanation(NamedTuple):
    """A clerk's explanation of one finding, with the values it was written for."""

    rule: str
    where: str
    left: str
    right: str
    text: str


def load_explanations(path: Path) -> list[Explanation]:
    """The explanations in a file: validate's JSON, a CSV, or a marked workbook. Raises `InputError`."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".json":
            return list(
                _from_json(json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str))
            )
        if suffix == ".csv":
            return list(_from_rows(_csv_rows(path), path.name))
        workbook = open_workbook(path)
        sheet = result_sheet(workbook) or workbook.sheet(RESULT_SHEET)
    except FileNotFoundError:
        raise InputError(Problem(str(path), "没有这个文件")) from None
    except (OSError, ValueError) as error:
        raise InputError(Problem(path.name, f"读不了说明：{error}")) from None
    except WorkbookError as error:
        raise InputError(Problem(path.name, str(error))) from None
    except KeyError:
        hint = "用 validate --annotate 生成的工作簿才有它"
        raise InputError(Problem(path.name, f"没有“{RESULT_SHEET}”工作表", hint)) from None
    return sheet_explanations(sheet, path.name)


def sheet_explanations(sheet: Sheet, file: str) -> list[Explanation]:
    """The explanations written into a result sheet. Raises `InputError` when it has no such columns."""
    return list(_from_rows(_sheet_rows(sheet), file))


def _from_json(data: object) -> Iterator[Explanation]:
    reports = data if isinstance(data, list) else [data]
    for report in reports:
        for finding in report.get("findings", []) if isinstance(report, dict) else []:
            if finding.get("explanation"):
                left, right = ((finding.get(s) or {}).get("value") for s in ("left", "right"))
                yield Explanation(
                    finding["rule"],
                    finding["where"],
                    _text(left),
                    _text(right),
                    finding["explanation"],
                )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _csv_rows(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return list(csv.reader(text.splitlines()))


def _sheet_rows(sheet: Sheet) -> list[list[str]]:
    if sheet.extent is None:
        return []
    columns = range(1, sheet.extent.right + 1)
    return [
        [_text(sheet.value(make_ref(row, column))) for column in columns]
        for row in range(1, sheet.extent.bottom + 1)
    ]


def _from_rows(rows: Sequence[Sequence[str]], file: str) -> Iterator[Explanation]:
    at: Mapping[str, int] | None = None
    for row in rows:
        if at is None:
            names = [cell.strip() for cell in row]
            if set(COLUMNS) <= set(names):
                at = {name: names.index(name) for name in COLUMNS}
            continue
        cells = [row[at[name]] if at[name] < len(row) else "" for name in COLUMNS]
        if cells[-1].strip():
            rule, where, left, right, text = cells
            yield Explanation(rule, where, left, right, text.strip())
    if at is None:
        hint = f"应有：{'、'.join(COLUMNS)}"
        raise InputError(Problem(file, "找不到说明的表头", hint))


def explain(findings: Sequence[Finding], explanations: Sequence[Explanation]) -> dict[int, str]:
    """Which finding (by position) is explained by which text. Only warnings can be explained."""
    known = {(e.rule, e.where): e for e in explanations}
    result = {}
    for n, finding in enumerate(findings):
        found = known.get((finding.rule, finding.where))
        if (
            found
            and finding.level == "warning"
            and finding.outcome == "不符"
            and _holds(found, finding)
        ):
            result[n] = found.text
    return result


def _holds(explanation: Explanation, finding: Finding) -> bool:
    return all(
        _number(written) == _number(now)
        for written, now in zip(
            (explanation.left, explanation.right), finding.numbers(), strict=True
        )
    )


def _number(text: str) -> Decimal | str | None:
    """The number that a text stands for, with the 15 digits that a cell can hold."""
    try:
        number = parse_number(text)
    except ValueError:
        return text.strip()
    return None if number is None else _CELL.plus(number)


def mark_void(
    findings: Sequence[Finding], explanations: Sequence[Explanation]
) -> dict[int, Finding]:
    """Findings whose explanation no longer holds because the numbers changed, with that said in the hint."""
    known = {(e.rule, e.where): e for e in explanations}
    void = {}
    for n, finding in enumerate(findings):
        found = known.get((finding.rule, finding.where))
        if found and finding.outcome == "不符" and not _holds(found, finding):
            note = f"数字变了，原来的说明作废：“{found.text}”"
            void[n] = replace(finding, hint="；".join(filter(None, (finding.hint, note))))
    return void
