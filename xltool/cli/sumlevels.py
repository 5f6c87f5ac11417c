"""`xltool sum --by`: units, departments and the region in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xltool.batch.filenames import FileNames
from xltool.batch.source import Source
from xltool.cli.options import note, put_json
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.suffixes import WORKBOOKS
from xltool.documents.datafile import dumps
from xltool.sums import suggesting, telling
from xltool.sums.adjustments import load_adjustments
from xltool.sums.levels import (
    Belonging,
    LevelResult,
    SumLevel,
    levels,
    made_books,
    write_levels,
)
from xltool.sums.sumreport import report
from xltool.sums.units import load_units

if TYPE_CHECKING:
    from xltool.season.counted import Lacking

OK, FINDINGS = 0, 1


class LevelRequest(NamedTuple):
    """What was asked for."""

    outputs: Sequence[Path]
    name: str | None
    adjust: Sequence[Path]
    made: Path | None
    partial: bool
    listed: Path
    edition: str | None
    unit: str | None
    suggest: Path | None
    form: str


def sum_levels(
    request: LevelRequest,
    sources: Callable[[Sequence[Path]], tuple[list[Source], list[Lacking]]],
) -> int:
    """Add every department of the list and all of them; 1 when anything is missing, not 合格, or differs.

    `sources` are the workbooks, and the units that a season lacks.
    """
    raise_if(_refusals(request))
    listed = _belonging(request.listed)
    own = _own_books(request.made)
    books, lacking = sources([request.listed, *request.adjust, *own])
    loaded = load_units(
        books,
        edition=request.edition,
        unit=request.unit,
        partial=request.partial,
    )
    loaded.missing += [unit.problem for unit in lacking]
    region = request.name or "全部单位"
    away = [Belonging(unit.code, unit.name, unit.department) for unit in lacking]
    found = levels(loaded, listed, away, region, partial=request.partial)
    if not any(level.units for level in found):
        raise InputError(Problem(request.listed.name, "没有一个能汇总的部门", code="nothing-to-do"))
    adjustments = load_adjustments(request.adjust, loaded.units, loaded.unit)
    theirs = made_books(own, [level.name for level in found], request.edition, loaded.unit)
    results = write_levels(found, loaded.unit, adjustments, theirs, request.outputs[0])
    if request.form == "json":
        put_json(dumps([_report(result) for result in results]), None, force=False)
    else:
        for line in _lines(found, results, compared=request.made is not None):
            click.echo(line)
    note(f"已汇总：{request.outputs[0]}，{len(results) - 1} 个部门")
    for copy in loaded.copies:
        note(f"注意：{copy}")
    for problem in loaded.missing:
        note(f"没有加进去：{problem}")
    if request.suggest is not None:
        _suggest(request.suggest, results)
    return OK if all(result.clean for result in results) and not loaded.missing else FINDINGS


def _belonging(path: Path) -> list[Belonging]:
    """Whose each unit is, as a list of units says. Raises `InputError`."""
    from xltool.season.unitlist import read_list

    listed = [Belonging(unit.code, unit.name, unit.department) for unit in read_list(path)]
    if not any(line.department for line in listed):
        hint = "清单加一列“主管部门”"
        raise InputError(Problem(path.name, "没有写主管部门", hint, code="missing-value"))
    return listed


def _suggest(folder: Path, results: Sequence[LevelResult]) -> None:
    """An adjustment for each department whose own book differs; those of the region follow from them."""
    names = FileNames()
    for result in results:
        if result.found is None or result.level.whole or not result.found.differences:
            continue
        made = suggesting.suggest(result.found, result.result)
        for line in telling.suggested(made):
            note(f"{result.level.name}：{line}")
        if made.cells:
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / names.take(result.level.name, ".yaml")
            document = suggesting.document(made, result.result, result.level.name)
            put_json(dumps(document), target, force=False)
            note(f"建议的调整表：{target}，看过、改过再用 --adjust 加上")


def _refusals(request: LevelRequest) -> Iterator[Problem]:
    if len(request.outputs) != 1 or request.outputs[0].suffix:
        yield Problem("-o", "按部门汇总时要写一个新文件夹的名字", code="bad-target")
    elif request.outputs[0].exists():
        yield Problem(
            str(request.outputs[0]), "已经有了，没有覆盖", "换一个新文件夹", code="exists"
        )
    for path in (request.listed, *request.adjust):
        if not path.is_file():
            yield Problem(str(path), "没有这个文件", code="missing")
    if request.made is not None and not request.made.is_dir():
        hint = "用了 --by，--check 要是装着各部门工作簿的文件夹"
        yield Problem(str(request.made), "不是文件夹", hint, code="bad-option")
    if request.suggest is not None and request.made is None:
        hint = "加 --check 装着各部门工作簿的文件夹"
        yield Problem("--suggest", "要与 --check 一起用", hint, code="bad-option")
    if request.suggest is not None and request.suggest.exists():
        told = "已经有了，没有覆盖"
        yield Problem(
            str(request.suggest), told, "用了 --by，--suggest 要写一个新文件夹", code="exists"
        )


def _own_books(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in WORKBOOKS and not path.name.startswith("~$")
    )


def _report(result: LevelResult) -> dict[str, Any]:
    level = result.level
    lacking = [Problem(name, "没有给进来", code="missing") for name in level.missing]
    return report(result.result, level.name, result.check, result.found, lacking)


def _lines(
    found: Sequence[SumLevel], results: Sequence[LevelResult], *, compared: bool
) -> Iterator[str]:
    made = iter(
        results
    )  # of the levels with units, in their order: the region may be called as a department is
    for level in found:
        if level.units:
            yield from _told(next(made), compared=compared)
        else:
            yield f"{level.name}：一个单位也没有给进来，没有汇总；缺 {_listed(level.missing)}"


def _listed(missing: Sequence[str]) -> str:
    return f"{len(missing)} 个：{'、'.join(missing)}"


def _told(result: LevelResult, *, compared: bool) -> Iterator[str]:
    level = result.level
    words = f"{level.name}：{len(level.units)} 个单位，{result.check.verdict}，{result.file}"
    if level.missing and not level.whole:
        words += f"；缺 {_listed(level.missing)}"
    elif level.missing:
        words += f"；缺 {len(level.missing)} 个"
    yield click.style(words, bold=level.whole)
    yield from telling.adjusted(result.result)
    if result.found is not None:
        yield from telling.compared(result.found)
    elif compared:
        yield "  没有这个部门自己的表，没有核对"
