"""An expression in words, for findings and for `rules show`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from xltool.rules.scope import EXTERNAL, PRIOR
from xltool.rules.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Logic,
    Node,
    Number,
    Piece,
    Reference,
    Select,
    Span,
    Step,
    Text,
    Texts,
)

RELATION = {
    "=": "应等于",
    "<=": "不应大于",
    ">=": "不应小于",
    "<>": "不应等于",
    "<": "应小于",
    ">": "应大于",
}
_SIGN = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
_LOGIC = {"and": " 且 ", "or": " 或 "}

Names = Callable[[str], str | None]
"""What a loop variable stands for, in words; None when it is not known here."""

_MADE_OF = {
    "abs": "绝对值",
    "min": "较小者",
    "max": "较大者",
    "round": "四舍五入",
    "count": "有数的个数",
    "least": "最小的一个（不算零）",
}
"""What a function makes of its arguments, in words."""


class Words:
    """Puts expressions into words.

    `texts`: variables with fixed texts; `names`: of rows and tables; `tables`: short names of tables in full.
    """

    def __init__(
        self,
        texts: Mapping[str, str],
        names: Names = lambda name: None,
        tables: Mapping[str, str] | None = None,
    ) -> None:
        self.texts, self.names, self.tables = texts, names, tables or {}

    def of(self, node: Node) -> str:
        """The words of an expression."""
        match node:
            case Number(_, text):
                return text
            case Text(value):
                return f"“{value}”"
            case Texts(values):
                return "、".join(values)
            case Reference():
                return self._reference(node)
            case Call():
                return self._call(node)
            case Arithmetic(first, rest):
                return self._arithmetic(first, rest)
            case Comparison(first, rest):
                parts = (f" {op} {self.of(other)}" for op, other in rest)
                return self.of(first) + "".join(parts)
            case Logic("not", (item,)):
                return f"不是（{self.of(item)}）"
            case Logic(kind, items):
                return _LOGIC[kind].join(map(self._item, items))

    def _arithmetic(self, first: Node, rest: tuple[tuple[str, Node], ...]) -> str:
        words = self._operand(first) if not _is_minus(first) else ""
        for operator, operand in rest:
            words += (_SIGN[operator] if words else "−") + self._operand(operand)
        return words

    def _operand(self, node: Node) -> str:
        words = self.of(node)
        return f"（{words}）" if isinstance(node, Arithmetic) else words

    def _item(self, node: Node) -> str:
        words = self.of(node)
        return f"（{words}）" if isinstance(node, Logic) and node.kind != "not" else words

    def _reference(self, node: Reference) -> str:
        head, steps = node.head, list(node.steps)
        if head.is_variable and not steps:
            return self._variable(head.text)
        if head.text == EXTERNAL:
            return "·".join([EXTERNAL, *map(self._step, steps)])
        start = self._variable(head.text) if head.is_variable else self._table(head.text)
        if head.text == PRIOR and isinstance(steps[0], Piece):
            start += "·" + self._table(steps[0].text)
            del steps[0]
        shown = [step for step in steps if not self._is_list_before_select(node.steps, step)]
        return "·".join([start, *(word for step in shown if (word := self._step(step)))])

    def _table(self, short: str) -> str:
        return self.tables.get(short, short)

    def _is_list_before_select(self, steps: tuple[Step, ...], step: Step) -> bool:
        """`明细` before `[2080505]` says nothing to a reader."""
        at = steps.index(step)
        return isinstance(step, Piece) and at + 1 < len(steps) and isinstance(steps[at + 1], Select)

    def _variable(self, name: str) -> str:
        return self.texts.get(name) or self.names(name) or f"〔{name.removeprefix('$')}〕"

    def _step(self, step: Step) -> str:
        match step:
            case Piece(text):
                for name, value in self.texts.items():
                    text = text.replace(name, value)
                return re.sub(r"\$(\w+)", r"〔\1〕", text.strip("{}"))
            case Span(first, last):
                return f"{self._step(first)} 至 {self._step(last)}"
            case Select(key):
                return self._selected(key)

    def _selected(self, key: Node) -> str:
        """The row that `[…]` picks: by its code, or by the name that the code belongs to."""
        if isinstance(key, Call) and key.function == "code":
            return self.of(key.arguments[0])
        return key.value if isinstance(key, Text) else self.of(key)

    def _call(self, node: Call) -> str:
        steps = "·".join(map(self._step, node.steps))
        if node.function == "exists":
            (argument,) = node.arguments
            name = argument.head.text if isinstance(argument, Reference) else ""
            return f"有“{self._table(name)}”"
        inner = [self.of(argument) for argument in node.arguments]
        match node.function:
            case "sum":
                return "、".join(inner) + " 之和"
            case "children":
                return f"下级各科目的{steps}"
            case "parent":
                return f"上级科目的{steps}"
            case "rows" if len(inner) > 1:
                return f"{inner[0]} 各{inner[1]}" + (f"的{steps}" if steps else "")
            case "rows" | "parents" | "columns" | "names" | "tables":
                kind = {"columns": "各栏", "names": "各项", "tables": "各张"}.get(
                    node.function, "各行"
                )
                span = f"（{inner[1]} 至 {inner[2]}）" if len(inner) == 3 else ""
                return f"{inner[0]} {kind}{span}" + (f"的{steps}" if steps else "")
            case "code":
                return f"{inner[0]} 的科目编码"
            case "head" | "percent":
                return inner[0]
            case "filled":
                return f"{inner[0]} 已填"
            case "blank":
                return f"{inner[0]} 空着"
            case "within":
                return f"{inner[0]} 属于{inner[1]}"
        return f"{'、'.join(inner)} 的{_MADE_OF.get(node.function, node.function)}"


def _is_minus(node: Node) -> bool:
    """The left operand that a leading minus is parsed with."""
    return isinstance(node, Number) and node.text == ""
