"""Rules as rule files state them, and what checking one of their instances gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from xltool.core.places import Place
from xltool.rules.keys import RowKey, TableKey
from xltool.rules.syntax import Node
from xltool.rules.values import Quantity

Level = Literal["error", "warning", "info"]
Outcome = Literal["通过", "不符", "尾差", "不适用", "数据不足", "未执行"]
ReasonCode = Literal[
    "no-external",
    "no-prior",
    "no-unit",
    "no-year",
    "not-chosen",
    "nothing-inside",
    "nothing-outside",
    "unread-table",
]
REASONS: Mapping[ReasonCode, str] = {
    "no-external": "没有给规则要用的外部表（`--external`）",
    "no-prior": "没有给上年的数",
    "nothing-inside": "簿里没有可以互相核对的",
    "nothing-outside": "要与簿外的数核对，没有给",
    "no-year": "没有年度",
    "no-unit": "不知道金额单位",
    "unread-table": "要用的表没能读出",
    "not-chosen": "`--only`、`--skip` 把它留在外面",
}
"""What each of them means (docs/json.md)."""
NOT_GIVEN: frozenset[ReasonCode] = frozenset({"no-external", "no-prior", "nothing-outside"})
"""What was wanting is what whoever runs the check may give."""
EXCUSES: frozenset[ReasonCode] = NOT_GIVEN | {"nothing-inside"}
"""What was wanting stands in no workbook: that a rule was not evaluated is then nothing against this one."""
Tolerance = Literal["exact", "rounding"] | Decimal


def tolerance_words(tolerance: Tolerance) -> str:
    """A tolerance as a clerk says it."""
    return {"exact": "不许差", "rounding": "四舍五入的误差以内"}.get(str(tolerance), str(tolerance))


OUTCOMES: tuple[Outcome, ...] = ("不符", "未执行", "数据不足", "尾差", "通过", "不适用")
"""Worst first: a rule's outcome is the worst of its instances'."""


class Reason(str):
    """Why a rule was not evaluated, in words, with the code of its kind: no one has to read the words."""

    code: ReasonCode

    def __new__(cls, code: ReasonCode, text: str) -> Reason:
        made = super().__new__(cls, text)
        made.code = code
        return made


NO_PRIOR = Reason("no-prior", "没有给上年数")


def not_given(table: str) -> Reason:
    """An external table was not given."""
    return Reason("no-external", f"没有给外部表“{table}”")


NO_UNIT = Reason("no-unit", "不知道金额单位")
NOT_CHOSEN = Reason("not-chosen", "没有选这项检查")
NO_YEAR: tuple[Outcome, Reason] = ("未执行", Reason("no-year", "没有年度"))
"""How checks end that cannot be made without a year."""


def not_read(table: str) -> Reason:
    """A table could not be located for certain."""
    return Reason("unread-table", f"“{table}”没能读出")


LEVELS: Mapping[Level, str] = {"error": "必须相符", "warning": "需核实", "info": "提示"}


class Part(NamedTuple):
    """One expression of a rule. `each`: loop variables, in order, with what they run over."""

    each: tuple[tuple[str, Node], ...]
    condition: Node | None
    expression: Node
    text: str
    tolerance: Tolerance


class Rule(NamedTuple):
    """One identity (勾稽关系), or a check made by the program and only registered here (`check`)."""

    id: str
    name: str
    level: Level
    basis: str
    years: tuple[int | None, int | None]
    parts: tuple[Part, ...]
    when: Node | None
    check: str | None
    source: str
    hint: str = ""
    """What to do about a failure, where nothing better is known."""
    confirm: bool = False
    """A failure is nobody's error as long as a person says in writing that it is right as it stands."""

    def out_of_force(self, year: int) -> tuple[Outcome, str] | None:
        """How the rule ends, and why, on a report of a `year` (0: unknown) that it is not sure to hold for."""
        first, last = self.years
        if not year:
            return NO_YEAR if first or last else None
        if (first or year) <= year <= (last or year):
            return None
        return "不适用", f"{year}年度不适用"


class Variables(NamedTuple):
    """What the loop variables of an instance stand for: fixed texts, and rows or tables."""

    texts: Mapping[str, str]
    keys: Mapping[str, RowKey | TableKey]


@dataclass(slots=True, eq=False)
class Result:
    """One instance of a rule, checked. For conditions (`not within(…)`) there are no sides; `asked`: the
    cells that a condition wanted filled, or blank.

    Not frozen: a book has a thousand, and a frozen one takes three times as long to make.
    """

    rule: Rule
    part: Part
    variables: Variables
    outcome: Outcome
    operator: str = ""
    left: Quantity | None = None
    right: Quantity | None = None
    left_node: Node | None = None
    right_node: Node | None = None
    allowed: Callable[[], Decimal] = Decimal
    """Works the tolerance out: of a comparison that holds nobody asks for it."""
    reason: str = ""
    asked: tuple[Place, ...] = ()

    @property
    def tolerance(self) -> Decimal:
        """How far the sides may differ."""
        return self.allowed()

    @property
    def difference(self) -> Decimal | None:
        """Left less right, or None."""
        if self.left is None or self.right is None:
            return None
        return self.left.value - self.right.value
