"""The tables of a workbook where an edition has them; what moved is searched only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from xltool.core.model import Report
from xltool.core.problems import Problem
from xltool.core.texts import norm
from xltool.editions import Edition, WorkbookSpec
from xltool.editions.detect import detect
from xltool.mapping.locate import moved, planned
from xltool.mapping.located import Drift, Located
from xltool.mapping.model import TableMapping
from xltool.mapping.titles import Titles
from xltool.mapping.unlabelled import figures_without_label, row_title
from xltool.ooxml import Sheet, Workbook
from xltool.reading.found import FoundTable
from xltool.reading.heads import printed_heads
from xltool.reading.model import Reading


@dataclass(eq=False)
class Hit:
    """A sheet that bears the title of a table."""

    mapping: TableMapping
    instance: int
    sheet: Sheet

    @cached_property
    def planned(self) -> Located | None:
        """Where everything stands, when that is where the edition has it."""
        return planned(self.mapping, self.sheet)

    @cached_property
    def located(self) -> Located:
        """Where everything stands, followed by its anchors when it moved."""
        return self.planned or moved(self.mapping, self.sheet)

    @cached_property
    def lost(self) -> list[str]:
        """Cells with figures between those of the table, in rows that have no label of the form."""
        return list(figures_without_label(self.located))


@dataclass(eq=False)
class Placing:
    """A workbook as the form of an edition: which sheets bear which titles, and what is wrong with that."""

    edition: Edition
    book: WorkbookSpec
    workbook: Workbook
    hits: list[Hit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Tables that are missing, or stand there several times."""
    refused: set[str] = field(default_factory=set)
    """The sheets of the latter."""

    @property
    def in_place(self) -> bool:
        """Whether at least half of the tables are where the edition has them, word for word."""
        return 2 * sum(hit.planned is not None for hit in self.hits) >= len(self.hits) > 0

    def reading(self) -> Reading:
        """What is to be read: every table, with the problems and drift that following it met."""
        reading = Reading(
            self.edition, self.book, self.workbook, Report(self.edition.id, "", 0, "万元")
        )
        reading.problems += self.problems
        reading.refused |= self.refused
        for hit in self.hits:
            _enter(reading, hit)
        return reading


def placing(workbook: Workbook, titles: Titles, asked: Edition | None) -> Placing:
    """The workbook as the form of its edition. Raises `InputError` when it is none's, or not that of `asked`."""
    edition, book = detect(workbook, titles, asked)
    found = Placing(edition, book, workbook)
    for spec in (book, *(b for b in edition.workbooks if b.name != book.name)):
        if spec is book or any(map(titles.find, spec.tables)):
            for mapping in spec.tables:
                _find(found, mapping, titles)
    return found


def _find(found: Placing, mapping: TableMapping, titles: Titles) -> None:
    if not mapping.blocks:
        return  # a table that was recognised elsewhere: it has no addresses
    file = found.workbook.title
    hits = titles.find(mapping)
    if not hits and not mapping.optional:
        hint = f"应有标题为“{mapping.title.text}”的工作表"
        told = Problem(
            file, f"缺少“{mapping.table}”", hint, code="missing-table", table=mapping.table
        )
        found.problems.append(told)
    if len(hits) > 1 and mapping.many is None:
        names = "、".join(sheet.name for sheet, _ in hits)
        message = f"“{mapping.table}”有多张工作表：{names}"
        hint = "只保留要读的一张"
        told = Problem(file, message, hint, code="several-tables", table=mapping.table)
        found.problems.append(told)
        found.refused |= {sheet.name for sheet, _ in hits}
        return
    found.hits += [Hit(mapping, n, sheet) for n, (sheet, _) in enumerate(hits)]


def _enter(reading: Reading, hit: Hit) -> None:
    located = hit.located
    reading.problems += located.problems
    reading.claim(hit.sheet.name, hit.lost, "没有标题的行")
    reading.problems += _unlabelled(hit)
    if hit.mapping.many is None and norm(hit.sheet.name) != norm(hit.mapping.sheet):
        located.drift.append(Drift("工作表", hit.mapping.table, hit.mapping.sheet, hit.sheet.name))
    heads = printed_heads(hit.mapping, located)
    reading.found_tables.append(FoundTable(hit.mapping, hit.instance, located, heads))


def _unlabelled(hit: Hit) -> Iterator[Problem]:
    missing = "、".join(d.what for d in hit.located.drift if d.kind == "缺少")
    lost = f"；没有找到的有：{missing}" if missing else ""
    for ref in hit.lost:
        where = f"工作表“{hit.sheet.name}”{ref}（{hit.mapping.table}）"
        if title := row_title(hit.located, ref):
            message = f"这里有数，它的行写的是“{title}”，表样里没有这一项{lost}"
            hint = "改成表样里的标题，或把数填到它该在的行"
        else:
            message = f"这里有数，但它的行没有标题或科目编码，不知道是哪一项{lost}"
            hint = "补上标题或编码，或清空"
        yield Problem(where, message, hint, code="unlabelled", table=hit.mapping.table)
