"""The units of a season, as letters see them: what stands open after all rounds, whoever handed in what today."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from xltool.core.suffixes import ONLY_READ
from xltool.core.texts import names_in
from xltool.review.attached import marked_copies
from xltool.review.sheets import some_cells
from xltool.season import store, waiving
from xltool.season.letters.lines import letter_lines, unchecked_line
from xltool.season.letters.model import LetterBook, LetterLine, LetterUnit
from xltool.season.model import TO_DO

Raw = dict[str, Any]
_UNSEEN = "以前的问题，这一次没有能够核对"
_STILL = "以前通知过，仍未改正"
_LOOKED_AT = """
SELECT 问题, q.表 AS 要的表, b.* FROM 问题 q JOIN 状态史 s USING (问题) JOIN 报送 b ON b.报送 = s.报送
WHERE q.状态 = '未能核对' AND s.轮次 = (SELECT max(轮次) FROM 状态史 t WHERE t.问题 = q.问题)
"""
"""The workbook in which a finding should have been looked at again."""


def season_units(db: sqlite3.Connection, today: date) -> list[LetterUnit]:
    """The units that have handed in anything, with the books that count and what is to be done about them."""
    last = db.execute("SELECT max(轮次) AS 轮次 FROM 轮次").fetchone()["轮次"]
    letters = _Letters(db, today)
    found = []
    for unit in store.units(db).values():
        books = list(letters.books(unit.key, last))
        if books:
            waived = letters.waived(unit.key)
            shown, name = unit.shown, unit.name
            code, contact = unit.code, unit.contact
            found.append(LetterUnit(name, code, unit.department, contact, shown, books, waived))
    sql = "SELECT * FROM 报送 WHERE 单位 IS NULL AND 归属 = '' AND 轮次 = ? AND 读取 = '失败' ORDER BY 文件"
    for row in db.execute(sql, (last,)):
        name = row["文件"].rpartition("/")[2].rpartition(".")[0]
        found.append(LetterUnit(name, books=[_book(row)]))
    return found


def units_without(db: sqlite3.Connection, found: Iterable[LetterUnit]) -> list[str]:
    """The listed units that none of these letters is about: they have handed in nothing that counts."""
    shown = {unit.shown for unit in found}
    every = store.units(db).values()
    return [unit.shown for unit in every if unit.listed and unit.shown not in shown]


class _Letters:
    def __init__(self, db: sqlite3.Connection, today: date) -> None:
        self._db = db
        self._notes = waiving.notes(db, today)
        self._open: defaultdict[int, list[Raw]] = defaultdict(list)
        self._waived: defaultdict[int, list[Mapping[str, str]]] = defaultdict(list)
        unseen = {row["问题"]: _why_unseen(row) for row in db.execute(_LOOKED_AT)}
        sql = "SELECT l.* FROM 问题清单 l JOIN 问题 q USING (问题) ORDER BY l.报送, q.发现"
        for row in db.execute(sql):
            note = self._notes.get(row["问题"])
            if row["状态"] in TO_DO:
                words = note.words if note else ""
                self._open[row["报送"]].append(_asked(row, unseen.get(row["问题"], ""), words))
            elif row["状态"] == "豁免" and note is not None:
                told = f"{row['内容']}（{note.words}）"
                where = {"工作表": row["工作表"], "单元格": some_cells(row["单元格"]) or ""}
                basis = f"{row['规则名称']}（{row['规则']}）"
                self._waived[row["单位"]].append({**where, "问题": told, "依据": basis})
        sql = (
            "SELECT f.*, b.文件 FROM 发现 f JOIN 报送 b USING (报送)"
            " WHERE b.有效 AND f.结论 = '数据不足' ORDER BY f.发现"
        )
        for row in db.execute(sql):
            self._open[row["报送"]].append({**dict(row), "注": ""})
        self._marked: dict[int, Mapping[str, Path]] = {}

    def books(self, unit: int, last: int) -> Iterator[LetterBook]:
        """The books that count, those with findings that nobody could look at again, those not read in this round."""
        start = 1
        sql = "SELECT * FROM 报送 WHERE 单位 = ? ORDER BY 有效 DESC, 轮次, 文件"
        for row in self._db.execute(sql, (unit,)).fetchall():
            unread = row["读取"] == "失败"
            if not (row["有效"] or row["报送"] in self._open or (unread and row["轮次"] == last)):
                continue
            book = _book(row)
            book.counts = bool(row["有效"])
            if not unread:
                book.marked = self._copies(row["轮次"]).get(row["文件"])
                book.lines = self._lines(book, row, start)
                start += len(book.lines)
            yield book

    def _lines(self, book: LetterBook, row: sqlite3.Row, start: int) -> list[LetterLine]:
        lines = letter_lines(self._open.get(row["报送"], ()), book, start)
        # what a person had to confirm is told as a finding; when that is settled nothing is asked
        unchecked = row["结论"] == "未完成审核" and not row["待确认"]
        if not lines and unchecked and not self._waived.get(row["单位"]):
            return [unchecked_line(book, start)]
        return lines

    def waived(self, unit: int) -> list[Mapping[str, str]]:
        """What is not asked about again."""
        return self._waived.get(unit, [])

    def _copies(self, run: int) -> Mapping[str, Path]:
        if run not in self._marked:
            sql = "SELECT 审核文件夹 FROM 轮次 WHERE 轮次 = ?"
            folder = Path(self._db.execute(sql, (run,)).fetchone()["审核文件夹"])
            self._marked[run] = marked_copies(folder)
        return self._marked[run]


def _asked(row: sqlite3.Row, unseen: str, note: str) -> Raw:
    overlooked = dict(row).get("未核自")  # seasons of older versions lack it
    state = _STILL if row["状态"] == "仍未改正" else ""
    if overlooked or row["状态"] == "未能核对":
        state = f"{_UNSEEN}{unseen}"
    said: Sequence[str] = (state, note)
    return {**dict(row), "结论": "不符", "注": "；".join(filter(None, said))}


def _why_unseen(book: sqlite3.Row) -> str:
    """Why a workbook did not let a finding be looked at again, with what helps; empty when nobody can tell."""
    file = book["文件"].rpartition("/")[2]
    if book["读取"] == "失败":
        return f"：{file} 读不了"
    if book["要的表"] and book["要的表"] not in names_in(book["表"]):
        return f"：{file} 里没有这张表"
    if file.lower().endswith(ONLY_READ):
        return f"：{file} 里看不到公式，请另存为 .xlsx 报送"
    return ""


def _book(row: sqlite3.Row) -> LetterBook:
    unread = row["读取"] == "失败"
    return LetterBook(
        row["文件"],
        row["sha256"] or "",
        None if unread else row["结论"],
        row["原因"] or "",
        row["年度"],
        row["表上名称"],
        row["表上编码"],
    )
