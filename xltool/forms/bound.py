"""The cells of a form that a mapping binds, and those that it binds in vain."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.core.model import RECOGNISED
from xltool.core.problems import Problem
from xltool.forms.fit import line_in
from xltool.mapping.blocks import Codes, Form, ListBlock
from xltool.mapping.model import TableMapping
from xltool.ooxml import Range, Sheet, make_ref

_FEW = 3
"""So many pairs of columns that meet are told one by one."""


def bound_cells(mapping: TableMapping) -> Iterator[tuple[str, str]]:
    """Address in the template and name of every bound cell; list rows each by their columns."""
    for block in mapping.blocks:
        match block:
            case Form():
                yield from _form_cells(block)
            case ListBlock():
                yield from _list_cells(block)
            case Codes():
                for pane in block.panes:
                    for row, code in pane.places:
                        name = f"{block.name}[{code}]·{pane.amount.name}"
                        yield make_ref(row, pane.amount.left), name


def _form_cells(block: Form) -> Iterator[tuple[str, str]]:
    for cell in block.cells:
        yield cell.range.anchor, "·".join(cell.path)
    for row, name in block.placed_rows:
        for column in block.columns_of(row):
            yield make_ref(row, column.left), "·".join(block.path_of(name, column.name))


def _list_cells(block: ListBlock) -> Iterator[tuple[str, str]]:
    for number in range(block.first, block.last + 1):
        for column in block.columns:
            if (column.kind, column.code) in (("name", "named"), ("code", "unprinted")):
                continue  # it stands in the cell of the code
            name = f"{block.name}[{number - block.first + 1}]·{column.name}"
            yield make_ref(number, column.left), name
    if block.total:
        for field in block.fields:
            left = block.by_name[field.column].left
            yield make_ref(block.total.row, left), "·".join(field.path)


def line_of_binding(mapping: TableMapping, *keys: str) -> str:
    """The line of a mapping file; of a table without one its sheet."""
    if mapping.source == RECOGNISED:
        return f"工作表“{mapping.sheet}”（{mapping.table}）"
    return line_in(mapping.source, keys)


def keys_of(name: str) -> tuple[str, ...]:
    """Where a mapping file says where a bound cell is: of a list's cell the line of its column."""
    block, found, column = name.partition("[")
    if found:
        return ("blocks", block, "columns", column.partition("·")[2])
    return ("blocks", name.partition("·")[0])


def bound_twice(mapping: TableMapping) -> Iterator[Problem]:
    """Cells with two fields, those of two columns told together."""
    seen: dict[str, str] = {}
    twice: dict[tuple[tuple[str, ...], ...], list[tuple[str, str, str]]] = {}
    for ref, name in bound_cells(mapping):
        if (other := seen.setdefault(ref, name)) != name:
            twice.setdefault((keys_of(other), keys_of(name)), []).append((ref, other, name))
    if len(twice) > _FEW:
        (_, keys), cells = next(iter(twice.items()))
        ref, other, name = cells[0]
        count = sum(map(len, twice.values()))
        told = f"{count}格绑定了两个字段，如 {ref}：{other}、{name}"
        hint = "多半是首行、合计行或一栏的地址错了：改其中一处"
        yield Problem(line_of_binding(mapping, *keys), told, hint, code="bad-mapping")
        return
    for (_, keys), cells in twice.items():
        ref, other, name = cells[0]
        more = f"等{len(cells)}格" if len(cells) > 1 else ""
        told = f"单元格 {ref} {more}绑定了两个字段：{other}、{name}"
        yield Problem(line_of_binding(mapping, *keys), told, "改其中一处的地址", code="bad-mapping")


def covered(mapping: TableMapping, sheet: Sheet, where: str) -> Iterator[Problem]:
    """Bound cells behind the first of a merge, those of one merge told together."""
    found: dict[Range, list[tuple[str, str]]] = {}
    for ref, name in bound_cells(mapping):
        if (merge := sheet.merge_of(ref)) and merge.anchor != ref:
            found.setdefault(merge, []).append((ref, name))
    for merge, cells in found.items():
        ref, name = cells[0]
        more = f"等{len(cells)}格" if len(cells) > 1 else ""
        told = f"{where}{ref}：“{name}”{more}绑定的格被合并区域 {merge} 覆盖"
        hint = "在表样里取消合并，或改绑定的行、列"
        yield Problem(line_in(mapping.source, keys_of(name)), told, hint, code="bad-mapping")
