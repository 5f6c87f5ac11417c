"""`xltool new`: the blank official workbook, a data document or a long table to begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from xltool.cli.options import (
    FILE,
    edition_files,
    force_option,
    holds,
    note,
    output_option,
    put_bytes,
)
from xltool.core.problems import InputError, Problem
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import is_marked
from xltool.editions import Edition, find_edition

KINDS = ("表样", "填数表", "数据", "长表")
_BY_SUFFIX = {".xlsx": "表样", ".xlsm": "表样", ".yaml": "数据", ".yml": "数据", ".csv": "长表"}


@click.command(
    help="给出开始填报用的文件：空白的官方工作簿、填数表（Excel，只填推算不出来的数）、"
    "数据文档的骨架（YAML）或长表（CSV）。"
)
@click.option(
    "-e",
    "--edition",
    required=True,
    metavar="版本",
    help="版本，如 2023-national；或自定版本的文件夹",
)
@output_option("写到哪个文件；后缀决定是哪一种", required=True)
@click.option("--kind", type=click.Choice(KINDS), help="哪一种（默认看后缀）")
@click.option("--tables", multiple=True, metavar="表名", help="只要这些表，可多次")
@click.option(
    "--copies",
    type=click.IntRange(1, 50),
    default=1,
    metavar="份数",
    help="填数表里可以有几份的表（项目支出绩效自评表）留几份，默认1份",
)
@click.option(
    "--from",
    "prior",
    type=FILE,
    metavar="文件",
    help="去年的工作簿或数据文档：行和名称留着，数清空，去年的数写在旁边",
)
@force_option
def command(
    edition: str,
    output: Path,
    kind: str | None,
    tables: tuple[str, ...],
    copies: int,
    prior: Path | None,
    force: bool,
) -> None:
    """Write the file and say what to do with it."""
    from xltool.entry import blanks
    from xltool.entry.rollover import last_year

    found = find_edition(edition)
    inputs = [*([prior] if prior else []), *edition_files(edition)]
    wanted = blanks.chosen_tables(found, tables)
    chosen = kind or _kind_of(output)
    last = last_year(prior) if prior is not None else None
    if chosen == "表样":
        if prior is not None:
            message, hint = "表样是空白的，去年的数用不上", "写成 .yaml、.csv，或加 --kind 填数表"
            raise InputError(Problem("--from", message, hint, code="bad-option"))
        _blank_forms(found, wanted, output, inputs, force=force)
        return
    if chosen == "填数表":
        from xltool.entry.sheet.draw import draw
        from xltool.entry.sheet.layout import layout

        data = draw(layout(found, wanted if tables else (), copies=copies), last)
        made: Callable[[Path], bool] = is_marked
    else:
        text = (blanks.skeleton if chosen == "数据" else blanks.long_table)(found, wanted, last)
        data = text.encode("utf-8-sig" if chosen == "长表" else "utf-8")
        made = holds(data)
    check_outputs([output], inputs, force=force, made=made)
    put_bytes(output, data, force=force)
    click.echo(f"{chosen}：{output}")
    note(f"填好后：xltool fill {output.name} -o 报表.xlsx")


def _kind_of(output: Path) -> str:
    """What a file is to be by its suffix. Raises `InputError`."""
    chosen = _BY_SUFFIX.get(output.suffix.lower())
    if chosen is None:
        hint = "后缀用 .xlsx（表样）、.yaml（数据）、.csv（长表），或加 --kind"
        raise InputError(Problem(str(output), "不知道要写哪一种文件", hint, code="bad-option"))
    return chosen


def _blank_forms(
    edition: Edition,
    wanted: list[str],
    output: Path,
    inputs: Sequence[Path],
    *,
    force: bool,
) -> None:
    """Write the blank forms of an edition, further ones beside the first."""
    from xltool.entry import blanks

    for n, (name, data) in enumerate(blanks.blank_books(edition, wanted)):
        path = output.with_name(f"{output.stem}-{name}{output.suffix}") if n else output
        check_outputs([path], inputs, force=force, made=is_marked)
        put_bytes(path, data, force=force)
        click.echo(f"空白的{name}：{path}")
    note("要填好了给 fill 用的，加 --kind 填数表")
