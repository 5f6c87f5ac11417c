"""What the database of a season says against the plan. Read with sqlite3 alone; nothing of the program's review."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tests.support.seasons.books import Key, fault_keys, truth, variant
from tests.support.seasons.plan import STATES, PlannedUnit

_FLAGS = ("未报", "没能读取", "重复", "多报", "年度不符", "版本不符")


def differences(database: Path, units: Sequence[PlannedUnit], number: int) -> tuple[list[str], int]:
    """What is not as planned after a round, and how many states of planted faults were compared."""
    with closing(sqlite3.connect(database)) as db:
        found = {
            tuple(row[:2]): row
            for row in db.execute("SELECT 单位名称, 主管部门, 单位, 文件夹 FROM 单位")
        }
        wrong: list[str] = []
        compared = 0
        for unit in units:
            name = unit.name_in(number) if not unit.case.listed else unit.name
            row = found.get((name, unit.department if unit.case.listed else ""))
            if row is None:
                if any(unit.case.rounds[:number]) and unit.case.listed:
                    wrong.append(f"{_shown(unit)}: not in the season")
                continue
            states = _states(db, row[2])
            problems, n = _wrong_states(unit, states, number)
            compared += n
            wrong += problems
            wrong += _wrong_flags(db, unit, row[2], number)
            wrong += _wrong_valid(db, unit, row[2], number)
            wrong += _wrong_remarks(db, unit, number)
    return wrong, compared


def _shown(unit: PlannedUnit) -> str:
    return f"{unit.case.name} {unit.number}"


def _states(db: sqlite3.Connection, unit: int) -> dict[Key, set[str]]:
    states: dict[Key, set[str]] = defaultdict(set)
    for rule, table, where, state in db.execute(
        "SELECT 规则, 表, 位置, 状态 FROM 问题 WHERE 单位 = ?", (unit,)
    ):
        states[rule, table, where].add(state)
    return states


def _wrong_states(
    unit: PlannedUnit, states: dict[Key, set[str]], number: int
) -> tuple[list[str], int]:
    wrong: list[str] = []
    allowed: set[Key] = set()
    compared = 0
    for fault, letters in unit.case.states.items():
        keys = fault_keys(unit.edition, fault)
        allowed |= keys
        letter = letters[number - 1]
        wanted = {STATES[letter]} if letter != "." else set()
        formulas = _formulas_gone(unit, number) & keys
        for key in keys:
            compared += 1
            right = {STATES["未"]} if key in formulas else wanted
            if states.get(key, set()) != right:
                wrong.append(f"{_shown(unit)}: {fault} {key} {states.get(key)}, not {right}")
    # a book of another kind of file, or without a table, has findings of its own
    for round_ in range(1, number + 1):
        for book in unit.books(round_):
            if "x" in book.options or "g" in book.options:
                allowed |= _own(unit, book.faults, book.options)
    wrong += [f"{_shown(unit)}: accused of {key}" for key in states.keys() - allowed]
    return wrong, compared


def _formulas_gone(unit: PlannedUnit, number: int) -> frozenset[Key]:
    """What was wrong with formulas, in a round whose book has none: the .xls files here hold only values."""
    keys: frozenset[Key] = frozenset()
    for book in unit.books(number):
        if "x" in book.options:
            before = truth(variant(unit.edition, book.faults, "", coded=False))
            keys |= before - _own(unit, book.faults, book.options)
    return keys


def _own(unit: PlannedUnit, faults: str, options: str) -> frozenset[Key]:
    from tests.hostile.bases import as_xls

    made = variant(unit.edition, faults, options, coded=False)
    return truth(as_xls(made) if "x" in options else made)


def _wrong_flags(db: sqlite3.Connection, unit: PlannedUnit, key: int, number: int) -> Iterator[str]:
    row = db.execute(f"SELECT {', '.join(_FLAGS)} FROM 报送情况 WHERE 单位 = ?", (key,)).fetchone()
    said = {flag for flag, value in zip(_FLAGS, row, strict=True) if value}
    wanted = set(unit.case.flags[number - 1].split())
    if not any(unit.case.rounds[:number]):
        wanted |= {"未报"}
    if said != wanted:
        yield f"{_shown(unit)}: {said}, not {wanted}"


def _wrong_valid(db: sqlite3.Connection, unit: PlannedUnit, key: int, number: int) -> Iterator[str]:
    valid = [
        file for (file,) in db.execute("SELECT 文件 FROM 报送 WHERE 单位 = ? AND 有效", (key,))
    ]
    if len(valid) > 1:
        yield f"{_shown(unit)}: {len(valid)} count"
    wanted = unit.valid(number)
    if wanted and not any(file.rpartition(".")[0].endswith(wanted) for file in valid):
        yield f"{_shown(unit)}: {valid} counts, not {wanted}"


def _wrong_remarks(db: sqlite3.Connection, unit: PlannedUnit, number: int) -> Iterator[str]:
    told = unit.case.told[number - 1]
    for book in unit.books(number) if told else ():
        sql = "SELECT 1 FROM 提醒 WHERE 轮次 = ? AND 类别 = ? AND 文件 LIKE '%' || ?"
        if db.execute(sql, (number, told, book.path)).fetchone() is None:
            yield f"{_shown(unit)}: {book.path} is not told as {told}"
