"""Formulas of .xls files: from the expression bytes of BIFF8 to the text that Excel shows.

An expression is stored in reverse Polish notation, as tokens (MS-XLS 2.5.198). A token that is not known here
raises `UnreadableFormulaError`: a formula is told whole or not at all. White space is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from struct import error as damaged
from struct import unpack_from
from typing import NamedTuple, Protocol

from xlrd.biffh import error_text_from_code  # type: ignore[import-untyped]
from xlrd.formula import func_defs  # type: ignore[import-untyped]

from xltool.ooxml.read.formula import REF_ERROR
from xltool.ooxml.read.refs import column_letter
from xltool.ooxml.read.xls.ptgconstants import (
    UnreadableFormulaError,
    array,
    characters,
    number,
    quoted,
    truth,
)

ROWS, COLUMNS = 65_536, 256
"""The size of a sheet of an .xls file."""

_RELATIVE_COLUMN, _RELATIVE_ROW = 0x4000, 0x8000
_BINARY = {
    0x03: ("+", 3),
    0x04: ("-", 3),
    0x05: ("*", 4),
    0x06: ("/", 4),
    0x07: ("^", 5),
    0x08: ("&", 2),
    0x09: ("<", 1),
    0x0A: ("<=", 1),
    0x0B: ("=", 1),
    0x0C: (">=", 1),
    0x0D: (">", 1),
    0x0E: ("<>", 1),
    0x0F: (" ", 8),
    0x10: (",", 0),
    0x11: (":", 9),
}
_UNARY, _LEAF = 6, 10
_NATIVE = {"_xlfn." + name for name in ("IFERROR", "COUNTIFS", "SUMIFS", "AVERAGEIF", "AVERAGEIFS")}
"""Functions that came after .xls, which .xlsx writes without the prefix."""
_USER_DEFINED = 255
_CHOOSE, _SUM = 0x04, 0x10
_ATTRIBUTES = {0x01, 0x02, 0x08, 0x20, 0x40, 0x41}
"""Attributes that calculation and layout use, and that say nothing of the formula."""


class Surroundings(Protocol):
    """What expressions point into. Each raises UnreadableFormulaError for what is not there."""

    def sheets(self, index: int) -> str | None:
        """The prefix of a reference to other sheets, with its `!`; None when they were deleted."""

    def name(self, index: int) -> str:
        """The defined name of an index, from 1."""

    def outer_name(self, sheets: int, index: int) -> str:
        """The name of another workbook or an add-in, from 1."""


class _Part(NamedTuple):
    text: str
    rank: int = _LEAF


class _Place(NamedTuple):
    row: int
    column: int
    letters: str
    digits: str


def formula_text(
    tokens: bytes,
    extra: bytes,
    at: tuple[int, int],
    around: Surroundings,
    *,
    fixed: bool = False,
) -> str:
    """The formula that `tokens` (with the constants in `extra`) stand for in the cell `at`.

    `at`: row and column from 0. `fixed`: references must be absolute, as in a name that means the same
    everywhere. Raises UnreadableFormulaError.
    """
    try:
        return _Expression(tokens, extra, at, around, fixed).text()
    except (damaged, IndexError, UnicodeDecodeError, KeyError) as error:
        raise UnreadableFormulaError(f"公式的存储内容不完整（{error}）") from None


class _Expression:
    """One expression, read from left to right with a stack."""

    def __init__(
        self,
        tokens: bytes,
        extra: bytes,
        at: tuple[int, int],
        around: Surroundings,
        fixed: bool,
    ) -> None:
        self._data, self._extra = tokens, extra
        self._row, self._column = at
        self._around, self._fixed = around, fixed
        self._at = self._extra_at = 0
        self._stack: list[_Part] = []

    def text(self) -> str:
        while self._at < len(self._data):
            kind = self._take("B")
            if kind >= 0x20:  # three classes (reference, value, array) of the same token
                kind = kind & 0x1F | 0x20
            if kind in _BINARY:
                self._binary(*_BINARY[kind])
            elif read := _READERS.get(kind):
                read(self)
            else:
                raise UnreadableFormulaError(f"公式里有不认识的记号 0x{kind:02X}")
        if len(self._stack) != 1:
            raise UnreadableFormulaError("公式的存储内容不完整")
        return self._stack[0].text

    def _take(self, layout: str) -> int:
        (value,) = unpack_from("<" + layout, self._data, self._at)
        self._at += {"B": 1, "H": 2, "I": 4}[layout]
        return int(value)

    def _push(self, text: str, rank: int = _LEAF) -> None:
        self._stack.append(_Part(text, rank))

    # --- Operators --------------------------------------------------------------------------------

    def _binary(self, sign: str, rank: int) -> None:
        right, left = self._stack.pop(), self._stack.pop()
        self._push(f"{_inside(left, rank)}{sign}{_inside(right, rank + 1)}", rank)

    def _sign(self, sign: str) -> None:
        self._push(sign + _inside(self._stack.pop(), _UNARY), _UNARY)

    def _percent(self) -> None:
        self._push(_inside(self._stack.pop(), _UNARY) + "%", _UNARY)

    def _brackets(self) -> None:
        self._push(f"({self._stack.pop().text})")

    # --- Constants --------------------------------------------------------------------------------

    def _string(self) -> None:
        text, self._at = characters(self._data, self._at + 1, self._take("B"))
        self._push(quoted(text))

    def _double(self) -> None:
        (value,) = unpack_from("<d", self._data, self._at)
        self._at += 8
        self._push(number(value))

    def _array(self) -> None:
        """An array constant: its values stand behind the tokens."""
        self._at += 7
        text, self._extra_at = array(self._extra, self._extra_at)
        self._push(text)

    # --- References -------------------------------------------------------------------------------

    def _place(self, row: int, column: int, *, offsets: bool) -> _Place:
        """One end of a reference; with `offsets`, relative ones count from the formula's cell."""
        loose_row, loose_column = bool(column & _RELATIVE_ROW), bool(column & _RELATIVE_COLUMN)
        column &= COLUMNS - 1
        if self._fixed and (loose_row or loose_column):
            raise UnreadableFormulaError("名称引用的位置随单元格变化")
        if offsets:
            row = (row + self._row) % ROWS if loose_row else row
            column = (column + self._column) % COLUMNS if loose_column else column
        letters = ("" if loose_column else "$") + column_letter(column + 1)
        return _Place(row, column, letters, ("" if loose_row else "$") + str(row + 1))

    def _cell(self, prefix: str = "", *, offsets: bool = False) -> None:
        row, column = self._take("H"), self._take("H")
        place = self._place(row, column, offsets=offsets)
        self._push(f"{prefix}{place.letters}{place.digits}")

    def _area(self, prefix: str = "", *, offsets: bool = False) -> None:
        top, bottom, left, right = (self._take("H") for _ in range(4))
        first = self._place(top, left, offsets=offsets)
        last = self._place(bottom, right, offsets=offsets)
        if (first.row, last.row) == (0, ROWS - 1):
            text = f"{first.letters}:{last.letters}"
        elif (first.column, last.column) == (0, COLUMNS - 1):
            text = f"{first.digits}:{last.digits}"
        else:
            text = f"{first.letters}{first.digits}:{last.letters}{last.digits}"
        self._push(prefix + text)

    def _prefixed(self, read: Callable[[str], None]) -> None:
        prefix = self._around.sheets(self._take("H"))
        read(prefix or "")
        if prefix is None:
            self._stack[-1] = _Part(REF_ERROR)

    def _lost(self, size: int, prefix: str = "") -> None:
        """A reference to cells that were deleted."""
        self._at += size
        self._push(prefix + REF_ERROR)

    def _remembered(self, size: int) -> None:
        """What the expression that follows came to: it stands in the tokens too."""
        self._at += size

    def _remembered_areas(self) -> None:
        self._at += 6
        (count,) = unpack_from("<H", self._extra, self._extra_at)
        self._extra_at += 2 + 8 * count

    def _name(self) -> None:
        self._push(self._around.name(self._take("I")))

    def _outer_name(self) -> None:
        sheets, index, _ = self._take("H"), self._take("H"), self._take("H")
        self._push(self._around.outer_name(sheets, index))

    # --- Functions --------------------------------------------------------------------------------

    def _arguments(self, count: int) -> list[_Part]:
        if count > len(self._stack):
            raise IndexError("参数")
        found = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        return found

    def _function(self) -> None:
        known = _known_function(self._take("H"))
        self._call(known[0], self._arguments(known[1]))

    def _variable_function(self) -> None:
        count, index = self._take("B") & 0x7F, self._take("H")
        arguments = self._arguments(count)
        if index == _USER_DEFINED:
            name = arguments.pop(0).text
            self._call(name.removeprefix("_xlfn.") if name in _NATIVE else name, arguments)
        else:
            self._call(_known_function(index)[0], arguments)

    def _call(self, name: str, arguments: Sequence[_Part]) -> None:
        self._push(f"{name}({','.join(_inside(part, 1) for part in arguments)})")

    def _attribute(self) -> None:
        kind, data = self._take("B"), self._take("H")
        if kind == _CHOOSE:
            self._at += 2 * (data + 1)
        elif kind == _SUM:
            self._call("SUM", self._arguments(1))
        elif kind not in _ATTRIBUTES:
            raise UnreadableFormulaError(f"公式里有不认识的属性 0x{kind:02X}")


