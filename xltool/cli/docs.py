"""`xltool docs`: the documentation that comes with the tool."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE, copy_folder, note
from xltool.core.problems import InputError, Problem
from xltool.core.resources import DOCS
from xltool.core.texts import did_you_mean


@click.command(
    help="列出随工具带着的文档；写名字就显示在屏幕上，-o 把全部文档（带图）拷到一个新文件夹。"
)
@click.argument("name", required=False, metavar="[名字]")
@click.option("-o", "--output", type=FILE, metavar="文件夹", help="拷到哪个新文件夹")
def command(name: str | None, output: Path | None) -> None:
    """List, print or copy."""
    pages = {path.stem: path for path in sorted(DOCS.glob("*.md"))}
    if output is not None:
        copy_folder(DOCS, output)
        click.echo(f"文档：{output}")
    elif name is None:
        for stem, path in pages.items():
            title = path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
            click.echo(f"{stem}\t{title}")
        note(f"在 {DOCS}；看一篇：xltool docs start；全部拷出来：xltool docs -o 文档")
    elif (page := pages.get(name.removesuffix(".md"))) is not None:
        for line in page.read_text(encoding="utf-8").splitlines():
            click.echo(line)
    else:
        hint = did_you_mean(name, pages)
        raise InputError(Problem(name, "没有这篇文档", hint, code="unknown-name"))
