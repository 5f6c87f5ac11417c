"""Writes one table instance of a Report into its sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from xltool.core.amounts import PERCENT, convert, trim
from xltool.core.hierarchy import children, parent_formula, runs, sum_formula
from xltool.core.model import CODE, NAME, Kind, Path, Row, Table, Value
from xltool.core.problems import Problem
from xltool.core.texts import norm
from xltool.core.years import YEAR, year_of
from xltool.filling.codecells import code_texts, style_here
from xltool.filling.headplaces import place_by_words
from xltool.filling.repeats import by_key, repeated
from xltool.filling.rowplan import RowMoves
from xltool.filling.statementplace import statement_place
from xltool.filling.totals import Cell, Given, precision
from xltool.mapping.blocks import CodeStyle, Column, ListBlock
from xltool.mapping.headlines import (
    HEAD_ROWS,
    filled_line,
    format_line,
    is_labelled,
    is_term,
    match_line,
)
from xltool.mapping.located import Located, LocatedList, as_text
from xltool.mapping.model import Line
from xltool.ooxml import EditError, Editor, Range, column_letter, column_refs, make_ref

_CENT = Decimal("0.01")


class TableWriter:
    """Puts the values of one table instance into the cells where `located` says they belong.

    Values for formula cells are not written but collected in `given`: whether they stand over the formula
    is decided when everything is in place.
    """

    def __init__(
        self,
        editor: Editor,
        located: Located,
        moves: RowMoves,
        where: str,
        unit: tuple[str, str],
        given: dict[Cell, Given],
        problems: list[Problem],
    ) -> None:
        self.editor, self.located, self.where = editor, located, where
        self.moves, self.sheet = moves, located.sheet.name
        self.source_unit, self.form_unit = unit
        self.given, self.problems = given, problems
        self.spec = located.mapping.spec
        self._style: CodeStyle = "whole"  # how codes stand in the list that is being written
        self.texts: dict[str, str] = {}  # the cells that got a text, with it
        self.parents: set[Cell] = set()  # that got the formula of a 类 or 款

    def heads(self, heads: Mapping[str, str]) -> set[str]:
        """Write the lines and cells that hold document heads; return the heads that found a place."""
        placed: set[str] = set()
        for line in self.located.mapping.lines:
            names = {name for name in heads if "{" + name + "}" in line.pattern}
            ref = self._line_ref(line) if names else None
            if names and ref is None and self._year_alone(line, heads["年度"]):
                placed |= names
                continue
            if names and self._not_printed(ref):
                other = place_by_words(self.located, names)
                line, ref = (line, ref) if other is None else (other, other.range.anchor)
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

    def _not_printed(self, ref: str | None) -> bool:
        """Whether a line of an edition's form is not on this one: it has nothing there, or other words."""
        return self.located.mapping.area is None and (
            ref is None or self.located.sheet.value(ref) is None
        )

    def _year_alone(self, line: Line, year: str) -> bool:
        """Put the year into a cell that holds a year and nothing else: a number, or a text such as 2021年."""
        ref = self.moves.ref(line.range.anchor)
        standing = self.located.sheet.value(ref)
        if not is_term(line.pattern) or year_of(standing) is None:
            return False
        new = re.sub(YEAR, year, standing) if isinstance(standing, str) else Decimal(year)
        self._set(ref, new, self.where)
        return True

    def _line_ref(self, line: Line) -> str | None:
        """The cell of a line: where the edition has it, else one with its words; else the edition's, if blank."""
        sheet, at = self.located.sheet, self.moves.ref(line.range.anchor)
        text = as_text(sheet.value(at))
        if text is not None and filled_line(line.pattern, text, {}) is not None:
            return at
        own = self.located.mapping.area is None and is_labelled(line.pattern)
        for ref, value in sheet.head(HEAD_ROWS) if own else ():
            if isinstance(value, str) and filled_line(line.pattern, value, {}) is not None:
                return ref
        return at if text is None else None

    def fields(self, table: Table) -> None:
        """Write every single cell."""
        for path, value in table.fields.items():
            where = " › ".join((self.where, *path))
            ref = self.located.fields.get(path)
            if ref is None and self._is_sum_of_rows(path, value, table):
                continue
            if ref is None:
                self.problems.append(Problem(where, "这份表样里没有这一项的位置", code="no-place"))
                continue
            self._value(ref, value, self.spec.fields[path].kind, where, self._unit(path))

    def _is_sum_of_rows(self, path: Path, value: Value, table: Table) -> bool:
        """Whether a total that the form has no place for says no more than the rows of its list do."""
        for block in self.located.mapping.blocks:
            if isinstance(block, ListBlock) and block.total and path[-1] in block.total.without:
                rows = table.lists.get(block.name, [])
                codes = [str(row.get(CODE, "")) for row in rows]
                lowest = [row for row, code in zip(rows, codes, strict=True)
                          if not any(other != code and other.startswith(code) for other in codes)]  # fmt: skip
                parts = [part for row in lowest if isinstance(part := row.get(path[-1]), Decimal)]
                return isinstance(value, Decimal) and abs(value - sum(parts)) <= _CENT * len(parts)
        return False

    def codes(self, name: str, rows: Sequence[Row]) -> None:
        """Write the amounts of a fixed list of codes."""
        spec = self.spec.lists[name]
        for row in rows:
            code = str(row[CODE])
            where = f"{self.where} › {name} › {code}"
            ref = self.located.codes[name].get(code)
            if ref is None:
                self.problems.append(Problem(where, "这份表样里没有这个科目的行", code="no-place"))
                continue
            for column, value in row.items():
                if column not in (CODE, NAME):
                    self._value(ref, value, spec.columns[column], where, self._unit((name, column)))

    def _unit(self, key: tuple[str, ...]) -> str:
        """The money unit of a field or column: its own, or that of the sheet."""
        return self.located.mapping.own_units.get(key, self.form_unit)

    def rows(self, found: LocatedList, rows: Sequence[Row]) -> None:
        """Write a list that has as many rows as it needs, or more; sample rows of the form go."""
        block = found.block
        if not rows and block.codes is None:
            return
        self._style = "whole" if block.codes is None else style_here(self.located.sheet, found)
        self._clear(found)
        placed = list(zip(found.rows, rows, strict=False))
        at = {str(row.get(CODE, "")): number for number, row in placed}
        parents = children([str(row[CODE]) for row in rows], block.codes) if block.codes else {}
        for number, row in placed:
            code = str(row.get(CODE, ""))
            where = f"{self.where} › {block.name} › {code or f'第{number - found.rows[0] + 1}行'}"
            below = [at[child] for child in parents.get(code, ())]
            other = block.instead(code)
            own = [c for c in block.columns if c.kind != "amount" or other is None]
            places = [(found.columns[column.name].left, column) for column in own]
            places += [(s.column.left, s.column) for s in block.shares if s.has(code)]
            for left, column in places:
                if below and column.kind == "amount":
                    self._parent_formula(found, number, left, below)
                self._row_value(found, number, row, column, left, where)
        self._merge_groups(found, rows)

    def repeats(self, table: Table) -> None:
        """Write the cells that say once more what fields have."""
        mapping = self.located.mapping
        coded = {name for name, spec in self.spec.lists.items() if spec.codes is not None}
        values = by_key(table, coded) if mapping.repeats else {}
        for repeat in mapping.repeats:
            value = repeated(repeat, values)
            if value is not None:
                ref = self.moves.ref(repeat.range.anchor)
                self._value(ref, value, "amount", self.where, self.form_unit)

    def _row_value(
        self, found: LocatedList, number: int, row: Row, column: Column, left: int, where: str
    ) -> None:
        """One value of a row; a code in the pieces, or with the name, as the form has it."""
        value = row.get(column.name)
        if value is None or (column.kind == "name" and column.code == "named"):
            return
        where = f"{where} › {column.name}"
        if column.kind == "code" and found.block.codes is not None:
            spot, levels = found.columns[column.name], found.block.codes.levels
            texts = code_texts(str(value), str(row.get(NAME, "")), self._style, levels, spot)
            for at, text in texts.items():
                self._set(make_ref(number, at), text, where)
            return
        unit = self._unit((found.block.name, column.name))
        self._value(make_ref(number, left), value, column.kind, where, unit)

    def _clear(self, found: LocatedList) -> None:
        """Take away sample rows and the merged cells that go down over several rows of a list."""
        rows = set(found.rows)
        spots = found.columns.values()
        for area in self.editor.sheet(self.sheet).merges:
            tall = area.top < area.bottom and {area.top, area.bottom} <= rows
            if tall and any(s.left <= area.left and area.right <= s.right for s in spots):
                self.editor.unmerge(self.sheet, area)
        view = self.editor.sheet(self.sheet)
        for spot in spots:
            for column in spot.columns:
                for ref in column_refs(column, tuple(found.rows)):
                    if view.value(ref) is not None and view.formula(ref) is None:
                        self._set(ref, None, self.where)

    def _parent_formula(
        self, found: LocatedList, row: int, column: int, below: Sequence[int]
    ) -> None:
        """A 类 or 款 adds up the rows one level below it; they stand under it."""
        spot = found.columns[CODE]
        letter = column_letter(column)
        if self._style == "whole":
            code = column_letter(spot.left)
            formula = parent_formula(code, letter, row, found.rows[-1])
        else:
            formula = sum_formula(*runs(letter, below))
        cell = (self.sheet, make_ref(row, column))
        self.editor.set_formula(*cell, formula)
        self.parents.add(cell)

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

    def statement(self, stated: bool, heads: Mapping[str, str]) -> bool:
        """Print the line 说明：…本表无数据 where the document makes that statement; else it goes from the form.

        False where a statement has no place.
        """
        line = self.located.mapping.empty or (statement_place(self.located) if stated else None)
        if line is None:
            return not stated
        ref = self.moves.ref(make_ref(self.located.moved(line.range.top), line.range.left))
        standing = self.located.sheet.value(ref)
        if stated:
            self._set(ref, format_line(line.pattern, heads), self.where)
        elif isinstance(standing, str) and norm(standing).startswith("说明"):
            self._set(ref, None, self.where)
        return True

    def _value(self, ref: str, value: Value, kind: Kind, where: str, unit: str) -> None:
        """`unit`: that of the cell, where it holds an amount or a ratio."""
        if kind == "amount" and isinstance(value, Decimal):
            value = convert(value, self.source_unit, unit)
        elif unit == PERCENT and isinstance(value, Decimal):
            value = trim(value.scaleb(2))
        if self.editor.sheet(self.sheet).formula(ref) is None:
            self._set(ref, value, where)
        elif isinstance(value, Decimal):
            decimals = precision(value, kind, converted=self.source_unit != unit)
            units = (self.source_unit, unit) if kind == "amount" else None
            self.given[self.sheet, ref] = Given(where, value, decimals, units)
        else:
            self._set(ref, value, where, over_formula=True)

    def _set(
        self, ref: str, value: Value | None, where: str, *, over_formula: bool = False
    ) -> None:
        try:
            self.editor.set(self.sheet, ref, value, over_formula=over_formula)
            if isinstance(value, str):
                self.texts[ref] = value
            else:
                self.texts.pop(ref, None)
        except EditError as error:
            self.problems.append(
                Problem(where, f"写不进工作表“{self.sheet}”{ref}：{error}", code="unwritable")
            )
