"""References in expressions -> the cells that they mean, in formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from xltool.core.model import Path, TableSpec
from xltool.livechecks.areas import CellArea, filled
from xltool.livechecks.locations import BookLocations, ListRow, TableCopy
from xltool.livechecks.terms import (
    DECLARED,
    EMPTY,
    NOTHING,
    Group,
    ShownTerm,
    Term,
    Untranslatable,
    group,
    simple,
)
from xltool.rules.env import NoPrior
from xltool.rules.external import NoExternal
from xltool.rules.scope import EXTERNAL, PRIOR, NameScope, RowType, TableType
from xltool.rules.syntax import Call, Node, Number, Piece, Reference, Select, Span, Step, Text

Bound = ListRow | TableCopy


def quoted(text: str) -> str:
    """A text as formulas write it."""
    return '"{}"'.format(text.replace('"', '""'))


def _cells(areas: Sequence[CellArea], absent: Sequence[str], shown: ShownTerm = NOTHING) -> Term:
    if len(areas) == 1:
        return simple(areas[0], absent, shown)
    return group(areas, absent, shown)


def require_here(node: Reference) -> None:
    """See that a reference means a table of this workbook. Raises `NoPrior`, `NoExternal`."""
    if node.head.text == PRIOR:
        raise NoPrior
    if node.head.text == EXTERNAL:
        raise NoExternal(next((step.text for step in node.steps if isinstance(step, Piece)), ""))


class FormulaReferences:
    """Translates references. `bound`: what the row and table variables stand for."""

    def __init__(self, scope: NameScope, book: BookLocations, bound: Mapping[str, Bound]) -> None:
        self.scope, self.book, self.bound = scope, book, bound

    def reference(self, node: Reference) -> Group:
        """The cells of `表.块.名称`, `$行.栏`, `表.明细[编码].栏`.

        Raises `Untranslatable`, and what `require_here` does.
        """
        head, steps = node.head, node.steps
        require_here(node)
        if not head.is_variable:
            return self._table_cells(self.scope.table(head), 0, steps)
        bound, variable = self.bound.get(head.text), self.scope.types.get(head.text)
        if isinstance(bound, ListRow) and isinstance(variable, RowType):
            return self._row_cells(bound, steps[0])
        if isinstance(bound, TableCopy) and isinstance(variable, TableType):
            return self._table_cells(bound.table, bound.instance, steps)
        raise Untranslatable(f"{head.text} 不能写成公式")

    def _spec(self, table: str) -> TableSpec:
        return self.scope.specs[table]

    def _columns(self, table: str, name: str, step: Step) -> list[str]:
        known = list(self._spec(table).lists[name].columns)
        if isinstance(step, Span):
            return self.scope.between(known, step)
        assert isinstance(step, Piece)
        return [self.scope.text(step)]

    def _row_cells(self, row: ListRow, step: Step) -> Group:
        names = self._columns(row.table, row.list, step)
        if self._spec(row.table).lists[row.list].listed:
            cells = [self.book.listed(row.table, row.instance, row.list, row.code)]
        else:
            cells = [self.book.row_cell(row, name) for name in names]
        shown = self._shown(row.table, row.instance, [(row.list, name) for name in names])
        areas = self.book.areas([cell for cell in cells if cell is not None])
        return Group(_cells(areas, (), shown))

    def _table_cells(self, table: str, instance: int, steps: Sequence[Step]) -> Group:
        first = steps[0] if steps else None
        if isinstance(first, Piece) and self.scope.text(first) in self._spec(table).lists:
            return Group(self._selected(table, instance, self.scope.text(first), steps[1:]))
        plain = tuple(step for step in steps if isinstance(step, (Piece, Span)))
        paths = self.scope.paths(table, plain, 1)
        found = [self.book.field(table, instance, path) for path in paths]
        state = self.book.state(table, instance)
        areas = self.book.areas([cell for cell in found if cell is not None])
        unplaced = self._spec(table).unplaced
        areas += [self._rows_for(table, instance, path) for path in paths if path in unplaced]
        columns = [(path[0], path[-1]) for path in paths if len(path) >= 2]
        shown = self._shown(table, instance, columns)
        return Group(_cells(areas, (f'{state}="{EMPTY}"',), shown))

    def _rows_for(self, table: str, instance: int, path: Path) -> CellArea:
        """The highest rows of a list, whose sum stands for a total that the form has no place for."""
        rows = self._spec(table).list_of_total(path)
        assert rows.codes is not None
        cells = self.book.column(table, instance, rows.name, path[-1])
        codes = self.book.codes(table, instance, rows.name)
        return CellArea(cells, f"(LEN({codes})={rows.codes.levels[0]})")

    def _shown(
        self, table: str, instance: int, columns: Sequence[tuple[str, str]], there: str = ""
    ) -> ShownTerm:
        """Columns (block and name), and that the table has no data. `there`: whether the cells exist at all."""
        areas = [area for place in columns for area in self.book.shown(table, instance, *place)]
        declared = f'{self.book.state(table, instance)}="{DECLARED}"'
        if there:
            declared = f"AND({there},{declared})"
        return ShownTerm(tuple(CellArea(cells, gate=there) for cells in areas), (declared,))

    # ── the row with a code ──

    def _selected(self, table: str, instance: int, name: str, steps: Sequence[Step]) -> Term:
        select, step = steps
        assert isinstance(select, Select)
        (column,) = self._columns(table, name, step)
        state = self.book.state(table, instance)
        if self._spec(table).lists[name].listed:
            return self._listed(table, instance, name, self._fixed_code(select.key))
        cells = self.book.column(table, instance, name, column)
        if isinstance(select.key, Text):
            texts, text = self.book.labelled(table, instance, name, select.key.value)
            mask = f"({texts}={quoted(text)})"
            known = f"SUMPRODUCT(--(LEN({self.book.key(table, instance, name)})>0))"
        else:
            codes, code = self.book.codes(table, instance, name), self.code(select.key)
            mask, known = f'({codes}&""={code})', f"SUMPRODUCT(--(LEN({codes})=LEN({code})))"
        absent = f'AND({known}=0,{state}<>"{DECLARED}")'
        shown = self._shown(table, instance, [(name, column)], f"SUMPRODUCT({mask}*1)>0")
        return simple(CellArea(cells, mask), (absent,), shown)

    def single_cell(self, node: Node) -> str:
        """A cell whose text is wanted: a reference, or a formula that finds it by the text of its row."""
        if isinstance(node, Reference) and len(node.steps) == 3 and not node.head.is_variable:
            head, select, step = node.steps
            if isinstance(select, Select) and isinstance(select.key, Text):
                assert isinstance(head, Piece)
                table, name = self.scope.table(node.head), self.scope.text(head)
                self.book.state(table, 0)
                (column,) = self._columns(table, name, step)
                texts, text = self.book.labelled(table, 0, name, select.key.value)
                cells = self.book.column(table, 0, name, column)
                return f"INDEX({cells},MATCH({quoted(text)},{texts},0))"
        if isinstance(node, Reference):
            areas = self.reference(node).term.areas
            if len(areas) == 1 and areas[0].plain and ":" not in areas[0].cells:
                return areas[0].cells
        raise Untranslatable("百分数不能写成公式")

    def _listed(self, table: str, instance: int, name: str, code: str) -> Term:
        """A code of a fixed form. Blank, it is missing when no code of its level is filled."""
        level = [c for c in self._spec(table).lists[name].listed if len(c) == len(code)]
        known = filled(self._listed_areas(table, instance, name, level))
        absent = f'AND({known}=0,{self.book.state(table, instance)}<>"{DECLARED}")'
        return _cells(self._listed_areas(table, instance, name, [code]), (absent,))

    def _listed_areas(
        self, table: str, instance: int, name: str, codes: Sequence[str]
    ) -> list[CellArea]:
        cells = [self.book.listed(table, instance, name, code) for code in codes]
        return self.book.areas([cell for cell in cells if cell is not None])

    def _fixed_code(self, node: Node) -> str:
        if isinstance(node, Number):
            return node.text
        code = self.code(node)
        if not code.startswith('"'):
            raise Untranslatable("固定科目表的编码要随别的表变化")
        return code.strip('"')

    def code(self, node: Node) -> str:
        """A code as a text: quoted, or the cell that holds it."""
        if isinstance(node, Number):
            return quoted(node.text)
        if isinstance(node, Call) and node.function == "code":
            (argument,) = node.arguments
            assert isinstance(argument, Reference)
            bound = self.bound.get(argument.head.text)
            if isinstance(bound, ListRow):
                return self.book.own_code(bound)
            return quoted(self.scope.class_code(self.scope.text(argument.head)) or "")
        if isinstance(node, Reference):
            require_here(node)
        raise Untranslatable("编码不能写成公式")

    # ── rows ──

    def rows_column(self, node: Call) -> Group:
        """`rows(表.明细, 类).栏`, `children($行).栏`, `parent($行).栏`. Raises `Untranslatable`."""
        (step,) = node.steps
        if node.function in ("children", "parent"):
            return self._relatives(node, step)
        table, instance, name = self._list_of(node.arguments[0])
        (column,) = self._columns(table, name, step)
        spec, state = self._spec(table).lists[name], self.book.state(table, instance)
        level = self._level(node, table, name)
        if spec.listed:
            codes = [c for c in spec.listed if level is None or len(c) == level]
            areas = self._listed_areas(table, instance, name, codes)
            known = f"{filled(areas)}>0"
        else:
            if node.function == "parents":
                raise Untranslatable("parents() 的合计没有公式")
            cells = self.book.column(table, instance, name, column)
            if level is None:
                areas = [CellArea(cells)]
                known = f"SUMPRODUCT(--(LEN({self.book.key(table, instance, name)})>0))>0"
            else:
                mask = f"(LEN({self.book.codes(table, instance, name)})={level})"
                areas, known = [CellArea(cells, mask)], f"SUMPRODUCT({mask}*1)>0"
        shown = self._shown(table, instance, [(name, column)], known)
        known = f'OR({known},{state}="{DECLARED}")'
        return Group(group(areas, (f"NOT({known})",), shown), known)

    def _level(self, node: Call, table: str, name: str) -> int | None:
        codes = self._spec(table).lists[name].codes
        if len(node.arguments) < 2 or codes is None:
            return None
        level = node.arguments[1]
        assert isinstance(level, Reference)
        return codes.length(level.head.text)

    def _list_of(self, node: Node) -> tuple[str, int, str]:
        assert isinstance(node, Reference)
        require_here(node)
        bound = self.bound.get(node.head.text)
        table = bound.table if bound is not None else self.scope.table(node.head)
        (step,) = node.steps
        assert isinstance(step, Piece)
        return table, bound.instance if bound is not None else 0, self.scope.text(step)

    def _relatives(self, node: Call, step: Step) -> Group:
        target = node.arguments[0]
        above = isinstance(target, Call)
        inner = target.arguments[0] if isinstance(target, Call) else target
        row = self.bound.get(inner.head.text) if isinstance(inner, Reference) else None
        if not isinstance(row, ListRow):
            raise Untranslatable("不能写成公式的行")
        (column,) = self._columns(row.table, row.list, step)
        if self._spec(row.table).lists[row.list].listed:
            return self._listed_relatives(node.function, row, above=above)
        if above:
            raise Untranslatable("上级的下级没有公式")
        return self._list_relatives(node.function, row, column)

    def _listed_relatives(self, function: str, row: ListRow, *, above: bool) -> Group:
        place = (row.table, row.instance, row.list)
        spec = self._spec(row.table).lists[row.list]
        assert spec.codes is not None
        gate, code = "", row.code
        if above:
            code = spec.codes.parent(code) or ""
            above_it = self._listed_areas(*place, [code])
            gate = "+".join([filled(above_it), *(area.faults for area in above_it)]) + ">0"
        if function == "parent":
            areas = self._listed_areas(*place, [spec.codes.parent(code) or ""])
            return Group(_cells(areas, ()), "TRUE")
        below = [c for c in spec.listed if spec.codes.parent(c) == code]
        areas = self._listed_areas(*place, below)
        level = [c for c in spec.listed if below and len(c) == len(below[0])]
        known = f"{filled(self._listed_areas(*place, level))}>0" if level else "FALSE"
        areas = [replace(area, gate=gate) for area in areas]
        if above:
            known = f"OR({known},NOT({gate}))"
        return Group(group(areas, (f"NOT({known})",)), known)

    def _list_relatives(self, function: str, row: ListRow, column: str) -> Group:
        place = (row.table, row.instance, row.list)
        codes = self.book.codes(*place)
        cells, own = self.book.column(*place, column), self.book.own_code(row)
        step = self._step(row)
        if function == "parent":
            mask = f'({codes}&""=LEFT({own},LEN({own})-{step}))'
            shown = self._shown(*place[:2], [(row.list, column)], f"SUMPRODUCT({mask}*1)>0")
            return Group(simple(CellArea(cells, mask), (), shown), "TRUE")
        level = f"(LEN({codes})=LEN({own})+{step})"
        known = f"SUMPRODUCT({level}*1)>0"
        area = CellArea(cells, f"{level}*(LEFT({codes},LEN({own}))={own})")
        there = f"SUMPRODUCT({area.mask}*1)>0"
        shown = self._shown(*place[:2], [(row.list, column)], there)
        return Group(group([area], (f"NOT({known})",), shown), known)

    def _step(self, row: ListRow) -> int:
        """How many digits one level has more than the one above it."""
        codes = self._spec(row.table).lists[row.list].codes
        levels = codes.levels if codes is not None else ()
        steps = {longer - shorter for shorter, longer in pairwise(levels)}
        if len(steps) != 1:
            raise Untranslatable("各级编码加的位数不同")
        return steps.pop()
