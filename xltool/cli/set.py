"""`xltool set`: one figure (or a table of them) changed in a filled workbook."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import (
    FILE,
    edition_files,
    edition_option,
    force_option,
    note,
    output_option,
    put_bytes,
)
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.ooxml.edit.signatures import UNSIGNED
from xltool.reporting.summary import summary


@click.command(
    "set",
    help="改填好的工作簿里的数，别的一概不动，公式跟着重算。",
)
@click.argument("book", type=FILE, metavar="工作簿")
@click.argument("changes", nargs=-1, metavar="[地址=数]…")
@output_option("写到哪个工作簿", required=True)
@edition_option
@click.option("--table", type=FILE, metavar="文件", help="改动的表（CSV，两栏：地址、数）")
@force_option
def command(
    book: Path,
    changes: tuple[str, ...],
    output: Path,
    edition: str | None,
    table: Path | None,
    force: bool,
) -> None:
    """Change, and say what followed."""
    from xltool.entry.change import change, read_changes, told

    inputs = [book, *([table] if table else []), *edition_files(edition)]
    check_outputs([output], inputs, force=force, made=is_marked)
    wanted = [*changes, *(read_changes(table) if table is not None else [])]
    done = change(book, wanted, edition)
    if done.unsigned:
        note(f"提示：{UNSIGNED}")
    put_bytes(output, done.data, force=force)
    lines = list(told(done))
    for line in lines[: len(done.changes)]:
        click.echo(line)
    for line in lines[len(done.changes) :]:
        note(line)
    click.echo(f"已写：{output}")
    note(f"校验：{done.validation.verdict}（{summary(done.validation)}）")
