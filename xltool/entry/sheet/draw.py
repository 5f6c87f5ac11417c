"""A 填数表 as a workbook: what is typed is unlocked and yellow; totals and relations are worked out beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal

import xlsxwriter

from xltool.core.model import NUMERIC, Report
from xltool.core.problems import raise_if
from xltool.entry.assumptions import assumptions
from xltool.entry.sheet import keys
from xltool.entry.sheet.content import Content, homeless
from xltool.entry.sheet.layout import EntryCell, EntryLayout, Fields, LiveRelation, TextRows, titled
from xltool.entry.sheet.rows import Blocks, fixed
from xltool.entry.sheet.style import set_up

_HOW = (
    "只填黄色的格子：空着是空白，没有发生的数填 0。灰色的是算出来的，红色的对不上。"
    "填好保存，再运行 xltool fill 填数表.xlsx -o 报表.xlsx，或放到本机页面上。"
)


def draw(plan: EntryLayout, prior: Report | None = None, given: Report | None = None) -> bytes:
    """The workbook (.xlsx). `prior`: last year's report: its rows and names are kept, its figures stand beside.

    `given`: figures that are typed in already. Raises `InputError` for those that have no cell.
    """
    if given is not None:
        raise_if(homeless(plan, given))
    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(data, options) as book:
        _Drawing(book, plan, Content(plan.edition, prior, given)).run()
    return data.getvalue()


class _Drawing(Blocks):
    def run(self) -> None:
        """Draw everything, the checks last: they point at what stands below them."""
        self._title()
        self._heads()
        checks_at = self._room_for_checks()
        for block in self.plan.lists:
            self.listed(block)
        for part in self.plan.fields:
            self._fields(part)
        for texts in self.plan.texts:
            self._texts(texts)
        self._checks(checks_at)
        self._code_lists()
        set_up(self.sheet, self.width, next(self.rows))

    # ── the top ──

    def _title(self) -> None:
        edition = self.plan.edition
        row = next(self.rows)
        self.sheet.write_string(row, 0, keys.MARK)
        self.sheet.write_string(row, 1, f"填数表　{edition.name}", self.style.title)
        self.status = next(self.rows)
        row = next(self.rows)
        self.sheet.write_string(row, 1, _HOW, self.style.plain)
        row = next(self.rows)
        self.key(row, keys.HEAD, "版本")
        self.label(row, "版本")
        self.sheet.write_string(row, 3, edition.id, self.style.locked)

    def _heads(self) -> None:
        heads = (self.content.name, self.content.year, self.content.unit)
        for head, value in zip(("单位名称", "年度", "金额单位"), heads, strict=True):
            row = next(self.rows)
            self.key(row, keys.HEAD, head)
            self.label(row, head)
            self.sheet.write(row, 3, value, self.style.text)
            if head == "金额单位":
                self.unit = fixed(row, 3)
                self.sheet.data_validation(row, 3, row, 3, _choice("元", "万元"))
        self.caption("前提（不选就什么也不假定；选了的，填报时逐条列出）")
        for entry in assumptions().values():
            row = next(self.rows)
            self.key(row, keys.ASSUME, entry.name)
            self.label(row, f"{entry.name}：{entry.words}")
            self.sheet.write_blank(row, 3, None, self.style.text)
            self.sheet.data_validation(row, 3, row, 3, _choice("是", "否"))
            self.at[entry.name] = fixed(row, 3)
        if self.plan.statements:
            self.caption("没有数、要写“本表无数据”的表，选“是”")
        for table in self.plan.statements:
            row = next(self.rows)
            self.key(row, keys.STATE, table)
            self.label(row, table)
            stated = self.content.given is not None and table in self.content.given.no_data
            self.sheet.write(row, 3, "是" if stated else None, self.style.text)
            self.sheet.data_validation(row, 3, row, 3, _choice("是"))

    def _room_for_checks(self) -> int:
        if not self.plan.checks:
            return next(self.rows)
        self.caption("对一对（随填随算）")
        row = next(self.rows)
        for column, head in enumerate(("左边", "右边", "左边减右边", "结果"), 3):
            self.sheet.write_string(row, column, head, self.style.head)
        first = next(self.rows)
        for _ in self.plan.checks[1:]:
            next(self.rows)
        return first

    def _checks(self, row: int) -> None:
        first = row
        for check in self.plan.checks:
            self._check(row, check)
            row += 1
        if row > first:
            area = f"$G${first + 1}:$G${row}"
            self.verdicts.append(area)
            self.sheet.conditional_format(area.replace("$", ""), self.style.says_no(area))
        checks = f"$G${first + 1}:$G${max(row, first + 1)}"
        text = self.live.status(self.verdicts, checks, self.unit)
        self.sheet.write_formula(self.status, 1, text, self.style.status, "")
        self.sheet.conditional_format(
            self.status, 1, self.status, 1, self.style.alarm("对不上的有")
        )

    def _check(self, row: int, check: LiveRelation) -> None:
        self.label(row, check.name)
        for column, terms in ((3, check.left), (4, check.right)):
            cells = [self.at[term] for term in terms]
            self.sheet.write_formula(row, column, self.live.total(cells), self.style.sum, "")
        left, right = f"D{row + 1}", f"E{row + 1}"
        self.sheet.write_formula(
            row,
            5,
            self.live.difference(left, right, self.at.get(check.needs, "")),
            self.style.sum,
            "",
        )
        when = self.at.get(check.when, "")
        verdict = self.live.verdict(f"F{row + 1}", most=check.most, when=when)
        self.sheet.write_formula(row, 6, verdict, self.style.says, "")

    # ── single figures ──

    def _fields(self, part: Fields) -> None:
        self.caption(part.title)
        for cell in part.cells:
            row = next(self.rows)
            self.key(row, keys.FIELD, cell.address)
            self.label(row, _words(cell, part.title))
            style = self.style.amount if cell.kind in NUMERIC else self.style.text
            value = self.content.field(cell)
            typed = float(value) if isinstance(value, Decimal) else value
            self.sheet.write(row, 3, typed, style)
            if cell.kind in NUMERIC:
                self.numbers(row, 3, row, 3)
            self.at[cell.address] = fixed(row, 3)
            table = self.content.last(cell.table) if cell.copy == 1 else None
            if table is not None and cell.path in table.fields:
                self.sheet.write_string(row, 4, "上年", self.style.plain)
                self.write(row, 5, table.fields[cell.path])

    def _texts(self, block: TextRows) -> None:
        copies = max(b.copy for b in self.plan.texts if b.table == block.table)
        self.caption(f"{titled(block.table, block.copy, copies)}：{block.list}")
        key_row, head_row = next(self.rows), next(self.rows)
        self.key(key_row, keys.COLUMNS, "序号")
        self.sheet.set_row(key_row, None, None, {"hidden": True})
        for column, (name, _) in enumerate(block.columns, 1):
            self.sheet.write_string(
                key_row, column, keys.of_copy(f"{block.table}.{block.list}.{name}", block.copy)
            )
            self.sheet.write_string(head_row, column, name, self.style.head)
        for _ in range(block.rows):
            row = next(self.rows)
            self.key(row, keys.ROW)
            for column, (_, kind) in enumerate(block.columns, 1):
                style = self.style.amount if kind in NUMERIC else self.style.text
                self.sheet.write_blank(row, column, None, style)

    def _code_lists(self) -> None:
        """The 科目 to choose from, on a sheet of their own that is hidden."""
        for row, (code, path, shown) in enumerate(self._functional()):
            self.codes.write_row(row, 0, (code, path, shown))
        self.codes.hide()

    def _functional(self) -> Iterator[tuple[str, str, str]]:
        codes = next((b.codes for b in self.plan.lists if not b.fixed), None)
        for code in codes or ():
            assert codes is not None
            names = [codes.name(c) or "" for c in (*codes.ancestors(code), code)]
            if len(code) == codes.levels[-1]:
                yield code, "—".join(names), f"{code} {names[-1]}"


def _words(cell: EntryCell, title: str) -> str:
    """A single figure by its row and column, with its table where the title does not say it."""
    words = "·".join(cell.path)
    return words if title.startswith(cell.table) else f"{cell.address.split('.')[0]} {words}"


def _choice(*values: str) -> dict[str, object]:
    return {"validate": "list", "source": list(values)}
