"""`xltool read`: a filled workbook -> its data document."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import (
    FILE,
    check_document_name,
    edition_files,
    edition_option,
    force_option,
    note,
    output_option,
    put_json,
)
from xltool.core.saving.guard import check_outputs
from xltool.documents.datafile import dumps, is_document
from xltool.documents.document import ABSENT, STATE
from xltool.documents.writing import to_raw
from xltool.editions import find_edition
from xltool.reading import Reading, read, shortcomings
from xltool.reading.accounting import unaccounted
from xltool.reading.readworkbook import in_words
from xltool.reporting.summary import form_words

_SHOWN = 20


@click.command(help="把填好的工作簿（.xlsx、.xlsm、.xls、.et）读成数据文档（JSON）。")
@click.argument("book", type=FILE, metavar="工作簿")
@edition_option
@output_option("写到哪个文件（默认显示在屏幕上）")
@click.option(
    "--unit", type=click.Choice(["元", "万元"]), help="金额换算成元或万元（默认照表上的单位）"
)
@click.option("--complete", is_flag=True, help="有一处读不准就什么也不给（退出码 2）")
@force_option
def command(
    book: Path,
    edition: str | None,
    output: Path | None,
    unit: str | None,
    complete: bool,
    force: bool,
) -> int:
    """Read, print the document, and say what drifted, what matched no field and what was not read."""
    inputs = [book, *edition_files(edition)]
    check_document_name(output)
    check_outputs([output] if output else [], inputs, force=force, made=is_document)
    reading = read(book, find_edition(edition) if edition else None, unit=unit, complete=complete)
    raw = to_raw(reading.report)
    if not reading.edition.bundled:
        raw |= {STATE: {"版次": reading.edition.version, "校验码": reading.edition.checksum}}
    if reading.absent:
        raw[ABSENT] = reading.absent
    put_json(dumps(raw), output, force=force)
    _notes(reading)
    if output is not None:
        click.echo(f"已读取：{output}")
    problems = shortcomings(reading)
    for problem in problems:
        note(f"错误：{problem}")
    return 1 if problems or reading.report.unread else 0


def _notes(reading: Reading) -> None:
    if reading.report.form:
        note(form_words(reading))
    for problem in reading.without_edition:
        note(f"注意：{problem}")
    drift = [f"工作表“{sheet}”：{drift}" for sheet, drift in reading.drift]
    figures = {(block.sheet, ref) for block in unaccounted(reading) for ref in block.refs}
    other = [
        f"工作表“{sheet}”{ref}：{in_words(value)}"
        for sheet, ref, value in reading.unmatched
        if (sheet, ref) in figures or (isinstance(value, str) and not reading.recognised)
    ]
    unread = [f"工作表“{u.sheet}”：{u.table}（{u.reason}）" for u in reading.report.unread]
    _listed("与表样有出入，已按文字找到", drift)
    _listed("没有对应字段，没有读", other)
    _listed("没有读的表", unread)
    _listed("样式没有出处、按最可能的样式读的表，在“附表”下，请核对", sorted(reading.report.likely))


def _listed(title: str, lines: list[str]) -> None:
    if lines:
        note(f"{title}（{len(lines)}处）：")
        for line in lines[:_SHOWN]:
            note(f"  {line}")
        if len(lines) > _SHOWN:
            note(f"  …… 其余{len(lines) - _SHOWN}处略")
