"""Workbooks by their suffixes."""

from __future__ import annotations

PATCHED = (".xlsx", ".xlsm")
"""Workbooks that are read and changed."""
ONLY_READ = (".xls", ".et")
"""Old workbooks; what WPS writes as .et has the content of an .xls."""
WORKBOOKS = (*PATCHED, *ONLY_READ)
