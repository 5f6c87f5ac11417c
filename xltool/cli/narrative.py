"""`xltool narrative check`: the text of a disclosure against its workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xltool.cli.options import FILE, edition_option, force_option, put_json, write_text
from xltool.documents.datafile import dumps

FINDINGS = 1


@click.group(help="情况说明的文字：与表逐句核对。")
def command() -> None:
    """Group of commands for texts."""


@command.command(
    help="逐句核对情况说明与工作簿：金额、占比、增减、完成率、大于小于、列举、日期、模板里没改的字。"
)
@click.argument("document", type=FILE, metavar="说明")
@click.argument("book", type=FILE, metavar="工作簿")
@edition_option
@click.option("--prior", type=FILE, metavar="工作簿", help="上年的工作簿或数据文档")
@click.option(
    "--explanations", type=FILE, metavar="文件", help="工作簿的说明：json、csv，或填了说明的标注本"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="报告的形式",
)
@click.option("-o", "--output", type=FILE, metavar="文件", help="报告写到哪个文件")
@force_option
def check(
    document: Path, book: Path, form: str, output: Path | None, force: bool, **options: Any
) -> int:
    """Check the text; the exit code says whether it agrees with the tables."""
    from xltool.narrative import report
    from xltool.narrative.book import tables_of, validated
    from xltool.narrative.check import check_narrative
    from xltool.narrative.text import load_narrative

    narrative = load_narrative(document)
    validation = validated(
        book, options["edition"], prior=options["prior"], explanations=options["explanations"]
    )
    result = check_narrative(narrative, tables_of(validation))
    if form == "json":
        put_json(dumps(report.as_json(result, validation)), output, force=force)
    else:
        text = "\n".join(report.lines(result, validation))
        if output is None:
            click.echo(text)
        else:
            write_text(output, text + "\n", force=force)
            click.echo(f"{report.headline(result)}　报告：{output}")
    return FINDINGS if result.verdict == "不符" else 0
