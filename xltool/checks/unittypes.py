"""单位类型 of units whose forms do not print it: one for all, or by a list of units with a column 单位类型."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xltool.core.caches import remembered
from xltool.core.model import Report
from xltool.core.problems import InputError, Problem
from xltool.core.suffixes import WORKBOOKS
from xltool.core.texts import did_you_mean

if TYPE_CHECKING:
    from xltool.documents.keyedtable import KeyedTable

UNIT_TYPE = "单位类型"
_LISTS = frozenset({*WORKBOOKS, ".csv", ".tsv"})


def list_of_types(given: str | None) -> Path | None:
    """The file that is meant where a list was given in place of a 单位类型."""
    path = Path(given) if given else None
    return path if path is not None and path.suffix.lower() in _LISTS else None


def as_given(given: str | None) -> str | None:
    """The same under a path that holds in every process."""
    path = list_of_types(given)
    return given if path is None else str(path.absolute())


def require_unit_types(given: str | None) -> None:
    """See that a list can be read. Raises `InputError`."""
    if (path := list_of_types(given)) is not None:
        _load(path)


def tells_unit_types(path: Path) -> bool:
    """Whether a list of units has a column 单位类型."""
    from xltool.documents.keyedtable import load_keyed_table

    try:
        return UNIT_TYPE in load_keyed_table(path).columns
    except InputError:
        return False


def unit_type_of(given: str | None, report: Report, notes: list[Problem]) -> str | None:
    """The 单位类型 of the unit of a report; what the list does not tell is entered in `notes`."""
    path = list_of_types(given)
    if path is None:
        return given
    from xltool.documents.keyedtable import UncertainUnit

    table = _load(path)
    try:
        rows = table.rows_of(str(report.heads.get("单位编码", "")), report.unit_name)
    except UncertainUnit as error:
        notes.append(_untold(table, f"{error}，单位类型没有用"))
        return None
    kinds = {str(row.cells.get(UNIT_TYPE, "")).strip() for row in rows} - {""}
    if len(kinds) == 1:
        return kinds.pop()
    why = f"有几种{UNIT_TYPE}" if kinds else f"没有写{UNIT_TYPE}" if rows else "不在单位清单里"
    notes.append(_untold(table, f"“{report.unit_name}”{why}，按没有给{UNIT_TYPE}审核"))
    return None


def _untold(table: KeyedTable, told: str) -> Problem:
    return Problem(table.grid.file, told, "补上这个单位的一行", code="missing-value")


def _load(path: Path) -> KeyedTable:
    return _loaded(path, path.stat().st_mtime_ns if path.is_file() else 0)


@remembered(2)
def _loaded(path: Path, written: int) -> KeyedTable:
    from xltool.documents.keyedtable import load_keyed_table

    table = load_keyed_table(path)
    if UNIT_TYPE not in table.columns:
        told = f"单位清单没有“{UNIT_TYPE}”一栏"
        hint = did_you_mean(UNIT_TYPE, table.columns)
        raise InputError(Problem(path.name, told, hint, code="missing-value"))
    return table
