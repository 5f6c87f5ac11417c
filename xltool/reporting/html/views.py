"""Problems and findings as the HTML report tells them: sentences, sides with their cells, links into the grids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from xltool.checks import Validation
from xltool.checks.findings import Finding, Side
from xltool.core.amounts import money
from xltool.core.cellref import CellRef
from xltool.core.model import Value
from xltool.ooxml.read.areas import areas
from xltool.reporting.cellnames import CellNames
from xltool.reporting.issues import Issue, cells_of
from xltool.reporting.summary import levels
from xltool.rules.model import LEVELS

_LISTED = 12
"""Cells of a finding that are listed one by one."""
_ADDENDS = 8
_FEW = 2
"""Up to so many cells stand beside a side's words; more are listed under it."""
_OPEN = 3
"""Findings of a problem without a suspect that are shown unfolded."""
_LONG = 400


class LinkView(NamedTuple):
    """A cell with the way to it. `sheet` is "" where the sheet is named already."""

    ref: str
    href: str
    label: str
    sheet: str = ""
    suspect: bool = False


class SpotView(NamedTuple):
    """Cells of one sheet (the `number`th), the rest in short; no cells where the whole sheet is meant."""

    sheet: str
    number: int
    links: list[LinkView]
    rest: str


class AddendView(NamedTuple):
    """One cell of a sum."""

    link: LinkView
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a comparison. `rest`: cells that are not listed, in short."""

    name: str
    text: str
    value: str
    links: list[LinkView]
    addends: list[AddendView]
    rest: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding. `places`: its cells by sheet, where it has no sides."""

    id: str
    rule: str
    name: str
    level: str
    word: str
    outcome: str
    message: str
    where: str
    sides: list[SideView]
    difference: str
    tolerance: str
    hint: str
    explanation: str
    places: list[SpotView]
    tables: str


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One problem: of a suspect cell, with what stands there and what should, or of a rule."""

    number: int
    level: str
    word: str
    rule: str
    title: str
    gist: str
    suspect: LinkView | None
    first: LinkView | None
    """The suspect, or else the first cell of the first finding."""
    now: str
    should: str
    margin: str
    formula: str
    hint: str
    shown: list[FindingView]
    folded: list[FindingView]
    tables: list[int]


class FindingViews:
    """Puts problems and findings into words and links."""

    def __init__(self, validation: Validation, names: CellNames) -> None:
        self._context, self._names = validation.context, names

    def problem(self, problem: Issue) -> ProblemView:
        """One problem with its findings; those of a suspect cell are folded when there are several."""
        own_hint = problem.suspect is None
        findings = [self.finding(n, f, hint=own_hint or not f.group) for n, f in problem.findings]
        first = problem.findings[0][1]
        name = self._context.rule(first.rule).name
        if problem.suspect is None:
            title = name
            shown, folded = findings[:_OPEN], findings[_OPEN:]
        else:
            title = self._names.label(problem.suspect) or name
            shown = [v for v, (_, f) in zip(findings, problem.findings, strict=True) if not f.group]
            folded = [v for v in findings if v not in shown]
            if len(folded) == 1:
                shown, folded = findings, []
        should = problem.expected
        formula = self._names.formula(problem.suspect) if problem.suspect else None
        hint = "" if own_hint else _short(first.advice)
        cell = next(iter(cells_of(first)), None)
        return ProblemView(
            number=problem.number,
            level=problem.level,
            word="待确认" if levels(first) == "待确认" else LEVELS[problem.level],
            rule=first.rule,
            title=title,
            gist=hint or _short(first.message),
            suspect=self._link(problem.suspect, suspect=True) if problem.suspect else None,
            first=self._link(cell) if cell else None,
            now=_shown(self._names.value(problem.suspect)) if problem.suspect else "",
            should="" if should is None else money(should),
            margin=_margin(problem.margin) if problem.margin is not None else "",
            formula=_short(formula or ""),
            hint=hint,
            shown=shown,
            folded=folded,
            tables=self._sheets(f for _, f in problem.findings),
        )

    def finding(self, number: int, finding: Finding, *, hint: bool = True) -> FindingView:
        """One finding; without `hint` where its problem has told it."""
        relation = finding.relation if finding.left and finding.right else ""
        sides = [
            self._side(name, side, finding)
            for name, side in (("左方", finding.left), (relation or "右方", finding.right))
            if side is not None
        ]
        return FindingView(
            id=f"f{number}",
            rule=finding.rule,
            name=self._context.rule(finding.rule).name,
            level=finding.level,
            word=LEVELS[finding.level],
            outcome=levels(finding),
            message="" if relation else _short(finding.message),
            where=finding.where,
            sides=sides,
            difference="" if finding.difference is None else _signed(finding.difference),
            tolerance=_tolerance(finding),
            hint=_short(finding.advice) if hint else "",
            explanation=finding.explanation,
            places=[] if any(s.links or s.addends for s in sides) else self._places(finding),
            tables=" ".join(map(str, self._sheets([finding]))),
        )

    def _sheets(self, findings: Iterable[Finding]) -> list[int]:
        """The sheets that findings are about, by number."""
        sheets = {sheet for f in findings for sheet in (f.sheet, *(s for s, _ in cells_of(f)))}
        return sorted(self._names.order[sheet] for sheet in sheets if sheet)

    def _side(self, name: str, side: Side, finding: Finding) -> SideView:
        cells = list(dict.fromkeys(side.cells))
        value = _shown(side.value)
        if finding.outcome == "尾差" and len(cells) > _FEW:
            return SideView(name, _short(side.text), value, [], [], "")
        if len(cells) <= _FEW:
            links = [self._link(cell, suspect=cell == finding.suspect) for cell in cells]
            return SideView(name, _short(side.text), value, links, [], "")
        values = {cell: self._names.value(cell) for cell in cells}
        filled = [cell for cell in cells if values[cell] is not None]
        listed = filled if len(filled) <= _ADDENDS else filled[: _ADDENDS - 2]
        if finding.suspect in cells and finding.suspect not in listed:
            listed = [*listed[:-1], finding.suspect]
        addends = [
            AddendView(
                self._link(cell, suspect=cell == finding.suspect),
                self._names.label(cell),
                _shown(values[cell]),
            )
            for cell in listed
        ]
        told = set(listed)
        return SideView(name, _short(side.text), value, [], addends, _rest(cells, told, values))

    def _places(self, finding: Finding) -> list[SpotView]:
        by_sheet: dict[str, list[str]] = defaultdict(list)
        for sheet, ref in finding.cells:
            by_sheet[sheet].append(ref)
        if not by_sheet and finding.sheet:
            return [SpotView(finding.sheet, self._names.order[finding.sheet], [], "")]
        found = []
        for sheet, refs in by_sheet.items():
            links = [self._link(CellRef(sheet, ref))._replace(sheet="") for ref in refs[:_LISTED]]
            rest = refs[_LISTED:]
            more = f"另 {len(rest)} 格：{areas(rest)}" if rest else ""
            found.append(SpotView(sheet, self._names.order[sheet], links, more))
        return found

    def _link(self, cell: CellRef, *, suspect: bool = False) -> LinkView:
        sheet, ref = cell
        label = self._names.label(cell)
        return LinkView(ref, f"#{self._names.anchor(cell)}", label, sheet, suspect)


def _rest(cells: Sequence[CellRef], told: set[CellRef], values: dict[CellRef, Value | None]) -> str:
    """The cells of a sum that are not listed, in short, blank ones apart."""
    parts = []
    for words, blank in (("另 {} 格有数", False), ("{} 格空白", True)):
        left = [c for c in cells if c not in told and (values[c] is None) == blank]
        by_sheet: dict[str, list[str]] = defaultdict(list)
        for sheet, ref in left:
            by_sheet[sheet].append(ref)
        if left:
            listed = "；".join(areas(refs) for refs in by_sheet.values())
            parts.append(f"{words.format(len(left))}：{listed}")
    return "；".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}……"


def _shown(value: Value | None) -> str:
    return _short(value) if isinstance(value, str) else money(value)


def _signed(value: Decimal) -> str:
    """A difference, with the minus sign of print."""
    return money(value).replace("-", "−")


def _tolerance(finding: Finding) -> str:
    """What the difference may be, or "" where nothing was compared."""
    if finding.tolerance is None or finding.difference is None:
        return ""
    return money(finding.tolerance)


def _margin(tolerance: Decimal) -> str:
    return f"±{money(tolerance)}" if tolerance else ""
