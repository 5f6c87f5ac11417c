"""A 填数表 as a workbook: what is typed is unlocked and yellow; totals and relations are worked out beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import count, zip_longest

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xltool.core.model import CODE, NAME, NUMERIC, Report, Row, Value
from xltool.core.problems import raise_if
from xltool.entry.assumptions import assumptions
from xltool.entry.sheet import keys
from xltool.entry.sheet.content import Content, homeless
from xltool.entry.sheet.formulas import CODE_CHOICE, NUMBERS, Live
from xltool.entry.sheet.layout import Cell, Check, Fields, Group, Layout, Listed, Texts
from xltool.entry.sheet.style import Styles, set_up

_SPARE = 10
"""So many rows are left open below those of last year."""
_HOW = (
    "只填黄色的格子：空着是空白，没有发生的数填 0。灰色的是算出来的，红色的对不上。"
    "填好保存，再运行 xltool fill 填数表.xlsx -o 报表.xlsx，或放到本机页面上。"
)


def draw(plan: Layout, prior: Report | None = None, given: Report | None = None) -> bytes:
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


class _Drawing:
    def __init__(self, book: xlsxwriter.Workbook, plan: Layout, content: Content) -> None:
        self.plan, self.content = plan, content
        self.sheet = book.add_worksheet(keys.SHEET)
        self.codes = book.add_worksheet(keys.CODES)
        self.style = Styles(book)
        self.live = Live()
        self.rows = count(0)
        self.at: dict[str, str] = {}
        """Where what a check asks for stands: totals of columns and groups, single figures, assumptions."""
        self.unit = ""
        self.verdicts: list[str] = []
        """Ranges of cells that say what is wrong; blank where nothing is."""
        self.width = keys.FIRST + max((sum(map(_columns, b.groups)) for b in plan.lists), default=3)

    def run(self) -> None:
        """Draw everything, the checks last: they point at what stands below them."""
        self._title()
        self._heads()
        checks_at = self._room_for_checks()
        for block in self.plan.lists:
            self._list(block)
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
        self._key(row, keys.HEAD, "版本")
        self._label(row, "版本")
        self.sheet.write_string(row, 3, edition.id, self.style.locked)

    def _heads(self) -> None:
        heads = (self.content.name, self.content.year, self.content.unit)
        for head, value in zip(("单位名称", "年度", "金额单位"), heads, strict=True):
            row = next(self.rows)
            self._key(row, keys.HEAD, head)
            self._label(row, head)
            self.sheet.write(row, 3, value, self.style.text)
            if head == "金额单位":
                self.unit = _fixed(row, 3)
                self.sheet.data_validation(row, 3, row, 3, _choice("元", "万元"))
        self._caption("前提（不选就什么也不假定；选了的，填报时逐条列出）")
        for entry in assumptions().values():
            row = next(self.rows)
            self._key(row, keys.ASSUME, entry.name)
            self._label(row, f"{entry.name}：{entry.words}")
            self.sheet.write_blank(row, 3, None, self.style.text)
            self.sheet.data_validation(row, 3, row, 3, _choice("是", "否"))
            self.at[entry.name] = _fixed(row, 3)
        if self.plan.statements:
            self._caption("没有数、要写“本表无数据”的表，选“是”")
        for table in self.plan.statements:
            row = next(self.rows)
            self._key(row, keys.STATE, table)
            self._label(row, table)
            stated = self.content.given is not None and table in self.content.given.no_data
            self.sheet.write(row, 3, "是" if stated else None, self.style.text)
            self.sheet.data_validation(row, 3, row, 3, _choice("是"))

    def _room_for_checks(self) -> int:
        if not self.plan.checks:
            return next(self.rows)
        self._caption("对一对（随填随算）")
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

    def _check(self, row: int, check: Check) -> None:
        self._label(row, check.name)
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

    # ── rows of 科目 ──

    def _list(self, block: Listed) -> None:
        self._caption(block.title)
        last = self.content.rows(block)
        rows = max(block.rows, len(last) + _SPARE) if not block.fixed else block.rows
        key_row, group_row, head_row, total_row = (next(self.rows) for _ in range(4))
        first = next(self.rows)
        for _ in range(rows - 1):
            next(self.rows)
        self._key(key_row, keys.COLUMNS, "科目")
        self.sheet.set_row(key_row, None, None, {"hidden": True})
        self.sheet.write_string(key_row, 1, CODE)
        self.sheet.write_string(head_row, 1, "科目", self.style.head)
        self.sheet.write_string(head_row, 2, "名称", self.style.head)
        self.sheet.write_string(total_row, 2, "合计", self.style.head)
        area = range(first, first + rows)
        listed = [*block.fixed] or [str(row.get(CODE, "")) for row in last]
        column, typed = 3, []
        where: dict[str, int] = {}
        for group in block.groups:
            typed.append((column, column + len(group.columns) - 1))
            where |= {f"{group.short}.{name}": column + n for n, name in enumerate(group.columns)}
            self._group(group, column, (key_row, group_row, head_row, total_row), area, listed)
            column += _columns(group)
        self.sheet.write_string(head_row, column, "要改的", self.style.head)
        for n, row in enumerate(area):
            self._key(row, keys.ROW)
            self._code(row, block, listed[n] if n < len(listed) else "", last)
            says = self.live.row_says(row, area, typed, where, block, self.unit)
            self.sheet.write_formula(row, column, says, self.style.says, "")
        name = xl_col_to_name(column)
        verdict = f"${name}${first + 1}:${name}${first + rows}"
        self.verdicts.append(verdict)
        self.sheet.conditional_format(
            first, 1, first + rows - 1, column, self.style.wrong(name, first)
        )
        if self.content.prior is not None:
            self._beside(
                block,
                column + 2,
                (key_row, group_row, head_row),
                list(zip(area, listed, strict=False)),
            )

    def _group(
        self, group: Group, left: int, heads: tuple[int, int, int, int], area: range,
        listed: Sequence[str],
    ) -> None:  # fmt: skip
        key_row, group_row, head_row, total_row = heads
        right = left + len(group.columns) - 1
        if right > left or group.total:
            end = right + bool(group.total)
            self.sheet.merge_range(group_row, left, group_row, end, group.title, self.style.head)
        else:
            self.sheet.write_string(group_row, left, group.title, self.style.head)
        spec = self.plan.edition.specs[group.table].lists[group.list]
        for column, name in enumerate(group.columns, left):
            self.sheet.write_string(key_row, column, f"{group.short}.{group.list}.{name}")
            self.sheet.write_string(head_row, column, name, self.style.head)
            typing = self.style.amount if spec.columns[name] in NUMERIC else self.style.text
            for row, code in zip_longest(area, listed, fillvalue=""):
                value = self.content.cell(group.table, group.list, str(code), name)
                given = float(value) if isinstance(value, Decimal) else None
                self.sheet.write(int(row), column, given, typing)
            self._numbers(area[0], column, area[-1], column)
            self.at[f"{group.short}.{name}"] = self._column_total(total_row, column, area)
        if group.total:
            self.sheet.write_string(head_row, right + 1, group.total, self.style.head)
            for row in area:
                cells = f"{xl_rowcol_to_cell(row, left)}:{xl_rowcol_to_cell(row, right)}"
                formula = self.live.total([cells])
                self.sheet.write_formula(row, right + 1, formula, self.style.sum, "")
            self.at[group.short] = self._column_total(total_row, right + 1, area)

    def _column_total(self, total_row: int, column: int, area: range) -> str:
        cells = f"{xl_rowcol_to_cell(area[0], column)}:{xl_rowcol_to_cell(area[-1], column)}"
        formula = self.live.total([cells])
        self.sheet.write_formula(total_row, column, formula, self.style.sum, "")
        return _fixed(total_row, column)

    def _code(self, row: int, block: Listed, code: str, last: Sequence[Row]) -> None:
        if block.fixed:
            self.sheet.write_string(row, 1, code, self.style.locked)
            self.sheet.write_string(row, 2, block.codes.name(code) or "", self.style.locked)
            return
        own = next((str(r[NAME]) for r in last if r.get(CODE) == code and r.get(NAME)), "")
        text = f"{code} {block.codes.name(code) or own}".strip()
        self.sheet.write(row, 1, text or None, self.style.text)
        self.sheet.write_formula(row, 2, self.live.name(row), self.style.locked, "")
        self.sheet.data_validation(row, 1, row, 1, CODE_CHOICE)

    def _beside(
        self, block: Listed, column: int, heads: tuple[int, int, int],
        placed: list[tuple[int, str]],
    ) -> None:  # fmt: skip
        """Last year's figures to the right, for comparison."""
        assert self.content.prior is not None
        unit = self.content.prior.unit or "元"
        for group in block.groups:
            title = f"上年{group.title}（{unit}）"
            self.sheet.write_string(heads[1], column, title, self.style.plain)
            table = self.content.last(group.table)
            rows = table.lists.get(group.list, []) if table is not None else []
            by_code = {str(row.get(CODE)): row for row in rows}
            for name in group.columns:
                self.sheet.write_string(heads[0], column, keys.LAST)
                self.sheet.write_string(heads[2], column, f"上年{name}", self.style.head)
                for at, code in placed:
                    self._write(at, column, by_code.get(code, {}).get(name))
                column += 1

    # ── single figures ──

    def _fields(self, part: Fields) -> None:
        self._caption(part.title)
        for cell in part.cells:
            row = next(self.rows)
            self._key(row, keys.FIELD, cell.address)
            self._label(row, _words(cell, part.title))
            style = self.style.amount if cell.kind in NUMERIC else self.style.text
            value = self.content.field(cell)
            typed = float(value) if isinstance(value, Decimal) else value
            self.sheet.write(row, 3, typed, style)
            if cell.kind in NUMERIC:
                self._numbers(row, 3, row, 3)
            self.at[cell.address] = _fixed(row, 3)
            table = self.content.last(cell.table)
            if table is not None and cell.path in table.fields:
                self.sheet.write_string(row, 4, "上年", self.style.plain)
                self._write(row, 5, table.fields[cell.path])

    def _texts(self, block: Texts) -> None:
        self._caption(f"{block.table}：{block.list}")
        key_row, head_row = next(self.rows), next(self.rows)
        self._key(key_row, keys.COLUMNS, "序号")
        self.sheet.set_row(key_row, None, None, {"hidden": True})
        for column, (name, _) in enumerate(block.columns, 1):
            self.sheet.write_string(key_row, column, f"{block.table}.{block.list}.{name}")
            self.sheet.write_string(head_row, column, name, self.style.head)
        for _ in range(block.rows):
            row = next(self.rows)
            self._key(row, keys.ROW)
            for column, (_, kind) in enumerate(block.columns, 1):
                style = self.style.amount if kind in NUMERIC else self.style.text
                self.sheet.write_blank(row, column, None, style)

    # ── small things ──

    def _key(self, row: int, kind: str, what: str = "") -> None:
        self.sheet.write_string(row, 0, keys.key(kind, what))

    def _caption(self, text: str) -> None:
        next(self.rows)
        self.sheet.write_string(next(self.rows), 1, text, self.style.caption)

    def _label(self, row: int, text: str) -> None:
        self.sheet.merge_range(row, 1, row, 2, text, self.style.label)

    def _write(self, row: int, column: int, value: Value | None) -> None:
        if isinstance(value, Decimal):
            self.sheet.write_number(row, column, float(value), self.style.last)
        elif value is not None:
            self.sheet.write_string(row, column, str(value), self.style.last)

    def _numbers(self, top: int, left: int, bottom: int, right: int) -> None:
        self.sheet.data_validation(top, left, bottom, right, NUMBERS)

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


def _fixed(row: int, column: int) -> str:
    """$D$5, from row and column that count from 0."""
    return str(xl_rowcol_to_cell(row, column, True, True))


def _columns(group: Group) -> int:
    return len(group.columns) + bool(group.total)


def _words(cell: Cell, title: str) -> str:
    """A single figure by its row and column, with its table where the title does not say it."""
    words = "·".join(cell.path)
    return words if cell.table == title else f"{cell.address.split('.')[0]} {words}"


def _choice(*values: str) -> dict[str, object]:
    return {"validate": "list", "source": list(values)}
