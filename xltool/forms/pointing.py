"""Whether the questions of an edition of one's own point at what they ask about: its form or 问题.yaml was changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.core.problems import Problem
from xltool.core.yamlfile import line_of
from xltool.editions import Edition
from xltool.forms.fit import printed_at
from xltool.mapping.located import as_text
from xltool.mapping.questions import NAME, Question, load_questions, question_id
from xltool.mapping.recognition.vocabulary.keys import bare
from xltool.ooxml import Sheet

_SHOWN = 3
_GONE = "表样里去掉了的，删掉这一问"


def strayed(edition: Edition, sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    """The questions that point at another cell of the form than asks them, each with file and line."""
    path = edition.folders[0] / NAME
    sound: set[str] = set()
    for n, question in enumerate(load_questions(path) if path.is_file() else ()):
        fault = _fault(question, sheets)
        if fault is None and question.id in sound:
            fault = "编号", f"“{question.id}”问了两次", "删掉一处"
        if fault is None:
            sound.add(question.id)
            continue
        key, told, hint = fault
        where = f"{path} 第{line_of(path, ('问题', n, key))}行"
        yield Problem(where, told, hint, code="bad-edition")


def _fault(question: Question, sheets: Mapping[str, Sheet]) -> tuple[str, str, str] | None:
    """The key that is wrong, what is wrong with it, and what to do."""
    sheet = sheets.get(question.sheet)
    if question.sheet and sheet is None:
        hint = f"改成表样里的：{'、'.join(sheets)}；{_GONE}"
        return "工作表", f"表样里没有工作表“{question.sheet}”", hint
    if sheet is not None and (fault := _elsewhere(question, sheet)):
        return fault
    if question.id != (own := _own_id(question)):
        return "编号", f"编号“{question.id}”不是这一问的", f"改成“{own}”"
    return None


def _elsewhere(question: Question, sheet: Sheet) -> tuple[str, str, str] | None:
    """As `_fault`: what is quoted stands in another cell, or nowhere."""
    text, cell = question.text, question.cell
    if cell and not _prints(sheet, cell, text):
        told = f"问的是“{text}”，表样的 {cell} {printed_at(sheet, cell)}"
        if places := _places(sheet, text):
            return "单元格", told, f"“{text}”在 {'、'.join(places[:_SHOWN])}，改成它"
        return "印着", told, f"照表样写；{_GONE}"
    odd = next((head for head in question.heads if not _places(sheet, head)), None)
    if odd is not None:
        return "栏目", f"表样里没有“{odd}”", f"照表样写栏目，从上到下；{_GONE}"
    return None


def followed(question: Question, sheets: Mapping[str, Sheet]) -> Question:
    """A question with the cell in which what it asks about stands now, if that is certain, and its id."""
    sheet = sheets.get(question.sheet)
    if sheet is not None and question.cell and not _prints(sheet, question.cell, question.text):
        places = _places(sheet, question.text)
        if len(places) == 1:
            question = question._replace(cell=places[0])
    return question._replace(id=_own_id(question))


def _own_id(question: Question) -> str:
    return question_id(question.kind, question.sheet, question.cell)


def _places(sheet: Sheet, text: str) -> list[str]:
    return [ref for ref, _ in sheet.items() if _prints(sheet, ref, text)]


def _prints(sheet: Sheet, ref: str, text: str) -> bool:
    """Whether a cell prints what a question quotes, which may be a part of it: 填表科室 of 填表科室：某局."""
    return bare(text) in bare(as_text(sheet.value(ref)) or "")
