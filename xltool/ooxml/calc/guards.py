"""Where a recalculated formula could differ from Excel, and how to tell that it does not.

The evaluator works on plain doubles and takes one view of mixed types; programs have several. A formula
passes when its functions are known and none of the places below is near one of the differences:

- ranges where a single value is needed (Excel would intersect or spill);
- comparisons of numbers that differ by less than 1e-9 (Excel compares 15 digits);
- conditions that are almost zero, or text;
- numbers joined to text that programs write differently;
- text in arithmetic that Excel might read as a number;
- truth values in sums, counts and criteria;
- divisors that are almost zero;
- criteria that Excel reads as numbers or dates.

What stands in a SUMPRODUCT is looked at in the same way, at one place of its ranges after the other.

Where Excel and LibreOffice are known to differ, Excel's value is taken, and said to be so (`Differs`): wildcards
never fit a number, a text is equal to the number that it reads as, a lone `*` fits every text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from xltool.ooxml.calc.calculation import Calculation
from xltool.ooxml.calc.calcvalues import Plain, close_to, settled_text
from xltool.ooxml.calc.criteriaguards import ODD, criterion_fault, gravest
from xltool.ooxml.calc.products import PRODUCT, at_each_place
from xltool.ooxml.calc.tree import ExpressionNode, SheetArea

_WHOLE_RANGES = {"SUM", "COUNT", "MAX", "MIN", "AVERAGE"}
_CRITERIA = {"SUMIF": (0, False), "COUNTIF": (0, False), "SUMIFS": (1, True), "COUNTIFS": (0, True)}
"""Where the first range of a criterion stands, and whether more pairs may follow."""

_TEXT_FUNCTIONS = {"LEN", "LEFT", "RIGHT", "MID", "CONCATENATE", "EXACT"}
_LOGICAL = {"AND", "OR", "NOT"}
_TRUTH = _LOGICAL | {"ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "EXACT"}
_COUNTS = {"COUNT", "COUNTA", "COUNTIF", "COUNTIFS", "LEN"}
_NUMERIC = _COUNTS | _WHOLE_RANGES | {"SUMIF", "SUMIFS", "ROUND", "ABS", "N", PRODUCT}
_ARITHMETIC = {"+", "-", "*", "/", "^", "%"}

_INTEGER = re.compile(r"[0-9]{1,15}")


class Check(NamedTuple):
    """What needs looking at once a formula is worked out: `test` takes the calculation and the parts."""

    test: Callable[..., str | None]
    parts: tuple[ExpressionNode, ...]


def checks(tree: ExpressionNode) -> tuple[Check, ...]:
    """What `fault` looks at in a formula, each thing once."""
    return tuple(dict.fromkeys(_checks_below(tree)))


def _checks_below(tree: ExpressionNode) -> Iterator[Check]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.name == PRODUCT:
            yield from _product_checks(node.args)
        else:
            yield from _checks_of(node)
            waiting += reversed(node.args)


def _product_checks(args: tuple[ExpressionNode, ...]) -> Iterator[Check]:
    """What is looked at in a SUMPRODUCT: truth values in its ranges, and the rest at each place of them."""
    yield Check(_truth_fault, tuple(arg for arg in args if arg.kind == "ref"))
    if inner := tuple(dict.fromkeys(check for arg in args for check in _checks_below(arg))):
        yield Check(partial(_place_fault, inner), args)


def _checks_of(node: ExpressionNode) -> Iterator[Check]:
    name, args = node.name, node.args
    if name in _CRITERIA:
        yield from _criteria_checks(node)
    elif node.is_comparison:
        if not _exact_comparison(node):
            yield Check(_equality_fault if name in ("=", "<>") else _order_fault, args)
    elif name == "&" or name in _TEXT_FUNCTIONS:
        yield from _unless(_is_text, _text_fault, args)
    elif name == "/" and args[1].kind != "number":
        yield Check(_division_fault, args)
    elif name in _ARITHMETIC:
        yield from _unless(_is_numeric, _arithmetic_fault, args)
    elif name in ("ABS", "ROUND"):
        yield Check(_arithmetic_fault, args)
    elif name in _LOGICAL or name == "IF":
        yield from _unless(_is_truth, _condition_fault, args[:1] if name == "IF" else args)
    elif name in _WHOLE_RANGES:
        ranges = tuple(arg for arg in args if arg.kind == "ref")
        single = tuple(arg for arg in args if arg.kind != "ref")
        yield from _unless(_is_numeric, _counted_fault, single)
        yield Check(_truth_fault, ranges)


def _unless(
    harmless: Callable[[ExpressionNode], bool],
    test: Callable[..., str | None],
    args: tuple[ExpressionNode, ...],
) -> Iterator[Check]:
    """A test of those of some parts that might not be harmless."""
    if parts := tuple(arg for arg in args if not harmless(arg)):
        yield Check(test, parts)


def _criteria_checks(node: ExpressionNode) -> Iterator[Check]:
    first, several = _CRITERIA[node.name]
    pairs = list(zip(node.args[first::2], node.args[first + 1 :: 2], strict=False))
    for pair in pairs if several else pairs[:1]:
        yield Check(_criterion_fault, pair)
    if node.name.startswith("SUM"):
        at = 2 if node.name == "SUMIF" and len(node.args) > 2 else 0
        yield Check(_truth_fault, node.args[at : at + 1])


def _is_text(node: ExpressionNode) -> bool:
    return node.kind == "text"


def _is_truth(node: ExpressionNode) -> bool:
    return node.kind == "bool" or node.is_comparison or node.name in _TRUTH


def _is_numeric(node: ExpressionNode) -> bool:
    if node.kind == "number":
        return True
    return node.name in _NUMERIC if node.kind == "call" else node.name in _ARITHMETIC


def _exact_comparison(node: ExpressionNode) -> bool:
    """True when no noise of doubles can decide: texts, or counts against whole numbers."""
    left, right = node.args
    if node.name in ("=", "<>") and "text" in (left.kind, right.kind):
        return '""' in (left.text, right.text)
    return all(
        side.name in _COUNTS or (side.kind == "number" and _INTEGER.fullmatch(side.text))
        for side in node.args
    )


def fault(found: Iterable[Check], calc: Calculation) -> str | None:
    """Why the recalculated value of a formula is not certain, None when it is; `Differs` when it is Excel's only."""
    return gravest(test(calc, *parts) for test, parts in found)


