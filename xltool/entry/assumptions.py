"""What may be taken for granted when figures are derived: listed in mappings/rules/assumptions.yaml, off by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xltool.core.caches import remembered
from xltool.core.problems import Problem, raise_if
from xltool.core.resources import MAPPINGS
from xltool.core.schemas import schema_problems
from xltool.core.texts import did_you_mean
from xltool.mapping.files import read_yaml

FILE = MAPPINGS / "rules" / "assumptions.yaml"
SCHEMA = MAPPINGS / "rules" / "assumptions.schema.json"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption: fields that are zero unless given, and equations that hold."""

    name: str
    words: str
    needs: tuple[str, ...]
    zero: tuple[str, ...]
    rules: Mapping[str, Any]
    typed: tuple[str, ...]
    """Lists (short name and name) whose rows are complete once they have a figure."""
    filled: tuple[str, ...]
    """Lists whose blanks are zero only where the list has a figure that was given."""
    places: Mapping[str, tuple[str, ...]]
    """Codes of rows that may get a figure, by the short name of their table."""


@remembered(1)
def assumptions() -> dict[str, Assumption]:
    """Every assumption by its name."""
    raw = read_yaml(FILE)
    raise_if(schema_problems(raw, SCHEMA, FILE.name))
    return {
        name: Assumption(
            name,
            entry["name"],
            tuple(entry.get("needs", ())),
            tuple(entry.get("zero", ())),
            entry.get("rules", {}),
            tuple(entry.get("typed", ())),
            tuple(entry.get("filled", ())),
            {table: tuple(codes) for table, codes in entry.get("places", {}).items()},
        )
        for name, entry in raw["assumptions"].items()
    }


def chosen(names: Iterable[str]) -> list[Assumption]:
    """The assumptions of these names and those that they need, in the order of the file. Raises `InputError`."""
    known = assumptions()
    wanted: set[str] = set()
    open_ = list(names)
    problems = []
    while open_:
        name = open_.pop()
        if name not in known:
            problems.append(
                Problem(name, "没有这个前提", did_you_mean(name, known), code="unknown-name")
            )
        elif name not in wanted:
            wanted.add(name)
            open_ += known[name].needs
    raise_if(problems)
    return [entry for name, entry in known.items() if name in wanted]
