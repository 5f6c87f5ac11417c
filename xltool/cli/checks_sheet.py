"""`xltool checks-sheet`: adds the live 审核表 to a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import (
    FILE,
    edition_files,
    edition_option,
    force_option,
    note,
    output_option,
)


@click.command(
    help="在工作簿里加一张审核表：每条勾稽规则写成公式，在 Excel、WPS 里随填随算，不需要 xltool。已有的换成新的。"
)
@click.argument("book", type=FILE, metavar="工作簿")
@output_option("写到哪个工作簿", required=True)
@edition_option
@click.option("--rules", multiple=True, type=FILE, metavar="文件", help="另加的规则文件，可多次")
@force_option
def command(
    book: Path, output: Path, edition: str | None, rules: tuple[Path, ...], force: bool
) -> None:
    """Add the sheet and say where the result is."""
    from xltool.core.problems import InputError
    from xltool.core.saving.guard import check_outputs
    from xltool.core.saving.mark import is_marked
    from xltool.editions import find_edition
    from xltool.livechecks import add_checks_sheet
    from xltool.ooxml import Editor, WorkbookError
    from xltool.ooxml.edit.signatures import UNSIGNED
    from xltool.ooxml.package.errors import workbook_problem
    from xltool.reading import examine

    check_outputs([output], [book, *rules, *edition_files(edition)], force=force, made=is_marked)
    reading = examine(book, find_edition(edition) if edition else None)
    try:
        editor = Editor(reading.workbook)
        name = add_checks_sheet(editor, reading, rules=rules)
        if editor.unsigned:
            note(f"提示：{UNSIGNED}")
        editor.save(output, overwrite=force, own=True)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(output))) from error
    for problem in reading.problems:
        note(f"提示：{problem}；有关的规则记作“未执行”")
    click.echo(f"已加“{name}”：{output}")
