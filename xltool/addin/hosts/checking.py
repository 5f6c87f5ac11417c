"""Checking what a host has read."""

from __future__ import annotations

from xltool.checks import Validation, validate_reading
from xltool.checks.explanations import settle_written
from xltool.reading import Reading


def check(reading: Reading) -> Validation:
    """What `xltool validate BOOK` finds."""
    validation = validate_reading(reading)
    settle_written(validation)
    return validation
