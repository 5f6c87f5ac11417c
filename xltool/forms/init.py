"""`mapping init`: an official workbook -> an edition of one's own, proved before it is kept.

What the form leaves open is asked (`Made.questions`, 问题.yaml in the folder). Command line and page do the same:

    made = make_edition(book, "本市2024", answers={})       # nothing is written yet
    made = make_edition(book, "本市2024", answers={made.questions[0].id: "经营支出"})
    keep(made.files, folder)                                # a new folder, whole or not at all
    made = answer(folder, {"年度": "2024"})                  # later: the folder is replaced, proved anew

An answer is one of `Question.choices` (or its number); "" takes it back. More questions may follow an answer. Whoever
shows them to a person shows `Question.ask`, `where`, `text`, the choices with their reasons, and `Made.picture`.
While answers are missing without which nothing can be filled (`Made.proved` is None, `Made.faults` says why), the
edition cannot be used.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xltool.core.problems import InputError, Problem, raise_if, system_reason
from xltool.core.saving.drafts import place
from xltool.core.saving.swap import draft_folder, swap
from xltool.core.texts import did_you_mean
from xltool.core.yamlfile import scalar
from xltool.editions import Edition, find_edition
from xltool.editions.recognised import RECOGNISED_YEARS, nearest_edition
from xltool.forms.asking import ask
from xltool.forms.blank import blanked
from xltool.forms.fromxls import as_xlsx
from xltool.forms.leftrows import unbound_rows
from xltool.forms.ownrules import NAME as RULES
from xltool.forms.ownrules import OwnRules, as_written, rules_of
from xltool.forms.picture import Picture
from xltool.forms.pointing import followed
from xltool.forms.trial import Proved, prove
from xltool.forms.works import unbound_numbers
from xltool.mapping.questions import (
    ASIDE,
    NAME,
    NONE,
    Question,
    answered,
    load_questions,
    questions_text,
)
from xltool.mapping.recognition.strangers import looks_like
from xltool.mapping.recognition.workbook import Recognised, Recognition, recognise
from xltool.mapping.titles import Titles
from xltool.ooxml import Workbook, WorkbookError, open_workbook
from xltool.ooxml.package.errors import workbook_problem
from xltool.ooxml.read.xls.workbook import XlsWorkbook
from xltool.reading import examine

TEMPLATE = "表样"
_ROUNDS = 20
"""Answers may lead to further questions, and those to others, so many times."""


@dataclass(frozen=True)
class Made:
    """An edition that was made: its folder's files, the tables bound, what was not, how the trial went."""

    files: dict[str, bytes]
    tables: tuple[Recognised, ...]
    questions: tuple[Question, ...]
    """All that were asked, those with an answer too."""
    unread: tuple[str, ...]
    unbound: tuple[str, ...]
    near: Edition
    """The built-in edition whose rules and code lists it has."""
    cleared: int
    rules: OwnRules
    """The official rules that fall away, and identities that the form's formulas state."""
    proved: Proved | None
    """How the trial went; None where an answer is needed before there can be one."""
    faults: tuple[Problem, ...] = ()
    """Why there was none."""
    picture: str = ""
    """A page that shows what is bound to what, and what is not."""
    left: tuple[str, ...] = ()
    """Rows that the form prints and nothing is bound to."""
    converted: tuple[str, ...] | None = None
    """Of an .xls form: what could not be taken along into the .xlsx that it became."""

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions without an answer."""
        return tuple(question for question in self.questions if not question.answer)

    @property
    def remains(self) -> str:
        """That a filled workbook's figures are still in the form where nothing is bound; "" where none are."""
        aside = any(question.answer == ASIDE for question in self.questions)
        if not self.cleared or not (self.unbound or aside):
            return ""
        which = "没有绑定的、不报送的工作表里的数" if aside else "没有绑定的数"
        return f"表样是填好的：{which}没有清空，以后填的工作簿都带着它；是那个单位的数，先在表样里删掉再做"


