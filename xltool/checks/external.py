"""Tables of the bureau's own beside the workbook: loaded, and held against what the rules ask of them.

Everything that is wrong with them is told at once and before a book is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from xltool.core.amounts import UNITS
from xltool.core.caches import remembered
from xltool.core.paths import AnyPath
from xltool.core.problems import InputError, Problem, raise_if
from xltool.core.texts import did_you_mean
from xltool.rules.external import ExternalTables
from xltool.rules.load import RuleSet
from xltool.rules.scope import EXTERNAL, ExternalColumn

if TYPE_CHECKING:
    from xltool.documents.keyedtable import KeyedTable

External: TypeAlias = AnyPath | Iterable[AnyPath] | ExternalTables
"""Files with external tables, or the tables when they were loaded before."""


def load_external(files: AnyPath | Iterable[AnyPath], unit: str | None = None) -> ExternalTables:
    """The tables by the names of their files. `unit`: the money unit of those that print none.

    Raises `InputError` with everything that is wrong with any of them.
    """
    paths = [Path(file) for file in ([files] if isinstance(files, (str, PathLike)) else files)]
    return _loaded(
        tuple(paths), unit, tuple(p.stat().st_mtime_ns if p.is_file() else 0 for p in paths)
    )


@remembered(4)
def _loaded(paths: tuple[Path, ...], unit: str | None, written: tuple[int, ...]) -> ExternalTables:
    problems: list[Problem] = []
    if unit is not None and unit not in UNITS:
        told = f"外部表的金额单位只能是{'、'.join(UNITS)}"
        problems.append(Problem(f"--external-unit {unit}", told, code="bad-option"))
    tables: dict[str, KeyedTable] = {}
    for path in paths:
        from xltool.documents.keyedtable import load_keyed_table  # most books have none beside them

        try:
            table = load_keyed_table(path)
        except InputError as error:
            problems += error.problems
            continue
        if table.name in tables:
            told = f"有两个外部表都叫“{table.name}”"
            problems.append(Problem(str(path), told, "改一个文件名", code="doubled"))
        tables[table.name] = table
    raise_if(problems)
    return ExternalTables(tables, unit)


def require_fit(given: ExternalTables, rules: Iterable[RuleSet]) -> None:
    """See that the tables hold what rules ask of them, in sets of rules of which a book may need any.

    Raises `InputError`: columns that are not there, cells that are no amounts, money units that nobody tells, tables
    that no rule asks for.
    """
    asked: defaultdict[str, set[ExternalColumn]] = defaultdict(set)
    for loaded in rules:
        for needed in loaded.scope.external:
            asked[needed.table].add(needed)
    problems: dict[Problem, None] = {}
    for name, table in given.tables.items():
        if name not in asked:
            hint = (
                did_you_mean(name, asked) or f"在规则里写 {EXTERNAL}.{name}.栏目，用 --rules 给出"
            )
            told = f"没有规则用到外部表“{name}”"
            problems[Problem(table.grid.file, told, hint, code="bad-option")] = None
        for needed in sorted(asked.get(name, ())):
            problems |= dict.fromkeys(_unfit(table, needed, given.unit))
    raise_if(problems)


def _unfit(table: KeyedTable, needed: ExternalColumn, unit: str | None) -> Iterator[Problem]:
    from xltool.documents.keyedtable import NoFigure

    file = table.grid.file
    column = table.columns.get(needed.column)
    if column is None:
        hint = did_you_mean(needed.column, table.columns)
        yield Problem(file, f"外部表没有规则要用的“{needed.column}”一栏", hint, code="unknown-name")
        return
    if needed.by_subject and not table.by_subject:
        told = f"规则按科目编码取“{needed.column}”，表里没有“科目编码”一栏"
        yield Problem(file, told, code="missing-value")
    if not needed.figure:
        return
    if column.unit is None and unit is None:
        told = f"没有写明“{needed.column}”的金额单位"
        hint = (
            f"表头上面写“单位：万元”，或栏名写“{needed.column}（万元）”，或加 --external-unit；"
            "不是金额的栏名后面写（人）（个）（%）"
        )
        yield Problem(file, told, hint, code="no-unit")
    for row in table.rows:
        try:
            table.figure(row, needed.column, unit)
        except NoFigure as error:
            yield Problem(table.where(row, needed.column), str(error), code="bad-value")


def as_external(given: External | None, unit: str | None, rules: RuleSet) -> ExternalTables | None:
    """The tables that are meant, fit for these rules. Raises `InputError`."""
    if given is None or isinstance(given, ExternalTables):
        return given
    loaded = load_external(given, unit)
    if not loaded.tables:
        return None
    require_fit(loaded, [rules])
    return loaded
