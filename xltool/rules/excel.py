"""Expressions as live Excel formulas, for the 审核表: the same values and the same outcomes as `evaluate`.

Only functions that Excel, WPS and LibreOffice share are used, and no array entry is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.amounts import plain
from xltool.model import Place
from xltool.ooxml import column_letter
from xltool.ooxml.formula import quote_sheet
from xltool.rules.lookup import RowKey, TableKey
from xltool.rules.scope import PRIOR, RowType, Scope, TableType
from xltool.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Node,
    Number,
    Piece,
    Reference,
    Select,
    Span,
    Step,
    Text,
    Texts,
)

_LEVELS = {"类": 0, "款": 1, "项": 2}
_ANY = '">-1E+300"'


class Untranslatable(Exception):
    """An expression that no formula says; `str()` is the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of one column: all of them, or those whose code matches `pattern`.

    `codes` is the column of codes beside `cells`; `pattern` a quoted wildcard, or a cell and a wildcard.
    """

    cells: str
    codes: str = ""
    pattern: str = ""
    length: int = 0

    def total(self) -> str:
        """Their sum; texts count for nothing."""
        return (
            f"SUMIF({self.codes},{self.pattern},{self.cells})"
            if self.codes
            else f"SUM({self.cells})"
        )

    def filled(self) -> str:
        """How many of them hold a number."""
        if self.codes:
            return f"COUNTIFS({self.codes},{self.pattern},{self.cells},{_ANY})"
        return f"COUNT({self.cells})"

    def rounded(self, *, exact: bool = False) -> str:
        """How many figures other than zero have at most two decimals, or (`exact`) more."""
        point = f'FIND(".",{self.cells}&".")'
        decimals = f"LEN({self.cells})-{point}"
        test = f"({decimals}>2)" if exact else f"({decimals}<=2)"
        rows = f"{self._match()}*" if self.codes else ""
        return f"SUMPRODUCT({rows}ISNUMBER({self.cells})*({self.cells}<>0)*{test})"

    def _match(self) -> str:
        """The rows of `codes` that match the pattern, as an array of ones and zeros."""
        if self.pattern.startswith('"?'):
            return f"(LEN({self.codes})={self.length})"
        start = self.pattern.partition("&")[0]
        if "&" in self.pattern:
            return f"(LEN({self.codes})={self.length})*(LEFT({self.codes},LEN({start}))={start})"
        return f"({self.codes}={start})"


@dataclass(slots=True)
class Term:
    """A numeric expression as a formula, with what decides whether it is blank or missing.

    `tables` must have data (or say that they have none); if all `areas` are blank, it is missing unless
    `known` or unless one of the columns in `shown` has figures.
    """

    formula: str
    areas: list[Area] = field(default_factory=list)
    tables: set[tuple[str, int]] = field(default_factory=set)
    known: bool = True
    shown: list[str] = field(default_factory=list)


class Sheets:
    """What the translator asks of a located workbook."""

    def __init__(
        self,
        cell: Callable[[Place], tuple[str, str] | None],
        list_columns: Callable[[str, int, str], tuple[str, int, int, Mapping[str, int]] | None],
        block_column: Callable[[str, int, str, str], list[str]],
    ) -> None:
        self.cell = cell
        self.list_columns = list_columns
        """Of a list: sheet, first and last row, columns by name."""
        self.block_column = block_column
        """The cells of a column of a form block, or of the list whose total it is."""


class Translator:
    """Translates the expressions of one rule instance. `keys`: what the row and table variables are."""

    def __init__(
        self,
        scope: Scope,
        sheets: Sheets,
        keys: Mapping[str, RowKey | TableKey],
        code: Callable[[RowKey], str],
    ) -> None:
        self.scope, self.sheets, self.keys, self.code_of = scope, sheets, keys, code

    def term(self, node: Node) -> Term:
        """A numeric expression. Raises `Untranslatable`."""
        match node:
            case Number(value, _):
                return Term(plain(value))
            case Arithmetic(first, rest):
                return self._arithmetic(first, rest)
            case Call(function="sum"):
                return self._sum([self.cells(argument) for argument in node.arguments])
            case Call(function="count"):
                areas = [area for a in node.arguments for area in self.cells(a).areas]
                parts = [f"({area.rounded()}+{area.rounded(exact=True)})" for area in areas]
                return Term("+".join(parts))
            case Call(function="abs" | "min" | "max" | "round"):
                return self._simple(node)
            case Call(function="percent"):
                inner = self.cells(node.arguments[0])
                cell = inner.areas[0].cells
                return Term(f'IF(ISNUMBER({cell}),{cell},IFERROR(VALUE({cell}),""))', inner.areas)
        return self.cells(node)

    def _arithmetic(self, first: Node, rest: tuple[tuple[str, Node], ...]) -> Term:
        terms = [self.term(first), *(self.term(operand) for _, operand in rest)]
        operators = [operator for operator, _ in rest]
        formula = f"N({terms[0].formula})" if terms[0].areas else terms[0].formula
        for operator, term in zip(operators, terms[1:], strict=True):
            formula += f"{operator}({term.formula})"
        areas = [area for term in terms for area in term.areas]
        tables = {table for term in terms for table in term.tables}
        if operators[0] in "+-":
            shown = [column for term in terms for column in term.shown]
            return Term(f"({formula})", areas, tables, known=False, shown=shown)
        return Term(f"({formula})", areas, tables)

    def _sum(self, terms: Sequence[Term]) -> Term:
        areas = [area for term in terms for area in term.areas]
        tables = {table for term in terms for table in term.tables}
        plain_cells = [area.cells for area in areas if not area.codes]
        parts = [f"SUM({chunk})" for chunk in _chunks(plain_cells)]
        parts += [area.total() for area in areas if area.codes]
        known = any(term.known for term in terms)
        shown = [column for term in terms for column in term.shown]
        return Term("+".join(parts) or "0", areas, tables, known, shown)

    def _simple(self, node: Call) -> Term:
        inner = [self.term(argument) for argument in node.arguments]
        arguments = [f"({term.formula})" for term in inner]
        if node.function == "round" and len(arguments) == 1:
            arguments.append("2")
        areas = [area for term in inner for area in term.areas]
        tables = {table for term in inner for table in term.tables}
        return Term(f"{node.function.upper()}({','.join(arguments)})", areas, tables)

    # ── cells ──

    def cells(self, node: Node) -> Term:
        """The cells that a reference means; their sum is the formula."""
        if isinstance(node, Call) and node.steps:
            return self._rows_column(node)
        if not isinstance(node, Reference):
            return self.term(node)
        head, steps = node.head, node.steps
        if head.text == PRIOR:
            raise Untranslatable("上年数不在本簿")
        if head.is_variable:
            key = self.keys.get(head.text)
            variable = self.scope.types.get(head.text)
            if isinstance(key, RowKey) and isinstance(variable, RowType):
                return self._row_cells(key, steps[0])
            if isinstance(variable, TableType) and key is not None:
                return self._table_cells(variable.table, key.instance, steps)
            raise Untranslatable(f"{head.text} 不能写成公式")
        return self._table_cells(self.scope.table(head), 0, steps)

    def _row_cells(self, key: RowKey, step: Step) -> Term:
        places = [
            (key.table, key.instance, key.list, key.position, name)
            for name in self._columns(key.table, key.list, step)
        ]
        shown = [
            column
            for place in places
            for column in self.sheets.block_column(key.table, key.instance, key.list, place[4])
        ]
        return self._places(places, {(key.table, key.instance)}, shown, many=len(places) > 1)

    def _columns(self, table: str, list_name: str, step: Step) -> list[str]:
        known = list(self.scope.specs[table].lists[list_name].columns)
        if isinstance(step, Span):
            return self.scope.between(known, step)
        assert isinstance(step, Piece)
        return [self.scope.text(step)]

    def _table_cells(self, table: str, instance: int, steps: Sequence[Step]) -> Term:
        first = steps[0] if steps else None
        if isinstance(first, Piece) and self.scope.text(first) in self.scope.specs[table].lists:
            return self._selected(table, instance, self.scope.text(first), steps[1:])
        plain_steps = tuple(step for step in steps if isinstance(step, (Piece, Span)))
        paths = self.scope.paths(table, plain_steps, 1)
        shown = [
            column
            for path in paths
            if len(path) >= 2
            for column in self.sheets.block_column(table, instance, path[0], path[-1])
        ]
        places: list[Place] = [(table, instance, path) for path in paths]
        return self._places(places, {(table, instance)}, shown, many=len(paths) > 1)

    def _places(
        self, places: Iterable[Place], tables: set[tuple[str, int]], shown: list[str], *, many: bool
    ) -> Term:
        found = [cell for place in places if (cell := self.sheets.cell(place)) is not None]
        refs = [f"{quote_sheet(sheet)}!{ref}" for sheet, ref in found]
        areas = [Area(ref) for ref in refs]
        if len(refs) == 1 and not many:
            return Term(f"N({refs[0]})", areas, tables, known=True, shown=shown)
        formula = "+".join(f"SUM({chunk})" for chunk in _chunks(refs)) or "0"
        return Term(formula, areas, tables, known=False, shown=shown)

    def _list(
        self, table: str, instance: int, name: str
    ) -> tuple[str, int, int, Mapping[str, int]]:
        found = self.sheets.list_columns(table, instance, name)
        if found is None:
            raise Untranslatable(f"没有清单“{name}”")
        return found

    def _column_area(self, table: str, instance: int, name: str, column: str) -> str:
        sheet, first, last, columns = self._list(table, instance, name)
        letter = column_letter(columns[column])
        return f"{quote_sheet(sheet)}!${letter}${first}:${letter}${last}"

    def _selected(self, table: str, instance: int, name: str, steps: Sequence[Step]) -> Term:
        """`明细[编码].栏目`: found by its code, wherever its row is."""
        select, step = steps
        assert isinstance(select, Select)
        (column,) = self._columns(table, name, step)
        if self.scope.specs[table].lists[name].listed:
            return self._listed(table, instance, name, self._code_text(select.key), column)
        if isinstance(select.key, Text):
            codes = self._text_column(table, instance, name)
            pattern = f'"{select.key.value}"'
        else:
            codes = self._column_area(table, instance, name, "科目编码")
            pattern = self._code_pattern(select.key)
        area = Area(self._column_area(table, instance, name, column), codes, pattern)
        known = True
        return Term(area.total(), [area], {(table, instance)}, known)

    def _text_column(self, table: str, instance: int, name: str) -> str:
        columns = [
            c for c, kind in self.scope.specs[table].lists[name].columns.items() if kind == "text"
        ]
        best = next((c for c in columns if c.startswith("三级")), columns[0])
        return self._column_area(table, instance, name, best)

    def _listed(self, table: str, instance: int, name: str, code: str, column: str) -> Term:
        """A code of a fixed form: its own cell."""
        cell = self.sheets.cell((table, instance, (name, code, column)))
        if cell is None:
            return Term("0", [], {(table, instance)})
        ref = f"{quote_sheet(cell[0])}!{cell[1]}"
        return Term(f"N({ref})", [Area(ref)], {(table, instance)})

    def _code_text(self, node: Node) -> str:
        if isinstance(node, Number):
            return node.text
        raise Untranslatable("固定科目表里只能写编码")

    def _code_pattern(self, node: Node) -> str:
        """A code as a criterion: quoted, or the cell that holds it."""
        if isinstance(node, Number):
            return f'"{node.text}"'
        if isinstance(node, Call) and node.function == "code":
            (argument,) = node.arguments
            assert isinstance(argument, Reference)
            key = self.keys.get(argument.head.text)
            if isinstance(key, RowKey):
                return self._code_cell(key)
            code = self.scope.class_code(self.scope.text(argument.head))
            return f'"{code}"'
        raise Untranslatable("不能写成公式的编码")

    def _code_cell(self, key: RowKey) -> str:
        if self.scope.specs[key.table].lists[key.list].listed:
            return f'"{self.code_of(key)}"'
        cell = self.sheets.cell((key.table, key.instance, key.list, key.position, "科目编码"))
        if cell is None:
            raise Untranslatable("行没有科目编码的单元格")
        return f"{quote_sheet(cell[0])}!{cell[1]}"

    # ── rows ──

    def _rows_column(self, node: Call) -> Term:
        (step,) = node.steps
        target = node.arguments[0]
        if node.function in ("children", "parent"):
            key = self._row_key(target)
            return self._relatives(node.function, key, step)
        table, instance, name = self._list_of(target)
        (column,) = self._columns(table, name, step)
        codes = self.scope.specs[table].lists[name].codes
        if len(node.arguments) > 1 and codes is not None:
            level = node.arguments[1]
            assert isinstance(level, Reference)
            length = codes.levels[min(_LEVELS[level.head.text], len(codes.levels) - 1)]
            area = Area(
                self._column_area(table, instance, name, column),
                self._column_area(table, instance, name, "科目编码"),
                f'"{"?" * length}"',
                length,
            )
        else:
            area = Area(self._column_area(table, instance, name, column))
        return Term(area.total(), [area], {(table, instance)})

    def _list_of(self, node: Node) -> tuple[str, int, str]:
        assert isinstance(node, Reference)
        key = self.keys.get(node.head.text)
        variable = self.scope.types.get(node.head.text)
        table = variable.table if isinstance(variable, TableType) else self.scope.table(node.head)
        step = node.steps[0]
        assert isinstance(step, Piece)
        return table, key.instance if key is not None else 0, self.scope.text(step)

    def _row_key(self, node: Node) -> RowKey:
        if isinstance(node, Reference):
            key = self.keys.get(node.head.text)
            if isinstance(key, RowKey):
                return key
        raise Untranslatable("不能写成公式的行")

    def _relatives(self, function: str, key: RowKey, step: Step) -> Term:
        spec = self.scope.specs[key.table].lists[key.list]
        code = self.code_of(key)
        assert spec.codes is not None
        (column,) = self._columns(key.table, key.list, step)
        if spec.listed:
            codes = [c for c in spec.listed if spec.codes.parent(c) == code]
            if function == "parent":
                codes = [spec.codes.parent(code) or ""]
            terms = [self._listed(key.table, key.instance, key.list, c, column) for c in codes]
            return self._sum(terms)
        own = self._code_cell(key)
        longer = [n for n in spec.codes.levels if n > len(code)]
        if function == "parent" or not longer:
            raise Untranslatable("不能写成公式的上级")
        area = Area(
            self._column_area(key.table, key.instance, key.list, column),
            self._column_area(key.table, key.instance, key.list, "科目编码"),
            f'{own}&"{"?" * (longer[0] - len(code))}"',
            longer[0],
        )
        return Term(area.total(), [area], {(key.table, key.instance)})

    # ── conditions ──

    def condition(self, node: Node) -> str:
        """A yes or no as a formula. Raises `Untranslatable`."""
        match node:
            case Logic("not", (item,)):
                return f"NOT({self.condition(item)})"
            case Logic(kind, items):
                return f"{kind.upper()}({','.join(map(self.condition, items))})"
            case Comparison(first, ((operator, right),)) if not isinstance(right, Text):
                left, other = self.term(first), self.term(right)
                return f"ROUND(({left.formula})-({other.formula}),8){operator}0"
            case Call(function="filled" | "blank"):
                areas = self.cells(node.arguments[0]).areas
                count = "+".join(area.filled() for area in areas) or "0"
                return f"({count}){'>' if node.function == 'filled' else '='}0"
            case Call(function="within"):
                return self._within(node)
        raise Untranslatable("不能写成公式的条件")

    def _within(self, node: Call) -> str:
        code = self._code_pattern(node.arguments[0])
        target = node.arguments[1]
        if isinstance(target, Texts):
            prefixes = target.values
        else:
            assert isinstance(target, Reference)
            prefixes = self.scope.sets[target.head.text]
        tests = (f'LEFT({code},{len(prefix)})="{prefix}"' for prefix in prefixes)
        return f"OR({','.join(tests)})"


def _chunks(refs: Sequence[str], size: int = 100) -> Iterable[str]:
    """Argument lists that no spreadsheet finds too long; neighbours below each other as one range."""
    merged = _ranges(refs)
    for start in range(0, len(merged), size):
        yield ",".join(merged[start : start + size])


def _ranges(refs: Sequence[str]) -> list[str]:
    """`A!C7`, `A!C8` -> `A!C7:C8`."""
    result: list[tuple[str, str, int, int]] = []
    for ref in refs:
        sheet, _, cell = ref.rpartition("!")
        letters = cell.rstrip("0123456789")
        row = int(cell[len(letters) :])
        if result and result[-1][:2] == (sheet, letters) and result[-1][3] == row - 1:
            result[-1] = (sheet, letters, result[-1][2], row)
        else:
            result.append((sheet, letters, row, row))
    return [
        f"{sheet}!{letters}{first}" + (f":{letters}{last}" if last > first else "")
        for sheet, letters, first, last in result
    ]


def judgement(
    left: Term,
    operator: str,
    right: Term,
    *,
    cells: tuple[str, str, str, str],
    missing: Callable[[Term], str],
) -> str:
    """The conclusion's formula. `cells`: where left, right, difference and tolerance stand in the row."""
    left_cell, right_cell, difference, tolerance = cells
    blank_left, blank_right = _blank(left), _blank(right)
    missing_left, missing_right = missing(left), missing(right)
    test = {"=": "=0", "<>": "<>0", "<=": "<=0", ">=": ">=0", "<": "<0", ">": ">0"}[operator]
    close = "FALSE" if operator == "<>" else f"ABS({difference})<={tolerance}+0.00000001"
    decided = f'IF({difference}{test},"通过",IF({close},"尾差","不符"))'
    lacking = (
        f'IF({missing_left},IF(AND(NOT({missing_right}),N({right_cell})=0),"通过","数据不足"),'
        f'IF(N({left_cell})=0,"通过","数据不足"))'
    )
    return (
        f'IF(AND({blank_left},{blank_right}),"不适用",'
        f"IF(OR({missing_left},{missing_right}),{lacking},{decided}))"
    )


def _blank(term: Term) -> str:
    if not term.areas:
        return "FALSE" if term.formula != "0" or not term.tables else "TRUE"
    return "+".join(area.filled() for area in term.areas) + "=0"


def tolerance_formula(left: Term, right: Term, tolerance: object, unit: str) -> str:
    """How far the sides may differ, counted from what the cells hold, as `evaluate.allowance` does."""
    if isinstance(tolerance, Decimal):
        return plain(tolerance)
    if unit == "元":
        return "0"
    areas = [*left.areas, *right.areas]
    rounded = "+".join(area.rounded() for area in areas) or "0"
    if tolerance != "exact":
        return f"0.005*({rounded})"
    exact = "+".join(area.rounded(exact=True) for area in areas) or "0"
    return f"IF(({exact})>0,0.005*({rounded}),0)"
