"""The analysis as a page with inline charts, or as a workbook with Excel's own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.files import writing
from xltool.core.saving.guard import check_outputs
from xltool.core.saving.mark import begins_with, is_marked, marked
from xltool.reporting.html.template import page_template
from xltool.review.analysis.asking import Answer
from xltool.review.analysis.svg import MOST, chart, shown
from xltool.review.sheets import ReviewSheet, SheetColumn, looks

_TEMPLATES = Path(__file__).parent / "templates"
_TITLE = "部门决算分析</title>"
LISTED = 30
"""Rows of a table on the page; the workbook has all."""
_KINDS = {"dots": "bar", "bars": "bar", "columns": "column"}
"""How Excel calls the charts; it cannot name the dots of a scatter chart, so these are bars there."""
_NAMES = ("单位名称", "科目名称", "规则名称")


def write_analysis(answers: Sequence[Answer], source: Path, out: Path, *, force: bool) -> None:
    """Write the analysis of `source`: .html or .xlsx. Raises `InputError`."""
    if out.suffix.lower() not in (".html", ".xlsx"):
        told = "看不出要写成什么"
        raise InputError(Problem(str(out), told, "写成 .html 或 .xlsx", code="bad-target"))
    check_outputs([out], [source], force=force, made=_is_made)
    page = out.suffix.lower() == ".html"
    content = render(answers, source.name).encode() if page else _workbook(answers)
    try:
        with writing(out, overwrite=force) as file:
            file.write(content)
    except OSError as error:
        raise InputError(
            Problem(str(out), f"写不了：{system_reason(error)}", code="unwritable")
        ) from error


def _is_made(path: Path) -> bool:
    return begins_with(path, _TITLE) if path.suffix.lower() == ".html" else is_marked(path)


def render(answers: Sequence[Answer], source: str) -> str:
    """The page, complete in itself."""
    template = page_template(_TEMPLATES, "analysis.html.j2", (("chart", chart), ("shown", shown)))
    return template.render(answers=answers, source=source, listed=LISTED)


def _workbook(answers: Sequence[Answer]) -> bytes:
    """A sheet for each question: all rows, and the chart of the first ones beside them."""
    import xlsxwriter

    kept = io.BytesIO()
    how = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, how) as book:
        styles = looks(book)
        for number, answer in enumerate(answers, 1):
            _sheet(book, styles, f"{number} {_short(answer.question.title)}", answer)
    return marked(kept.getvalue())


def _short(title: str) -> str:
    return "".join(char for char in title if char not in "[]:*?/\\：“”，")[:24]


def _sheet(book: Any, styles: dict[str, Any], title: str, answer: Answer) -> None:
    columns = [
        SheetColumn(name, 26 if name in _NAMES else 14, "long" if name in _NAMES else _kind(answer, name))
        for name in answer.columns
    ]  # fmt: skip
    sheet = ReviewSheet(book, styles, title, columns, 1)
    for row in answer.rows:
        sheet.row(dict(zip(answer.columns, row, strict=True)))
    sheet.finish()
    if answer.rows:
        _draw(book, title, answer)


def _kind(answer: Answer, name: str) -> Any:
    numbers = all(not isinstance(value, str) for value in answer.column(name))
    return "number" if numbers else "text"


def _draw(book: Any, title: str, answer: Answer) -> None:
    plan = answer.question.chart
    last = min(len(answer.rows), MOST)
    drawn = book.add_chart({"type": _KINDS[plan.kind]})
    label = answer.columns.index(plan.label)
    for name in filter(None, (plan.value, plan.other)):
        at = answer.columns.index(name)
        drawn.add_series(
            {
                "name": name,
                "categories": [title, 1, label, last, label],
                "values": [title, 1, at, last, at],
            }
        )
    drawn.set_title({"name": answer.question.title, "name_font": {"size": 11}})
    if plan.kind != "columns":
        drawn.set_y_axis({"reverse": True})
    drawn.set_size({"width": 640, "height": 60 + 30 * max(last, 6)})
    book.get_worksheet_by_name(title).insert_chart(1, len(answer.columns) + 1, drawn)
