"""Ranges, notes and conditional formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from xlwings import base_classes as base

from .journal import ComError, recorded
from .values import as_com

if TYPE_CHECKING:
    from .sheets import Sheet

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_LONGEST_ADDRESS = 255

Box = tuple[int, int, int, int]
"""Top, left, bottom, right."""


def boxes(address: str) -> list[Box]:
    """The areas of an address. Raises for one that Excel would not take."""
    if len(address) > _LONGEST_ADDRESS:
        raise ComError(f"地址超过 {_LONGEST_ADDRESS} 个字符")
    found = []
    for area in address.replace("$", "").split(","):
        left, top, right, bottom = range_boundaries(area)
        found.append((top, left, bottom, right))
    return found


class RangeApi:
    """What the add-in asks of the Range object itself."""

    def __init__(self, owner: Range) -> None:
        self._owner = owner

    @property
    def Address(self) -> str:  # noqa: N802
        return self._owner.address

    def Activate(self) -> None:  # noqa: N802
        owner = self._owner
        owner.journal.note("activate_cell", owner.address)
        owner.sheet.book.app.active_cell = RangeApi(owner)

    def ClearHyperlinks(self) -> None:  # noqa: N802
        owner = self._owner
        owner.journal.note("clear_links", owner.address)
        owner._need_unprotected()
        top, left, bottom, right = owner.areas[0]
        for row in owner.sheet.formulas.iter_rows(top, bottom, left, right):
            for cell in row:
                if cell.hyperlink:
                    cell.hyperlink = None


class Range(base.Range):
    sheet: Any = None

    def __init__(self, sheet: Sheet, areas: list[Box]) -> None:
        self.sheet, self.areas, self.journal = sheet, areas, sheet.journal
        self.options: dict[str, Any] = {}

    @classmethod
    def of(cls, sheet: Sheet, first: Any, second: Any) -> Range:
        if isinstance(first, tuple):
            row, column = first
            last = second or first
            return cls(sheet, [(row, column, last[0], last[1])])
        if isinstance(first, Range):
            assert second is None
            return first
        assert isinstance(first, str) and second is None
        return cls(sheet, boxes(first))

    @property
    def api(self) -> RangeApi:
        return RangeApi(self)

    @property
    def row(self) -> int:
        return self.areas[0][0]

    @property
    def column(self) -> int:
        return self.areas[0][1]

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.areas[0]
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = (row - 1) // self.shape[1] + 1, (row - 1) % self.shape[1] + 1
        row, column = self.row + row - 1, self.column + column - 1
        return Range(self.sheet, [(row, column, row, column)])

    def get_address(self, rows: bool, columns: bool, external: bool) -> str:
        def spot(row: int, column: int) -> str:
            letter = get_column_letter(column)
            return f"{'$' if columns else ''}{letter}{'$' if rows else ''}{row}"

        texts = []
        for top, left, bottom, right in self.areas:
            first, last = spot(top, left), spot(bottom, right)
            texts.append(first if first == last else f"{first}:{last}")
        return ",".join(texts)

    @property
    def address(self) -> str:
        self.journal.note("address")
        return self.get_address(True, True, False)

    # --- contents ------------------------------------------------------------------------------

    @property
    def raw_value(self) -> Any:
        self.journal.note("read_values")
        (top, left, bottom, right) = self.areas[0]
        rows = self.sheet.values.iter_rows(top, bottom, left, right, values_only=True)
        grid = tuple(tuple(as_com(value) for value in row) for row in rows)
        return grid[0][0] if self.shape == (1, 1) else grid

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.journal.note("write_values", self.address)
        self._need_unprotected()
        grid = data if isinstance(data, (list, tuple)) else [[data]]
        for down, row in enumerate(grid):
            for right, value in enumerate(row):
                spot = self.row + down, self.column + right
                for sheet in (self.sheet.formulas, self.sheet.values):
                    sheet.cell(*spot).value = None if value == "" else value

    def _need_unprotected(self, kind: str = "sheet") -> None:
        protection = self.sheet.formulas.protection
        if protection.sheet and getattr(protection, kind):
            raise ComError("工作表受保护，单元格为只读")

    # --- the person's place --------------------------------------------------------------------

    @recorded("select")
    def select(self) -> None:
        book = self.sheet.book
        if book.app.books.current is not book or book.formulas.active.title != self.sheet.title:
            raise ComError("Range 类的 Select 方法无效")
        app = book.app
        app.selections[book.name, self.sheet.title] = self
        app.active_cell = RangeApi(self(1, 1))

    # --- notes ---------------------------------------------------------------------------------

    @property
    def _cell(self) -> Any:
        return self.sheet.formulas.cell(self.row, self.column)

    @property
    def note(self) -> Note | None:
        self.journal.note("note")
        return Note(self) if self._cell.comment else None

    @recorded("add_note")
    def add_note(self, text: str) -> Note:
        self._need_unprotected("objects")
        if len(self.areas) > 1 or self.shape != (1, 1):
            raise ComError("批注只能加在一个单元格上")
        if type(self._cell).__name__ == "MergedCell":
            raise ComError("批注只能加在合并区域的左上角")
        if self._cell.comment:
            raise ComError("单元格已有批注")
        self._cell.comment = Comment(text, "王会计")
        return Note(self)

    # --- conditional formats -------------------------------------------------------------------

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self)


class _Shape:
    """The box of a note."""

    def __init__(self, comment: Comment, note: Note) -> None:
        object.__setattr__(self, "_comment", comment)
        object.__setattr__(self, "_note", note)

    def __setattr__(self, name: str, points: float) -> None:
        self._note.journal.note(f"set {name}")
        self._note._owner._need_unprotected("objects")
        setattr(self._comment, {"Width": "width", "Height": "height"}[name], points)


class Note(base.Note):
    def __init__(self, owner: Range) -> None:
        self._owner, self.journal = owner, owner.journal

    @property
    def api(self) -> Note:
        return self

    @property
    def Shape(self) -> _Shape:  # noqa: N802
        self.journal.note("Shape")
        return _Shape(self._owner._cell.comment, self)

    @property
    def text(self) -> str:
        return str(self._owner._cell.comment.text)

    @recorded("delete_note")
    def delete(self) -> None:
        self._owner._need_unprotected("objects")
        self._owner._cell.comment = None


class ConditionalFormats(base.ConditionalFormats):
    """The rules that apply to a range, in the order of their priorities."""

    def __init__(self, owner: Range) -> None:
        self._owner, self.journal = owner, owner.journal

    def _rules(self) -> list[tuple[Any, Any]]:
        formats = self._owner.sheet.formulas.conditional_formatting
        top, left, bottom, right = self._owner.areas[0]
        found = [
            (area, rule)
            for area in formats
            if any(
                one.min_row <= bottom
                and top <= one.max_row
                and one.min_col <= right
                and left <= one.max_col
                for one in area.sqref.ranges
            )
            for rule in area.rules
        ]
        return sorted(found, key=lambda item: item[1].priority)

    def __len__(self) -> int:
        self.journal.note("rules_count")
        return len(self._rules())

    def __call__(self, index: int) -> ConditionalFormat:
        self.journal.note("rule", index)
        return ConditionalFormat(self._owner, *self._rules()[index - 1])

    def __iter__(self) -> Iterator[ConditionalFormat]:
        for index in range(1, len(self) + 1):
            yield self(index)

    @recorded("add_rule")
    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        sheet = self._owner.sheet.formulas
        self._owner._need_unprotected("formatCells")
        assert not spec["stop_if_true"]
        fill, colour = spec.get("fill_color"), spec.get("font_color")
        rule = FormulaRule(
            formula=[spec["formula"].removeprefix("=")],
            fill=PatternFill(bgColor=_hex(fill)) if fill else None,
            font=Font(color=_hex(colour), bold=spec.get("font_bold")) if colour else None,
        )
        for area in sheet.conditional_formatting:
            for other in area.rules:
                other.priority += 1
        sheet.conditional_formatting.add(
            self._owner.get_address(False, False, False).replace(",", " "), rule
        )
        rule.priority = 1
        return self(1)


class ConditionalFormat(base.ConditionalFormat):
    def __init__(self, owner: Range, area: Any, rule: Any) -> None:
        self._owner, self._area, self._rule = owner, area, rule
        self.journal = owner.journal

    @property
    def type(self) -> str:
        self.journal.note("rule_type")
        return "custom" if self._rule.type == "expression" else "cell_value"

    @property
    def formula(self) -> str | None:
        self.journal.note("rule_formula")
        return f"={self._rule.formula[0]}" if self._rule.type == "expression" else None

    @recorded("delete_rule")
    def delete(self) -> None:
        self._owner._need_unprotected("formatCells")
        formats = self._owner.sheet.formulas.conditional_formatting
        self._area.rules.remove(self._rule)
        if not self._area.rules:
            del formats[self._area.sqref]


def _hex(colour: Any) -> str:
    if isinstance(colour, int):
        red, rest = colour & 255, colour >> 8
        return f"{red:02X}{rest & 255:02X}{rest >> 8:02X}"
    if isinstance(colour, tuple):
        return "".join(f"{part:02X}" for part in colour)
    return str(colour).lstrip("#").upper()
