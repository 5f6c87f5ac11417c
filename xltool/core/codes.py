"""科目 lists: which codes exist, what they are called, in which years they were in force."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Code:
    """One 科目. `first` and `last` are years, inclusive; None: open. `doubtful`: years unproven."""

    code: str
    name: str
    first: int | None
    last: int | None
    doubtful: bool

    def in_force(self, year: int) -> bool:
        """Whether the code was in force in `year`, as far as the list knows."""
        return (self.first or year) <= year <= (self.last or year)


class CodeList:
    """A 科目 list; its levels follow from the lengths of its codes (functional 3/5/7, economic 3/5)."""

    def __init__(self, codes: dict[str, Code]) -> None:
        self._codes = codes
        self.levels = tuple(sorted({len(code) for code in codes}))
        self._classes = {c.name: c.code for c in codes.values() if len(c.code) == self.levels[0]}

    @classmethod
    def load(cls, path: Path) -> CodeList:
        """Read a CSV with the columns 科目编码, 科目名称, 起始年度, 截止年度, 存疑."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return cls(
                {
                    row["科目编码"]: Code(
                        row["科目编码"],
                        row["科目名称"],
                        int(row["起始年度"]) if row["起始年度"] else None,
                        int(row["截止年度"]) if row["截止年度"] else None,
                        row["存疑"] == "是",
                    )
                    for row in csv.DictReader(file)
                }
            )

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

    def __iter__(self) -> Iterator[str]:
        """Every code, in the order of the list."""
        return iter(self._codes)

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def well_formed(self, code: str) -> bool:
        """Digits only, of one of the list's lengths."""
        return code.isascii() and code.isdigit() and len(code) in self.levels

    def parent(self, code: str) -> str | None:
        """The code one level up, or None for a 类."""
        shorter = [n for n in self.levels if n < len(code)]
        return code[: shorter[-1]] if shorter else None

    def ancestors(self, code: str) -> list[str]:
        """All codes above `code`, highest first."""
        return [code[:n] for n in self.levels if n < len(code)]
