"""What a list is filled up with before it is written: missing 类 and 款 rows, names, the order of codes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.core.codes import CODE_LEVELS, CodeList
from xltool.core.hierarchy import with_parents
from xltool.core.model import CODE, NAME, Row, Table
from xltool.core.namedcodes import codes_of
from xltool.core.problems import Problem
from xltool.core.texts import loose
from xltool.documents.values import code_fault
from xltool.mapping.blocks import ListBlock

_CENT = Decimal("0.01")
_ECONOMIC = "3"
"""With this begins every code of 支出经济分类, and none of 支出功能分类."""


def list_rows(
    block: ListBlock, table: Table, where: str, problems: list[Problem], *, lowest: bool = False
) -> list[Row]:
    """The rows that a list will hold: those of the document, filled up with parents and names.

    A list without a column of names holds none. With `lowest` it has no rows for parents: those of the document
    must say no more than the rows below them.
    """
    rows = table.lists.get(block.name, [])
    if block.codes is None:
        return rows
    sound = [row for row in rows if not code_fault(str(row.get(CODE, "")), block.codes)]
    where = f"{where} › {block.name}"
    if lowest:
        sound = _without_parents(sound, block.codes, where, problems)
    filled = complete(sound, block.codes, where, problems, lowest=lowest)
    if block.by_name[CODE].code == "unprinted":
        problems.extend(_untold(filled, block.codes, where))
    if any(column.name == NAME for column in block.columns):
        return filled
    problems.extend(_misnamed(filled, block.codes, where))
    return [{key: value for key, value in row.items() if key != NAME} for row in filled]


def _without_parents(
    rows: list[Row], codes: CodeList, where: str, problems: list[Problem]
) -> list[Row]:
    """The rows that no other one is a part of; another figure above them than their sum is added to `problems`."""
    below: dict[str, list[Row]] = {}
    for row in rows:
        for above in codes.ancestors(str(row[CODE])):
            below.setdefault(above, []).append(row)
    lowest = [row for row in rows if str(row[CODE]) not in below]
    for row in rows:
        code = str(row[CODE])
        parts = [part for part in below.get(code, ()) if str(part[CODE]) not in below]
        for column, value in row.items() if parts else ():
            figures = [v for part in parts if isinstance(v := part.get(column), Decimal)]
            if isinstance(value, Decimal) and abs(value - sum(figures)) > _CENT * len(figures):
                told = f"表样这张清单只列到最细一级，没有这一行的位置；给的是 {value}，下面各行加起来是 {sum(figures)}"
                hint = "核对明细；没有错的话在数据里去掉这一行"
                problems.append(
                    Problem(f"{where} › {code} › {column}", told, hint, code="no-place")
                )
    return lowest


def complete(
    rows: list[Row],
    codes: CodeList,
    where: str,
    problems: list[Problem],
    *,
    lowest: bool = False,
) -> list[Row]:
    """`rows` with their ancestors (not with `lowest`) and names, ascending by code. The given rows are not changed.

    A code whose 类 the list does not know, or a row whose name nobody gave, is added to `problems`.
    """
    by_code = {str(row[CODE]): row for row in rows}
    top_rows = {code for code in by_code if len(code) == codes.levels[0]}
    supplied = []
    for code in sorted(by_code) if lowest else with_parents(by_code, codes):
        row = by_code.get(code, {CODE: code})
        name = row.get(NAME) or codes.name(code)
        if name is None:
            if code in top_rows or not _foreign(code, codes):
                problems.append(_unnamed(code, code in by_code, where))
            continue
        supplied.append({CODE: code, NAME: name, **row})
    problems.extend(_unknown(by_code, codes, where))
    return supplied


def _unnamed(code: str, given: bool, where: str) -> Problem:
    if given:
        return Problem(
            f"{where} › {code}",
            "科目表里没有这个编码",
            "核对编码；编码无误就补上科目名称",
            code="unknown-name",
        )
    return Problem(
        f"{where} › {code}",
        "要补这一级上级科目，科目表里却没有它",
        "在明细里写上这一行和科目名称",
        code="unknown-name",
    )


def _misnamed(rows: list[Row], codes: CodeList, where: str) -> Iterator[Problem]:
    """Names that say something else than the codes do, for a form that has no column of names."""
    for row in rows:
        code, name = str(row[CODE]), str(row[NAME])
        known = codes.name(code)
        if known is not None and loose(known) != loose(name):
            yield Problem(
                f"{where} › {code}",
                f"表样没有科目名称一栏，“{name}”写不进去；科目表里这个编码是“{known}”",
                "核对编码和名称，改成一致",
                code="no-place",
            )


def _untold(rows: list[Row], codes: CodeList, where: str) -> Iterator[Problem]:
    """Rows whose names alone, in a form that prints no codes, are read as other codes or as none."""
    names = [str(row[NAME]) for row in rows]
    for row, read in zip(rows, codes_of(names, codes), strict=True):
        if (code := str(row[CODE])) != read:
            told = f"表样的清单没有科目编码一栏，只凭名称“{row[NAME]}”看不出是 {code}"
            hint = "在表样的清单里加一栏“科目编码”，或把名称改成科目表里的"
            yield Problem(f"{where} › {code}", told, hint, code="no-place")


def _foreign(code: str, codes: CodeList) -> bool:
    """Whether the code list has not even the 类 of a code: `_unknown` tells all there is to it."""
    return code[: codes.levels[0]] not in codes


def _unknown(by_code: dict[str, Row], codes: CodeList, where: str) -> Iterator[Problem]:
    for code in by_code:
        top = code[: codes.levels[0]]
        if code == top or not _foreign(code, codes):
            continue
        hint = "核对科目编码"
        if len(codes.levels) == len(CODE_LEVELS) and code.startswith(_ECONOMIC):
            hint = "像是支出经济分类的编码，这张表要支出功能分类的；经济分类的数写进基本支出决算表"
        yield Problem(f"{where} › {code}", f"科目表里没有“{top}”类", hint, code="unknown-name")
