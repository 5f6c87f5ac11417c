"""Which cell of a few equations is the suspect: by hand-made comparisons, without a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from xltool.checks.diagnosis.equations import System
from xltool.checks.diagnosis.model import WrongCell
from xltool.checks.diagnosis.wrongcell import wrong_cells
from xltool.core.places import FieldPlace, Place
from xltool.rules.judging import judge
from xltool.rules.model import Level, Part, Result, Rule, Variables
from xltool.rules.syntax import Number
from xltool.rules.values import Leaf, Quantity

ZERO = Decimal(0)
NOTHING = Part((), None, Number(ZERO, "0"), "", "exact")


def place(name: str) -> Place:
    return FieldPlace("表", 0, (name,))


@dataclass
class Figures:
    """Cells of which all are plain figures; `beside` are those that may have been copied by mistake."""

    beside: Mapping[str, Decimal] = field(default_factory=dict)
    unseen: bool = False

    def is_formula(self, place: Place) -> bool:
        return False

    def is_changed(self, place: Place) -> bool:
        return False

    def is_text(self, place: Place) -> bool:
        return False

    def is_fault(self, place: Place) -> bool:
        return False

    def reads(self, place: Place, others: Iterable[Place]) -> bool:
        return False

    def neighbours(self, place: Place, *, peers: bool = False) -> Iterable[tuple[str, Decimal]]:
        name = str(place[2][0])
        return [("上一行", self.beside[name])] if name in self.beside else []


Values = Mapping[str, int | None]


def side(names: str, values: Values) -> Quantity:
    """A sum of cells, as in "a b"; "-c" is taken off."""
    leaves = []
    total = ZERO
    for name in names.split():
        sign, bare = (-1, name[1:]) if name.startswith("-") else (1, name)
        value = values[bare]
        figure = None if value is None else Decimal(value)
        leaves.append(Leaf(False, place(bare), figure, sign))
        total += sign * (figure or ZERO)
    return Quantity(total, all(leaf.value is None for leaf in leaves), False, tuple(leaves))


def compared(text: str, values: Values, level: Level = "error") -> Result:
    """A comparison such as "a b = c", evaluated."""
    operator = next(op for op in ("<=", "=") if f" {op} " in text)
    left, right = (side(names, values) for names in text.split(f" {operator} "))
    rule = Rule(text, text, level, "", (None, None), (NOTHING,), None, None, "")
    outcome = judge(left, operator, right, ZERO)
    return Result(rule, NOTHING, Variables({}, {}), outcome, operator, left, right)


def suspects(
    values: Values,
    *rules: str,
    warnings: Iterable[str] = (),
    beside: Mapping[str, Decimal] | None = None,
) -> list[WrongCell]:
    """The suspects of rules that must hold, and of such that are to be looked at only."""
    results = [compared(text, values) for text in rules]
    results += [compared(text, values, "warning") for text in warnings]
    failed = {n for n, result in enumerate(results) if result.outcome == "不符"}
    return wrong_cells(System(results, Figures(beside or {})), results, failed)


def names(found: list[WrongCell]) -> list[tuple[str, Decimal]]:
    return [(str(cell.place[2][0]), cell.right) for cell in found]


def test_the_cell_where_two_broken_sums_cross_is_the_suspect() -> None:
    values = {"a": 5, "b": 1, "c": 2, "t": 4, "u": 5}
    found = suspects(values, "a b = t", "a c = u")
    assert names(found) == [("a", Decimal(3))]
    assert found[0].mends == (0, 1)


def test_of_the_cells_of_one_broken_sum_none_is() -> None:
    assert suspects({"a": 50, "b": 10, "t": 35}, "a b = t") == []


def test_what_mends_as_much_and_breaks_a_mere_warning_is_no_rival_to_two_witnesses() -> None:
    """Both a and d are in both sums that fail; d would break what has to be looked at."""
    values = {"a": 5, "d": 1, "t": 4, "u": 4, "e": 1}
    found = suspects(values, "a d = t", "d a = u", warnings=["d = e"])
    assert names(found) == [("a", Decimal(3))]


def test_but_to_a_single_witness_it_is() -> None:
    values = {"a": 5, "t": 4, "e": 4}
    assert suspects(values, "a = t", warnings=["t = e"]) == []


@pytest.mark.parametrize("text", ["x y = a", "a <= x"])
def test_a_change_that_breaks_what_holds_is_not_advised(text: str) -> None:
    values = {"a": 5, "b": 1, "c": 1, "t": 7, "u": 7, "x": 5, "y": 0}
    assert suspects(values, "a b = t", "a c = u", text) == []


def test_nor_is_one_that_makes_a_figure_negative_unless_its_sign_alone_is_wrong() -> None:
    values = {"a": 1, "b": 1, "c": 1, "t": -4, "u": -4}
    assert suspects(values, "a b = t", "a c = u") == []
    values |= {"a": 5, "b": 1, "c": 1}
    assert names(suspects(values, "a b = t", "a c = u")) == [("a", Decimal(-5))]


def test_a_figure_may_become_exactly_zero() -> None:
    values = {"a": 5, "b": 1, "c": 1, "t": 1, "u": 1}
    assert names(suspects(values, "a b = t", "a c = u")) == [("a", ZERO)]


def test_of_two_that_explain_as_much_the_one_with_a_slip_of_the_pen_is_named() -> None:
    values = {"a": 123, "b": 140}
    assert suspects(values, "a = b") == []
    assert names(suspects(values, "a = b", beside={"a": Decimal(123)})) == [("a", Decimal(140))]


def test_an_inequality_alone_asks_for_no_figure() -> None:
    assert suspects({"a": 5, "b": 3}, "a <= b") == []


def test_two_slips_are_told_one_after_the_other() -> None:
    values = {"a": 5, "b": 1, "c": 2, "t": 4, "u": 5, "k": 9, "l": 1, "m": 2, "v": 3, "w": 4}
    found = suspects(values, "a b = t", "a c = u", "k l = v", "k m = w")
    assert dict(names(found)) == {"a": Decimal(3), "k": Decimal(2)}


def test_a_correction_has_to_hold_by_itself_too() -> None:
    """The two slips make up for each other in one sum, which neither correction alone lets hold."""
    values = {"a": 50, "b": 10, "c": 20, "t": 47, "u": 57, "s": 60}
    values |= {"k": 10, "l": 10, "m": 20, "v": 33, "w": 43}
    rules = ["a b = t", "a c = u", "k l = v", "k m = w"]
    assert dict(names(suspects(values, *rules))) == {"a": Decimal(37), "k": Decimal(23)}
    assert suspects(values, *rules, "a k = s") == []


def test_what_one_correction_mends_no_other_may_break() -> None:
    values = {"a": 50, "k": 11, "t": 48, "c": 20, "u": 57, "d": 30, "x": 67}
    values |= {"l": 10, "m": 20, "v": 34, "w": 44}
    found = suspects(values, "a k = t", "a c = u", "a d = x", "k l = v", "k m = w")
    assert names(found) == [("a", Decimal(37))]
