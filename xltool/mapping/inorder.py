"""Labels that a form prints in a certain order, found in a column of texts."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple


class Ordered(NamedTuple):
    """Labels in their order: number of the label -> number of the text, in the earliest of the longest ways; and
    the labels that another way, as long, leads elsewhere."""

    found: dict[int, int]
    unclear: list[int]


def ordered(hits: Sequence[AbstractSet[int]], count: int) -> Ordered:
    """Find labels in their order; `hits` has for each label the numbers of the texts, of `count`, that may be it."""
    first, last = in_order(hits, count), in_order(hits, count, last=True)
    return Ordered(first, [n for n in sorted({*first, *last}) if first.get(n) != last.get(n)])


def in_order(hits: Sequence[AbstractSet[int]], count: int, *, last: bool = False) -> dict[int, int]:
    """The longest way to find labels in their order: number of the label -> number of the text.

    `hits` has for each label the numbers of the texts, of `count`, that may be it. Of several longest ways the
    earliest, or with `last` the latest: where they differ, nobody knows which is meant.
    """
    if last:
        end = len(hits) - 1
        turned = [{count - 1 - j for j in found} for found in reversed(hits)]
        return {end - i: count - 1 - j for i, j in in_order(turned, count).items()}
    lengths: list[list[int]] = [[0] * (count + 1)]
    for found in reversed(hits):
        below = lengths[-1]
        lengths.append(_lengths(found, below, count) if found else below)
    lengths.reverse()
    way: dict[int, int] = {}
    i = j = 0
    while i < len(hits) and j < count:
        if j in hits[i] and lengths[i][j] == 1 + lengths[i + 1][j + 1]:
            way[i] = j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return way


def _lengths(found: AbstractSet[int], below: Sequence[int], count: int) -> list[int]:
    """How long the longest way is from a label and each text on, where that is known from the next label on."""
    here = [0] * (count + 1)
    for j in range(count - 1, -1, -1):
        best = max(below[j], here[j + 1])
        here[j] = max(best, 1 + below[j + 1]) if j in found else best
    return here
