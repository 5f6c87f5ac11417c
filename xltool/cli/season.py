"""`xltool season`: the units of a season and how their findings stand; which submission counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from xltool.batch.extras import BATCH, require
from xltool.checks.findings import without_table
from xltool.cli.options import as_typed, note, season_argument
from xltool.cli.season_export import export
from xltool.cli.season_letters import letters
from xltool.cli.season_waive import waive
from xltool.core.problems import InputError, Problem

who_option = click.option("--by", "who", default="", metavar="姓名", help="谁认定的，记进日志")
round_option = click.option(
    "--round", "run", type=click.IntRange(min=1), metavar="轮次", help="第几轮的；不写就是最后一份"
)


@click.group(help="审核季：多轮审核里每个单位、每处问题的下落。")
def command() -> None:
    """Group of season commands."""
    require("batch", *BATCH, "duckdb")


command.add_command(export)
command.add_command(letters)
command.add_command(waive)


@command.command(help="列出各单位报了没有、各状态几处；加 --unit 列出一个单位的每处问题。")
@season_argument
@click.option("--unit", metavar="单位", help="单位编码或名称：列出它的报送和每处问题")
def show(season: Path, unit: str | None) -> None:
    """A line per unit, or everything about one."""
    from xltool.season import store
    from xltool.season.keeper import unfinished

    with store.reading(season) as db:
        if note := unfinished(db, season):
            click.echo(f"注意：{note['审核文件夹']} 还没有记进来，先用那一次的命令加 --resume 做完")
        for line in _units(db, season) if unit is None else _one(db, unit):
            click.echo(line)


def _units(db: sqlite3.Connection, season: Path) -> Iterator[str]:
    from xltool.season.coverage import unit_table
    from xltool.season.model import DISMISSED

    for row in db.execute("SELECT * FROM 轮次 ORDER BY 轮次"):
        yield f"第{row['轮次']}轮　{row['时间']}　{row['工作簿']} 份　{row['审核文件夹']}"
    table = unit_table(db)
    yield table.note
    yield "\t".join(column.title for column in table.columns)
    for values in table.rows:
        yield "\t".join("" if value in (0, None) else str(value) for value in values)
    sql = "SELECT 轮次, 文件, 内容 FROM 提醒 WHERE 类别 = '待认定' ORDER BY 轮次 DESC, 文件"
    for row in db.execute(sql):
        yield f"待认定：第{row['轮次']}轮　{row['文件']}：{row['内容']}"
        yield f"　　是谁的：{as_typed('xltool', 'season', 'use', season, row['文件'])} --unit 单位编码"
        yield f"　　不是报送：{as_typed('xltool', 'season', 'dismiss', season, row['文件'])} --by 姓名 --why 理由"
    sql = "SELECT 轮次, 文件, 说法 FROM 报送 WHERE 归属 = ? ORDER BY 轮次, 文件"
    for row in db.execute(sql, (DISMISSED,)):
        yield f"不是报送：第{row['轮次']}轮　{row['文件']}：{row['说法']}"


def _one(db: sqlite3.Connection, text: str) -> Iterator[str]:
    from xltool.season import rows, store, waiving

    unit = store.find_unit(db, text)
    waived = waiving.notes(db, date.today())
    yield unit.shown
    for book in store.submissions(db, unit.key):
        mark = "有效" if book.valid else "　　"
        yield f"{mark}　第{book.run}轮　{book.kind}　{book.verdict or '没能读取'}　{book.file}　{book.why}"
    history: dict[int, list[str]] = {}
    sql = "SELECT h.* FROM 状态史 h JOIN 问题 USING (问题) WHERE 单位 = ? ORDER BY h.问题, h.轮次"
    for row in db.execute(sql, (unit.key,)):
        history.setdefault(row["问题"], []).append(f"第{row['轮次']}轮{row['状态']}")
    for row in db.execute(
        "SELECT * FROM 问题清单 WHERE 单位 = ? ORDER BY 种类, 规则, 表, 位置", (unit.key,)
    ):
        way = "→".join(history.get(row["问题"], []))
        answer = rows.answer_to(db, row)
        said = f"　单位说明：{answer['内容']}" if answer is not None else ""
        note = f"　{waived[row['问题']].words}" if row["问题"] in waived else ""
        since = dict(row).get("未核自")  # seasons of older versions lack it
        if since is not None:
            note += f"　第{since}轮起又交了，没有给上年的数或外部表，没有核对"
        text = without_table(row["内容"], row["表"])
        place = without_table(row["位置"].removeprefix(f"{row['表']} "), row["表"])
        at = "" if place == row["表"] or text.startswith(place) else f"{place}　"
        yield f"{row['状态']}　{row['规则']}　{row['表']}　{at}{text}（{way}）{said}{note}"


@command.command(help="指定一份报送算数；加 --unit 说明它是哪个单位的。")
@season_argument
@click.argument("file", metavar="文件")
@click.option("--unit", metavar="单位", help="这份是哪个单位的：单位编码或名称")
@click.option("--new", is_flag=True, help="它是一个新单位的（--unit 写名称，不写照表上的）")
@round_option
@who_option
def use(season: Path, file: str, unit: str | None, new: bool, run: int | None, who: str) -> None:
    """Name the valid submission, or say whose it is."""
    from xltool.season import deciding, store

    if unit is not None and not unit.strip() and not new:
        raise InputError(Problem("--unit", "没有写单位", "写单位编码或名称", code="bad-option"))
    with store.writing(season, tell=note) as db:
        if new or unit is not None:
            row = deciding.submission(db, file, run)
            told = deciding.belongs(db, row, unit or "", who, new=new)
        else:
            told = deciding.use(db, deciding.submission(db, file, run, readable=True), who)
    click.echo(told)


@command.command(help="这份文件不是报送（附件、通知……）：内容不变就不再问，不再列入。")
@season_argument
@click.argument("files", metavar="文件…", nargs=-1, required=True)
@click.option("--why", default="", metavar="理由", help="为什么")
@click.option("--undo", is_flag=True, help="撤回：又算报送")
@round_option
@who_option
def dismiss(
    season: Path, files: tuple[str, ...], why: str, undo: bool, run: int | None, who: str
) -> None:
    """Say that files are no submissions, or take it back; all of them or none."""
    from xltool.season import deciding, store

    with store.writing(season, tell=note) as db:
        found = [deciding.submission(db, file, run) for file in files]
        if undo:
            told = [deciding.readmit(db, row, who) for row in found]
        else:
            told = [deciding.dismiss(db, row, why, who) for row in found]
    for line in told:
        click.echo(line)
