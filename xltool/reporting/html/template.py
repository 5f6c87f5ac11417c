"""The templates of the pages, each of which is one file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.core.caches import remembered

if TYPE_CHECKING:
    from jinja2 import Template

HOUSE = Path(__file__).parent / "templates"
"""What all pages may include: the style, the pieces of the report."""
PageFilters = tuple[tuple[str, Callable[..., object]], ...]
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Characters that no page may hold, and those that turn the text after them around."""


@remembered(16)
def page_template(
    folder: Path, name: str, filters: PageFilters = (), *, trimmed: bool = True
) -> Template:
    """The template `name` in `folder` or `HOUSE`, with these filters by name.

    `trimmed`: the lines of its statements leave nothing on the page.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([folder, HOUSE], encoding="utf-8"),
        autoescape=True,
        finalize=printable,
        undefined=StrictUndefined,
        trim_blocks=trimmed,
        lstrip_blocks=trimmed,
    )
    environment.filters.update(filters)
    return environment.get_template(name)


def printable(value: object) -> object:
    """Texts without the characters that would break the page; what is HTML already stays."""
    return _INVISIBLE.sub("\ufffd", value) if type(value) is str else value
