"""The folder of a season: `季.sqlite` is the truth, everything else is made from it.

Each change is one transaction: a kill leaves it whole or not there. SQLite's own lock keeps writers apart.
"""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.texts import names_in, norm
from xltool.season.inwords import in_words
from xltool.season.model import Submission, Unit, Waiver
from xltool.season.schema import extend, schema_statements

SEASON = "季.sqlite"
VERSION = 1
_APPLICATION = 0x786C7431
"""Marks the file as a season of this tool ("xlt1")."""

_PATIENCE, _AT_ONCE = 120.0, 0.5
"""Seconds that a writer waits for another one, and after which it says so."""

Tell = Callable[[str], object]


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """The season in `folder`, to be read only. Raises `InputError` when there is none, or none that is understood."""
    path = folder / SEASON
    if not path.is_file():
        hint = "给出 xltool review --season 写的文件夹"
        raise InputError(
            Problem(str(folder), f"不是审核季，里面没有 {SEASON}", hint, code="not-ours")
        )
    with in_words(path), closing(_connected(path)) as db:
        db.execute("PRAGMA query_only = 1")
        _known(db, path)
        yield db


@contextmanager
def writing(
    folder: Path, *, make: bool = False, tell: Tell = lambda text: None
) -> Iterator[sqlite3.Connection]:
    """The season in `folder`, to be changed: all of it when the block ends well, nothing when not.

    With `make` it is made when it is not there. Waits for another writer, which `tell` is told; raises `InputError`
    when that one takes too long, or when the season is of a newer version or no season.
    """
    path = folder / SEASON
    if make:
        _make_folder(folder)
    elif not path.is_file():
        with reading(folder):
            pass
    with in_words(path), closing(_connected(path)) as db:
        _begin(db, tell)
        try:
            if make and not _tables(db):
                _create(db)
            _known(db, path)
            extend(db)
            yield db
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


def _begin(db: sqlite3.Connection, tell: Tell) -> None:
    """Keep other writers out, or wait for the one that does."""
    _be_patient(db, _AT_ONCE)
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        tell(f"另一个 xltool 正在写这个审核季，等它写完（最多等 {_PATIENCE:.0f} 秒）")
    _be_patient(db, _PATIENCE)  # for the end, too: it waits for those that read
    if not db.in_transaction:
        db.execute("BEGIN IMMEDIATE")
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        # another program gave it one, which network shares cannot take
        for statement in ("ROLLBACK", "PRAGMA journal_mode = DELETE", "BEGIN IMMEDIATE"):
            db.execute(statement)


def _be_patient(db: sqlite3.Connection, seconds: float) -> None:
    db.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def passing() -> sqlite3.Connection:
    """A season that is gone when it is closed: for what it says of a single round.

    It is in a file that SQLite removes by itself, so that its size costs no memory.
    """
    db = _connected("")
    _create(db)
    return db


def check(folder: Path, out: Path) -> None:
    """Refuse early what `writing` would refuse late. Raises `InputError`; a folder that is not there is fine.

    `out`: the folder of the review, which is replaced as a whole and so must not hold the season.
    """
    here, there = folder.absolute(), out.absolute()
    if here == there or there in here.parents:
        told = "审核季不能放在审核结果的文件夹里"
        raise InputError(Problem(str(folder), told, "换一个文件夹", code="bad-target"))
    if (folder / SEASON).exists():
        with reading(folder):
            pass
        _refuse_unwritable(folder / SEASON)
        return
    hint = "换一个新文件夹，或以前 --season 用过的文件夹"
    if folder.exists() and not folder.is_dir():
        raise InputError(Problem(str(folder), "是文件，不是文件夹", hint, code="bad-target"))
    if folder.is_dir() and any(folder.iterdir()):
        told = f"里面没有 {SEASON}，却有别的东西"
        raise InputError(Problem(str(folder), told, hint, code="not-ours"))


