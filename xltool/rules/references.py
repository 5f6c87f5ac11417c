"""References in expressions -> functions that fetch the cells or rows they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from xltool.core.codes import CODE_LEVELS
from xltool.core.texts import did_you_mean
from xltool.rules.env import Condition, Env, Many, Scalar
from xltool.rules.keys import RowKey
from xltool.rules.rowfinders import (
    FindRows,
    ListRef,
    children,
    code_of,
    instance_of,
    list_rows,
    parent,
    parents,
    row_variable,
)
from xltool.rules.scope import (
    EXTERNAL,
    PRIOR,
    ExternalColumn,
    NameScope,
    RowType,
    TableType,
    lacking,
)
from xltool.rules.syntax import (
    Call,
    ExpressionError,
    Node,
    Number,
    Piece,
    Reference,
    Select,
    Span,
    Step,
    Text,
    Texts,
    column_of,
)
from xltool.rules.values import ZERO, Quantity


class FetchedCells(NamedTuple):
    """A compiled reference. `one` fetches the cell of a reference that cannot mean several."""

    fetch: Many
    one: Scalar | None = None


def _only(one: Scalar) -> FetchedCells:
    return FetchedCells(lambda env: ([one(env)], False), one)


def _first(fetch: Many) -> FetchedCells:
    """A reference to one cell of which it depends on the rows whether it is known."""
    return FetchedCells(fetch, lambda env: fetch(env)[0][0])


class References:
    """Compiles references in a scope. Raises `ExpressionError` for names that the edition lacks."""

    def __init__(self, scope: NameScope) -> None:
        self.scope = scope

    def scalar(self, node: Node) -> Scalar:
        """An expression with one value."""
        raise ExpressionError("这里只能写单元格", column_of(node))

    def text(self, node: Node) -> Callable[[Env], str]:
        """A text: a code, a string, a head of the document, the name that a variable stands for."""
        match node:
            case Text(value):
                return lambda env: value
            case Number(_, text):
                return lambda env: text
            case Call(function="code"):
                return self._code(node)
            case Call(function="head"):
                (argument,) = node.arguments
                name = argument.head.text if isinstance(argument, Reference) else ""
                return lambda env: env.heads.get(name, "")
            case Reference() if node.head.text == EXTERNAL:
                table, subject, column = self._of_external(node, figure=False)
                return lambda env: env.beside(table).text(table, column, subject(env))
            case Reference() if node.head.is_variable and not node.steps:
                label = self.scope.text(node.head)
                return lambda env: label
        raise ExpressionError("这里要写文字或编码", column_of(node))

    def _code(self, node: Call) -> Callable[[Env], str]:
        """The code of a row, or of the 类 that a row of a 总表 is named after."""
        (argument,) = node.arguments
        if not (isinstance(argument, Reference) and argument.head.is_variable):
            raise ExpressionError("code() 的括号里要写变量", node.column)
        name = argument.head.text
        if isinstance(self.scope.types.get(name), RowType):
            return lambda env: code_of(env, name)
        label = self.scope.text(argument.head)
        code = self.scope.class_code(label)
        if code is None:
            raise ExpressionError(f"科目表里没有名为“{label}”的类", node.column)
        return lambda env: code

    def cells(self, node: Node) -> FetchedCells:
        """The cells that a reference means; any other expression counts as one cell."""
        if isinstance(node, Call) and node.steps:
            return self._rows_column(node)
        if not isinstance(node, Reference):
            return _only(self.scalar(node))
        head, steps = node.head, node.steps
        if head.text == EXTERNAL:
            return self._external(node)
        if head.is_variable:
            variable = self.scope.types.get(head.text)
            if isinstance(variable, RowType):
                return self._row_cells(head, variable, steps)
            if isinstance(variable, TableType):
                return self._table_cells(variable, steps, head)
            raise ExpressionError(f"没有变量 {head.text}", head.column)
        head, steps, prior = self._without_prior(head, steps)
        return self._table_cells(TableType(self.scope.table(head), prior), steps, head)

    def _external(self, node: Reference) -> FetchedCells:
        """The unit's figure in a table of the bureau's own."""
        table, subject, column = self._of_external(node, figure=True)

        return _only(lambda env: env.beside(table).number(table, column, subject(env)))

    def _of_external(
        self, node: Reference, *, figure: bool
    ) -> tuple[str, Callable[[Env], str | None], str]:
        """Table, 科目编码 and column of `外部.表.栏目` or `外部.表[编码].栏目`."""
        match node.steps:
            case (Piece() as table, Piece() as column):
                subject: Callable[[Env], str | None] = _no_subject
            case (Piece() as table, Select(key), Piece() as column):
                subject = self.text(key)
            case _:
                form = f"{EXTERNAL}.表.栏目 或 {EXTERNAL}.表[科目编码].栏目"
                raise ExpressionError(f"要写 {form}", node.head.column)
        names = self.scope.text(table), self.scope.text(column)
        self.scope.external.add(ExternalColumn(*names, len(node.steps) == 3, figure))
        return names[0], subject, names[1]

    def _without_prior(
        self, head: Piece, steps: tuple[Step, ...]
    ) -> tuple[Piece, tuple[Step, ...], bool]:
        """The table's short name, what follows it, and whether 上年 stood before it."""
        if head.text != PRIOR:
            return head, steps, False
        if not steps or not isinstance(steps[0], Piece):
            raise ExpressionError(f"“{PRIOR}”后面要写表的简称", head.column)
        return steps[0], steps[1:], True

    def _row_cells(self, head: Piece, row: RowType, steps: Sequence[Step]) -> FetchedCells:
        if len(steps) != 1:
            raise ExpressionError(f"{head.text} 后面要写一个栏目", head.column)
        names = self._columns(row, steps[0], head.column)
        variable = head.text
        if len(names) == 1:
            (name,) = names
            return _only(lambda env: _cell_of(env, variable, name))

        def fetch(env: Env) -> tuple[list[Quantity], bool]:
            return [_cell_of(env, variable, name) for name in names], False

        return FetchedCells(fetch)

    def _columns(self, row: RowType, step: Step, column: int) -> list[str]:
        known = list(self.scope.specs[row.table].lists[row.list].columns)
        if isinstance(step, Span):
            return self.scope.between(known, step)
        if not isinstance(step, Piece):
            raise ExpressionError(f"“{row.list}”后面要写一个栏目", column)
        name = self.scope.text(step)
        if name not in known:
            raise ExpressionError(lacking(row.list, name, known), step.column)
        return [name]

    def _table_cells(self, table: TableType, steps: Sequence[Step], head: Piece) -> FetchedCells:
        if steps and isinstance(steps[0], Piece):
            name = self.scope.text(steps[0])
            if name in self.scope.specs[table.table].lists:
                return self._selected(RowType(table.table, name, table.prior), steps[1:], head)
        plain = tuple(step for step in steps if isinstance(step, (Piece, Span)))
        if len(plain) != len(steps):
            raise ExpressionError("只有清单可以用 [ ] 选行", head.column)
        paths = self.scope.paths(table.table, plain, head.column)
        instance, name, prior = instance_of(head), table.table, table.prior
        if len(paths) == 1:
            (path,) = paths
            return _only(lambda env: env.lookup(prior).field(name, instance(env), path))

        def fetch(env: Env) -> tuple[list[Quantity], bool]:
            lookup, number = env.lookup(prior), instance(env)
            return [lookup.field(name, number, path) for path in paths], False

        return FetchedCells(fetch)

    def _selected(self, row: RowType, steps: Sequence[Step], head: Piece) -> FetchedCells:
        """`明细[编码].栏目`: the row of a list with a code, or with a text."""
        if len(steps) != 2 or not isinstance(steps[0], Select):
            raise ExpressionError(f"“{row.list}”后面要写 [科目编码] 和栏目", head.column)
        by_text = isinstance(steps[0].key, Text)
        key = self.text(steps[0].key)
        (column,) = self._columns(row, steps[1], head.column)
        instance = instance_of(head)

        def fetch(env: Env) -> tuple[list[Quantity], bool]:
            lookup, wanted, number = env.lookup(row.prior), key(env), instance(env)
            if not by_text:
                cell, known = lookup.coded_cell(row.table, number, row.list, wanted, column)
                return [cell], known
            found = lookup.by_text(row.table, number, row.list, wanted)
            if found is not None:
                return [lookup.cell(found, column)], True
            known = lookup.level_known(row.table, number, row.list, None)
            return [Quantity(ZERO, True, not known)], known

        return _first(fetch)

    def _rows_column(self, node: Call) -> FetchedCells:
        """`children($行).金额`, `rows(表.明细, 类).$栏`, `parent($行).金额`: a column of several rows."""
        rows, row = self.rows(node)
        if len(node.steps) != 1:
            raise ExpressionError(f"{node.function}() 后面要写一个栏目", node.column)
        names = self._columns(row, node.steps[0], node.column)
        if node.function == "rows":
            return self._level_column(node, row, names)

        def fetch(env: Env) -> tuple[list[Quantity], bool]:
            keys, known = rows(env)
            lookup = env.lookup(row.prior)
            if not keys:
                return [Quantity(ZERO, True, not known)], known
            return [lookup.cell(key, name) for key in keys for name in names], known

        return _first(fetch) if node.function == "parent" else FetchedCells(fetch)

    def _level_column(self, node: Call, row: RowType, names: list[str]) -> FetchedCells:
        """`rows(表.明细, 类).$栏`: where the list has none but its lowest rows, what they add up to for each 类."""
        found, length = self._list_argument(node.arguments[0], node.column), self._length(node, row)

        def fetch(env: Env) -> tuple[list[Quantity], bool]:
            lookup, place = env.lookup(row.prior), (row.table, found.instance(env), row.list)
            columns = [lookup.level_cells(*place, length, name) for name in names]
            known = columns[0][1]
            cells = [cell for column, _ in columns for cell in column]
            return cells or [Quantity(ZERO, True, not known)], known

        return FetchedCells(fetch)

    def rows(self, node: Node) -> tuple[FindRows, RowType]:
        """The rows that `rows`, `parents`, `children` or `parent` give."""
        if not isinstance(node, Call) or not node.arguments:
            message = "这里要写 rows()、parents()、children() 或 parent()"
            raise ExpressionError(message, column_of(node))
        target = node.arguments[0]
        if node.function in ("children", "parent"):
            variable, row = self._row_argument(target, node.column)
            return (children if node.function == "children" else parent)(variable), row
        found = self._list_argument(target, node.column)
        if node.function == "parents":
            return parents(found), found.row
        if node.function == "rows":
            return list_rows(found, self._length(node, found.row)), found.row
        raise ExpressionError(f"{node.function}() 不是行", node.column)

    def _row_argument(
        self, node: Node, column: int
    ) -> tuple[Callable[[Env], RowKey | None], RowType]:
        if isinstance(node, Reference) and node.head.is_variable and not node.steps:
            row, name = self.scope.types.get(node.head.text), node.head.text
            if isinstance(row, RowType):
                return lambda env: row_variable(env, name), row
        if isinstance(node, Call) and node.function == "parent":
            rows, row = self.rows(node)
            return lambda env: next(iter(rows(env)[0]), None), row
        raise ExpressionError("括号里要写表示行的变量", column)

    def _list_argument(self, node: Node, column: int) -> ListRef:
        """The list that `rows(表.明细)` speaks of."""
        if not isinstance(node, Reference):
            raise ExpressionError("括号里要写 表.清单", column)
        head, steps, prior = self._without_prior(node.head, node.steps)
        variable = self.scope.types.get(head.text)
        table = variable.table if isinstance(variable, TableType) else self.scope.table(head)
        name = self.scope.text(steps[0]) if steps and isinstance(steps[0], Piece) else ""
        if len(steps) != 1 or name not in self.scope.specs[table].lists:
            hint = did_you_mean(name, self.scope.specs[table].lists)
            message = f"“{table}”没有清单“{name}”" + (f"，{hint}" if hint else "")
            raise ExpressionError(message, column)
        return ListRef(RowType(table, name, prior), instance_of(head))

    def _length(self, node: Call, row: RowType) -> int | None:
        """The length of the codes of the level that `rows(…, 类)` asks for."""
        codes = self.scope.specs[row.table].lists[row.list].codes
        if len(node.arguments) < 2 or codes is None:
            return None
        level = node.arguments[1]
        name = level.head.text if isinstance(level, Reference) else ""
        if name not in CODE_LEVELS:
            raise ExpressionError("级次只能是 类、款、项", node.column)
        return codes.length(name)

    def within(self, node: Call) -> Condition:
        """Whether a code begins with one of a set of codes."""
        code, prefixes = self.text(node.arguments[0]), self.prefixes(node)
        return lambda env: code(env).startswith(prefixes)

    def prefixes(self, node: Call) -> tuple[str, ...]:
        """The codes that `within()` names, or a set of them."""
        target = node.arguments[1]
        if isinstance(target, Texts):
            return target.values
        name = target.head.text if isinstance(target, Reference) else ""
        if name not in self.scope.sets:
            raise ExpressionError(f"没有科目集合“{name}”", node.column)
        return self.scope.sets[name]


def _cell_of(env: Env, variable: str, name: str) -> Quantity:
    """A cell in the row that a loop variable stands for."""
    key = row_variable(env, variable)
    return env.lookup(key.prior).cell(key, name)


def _no_subject(env: Env) -> None:
    return None
