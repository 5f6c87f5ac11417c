"""A formula as a tree, for working it out and for telling whether the result can be trusted.

Only what can be recalculated with certainty is parsed; everything else raises UnsupportedError
with the reason in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, NoReturn, Protocol

from xltool.ooxml.calc.calcvalues import Plain
from xltool.ooxml.read.formula import Token, corners, sheet_names, tokens
from xltool.ooxml.read.refs import MAX_COLUMN, MAX_ROW, Range

Kind = Literal["number", "text", "error", "bool", "ref", "call", "op", "blank"]

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
_LEVELS = (COMPARISONS, ("&",), ("+", "-"), ("*", "/"), ("^",))
_POWER = {name: level for level, names in enumerate(_LEVELS) for name in names}
"""How tightly the operators bind, loosest first."""
_END = Token("end", "")
_NOWHERE = Range(1, 1, 1, 1)


class Scope(Protocol):
    """What the names in a formula mean."""

    def sheet(self, name: str) -> str | None:
        """The name as the workbook writes it of a sheet, if it exists."""

    def name(self, name: str, sheet: str) -> str | None:
        """The text that a defined name stands for when used on `sheet`, if it exists."""


class UnsupportedError(Exception):
    """A formula that is not recalculated; the text says why, in Chinese."""


class Node(NamedTuple):
    """Part of a formula. `name` is the function or operator, `sheet` and `area` those of a ref.

    Numbers, texts and truth values have their `text` as written and what it stands for.
    """

    kind: Kind
    text: str = ""
    constant: Plain = None
    name: str = ""
    args: tuple[Node, ...] = ()
    sheet: str = ""
    area: Range = _NOWHERE

    @property
    def is_comparison(self) -> bool:
        """True for an operation that gives a truth value by comparing."""
        return self.kind == "op" and self.name in COMPARISONS

    def walk(self) -> Iterator[Node]:
        """The node and all below it, from left to right."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.args)


class _Parser:
    """Recursive descent over the tokens, by Excel's precedence."""

    def __init__(self, formula: str, sheet: str, scope: Scope) -> None:
        self._tokens = [*_without_layout(tokens(formula)), _END]
        self._at = 0
        self._sheet = sheet
        self._scope = scope

    def whole(self) -> Node:
        """The tree of the formula."""
        node = self._operation(0)
        if self._peek().kind != "end":
            _unsupported(self._peek())
        return node

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token is not _END:
            self._at += 1
        return token

    def _operation(self, least: int) -> Node:
        """Operators that bind at least as tightly as `least`; among equals the left one first."""
        left = self._unary()
        while True:
            token = self._peek()
            power = _POWER.get(token.text, -1) if token.kind == "operator" else -1
            if power < least:
                return left
            self._take()
            right = self._operation(power + 1)
            left = Node("op", name=token.text, args=(left, right))

    def _unary(self) -> Node:
        token = self._peek()
        if token.kind == "operator" and token.text in ("+", "-"):
            self._take()
            return Node("op", name=token.text, args=(self._unary(),))
        node = self._primary()
        while self._peek().text == "%" and self._peek().kind == "operator":
            self._take()
            node = Node("op", name="%", args=(node,))
        return node

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Node("number", token.text, float(token.text))
        if token.kind == "string":
            return Node("text", token.text, token.text[1:-1].replace('""', '"'))
        if token.kind == "error":
            return Node("error", "#" + token.text.rpartition("#")[2])
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

    def _call(self, name: str) -> Node:
        opening = self._take()
        assert opening.text == "("  # a function token is one that stands before a bracket
        args: list[Node] = []
        if self._peek().text == ")":
            self._take()
            return Node("call", name=name.upper())
        while True:
            if self._peek().text in (",", ")"):
                args.append(Node("blank"))
            else:
                args.append(self._operation(0))
            token = self._take()
            if token.text == ")":
                break
            if token.text != ",":
                _unsupported(token)
        return Node("call", name=name.upper(), args=_widened(name.upper(), args))

    def _ref(self, token: Token) -> Node:
        names = sheet_names(token.sheet) if token.sheet else (self._sheet,)
        if not names:
            raise UnsupportedError("公式引用了别的工作簿")
        if len(names) > 1:
            raise UnsupportedError("公式用了跨多张工作表的引用")
        if self._peek().text in (":", "#"):
            raise UnsupportedError("公式用了动态的区域")
        return self._place(names[0], token.area)

    def _place(self, sheet: str, area: str) -> Node:
        known = self._scope.sheet(sheet)
        if known is None:
            raise UnsupportedError(f"公式引用的工作表“{sheet}”不存在")
        return Node("ref", sheet=known, area=Range.parse(area))

    def _name(self, name: str) -> Node:
        if name.upper() in ("TRUE", "FALSE"):
            return Node("bool", name.upper(), name.upper() == "TRUE")
        text = self._scope.name(name, self._sheet)
        found = tokens(text) if text else ()
        sheets = sheet_names(found[0].sheet) if len(found) == 1 and found[0].sheet else ()
        if len(sheets) != 1 or not _is_fixed(found[0].area):
            raise UnsupportedError(f"公式用了无法确定的名称“{name}”")
        return self._place(sheets[0], found[0].area)


def _widened(name: str, args: list[Node]) -> tuple[Node, ...]:
    """The arguments; what SUMIF adds up has the shape of what it looks at, whatever is written."""
    if name == "SUMIF" and len(args) == 3 and args[0].kind == args[2].kind == "ref":
        top, left, bottom, right = args[0].area
        first = args[2].area
        area = Range(first.top, first.left, first.top + bottom - top, first.left + right - left)
        if area.bottom > MAX_ROW or area.right > MAX_COLUMN:
            raise UnsupportedError("公式用到的地方超出工作表")
        args[2] = args[2]._replace(area=area)
    return tuple(args)


def _without_layout(found: tuple[Token, ...]) -> Iterator[Token]:
    """The tokens without white space. Raises UnsupportedError where it intersects ranges."""
    for at, token in enumerate(found):
        if token.kind != "space":
            yield token
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


def parse_expression(formula: str, sheet: str, scope: Scope) -> Node:
    """The tree of a formula that stands on `sheet`. Raises UnsupportedError."""
    try:
        return _Parser(formula, sheet, scope).whole()
    except (ValueError, RecursionError) as error:
        raise UnsupportedError("公式过长或过于复杂") from error
