"""Recalculating formulas, with certainty or not at all."""
