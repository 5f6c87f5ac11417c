"""Every fill is proved before it is written.

The finished workbook is read anew, as anybody reads it, and held against the document and the blank form: every
figure and text of the document is where it is read, nothing else is, every sheet says whose and of which year it
is, and nothing else of the form has changed. What the writer believes to have written plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.core.hints import Hint
from xltool.core.model import Report
from xltool.core.problems import InputError, Problem
from xltool.editions import Edition
from xltool.filling.proof.facts import fact_differences
from xltool.filling.proof.form import form_differences
from xltool.filling.proof.heads import head_differences
from xltool.filling.rowplan import RowMoves
from xltool.reading import Reading, examine

_SHOWN = 20
HINT = Hint(
    "没有写出文件。用 xltool mapping check 核对表样，或换一份空白表样",
    "没有写出文件。换一份空白表样",
)


def prove(
    report: Report,
    edition: Edition | None,
    before: Reading,
    finished: bytes,
    moves: Mapping[str, RowMoves],
) -> list[Problem]:
    """What is wrong with a finished workbook: nothing, or the differences, with sheet and cell.

    `before` is the blank form as it is read, `finished` the file that is about to be written, `moves` how the
    lists of its sheets were made longer or shorter.
    """
    try:
        after = examine(finished, edition)
        found = [
            *fact_differences(report, before, after),
            *head_differences(report, before, after, moves),
            *form_differences(before, after, moves),
        ]
    except InputError as error:
        found = list(error.problems)
    return list(_told(found))


def _told(found: list[Problem]) -> Iterator[Problem]:
    """The differences as a clerk is told them: not more than anybody reads."""
    for problem in found[:_SHOWN]:
        message = f"写出前核对不符：{problem.message}"
        yield Problem(problem.where, message, problem.hint or HINT, code="not-proved")
    if len(found) > _SHOWN:
        yield Problem("", f"写出前核对不符的另有{len(found) - _SHOWN}处", HINT, code="not-proved")
