"""Which functions of a formula can be recalculated, and where ranges may stand in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xltool.ooxml.calc.expression import UnsupportedError
from xltool.ooxml.calc.functions import FUNCTIONS
from xltool.ooxml.calc.products import BY_PLACE, PRODUCT
from xltool.ooxml.calc.tree import ExpressionNode

_ALL_RANGES = {"SUM", "COUNT", "COUNTA", "MAX", "MIN", "AVERAGE"}
_RANGE_PLACES: dict[str, Callable[[int], bool]] = {
    "SUMIF": lambda place: place in (0, 2),
    "COUNTIF": lambda place: place == 0,
    "SUMIFS": lambda place: place == 0 or place % 2 == 1,
    "COUNTIFS": lambda place: place % 2 == 0,
}


def require_shape(tree: ExpressionNode, single: Sequence[bool]) -> None:
    """Raise UnsupportedError for functions not certified and ranges in place of values.

    `single` tells of each reference whether it is a single cell.
    """
    waiting = [(tree, False)]
    while waiting:
        node, by_place = waiting.pop()
        if node.kind == "ref" and not single[node.ref] and not by_place:
            raise UnsupportedError("公式把区域用在只能有一个值的位置")
        if node.kind == "call":
            _require_function(node.name, by_place)
        inside = by_place or node.name == PRODUCT
        for place, arg in reversed(list(enumerate(node.args))):
            is_range = _takes_range(node, place)
            if is_range and arg.kind != "ref" and node.name in _RANGE_PLACES:
                raise UnsupportedError(f"函数 {node.name} 的区域不是直接引用")
            if not is_range or arg.kind != "ref":
                waiting.append((arg, inside))


def _require_function(name: str, by_place: bool) -> None:
    """Raise UnsupportedError for a function that is not worked out, or not at each place of a SUMPRODUCT."""
    if name not in FUNCTIONS:
        told = name.removeprefix("_XLFN.").removeprefix("_XLWS.")
        raise UnsupportedError(f"函数 {told} 未经验证，不能复算")
    if by_place and name not in BY_PLACE:
        raise UnsupportedError(f"{PRODUCT} 里面的函数 {name} 不能复算")


def _takes_range(node: ExpressionNode, place: int) -> bool:
    if node.kind != "call":
        return False
    return node.name in _ALL_RANGES or (
        node.name in _RANGE_PLACES and _RANGE_PLACES[node.name](place)
    )
