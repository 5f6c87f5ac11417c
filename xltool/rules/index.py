"""The rows of a list by their codes, and its figures by columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.core.codes import CodeList
from xltool.core.model import CODE, Row
from xltool.core.places import Place
from xltool.rules.keys import RowKey

Figure = Decimal | None
"""A number, or None where nothing stands."""
UNKNOWN = Decimal("NaN")
"""Where something stands that is no figure: no number that is made with it is known, and nothing holds of it."""


@dataclass(slots=True)
class ListIndex:
    """A list's rows by code, and which levels and columns have any. `keys`: what rules call each row."""

    keys: Sequence[RowKey]
    rows: Sequence[Row]
    codes: CodeList | None
    faulty: Set[Place] = frozenset()
    by_code: dict[str, int] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    row_codes: list[str] = field(default_factory=list)
    parents: list[RowKey] = field(default_factory=list)
    """The rows above the deepest level of codes: many rules ask each of them."""
    _begun: dict[tuple[int, int], dict[str, list[int]]] = field(default_factory=dict)
    _below: dict[str, tuple[Sequence[int], bool]] = field(default_factory=dict)
    _figures: dict[str, list[Figure]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, row in enumerate(self.rows):
            code = str(row.get(CODE, ""))
            self.row_codes.append(code)
            if code and code not in self.by_code:
                self.by_code[code] = index
            self.lengths.add(len(code))
            self.columns.update(name for name, value in row.items() if isinstance(value, Decimal))
        deepest = self.codes.levels[-1] if self.codes else 0
        self.parents = [self.keys[n] for code, n in self.by_code.items() if len(code) < deepest]

    @property
    def flat_level(self) -> int | None:
        """The lowest level, where a list has rows of it alone: those above it are what these add up to."""
        lowest = self.codes.levels[-1] if self.codes else None
        return lowest if self.lengths == {lowest} else None

    def begun(self, level: int, length: int) -> dict[str, list[int]]:
        """The rows whose code has `level` digits, by the first `length` of them; those of a code printed twice, too."""
        known = self._begun.get((level, length))
        if known is None:
            known = self._begun[level, length] = {}
            for index, code in enumerate(self.row_codes):
                if len(code) == level:
                    known.setdefault(code[:length], []).append(index)
        return known

    def items_of(self, length: int) -> Mapping[str, Sequence[int]] | None:
        """Where the list has rows of its lowest level alone: those of each code of a level above; else None."""
        lowest = self.flat_level
        return self.begun(lowest, length) if lowest is not None and length < lowest else None

    def above(self, code: str) -> int | None:
        """The row one level above a code."""
        above = self.codes.parent(code) if self.codes else None
        return self.by_code.get(above) if above else None

    def below(self, code: str) -> tuple[Sequence[int], bool]:
        """The rows one level below a code, each code once; whether that level is filled anywhere in the list."""
        known = self._below.get(code)
        if known is None:
            known = self._below[code] = self._one_below(code)
        return known

    def _one_below(self, code: str) -> tuple[Sequence[int], bool]:
        longer = [n for n in self.codes.levels if n > len(code)] if self.codes else []
        if not longer:
            return (), False
        found = self.begun(longer[0], len(code)).get(code, ())
        first = [n for n in found if self.by_code[self.row_codes[n]] == n]
        return first, longer[0] in self.lengths

    def figures(self, column: str) -> list[Figure]:
        """A column, row by row."""
        known = self._figures.get(column)
        if known is None:
            values = [row.get(column) for row in self.rows]
            known = [value if isinstance(value, Decimal) else None for value in values]
            for n, key in enumerate(self.keys if self.faulty else ()):
                if key.place(column) in self.faulty:
                    known[n] = UNKNOWN
            self._figures[column] = known
        return known
