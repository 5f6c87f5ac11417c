"""The rows of blocks -> figures with the cells they come from; every row is accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from xltool.core.amounts import UNITS, convert
from xltool.core.problems import Problem
from xltool.entry.importing.blocks import Block, code_of, is_economic, is_functional
from xltool.entry.importing.collected import Collected, ImportSource, RowFate, Target
from xltool.entry.importing.grids import Cell, amount
from xltool.entry.importing.heads import units_in
from xltool.entry.importing.vocabulary import ImportWords, bare


class Collector:
    """Takes the figures of block after block. `unit`: of the document; `units`: what sheets say of themselves."""

    def __init__(
        self, words: ImportWords, unit: str = "", units: Mapping[int, str] | None = None
    ) -> None:
        self.words, self.unit, self.units = words, unit, units or {}
        self.found = Collected()
        self.totals: list[tuple[Block, int, list[int]]] = []
        """Rows with totals, and those that they may add up: compared when all rows are taken."""
        self.asked: set[int] = set()

    def _source(self, block: Block, row: int, column: int, number: Decimal) -> ImportSource:
        """A figure with what it is in the unit of the document."""
        stated = units_in(block.heads.get(column, ""))
        own = stated.pop() if len(stated) == 1 else self.units.get(id(block.grid), self.unit)
        known = own in UNITS and self.unit in UNITS
        amount = convert(number, own, self.unit) if known else number
        return ImportSource(block.grid, row, column, number, amount, block.head)

    def take(self, block: Block) -> None:
        """Take one block."""
        for column, head in block.unknown.items():
            where = block.grid.where(block.head, column)
            hint = "在导入映射里写明是什么（列：），或写进“不要”"
            self.found.problems.append(
                Problem(where, f"不认识列名“{head}”，这一列有数", hint, code="unknown-name")
            )
        self._twins(block)
        rows = [row for row in range(block.head + 1, block.last + 1) if row in block.grid.cells]
        match block.kind:
            case "list":
                self._list(block, rows)
            case "labels":
                self._labels(block, rows)
            case "ledger":
                self._ledger(block, rows)
        while self.totals:
            self._compare(*self.totals.pop())

    def _twins(self, block: Block) -> None:
        """Two columns of one meaning: adding them up would be a guess, taking one too."""
        seen: dict[str, int] = {}
        for column, (what, target) in block.columns.items():
            if what != "amount" and what != "single":
                continue
            if target in seen:
                other = block.grid.where(block.head, seen[target])
                message = f"“{block.heads[column]}”与 {other} 像是同一栏"
                hint = "把列名写全（如“财政拨款基本支出”），或删去一列"
                where = block.grid.where(block.head, column)
                self.found.problems.append(Problem(where, message, hint, code="contradiction"))
            seen.setdefault(target, column)

    # ── lists of codes ──

    def _list(self, block: Block, rows: list[int]) -> None:
        codes = {row: self._codes(block, row) for row in rows}
        own = {kinds.get("功能") or kinds.get("经济") or "" for kinds in codes.values()}
        for row in rows:
            cells, kinds = block.grid.cells[row], codes[row]
            code = kinds.get("功能") or kinds.get("经济") or ""
            if not code:
                self._without_code(block, row, rows)
            elif any(other != code and other.startswith(code) for other in own):
                self._parent(block, row, code, codes)
            else:
                self._row(block, row, cells, kinds)

    def _codes(self, block: Block, row: int) -> dict[str, str]:
        found = {}
        for column in block.of("code"):
            code, name = code_of(block.grid.cells[row].get(column))
            if not code:
                continue
            kind = "经济" if is_economic(code) else "功能" if is_functional(code) else ""
            if kind:
                found[kind] = code
                name = name or self._name(block, row)
                if name:
                    self.found.names.setdefault(code, name)
        return found

    def _name(self, block: Block, row: int) -> str:
        for column in block.of("name"):
            value = block.grid.cells[row].get(column)
            if isinstance(value, str):
                return value.strip()
        return ""

    def _row(self, block: Block, row: int, cells: dict[int, Cell], kinds: dict[str, str]) -> None:
        used = False
        for column, (what, target) in block.columns.items():
            if what not in ("amount", "single") or column not in cells:
                continue
            number = self._amount(block, row, column)
            if number is None:
                continue
            for place in self._targets(what, target, kinds):
                used = True
                self.found.figures[place].append(self._source(block, row, column, number))
            if not used and number:
                where = block.grid.where(row, column)
                message = f"不知道“{block.heads.get(column, '')}”填到哪里"
                hint = "把列名写成基本支出、项目支出、财政拨款收入……，或在导入映射里写明"
                self.found.problems.append(Problem(where, message, hint, code="unknown-name"))
        why = "" if used else "没有数"
        self.found.fates.append(RowFate(block.grid, row, "用了" if used else "没用", why))

    def _targets(self, what: str, target: str, kinds: dict[str, str]) -> Iterator[Target]:
        if what == "amount" and "功能" in kinds:
            table, column = target.split(".")
            yield table, kinds["功能"], column
        if (
            what == "amount"
            and target in ("支出表.基本支出", "一般公共.基本支出")
            and "经济" in kinds
        ):
            yield "基本支出", kinds["经济"], "金额"
        if what == "single" and "经济" in kinds:
            yield "基本支出", kinds["经济"], "金额"

    def _amount(self, block: Block, row: int, column: int) -> Decimal | None:
        value = block.grid.cells[row].get(column)
        if value is None:
            return None
        try:
            return amount(value)
        except ValueError:
            where = block.grid.where(row, column)
            self.found.problems.append(
                Problem(where, f"“{value}”不是数", "改成数，或清空", code="bad-value")
            )
            return None

    def _without_code(self, block: Block, row: int, rows: list[int]) -> None:
        """A total is compared with what it adds up; other rows are left out, and said."""
        label = bare(self._any_text(block, row))
        if label not in self.words.subtotals:
            numbers = any(not isinstance(v, str) for v in block.grid.cells[row].values())
            self.found.fates.append(RowFate(block.grid, row, "没用", "没有科目编码"))
            if numbers:
                where = block.grid.where(row)
                hint = "补上科目编码，或删去这一行"
                self.found.problems.append(
                    Problem(where, "这一行有数，没有科目编码", hint, code="missing-value")
                )
            return
        above = [r for r in rows if r < row]
        self.totals.append((block, row, above or [r for r in rows if r > row]))

    def _any_text(self, block: Block, row: int) -> str:
        texts = [v for v in block.grid.cells[row].values() if isinstance(v, str)]
        return texts[0] if texts else ""

    def _compare(self, block: Block, row: int, above: list[int]) -> None:
        """A subtotal is no row of its own; one that differs from its rows is told."""
        self.found.fates.append(RowFate(block.grid, row, "小计"))
        for column in block.of("amount") + block.of("single"):
            stated = self._amount(block, row, column)
            real = self._sum(block, column, set(above))
            if stated is not None and real is not None and stated != real:
                where = block.grid.where(row, column)
                message = f"合计{stated:f}不等于各行之和{real:f}"
                self.found.problems.append(
                    Problem(where, message, "核对是不是有漏掉的行", code="contradiction")
                )

    def _sum(self, block: Block, column: int, rows: set[int]) -> Decimal | None:
        values = {
            (source.row, source.column): source.value
            for sources in self.found.figures.values()
            for source in sources
            if source.grid is block.grid and source.column == column and source.row in rows
        }
        return sum(values.values(), Decimal(0)) if values else None

    def _parent(self, block: Block, row: int, code: str, codes: dict[int, dict[str, str]]) -> None:
        """A 类 or 款 above rows of the same list: not added again."""
        below = [
            r
            for r, kinds in codes.items()
            if any(c != code and c.startswith(code) for c in kinds.values())
        ]
        self.found.fates.append(RowFate(block.grid, row, "小计", f"{code} 的下级在表里"))
        for column in block.of("amount") + block.of("single"):
            stated = self._amount(block, row, column)
            lowest = [
                amount(block.grid.cells[r][column])
                for r in below
                if column in block.grid.cells[r] and not self._has_children(codes[r], codes)
            ]
            if stated is None or not lowest:
                continue
            real = sum((v for v in lowest if v is not None), Decimal(0))
            if stated != real:
                where = block.grid.where(row, column)
                message = f"{code} 是{stated:f}，下级之和是{real:f}"
                self.found.problems.append(
                    Problem(where, message, "核对是不是有漏掉的行", code="contradiction")
                )

    def _has_children(self, kinds: dict[str, str], codes: dict[int, dict[str, str]]) -> bool:
        own = set(kinds.values())
        return any(
            other not in own and any(other.startswith(code) for code in own)
            for found in codes.values()
            for other in found.values()
        )

    # ── names with amounts ──

    def _labels(self, block: Block, rows: list[int]) -> None:
        name_column, number_column = block.of("name")[0], block.of("single")[0]
        for row in rows:
            label = block.grid.cells[row].get(name_column)
            if not isinstance(label, str):
                self.found.fates.append(RowFate(block.grid, row, "没用", "没有名称"))
                continue
            number = self._amount(block, row, number_column)
            target = self.words.labels.get(bare(label))
            if target is not None and number is not None:
                self.found.figures[target].append(self._source(block, row, number_column, number))
                self.found.fates.append(RowFate(block.grid, row, "用了"))
            elif bare(label) in self.words.subtotals:
                self.totals.append((block, row, [r for r in rows if r < row]))
            else:
                self.found.fates.append(RowFate(block.grid, row, "没用", "不认识这一行"))
                if number:
                    where = block.grid.where(row)
                    hint = "在导入映射里写明（行：），或删去"
                    self.found.problems.append(
                        Problem(where, f"不认识“{label}”，它有数", hint, code="unknown-name")
                    )

    # ── ledgers ──

    def _ledger(self, block: Block, rows: list[int]) -> None:
        accounts = {row: self._account_code(block, row) for row in rows}
        known = set(accounts.values())
        parents = {
            code
            for code in known
            if any(other != code and other.startswith(code) for other in known)
        }
        for row in rows:
            cells = block.grid.cells[row]
            texts = [v for v in cells.values() if isinstance(v, str)]
            if any(bare(text) in self.words.subtotals for text in texts):
                self.found.fates.append(RowFate(block.grid, row, "小计"))
                continue
            if accounts[row] and accounts[row] in parents:
                why = f"{accounts[row]} 的明细科目在表里"
                self.found.fates.append(RowFate(block.grid, row, "小计", why))
                continue
            words = "/".join(texts)
            account = next(
                (a for a in self.words.accounts if any(w in words for w in a["words"])), None
            )
            if account is None:
                self._no_account(block, row)
            else:
                self._account(block, row, account, words)

    def _account_code(self, block: Block, row: int) -> str:
        """The code of the account of a row: digits that are no 科目编码 of the budget."""
        for column in block.of("code"):
            value = block.grid.cells[row].get(column)
            text = f"{value:f}" if isinstance(value, Decimal) else value or ""
            found = re.match(r"\s*(\d{4,})(?:\s|$|[^\d])", f"{text} ")
            if found and not is_functional(found[1]) and not is_economic(found[1]):
                return found[1]
        return ""

    def _no_account(self, block: Block, row: int) -> None:
        """A row of another account: told, and asked about where it has a figure."""
        cells = block.grid.cells[row]
        numbers = [c for c in block.of("side") if isinstance(cells.get(c), Decimal)]
        why = "不是收入、支出科目" if numbers else "没有数"
        self.found.fates.append(RowFate(block.grid, row, "没用", why))
        if any(self._amount(block, row, c) for c in numbers):
            where = block.grid.where(row)
            hint = "不是收入、支出的科目不用导入，删去这一行；是的话在导入映射里写明"
            self.found.problems.append(
                Problem(where, "不知道这个会计科目填到哪里", hint, code="unknown-name")
            )

    def _side(self, block: Block, side: str) -> int | None:
        """The column of the whole year's 借方 or 贷方; where several may be it, it is asked."""
        found = [c for c in block.of("side") if block.columns[c][1] == side]
        whole = [c for c in found if "年" in block.heads[c] or "累计" in block.heads[c]]
        if len(found) > 1 and len(whole) != 1 and block.head not in self.asked:
            self.asked.add(block.head)
            heads = "、".join(block.heads[c] for c in found)
            where = block.grid.where(block.head, found[0])
            message = f"有几列{side}：{heads}，不知道哪一列是全年的"
            hint = "全年的一列写成“本年累计”，别的删去"
            self.found.problems.append(Problem(where, message, hint, code="contradiction"))
        return next(iter(whole or found), None)

    def _account(self, block: Block, row: int, account: dict[str, object], words: str) -> None:
        side = str(account["side"])
        column = self._side(block, side)
        number = self._amount(block, row, column) if column else None
        other = self._side(block, "贷方" if side == "借方" else "借方")
        against = self._amount(block, row, other) if other else None
        if against and against != number and "结转" not in words:
            where = block.grid.where(row, other)
            message = f"{side}是{number or 0:f}，另一方是{against:f}：是冲销还是结转，看不出来"
            hint = "冲销的从发生额里减去，结转的清空，再导入"
            self.found.problems.append(Problem(where, message, hint, code="contradiction"))
        if number is None or column is None:
            why = "没有发生额" if not against else "只有另一方的发生额"
            self.found.fates.append(RowFate(block.grid, row, "没用", why))
            return
        source = self._source(block, row, column, number)
        if isinstance(account.get("to"), list):
            self.found.figures[tuple(account["to"])].append(source)  # type: ignore[arg-type]
            self.found.fates.append(RowFate(block.grid, row, "用了"))
            return
        kinds = self._codes(block, row)
        if "功能" not in kinds:
            self.found.fates.append(RowFate(block.grid, row, "小计", "没有功能分类，当作上级科目"))
            return
        name = str(account["column"])
        self.found.figures["支出表", kinds["功能"], name].append(source)
        fiscal = any(word in words for word in self.words.fiscal)
        if fiscal and name in ("基本支出", "项目支出"):
            self.found.figures["一般公共", kinds["功能"], name].append(source)
            if name == "基本支出" and "经济" in kinds:
                self.found.figures["基本支出", kinds["经济"], "金额"].append(source)
        self.found.fates.append(RowFate(block.grid, row, "用了"))
