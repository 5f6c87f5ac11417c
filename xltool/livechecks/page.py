"""The sheet 审核表, as a description for the workbook package."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from xltool.checks.context import Context
from xltool.livechecks.book import ReadBook
from xltool.livechecks.formulas import OUTCOME, ROW, LineCells
from xltool.livechecks.layout import FIRST, HEAD_ROW, HEADS, lay_out, looks
from xltool.livechecks.lines import AuditLine, Untold, lines
from xltool.livechecks.rowguards import RowGuard, RowGuards
from xltool.livechecks.summary import counts, failures, verdict
from xltool.livechecks.tables import table_state
from xltool.mapping.ownsheets import checks_marker, owner
from xltool.ooxml import Formula, NewSheet, RowHeight, split_ref
from xltool.ooxml.edit.measure import lines as text_lines
from xltool.rules.model import LEVELS, Rule

_LINE, _RIM = 14.2, 4
_HELP = (
    "本表用公式写成，改了数随即重算，不需要 xltool。清单里的空行填上、中间和末尾加行，都会计入各项合计；"
    "加出来的行自身的各条要重新生成本表才有，此前“清单各行”一条显示“未执行”。写成文字的数不算数，记作“数据不足”。"
    "写不成公式的规则列在表末，记作“未执行”：合格与否以 xltool validate 为准。"
)
_PLACE = re.compile("\x00(\\d+)\x00")


class _Page:
    """Fills the sheet from top to bottom; the heads come last, when it is known how many lines there are."""

    def __init__(self, context: Context, name: str) -> None:
        self.context, self.book = context, ReadBook(context)
        self.sheet = NewSheet(looks=looks(), gridlines=False, protected=True)
        self.sheet.names = checks_marker(context.reading.edition.id)
        self.name = name
        self.row = HEAD_ROW
        self.guards = RowGuards(context, self.book)
        self.formulas: dict[str, Formula] = {}

    def put(self, column: str, content: Formula | Decimal | str | None, look: str) -> None:
        ref = f"{column}{self.row}"
        if isinstance(content, Formula):
            self.formulas[ref] = content
        self.sheet.put(ref, content, look)

    def fill(self) -> NewSheet:
        """The whole sheet."""
        found = list(lines(self.context, self.book))
        # what no formula can decide does not count in the head of the sheet
        programmed = [
            one for one in found if isinstance(one, Untold) and (one.rule.check or one.rule.confirm)
        ]
        for one in found:
            if isinstance(one, AuditLine):
                self.line(one)
            elif one not in programmed:
                self.untold(one)
        for guard in self.guards.lines(FIRST, self.row):
            self.row += 1
            self.guard(guard)
        judged = self.row
        for one in programmed:
            self.untold(one)
        last = self.row
        states = self.states()
        self.settle(states)
        self.head(judged, last)
        lay_out(self.sheet, self.name, last)
        return self.sheet

    # ── lines ──

    def line(self, line: AuditLine) -> None:
        self.row += 1
        self.words(line.rule, line.where)
        cells = LineCells(line, self.row, self.context.report.unit).cells
        self.columns(cells)
        if mark := self.guards.mark(line):
            self.put(ROW, mark, "small")

    def columns(self, cells: Mapping[str, Formula | Decimal | str]) -> None:
        for column in "EFGHIJLMNOP":
            look = {"F": "centre", "J": "outcome"}.get(column, "amount")
            content = cells.get(column)
            if column < "K" or content is not None:
                self.put(column, content, look if column < "K" else "small")

    def words(self, rule: Rule, where: str) -> None:
        self.labelled(rule.id, rule.name, LEVELS[rule.level], where)

    def labelled(self, rule: str, name: str, level: str, where: str) -> None:
        for column, text, look in (
            ("A", rule, "centre"),
            ("B", name, "text"),
            ("C", level, "centre"),
            ("D", where, "text"),
        ):
            self.put(column, text, look)
        need = max(text_lines(t, HEADS[c][1] * 1.03) for c, t in (("B", name), ("D", where)))
        self.sheet.heights[self.row] = RowHeight(_LINE * need + _RIM)

    def untold(self, one: Untold) -> None:
        self.row += 1
        self.words(one.rule, one.reason)
        self.columns({OUTCOME: one.outcome})

    def guard(self, guard: RowGuard) -> None:
        """Whether every row of a list has its lines."""
        where, now, covered, outcome = guard
        self.labelled("清单", "清单各行在本表都有审核", LEVELS["error"], where)
        row = str(self.row)
        cells = {"E": now, "F": "不应大于", "G": covered, "J": outcome}
        self.columns(
            {
                column: Formula(content.text.replace("\x01", row), content.cached)
                if isinstance(content, Formula)
                else content
                for column, content in cells.items()
                if content is not None
            }
        )

    # ── states of tables ──

    def states(self) -> list[int]:
        """The table of tables: whether anything is filled in each. Returns their rows."""
        self.row += 2
        self.put("A", "各表有没有数（供上面的公式用）", "section")
        rows = []
        for table, instance in self.book.tables:
            self.row += 1
            located = self.context.located[table, instance]
            self.put("A", table_state(self.context, located, table, instance), "centre")
            self.put("B", located.sheet.name, "text")
            need = text_lines(located.sheet.name, HEADS["B"][1])
            self.sheet.heights[self.row] = RowHeight(_LINE * need + _RIM)
            rows.append(self.row)
        return rows

    def settle(self, states: Sequence[int]) -> None:
        """Put the cells of the states where formulas ask for them."""
        for ref, formula in self.formulas.items():
            text = _PLACE.sub(lambda found: f"$A${states[int(found[1])]}", formula.text)
            if text != formula.text:
                self.formulas[ref] = formula._replace(text=text)
                self.sheet.put(ref, self.formulas[ref], self._look(ref))

    def _look(self, ref: str) -> str:
        return self.sheet.cells[split_ref(ref)][1]

    # ── head ──

    def head(self, judged: int, last: int) -> None:
        """Title, verdict, counts. `judged`: the last line that decides the verdict."""
        report, now = self.context.report, self._outcomes(last)
        self.row = 1
        self.put("A", "审核表（勾稽关系）", "title")
        self.sheet.merges.append("A1:D1")
        self.put("E", verdict(self._outcomes(judged)), "verdict")
        self.sheet.merges.append("E1:J1")
        texts = (owner(report), counts(now), failures(now), _HELP)
        for text in texts:
            self.row += 1
            self.put("A", text, "line")
            self.sheet.merges.append(f"A{self.row}:J{self.row}")
            self.sheet.heights[self.row] = RowHeight(18, fixed=True)
        self.sheet.heights[1] = RowHeight(30, fixed=True)
        room = sum(size for column, (_, size) in HEADS.items() if column < "K")
        height = _LINE * text_lines(_HELP, room) + _RIM
        self.sheet.heights[self.row] = RowHeight(height, fixed=True)
        self.row = HEAD_ROW
        for column, (text, _) in HEADS.items():
            if text:
                self.put(column, text, "head" if column < "K" else "small head")
        self.sheet.heights[HEAD_ROW] = RowHeight(22, fixed=True)

    def _outcomes(self, last: int) -> list[tuple[str, str]]:
        """Level and outcome of every line down to a row, as they are now."""
        found = []
        for row in range(FIRST, last + 1):
            level, outcome = self.sheet.cells[row, 3][0], self.sheet.cells[row, 10][0]
            shown = outcome.cached if isinstance(outcome, Formula) else outcome
            found.append((str(level), str(shown)))
        return found


def checks_page(context: Context, name: str) -> NewSheet:
    """The sheet of a workbook that was read, to be called `name`."""
    return _Page(context, name).fill()
