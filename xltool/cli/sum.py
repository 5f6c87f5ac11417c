"""`xltool sum`: the units of a department -> the department's document and workbook; its book checked."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xltool.batch.source import FoundBooks, Source
from xltool.batch.sources import find_sources
from xltool.cli.manybooks import listed_paths
from xltool.cli.options import FILE, edition_option, force_option, note, put_json
from xltool.cli.sumlevels import LevelRequest, sum_levels
from xltool.cli.sumrefusals import refuse
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import collisions
from xltool.core.suffixes import PATCHED
from xltool.documents.datafile import dumps
from xltool.documents.writing import to_raw
from xltool.editions import find_edition
from xltool.sums import suggesting, telling
from xltool.sums.addition import Addition, add
from xltool.sums.adjustments import load_adjustments
from xltool.sums.comparison import Department, SumComparison, compare, read_department
from xltool.sums.department import SumCheck, check_sum, left_out, write
from xltool.sums.sumreport import report
from xltool.sums.units import DOCUMENTS, Loaded, load_units

if TYPE_CHECKING:
    from xltool.season.counted import Lacking

OK, FINDINGS = 0, 1


@click.command(help="把各单位的工作簿（或数据文档）加成部门的，或核对部门的表是不是各单位之和。")
@click.argument("paths", nargs=-1, required=True, metavar="路径…")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=FILE,
    metavar="文件",
    help="汇总写到哪里：.json 数据文档，.xlsx 工作簿；可写两次",
)
@click.option("--name", metavar="名称", help="部门名称（单位名称一栏）")
@click.option(
    "--adjust",
    multiple=True,
    type=FILE,
    metavar="文件",
    help="抵销、差额：同版本的数据文档，可多次",
)
@click.option("--check", "book", type=FILE, metavar="工作簿", help="核对这份部门工作簿")
@click.option(
    "--suggest",
    type=FILE,
    metavar="文件",
    help="把核对出的差额写成调整表（.yaml、.json）供人看，看过再用 --adjust 加上",
)
@click.option(
    "--partial", is_flag=True, help="有的单位不能加（读不了、版本不同）时，先加其余的，并写明缺谁"
)
@click.option(
    "--by",
    "listed",
    type=FILE,
    metavar="单位清单",
    help="按清单里的主管部门分别汇总，再汇总全部；-o、--suggest 是新文件夹，--check 是装着各部门自己的表的文件夹",
)
@click.option(
    "--season", type=FILE, metavar="审核季", help="只加审核季里算数的（同一单位交了几份的只加一份）"
)
@edition_option
@click.option("--unit", type=click.Choice(["元", "万元"]), help="金额单位（默认照各单位的）")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="屏幕上显示的形式",
)
@force_option
def command(
    paths: tuple[str, ...],
    outputs: tuple[Path, ...],
    name: str | None,
    adjust: tuple[Path, ...],
    book: Path | None,
    suggest: Path | None,
    partial: bool,
    listed: Path | None,
    season: Path | None,
    edition: str | None,
    unit: str | None,
    form: str,
    force: bool,
) -> int:
    """Add, write, compare; 1 when the sum is not 合格, not whole, or the department's book differs."""
    if listed is not None:
        given = LevelRequest(
            outputs, name, adjust, book, partial, listed, edition, unit, suggest, form
        )
        return sum_levels(given, lambda aside: _sources(paths, outputs, aside, season))
    inputs = [*adjust, *([book] if book else [])]
    refuse(outputs, inputs, name, book, suggest, force=force)
    sources, lacking = _sources(paths, outputs, inputs, season)
    raise_if(collisions(outputs, [Path(source.path) for source in sources]))
    if edition:
        find_edition(edition)  # refused once, not for every unit
    department = read_department(book, edition, unit) if book else None
    loaded = load_units(
        sources,
        edition=edition,
        unit=unit or (department.unit if department else None),
        partial=partial,
        progress=_progress,
    )
    loaded.missing += [unit.problem for unit in lacking]
    result = add(loaded.units, loaded.unit, load_adjustments(adjust, loaded.units, loaded.unit))
    result.notes += _remarks(loaded, unit_given=bool(unit or department))
    title = name or _name(result, department)
    if loaded.missing:
        title += "（不全）"
    found = compare(department, result) if department else None
    files, check = _made(result, title, outputs, force=force)
    _tell(result, title, check, found, form, loaded.missing)
    for path in files:
        note(f"已汇总：{path}")
    if suggest is not None and found is not None:
        _suggest(suggest, found, result, force=force)
    clean = (check is None or check.verdict == "合格") and not (found and found.differences)
    return OK if _is_whole(loaded.missing) and clean else FINDINGS


def _is_whole(missing: Sequence[Problem]) -> bool:
    """Whether no unit is missing; which are is said."""
    if missing:
        note(f"注意：这不是全部的和，缺 {len(missing)} 份：")
        for problem in missing:
            note(f"  {problem}")
    return not missing


