"""How much room texts take in a cell."""

from __future__ import annotations

from decimal import Decimal
from unicodedata import east_asian_width


def width(text: str) -> int:
    """The width of one line of text in half-width characters; quotes and × are wide in Chinese fonts."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def lines(text: str, room: Decimal | float) -> int:
    """How many lines a text takes that wraps at `room` half-width characters."""
    return sum(max(1, -(-width(line) // max(1, int(room)))) for line in text.split("\n"))
