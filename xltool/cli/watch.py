"""`xltool watch`: marked copies and reports for every workbook saved in a folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.cli.options import FILE, Seconds, check_options, edition_option
from xltool.core.problems import InputError, Problem

if TYPE_CHECKING:
    from xltool.checks import Validation
    from xltool.checks.explanations import Explanation
    from xltool.reading import Reading


@click.command(
    help="看着一个文件夹：每存一次工作簿，就在旁边生成标注本和报告。按 Ctrl-C 结束。原工作簿只读不写。"
)
@click.argument("folder", type=FILE, metavar="文件夹")
@edition_option
@check_options
@click.option(
    "--interval",
    type=Seconds(0.1, 3600),
    default=2,
    show_default=True,
    metavar="秒",
    help="多久看一次",
)
def command(folder: Path, interval: float, **options: Any) -> None:
    """Watch until Ctrl-C."""
    from xltool.checks import validate
    from xltool.checks.explanations import as_explanations
    from xltool.editions import find_edition
    from xltool.watch import Watcher
    from xltool.watch.diary import watching

    if not folder.is_dir():
        raise InputError(Problem(str(folder), "没有这个文件夹", code="missing"))
    edition = find_edition(options["edition"]) if options["edition"] else None

    def check(reading: Reading, written: Sequence[Explanation]) -> Validation:
        return validate(
            reading,
            prior=options["prior"],
            explanations=[*as_explanations(options["explanations"]), *written],
            unit_type=options["unit_type"],
            rules=options["rules"],
            external=options["external"],
            external_unit=options["external_unit"],
        )

    watcher = Watcher(folder, check, edition)
    text = f"看着 {folder}：存一次校验一次，结果在旁边的 .标注 和 .报告 文件里。按 Ctrl-C 结束。"
    try:
        with watching(folder) as told:
            click.echo(text)
            while True:
                for line in watcher.step():
                    stamped = f"{datetime.now():%H:%M:%S} {line}"
                    click.echo(stamped)
                    told(stamped)
                time.sleep(interval)
    except KeyboardInterrupt:
        click.echo("已结束")
