"""What the workers do with a form that is to be an edition of one's own: it is made, kept, put into a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.core.problems import InputError, Problem
from xltool.core.texts import visible
from xltool.editions import find_edition
from xltool.editions.install import check_id, install

if TYPE_CHECKING:
    from xltool.forms.init import Made

PICTURE = "图.html"
_FOLDER = "版本"


@dataclass(frozen=True, slots=True)
class FormTask:
    """A workbook, and what a person said of it so far. Results go into the new folder `out`."""

    source: Path
    out: Path
    id: str
    name: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnForm:
    """What was recognised in a form, for people; with `problems` there is no edition."""

    out: Path
    id: str
    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        """Whether a trial was filled in and read back equal."""
        return bool(self.facts.get("proved"))

    @property
    def folder(self) -> Path:
        """The edition."""
        return self.out / _FOLDER

    @property
    def picture(self) -> Path:
        """The page that shows what each cell was taken for."""
        return self.out / PICTURE


def make_form(task: FormTask) -> OwnForm:
    """Make an edition of a workbook, as far as the answers go."""
    from xltool.forms.init import keep, make_edition

    name = " ".join(visible(task.name).split())
    try:
        check_id(task.id)
        made = make_edition(task.source, task.id, name, task.answers)
        task.out.mkdir()
        keep(made.files, task.out / _FOLDER)
    except InputError as error:
        told = [_told(problem, task.source) for problem in error.problems]
        return OwnForm(task.out, task.id, name, problems=told)
    own = OwnForm(task.out, task.id, name, _facts(made))
    own.picture.write_text(made.picture, encoding="utf-8", newline="\n")
    return own


def _told(problem: Problem, source: Path) -> str:
    where = "" if Path(problem.where).name in (source.name, source.stem) else problem.where
    return replace(problem, where=where).on_page("")


def _facts(made: Made) -> dict[str, Any]:
    tables = [
        {"table": t.mapping.table, "sheet": t.mapping.sheet, "bound": t.bound} for t in made.tables
    ]
    questions = [
        {
            "id": question.id,
            "where": question.where,
            "ask": question.ask,
            "free": question.kind == "年度",
            "choices": [{"text": text, "reason": reason} for text, reason in question.choices],
            "answer": question.answer,
        }
        for question in made.questions
    ]
    rules = [
        *made.rules.told_fallen(),
        *(f"按表样的公式建议的（级别“提示”）：{text}" for text in made.rules.told_identities()),
        *(f"表样的公式，没能写成规则：{text}" for text in made.rules.told_unsaid()),
    ]
    return {
        "tables": tables,
        "questions": questions,
        "proved": made.proved.figures if made.proved else 0,
        "faults": [_told(fault, Path()) for fault in made.faults],
        "notes": list(_notes(made)),
        "rules": rules,
        "near": made.near.name,
    }


def _notes(made: Made) -> Iterator[str]:
    """What to know of a form that was made, in the order in which it matters."""
    yield from (f"没有读的：{text}" for text in made.unread)
    for text in made.proved.without if made.proved else ():
        yield f"没有空行，填不了明细：{text}（在表样里先留一行）"
    for head in made.proved.heads if made.proved else ():
        yield f"{head.message}（{head.hint}）"
    yield from (f"没有认出的数：{text}" for text in made.unbound)
    yield from (f"没有绑定的行，填不了、不审：{text}" for text in made.left)
    if made.converted is not None:
        yield "旧格式 .xls 已转成 .xlsx，各格的内容、公式逐一核对过，样子请打开看看"
        yield from (f"没有转过来的：{text}" for text in made.converted)
    if made.cleared:
        yield f"填好的内容清空了 {made.cleared} 格，公式都留着"
    if made.remains:
        yield made.remains


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Whether an edition was installed; `there`: one with its id is, and `replace` was not said."""

    problems: list[str] = field(default_factory=list)
    there: bool = False


def keep_form(folder: Path, replace: bool) -> KeptForm:
    """Install an edition for the user of this machine."""
    try:
        install(find_edition(folder), force=replace)
    except InputError as error:
        there = any(problem.code == "exists" for problem in error.problems)
        return KeptForm([_told(problem, folder) for problem in error.problems], there)
    return KeptForm()


def zipped(folder: Path, id_: str) -> bytes:
    """An edition as a zip with one folder of its id: to be unpacked and given to others."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{id_}/{path.name}")
    return data.getvalue()
