"""Given totals against the formulas of the form.

A given total stands over a formula only where it must: nothing is filled below it, or the clerk said that
the given figures hold (`--totals given`). Otherwise the formula stays, and a total that differs from it at
the precision in which it was given is a problem.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from xltool.core.amounts import convert, decimals, money
from xltool.core.hints import TAKE_GIVEN_TOTALS
from xltool.core.model import Kind
from xltool.core.problems import Problem
from xltool.ooxml import CellError, Editor
from xltool.ooxml import Value as CellValue
from xltool.ooxml.calc.recalc import Recalculation, recalculate

Mode = Literal["formula", "given"]
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """A value that the document gives for a formula cell, in the unit of the form.

    `precision`: its decimals that count. `unit`: the document's and the form's, where it is an amount.
    """

    where: str
    value: Decimal
    precision: int
    unit: tuple[str, str] | None = None

    def told(self, value: Decimal) -> str:
        """A value of the cell as people read it in the document."""
        if self.unit is None or self.unit[0] == self.unit[1]:
            return money(value)
        source, form = self.unit
        return money(convert(value, form, source)) + source


FORM_DECIMALS = 2
"""What the forms print. A total given with fewer decimals is still meant to this precision."""


def precision(value: Decimal, kind: Kind, *, converted: bool) -> int:
    """How many decimals of a given figure are meant: those that it has, at least those that the form prints.

    A ratio counts to four. 元 figures (`converted`) have more decimals on a 万元 form than anybody gave them.
    """
    if converted and kind == "amount":
        return FORM_DECIMALS
    return max(FORM_DECIMALS + 2 if kind == "ratio" else FORM_DECIMALS, decimals(value))


def choose_totals(
    editor: Editor,
    given: Mapping[Cell, Given],
    mode: Mode,
    notes: list[str],
    parents: Collection[Cell] = (),
) -> list[Problem]:
    """Decide each given total, then store every formula's value. Returns what contradicts a formula.

    A given total will show its value in the end, by its formula or over it. So each formula is judged
    by what it makes of the given values of the others. `parents`: the formulas of 类 and 款 that were written.
    """
    result = _with_given(editor, given, parents)
    kept = dict(given)
    unknown = []
    for cell, total in given.items():
        if mode == "formula" and cell not in result.values:
            del kept[cell]
            unknown.append(cell)
        elif _must_override(result, cell, total, mode):
            del kept[cell]
            editor.set(*cell, total.value, over_formula=True)
    if mode == "formula" and any(result.values[cell] != t.value for cell, t in kept.items()):
        # what a formula makes differs from what was given, and others need it; of those that cannot be calculated
        # they need what was given
        result = recalculate(editor.sheets(), {cell: given[cell].value for cell in unknown})
    settled = given.keys() - kept.keys()
    notes += _near(kept, result)
    _forget(editor, [cell for cell in result.uncertain if cell not in settled], notes)
    _store(editor, {cell: v for cell, v in result.values.items() if cell not in settled})
    _keep(editor, {cell: given[cell].value for cell in unknown}, notes)
    return [
        _contradiction(total, result.values[cell])
        for cell, total in kept.items()
        if not agrees(result.values[cell], total)
    ]


def _with_given(
    editor: Editor, given: Mapping[Cell, Given], parents: Collection[Cell]
) -> Recalculation:
    """What the formulas make of the given values. Formulas of `parents` that show nothing go where they are in the
    way: "" is a text, a product of it is an error, and so is what SUMPRODUCT makes of it."""
    values = {cell: total.value for cell, total in given.items()}
    result = recalculate(editor.sheets(), values)
    stuck = {cell[0] for cell in given if cell not in result.values}
    stuck |= {cell[0] for cell, value in result.values.items() if isinstance(value, CellError)}
    blank = [cell for cell in parents if cell[0] in stuck and result.values.get(cell) == ""]
    for cell in blank:
        editor.set(*cell, None, over_formula=True)
    return recalculate(editor.sheets(), values) if blank else result


def _must_override(result: Recalculation, cell: Cell, total: Given, mode: Mode) -> bool:
    if cell not in result.values:
        return True
    computed = result.values[cell]
    if computed is None or computed == "" or isinstance(computed, (CellError, str, bool)):
        return True
    return mode == "given" and computed != total.value


def agrees(computed: CellValue, total: Given) -> bool:
    """Whether what a formula makes is the given value, at the precision that is meant."""
    if not isinstance(computed, Decimal):
        return False
    step = Decimal(1).scaleb(-total.precision)
    return computed.quantize(step, ROUND_HALF_UP) == total.value.quantize(step, ROUND_HALF_UP)


def _near(kept: Mapping[Cell, Given], result: Recalculation) -> list[str]:
    """Which given totals print like the computed ones and differ in 元: the formula stands."""
    told = []
    for cell, total in kept.items():
        computed = result.values[cell]
        exact = total.unit is not None and total.unit[0] != total.unit[1]
        if exact and computed != total.value and agrees(computed, total):
            assert isinstance(computed, Decimal)
            told.append(
                f"{total.where} 给的 {total.told(total.value)}，算得 {total.told(computed)}"
            )
    if not told:
        return []
    shown = "；".join(told[:5]) + (f" 等{len(told)}处" if len(told) > 5 else "")
    return [f"给的合计与明细之和印出来相同，按明细之和：{shown}"]


def _contradiction(total: Given, computed: CellValue) -> Problem:
    assert isinstance(computed, Decimal)
    given, made, difference = map(total.told, (total.value, computed, total.value - computed))
    return Problem(
        total.where,
        f"文档给的是 {given}，按表内公式合计是 {made}，相差 {difference}",
        TAKE_GIVEN_TOTALS.within("核对明细；确认以文档为准，{}"),
        code="total-differs",
    )


def _forget(editor: Editor, cells: Sequence[Cell], notes: list[str]) -> None:
    """Drop the stored values of formulas that nobody here can calculate: they may be out of date."""
    if cells:
        editor.forget_results(cells)
        notes.append(f"公式不能在这里复算：{_listed(cells)}，请在 Excel 中打开并保存一次")


def _keep(editor: Editor, given: Mapping[Cell, CellValue], notes: list[str]) -> None:
    """Leave formulas that nobody here can calculate, with the given values stored in them."""
    for (sheet, ref), value in given.items():
        editor.set_cached(sheet, ref, value)
    if given:
        told = "公式留着，先存上给的数，在 Excel 中打开以后看算得对不对"
        notes.append(f"表样的公式不能在这里复算：{_listed(list(given))}。{told}")


def _listed(cells: Sequence[Cell]) -> str:
    """The first few cells, and how many there are."""
    shown = "、".join(f"{sheet}!{ref}" for sheet, ref in cells[:5])
    return shown + (f" 等{len(cells)}处" if len(cells) > 5 else "")


def _store(editor: Editor, values: Mapping[Cell, CellValue]) -> None:
    """Write the value of every formula whose stored one differs, so that readers see it uncalculated."""
    for (sheet, ref), value in values.items():
        view = editor.sheet(sheet)
        if not view.has_cached(ref) or view.value(ref) != value:
            editor.set_cached(sheet, ref, value)