def make_edition(
    book: Path, id_: str, name: str = "", answers: Mapping[str, str] | None = None
) -> Made:
    """Make an edition of a blank or filled official workbook.

    `answers` by the ids of questions. Raises `InputError` when it cannot be proved and no answer could change that.
    """
    workbook = _opened(book)
    content, converted = book.read_bytes(), None
    template = f"{TEMPLATE}{book.suffix.lower()}"
    if isinstance(workbook, XlsWorkbook):
        content, lost = as_xlsx(workbook, str(book))
        converted, template = tuple(lost), f"{TEMPLATE}.xlsx"
        workbook = open_workbook(content)
    found = recognise(workbook)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "own"
        folder.mkdir()
        (folder / template).write_bytes(content)
        near = _write_edition(folder, id_, name, found, workbook)
        if answers:
            _, found, _ = _settled(folder, workbook, answers, str(book))
            near = _write_edition(folder, id_, name, found, workbook)
        made = _complete(folder, answers or {}, str(book), near)
        return replace(made, converted=converted)


def answer(folder: Path, answers: Mapping[str, str]) -> Made:
    """Answer questions of an edition in `folder`, prove it anew and replace the folder, whole or not at all.

    Raises `InputError`; then the folder is as it was.
    """
    edition = find_edition(folder)
    if not edition.recognise:
        told = "这个版本有逐格的映射文件，没有问题要答"
        raise InputError(Problem(str(folder), told, code="bad-option"))
    near = find_edition(edition.folders[1].name if len(edition.folders) > 1 else edition.id)
    folder = edition.folders[0]
    try:
        with draft_folder(folder.parent) as draft:
            for file in folder.iterdir():
                if file.is_file():
                    shutil.copyfile(file, draft / file.name)
            if as_written(draft):
                (draft / RULES).unlink()
            made = _complete(draft, answers, str(folder), near)
            swap([(draft, folder)], overwrite=True)
    except OSError as error:
        told = f"写不了：{system_reason(error)}"
        raise InputError(Problem(str(folder), told, code="unwritable")) from error
    return made


def _complete(folder: Path, answers: Mapping[str, str], where: str, near: Edition) -> Made:
    """Answer, blank the form, and prove the edition in `folder`, which is a draft."""
    form = next(folder.glob(f"{TEMPLATE}.*"))
    workbook = _opened(form)
    edition, found, questions = _settled(folder, workbook, answers, where)
    if not found.tables and not any(map(_may_find, questions)):
        raise InputError(_nothing(workbook, found, where))
    content, cleared = blanked(workbook, found)
    form.write_bytes(content)
    rules = rules_of(folder) if found.tables else OwnRules((), (), (), "")
    if rules.text and not (folder / RULES).is_file():
        (folder / RULES).write_text(rules.text, encoding="utf-8", newline="\n")
    if found.tables:
        proved, faults = _proved(edition, form, questions)
    else:
        proved, faults = None, (_nothing(workbook, found, where),)
    unread = tuple(f"“{u.sheet}”的“{u.table}”：{u.reason}" for u in found.unread)
    unbound = tuple(unbound_numbers(edition.workbooks[-1], edition)) if found.tables else ()
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    picture = Picture(find_edition(folder), edition.workbooks[-1]).html()
    return Made(
        files,
        tuple(found.tables),
        questions,
        unread,
        unbound,
        near,
        cleared,
        rules,
        proved,
        faults,
        picture,
        tuple(unbound_rows(found, edition.words)),
    )


def _may_find(question: Question) -> bool:
    """Whether an answer to a question could make a table known."""
    return any(choice.text not in (ASIDE, NONE) for choice in question.choices)


def _proved(
    edition: Edition, form: Path, questions: tuple[Question, ...]
) -> tuple[Proved | None, tuple[Problem, ...]]:
    """The proof; why there is none, where a question is open that it may depend on. Raises `InputError`."""
    try:
        return prove(edition, form), ()
    except InputError as error:
        if all(question.answer for question in questions):
            raise
        return None, error.problems


