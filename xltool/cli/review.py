"""`xltool review`: a folder of submissions -> a page of all books, reports, a summary, a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xltool.batch.extras import BATCH, arrow_alone, require
from xltool.checks.unittypes import tells_unit_types
from xltool.cli.manybooks import (
    batch_run_options,
    given_for_all,
    how_run,
    interrupted,
    listed_paths,
    run_options,
)
from xltool.cli.options import FILE, as_typed, batch_check_options, edition_option, named, note
from xltool.editions import find_edition

if TYPE_CHECKING:
    from xltool.batch.source import FoundBooks
    from xltool.batch.task import Options
    from xltool.review.run import Reviewed, ReviewRequest

OK, FINDINGS = 0, 1
_SHOWN = 10


@click.command(
    help="审核一个文件夹的报送：汇总页、各簿报告、汇总表、数据库，可另存标注本、与上次比较。"
)
@click.argument("paths", nargs=-1, required=True, metavar="路径…")
@click.option("-o", "--output", type=FILE, required=True, metavar="文件夹", help="写到哪个新文件夹")
@click.option("--annotate", is_flag=True, help="另存标出问题的工作簿（标注本）")
@click.option("--all-reports", is_flag=True, help="没有问题的工作簿也写报告")
@click.option("--prior-review", type=FILE, metavar="文件夹", help="以前的审核结果，逐单位比较")
@click.option(
    "--season", type=FILE, metavar="文件夹", help="审核季：把这一轮记进去，问题的状态跨轮延续"
)
@click.option(
    "--units", type=FILE, metavar="文件", help="单位清单（.xlsx、.csv）：查应报、未报、重复、多报"
)
@edition_option
@batch_check_options
@batch_run_options
def command(paths: tuple[str, ...], output: Path, **options: Any) -> int:
    """Review; 0 when every book is 合格, 1 when not or when one could not be read, 2 when it could not be done."""
    require("batch", *BATCH, "duckdb")
    if options["dask"] is not None:
        require("dask", "distributed")
    arrow_alone()
    from xltool.batch.progress import Progress
    from xltool.review.run import review

    output = named(output)
    work = output.with_name(f"{output.name}.part")
    found, how, request = _prepared(paths, output, work, options)
    with Progress(len(found.sources)) as progress:
        try:
            done = review(
                found.sources,
                output,
                how,
                request,
                **how_run(options),
                progress=progress,
            )
        except KeyboardInterrupt:
            return interrupted(work)
    for line in (*_lines(done), *map(str, (*request.passed, *done.unread_prior))):
        click.echo(line)
    for table in done.extra:
        if table.rows and table.note:
            click.echo(f"{table.title}：{table.note}")
    if options["season"] is not None:
        shown = as_typed("xltool", "season", "show", options["season"])
        click.echo(f"已记入审核季：{options['season']}（各单位、要认定的：{shown}）")
    click.echo(f"打开看：{output / '审核汇总.html'}")
    wrong = any(row["结论"] in ("不符", "未能读取") for row in done.texts)
    return OK if set(done.collected.verdicts) <= {"合格"} and not wrong else FINDINGS


def _prepared(
    paths: tuple[str, ...], output: Path, work: Path, options: dict[str, Any]
) -> tuple[FoundBooks, Options, ReviewRequest]:
    """What is to be reviewed and how; refusals come before any work. Files given beside are no submissions."""
    from xltool.batch.discovered import find_books
    from xltool.batch.skipped import passed_over
    from xltool.review.run import ReviewRequest
    from xltool.season.keeper import check, keeper
    from xltool.season.unitlist import read_list

    edition = find_edition(options["edition"]).source if options["edition"] else None
    season, units = options["season"], options["units"]
    if units and not options["unit_type"] and tells_unit_types(units):
        options["unit_type"] = str(units)
    given = given_for_all(options)
    found = find_books(
        paths,
        listed_paths(paths),
        outputs=(output, work),
        aside=[*given.files, *(path for path in (season, units) if path is not None)],
        texts=True,
        letters=season is not None,
    )
    if season is not None:
        check(season, output, anew=options["force"] and output.exists())
    how = run_options(options, edition, given, found.letters, validate=True)
    request = ReviewRequest(
        options["annotate"],
        options["all_reports"],
        options["prior_review"],
        tuple(passed_over(found)),
        keeper(season, found.sources, read_list(units) if units else (), note),
        found.texts,
    )
    return found, how, request


def _lines(done: Reviewed) -> Iterator[str]:
    from xltool.review.compare import STATES

    collected = done.collected
    counts = (
        f"{word} {collected.verdicts[word]}"
        for word in ("不合格", "未完成审核", "合格", "未能读取")
        if collected.verdicts[word]
    )
    yield "：".join(filter(None, (f"共 {len(collected)} 份工作簿", "，".join(counts))))
    if len(collected.years) > 1:
        yield f"年度不止一个：{'、'.join(collected.years_in_words)}"
    if done.kept:
        yield f"其中 {done.kept} 份上次已做完，没有重做"
    if done.changes is not None:
        total = done.changes.total
        states = (f"{state} {total[state]} 处" for state in STATES if total[state])
        yield f"与上次比较：{'，'.join(states) or '没有变化'}"
        if done.changes.missing:
            missing = list(done.changes.missing)
            yield f"上次有、本次没有交的单位 {len(missing)} 个：{_some(missing)}"
        if books := [f"{book.unit} {book.file}" for book in done.changes.not_handed_in]:
            yield f"上次有、本次没有交的工作簿 {len(books)} 份：{_some(books)}"
        for name, why in done.changes.ambiguous.items():
            yield f"不能断定是同一个“{name}”：{why}；没有的问题记“未能核对”，不算已改正"
    reasons = Counter(str(line.book["原因"]).partition("\n")[0] for line in collected.unread)
    if reasons:
        yield "未能读取的原因："
        for reason, count in reasons.most_common(_SHOWN):
            yield f"  {count} 份：{reason[:200]}"
    worst = collected.worst_rules[:5]
    if worst:
        yield "错得最多的规则：" + "，".join(f"{h.id}（{h.books['不符']} 份）" for h in worst)


def _some(names: list[str]) -> str:
    return "、".join(names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")
