"""Makes the empty official workbooks of every edition: `python tasks.py templates [版本…]`.

Texts and addresses come from the mapping files, so that a form is described once; what only the eye needs
(widths, heights, fonts, print settings) and the formulas come from `workbook_templates/<版本>/layout.yaml`.
The result is deterministic: the same input gives the same bytes.
"""

from __future__ import annotations

import datetime
import math
import sys
import unicodedata
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from xltool.core.hierarchy import level_formula, sum_formula
from xltool.core.resources import TEMPLATES
from xltool.editions import Edition, WorkbookSpec, edition_ids, find_edition
from xltool.mapping.blocks import Codes, Column, Form, ListBlock
from xltool.mapping.files import merged, read_yaml
from xltool.mapping.model import TableMapping
from xltool.ooxml import Range, column_letter, make_ref

FONT = "宋体"
FORMATS = {"amount": "#,##0.00", "number": "General", "ratio": "0.00%"}
TEXT_FORMAT = "@"
INPUT_LIMIT = 10**13


def read_layout(edition_id: str) -> dict[str, Any]:
    """The layout of an edition, merged over that of the edition it extends."""
    raw = read_yaml(TEMPLATES / edition_id / "layout.yaml")
    base = raw.pop("extends", None)
    layout = merged(read_layout(base), raw) if base else raw
    tables = layout["tables"]
    for name, table in tables.items():
        if "like" in table:
            tables[name] = merged(tables[table["like"]], table)
    return layout


class Styles:
    """Cell formats by their properties, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: object) -> Format:
        """A format in the form's font with `properties` on top."""
        full = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            made = self._book.add_format(full)
            made.set_font_family(3)
            made.font_charset = 134
            self._made[key] = made
        return self._made[key]


