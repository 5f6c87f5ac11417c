"""The formulas of an edition's blank form, in terms of fields."""

from __future__ import annotations

from xltool.checks.fieldwords import Field, in_words, layout
from xltool.core.caches import remembered
from xltool.editions import Edition, WorkbookSpec
from xltool.mapping.locate import locate
from xltool.mapping.located import Located
from xltool.mapping.titles import Titles
from xltool.ooxml import open_workbook
from xltool.reading import examine

Formulas = dict[str, dict[Field, str]]
"""By table and field."""


def has_form(edition: Edition, table: str) -> bool:
    """Whether a table that was recognised is of an edition of one's own, whose form is the very one."""
    if not edition.recognise or edition.bundled:
        return False
    books = (book for book in edition.workbooks if not book.recognised)
    return any(mapping.table == table for book in books for mapping in book.tables)


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
    found = {}
    for mapping in book.tables:
        hits = titles.find(mapping)
        if not hits or not mapping.blocks:  # it stands where it is recognised
            continue
        ((sheet, _),) = hits
        found[mapping.table] = _formulas(locate(mapping, sheet))
    return found


@remembered(16)
def _recognised(edition: Edition, book: WorkbookSpec) -> Formulas:
    """Of a form whose tables are found by their words; of a table that stands twice those of the first."""
    found: Formulas = {}
    for found_table in examine(open_workbook(book.template), edition).found_tables:
        if not found_table.located.problems:
            found.setdefault(found_table.mapping.table, _formulas(found_table.located))
    return found


def _formulas(located: Located) -> dict[Field, str]:
    place, formulas = layout(located), located.sheet.formulas()
    return {
        field: in_words(place, formulas[refs[0]], refs[0])
        for field, refs in place.cells.items()
        if refs and refs[0] in formulas
    }
