"""The expression language of rule files: text -> syntax tree. Parsed, never evaluated as Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

from xltool.core.caches import remembered

GRAMMAR = Path(__file__).with_name("grammar.lark")
MANY = 99
FUNCTIONS: dict[str, tuple[int, ...]] = {
    "abs": (1,),
    "blank": (1,),
    "children": (1,),
    "code": (1,),
    "columns": (1,),
    "count": tuple(range(1, MANY)),
    "exists": (1,),
    "filled": (1,),
    "head": (1,),
    "least": tuple(range(1, MANY)),
    "max": tuple(range(1, MANY)),
    "min": tuple(range(1, MANY)),
    "names": (1, 3),
    "parent": (1,),
    "parents": (1,),
    "percent": (1,),
    "round": (1, 2),
    "rows": (1, 2),
    "sum": tuple(range(1, MANY)),
    "tables": (1,),
    "within": (2,),
}
"""How many arguments each function may have."""
_DEEPEST = 400
"""Nodes of the grammar within each other: some fifty brackets."""
_LONG = re.compile(r"[\d.]{21,}")
SIGNS = {"≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>", "×": "*", "÷": "/"}


class ExpressionError(Exception):
    """A fault in an expression. `column` counts from 1; `str()` is the Chinese reason.

    `keys` lead to the expression in its rule, such as ("each", "行"), once that is known.
    """

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column
        self.keys: tuple[str, ...] = ("expr",)


class Number(NamedTuple):
    value: Decimal
    text: str


class Text(NamedTuple):
    value: str


class Texts(NamedTuple):
    values: tuple[str, ...]


class Piece(NamedTuple):
    """One name of a path: as written, a `$variable`, or a `{template$variable}`."""

    text: str
    column: int

    @property
    def is_variable(self) -> bool:
        return self.text.startswith("$")


class Span(NamedTuple):
    """From one name to another, in the order of the form."""

    first: Piece
    last: Piece


class Select(NamedTuple):
    """`[…]`: the row of a list with this code or text."""

    key: Node


Step = Piece | Span | Select


class Reference(NamedTuple):
    """A path that begins with a table's short name, or with a variable that stands for a row or table."""

    head: Piece
    steps: tuple[Step, ...]


class Call(NamedTuple):
    """A function; `steps` follow where its result is rows, as in `children($行).金额`."""

    function: str
    arguments: tuple[Node, ...]
    steps: tuple[Step, ...]
    column: int


class Arithmetic(NamedTuple):
    """`first` and then operators (+ - * /) with their operands, all of one precedence."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Comparison(NamedTuple):
    """A chain: `a = b = c` holds when each neighbouring pair does."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Logic(NamedTuple):
    kind: Literal["and", "or", "not"]
    items: tuple[Node, ...]


Node = Number | Text | Texts | Reference | Call | Arithmetic | Comparison | Logic


def column_of(node: Node) -> int:
    """Where in the text an expression begins, as far as it is known."""
    match node:
        case Reference():
            return node.head.column
        case Call():
            return node.column
        case Arithmetic() | Comparison():
            return column_of(node.first)
        case Logic():
            return column_of(node.items[0])
    return 1


def heads_of(node: Node) -> Iterator[str]:
    """What the paths of an expression begin with, where that is no variable: the short names of tables."""
    match node:
        case Reference(head):
            if not head.is_variable:
                yield head.text
        case Call(arguments=nodes) | Logic(items=nodes):
            yield from (head for inner in nodes for head in heads_of(inner))
        case Arithmetic(first, rest) | Comparison(first, rest):
            for inner in (first, *(other for _, other in rest)):
                yield from heads_of(inner)


def variables_of(node: Node) -> Iterator[str]:
    """The variables that the paths of an expression begin with."""
    match node:
        case Reference(head, steps):
            if head.is_variable:
                yield head.text
            for step in steps:
                if isinstance(step, Select):
                    yield from variables_of(step.key)
        case Call(arguments=nodes) | Logic(items=nodes):
            yield from (name for inner in nodes for name in variables_of(inner))
        case Arithmetic(first, rest) | Comparison(first, rest):
            for inner in (first, *(other for _, other in rest)):
                yield from variables_of(inner)


def table_argument(node: Call) -> Piece:
    """The short name of a table that `tables()` and `exists()` take."""
    (argument,) = node.arguments
    if not isinstance(argument, Reference) or argument.steps:
        raise ExpressionError(f"{node.function}() 的括号里写表的简称", node.column)
    return argument.head


@remembered(1)
def _parser() -> Any:
    import lark

    return lark.Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", propagate_positions=True)


