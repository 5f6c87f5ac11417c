"""Questions (问题.yaml): what a form left undecided, each with candidates, and what the answers mean.

The file is a part of an edition of one's own: an answer, one line, counts as soon as it stands there. A question
without an answer changes nothing; what it asks about stays unbound and is named when a workbook is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from xltool.core.caches import remembered
from xltool.core.problems import Problem, raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import lines_of, scalar
from xltool.mapping.files import read_yaml

NAME = "问题.yaml"
"""The file with questions, in the folder of an edition of one's own."""
TOTAL = "合计行"
"""The answer that a row of a list is the one of its totals."""
NONE = "没有"
"""The answer that the tool has no field for it: it stays unbound."""
ASIDE = "不报送"
"""The answer that a sheet or a table is no part of the return."""
CODE, NAMES, NAMED = "科目编码", "科目名称", "编码和名称同格"
"""Columns of a list that say what a row is, as answers."""
_OF_THE_BOOK = ("单位名称", "年度", "金额单位")
"""Kinds of which a form has one question."""
_SCHEMA = MAPPINGS / "questions.schema.json"
_YEAR = re.compile(r"(?:19|20)\d{2}")
_HEAD = """\
# 认不准的，一处一问。在“答:”后面写上可选的一个，或它的序号（1、2……）；别的不用动。
# 改好以后运行：xltool mapping check 这个文件夹。没有答的照旧不绑定，读的时候点名。
"""


class Choice(NamedTuple):
    """A candidate for an answer, and why it is one."""

    text: str
    reason: str = ""


class Question(NamedTuple):
    """One question. `id` is the same as long as the form is; `answer` is "" until there is one.

    `kind` says what is asked: 表 which table a sheet or title is, 栏 which column, 行 which row, 格 which single
    cell of a 自评表, 合计 whether a row is the total of a list, 张 which of several sheets, 单位名称, 年度, 金额单位.
    `text` is what the form prints at `cell` of `sheet`.
    """

    id: str
    kind: str
    sheet: str
    cell: str
    text: str
    ask: str
    choices: tuple[Choice, ...]
    answer: str = ""
    table: str = ""
    block: str = ""
    heads: tuple[str, ...] = ()
    """Of a column: the texts above it, from top to bottom."""

    @property
    def where(self) -> str:
        """Where it stands, for people."""
        return f"工作表“{self.sheet}”{self.cell}" if self.sheet else "整个工作簿"

    def chosen(self, given: str) -> str | None:
        """The answer that a text means: a candidate or its number; of a year any. None for anything else."""
        given = given.strip()
        texts = [choice.text for choice in self.choices]
        if not given or given in texts:
            return given
        if self.kind == "年度" and _YEAR.fullmatch(given):
            return given
        number = int(given) if given.isdecimal() and len(given) < 4 else 0
        return texts[number - 1] if 0 < number <= len(texts) else None


def question_id(kind: str, sheet: str, cell: str) -> str:
    """The id of a question about a cell; of one about a whole sheet, which has no cell, the sheet's."""
    if kind in _OF_THE_BOOK:
        return kind
    return f"{kind} {sheet}!{cell}" if cell else f"{kind} {sheet}"


