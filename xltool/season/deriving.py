"""What follows from the submissions of a unit: which of them are valid, and the state of every finding.

Worked out anew for the units that a change touches; the others keep what they have.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xltool.core.texts import names_in
from xltool.season import rows, store
from xltool.season.states import RoundLook, Seen, StateEntry, fold
from xltool.season.valid import ChosenSubmission, SubmittedContent, choose

DOUBTFUL, FEWER = "有效待核", "少了表"


@dataclass(frozen=True, slots=True)
class _Era:
    """A round and the time until the next one, in which decisions still belong to it."""

    run: int
    end: str


def derive(db: sqlite3.Connection, units: Iterable[int]) -> None:
    """Work out the valid submissions and the states of some units. Units with waivers depend on time: they too.

    A unit that a new list leaves out, and that has handed in nothing, is not there any more.
    """
    eras = _eras(db)
    there = {row["单位"] for row in db.execute("SELECT 单位 FROM 单位")}
    waived = {row["单位"] for row in db.execute("SELECT DISTINCT 单位 FROM 豁免")}
    for unit in sorted({*units, *waived} & there):
        _Unit(db, unit, eras).derive()


def _eras(db: sqlite3.Connection) -> list[_Era]:
    runs = db.execute("SELECT 轮次, 时间 FROM 轮次 ORDER BY 轮次").fetchall()
    ends = [row["时间"] for row in runs[1:]] + [store.now()]
    return [_Era(row["轮次"], end) for row, end in zip(runs, ends, strict=True)]


class _Unit:
    def __init__(self, db: sqlite3.Connection, unit: int, eras: Sequence[_Era]) -> None:
        self._db, self._unit, self._eras = db, unit, eras
        self._ends = {era.run: era.end for era in eras}
        sql = "SELECT * FROM 豁免 WHERE 单位 = ? ORDER BY 豁免"
        self._waivers = db.execute(sql, (unit,)).fetchall()
        sql = "SELECT sha256, 轮次 FROM 认定 WHERE 有效 AND sha256 IN (SELECT sha256 FROM 报送 WHERE 单位 = ?)"
        self._named = {row["sha256"]: row["轮次"] for row in db.execute(sql, (unit,))}

    def derive(self) -> None:
        db, unit = self._db, self._unit
        db.execute("DELETE FROM 提醒 WHERE 单位 = ? AND 类别 IN (?, ?)", (unit, DOUBTFUL, FEWER))
        sql = (
            "SELECT b.*, r.规则 AS 已核, e.规则 AS 没有比对 FROM 报送 b LEFT JOIN 规则集 r USING (规则集)"
            " LEFT JOIN 规则集 e ON e.规则集 = b.缺簿外 WHERE 单位 = ? ORDER BY 轮次, 文件"
        )
        kinds: dict[tuple[int, str], list[sqlite3.Row]] = defaultdict(list)
        for row in db.execute(sql, (unit,)):
            kinds[row["归年度"], row["种类"]].append(row)
        expected = db.execute("SELECT 应报年度 FROM 单位 WHERE 单位 = ?", (unit,)).fetchone()[0]
        kept: set[int] = set()
        for (year, kind), found in kinds.items():
            if year != expected and expected is not None and kind:
                told = f"年度是 {year or '不明'}，单位清单要的是 {expected}"
                self._say((row["报送"] for row in found), told)
            elif kind:
                entries = fold(self._looks(found), self._waived)
                kept.update(self._store(year, kind, entries))
                self._mark(found)
            else:
                self._say((row["报送"] for row in found), "没能读取，不知道是哪一种")
        for row in db.execute("SELECT 问题 FROM 问题 WHERE 单位 = ?", (unit,)).fetchall():
            if row["问题"] not in kept:
                db.execute("DELETE FROM 问题 WHERE 问题 = ?", (row["问题"],))

    def _choice(self, found: Sequence[sqlite3.Row], run: int) -> ChosenSubmission | None:
        """What counted after a round."""
        first: dict[str, sqlite3.Row] = {}
        for row in found:
            if row["轮次"] <= run and row["读取"] != "失败":
                first.setdefault(row["sha256"], row)
        newest = max((row["轮次"] for row in first.values()), default=0)
        contents = [
            SubmittedContent(sha, row["轮次"], row["修改时间"], row["文件"], newest <= self._named.get(sha, -1) <= run)
            for sha, row in first.items()
        ]  # fmt: skip
        return choose(contents) if contents else None

    def _looks(self, found: Sequence[sqlite3.Row]) -> Iterator[tuple[int, RoundLook | None]]:
        before = ""
        for era in self._eras:
            here = [row for row in found if row["轮次"] == era.run]
            choice = self._choice(found, era.run)
            sha = choice.content.sha256 if choice else ""
            valid = [row for row in here if row["sha256"] == sha]
            if not valid and sha != before:
                valid = [r for r in found if r["sha256"] == sha and r["轮次"] <= era.run][-1:]
            before = sha
            if valid:
                row = valid[0]
                book = rows.reviewed(row, row["已核"] or "", row["没有比对"] or "")
                yield era.run, RoundLook(row["报送"], book, rows.seen(self._db, row["报送"]))
            elif here and all(row["读取"] == "失败" for row in here):
                yield era.run, RoundLook(here[-1]["报送"], None)
            else:
                yield era.run, None

    def _waived(self, run: int, seen: Seen) -> bool:
        end = self._ends[run]
        return any(
            row["规则"] == seen.place.rule
            and row["表"] in ("", seen.place.table)
            and row["位置"] in ("", seen.place.where)
            and row["何时"] <= end
            and not (row["撤销"] and row["撤销"] <= end)
            and not (row["到期"] and row["到期"] < end[:10])
            and same_figures(row, seen.mark, seen.figures)
            for row in self._waivers
        )

    def _mark(self, found: Sequence[sqlite3.Row]) -> None:
        """Say of each submission whether it is the valid one, and why."""
        choice = self._choice(found, self._eras[-1].run)
        if choice is None:
            self._say((row["报送"] for row in found), "没能读取")
            return
        sha = choice.content.sha256
        same = [row for row in found if row["sha256"] == sha and row["读取"] != "失败"]
        last = same[-1]["轮次"]
        valid = next(row for row in same if row["轮次"] == last)
        for row in found:
            if row is valid:
                why = choice.why
            elif row["读取"] == "失败":
                why = "没能读取"
            elif row["sha256"] == sha:
                why = f"与第{last}轮的 {valid['文件']} 内容相同"
            else:
                why = f"已被取代：第{last}轮的 {valid['文件']}（{choice.why}）"
            sql = "UPDATE 报送 SET 有效 = ?, 说法 = ? WHERE 报送 = ?"
            self._db.execute(sql, (row is valid, why, row["报送"]))
        if choice.doubtful:
            told = f"取了 {valid['文件']}（{choice.why}）；不对就用 xltool season use 指定"
            self._remind(valid, DOUBTFUL, told)
        others = {table for row in found for table in names_in(row["表"])}
        if missing := sorted(others - set(names_in(valid["表"]))):
            told = f"算数的 {valid['文件']} 没有别的一份里有的：{'、'.join(missing)}；那些表的数现在不算"
            self._remind(valid, FEWER, told)

    def _remind(self, row: sqlite3.Row, kind: str, told: str) -> None:
        sql = "INSERT INTO 提醒 (轮次, 类别, 单位, 文件, 内容) VALUES (?, ?, ?, ?, ?)"
        self._db.execute(sql, (row["轮次"], kind, self._unit, row["文件"], told))

    def _say(self, submissions: Iterable[int], why: str) -> None:
        self._db.executemany(
            "UPDATE 报送 SET 有效 = 0, 说法 = ? WHERE 报送 = ?", [(why, s) for s in submissions]
        )

    def _store(self, year: int, kind: str, entries: Iterable[StateEntry]) -> Iterator[int]:
        """Write the findings of a kind; yields their numbers, which stay the same."""
        for entry in entries:
            key = (self._unit, year, kind, *entry.place, entry.nth)
            self._db.execute(
                "INSERT INTO 问题 (单位, 年度, 种类, 规则, 表, 位置, 序, 状态, 首见, 自, 未核自, 发现)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (单位, 年度, 种类, 规则, 表, 位置, 序) DO UPDATE SET"
                " 状态 = excluded.状态, 首见 = excluded.首见, 自 = excluded.自,"
                " 未核自 = excluded.未核自, 发现 = excluded.发现",
                (*key, entry.state, entry.first, entry.since, entry.overlooked, entry.seen.id),
            )
            sql = "SELECT 问题 FROM 问题 WHERE (单位, 年度, 种类, 规则, 表, 位置, 序) = (?, ?, ?, ?, ?, ?, ?)"
            number = int(self._db.execute(sql, key).fetchone()[0])
            self._db.execute("DELETE FROM 状态史 WHERE 问题 = ?", (number,))
            self._db.executemany(
                "INSERT INTO 状态史 (问题, 轮次, 状态, 报送) VALUES (?, ?, ?, ?)",
                [(number, run, state, sub) for run, (state, sub) in entry.history.items()],
            )
            yield number


def same_figures(waiver: sqlite3.Row, mark: str, figures: tuple[str | None, str | None]) -> bool:
    """Whether a waiver still holds: by the checksum that it was given with, else by its two figures."""
    if waiver["标识"]:
        return mark == str(waiver["标识"])
    return (waiver["左值"], waiver["右值"]) in ((None, None), figures)
