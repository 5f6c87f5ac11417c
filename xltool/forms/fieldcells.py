"""The bound cells of a blank form, as rules call them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.core.model import CODE, NUMERIC, Row
from xltool.core.places import FieldPlace, Place, RowPlace
from xltool.mapping.located import Located
from xltool.rules.load import RuleSet

AMOUNT = "金额"
"""The only column of a fixed list of codes."""
_CODES = ("201", "20103", "2010301")
"""A list's rows while it is seen what the official rules say of a row; the last is the one that is looked at."""
_NAME = re.compile(r"[^\s.,:()\[\]{}+\-*/=<>≤≥≠×÷\"$\d%][^\s.,:()\[\]{}+\-*/=<>≤≥≠×÷\"$%]*")


class FieldCell(NamedTuple):
    """A bound cell: what rules call it in `each`, and where its value stands in a report. `row`: it is in a list."""

    table: str
    text: str
    place: Place
    each: Mapping[str, str]
    row: int = 0


def short_names(rules: RuleSet, tables: Sequence[str]) -> dict[str, str]:
    """What rules call these tables: a short name that means no other table, else the table's own name."""
    names = {n[0]: short for short, n in rules.scope.aliases.items() if len(n) == 1}
    names |= {table: short for short, table in rules.tables.items() if table not in names}
    return {table: names.get(table, table) for table in tables}


def cells_of(table: str, at: Located, short: str) -> Iterator[tuple[str, FieldCell]]:
    """The bound cells of a blank form that hold figures, by their addresses; of a list those of its first row."""
    spec, each = at.mapping.spec, {"表": f"tables({short})"} if at.mapping.many else {}
    head = "$表" if each else short
    for path, ref in at.fields.items():
        if spec.fields[path].kind in NUMERIC and all(map(piece, path)):
            yield (
                ref,
                FieldCell(
                    table, ".".join((head, *map(piece, path))), FieldPlace(table, 0, path), each
                ),
            )
    for name, codes in at.codes.items():
        for n, (code, ref) in enumerate(codes.items()):
            place = RowPlace(table, 0, name, n, AMOUNT)
            yield ref, FieldCell(table, f"{head}.{name}[{code}].{AMOUNT}", place, each)
    for name, found in at.lists.items():
        coded, inner = found.block.codes is not None, {**each, "行": f"rows({head}.{name})"}
        figures = [
            c.name for c in found.block.columns if c.kind in NUMERIC and c.name in found.columns
        ]
        for row in found.rows[:1]:
            for column in filter(piece, figures):
                place = RowPlace(table, 0, name, len(sample_rows(coded, ())) - 1, column)
                yield (
                    found.ref(row, column),
                    FieldCell(table, f"$行.{piece(column)}", place, inner, row),
                )


def piece(name: str) -> str:
    """A name as a step of a path; "" where rules cannot write it."""
    if _NAME.fullmatch(name):
        return name
    return f"{{{name}}}" if re.fullmatch(r"[^\s{}$]+", name) else ""


def sample_rows(coded: bool, columns: Sequence[str]) -> list[Row]:
    figures: Row = dict.fromkeys(columns, Decimal(1))
    return [{CODE: code, **figures} for code in _CODES] if coded else [figures]
