"""Whose form a workbook is: an edition's, by its addresses; else what its words say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xltool.core.model import RECOGNISED, Report
from xltool.core.problems import InputError, Problem
from xltool.editions import Edition
from xltool.editions.recognised import nearest_edition, own_editions, with_recognised
from xltool.mapping.blocks import Form, ListBlock
from xltool.mapping.located import Located, LocatedList
from xltool.mapping.model import TableMapping
from xltool.mapping.ownsheets import own_sheets
from xltool.mapping.plan import plan
from xltool.mapping.recognition.asides import dictionaries
from xltool.mapping.recognition.strangers import looks_like
from xltool.mapping.titles import Titles
from xltool.ooxml import Sheet, Workbook, make_ref, split_ref
from xltool.reading.found import FoundTable
from xltool.reading.heads import printed_heads
from xltool.reading.model import Reading
from xltool.reading.placing import Placing

if TYPE_CHECKING:
    from xltool.mapping.recognition.vocabulary.words import Vocabulary
    from xltool.mapping.recognition.workbook import Recognised, Recognition


def decided(
    workbook: Workbook, titles: Titles, by_edition: Placing | InputError, year: int = 0
) -> Reading:
    """The reading of a workbook whose edition nobody has named.

    `by_edition` is what the edition gave that is nearest by its titles, or why there is none. It stands when
    most of its tables are where the edition has them, or when what moved is found alike by its words; the
    tables beside them are recognised. Otherwise all are. `year`: of which a blank
    form will be. Raises `InputError` when nothing can be read.
    """
    reading = _chosen(workbook, titles, by_edition, year)
    _claim_dictionaries(reading)
    return reading


def as_asked(placed: Placing) -> Reading:
    """The reading of a workbook as the form of the edition that somebody has named, found as `settled` finds it."""
    reading = placed.reading()
    _in_place_of_unlocated(reading)
    return reading


def _claim_dictionaries(reading: Reading) -> None:
    for name in dictionaries(reading.workbook):
        reading.claim(name, _first_cells(reading.workbook.sheet(name)), "科目字典")


def by_words(workbook: Workbook, edition: Edition, year: int = 0) -> Reading:
    """The reading of a workbook by an edition whose tables are found by their words."""
    found = _recognise(workbook, _own_sheets_aside(workbook), edition.words, year=year)
    known = {mapping.table: spec for spec in edition.workbooks for mapping in spec.tables}
    own = [table for table in found.tables if table.mapping.table in known]
    if not own:
        names = "、".join(known)
        raise InputError(
            Problem(
                workbook.title, f"没有“{edition.name}”的表", f"应有：{names}", code="other-form"
            )
        )
    reading = Reading(
        edition, known[own[0].mapping.table], workbook, Report(edition.id, "", 0, "万元")
    )
    _enter(reading, own)
    reading.report.form = ""
    if others := [table for table in found.tables if table.mapping.table not in known]:
        more = frozenset(table.mapping.table for table in others)
        reading.edition = with_recognised(edition, more, only=False)
        _enter(reading, others)
    _take_unread(reading, found)
    _claim_dictionaries(reading)
    seen = {table.mapping.table for table in found.tables} | {u.table for u in found.unread}
    seen |= {twin for name, twin in edition.words.twins.items() if name in seen}
    for mapping in reading.book.tables:
        if mapping.table not in seen and mapping.many is None and not mapping.optional:
            reading.problems.append(
                Problem(
                    reading.file,
                    f"缺少“{mapping.table}”",
                    "补上这张表",
                    code="missing-table",
                    table=mapping.table,
                )
            )
    return reading


def _first_cells(sheet: Sheet) -> Iterator[str]:
    """The first filled cell of each row: where a dictionary has its codes. Amounts behind them are none of it."""
    rows: set[int] = set()
    for ref, value in sheet.items():
        row = split_ref(ref)[0]
        if value is not None and row not in rows:
            rows.add(row)
            yield ref


def _chosen(
    workbook: Workbook, titles: Titles, by_edition: Placing | InputError, year: int
) -> Reading:
    if isinstance(by_edition, Placing) and by_edition.in_place:
        reading = by_edition.reading()
        _in_place_of_unlocated(reading)
        return _with_others(reading, year)
    own = own_editions(workbook, titles.years())
    if len(own) == 1:
        return by_words(workbook, own[0], year)
    found = _recognise(workbook, _own_sheets_aside(workbook), year=year)
    from xltool.reading.severalsets import several_sets

    if (told := several_sets(workbook, found)) is not None:
        if not isinstance(by_edition, Placing):
            raise InputError(told)
        kept = [p for p in by_edition.problems if p.code != "several-tables"]
        by_edition.problems = [told, *kept]
    if isinstance(by_edition, Placing) and (_agree(by_edition, found) or _fewer(found, by_edition)):
        return _with_others(by_edition.reading(), year)
    if found.tables:
        reading = _recognised(workbook, titles, found)
        reading.alike = [edition.id for edition in own]
        return reading
    if isinstance(by_edition, Placing):
        return by_edition.reading()
    if found.unread:
        raise InputError(
            Problem(f"工作表“{u.sheet}”（{u.table}）", u.reason, code="unknown-form")
            for u in found.unread
        )
    raise InputError(
        Problem(workbook.title, f"不是决算报表，{looks_like(workbook)}", code="unknown-form")
    )


def _fewer(found: Recognition, placed: Placing) -> bool:
    """Whether fewer tables are recognised than an edition's anchors lead to."""
    if len(found.tables) >= len(placed.hits):
        return False
    return len(found.tables) < sum(not hit.located.problems for hit in placed.hits)


