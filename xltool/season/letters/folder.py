"""All letters as one folder: a subfolder for each department, a list of all letters; whole or not there."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xltool.batch.filenames import FileNames, safe_stem
from xltool.core.problems import InputError, Problem, system_reason
from xltool.core.saving.drafts import place
from xltool.core.saving.swap import draft_folder
from xltool.season.letters.contents import line_rows, mark_values, unread_rows
from xltool.season.letters.index import INDEX, LetterEntry, write_index
from xltool.season.letters.marks import filled
from xltool.season.letters.model import DEMANDS, LetterUnit
from xltool.season.letters.sheet import write_sheet
from xltool.season.letters.template import LetterTemplate

NO_DEPARTMENT = "未分部门"
_STEM = 40
"""Characters of a unit's name in the names of its files: Windows limits a whole path."""


@dataclass(slots=True)
class Letters:
    """What was written. `passed`: units that get no letter, because they are 合格."""

    entries: list[LetterEntry] = field(default_factory=list)
    passed: int = 0
    settled: int = 0
    """Units that are not 合格 and have nothing left to do: all is explained or waived."""
    unmarked: int = 0
    """Letters about findings that go without an annotated copy."""

    @property
    def kinds(self) -> Counter[str]:
        """How many letters of each kind."""
        return Counter(entry.kind for entry in self.entries)


def write_letters(
    units: Iterable[LetterUnit], template: LetterTemplate, out: Path, *, passed: bool
) -> Letters:
    """Write the letters of `units` into the new folder `out`; 合格 units get one only with `passed`.

    Raises `InputError`, also when there is no letter to write.
    """
    if out.exists():
        hint = "换一个新文件夹的名字"
        raise InputError(Problem(str(out), "已经有了，没有覆盖", hint, code="exists"))
    ordered = sorted(units, key=lambda u: (not u.department, u.department, u.shown or u.name))
    letters = Letters()
    try:
        with draft_folder(out.absolute().parent) as draft:
            folder = draft / out.name
            folder.mkdir()
            _write(folder, ordered, template, letters, passed=passed)
            if not letters.entries:
                raise InputError(
                    Problem(
                        "",
                        "没有要发的通知：都合格，或都有说明、已豁免",
                        "要发合格通知的，加 --passed",
                        code="nothing-to-do",
                    )
                )
            write_index(folder / INDEX, letters.entries)
            place(folder, out, overwrite=False)
    except OSError as error:
        told = f"写不了：{system_reason(error)}"
        raise InputError(Problem(str(error.filename or out), told, code="unwritable")) from error
    return letters


def _write(
    folder: Path,
    units: Sequence[LetterUnit],
    template: LetterTemplate,
    letters: Letters,
    *,
    passed: bool,
) -> None:
    names: defaultdict[str, FileNames] = defaultdict(FileNames)
    folders = _Folders()
    year = _usual_year(units)
    number = template.first
    for unit in units:
        if unit.kind == "合格通知" and not passed:
            letters.passed += 1
            continue
        if unit.kind == "整改通知" and not unit.lines and not unit.unread:
            letters.settled += 1
            continue
        department = folders.of(unit.department)
        (folder / department).mkdir(exist_ok=True)
        stem = names[department].take(safe_stem(unit.shown or unit.name)[:_STEM], "")
        values = mark_values(unit, template, number, year)
        _letter(folder / department, stem, unit, template, values)
        if unit.kind == "整改通知" and not any(unit.marked):
            letters.unmarked += 1
        letters.entries.append(_entry(unit, values, number, f"{department}/{stem}"))
        number += 1


class _Folders:
    """A folder for each department, its own also where two names differ only in what Windows ignores."""

    def __init__(self) -> None:
        self._names, self._known = FileNames(), dict[str, str]()

    def of(self, department: str) -> str:
        """The folder of a department; of none, that of those without."""
        if department not in self._known:
            stem = safe_stem(department or NO_DEPARTMENT)[:_STEM].rstrip(" .")
            self._known[department] = self._names.take(stem, "")
        return self._known[department]


def _usual_year(units: Sequence[LetterUnit]) -> int | None:
    """The year that most books name: for letters about books that could not be read."""
    years = Counter(unit.year for unit in units if unit.year)
    return years.most_common(1)[0][0] if years else None


def _letter(
    folder: Path,
    stem: str,
    unit: LetterUnit,
    template: LetterTemplate,
    values: Mapping[str, str],
) -> None:
    kind = unit.kind
    texts = template.bodies[kind] + (template.enclosing[kind] if any(unit.marked) else ())
    body = [filled(text, values) for text in texts]
    rows = list(unread_rows(unit) if kind == "退回通知" else line_rows(unit))
    document = template.documents[kind].filled(values, body, rows)
    (folder / f"{stem}-{kind}.docx").write_bytes(document)
    if kind != "整改通知":
        return
    office, due = values["审核单位"].strip("＿"), values["限期"]
    write_sheet(folder / f"{stem}-{kind}.xlsx", unit, values["标题"], office, due)
    for n, marked in enumerate(unit.marked, 1):
        more = f"{n}" if n > 1 else ""
        shutil.copyfile(marked, folder / f"{stem}-标注本{more}{marked.suffix}")


def _entry(unit: LetterUnit, values: Mapping[str, str], number: int, file: str) -> LetterEntry:
    kind = unit.kind
    asked = Counter(line.demand for line in unit.lines)
    return LetterEntry(
        number,
        values["文号"].strip("＿"),
        unit.department or NO_DEPARTMENT,
        unit.shown or unit.name,
        unit.code,
        unit.contact,
        kind,
        asked.total(),
        sum(asked[demand] for demand in DEMANDS[:2]),
        f"{copies} 份" if (copies := sum(1 for _ in unit.marked)) else "",
        f"{file}-{kind}.docx",
    )
