"""Waivers (豁免): what a reviewer lets pass, for its figures as they are, until a date; who, when and why are kept.

A waiver changes nothing in a verdict. Its findings stand in the season as 豁免; when the figures change or the
date has passed, they are open again, and it is said which waiver does not hold any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import did_you_mean, norm
from xltool.review.extra import ExtraTable
from xltool.review.sheets import SheetColumn, numbers
from xltool.season import store
from xltool.season.deriving import derive, same_figures
from xltool.season.model import Unit

_GONE = "已改正"


class WaiverRequest(NamedTuple):
    """A waiver that somebody asks for: one for each finding of the rule that is now open.

    `where`: words of the place, "" for every place. `place`: where the request is written, for problems.
    """

    unit: str
    rule: str
    where: str
    who: str
    why: str
    until: str = ""
    place: str = ""


def waive(db: sqlite3.Connection, requests: Sequence[WaiverRequest], today: date) -> list[str]:
    """Grant waivers, all or none; a line on each. Raises `InputError` with all that is wrong."""
    problems: list[Problem] = []
    granted: list[tuple[Unit, WaiverRequest, str, list[sqlite3.Row]]] = []
    for request in requests:
        try:
            unit = store.find_unit(db, request.unit)
            until = _until(request, today)
            granted.append((unit, request, until, _meant(db, unit, request)))
        except InputError as error:
            problems += [
                Problem(
                    "　".join(filter(None, (request.place, p.where))),
                    p.message,
                    p.hint,
                    code=p.code,
                )
                for p in error.problems
            ]
    raise_if(problems)
    return [
        grant(db, unit, rows, request.why, until, request.who)
        for unit, request, until, rows in granted
    ]


def _until(request: WaiverRequest, today: date) -> str:
    missing = [
        word for word, text in (("--by", request.who), ("--why", request.why)) if not text.strip()
    ]
    if missing:
        told = f"没有写{'、'.join('谁准的' if m == '--by' else '理由' for m in missing)}"
        raise InputError(Problem("", told, f"加 {' '.join(missing)}", code="missing-value"))
    if not request.until:
        return ""
    try:
        until = date.fromisoformat(request.until.strip())
    except ValueError:
        told, hint = f"“{request.until}”不是日期", "写成 2026-12-31"
        raise InputError(Problem("--until", told, hint, code="bad-value")) from None
    if until < today:
        raise InputError(Problem("--until", f"{until} 已经过了", code="bad-value"))
    return until.isoformat()


def _meant(db: sqlite3.Connection, unit: Unit, request: WaiverRequest) -> list[sqlite3.Row]:
    """The findings that are meant. Raises `InputError` when there is none."""
    sql = "SELECT * FROM 问题清单 WHERE 单位 = ? AND 状态 <> ? ORDER BY 问题"
    every = db.execute(sql, (unit.key, _GONE)).fetchall()
    of_rule = [row for row in every if row["规则"] == request.rule]
    if not of_rule:
        rules = sorted({row["规则"] for row in every})
        hint = did_you_mean(request.rule, rules) or (
            f"现有问题的规则：{'、'.join(rules)}" if rules else "这个单位现在没有问题"
        )
        told = f"{unit.shown} 没有规则 {request.rule} 的问题"
        raise InputError(Problem("", told, hint, code="unknown-name"))
    wanted = norm(request.where)
    found = [row for row in of_rule if wanted in norm(row["位置"])]
    if not found:
        places = "；".join(row["位置"] for row in of_rule[:5])
        told = f"{unit.shown} 的 {request.rule} 没有位置含“{request.where}”的问题"
        raise InputError(Problem("", told, f"现有：{places}", code="unknown-name"))
    if not (left := [row for row in found if row["状态"] != "豁免"]):
        hint = "要改理由、日期的，先 --undo"
        raise InputError(
            Problem("", f"{unit.shown} 的 {request.rule} 已经豁免了", hint, code="doubled")
        )
    return left


def grant(
    db: sqlite3.Connection, unit: Unit, rows: Sequence[sqlite3.Row], why: str, until: str, who: str
) -> str:
    """Let findings of a unit (rows of 问题清单, of one rule) pass, and log it; the line about it."""
    given = []
    for row in rows:
        values = {
            **{name: row[name] for name in ("单位", "规则", "表", "位置", "左值", "右值", "标识")},
            "理由": why.strip(),
            "到期": until,
            "何人": who.strip(),
            "何时": store.now(),
        }
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO 豁免 ({', '.join(values)}) VALUES ({marks})"
        given.append(str(db.execute(sql, tuple(values.values())).lastrowid))
    ends = f"，到 {until} 为止" if until else ""
    number = given[0] if len(given) == 1 else f"{given[0]}—{given[-1]}"
    derive(db, {unit.key})
    rule = rows[0]["规则"]
    told = f"豁免 {number}：{unit.shown} {rule} {len(rows)} 处{ends}（{why.strip()}）"
    store.log(db, "豁免", told, who.strip())
    return told


def undo(db: sqlite3.Connection, number: int, who: str) -> str:
    """Take a waiver back; its findings are open again. Raises `InputError`."""
    row = db.execute("SELECT * FROM 豁免 WHERE 豁免 = ?", (number,)).fetchone()
    if row is None or row["撤销"]:
        told = f"没有第 {number} 号豁免" if row is None else f"第 {number} 号豁免已经撤销了"
        raise InputError(Problem("豁免", told, code="unknown-name"))
    db.execute("UPDATE 豁免 SET 撤销 = ? WHERE 豁免 = ?", (store.now(), number))
    derive(db, {row["单位"]})
    unit = store.units(db)[row["单位"]]
    told = f"撤销豁免 {number}：{unit.shown} {row['规则']}（{row['理由']}）"
    store.log(db, "撤销豁免", told, who)
    return told


def refresh(db: sqlite3.Connection) -> None:
    """Let waivers whose date has passed end: states depend on the day."""
    derive(db, ())


class WaiverNote(NamedTuple):
    """A finding that a waiver is or was about. `void`: why it does not hold any more, "" when it does."""

    finding: sqlite3.Row
    waiver: sqlite3.Row
    void: str

    @property
    def words(self) -> str:
        """What is to be said of the finding."""
        if self.void:
            return f"豁免失效：{self.void}"
        return f"豁免：{self.waiver['何人']}，{self.waiver['理由']}"


def notes(db: sqlite3.Connection, today: date) -> Mapping[int, WaiverNote]:
    """The open findings (by number) that waivers are about; of several waivers one that holds, else the newest."""
    sql = "SELECT * FROM 豁免 WHERE 撤销 = '' ORDER BY 豁免"
    waivers = db.execute(sql).fetchall()
    by_rule: dict[tuple[int, str], list[sqlite3.Row]] = {}
    for waiver in waivers:
        by_rule.setdefault((waiver["单位"], waiver["规则"]), []).append(waiver)
    found: dict[int, WaiverNote] = {}
    for unit in {waiver["单位"] for waiver in waivers}:
        sql = "SELECT * FROM 问题清单 WHERE 单位 = ? AND 状态 <> ?"
        for row in db.execute(sql, (unit, _GONE)).fetchall():
            for waiver in by_rule.get((unit, row["规则"]), ()):
                if (waiver["表"], waiver["位置"]) == (row["表"], row["位置"]):
                    note = WaiverNote(row, waiver, _void(waiver, row, today))
                    if row["问题"] not in found or found[row["问题"]].void:
                        found[row["问题"]] = note
    return found


def _void(waiver: sqlite3.Row, finding: sqlite3.Row, today: date) -> str:
    if not same_figures(waiver, finding["标识"], (finding["左值"], finding["右值"])):
        return "数已变"
    if waiver["到期"] and waiver["到期"] < today.isoformat():
        return f"{waiver['到期']} 已到期"
    return ""


_COLUMNS = (
    *numbers("号", least=6),
    SheetColumn("单位编码", 14),
    SheetColumn("单位名称", 26, "long"),
    SheetColumn("主管部门", 20, "long"),
    SheetColumn("规则", 10),
    SheetColumn("位置", 34, "long"),
    SheetColumn("现在", 22, "long"),
    SheetColumn("理由", 40, "long"),
    SheetColumn("何人", 12),
    SheetColumn("何时", 20),
    SheetColumn("到期", 12),
)
_LOOKS = {"有效": "green", "豁免失效：数已变": "red"}


def table(db: sqlite3.Connection, today: date) -> ExtraTable:
    """All waivers and how they stand, for page, workbook and terminal."""
    about: dict[int, list[WaiverNote]] = {}
    for note in notes(db, today).values():
        about.setdefault(note.waiver["豁免"], []).append(note)
    sql = (
        "SELECT w.*, u.单位编码, u.单位名称, u.主管部门 FROM 豁免 w JOIN 单位 u USING (单位)"
        " ORDER BY w.撤销 <> '', w.豁免"
    )
    waivers = db.execute(sql).fetchall()
    rows = [tuple(_row(row, about.get(row["豁免"], ()), today)) for row in waivers]
    void = sum(_is_void(row, about.get(row["豁免"], ())) for row in waivers)
    told = f"{len(rows)} 项" + (f"，失效 {void} 项" if void else "")
    return ExtraTable("豁免", told if rows else "", _COLUMNS, rows, _LOOKS)


def _is_void(waiver: sqlite3.Row, about: Sequence[WaiverNote]) -> bool:
    """Whether it is about findings, and holds for none of them any more."""
    return not waiver["撤销"] and bool(about) and all(note.void for note in about)


def _row(row: sqlite3.Row, about: Sequence[WaiverNote], today: date) -> Iterator[object]:
    yield row["豁免"]
    yield from (row["单位编码"], row["单位名称"], row["主管部门"], row["规则"])
    yield row["位置"]
    yield _stands(row, about, today)
    yield from (row["理由"], row["何人"], row["何时"], row["到期"])


def _stands(row: sqlite3.Row, about: Sequence[WaiverNote], today: date) -> str:
    if row["撤销"]:
        return f"已撤销（{row['撤销'][:10]}）"
    if _is_void(row, about):
        return about[0].words
    if about:
        return "有效"
    if row["到期"] and row["到期"] < today.isoformat():
        return f"{row['到期']} 已到期"
    return "用不着了：已改正，或有别的豁免"