def _inside(part: _Part, rank: int) -> str:
    """An operand, in brackets where the text would otherwise be read in another order."""
    return part.text if part.rank >= rank else f"({part.text})"


def _known_function(index: int) -> tuple[str, int]:
    """The name of a built-in function and how many arguments it takes at least."""
    known = func_defs.get(index)
    if known is None:
        raise UnreadableFormulaError(f"公式用了不认识的函数（第 {index} 号）")
    return str(known[0]), int(known[1])


_Reader = Callable[[_Expression], None]
_READERS: dict[int, _Reader] = {
    0x12: lambda e: e._sign("+"),
    0x13: lambda e: e._sign("-"),
    0x14: _Expression._percent,
    0x15: _Expression._brackets,
    0x16: lambda e: e._push(""),
    0x17: _Expression._string,
    0x19: _Expression._attribute,
    0x1C: lambda e: e._push(str(error_text_from_code[e._take("B")])),
    0x1D: lambda e: e._push(truth(e._take("B"))),
    0x1E: lambda e: e._push(str(e._take("H"))),
    0x1F: _Expression._double,
    0x20: _Expression._array,
    0x21: _Expression._function,
    0x22: _Expression._variable_function,
    0x23: _Expression._name,
    0x24: _Expression._cell,
    0x25: _Expression._area,
    0x26: _Expression._remembered_areas,
    0x27: lambda e: e._remembered(6),
    0x28: lambda e: e._remembered(6),
    0x29: lambda e: e._remembered(2),
    0x2A: lambda e: e._lost(4),
    0x2B: lambda e: e._lost(8),
    0x2C: lambda e: e._cell(offsets=True),
    0x2D: lambda e: e._area(offsets=True),
    0x39: _Expression._outer_name,
    0x3A: lambda e: e._prefixed(e._cell),
    0x3B: lambda e: e._prefixed(e._area),
    0x3C: lambda e: e._prefixed(partial(e._lost, 4)),
    0x3D: lambda e: e._prefixed(partial(e._lost, 8)),
}
