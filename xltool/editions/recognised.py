"""Editions for workbooks that are no edition's form: the tables that were recognised, beside a near one's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from xltool.core.caches import remembered
from xltool.core.resources import TEMPLATES
from xltool.editions import Edition, WorkbookSpec, all_editions, bundled_editions
from xltool.editions.stubs import stub
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.ooxml import Workbook, WorkbookError, open_workbook

_NEARLY_ALL = 0.8
"""So much of what a form prints stands in a workbook that was filled into it: heads and samples may change."""
RECOGNISED_YEARS = (2018, 2100)
"""The years for which the vocabulary has the words."""


def nearest_edition(tables: Iterable[str], year: int, workbook: Workbook) -> Edition:
    """The built-in edition that has most of `tables`; of several the one for `year`, or nearest to it.

    Of those still alike it is the one whose form prints most of what `workbook` prints, then the latest.
    """
    wanted = set(tables)

    def nearness(edition: Edition) -> tuple[int, int]:
        first, last = edition.years
        away = max(first - year, year - last, 0) if year else 0
        return len(wanted & set(edition.tables)), -away

    ranks = {edition.id: nearness(edition) for edition in bundled_editions()}
    best = [e for e in bundled_editions() if ranks[e.id] == max(ranks.values())]
    if len(best) == 1:
        return best[0]
    printed = _texts(workbook)
    return max(best, key=lambda edition: (_alikeness(edition, wanted, printed), edition.years[1]))


def own_editions(workbook: Workbook, years: set[int]) -> list[Edition]:
    """The installed edition by words whose form a workbook is; none, or several where they fit alike.

    It has all sheets of the form, and nearly all that they print. Of several forms it is one for a year of the
    workbook, and the one that prints most of what the workbook does.
    """
    own = [edition for edition in all_editions() if edition.recognise and not edition.bundled]
    if not own:
        return []
    printed, names = _texts(workbook), {sheet.name for sheet in workbook.sheets}
    fit: list[tuple[tuple[bool, int], Edition]] = []
    for edition in own:
        template = edition.workbooks[-1].template
        texts = _printed(template) if template.is_file() else frozenset()
        common = len(texts & printed)
        if texts and _sheets(template) <= names and common >= _NEARLY_ALL * len(texts):
            fit.append(((any(map(edition.covers, years)), common), edition))
    best = max((rank for rank, _ in fit), default=None)
    return [edition for rank, edition in fit if rank == best]


def _alikeness(edition: Edition, wanted: set[str], printed: frozenset[str]) -> float:
    """How much a workbook prints what an edition's form of these tables does: 1 for all, and nothing else."""
    forms = (b.template for b in edition.workbooks if any(t.table in wanted for t in b.tables))
    return max(
        (len(printed & p) / max(1, len(printed | p)) for p in map(_printed, forms)), default=0
    )


def _printed(template: Path) -> frozenset[str]:
    return _form(template, template.stat().st_mtime_ns)[1]


def _sheets(template: Path) -> frozenset[str]:
    return _form(template, template.stat().st_mtime_ns)[0]


@remembered(64)
def _form(template: Path, written: int) -> tuple[frozenset[str], frozenset[str]]:
    """The visible sheets of a form, and what it prints; nothing of one that cannot be opened."""
    try:
        workbook = open_workbook(template)
    except WorkbookError:
        return frozenset(), frozenset()
    shown = (sheet.name for sheet in workbook.sheets if sheet.state == "visible")
    return frozenset(shown), _texts(workbook)


def _texts(workbook: Workbook) -> frozenset[str]:
    shown = (sheet for sheet in workbook.sheets if sheet.state == "visible")
    return frozenset(bare(v) for sheet in shown for _, v in sheet.items() if isinstance(v, str))


def with_recognised(near: Edition, tables: frozenset[str], *, only: bool) -> Edition:
    """An edition that has the tables of `tables` by the vocabulary: `only` them, or beside its own.

    It has the id, the rules and the code lists of `near`. Books with the same tables share it.
    """
    return _with_recognised(near, near.words, tables, only)


@remembered(64)
def _with_recognised(
    near: Edition, words: Vocabulary, tables: frozenset[str], only: bool
) -> Edition:
    mappings = tuple(stub(each) for each in words.tables if each.table in tables)
    book = WorkbookSpec("识别的表", TEMPLATES, mappings, recognised=True)
    books = (book,) if only else (*near.workbooks, book)
    years = RECOGNISED_YEARS if only else near.years
    return replace(near, workbooks=books, years=years)