def load_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file, their answers checked. Raises `InputError` for all faults, with their lines."""
    raw = read_yaml(path)
    raise_if(schema_problems(raw, _SCHEMA, str(path), source=path))
    lines = lines_of(path.read_text(encoding="utf-8"))
    found = [_question(entry) for entry in raw["问题"]]
    problems = []
    for n, question in enumerate(found):
        answer = question.chosen(question.answer)
        if answer is None:
            where = f"{path} 第{lines.get(('问题', n, '答'), 0)}行"
            problems.append(_not_among(where, question, question.answer))
        else:
            found[n] = question._replace(answer=answer)
    raise_if(problems)
    return tuple(found)


def _question(raw: Mapping[str, Any]) -> Question:
    answer = raw["答"]
    return Question(
        str(raw["编号"]),
        raw["种类"],
        str(raw.get("工作表", "")),
        str(raw.get("单元格", "")),
        str(raw.get("印着", "")),
        raw["问"],
        tuple(Choice(str(text), str(reason or "")) for text, reason in raw["可选"].items()),
        "" if answer is None else str(answer),
        raw.get("表", ""),
        raw.get("块", ""),
        tuple(map(str, raw.get("栏目", ()))),
    )


def _not_among(where: str, question: Question, given: str) -> Problem:
    texts = [choice.text for choice in question.choices]
    hint = did_you_mean(given, texts) or f"可选：{'、'.join(texts)}"
    return Problem(where, f"答的“{given}”不在可选的里面（{question.ask}）", hint, code="bad-value")


def answered(
    questions: Iterable[Question], answers: Mapping[str, str], where: str
) -> tuple[Question, ...]:
    """The questions with these answers, by id; "" takes one back. Raises `InputError` for all faults.

    `where` names what the answers came from.
    """
    known = {question.id: question for question in questions}
    problems = []
    for id_, given in answers.items():
        if id_ not in known:
            hint = did_you_mean(id_, known)
            problems.append(Problem(where, f"没有“{id_}”这个问题", hint, code="unknown-name"))
        elif (answer := known[id_].chosen(given)) is None:
            problems.append(_not_among(f"{where} {id_}", known[id_], given))
        else:
            known[id_] = known[id_]._replace(answer=answer)
    raise_if(problems)
    return tuple(known.values())


def load_answers(path: Path) -> dict[str, str]:
    """The answers of a file: one like 问题.yaml, or `id: answer`. Raises `InputError`."""
    raw = read_yaml(path)
    if isinstance(raw.get("问题"), list):
        return {question.id: question.answer for question in load_questions(path)}
    return {str(key): "" if value is None else str(value) for key, value in raw.items()}


def questions_text(questions: Iterable[Question]) -> str:
    """The file that `load_questions` reads."""
    return f"{_HEAD}问题:\n" + "".join(map("".join, map(_entry, questions)))


def _entry(question: Question) -> Iterator[str]:
    yield f"- 编号: {scalar(question.id)}\n"
    for key, value in (
        ("工作表", question.sheet),
        ("单元格", question.cell),
        ("印着", question.text),
        ("问", question.ask),
    ):
        if value:
            yield f"  {key}: {scalar(value)}\n"
    yield "  可选:\n"
    for choice in question.choices:
        yield f"    {scalar(choice.text)}: {scalar(choice.reason)}\n"
    yield f"  答: {scalar(question.answer) if question.answer else ''}".rstrip() + "\n"
    yield f"  种类: {question.kind}\n"
    for key, value in (("表", question.table), ("块", question.block)):
        if value:
            yield f"  {key}: {scalar(value)}\n"
    if question.heads:
        yield f"  栏目: [{', '.join(map(scalar, question.heads))}]\n"


# ── what answers mean ──


class Answers(NamedTuple):
    """What the answered questions of an edition say beyond the vocabulary."""

    words: Mapping[str, Any]
    """In the shape of 用语.yaml; a spelling of a column is the texts above it."""
    titles: Mapping[str, str]
    """Title as printed -> the only table that it is here."""
    sheets: Mapping[str, str]
    """Sheet without a title -> its table."""
    aside: tuple[str, ...]
    """Sheets and titles that are no part of the return."""
    tables: tuple[str, ...] = ()
    """The tables that the form has by them."""
    year: int = 0
    unit: str = ""


def answers_of(folder: Path) -> Answers:
    """What the questions in an edition's folder have been answered."""
    path = folder / NAME
    return _answers(path, content_of(path))


def content_of(path: Path) -> bytes:
    """What stands in a file with questions; nothing where there is none. Two states may be of the same moment."""
    return path.read_bytes() if path.is_file() else b""


@remembered(64)
def _answers(path: Path, content: bytes) -> Answers:
    return meaning(load_questions(path) if content else ())


def meaning(questions: Sequence[Question]) -> Answers:
    """What the answers of questions mean; those without one mean nothing."""
    heads: list[str] = []
    codes: dict[str, list[str]] = {}
    tables: dict[str, dict[str, dict[str, list[Any]]]] = {}
    titles: dict[str, str] = {}
    sheets: dict[str, str] = {}
    aside: list[str] = []
    chosen: list[str] = []
    year, unit = 0, ""
    for question in questions:
        match question.kind, question.answer:
            case (_, "" | "没有") | ("合计", _):
                continue
            case "表", "不报送":
                aside.append(question.text or question.sheet)
            case "表", table if question.text:
                titles[question.text] = table
            case "表", table:
                sheets[question.sheet] = table
            case "张", sheet:
                others = (choice.text for choice in question.choices)
                aside += [name for name in others if name not in (sheet, NONE)]
                chosen.append(question.table)
            case "栏", column if column in _CODE_KINDS:
                codes.setdefault(_CODE_KINDS[column], []).append(question.heads[-1])
            case ("栏" | "行" | "格") as kind, name:
                own = tables.setdefault(question.table, {})
                group = own.setdefault(_GROUPS[kind], {})
                said: Any = question.heads if kind == "栏" else question.text
                group.setdefault(name, []).append(said)
            case "单位名称", _:
                heads.append(question.answer)
            case "年度", given:
                year = int(given)
            case "金额单位", given:
                unit = given
    words = {
        "heads": {"单位名称": heads} if heads else {},
        "codes": codes,
        "tables": tables,
        "total": [q.text for q in questions if q.kind == "合计" and q.answer == TOTAL],
    }
    more = (*titles.values(), *sheets.values(), *chosen)
    return Answers(words, titles, sheets, tuple(aside), tuple(dict.fromkeys(more)), year, unit)


_GROUPS = {"栏": "columns", "行": "rows", "格": "cells"}
_CODE_KINDS = {CODE: "code", NAMES: "name", NAMED: "named"}
