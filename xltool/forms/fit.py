"""How a blank form differs from the mapping of one of its tables: each difference with its line in the mapping file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.core.hints import Hint
from xltool.core.problems import Problem
from xltool.core.resources import MAPPINGS
from xltool.core.texts import norm, quoted
from xltool.core.yamlfile import line_of
from xltool.mapping.blocks import Anchor, Codes, Form, ListBlock
from xltool.mapping.files import base_of
from xltool.mapping.located import as_text
from xltool.mapping.model import TableMapping
from xltool.mapping.titles import is_title
from xltool.ooxml import Sheet, make_ref, split_ref

_SHOWN = 3
_FEW = 5
"""So many differences are told one by one."""


class Misfit(NamedTuple):
    """A cell that prints something else than the mapping says; `keys` lead to the entry in its file."""

    ref: str
    wanted: str
    found: str | None
    keys: tuple[str, ...]


def line_in(source: str, keys: Sequence[str]) -> str:
    """The file and the line where a mapping says something: in the file itself, else in the one that it extends."""
    file: Path | None = Path(source)
    while file is not None:
        if line := line_of(file, keys, exact=True):
            if str(file) == source:
                return f"{file.name} 第{line}行"
            return f"{Path(source).name}（沿用 {file.parent.name}/{file.name} 第{line}行，不同的写在自己的文件里）"
        file = base_of(file)
    line = line_of(Path(source), keys)
    return f"{Path(source).name} 第{line}行" if line else Path(source).name


def printed_at(sheet: Sheet, ref: str) -> str:
    """What a cell of a form prints, for people."""
    here = as_text(sheet.value(ref))
    return f"印的是“{here}”" if here else "是空白"


def misfits(mapping: TableMapping, sheet: Sheet) -> Iterator[Misfit]:
    """The cells of a blank form that print something else than its mapping says."""
    title = mapping.title.range
    text = as_text(sheet.value(title.anchor))
    if not is_title(text or "", mapping.title):
        yield Misfit(title.anchor, mapping.title.text, text, ("title", str(title)))
    for anchor, keys in _anchors(mapping):
        ref = anchor.range.anchor
        text = as_text(sheet.value(ref))
        if text is None or not anchor.matches(text):
            yield Misfit(ref, anchor.text, text, keys)
    for block in mapping.blocks:
        if isinstance(block, Codes):
            for pane in block.panes:
                for row, printed in zip(pane.rows, pane.printed, strict=True):
                    ref = make_ref(row, pane.code)
                    if (text := as_text(sheet.value(ref))) != printed:
                        keys = ("blocks", block.name, "panes", pane.name, "list")
                        yield Misfit(ref, printed or "空白", text, keys)


def _anchors(mapping: TableMapping) -> Iterator[tuple[Anchor, tuple[str, ...]]]:
    for anchor in mapping.header:
        yield anchor, ("header", str(anchor.range))
    for block in mapping.blocks:
        where = ("blocks", block.name)
        if isinstance(block, Form):
            for cell in block.cells:
                yield cell.label, (*where, "cells", cell.name)
            for anchor in block.label_anchors:
                yield anchor, (*where, "rows", str(anchor.range.top))
        elif isinstance(block, ListBlock) and block.total:
            yield block.total.label, (*where, "total")


def misfit_problems(mapping: TableMapping, sheet: Sheet) -> list[Problem]:
    """The differences, those of one cause as one: a form that is moved, or another table's."""
    found = list(misfits(mapping, sheet))
    if len(found) <= _FEW:
        return [_problem(mapping, sheet, misfit) for misfit in found]
    shown = "；".join(_told(misfit) for misfit in found[:_SHOWN])
    where = line_in(mapping.source, found[0].keys)
    told = f"工作表“{sheet.name}”有{len(found)}格与映射对不上，如{shown}"
    return [Problem(where, told, _cause(mapping, sheet, found), code="bad-mapping")]


def _problem(mapping: TableMapping, sheet: Sheet, misfit: Misfit) -> Problem:
    where = line_in(mapping.source, misfit.keys)
    elsewhere = _places(sheet, misfit.wanted)
    if elsewhere:
        hint = f"这几个字在{'、'.join(elsewhere[:_SHOWN])}：改成那里的地址，或把表样改回"
    else:
        hint = "改成表样印的字，或换一份对的表样"
    return Problem(where, f"工作表“{sheet.name}”{_told(misfit)}", hint, code="bad-mapping")


def _told(misfit: Misfit) -> str:
    found = f"印的是{quoted(misfit.found)}" if misfit.found else "是空白"
    return f"{misfit.ref} 应是“{misfit.wanted}”，表样上{found}"


def _places(sheet: Sheet, text: str) -> list[str]:
    wanted = norm(text)
    return [r for r, v in sheet.items() if isinstance(v, str) and norm(v) == wanted]


def _cause(mapping: TableMapping, sheet: Sheet, found: Sequence[Misfit]) -> Hint:
    """What makes so many cells differ."""
    shifts: Counter[tuple[int, int]] = Counter()
    for misfit in found:
        places = _places(sheet, misfit.wanted)
        if len(places) == 1:
            (row, column), (own_row, own_column) = split_ref(places[0]), split_ref(misfit.ref)
            shifts[row - own_row, column - own_column] += 1
    ((down, right), often), *_ = shifts.most_common(1) or [((0, 0), 0)]
    if 2 * often < len(found):
        told = "多半是另一张表的表样，或改得太多：换一份对的"
        return Hint(f"{told}，或用 mapping init 从表样做", told)
    moves = [f"{'下' if down > 0 else '上'}移{abs(down)}行"] if down else []
    moves += [f"{'右' if right > 0 else '左'}移{abs(right)}栏"] if right else []
    first = min((split_ref(misfit.ref)[0] for misfit in found), default=0)
    what = "行号" if down else "列号"
    file = Path(mapping.source).name
    own = "" if MAPPINGS not in Path(mapping.source).parents else "复制到自己的文件夹以后，"
    told = f"表样从第{first}行起{'、'.join(moves)}"
    return Hint(
        f"{told}：{own}把 {file} 里这些{what}都改过来，或把表样改回；也可以用 mapping init 从表样做",
        f"{told}：把表样改回",
    )