class SheetBuilder:
    """Draws one table's empty form into a worksheet."""

    def __init__(
        self, sheet: Worksheet, mapping: TableMapping, look: dict[str, Any], styles: Styles
    ) -> None:
        self.sheet, self.mapping, self.look, self.styles = sheet, mapping, look, styles
        self.formulas: dict[str, str] = {}
        for at, text in look.get("formulas", {}).items():
            self._enter_formulas(Range.parse(at), text)
        self.body = self._body()
        self.filled: set[tuple[int, int]] = set()
        self.open = frozenset(look.get("open", ()))
        """Printed cells in which something is written by hand: not locked."""

    def draw(self) -> None:
        """Everything: texts, inputs, formulas, then the settings of the sheet."""
        self._title_and_lines()
        for anchor in self.mapping.header:
            self.text(anchor.range, anchor.text, align="center", text_wrap=True)
        self._numbers()
        for block in self.mapping.blocks:
            match block:
                case Form():
                    self._form(block)
                case ListBlock():
                    self._list(block)
                case Codes():
                    self._codes(block)
        for anchor in self.mapping.texts:
            center = len(anchor.text) < 12
            self.text(
                anchor.range, anchor.text, align="center" if center else "left", text_wrap=True
            )
        self._frame()
        for anchor in self.mapping.notes:
            self.note(anchor.range, anchor.text)
        if self.mapping.empty:
            self.note(self.mapping.empty.range, "", locked=False)
        self._settings()

    def _body(self) -> Range:
        """The framed grid: from the first header row to the last row above the notes."""
        tops = [a.range.top for a in self.mapping.header]
        labels = [
            c.label.range.top for b in self.mapping.blocks if isinstance(b, Form) for c in b.cells
        ]
        title = self.mapping.title.range
        return Range(min(tops + labels), title.left, self.look["last_row"], title.right)

    def cell(self, at: Range, value: object, style: Format) -> None:
        """Write one cell or merged range."""
        first = (at.top - 1, at.left - 1)
        if at.top != at.bottom or at.left != at.right:
            self.sheet.merge_range(*first, at.bottom - 1, at.right - 1, "", style)
        if value is None or value == "":
            self.sheet.write_blank(*first, None, style)
        elif isinstance(value, str) and value.startswith("="):
            self.sheet.write_formula(*first, value, style, "")
        elif isinstance(value, str):
            self.sheet.write_string(*first, value, style)
        else:
            self.sheet.write_number(*first, value, style)
        self.filled.update(
            (row, col)
            for row in range(at.top, at.bottom + 1)
            for col in range(at.left, at.right + 1)
        )

    def text(self, at: Range, text: str, **properties: object) -> None:
        """A printed text inside the frame."""
        self.cell(at, text, self.styles.get(border=1, **self._open(at), **properties))

    def _open(self, at: Range) -> dict[str, bool]:
        return {"locked": False} if make_ref(at.top, at.left) in self.open else {}

    def note(self, at: Range, text: str, *, locked: bool = True) -> None:
        """A note under the frame, in a row high enough for its lines."""
        style = self.styles.get(text_wrap=True, align="left", valign="top", locked=locked)
        self.cell(at, text, style)
        width = sum(self._width(c) for c in range(at.left, at.right + 1))
        lines = max(1, math.ceil(text_width(text) / max(1, width - 2)))
        self.sheet.set_row(at.top - 1, 16 * lines + 2)

    def input(self, at: Range, column: Column | str, indent: int = 0) -> None:
        """An input cell (unlocked), or a formula cell (locked) where the layout has a formula."""
        kind = column if isinstance(column, str) else column.kind
        ref = make_ref(at.top, at.left)
        formula = self.formulas.pop(ref, None)
        value = formula or self.look.get("constants", {}).get(ref)
        properties: dict[str, object] = {"border": 1, "locked": formula is not None}
        if kind in FORMATS:
            properties |= {"num_format": FORMATS[kind], "align": "right"}
            if kind != "amount":
                properties["align"] = "center"
        else:
            properties |= {"num_format": TEXT_FORMAT, "align": "left", "text_wrap": True}
        self.cell(at, value, self.styles.get(**properties))
        if formula is None and kind in FORMATS:
            self._validate_number(at, kind)

    def _validate_number(self, at: Range, kind: str) -> None:
        words = {
            "amount": "金额（万元，最多六位小数）",
            "number": "数字",
            "ratio": "比率，如 95% 或 0.95",
        }
        self.sheet.data_validation(
            at.top - 1,
            at.left - 1,
            at.top - 1,
            at.left - 1,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -INPUT_LIMIT,
                "maximum": INPUT_LIMIT,
                "error_title": "只能填数字",
                "error_message": f"这里应填{words[kind]}；没有此项就留空，零才填 0。",
            },
        )

    def _enter_formulas(self, at: Range, text: str) -> None:
        """One formula per cell of a range; {r} and {c} stand for the cell's row and column."""
        for row in range(at.top, at.bottom + 1):
            for column in range(at.left, at.right + 1):
                ref = make_ref(row, column)
                own = text.replace("{r}", str(row)).replace("{c}", column_letter(column))
                self.formulas[ref] = self._formula(own, ref)

    def _formula(self, text: str, ref: str) -> str:
        """`sum A1:A3,B1` or `net A1,B1 - C1` as a formula that keeps blanks blank; `=…` as it stands."""
        if text.startswith("="):
            return text
        word, _, rest = text.partition(" ")
        if word == "sum":
            return "=" + sum_formula(*(part.strip() for part in rest.split(",")))
        if word == "net":
            plus, minus = (part.strip() for part in rest.split(" - "))
            return f'=IF(COUNT({plus},{minus})=0,"",SUM({plus})-SUM({minus}))'
        raise SystemExit(f"{self.mapping.table} {ref}: 不认识的公式写法 {text}")

    def _title_and_lines(self) -> None:
        title = self.mapping.title
        size = self.look.get("title_size", 18)
        bold = self.look.get("title_bold", True)
        open_ = self._open(title.range)
        style = self.styles.get(font_size=size, bold=bold, align="center", **open_)
        self.cell(title.range, title.text, style)
        blanks = self.look.get("blank_lines", {})
        for line in self.mapping.lines:
            ref = make_ref(line.range.top, line.range.left)
            text = blanks.get(ref) or line.pattern.split("|")[0].replace(
                "{金额单位}", "万元"
            ).replace("{单位名称}", "").replace("{年度}", "20XX")
            last = line.range.right == self.body.right
            align = (
                "left"
                if line.range.left == self.body.left and not last
                else "right"
                if last
                else "center"
            )
            if ref in self.look.get("centered_lines", ()):
                align = "center"
            big = ref in self.look.get("big_lines", ())
            style = self.styles.get(
                align=align,
                locked="{单位名称}" not in line.pattern and "{年度}" not in line.pattern,
                font_size=16 if big else 10,
                bold=big,
            )
            self.cell(line.range, text, style)

    def _numbers(self) -> None:
        numbers = self.mapping.numbers
        if numbers is None:
            return
        for n, column in enumerate(numbers.columns, 1):
            self.cell(
                Range(numbers.row, column, numbers.row, column),
                n,
                self.styles.get(border=1, align="center"),
            )
        for at in numbers.labels:
            self.text(at, "栏次", align="center")

    def _form(self, form: Form) -> None:
        if form.labels:
            for row in form.rows:
                if row.row is not None:
                    at = Range(row.row, form.labels[0], row.row, form.labels[1])
                    center = row.name in ("总计", "本年收入合计", "本年支出合计") and not row.indent
                    align = "center" if center else "left"
                    self.text(at, row.texts[0], align=align, indent=row.indent, text_wrap=True)
        for row_number, _ in form.placed_rows:
            for column in form.columns_of(row_number):
                self.input(Range(row_number, column.left, row_number, column.right), column)
        for cell in form.cells:
            if (cell.label.range.top, cell.label.range.left) not in self.filled:
                self.text(cell.label.range, cell.label.text, align="center", text_wrap=True)
            self.input(cell.range, cell.kind)
        if form.ordinals:
            o = form.ordinals
            for n, row in enumerate(range(o.top, o.bottom + 1), o.first):
                at = Range(row, o.column, row, o.column)
                self.cell(at, n, self.styles.get(border=1, align="center"))

    def _list(self, block: ListBlock) -> None:
        code = next((c for c in block.columns if c.kind == "code"), None)
        row_formulas = self.look.get("row_formulas", {})
        for row in range(block.first, block.last + 1):
            for column in block.columns:
                letter = column_letter(column.left)
                if letter in row_formulas:
                    at = Range(row, column.left, row, column.left)
                    self._enter_formulas(at, row_formulas[letter])
                self.input(Range(row, column.left, row, column.right), column)
        if code is not None:
            self._validate_codes(block, code)
        for column in block.columns:
            choices = self.look.get("choices", {}).get(f"{block.name}.{column.name}")
            if choices:
                self._validate_choice(block, column, choices)
        if block.total is None or code is None:
            return
        self.text(block.total.label.range, block.total.label.text, align="center")
        codes = (
            f"${column_letter(code.left)}${block.first}:${column_letter(code.left)}${block.last}"
        )
        for column in block.columns:
            if column.kind == "amount" and column.name not in block.total.without:
                letter = column_letter(column.left)
                values = f"{letter}${block.first}:{letter}${block.last}"
                ref = f"{letter}{block.total.row}"
                total = sum_formula(values)
                if block.codes:
                    total = level_formula(codes, values, '"' + "?" * block.codes.levels[0] + '"')
                self.formulas[ref] = f"={total}"
                self.input(
                    Range(block.total.row, column.left, block.total.row, column.right), column
                )

    def _validate_codes(self, block: ListBlock, code: Column) -> None:
        cell = f"{column_letter(code.left)}{block.first}"
        lengths = ",".join(f"LEN({cell})={n}" for n in block.codes.levels) if block.codes else ""
        self.sheet.data_validation(
            block.first - 1,
            code.left - 1,
            block.last - 1,
            code.left - 1,
            {
                "validate": "custom",
                "value": f"=OR({lengths})",
                "input_title": "科目编码",
                "input_message": "类3位、款5位、项7位，按编码从小到大排列；上级科目行在下级之上。",
                "error_title": "科目编码的位数不对",
                "error_message": "类3位、款5位、项7位数字。",
            },
        )

    def _validate_choice(self, block: ListBlock, column: Column, choices: list[str]) -> None:
        self.sheet.data_validation(
            block.first - 1,
            column.left - 1,
            block.last - 1,
            column.left - 1,
            {
                "validate": "list",
                "source": choices,
                "input_title": column.name,
                "input_message": "从列表中选，也可以自填。",
                "error_type": "information",
                "error_title": column.name,
                "error_message": "不在常用列表内，确认无误即可。",
            },
        )

    def _codes(self, block: Codes) -> None:
        for pane in block.panes:
            for row, code in pane.places:
                top_level = len(code) == block.codes.levels[0]
                name = block.codes.name(code)
                if name is None:
                    raise SystemExit(f"{self.mapping.table}: 科目表里没有 {code}")
                self.text(Range(row, pane.code, row, pane.code), code, align="left", num_format="@")
                at = Range(row, pane.title, row, pane.title)
                self.text(at, name, indent=0 if top_level else 1, text_wrap=True)
                if top_level:
                    parts = [
                        make_ref(r, pane.amount.left)
                        for r, c in pane.places
                        if len(c) > len(code) and c.startswith(code)
                    ]
                    ref = make_ref(row, pane.amount.left)
                    self.formulas[ref] = "=" + sum_formula(f"{parts[0]}:{parts[-1]}")
                self.input(Range(row, pane.amount.left, row, pane.amount.left), pane.amount)

    def _frame(self) -> None:
        """Borders for the cells of the grid that hold nothing."""
        style = self.styles.get(border=1)
        for row in range(self.body.top, self.body.bottom + 1):
            for col in range(self.body.left, self.body.right + 1):
                if (row, col) not in self.filled:
                    self.sheet.write_blank(row - 1, col - 1, None, style)

    def _width(self, column: int) -> float:
        return float(self.look["widths"].get(column_letter(column), self.look.get("width", 13)))

    def _settings(self) -> None:
        if self.formulas:
            raise SystemExit(
                f"{self.mapping.table}: 版式里的公式没有落到映射的单元格：{list(self.formulas)}"
            )
        sheet, look, title = self.sheet, self.look, self.mapping.title.range
        for column in range(title.left, title.right + 1):
            sheet.set_column(column - 1, column - 1, self._width(column))
        notes = {a.range.top for a in self.mapping.notes}
        for row in range(1, self.body.bottom + 1):
            if row not in notes:
                sheet.set_row(row - 1, look.get("heights", {}).get(row, look.get("height", 18)))
        bottom = max([self.body.bottom, *notes])
        if self.mapping.empty:
            bottom = max(bottom, self.mapping.empty.range.bottom)
        sheet.set_paper(9)
        if look.get("orientation", "portrait") == "landscape":
            sheet.set_landscape()
        sheet.fit_to_pages(1, 1 if look.get("one_page") else 0)
        sheet.print_area(0, title.left - 1, bottom - 1, title.right - 1)
        first = look["freeze"]
        sheet.repeat_rows(0, first - 2)
        sheet.freeze_panes(first - 1, look.get("freeze_columns", 0))
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.hide_gridlines(2)
        sheet.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "insert_rows": True,
                "delete_rows": True,
                "select_locked_cells": True,
            },
        )


