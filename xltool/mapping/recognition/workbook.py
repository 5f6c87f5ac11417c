"""A workbook of any form -> its tables, each with a mapping as if it had been written for this very sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from xltool.core.model import Unread
from xltool.core.texts import in_years
from xltool.core.years import DATED, digits
from xltool.mapping.cells import cells_of
from xltool.mapping.headlines import year_at
from xltool.mapping.recognition.continued import joined
from xltool.mapping.recognition.layouts.across import ACROSS, lies_across
from xltool.mapping.recognition.tables import Recognised, recognise_table
from xltool.mapping.recognition.titles import Titled, titled_parts
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.mapping.recognition.vocabulary.wordfiles import vocabulary
from xltool.mapping.recognition.vocabulary.words import TableWords, Vocabulary
from xltool.ooxml import Workbook, split_ref

__all__ = ["Doubt", "Recognised", "Recognition", "recognise"]


_HEAD_ROWS = 6


class Doubt(NamedTuple):
    """A part of a sheet that was not read: its title, and the tables that it may be, all alike likely."""

    titled: Titled
    tables: tuple[TableWords, ...]


@dataclass(slots=True)
class Recognition:
    """The tables of a workbook that were recognised, and those that were not."""

    tables: list[Recognised] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    """Of what was not read, the parts that an answer could settle."""
    several: list[list[Recognised]] = field(default_factory=list)
    """Tables that stand only once and were found on several sheets: they are not read."""
    rests: list[tuple[Unread, Titled]] = field(default_factory=list)
    """Of what was not read, the parts whose titles say that they go on with a table."""


def recognise(
    workbook: Workbook,
    sheets: Collection[str] | None = None,
    words: Vocabulary | None = None,
    *,
    year: int = 0,
) -> Recognition:
    """Recognise the tables of a workbook, or of some of its sheets. Nothing is guessed.

    `words`: the vocabulary of an edition of one's own; without it the bundled one. `year`: of which a form
    will be that prints none yet.
    """
    words = words or vocabulary()
    found = Recognition()
    year = _year(workbook) or year
    for sheet in workbook.sheets:
        if sheet.state == "visible" and (sheets is None or sheet.name in sheets):
            for titled in joined(titled_parts(cells_of(sheet), words), words):
                _part(titled, words, year, found)
    _only_one_each(found)
    return found


def _year(workbook: Workbook) -> int:
    """The year that the heads of most sheets print; 0 when none does, or several as often."""
    seen: Counter[int] = Counter()
    for sheet in workbook.sheets:
        rows: dict[int, set[int]] = {}
        for ref, value in sheet.head(_HEAD_ROWS):
            alone = () if isinstance(value, str) else filter(None, [year_at(sheet, ref)])
            years = map(int, map(digits, DATED.findall(value))) if isinstance(value, str) else alone
            rows.setdefault(split_ref(ref)[0], set()).update(years)
        # 2022年 and 2023年 side by side are heads of columns
        seen.update(set().union(*(years for years in rows.values() if len(years) == 1)))
    first, *more = seen.most_common(2) or [(0, 0)]
    return 0 if more and more[0][1] == first[1] else first[0]


def _part(titled: Titled, words: Vocabulary, year: int, found: Recognition) -> None:
    sheet, title = titled.cells.sheet.name, titled.title
    if bare(title.text) in words.aside:
        return
    if title.other_version:
        reason = "标题说这是另一份（续表、调整后等），没有读"
        rest_of = tuple(table.table for table in title.tables) if title.goes_on else ()
        told = Unread(sheet, title.text.strip(), reason, known=False, rest_of=rest_of)
        found.unread.append(told)
        if rest_of:
            found.rests.append((told, titled))
        return
    readings = [
        made for table in title.tables if (made := recognise_table(titled, table, words, year))
    ]
    most = max((reading.bound for reading in readings), default=0)
    best = [reading for reading in readings if reading.bound == most]
    if len(best) > 1 and year:
        best = [reading for reading in best if reading.words.of_year(year)] or best
    if len(best) == 1:
        found.tables.append(best[0])
        others = words.beside(best[0].mapping.table)
        found.tables += filter(None, (recognise_table(titled, t, words, year) for t in others))
        return
    reason = _undecided(best, year) if best else "认得标题，认不出栏目和行"
    if not best and any(lies_across(titled, table) for table in title.tables):
        reason = ACROSS
    if not title.tables:
        reason = "本工具没有这张表的字段"
    found.unread.append(Unread(sheet, title.name, reason, known=bool(title.tables)))
    found.doubts.append(Doubt(titled, tuple(reading.words for reading in best) or title.tables))


def _undecided(best: list[Recognised], year: int) -> str:
    """Why a part may be several tables, and what to add to it."""
    names = [f"《{reading.mapping.table}》" for reading in best]
    if not year and any(reading.words.years != (None, None) for reading in best):
        shown = (
            f"{name}（{in_years(*r.words.years)}）" for name, r in zip(names, best, strict=True)
        )
        return f"分不清是{'还是'.join(shown)}：表样哪里都没有印年度，在标题或表头里写上年度，如“2023年度”"
    return f"可以当作几种表（{'、'.join(names)}），分不清"


def _only_one_each(found: Recognition) -> None:
    """Two sheets of a table that stands only once leave it open which is meant."""
    for name in dict.fromkeys(table.mapping.table for table in found.tables):
        same = [table for table in found.tables if table.mapping.table == name]
        if len(same) > 1 and same[0].mapping.many is None:
            found.several.append(same)
            sheets = "、".join(table.mapping.sheet for table in same)
            for table in same:
                found.tables.remove(table)
                found.unread.append(
                    Unread(table.mapping.sheet, name, f"有几张，分不清以哪张为准：{sheets}")
                )