def _place_fault(found: tuple[Check, ...], calc: Calculation, *parts: ExpressionNode) -> str | None:
    return gravest(at_each_place(calc, parts, lambda: fault(found, calc)))


def _values(calc: Calculation, parts: Iterable[ExpressionNode]) -> list[Plain]:
    """What parts make; where one cannot be worked out, no fault of another is told."""
    return [calc.of(part) for part in parts]


def _equality_fault(calc: Calculation, *parts: ExpressionNode) -> str | None:
    left, right = map(calc.of, parts)
    if isinstance(left, str) and isinstance(right, str):
        alike = left != right and left.casefold() == right.casefold()
        return "比较的文本只差大小写" if alike and not (left + right).isascii() else None
    return _nearness_fault(left, right)


def _order_fault(calc: Calculation, *parts: ExpressionNode) -> str | None:
    left, right = map(calc.of, parts)
    if isinstance(left, str) and isinstance(right, str):
        return "比较文本的先后，各软件结果不同"
    return _nearness_fault(left, right)


def _nearness_fault(left: Plain, right: Plain) -> str | None:
    if isinstance(left, bool) != isinstance(right, bool):
        return "比较的两边一边是逻辑值"
    left, right = (0.0 if value is None else value for value in (left, right))
    if isinstance(left, float) and isinstance(right, float) and close_to(left, right):
        return "比较的两个数几乎相等，各软件结果不同"
    return None


def _text_fault(calc: Calculation, *parts: ExpressionNode) -> str | None:
    for value in _values(calc, parts):
        if type(value) is bool:
            return "逻辑值转成文本，各软件结果不同"
        if type(value) is float and not _plain_as_text(value):
            return "数值转成文本，各软件结果不同"
    return None


def _plain_as_text(value: float) -> bool:
    """True for a number that everybody writes alike."""
    size = abs(value)
    short = float(f"{value:.15g}") == value
    return value == 0 or (short and 1e-4 <= size < 1e11)


def _division_fault(calc: Calculation, *parts: ExpressionNode) -> str | None:
    divisor = calc.of(parts[-1])
    if isinstance(divisor, float) and close_to(divisor, 0.0):
        return "除数几乎为零，各软件结果不同"
    return _arithmetic_fault(calc, *parts)


def _arithmetic_fault(calc: Calculation, *parts: ExpressionNode) -> str | None:
    for value in _values(calc, parts):
        if isinstance(value, str) and not settled_text(value):
            return "文本参加计算，各软件结果不同"
    return None


def _condition_fault(calc: Calculation, *parts: ExpressionNode) -> str | None:
    for value in _values(calc, parts):
        if isinstance(value, str):
            return "条件是文本，各软件结果不同"
        if isinstance(value, float) and close_to(value, 0.0):
            return "条件几乎为零，各软件结果不同"
    return None


def _counted_fault(calc: Calculation, *parts: ExpressionNode) -> str | None:
    if any(isinstance(value, (str, bool)) for value in _values(calc, parts)):
        return "统计的参数是文本或逻辑值"
    return None


def _truth_fault(calc: Calculation, *ranges: ExpressionNode) -> str | None:
    if any(_has_truth(calc.places[each.ref], calc) for each in ranges):
        return "统计的区域里有逻辑值"
    return None


def _has_truth(place: SheetArea, calc: Calculation) -> bool:
    """True when a range holds a truth value; what its columns hold is asked first, as they are known."""
    facts = calc.facts(place)
    if facts is not None and not any(bool in known.kinds for known in facts):
        return False
    return bool in map(type, calc.inside(place))


def _criterion_fault(
    calc: Calculation, area: ExpressionNode, written: ExpressionNode
) -> str | None:
    found = criterion_fault(area, calc.of(written), calc)
    return f"{_criterion_words(written, calc)}{found}" if found in ODD else found


def _criterion_words(written: ExpressionNode, calc: Calculation) -> str:
    """The criterion, and the cells that it is made of."""
    cells = [node for node in written.walk() if node.kind == "ref"]
    from_cells = (
        f"（取自 {'、'.join(str(calc.places[node.ref].area) for node in cells)}）" if cells else ""
    )
    return f"条件“{calc.of(written)}”{from_cells}"
