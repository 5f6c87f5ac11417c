"""Between a review and its season: the review is entered, shown what the season knows, and both stand or neither.

The folder of the review takes its name inside the transaction of the season. What remains is a kill between the
two: the note 进行中.json then tells the next one, and `review --resume` ends what was begun.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from xltool.batch.generated import DATABASE
from xltool.batch.source import Source, written_at
from xltool.core.problems import InputError, Problem
from xltool.review.extra import ExtraTable, Keeper
from xltool.season import coverage, departments, rows, store, waiving
from xltool.season.entering import enter, refuse_older
from xltool.season.marking import add_tables
from xltool.season.unitlist import ListedUnit

_NOTE = "进行中.json"


def keeper(
    season: Path | None,
    sources: Sequence[Source],
    listed: Sequence[ListedUnit] = (),
    tell: store.Tell = lambda text: None,
) -> Keeper:
    """Enters reviews into a season; without one into a season that nobody keeps, for what it says of this round.

    `tell` is told when somebody else has to be waited for.
    """
    lasting = season is not None

    @contextmanager
    def keep(draft: Path, out: Path) -> Iterator[Sequence[ExtraTable]]:
        times = {source.name: written_at(source) for source in sources}
        if season is not None:
            # made by itself: a kill in the first round leaves a season without rounds, which can be told of
            with store.writing(season, make=True, tell=tell):
                pass
        opened = store.writing(season, tell=tell) if season is not None else _passing()
        with opened as db:
            if season is not None:
                refuse_unfinished(db, season, out)
            run = enter(db, draft / DATABASE, out, times, listed)
            add_tables(db, run, draft / DATABASE, lasting=lasting)
            if season is not None:
                _note(season, out, rows.fingerprint(draft / DATABASE))
            yield _shown(db, run) if lasting or listed else coverage.doubts(db, run)
        if season is not None:
            (season / _NOTE).unlink(missing_ok=True)

    return keep


def judged(sources: Sequence[Source]) -> Callable[[Path], None]:
    """Says in the database of a conversion whose each book is and which of several counts."""

    def judge(database: Path) -> None:
        times = {source.name: written_at(source) for source in sources}
        with _passing() as db:
            run = enter(db, database, database, times)
            add_tables(db, run, database, lasting=False)

    return judge


def _shown(db: sqlite3.Connection, run: int) -> list[ExtraTable]:
    """What page and workbook show of a season, or of a list of units."""
    more = (departments.table(db), waiving.table(db, date.today()))
    by_department, waivers = ([table] if table.rows else [] for table in more)
    return [*by_department, *coverage.tables(db, run), *waivers]


@contextmanager
def _passing() -> Iterator[sqlite3.Connection]:
    """A season that nobody keeps."""
    with closing(store.passing()) as db:
        yield db


def _note(season: Path, out: Path, mark: str) -> None:
    text = json.dumps({"审核文件夹": str(out.absolute()), "指纹": mark}, ensure_ascii=False)
    (season / _NOTE).write_text(text, encoding="utf-8", newline="\n")


def unfinished(db: sqlite3.Connection, season: Path) -> Mapping[str, str] | None:
    """A review that took its name while the season was not told of it: a kill came between."""
    try:
        note: dict[str, str] = json.loads((season / _NOTE).read_text(encoding="utf-8"))
        folder, mark = Path(note["审核文件夹"]), note["指纹"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    sql = "SELECT 1 FROM 轮次 WHERE 审核文件夹 = ? AND 指纹 = ?"
    if db.execute(sql, (str(folder), mark)).fetchone() or not (folder / DATABASE).is_file():
        return None
    return note if rows.fingerprint(folder / DATABASE) == mark else None


def check(season: Path, out: Path, *, anew: bool) -> None:
    """Refuse before any work what would be refused at its end. Raises `InputError`.

    `anew`: the review takes the place of one that is there.
    """
    store.check(season, out)
    if (season / store.SEASON).exists():
        with store.reading(season) as db:
            refuse_unfinished(db, season, out)
            if anew:
                refuse_older(db, out)


def refuse_unfinished(db: sqlite3.Connection, season: Path, out: Path) -> None:
    """Raise `InputError` while an earlier review still has to be entered."""
    note = unfinished(db, season)
    if note is not None and note["审核文件夹"] != str(out.absolute()):
        told = f"上一次审核停在最后一步：{note['审核文件夹']} 写好了，审核季里还没有它"
        hint = "先用那一次的命令加 --resume 做完，或把那个文件夹移走"
        raise InputError(Problem(str(season), told, hint, code="unfinished"))