def _settled(
    folder: Path, workbook: Workbook, answers: Mapping[str, str], where: str
) -> tuple[Edition, Recognition, tuple[Question, ...]]:
    """What is recognised with the answers, and all questions; what an answer leads to may be asked and answered too."""
    path = folder / NAME
    kept = load_questions(path) if path.is_file() else ()
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    kept = tuple(followed(question, sheets) for question in kept)
    given = dict(answers)
    edition = find_edition(folder)
    for _ in range(_ROUNDS):
        known = {question.id for question in kept}
        kept = answered(kept, {id_: given.pop(id_) for id_ in known & given.keys()}, where)
        if kept:
            path.write_text(questions_text(kept), encoding="utf-8", newline="\n")
        edition = find_edition(folder)
        found = recognise(workbook, words=edition.words)
        reading = examine(workbook, edition) if found.tables else None
        asked = ask(workbook, found, edition.words, reading)
        # an answered question is kept, and so is what was asked; a question that an answer did away with goes
        fresh = {question.id: question for question in asked}
        done = tuple(question for question in kept if question.answer)
        more = tuple(fresh[id_] for id_ in fresh.keys() - {q.id for q in done})
        kept = (*done, *sorted(more, key=lambda question: list(fresh).index(question.id)))
        if not given.keys() & fresh.keys():
            break
    raise_if(
        Problem(where, f"没有“{id_}”这个问题", did_you_mean(id_, {q.id for q in kept}), code="unknown-name")
        for id_ in given
    )  # fmt: skip
    if kept:
        path.write_text(questions_text(kept), encoding="utf-8", newline="\n")
    elif path.is_file():
        path.unlink()
    return edition, found, kept


def _opened(book: Path) -> Workbook:
    try:
        return open_workbook(book)
    except WorkbookError as error:
        raise InputError(workbook_problem(error, str(book))) from error


def _nothing(workbook: Workbook, found: Recognition, where: str) -> Problem:
    told = "；".join(f"“{u.sheet}”{u.reason}" for u in found.unread)
    said = f"没有认出决算表。{told}" if told else f"不是决算报表，{looks_like(workbook)}"
    return Problem(where, said, code="unknown-form")


def _year(workbook: Workbook) -> int:
    return max(Titles(workbook).years(), default=0)


def _write_edition(
    folder: Path, id_: str, name: str, found: Recognition, workbook: Workbook
) -> Edition:
    """Write edition.yaml and give the built-in edition that it extends."""
    near = nearest_edition([t.mapping.table for t in found.tables], _year(workbook), workbook)
    template = next(folder.glob(f"{TEMPLATE}.*")).name
    names = dict.fromkeys(table.mapping.table for table in found.tables)
    tables = "".join(f"\n      - {name}" for name in names) or " []"
    others = "".join(f"  {spec.name}: null\n" for spec in near.workbooks if spec.name != TEMPLATE)
    first, last = RECOGNISED_YEARS
    text = (
        f"# 自己的版本：表样里的表按用语认（mappings/vocabulary/），不用写逐格的映射。\n"
        f"# 规则和科目表用最相近的 {near.id}；这份表样自己的规则在 {RULES}。\n"
        f"# 认不准的在 {NAME} 里，一处一问。\n"
        f"extends: {near.id}\nedition: {scalar(id_)}\nname: {scalar(name or id_)}\n"
        'version: "1"   # 改了再发就加一\n'
        f"years: [{first}, {last}]   # 适用年度，可改\nrecognise: true\n"
        f"workbooks:\n{others}  {TEMPLATE}:\n    template: {template}\n    tables:{tables}\n"
        f"ignore: []   # 不随决算报送的工作表名、标题\n"
    )
    (folder / "edition.yaml").write_text(text, encoding="utf-8", newline="\n")
    return near


def keep(files: dict[str, bytes], target: Path) -> None:
    """Put the edition's files into a new folder, whole or not at all. Raises `InputError`."""
    if target.exists():
        hint = "换个文件夹名，或先把它移走"
        raise InputError(Problem(str(target), "已经有了，没有覆盖", hint, code="exists"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft_folder(target.parent) as draft:
            for name, data in files.items():
                (draft / name).write_bytes(data)
            place(draft, target, overwrite=False)
    except OSError as error:
        raise InputError(
            Problem(str(target), f"写不了：{system_reason(error)}", code="unwritable")
        ) from error
