"""What of a workbook could not be read, and a report without it."""

from __future__ import annotations

from xltool.core.model import Unread
from xltool.core.places import each_table
from xltool.core.problems import Problem, raise_if
from xltool.reading.misprints import misprint_problems
from xltool.reading.model import Reading


def shortcomings(reading: Reading) -> list[Problem]:
    """Everything for which a report is not complete: tables, heads and cells, each once."""
    faults = (fault.problem for fault in reading.faults)
    return list(dict.fromkeys([*reading.problems, *faults, *misprint_problems(reading)]))


def set_aside(reading: Reading) -> None:
    """Take out of the report what is not certain: tables that were not located, figures that print as others.

    Raises `InputError` when nothing is left.
    """
    report = reading.report
    for found in reading.misprints:
        found.place.put(report, None)
    for found_table in reading.found_tables:
        if found_table.located.problems:
            sheet, table = found_table.located.sheet.name, found_table.mapping.table
            reason = "；".join(problem.message for problem in found_table.located.problems)
            report.unread.append(Unread(sheet, table, reason))
            report.tables.pop(table, None)
    if all(table.empty for _, _, table in each_table(report)):
        raise_if(shortcomings(reading))
