"""Protection without a password: each right comes back, and calls do not grow with the findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addin.fakeexcel import App
from tests.addin.fakeexcel.sheets import _RIGHTS
from tests.addin.test_excel_host import host_of, many, protections
from tests.addin.workbooks import INCOME, TOTALS, broken_book
from xltool.addin.hosts.excelmarks import MOST_NOTES
from xltool.checks import validate


@pytest.mark.parametrize(
    "right", [*_RIGHTS.values(), "objects", "scenarios", "selectLockedCells", "both selections"]
)
def test_every_single_right_comes_back(excel: App, tmp_path: Path, right: str) -> None:
    """One right unlike the others at a time, so that no two of them can be mixed up."""
    path = broken_book(tmp_path / "决算.xlsx", protected=True, slips=[(INCOME, "D17")])
    host = host_of(excel, path)
    protection = host.book.impl.formulas[INCOME].protection
    names = ["selectLockedCells", "selectUnlockedCells"] if right.startswith("both") else [right]
    for name in names:
        setattr(protection, name, not getattr(protection, name))
    before = protections(host)
    host.mark(validate(host.read()))
    assert excel.journal.counts["unprotect_sheet"] > 0
    host.clear()
    assert protections(host) == before


def test_calls_for_protection_follow_the_sheets_not_the_findings(
    excel: App, tmp_path: Path
) -> None:
    host = host_of(excel, broken_book(tmp_path / "决算.xlsx", protected=True))
    excel.journal.calls.clear()
    many(host, 500)
    counts = excel.journal.counts
    assert counts["add_note"] == MOST_NOTES
    assert counts["unprotect_sheet"] == counts["protect_sheet"] == 1
    assert host.book.impl.formulas[TOTALS].protection.sheet
    excel.journal.calls.clear()
    host.clear()
    assert counts["unprotect_sheet"] == 1
    assert excel.journal.counts["unprotect_sheet"] == excel.journal.counts["protect_sheet"] == 1
