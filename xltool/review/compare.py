"""An earlier review of the same units: what is corrected since, what is new, what is still open.

A finding is the same when unit, rule and place are the same, whatever the figures now are. It counts as
corrected only when the unit's book was read this time and its rule really checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from xltool.batch.parts import Batch
from xltool.problems import InputError, Problem
from xltool.review.outputs import DATABASE
from xltool.texts import norm

State = Literal["已改正", "新增", "仍未改正", "未能核对"]
STATES: tuple[State, ...] = ("新增", "仍未改正", "未能核对", "已改正")

_COUNTED = ("必须相符", "需核实")


class Place(NamedTuple):
    """What makes two findings the same: rule, table and place in words."""

    rule: str
    table: str
    where: str


@dataclass(slots=True)
class UnitFindings:
    """The failures of one unit in one review, with their words, and rules that could not be checked."""

    name: str
    read: bool = False
    files: set[str] = field(default_factory=set)
    places: dict[Place, list[str]] = field(default_factory=dict)
    unchecked: set[str] = field(default_factory=set)


class Change(NamedTuple):
    """One finding and what became of it."""

    unit: str
    state: State
    place: Place
    message: str


@dataclass(slots=True)
class Changes:
    """The comparison of two reviews. `counts` by unit (normed), `missing` and `added` are units by name."""

    lines: list[Change] = field(default_factory=list)
    counts: dict[str, Counter[State]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def of(self, unit: str) -> Counter[State] | None:
        """The counts of a unit; None when it was not in the earlier review."""
        return self.counts.get(norm(unit))

    @property
    def total(self) -> Counter[State]:
        """The counts of all units."""
        return sum(self.counts.values(), Counter())


class Findings:
    """The failures of a review by unit."""

    def __init__(self) -> None:
        self.units: dict[str, UnitFindings] = {}

    def book(self, row: dict[str, Any]) -> None:
        """A row of `books`."""
        unit = self._unit(row)
        unit.files.add(row["文件"])
        unit.read = unit.read or row["结论"] is not None

    def finding(self, row: dict[str, Any]) -> None:
        """A row of `findings`."""
        if row["结论"] == "不符" and row["级别"] in _COUNTED:
            place = Place(row["规则"], row["表"] or "", row["位置"] or "")
            self._unit(row).places.setdefault(place, []).append(row["说明"] or "")

    def outcome(self, row: dict[str, Any]) -> None:
        """A row of `outcomes`."""
        if row["数据不足"] or row["未执行"]:
            self._unit(row).unchecked.add(row["规则"])

    def add(self, batch: Batch) -> None:
        """All books of a batch."""
        for row in batch.books.select(["文件", "单位名称", "结论"]).to_pylist():
            self.book(row)
        for row in batch.detail("findings").select(list(_FINDING)).to_pylist():
            self.finding(row)
        for row in batch.detail("outcomes").select(list(_OUTCOME)).to_pylist():
            self.outcome(row)

    def _unit(self, row: dict[str, Any]) -> UnitFindings:
        name = row["单位名称"] or row["文件"]
        return self.units.setdefault(norm(name), UnitFindings(name))


_FINDING = ("文件", "单位名称", "规则", "级别", "结论", "表", "位置", "说明")
_OUTCOME = ("文件", "单位名称", "规则", "数据不足", "未执行")


def earlier(folder: Path) -> Findings:
    """The failures of the review in `folder`. Raises `InputError` when there is none."""
    import duckdb

    path = folder / DATABASE
    if not path.is_file():
        hint = "给出 xltool review 以前写的文件夹"
        raise InputError(Problem(str(folder), f"不是审核结果，里面没有 {DATABASE}", hint))
    found = Findings()
    tables = (
        ("books", ("文件", "单位名称", "结论"), found.book),
        ("findings", _FINDING, found.finding),
        ("outcomes", _OUTCOME, found.outcome),
    )
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            for table, columns, take in tables:
                answer = database.execute(f"SELECT {', '.join(columns)} FROM {table}")
                while rows := answer.fetchmany(10_000):
                    for row in rows:
                        take(dict(zip(columns, row, strict=True)))
    except duckdb.Error as error:
        message = f"读不了：{str(error).splitlines()[0]}"
        raise InputError(Problem(str(path), message, "它是别的版本写的，或正被打开")) from error
    return found


def compare(old: Findings, new: Findings) -> Changes:
    """What became of every failure, unit by unit in the order of names."""
    changes = Changes()
    units = _recognised(old, new)
    for key in sorted(units):
        unit, before = units[key], old.units.get(key)
        if before is None:
            if unit.read:
                changes.added.append(unit.name)
            continue
        lines = list(_lines(before, unit))
        changes.counts[key] = Counter(line.state for line in lines)
        changes.lines += lines
    changes.missing = [old.units[key].name for key in sorted(old.units.keys() - units.keys())]
    return changes


def _recognised(old: Findings, new: Findings) -> dict[str, UnitFindings]:
    """The units by key. A book that could not be read says no name: it is known by the file of last time."""
    by_file = {file: key for key, unit in old.units.items() for file in unit.files}
    units = {key: unit for key, unit in new.units.items() if unit.read}
    for key, unit in new.units.items():
        if not unit.read:
            known = next((by_file[file] for file in sorted(unit.files) if file in by_file), key)
            name = old.units[known].name if known in old.units else unit.name
            units.setdefault(known, replace(unit, name=name))
    return units


def _lines(before: UnitFindings, now: UnitFindings) -> Iterator[Change]:
    for place in sorted(before.places.keys() | now.places.keys()):
        was, still = before.places.get(place, []), now.places.get(place, [])
        for message in still[: len(was)]:
            yield Change(now.name, "仍未改正", place, message)
        for message in still[len(was) :]:
            yield Change(now.name, "新增", place, message)
        known = now.read and place.rule not in now.unchecked
        for message in was[len(still) :]:
            yield Change(now.name, "已改正" if known else "未能核对", place, message)
