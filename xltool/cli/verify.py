"""`xltool verify`: whether a workbook is still the one that its receipt was written for."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE
from xltool.core.problems import InputError, Problem, system_reason

FINDINGS = 1


@click.command(help="按回执核对上报稿：一字未改的退出码为 0，改过的为 1。")
@click.argument("book", type=FILE, metavar="上报稿")
def command(book: Path) -> int:
    """Compare the file with its receipt."""
    from xltool.entry.finish import compared, read_receipt

    try:
        data = book.read_bytes()
    except FileNotFoundError:
        raise InputError(Problem(str(book), "没有这个文件", code="missing")) from None
    except OSError as error:
        raise InputError(
            Problem(str(book), f"读不了：{system_reason(error)}", code="unreadable")
        ) from error
    alike, told = compared(data, read_receipt(book))
    click.echo(f"{book}：{told}")
    return 0 if alike else FINDINGS
