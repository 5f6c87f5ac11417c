"""`xltool narrative write|check`: the text of a disclosure from its workbook, and against it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.cli.options import (
    FILE,
    edition_files,
    edition_option,
    force_option,
    form_of,
    form_option,
    note,
    put_bytes,
    put_json,
)
from xltool.core.printable import harmless, one_line
from xltool.core.problems import InputError, Problem
from xltool.core.saving.files import write_text
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.documents.datafile import dumps

if TYPE_CHECKING:
    from xltool.checks import Validation
    from xltool.narrative.check import NarrativeCheck
    from xltool.narrative.writing.compose import Composed
    from xltool.narrative.writing.kept import Earlier

FINDINGS = 1
keep_option = click.option(
    "--keep", type=FILE, metavar="旧稿", help="xltool 写的旧稿（.docx）：其中人写的话留着"
)


def earlier(path: Path | None) -> Earlier | None:
    """What an earlier document holds, when one is named."""
    if path is None:
        return None
    from xltool.narrative.writing.kept import read_earlier

    return read_earlier(path)


def tell_written(composed: Composed) -> None:
    """What is left to a person, what was kept although the tables changed, what has no place any more."""
    for title, texts in (
        ("待人写的", composed.missing),
        ("人改过、表又变了的（文中加了批注）", [kept.now for kept in composed.kept]),
        ("旧稿里人写的、新稿里没有地方放的", composed.lost),
    ):
        if texts:
            note(f"{title}有{len(texts)}处：")
        for text in texts:
            note(f"  {text}")


@click.group(help="情况说明的文字：按表写出来，与表逐句核对。")
def command() -> None:
    """Group of commands for texts."""


@command.command(
    help="逐句核对情况说明与工作簿：金额、占比、增减、完成率、大于小于、列举、日期、模板里没改的字。"
)
@click.argument("document", type=FILE, metavar="说明")
@click.argument("book", type=FILE, metavar="工作簿")
@edition_option
@click.option("--prior", type=FILE, metavar="工作簿", help="上年的工作簿或数据文档")
@click.option("--facts", type=FILE, metavar="文件", help="表里没有的事实（YAML），与 write 的相同")
@click.option(
    "--explanations", type=FILE, metavar="文件", help="工作簿的说明：json、csv，或填了说明的标注本"
)
@form_option("text", "json", "html")
@click.option("-o", "--output", type=FILE, metavar="文件", help="报告写到哪个文件")
@click.option(
    "--annotate", type=FILE, metavar="文件", help="另存一份在原处加了批注的 Word 文档（.docx）"
)
@force_option
def check(
    document: Path, book: Path, form: str | None, output: Path | None, force: bool, **options: Any
) -> int:
    """Check the text; the exit code says whether it agrees with the tables."""
    form = form_of(form, output)
    from xltool.narrative.book import tables_of, validated
    from xltool.narrative.check import check_narrative
    from xltool.narrative.facts import load_facts
    from xltool.narrative.text import load_narrative

    inputs = [document, *named_inputs(book, options, "annotate")]
    check_outputs([output] if output else [], inputs, force=force, made=_is_report(form))
    copy = options["annotate"]
    check_outputs([copy] if copy else [], inputs, force=force, made=is_marked)
    narrative, facts = load_narrative(document), load_facts(options["facts"])
    validation = validated(
        book, options["edition"], prior=options["prior"], explanations=options["explanations"]
    )
    result = check_narrative(narrative, tables_of(validation), facts)
    _put(result, validation, form, output, force=force)
    if options["annotate"] is not None:
        _annotate(document, result, options["annotate"], force=force)
    return 0 if result.verdict == "相符" else FINDINGS


def _put(
    result: NarrativeCheck, validation: Validation, form: str, output: Path | None, *, force: bool
) -> None:
    """Write the report in its form, or show it."""
    from xltool.narrative import report

    if form == "json":
        put_json(dumps(report.as_json(result, validation)), output, force=force)
        return
    if form == "html":
        from xltool.narrative.page import render

        if output is None:
            raise InputError(
                Problem("-o", "html 报告要写到文件", "加 -o 报告.html", code="bad-target")
            )
        text = render(result, validation)
    else:
        told = [*map(one_line, report.lines(result, validation))]
        if output is None:
            for line in told:
                click.echo(line)
            return
        text = harmless("\n".join(told)) + "\n"
    write_text(output, text, force=force)
    click.echo(f"{report.headline(result)}　报告：{output}")


def named_inputs(book: Path, options: dict[str, Any], *outputs: str) -> list[Path]:
    """The files that a command line names to be read, `outputs` aside."""
    named = (value for key, value in options.items() if key not in outputs)
    found = [value for value in named if isinstance(value, Path)]
    return [book, *found, *edition_files(options.get("edition"))]


def _is_report(form: str) -> Callable[[Path], bool]:
    from xltool.narrative import page, report

    return {"html": page.is_page, "json": report.is_json}.get(form, report.is_text)


def _annotate(document: Path, result: NarrativeCheck, target: Path, *, force: bool) -> None:
    from xltool.narrative.comments import annotated

    if document.suffix.lower() not in (".docx", ".docm"):
        message = "只有 Word 文档（.docx）能加批注"
        raise InputError(Problem(str(document), message, "先另存为 .docx", code="bad-option"))
    put_bytes(target, annotated(document, result), force=force)
    note(f"加了批注的文档：{target}")


@command.command(help="按工作簿写出整篇情况说明（.docx 或 .txt）；表里没有的话留待人写。")
@click.argument("book", type=FILE, metavar="工作簿")
@click.option("-o", "--output", type=FILE, required=True, metavar="文件", help="写到哪个文件")
@edition_option
@click.option("--prior", type=FILE, metavar="工作簿", help="上年的工作簿或数据文档：写增减")
@click.option(
    "--facts", type=FILE, metavar="文件", help="表里没有的事实（YAML）：原因、预算、采购、车辆……"
)
@click.option("--style", metavar="格式", help="格式的名字或文件（默认按版本选）")
@keep_option
@force_option
def write(book: Path, output: Path, force: bool, **options: Any) -> None:
    """Write the text and say what is left to a person."""
    from xltool.narrative.book import tables_of, validated
    from xltool.narrative.facts import load_facts
    from xltool.narrative.writing.compose import choose_style, compose
    from xltool.narrative.writing.output import rendered

    check_outputs([output], named_inputs(book, options), force=force, made=is_marked)
    facts = load_facts(options["facts"])
    validation = validated(book, options["edition"], prior=options["prior"])
    report = validation.reading.report
    style = choose_style(options["style"], validation.reading.edition.id)
    composed = compose(tables_of(validation), facts, style).keeping(earlier(options["keep"]))
    title = f"{report.unit_name}{report.term}部门决算情况说明"
    put_bytes(output, rendered(composed, output.suffix.lower(), title), force=force)
    click.echo(f"已写：{output}（{style['name']}）。工作簿：{validation.verdict}")
    tell_written(composed)
