"""What an edition's blank form says of its tables: the formulas, in terms of fields, and the lists of items alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.checks.fieldwords import Field, Neighbour, in_words, layout, neighbours
from xltool.core.caches import remembered
from xltool.editions import Edition, WorkbookSpec
from xltool.mapping.locate import locate
from xltool.mapping.located import Located
from xltool.mapping.titles import Titles
from xltool.ooxml import open_workbook
from xltool.reading import Reading, examine
from xltool.reading.itemlists import lowest_alone

Formulas = dict[str, dict[Field, str]]
"""By table and field."""


def has_form(edition: Edition, table: str) -> bool:
    """Whether a table that was recognised is of an edition of one's own, whose form is the very one."""
    return edition.recognise and any(_own_forms(edition, table))


def _own_forms(edition: Edition, table: str) -> Iterator[WorkbookSpec]:
    """The forms with a table, of an edition of one's own."""
    for book in () if edition.bundled else edition.workbooks:
        if not book.recognised and any(mapping.table == table for mapping in book.tables):
            yield book


def formulas_of_form(edition: Edition, book: WorkbookSpec) -> Formulas:
    """The formulas of one of an edition's forms; none of a book that has no form."""
    if book.recognised:
        return {}
    return _recognised(edition, book) if edition.recognise else _addressed(book)


@remembered(16)
def _addressed(book: WorkbookSpec) -> Formulas:
    """Of a form with addresses; it may lack optional tables."""
    workbook = open_workbook(book.template)
    titles = Titles(workbook)
    located = {}
    for mapping in book.tables:
        hits = titles.find(mapping)
        if not hits or not mapping.blocks:  # it stands where it is recognised
            continue
        ((sheet, _),) = hits
        located[mapping.table, 0] = locate(mapping, sheet)
    return _first_formulas(located)


@remembered(16)
def _recognised(edition: Edition, book: WorkbookSpec) -> Formulas:
    """Of a form whose tables are found by their words; of a table that stands twice those of the first."""
    tables = _blank(edition, book).found_tables
    return _first_formulas({(t.mapping.table, t.instance): t.located for t in tables})


@remembered(16)
def _blank(edition: Edition, book: WorkbookSpec) -> Reading:
    return examine(open_workbook(book.template), edition)


def prints_items_alone(edition: Edition, table: str, name: str) -> bool:
    """Whether the form of an edition of one's own has rows for the lowest codes alone in a list."""
    blanks = (_blank(edition, book) for book in _own_forms(edition, table))
    return any(
        lowest_alone(blank, found_table, name)
        for blank in blanks
        for found_table in blank.found_tables
        if found_table.mapping.table == table and name in found_table.located.lists
    )


def _first_formulas(tables: Mapping[tuple[str, int], Located]) -> Formulas:
    """The formulas of the first of each table that was located."""
    around = neighbours(tables)
    found: Formulas = {}
    for (table, _), located in tables.items():
        if table not in found and not located.problems:
            found[table] = _formulas(located, around)
    return found


def _formulas(located: Located, around: tuple[Neighbour, ...]) -> dict[Field, str]:
    place, formulas, sheet = layout(located), located.sheet.formulas(), located.sheet.name
    return {
        field: in_words(place, formulas[refs[0]], refs[0], sheet, around)
        for field, refs in place.cells.items()
        if refs and refs[0] in formulas
    }
