"""The functions that are recalculated, as Excel defines them.

Each takes the evaluator and the parts between its brackets. The tests hold every one of them against
LibreOffice; where programs differ, `guards` or CalculationError keeps the result from being believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from xltool.ooxml.calc.calculation import Args, Calculation, Function, added, raise_errors
from xltool.ooxml.calc.calcvalues import (
    CalculationError,
    Failed,
    Plain,
    as_number,
    as_text,
    as_truth,
    joined,
)
from xltool.ooxml.calc.criteriafunctions import count_if, sum_if, sum_ifs
from xltool.ooxml.calc.products import sum_product
from xltool.ooxml.calc.tree import ExpressionNode
from xltool.ooxml.read.values import CellError, from_float

# --- Totals ------------------------------------------------------------------------------------


def _numbers(calc: Calculation, args: Args) -> Iterator[float]:
    """The numbers that are added up: those of ranges, and single values as numbers. Raises Failed."""
    for arg in args:
        if arg.kind == "ref":
            values = calc.inside(calc.places[arg.ref])
            raise_errors(values)
            yield from (value for value in values if type(value) is float)
        else:
            yield as_number(arg.value(calc))


def _total(calc: Calculation, args: Args) -> Plain:
    return added(_numbers(calc, args))


def _average(calc: Calculation, args: Args) -> Plain:
    numbers = list(_numbers(calc, args))
    if not numbers:
        raise Failed("#DIV/0!")
    return added(numbers) / len(numbers)


def _count(calc: Calculation, args: Args) -> Plain:
    found = 0
    for arg in args:
        if arg.kind == "blank":
            found += 1  # left out, it counts as a zero
            continue
        values = calc.inside(calc.places[arg.ref]) if arg.kind == "ref" else (calc.of(arg),)
        found += sum(type(value) is float for value in values)
    return float(found)


def _count_all(calc: Calculation, args: Args) -> Plain:
    return float(
        sum(len(calc.inside(calc.places[arg.ref])) if arg.kind == "ref" else 1 for arg in args)
    )


def _lowest(calc: Calculation, args: Args) -> Plain:
    return min(_numbers(calc, args), default=0.0)


def _highest(calc: Calculation, args: Args) -> Plain:
    return max(_numbers(calc, args), default=0.0)


# --- Conditions --------------------------------------------------------------------------------


def _if(calc: Calculation, args: Args) -> Plain:
    if as_truth(args[0].value(calc)):
        return _branch(calc, args[1])
    return _branch(calc, args[2]) if len(args) > 2 else False


def _if_error(calc: Calculation, args: Args) -> Plain:
    value = calc.of(args[0])
    return _branch(calc, args[1]) if isinstance(value, CellError) else value


def _branch(calc: Calculation, node: ExpressionNode) -> Plain:
    return 0.0 if node.kind == "blank" else node.value(calc)


def _truths(calc: Calculation, args: Args) -> list[bool]:
    """The conditions; blank cells are passed over. Raises CalculationError where none is left."""
    values = [(arg, arg.value(calc)) for arg in args]
    found = [as_truth(v) for arg, v in values if not (v is None and arg.kind == "ref")]
    if not found:
        raise CalculationError("条件都是空白，各软件结果不同")
    return found


def _and(calc: Calculation, args: Args) -> Plain:
    return all(_truths(calc, args))


def _or(calc: Calculation, args: Args) -> Plain:
    return any(_truths(calc, args))


def _not(calc: Calculation, args: Args) -> Plain:
    return not as_truth(args[0].value(calc))


def _is_blank(calc: Calculation, args: Args) -> Plain:
    return calc.of(args[0]) is None


def _is(kind: type) -> Callable[[Calculation, Args], Plain]:
    return lambda calc, args: type(calc.of(args[0])) is kind


# --- Numbers and texts -------------------------------------------------------------------------


def _abs(calc: Calculation, args: Args) -> Plain:
    return abs(as_number(args[0].value(calc)))


def _n(calc: Calculation, args: Args) -> Plain:
    value = args[0].value(calc)
    return 0.0 if isinstance(value, str) else as_number(value)


def _round(calc: Calculation, args: Args) -> Plain:
    """Half away from zero, of the 15 digits that are shown and not of the double."""
    value, digits = (as_number(arg.value(calc)) for arg in args)
    if abs(digits) > 20:
        raise CalculationError("舍入的位数太多")
    shown = from_float(value)
    exponent = shown.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return value  # it has no more digits than are asked for
    place = Decimal(1).scaleb(-int(digits))
    return float((shown / place).quantize(Decimal(1), ROUND_HALF_UP) * place)


def _text(calc: Calculation, node: ExpressionNode) -> str:
    """A text whose characters every program counts alike. Raises CalculationError, Failed."""
    text = as_text(node.value(calc))
    if text and max(text) > "\uffff":
        raise CalculationError("文本里有各软件计数不同的字")
    return text


def _size(calc: Calculation, args: Args, place: int) -> int:
    size = int(as_number(args[place].value(calc))) if len(args) > place else 1
    if size < 0:
        raise Failed("#VALUE!")
    return size


def _len(calc: Calculation, args: Args) -> Plain:
    return float(len(_text(calc, args[0])))


def _left(calc: Calculation, args: Args) -> Plain:
    return _text(calc, args[0])[: _size(calc, args, 1)]


def _right(calc: Calculation, args: Args) -> Plain:
    text = _text(calc, args[0])
    return text[max(0, len(text) - _size(calc, args, 1)) :]


def _mid(calc: Calculation, args: Args) -> Plain:
    text, first, size = _text(calc, args[0]), _size(calc, args, 1), _size(calc, args, 2)
    if not first:
        raise Failed("#VALUE!")
    return text[first - 1 : first - 1 + size]


def _concatenate(calc: Calculation, args: Args) -> Plain:
    return joined(as_text(arg.value(calc)) for arg in args)


def _exact(calc: Calculation, args: Args) -> Plain:
    one, other = (as_text(arg.value(calc)) for arg in args)
    return one == other


FUNCTIONS: dict[str, Function] = {
    "ABS": Function(_abs, 1, 1),
    "AND": Function(_and, 1),
    "AVERAGE": Function(_average, 1),
    "CONCATENATE": Function(_concatenate, 1),
    "COUNT": Function(_count, 1),
    "COUNTA": Function(_count_all, 1),
    "COUNTIF": Function(count_if, 2, 2),
    "COUNTIFS": Function(count_if, 2),
    "EXACT": Function(_exact, 2, 2),
    "IF": Function(_if, 2, 3),
    "IFERROR": Function(_if_error, 2, 2),
    "ISBLANK": Function(_is_blank, 1, 1),
    "ISERROR": Function(_is(CellError), 1, 1),
    "ISNUMBER": Function(_is(float), 1, 1),
    "ISTEXT": Function(_is(str), 1, 1),
    "LEFT": Function(_left, 1, 2),
    "LEN": Function(_len, 1, 1),
    "MAX": Function(_highest, 1),
    "MID": Function(_mid, 3, 3),
    "MIN": Function(_lowest, 1),
    "N": Function(_n, 1, 1),
    "NOT": Function(_not, 1, 1),
    "OR": Function(_or, 1),
    "RIGHT": Function(_right, 1, 2),
    "ROUND": Function(_round, 2, 2),
    "SUM": Function(_total, 1),
    "SUMIF": Function(sum_if, 2, 3),
    "SUMIFS": Function(sum_ifs, 3),
    "SUMPRODUCT": Function(sum_product, 1),
}
"""By name. What is not here is never recalculated."""
