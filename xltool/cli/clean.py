"""`xltool clean`: takes the marks of `validate --annotate` off a workbook again."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE, force_option, output_option, put_bytes


@click.command(
    help="清除标注本上的标记、批注、链接和校验结果表，其余保持原样；也清除 Word 文档里加的批注。"
)
@click.argument("book", type=FILE, metavar="工作簿")
@output_option("写到哪个工作簿", required=True)
@force_option
def command(book: Path, output: Path, force: bool) -> None:
    """Clean and say where the result is."""
    from xltool.core.saving.guard import check_outputs
    from xltool.core.saving.mark import is_marked

    check_outputs([output], [book], force=force, made=is_marked)
    if book.suffix.lower() in (".docx", ".docm"):
        from xltool.narrative.comments import cleaned

        put_bytes(output, cleaned(book), force=force)
    else:
        from xltool.reporting.workbook.annotate import clean

        clean(book, output, force=force)
    click.echo(f"已清除标记：{output}")
