"""The workbooks that a command is to work on: without any it has nothing to do, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from xltool.batch.skipped import passed_over
from xltool.batch.source import FoundBooks
from xltool.batch.sources import find_sources
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.suffixes import WORKBOOKS


def find_books(
    paths: Sequence[str],
    listed: Iterable[str] = (),
    *,
    outputs: Iterable[Path] = (),
    aside: Iterable[Path] = (),
    texts: bool = False,
    letters: bool = False,
) -> FoundBooks:
    """As `find_sources`; raises `InputError`, with what there is instead, when what was named holds no workbook.

    It also raises when it holds an output already. `letters`: answered letters alone are something to do."""
    found = find_sources(paths, listed, outputs=outputs, aside=aside, texts=texts)
    raise_if(found.clashes)
    if not found.sources and not (letters and found.letters):
        message = "；".join(
            [f"没有找到工作簿（{'、'.join(WORKBOOKS)}）", *map(str, passed_over(found))]
        )
        raise InputError(Problem("、".join(paths), message, code="nothing-to-do"))
    return found
