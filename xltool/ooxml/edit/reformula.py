"""Rewriting the formulas of a sheet in their cells; shared ones stay shared where they can."""

from __future__ import annotations

from collections.abc import Mapping

from xltool.ooxml.edit.cellpatch import set_formula_text, touch
from xltool.ooxml.edit.rowedit import RowEdit
from xltool.ooxml.edit.sheettext import SheetText
from xltool.ooxml.read.refs import Range, split_ref
from xltool.ooxml.read.rewriting import shift
from xltool.ooxml.read.shared import StoredFormula
from xltool.ooxml.read.xlsx.sheet import XlsxSheet


def rewrite_formulas(
    view: XlsxSheet, text: SheetText, new: Mapping[str, str], edit: RowEdit | None = None
) -> None:
    """Give each formula cell its text in `new`, by its present reference.

    With `edit`, the rows of this sheet are about to move: what array and shared formulas state
    about their place follows, and cells whose row goes away are left alone.
    """
    stored, old = view.stored_formulas, view.formulas()
    wanted: dict[str, StoredFormula] = {}
    groups: dict[str, list[str]] = {}
    for ref, formula in stored.items():
        if ref not in new or _row(ref, edit) is None:
            continue
        if formula.kind == "shared":
            groups.setdefault(formula.group, []).append(ref)
        else:
            area = _area(formula.area, edit) if formula.area else ""
            wanted[ref] = formula._replace(text=new[ref], area=area)
    for members in groups.values():
        if any(new[ref] != old[ref] or _row(ref, edit) != split_ref(ref)[0] for ref in members):
            wanted.update(_shared(members, stored, new, edit))
    for ref, formula in wanted.items():
        if formula != stored[ref]:
            _patch(text, ref, formula, stored[ref])
    view.forget(shell=False)


def _shared(
    members: list[str],
    stored: Mapping[str, StoredFormula],
    new: Mapping[str, str],
    edit: RowEdit | None,
) -> dict[str, StoredFormula]:
    """How the formulas of a shared group are stored: still shared, or else each in its cell."""
    masters = [ref for ref in members if stored[ref].area]
    if len(masters) == 1 and all(_follows(masters[0], ref, stored, new, edit) for ref in members):
        formula = stored[masters[0]]
        area = _area(formula.area, edit)
        return {masters[0]: formula._replace(text=new[masters[0]], area=area)}
    return {ref: StoredFormula(new[ref], "", "", "") for ref in members}


def _follows(
    master: str,
    ref: str,
    stored: Mapping[str, StoredFormula],
    new: Mapping[str, str],
    edit: RowEdit | None,
) -> bool:
    """True when the formula of `ref` is that of `master`, copied there."""
    if ref != master and stored[ref].text:
        return False
    rows = (_row(ref, edit) or 0) - (_row(master, edit) or 0)
    columns = split_ref(ref)[1] - split_ref(master)[1]
    return shift(new[master], rows, columns) == new[ref]


def _row(ref: str, edit: RowEdit | None) -> int | None:
    row = split_ref(ref)[0]
    return edit.row(row) if edit else row


def _area(area: str, edit: RowEdit | None) -> str:
    moved = edit.area(Range.parse(area), grow=False) if edit else None
    return area if moved is None or moved == Range.parse(area) else str(moved)


def _patch(text: SheetText, ref: str, formula: StoredFormula, old: StoredFormula) -> None:
    number, column = split_ref(ref)
    row = text.row(number)
    cell = row.cell(column) if row else None
    if row is not None and cell is not None:
        set_formula_text(cell, text.dialect, formula, old)
        touch(text, row)
