"""Nothing of the form has changed but what is filled in: labels, formulas, merges, formats, widths, protection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import NamedTuple

from xltool.core.hierarchy import parent_formula, sum_formula
from xltool.core.model import CODE
from xltool.core.problems import Problem
from xltool.filling.numbering import continued
from xltool.filling.openheads import open_heads
from xltool.filling.proof.rows import Pair, Pairs
from xltool.filling.proof.sheet import sheet_differences
from xltool.filling.rowplan import RowMoves
from xltool.mapping.located import ColumnSpan, Located, LocatedList
from xltool.ooxml import Value, column_letter, column_refs, make_ref, split_ref
from xltool.ooxml.read.formula import references
from xltool.ooxml.read.rewriting import copier
from xltool.reading import Reading


def form_differences(
    before: Reading, after: Reading, moves: Mapping[str, RowMoves]
) -> Iterator[Problem]:
    """What of the blank form is not as it was in the finished workbook."""
    pairs = Pairs(before, after, moves)
    for name in pairs.missing:
        yield Problem(f"工作表“{name}”", "表样里有，写好后没有了", code="not-proved")
    for name in pairs.extra:
        yield Problem(f"工作表“{name}”", "表样里没有，写好后多了出来", code="not-proved")
    heads: dict[str, list[str]] = {}
    for head in open_heads(before):
        heads.setdefault(head.sheet.name, []).append(head.ref)
    for pair in pairs.found:
        yield from sheet_differences(pair)
        yield from _Cells(pairs, pair, heads.get(pair.blank.name, ())).differences()


class _ListCell(NamedTuple):
    """A cell of a list: a column of its rows."""

    located: Located
    rows: LocatedList
    column: str


class _Cells:
    """The cells of one finished sheet, held against those of its blank form."""

    def __init__(self, pairs: Pairs, pair: Pair, heads: Iterable[str]) -> None:
        self._pairs, self._pair = pairs, pair
        self._old, self._new = pair.blank, pair.finished
        self._values, self._old_values = self._new.lookup(), self._old.lookup()
        self._formulas, self._old_formulas = self._new.formulas(), self._old.formulas()
        self._single = {*_single_cells(pair), *heads}
        self._listed = dict(_list_cells(pair))
        self._numbers = {
            ref: number
            for blank in pair.before
            for found in blank.located.lists.values()
            for ref, number in continued(pair.blank, found, pair.moves)
        }

    def differences(self) -> Iterator[Problem]:
        """Every cell that is not as the form or the filling has it."""
        seen: set[str] = set()
        models: dict[int, list[str]] = {}
        for ref in self._old.cells():
            row, column = split_ref(ref)
            models.setdefault(row, []).append(ref)
            at = self._pair.moves.row(row)
            if at is None:
                yield from self._gone(ref)
                continue
            now = make_ref(at, column)
            seen.add(now)
            yield from self._cell(ref, now, self._expected(ref, row), self._old_values(ref))
        copies = cache(self._copier)
        for at, model in self._pair.moves.added():
            for ref in models.get(model, ()):
                now = make_ref(at, split_ref(ref)[1])
                seen.add(now)
                copied = copies(ref, model)
                number = self._numbers.get(now)
                yield from self._cell(ref, now, copied(at) if copied else None, number)
        for ref in self._new.cells():
            bound = ref in self._single or ref in self._listed
            if ref not in seen and not bound and self._values(ref) not in (None, ""):
                yield self._problem(ref, f"表样这里是空的，写成了{_shown(self._values(ref))}")

    def _expected(self, ref: str, row: int) -> str | None:
        """The formula that a cell of the blank form must have where it stands now."""
        formula = self._old_formulas.get(ref)
        return None if formula is None else self._pairs.formula(formula, self._pair, row)

    def _copier(self, ref: str, model: int) -> Callable[[int], str] | None:
        """What gives the formula of a cell for a row that was added after the model of the blank form."""
        formula = self._expected(ref, model)
        if formula is None:
            return None
        copied, standing = copier(formula), self._pair.moves.row(model) or model
        return lambda row: copied(row - standing)

    def _gone(self, ref: str) -> Iterator[Problem]:
        """A row may go with what samples it has; a printed row may not."""
        value = self._old_values(ref)
        _, column = split_ref(ref)
        if value in (None, "") or ref in self._old_formulas or column in self._list_columns:
            return
        yield self._problem(ref, f"表样这里印着{_shown(value)}，这一行没有了")

    @cached_property
    def _list_columns(self) -> set[int]:
        return {split_ref(ref)[1] for ref in self._listed}

    def _cell(self, old: str, new: str, formula: str | None, value: Value) -> Iterator[Problem]:
        """One cell; `formula` and `value` are what it has by the form."""
        if self._old.style(old) != self._new.style(new):
            yield self._problem(new, "格式变了")
        found = self._formulas.get(new)
        if new in self._single or new in self._listed:
            if found is None and formula is not None and self._values(new) in (None, ""):
                yield self._problem(new, f"表样的公式没有了：={formula}")
            elif found is not None and found != formula and not self._is_parent(new, found):
                told = f"={formula}" if formula else "没有公式"
                yield self._problem(new, f"表样是{told}，写成了 ={found}")
        elif found != formula:
            told = f"={formula}" if formula else _shown(value)
            yield self._problem(new, f"表样是{told}，写成了 {found and '=' + found}")
        elif formula is None and self._values(new) != value:
            yield self._problem(new, f"表样是{_shown(value)}，写成了{_shown(self._values(new))}")

    def _is_parent(self, ref: str, formula: str) -> bool:
        """Whether it is the formula of a 类 or 款, which adds up the rows below it."""
        if (cell := self._listed.get(ref)) is None or cell.rows.block.codes is None:
            return False
        row, column = split_ref(ref)
        code = column_letter(cell.rows.columns[CODE].left)
        last = cell.rows.rows[-1]
        upwards = reversed(cell.rows.rows)
        filled = next((r for r in upwards if self._values(f"{code}{r}") is not None), last)
        # without the statement that ended it, a list goes on to what comes next, over blank rows
        if any(
            formula == parent_formula(code, column_letter(column), row, end)
            for end in range(last, filled - 1, -1)
        ):
            return True
        # where codes stand in pieces, the rows themselves are added up
        below = [area for sheet, area in references(formula) if sheet is None]
        inside = all(a.left == a.right == column and row < a.top <= a.bottom <= last for a in below)
        areas = dict.fromkeys(str(area) for area in below)
        return inside and formula == sum_formula(*areas)

    def _problem(self, ref: str, message: str) -> Problem:
        return Problem(f"工作表“{self._new.name}”{ref}", message, code="not-proved")


def _single_cells(pair: Pair) -> Iterator[str]:
    """The cells of fields, codes, heads and statements."""
    for found_table in pair.after:
        located = found_table.located
        yield from located.fields.values()
        yield from located.heads.values()
        yield from (ref for ref, text in located.labels.items() if "{" in text)
        for places in located.codes.values():
            yield from places.values()
        if (empty := found_table.mapping.empty) is not None:
            yield make_ref(located.moved(empty.range.top), empty.range.left)
        yield from (repeat.range.anchor for repeat in found_table.mapping.repeats)
    for found_table in pair.before:
        # a statement that was taken away is not read any more
        if (empty := found_table.mapping.empty) is not None:
            at = make_ref(found_table.located.moved(empty.range.top), empty.range.left)
            yield pair.moves.ref(at)


def _list_cells(pair: Pair) -> Iterator[tuple[str, _ListCell]]:
    """The cells of lists, in the rows where they are read and in those that the form has for them."""
    blank = {s.mapping.table: s.located.lists for s in pair.before}
    for found_table in pair.after:
        located = found_table.located
        for name, found in located.lists.items():
            old = blank.get(found_table.mapping.table, {}).get(name)
            rows = {*found.rows, *(pair.moves.list_rows(old.rows) if old else ())}
            for column, spot in found.columns.items():
                yield from _cells_down(_ListCell(located, found, column), spot, rows)
    read = {s.mapping.table: s.located.lists for s in pair.after}
    for found_table in pair.before:
        for name, found in pair.moves.located(found_table.located, pair.finished).lists.items():
            if name in read.get(found_table.mapping.table, {}):
                continue
            # a list without codes in the blank form is one of fixed codes when it is filled
            extra = [share.column for share in found.block.shares]
            shares = [(each.name, ColumnSpan(each.left, each.right)) for each in extra]
            for column, spot in (*found.columns.items(), *shares):
                cell = _ListCell(found_table.located, found, column)
                yield from _cells_down(cell, spot, found.rows)


def _cells_down(
    cell: _ListCell, spot: ColumnSpan, rows: Iterable[int]
) -> Iterator[tuple[str, _ListCell]]:
    """The addresses of a column of a list in these rows, cells merged with it too."""
    for at in spot.columns:
        yield from ((ref, cell) for ref in column_refs(at, tuple(rows)))


def _shown(value: Value) -> str:
    return "空白" if value in (None, "") else f"“{value}”"
