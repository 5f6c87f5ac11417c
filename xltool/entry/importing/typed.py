"""Figures that a clerk types beside the files (--set, --table): put into the document, told, never without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from xltool.core.model import CODE, NAME
from xltool.core.problems import InputError, Problem
from xltool.editions import Edition
from xltool.entry.addresses import Setting, parse_setting


class TypedFigure(NamedTuple):
    """One figure: its place in words, as those of imported figures; what the files say there, if anything."""

    words: str
    value: Any
    before: Any = None


def put_typed(
    raw: dict[str, Any],
    edition: Edition,
    settings: Iterable[str],
    names: Mapping[str, str],
    problems: list[Problem],
) -> list[TypedFigure]:
    """Put figures into the document: 收入决算表.明细[2010101].其他收入=5. `names`: what the files call codes."""
    found = []
    for text in settings:
        try:
            setting = parse_setting(text, edition, lambda _: raw["金额单位"] or None)
        except InputError as error:
            problems += error.problems
            continue
        place = _place(raw["表"].setdefault(setting.table, {}), setting, edition, names)
        for step in setting.path[:-1]:
            place = place.setdefault(step, {})
        before = place.get(setting.path[-1])
        place[setting.path[-1]] = setting.value
        steps = (setting.key, *setting.path) if setting.list else setting.path
        found.append(TypedFigure(f"{setting.table} {'·'.join(steps)}", setting.value, before))
    return found


def _place(
    table: dict[str, Any], setting: Setting, edition: Edition, names: Mapping[str, str]
) -> dict[str, Any]:
    """The row or the table that a setting is about; a code that no code list knows is called what the files call it."""
    if not setting.list:
        return table
    rows: list[dict[str, Any]] = table.setdefault(setting.list, [])
    row = next((row for row in rows if row[CODE] == setting.key), None)
    if row is None:
        row = {CODE: setting.key}
        codes = edition.specs[setting.table].lists[setting.list].codes
        if codes is not None and codes.name(setting.key) is None and setting.key in names:
            row[NAME] = names[setting.key]
        rows.append(row)
    return row
