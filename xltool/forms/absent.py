"""The tables of an edition without addresses that its form does not show, each with the cell where it may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.core.hints import Hint
from xltool.core.problems import Problem
from xltool.core.yamlfile import at_text
from xltool.editions import Edition, WorkbookSpec
from xltool.forms.asking import ask
from xltool.mapping.headlines import HEAD_ROWS
from xltool.mapping.questions import NAME, NONE, Question
from xltool.mapping.recognition.vocabulary.keys import header_key
from xltool.mapping.recognition.vocabulary.words import Vocabulary
from xltool.mapping.recognition.workbook import Recognition
from xltool.ooxml import Sheet, Workbook

_TO_ASK = Hint(
    f"是它的，运行 xltool mapping answer 这个文件夹，在 {NAME} 里答，或把表样改回；"
    "不是的，从 tables 里去掉",
    "是它的，把表样改回",
)
_NOT_HERE = "从 tables 里去掉，或把本地的写法写进 用语.yaml"
_SHOW = "在表样里取消隐藏，或从 tables 里去掉"
_SHOWN = 3
"""So many cells are named where a table may be."""


def absent_tables(
    edition: Edition, book: WorkbookSpec, workbook: Workbook, found: Recognition
) -> Iterator[Problem]:
    """What of `book`'s tables its words do not find in its form."""
    known = {table.mapping.table for table in found.tables}
    absent = [mapping.table for mapping in book.tables if mapping.table not in known]
    asked = ask(workbook, found, edition.words, None) if absent else []
    for table in absent:
        places = [*_places(table, found, asked, edition.words)]
        others = [f"工作表“{u.sheet}”：{u.reason}" for u in found.unread if table in u.table]
        hidden = [s.name for s in workbook.sheets if s.state != "visible" and _titled(s, table)]
        named = [f"工作表“{name}”是隐藏的，不读" for name in hidden]
        told = "；".join((places or others or named)[:_SHOWN]) or "没有这个标题的表"
        where = at_text(edition.folders[0] / "edition.yaml", table)
        said = f"{book.template.name} 表样里认不出“{table}”（{told}）"
        hint = _SHOW if named else _NOT_HERE
        yield Problem(where, said, _TO_ASK if places else hint, code="bad-mapping")


def _titled(sheet: Sheet, table: str) -> bool:
    """Whether a text among the first rows of a sheet ends with the name of a table."""
    texts = (value for _, value in sheet.head(HEAD_ROWS) if isinstance(value, str))
    return any(header_key(text).endswith(header_key(table)) for text in texts)


def _places(
    table: str, found: Recognition, asked: Sequence[Question], words: Vocabulary
) -> Iterator[str]:
    """Where a table may be, and what is not understood there."""
    doubted = {(d.titled.cells.sheet.name, t.table) for d in found.doubts for t in d.tables}
    for question in asked:
        if question.kind == "张" and question.table == table:
            yield f"{question.ask}{_listed(question)}"
        elif question.kind != "表":
            continue
        elif any(choice.text == table for choice in question.choices):
            printed = f"印着“{question.text.strip()}”" if question.text else "起没有认得的标题"
            yield f"{question.where} {printed}，可能是它"
        elif (question.sheet, table) in doubted:
            heads = [
                f"{other.cell}“{other.text.strip()}”"
                for other in asked
                if (other.kind, other.sheet, other.table) == ("栏", question.sheet, table)
                and header_key(other.text) not in words.parts
            ]
            named = "、".join(heads[:_SHOWN])
            told = f"认不出的有 {named}" if named else "栏目和行认不出"
            yield f"{question.where} 标题认得，{told}"


def _listed(question: Question) -> str:
    sheets = [choice.text for choice in question.choices if choice.text != NONE]
    return "、".join(f"“{sheet}”" for sheet in sheets)
