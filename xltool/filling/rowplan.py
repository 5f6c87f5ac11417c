"""How many rows the lists of a sheet get, and where everything stands afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from xltool.core.problems import Problem
from xltool.mapping.located import Located, LocatedList
from xltool.ooxml import Sheet, make_ref, split_ref
from xltool.ooxml.edit.rowedit import RowEdit


@dataclass(frozen=True)
class RowMoves:
    """What happens to the rows of a sheet: edits in rows of the blank form, the lowest first."""

    edits: tuple[RowEdit, ...] = ()

    def row(self, row: int) -> int | None:
        """Where a row of the blank form stands afterwards; None when it is gone."""
        at: int | None = row
        for edit in self.edits:
            at = None if at is None else edit.row(at)
        return at

    def origin(self, row: int) -> int | None:
        """Which row of the blank form stands at `row` afterwards; None for one that was added."""
        for edit in reversed(self.edits):
            if row in edit.new_rows:
                return None
            row -= edit.count if row > edit.last + edit.count else 0
        return row

    def ref(self, ref: str) -> str:
        """Where a cell of the blank form stands afterwards; one that is gone stays as it is."""
        row, column = split_ref(ref)
        return make_ref(self.row(row) or row, column)

    def added(self) -> Iterator[tuple[int, int]]:
        """(row afterwards, row of the blank form that it copies) of every new row."""
        for n, edit in enumerate(self.edits):
            above = sum(other.count for other in self.edits[n + 1 :])
            yield from ((row + above, edit.last) for row in edit.new_rows)

    def list_rows(self, rows: Sequence[int]) -> list[int]:
        """The rows of a list afterwards, those that were added to it among them."""
        kept = {at for row in rows if (at := self.row(row)) is not None}
        return sorted(kept | {at for at, copied in self.added() if copied in rows})

    def located(self, located: Located, sheet: Sheet) -> Located:
        """Where everything of a table stands afterwards."""
        moved = replace(
            located,
            sheet=sheet,
            fields={path: self.ref(ref) for path, ref in located.fields.items()},
            heads={name: self.ref(ref) for name, ref in located.heads.items()},
            labels={self.ref(ref): text for ref, text in located.labels.items()},
            codes={
                name: {code: self.ref(ref) for code, ref in places.items()}
                for name, places in located.codes.items()
            },
            lists={},
        )
        for name, found in located.lists.items():
            total = found.total and self.row(found.total)
            moved.lists[name] = LocatedList(
                found.block, found.columns, self.list_rows(found.rows), total
            )
        return moved


@dataclass(eq=False)
class _Group:
    """Lists side by side, with the number of rows that each needs: rows that one gets, all get."""

    lists: list[tuple[LocatedList, int]]

    @property
    def rows(self) -> set[int]:
        return {row for found, _ in self.lists for row in found.rows}

    @property
    def more(self) -> int:
        """How many rows are lacking, or (negative) may go."""
        more = max(want - len(found.rows) for found, want in self.lists)
        alike = len({tuple(found.rows) for found, _ in self.lists}) == 1
        return more if more > 0 or alike else 0

    @property
    def names(self) -> str:
        return "、".join(found.block.name for found, _ in self.lists)


def list_edits(
    sheet: Sheet, lists: Iterable[tuple[LocatedList, int]], others: Iterable[str]
) -> tuple[tuple[RowEdit, ...], list[Problem]]:
    """The edits that give lists the rows that they need (0: as they are), and what cannot be done.

    `others`: bound cells of the sheet that are no list's. Printed rows never go, and no row comes between
    printed ones.
    """
    edits: list[RowEdit] = []
    problems: list[Problem] = []
    fixed = {split_ref(ref)[0] for ref in others}
    for group in _groups(lists):
        where = f"工作表“{sheet.name}”"
        beside = bool(fixed & group.rows)
        if not all(found.rows for found, _ in group.lists):
            told = f"“{group.names}”在模板里没有空行，不能照样加行"
            problems.append(Problem(where, told, "模板里至少留一行", code="no-place"))
        elif group.more > 0 and beside:
            told = f"“{group.names}”还缺{group.more}行，旁边是印好的栏目，不能加行"
            problems.append(Problem(where, told, "用行数够的表样", code="no-place"))
        elif group.more and not beside:
            edits += _edit(sheet, group)
    return tuple(sorted(edits, key=lambda edit: edit.first, reverse=True)), problems


def _groups(lists: Iterable[tuple[LocatedList, int]]) -> list[_Group]:
    """Lists that have rows of the sheet in common; those that need none are left as they are."""
    groups: list[_Group] = []
    for found, want in lists:
        own = _Group([(found, want or len(found.rows))])
        if not found.rows and not want:
            continue
        for other in [g for g in groups if g.rows & own.rows]:
            groups.remove(other)
            own.lists += other.lists
        groups.append(own)
    return groups


def _edit(sheet: Sheet, group: _Group) -> Iterator[RowEdit]:
    """Rows after the last one that all of the lists have, or as many as may go before it."""
    rows = min((found.rows for found, _ in group.lists), key=lambda rows: rows[-1])
    edit = block_edit(sheet.name, rows, max(1, len(rows) + group.more))
    if edit.count < 0:
        columns = {column for found, _ in group.lists for column in found.taken}
        printed = {
            split_ref(ref)[0]
            for ref, value in sheet.items()
            if value not in (None, "") and split_ref(ref)[1] not in columns
        }
        kept = max((row for row in printed if edit.first <= row <= edit.last), default=edit.first)
        edit = replace(edit, count=max(edit.count, kept - edit.last))
    if edit.count:
        yield edit


def block_edit(sheet: str, rows: Sequence[int], want: int) -> RowEdit:
    """The edit that makes a list of these rows `want` rows long: at the end of its last unbroken run."""
    first = rows[-1]
    for row in reversed(rows[:-1]):
        if row != first - 1:
            break
        first = row
    have = rows[-1] - first + 1
    return RowEdit.of_block(sheet, first, have, max(1, have + want - len(rows)))
