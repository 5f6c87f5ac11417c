"""What the HTML report says, ready for its template: words, numbers and links, no markup."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from xltool.checks import Validation
from xltool.checks.findings import RuleLine
from xltool.core.cellref import CellRef
from xltool.mapping.ownsheets import RESULT_SHEET, own_sheets
from xltool.reading import FoundTable
from xltool.reporting.cellnames import CellNames
from xltool.reporting.html.grid import Mark, Marked, ReportGrid, draw
from xltool.reporting.html.sheetwords import remarks_on, title
from xltool.reporting.html.views import FindingView, FindingViews, ProblemView
from xltool.reporting.issues import UNCALCULATED, Issue, Numbered, arrange, cells_of
from xltool.reporting.summary import blank_form, form_named, levels
from xltool.rules.model import LEVELS, OUTCOMES, Outcome

_OWN_SHEETS = ("xltool", RESULT_SHEET)
_TOOLTIP = 160
_KEYS = {"合格": "pass", "不合格": "fail", "未完成审核": "open"}
_SIGNS = {"suspect": "×", "part": "○", "warning": "△", "info": "◇"}


class RuleTally(NamedTuple):
    """A figure of the head: how many of what."""

    name: str
    figure: str
    unit: str
    key: str


@dataclass(frozen=True, slots=True)
class TableView:
    """A sheet of the workbook with what was found on it."""

    key: int
    sheet: str
    table: str
    remarks: list[str]
    problems: list[ProblemView]
    grid: ReportGrid


class RuleView(NamedTuple):
    """A line of the ledger."""

    line: RuleLine
    level: str
    remark: str
    problems: list[int]
    notes: list[int]
    """Positions of its findings that are no failures."""
    tables: str


class Page:
    """One report. Everything the template asks for is an attribute."""

    levels = LEVELS

    def __init__(self, validation: Validation, file: str, checked_at: str | None) -> None:
        self.validation, self.file, self.checked_at = validation, file, checked_at
        self.reading = validation.reading
        self.report = self.reading.report
        self.form = form_named(self.reading)
        self.verdict = validation.verdict
        self.verdict_key = _KEYS[self.verdict]
        self.names = CellNames(validation)
        self._arranged = arrange(validation)
        self._views = FindingViews(validation, self.names)
        self.problems = [self._views.problem(p) for p in self._arranged.problems]
        self.explained = self._told(self._arranged.explained)
        self.residuals = self._told(self._arranged.residuals)
        self.insufficient = self._told(self._arranged.insufficient)
        self.uncalculated = self._told(self._arranged.uncalculated)

    def _told(self, findings: Iterable[Numbered]) -> list[FindingView]:
        return [self._views.finding(*numbered) for numbered in findings]

    # --- the head ------------------------------------------------------------------------------

    @property
    def sentence(self) -> str:
        """Why the verdict is what it is."""
        blank = blank_form(self.validation)
        return f"这是{blank}。{self._why}" if blank else self._why

    @property
    def _why(self) -> str:
        words = Counter(map(levels, self.validation.findings))
        broken, doubted = words["不符"], words["待确认"]
        doubtful = sum(p.level == "warning" for p in self.problems)
        left = len(self.validation.ledger.unevaluated)
        match self.verdict:
            case "不合格":
                causes = sum(p.level == "error" and p.word != "待确认" for p in self.problems)
                text = f"有 {broken} 处不符合“必须相符”的规则，归为 {causes} 个问题，更正后应重新审核。"
                text += f"另有 {left} 条必须相符的规则没能审核。" if left else ""
                text += f"另有 {doubted} 处要有人确认，写明说明。" if doubted else ""
                return text + "".join(f"{words}。" for words in self.validation.terms.words)
            case "未完成审核":
                wanting = [f"{doubted} 处要有人确认，写明说明"] if doubted else []
                wanting += [f"{left} 条必须相符的规则没能审核"] if left else []
                text = (
                    f"审核到的部分没有“必须相符”的不符，但有 {'，'.join(wanting)}，不能认定合格。"
                )
            case "合格":
                text = "适用的“必须相符”规则全部审核，没有不符。"
        text += "".join(f"{words}。" for words in self.validation.terms.words)
        return text + (f"有 {doubtful} 个问题需核实。" if doubtful else "")

    @property
    def unevaluated(self) -> list[tuple[str, list[RuleLine]]]:
        """Blocking rules that could not be evaluated, by why."""
        reasons: dict[str, list[RuleLine]] = defaultdict(list)
        for line in self.validation.ledger.unevaluated:
            told = (f.message for f in self.insufficient if f.rule == line.rule.id)
            reasons[f"{line.outcome}：{line.reason or next(told, '')}"].append(line)
        return list(reasons.items())

    @property
    def tallies(self) -> Iterator[RuleTally]:
        """The counts of the head."""
        words = Counter(
            levels(f) for f in self.validation.findings if f.rule != UNCALCULATED or not f.failed
        )
        for name, word, key in (
            ("必须相符，不符", "不符", "error"),
            ("要有人确认", "待确认", "error"),
            ("需核实", "需核实", "warning"),
            ("提示", "提示", "info"),
            ("已说明", "已说明", ""),
            ("尾差", "尾差", ""),
        ):
            if words[word] or word in ("不符", "需核实"):
                yield RuleTally(name, str(words[word]), "处", key if words[word] else "")
        ledger = self.validation.ledger
        counts = ledger.counts()
        for outcome in ("数据不足", "未执行"):
            yield RuleTally(
                outcome, str(counts[outcome]), "条规则", "open" if counts[outcome] else ""
            )
        instances = sum(line.evaluated for line in ledger.lines.values())
        figure = f"{ledger.audited}/{ledger.applicable}"
        yield RuleTally("审核到的规则", figure, f"条，比对 {instances} 处", "")

    # --- the tables ----------------------------------------------------------------------------

    @cached_property
    def tables(self) -> list[TableView]:
        """The sheets of the form, and others that findings point to, in the order of the workbook."""
        marked = self._marked()
        located: dict[str, list[FoundTable]] = defaultdict(list)
        for one in self.reading.parts:
            located[one.located.sheet.name].append(one)
        found = []
        for sheet in self.reading.workbook.sheets:
            on_sheet, cells = located[sheet.name], marked.get(sheet.name, {})
            if not on_sheet and not cells:
                continue
            key = self.names.order[sheet.name]
            problems = [p for p in self.problems if key in p.tables]
            grid = draw(sheet, on_sheet[0].located if on_sheet else None, cells)
            remarks = remarks_on(sheet, on_sheet)
            found.append(
                TableView(key, sheet.name, title(sheet, on_sheet), remarks, problems, grid)
            )
        return found

    @property
    def absent(self) -> list[str]:
        """Tables that the form has and that were not read from this workbook."""
        read = {s.mapping.table for s in self.reading.found_tables}
        return [m.table for m in self.reading.tables if not m.optional and m.table not in read]

    @property
    def other_sheets(self) -> list[str]:
        """Sheets that are not part of the form: nobody looked at them."""
        known = self.names.tables
        sheets = (sheet.name for sheet in self.reading.workbook.sheets)
        own = own_sheets(self.reading.workbook)
        others = (s for s in sheets if s not in known and s not in own)
        return [s for s in others if not s.startswith(_OWN_SHEETS)]

    def _marked(self) -> dict[str, dict[str, Marked]]:
        """By sheet and address: every cell that a finding points to."""
        marks: dict[CellRef, dict[int, Mark]] = defaultdict(dict)
        for problem, view in zip(self._arranged.problems, self.problems, strict=True):
            alone = {f.cells[0] for _, f in problem.findings if len(f.cells) == 1}
            for cell in problem.cells:
                mark = _mark(problem, view, cell, alone=cell in alone)
                marks[self.names.home(cell)][problem.number] = mark
        for finding in self.validation.findings:
            for cell in cells_of(finding):
                marks.setdefault(self.names.home(cell), {})
        found: dict[str, dict[str, Marked]] = defaultdict(dict)
        for cell, of_cell in marks.items():
            worst = sorted(of_cell.values(), key=lambda m: (list(_SIGNS).index(m.kind), m.number))
            title = self._tooltip(cell, worst) if worst else ""
            found[cell.sheet][cell.ref] = Marked(self.names.anchor(cell), title, worst)
        return found

    def _tooltip(self, cell: CellRef, marks: list[Mark]) -> str:
        formula = self.names.formula(cell)
        parts = [
            f"{cell[1]} {self.names.label(cell)}".strip(),
            f"公式 ={formula[:_TOOLTIP]}" if formula else "",
            *(mark.title for mark in marks),
        ]
        return "\n".join(filter(None, parts))

    # --- what was not checked, the ledger --------------------------------------------------------

    @property
    def not_run(self) -> list[tuple[str, list[RuleLine]]]:
        """Rules that were not evaluated at all, by reason."""
        reasons: dict[str, list[RuleLine]] = defaultdict(list)
        for line in self.validation.ledger.lines.values():
            if line.outcome == "未执行":
                reasons[line.reason or "没有说明原因"].append(line)
        return list(reasons.items())

    @property
    def drift(self) -> list[tuple[str, list[str]]]:
        """Differences from the form that reading could follow, by sheet."""
        sheets: dict[str, list[str]] = defaultdict(list)
        for sheet, drift in self.reading.drift:
            sheets[sheet].append(str(drift))
        return list(sheets.items())

    @cached_property
    def ledger(self) -> list[tuple[Outcome, list[RuleView]]]:
        """Every rule under its outcome, the worst first."""
        tables = self._tables_of_rules()
        problems: dict[str, list[int]] = defaultdict(list)
        for problem in self._arranged.problems:
            for rule in dict.fromkeys(f.rule for _, f in problem.findings):
                problems[rule].append(problem.number)
        notes: dict[str, list[int]] = defaultdict(list)
        for n, finding in enumerate(self.validation.findings):
            if not finding.failed:
                notes[finding.rule].append(n)
        groups: dict[Outcome, list[RuleView]] = {outcome: [] for outcome in OUTCOMES}
        for rule_id, line in self.validation.ledger.lines.items():
            view = RuleView(
                line,
                LEVELS[line.rule.level],
                _remark(line),
                problems[rule_id],
                notes[rule_id],
                " ".join(str(key) for key in sorted(tables[rule_id])),
            )
            groups[line.outcome].append(view)
        return [(outcome, views) for outcome, views in groups.items() if views]

    def _tables_of_rules(self) -> dict[str, set[int]]:
        """Which sheets each rule looked at."""
        sheets: dict[tuple[str, int], int] = {
            place: self.names.order[located.sheet.name]
            for place, located in self.validation.context.located.items()
        }
        found: dict[str, set[int]] = defaultdict(set)
        for result in self.validation.context.results:
            keys = found[result.rule.id]
            for side in (result.left, result.right):
                places = {leaf.place[:2] for leaf in side.leaves} if side else ()
                keys.update(sheets[p] for p in places if p in sheets)
        for finding in self.validation.findings:
            keys = found[finding.rule]
            keys.update(self.names.order[sheet] for sheet, _ in finding.cells)
        return found


def _remark(line: RuleLine) -> str:
    """How the instances of a rule ended, where not all alike, and why some were not compared."""
    counts = [f"{o} {line.counts[o]}" for o in OUTCOMES if line.counts.get(o)]
    if len(counts) < 2:
        return line.reason
    return "，".join(counts) + (f"（{line.reason}）" if line.reason else "")


def _mark(problem: Issue, view: ProblemView, cell: CellRef, *, alone: bool) -> Mark:
    """What a cell has to do with a problem. `alone`: a finding is about this cell and no other."""
    kind: str = problem.mark
    if kind == "error":
        kind = "suspect" if alone or cell == problem.suspect else "part"
    role = "，很可能错在这里" if cell == problem.suspect else ""
    title = f"问题 {problem.number}{role}：{view.gist}"
    return Mark(problem.number, kind, _SIGNS[kind], title[:_TOOLTIP])
