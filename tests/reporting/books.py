"""Filled samples, and the same with slips, validated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.books import fill_raw
from tests.support.editing import edited
from xltool.checks import Validation, validate
from xltool.core.resources import SAMPLES
from xltool.documents.datafile import read_document
from xltool.ooxml import Editor
from xltool.ooxml.calc.recalc import recalculate

BEIGUAN, SGB = "beiguan-2021", "sgb-2024"


@lru_cache(maxsize=4)
def filled(sample: str) -> bytes:
    """A bundled sample as a filled workbook, its published totals as they stand."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"{sample}.xlsx"
        fill_raw(read_document(SAMPLES / f"{sample}.json"), out, totals="given")
        return out.read_bytes()


@lru_cache(maxsize=2)
def year_before(sample: str) -> bytes:
    """A sample's figures as the workbook of the year before."""
    raw = read_document(SAMPLES / f"{sample}.json")
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"{sample}.xlsx"
        fill_raw({**raw, "年度": raw["年度"] - 1}, out, totals="given")
        return out.read_bytes()


def with_cells(sample: str, cells: Mapping[tuple[str, str], Decimal | str | None]) -> bytes:
    """A sample with other contents in some cells, recalculated as Excel would."""
    return with_edit(sample, lambda editor: _put(editor, cells))


def with_edit(sample: str, edit: Callable[[Editor], object]) -> bytes:
    """A sample after an edit, recalculated."""
    return edited(filled(sample), lambda editor: (edit(editor), _calculate(editor)))


def _put(editor: Editor, cells: Mapping[tuple[str, str], Decimal | str | None]) -> None:
    for (sheet, ref), value in cells.items():
        editor.set(sheet, ref, value, over_formula=True)


def _calculate(editor: Editor) -> None:
    for (sheet, ref), value in recalculate(editor.sheets()).values.items():
        editor.set_cached(sheet, ref, value)


@lru_cache(maxsize=4)
def clean(sample: str = SGB) -> Validation:
    """A sample that nothing was changed in. Not to be changed."""
    return validate(filled(sample))


@lru_cache(maxsize=1)
def broken() -> Validation:
    """Several slips: a wrong total, a text for an amount, a stray figure, a negative one. Not to be changed."""
    slips: dict[tuple[str, str], Decimal | str | None] = {
        ("收入支出决算总表", "D33"): Decimal("308.82"),
        ("收入决算表", "D17"): "二点二二",
        ("收入支出决算总表", "F20"): Decimal("12.5"),
        ("一般公共预算财政拨款基本支出决算表", "C11"): Decimal("-4.64"),
    }
    return validate(with_cells(SGB, slips))
