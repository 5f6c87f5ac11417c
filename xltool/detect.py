"""Which edition's form a workbook is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xltool.editions import Edition, WorkbookSpec, all_editions
from xltool.mapping.model import Form, TableMapping
from xltool.mapping.titles import Titles
from xltool.ooxml import Sheet, Workbook
from xltool.problems import InputError, Problem
from xltool.texts import norm


class Match(NamedTuple):
    """An edition's workbook and how well a given workbook fits it; larger is better."""

    tables: float
    year: bool
    texts: float
    edition: Edition
    book: WorkbookSpec

    @property
    def rank(self) -> tuple[float, bool, float]:
        return self.tables, self.year, self.texts


def detect(
    workbook: Workbook, titles: Titles, edition: Edition | None = None
) -> tuple[Edition, WorkbookSpec]:
    """The edition and the kind of workbook that `workbook` is; with `edition`, only its kind.

    Raises `InputError` when it is none of the known forms, another edition's, or when two fit alike.
    """
    matches = sorted(_matches(titles, all_editions()), key=lambda m: m.rank, reverse=True)
    if edition is not None:
        own = max(_matches(titles, [edition]), key=lambda m: m.rank, default=None)
        if own is None or (matches and matches[0].tables > own.tables):
            raise InputError(Problem(_name(workbook), _not_this(edition, matches)))
        return own.edition, own.book
    if not matches:
        known = "、".join(list(next(all_editions()).tables)[:3])
        raise InputError(
            Problem(
                _name(workbook), "不是已知版本的决算报表", f"没有一张工作表的标题是：{known} 等"
            )
        )
    best, *others = matches
    same = [m for m in others if m.rank == best.rank]
    if same:
        names = "、".join(m.edition.id for m in (best, *same))
        raise InputError(Problem(_name(workbook), f"与 {names} 同样相符", "用 -e 指明版本"))
    return best.edition, best.book


def _not_this(edition: Edition, matches: list[Match]) -> str:
    text = f"不是 {edition.id} 版的表样"
    return f"{text}，像是 {matches[0].edition.id}" if matches else text


def _name(workbook: Workbook) -> str:
    return workbook.path.name if workbook.path else "工作簿"


def _matches(titles: Titles, editions: Iterable[Edition]) -> list[Match]:
    years = titles.years()
    matches = []
    for edition in editions:
        for book in edition.workbooks:
            sheets = {t: found[0][0] for t in book.tables if (found := titles.find(t))}
            required = [t for t in book.tables if not t.optional] or list(book.tables)
            hits = sum(t in sheets for t in required)
            if hits == 0 or 2 * hits < len(required):
                continue
            first = next(t for t in book.tables if t in sheets)
            fit = _overlap(first, sheets[first])
            in_year = any(map(edition.covers, years))
            matches.append(Match(hits / len(required), in_year, fit, edition, book))
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