def _refuse_unwritable(path: Path) -> None:
    """Write to a season and take it back: before a review of hours, not after it. A writer at work is no hindrance."""
    with in_words(path), closing(_connected(path)) as db:
        _be_patient(db, 0)
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            return
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute(f"PRAGMA user_version = {version}")  # makes the journal beside it
        db.execute("ROLLBACK")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"建不了文件夹：{system_reason(error)}"
        raise InputError(Problem(str(folder), reason, code="unwritable")) from error


def _connected(path: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.create_function("norm", 1, norm, deterministic=True)
    db.execute("PRAGMA foreign_keys = 1")
    return db


def _tables(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _create(db: sqlite3.Connection) -> None:
    for statement in schema_statements():
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {_APPLICATION}")
    db.execute(f"PRAGMA user_version = {VERSION}")


def _known(db: sqlite3.Connection, path: Path) -> None:
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if application != _APPLICATION:
        raise InputError(Problem(str(path), "不是 xltool 的审核季", code="not-ours"))
    if version > VERSION:
        told = f"是更新版本的 xltool 写的（格式 {version}，本程序只认得到 {VERSION}）"
        raise InputError(Problem(str(path), told, "换用新版本的 xltool", code="unreadable"))


def now() -> str:
    """The time for rows: local, to the second."""
    return datetime.now().isoformat(" ", "seconds")


def system_user() -> str:
    """Who is logged in, as the system says."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "不明"


def log(db: sqlite3.Connection, what: str, told: str, who: str = "") -> None:
    """Add to the log; `who` is the name that somebody typed."""
    user = system_user()
    row = (now(), who or user, user, what, told)
    db.execute(
        "INSERT INTO 日志 (何时, 何人, 系统用户, 做了什么, 内容) VALUES (?, ?, ?, ?, ?)", row
    )


def units(db: sqlite3.Connection) -> dict[int, Unit]:
    """All units by key."""
    return {row["单位"]: unit_of(row) for row in db.execute("SELECT * FROM 单位 ORDER BY 单位")}


def unit_of(row: sqlite3.Row) -> Unit:
    """A row of 单位."""
    return Unit(
        row["单位"],
        row["单位编码"],
        row["单位名称"],
        row["主管部门"],
        row["联系人"],
        row["应报年度"],
        row["应报版本"],
        names_in(row["应报文件"]),
        bool(row["在清单"]),
        row["文件夹"],
    )


def find_unit(db: sqlite3.Connection, text: str) -> Unit:
    """The unit that somebody means by its code, else by its name. Raises `InputError` for none or several."""
    every = units(db).values()
    found = [u for u in every if u.code == text] or [u for u in every if text in (u.name, u.shown)]
    if len(found) == 1:
        return found[0]
    told = f"有 {len(found)} 个单位叫这个名称" if found else "审核季里没有这个单位"
    hint = "写单位编码：" + "、".join(u.shown for u in found[:10]) if found else "写单位编码或全称"
    raise InputError(Problem(text, told, hint, code="unknown-name"))


def submissions(db: sqlite3.Connection, unit: int | None = None) -> Iterator[Submission]:
    """The submissions of a unit, or of all, in the order of runs and files."""
    where = "" if unit is None else "WHERE 单位 = ?"
    sql = f"SELECT * FROM 报送 {where} ORDER BY 轮次, 文件"
    for row in db.execute(sql, () if unit is None else (unit,)):
        yield Submission(
            row["报送"],
            row["轮次"],
            row["单位"],
            row["种类"],
            row["文件"],
            row["sha256"],
            row["读取"] != "失败",
            row["结论"],
            row["修改时间"],
            bool(row["有效"]),
            row["说法"],
        )


def waivers(db: sqlite3.Connection, unit: int | None = None) -> Iterator[Waiver]:
    """The waivers of a unit, or of all, that nobody has taken back."""
    where = "" if unit is None else "AND 单位 = ?"
    sql = f"SELECT * FROM 豁免 WHERE 撤销 = '' {where} ORDER BY 豁免"
    for row in db.execute(sql, () if unit is None else (unit,)):
        yield Waiver(
            row["豁免"],
            row["单位"],
            row["规则"],
            row["表"],
            row["位置"],
            (row["左值"], row["右值"]),
            row["理由"],
            row["到期"],
            row["何人"],
        )
