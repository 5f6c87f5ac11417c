"""Lists of both classifications: rows of a 功能分类 that add up rows by 经济分类, and rows that lack one of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.entry.importing.layout.block import Block, is_total
from xltool.entry.importing.questions.answers import AS_ABOVE, NO_CODE, choices
from xltool.entry.importing.rows.rowcodes import Kinds
from xltool.entry.importing.rows.totals import columns_added
from xltool.entry.importing.taking import Taking

_ITEM = 7
"""Digits of a 项."""


class BothCodes:
    """The rows of one list. `kinds`: the codes of each row; rows in an outline get those of the row above them."""

    def __init__(self, taking: Taking, block: Block, kinds: dict[int, Kinds]) -> None:
        self.taking, self.block, self.kinds = taking, block, kinds
        self.headed: set[int] = set()
        """Rows of 功能分类 that, in one column of codes, all add up the rows by 经济分类 below them."""
        self._hand_down()
        if taking.said.get(NO_CODE) == AS_ABOVE and len(block.of("code")) > 1:
            self._fill_blanks()
        self.split: dict[tuple[str, ...], list[int]] = {}
        """Rows with both codes, by 功能分类 and what they say of nature and fund; 类 above 款 aside."""
        for row, own in kinds.items():
            if len(own) > 1:
                self.split.setdefault(self._key(row), []).append(row)

    def sums(self) -> set[int]:
        """Rows without 经济分类 that add up rows with both; what may be one of them is asked about."""
        found = set()
        for row, own in self.kinds.items():
            parts = self._parts(row) if own and "经济" not in own else []
            stated, real = self._figures([row]), self._figures(self._lowest(parts))
            shared = {column: number for column, number in stated.items() if real.get(column)}
            if not shared:
                continue
            certain = len(parts) > 1 or row in self.headed or self._says_total(row)
            if certain and all(real.get(c) == number for c, number in stated.items()):
                found.add(row)
                continue
            column, number = next(iter(shared.items()))
            where = self.block.grid.where(row, column)
            message = (
                f"{own['功能']} 这一行没有经济分类，有经济分类的各行之和是{real[column]:f}："
                f"{number:f}是不是它们的合计，看不出来"
            )
            hint = "是合计的，删去这一行；不是的，补上经济分类"
            self.taking.ask(where, message, hint, "contradiction")
        return found

    def _says_total(self, row: int) -> bool:
        """2010301-行政运行 汇总; a project may be called so without being a total."""
        texts = (self.block.at(row, column) for column in self.block.of("code", "name"))
        return any(map(is_total, texts))

    def _parts(self, row: int) -> list[int]:
        """Rows with both codes of the same 功能分类; of all natures and funds where the row says none."""
        function, *said = self._key(row)
        return [
            part
            for (other, *told), parts in self.split.items()
            if other == function and all(not a or a == b for a, b in zip(said, told, strict=True))
            for part in parts
        ]

    def _fill_blanks(self) -> None:
        """功能分类 printed once over the rows of it, as a pivot table has it: as the person says."""
        above: int | None = None
        for row, own in self.kinds.items():
            if "功能" in own:
                above = row
            elif "经济" in own and above is not None and "经济" in self.kinds[above]:
                self.kinds[row] = {**own, "功能": self.kinds[above]["功能"]}
                where = self.block.grid.where(row)
                self.taking.note(f"{where} 没有功能分类，照所说的，算作第{above}行的")

    def ask_about_blanks(self) -> bool:
        """A row without 功能分类 among rows with both belongs to none, or to that above it. Whether there is one."""
        asked = False
        for row, own in self.kinds.items() if self.split else ():
            if "经济" in own and "功能" not in own and self._figures([row]):
                where = self.block.grid.where(row)
                answers = choices(NO_CODE)
                hint = f"与上面一行相同的，回答 {answers[0]}；不同的写上，再导入"
                message = "这一行有数，没有功能分类"
                self.taking.ask(where, message, hint, "missing-value", None, answers)
                asked = True
        return asked

    def _hand_down(self) -> None:
        """In one column of codes, rows by 经济分类 are of the 功能分类 above them where all such sums agree.

        So they are where no row of 功能分类 has a figure: these are the heads of those below them.
        """
        if len(self.block.of("code")) != 1:
            return
        under: dict[int, list[int]] = {}
        above: int | None = None
        for row, own in self.kinds.items():
            if len(own.get("功能", "")) == _ITEM:
                above = row
            elif "功能" in own:
                above = None
            elif "经济" in own:
                under.setdefault(above or 0, []).append(row)
        sums = {row: self._figures(self._lowest(parts)) for row, parts in under.items()}
        headed = 0 not in under and not self._figures(
            [r for r, k in self.kinds.items() if "功能" in k]
        )
        if headed or all(row and self._figures([row]) == sums[row] != {} for row in under):
            if any(len(parts) > 1 for parts in under.values()):
                self.headed = set(under)
            for row, parts in under.items():
                for part in parts:
                    self.kinds[part] = {**self.kinds[part], "功能": self.kinds[row]["功能"]}

    def _lowest(self, rows: list[int]) -> list[int]:
        """Rows that no other of them splits up: 30101, not 301 above it."""
        codes = [self.kinds[row]["经济"] for row in rows]
        above = {code[:3] for code in codes if len(code) > 3}
        return [row for row, code in zip(rows, codes, strict=True) if code not in above]

    def _figures(self, rows: list[int]) -> Mapping[int, Decimal]:
        """The sums of the columns of figures, those that are not zero."""
        found: dict[int, Decimal] = {}
        for row in rows:
            shown = self.taking.numbers(self.block, row, columns_added(self.block))
            for column, number in shown.items():
                found[column] = found.get(column, Decimal(0)) + number
        return {column: number for column, number in found.items() if number}

    def _key(self, row: int) -> tuple[str, ...]:
        told = self.block.of("nature", "fund")
        return self.kinds[row].get("功能", ""), *(str(self.block.at(row, c) or "") for c in told)
