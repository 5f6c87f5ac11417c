"""`xltool analyze`: a database of a batch -> a page or a workbook about units that stand out."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.batch.extras import BATCH, require
from xltool.cli.options import FILE, force_option, named


@click.command(help="分析：与上年、与别的单位比突出的，“三公”、其他支出、审核覆盖，画成图。")
@click.argument("database", type=FILE, metavar="数据库")
@click.option(
    "-o", "--output", type=FILE, required=True, metavar="输出", help="分析.html 或 分析.xlsx"
)
@force_option
def command(database: Path, output: Path, force: bool) -> None:
    """Analyse the database of `convert` or the folder of a review."""
    require("batch", *BATCH, "duckdb")
    from xltool.review.analysis import analyse, write_analysis

    answers = analyse(database)
    write_analysis(answers, database, named(output), force=force)
    for answer in answers:
        told = f"{len(answer.rows)} 行" if answer.rows else answer.question.empty
        click.echo(f"{answer.question.title}：{told}")
    click.echo(f"输出：{output}")
