"""The codes of the rows of a list: in one column or three, with the name behind, merged downwards."""

from __future__ import annotations

from xltool.core.codes import CODE_LEVELS
from xltool.documents.grids import Cell
from xltool.entry.importing.layout.block import Block
from xltool.entry.importing.layout.headrows import code_of, codes_in, is_economic, is_functional

_LENGTHS = (3, 5, 7)
"""Digits of a whole code of 类, 款, 项."""
Kinds = dict[str, str]
"""The codes of a row by kind: 功能, 经济."""


def row_codes(block: Block, names: dict[str, str]) -> dict[int, Kinds]:
    """The codes of every row of a block; what they are called there is entered in `names`."""
    reader = _Codes(block, names)
    return {row: reader.kinds(row) for row in block.rows}


def outline(block: Block, kinds: dict[int, Kinds]) -> dict[int, str]:
    """The place of every row in the outline of its list: 2010301, 30101, or 2010301/30101 基本支出; "" without codes.

    Figures by both classifications are compared within one fund and one nature.
    """
    told = block.of("nature", "fund")
    found = {}
    for row, own in kinds.items():
        place = "/".join(code for kind in ("功能", "经济") if (code := own.get(kind)))
        said = [str(block.at(row, column) or "") for column in told] if "/" in place else []
        found[row] = " ".join([place, *filter(None, said)])
    return found


def places_above(place: str) -> list[str]:
    """The places of the rows that may add up a row at this place: 201, 20103; 2010301/301 基本支出."""
    first, _, rest = place.partition("/")
    above = [first[:length] for length in (3, 5) if len(first) > length]
    economic, blank, said = rest.partition(" ")
    return [*above, f"{first}/{economic[:3]}{blank}{said}"] if len(economic) > 3 else above


class _Codes:
    def __init__(self, block: Block, names: dict[str, str]) -> None:
        self.block, self.names = block, names
        self.levels = ["", "", ""]
        self.codes = sorted(block.of("code"))
        self.said = codes_in(" ".join(block.captions)).get("功能", "")
        """The 功能分类 that a line over the heads says of all rows."""

    def kinds(self, row: int) -> Kinds:
        found: Kinds = {}
        for column in self.block.of("code"):
            if self.block.columns[column].target in CODE_LEVELS:
                continue
            code, name = code_of(self.block.at(row, column))
            kind = "经济" if is_economic(code) else "功能" if is_functional(code) else ""
            if code and kind:
                found[kind] = code
                self._named(code, name, row, column)
        if code := self._levelled(row):
            found["功能"] = code
            last = max(c for c in self.codes if self.block.columns[c].target in CODE_LEVELS)
            self._named(code, "", row, last)
        if self.said and found.keys() == {"经济"}:
            found["功能"] = self.said
        return found

    def _named(self, code: str, name: str, row: int, beside: int) -> None:
        """What a code is called: in its own cell, else in the columns of names that follow it before the next code."""
        for column in self.block.of("name"):
            before = [c for c in self.codes if c < column]
            if beside != (before[-1] if before else self.codes[0]):
                continue
            value = self.block.grid.cells[row].get(column)
            if not name and isinstance(value, str):
                name = value.strip()
        if name:
            self.names.setdefault(code, name)

    def _levelled(self, row: int) -> str:
        """A code whose 类, 款, 项 stand in columns of their own, or whole in one of them."""
        columns = {
            meaning.target: column
            for column, meaning in self.block.columns.items()
            if meaning.what == "code" and meaning.target in CODE_LEVELS
        }
        if not columns:
            return ""
        cells = self.block.grid.cells[row]
        texts = [_digits(cells.get(columns.get(level, 0))) for level in CODE_LEVELS]
        if not any(texts):
            return ""
        if len(texts[0]) > 3:
            return texts[0] if is_functional(texts[0]) else ""
        lowest = max(n for n, text in enumerate(texts) if text)
        if lowest and len(texts[lowest]) == _LENGTHS[lowest]:
            return texts[lowest] if is_functional(texts[lowest]) else ""
        for level, text in enumerate(texts):
            if text:
                self.levels[level:] = [text.zfill(2), "", ""][: 3 - level]
        code = "".join(self.levels[: lowest + 1])
        return code if is_functional(code) else ""


def _digits(value: Cell | None) -> str:
    text = "" if value is None else str(value).strip() if isinstance(value, str) else f"{value:f}"
    return text if text.isascii() and text.isdigit() else ""
