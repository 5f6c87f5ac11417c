"""A list of waivers as a file (.xlsx, .csv): a line each, its columns found by their heads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xltool.core.amounts import plain
from xltool.core.problems import InputError, Problem
from xltool.core.texts import norm
from xltool.documents.grids import Cell, SourceGrid, grids
from xltool.season.waiving import WaiverRequest

_HEADS = {
    "unit": ("单位编码", "编码", "单位", "单位名称"),
    "rule": ("规则", "规则编号"),
    "where": ("位置",),
    "why": ("理由", "为什么", "原因"),
    "who": ("何人", "谁准的", "批准人"),
    "until": ("到期", "到期日", "到什么时候"),
}
_NEEDED = ("unit", "rule", "why")
_HEAD_ROWS = 20


def read_waivers(path: Path, who: str) -> list[WaiverRequest]:
    """The waivers of a list; `who` grants those that name nobody. Raises `InputError`."""
    found = [request for grid in grids(path) for request in _of_grid(grid, who)]
    if not found:
        told = "找不到“单位编码”（或“单位名称”）、“规则”、“理由”三列，或列名下面没有一行"
        raise InputError(Problem(path.name, told, "可加位置、何人、到期", code="missing-value"))
    return found


def _of_grid(grid: SourceGrid, who: str) -> Iterator[WaiverRequest]:
    columns: dict[str, int] = {}
    for number, row in enumerate(sorted(grid.cells)):
        if columns:
            texts = {name: _text(grid.cells[row].get(column)) for name, column in columns.items()}
            if any(texts.values()):
                request = WaiverRequest(**{"where": "", "until": "", "who": "", **texts})
                yield request._replace(
                    who=request.who or who, place=grid.where(row, columns["unit"])
                )
        elif number < _HEAD_ROWS:
            columns = _columns(grid, row)


def _columns(grid: SourceGrid, row: int) -> dict[str, int]:
    """What each column of a head holds; nothing when the row is no head."""
    texts = {norm(_text(value)): column for column, value in grid.cells[row].items()}
    found = {
        name: texts[word]
        for name, words in _HEADS.items()
        if (word := next((norm(w) for w in words if norm(w) in texts), None)) is not None
    }
    return found if all(name in found for name in _NEEDED) else {}


def _text(value: Cell | None) -> str:
    if value is None:
        return ""
    return (value if isinstance(value, str) else plain(value)).strip()