@remembered(4096)
def parse(text: str) -> Node:
    """The syntax tree of an expression. Raises `ExpressionError` with the column of the fault."""
    import lark

    try:
        tree = _parser().parse(text)
    except lark.exceptions.UnexpectedCharacters as error:
        shown = text[error.pos_in_stream or 0]
        raise ExpressionError(f"这里不能写“{shown}”{_fullwidth(shown)}", error.column) from None
    except lark.exceptions.UnexpectedToken as error:
        if error.token.type == "$END":
            raise ExpressionError("写到这里还没有完", len(text) + 1) from None
        shown = f"这里不能写“{error.token}”{_fullwidth(str(error.token)[:1])}"
        if opened := _WIDE_CALL.search(text[: error.pos_in_stream]):
            shown += f"；{opened[1]} 后面的括号要写半角的“(”"
        raise ExpressionError(shown, error.column or 1) from None
    if number := _LONG.search(text):
        raise ExpressionError("数太长，最多写20位", number.start() + 1)
    if _depth(tree) > _DEEPEST:
        raise ExpressionError("括号、函数套得太深", 1)
    return _node(tree)


def _depth(tree: Any) -> int:
    """How many nodes stand within each other. Without recursion, which has an end of its own."""
    deepest, left = 0, [(tree, 1)]
    while left:
        node, depth = left.pop()
        deepest = max(deepest, depth)
        left += [(child, depth + 1) for child in getattr(node, "children", ())]
    return deepest


_WIDE_CALL = re.compile(r"\b([a-z]+)（")


def _fullwidth(char: str) -> str:
    twin = {"，": ",", "（": "(", "）": ")", "＝": "=", "：": ":", "＋": "+"}.get(char)
    return f"，用半角“{twin}”" if twin else ""


def _node(tree: Any) -> Node:
    children = tree.children
    match tree.data:
        case "any_of" | "all_of" if len(children) == 1:
            return _node(children[0])
        case "any_of" | "all_of":
            return Logic("or" if tree.data == "any_of" else "and", tuple(map(_node, children)))
        case "negate":
            return Logic("not", (_node(children[0]),))
        case "compare":
            first, rest = _chain(children)
            return Comparison(first, rest) if rest else first
        case "add" | "multiply":
            first, rest = _chain(children)
            return Arithmetic(first, rest) if rest else first
        case "minus":
            return Arithmetic(Number(Decimal(0), ""), (("-", _node(children[0])),))
        case "call" | "call_ref":
            return _call(children)
        case "reference":
            head, *steps = children
            return Reference(_piece(head), tuple(s for child in steps for s in _steps(child)))
    return _constant(tree.data, [str(child) for child in children])


def _constant(kind: str, texts: list[str]) -> Node:
    match kind:
        case "number":
            return Number(Decimal(texts[0]), texts[0])
        case "percent":
            return Number(Decimal(texts[0][:-1]) / 100, texts[0])
        case "string":
            return Text(texts[0][1:-1])
    return Texts(tuple(text[1:-1] for text in texts))


def _chain(children: list[Any]) -> tuple[Node, tuple[tuple[str, Node], ...]]:
    first, *rest = children
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return _node(first), tuple((SIGNS.get(op, str(op)), _node(operand)) for op, operand in pairs)


def _call(children: list[Any]) -> Call:
    name, *rest = children
    if str(name) not in FUNCTIONS:
        known = "、".join(sorted(FUNCTIONS))
        raise ExpressionError(f"没有函数 {name}，可用：{known}", name.column)
    arguments = tuple(_node(c) for c in rest if c is not None and c.data != "segment")
    if len(arguments) not in FUNCTIONS[str(name)]:
        allowed = FUNCTIONS[str(name)]
        wanted = "至少1" if len(allowed) > 2 else "或".join(map(str, allowed))
        message = f"{name}() 的括号里要写{wanted}项，写了{len(arguments)}项"
        raise ExpressionError(message, name.column)
    steps = tuple(s for c in rest if c is not None and c.data == "segment" for s in _steps(c))
    return Call(str(name), arguments, steps, name.column)


def _piece(tree: Any) -> Piece:
    token = tree.children[0]
    return Piece(str(token), token.column)


def _steps(tree: Any) -> Iterator[Step]:
    if tree.data == "selector":
        yield Select(_node(tree.children[0]))
        return
    name, *selectors = tree.children
    pieces = [_piece(piece) for piece in name.children]
    yield Span(*pieces) if name.data == "span" else pieces[0]
    for selector in selectors:
        yield from _steps(selector)
