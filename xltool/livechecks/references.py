"""References in expressions -> the cells that they mean, in formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from xltool.core.model import ListSpec, Path
from xltool.core.places import ListPlace, TableCopy
from xltool.livechecks.areas import CellArea, filled, quoted
from xltool.livechecks.locations import BookLocations, ListRow
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


def list_meant(node: Node, scope: NameScope, bound: Mapping[str, Bound]) -> ListPlace:
    """The list of `表.明细`, or of the table that a variable stands for. Raises what `require_here` does."""
    assert isinstance(node, Reference)
    require_here(node)
    copy = bound.get(node.head.text) or TableCopy(scope.table(node.head), 0)
    (step,) = node.steps
    assert isinstance(copy, TableCopy) and isinstance(step, Piece)
    return ListPlace(*copy, scope.text(step))


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
            return self._table_cells(TableCopy(self.scope.table(head), 0), steps)
        bound, variable = self.bound.get(head.text), self.scope.types.get(head.text)
        if isinstance(bound, ListRow) and isinstance(variable, RowType):
            return self._row_cells(bound, steps[0])
        if isinstance(bound, TableCopy) and isinstance(variable, TableType):
            return self._table_cells(bound, steps)
        raise Untranslatable(f"{head.text} 不能写成公式")

    def _spec(self, place: ListPlace) -> ListSpec:
        return self.scope.specs[place.table].lists[place.list]

    def _columns(self, place: ListPlace, step: Step) -> list[str]:
        known = list(self._spec(place).columns)
        if isinstance(step, Span):
            return self.scope.between(known, step)
        assert isinstance(step, Piece)
        return [self.scope.text(step)]

    def _row_cells(self, row: ListRow, step: Step) -> Group:
        names = self._columns(row.place, step)
        if self._spec(row.place).listed:
            cells = [self.book.listed(row.place, row.code)]
        else:
            cells = [self.book.row_cell(row, name) for name in names]
        shown = self._shown(row.copy, [(row.place.list, name) for name in names])
        areas = self.book.areas([cell for cell in cells if cell is not None])
        return Group(_cells(areas, (), shown))

    def _table_cells(self, copy: TableCopy, steps: Sequence[Step]) -> Group:
        first, spec = steps[0] if steps else None, self.scope.specs[copy.table]
        if isinstance(first, Piece) and (name := self.scope.text(first)) in spec.lists:
            return Group(self._selected(ListPlace(*copy, name), steps[1:]))
        plain = tuple(step for step in steps if isinstance(step, (Piece, Span)))
        paths = self.scope.paths(copy.table, plain, 1)
        found = [self.book.field(copy, path) for path in paths]
        state = self.book.state(copy)
        areas = self.book.areas([cell for cell in found if cell is not None])
        areas += [self._rows_for(copy, path) for path in paths if path in spec.unplaced]
        columns = [(path[0], path[-1]) for path in paths if len(path) >= 2]
        shown = self._shown(copy, columns)
        return Group(_cells(areas, (f'{state}="{EMPTY}"',), shown))

    def _rows_for(self, copy: TableCopy, path: Path) -> CellArea:
        """The highest rows of a list, whose sum stands for a total that the form has no place for."""
        rows = self.scope.specs[copy.table].list_of_total(path)
        assert rows.codes is not None
        place = ListPlace(*copy, rows.name)
        cells, codes = self.book.column(place, path[-1]), self.book.codes(place)
        level = self._standing_level(place, rows.codes.levels[0])
        return CellArea(cells, f"(LEN({codes})={level})")

    def _standing_level(self, place: ListPlace, level: int) -> int:
        """The level whose rows stand for those of a level: the lowest one, where the list has no other."""
        lowest = self.book.flat_level(place)
        return level if lowest is None else max(level, lowest)

    def _shown(
        self, copy: TableCopy, columns: Sequence[tuple[str, str]], there: str = ""
    ) -> ShownTerm:
        """Columns (block and name), and that the table has no data. `there`: whether the cells exist at all."""
        areas = [area for column in columns for area in self.book.shown(copy, *column)]
        declared = f'{self.book.state(copy)}="{DECLARED}"'
        if there:
            declared = f"AND({there},{declared})"
        return ShownTerm(tuple(CellArea(cells, gate=there) for cells in areas), (declared,))

    # ── the row with a code ──

    def _selected(self, place: ListPlace, steps: Sequence[Step]) -> Term:
        select, step = steps
        assert isinstance(select, Select)
        (column,) = self._columns(place, step)
        state = self.book.state(place.copy)
        if self._spec(place).listed:
            return self._listed(place, self._fixed_code(select.key))
        cells = self.book.column(place, column)
        if isinstance(select.key, Text):
            texts, text = self.book.labelled(place, select.key.value)
            mask = f"({texts}={quoted(text)})"
            known = f"SUMPRODUCT(--(LEN({self.book.key(place)})>0))"
        else:
            codes, code = self.book.codes(place), self.code(select.key)
            lowest = self.book.flat_level(place)
            if lowest is None:
                mask, level = f'({codes}&""={code})', f"LEN({code})"
            else:  # the rows of a 类 or 款 stand for it
                mask, level = f"(LEFT({codes},LEN({code}))={code})", str(lowest)
            known = f"SUMPRODUCT(--(LEN({codes})={level}))"
        absent = f'AND({known}=0,{state}<>"{DECLARED}")'
        shown = self._shown(place.copy, [(place.list, column)], f"SUMPRODUCT({mask}*1)>0")
        return simple(CellArea(cells, mask), (absent,), shown)

    def single_cell(self, node: Node) -> str:
        """A cell whose text is wanted: a reference, or a formula that finds it by the text of its row."""
        if isinstance(node, Reference) and len(node.steps) == 3 and not node.head.is_variable:
            head, select, step = node.steps
            if isinstance(select, Select) and isinstance(select.key, Text):
                assert isinstance(head, Piece)
                place = ListPlace(self.scope.table(node.head), 0, self.scope.text(head))
                self.book.state(place.copy)
                (column,) = self._columns(place, step)
                texts, text = self.book.labelled(place, select.key.value)
                cells = self.book.column(place, column)
                return f"INDEX({cells},MATCH({quoted(text)},{texts},0))"
        if isinstance(node, Reference):
            areas = self.reference(node).term.areas
            if len(areas) == 1 and areas[0].plain and ":" not in areas[0].cells:
                return areas[0].cells
        raise Untranslatable("百分数不能写成公式")

    def _listed(self, place: ListPlace, code: str) -> Term:
        """A code of a fixed form. Blank, it is missing when no code of its level is filled."""
        level = [c for c in self._spec(place).listed if len(c) == len(code)]
        known = filled(self._listed_areas(place, level))
        absent = f'AND({known}=0,{self.book.state(place.copy)}<>"{DECLARED}")'
        return _cells(self._listed_areas(place, [code]), (absent,))

    def _listed_areas(self, place: ListPlace, codes: Sequence[str]) -> list[CellArea]:
        cells = [self.book.listed(place, code) for code in codes]
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
        place = list_meant(node.arguments[0], self.scope, self.bound)
        (column,) = self._columns(place, step)
        spec, state = self._spec(place), self.book.state(place.copy)
        level = _level(node, spec)
        if spec.listed:
            codes = [c for c in spec.listed if level is None or len(c) == level]
            areas = self._listed_areas(place, codes)
            known = f"{filled(areas)}>0"
        else:
            if node.function == "parents":
                raise Untranslatable("parents() 的合计没有公式")
            cells = self.book.column(place, column)
            if level is None:
                areas = [CellArea(cells)]
                known = f"SUMPRODUCT(--(LEN({self.book.key(place)})>0))>0"
            else:
                standing = self._standing_level(place, level)
                mask = f"(LEN({self.book.codes(place)})={standing})"
                areas, known = [CellArea(cells, mask)], f"SUMPRODUCT({mask}*1)>0"
        shown = self._shown(place.copy, [(place.list, column)], known)
        known = f'OR({known},{state}="{DECLARED}")'
        return Group(group(areas, (f"NOT({known})",), shown), known)

    def _relatives(self, node: Call, step: Step) -> Group:
        target = node.arguments[0]
        above = isinstance(target, Call)
        inner = target.arguments[0] if isinstance(target, Call) else target
        row = self.bound.get(inner.head.text) if isinstance(inner, Reference) else None
        if not isinstance(row, ListRow):
            raise Untranslatable("不能写成公式的行")
        (column,) = self._columns(row.place, step)
        if self._spec(row.place).listed:
            return self._listed_relatives(node.function, row, above=above)
        if above:
            raise Untranslatable("上级的下级没有公式")
        return self._list_relatives(node.function, row, column)

    def _listed_relatives(self, function: str, row: ListRow, *, above: bool) -> Group:
        place, spec = row.place, self._spec(row.place)
        assert spec.codes is not None
        gate, code = "", row.code
        if above:
            code = spec.codes.parent(code) or ""
            above_it = self._listed_areas(place, [code])
            gate = "+".join([filled(above_it), *(area.faults for area in above_it)]) + ">0"
        if function == "parent":
            areas = self._listed_areas(place, [spec.codes.parent(code) or ""])
            return Group(_cells(areas, ()), "TRUE")
        below = [c for c in spec.listed if spec.codes.parent(c) == code]
        areas = self._listed_areas(place, below)
        level = [c for c in spec.listed if below and len(c) == len(below[0])]
        known = f"{filled(self._listed_areas(place, level))}>0" if level else "FALSE"
        areas = [replace(area, gate=gate) for area in areas]
        if above:
            known = f"OR({known},NOT({gate}))"
        return Group(group(areas, (f"NOT({known})",)), known)

    def _list_relatives(self, function: str, row: ListRow, column: str) -> Group:
        place, codes = row.place, self.book.codes(row.place)
        cells, own = self.book.column(place, column), self.book.own_code(row)
        step = _step(self._spec(place))
        if function == "parent":
            mask = f'({codes}&""=LEFT({own},LEN({own})-{step}))'
            shown = self._shown(place.copy, [(place.list, column)], f"SUMPRODUCT({mask}*1)>0")
            return Group(simple(CellArea(cells, mask), (), shown), "TRUE")
        level = f"(LEN({codes})=LEN({own})+{step})"
        known = f"SUMPRODUCT({level}*1)>0"
        area = CellArea(cells, f"{level}*(LEFT({codes},LEN({own}))={own})")
        there = f"SUMPRODUCT({area.mask}*1)>0"
        shown = self._shown(place.copy, [(place.list, column)], there)
        return Group(group([area], (f"NOT({known})",), shown), known)


def _level(node: Call, spec: ListSpec) -> int | None:
    """How long the codes of the wanted rows are; None for any rows."""
    if len(node.arguments) < 2 or spec.codes is None:
        return None
    level = node.arguments[1]
    assert isinstance(level, Reference)
    return spec.codes.length(level.head.text)


def _step(spec: ListSpec) -> int:
    """How many digits one level has more than the one above it."""
    levels = spec.codes.levels if spec.codes is not None else ()
    steps = {longer - shorter for shorter, longer in pairwise(levels)}
    if len(steps) != 1:
        raise Untranslatable("各级编码加的位数不同")
    return steps.pop()
