"""What goes to a worker and what comes back: small, and picklable for processes and for Dask."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from xltool.batch.source import Source
from xltool.checks import Validation
from xltool.checks.explanations import load_explanations
from xltool.checks.external import load_external, require_fit
from xltool.checks.unittypes import as_given as kind_of_unit
from xltool.checks.unittypes import list_of_types, require_unit_types
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.editions import all_editions, find_edition
from xltool.reading import Reading
from xltool.rules.load import load_rules


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to the unit of a book besides it: other workbooks, and texts about its figures."""

    books: tuple[Source, ...] = ()
    texts: tuple[Source, ...] = ()


Attach = Callable[[Source, Reading, Validation | None, Beside], Iterable[tuple[str, bytes]]]
"""Makes whole files (name, content) of a book in the worker: a function of a module, or a partial of one."""


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """What is given beside the books, for validating them.

    `prior` is last year's book or a folder of them; `index` is where it was written down who is in it. `letters`
    are those that units have answered in; `answers` is where it was written down what they answered.
    """

    rules: tuple[Path, ...] = ()
    prior: Path | None = None
    explanations: Path | None = None
    unit_type: str | None = None
    index: Path | None = None
    external: tuple[Path, ...] = ()
    external_unit: str | None = None
    letters: tuple[Source, ...] = ()
    answers: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files and folders that were named: none of them is a submission."""
        single = (self.prior, self.explanations, list_of_types(self.unit_type))
        return (*self.rules, *self.external, *(path for path in single if path is not None))

    @property
    def identity(self) -> tuple[object, ...]:
        """What of it the result depends on: rules and explanations as they are, last year's books by their dates."""
        single = (path for path in (self.explanations, self.index, self.answers) if path)
        listed = (path for path in [list_of_types(self.unit_type)] if path)
        files = (*self.rules, *self.external, *single, *listed)
        digests = tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
        return digests, str(self.prior), self.unit_type, self.external_unit


def given_files(
    rules: AnyPath | Iterable[AnyPath] = (),
    prior: AnyPath | None = None,
    explanations: AnyPath | None = None,
    unit_type: str | None = None,
    external: AnyPath | Iterable[AnyPath] = (),
    external_unit: str | None = None,
    *,
    edition: str | None = None,
) -> GivenFiles:
    """What is given for many books, under paths that hold in every process. Raises `InputError`."""
    return looked_at(
        GivenFiles(
            _absolute(rules),
            Path(prior).absolute() if prior else None,
            Path(explanations).absolute() if explanations else None,
            kind_of_unit(unit_type),
            external=_absolute(external),
            external_unit=external_unit,
        ),
        edition,
    )


def _absolute(files: AnyPath | Iterable[AnyPath]) -> tuple[Path, ...]:
    several = (files,) if isinstance(files, (str, PathLike)) else files
    return tuple(Path(path).absolute() for path in several)


def looked_at(given: GivenFiles, edition: str | None = None) -> GivenFiles:
    """The same, once its files have been found readable: no book is to be done in vain. Raises `InputError`."""
    problems = _rule_problems(given.rules, edition) if given.rules else []
    if given.explanations is not None:
        try:
            load_explanations(given.explanations)
        except InputError as error:
            problems += error.problems
    if given.prior is not None and not given.prior.exists():
        problems.append(Problem(str(given.prior), "没有这个文件或文件夹", code="missing"))
    try:
        require_unit_types(given.unit_type)
    except InputError as error:
        problems += error.problems
    if given.external:
        problems += _external_problems(given, edition)
    raise_if(dict.fromkeys(problems))
    return given


def _external_problems(given: GivenFiles, edition: str | None) -> list[Problem]:
    """What is wrong with the external tables, for the rules of every edition that a book may be of."""
    sets = []
    for found in [find_edition(edition)] if edition else all_editions():
        with suppress(InputError):  # told by `_rule_problems`
            sets.append(load_rules(found, given.rules))
    try:
        loaded = load_external(given.external, given.external_unit)
        if sets:
            require_fit(loaded, sets)
    except InputError as error:
        return list(error.problems)
    return []


def _rule_problems(rules: tuple[Path, ...], edition: str | None) -> list[Problem]:
    """What is wrong with rule files in every edition that a book may be of."""
    problems: list[Problem] = []
    for found in [find_edition(edition)] if edition else all_editions():
        try:
            load_rules(found, rules)
        except InputError as error:
            problems += error.problems
        else:
            return []
    return problems


@dataclass(frozen=True, slots=True)
class Options:
    """How every book is done. `timeout` in seconds, `memory` in MB, both for one book."""

    edition: str | None = None
    validate: bool = False
    attach: Attach | None = None
    given: GivenFiles = GivenFiles()
    timeout: float = 120.0
    memory: int = 1024

    @property
    def identity(self) -> tuple[object, ...]:
        """What the content of a part depends on: the limits do not belong to it."""
        function = getattr(self.attach, "func", self.attach)
        named = (getattr(function, "__module__", ""), getattr(function, "__qualname__", ""))
        bound = (getattr(self.attach, "args", ()), getattr(self.attach, "keywords", {}))
        return self.edition, self.validate, named, bound, self.given.identity


@dataclass(frozen=True, slots=True)
class Task:
    """Some books, and where their part goes. `died` is set when a worker died of the only book.

    `beside`: by the names of books that are done once more what belongs to their unit.
    """

    sources: tuple[Source, ...]
    options: Options
    work: Path
    made_by: str
    attempt: int = 0
    dead: bool = False
    beside: Mapping[str, Beside] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """A part that was written: its file name; for each book its status and, if not read, the reason."""

    part: str
    states: tuple[tuple[str, str], ...]
