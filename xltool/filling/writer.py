"""Writes one table instance of a Report into its sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xltool.core.amounts import convert
from xltool.core.hierarchy import children, parent_formula
from xltool.core.model import CODE, NAME, Kind, Row, Table, Value
from xltool.core.problems import Problem
from xltool.core.texts import norm
from xltool.documents.values import code_fault
from xltool.filling.supply import complete
from xltool.filling.totals import Cell, Given, precision
from xltool.mapping.headlines import HEAD_ROWS, filled_line, format_line, is_labelled, match_line
from xltool.mapping.located import Located, LocatedList, text_at
from xltool.mapping.model import Column, Line, ListBlock
from xltool.ooxml import EditError, Editor, Range, column_letter, make_ref


def list_rows(block: ListBlock, table: Table, where: str, problems: list[Problem]) -> list[Row]:
    """The rows that a list will hold: those of the document, filled up with parents and names."""
    rows = table.lists.get(block.name, [])
    if block.codes is None:
        return rows
    sound = [row for row in rows if not code_fault(str(row.get(CODE, "")), block.codes)]
    return complete(sound, block.codes, f"{where} › {block.name}", problems)


class TableWriter:
    """Puts the values of one table instance into the cells where `located` says they belong.

    Values for formula cells are not written but collected in `given`: whether they stand over the formula
    is decided when everything is in place.
    """

    def __init__(
        self,
        editor: Editor,
        located: Located,
        where: str,
        unit: tuple[str, str],
        given: dict[Cell, Given],
        problems: list[Problem],
    ) -> None:
        self.editor, self.located, self.where = editor, located, where
        self.sheet = located.sheet.name
        self.source_unit, self.form_unit = unit
        self.given, self.problems = given, problems
        self.spec = located.mapping.spec
        self.texts: list[str] = []
        """The cells that got a text."""

    def heads(self, heads: Mapping[str, str]) -> set[str]:
        """Write the lines and cells that hold document heads; return the heads that found a place."""
        placed: set[str] = set()
        for line in self.located.mapping.lines:
            names = {name for name in heads if "{" + name + "}" in line.pattern}
            ref = self._line_ref(line) if names else None
            if ref is not None:
                text = str(self.located.sheet.value(ref) or "")
                if match_line(line.pattern, text) != {name: heads[name] for name in names}:
                    new = filled_line(line.pattern, text, heads) if text else None
                    self._set(ref, new or format_line(line.pattern, heads), self.where)
                placed |= names
        for name, ref in self.located.heads.items():
            if name in heads:
                self._set(ref, heads[name], f"{self.where} › {name}")
                placed.add(name)
        return placed

    def _line_ref(self, line: Line) -> str | None:
        """The cell of a line: where the edition has it, else one with its words; else the edition's, if blank."""
        sheet, at = self.located.sheet, line.range
        text = text_at(sheet, at.top, at.left)
        if text is not None and filled_line(line.pattern, text, {}) is not None:
            return at.anchor
        for ref, value in sheet.head(HEAD_ROWS) if is_labelled(line.pattern) else ():
            if isinstance(value, str) and filled_line(line.pattern, value, {}) is not None:
                return ref
        return at.anchor if text is None else None

    def fields(self, table: Table) -> None:
        """Write every single cell."""
        for path, value in table.fields.items():
            where = " › ".join((self.where, *path))
            ref = self.located.fields.get(path)
            if ref is None:
                self.problems.append(Problem(where, "这份表样里没有这一项的位置"))
                continue
            self._value(ref, value, self.spec.fields[path].kind, where)

    def codes(self, name: str, rows: Sequence[Row]) -> None:
        """Write the amounts of a fixed list of codes."""
        spec = self.spec.lists[name]
        for row in rows:
            code = str(row[CODE])
            where = f"{self.where} › {name} › {code}"
            ref = self.located.codes[name].get(code)
            if ref is None:
                self.problems.append(Problem(where, "这份表样里没有这个科目的行"))
                continue
            for column, value in row.items():
                if column not in (CODE, NAME):
                    self._value(ref, value, spec.columns[column], where)

    def rows(self, found: LocatedList, rows: Sequence[Row]) -> None:
        """Write a list whose block already has as many rows as there are."""
        block = found.block
        parents = children([str(row[CODE]) for row in rows], block.codes) if block.codes else {}
        for number, row in zip(found.rows, rows, strict=False):
            code = str(row.get(CODE, ""))
            where = f"{self.where} › {block.name} › {code or f'第{number - found.rows[0] + 1}行'}"
            for column in block.columns:
                if code in parents and column.kind == "amount":
                    self._parent_formula(found, number, column)
                value = row.get(column.name)
                if value is not None:
                    self._value(found.ref(number, column.name), value, column.kind, where, column)
        self._merge_groups(found, rows)

    def _parent_formula(self, found: LocatedList, row: int, column: Column) -> None:
        """A 类 or 款 adds up the rows one level below it; they stand under it."""
        code = column_letter(found.columns[CODE].left)
        letter = column_letter(found.columns[column.name].left)
        formula = parent_formula(code, letter, row, found.rows[-1])
        self.editor.set_formula(self.sheet, found.ref(row, column.name), formula)

    def _merge_groups(self, found: LocatedList, rows: Sequence[Row]) -> None:
        """Merge equal neighbours downwards in group columns, inner groups within outer ones."""
        groups = [column for column in found.block.columns if column.group]
        for depth, column in enumerate(groups, 1):
            keys = [tuple(row.get(g.name) for g in groups[:depth]) for row in rows]
            start = 0
            for n in range(1, len(keys) + 1):
                if n < len(keys) and keys[n] == keys[start] and keys[n][-1] is not None:
                    continue
                if n - start > 1:
                    spot = found.columns[column.name]
                    top, bottom = found.rows[start], found.rows[n - 1]
                    for covered in range(top + 1, bottom + 1):
                        self.editor.set(self.sheet, make_ref(covered, spot.left), None)
                    self.editor.merge(self.sheet, Range(top, spot.left, bottom, spot.right))
                start = n

    def empty_note(self, empty: bool, heads: Mapping[str, str]) -> None:
        """Print the 说明 line of a table without data, or take it away from one that has data."""
        line = self.located.mapping.empty
        if line is None:
            return
        ref = make_ref(self.located.moved(line.range.top), line.range.left)
        standing = self.located.sheet.value(ref)
        if empty:
            self._set(ref, format_line(line.pattern, heads), self.where)
        elif isinstance(standing, str) and norm(standing).startswith("说明"):
            self._set(ref, None, self.where)

    def _value(
        self, ref: str, value: Value, kind: Kind, where: str, column: Column | None = None
    ) -> None:
        if kind == "amount" and isinstance(value, Decimal):
            value = convert(value, self.source_unit, self.form_unit)
        if column is not None and column.name != where.rpartition(" › ")[2]:
            where = f"{where} › {column.name}"
        if self.editor.sheet(self.sheet).formula(ref) is None:
            self._set(ref, value, where)
        elif isinstance(value, Decimal):
            unit = (self.source_unit, self.form_unit)
            decimals = precision(value, kind, converted=unit[0] != unit[1])
            given = Given(where, value, decimals, unit if kind == "amount" else None)
            self.given[self.sheet, ref] = given
        else:
            self._set(ref, value, where, over_formula=True)

    def _set(
        self, ref: str, value: Value | None, where: str, *, over_formula: bool = False
    ) -> None:
        try:
            self.editor.set(self.sheet, ref, value, over_formula=over_formula)
            if isinstance(value, str):
                self.texts.append(ref)
        except EditError as error:
            self.problems.append(Problem(where, f"写不进工作表“{self.sheet}”{ref}：{error}"))
