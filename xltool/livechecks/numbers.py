"""A reading as formulas see the workbook: a number that is written as text is no number to them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from xltool.core.model import Place, Report, Value
from xltool.reading import Reading
from xltool.reading.found import Fault

Key = TypeVar("Key", str, tuple[str, ...])


def numbers_only(reading: Reading) -> Reading:
    """The reading without figures whose cells hold texts: these cells are faults."""
    report = deepcopy(reading.report)
    faults = []
    for place, (sheet, ref) in reading.places.items():
        if isinstance(reading.workbook.sheet(sheet).value(ref), str) and _take(report, place):
            faults.append(Fault(place, sheet, ref, "是文字，公式不当它是数"))
    if not faults:
        return reading
    return replace(reading, report=report, faults=[*reading.faults, *faults])


def _take(report: Report, place: Place) -> bool:
    """Take a figure out of a report; False for a text."""
    match place:
        case (table, instance, str(name), int(position), column):
            return _drop(report.tables[table][instance].lists[name][position], column)
        case (table, instance, path):
            return _drop(report.tables[table][instance].fields, path)


def _drop(values: dict[Key, Value], key: Key) -> bool:
    if not isinstance(values.get(key), Decimal):
        return False
    del values[key]
    return True