def _agree(placed: Placing, found: Recognition) -> bool:
    """Whether an edition's form, moved, is followed to the same cells as its words lead to.

    The first table that is not ends the search: of another form nothing more has to be followed.
    """
    if placed.problems or len(found.tables) > len(placed.hits):
        return False
    by_place = {(t.mapping.sheet, t.mapping.table): t for t in found.tables}
    for hit in placed.hits:
        table = by_place.get((hit.sheet.name, hit.mapping.table))
        if hit.located.problems or hit.lost:
            return False
        if table is not None and not _same(hit.located, table.located()):
            return False
    return True


def _same(edition: Located, words: Located) -> bool:
    """Whether all that the words lead to is where the edition was followed to."""
    if any(edition.fields.get(path) != ref for path, ref in words.fields.items()):
        return False
    if any(edition.codes.get(name) != places for name, places in words.codes.items()):
        return False
    for name, rows in words.lists.items():
        own = edition.lists.get(name)
        if own is None or any(own.columns.get(c) != spot for c, spot in rows.columns.items()):
            return False
        if set(_filled(edition.sheet, own)) != set(_filled(words.sheet, rows)):
            return False
    return True


def _filled(sheet: Sheet, rows: LocatedList) -> Iterator[int]:
    """The rows of a list in which any of its columns holds something."""
    for row in rows.rows:
        refs = (rows.ref(row, column) for column in rows.columns)
        if any(sheet.value(ref) is not None for ref in refs):
            yield row


def _recognise(
    workbook: Workbook, sheets: list[str], words: Vocabulary | None = None, year: int = 0
) -> Recognition:
    """As `recognise`, which is loaded when a workbook has a table that stands nowhere else than its words say."""
    from xltool.mapping.recognition.workbook import recognise

    return recognise(workbook, sheets, words, year=year)


def _own_sheets_aside(workbook: Workbook) -> list[str]:
    own = own_sheets(workbook)
    return [sheet.name for sheet in workbook.sheets if sheet.name not in own]


