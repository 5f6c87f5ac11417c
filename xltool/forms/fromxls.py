"""An .xls form as .xlsx, which can be filled: its cells, looks and print set-up; what has no counterpart is told."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlsxwriter

from xltool.core.problems import InputError, Problem
from xltool.forms.xlslooks import XlsLooks
from xltool.ooxml import Range, Sheet, make_ref, open_workbook, split_ref
from xltool.ooxml.read.values import CellError
from xltool.ooxml.read.xls.fonts import TWIPS
from xltool.ooxml.read.xls.page import PageSetup, page_setup
from xltool.ooxml.read.xls.workbook import XlsSheet, XlsWorkbook

_PADDING = Decimal(5) / 7
"""What XlsxWriter adds to the width of a column, in characters."""
_PRINTED = re.compile(r"^'?(?:[^'!]|'')+'?!")
_SIDES = ("left", "right", "top", "bottom")
_SAVE_AS = "用 Excel 或 WPS 打开，另存为 .xlsx，再用那一份"


def as_xlsx(book: XlsWorkbook, where: str) -> tuple[bytes, list[str]]:
    """The workbook as .xlsx, every cell proved to say the same, and what of it could not be taken along.

    Raises `InputError` where a formula cannot be read or a cell would say something else.
    """
    unread = [
        f"工作表“{sheet.name}”{ref}（{why}）"
        for sheet in book.sheets
        for ref, why in sheet.unread_formulas.items()
    ]
    if unread:
        told = f"旧格式里有公式读不出：{'、'.join(unread[:3])}"
        raise InputError(Problem(where, told, _SAVE_AS, code="bad-mapping"))
    data = io.BytesIO()
    lost: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that it does not take are told
        font = XlsLooks(book.native).normal_font
        options = {"default_format_properties": font, "date_1904": book.date1904}
        with xlsxwriter.Workbook(data, {**options, "in_memory": True}) as made:
            looks = XlsLooks(book.native, made)
            for sheet in book.sheets:
                lost += _Copied(sheet, made.add_worksheet(sheet.name), looks).run()
            lost += list(_names(book, made))
    content = data.getvalue()
    _prove(book, content, where)
    return content, lost


class _Copied:
    """One sheet on its way."""

    def __init__(self, sheet: Any, made: Any, looks: XlsLooks) -> None:
        self.sheet: XlsSheet = sheet
        self.made, self.looks = made, looks
        self.native = sheet.native
        self.page = page_setup(sheet.records())

    def run(self) -> Iterator[str]:
        self._columns_and_rows()
        for area in self.sheet.merges:
            if not area.is_cell:
                self.made.merge_range(*_corners(area), "")
        self._cells()
        for ref, text in self.sheet.notes.items():
            self.made.write_comment(ref, text)
        self._view()
        _print(self.made, self.page)
        if self.page.protected:
            self.made.protect()
        if self.page.password:
            yield f"工作表“{self.sheet.name}”的保护密码"
        for row, column in self._mixed():
            yield f"工作表“{self.sheet.name}”{make_ref(row + 1, column + 1)}里的几种字体"
        for more in sorted(self.page.more):
            yield f"工作表“{self.sheet.name}”的{more}"

    def _mixed(self) -> Iterator[tuple[int, int]]:
        """The cells whose parts look otherwise than the whole; another typeface alone is no matter."""
        for (row, column), runs in self.native.rich_text_runlist_map.items():
            whole = self.looks.font_of(self.native.cell_xf_index(row, column))
            if len({self.looks.emphasis(font) for font in (whole, *(f for _, f in runs))}) > 1:
                yield row, column

    def _columns_and_rows(self) -> None:
        for column, info in self.native.colinfo_map.items():
            width = max(Decimal(info.width) / 256 - _PADDING, Decimal(0))
            look = self.looks.of(info.xf_index) if info.xf_index else None
            options = {"hidden": bool(info.hidden)}
            self.made.set_column(column, column, float(width), look, options)
        standard = self.native.default_row_height
        if standard and self.native.default_row_height_mismatch:
            self.made.set_default_row(standard / TWIPS)
        for row, info in self.native.rowinfo_map.items():
            look = self.looks.of(info.xf_index) if info.has_default_xf_index else None
            set_ = info.height_mismatch or not self._outgrown(row, info.height)
            height = info.height / TWIPS if set_ and not info.has_default_height else None
            self.made.set_row(row, height, look, {"hidden": bool(info.hidden)})

    def _outgrown(self, row: int, height: int) -> bool:
        """Whether a text is higher than a row that nobody set: programs make such a row higher."""
        indexes = (
            {self.native.cell_xf_index(row, c) for c in range(self.native.row_len(row))}
            if row < self.native.nrows
            else ()
        )
        return any(self.looks.font_height(index) > height for index in indexes)

    def _cells(self) -> None:
        arrays = self.sheet.array_formulas
        for row in range(self.native.nrows):
            for column in range(self.native.row_len(row)):
                look = self.looks.of(self.native.cell_xf_index(row, column))
                ref = make_ref(row + 1, column + 1)
                value, formula = self.sheet.value(ref), self.sheet.formula(ref)
                if ref in arrays and formula is not None:
                    area = _corners(arrays[ref])
                    self.made.write_array_formula(*area, f"{{={formula}}}", look, _plain(value))
                elif formula is not None:
                    self.made.write_formula(row, column, f"={formula}", look, _plain(value))
                elif isinstance(value, bool):
                    self.made.write_boolean(row, column, value, look)
                elif isinstance(value, Decimal):
                    self.made.write_number(row, column, float(value), look)
                elif isinstance(value, CellError):
                    self.made.write_formula(row, column, f"={value}", look, str(value))
                elif value:
                    self.made.write_string(row, column, value, look)
                else:
                    self.made.write_blank(row, column, None, look)

    def _view(self) -> None:
        native, made = self.native, self.made
        made.hide_gridlines(0 if self.page.grid else 1 if native.show_grid_lines else 2)
        if native.panes_are_frozen and (native.horz_split_pos or native.vert_split_pos):
            made.freeze_panes(native.horz_split_pos, native.vert_split_pos)
        if zoom := native.cooked_normal_view_mag_factor:
            made.set_zoom(min(max(zoom, 10), 400))
        if not native.show_zero_values:
            made.hide_zero()
        if self.sheet.state == "hidden":
            made.hide()
        elif self.sheet.state == "veryHidden":
            made.very_hidden()


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else "" if value is None else value


def _corners(area: Range) -> tuple[int, int, int, int]:
    return area.top - 1, area.left - 1, area.bottom - 1, area.right - 1


def _print(made: Any, page: PageSetup) -> None:
    if page.paper:
        made.set_paper(page.paper)
    if page.landscape:
        made.set_landscape()
    if page.fit is not None:
        made.fit_to_pages(*page.fit)
    elif page.scale != 100 and 10 <= page.scale <= 400:
        made.set_print_scale(page.scale)
    made.set_margins(**{side: page.margins[side] for side in _SIDES if side in page.margins})
    if "across" in page.centred:
        made.center_horizontally()
    if "down" in page.centred:
        made.center_vertically()
    head, foot = page.head_margins
    if page.header:
        made.set_header(page.header, {"margin": head})
    if page.footer:
        made.set_footer(page.footer, {"margin": foot})


def _names(book: XlsWorkbook, made: Any) -> Iterator[str]:
    """Print areas, print titles and other names; those that cannot be taken along."""
    for name in book.defined_names:
        sheet = made.get_worksheet_by_name(name.sheet) if name.sheet else None
        areas = [_PRINTED.sub("", part) for part in name.text.split(",")]
        try:
            if name.name == "_xlnm.Print_Area" and sheet is not None and len(areas) == 1:
                sheet.print_area(*_corners(Range.parse(areas[0])))
            elif name.name == "_xlnm.Print_Titles" and sheet is not None:
                for area in map(Range.parse, areas):
                    if area.left == 1 and area.size > area.bottom * 100:
                        sheet.repeat_rows(area.top - 1, area.bottom - 1)
                    else:
                        sheet.repeat_columns(area.left - 1, area.right - 1)
            elif name.name.startswith("_xlnm.") or not name.text or "#REF!" in name.text:
                yield f"名称“{name.name.removeprefix('_xlnm.')}”"
            else:
                scope = f"'{name.sheet}'!" if name.sheet else ""
                if made.define_name(f"{scope}{name.name}", f"={name.text}") == -1:
                    yield f"名称“{name.name}”"
        except ValueError:
            yield f"名称“{name.name.removeprefix('_xlnm.')}”"


def _prove(book: XlsWorkbook, content: bytes, where: str) -> None:
    """Read what was written: every cell must say what the .xls file says. Raises `InputError`."""
    made = {sheet.name: sheet for sheet in open_workbook(content).sheets}
    wrong = [text for sheet in book.sheets for text in _otherwise(sheet, made[sheet.name])]
    if wrong:
        told = f"转成 .xlsx 以后有{len(wrong)}格不同，如{wrong[0]}"
        raise InputError(Problem(where, told, _SAVE_AS, code="bad-mapping"))


def _otherwise(old: Sheet, new: Sheet) -> Iterator[str]:
    refs = {*old.refs(), *new.refs(), *old.formulas(), *new.formulas()}
    for ref in sorted(refs, key=split_ref):
        one, other = old.value(ref) or None, new.value(ref) or None
        if one != other or old.formula(ref) != new.formula(ref):
            yield f"工作表“{old.name}”{ref}"
    if set(old.merges) - {area for area in old.merges if area.is_cell} != set(new.merges):
        yield f"工作表“{old.name}”的合并"
