"""What an expression becomes as an Excel formula: its value, and when that is blank or missing.

It mirrors `Quantity`: a value is blank when none of its cells is filled, and missing when it is not known, so
that it must not be taken for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from xltool.livechecks.areas import CellArea, filled, total

EMPTY, DECLARED = "空", "无数据"
"""States of a table: nothing is filled in; it says that it has no data, and has none."""


class Untranslatable(Exception):
    """An expression that no formula says; `str()` is the reason in Chinese."""


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """What shows that a blank among some cells is a zero: a figure in `columns`, or one of `declared` being true."""

    columns: tuple[CellArea, ...] = ()
    declared: tuple[str, ...] = ()


NOTHING = ShownTerm()


@dataclass(frozen=True, slots=True)
class Term:
    """A numeric expression.

    `areas` are its cells. It is blank when all of `counts` are zero; with None it never is. It is missing when one of
    `absent` is true, or `unshown`.
    """

    value: str
    areas: tuple[CellArea, ...] = ()
    counts: tuple[str, ...] | None = None
    absent: tuple[str, ...] = ()
    unshown: str = ""
    shown: ShownTerm = NOTHING

    @property
    def blank(self) -> str:
        """Whether it is blank."""
        if self.counts is None:
            return "FALSE"
        return f"{'+'.join(self.counts)}=0" if self.counts else "TRUE"

    @property
    def lacking(self) -> tuple[str, ...]:
        """What makes it missing, if any of them is true."""
        return (*self.absent, self.unshown) if self.unshown else self.absent

    @property
    def state(self) -> str:
        """有 or 空 (blank), with 缺 behind it when it is missing. An error in a cell makes it 有缺."""
        filled_word = f'IF({self.blank},"空","有")' if self.counts is not None else '"有"'
        missing = any_of(self.lacking)
        lacking_word = f'&IF({missing},"缺","")' if missing else ""
        return f'IFERROR({filled_word}{lacking_word},"有缺")'


def any_of(tests: Iterable[str]) -> str:
    """Whether one of them is true; "" for none at all."""
    found = list(dict.fromkeys(tests))
    return f"OR({','.join(found)})" if len(found) > 1 else "".join(found)


def all_of(tests: Iterable[str]) -> str:
    """Whether all of them are true; "" for none at all."""
    found = list(dict.fromkeys(tests))
    return f"AND({','.join(found)})" if len(found) > 1 else "".join(found)


def faulty(areas: Sequence[CellArea]) -> tuple[str, ...]:
    """Whether a text stands where a number should."""
    return ("+".join(area.faults for area in areas) + ">0",) if areas else ()


def simple(area: CellArea, absent: Iterable[str], shown: ShownTerm = NOTHING) -> Term:
    """A single cell, wherever its row is."""
    value = f"N({area.cells})" if area.plain and ":" not in area.cells else area.total
    lacking = (*absent, *faulty([area]))
    return Term(value, (area,), (area.filled,), lacking, "", shown)


def add(value: str, terms: Sequence[Term], known: Sequence[str]) -> Term:
    """Terms added up: all blank, the sum is missing unless something shows that zero was meant.

    `known`: truth values of which one suffices.
    """
    areas, absent, shown = merged(terms)
    counts: tuple[str, ...] | None = None
    if all(term.counts is not None for term in terms):
        counts = tuple(dict.fromkeys(c for term in terms for c in term.counts or ()))
    sum_of = Term(value, areas, counts, absent, "", shown)
    if counts is None or "TRUE" in known:
        return sum_of
    tests = [sum_of.blank, *(f"NOT({test})" for test in known)]
    if shown.columns:
        tests.append(f"{filled(shown.columns)}=0")
    tests += [f"NOT({test})" for test in shown.declared]
    return replace(sum_of, unshown=all_of(tests))


def merged(terms: Sequence[Term]) -> tuple[tuple[CellArea, ...], tuple[str, ...], ShownTerm]:
    """The areas of all terms, and without repetition what makes them absent, and shows zeros."""
    return (
        tuple(area for term in terms for area in term.areas),
        tuple(dict.fromkeys(test for term in terms for test in term.absent)),
        ShownTerm(
            tuple(dict.fromkeys(column for term in terms for column in term.shown.columns)),
            tuple(dict.fromkeys(test for term in terms for test in term.shown.declared)),
        ),
    )


def combine(value: str, terms: Sequence[Term], *, constants: bool) -> Term:
    """Terms that enter otherwise than by adding. `constants`: beside one, the result is never blank."""
    areas, _, shown = merged(terms)
    absent = tuple(dict.fromkeys(test for term in terms for test in term.lacking))
    counted = [term.counts for term in terms if constants or term.areas]
    counts: tuple[str, ...] | None = None
    if all(count is not None for count in counted):
        counts = tuple(dict.fromkeys(c for count in counted for c in count or ()))
    return Term(value, areas, counts, absent, "", shown)


@dataclass(frozen=True, slots=True)
class Group:
    """What a reference under `sum()` means: several cells or one expression. `known`: see `add`."""

    term: Term
    known: str = ""


def group(areas: Sequence[CellArea], absent: Iterable[str], shown: ShownTerm = NOTHING) -> Term:
    """Several cells."""
    counts = (filled(areas),) if areas else ()
    lacking = (*absent, *faulty(areas))
    return Term(total(areas), tuple(areas), counts, lacking, "", shown)
