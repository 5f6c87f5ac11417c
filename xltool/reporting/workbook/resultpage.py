"""The sheet 校验结果 of the annotated copy, as a description for the workbook package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from xltool.checks import Validation
from xltool.checks.explanations import LEFT, MESSAGE, RIGHT, RULE, TEXT, WHERE
from xltool.checks.findings import Verdict
from xltool.core.amounts import money
from xltool.mapping.ownsheets import marker, owner
from xltool.ooxml import Link, Look, NewSheet, PrintSetup, RowHeight, column_letter
from xltool.ooxml.edit.measure import lines, width
from xltool.reporting.summary import summary
from xltool.reporting.workbook.cellmarks import MEANINGS
from xltool.reporting.workbook.resultlines import ResultLine, RuleRow, finding_lines, rule_rows

HEADS = (
    ("序号", 6.5),
    ("结论", 9),
    (RULE, 8),
    ("规则名称", 13),
    ("表", 14),
    (WHERE, 18),
    ("单元格", 14),
    (MESSAGE, 32),
    ("现为", 11),
    ("改为", 11),
    (LEFT, 11),
    (RIGHT, 11),
    ("差额", 9),
    ("容差", 6),
    ("提示", 22),
    (TEXT, 18),
)
"""The columns of the findings with their widths in characters."""

LEDGER = (
    ("序号", 1, 1),
    ("结论", 2, 2),
    ("规则", 3, 3),
    ("名称", 4, 6),
    ("审核数", 7, 7),
    ("各处结论，原因", 8, 14),
    ("级别", 15, 15),
)
"""The columns of the ledger (name, first, last), in keeping with the head that is printed on top."""

_FIGURES = (9, 14)
"""The first and last of the columns with figures."""

HEAD_ROW = 6
"""Table titles are looked for above and in this row: so no name of a table may stand there."""

_LAST = column_letter(len(HEADS))
_GREY, _RULE = "808080", "BFBFBF"
_AMOUNT = "#,##0.00####"
_LINE, _RIM, _TALLEST = 14.2, 4, 400
_FINER = 1.03
"""Texts of 10 points need a tenth less room than the 11 that widths are counted in; most of it is spared."""
_VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    "合格": ("375623", "E2EFDA"),
    "不合格": ("9C0006", "FFD9D9"),
    "未完成审核": ("7F6000", "FFF2B3"),
}
_WORDS = {
    "不符": ("9C0006", "FFD9D9"),
    "待确认": ("9C0006", "FFD9D9"),
    "需核实": ("7F6000", "FFF2B3"),
    "提示": ("1F4E79", "DDEBF7"),
    "已说明": ("375623", "E2EFDA"),
    "通过": ("375623", "E2EFDA"),
}
_EXPLAINED = ("待确认", "需核实", "已说明")
_HELP = (
    "点“单元格”到那一格，点各表的标题回到这里。改完后重新校验。"
    f"待确认、需核实的事项，在“{TEXT}”栏写明原因后保存，下次校验时一并读入（--explanations 本文件）。"
    "标记、批注和本表用 xltool clean 清除。"
)


def _looks() -> dict[str, Look]:
    plain = Look(size=10, border=_RULE, wrap=True, vertical="top")
    centred = replace(plain, horizontal="center")
    looks = {
        "text": plain,
        "centre": centred,
        "amount": replace(plain, number_format=_AMOUNT, horizontal="right", wrap=False, indent=1),
        "count": replace(centred, number_format="0"),
        "odd group": replace(centred, fill="D9E1F2"),
        "even group": replace(centred, fill="EDEDED"),
        "link": replace(plain, colour="0563C1", underline=True),
        "free": replace(plain, locked=False),
        "wanted": replace(plain, fill="FFFFE0", locked=False),
        "head": replace(centred, bold=True, fill="D9E1F2", border=_GREY, vertical="center"),
        "line": Look(size=10, wrap=True),
        "section": Look(size=12, bold=True),
    }
    for word, (colour, fill) in _WORDS.items():
        looks[word] = replace(centred, colour=colour, fill=fill, bold=word == "不符")
    for verdict, (colour, fill) in _VERDICTS.items():
        looks[f"verdict {verdict}"] = Look(size=16, bold=True, colour=colour, fill=fill)
    for meaning, text in MEANINGS.items():
        looks[f"legend {text}"] = replace(meaning, size=10, horizontal="center")
    return looks


class _Page:
    """Fills the sheet from top to bottom."""

    def __init__(self, validation: Validation, opening: str) -> None:
        self.validation = validation
        self.sheet = NewSheet(looks=_looks(), names=marker(opening), gridlines=False)
        self.sheet.protected = True
        self.row = 0
        self.odd = False
        self.first_lines: dict[str, int] = {}

    def put(self, column: int, content: str | Decimal | int | None, look: str) -> str:
        ref = f"{column_letter(column)}{self.row}"
        self.sheet.put(ref, content, look)
        return ref

    def across(self, text: str, look: str, height: float) -> None:
        """A row of one text over all columns."""
        self.row += 1
        for column in range(1, len(HEADS) + 1):
            self.put(column, text if column == 1 else None, look)
        self.sheet.merges.append(f"A{self.row}:{_LAST}{self.row}")
        self.sheet.heights[self.row] = RowHeight(height, fixed=True)

    def head(self) -> None:
        """Verdict, whose report, summary, what the colours mean."""
        verdict = self.validation.verdict
        self.across(f"校验结果：{verdict}", f"verdict {verdict}", 30)
        self.across(owner(self.validation.reading.report), "line", 18)
        room = sum(size for _, size in HEADS)
        for text in (f"{summary(self.validation)}。", _HELP):
            self.across(text, "line", _LINE * lines(text, room) + _RIM)
        self.row += 1
        spans = ((1, 3), (4, 4), (5, 5), (6, 6))
        for (first, last), text in zip(spans, MEANINGS.values(), strict=True):
            for column in range(first, last + 1):
                self.put(column, text if column == first else None, f"legend {text}")
            if last > first:
                merge = f"{column_letter(first)}{self.row}:{column_letter(last)}{self.row}"
                self.sheet.merges.append(merge)
        self.sheet.heights[self.row] = RowHeight(18, fixed=True)

    def findings(self, found: Sequence[ResultLine]) -> None:
        """The table of findings."""
        self.row += 1
        for column, (name, _) in enumerate(HEADS, 1):
            self.put(column, name, "head")
        self.sheet.heights[self.row] = RowHeight(22, fixed=True)
        for line in found:
            self.row += 1
            self.finding(line)
        self.sheet.filtered = f"A{HEAD_ROW}:{_LAST}{max(self.row, HEAD_ROW + 1)}"
        if not found:
            self.across("没有发现问题。", "line", 18)

    def finding(self, line: ResultLine) -> None:
        """One line, its cell with a link."""
        contents = (
            (line.number, self.group_look(line)),
            (line.word, line.word if line.word in _WORDS else "centre"),
            (line.rule, "text"),
            (line.name, "text"),
            (line.table, "text"),
            (line.where, "text"),
            (line.cell or None, "link" if line.target else "text"),
            (line.message, "text"),
            *((v, "amount") for v in line.figures),
            (line.hint or None, "text"),
            (line.explanation or None, "wanted" if line.word in _EXPLAINED else "free"),
        )
        for column, (content, look) in enumerate(contents, 1):
            wraps = look == "amount" and isinstance(content, str)
            self.put(column, content, "text" if wraps else look)
        self.fit([content for content, _ in contents])
        if line.target:
            sheet, ref = line.target
            self.sheet.links[f"G{self.row}"] = Link(sheet, ref, f"到 {sheet} {ref}")
            self.first_lines.setdefault(sheet, self.row)

    def group_look(self, line: ResultLine) -> str:
        """Lines of one cause have their numbers on one ground, unlike that of the next cause."""
        if not line.grouped:
            return "centre"
        self.odd = self.odd != line.first
        return "odd group" if self.odd else "even group"

    def fit(self, contents: Iterable[str | Decimal | int | None]) -> None:
        """A height at which the texts of the row can be read; it follows when they change."""
        need = max(
            lines(content, size * _FINER)
            for content, (_, size) in zip(contents, HEADS, strict=True)
            if isinstance(content, str)
        )
        self.sheet.heights[self.row] = RowHeight(min(_LINE * need + _RIM, _TALLEST))

    def ledger(self, rows: Sequence[RuleRow]) -> None:
        """The table of rules."""
        self.row += 1
        ledger = self.validation.ledger
        counts = f"共{len(rows)}条，其中适用{ledger.applicable}条，审核了{ledger.audited}条"
        self.across(f"规则审核情况：{counts}", "section", 26)
        self.row += 1
        self.spanned([(name, "head") for name, _, _ in LEDGER])
        for number, row in enumerate(rows, 1):
            self.row += 1
            remarks = "；".join(filter(None, (row.counts, row.reason)))
            self.spanned(
                [
                    (number, "centre"),
                    (row.word, _look_of(row)),
                    (row.rule, "text"),
                    (row.name, "text"),
                    (row.evaluated, "count"),
                    (remarks or None, "text"),
                    (row.level, "text"),
                ]
            )

    def spanned(self, contents: Sequence[tuple[str | int | None, str]]) -> None:
        """A row of the ledger, its wide columns merged."""
        need = 1
        for (content, look), (_, first, last) in zip(contents, LEDGER, strict=True):
            for column in range(first, last + 1):
                self.put(column, content if column == first else None, look)
            if last > first:
                area = f"{column_letter(first)}{self.row}:{column_letter(last)}{self.row}"
                self.sheet.merges.append(area)
            if isinstance(content, str):
                room = sum(size for _, size in HEADS[first - 1 : last])
                need = max(need, lines(content, room * _FINER))
        self.sheet.heights[self.row] = RowHeight(_LINE * need + _RIM, fixed=True)


def _look_of(row: RuleRow) -> str:
    """A rule that is broken looks as grave as it is."""
    if row.word == "不符" and row.level in _WORDS:
        return row.level
    return row.word if row.word in _WORDS else "centre"


def result_page(
    validation: Validation, explanations: Mapping[int, str], opening: str
) -> tuple[NewSheet, dict[str, int]]:
    """The sheet, and of each sheet of the workbook the row of its first finding.

    `explanations` are 说明 to show by position in the findings; `opening` is kept for `clean`.
    """
    found = list(finding_lines(validation, explanations))
    page = _Page(validation, opening)
    page.head()
    page.findings(found)
    page.ledger(rule_rows(validation))
    sheet = page.sheet
    sheet.widths = {
        column_letter(n): max(size, _needed(n, found)) for n, (_, size) in enumerate(HEADS, 1)
    }
    sheet.frozen = f"A{HEAD_ROW + 1}"
    sheet.tab_colour = "C00000"
    sheet.printing = PrintSetup(repeat=(HEAD_ROW, HEAD_ROW), footer="&L&A　&F&R第 &P 页，共 &N 页")
    return sheet, page.first_lines


def _needed(column: int, found: Sequence[ResultLine]) -> float:
    """The width that the figures of a column need to be shown."""
    if not _FIGURES[0] <= column <= _FIGURES[1]:
        return 0
    values = (line.figures[column - _FIGURES[0]] for line in found)
    return max((width(money(v)) for v in values if isinstance(v, Decimal)), default=0) + 3
