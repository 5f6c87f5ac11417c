"""`xltool finish`: the clean copy to hand in, with its receipt."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli.options import (
    FILE,
    as_typed,
    edition_files,
    edition_option,
    force_option,
    note,
    of_edition,
    output_option,
    put_bytes,
)
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.documents.datafile import dumps

FINDINGS = 1


@click.command(
    help="做出上报稿：去掉标记、批注、校验结果、审核表和空着的可选表，校验合格才写，旁边写回执。"
)
@click.argument("book", type=FILE, metavar="工作簿")
@output_option("写到哪个工作簿", required=True)
@edition_option
@click.option(
    "--explanations", type=FILE, metavar="文件", help="说明：json、csv，或填了说明的标注本"
)
@force_option
def command(
    book: Path, output: Path, edition: str | None, explanations: Path | None, force: bool
) -> int:
    """Write the clean copy when it is 合格; otherwise say why and write nothing."""
    from xltool.cli.blankform import tell_blank
    from xltool.entry.finish import finish, is_receipt, receipt_path
    from xltool.reporting.text.terminal import lines

    receipt = receipt_path(output)
    inputs = [book, *([explanations] if explanations else []), *edition_files(edition)]
    check_outputs([output], inputs, force=force, made=is_marked)
    check_outputs([receipt], inputs, force=force, made=is_receipt)
    done = finish(book, edition, explanations=explanations)
    for what in done.taken_off:
        note(f"去掉了：{what}")
    for what in done.restored:
        note(f"照表样：{what}")
    if done.validation.verdict != "合格":
        for line in lines(done.validation):
            click.echo(line)
        note(f"没有写上报稿：结论是{done.validation.verdict}，先照上面说的改好或写明说明")
        if tell_blank(done.validation, book):
            return FINDINGS
        own = of_edition(edition)
        marked = as_typed("xltool", "validate", book, *own, "--annotate", "标注.xlsx")
        again = as_typed(
            "xltool", "finish", book, *own, "-o", output, "--explanations", "标注.xlsx"
        )
        note(f"说明写在标注本的“说明”一栏：{marked}")
        note(f"写好以后：{again}")
        return FINDINGS
    put_bytes(output, done.data, force=force)
    put_bytes(receipt, dumps(done.receipt(output.name)).encode(), force=force)
    click.echo(f"上报稿：{output}　结论：合格　回执：{receipt}")
    return 0
