"""`xltool fill`: a data document or a long table -> the official workbook."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import FILE, edition_option, force_option, note, output_option
from xltool.documents.load import load
from xltool.filling import fill
from xltool.filling.totals import Mode
from xltool.ooxml import Editor


@click.command(help="按数据文档（JSON、YAML）或长表（CSV、XLSX）填报官方工作簿。")
@click.argument("data", type=FILE, metavar="数据")
@output_option("写到哪个工作簿", required=True)
@edition_option
@click.option(
    "--template", type=FILE, metavar="文件", help="填在这份空白工作簿上（默认用版本自带的表样）"
)
@click.option(
    "--totals",
    type=click.Choice(["formula", "given"]),
    default="formula",
    show_default=True,
    help="合计与文档不一致时：formula 报出来不写；given 照文档写",
)
@click.option(
    "--live-checks", is_flag=True, help="加一张审核表：勾稽规则写成公式，在 Excel、WPS 里随填随算"
)
@force_option
def command(
    data: Path,
    output: Path,
    edition: str | None,
    template: Path | None,
    totals: str,
    live_checks: bool,
    force: bool,
) -> None:
    """Fill and say what was written."""
    report, found = load(data, edition, lambda text: note(f"提示：{text}"))
    mode: Mode = "given" if totals == "given" else "formula"

    def finish(editor: Editor, had_checks: bool) -> None:
        if live_checks or had_checks:
            from xltool.livechecks import add_checks_sheet

            add_checks_sheet(editor, edition=found)

    filled = fill(report, found, output, template=template, totals=mode, force=force, finish=finish)
    for text in filled.notes:
        note(f"提示：{text}")
    for path in filled.files:
        click.echo(f"已填报：{path}")