def _suggest(target: Path, found: SumComparison, result: Addition, *, force: bool) -> None:
    """Write the adjustment that would make the sum agree, and say what it is."""
    made = suggesting.suggest(found, result)
    for line in telling.suggested(made):
        note(line)
    if made.cells:
        put_json(dumps(suggesting.document(made, result)), target, force=force)
        note(f"建议的调整表：{target}，看过、改过再用 --adjust 加上")


def _sources(
    paths: tuple[str, ...], outputs: Sequence[Path], inputs: Sequence[Path], season: Path | None
) -> tuple[list[Source], list[Lacking]]:
    """The workbooks to be added, and the units that a season lacks."""
    aside = [*inputs, *([season] if season else [])]
    found = find_sources(paths, listed_paths(paths), outputs=outputs, aside=aside)
    raise_if(found.clashes)
    _passed_over(found)
    if not found.sources:
        hint = "给出各单位的工作簿、数据文档，或工作簿所在的文件夹"
        raise InputError(
            Problem("、".join(paths), "没有可以汇总的工作簿", hint, code="nothing-to-do")
        )
    return (found.sources, []) if season is None else _counted(season, found.sources)


def _counted(season: Path, sources: list[Source]) -> tuple[list[Source], list[Lacking]]:
    """Those that count in a season, and who is missing; documents, which no season knows, all count."""
    from xltool.season.counted import counted

    documents = [s for s in sources if Path(s.path).suffix.lower() in DOCUMENTS]
    found = counted(season, [source for source in sources if source not in documents])
    for name, why in found.left_out:
        note(f"没有加：{name}（{why}）")
    if found.elsewhere:
        note(f"提示：审核季里另有 {found.elsewhere} 份算数的工作簿不在给出的路径里")
    if not (kept := [*found.sources, *documents]):
        hint = "给出各轮收到工作簿的文件夹"
        raise InputError(
            Problem(str(season), "给出的工作簿在审核季里都不算数", hint, code="nothing-to-do")
        )
    return kept, found.lacking


def _passed_over(found: FoundBooks) -> None:
    """What folders hold besides units. Data documents there are not taken for units: they may be anything."""
    from xltool.batch.skipped import own_passed

    for passed in own_passed(found):
        note(str(passed))
    count = sum(n for suffix, n in found.others.items() if suffix in DOCUMENTS)
    if count:
        note(
            f"提示：文件夹里有 {count} 个数据文件（.json、.csv 等）没有汇总；要汇总就逐个写出文件名"
        )


def _progress(name: str) -> None:
    if sys.stderr.isatty():
        note(f"读取 {name}")


def _remarks(loaded: Loaded, *, unit_given: bool) -> Iterator[str]:
    """What to know of the units as they were given."""
    yield from loaded.copies
    if loaded.set_aside:
        yield f"只有自评表、没有可以相加的表，没有汇总：{'、'.join(loaded.set_aside)}"
    if len({source.unit for source in loaded.units}) > 1 and not unit_given:
        yield "各单位有的用元，有的用万元：汇总用元；要用万元就加 --unit 万元"
    if len(loaded.units) == 1:
        yield "只有一个单位，汇总就是它自己的数"


def _name(result: Addition, department: Department | None) -> str:
    if department is not None:
        return department.addend.name
    if len(result.units) == 1:
        return result.units[0].name
    return f"{result.units[0].name}等{len(result.units)}个单位（汇总）"


def _made(
    result: Addition, name: str, outputs: Sequence[Path], *, force: bool
) -> tuple[list[Path], SumCheck | None]:
    """The outputs that were written, and what their validation said."""
    files = [path for output in outputs for path in _write(result, name, output, force=force)]
    books = [path for path in files if path.suffix.lower() in PATCHED]
    return files, check_sum(result, name, books) if files else None


def _write(result: Addition, name: str, output: Path, *, force: bool) -> list[Path]:
    if output.suffix.lower() == ".json":
        put_json(dumps(to_raw(result.report(name))), output, force=force)
        return [output]
    if sheets := left_out(result.edition):
        result.notes.append(f"部门工作簿里不带空白的{'、'.join(sheets)}")
    return write(result, name, output, force=force)


def _tell(
    result: Addition,
    name: str,
    check: SumCheck | None,
    found: SumComparison | None,
    form: str,
    missing: Sequence[Problem],
) -> None:
    if form == "json":
        put_json(dumps(report(result, name, check, found, missing)), None, force=False)
        return
    lines = [*telling.added(result, name), *telling.adjusted(result)]
    if check is not None:
        lines += telling.checked(check, adjusted=bool(result.adjustments))
    if found is not None:
        lines += telling.compared(found)
    for line in lines:
        click.echo(line)
