"""What belongs to the unit of a book besides it: the 自评表 that was handed in as a file of its own.

Told once all books are read: by 单位编码, else by the name of the unit, of several of one name by the folder; a
自评表 that calls the unit otherwise goes with the only unit of its folder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from xltool.batch.skipped import Passed
from xltool.batch.source import Source
from xltool.batch.task import Beside
from xltool.core.texts import names_in, norm

_CORE = frozenset({"收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表"})
"""A book that has any of them is the unit's own; one that has none goes with it."""
COLUMNS = ("文件", "sha256", "单位名称", "单位编码", "年度", "表")


class BookHead(NamedTuple):
    """Whose book it is, and what is in it. `folder` is that of its name."""

    name: str
    digest: str
    unit: str
    code: str
    year: int
    tables: frozenset[str]

    @property
    def folder(self) -> str:
        """Where it was found."""
        return PurePosixPath(self.name).parent.as_posix()

    @property
    def is_main(self) -> bool:
        """Whether it has the tables of a 决算, and not only what goes with them."""
        return bool(self.tables & _CORE)

    def same_unit(self, other: BookHead) -> bool:
        """Whether both name one unit and year."""
        if self.year and other.year and self.year != other.year:
            return False
        if self.code and other.code:
            return self.code == other.code
        return bool(self.unit) and norm(self.unit) == norm(other.unit)


TABLES = ("表",)
"""The column that tells whether a book goes with another one."""


def all_alone(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether no book goes with another one: each has the tables of a 决算, or none; from their `TABLES`."""
    return all(row["表"] is None or _CORE & {*names_in(row["表"])} for row in rows)


def heads(rows: Iterable[Mapping[str, Any]]) -> list[BookHead]:
    """Of every book that was read, whose it is; from its `COLUMNS`."""
    sets: dict[str, frozenset[str]] = {}
    found = []
    for row in rows:
        if row["表"] is None:
            continue
        tables = sets.setdefault(row["表"], frozenset(names_in(row["表"])))
        who = row["单位名称"] or "", row["单位编码"] or "", row["年度"] or 0
        found.append(BookHead(row["文件"], row["sha256"], *who, tables))
    return found


def companions(
    found: Sequence[BookHead], sources: Mapping[str, Source]
) -> tuple[dict[str, Beside], Sequence[Passed]]:
    """By the name of each book what goes with it; and what could not be told whose it is."""
    pairs = _Pairs([head for head in found if head.is_main])
    beside: defaultdict[str, dict[str, Source]] = defaultdict(dict)
    lost = []
    for small in found:
        if small.is_main:
            continue
        mains = pairs.of(small)
        if mains is None:
            lost.append(small.name)
        for main in mains or ():
            if not small.tables <= main.tables:
                beside[main.name].setdefault(small.digest, sources[small.name])
    passed = (
        [Passed("不知道是哪个单位的、没有与决算表合起来核对的工作簿", tuple(lost))] if lost else []
    )
    return {name: Beside(tuple(books.values())) for name, books in beside.items()}, passed


class _Pairs:
    """The books with the tables of a 决算, by unit and by folder."""

    def __init__(self, mains: Sequence[BookHead]) -> None:
        self._by_unit: defaultdict[str, list[BookHead]] = defaultdict(list)
        self._by_folder: defaultdict[str, list[BookHead]] = defaultdict(list)
        for main in mains:
            for key in _keys(main):
                self._by_unit[key].append(main)
            self._by_folder[main.folder].append(main)

    def of(self, small: BookHead) -> list[BookHead] | None:
        """The books that another one goes with: several where a unit has handed in anew; None when in doubt."""
        near = self._by_folder[small.folder]
        named = {
            m.name: m for key in _keys(small) for m in self._by_unit[key] if m.same_unit(small)
        }
        same = list(named.values())
        if same:
            here = [main for main in same if main in near]
            found = here or same
            apart = {main.code or main.folder for main in found}
            return found if here or len(apart) == 1 else None
        units = {main.code or norm(main.unit) for main in near}
        fits = [main for main in near if not (main.code and small.code)]
        return fits if len(units) == 1 else None if near else []


def _keys(head: BookHead) -> Iterator[str]:
    yield norm(head.unit)
    if head.code:
        yield f"编码:{head.code}"
