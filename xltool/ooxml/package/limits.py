"""How much a workbook may ask for before it is refused."""

from __future__ import annotations

from typing import NamedTuple

MB = 1024 * 1024


class Limits(NamedTuple):
    """Bounds that a real workbook never meets; one that does is refused before memory is spent.

    Sizes are in bytes. `max_ratio` (inflated : packed) applies to members that inflate to more
    than `ratio_floor`, because small repetitive members compress very well. `max_cells` (rows
    counted too) and `max_formula_text` (characters, shared formulas written out) are for one
    sheet.
    """

    max_file: int = 200 * MB
    max_part: int = 128 * MB
    max_total: int = 512 * MB
    max_ratio: int = 400
    ratio_floor: int = 16 * MB
    max_members: int = 20_000
    max_cells: int = 1_000_000
    max_formula_text: int = 64 * MB
