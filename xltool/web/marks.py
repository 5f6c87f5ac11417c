"""The marks of a validation as JSON: for programs that mark cells themselves, such as the WPS add-in."""

from __future__ import annotations

from typing import Any

from xltool.checks import Validation
from xltool.ooxml import Look
from xltool.reporting.workbook.cellmarks import (
    ERROR,
    MEANINGS,
    RELATED,
    SUSPECT,
    WARNING,
    cell_marks,
)

_KEYS = {SUSPECT: "suspect", ERROR: "error", WARNING: "warning", RELATED: "related"}


def marks(validation: Validation) -> dict[str, Any]:
    """What to mark: the looks, the strongest first, and by sheet the cells with their look and note.

    Colours are RRGGBB. Of merged cells the first is named.
    """
    return {
        "looks": [_look(look, meaning) for look, meaning in MEANINGS.items()],
        "sheets": [
            {
                "sheet": sheet,
                "cells": [
                    {"cell": ref, "look": _KEYS[mark.look], "note": mark.note}
                    for ref, mark in found.items()
                ],
            }
            for sheet, found in cell_marks(validation).items()
        ],
    }


def _look(look: Look, meaning: str) -> dict[str, Any]:
    return {
        "look": _KEYS[look],
        "meaning": meaning,
        "fill": look.fill,
        "colour": look.colour,
        "bold": look.bold,
    }
