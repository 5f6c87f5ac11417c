"""A workbook that holds the tables of several units, or of several years, or some of them twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xltool.core.model import Unread
from xltool.core.problems import Problem
from xltool.mapping.recognition.unitnames import is_unit_name
from xltool.ooxml import Workbook
from xltool.reading.heads import printed_heads

if TYPE_CHECKING:
    from xltool.mapping.recognition.workbook import Recognised, Recognition

_HEADS = {"单位名称": "单位", "年度": "年度"}
_APART = "一个{}存成一个工作簿：选中它的各张工作表，右击标签，移动或复制到新工作簿"
_SHOWN = 3
_SIGNS = re.compile(r"[\s\-－—–_.·()（）【】\[\]]+")
"""What stands in the name of a sheet between the table and the unit: 收入-清河县水务站."""


class _Told(NamedTuple):
    """What a sheet says in a head, and in which cell; "" for its own name."""

    value: str
    sheet: str
    ref: str


def several_sets(workbook: Workbook, found: Recognition) -> Problem | None:
    """That most tables stand there once for each of several units, or years; None when they do not.

    Of copies that tell neither it is said when nothing else is left to be read.
    """
    if len(found.several) <= len(found.tables):
        return None
    tables = [table for group in found.several for table in group]
    for kind, told in _by_head(tables):
        if len(sheets := _grouped(told)) > 1:
            shown = "、".join(
                f"{value}（“{own[0].sheet}”{own[0].ref}{' ' if own[0].ref else ''}等{len(own)}张表）"
                for value, own in sheets.items()
            )
            message, hint = f"里面有几个{kind}的表：{shown}", _APART.format(kind)
            return Problem(workbook.title, message, hint, code="several-tables")
    return None if found.tables else _copies(workbook, found)


def named_apart(found: Recognition) -> Iterator[Unread]:
    """What was not recognised; of tables found several times, what those sheets say of unit and year."""
    reasons: dict[str, str] = {}
    for group in found.several:
        for kind, told in _by_head(group):
            if len(_grouped(told)) > 1:
                shown = "、".join(f"“{one.sheet}”{one.ref} 写的是{one.value}" for one in told)
                reasons[group[0].mapping.table] = (
                    f"有几张，是几个{kind}的：{shown}。一个{kind}一个工作簿，移走别的{kind}的"
                )
                break
    for unread in found.unread:
        reason = reasons.get(unread.table) if unread.known else None
        yield unread._replace(reason=reason) if reason else unread


def _by_head(tables: Sequence[Recognised]) -> Iterator[tuple[str, list[_Told]]]:
    """For units and for years: what the sheets of these tables say. A sheet may be called by its unit."""
    printed: dict[str, list[_Told]] = {head: [] for head in _HEADS}
    for table in tables:
        located = table.located()
        heads = printed_heads(table.mapping, located)
        for head, told in printed.items():
            if value := heads.get(head):
                ref = next((r for r, text in located.labels.items() if f"{{{head}}}" in text), "")
                told.append(_Told(value, table.mapping.sheet, ref or located.heads.get(head, "")))
    for head, kind in _HEADS.items():
        yield kind, printed[head]
    names = ((unit_in(table.mapping.sheet), table.mapping.sheet) for table in tables)
    yield "单位", [_Told(name, sheet, "") for name, sheet in names if name]


def _grouped(told: Iterable[_Told]) -> dict[str, list[_Told]]:
    grouped: dict[str, list[_Told]] = {}
    for one in told:
        grouped.setdefault(one.value, []).append(one)
    return grouped


def unit_in(name: str) -> str:
    """The unit's name in the name of a sheet, alone or beside that of its table; "" without."""
    pieces = [piece for piece in _SIGNS.split(name) if "表" not in piece]
    return next((piece for piece in reversed(pieces) if is_unit_name(piece)), "")


def _copies(workbook: Workbook, found: Recognition) -> Problem:
    shown = "；".join(
        f"“{group[0].mapping.table}”：{'、'.join(table.mapping.sheet for table in group)}"
        for group in found.several[:_SHOWN]
    ) + ("等" if len(found.several) > _SHOWN else "")
    message = f"每张表都有几张，看不出是几个单位、几个年度的，还是重复的：{shown}"
    hint = f"重复的只留一套；几个单位的，在各表写上单位名称，{_APART.format('单位')}"
    return Problem(workbook.title, message, hint, code="several-tables")
