"""A formula as a tree, for working it out and for telling whether the result can be trusted.

Only what can be recalculated with certainty is parsed; everything else raises UnsupportedError
with the reason in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, NoReturn, Protocol

from xltool.core.caches import remembered
from xltool.ooxml.calc.tree import COMPARISONS, ExpressionNode, Kind, SheetArea
from xltool.ooxml.read.formula import Outline, Token, corners, sheet_names, tokens
from xltool.ooxml.read.refs import MAX_COLUMN, MAX_ROW, Range, split_ref
from xltool.ooxml.read.values import CellError

_LEVELS = (COMPARISONS, ("&",), ("+", "-"), ("*", "/"), ("^",))
_POWER = {name: level for level, names in enumerate(_LEVELS) for name in names}
"""How tightly the operators bind, loosest first."""
_END = Token("end", "")
_BEYOND = "公式用到的地方超出工作表"


class Scope(Protocol):
    """What the names in a formula mean."""

    def sheet(self, name: str) -> str | None:
        """The name as the workbook writes it of a sheet, if it exists."""

    def name(self, name: str, sheet: str) -> str | None:
        """The text that a defined name stands for when used on `sheet`, if it exists."""


class UnsupportedError(Exception):
    """A formula that is not recalculated; the text says why, in Chinese."""


class _Reference(NamedTuple):
    """Where a reference of a formula leads: the sheet, and the area, or which cells of the formula are its ends."""

    sheet: str
    ends: slice
    place: SheetArea | None = None


class Expression(NamedTuple):
    """A formula as a tree, the same for all formulas that differ in nothing but the cells they refer to."""

    tree: ExpressionNode
    references: tuple[_Reference, ...]
    alike: tuple[tuple[int, int], ...]
    """Pairs of references (what SUMIF looks at, what it adds up): the second has the shape of the first,
    whatever is written."""

    def places(self, cells: Sequence[str]) -> tuple[SheetArea, ...]:
        """Where the references lead, by number, in the formula that names these cells. Raises UnsupportedError."""
        places = [place or _place(sheet, *cells[ends]) for sheet, ends, place in self.references]
        for looked_at, summed in self.alike:
            (top, left, bottom, right), first = places[looked_at].area, places[summed].area
            height, width = bottom - top, right - left
            if first.bottom - first.top != height or first.right - first.left != width:
                area = Range(first.top, first.left, first.top + height, first.left + width)
                if area.bottom > MAX_ROW or area.right > MAX_COLUMN:
                    raise UnsupportedError(_BEYOND)
                places[summed] = SheetArea(places[summed].sheet, area)
        return tuple(places)


@remembered(1 << 14)
def _place(sheet: str, one: str, other: str | None = None) -> SheetArea:
    """The range from one cell to the other: the formulas of a row look at the same codes."""
    return SheetArea(sheet, Range.between(split_ref(one), split_ref(other) if other else None))


class _Parser:
    """Recursive descent over the tokens, by Excel's precedence."""

    def __init__(self, outline: Outline, same: Sequence[int], sheet: str, scope: Scope) -> None:
        self._tokens = [*_without_layout(outline.tokens), (len(outline.tokens), _END)]
        self._gaps = outline.gaps
        self._same = same
        self._at = 0
        self._sheet = sheet
        self._scope = scope
        self._nodes: dict[tuple[object, ...], ExpressionNode] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        """Of the references that others may share."""
        self._references: list[_Reference] = []
        self._alike: list[tuple[int, int]] = []

    def whole(self) -> Expression:
        """The formula as a tree."""
        tree = self._operation(0)
        if self._peek().kind != "end":
            _unsupported(self._peek())
        return Expression(tree, tuple(self._references), tuple(self._alike))

    def _node(self, kind: Kind, *args: ExpressionNode, **said: Any) -> ExpressionNode:
        """The node that says this, made when it is met first."""
        key = (kind, *said.values(), *map(id, args))
        return self._nodes.setdefault(key, ExpressionNode(kind, args=args, **said))

    def _peek(self) -> Token:
        return self._tokens[self._at][1]

    def _take(self) -> Token:
        _, token = self._tokens[self._at]
        if token is not _END:
            self._at += 1
        return token

    def _operation(self, least: int) -> ExpressionNode:
        """Operators that bind at least as tightly as `least`; among equals the left one first."""
        left = self._unary()
        while True:
            token = self._peek()
            power = _POWER.get(token.text, -1) if token.kind == "operator" else -1
            if power < least:
                return left
            self._take()
            right = self._operation(power + 1)
            left = self._node("op", left, right, name=token.text)

    def _unary(self) -> ExpressionNode:
        token = self._peek()
        if token.kind == "operator" and token.text in ("+", "-"):
            self._take()
            return self._node("op", self._unary(), name=token.text)
        node = self._primary()
        while self._peek().text == "%" and self._peek().kind == "operator":
            self._take()
            node = self._node("op", node, name="%")
        return node

    def _primary(self) -> ExpressionNode:
        token = self._take()
        if token.kind == "number":
            return self._node("number", text=token.text, constant=float(token.text))
        if token.kind == "string":
            said = token.text[1:-1].replace('""', '"')
            return self._node("text", text=token.text, constant=said)
        if token.kind == "error":
            code = "#" + token.text.rpartition("#")[2]
            return self._node("error", text=code, constant=CellError(code))
        if token.kind == "function":
            return self._call(token.text)
        if token.kind == "ref":
            return self._ref(token)
        if token.kind == "name":
            return self._name(token.text)
        if token.text == "(":
            node = self._operation(0)
            if self._take().text != ")":
                raise UnsupportedError("公式的括号不配对，或用了区域联合")
            return node
        return _unsupported(token)

    def _call(self, name: str) -> ExpressionNode:
        opening = self._take()
        assert opening.text == "("  # a function token is one that stands before a bracket
        name = name.upper()
        args: list[ExpressionNode] = []
        if self._peek().text == ")":
            self._take()
            return self._node("call", name=name)
        while True:
            if self._peek().text in (",", ")"):
                args.append(self._node("blank"))
            elif name == "SUMIF" and len(args) == 2:
                args.append(self._apart())
            else:
                args.append(self._operation(0))
            token = self._take()
            if token.text == ")":
                break
            if token.text != ",":
                _unsupported(token)
        if name == "SUMIF" and len(args) == 3 and args[0].kind == args[2].kind == "ref":
            self._alike.append((args[0].ref, args[2].ref))
        return self._node("call", *args, name=name)

    def _apart(self) -> ExpressionNode:
        """An operation with references of its own: what SUMIF adds up need not be all that is written."""
        shared, self._numbers = self._numbers, {}
        node = self._operation(0)
        self._numbers = shared
        return node

    def _ref(self, token: Token) -> ExpressionNode:
        names = sheet_names(token.sheet) if token.sheet else (self._sheet,)
        if not names:
            raise UnsupportedError("公式引用了别的工作簿")
        if len(names) > 1:
            raise UnsupportedError("公式用了跨多张工作表的引用")
        if self._peek().text in (":", "#"):
            raise UnsupportedError("公式用了动态的区域")
        number, _ = self._tokens[self._at - 1]
        return self._place(names[0], token.area, self._gaps.get(number))

    def _place(self, sheet: str, area: str, ends: slice | None = None) -> ExpressionNode:
        known = self._scope.sheet(sheet)
        if known is None:
            raise UnsupportedError(f"公式引用的工作表“{sheet}”不存在")
        key = (known, *self._same[ends]) if ends else (known, area)
        if key not in self._numbers:
            fixed = None if ends else SheetArea(known, Range.parse(area))
            self._numbers[key] = len(self._references)
            self._references.append(_Reference(known, ends or slice(0), fixed))
        return self._node("ref", ref=self._numbers[key])

    def _name(self, name: str) -> ExpressionNode:
        if name.upper() in ("TRUE", "FALSE"):
            return self._node("bool", text=name.upper(), constant=name.upper() == "TRUE")
        text = self._scope.name(name, self._sheet)
        found = tokens(text) if text else ()
        sheets = sheet_names(found[0].sheet) if len(found) == 1 and found[0].sheet else ()
        if len(sheets) != 1 or not _is_fixed(found[0].area):
            raise UnsupportedError(f"公式用了无法确定的名称“{name}”")
        return self._place(sheets[0], found[0].area)


