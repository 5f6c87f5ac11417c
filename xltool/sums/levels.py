"""Units -> departments -> region in one go: the units of each 主管部门 are added, and all of them once more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xltool.batch.filenames import FileNames
from xltool.core.problems import InputError, Problem, raise_if, system_reason
from xltool.core.saving.drafts import place
from xltool.core.saving.swap import draft_folder
from xltool.core.texts import norm
from xltool.sums.addend import Addend
from xltool.sums.addition import Addition, add
from xltool.sums.comparison import Department, SumComparison, compare, read_department
from xltool.sums.department import SumCheck, check_sum, write
from xltool.sums.units import Loaded

FOLDER = "部门"
_CODE = "单位编码"


class Belonging(NamedTuple):
    """A line of the list of units: whose a unit is."""

    code: str
    name: str
    department: str


@dataclass(slots=True)
class SumLevel:
    """A department, or the region (`whole`), to be added. `missing`: units of the list that are not in it."""

    name: str
    units: list[Addend]
    missing: list[str] = field(default_factory=list)
    whole: bool = False


@dataclass(slots=True)
class LevelResult:
    """A level that was added. `found`: its own book compared with the sum; None where it gave none."""

    level: SumLevel
    result: Addition
    check: SumCheck
    file: str
    found: SumComparison | None = None

    @property
    def clean(self) -> bool:
        """Whether the sum is whole and 合格, and the book that was made by hand agrees."""
        agrees = self.found is None or not self.found.differences
        return agrees and not self.level.missing and self.check.verdict == "合格"


class _List:
    """The list of units: a unit is known by its code, else by its name if no other has it."""

    def __init__(self, lines: Sequence[Belonging]) -> None:
        self._by_code = {line.code: line for line in lines if line.code}
        self._by_name: dict[str, list[Belonging]] = defaultdict(list)
        for line in lines:
            self._by_name[norm(line.name)].append(line)

    def named(self, name: str) -> Sequence[Belonging]:
        """The lines of a name."""
        return self._by_name.get(norm(name), ())

    def line(self, code: str, name: str) -> Belonging | None:
        """The line of a unit."""
        named = self.named(name)
        return self._by_code.get(code) or (named[0] if len(named) == 1 else None)


def levels(
    loaded: Loaded,
    listed: Sequence[Belonging],
    away: Sequence[Belonging],
    region: str,
    *,
    partial: bool,
) -> list[SumLevel]:
    """The departments in the order of the list, those without any unit too, then the region.

    `away` are units that are known from elsewhere to be missing, or not whole. Raises `InputError` for units that
    the list does not have, or has without a department; with `partial` these are told in `loaded.missing` and left
    out.
    """
    known = _List(listed)
    departments = dict.fromkeys(line.department for line in listed if line.department)
    found = {name: SumLevel(name, []) for name in departments}
    problems, given = [], set[Belonging]()
    for unit in loaded.units:
        own = known.line(unit.heads.get(_CODE, ""), unit.name)
        if own is None or not own.department:
            problems.append(_stray(unit, own, known.named(unit.name)))
            continue
        given.add(own)
        found[own.department].units.append(unit)
    if problems and not partial:
        raise_if(problems)
    loaded.missing += problems
    made = list(found.values())
    everything = SumLevel(region, [unit for level in made for unit in level.units], whole=True)
    absent = [line for line in listed if line not in given and line.department]
    for line in dict.fromkeys([*absent, *(known.line(u.code, u.name) or u for u in away)]):
        found.get(line.department, everything).missing.append(line.name)
    everything.missing += [name for level in made for name in level.missing]
    return [*made, everything]


def _stray(unit: Addend, line: Belonging | None, named: Sequence[Belonging]) -> Problem:
    if line is not None:
        return Problem(unit.label, "单位清单里没有写它的主管部门", "补上", code="missing-value")
    told = "单位清单里有几个单位叫这个名称" if named else "单位清单里没有这个单位"
    hint = "让工作簿印上单位编码" if named else "补进清单，或去掉这份工作簿"
    return Problem(unit.label, told, hint, code="unknown-name")


def made_books(
    paths: Iterable[Path], names: Iterable[str], edition: str | None, unit: str
) -> Mapping[str, Department]:
    """The books that departments made themselves, by level. Raises `InputError` with all that is wrong."""
    wanted = {norm(name): name for name in names}
    found: dict[str, Department] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            book = read_department(path, edition, unit)
        except InputError as error:
            problems += error.problems
            continue
        name = wanted.get(norm(book.addend.name))
        if name is None:
            told = f"“{book.addend.name}”不是清单里的主管部门"
            problems.append(Problem(path.name, told, "核对部门名称", code="unknown-name"))
        elif name in found:
            told = f"“{name}”有两份：{found[name].addend.file} 和 {path.name}"
            problems.append(Problem(path.name, told, "只留一份", code="doubled"))
        else:
            found[name] = book
    raise_if(problems)
    return found


def write_levels(
    made: Sequence[SumLevel],
    unit: str,
    adjustments: Sequence[Addend],
    books: Mapping[str, Department],
    out: Path,
) -> list[LevelResult]:
    """Add, write and check every level with units into the new folder `out`, which is there whole or not at all.

    An adjustment belongs to the level of its 单位名称, those of departments to the region, too.
    """
    if out.exists():
        raise InputError(Problem(str(out), "已经有了，没有覆盖", "换一个新文件夹", code="exists"))
    raise_if(_strangers(made, adjustments))
    try:
        with draft_folder(out.absolute().parent) as draft:
            folder = draft / out.name
            (folder / FOLDER).mkdir(parents=True)
            names = FileNames()
            results = [
                _made(level, unit, adjustments, books, folder, names)
                for level in made
                if level.units
            ]
            place(folder, out, overwrite=False)
    except OSError as error:
        told = f"写不了：{system_reason(error)}"
        raise InputError(Problem(str(out), told, code="unwritable")) from error
    return results


def _strangers(made: Sequence[SumLevel], adjustments: Sequence[Addend]) -> Iterator[Problem]:
    names = {norm(level.name) for level in made}
    for adjustment in adjustments:
        if norm(adjustment.name) not in names:
            told = f"调整表的单位名称“{adjustment.name}”不是清单里的主管部门，也不是汇总的名称"
            yield Problem(adjustment.file, told, "写上要调整的部门的名称", code="unknown-name")


def _made(
    level: SumLevel,
    unit: str,
    adjustments: Sequence[Addend],
    books: Mapping[str, Department],
    folder: Path,
    names: FileNames,
) -> LevelResult:
    own = [a for a in adjustments if level.whole or norm(a.name) == norm(level.name)]
    result = add(level.units, unit, own)
    title = f"{level.name}（不全）" if level.missing else level.name
    name = names.take(level.name, ".xlsx")
    target = folder / name if level.whole else folder / FOLDER / name
    files = write(result, title, target, force=False)
    check = check_sum(result, title, files)
    found = compare(books[level.name], result) if level.name in books else None
    return LevelResult(level, result, check, target.relative_to(folder).as_posix(), found)
