"""Growing and shrinking a block of rows, with everything in the package that refers to them."""

from __future__ import annotations

from collections.abc import Mapping

from xltool.ooxml.edit.cellpatch import text_element
from xltool.ooxml.edit.losses import Losses
from xltool.ooxml.edit.references import move_parts
from xltool.ooxml.edit.reformula import rewrite_formulas
from xltool.ooxml.edit.rowedit import RowEdit, follow
from xltool.ooxml.edit.rowtext import CellText, RowText
from xltool.ooxml.edit.session import EditSession
from xltool.ooxml.edit.sheettext import SheetText
from xltool.ooxml.edit.shell import move_shell
from xltool.ooxml.package.errors import EditError
from xltool.ooxml.package.xmltext import set_attribute
from xltool.ooxml.read.refs import MAX_ROW, column_letter, make_ref, split_ref
from xltool.ooxml.read.rewriting import copier
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_HERE = "here"
"""Stands for the address in the attributes of a cell that is copied to many."""

_NEAR = 1024
"""So near below the block a row is part of the form. Farther off, one that only has a format may leave the sheet."""


def resize(session: EditSession, view: XlsxSheet, edit: RowEdit, *, lossless: bool = False) -> None:
    """Carry out `edit` on its sheet and let the rest of the package follow.

    Raises EditError; `lossless`: `RowsNeeded` when rows that go are needed or have notes.
    """
    if not edit.count:
        return
    text = session.text_of(view.part)
    _require_possible(view, text, edit)
    losses = Losses(session.package, view, edit) if lossless and edit.count < 0 else None
    for sheet in session.views():
        if sheet is view or session.mentions(sheet, edit.sheet):
            _follow(session, sheet, edit, losses, moves=sheet is view)
    move_parts(session.package, session.workbook, view, edit)
    if losses is not None:
        losses.check(session.package)
    session.workbook.refresh()
    session.formulas_moved()


def _follow(
    session: EditSession, sheet: XlsxSheet, edit: RowEdit, losses: Losses | None, *, moves: bool
) -> None:
    """Rewrite the formulas of one sheet, move its rows when it is the edited one, then the rest."""
    text = session.text_of(sheet.part)
    formulas = {
        ref: follow(formula, edit, sheet.name, row=split_ref(ref)[0])
        for ref, formula in sheet.formulas().items()
    }
    shell = move_shell(text.shell, sheet.part, edit, sheet.name)
    if losses is not None:
        losses.formulas(sheet, formulas)
        losses.around(sheet, text.shell, shell)
    if moves:
        copies = _copies(sheet, text, edit, formulas)
        rewrite_formulas(sheet, text, formulas, edit)
        _splice(text, edit, copies)
    else:
        rewrite_formulas(sheet, text, formulas)
    text.set_shell(shell)
    sheet.forget()


def _require_possible(view: XlsxSheet, text: SheetText, edit: RowEdit) -> None:
    """Raise EditError when the rows cannot be inserted or removed without breaking something."""

    def refused(what: str) -> EditError:
        return EditError(f"工作表“{view.name}”调整行数：{what}。", file=view.workbook.file)

    if any(formula.kind == "dataTable" for formula in view.stored_formulas.values()):
        raise refused("表内有模拟运算表，不能增减行")
    beyond = [row for row in text.rows if row.number + edit.count > MAX_ROW]
    for row in beyond:
        if row.number - edit.last <= _NEAR or any(c.content for c in row.cells):
            raise refused(f"行数超出工作表范围，第{row.number}行有内容")
    for area in view.array_formulas.values():
        above, below = area.top < edit.at <= area.bottom, area.top <= edit.last < area.bottom
        copied = edit.count > 0 and area.top <= edit.last <= area.bottom and not area.is_cell
        if above or below or copied:
            raise refused(f"会拆开数组公式区域 {area}")


def _copies(
    view: XlsxSheet, text: SheetText, edit: RowEdit, formulas: Mapping[str, str]
) -> list[RowText]:
    """The new rows: copies of the block's last row with its formulas and without its constants."""
    model = text.row(edit.last)
    if model is None:
        return []
    cells = [_Model(view, model, cell, formulas) for cell in model.cells]
    rows = []
    for number in edit.new_rows:
        raw = set_attribute(model.attributes, "r", str(number))
        row = RowText(model.dialect, model.lead, number, raw, None)
        row.cells.extend([cell.copy(number) for cell in cells])
        rows.append(row)
    return rows


class _Model:
    """A cell whose row is copied: its format and its formula go along, a constant does not."""

    def __init__(
        self, view: XlsxSheet, row: RowText, cell: CellText, formulas: Mapping[str, str]
    ) -> None:
        plain = CellText("", cell.column, cell.attributes, None)
        for name in ("t", "vm"):
            plain.set(name, None)
        plain.set("r", _HERE)
        self._lead, self._column, self._row = cell.lead, cell.column, row.number
        self._before, _, self._after = plain.attributes.partition(_HERE)
        self._letters = column_letter(cell.column)
        ref = make_ref(row.number, cell.column)
        self._formula = copier(formulas[ref]) if ref in formulas else None
        self._is_array = ref in view.array_formulas
        self._name = f"{row.dialect.prefix}f"

    def copy(self, number: int) -> CellText:
        """The cell in the row of that number."""
        ref = f"{self._letters}{number}"
        attributes = f"{self._before}{ref}{self._after}"
        copy = CellText(self._lead, self._column, attributes, None)
        if self._formula is not None:
            copy.content = text_element(self._name, self._formula(number - self._row))
        if self._is_array and copy.content:
            area = f'<{self._name} t="array" ref="{ref}"'
            copy.content = area + copy.content.removeprefix(f"<{self._name}")
        return copy


def _splice(text: SheetText, edit: RowEdit, copies: list[RowText]) -> None:
    """Put the new rows after the block, or drop those that go, and renumber what is below."""
    rows: list[RowText] = []
    waiting = copies
    for row in text.rows:
        number = edit.row(row.number)
        if row.number > edit.last and waiting:
            rows += waiting
            waiting = []
        if number is None:
            continue
        if number != row.number:
            row.renumber(number)
        rows.append(row)
    text.replace_rows(rows + waiting)
