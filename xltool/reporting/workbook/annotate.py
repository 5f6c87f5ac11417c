"""The annotated copy: the clerk's own workbook with marks, notes and a result sheet, and its cleaning.

The result sheet stands last, so that no sheet changes its number (macros count sheets), and is what
the copy opens with, so that it is what the clerk sees first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from xltool.checks import Validation
from xltool.checks.explaining import carried
from xltool.checks.explanations import Explanation, sheet_explanations
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.saving.guard import is_same, obstacles
from xltool.core.saving.mark import is_marked
from xltool.mapping.ownsheets import OWNER, RESULT_SHEET, opening_before, owner, result_sheet
from xltool.ooxml import Editor, Link, Look, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.reporting.workbook.cellmarks import CellMark, cell_marks
from xltool.reporting.workbook.resultpage import result_page

AUTHOR = "xltool校验"
TAG = "xltool"
_BACK = "回到校验结果"


def annotate(validation: Validation, target: AnyPath, *, force: bool = False) -> None:
    """Write a copy of the validated workbook to `target` that shows what was found.

    Marks of an earlier annotation go first. The 说明 written in its result sheet, and in that of a
    marked copy of the same report that is written over, stay with their findings. A marked copy
    may be written over with `force`, the original never. Raises `InputError`; then nothing is
    written.
    """
    target = Path(target)
    workbook = validation.reading.workbook
    if _same_file(workbook.path, target) and result_sheet(workbook) is None:
        hint = "标注本请换一个文件名"
        raise InputError(
            Problem(str(target), "这是原工作簿，不能写在它上面", hint, code="input-as-output")
        )
    _require_free(target, force=force, marked=True)
    try:
        editor = Editor(workbook)
        texts = _carried(validation, target)
        take_off(editor)
        _put_on(editor, validation, texts)
        editor.save(target, overwrite=force, own=True)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(target))) from error


def clean(source: AnyPath, target: AnyPath, *, force: bool = False) -> None:
    """Write a copy of `source` without what `annotate` put on it; edits made since are kept.

    `target` may be `source` itself with `force`. Raises `InputError`; then nothing is written.
    """
    target = Path(target)
    if not (force and _same_file(Path(source), target)):
        _require_free(target, force=force)
    try:
        editor = Editor(open_workbook(source))
        take_off(editor)
        if not editor.changed:
            raise InputError(
                Problem(
                    str(source),
                    "没有 xltool 的标记、批注和校验结果表，不用清除",
                    code="nothing-to-do",
                )
            )
        editor.save(target, overwrite=force, own=True)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(target))) from error


def _require_free(target: Path, *, force: bool, marked: bool = False) -> None:
    """Raise `InputError` when something is there that must stay. `marked`: a marked copy may go, its 说明 go along."""
    made = is_replaceable if marked else is_marked
    raise_if(obstacles([target], force=force, made=made))


def is_replaceable(path: Path) -> bool:
    """Whether a workbook is an output as it was written, or a marked copy, even one that was saved since."""
    if is_marked(path):
        return True
    try:
        return result_sheet(open_workbook(path)) is not None
    except WorkbookError:
        return False


def _same_file(source: Path | None, target: Path) -> bool:
    return source is not None and target.exists() and is_same(source, target)


def take_off(editor: Editor) -> None:
    """Remove marks, notes, links and result sheets, and let the workbook open as it did before."""
    editor.unmark(TAG)
    editor.remove_notes(AUTHOR)
    while (sheet := result_sheet(editor.workbook)) is not None:
        editor.remove_links(sheet.name)
        if editor.opens_at == sheet.name:
            editor.open_as(opening_before(editor.workbook))
        editor.remove_sheet(sheet.name)


def _put_on(editor: Editor, validation: Validation, explanations: Mapping[int, str]) -> None:
    name = free_name(sheet.name for sheet in editor.workbook.sheets)
    page, first_lines = result_page(validation, explanations, editor.opening)
    editor.add_sheet(name, page)
    editor.open_at(name)
    titles = _titles(validation)
    for sheet, marks in cell_marks(validation).items():
        editor.mark(sheet, by_look(marks), TAG)
        noted = editor.sheet(sheet).notes
        texts = {ref: mark.note for ref, mark in marks.items() if ref not in noted and mark.texts}
        editor.add_notes(sheet, texts, AUTHOR)
        title = titles.get(sheet)
        if title and not editor.has_link(sheet, title):
            row = first_lines.get(sheet, 1)
            editor.add_link(sheet, title, Link(name, f"A{row}", _BACK))


def free_name(names: Iterable[str]) -> str:
    """校验结果, or with a number when the clerk has a sheet of that name among `names`."""
    taken = {name.casefold() for name in names}
    wishes = (RESULT_SHEET, *(f"{RESULT_SHEET}({n})" for n in range(2, len(taken) + 3)))
    return next(name for name in wishes if name.casefold() not in taken)


def by_look(marks: Mapping[str, CellMark]) -> dict[Look, list[str]]:
    """The addresses of the marks of a sheet by how they look."""
    found: dict[Look, list[str]] = {}
    for ref, mark in marks.items():
        found.setdefault(mark.look, []).append(ref)
    return found


def _titles(validation: Validation) -> dict[str, str]:
    """Of each sheet that bears a table: the address of its title."""
    found: dict[str, str] = {}
    for found_table in validation.reading.parts:
        wanted = found_table.mapping.title.text
        labels = found_table.located.labels.items()
        ref = next((ref for ref, text in labels if text == wanted), None)
        if ref:
            found.setdefault(found_table.located.sheet.name, ref)
    return found


def _carried(validation: Validation, target: Path) -> dict[int, str]:
    """What stands in the 说明 of earlier result sheets of this report, by position in the findings.

    Explanations that the findings have already are left out.
    """
    workbook = validation.reading.workbook
    books = [workbook]
    if target.exists() and not _same_file(workbook.path, target):
        books.append(open_workbook(target))
    whose = owner(validation.reading.report)
    written: list[Explanation] = []
    for book in books:
        sheet = result_sheet(book)
        if sheet is not None and (book is workbook or sheet.value(OWNER) == whose):
            written += sheet_explanations(sheet, book.path.name if book.path else "")
    texts = carried(validation.findings, written)
    return {n: text for n, text in texts.items() if not validation.findings[n].explanation}
