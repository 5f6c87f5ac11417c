"""Where the fields of one table stand in one sheet, and how that differs from the edition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from xltool.core.model import Path
from xltool.core.problems import Problem
from xltool.core.texts import visible
from xltool.mapping.blocks import Column, ListBlock
from xltool.mapping.model import TableMapping
from xltool.mapping.plan import Plan, moved
from xltool.ooxml import Sheet, Value, make_ref

DriftKind = Literal["工作表", "行", "栏", "文字", "多出", "缺少"]


class Drift(NamedTuple):
    """One difference from the edition that reading could follow without doubt."""

    kind: DriftKind
    what: str
    expected: str
    found: str
    shift: int = 0
    """By how many rows it moved, where that is the difference."""

    @classmethod
    def of_row(cls, what: str, expected: int, found: int) -> Drift:
        """A row that stands elsewhere."""
        return cls("行", what, f"第{expected}行", f"第{found}行", found - expected)

    def __str__(self) -> str:
        match self.kind:
            case "缺少":
                return f"没有“{self.what}”（表样在{self.expected}）"
            case "多出":
                return f"多出“{self.what}”（{self.found}）"
            case "文字":
                return f"{self.what}写作“{self.found}”，表样是“{self.expected}”"
            case _:
                return f"“{self.what}”在{self.found}，表样在{self.expected}"


class ColumnSpan(NamedTuple):
    """A located column: the cell of a row is `left`; the columns up to `right` are merged with it."""

    left: int
    right: int

    @property
    def columns(self) -> range:
        """The columns of the sheet that it takes."""
        return range(self.left, self.right + 1)


def summed_up(drift: list[Drift]) -> list[Drift]:
    """Neighbouring rows that moved by as much, told once: 第7行至第38行 are now 第8行至第39行."""
    result: list[Drift] = []
    run: list[Drift] = []
    for item in [*drift, None]:
        if item is not None and item.kind == "行" and (not run or item.shift == run[0].shift):
            run.append(item)
            continue
        if len(run) > 2:
            what = f"{run[0].what}”至“{run[-1].what}"
            expected, found = (
                f"{a}至{b}" for a, b in ((run[0][2], run[-1][2]), (run[0][3], run[-1][3]))
            )
            result.append(Drift("行", what, expected, found, run[0].shift))
        else:
            result += run
        run = []
        if item is not None:
            (run if item.kind == "行" else result).append(item)
    return result


@dataclass(slots=True)
class LocatedList:
    """A list block in a sheet. `rows` are all rows between its first and last, blank ones included."""

    block: ListBlock
    columns: dict[str, ColumnSpan]
    rows: list[int]
    total: int | None

    def ref(self, row: int, column: str) -> str:
        """The address of a cell of the list."""
        return make_ref(row, self.columns[column].left)

    @property
    def taken(self) -> set[int]:
        """The columns of the sheet that it takes."""
        return {column for spot in self.columns.values() for column in spot.columns}


@dataclass(slots=True)
class Located:
    """Where everything bound by `mapping` stands in `sheet`.

    With `problems`, something could not be located without doubt and the rest is not to be relied on.
    """

    mapping: TableMapping
    sheet: Sheet
    fields: dict[Path, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    lists: dict[str, LocatedList] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each `codes` block: code -> address of its amount."""
    labels: dict[str, str] = field(default_factory=dict)
    """Addresses of texts that belong to the form (titles, headers, labels), with what they are."""
    columns: dict[int, int] = field(default_factory=dict)
    """Columns that were found by their heads: the edition's, and where it is here."""
    growth: list[tuple[int, int]] = field(default_factory=list)
    """For each list: the last row it has in the template, and how many rows more it has here."""
    unbound: tuple[str, ...] | None = None
    """Cells between bound ones that no field reads, where they are known beforehand."""
    drift: list[Drift] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add_list(
        self, block: ListBlock, columns: dict[str, ColumnSpan], rows: list[int], total: int | None
    ) -> None:
        """Enter a located list and the fields of its total row."""
        found = self.lists[block.name] = LocatedList(block, columns, rows, total)
        if total is not None:
            for at in block.fields:
                self.fields[at.path] = found.ref(total, at.column)

    def problem(self, message: str, hint: str = "") -> None:
        """Note that something could not be located."""
        where = f"工作表“{self.sheet.name}”（{self.mapping.table}）"
        table = self.mapping.table
        self.problems.append(Problem(where, message, hint, code="not-located", table=table))

    def moved(self, row: int) -> int:
        """Where a row of the template is expected in this sheet, with lists above that grew or shrank."""
        return moved(self.growth, row)

    @property
    def as_planned(self) -> bool:
        """Every anchor stands where the edition has it, in the form's words."""
        return self.unbound is not None

    def take(self, planned: Plan) -> None:
        """Take every field, head and label from where the plan has it."""
        self.labels.update(planned.labels)
        self.fields.update(planned.fields)
        self.heads.update(planned.heads)
        for name, places in planned.codes.items():
            self.codes[name] = dict(places)
        self.unbound = planned.unbound


def as_text(value: Value) -> str | None:
    """What a cell shows as text (numbers as digits), or None when it is blank."""
    if isinstance(value, str):
        return visible(value) or None
    return None if value is None else str(value)


def text_at(sheet: Sheet, row: int, column: int) -> str | None:
    """The text of a cell (numbers as digits), or None when it is blank."""
    return as_text(sheet.value(make_ref(row, column)))


def spot(column: Column) -> ColumnSpan:
    """A column where the edition expects it."""
    return ColumnSpan(column.left, column.right)
