"""Why a department's figure is not the sum of its units': the unit that alone explains the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xltool.checks.diagnosis.slips import Slip, SlipKind, name_slip
from xltool.core.amounts import money
from xltool.sums.addend import Addend
from xltool.sums.cells import CellKey

_CERTAIN = 0
_VAGUE = 3
_WEIGHTS: Mapping[SlipKind, int] = {"sign": 1, "point": 1, "swapped": 2}
"""Weights of an explanation: a whole unit is left out or doubled; sign or factor; two digits changed places;
some other slip of one digit, which fits by chance too often to be said when there is more than one."""


@dataclass(frozen=True, slots=True)
class UnitSlip:
    """One explanation of a difference. `addend` is None where the department's own figure is mistyped."""

    addend: Addend | None
    slip: str
    weight: int
    used: Decimal | None = None
    """What seems to have been added for the unit, where that is a figure of its own."""

    @property
    def key(self) -> tuple[str, str]:
        """What the same cause of several cells has in common."""
        return (self.addend.file if self.addend else "", self.slip)

    @property
    def text(self) -> str:
        """In words."""
        if self.addend is None:
            return f"部门表上的数{self.slip}"
        if self.weight == _CERTAIN or self.used is None:
            return self.common_text
        return f"{self.common_text}（按 {money(self.used)} 加的）"

    @property
    def common_text(self) -> str:
        """In words, without the figure of one cell."""
        name = self.addend.name if self.addend else ""
        if self.weight == _CERTAIN:
            return f"像是{self.slip}了“{name}”"
        return f"像是加“{name}”的数时{self.slip}"


def candidates(
    value: Decimal | None,
    total: Decimal,
    parts: Sequence[tuple[Addend, Decimal]],
    tolerance: Decimal,
) -> list[UnitSlip]:
    """Every single slip that leads from `total`, the sum of `parts`, to the department's `value`."""
    filled = [addend for addend, part in parts if part != 0]
    if value is None:
        lone = [UnitSlip(filled[0], "漏加", _CERTAIN)] if len(filled) == 1 else []
        return [*lone, UnitSlip(None, "漏填", _CERTAIN)]
    found = [
        cause
        for addend, part in parts
        if part != 0 and (cause := _of_addend(addend, part, part + value - total, tolerance))
    ]
    own = name_slip(value, total, tolerance) if total != 0 else None
    if own is not None and len(parts) != 1:
        found.append(UnitSlip(None, own.words, _weight(own)))
    return found


def _of_addend(addend: Addend, part: Decimal, used: Decimal, tolerance: Decimal) -> UnitSlip | None:
    """What happened to one unit's figure when it entered as `used`, if that is a known slip."""
    if abs(used) <= tolerance:
        return UnitSlip(addend, "漏加", _CERTAIN)
    if abs(used - 2 * part) <= tolerance:
        return UnitSlip(addend, "重加", _CERTAIN)
    slip = name_slip(used, part, tolerance)
    return None if slip is None else UnitSlip(addend, slip.words, _weight(slip), used)


def _weight(slip: Slip) -> int:
    return _WEIGHTS.get(slip.kind, _VAGUE)


def choose(found: Mapping[CellKey, Sequence[UnitSlip]]) -> dict[CellKey, tuple[UnitSlip, ...]]:
    """For each cell its likeliest causes: the weightiest, and of these what explains the most cells.

    More than one remain where they explain it equally well; of vague slips only a lone one is kept.
    """
    often: Counter[tuple[str, str]] = Counter(
        key for causes in found.values() for key in {cause.key for cause in causes}
    )
    return {spot: tuple(_best(causes, often)) for spot, causes in found.items()}


def _best(causes: Sequence[UnitSlip], often: Mapping[tuple[str, str], int]) -> Iterator[UnitSlip]:
    if not causes:
        return
    weight = min(cause.weight for cause in causes)
    best = [cause for cause in causes if cause.weight == weight]
    if weight == _VAGUE and len(best) > 1:
        return
    most = max(often[cause.key] for cause in best)
    yield from (cause for cause in best if often[cause.key] == most)
