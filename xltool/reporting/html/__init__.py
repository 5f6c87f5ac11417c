"""The HTML report of one validated workbook: one file, for a reviewer who has never seen the tool."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.checks import Validation
from xltool.core.caches import remembered
from xltool.core.saving.mark import begins_with
from xltool.reporting.html.page import Page

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES = Path(__file__).parent / "templates"
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Characters that no page may hold, and those that turn the text after them around."""

_TITLE = "决算报表审核结果</title>"


def render(validation: Validation, *, file: str, checked_at: str | None = None) -> str:
    """The report as a complete HTML page that needs nothing else, the same for the same input.

    `file` is the name to show for the workbook, `checked_at` the date of the check in words, if it is to be shown.
    """
    return _template().render(page=Page(validation, file, checked_at))


def is_report(path: Path) -> bool:
    """Whether a file is a report as `render` makes them."""
    return begins_with(path, _TITLE)


@remembered(1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        finalize=printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")


def printable(value: object) -> object:
    """Texts without the characters that would break the page; what is HTML already stays."""
    return _INVISIBLE.sub("\ufffd", value) if type(value) is str else value
