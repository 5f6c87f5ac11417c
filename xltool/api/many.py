"""Many workbooks -> one output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.batch.extras import BATCH, require
from xltool.core.paths import AnyPath
from xltool.editions import EditionLike, find_edition

if TYPE_CHECKING:
    from xltool.batch.convert import Tally
    from xltool.batch.source import FoundBooks
    from xltool.batch.task import Options

Paths = AnyPath | Iterable[AnyPath]
Given = tuple[Paths, AnyPath | None, AnyPath | None, str | None, Paths, str | None]
"""Rules, last year's books, explanations, the type of unit, external files and their money unit."""


def convert(
    paths: Paths,
    out: AnyPath,
    *,
    to: str | None = None,
    edition: EditionLike | None = None,
    validate: bool = False,
    prior: AnyPath | None = None,
    explanations: AnyPath | None = None,
    unit_type: str | None = None,
    rules: AnyPath | Iterable[AnyPath] = (),
    external: AnyPath | Iterable[AnyPath] = (),
    external_unit: str | None = None,
    jobs: int | None = None,
    resume: bool = False,
    force: bool = False,
) -> Tally:
    """As `xltool convert`: workbooks, folders, patterns or zip archives -> `out`; what happened, counted.

    `to` is duckdb, parquet, csv, jsonl, json or xlsx (default: by the suffix of `out`). With `validate`, `prior` is
    last year's book or a folder of those of all units; the others are as in `xltool.validate`. Few books are read
    here; more in `jobs` processes (default: one per core), so a script that has more must call this below
    `if __name__ == "__main__":`. Raises `InputError` when it cannot be done at all; a book that cannot be read
    only counts as 失败.
    """
    from xltool.batch.outputs import kind_of, needed

    target = Path(out)
    kind = to or kind_of(target)
    require("batch", *BATCH, *needed(kind))
    from xltool.batch.convert import convert as run
    from xltool.batch.runner import done_here

    given = (rules, prior, explanations, unit_type, external, external_unit)
    outputs = (target, target.with_name(f"{target.name}.part"))
    found, options = asked_for(paths, edition, validate, given, outputs)
    here = done_here(found.sources, jobs)
    return run(
        found.sources, target, kind, options, jobs=jobs, resume=resume, force=force, here=here
    )


def asked_for(
    paths: Paths,
    edition: EditionLike | None,
    validate: bool,
    given: Given,
    outputs: Iterable[Path] = (),
) -> tuple[FoundBooks, Options]:
    """The books in `paths`, and how they are to be done. Raises `InputError`."""
    from xltool.batch.discovered import find_books
    from xltool.batch.task import Options, given_files

    several = [paths] if isinstance(paths, (str, PathLike)) else paths
    known = find_edition(edition).source if edition else None
    files = given_files(*given, edition=known)
    found = find_books([fspath(path) for path in several], outputs=outputs, aside=files.files)
    files = replace(files, letters=tuple(found.letters))
    return found, Options(known, validate, given=files)
