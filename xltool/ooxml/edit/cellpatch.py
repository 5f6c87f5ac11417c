"""Putting values and formulas into the XML of single cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from xltool.ooxml.edit.rowtext import CellText, Dialect, RowText, ref_of
from xltool.ooxml.edit.sheettext import SheetText
from xltool.ooxml.package.xmltext import attributes, cell_text, escape_cell_text, set_attribute
from xltool.ooxml.read.refs import split_ref
from xltool.ooxml.read.shared import StoredFormula
from xltool.ooxml.read.values import MAX_TEXT, CellError, Value, number_text

Stored: TypeAlias = tuple[str | None, str]
"""The type attribute of a cell and the XML of its value."""


def text_element(name: str, text: str) -> str:
    """An element of text, saying that its outer spaces count when it has any.

    Raises ValueError for text that no cell can hold.
    """
    longest = 2 * len(text)  # a character has two units at most
    if longest > MAX_TEXT and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        raise ValueError(f"文本超过 {MAX_TEXT} 个字符")
    outer = text != text.strip() or "\n" in text
    space = ' xml:space="preserve"' if outer else ""
    return f"<{name}{space}>{escape_cell_text(text)}</{name}>"


def constant(value: Value | int, prefix: str) -> Stored:
    """How a cell stores a constant. Raises ValueError for one that no cell can hold."""
    if not isinstance(value, str):
        return cached(value, prefix)
    inner = text_element(f"{prefix}t", value)
    return "inlineStr", f"<{prefix}is>{inner}</{prefix}is>"


def cached(value: Value | int, prefix: str) -> Stored:
    """How a formula cell stores its value. Raises ValueError; TypeError for a float."""
    if value is None:
        return None, ""
    if isinstance(value, bool):
        return "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    if isinstance(value, CellError):
        return "e", text_element(f"{prefix}v", value.code)
    if isinstance(value, str):
        return "str", text_element(f"{prefix}v", value)
    if not isinstance(value, (Decimal, int)):
        raise TypeError(f"{type(value).__name__} is no value of a cell; use Decimal")
    return None, f"<{prefix}v>{number_text(value)}</{prefix}v>"


def place(sheet: SheetText, ref: str, style: Callable[[str], int]) -> tuple[RowText, CellText]:
    """The cell at `ref`; when it is absent, a new one with the `style` of that place."""
    number, column = split_ref(ref)
    row = sheet.row(number) or sheet.new_row(number)
    cell = row.cell(column)
    if cell is None:
        index = style(ref)
        raw = f' r="{ref}" s="{index}"' if index else f' r="{ref}"'
        cell = CellText("", column, raw, None)
        row.add(cell)
        sheet.grow(number, column)
    return row, cell


def touch(sheet: SheetText, row: RowText) -> None:
    """Note that a cell of the row changed."""
    row.touch()
    sheet.changed = True


def _set_type(cell: CellText, kind: str | None) -> None:
    if kind is None and ' t="n"' in cell.attributes:
        return
    cell.set("t", kind)


def formula_content(formula: str, prefix: str) -> Stored:
    """How a cell stores a formula without value. Raises ValueError."""
    return None, text_element(f"{prefix}f", formula)


def put_content(cell: CellText, dialect: Dialect, stored: Stored) -> None:
    """Replace formula and value of a cell."""
    kind, content = stored
    _set_content(cell, content + _rest(cell, dialect))
    _set_type(cell, kind)
    cell.set("cm", None)
    cell.set("vm", None)


def put_cached(cell: CellText, dialect: Dialect, stored: Stored) -> None:
    """Replace the value of a formula cell, nothing else."""
    kind, content = stored
    old = cell.content or ""
    formula = dialect.formula.search(old)
    at = formula.end() if formula else 0
    found = dialect.value.search(old, at)
    start, end = found.span() if found else (at, at)
    _set_content(cell, old[:start] + content + old[end:])
    _set_type(cell, kind)
    cell.set("vm", None)


def put_style(cell: CellText, _: Dialect, index: int) -> None:
    """Give a cell another format."""
    cell.set("s", str(index))


def formula_of(cell: CellText, dialect: Dialect) -> StoredFormula | None:
    """The formula stored in a cell, None without one."""
    match = dialect.formula.search(cell.content) if cell.content else None
    if match is None:
        return None
    known = attributes(match[1])
    text = cell_text(match[2] or "")
    formula = StoredFormula(text, known.get("t", ""), known.get("ref", ""), known.get("si", ""))
    return formula if formula.exists else None


def set_formula_text(
    cell: CellText, dialect: Dialect, formula: StoredFormula, old: StoredFormula
) -> None:
    """Put another text, kind or area into the `<f>` of a cell; its value stays."""
    match = dialect.formula.search(cell.content or "")
    if match is None or cell.content is None:
        return
    raw = match[1]
    wanted = {"t": formula.kind, "ref": formula.area, "si": formula.group}
    known = {"t": old.kind, "ref": old.area, "si": old.group}
    for name, value in wanted.items():
        if value != known[name]:
            raw = set_attribute(raw, name, value or None)
    name = f"{dialect.prefix}f"
    body = escape_cell_text(formula.text)
    new = f"<{name}{raw}>{body}</{name}>" if body else f"<{name}{raw}/>"
    cell.content = cell.content[: match.start()] + new + cell.content[match.end() :]


def _set_content(cell: CellText, content: str) -> None:
    cell.content = content or None


def _rest(cell: CellText, dialect: Dialect) -> str:
    """The extensions of a cell: all that it may hold besides formula and value."""
    if not cell.content or "extLst" not in cell.content:
        return ""
    rest = dialect.formula.sub("", cell.content)
    return dialect.value.sub("", rest).strip()


def expand_group(sheet: SheetText, group: str, formulas: Mapping[str, str]) -> None:
    """Write out the formulas of a shared group, each in its cell; `formulas` has their texts."""
    cells = [(row, cell) for row in sheet.rows for cell in row.cells]
    for row, cell in cells:
        old = formula_of(cell, sheet.dialect)
        if old is not None and old.kind == "shared" and old.group == group:
            text = formulas[ref_of(row, cell)]
            set_formula_text(cell, sheet.dialect, StoredFormula(text, "", "", ""), old)
            touch(sheet, row)
