"""Many workbooks -> one output."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.batch.extras import BATCH, require
from xltool.batch.frame import Paths
from xltool.core.paths import AnyPath
from xltool.editions import EditionLike, find_edition

if TYPE_CHECKING:
    from xltool.batch.convert import Tally


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
    from xltool.batch.discovered import find_books
    from xltool.batch.runner import done_here
    from xltool.batch.task import Options, given_files

    named = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    work = target.with_name(f"{target.name}.part")
    known = find_edition(edition).source if edition else None
    given = given_files(
        rules, prior, explanations, unit_type, external, external_unit, edition=known
    )
    aside = given.files
    found = find_books([os.fspath(path) for path in named], outputs=(target, work), aside=aside)
    given = replace(given, letters=tuple(found.letters))
    options = Options(known, validate, given=given)
    here = done_here(found.sources, jobs)
    return run(
        found.sources, target, kind, options, jobs=jobs, resume=resume, force=force, here=here
    )
