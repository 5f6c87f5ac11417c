"""`xltool watch`: marked copies and reports for every workbook saved in a folder."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import click

from xltool.checks import Validation
from xltool.cli.options import FILE, Seconds, edition_option
from xltool.core.problems import InputError, Problem


@click.command(
    help="看着一个文件夹：每存一次工作簿，就在旁边生成标注本和报告。按 Ctrl-C 结束。原工作簿只读不写。"
)
@click.argument("folder", type=FILE, metavar="文件夹")
@edition_option
@click.option("--rules", multiple=True, type=FILE, metavar="文件", help="另加的规则文件，可多次")
@click.option(
    "--interval",
    type=Seconds(0.1, 3600),
    default=2,
    show_default=True,
    metavar="秒",
    help="多久看一次",
)
def command(folder: Path, edition: str | None, rules: tuple[Path, ...], interval: float) -> None:
    """Watch until Ctrl-C."""
    from xltool.checks import validate
    from xltool.editions import find_edition
    from xltool.watch import Watcher

    if not folder.is_dir():
        raise InputError(Problem(str(folder), "没有这个文件夹"))
    found = find_edition(edition) if edition else None

    def check(book: Path) -> Validation:
        return validate(book, found, rules=rules)

    watcher = Watcher(folder, check)
    click.echo(
        f"看着 {folder}：存一次校验一次，结果在旁边的 .标注 和 .报告 文件里。按 Ctrl-C 结束。"
    )
    try:
        while True:
            for line in watcher.step():
                click.echo(f"{datetime.now():%H:%M:%S} {line}")
            time.sleep(interval)
    except KeyboardInterrupt:
        click.echo("已结束")
