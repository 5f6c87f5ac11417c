"""Which edition's form a workbook is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.hints import NAME_EDITION, Hint
from xltool.core.problems import InputError, Problem
from xltool.core.texts import norm
from xltool.editions import Edition, WorkbookSpec, all_editions
from xltool.mapping.blocks import Form
from xltool.mapping.cells import cells_of
from xltool.mapping.model import TableMapping
from xltool.mapping.recognition.strangers import looks_like
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.mapping.titles import Titles
from xltool.ooxml import Sheet, Workbook, WorkbookError
from xltool.ooxml.read.opening import sheet_states


class EditionMatch(NamedTuple):
    """An edition's workbook and how well a given workbook fits it; larger is better.

    `hits` of its tables are there, which is the share `tables`. `first` is a table of the edition and the sheet
    that bears its title.
    """

    hits: int
    tables: float
    year: bool
    edition: Edition
    book: WorkbookSpec
    first: tuple[TableMapping, Sheet]


def detect(
    workbook: Workbook, titles: Titles, edition: Edition | None = None
) -> tuple[Edition, WorkbookSpec]:
    """The edition and the kind of workbook that `workbook` is; with `edition`, only its kind.

    Raises `InputError` when it is none of the known forms, another edition's, or when two fit alike.
    """
    matches = _best(_matches(titles, all_editions()), workbook)
    if edition is not None:
        own = _best(_matches(titles, [edition]), workbook)
        if not own or (matches and matches[0].tables > own[0].tables):
            raise InputError(
                Problem(workbook.title, _not_this(workbook, edition, matches), code="other-edition")
            )
        return own[0].edition, own[0].book
    if not matches:
        known = "、".join(list(all_editions()[0].tables)[:3])
        raise InputError(
            Problem(
                workbook.title,
                "不是已知版本的决算报表",
                f"没有一张工作表的标题是：{known} 等",
                code="unknown-form",
            )
        )
    if len(matches) > 1:
        names = "、".join(m.edition.id for m in matches)
        raise InputError(
            Problem(
                workbook.title,
                f"与 {names} 同样相符",
                Hint("用 -e 指明版本", NAME_EDITION.page),
                code="unclear-edition",
            )
        )
    return matches[0].edition, matches[0].book


def _best(matches: list[EditionMatch], workbook: Workbook) -> list[EditionMatch]:
    """The matches that none surpasses; the printed texts are compared only where all else is alike."""

    def rank(match: EditionMatch) -> tuple[float, ...]:
        share = _named_alike(match, workbook)
        # a form whose sheets all bear their names is that form, of whatever year
        return share == 1, match.year, match.tables, share

    best = _highest(_highest(matches, lambda match: (_fit(match, workbook),)), rank)
    if len(best) > 1 and rank(best[0])[0]:
        best = [match for match in best if not match.edition.bundled] or best
    return _nearest(_highest(best, lambda match: (_overlap(*match.first),)))


def _fit(match: EditionMatch, workbook: Workbook) -> int:
    """How many tables of an edition are there, less those that are not.

    Where most sheets bear the names of its form, what is missing was left out: it is that form all the same.
    """
    if match.tables == 1 or 2 * _named_alike(match, workbook) > 1:
        return match.hits
    return match.hits - (round(match.hits / match.tables) - match.hits)


def _highest(
    matches: list[EditionMatch], rank: Callable[[EditionMatch], tuple[float, ...]]
) -> list[EditionMatch]:
    """The matches that rank highest, which of one alone is not asked."""
    if len(matches) < 2:
        return matches
    ranks = [rank(match) for match in matches]
    highest = max(ranks)
    return [match for match, own in zip(matches, ranks, strict=True) if own == highest]


def _named_alike(match: EditionMatch, workbook: Workbook) -> float:
    """The share of the sheets of an edition's form whose names a workbook has."""
    wanted = _sheet_names(match.book)
    present = {sheet.name for sheet in workbook.sheets}
    return len(wanted & present) / max(1, len(wanted))


@remembered(64)
def _sheet_names(book: WorkbookSpec) -> frozenset[str]:
    if any(not mapping.blocks for mapping in book.tables):  # they stand where they are recognised
        try:
            states = sheet_states(book.template)
        except WorkbookError:
            return frozenset()
        return frozenset(name for name, state in states.items() if state == "visible")
    return frozenset(mapping.sheet for mapping in book.tables if not mapping.optional)


def _nearest(best: list[EditionMatch]) -> list[EditionMatch]:
    """Of matches that nothing on the sheets tells apart the one that the others extend, if there is one."""
    bases = [
        match
        for match in best
        if all(match.edition.folders[0] in other.edition.folders for other in best)
    ]
    return bases[:1] or best


def _not_this(workbook: Workbook, edition: Edition, matches: list[EditionMatch]) -> str:
    from xltool.mapping.recognition.titles import titled_parts

    text = f"不是 {edition.id} 版的表样"
    if matches:
        return f"{text}，像是 {matches[0].edition.id}"
    if any(titled_parts(cells_of(sheet), vocabulary()) for sheet in workbook.sheets):
        return f"{text}；不指定版本，就按表里的用语识别"
    return f"不是决算报表，{looks_like(workbook)}"


def _matches(titles: Titles, editions: Iterable[Edition]) -> list[EditionMatch]:
    years = titles.years()
    matches = []
    for edition in editions:
        of_edition: list[tuple[int, EditionMatch]] = []
        for book in edition.workbooks:
            sheets = {t: found[0][0] for t in book.tables if (found := titles.find(t))}
            required = [t for t in book.tables if not t.optional] or list(book.tables)
            hits = sum(t in sheets for t in required)
            if hits == 0 or 2 * hits < len(required):
                continue
            first = next((t, sheets[t]) for t in book.tables if t in sheets)
            in_year = any(map(edition.covers, years))
            match = EditionMatch(hits, hits / len(required), in_year, edition, book, first)
            of_edition.append((hits, match))
        if of_edition:
            # one workbook may hold tables of several: it is the one that most of them are of
            matches.append(max(of_edition, key=lambda entry: entry[0])[1])
    return matches


def _overlap(mapping: TableMapping, sheet: Sheet) -> float:
    """The share of the mapping's printed texts that the sheet has, word for word."""
    present = {norm(value) for _, value in sheet.items() if isinstance(value, str)}
    wanted = [anchor.text for anchor in mapping.header]
    wanted += [line.pattern for line in mapping.lines if "{" not in line.pattern]
    for block in mapping.blocks:
        if isinstance(block, Form):
            wanted += [row.texts[0] for row in block.rows if row.row is not None]
    return sum(norm(text) in present for text in wanted) / max(1, len(wanted))
