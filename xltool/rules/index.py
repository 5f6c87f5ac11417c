"""The rows of a list by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.core.codes import CodeList
from xltool.core.model import CODE, Row


@dataclass(slots=True)
class ListIndex:
    """A list's rows by code, and which levels and columns have any."""

    rows: list[Row]
    codes: CodeList | None
    by_code: dict[str, int] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    _begun: dict[tuple[int, int], dict[str, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for index, row in enumerate(self.rows):
            code = str(row.get(CODE, ""))
            if code and code not in self.by_code:
                self.by_code[code] = index
            self.lengths.add(len(code))
            self.columns.update(name for name, value in row.items() if isinstance(value, Decimal))

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
            for index, row in enumerate(self.rows):
                code = str(row.get(CODE, ""))
                if len(code) == level:
                    known.setdefault(code[:length], []).append(index)
        return known

    def items_of(self, length: int) -> Mapping[str, Sequence[int]] | None:
        """Where the list has rows of its lowest level alone: those of each code of a level above; else None."""
        lowest = self.flat_level
        return self.begun(lowest, length) if lowest is not None and length < lowest else None

    def below(self, code: str) -> tuple[Sequence[int], bool]:
        """The rows one level below a code, each code once; whether that level is filled anywhere in the list."""
        longer = [n for n in self.codes.levels if n > len(code)] if self.codes else []
        if not longer:
            return (), False
        found = self.begun(longer[0], len(code)).get(code, ())
        first = [n for n in found if self.by_code[str(self.rows[n][CODE])] == n]
        return first, longer[0] in self.lengths
