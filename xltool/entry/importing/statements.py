"""Tables of which an import says 本表无数据: those that can say so and of which the source shows nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xltool.editions import Edition
from xltool.entry.importing.collected import Target
from xltool.entry.importing.vocabulary import ImportWords
from xltool.rules.load import load_rules


def without_data(
    edition: Edition, words: ImportWords, targets: Collection[Target]
) -> Iterator[str]:
    """The tables (full names). `targets`: everything that was imported."""
    rules = load_rules(edition)
    given = {".".join(target) for target in targets}
    codes = {part for target in targets for part in target[1:2] if part.isdigit()}
    for short, signs in words.no_data.items():
        table = rules.tables.get(short)
        if table is None or edition.tables[table].empty is None:
            continue
        heads = [
            *signs.get("codes", ()),
            *(c for s in signs.get("sets", ()) for c in rules.scope.sets[s]),
        ]
        shown = any(target[0] == short for target in targets) or given & set(
            signs.get("fields", ())
        )
        if not shown and not any(code.startswith(tuple(heads)) for code in codes if heads):
            yield table
