"""The sheet 审核表, as a description for the workbook package."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from xltool.checks.context import Context
from xltool.livechecks.book import ReadBook
from xltool.livechecks.formulas import LEVEL, OUTCOME, ROW, LineCells
from xltool.livechecks.lines import Line, Untold, lines
from xltool.livechecks.rowguards import RowGuards
from xltool.livechecks.tables import table_state
from xltool.ooxml import Condition, Formula, Look, NewSheet, PrintSetup, RowHeight, split_ref
from xltool.ooxml.measure import lines as text_lines
from xltool.resultsheet import checks_marker, owner
from xltool.rules.excelcells import sheet_prefix
from xltool.rules.model import LEVELS, OUTCOMES, Rule

HEADS: Mapping[str, tuple[str, float]] = {
    "A": ("规则", 8),
    "B": ("名称", 26),
    "C": ("级别", 9.5),
    "D": ("位置", 58),
    "E": ("左方", 14),
    "F": ("关系", 10),
    "G": ("右方", 14),
    "H": ("差额", 12),
    "I": ("容差", 8),
    "J": ("结论", 10),
    "K": ("", 2),
    "L": ("前提", 6),
    "M": ("左", 6),
    "N": ("右", 6),
    "O": ("修约数", 7),
    "P": ("零／细数", 8.5),
    "Q": ("所在清单", 16),
}
"""The columns with their widths in characters. Those behind K are what the others are worked out from."""

HEAD_ROW = 6
"""Table titles are looked for above and in this row: so no name of a table may stand there."""

_FIRST = HEAD_ROW + 1
_AMOUNT = "#,##0.00####"
_GREY, _LINE_COLOUR = "808080", "BFBFBF"
_LINE, _RIM = 14.2, 4
_COLOURS = {
    "不符": ("9C0006", "FFD9D9"),
    "数据不足": ("7F6000", "FFF2B3"),
    "未执行": ("7F6000", "FFF2B3"),
    "尾差": ("1F4E79", "DDEBF7"),
    "通过": ("375623", "E2EFDA"),
}
_VERDICTS = {"勾稽关系不符": "不符", "勾稽关系没有审完": "数据不足", "勾稽关系相符": "通过"}
_HELP = (
    "本表用公式写成，改了数随即重算，不需要 xltool。清单里的空行填上、中间和末尾加行，都会计入各项合计；"
    "加出来的行自身的各条要重新生成本表才有，此前“清单各行”一条显示“未执行”。写成文字的数不算数，记作“数据不足”。"
    "写不成公式的规则列在表末，记作“未执行”：合格与否以 xltool validate 为准。"
)
_PLACE = re.compile("\x00(\\d+)\x00")


def _looks() -> dict[str, Look]:
    plain = Look(size=10, border=_LINE_COLOUR, wrap=True)
    centred = replace(plain, horizontal="center")
    small = Look(size=9, colour=_GREY, horizontal="center")
    return {
        "text": plain,
        "centre": centred,
        "amount": replace(plain, number_format=_AMOUNT, horizontal="right", wrap=False),
        "outcome": replace(centred, bold=True),
        "head": replace(centred, bold=True, fill="D9E1F2"),
        "small": small,
        "small head": replace(small, bold=True),
        "title": Look(size=16, bold=True),
        "verdict": Look(size=16, bold=True, horizontal="center"),
        "line": Look(size=10, wrap=True),
        "section": Look(size=12, bold=True),
    }


class _Page:
    """Fills the sheet from top to bottom; the heads come last, when it is known how many lines there are."""

    def __init__(self, context: Context, name: str) -> None:
        self.context, self.book = context, ReadBook(context)
        self.sheet = NewSheet(looks=_looks(), gridlines=False, protected=True)
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
        programmed = [one for one in found if isinstance(one, Untold) and one.rule.check]
        for one in found:
            if isinstance(one, Line):
                self.line(one)
            elif not one.rule.check:
                self.untold(one)
        for guard in self.guards.lines(_FIRST, self.row):
            self.row += 1
            self.guard(guard)
        judged = self.row
        for one in programmed:
            self.untold(one)
        last = self.row
        states = self.states()
        self.settle(states)
        self.head(judged, last)
        self.finish(last)
        return self.sheet

    # ── lines ──

    def line(self, line: Line) -> None:
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

    def guard(self, guard: Sequence[Formula | str]) -> None:
        """Whether every row of a list has its lines."""
        where, now, covered, outcome = guard
        self.labelled("清单", "清单各行在本表都有审核", LEVELS["error"], str(where))
        row = str(self.row)
        cells = {"E": now, "F": "不应大于", "G": covered, "J": outcome}
        self.columns(
            {
                column: Formula(content.text.replace("\x01", row), content.cached)
                if isinstance(content, Formula)
                else content
                for column, content in cells.items()
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
        report = self.context.report
        self.row = 1
        self.put("A", "审核表（勾稽关系）", "title")
        self.sheet.merges.append("A1:D1")
        self.put("E", self.verdict(judged), "verdict")
        self.sheet.merges.append("E1:J1")
        texts = (owner(report), self.counts(last), self.failures(last), _HELP)
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
        for row in range(_FIRST, last + 1):
            level, outcome = self.sheet.cells[row, 3][0], self.sheet.cells[row, 10][0]
            shown = outcome.cached if isinstance(outcome, Formula) else outcome
            found.append((str(level), str(shown)))
        return found

    def verdict(self, judged: int) -> Formula:
        """On what the formulas checked; what they cannot say does not count as passed."""
        area = f"${OUTCOME}${_FIRST}:${OUTCOME}${judged}"
        levels = f"${LEVEL}${_FIRST}:${LEVEL}${judged}"
        blocking = LEVELS["error"]

        def count(outcome: str) -> str:
            return f'COUNTIFS({levels},"{blocking}",{area},"{outcome}")'

        failed, unfinished, passed = _VERDICTS
        text = (
            f'IF({count("不符")}>0,"{failed}",'
            f'IF({count("数据不足")}+{count("未执行")}>0,"{unfinished}","{passed}"))'
        )
        now = {outcome for level, outcome in self._outcomes(judged) if level == blocking}
        shown = failed if "不符" in now else passed
        if shown == passed and now & {"数据不足", "未执行"}:
            shown = unfinished
        return Formula(text, shown)

    def counts(self, last: int) -> Formula:
        """How many lines ended how."""
        area = f"${OUTCOME}${_FIRST}:${OUTCOME}${last}"
        now = [outcome for _, outcome in self._outcomes(last)]
        pieces = [f'"共"&COUNTA({area})&"条："']
        shown = [f"共{len(now)}条："]
        for n, outcome in enumerate(OUTCOMES):
            comma = "，" if n else ""
            pieces.append(f'"{comma}{outcome}"&COUNTIF({area},"{outcome}")')
            shown.append(f"{comma}{outcome}{now.count(outcome)}")
        return Formula("&".join(pieces), "".join(shown))

    def failures(self, last: int) -> Formula:
        """How many failures are of which level."""
        area = f"${OUTCOME}${_FIRST}:${OUTCOME}${last}"
        levels = f"${LEVEL}${_FIRST}:${LEVEL}${last}"
        now = self._outcomes(last)
        pieces, shown = ['"不符的：'], ["不符的："]
        for n, word in enumerate(LEVELS.values()):
            comma = "，" if n else ""
            pieces.append(f'{comma}{word}"&COUNTIFS({levels},"{word}",{area},"不符")&"条')
            shown.append(f"{comma}{word}{now.count((word, '不符'))}条")
        return Formula("".join(pieces) + '"', "".join(shown))

    # ── looks of the whole ──

    def finish(self, last: int) -> None:
        sheet = self.sheet
        sheet.widths = {column: size for column, (_, size) in HEADS.items()}
        sheet.frozen = f"C{HEAD_ROW + 1}"
        sheet.filtered = f"A{HEAD_ROW}:{OUTCOME}{last}"
        sheet.tab_colour = "548235"
        sheet.printing = PrintSetup(
            repeat=(HEAD_ROW, HEAD_ROW), footer="&L&A　&F&R第 &P 页，共 &N 页"
        )
        prefix = sheet_prefix(self.name)
        sheet.names["_xlnm.Print_Area"] = f"{prefix}$A$1:${OUTCOME}${self.bottom}"
        area = f"{OUTCOME}{_FIRST}:{OUTCOME}{last}"
        warning = f'AND(${OUTCOME}{_FIRST}="不符",${LEVEL}{_FIRST}<>"{LEVELS["error"]}")'
        sheet.conditions.append(Condition(area, warning, _look_of("数据不足")))
        for outcome in _COLOURS:
            sheet.conditions.append(
                Condition(area, f'"{outcome}"', _look_of(outcome), operator="equal")
            )
        idle = Condition(
            f"A{_FIRST}:{OUTCOME}{last}", f'${OUTCOME}{_FIRST}="不适用"', Look(colour="A6A6A6")
        )
        sheet.conditions.append(idle)
        for verdict, outcome in _VERDICTS.items():
            sheet.conditions.append(Condition("E1:J1", f'$E$1="{verdict}"', _look_of(outcome)))

    @property
    def bottom(self) -> int:
        return max(row for row, _ in self.sheet.cells)


def _look_of(outcome: str) -> Look:
    colour, fill = _COLOURS[outcome]
    return Look(colour=colour, fill=fill)


def checks_page(context: Context, name: str) -> NewSheet:
    """The sheet of a workbook that was read, to be called `name`."""
    return _Page(context, name).fill()
