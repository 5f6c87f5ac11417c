"""What a clerk is told whose workbook is a form in which nothing is filled in."""

from __future__ import annotations

from pathlib import Path

from xltool.checks import Validation
from xltool.cli.options import as_typed, note
from xltool.reporting.summary import blank_form


def tell_blank(validation: Validation, book: Path) -> bool:
    """Say of a form in which nothing is filled in what comes first; whether it is one."""
    blank = blank_form(validation)
    if not blank:
        return False
    reading = validation.reading
    if reading.report.form:
        own = as_typed("xltool", "mapping", "init", book, "-o", "本单位表样")
        note(f"这是{blank}。填好了再校验；自己的表样可以先做成版本：{own}")
    else:
        words = ("-e", reading.edition.id, "--kind", "填数表", "-o", "填数.xlsx")
        note(f"这是{blank}。填好了再校验；要填数表的：{as_typed('xltool', 'new', *words)}")
    return True
