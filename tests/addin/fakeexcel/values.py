"""Values as COM hands them over."""

from __future__ import annotations

from typing import Any

_ERRORS = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#NULL!": -2146826288,
    "#NUM!": -2146826252,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
}
_TEXTS = {code: text for text, code in _ERRORS.items()}


def from_error(code: int) -> str:
    """The text of an error's number."""
    return _TEXTS[code]


def as_com(value: Any) -> Any:
    """A stored value as Excel gives it: numbers are floats, errors integers."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    return _ERRORS.get(value, value) if isinstance(value, str) else value