def text_width(text: str) -> int:
    """Width in half-width characters: a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in text)


def new_workbook(path: Path, title: str) -> xlsxwriter.Workbook:
    """An empty workbook in the fonts of the forms, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = xlsxwriter.Workbook(str(path))
    workbook.set_properties(
        {"title": title, "comments": "按公开的表样重建", "created": datetime.datetime(2025, 1, 1)}
    )
    workbook.set_calc_mode("auto")
    workbook.formats[0].set_font_name(FONT)
    workbook.formats[0].set_font_size(10)
    return workbook


def build(edition: Edition, book: WorkbookSpec, layout: dict[str, Any]) -> Path:
    """Write one template of an edition; return its path."""
    path = TEMPLATES / edition.id / book.template.name
    workbook = new_workbook(path, edition.name)
    styles = Styles(workbook)
    for mapping in book.tables:
        look = {**layout["all"], **layout["tables"][mapping.table]}
        SheetBuilder(workbook.add_worksheet(mapping.sheet), mapping, look, styles).draw()
    workbook.close()
    return path


def main() -> None:
    """Build the templates of the editions named on the command line, or of all."""
    for edition_id in sys.argv[1:] or edition_ids():
        if not (TEMPLATES / edition_id / "layout.yaml").is_file():
            continue  # its forms are those of the edition that it extends
        edition = find_edition(edition_id)
        layout = read_layout(edition_id)
        for book in edition.workbooks:
            sys.stdout.write(f"{build(edition, book, layout).relative_to(TEMPLATES.parent)}\n")


if __name__ == "__main__":
    main()
