"""Imports point one way: a room uses rooms below it, never one above (docs/architecture.md)."""

from __future__ import annotations

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import xltool

HOUSE = Path(xltool.__file__).parent
ROOT = Path(__file__).resolve().parent.parent
FLOORS: tuple[tuple[str, ...], ...] = (
    ("core",),
    ("ooxml",),
    ("mapping",),
    ("editions",),
    ("documents",),
    ("reading", "rules"),
    ("filling",),
    ("checks",),
    ("livechecks",),
    ("reporting",),
    ("batch", "entry", "forms", "narrative"),
    ("sums", "review", "watch"),
    ("season",),
    ("addin", "web"),
    ("wps",),
    ("api", "cli"),
    ("desktop",),
)
"""From the cellar to the roof. Rooms of one floor do not use each other."""
HEIGHT = {room: number for number, floor in enumerate(FLOORS) for room in floor}


@cache
def tree_of(path: Path) -> ast.Module:
    """A file as it is parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports() -> Iterator[tuple[Path, str, str]]:
    """(file, its room, the room that it imports) of every import of the project's own."""
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        if parts[0] in ("__init__", "__main__", "_data", "py.typed"):
            continue
        for node in ast.walk(tree_of(path)):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )  # fmt: skip
            for name in names:
                if name.startswith("xltool."):
                    yield path, parts[0], name.split(".")[1]


def test_every_room_has_its_floor() -> None:
    rooms = {p.stem for p in HOUSE.glob("*.py")} | {p.name for p in HOUSE.iterdir() if p.is_dir()}
    assert rooms - {"__init__", "__main__", "__pycache__", "_data"} == set(HEIGHT)


def test_imports_point_down() -> None:
    wrong = [
        f"{path.relative_to(HOUSE)}: {room} -> {used}"
        for path, room, used in imports()
        if room != used and HEIGHT[used] >= HEIGHT[room]
    ]
    assert wrong == []


def name_of(path: Path) -> str:
    """The module of a file."""
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_module_is_needed_by_one_that_it_needs() -> None:
    """Nor where the import waits until it is wanted, or is for types only."""
    trees = {name_of(p): tree_of(p) for p in HOUSE.rglob("*.py")}
    needed: dict[str, set[str]] = {name: set() for name in trees}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                needed[name] |= {alias.name for alias in node.names} & trees.keys()
            elif isinstance(node, ast.ImportFrom) and node.module in trees:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                needed[name] |= inner & trees.keys() or {node.module}
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_one_name_is_one_class() -> None:
    classes = Counter(
        node.name
        for path in HOUSE.rglob("*.py")
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, times in classes.items() if times > 1] == []


def test_start_up_imports_nothing_heavy() -> None:
    heavy = {"pandas", "pyarrow", "duckdb", "distributed", "xlwings", "starlette", "uvicorn"}
    top = {
        (path.relative_to(HOUSE).as_posix(), name.split(".")[0])
        for path in HOUSE.rglob("*.py")
        for node in tree_of(path).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    # the rooms that are only entered with their extra may import it
    allowed = ("batch/", "addin/", "web/", "sums/", "review/", "season/")
    assert [pair for pair in top if pair[1] in heavy and not pair[0].startswith(allowed)] == []


_OOXML_FLOORS = {"package": 0, "read": 1, "edit": 2, "calc": 2}


def test_the_parts_of_ooxml_use_those_below_them() -> None:
    wrong = []
    for path in sorted((HOUSE / "ooxml").rglob("*.py")):
        own = path.relative_to(HOUSE / "ooxml").parts[0]
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.ImportFrom) or own not in _OOXML_FLOORS:
                continue
            used = (node.module or "").removeprefix("xltool.ooxml.").split(".")[0]
            if used != own and _OOXML_FLOORS.get(used, -1) >= _OOXML_FLOORS[own]:
                wrong.append(f"{path.name} uses {node.module}")
    assert not wrong


def test_what_benchmarks_and_tools_import_is_there() -> None:
    """Nothing else runs most of them."""
    missing = []
    for path in sorted(
        path for folder in ("benchmarks", "tools") for path in (ROOT / folder).rglob("*.py")
    ):
        for node in ast.walk(tree_of(path)):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.partition(".")[0] not in ("xltool", "tests", "benchmarks"):
                continue
            there = vars(importlib.import_module(module))
            missing += [
                f"{path.name}: {module}.{name.name}"
                for name in node.names
                if name.name not in there and find_spec(f"{module}.{name.name}") is None
            ]
    assert missing == []
