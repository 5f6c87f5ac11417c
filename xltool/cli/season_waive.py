"""`xltool season waive`: let findings of a unit pass, for their figures as they are; list and undo."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from xltool.cli.options import FILE, note, season_argument
from xltool.core.problems import InputError, Problem


@click.command(help="豁免：准许一个单位的问题不改，数变了或过期就失效；列出、撤销。")
@season_argument
@click.option("--unit", metavar="单位", help="单位编码或名称")
@click.option("--rule", metavar="规则", help="哪条规则，如 X-05")
@click.option(
    "--where", default="", metavar="位置", help="只豁免位置里有这些字的；不写就是现有的各处"
)
@click.option("--by", "who", default="", metavar="姓名", help="谁准的")
@click.option("--why", default="", metavar="理由", help="为什么")
@click.option(
    "--until", default="", metavar="日期", help="到哪天为止，如 2026-12-31；不写就一直有效"
)
@click.option("--table", type=FILE, metavar="文件", help="一次许多条：.xlsx、.csv，一行一条")
@click.option("--list", "listed", is_flag=True, help="列出所有豁免和现在的情况")
@click.option(
    "--undo", type=click.IntRange(min=1), multiple=True, metavar="号", help="撤销第几号，可多次"
)
def waive(season: Path, listed: bool, undo: tuple[int, ...], **options: Any) -> None:
    """Grant, list or undo waivers."""
    from xltool.season import store, waiving

    if listed:
        _list(season)
        return
    with store.writing(season, tell=note) as db:
        if undo:
            told = [waiving.undo(db, number, options["who"]) for number in undo]
        else:
            told = waiving.waive(db, _wishes(options), date.today())
    for line in told:
        click.echo(line)


def _wishes(options: dict[str, Any]) -> list[Any]:
    from xltool.season.waiverlist import read_waivers
    from xltool.season.waiving import WaiverRequest

    if options["table"] is not None:
        return read_waivers(options["table"], options["who"])
    missing = [f"--{name}" for name in ("unit", "rule") if not options[name]]
    if missing:
        hint = "或用 --table 文件、--list、--undo 号"
        raise InputError(Problem("", f"没有写{'、'.join(missing)}", hint, code="bad-option"))
    names = ("unit", "rule", "where", "who", "why", "until")
    return [WaiverRequest(*(options[name] for name in names))]


def _list(season: Path) -> None:
    from xltool.season import store, waiving

    with store.reading(season) as db:
        table = waiving.table(db, date.today())
    if not table.rows:
        click.echo("还没有豁免")
        return
    click.echo(table.note)
    click.echo("\t".join(column.title for column in table.columns))
    for row in table.rows:
        click.echo("\t".join(map(str, row)))
