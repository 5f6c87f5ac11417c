"""`xltool disclosure write`: the whole document that a unit publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from xltool.cli.narrative import earlier, keep_option, named_inputs, tell_written
from xltool.cli.options import FILE, edition_option, force_option, note, put_bytes
from xltool.core.problems import InputError, Problem
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked


@click.group(help="公开文档：封面、目录、概况、决算表、情况说明、名词解释。")
def command() -> None:
    """Group of commands for the published document."""


@command.command(help="按工作簿写出整份公开文档（.docx，可同时写 .pdf）。")
@click.argument("book", type=FILE, metavar="工作簿")
@click.option(
    "-o", "--output", type=FILE, required=True, metavar="文件", help="写到哪个 .docx 文件"
)
@edition_option
@click.option("--prior", type=FILE, metavar="工作簿", help="上年的工作簿或数据文档：写增减")
@click.option("--facts", type=FILE, metavar="文件", help="表里没有的事实（YAML）")
@click.option("--overview", type=FILE, metavar="文件", help="概况的文字（.txt 或 .docx）")
@click.option("--terms", type=FILE, metavar="文件", help="名词解释（YAML），代替自带的")
@click.option("--style", metavar="格式", help="情况说明的格式的名字或文件（默认按版本选）")
@keep_option
@click.option("--pdf", type=FILE, metavar="文件", help="同时写成 PDF（要有 LibreOffice）")
@force_option
def write(book: Path, output: Path, pdf: Path | None, force: bool, **options: Any) -> None:
    """Write the document and say what is left to a person."""
    from xltool.narrative.book import validated
    from xltool.narrative.disclosure.compose import disclosure
    from xltool.narrative.disclosure.pdf import as_pdf, is_own_pdf, number_pages
    from xltool.narrative.facts import load_facts
    from xltool.narrative.writing.compose import choose_style
    from xltool.narrative.writing.output import saved

    inputs = named_inputs(book, options)
    check_outputs([output], inputs, force=force, made=is_marked)
    check_outputs([pdf] if pdf else [], inputs, force=force, made=is_own_pdf)
    if output.suffix.lower() != ".docx":
        raise InputError(Problem(str(output), "输出文件的扩展名应是 .docx", code="bad-target"))
    facts = load_facts(options["facts"])
    validation = validated(book, options["edition"], prior=options["prior"])
    style = choose_style(options["style"], validation.reading.edition.id)
    made = disclosure(
        validation,
        facts,
        style,
        overview=options["overview"],
        terms=options["terms"],
        earlier=earlier(options["keep"]),
    )
    numbered = number_pages(made)
    data = saved(made.word)
    printed = as_pdf(data) if pdf is not None else b""
    put_bytes(output, data, force=force)
    click.echo(f"已写：{output}。工作簿：{validation.verdict}")
    if pdf is not None:
        put_bytes(pdf, printed, force=force)
        click.echo(f"已写：{pdf}")
    if not numbered:
        note("目录的页码要在 Word 或 WPS 里更新：打开文档，点目录，选“更新”")
    tell_written(made.text)
