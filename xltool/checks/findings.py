"""What validation says: findings, the outcome of every rule, and the verdict."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Literal, NamedTuple

from xltool.checks.findingcodes import FindingCode
from xltool.core.amounts import parse_number
from xltool.core.cellref import CellRef
from xltool.core.model import Value
from xltool.core.problemcodes import ProblemCode
from xltool.rules.model import (
    EXCUSES,
    NOT_GIVEN,
    OUTCOMES,
    Level,
    Outcome,
    Reason,
    ReasonCode,
    Rule,
)

_CELL = Context(prec=15)

Verdict = Literal["合格", "不合格", "未完成审核"]

OPEN: tuple[Outcome, ...] = ("数据不足", "未执行")
"""Outcomes of rules that could not be evaluated: a check that could not be made is not one that passed."""


def address(cell: CellRef, home: str) -> str:
    """`C12` on the finding's own sheet `home`, `工作表!C12` on others."""
    sheet, ref = cell
    return ref if sheet == home else f"{sheet}!{ref}"


def without_table(text: str, table: str) -> str:
    """A text without `table·` before the names of its fields."""
    return re.sub(rf"(?<!\w){re.escape(table)}·", "", text) if table else text


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: in words, its value, the cells that it comes from."""

    text: str
    value: Value | None
    cells: tuple[CellRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule or a check fails, or could not be made.

    `where` names the place in words that do not change when rows move: it is what an explanation is tied to.
    `relation` says in words how the left side should stand to the right one. `suspect` is the cell that most
    likely holds the slip, `expected` the figure that would satisfy the rules it breaks; `group` joins the
    findings of one cause.
    """

    rule: str
    level: Level
    outcome: Outcome
    message: str
    where: str
    table: str = ""
    sheet: str = ""
    cells: tuple[CellRef, ...] = ()
    left: Side | None = None
    right: Side | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    hint: str = ""
    explanation: str = ""
    suspect: CellRef | None = None
    group: int = 0
    relation: str = ""
    expected: Decimal | None = None
    confirm: bool = False
    """A person has to say in writing whether it is right as it stands."""
    code: FindingCode | ProblemCode = ""
    names_cells: bool = False
    """The message names its cells already."""
    remark: str = ""
    """What is to be known besides: that a written explanation is void, in which other book a figure stands."""

    @property
    def advice(self) -> str:
        """What is to be done, and what is to be known besides."""
        return "；".join(filter(None, (self.hint, self.remark)))

    @property
    def brief(self) -> str:
        """The message where the finding's table stands in a heading: its name is left out."""
        return without_table(self.message, self.table)

    @property
    def failed(self) -> bool:
        """The rule does not hold here and nobody has explained it."""
        return self.outcome == "不符" and not self.settled

    @property
    def settled(self) -> bool:
        """Something that can be explained and has been."""
        return self.explainable and bool(self.explanation)

    @property
    def mark(self) -> Level:
        """How its cells are marked: what waits for a person's word as what is to be explained."""
        return "warning" if self.confirm and self.level == "error" else self.level

    @property
    def explainable(self) -> bool:
        """Whether a written explanation settles it."""
        return self.outcome == "不符" and (self.level == "warning" or self.confirm)

    @property
    def fingerprint(self) -> str:
        """The same for the same rule, place and figures: 12 hexadecimal digits.

        Of a finding without two sides the message stands for the figures.
        """
        figures = [_as_in_cell(text) for text in self.numbers()]
        of_what = figures if any(figures) else ["".join(self.message.split())]
        told = "\n".join((self.rule, self.table, self.where, *of_what))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def numbers(self) -> tuple[str, str]:
        """Both values as texts: an explanation holds only while they stay as they were."""
        return _text(self.left), _text(self.right)


def _as_in_cell(text: str) -> str:
    """A value as text; a number with the 15 digits that a cell can hold, written in one way."""
    try:
        number = parse_number(text)
    except ValueError:
        return text.strip()
    return "" if number is None else f"{_CELL.plus(number).normalize():f}"


def _text(side: Side | None) -> str:
    return "" if side is None or side.value is None else str(side.value)


class RuleLine(NamedTuple):
    """The ledger's line of one rule: its outcome (the worst of its instances') and their counts."""

    rule: Rule
    outcome: Outcome
    counts: Mapping[Outcome, int]
    reason: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the workbook from 合格 that the rule was not evaluated."""
        return self.rule.level == "error" and self.outcome in OPEN and not self._for(EXCUSES)

    @property
    def not_given(self) -> bool:
        """Whether it was not evaluated for want of what no workbook of this year can hold."""
        return self._for(NOT_GIVEN)

    def _for(self, reasons: Container[ReasonCode]) -> bool:
        told = isinstance(self.reason, Reason) and self.reason.code in reasons
        return self.outcome == "未执行" and told

    @property
    def evaluated(self) -> int:
        """Instances that were really compared."""
        return sum(self.counts.get(o, 0) for o in ("通过", "不符", "尾差"))


@dataclass(slots=True)
class Ledger:
    """The outcome of every rule: what was checked, and what could not be."""

    lines: dict[str, RuleLine] = field(default_factory=dict)

    def enter(self, rule: Rule, outcomes: Iterable[Outcome], reason: str = "") -> None:
        """Enter a rule with the outcomes of its instances; none at all means that it does not apply."""
        counts = Counter(outcomes)
        worst = next((o for o in OUTCOMES if counts[o]), None)
        self.lines[rule.id] = RuleLine(rule, worst or "不适用", counts, reason)

    def settle(self, rule_id: str) -> None:
        """Every failure of a rule has been explained."""
        line = self.lines[rule_id]
        self.lines[rule_id] = line._replace(outcome="通过", reason="已说明")

    def counts(self) -> Counter[Outcome]:
        """How many rules ended how."""
        return Counter(line.outcome for line in self.lines.values())

    @property
    def applicable(self) -> int:
        """How many rules apply to the workbook."""
        return sum(line.outcome != "不适用" for line in self.lines.values())

    @property
    def audited(self) -> int:
        """How many of those were evaluated wherever they apply."""
        return self.applicable - sum(line.outcome in OPEN for line in self.lines.values())

    @property
    def unevaluated(self) -> list[RuleLine]:
        """Blocking rules that could not be evaluated."""
        return [line for line in self.lines.values() if line.blocks]


def verdict(findings: Iterable[Finding], ledger: Ledger) -> Verdict:
    """合格 only when no blocking rule fails, none was left unevaluated, and nothing waits for a person's word."""
    failed = [f for f in findings if f.level == "error" and f.failed]
    if any(not f.confirm for f in failed):
        return "不合格"
    return "未完成审核" if failed or ledger.unevaluated else "合格"
