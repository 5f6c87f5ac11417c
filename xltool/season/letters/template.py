"""The template of letters: a folder with the words (整改通知.yaml) and a Word document for each kind of letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

from xltool.core.problems import InputError, Problem, raise_if, system_reason
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.mapping.files import read_yaml
from xltool.season.letters.marks import BLANK, BODY, OF_LETTER, OF_LINE, OF_OFFICE, wrong_marks
from xltool.season.letters.model import LetterKind
from xltool.season.letters.word import WordTemplate

OWN = MAPPINGS / "letters"
WORDS = "整改通知.yaml"
_SCHEMA = MAPPINGS / "letters.schema.json"
KINDS: tuple[LetterKind, ...] = get_args(LetterKind)
_DAYS = re.compile(r"\s*(\d{1,4})\s*[天日]?\s*")
_DATE = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """What an office decides once for all letters of a round.

    `values` are the marks that are the same in all of them; `documents` the Word files by kind; `enclosing` what a
    letter says besides when an annotated copy goes with it.
    """

    values: Mapping[str, str]
    first: int
    titles: Mapping[str, str]
    bodies: Mapping[str, tuple[str, ...]]
    enclosing: Mapping[str, tuple[str, ...]]
    documents: Mapping[str, WordTemplate]

    @property
    def blanks(self) -> list[str]:
        """What the office did not say."""
        return [name for name in OF_OFFICE if self.values[name] == BLANK]


def load_template(folder: Path | None, today: date) -> LetterTemplate:
    """The template in `folder`, or the tool's own. Raises `InputError` with everything that is wrong in it."""
    home = OWN if folder is None else folder
    raw: dict[str, Any] = read_yaml(home / WORDS)
    raise_if(schema_problems(raw, _SCHEMA, WORDS))
    problems: list[Problem] = []
    documents = dict(_documents(home, problems))
    values = _values(raw, today, problems)
    for kind in KINDS:
        texts = (raw[kind]["标题"], *raw[kind]["正文"], *raw[kind].get("附标注本时", ()))
        problems += wrong_marks(f"{WORDS} {kind}", texts, OF_LETTER)
        if kind in documents:
            problems += _wrong_in_document(kind, documents[kind])
    problems += wrong_marks(f"{WORDS} 文号", [raw.get("文号", "")], OF_LETTER)
    raise_if(problems)
    return LetterTemplate(
        values,
        int(raw.get("顺序号从", 1)),
        {kind: raw[kind]["标题"] for kind in KINDS},
        {kind: tuple(raw[kind]["正文"]) for kind in KINDS},
        {kind: tuple(raw[kind].get("附标注本时", ())) for kind in KINDS},
        documents,
    )


def _documents(home: Path, problems: list[Problem]) -> Iterator[tuple[str, WordTemplate]]:
    for kind in KINDS:
        path = home / f"{kind}.docx"
        try:
            yield kind, WordTemplate(path.read_bytes())
        except InputError as error:
            problems += [Problem(path.name, p.message, p.hint, code=p.code) for p in error.problems]
        except FileNotFoundError:
            hint = "用 xltool letters --new-template 拷出一份，不改的照用"
            problems.append(Problem(str(path), "模板里没有这个文件", hint, code="missing"))
        except OSError as error:
            told = f"读不了：{system_reason(error)}"
            problems.append(Problem(str(path), told, code="unreadable"))


def _wrong_in_document(kind: LetterKind, document: WordTemplate) -> Iterator[Problem]:
    name = f"{kind}.docx"
    plain, rows = document.texts()
    known = (*OF_LETTER, BODY)
    yield from wrong_marks(name, plain, known)
    yield from wrong_marks(f"{name} 表格", rows, (*OF_LINE[kind], *OF_LETTER))
    if not any(f"〔{BODY}〕" in text for text in plain):
        hint = f"写一段〔{BODY}〕，每一句按它的样子成一段"
        yield Problem(name, f"没有〔{BODY}〕", hint, code="missing-value")


def _values(raw: Mapping[str, Any], today: date, problems: list[Problem]) -> dict[str, str]:
    sent = _sent(str(raw.get("发文日期") or "今天"), today, problems)
    due = _due(str(raw.get("限期") or ""), sent, problems)
    values = {name: str(raw.get(name) or "").strip() or BLANK for name in OF_OFFICE}
    return values | {"发文日期": _shown(sent), "发文年": str(sent.year), "限期": due}


def _sent(text: str, today: date, problems: list[Problem]) -> date:
    if text.strip() in ("今天", "今日"):
        return today
    if (found := _date(text)) is None:
        problems.append(_not_a_date("发文日期", text, "写成 2026-12-01，或 今天"))
        return today
    return found


def _due(text: str, sent: date, problems: list[Problem]) -> str:
    if not text.strip():
        return BLANK
    if days := _DAYS.fullmatch(text):
        return _shown(sent + timedelta(days=int(days[1])))
    if (found := _date(text)) is None:
        problems.append(_not_a_date("限期", text, "写成 2026-12-20，或 10天"))
        return BLANK
    if found < sent:
        problems.append(Problem(f"{WORDS} 限期", f"{_shown(found)}早于发文日期", code="bad-value"))
    return _shown(found)


def _not_a_date(what: str, text: str, hint: str) -> Problem:
    return Problem(f"{WORDS} {what}", f"“{text}”不是日期", hint, code="bad-value")


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _shown(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
