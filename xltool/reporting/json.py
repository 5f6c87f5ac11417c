"""The JSON report of `validate`: stable and documented (docs/commands.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from xltool.checks import Validation
from xltool.checks.findings import Finding, Side, address
from xltool.checks.terms import Terms
from xltool.core.problems import InputError, Problem
from xltool.documents.datafile import is_written
from xltool.documents.writing import unread_entry
from xltool.editions import Edition
from xltool.rules.model import Reason

Raw = dict[str, Any]


def is_report(path: Path) -> bool:
    """Whether a file is a report as xltool writes them, of one workbook or of several."""
    return is_written(path, "file", "verdict")


def _own_edition(edition: Edition) -> Raw:
    """Which state of an edition of one's own was used."""
    if edition.bundled:
        return {}
    return {"edition_state": {"version": edition.version, "checksum": edition.checksum}}


def report(validation: Validation) -> Raw:
    """One workbook's report. Amounts are Decimals in the printed unit."""
    reading = validation.reading
    return {
        "file": reading.file,
        "edition": reading.edition.id,
        **_own_edition(reading.edition),
        **({"edition_missing": reading.absent} if reading.absent else {}),
        **({"表样": reading.report.form} if reading.report.form else {}),
        **(
            {"未读": list(map(unread_entry, reading.report.unread))}
            if reading.report.unread
            else {}
        ),
        "unit_name": reading.report.unit_name,
        "year": reading.report.year or None,
        "unit": reading.report.unit or None,
        "verdict": validation.verdict,
        "terms": _terms(validation.terms),
        "findings": [finding_entry(finding) for finding in validation.findings],
        "ledger": _ledger(validation),
    }


def unread(file: str, error: InputError) -> Raw:
    """The entry of a workbook that could not be read: no verdict, and why."""
    return {"file": file, "verdict": None, "problems": [told(p) for p in error.problems]}


def told(problem: Problem) -> Raw:
    """A problem for programs."""
    return {
        "code": problem.code,
        "where": problem.where,
        "message": problem.message,
        "hint": problem.hint,
    }


def _terms(terms: Terms) -> Raw:
    """What the verdict rests on besides the workbook: rules taken out or eased, checks left out."""
    return {
        "removed": list(terms.changes.removed),
        "lowered": list(terms.changes.lowered),
        "rewritten": list(terms.changes.rewritten),
        "limits": list(map(str, terms.changes.limits)),
        "only": list(terms.only),
        "skip": list(terms.skip),
        "summed": terms.summed,
    }


def finding_entry(finding: Finding) -> Raw:
    """One finding, with its cells and both sides."""
    return {
        "rule": finding.rule,
        "level": finding.mark,
        "confirm": finding.confirm,
        "outcome": finding.outcome,
        "code": finding.code or None,
        "table": finding.table,
        "sheet": finding.sheet,
        "cells": [address(cell, finding.sheet) for cell in finding.cells],
        "message": finding.message,
        "where": finding.where,
        "left": _side(finding.left, finding.sheet),
        "right": _side(finding.right, finding.sheet),
        "difference": finding.difference,
        "tolerance": finding.tolerance,
        "hint": finding.advice,
        "suspect": address(finding.suspect, finding.sheet) if finding.suspect else None,
        "group": finding.group or None,
        "explanation": finding.explanation,
    }


def _side(side: Side | None, home: str) -> Raw | None:
    if side is None:
        return None
    cells = [address(cell, home) for cell in side.cells]
    return {"text": side.text, "value": side.value, "cells": cells}


def _ledger(validation: Validation) -> Raw:
    lines = validation.ledger.lines.values()
    return {
        "counts": dict(validation.ledger.counts()),
        "rules": [
            {
                "rule": line.rule.id,
                "name": line.rule.name,
                "level": line.rule.level,
                "outcome": line.outcome,
                "instances": dict(line.counts),
                "reason": line.reason,
                "reason_code": line.reason.code if isinstance(line.reason, Reason) else None,
                "blocks": line.blocks,
            }
            for line in lines
        ],
    }
