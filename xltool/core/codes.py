"""科目 lists: which codes exist, what they are called, in which years they were in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from xltool.core.caches import remembered
from xltool.core.csvfile import csv_rows
from xltool.core.problems import InputError, Problem
from xltool.core.texts import loose, norm

_COLUMNS = ("科目编码", "科目名称", "起始年度", "截止年度", "存疑")
_FORMER = re.compile(r"([^；]+)（至(\d{4})）")
"""Of the column 曾用名: 扶贫（至2021）；…"""
CODE_LEVELS = ("类", "款", "项")
"""What the levels of codes are called, highest first; the economic list has no 项."""
_LONG = 20
"""Digits of a code or year; more is none."""


class Code(NamedTuple):
    """One 科目. `first` and `last` are years, inclusive; None: open. `doubtful`: years unproven."""

    code: str
    name: str
    first: int | None
    last: int | None
    doubtful: bool
    former: tuple[tuple[str, int], ...] = ()
    """What it was called before, and in which year last."""

    def in_force(self, year: int) -> bool:
        """Whether the code was in force in `year`, as far as the list knows."""
        return (self.first or year) <= year <= (self.last or year)

    def may_be_called(self, name: str, year: int = 0) -> bool:
        """Whether this was its name in `year`, spaces aside; 0: in some year."""
        names = [self.name, *(former for former, last in self.former if year <= last)]
        return norm(name) in map(norm, names)


class CodeList:
    """A 科目 list; its levels follow from the lengths of its codes (functional 3/5/7, economic 3/5)."""

    def __init__(self, codes: dict[str, Code]) -> None:
        self._codes = codes
        self.levels = tuple(sorted({len(code) for code in codes}))
        self._classes = {c.name: c.code for c in codes.values() if len(c.code) == self.levels[0]}

    @staticmethod
    def load(path: Path) -> CodeList:
        """Read a CSV with the columns of `_COLUMNS`, and perhaps 曾用名. Raises `InputError`."""
        return _loaded(path, path.read_bytes() if path.is_file() else b"")

    def get(self, code: str) -> Code | None:
        """The entry of `code`, or None: the list is not complete, so None is no proof of an error."""
        return self._codes.get(code)

    def name(self, code: str) -> str | None:
        """The official name of `code`, or None."""
        entry = self._codes.get(code)
        return entry.name if entry else None

    def names(self, length: int = 0) -> list[str]:
        """Every name of the list, or those of codes of one length."""
        return [e.name for e in self._codes.values() if not length or len(e.code) == length]

    def class_named(self, name: str) -> str | None:
        """The code of the 类 with this name, or None."""
        return self._classes.get(name)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for entry in self._codes.values():
            found.setdefault(loose(entry.name), []).append(entry.code)
        return found

    def with_name(self, name: str) -> list[str]:
        """Every code with this name."""
        return self._by_name.get(loose(name), [])

    def __iter__(self) -> Iterator[str]:
        """Every code, in the order of the list."""
        return iter(self._codes)

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def well_formed(self, code: str) -> bool:
        """Digits only, of one of the list's lengths."""
        return code.isascii() and code.isdigit() and len(code) in self.levels

    def length(self, level: str) -> int:
        """How many digits a code of a level has; below the lowest level of the list, as many as there."""
        return self.levels[min(CODE_LEVELS.index(level), len(self.levels) - 1)]

    def parent(self, code: str) -> str | None:
        """The code one level up, or None for a 类."""
        shorter = [n for n in self.levels if n < len(code)]
        return code[: shorter[-1]] if shorter else None

    def ancestors(self, code: str) -> list[str]:
        """All codes above `code`, highest first."""
        return [code[:n] for n in self.levels if n < len(code)]


@remembered(16)
def _loaded(path: Path, content: bytes) -> CodeList:
    """The list of a file as it stands: most editions have the same ones."""
    rows = csv_rows(path)
    _, head = next(rows, (0, []))
    if missing := [name for name in _COLUMNS if name not in head]:
        raise InputError(Problem(str(path), f"缺少列：{'、'.join(missing)}", code="bad-edition"))
    codes: dict[str, Code] = {}
    for number, row in rows:
        cells = dict(zip(head, row, strict=False))
        code, name, first, last, doubt = (cells.get(column, "") for column in _COLUMNS)
        digits = [code, first or "0", last or "0"]
        if not all(text.isascii() and text.isdigit() and len(text) < _LONG for text in digits):
            place, message = f"{path} 第{number}行", "科目编码、年度应是数字"
            raise InputError(Problem(place, message, code="bad-edition"))
        since, until = (int(year) if year else None for year in (first, last))
        former = tuple((old, int(year)) for old, year in _FORMER.findall(cells.get("曾用名", "")))
        codes[code] = Code(code, name, since, until, doubt == "是", former)
    if not codes:
        raise InputError(Problem(str(path), "科目表里没有科目", code="bad-edition"))
    return CodeList(codes)


def join_code(pieces: list[str], above: list[str]) -> str | None:
    """The 科目编码 of a row whose 类, 款 and 项 stand in columns of their own, or None for a blank row.

    A row holds the whole code in one of the columns, or its own two digits with what is above them in the
    columns to the left, or (blank there) in the rows above. A number has lost the zero it begins with: 5 is 05.
    """
    if not any(pieces[1:]):  # as in most rows: the whole code, or a 类
        return pieces[0] or None
    pieces = [f"0{piece}" if n and len(piece) == 1 else piece for n, piece in enumerate(pieces)]
    last = max(n for n, piece in enumerate(pieces) if piece)
    if len(pieces[last]) > 3:
        return pieces[last]
    parents = [pieces[n] or (above[n] if n < len(above) else "") for n in range(last)]
    return "".join(parents) + pieces[last]


def pieces_of(code: str) -> list[str]:
    """The digits of a 科目编码 that are its 类, 款 and 项, each for itself."""
    return [code[:3], code[3:5], code[5:]]


_DIVIDED = re.compile(r"(\d{3})[-－–—·/.． \u3000](\d{2})(?:[-－–—·/.． \u3000](\d{2}))?")


def undivided(text: str) -> str:
    """A code without the signs between 类, 款 and 项: 205-02-01, 205.02.01, 205 02 01. Any other text as it is."""
    found = _DIVIDED.fullmatch(text)
    return "".join(filter(None, found.groups())) if found else text
