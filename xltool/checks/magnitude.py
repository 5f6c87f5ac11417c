"""Amounts that are too large or too small for their money unit, told as soon as a form is filled with them."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checks.validation import Validation

_RULE = "C-05"


def unlikely_amounts(validation: Validation) -> Iterator[str]:
    """What to say of a filled workbook whose amounts look as if 元 and 万元 had been mixed up."""
    for finding in validation.findings:
        if finding.rule == _RULE and finding.failed:
            yield f"{finding.message}。{finding.hint}"
