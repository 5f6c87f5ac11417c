"""The checks of a text, one module per kind. Each takes the document and gives findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xltool.narrative.checks import (
    amounts,
    changes,
    counts,
    directions,
    evaluation,
    facts,
    levels,
    listings,
    lists,
    names,
    parts,
    rates,
    repeats,
    shares,
    structure,
    wording,
)
from xltool.narrative.document import Document, TextFinding

CHECKS: tuple[Callable[[Document], Iterator[TextFinding]], ...] = (
    amounts.check,
    changes.check,
    shares.check,
    rates.check,
    directions.check,
    listings.check,
    parts.check,
    counts.check,
    repeats.check,
    facts.check,
    evaluation.check,
    levels.check,
    lists.check,
    names.check,
    structure.check,
    wording.check,
)
