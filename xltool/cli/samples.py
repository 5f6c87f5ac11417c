"""`xltool samples`: the samples that come with the tool."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE, copy_folder, note
from xltool.core.resources import SAMPLES


@click.command(
    help="列出随工具带着的样例（数据文档、填好的工作簿、普通表格）；-o 拷到一个新文件夹。"
)
@click.option("-o", "--output", type=FILE, metavar="文件夹", help="拷到哪个新文件夹")
def command(output: Path | None) -> None:
    """List or copy."""
    if output is not None:
        copy_folder(SAMPLES, output)
        click.echo(f"样例：{output}")
        return
    for path in sorted(SAMPLES.iterdir()):
        click.echo(path.name)
    note(f"在 {SAMPLES}；拷出来用：xltool samples -o 样例")
