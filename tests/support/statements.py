"""The statement 本表无数据 for documents made by tests: of every table that has no data and can say so."""

from __future__ import annotations

from typing import Any

from xltool.editions import EditionLike, find_edition


def stated(raw: dict[str, Any], edition: EditionLike | None = None) -> dict[str, Any]:
    """The document with `无数据` for all tables that it leaves out."""
    found = find_edition(edition or raw["版本"])
    empty = [
        name
        for name, mapping in found.tables.items()
        if mapping.empty is not None and not raw["表"].get(name)
    ]
    return {**raw, "无数据": empty} if empty else raw
