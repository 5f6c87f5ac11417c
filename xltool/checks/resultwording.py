"""Results of rules, put into findings: both sides, what is lacking, the likeliest slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from xltool.checks.codes import check as check_codes
from xltool.checks.context import Context
from xltool.checks.diagnosis.computed import BookCells
from xltool.checks.findings import Finding, Side
from xltool.core.amounts import decimals, money, plain
from xltool.core.model import CODE, titled
from xltool.core.places import Place, RowPlace
from xltool.rules.describe import RELATION, Words
from xltool.rules.keys import RowKey
from xltool.rules.model import Result
from xltool.rules.syntax import Arithmetic, Call, Node, Number, Reference
from xltool.rules.values import Leaf, Quantity

if TYPE_CHECKING:
    from xltool.checks.diagnosis.model import Cause

_WHOLE_PERCENT = 100
"""From here on a growth is told without decimals."""
_FINEST = 6
"""Decimals of the amounts and rates that a sentence shows; quotients have no end."""


class ResultWording:
    """Puts results into findings."""

    def __init__(self, context: Context, cells: BookCells) -> None:
        self.context, self._cells = context, cells
        self.tables = context.rules.table_names
        self._words: dict[tuple[int, int], str] = {}

    def misplaced(self) -> set[str]:
        """Tables that lack a row or have one under a wrong code: sums there tell nothing of single figures."""
        wrong = {f.table for f in check_codes(self.context) if f.level == "error"}
        for result in self.context.results:
            if result.outcome != "不符":
                continue
            if result.left is None and not result.asked:
                place = self.main_place(result)
                wrong |= {place.table} if place else set()
            elif result.operator == "<=" and result.right and not result.right.leaves:
                node = result.right_node
                wrong |= (
                    {self.tables.get(node.head.text, "")} if isinstance(node, Reference) else set()
                )
        return wrong

    def words(self, result: Result, node: Node | None) -> str:
        """An expression of a result in words, its variables filled in."""
        if node is None:
            return ""
        key = id(result), id(node)  # both live as long as the context
        if key not in self._words:
            self._words[key] = self._in_words(result, node)
        return self._words[key]

    def _in_words(self, result: Result, node: Node) -> str:
        keys = result.variables.keys

        def name(variable: str) -> str | None:
            key = keys.get(variable)
            if not isinstance(key, RowKey):
                return key.table if key else None
            row = self.context.holding(key).rows(key)[key.position] if not key.prior else {}
            return titled(row) or f"第{key.position + 1}行"

        return Words(result.variables.texts, name, self.tables).of(node)

    def side(self, result: Result, node: Node | None, quantity: Quantity) -> Side:
        """One side of a comparison with its cells; last year's cells are not in this workbook."""
        cells = [self.context.cell(leaf.place) for leaf in quantity.leaves if not leaf.prior]
        value = None if quantity.blank else quantity.value
        return Side(self.words(result, node), value, tuple(c for c in cells if c is not None))

    def common(self, result: Result) -> dict[str, object]:
        """What every finding of a result has, by the names of `Finding`: sides, cells, table, sheet, where."""
        sides: dict[str, object] = {}
        cells: list[tuple[str, str]] = []
        for name, node, quantity in (
            ("left", result.left_node, result.left),
            ("right", result.right_node, result.right),
        ):
            if quantity is not None:
                side = self.side(result, node, quantity)
                sides[name] = side
                cells += side.cells
        cells += filter(None, map(self.context.cell, result.asked))
        place = self.main_place(result)
        if not cells and place is not None and (cell := self.context.cell(place)):
            cells = [cell]
        table = place.table if place else ""
        sheet = cells[0][0] if cells else ""
        where = f"{table} {self.words(result, result.left_node or result.part.expression)}".strip()
        return {
            **sides,
            "cells": tuple(dict.fromkeys(cells)),
            "table": table,
            "sheet": sheet,
            "where": where,
        }

    def main_place(self, result: Result) -> Place | None:
        """The place that a result is about first: a cell that it compares, or wanted filled, or its row."""
        for quantity in (result.left, result.right):
            for leaf in quantity.leaves if quantity else ():
                if not leaf.prior:
                    return leaf.place
        if result.asked:
            return result.asked[0]
        for key in result.variables.keys.values():
            if (
                isinstance(key, RowKey)
                and not key.prior
                and key.table in self.context.report.tables
            ):
                return RowPlace(key.table, key.instance, key.list, key.position, CODE)
        return None

    def failure(self, result: Result, cause: Cause | None, group: int) -> Finding:
        """A rule that does not hold."""
        rule = result.rule
        suspect, hint, expected = None, "", None
        if cause is not None:
            from xltool.checks.diagnosis.advice import Advice

            advice = Advice(self.context, self._cells)
            suspect, expected = advice.suspect(cause), advice.expected(cause)
            hint = advice.of(cause)
        elif result.operator == "=" and not group:
            hint = self._difference_hint(result)
        return Finding(
            rule.id,
            rule.level,
            "不符",
            self._sentence(result),
            difference=result.difference,
            tolerance=result.tolerance,
            hint=hint or rule.hint,
            remark=self._elsewhere(result),
            suspect=suspect,
            expected=expected,
            group=group,
            relation=RELATION.get(result.operator, ""),
            confirm=rule.confirm,
            **self.common(result),  # type: ignore[arg-type]
        )

    def remark(self, results: Sequence[Result]) -> Finding:
        """What a rule asks of several cells of a table alike, as one finding."""
        every = [self.failure(result, None, 0) for result in results]
        places = dict.fromkeys(place for result in results for place in result.asked)
        labels = "、".join(self.context.label(place) for place in places)
        name = results[0].rule.name
        return replace(
            every[0],
            message=f"{labels}不符合：{name}",
            cells=tuple(dict.fromkeys(cell for finding in every for cell in finding.cells)),
            where=f"{every[0].table} {name}",
        )

    def _elsewhere(self, result: Result) -> str:
        """In which other workbook of the unit the figures stand that have no cell in this one."""
        together = self.context.together
        if together is None:
            return ""
        sides = (side.leaves for side in (result.left, result.right) if side)
        tables = dict.fromkeys(
            leaf.place.table for leaves in sides for leaf in leaves if leaf.external
        )
        books = {table: together.books[table] for table in tables if table in together.books}
        return "；".join(f"“{table}”在 {book.file} 里" for table, book in books.items())

    def _sentence(self, result: Result) -> str:
        if result.left is None or result.right is None:
            place = self.main_place(result)
            at = self.context.label(place) if place else ""
            return f"{at}不符合：{result.rule.name}"
        if (growth := self._growth(result)) is not None:
            return growth
        shown = _percent if self._is_ratio(result) else _amount
        left, right = (
            self.words(result, node)
            + ("" if isinstance(node, Number) else f" {shown(None if q.blank else q.value)}")
            for node, q in ((result.left_node, result.left), (result.right_node, result.right))
        )
        assert result.difference is not None
        relation = RELATION[result.operator]
        gap = "" if result.operator == "<>" else f"，差 {shown(result.difference)}"
        return f"{left}，{relation} {right}{gap}"

    def _is_ratio(self, result: Result) -> bool:
        """Whether a cell that stands alone on one side is a ratio by its form."""
        sides = [side.leaves for side in (result.left, result.right) if side]
        alone = [leaves[0] for leaves in sides if len(leaves) == 1]
        places = [leaf.place for leaf in alone if not leaf.external]
        return any(self.context.kind(place) == "ratio" for place in places)

    def _growth(self, result: Result) -> str | None:
        """The sentence for |A − last year's A| <= x % of last year's A; None for other rules."""
        left, node, limit = result.left, result.left_node, result.right_node
        if not (
            isinstance(node, Call) and node.function == "abs" and isinstance(limit, Arithmetic)
        ):
            return None
        inner = node.arguments[0]
        if left is None or not isinstance(inner, Arithmetic) or result.operator != "<=":
            return None
        now = [leaf.value for leaf in left.leaves if not leaf.prior]
        then = [leaf.value for leaf in left.leaves if leaf.prior and not leaf.external]
        if len(now) != 1 or len(then) != 1 or now[0] is None or not then[0]:
            return None
        percent = abs(now[0] - then[0]) / abs(then[0]) * 100
        shown = plain(round(percent, 0 if percent >= _WHOLE_PERCENT else 2))
        word = "增长" if now[0] > then[0] else "减少"
        what = self.words(result, inner.first)
        years = f"上年 {money(then[0])}，本年 {money(now[0])}"
        return f"{what} 比上年{word}{shown}%（{years}），说明原因"

    def _difference_hint(self, result: Result) -> str:
        assert result.left is not None
        assert result.right is not None
        assert result.difference is not None
        if result.left.blank or result.right.blank:
            return "一方空着：先看它该不该填"
        leaves: tuple[Leaf, ...] = (*result.left.leaves, *result.right.leaves)
        addends = [
            (self.context.label(leaf.place), leaf.value)
            for leaf in leaves
            if leaf.value is not None and not leaf.prior
        ]
        from xltool.checks.diagnosis.slips import hint_by_difference

        return hint_by_difference(result.difference, addends if len(addends) > 2 else [])

    def residual(self, result: Result) -> Finding:
        """A difference that rounding explains."""
        return Finding(
            result.rule.id,
            "info",
            "尾差",
            self._sentence(result),
            difference=result.difference,
            tolerance=result.tolerance,
            hint="在四舍五入的误差以内，不算错",
            relation=RELATION.get(result.operator, ""),
            **self.common(result),  # type: ignore[arg-type]
        )


def _percent(value: Decimal | None) -> str:
    return money(None) if value is None else f"{plain(round(value * 100, 4))}%"


def _amount(value: Decimal | None) -> str:
    return money(value if value is None or decimals(value) <= _FINEST else round(value, _FINEST))
