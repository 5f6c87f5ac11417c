"""`xltool demo`: a bundled sample filled, read back and validated, and the same with a slip in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from xltool.checks import validate
from xltool.cli.options import FILE, force_option, make_folder, put_json
from xltool.core.resources import SAMPLES
from xltool.core.saving.files import write_text
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.documents.datafile import dumps, is_document
from xltool.documents.load import load
from xltool.documents.writing import to_raw
from xltool.filling import fill
from xltool.reading import read
from xltool.reporting.summary import summary

SAMPLE = "sgb-2024"
_FILES = ("决算.xlsx", "读回.json", "录错.xlsx", "录错-报告.html", "录错-标注.xlsx")
SLIP = ("支出决算表", "明细", "2013901", "基本支出")
"""The figure of which the demonstration drops a digit."""


@click.command(help="用自带样例演示填报、读取、校验；文件写到指定文件夹（默认 xltool-demo）。")
@click.argument("folder", type=FILE, default=Path("xltool-demo"), metavar="[文件夹]")
@force_option
def command(folder: Path, force: bool) -> None:
    """Run the main jobs on the sample and say what to open."""
    check_outputs([folder / name for name in _FILES], force=force, made=_is_made)
    make_folder(folder)
    source = SAMPLES / f"{SAMPLE}.json"
    report, edition = load(source)
    book, document = (folder / name for name in _FILES[:2])
    fill(report, edition, book, totals="given", force=force)
    click.echo(f"1. 填报　{report.unit_name} {report.year}年度 → {book}")
    reading = read(book)
    put_json(dumps(to_raw(reading.report)), document, force=force)
    click.echo(f"2. 读取　{book} → {document}（{len(reading.places)}个值）")
    validation = validate(book)
    click.echo(f"3. 校验　{book} → {validation.verdict}：{summary(validation)}")
    _with_slip(source, folder, force)
    click.echo(
        f"用 Excel 或 WPS 打开 {folder} 里的工作簿，用浏览器打开报告；数据文档样例在 {source}"
    )


def _is_made(path: Path) -> bool:
    from xltool.reporting.html import is_report

    if path.suffix == ".html":
        return is_report(path)
    return is_document(path) if path.suffix == ".json" else is_marked(path)


def _with_slip(source: Path, folder: Path, force: bool) -> None:
    """The same book with a digit dropped from one figure: what validation makes of it."""
    from xltool.reporting.html import render
    from xltool.reporting.workbook.annotate import annotate

    report, edition = load(source)
    table, block, code, column = SLIP
    row = next(r for r in report.tables[table][0].lists[block] if r["科目编码"] == code)
    right = row[column]
    assert isinstance(right, Decimal)
    wrong = row[column] = Decimal(str(right)[1:])
    book, page, marked = (folder / name for name in _FILES[2:])
    fill(report, edition, book, totals="given", force=force)
    validation = validate(book)
    write_text(page, render(validation, file=book.name), force=force)
    annotate(validation, marked, force=force)
    told = next(f for f in validation.findings if f.suspect)
    click.echo(f"4. 把 {code} 的{column} {right} 录成 {wrong}，存为 {book} → {validation.verdict}")
    click.echo(f"   {told.rule} {told.message}")
    click.echo(f"   {told.hint}")
    click.echo(f"   报告 {page}，标注本 {marked}")
