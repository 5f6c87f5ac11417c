"""Changing a workbook: an Editor collects edits and saves the package with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, TypeVar

from xltool.ooxml.edit import cellpatch, copysheet, merging, rename, rows
from xltool.ooxml.edit.additions import Additions
from xltool.ooxml.edit.rowedit import RowEdit
from xltool.ooxml.edit.rowtext import CellText, Dialect
from xltool.ooxml.edit.save import drop_chain, fit_suffix, write_file
from xltool.ooxml.edit.signatures import drop_signatures, signature_parts
from xltool.ooxml.read.formula import MAX_LENGTH
from xltool.ooxml.read.refs import Range, plain_ref, split_ref
from xltool.ooxml.read.values import CellError, Value
from xltool.ooxml.read.workbook import Sheet
from xltool.ooxml.read.xlsx.sheet import XlsxSheet

_Content = TypeVar("_Content")


class Editor(Additions):
    """Edits of an open .xlsx or .xlsm workbook.

    The workbook given stays as it is; `sheet` and `sheets` show the edited state, and go on
    showing it after further edits. An edit that is refused raises EditError and changes nothing;
    after a refusal, ask for sheets anew. Stored values of formulas are not recalculated: see
    `recalc.recalculate` and `set_cached`.
    """

    # --- the edited state ----------------------------------------------------------------------

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name as edited so far. Raises EditError when there is none."""
        return self.view(name)

    def sheets(self) -> Mapping[str, Sheet]:
        """All worksheets as edited so far, by name, in tab order."""
        return {sheet.name: sheet for sheet in self.workbook.sheets}

    @property
    def changed(self) -> bool:
        """True when the edits so far would change anything in the file."""
        self.flush()
        return self.package.changed

    @property
    def unsigned(self) -> bool:
        """True when the workbook has a digital signature and the edits so far make it void."""
        return bool(signature_parts(self.package)) and self.changed

    # --- cells ---------------------------------------------------------------------------------

    def set(
        self,
        sheet: str,
        ref: str,
        value: Decimal | int | str | bool | None,
        *,
        over_formula: bool = False,
        unlocked_only: bool = False,
    ) -> None:
        """Put a constant into a cell; None leaves it blank. The cell keeps its format.

        A text stays text whatever it begins with. Refused: the covered part of a merged range, a
        formula (unless `over_formula`), part of an array formula, with `unlocked_only` a locked
        cell of a protected sheet, a number or text that no cell can hold.
        """
        view, ref = self.view(sheet), plain_ref(ref)
        blank = self.text_of(view.part).is_blank(*split_ref(ref))
        present, formula = (None, None) if blank else view.content(ref)
        self._require_free(view, ref)
        if formula and not over_formula:
            raise self._refused("是公式，不能用数值覆盖。", view, ref)
        if unlocked_only and view.protected and view.locked(ref):
            raise self._refused("是锁定单元格，工作表受保护，不能填写。", view, ref)
        if not formula and _same(present, value):
            return
        stored = self._stored(view, ref, lambda prefix: cellpatch.constant(value, prefix))
        self._patch(view, ref, cellpatch.put_content, stored, formulas=bool(formula))
        if formula:
            self.formulas_moved()

    def set_formula(self, sheet: str, ref: str, formula: str) -> None:
        """Put a formula (without "=") into a cell, without a stored value; the format stays."""
        view, ref = self.view(sheet), plain_ref(ref)
        self._require_free(view, ref)
        if not formula or formula.startswith("="):
            raise self._refused("的公式为空，或多了开头的等号。", view, ref)
        if len(formula) > MAX_LENGTH:
            raise self._refused(f"的公式超过 {MAX_LENGTH} 个字符。", view, ref)
        stored = self._stored(view, ref, lambda p: cellpatch.formula_content(formula, p))
        if view.stored_formula(ref) is None:
            self.formulas_moved()
        self._patch(view, ref, cellpatch.put_content, stored, formulas=True)

    def set_cached(self, sheet: str, ref: str, value: Value) -> None:
        """Store the value that a formula cell shows; None stores none."""
        view, ref = self.view(sheet), plain_ref(ref)
        if view.stored_formula(ref) is None:
            raise self._refused("没有公式，不能存入计算结果。", view, ref)
        stored = self._stored(view, ref, lambda prefix: cellpatch.cached(value, prefix))
        self._patch(view, ref, cellpatch.put_cached, stored, formulas=False)

    def forget_results(self, cells: Iterable[tuple[str, str]]) -> None:
        """Drop what formula cells store as their results; Excel calculates them when it opens the workbook."""
        for sheet, ref in cells:
            if self.sheet(sheet).has_cached(ref):
                self.set_cached(sheet, ref, None)
        self.calculate_on_load()

    def set_style(self, sheet: str, ref: str, style_index: int) -> None:
        """Give a cell the format of that index in the workbook's list."""
        view, ref = self.view(sheet), plain_ref(ref)
        if not 0 <= style_index < len(self.workbook.lookups.styles.formats):
            raise self._refused(f"没有序号为 {style_index} 的单元格格式。", view, ref)
        self._patch(view, ref, cellpatch.put_style, style_index, formulas=False)

    def _stored(
        self, view: XlsxSheet, ref: str, make: Callable[[str], cellpatch.Stored]
    ) -> cellpatch.Stored:
        """What `make` gives for the prefix of the sheet. Raises EditError when it cannot."""
        try:
            return make(self.text_of(view.part).dialect.prefix)
        except ValueError as error:
            raise self._refused(f"写不进去：{error}。", view, ref) from None

    def _patch(
        self,
        view: XlsxSheet,
        ref: str,
        change: Callable[[CellText, Dialect, _Content], None],
        content: _Content,
        *,
        formulas: bool,
    ) -> None:
        """Apply `change` with `content` to a cell, which is made when it is absent."""
        text = self.text_of(view.part)
        if formulas:
            self._release_shared(view, ref)
        row, cell = cellpatch.place(text, ref, view.inherited_style)
        change(cell, text.dialect, content)
        cellpatch.touch(text, row)
        view.forget(formulas=formulas, shell=False)

    def _release_shared(self, view: XlsxSheet, ref: str) -> None:
        """Write out the shared formulas whose first cell is about to change."""
        stored = view.stored_formula(ref)
        if stored is not None and stored.kind == "shared" and stored.area:
            cellpatch.expand_group(self.text_of(view.part), stored.group, view.formulas())

    def _require_free(self, view: XlsxSheet, ref: str) -> None:
        """Raise EditError for the covered part of a merge and for part of an array formula."""
        merge = view.merge_of(ref)
        if merge is not None and merge.anchor != ref:
            raise self._refused(
                f"被合并区域 {merge} 覆盖，只能填它的左上角 {merge.anchor}。", view, ref
            )
        for array in view.array_formulas.values():
            if not array.is_cell and array.contains(ref):
                raise self._refused(f"属于数组公式区域 {array}，不能单独改写。", view, ref)

    # --- rows, merges, sheets ------------------------------------------------------------------

    def merge(self, sheet: str, area: Range | str) -> None:
        """Merge a range. Refused when it meets another merge or would cover a value."""
        view = self.view(sheet)
        merging.merge(view, self.text_of(view.part), _range(area))
        view.forget(formulas=False)

    def unmerge(self, sheet: str, area: Range | str) -> None:
        """Take a merge apart. Refused when there is no merge of exactly that range."""
        view = self.view(sheet)
        merging.unmerge(view, self.text_of(view.part), _range(area))
        view.forget(formulas=False)

    def resize_rows(
        self,
        sheet: str,
        first: int,
        have: int,
        want: int,
        *,
        lossless: bool = False,
    ) -> None:
        """Make the block of `have` rows from `first` on `want` rows long.

        More rows come after the block's last one as copies of it without its constants; fewer are taken from the
        block's end. Everything below moves, and all that refers to it follows. Both counts must be at least 1.
        `lossless`: refused with `RowsNeeded` when formulas elsewhere need rows that would go, or notes stand on them.
        """
        view = self.view(sheet)
        edit = RowEdit.of_block(view.name, first, have, want)
        with self._whole(f"工作表“{view.name}”调整行数"):
            rows.resize(self, view, edit, lossless=lossless)

    def copy_sheet(self, source: str, name: str) -> str:
        """Copy a worksheet with all that belongs to it, after its last copy; the new name.

        References of the copy to its source become references to itself. Refused when the source
        has tables, pivot tables or slicers, whose names must be unique.
        """
        view = self.view(source)
        with self._whole(f"复制工作表“{view.name}”"):
            copysheet.copy(self, view, name, self._last_copy.get(view.name, view.name))
            self._last_copy[view.name] = name
        return name

    def rename_sheet(self, old: str, new: str) -> None:
        """Rename a worksheet; formulas, names, links and charts follow."""
        view = self.view(old)
        with self._whole(f"重命名工作表“{view.name}”"):
            rename.rename(self, view, new)
        self._last_copy = {
            new if source == old else source: new if copy == old else copy
            for source, copy in self._last_copy.items()
        }

    # --- saving --------------------------------------------------------------------------------

    def content(self, path: Path | None = None, *, own: bool = False) -> bytes:
        """The file that the package makes with its edits; `path`: under that name.

        `own`: an output of the user's command, marked so that `--force` may replace it later. Raises
        WorkbookError: unsupported (a suffix that does not fit the content).
        """
        self.flush()
        package = self.package.copy()
        if self._chain_is_stale:
            drop_chain(package, self.workbook.part)
        if package.changed:
            drop_signatures(package)
        if path is not None:
            fit_suffix(package, self.workbook, path)
        return b"".join(package.chunks(own=own))

    def save(
        self,
        target: str | os.PathLike[str] | BinaryIO,
        *,
        overwrite: bool = True,
        own: bool = False,
    ) -> None:
        """Write the package with its edits; a file appears whole or not at all.

        `own`: see `content`. Raises WorkbookError: locked, no-permission, no-space, missing (folder), exists (without
        `overwrite`), unsupported (a suffix that does not fit the content).
        """
        if not isinstance(target, (str, os.PathLike)):
            target.write(self.content(own=own))
            return
        path = Path(target)
        write_file(path, [self.content(path, own=own)], overwrite=overwrite)


def _same(stored: Value, value: Value | int) -> bool:
    if isinstance(stored, CellError) or isinstance(stored, bool) != isinstance(value, bool):
        return False
    return stored == value and (stored is None) == (value is None)


def _range(area: Range | str) -> Range:
    return Range.parse(area) if isinstance(area, str) else area
