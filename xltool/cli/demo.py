"""`xltool demo`: the bundled sample, filled and read back in a folder of the clerk's choice."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE, force_option, put_json
from xltool.documents.datafile import dumps
from xltool.documents.document import to_raw
from xltool.filling import fill
from xltool.intake import load
from xltool.ooxml.errors import system_reason
from xltool.problems import InputError, Problem
from xltool.reading import read
from xltool.resources import SAMPLES


@click.command(help="用自带样例演示填报与读取；文件写到指定文件夹（默认 xltool-demo）。")
@click.argument("folder", type=FILE, default=Path("xltool-demo"), metavar="[文件夹]")
@force_option
def command(folder: Path, force: bool) -> None:
    """Fill and read the sample, and say what to open."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(Problem(str(folder), f"建不了文件夹：{system_reason(error)}")) from error
    source = SAMPLES / "beiguan-2021.json"
    report, edition = load(source)
    book, document = folder / "beiguan-2021.xlsx", folder / "beiguan-2021.read.json"
    fill(report, edition, book, force=force)
    click.echo(f"1. 填报：{report.unit_name} {report.year}年度 → {book}")
    reading = read(book)
    put_json(dumps(to_raw(reading.report)), document, force=force)
    click.echo(f"2. 读取：{book} → {document}（{len(reading.places)}个值）")
    click.echo(f"用 Excel 或 WPS 打开 {book} 查看填好的报表；数据文档样例在 {source}")
