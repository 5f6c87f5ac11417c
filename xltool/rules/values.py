"""Numbers in rules: a value with the cells it comes from, and whether it is blank or missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from xltool.model import Place

ZERO = Decimal(0)


class Leaf(NamedTuple):
    """One cell that an expression reads. `place` leads to its sheet and address; `prior`: last year's."""

    prior: bool
    place: Place
    value: Decimal | None


@dataclass(slots=True)
class Quantity:
    """The value of an arithmetic expression.

    `blank`: no cell of it is filled (its value then counts as 0); `missing`: it is blank and nothing shows
    that zero was meant.
    """

    value: Decimal
    blank: bool
    missing: bool
    leaves: tuple[Leaf, ...] = ()


def multiply(parts: list[Quantity], operators: list[str]) -> Quantity:
    leaves = tuple(leaf for part in parts for leaf in part.leaves)
    missing = any(part.missing for part in parts)
    blank = all(part.blank for part in parts if part.leaves)
    value = parts[0].value
    for operator, part in zip(operators, parts[1:], strict=True):
        if operator == "*":
            value *= part.value
        elif part.value == 0:
            return Quantity(ZERO, blank, True, leaves)
        else:
            value /= part.value
    return Quantity(value, blank, missing, leaves)


def apply_function(name: str, parts: list[Quantity]) -> Quantity:
    leaves = tuple(leaf for part in parts for leaf in part.leaves)
    blank = all(part.blank for part in parts)
    missing = any(part.missing for part in parts)
    values = [part.value for part in parts]
    match name:
        case "abs":
            value = abs(values[0])
        case "round":
            places = int(values[1]) if len(values) > 1 else 2
            value = values[0].quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        case "min":
            value = min(values)
        case _:
            value = max(values)
    return Quantity(value, blank, missing, leaves)


def holds(operator: str, difference: Decimal) -> bool:
    """Whether `left operator right` is true, by their difference."""
    match operator:
        case "=":
            return difference == 0
        case "<>":
            return difference != 0
        case "<=":
            return difference <= 0
        case ">=":
            return difference >= 0
        case "<":
            return difference < 0
    return difference > 0
