"""What the templates of a style may say: sentences that are right by construction.

Each public method of `Phrases` with a Chinese alias in `WORDS` is a word of the templates
(mappings/narratives/styles/*.yaml). What only a person can say becomes a placeholder, and is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xltool.narrative.facts import NarrativeFacts
from xltool.narrative.tables import TableRow
from xltool.narrative.writing.figures import ZERO, NarrativeFigures, money, ratio

OPEN, CLOSE = "【待写：", "】"
_DIRECTION = {1: ("增加", "增长"), -1: ("减少", "下降")}
_STAFF = ("301", "303")


@dataclass
class Phrases:
    """The words of the templates for one report. `zeros`: items without figures are printed too."""

    figures: NarrativeFigures
    facts: NarrativeFacts
    year: int
    zeros: bool
    prior_words: str
    missing: list[str] = field(default_factory=list)

    # ── placeholders and facts ──

    def to_write(self, what: str) -> str:
        """A marked place that a person has to fill."""
        self.missing.append(what)
        return f"{OPEN}{what}{CLOSE}"

    def fact_text(self, key: str, otherwise: str = "") -> str:
        """A text of the facts, else `otherwise`, else a placeholder."""
        return self.facts.text(key) or otherwise or self.to_write(key)

    def fact_sentence(self, group: str, key: str, pattern: str) -> str:
        """A sentence with a count of the facts; nothing when it is not given."""
        value = self.facts.number(group, key)
        return "" if value is None else pattern.format(f"{value:f}") + "。"

    def reason(self, key: str, words: str = "主要原因") -> str:
        """主要原因是 …, from the facts or as a placeholder."""
        said = self.facts.text("原因", key) or self.to_write(f"{key}的主要原因")
        return f"{words}是{said.rstrip('。')}。"

    # ── amounts ──

    def has(self, name: str) -> bool:
        """Whether there is a figure other than zero."""
        return bool(self.figures.amount(name))

    def amount(self, name: str) -> str:
        """An amount with its unit; a placeholder when the tables do not have it."""
        value = self.figures.amount(name)
        return self.to_write(f"{name}的数") if value is None else money(value)

    def share(self, part: str, whole: str) -> str:
        """A share as a percentage."""
        one, all_ = self.figures.amount(part), self.figures.amount(whole)
        if one is None or not all_:
            return self.to_write(f"{part}占{whole}的比例")
        return ratio(one, all_)

    def shares(self, names: Iterable[str], whole: str) -> str:
        """Items with amount and share; those without a figure only where the style prints zeros."""
        all_ = self.figures.amount(whole) or ZERO
        pairs = [(name, self.figures.amount(name) or ZERO) for name in names]
        return self._listed([(n, v) for n, v in pairs if v or self.zeros], all_)

    def class_shares(self, alias: str, whole: str) -> str:
        """Every 类 of a table with amount and share."""
        all_ = self.figures.amount(whole) or ZERO
        rows = [row for row in self.figures.tables.rows(alias) if not row.path]
        pairs = [(f"{row.name}（类）", self.figures.of_row(row)) for row in rows]
        return self._listed([(name, value) for name, value in pairs if value], all_)

    def _listed(self, pairs: list[tuple[str, Decimal]], whole: Decimal) -> str:
        if not pairs:
            return "没有数"
        parts = [
            f"{name}{money(value)}" + (f"，占{ratio(value, whole)}" if whole else "")
            for name, value in pairs
        ]
        return "；".join(parts)

    # ── comparisons ──

    def change(self, name: str, words: str) -> str:
        """The change against last year with its reason; nothing when last year is not given."""
        found = self.figures.change(name)
        if found is None:
            return ""
        against = f"与{self.prior_words}相比，{words}"
        if found.direction == 0:
            return f"{against.removesuffix('各')}持平。"
        verb, noun = _DIRECTION[found.direction]
        if found.rate is None:
            none = f"{self.prior_words}没有这项收支，无可比性"
            return f"{against}{verb}{money(found.amount)}（{none}）。{self.reason(name)}"
        return f"{against}{verb}{money(found.amount)}，{noun}{found.rate:.2f}%。{self.reason(name)}"

    def final_against_budget(self, name: str) -> str:
        """年初预算为 …，支出决算为 …，完成 …; without a budget only the final figure."""
        budget = self.facts.number("年初预算", name)
        if budget is None:
            budget = self.figures.budget(name)
        return self._final(name, budget, self.figures.amount(name) or ZERO, "支出决算为")

    def final_of_row(self, row: TableRow) -> str:
        """The same for a 科目."""
        budget = self.facts.number("年初预算", row.code)
        return self._final(row.code, budget, self.figures.of_row(row), "支出决算为", row.name)

    def travel(self, name: str) -> str:
        """The same for an item of 三公, whose budget the table prints."""
        budget = self.figures.budget(name)
        return self._final(name, budget, self.figures.amount(name) or ZERO, "决算为", basis="预算")

    def _final(
        self,
        key: str,
        budget: Decimal | None,
        final: Decimal,
        words: str,
        shown: str = "",
        basis: str = "年初预算",
    ) -> str:
        if budget is None:
            return f"{words}{money(final)}。"
        said = f"{basis}为{money(budget)}，{words}{money(final)}"
        done = f"，完成{basis}的{ratio(final, budget)}" if budget else ""
        if final == budget:
            return f"{said}{done}。决算数与预算数持平。"
        word = "大于" if final > budget else "小于"
        reason = self.facts.text("原因", key) or self.to_write(
            f"{shown or key}决算数{word}预算数的主要原因"
        )
        return f"{said}{done}。决算数{word}预算数，主要原因是{reason.rstrip('。')}。"

    def no_travel(self) -> str:
        """That there is no 三公, or "" when there is any budget or expense."""
        some = self.has("三公合计") or self.figures.budget("三公合计")
        return "" if some else f"{self.year}年度没有“三公”经费财政拨款支出。"

    def fund(self, words: str, income: str, expense: str) -> str:
        """A fund's income and expense, or that there is none."""
        out = self.figures.amount(expense)
        into = self.figures.amount(income) if income else None
        kinds = "收入和支出"
        if not out and not into:
            return f"{self.year}年度没有{words}{kinds}。"
        first = f"本年收入{money(into)}，" if into is not None else ""
        return f"{self.year}年度{words}{first}本年支出{money(out or ZERO)}。"

    # ── rows ──

    def full_name(self, row: TableRow) -> str:
        """教育支出（类）普通教育（款）小学教育（项）."""
        names = [*row.path, row.name]
        return "".join(f"{name}（{level}）" for name, level in zip(names, "类款项", strict=False))

    def purpose(self, row: TableRow) -> str:
        """主要用于 …, where the facts say it."""
        said = self.facts.text("用途", row.code)
        return f"主要用于：{said.rstrip('。')}。" if said else ""

    def deepest(self, alias: str) -> list[TableRow]:
        """The rows of the lowest level that have a figure."""
        rows = self.figures.tables.rows(alias)
        depth = max((len(row.path) for row in rows), default=0)
        return [row for row in rows if len(row.path) == depth and self.figures.of_row(row)]

    def listing(self, which: str) -> str:
        """，主要包括：… : the economic 科目 of 人员经费 or 公用经费 that have a figure."""
        staff = which == "人员经费"
        names = [
            row.name
            for row in self.deepest("基本支出")
            if row.path and row.code.startswith(_STAFF) is staff
        ]
        return f"，主要包括：{'、'.join(names)}" if names else ""


WORDS: dict[str, Callable[..., Any]] = {
    "待写": Phrases.to_write,
    "事实文": Phrases.fact_text,
    "事实句": Phrases.fact_sentence,
    "有": Phrases.has,
    "金额": Phrases.amount,
    "占": Phrases.share,
    "各占": Phrases.shares,
    "各类占": Phrases.class_shares,
    "增减": Phrases.change,
    "预决算": Phrases.final_against_budget,
    "预决算行": Phrases.final_of_row,
    "三公": Phrases.travel,
    "无三公": Phrases.no_travel,
    "基金": Phrases.fund,
    "类款项": Phrases.full_name,
    "用途": Phrases.purpose,
    "列举": Phrases.listing,
}
"""The words of the templates."""
