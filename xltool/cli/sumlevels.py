"""`xltool sum --by`: units, departments and the region in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from xltool.batch.source import Source
from xltool.cli.options import note
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.suffixes import WORKBOOKS
from xltool.sums import telling
from xltool.sums.adjustments import load_adjustments
from xltool.sums.levels import Belonging, LevelResult, levels, made_books, write_levels
from xltool.sums.units import load_units

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


def sum_levels(request: LevelRequest, sources: Callable[[Sequence[Path]], list[Source]]) -> int:
    """Add every department of the list and all of them; 1 when anything is missing, not 合格, or differs."""
    from xltool.season.unitlist import read_list

    raise_if(_refusals(request))
    listed = [
        Belonging(unit.code, unit.name, unit.department) for unit in read_list(request.listed)
    ]
    if not any(line.department for line in listed):
        hint = "清单加一列“主管部门”"
        raise InputError(Problem(request.listed.name, "没有写主管部门", hint, code="missing-value"))
    own = _own_books(request.made)
    loaded = load_units(
        sources([request.listed, *request.adjust, *own]),
        edition=request.edition,
        unit=request.unit,
        partial=request.partial,
    )
    region = request.name or "全部单位"
    found = levels(loaded, listed, region, partial=request.partial)
    if not found:
        raise InputError(Problem(request.listed.name, "没有一个能汇总的部门", code="nothing-to-do"))
    adjustments = load_adjustments(request.adjust, loaded.units, loaded.unit)
    books = made_books(own, [level.name for level in found], request.edition, loaded.unit)
    results = write_levels(found, loaded.unit, adjustments, books, request.outputs[0])
    for result in results:
        for line in _told(result, compared=request.made is not None):
            click.echo(line)
    note(f"已汇总：{request.outputs[0]}，{len(results) - 1} 个部门")
    for copy in loaded.copies:
        note(f"注意：{copy}")
    for problem in loaded.missing:
        note(f"没有加进去：{problem}")
    return OK if all(result.clean for result in results) and not loaded.missing else FINDINGS


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


def _own_books(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in WORKBOOKS and not path.name.startswith("~$")
    )


def _told(result: LevelResult, *, compared: bool) -> Iterator[str]:
    level = result.level
    words = f"{level.name}：{len(level.units)} 个单位，{result.check.verdict}，{result.file}"
    if level.missing and not level.whole:
        words += f"；缺 {len(level.missing)} 个：{'、'.join(level.missing)}"
    elif level.missing:
        words += f"；缺 {len(level.missing)} 个"
    yield click.style(words, bold=level.whole)
    yield from telling.adjusted(result.result)
    if result.found is not None:
        yield from telling.compared(result.found)
    elif compared:
        yield "  没有这个部门自己的表，没有核对"
