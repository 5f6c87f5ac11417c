"""The HTML report of one validated workbook: one file, for a reviewer who has never seen the tool."""

from __future__ import annotations

from pathlib import Path

from xltool.checks import Validation
from xltool.core.saving.mark import begins_with
from xltool.reporting.html.page import Page
from xltool.reporting.html.template import HOUSE, page_template

_TITLE = "决算报表审核结果</title>"


def render(validation: Validation, *, file: str, checked_at: str | None = None) -> str:
    """The report as a complete HTML page that needs nothing else, the same for the same input.

    `file` is the name to show for the workbook, `checked_at` the date of the check in words, if it is to be shown.
    """
    return page_template(HOUSE, "report.html.j2").render(page=Page(validation, file, checked_at))


def is_report(path: Path) -> bool:
    """Whether a file is a report as `render` makes them."""
    return begins_with(path, _TITLE)
