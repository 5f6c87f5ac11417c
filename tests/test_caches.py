"""What the modules remember: all of it is known, bounded, and can be forgotten."""

from __future__ import annotations

import ast
from pathlib import Path

import xltool
from xltool.core.caches import clear_all, inventory

HOUSE = Path(xltool.__file__).parent
ROOT = HOUSE.parent


def test_no_module_remembers_in_a_way_of_its_own() -> None:
    own = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path in HOUSE.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        for mark in node.decorator_list
        if "cache" in ast.unparse(mark)
    ]
    assert own == []


def test_everything_can_be_forgotten() -> None:
    book = ROOT / "samples" / "sgb-2024.xlsx"
    first = xltool.validate(book).to_dict()
    kept = {cache.name: cache.entries() for cache in inventory()}
    assert sum(1 for entries in kept.values() if entries) > 20
    assert [c.name for c in inventory() if c.entries() > c.size] == []
    clear_all()
    assert [c.name for c in inventory() if c.entries()] == []
    assert xltool.validate(book).to_dict() == first


def test_the_docs_name_every_room_that_remembers() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("## 记住的东西", 1)[1]
    rooms = {"/".join(cache.name.split(".")[1:-1]) for cache in inventory()}
    names = {r if (HOUSE / r).is_dir() else r.rpartition("/")[0] for r in rooms}
    assert [name for name in sorted(names) if f"`{name}/`" not in table] == []