def _without_layout(found: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens but for white space, with their places. Raises UnsupportedError where it intersects ranges."""
    for at, token in enumerate(found):
        if token.kind != "space":
            yield at, token
        elif 0 < at < len(found) - 1 and all(
            found[near].kind in ("ref", "name") for near in (at - 1, at + 1)
        ):
            raise UnsupportedError("公式用了区域交集")


def _is_fixed(area: str) -> bool:
    """True for a reference with `$` before all its rows and columns."""
    return all(
        (corner.fixed_column or not corner.letters) and (corner.fixed_row or not corner.row)
        for corner in corners(area)
    )


def _unsupported(token: Token) -> NoReturn:
    if token.kind == "structured":
        raise UnsupportedError("公式用了表格的结构化引用")
    if token.text in ("{", "}"):
        raise UnsupportedError("公式用了数组常量")
    if token.text == "@":
        raise UnsupportedError("公式用了隐式交集")
    raise UnsupportedError("公式写法无法识别")


def parse_expression(outline: Outline, same: Sequence[int], sheet: str, scope: Scope) -> Expression:
    """The formulas of a shape, which stand on `sheet`, as a tree. Raises UnsupportedError.

    `same` tells of each cell that they name the number of the first that is written alike.
    """
    try:
        return _Parser(outline, same, sheet, scope).whole()
    except (ValueError, RecursionError) as error:
        raise UnsupportedError("公式过长或过于复杂") from error
