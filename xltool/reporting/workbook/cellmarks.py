"""Which cells the annotated copy marks, how they look, and what their notes say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from xltool.checks import Validation
from xltool.checks.findings import Finding
from xltool.core.cellref import CellRef
from xltool.ooxml import Look
from xltool.reporting.cellnames import CellNames
from xltool.reporting.issues import Issue, arrange
from xltool.reporting.summary import levels

SUSPECT = Look(bold=True, colour="9C0006", fill="FF9B9B", border="C00000")
ERROR = Look(fill="FFD9D9", border="E59A9A")
WARNING = Look(fill="FFF2B3", border="D9B64C")
RELATED = Look(fill="E4ECF7", border="9DB2D0")
MEANINGS = {
    SUSPECT: "很可能错在这里",
    ERROR: "必须相符，不符",
    WARNING: "待确认、需核实",
    RELATED: "与之比对的数",
}
"""The looks of marked cells with what they say, the strongest first."""

_STRENGTH = list(MEANINGS)
_LOOKS = {"error": ERROR, "warning": WARNING}
_FEW = 3
"""Cells of one side that are all marked; of a longer side, a sum, none where the other is short."""
_LONGEST, _MESSAGE = 400, 150


@dataclass
class CellMark:
    """A marked cell: its look, and what its note says."""

    look: Look
    texts: list[str] = field(default_factory=list)

    @property
    def note(self) -> str:
        """All that was found about the cell, in at most some 400 characters."""
        kept: list[str] = []
        texts = list(dict.fromkeys(self.texts))
        room = _LONGEST - 30
        for text in texts:
            if kept and len(text) > room:
                break
            kept.append(text)
            room -= len(text)
        left = len(texts) - len(kept)
        return "\n".join([*kept, *([f"另有 {left} 条，见“校验结果”表"] if left else [])])


def cell_marks(validation: Validation) -> dict[str, dict[str, CellMark]]:
    """By sheet and address (of merged ranges, their first cell): what is to be marked.

    Marked are the cells of failures at the levels error and warning that nobody has explained.
    Where a suspect is known, the filled cells that it is compared with are told apart from it.
    """
    names = CellNames(validation)
    found: dict[str, dict[str, CellMark]] = defaultdict(dict)

    def enter(cell: CellRef, look: Look) -> CellMark:
        sheet, ref = names.home(cell)
        mark = found[sheet].setdefault(ref, CellMark(look))
        mark.look = min(mark.look, look, key=_STRENGTH.index)
        return mark

    def filled(cell: CellRef) -> bool:
        sheet, ref = validation.reading.workbook.sheet(cell[0]), cell[1]
        return sheet.formula(ref) is not None or sheet.value(ref) not in (None, "")

    for problem in arrange(validation).problems:
        if problem.suspect and problem.level != "info":
            look = SUSPECT if problem.mark == "error" else WARNING
            enter(problem.suspect, look).texts[:0] = _suspicion(problem)
        for finding in (f for _, f in problem.findings if f.level != "info"):
            look = RELATED if problem.suspect else _LOOKS[finding.mark]
            for cell in _direct(finding):
                if problem.suspect is None or (cell != problem.suspect and filled(cell)):
                    enter(cell, look).texts.append(_told(problem, finding, cell))
    return dict(found)


def _direct(finding: Finding) -> Iterable[CellRef]:
    """The cells that a finding is about: of a side with a suspect that one, of a long sum none."""
    sides = [side.cells for side in (finding.left, finding.right) if side and side.cells]
    if not sides:
        return finding.cells
    suspect = finding.suspect
    told = [(suspect,) if suspect and suspect in cells else cells for cells in sides]
    short = [cells for cells in told if len(cells) <= _FEW]
    found = [cell for cells in short or (cells[:1] for cells in told) for cell in cells]
    return dict.fromkeys(found)


def _suspicion(problem: Issue) -> list[str]:
    """What the note of a suspect cell says first: what to do, what it breaks, what is odd about itself."""
    first, *others = (finding for _, finding in problem.findings)
    rules = "、".join(dict.fromkeys(f.rule for _, f in problem.findings))
    told = [first, *(f for f in others if not (f.left or f.right))]
    texts = [f"{levels(f)} {f.rule}：{_short(f.message)}" for f in told]
    return [*([first.advice] if first.advice else []), *texts, f"涉及规则：{rules}"]


def _told(problem: Issue, finding: Finding, cell: CellRef) -> str:
    """One finding in the note of a cell: rule, what is wrong, what to do."""
    if problem.suspect is None:
        advice = finding.advice
    else:
        sheet, ref = problem.suspect
        advice = f"很可能错在 {ref if sheet == cell[0] else f'{sheet}!{ref}'}"
    told = f"{levels(finding)} {finding.rule}：{_short(finding.message)}"
    return f"{told}\n→ {_short(advice)}" if advice else told


def _short(text: str) -> str:
    return text if len(text) <= _MESSAGE else f"{text[:_MESSAGE]}……"
