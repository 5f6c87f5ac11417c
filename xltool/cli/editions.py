"""`xltool editions`: the editions, their years and tables."""

from __future__ import annotations

import click

from xltool.editions import all_editions, find_edition


@click.command(help="列出版本；给出版本号时列出它的工作簿和表。")
@click.argument("edition", required=False, metavar="[版本]")
def command(edition: str | None) -> None:
    """List editions, or the tables of one."""
    if edition is None:
        for found in all_editions():
            first, last = found.years
            click.echo(f"{found.id}\t{first}—{last}年度\t{found.name}")
        return
    found = find_edition(edition)
    click.echo(f"{found.id}　{found.name}")
    for book in found.workbooks:
        click.echo(f"\n{book.name}（{book.template.name}）")
        for mapping in book.tables:
            remark = "，可有多张" if mapping.many else "，可以没有" if mapping.optional else ""
            click.echo(f"  {mapping.table}（工作表“{mapping.sheet}”{remark}）")
