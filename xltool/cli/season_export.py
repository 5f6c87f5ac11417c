"""`xltool season export`: a season for queries, as DuckDB, Parquet or SQLite."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.batch.outputs import kind_of
from xltool.cli.options import FILE, force_option, named, season_argument
from xltool.core.problems import InputError, Problem

_KINDS = ("duckdb", "parquet", "sqlite")


@click.command(help="导出整个审核季给别的程序查：DuckDB、Parquet 文件夹或 SQLite。")
@season_argument
@click.option("-o", "--output", type=FILE, required=True, metavar="输出", help="输出的文件或文件夹")
@click.option(
    "--to",
    type=click.Choice(_KINDS),
    help="输出的形式（默认看后缀）：parquet 是一个文件夹，每张表一个文件",
)
@force_option
def export(season: Path, output: Path, to: str | None, force: bool) -> int:
    """Export; 0, or 1 when figures of a round could not be had."""
    from xltool.season.exporting import export as write
    from xltool.season.exporttables import FACTS

    kind = to or kind_of(output)
    if kind not in _KINDS:
        hint = "写成 .duckdb、.sqlite，或加 --to parquet"
        raise InputError(Problem(str(output), "审核季不导出成这种形式", hint, code="bad-target"))
    told = write(season, named(output), kind, force=force)
    click.echo(
        f"导出 {told.rows['轮次']} 轮，{told.rows['报送']} 份报送（算数的 {told.rows['有效报送']} 份），"
        f"{told.rows['问题']} 处问题，算数的数 {told.rows[FACTS]} 个"
    )
    for line in told.without:
        click.echo(f"注意：{line}")
    click.echo(f"写好了：{output}")
    return int(bool(told.without))
