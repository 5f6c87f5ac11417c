"""The functions that are recalculated, as Excel defines them.

Each takes the evaluator and the parts between its brackets. The tests hold every one of them against
LibreOffice; where programs differ, `guards` or CalculationError keeps the result from being believed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import compress
from typing import Any, NamedTuple, Protocol, TypeAlias

from xltool.ooxml.calc.calcvalues import (
    CalculationError,
    Failed,
    Offset,
    Plain,
    as_number,
    as_text,
    as_truth,
    joined,
)
from xltool.ooxml.calc.columns import LONG
from xltool.ooxml.calc.criteria import criterion
from xltool.ooxml.calc.expression import ExpressionNode, SheetArea
from xltool.ooxml.calc.ranges import Ranges
from xltool.ooxml.read.values import CellError, from_float

_REMEMBERED = 1024
"""Places of a range up to which it is remembered which of them fulfil a criterion."""

_MOST = 64
"""Arguments of a function without a limit of its own that anybody writes; Excel takes 255."""


class Calculation(Ranges, Protocol):
    """What functions ask of the evaluator, and guards after it."""

    def place(self, node: ExpressionNode) -> SheetArea:
        """Where a reference leads."""

    def value(self, node: ExpressionNode) -> Plain:
        """The value of a part. Raises Failed where it is an error."""

    def of(self, node: ExpressionNode) -> Plain:
        """The value of a part, errors too. Raises CalculationError."""

    def once(self, key: tuple[Any, ...], job: Callable[[], Any]) -> Any:
        """What `job` gives, worked out once for all formulas that ask with this key."""


Args: TypeAlias = tuple[ExpressionNode, ...]


class Function(NamedTuple):
    """What works a function out, and how many arguments it takes."""

    work: Callable[[Calculation, Args], Plain]
    least: int
    most: int = _MOST


# --- Totals ------------------------------------------------------------------------------------


def _numbers(calc: Calculation, args: Args) -> Iterator[float]:
    """The numbers that are added up: those of ranges, and single values as numbers. Raises Failed."""
    for arg in args:
        if arg.kind == "ref":
            values = calc.inside(*calc.place(arg))
            _raise_errors(values)
            yield from (value for value in values if type(value) is float)
        else:
            yield as_number(calc.value(arg))


def _raise_errors(values: Iterable[Plain]) -> None:
    codes = {value.code for value in values if isinstance(value, CellError)}
    if len(codes) > 1:
        raise CalculationError("区域里有几种错误值")
    if codes:
        raise Failed(codes.pop())


def _added(numbers: Iterable[float]) -> float:
    """A sum as programs make it, one after the other: what noise it has tells the guards to be careful.

    Not `sum`, which from Python 3.12 on makes up for the noise. Raises Failed when it is too large.
    """
    total = 0.0
    for number in numbers:
        total += number
    if not math.isfinite(total):
        raise Failed("#NUM!")
    return total


def _total(calc: Calculation, args: Args) -> Plain:
    return _added(_numbers(calc, args))


def _average(calc: Calculation, args: Args) -> Plain:
    numbers = list(_numbers(calc, args))
    if not numbers:
        raise Failed("#DIV/0!")
    return _added(numbers) / len(numbers)


def _count(calc: Calculation, args: Args) -> Plain:
    found = 0
    for arg in args:
        if arg.kind == "blank":
            found += 1  # left out, it counts as a zero
            continue
        values = calc.inside(*calc.place(arg)) if arg.kind == "ref" else (calc.of(arg),)
        found += sum(type(value) is float for value in values)
    return float(found)


def _count_all(calc: Calculation, args: Args) -> Plain:
    return float(
        sum(len(calc.inside(*calc.place(arg))) if arg.kind == "ref" else 1 for arg in args)
    )


def _lowest(calc: Calculation, args: Args) -> Plain:
    return min(_numbers(calc, args), default=0.0)


def _highest(calc: Calculation, args: Args) -> Plain:
    return max(_numbers(calc, args), default=0.0)


# --- Criteria ----------------------------------------------------------------------------------


def _chosen(
    calc: Calculation,
    pairs: Sequence[tuple[ExpressionNode, ExpressionNode]],
    extra: Sequence[ExpressionNode],
) -> _Choice:
    """Which places of the ranges fulfil all criteria; `extra` ranges must be reached as well."""
    (first, written), *more = pairs
    looked_at = calc.place(first)
    height, width = _shape(looked_at)
    if any(_shape(calc.place(other)) != (height, width) for other, _ in more):
        raise Failed("#VALUE!")
    rows, columns = height, width
    if height * width > _REMEMBERED:
        ranges = (*(node for node, _ in pairs), *extra)
        reached = [calc.reach(*calc.place(node)) for node in ranges]
        rows, columns = (max(sizes) for sizes in zip(*reached, strict=True))
    chosen, beyond = _fulfilled(calc, looked_at, calc.value(written), rows, columns)
    for other, written in more:
        matches = criterion(calc.value(written)).matcher()
        beyond = beyond and matches(None)
        cells = calc.picked(*calc.place(other), chosen)
        chosen = [place for place, cell in zip(chosen, cells, strict=True) if matches(cell)]
    return _Choice(chosen, height * width - rows * columns if beyond else 0)


def _fulfilled(
    calc: Calculation, looked_at: SheetArea, written: Plain, rows: int, columns: int
) -> tuple[Sequence[Offset], bool]:
    """Which of so many rows and columns of a range fulfil a criterion, and whether blank places do.

    The formulas of a row ask this of the same codes, one after the other.
    """

    wanted, key = criterion(written), (looked_at, type(written), written)
    if looked_at.area.size > LONG:
        found = calc.once(("equal", *key), lambda: calc.equal(*looked_at, wanted))
        if found is not None:
            return found, False

    def job() -> tuple[Sequence[Offset], bool]:
        matches = wanted.matcher()
        beyond = matches(None)
        if not beyond:
            filled = calc.filled(*looked_at)
            return [place for place, cell in filled if matches(cell)], beyond
        every = calc.every(rows, columns)
        cells = calc.picked(*looked_at, every)
        return list(compress(every, map(matches, cells))), beyond

    if rows * columns > _REMEMBERED:
        return job()
    result: tuple[Sequence[Offset], bool] = calc.once(("fulfilled", *key), job)
    return result


class _Choice(NamedTuple):
    """`chosen` places; `beyond` them, so many blank ones are chosen too."""

    chosen: Sequence[Offset]
    beyond: int


def _shape(place: SheetArea) -> tuple[int, int]:
    area = place.area
    return area.bottom - area.top + 1, area.right - area.left + 1


def _pairs(args: Args) -> list[tuple[ExpressionNode, ExpressionNode]]:
    if len(args) % 2:
        raise CalculationError("条件不成对")
    return list(zip(args[::2], args[1::2], strict=True))


def _count_if(calc: Calculation, args: Args) -> Plain:
    choice = _chosen(calc, _pairs(args), ())
    return float(len(choice.chosen) + choice.beyond)


def _sum_if(calc: Calculation, args: Args) -> Plain:
    looked_at, written = args[:2]
    return _sum_chosen(calc, [(looked_at, written)], args[2] if len(args) > 2 else looked_at)


def _sum_ifs(calc: Calculation, args: Args) -> Plain:
    summed, *rest = args
    if _shape(calc.place(summed)) != _shape(calc.place(rest[0])):
        raise Failed("#VALUE!")
    return _sum_chosen(calc, _pairs(tuple(rest)), summed)


def _sum_chosen(
    calc: Calculation,
    pairs: Sequence[tuple[ExpressionNode, ExpressionNode]],
    summed: ExpressionNode,
) -> Plain:
    choice = _chosen(calc, pairs, (summed,))
    values = calc.picked(*calc.place(summed), choice.chosen)
    _raise_errors(values)
    return _added(value for value in values if type(value) is float)


# --- Conditions --------------------------------------------------------------------------------


def _if(calc: Calculation, args: Args) -> Plain:
    if as_truth(calc.value(args[0])):
        return _branch(calc, args[1])
    return _branch(calc, args[2]) if len(args) > 2 else False


def _if_error(calc: Calculation, args: Args) -> Plain:
    value = calc.of(args[0])
    return _branch(calc, args[1]) if isinstance(value, CellError) else value


def _branch(calc: Calculation, node: ExpressionNode) -> Plain:
    return 0.0 if node.kind == "blank" else calc.value(node)


def _truths(calc: Calculation, args: Args) -> list[bool]:
    """The conditions; blank cells are passed over. Raises CalculationError where none is left."""
    values = [(arg, calc.value(arg)) for arg in args]
    found = [as_truth(v) for arg, v in values if not (v is None and arg.kind == "ref")]
    if not found:
        raise CalculationError("条件都是空白，各软件结果不同")
    return found


def _and(calc: Calculation, args: Args) -> Plain:
    return all(_truths(calc, args))


def _or(calc: Calculation, args: Args) -> Plain:
    return any(_truths(calc, args))


def _not(calc: Calculation, args: Args) -> Plain:
    return not as_truth(calc.value(args[0]))


def _is_blank(calc: Calculation, args: Args) -> Plain:
    return calc.of(args[0]) is None


def _is(kind: type) -> Callable[[Calculation, Args], Plain]:
    return lambda calc, args: type(calc.of(args[0])) is kind


# --- Numbers and texts -------------------------------------------------------------------------


def _abs(calc: Calculation, args: Args) -> Plain:
    return abs(as_number(calc.value(args[0])))


def _n(calc: Calculation, args: Args) -> Plain:
    value = calc.value(args[0])
    return 0.0 if isinstance(value, str) else as_number(value)


def _round(calc: Calculation, args: Args) -> Plain:
    """Half away from zero, of the 15 digits that are shown and not of the double."""
    value, digits = (as_number(calc.value(arg)) for arg in args)
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
    text = as_text(calc.value(node))
    if text and max(text) > "\uffff":
        raise CalculationError("文本里有各软件计数不同的字")
    return text


def _size(calc: Calculation, args: Args, place: int) -> int:
    size = int(as_number(calc.value(args[place]))) if len(args) > place else 1
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
    return joined(as_text(calc.value(arg)) for arg in args)


def _exact(calc: Calculation, args: Args) -> Plain:
    one, other = (as_text(calc.value(arg)) for arg in args)
    return one == other


FUNCTIONS: dict[str, Function] = {
    "ABS": Function(_abs, 1, 1),
    "AND": Function(_and, 1),
    "AVERAGE": Function(_average, 1),
    "CONCATENATE": Function(_concatenate, 1),
    "COUNT": Function(_count, 1),
    "COUNTA": Function(_count_all, 1),
    "COUNTIF": Function(_count_if, 2, 2),
    "COUNTIFS": Function(_count_if, 2),
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
    "SUMIF": Function(_sum_if, 2, 3),
    "SUMIFS": Function(_sum_ifs, 3),
}
"""By name. What is not here is never recalculated."""
