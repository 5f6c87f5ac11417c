"""The JSON report of `sum`: stable and documented (docs/sum.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xltool.core.problems import Problem
from xltool.sums.addition import Addition, Adjustment
from xltool.sums.cells import words
from xltool.sums.comparison import Difference, SumComparison
from xltool.sums.department import SumCheck

Raw = dict[str, Any]


def report(
    result: Addition,
    name: str,
    check: SumCheck | None,
    found: SumComparison | None,
    missing: Sequence[Problem] = (),
) -> Raw:
    """What was added, adjusted and compared, what is missing. Amounts are Decimals in `unit`."""
    return {
        "unit_name": name,
        "edition": result.edition.id,
        "year": result.year,
        "unit": result.unit,
        "units": [{"unit_name": u.name, "file": u.file, "unit": u.unit} for u in result.units],
        "missing": [str(problem) for problem in missing],
        "notes": result.notes,
        "adjusted": [_change(change, result) for change in result.changes],
        "rules": None if check is None else _rules(check),
        "check": None if found is None else _comparison(found),
    }


def _change(change: Adjustment, result: Addition) -> Raw:
    return {
        "file": change.source.file,
        "table": change.spot.table,
        "label": words(change.spot, result.names, result.specs),
        "before": change.before,
        "adjustment": change.by,
        "after": change.after,
    }


def _rules(check: SumCheck) -> Raw:
    return {
        "verdict": check.verdict,
        "residual": list(dict.fromkeys(finding.rule for finding in check.residual)),
        "failed": list(dict.fromkeys(finding.rule for finding in check.failed)),
        "unaudited": check.unaudited,
    }


def _comparison(found: SumComparison) -> Raw:
    return {
        "file": found.department.reading.file,
        "unit_name": found.department.addend.name,
        "agrees": not found.differences,
        "compared": found.compared,
        "residual": found.residual,
        "more_units": found.more_units,
        "fewer_units": found.fewer_units,
        "differences": [_difference(difference) for difference in found.differences],
    }


def _difference(difference: Difference) -> Raw:
    sheet, cell = difference.cell or ("", None)
    return {
        "table": difference.spot.table,
        "sheet": sheet,
        "cell": cell,
        "label": difference.label,
        "value": difference.value,
        "sum": difference.total,
        "difference": difference.difference,
        "tolerance": difference.tolerance,
        "origin": difference.origin[1] if difference.origin else None,
        "causes": [
            {
                "unit_name": cause.addend.name if cause.addend else None,
                "file": cause.addend.file if cause.addend else None,
                "slip": cause.slip,
                "text": cause.text,
            }
            for cause in difference.causes
        ],
    }
