"""Sheets of a finished workbook in the order of the official form, printed and shown as it has them."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.ooxml import Editor, open_workbook
from xltool.ooxml.edit.appearance import Appearance
from xltool.reading import Reading
from xltool.reading.found import FoundTable

_MOVED = ("行", "栏", "多出", "缺少")


def as_the_form(editor: Editor, reading: Reading) -> Iterator[str]:
    """Set what can be set without doubt; say what was changed, and of which sheets nothing could be.

    A sheet whose rows or columns stand elsewhere than in the form (beside rows that a list took more) keeps its own
    print area; a form that was only recognised by its words has no template to follow.
    """
    official = _official(reading)
    places = {table: number for number, table in enumerate(reading.edition.tables)}
    seen: dict[str, FoundTable] = {}
    for found_table in reading.found_tables:
        seen.setdefault(found_table.located.sheet.name, found_table)
    known = {name: s for name, s in seen.items() if s.mapping.table in official}
    ordered = sorted(known, key=lambda name: places[known[name].mapping.table])
    if ordered and editor.order(ordered):
        yield "工作表的次序"
    changed = []
    for name in ordered:
        found_table = known[name]
        if _moved(found_table):
            yield f"“{name}”的位置与表样不同，打印区域照原样，没有动"
        elif editor.dress(name, _grown(official[found_table.mapping.table], found_table)):
            changed.append(name)
    if changed:
        yield f"打印区域、打开时的样子（{'、'.join(changed)}）"


def _official(reading: Reading) -> dict[str, Appearance]:
    """How each table's sheet stands in the template."""
    found: dict[str, Appearance] = {}
    for book in reading.edition.workbooks:
        if not book.template.is_file() or book.template.suffix.lower() == ".xls":
            continue
        template = Editor(open_workbook(book.template))
        names = set(template.sheets())
        for mapping in book.tables:
            if mapping.sheet in names:
                found[mapping.table] = template.appearance(mapping.sheet)
    return found


def _moved(found_table: FoundTable) -> bool:
    """Whether rows or columns of the form stand elsewhere."""
    return any(drift.kind in _MOVED for drift in found_table.located.drift)


def _grown(form: Appearance, found_table: FoundTable) -> Appearance:
    """The form's appearance with the rows that lists have more (or fewer) here."""
    if form.area is None:
        return form
    more = sum(rows for last, rows in found_table.located.growth if last <= form.area.bottom)
    return form._replace(area=form.area._replace(bottom=form.area.bottom + more))