def _in_place_of_unlocated(reading: Reading) -> None:
    """Recognise the tables that stand otherwise than the edition has them, where its words find all of them."""
    lost = [s for s in reading.found_tables if s.located.problems and s.mapping.many is None]
    if not lost:
        return
    found = _recognise(reading.workbook, [s.located.sheet.name for s in lost])
    same = {(t.mapping.sheet, t.mapping.table): t for t in found.tables}
    for found_table in lost:
        table = same.get((found_table.located.sheet.name, found_table.mapping.table))
        if table is not None and _has_all(table, found_table.mapping):
            place = reading.found_tables.index(found_table)
            told = found_table.located.problems
            reading.problems = [p for p in reading.problems if p not in told]
            _enter(reading, [table])
            reading.found_tables[place] = reading.found_tables.pop()


def _has_all(table: Recognised, mapping: TableMapping) -> bool:
    """Whether a recognised table has a place for everything that an edition's form has.

    Figures beside it, as of another year, are told as those that no table has a place for. Of the codes that a
    form prints an office's may have those it needs: what is not printed has no figure to be lost.
    """
    located = table.located()
    printed = {str(value).strip() for _, value in located.sheet.items()}
    lists = (block for block in mapping.blocks if isinstance(block, ListBlock))
    wanted = {*plan(mapping, ()).fields, *(f.path for block in lists for f in block.fields)}
    no_place = {
        ("合计", column)
        for block in table.mapping.blocks
        if isinstance(block, ListBlock) and block.total
        for column in block.total.without
    }
    if not wanted <= located.fields.keys() | no_place:
        return False
    for name, rows in mapping.spec.lists.items():
        own, codes = located.lists.get(name), located.codes.get(name, {})
        if own is not None and all(column in own.columns for column in rows.columns):
            continue
        if not rows.listed or any(code not in codes and code in printed for code in rows.listed):
            return False
    return True


def _with_others(reading: Reading, year: int) -> Reading:
    """Recognise the tables of the workbook that its edition lacks."""
    seen = {found_table.located.sheet.name for found_table in reading.found_tables}
    rest = [name for name in _own_sheets_aside(reading.workbook) if name not in seen]
    if not rest:
        return reading
    found = _recognise(reading.workbook, rest, year=year)
    held = {found_table.mapping.table for found_table in reading.found_tables}
    lacking = [table for table in found.tables if table.mapping.table not in held]
    if lacking:
        names = frozenset(table.mapping.table for table in lacking) - set(reading.edition.tables)
        if names:
            reading.edition = with_recognised(reading.edition, names, only=False)
        _enter(reading, lacking)
    _take_unread(reading, found)
    return reading


def _recognised(workbook: Workbook, titles: Titles, found: Recognition) -> Reading:
    names = frozenset(table.mapping.table for table in found.tables)
    near = nearest_edition(names, max(titles.years(), default=0), workbook)
    edition = with_recognised(near, names, only=True)
    reading = Reading(edition, edition.workbooks[0], workbook, Report(near.id, "", 0, "万元"))
    _enter(reading, found.tables)
    _take_unread(reading, found)
    return reading


def _labels(table: Recognised) -> Iterator[str]:
    """The labels of bound rows: 单价50万元以上设备 is no amount."""
    for block in table.mapping.blocks:
        if isinstance(block, Form) and block.labels:
            yield from (make_ref(row, block.labels[0]) for row, name in block.placed_rows if name)


def _take_unread(reading: Reading, found: Recognition) -> None:
    from xltool.reading.continuations import take_unread

    take_unread(reading, found)


def _enter(reading: Reading, tables: list[Recognised]) -> None:
    """Enter the tables that were recognised."""
    reading.recognised, reading.report.form = True, RECOGNISED
    count: dict[str, int] = {}
    for table in tables:
        located = table.located()
        instance = count[table.mapping.table] = count.get(table.mapping.table, -1) + 1
        heads = printed_heads(table.mapping, located)
        if table.words.likely:
            reading.report.likely.add(table.mapping.table)
        reading.found_tables.append(FoundTable(table.mapping, instance, located, heads))
        reading.claim(table.mapping.sheet, table.copies, "与本行另一栏的数相同")
        reading.claim(table.mapping.sheet, table.again, "重印的表头、合计")
        reading.claim(table.mapping.sheet, _labels(table), "行的名称")
