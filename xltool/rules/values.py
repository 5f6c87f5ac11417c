"""Numbers in rules: a value with the cells it comes from, and whether it is blank or missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from xltool.core.amounts import convert, decimals
from xltool.core.places import Place

ZERO = Decimal(0)
HALF_CENT = Decimal("0.005")
PRINTED_DECIMALS = 2


class Leaf(NamedTuple):
    """One cell that an expression reads. `place` leads to its sheet and address; `prior`: last year's.

    `sign` is +1 or -1 where the cell is added or subtracted, 0 where it enters in another way. What stands
    in an external table, or in another workbook of the unit, is `external`, and `prior` too: it is in no sheet of
    this workbook. `half`: how far it may be off where it was rounded
    in another money unit than the report's (None: it counts as the report's own figures do).
    """

    prior: bool
    place: Place
    value: Decimal | None
    sign: int = 1
    external: bool = False
    half: Decimal | None = None


class Quantity:
    """The value of an arithmetic expression.

    `blank`: no cell of it is filled (its value then counts as 0). `absent`: a whole table or level that it
    needs is not there. `unshown`: all addends of a sum are blank and nothing shows that zero was meant.
    `unlisted`: a level of a list of which there are no rows is part of it: there is no cell to be blank.
    """

    __slots__ = ("_leaves", "absent", "blank", "unlisted", "value")

    def __init__(
        self,
        value: Decimal,
        blank: bool,
        absent: bool,
        leaves: tuple[Leaf, ...] | None = (),
        unlisted: bool = False,
    ) -> None:
        self.value, self.blank, self.absent = value, blank, absent
        self._leaves, self.unlisted = leaves, unlisted

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The cells that it comes from."""
        if self._leaves is None:
            self._leaves = tuple(self._made_of())
        return self._leaves

    def _made_of(self) -> Iterable[Leaf]:
        """The cells of one that was made without them."""
        return ()

    @property
    def unshown(self) -> bool:
        """Of a sum: see above."""
        return False

    @property
    def missing(self) -> bool:
        """The value is not known: it must not be taken for zero."""
        return self.absent or (self.blank and self.unshown)


def unsigned(parts: list[Quantity]) -> tuple[Leaf, ...]:
    """The cells of parts that are not simply added."""
    return tuple(leaf._replace(sign=0) for part in parts for leaf in part.leaves)


_LARGEST = Decimal(10) ** 18
"""No figure of a workbook is greater: it holds 15 digits. What is, counts as not known, like a quotient by zero."""


def multiply(parts: list[Quantity], operators: list[str]) -> Quantity:
    leaves = unsigned(parts)
    absent = any(part.missing for part in parts)
    blank = all(part.blank for part in parts if part.leaves)
    value = parts[0].value
    for operator, part in zip(operators, parts[1:], strict=True):
        if operator == "*":
            value *= part.value
        elif part.value != 0:
            value /= part.value
        if (operator == "/" and part.value == 0) or abs(value) > _LARGEST:
            return Quantity(ZERO, blank, True, leaves)
    return Quantity(value, blank, absent, leaves)


def apply_function(name: str, parts: list[Quantity]) -> Quantity:
    leaves = unsigned(parts)
    blank = all(part.blank for part in parts)
    absent = any(part.missing for part in parts)
    values = [part.value for part in parts]
    match name:
        case "abs":
            value = abs(values[0])
        case "round":
            places = max(-18, min(9, int(values[1]))) if len(values) > 1 else 2
            value = values[0].quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        case "min":
            value = min(values)
        case _:
            value = max(values)
    return Quantity(value, blank, absent, leaves)


_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": eq,
    "<>": ne,
    "<=": le,
    ">=": ge,
    "<": lt,
    ">": gt,
}


def comparing(operator: str) -> Callable[[Decimal, Decimal], bool]:
    """What an operator of a rule asks of two numbers."""
    return _HOLDS[operator]


def holds(operator: str, difference: Decimal) -> bool:
    """Whether `left operator right` is true, by their difference."""
    return _HOLDS[operator](difference, ZERO)


def half_of(value: Decimal, unit: str, own: str) -> Decimal | None:
    """How far a figure, in `unit`, may be off that was rounded in another money unit than the report's own."""
    if unit == own:
        return None
    rounded = unit == "万元" and decimals(value) <= PRINTED_DECIMALS
    return convert(HALF_CENT, unit, own) if rounded else ZERO
