"""`xltool convert`: many workbooks -> a database, tables or documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.batch.extras import BATCH, arrow_alone, require
from xltool.batch.outputs import KINDS, kind_of, needed
from xltool.cli.manybooks import (
    batch_run_options,
    given_for_all,
    how_run,
    interrupted,
    listed_paths,
    run_options,
)
from xltool.cli.options import FILE, batch_check_options, edition_option, named
from xltool.core.problems import InputError, Problem
from xltool.editions import find_edition

if TYPE_CHECKING:
    from xltool.batch.convert import Tally
    from xltool.batch.source import FoundBooks

OK, FINDINGS = 0, 1
_SHOWN = 10


@click.command(help="成批转换：文件夹、通配符、zip 压缩包里的工作簿，转成数据库、表或数据文档。")
@click.argument("paths", nargs=-1, required=True, metavar="路径…")
@click.option("-o", "--output", type=FILE, required=True, metavar="输出", help="输出的文件或文件夹")
@click.option(
    "--to",
    type=click.Choice(KINDS),
    help="输出的形式（默认看输出的后缀）：duckdb、sqlite、xlsx 是一个文件，其余是文件夹",
)
@edition_option
@click.option("--validate", is_flag=True, help="同时校验，把发现和各规则的结论也写进去")
@batch_check_options
@batch_run_options
def command(paths: tuple[str, ...], output: Path, to: str | None, **options: Any) -> int:
    """Convert; 0 when every book was read (and is 合格), 1 when not, 2 when it could not be done."""
    kind = to or kind_of(output)
    _require_validation(options)
    require("batch", *BATCH, *needed(kind))
    if options["dask"] is not None:
        require("dask", "distributed")
    arrow_alone()
    from xltool.batch.convert import convert
    from xltool.batch.discovered import find_books
    from xltool.batch.progress import Progress
    from xltool.season.keeper import judged

    edition = find_edition(options["edition"]).source if options["edition"] else None
    output = named(output)
    work = output.with_name(f"{output.name}.part")
    given = given_for_all(options)
    found = find_books(paths, listed_paths(paths), outputs=(output, work), aside=given.files)
    how = run_options(options, edition, given, found.letters, validate=options["validate"])
    with Progress(len(found.sources)) as progress:
        try:
            tally = convert(
                found.sources,
                output,
                kind,
                how,
                **how_run(options),
                progress=progress,
                finish=judged(found.sources) if kind == "duckdb" else None,
            )
        except KeyboardInterrupt:
            return interrupted(work)
    for line in (*_summary(tally, found), *map(str, tally.unread_prior)):
        click.echo(line)
    click.echo(f"输出：{output}")
    return OK if tally.clean else FINDINGS


def _require_validation(options: dict[str, Any]) -> None:
    """What only matters to a validation makes no sense without one."""
    names = ("rules", "prior", "explanations", "unit_type", "external")
    given = [f"--{name.replace('_', '-')}" for name in names if options[name]]
    if given and not options["validate"]:
        raise InputError(
            Problem("、".join(given), "只有校验才用得上", "加 --validate", code="bad-option")
        )


def _summary(tally: Tally, found: FoundBooks) -> Iterator[str]:
    from xltool.batch.skipped import passed_over

    states = "，".join(
        f"{s} {tally.states[s]}" for s in ("成功", "部分", "失败") if tally.states[s]
    )
    yield f"共 {tally.states.total()} 份工作簿：{states}；数据 {tally.facts:,} 条"
    if tally.kept:
        yield f"其中 {tally.kept} 份上次已做完，没有重做"
    if tally.verdicts:
        counts = (f"{word} {n}" for word, n in sorted(tally.verdicts.items()))
        yield f"校验：{'，'.join(counts)}"
    if tally.reasons:
        yield "失败的原因："
        ordered = sorted(tally.reasons.items(), key=lambda item: (-item[1], item[0]))
        for reason, count in ordered[:_SHOWN]:
            yield f"  {count} 份：{reason.partition(chr(10))[0][:200]}"
        if len(ordered) > _SHOWN:
            yield f"  …… 其余 {len(ordered) - _SHOWN} 种略，见输出的 books 表"
    yield from map(str, passed_over(found))
