"""What the loop variables of a rule stand for in a workbook: rows that are filled, and rows that may yet be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xltool.core.model import CODE
from xltool.core.places import ListPlace, TableCopy
from xltool.livechecks.areas import area_ref, sheet_prefix
from xltool.livechecks.book import ReadBook
from xltool.livechecks.locations import ListRow
from xltool.livechecks.references import Bound, list_meant
from xltool.livechecks.terms import Untranslatable, all_of
from xltool.rules.env import Env
from xltool.rules.instances import Instance
from xltool.rules.keys import RowKey, TableKey
from xltool.rules.scope import NameScope, TableType
from xltool.rules.syntax import Call, Node, Reference


@dataclass(frozen=True)
class Values:
    """The variables of one line. `keys`: the same as evaluation knows it, None for rows that are blank now.

    `alive`: whether all rows are filled, as a formula; "" when there are none.
    """

    bound: dict[str, Bound]
    keys: dict[str, RowKey | TableKey | None]
    alive: str = ""

    def joined(self, name: str, bound: Bound, key: RowKey | TableKey | None, alive: str) -> Values:
        """With one more variable."""
        both = all_of(test for test in (self.alive, alive) if test)
        return replace(
            self, bound={**self.bound, name: bound}, keys={**self.keys, name: key}, alive=both
        )


def bindings(instance: Instance, book: ReadBook, env: Env) -> Iterator[Values]:
    """Every combination. Raises `Untranslatable`, and what evaluation raises for tables that are not there."""
    over = dict(instance.part.each)
    loops = [(name, over[name]) for name, _ in instance.loops]
    yield from _bind(loops, instance.scope, book, env, Values({}, {}))


def _bind(
    loops: list[tuple[str, Node]],
    scope: NameScope,
    book: ReadBook,
    env: Env,
    before: Values,
) -> Iterator[Values]:
    if not loops:
        yield before
        return
    (name, node), *rest = loops
    if not isinstance(node, Call):
        raise Untranslatable("循环不能写成公式")
    if node.function == "tables":
        for table in _copies(name, scope, env):
            copy = TableCopy(table.table, table.instance)
            yield from _bind(rest, scope, book, env, before.joined(name, copy, table, ""))
        return
    for row, key, alive in _rows(node, scope, book, before):
        yield from _bind(rest, scope, book, env, before.joined(name, row, key, alive))


def _copies(name: str, scope: NameScope, env: Env) -> list[TableKey]:
    """The copies of the one table that the variable stands for in this instance of the rule."""
    variable = scope.types[name]
    assert isinstance(variable, TableType)
    table = variable.table
    env.this.table(table, 0)
    return env.this.instances(table)


def _rows(
    node: Call, scope: NameScope, book: ReadBook, before: Values
) -> Iterator[tuple[ListRow, RowKey | None, str]]:
    target = node.arguments[0]
    if node.function not in ("rows", "parents") or not isinstance(target, Reference):
        raise Untranslatable("循环不能写成公式")
    place = list_meant(target, scope, before.bound)
    book.state(place.copy)
    lengths = _lengths(node, scope, place)
    seen: set[str] = set()
    for row in book.rows(place):
        key = book.key_of(row)
        repeated = node.function == "parents" and row.code in seen
        if row.code and ((lengths and len(row.code) not in lengths) or repeated):
            continue
        seen.add(row.code)
        alive = _alive(row, lengths, book)
        if node.function == "parents" and (above := book.codes_above(row)):
            alive = f'AND({alive},SUMPRODUCT(({above}&""={book.own_code(row)})*1)=0)'
        yield row, key, alive


def _lengths(node: Call, scope: NameScope, place: ListPlace) -> tuple[int, ...]:
    """How long the codes of the rows are; () for any rows."""
    codes = scope.specs[place.table].lists[place.list].codes
    if codes is None:
        return ()
    if node.function == "parents":
        return codes.levels[:-1]
    if len(node.arguments) < 2:
        return ()
    level = node.arguments[1]
    assert isinstance(level, Reference)
    return (codes.length(level.head.text),)


def _alive(row: ListRow, lengths: tuple[int, ...], book: ReadBook) -> str:
    if not row.number:
        cell = book.listed(row.place, row.code)
        assert cell is not None
        return f"ISNUMBER({sheet_prefix(cell[0])}{cell[1]})"
    if lengths:
        length = f"LEN({book.own_code(row)})"
        return f"AND({length}>={lengths[0]},{length}<={lengths[-1]})"
    located = book.context.located[row.copy]
    spots = located.lists[row.place.list].columns.values()
    left, right = min(spot.left for spot in spots), max(spot.right for spot in spots)
    cells = area_ref(located.sheet.name, row.number, row.number, left, right)
    return f"SUMPRODUCT(--(LEN({cells})>0))>0"


def mark(row: ListRow, book: ReadBook) -> str:
    """Whether a row of a list is filled, by the column that is filled in every row; "" for fixed codes."""
    if not row.number:
        return ""
    if CODE in book.specs[row.place.table].lists[row.place.list].columns:
        return f"LEN({book.own_code(row)})>0"
    sheet, ref = book.key_cell(row)
    return f"LEN({sheet_prefix(sheet)}{ref})>0"
