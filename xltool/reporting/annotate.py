"""The annotated copy: the clerk's own workbook with marks, notes and a result sheet, and its cleaning.

The result sheet stands last, so that no sheet changes its number (macros count sheets), and is what
the copy opens with, so that it is what the clerk sees first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from xltool.checks import Validation
from xltool.explanations import mark_void, sheet_explanations
from xltool.ooxml import Editor, Link, Look, Workbook, WorkbookError, open_workbook
from xltool.problems import InputError, Problem
from xltool.reporting.cellmarks import CellMark, cell_marks
from xltool.reporting.resultpage import result_page
from xltool.resultsheet import RESULT_SHEET, opening_before, result_sheet

AUTHOR = "xltool校验"
TAG = "xltool"
_BACK = "回到校验结果"


def annotate(validation: Validation, target: Path, *, force: bool = False) -> None:
    """Write a copy of the validated workbook to `target` that shows what was found.

    Marks of an earlier annotation go first; the 说明 written in its result sheet stay with their
    findings, those whose numbers have changed as a remark that they are void. A marked copy may be
    written over with `force`, the original never. Raises `InputError`; then nothing is written.
    """
    workbook = validation.reading.workbook
    if _same_file(workbook.path, target) and result_sheet(workbook) is None:
        hint = "标注本请换一个文件名"
        raise InputError(Problem(str(target), "这是原工作簿，不能写在它上面", hint))
    try:
        editor = Editor(workbook)
        shown, explanations = _carried(validation)
        _take_off(editor)
        _put_on(editor, shown, explanations)
        editor.save(target, overwrite=force)
    except WorkbookError as error:
        raise InputError(Problem(str(target), str(error))) from error


def clean(source: Path, target: Path, *, force: bool = False) -> None:
    """Write a copy of `source` without what `annotate` put on it; edits made since are kept.

    Raises `InputError`; then nothing is written.
    """
    try:
        editor = Editor(open_workbook(source))
        _take_off(editor)
        if not editor.changed:
            raise InputError(Problem(str(source), "没有 xltool 的标记、批注和校验结果表，不用清除"))
        editor.save(target, overwrite=force)
    except WorkbookError as error:
        raise InputError(Problem(str(source), str(error))) from error


def _same_file(source: Path | None, target: Path) -> bool:
    return source is not None and target.exists() and target.samefile(source)


def _take_off(editor: Editor) -> None:
    editor.unmark(TAG)
    editor.remove_notes(AUTHOR)
    while (sheet := result_sheet(editor.workbook)) is not None:
        editor.remove_links(sheet.name)
        if editor.opens_at == sheet.name:
            editor.open_as(opening_before(editor.workbook))
        editor.remove_sheet(sheet.name)


def _put_on(editor: Editor, validation: Validation, explanations: Mapping[int, str]) -> None:
    name = _free_name(editor.workbook)
    page, first_lines = result_page(validation, explanations, editor.opening)
    editor.add_sheet(name, page)
    editor.open_at(name)
    titles = _titles(validation)
    for sheet, marks in cell_marks(validation).items():
        editor.mark(sheet, _by_look(marks), TAG)
        noted = editor.sheet(sheet).notes
        texts = {ref: mark.note for ref, mark in marks.items() if ref not in noted and mark.texts}
        editor.add_notes(sheet, texts, AUTHOR)
        title = titles.get(sheet)
        if title and not editor.has_link(sheet, title):
            row = first_lines.get(sheet, 1)
            editor.add_link(sheet, title, Link(name, f"A{row}", _BACK))


def _free_name(workbook: Workbook) -> str:
    """校验结果, or with a number when the clerk has a sheet of that name."""
    taken = {sheet.name.casefold() for sheet in workbook.sheets}
    names = (RESULT_SHEET, *(f"{RESULT_SHEET}({n})" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name.casefold() not in taken)


def _by_look(marks: Mapping[str, CellMark]) -> dict[Look, list[str]]:
    found: dict[Look, list[str]] = {}
    for ref, mark in marks.items():
        found.setdefault(mark.look, []).append(ref)
    return found


def _titles(validation: Validation) -> dict[str, str]:
    """Of each sheet that bears a table: the address of its title."""
    found: dict[str, str] = {}
    for sighting in validation.reading.sightings:
        wanted = sighting.mapping.title.text
        labels = sighting.located.labels.items()
        ref = next((ref for ref, text in labels if text == wanted), None)
        if ref:
            found.setdefault(sighting.located.sheet.name, ref)
    return found


def _carried(validation: Validation) -> tuple[Validation, dict[int, str]]:
    """The 说明 of an earlier result sheet, by position in the findings.

    The validation comes back with remarks where such a text is void, because the numbers changed.
    """
    sheet = result_sheet(validation.reading.workbook)
    if sheet is None:
        return validation, {}
    written = sheet_explanations(sheet, validation.reading.file)
    void = mark_void(validation.findings, written)
    texts = {(e.rule, e.where): e.text for e in written}
    kept = {
        n: texts[f.rule, f.where]
        for n, f in enumerate(validation.findings)
        if n not in void and (f.rule, f.where) in texts and not f.explanation
    }
    findings = [
        void[n] if n in void and texts[f.rule, f.where] not in f.hint else f
        for n, f in enumerate(validation.findings)
    ]
    return replace(validation, findings=findings), kept
