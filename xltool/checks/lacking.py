"""What rules could not compare for want of figures, put into findings: one for each rule."""

from __future__ import annotations

from xltool.checks.findings import Finding
from xltool.checks.resultwording import ResultWording
from xltool.core.model import CODE, titled
from xltool.rules.model import Result
from xltool.rules.syntax import Node, heads_of
from xltool.rules.values import Quantity

_SHOWN = 4
_INSTANCES = 2
"""Instances of a rule that lack figures: so many are told, the others are counted."""


class LackWording:
    """Puts results that lack figures into findings."""

    def __init__(self, wording: ResultWording) -> None:
        self._wording, self._context = wording, wording.context

    def finding(self, group: list[Result]) -> Finding:
        """What one rule could not compare because figures are missing."""
        first = group[0]
        reasons: dict[str, list[Result]] = {}
        for result in group:
            reasons.setdefault(result.reason, []).append(result)
        told = (self._alike(why, results) for why, results in reasons.items())
        return Finding(
            first.rule.id,
            first.rule.level,
            "数据不足",
            "；".join(told),
            **self._wording.common(first),  # type: ignore[arg-type]
        )

    def _alike(self, reason: str, results: list[Result]) -> str:
        """What instances lack for one reason (empty: figures to compare)."""
        more = len(results) > _INSTANCES
        if reason and len(results) > 1:
            subjects = [*dict.fromkeys(map(self._subject, results))]
            shown = "、".join(subjects[:_INSTANCES]) + (
                " 等" if len(subjects) > _INSTANCES else " "
            )
            return f"{reason}{self._unfilled(results[0])}，{shown}{len(results)}处不能核对"
        lacks = "；".join(map(self._lacking, results[:_INSTANCES]))
        return lacks + (f"；等{len(results)}处" if more else "")

    def _unfilled(self, result: Result) -> str:
        """Which tables that the condition of a rule asks have no figure."""
        if result.part.condition is None:
            return ""
        asked = dict.fromkeys(
            self._wording.tables.get(head, "") for head in heads_of(result.part.condition)
        )
        tables, stated = self._context.report.tables, self._context.declared_empty
        names = [
            f"《{table}》"
            for table in asked
            if table in tables and table not in stated and tables[table][0].empty
        ]
        return f"（{''.join(names)}空着）" if names else ""

    def _subject(self, result: Result) -> str:
        """What an instance is about: its row, or what it compares."""
        place = self._wording.main_place(result)
        row = (place and self._context.row(place)) or {}
        if row.get(CODE):
            return titled(row)
        return self._wording.words(result, result.left_node or result.part.expression)

    def _lacking(self, result: Result) -> str:
        """Which figure is there, and which is not."""
        left, right = result.left, result.right
        if result.reason or left is None or right is None:
            words = self._wording.words(result, result.left_node or result.part.expression)
            return f"{words}：{result.reason}"
        sides = [(left, result.left_node), (right, result.right_node)]
        missing = [side for side in sides if side[0].missing]
        known = next((self._wording.words(result, n) for q, n in sides if not q.missing), "")
        lacks = "，".join(self._blank(result, quantity, node) for quantity, node in missing)
        return f"{known} 有数，{lacks}" if known else lacks

    def _blank(self, result: Result, quantity: Quantity, node: Node | None) -> str:
        """What a side lacks: single cells of a sum of which others are filled, else the whole side."""
        faults = self._context.unreadable
        places = [leaf.place for leaf in quantity.leaves if leaf.value is None and not leaf.prior]
        faulty = [place for place in places if place in faults]
        named = faulty or ([] if quantity.blank else places)
        if not named:
            return f"{self._wording.words(result, node).removesuffix(' 之和')} 空白"
        shown = "、".join(map(self._context.label, named[:_SHOWN]))
        more = f" 等{len(named)}格" if len(named) > _SHOWN else ""
        return f"{shown}{more} {'读不出数' if faulty else '空白'}"
