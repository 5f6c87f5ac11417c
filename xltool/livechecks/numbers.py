"""A reading as formulas see the workbook: a number that is written as text is no number to them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

from xltool.reading import Reading
from xltool.reading.found import Fault


def numbers_only(reading: Reading) -> Reading:
    """The reading without figures whose cells hold texts: these cells are faults."""
    report = deepcopy(reading.report)
    faults = []
    for place, (sheet, ref) in reading.places.items():
        stored = reading.workbook.sheet(sheet).value(ref)
        if isinstance(stored, str) and isinstance(place.value_in(report), Decimal):
            place.put(report, None)
            faults.append(Fault(place, sheet, ref, "是文字，公式不当它是数"))
    if not faults:
        return reading
    return replace(reading, report=report, faults=[*reading.faults, *faults])
