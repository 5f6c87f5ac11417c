"""Lists of names without codes: a code by its name is shown and confirmed; a name of several codes is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from xltool.entry.importing.layout.block import ENDS, Block, label_of
from xltool.entry.importing.layout.headrows import (
    LOWEST,
    code_of,
    is_economic,
    is_figure,
    is_item,
)
from xltool.entry.importing.questions.answers import AS_ABOVE, BY_NAME, NO_CODE, RIGHT, choices
from xltool.entry.importing.rows.rowcodes import Kinds
from xltool.entry.importing.rows.totals import columns_added
from xltool.entry.importing.taking import Taking
from xltool.entry.importing.vocabulary import ImportWords, Meaning, bare

NAMED = Meaning("code", "名称")
"""A column of names that stand for codes."""
_SHOWN = 6
_BETWEEN = re.compile(r"[/\\>→]|--?")
_ABOVE = (5, 3)
"""Digits of the codes above a code with figures of its own: 款, 类."""
_SPENDING = ("amount", "nature", "fund")
"""Columns of a list of spending: names in it are those of functions."""


def column_of_names(block: Block, words: ImportWords) -> int | None:
    """The column whose names are those of codes, in a block without any; None where there is none."""
    spending = block.of(*_SPENDING)
    for column in block.of("name") if len(block.of("name")) == 1 or spending else ():
        names = [name for _, name in _names(block, column)]
        known = [n for n in names if n not in words.labels and _codes(block, words, n)]
        if by_path := [n for n in known if _of_path(block, n)]:
            return column if 2 * len(by_path) > len(names) else None
        if sum(any(n in alike for alike in words.aliases) for n in known) * 2 > len(known):
            continue  # a list of “三公”
        found = known if spending else [n for n in known if _kind(block, words, [n])]
        if found and (spending or 2 * len(found) > len(names)):
            return column
    return None


def heads_groups(block: Block, column: int) -> bool:
    """Whether codes without figures stand over rows with names alone: 2130305 水利工程建设 over its projects."""
    cells = block.grid.cells
    heads = [row for row in block.rows if not any(c in cells[row] for c in block.of("amount"))]
    codes = [code_of(cells[row].get(column))[0] for row in heads]
    return any(map(is_item, codes))


class NamedCodes:
    """What the names of one list say of codes. What a person said of a name holds in every list."""

    def __init__(self, taking: Taking, block: Block, kinds: dict[int, Kinds]) -> None:
        self.taking, self.block, self.words, self.kinds = taking, block, taking.words, kinds
        self.open: dict[int, tuple[str, list[str]]] = {}
        """Rows without a code: their name, and the codes of this name."""
        self.below = dict(_below(block, kinds, self.words))
        """Rows without a code that may be of the code above them, and the row of that."""
        if taking.said.get(NO_CODE) == AS_ABOVE:
            self._ask_about_parts()
            for row, above in self.below.items():
                kinds[row] = dict(kinds[above])
                taking.note(f"{block.grid.where(row)} 没有编码，照所说的，算作第{above}行的科目")
        named = [c for c, m in block.columns.items() if m == NAMED]
        found: list[tuple[str, str]] = []
        for column in named or block.of("name"):
            found += self._column(column, certain=not named)
        if found:
            ask_about_names(taking, block, found)

    def _ask_about_parts(self) -> None:
        """Rows below that add up to the row above them may be parts of it: to count both would be a guess."""
        block, columns = self.block, columns_added(self.block)
        parts: dict[tuple[int, int], Decimal] = {}
        for row, above in self.below.items():
            for column, number in self.taking.numbers(block, row, columns).items():
                parts[above, column] = parts.get((above, column), Decimal(0)) + number
        for (above, column), total in parts.items():
            if total and self.taking.numbers(block, above, columns).get(column) == total:
                where = block.grid.where(above, column)
                message = f"下面没有编码的几行加起来正好是这一行的{total:f}：是它的分项，还是另外的，看不出来"
                hint = "是分项的，把那几行删去；是另外的，各行写上编码，再导入"
                self.taking.ask(where, message, hint, "contradiction")

    def asks(self, row: int) -> bool:
        """Whether the code of a row is asked for, or whether it is that above it."""
        return row in self.open or row in self.below

    def hint(self, row: int) -> str:
        """How to say the code of a row that has none."""
        name, codes = self.open.get(row, ("", []))
        label = label_of(self.block, row)
        if row in self.below:
            same = f"第{self.below[row]}行的科目的，回答 {NO_CODE}={AS_ABOVE}；"
            return f"{same}不是的，补上科目编码，或删去这一行"
        if label in self.words.labels:
            return f"就是它的，回答 {self._field(label)}；不要的，回答 {label}=不要；支出的行补上科目编码"
        if not name:
            other = f"；不要的，回答 {label}=不要" if label else "，或删去这一行"
            return f"补上科目编码{other}"
        listed = "、".join(self._nearest(codes))
        listed += f"等{len(codes)}个" if len(codes) > _SHOWN else ""
        several = f"这个名称的科目有{listed}；" if codes else ""
        return f"{several}补上科目编码，或回答 {name}=编码；不要的，回答 {name}=不要"

    def answers(self, row: int) -> tuple[str, ...]:
        """What may be answered about the code of a row that has none."""
        name, codes = self.open.get(row, ("", []))
        if row in self.below:
            return choices(NO_CODE)
        if (label := label_of(self.block, row)) in self.words.labels:
            return self._field(label), f"{label}=不要"
        return choices(name or label, *self._nearest(codes), "不要") if name or label else ()

    def _field(self, label: str) -> str:
        return f"{label}={'.'.join(self.words.labels[label])}"

    def _nearest(self, codes: list[str]) -> list[str]:
        """The codes of one name that are likely here, first those of a 款 that the list has."""
        return sorted(codes, key=lambda code: code[:5] not in self._groups)[:_SHOWN]

    @cached_property
    def _groups(self) -> set[str]:
        """The 款 of the codes that the list has, once all of them are found."""
        return {code[:5] for own in self.kinds.values() for code in own.values()}

    def _column(self, column: int, *, certain: bool) -> list[tuple[str, str]]:
        """Enter the codes of the rows of one column; those that only the name says, by name."""
        rows = [(r, name) for r, name in _names(self.block, column) if not self.kinds.get(r)]
        kind = _kind(self.block, self.words, [name for _, name in rows])
        found: list[tuple[str, str]] = []
        above = ""
        for row, name in rows:
            path = _of_path(self.block, name)
            known = path or self.block.topic.codes.get(name, ())
            alike = [c for c in known if not kind or is_economic(c) == (kind == "经济")]
            below = _under(above, alike)
            by_place = len(alike) > 1 and len(below) == 1 and (name, below[0]) not in found
            said = "" if by_place else self.words.codes.get(name, "")
            code = said or (below[0] if by_place or len(alike) == 1 else "")
            if not code or (certain and not said):
                self.open[row] = name, alike
                continue
            self.kinds[row] = {"经济" if is_economic(code) else "功能": code}
            above = code if len(code) < LOWEST["功能"] else above
            if not said and not path:
                found.append((name, code))
        return found


def ask_about_names(taking: Taking, block: Block, found: list[tuple[str, str]]) -> None:
    """Have a person confirm the codes that only names say, unless names above them leave no doubt."""
    where = block.grid.where(block.head)
    listed = "、".join(f"{name} {code}" for name, code in dict.fromkeys(found))
    if _outlined(found):
        taking.note(f"{where} 没有科目编码，按上下级的名称：{listed}")
        return
    if taking.said.get(BY_NAME) == RIGHT:
        taking.note(f"{where} 没有科目编码，照所说的，按名称：{listed}")
        return
    message = f"没有科目编码列，按名称找到的科目是：{listed}"
    hint = f"对的，回答 {BY_NAME}={RIGHT}；有不对的，回答 名称=编码，或补一列科目编码"
    told, answers = (id(block), BY_NAME), choices(BY_NAME)
    taking.ask(where, message, hint, "missing-value", told, answers)


def _outlined(found: list[tuple[str, str]]) -> bool:
    """Whether every 项 stands under its 款 and 类: three names that agree leave no doubt; sums are compared."""
    codes = {code for _, code in found}
    lowest = [code for code in codes if len(code) == LOWEST["功能"]]
    whole = all({code[:digits] for digits in _ABOVE} <= codes for code in lowest)
    return bool(lowest) and whole and not any(map(is_economic, codes))


def _below(block: Block, kinds: dict[int, Kinds], words: ImportWords) -> Iterator[tuple[int, int]]:
    """Rows without code or name below a row of figures, and rows with a name below a code that has no figures."""
    above = 0
    amounts = block.of("amount", "single", "month")
    for row in block.rows:
        label = label_of(block, row)
        cells = block.grid.cells[row]
        if kinds.get(row):
            above = row if any(len(c) in LOWEST.values() for c in kinds[row].values()) else 0
            headed = not any(c in cells for c in amounts)
        elif label in words.subtotals or label.endswith(ENDS):
            above = 0
        elif above and any(c in cells for c in amounts):
            named = any(c in cells for c in block.of("name", "code"))
            if headed if named else bool(block.of("nature", "fund")):
                yield row, above


def _names(block: Block, column: int) -> Iterator[tuple[int, str]]:
    """The names in a column and their rows, totals aside."""
    for row in block.rows:
        value = block.grid.cells[row].get(column)
        if isinstance(value, str) and not is_figure(value):
            name = bare(value)
            if name and not name.endswith(ENDS):
                yield row, name


def _codes(block: Block, words: ImportWords, name: str) -> list[str]:
    said = words.codes.get(name)
    return [said] if said else [*(_of_path(block, name) or block.topic.codes.get(name, ()))]


def _of_path(block: Block, name: str) -> tuple[str, ...]:
    """The one code that has the names of a path above it: 农林水支出/林业和草原/行政运行; none where several have."""
    *above, last = _BETWEEN.split(name)
    known = block.topic.codes
    if not above or len(above) > len(_ABOVE):
        return ()
    found = known.get(last, ())
    for part, digits in zip(reversed(above), _ABOVE, strict=False):
        found = tuple(code for code in found if code[:digits] in known.get(part, ()))
    return found if len(found) == 1 else ()


def _kind(block: Block, words: ImportWords, names: list[str]) -> str:
    """功能 or 经济: of which classification most of these names have codes with figures of their own."""
    counts = {
        kind: sum(
            any(
                is_economic(c) == (kind == "经济") and len(c) == digits
                for c in _codes(block, words, n)
            )
            for n in names
        )
        for kind, digits in LOWEST.items()
    }
    if counts["功能"] == counts["经济"]:
        return "功能" if block.of(*_SPENDING) and counts["功能"] else ""
    return max(counts, key=lambda kind: counts[kind])


def _under(above: str, codes: list[str]) -> list[str]:
    """Of several codes of one name, the one below the 款 or 类 that stands above the row."""
    for beginning in (above[:5], above[:3]) if above and len(codes) > 1 else ():
        below = [code for code in codes if code.startswith(beginning) and code != above]
        if len(below) == 1:
            return below
    return codes
